/*
 * Turning library pages into records: one run takes any number of pages, and what
 * the first makes, agencies and reviews, the second knows.
 *
 *     struct dhr_import import = {0};
 *     dhr_import_begin(&import, &ledger, &arena);
 *     struct dhr_import_result result = {0};
 *     dhr_import_page(&import, &page, NULL, &result, &err);      // once a page
 *     … result.outcome, result.notes, result.changes …
 *     dhr_import_finish(&import);
 *     dhr_import_write(&import, root, &err);    // or import.files, with a commit
 *     dhr_import_release(&import);
 *
 * Words are taken over as they are, and nothing is made up: no status beyond
 * "open", no lead, no date. An addressee is fitted to an agency by name or
 * alias; others become new agencies, of the kind their words tell (kinds.h).
 *
 * Whether the ledger has a page already is told by what is evidence in its records:
 * the partnership, the year of death, when it was published, and each row's number,
 * text and addressees as printed. Whatever has been filled in since doesn't matter,
 * nor does a text that was corrected (text-corrected), or a record that was renamed,
 * merged or split (formerly).
 */
#ifndef DHRLEDGER_PAGE_IMPORT_H
#define DHRLEDGER_PAGE_IMPORT_H

#include "dhrledger/agency_index.h"
#include "dhrledger/ledger.h"
#include "dhrledger/page.h"

struct dhr_import_file {
    const char *path; /* from the ledger's root */
    struct dhr_str bytes;
};

enum dhr_import_outcome {
    DHR_IMPORT_NEW,    /* a new review */
    DHR_IMPORT_SAME,   /* the page of a review that is there: nothing to do */
    DHR_IMPORT_CHANGED /* the same, but rows have changed: nothing is made of it */
};

/* A sentence about a line of the page, or with line 0 about all of it. */
struct dhr_import_line {
    unsigned line;
    const char *text;
};

/* What came of a page. */
struct dhr_import_result {
    enum dhr_import_outcome outcome;
    struct dhr_str review;         /* the new review's id, or that of the one that is there */
    size_t recommendations;        /* new ones */
    size_t first_file, file_count; /* its span of import.files: agencies, rows, the review */
    struct dhr_import_line *changes;
    size_t change_count, change_capacity;
    const char **notes; /* sentences for the user: near-twins, unknown kinds, counts */
    size_t note_count, note_capacity;
};

struct import_work;

struct dhr_import {
    const struct dhr_ledger *ledger;
    struct dhr_arena *arena;
    struct dhr_import_file *files;
    size_t file_count, file_capacity;
    const char *const *reviews; /* the new reviews' ids, once finished */
    size_t review_count;
    size_t recommendations;
    size_t new_agencies;
    struct dhr_str *relied_on; /* agencies of the ledger that the new records refer to */
    size_t relied_count, relied_capacity;
    const char *notes[3]; /* once finished: what was left out of the pages' notes */
    size_t note_count;
    struct import_work *work;
};

/* Ledger and arena must outlive the import; everything below lives in the arena. */
void dhr_import_begin(struct dhr_import *import, const struct dhr_ledger *ledger,
                      struct dhr_arena *arena);

/* The names of agencies known so far: the ledger's, and those that pages have brought. */
const struct dhr_agency_index *dhr_import_agencies(const struct dhr_import *import);

/*
 * Plan the records of one page. With `as` its review gets that id; where the ledger
 * has a review of that id, the page is compared with it and with no other. DHR_FOUND
 * where the page has no partnership or no rows, or isn't of the review that `as`
 * names; DHR_USAGE where `as` can't be an id. The import is as it was before, then.
 * The result must be released in each case.
 */
int dhr_import_page(struct dhr_import *import, const struct dhr_page *page, const char *as,
                    struct dhr_import_result *result, struct dhr_err *err);

void dhr_import_result_release(struct dhr_import_result *result);

/* After the last page: fills in import.reviews and import.notes. */
void dhr_import_finish(struct dhr_import *import);

/*
 * The commit message: "import durham-2012: 46 recommendations, 9 agencies", the reason,
 * and a trailer Ledger-Record for each new review and agency, up to a hundred of them.
 */
void dhr_import_add_message(struct dhr_buf *out, const struct dhr_import *import, const char *why);

/*
 * Write the files, all or none. They are written whole where no reader looks; then
 * each agency and each review's folder is moved to its place, and back again where one
 * can't be. Never replaces a file (DHR_CONFLICT). A process that is killed meanwhile
 * leaves whole reviews, whose agencies are there; the next import makes the others.
 */
int dhr_import_write(const struct dhr_import *import, const char *root, struct dhr_err *err);

void dhr_import_release(struct dhr_import *import);

#endif
