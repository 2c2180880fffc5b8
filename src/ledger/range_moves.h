/*
 * What became of records over a range: where one is now that is gone from its place, by its
 * formerly or, where that would repeat personal data, by what a commit's message says.
 *
 *     struct range_moves moves = {.before = …, .after = …, .told = …, .told_count = …};
 *     range_moves_read(&moves);
 *     … range_successor(&moves, kind, id), range_origin(&moves, path) …
 *     range_moves_release(&moves);
 */
#ifndef LEDGER_RANGE_MOVES_H
#define LEDGER_RANGE_MOVES_H

#include "dhrledger/changes.h"
#include "dhrledger/ledger.h"

/* Commits, and those of another parent. */
struct range_told {
    const struct dhr_range_commit *commits;
    size_t count;
};

/* "(withheld)-house: renamed to the-house", of a message; both borrow from it. */
struct range_renaming {
    struct dhr_str from, to;
};

struct range_moves {
    struct dhr_source *before;
    const struct dhr_ledger *after;
    const struct dhr_touched *touched;
    size_t touched_count;
    const struct range_told *told;
    size_t told_count;
    struct dhr_arena *arena;          /* for paths */
    struct range_renaming *renamings; /* owned */
    size_t count, capacity;
};

/* All else is filled in, and borrowed. */
void range_moves_read(struct range_moves *moves);

/* The record that was called so before, or NULL; a review takes its recommendations along. */
const struct dhr_record *range_successor(const struct range_moves *moves, enum dhr_record_kind kind,
                                         struct dhr_str id);

/* The path before the range of what came to this path in it, or NULL where it is new. */
const char *range_origin(const struct range_moves *moves, const char *path);

/* Whether a commit of the range says that the record was removed, as "dhrledger rm" does. */
bool range_removed(const struct range_moves *moves, struct dhr_str id);

void range_moves_release(struct range_moves *moves);

#endif
