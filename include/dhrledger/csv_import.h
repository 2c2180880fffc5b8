/*
 * Turning a CSV into changes of records: the ledger's own `list -O csv`, filled in
 * in a spreadsheet, or an action plan that somebody else keeps.
 *
 *     struct dhr_csv_import import = {0};
 *     dhr_import_csv(&import, &csv, &options, &arena, &err);
 *     … import.plans, import.problems, import.notes …
 *     dhr_csv_import_release(&import);
 *
 * Nothing is overwritten that the file can't know of. The ledger's own CSV says in
 * its column "Ledger revision" what it was made from, so each cell is compared
 * three ways: with that commit, and with the ledger as it is. Of a foreign plan no
 * such thing is known, so it fills in only what nobody has recorded yet.
 *
 * What a spreadsheet does to a cell by itself (31/03/2027 for 2027-03-31, white
 * space, "?" for what Windows-1252 lacks) is no change. Whatever can't be placed is
 * a problem, with its line; nothing is guessed.
 *
 * With options.new_records a row that matches nothing becomes a new recommendation,
 * with its review and agencies where the ledger has none: first as it is printed,
 * and then its cells are filled in as those of any other. A row that says with other
 * numbers what the review says already is a problem.
 */
#ifndef DHRLEDGER_CSV_IMPORT_H
#define DHRLEDGER_CSV_IMPORT_H

#include "dhrledger/change.h"
#include "dhrledger/csv_read.h"
#include "dhrledger/ledger.h"
#include "dhrledger/repo.h"

/* The bytes of a record that is to change, as they are now. */
typedef int (*dhr_csv_read_fn)(void *user, const char *path, struct dhr_arena *arena,
                               struct dhr_str *bytes, struct dhr_err *err);

struct dhr_csv_options {
    const char *name; /* of the file, for sentences */
    const struct dhr_ledger *ledger;
    struct dhr_repo *repo;   /* NULL outside any repository */
    const char *prefix;      /* the ledger's root inside the repository */
    const char *base;        /* the revision of rows that name none, or NULL */
    struct dhr_str review;   /* of a foreign plan; empty: its rows have ids */
    const char *const *maps; /* "Heading=key" */
    size_t map_count;
    bool new_records; /* rows that match no recommendation become new ones */
    dhr_day today;    /* the date of a note without one, in the ledger's own CSV */
    dhr_csv_read_fn read;
    void *user;
};

/* A sentence about a line of the file, or with line 0 about all of it. */
struct dhr_csv_note {
    uint32_t line;
    uint32_t row; /* as a spreadsheet counts it; 0 where that is the line, too */
    const char *text;
};

/* A record that the ledger doesn't have. */
struct dhr_csv_made {
    enum dhr_record_kind kind;
    struct dhr_str id;
    const char *path; /* from the ledger's root */
    struct dhr_str bytes;
    struct dhr_differences fields; /* of a recommendation: what is not as printed */
};

struct dhr_csv_import {
    struct dhr_plan *plans; /* one for each record that changes */
    size_t plan_count, plan_capacity;
    struct dhr_csv_made *made; /* agencies, reviews, recommendations */
    size_t made_count, made_capacity;
    size_t new_recommendations, new_reviews;
    size_t cells;                  /* that change something */
    struct dhr_csv_note *problems; /* what can't be placed, in the file's order */
    size_t problem_count, problem_capacity;
    struct dhr_csv_note *notes; /* what else there is to know */
    size_t note_count, note_capacity;
};

/*
 * Plan the changes; problems don't stop it. Everything lives in the arena. Fails
 * (DHR_FOUND) where no heading row or no review is found, or a heading stands
 * twice, (DHR_USAGE) for a map that can't be, (DHR_CONFLICT) where a record
 * changed meanwhile, (DHR_UNREADABLE) for a revision that isn't there.
 */
int dhr_import_csv(struct dhr_csv_import *import, const struct dhr_csv *csv,
                   const struct dhr_csv_options *options, struct dhr_arena *arena,
                   struct dhr_err *err);

/* The commit's message: what changes and what is new, the reason, and trailers for both. */
void dhr_csv_import_add_message(struct dhr_buf *out, const struct dhr_csv_import *import,
                                const char *why);

void dhr_csv_import_release(struct dhr_csv_import *import);

#endif
