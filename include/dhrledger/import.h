/*
 * Turning a library page into records.
 *
 *     struct dhr_import import = {0};
 *     dhr_import_page(&import, &page, &ledger, &arena, &err);
 *     … import.files, import.notes …
 *     dhr_import_write(&import, root, &err);
 *     dhr_import_release(&import);
 *
 * Words are taken over as they are, and nothing is made up: no status beyond
 * "open", no lead, no date. An addressee is fitted to an agency by name or
 * alias; others become new agencies, of the kind their words tell (kinds.h).
 */
#ifndef DHRLEDGER_IMPORT_H
#define DHRLEDGER_IMPORT_H

#include "dhrledger/ledger.h"
#include "dhrledger/page.h"

struct dhr_import_file {
    const char *path; /* from the ledger's root */
    struct dhr_str bytes;
};

struct dhr_import {
    struct dhr_str review; /* the new review's id */
    size_t recommendations;
    size_t new_agencies;
    size_t known_agencies;
    struct dhr_import_file *files; /* agencies first, then the review */
    size_t file_count, file_capacity;
    const char **notes; /* sentences for the user: near-twins, unknown kinds, counts */
    size_t note_count, note_capacity;
};

/*
 * Plan the records. Everything lives in the arena. DHR_FOUND where the page has
 * no partnership, no rows, or a review that the ledger already has.
 */
int dhr_import_page(struct dhr_import *import, const struct dhr_page *page,
                    const struct dhr_ledger *ledger, struct dhr_arena *arena, struct dhr_err *err);

/*
 * Write the files: agencies one by one, then the review's folder whole, by
 * renaming. Never replaces a file (DHR_CONFLICT).
 */
int dhr_import_write(const struct dhr_import *import, const char *root, struct dhr_err *err);

void dhr_import_release(struct dhr_import *import);

#endif
