/* What the files that check a range share: two states of a record, and where they go. */
#ifndef LEDGER_CHECK_CHANGE_H
#define LEDGER_CHECK_CHANGE_H

#include "dhrledger/changes.h"
#include "dhrledger/check_range.h"
#include "dhrledger/difference.h"
#include "dhrledger/ledger.h"
#include "range_moves.h"
#include "range_part.h"

struct change_pair {
    const struct dhr_record *before;
    const struct dhr_record *after;
    const struct dhr_guard *guard; /* against personal data; may be NULL */
    struct dhr_arena *arena;
    struct dhr_findings *findings;
};

/* check_change.c: what one record's change must bring along. */
void check_change(const struct change_pair *pair);

/* Whether the list has an item now that it didn't have; either section may be NULL. */
bool change_adds(const struct dhr_section *before, const struct dhr_section *after,
                 enum dhr_key_id key);

/* check_verified.c: who verified what became verified. base_settings may be NULL. */
int check_verified(const struct dhr_range *range, const struct change_pair *pair,
                   const struct dhr_record *base_settings, struct dhr_err *err);

/* What a range holds. */
struct range_changes {
    const struct dhr_range *range;
    const struct dhr_touched *touched;
    size_t touched_count;
    const struct dhr_range_commit *commits; /* newest first; without an id: not made yet */
    size_t commit_count;
    const struct range_moves *moves;
    const struct dhr_ledger *before;
    const struct dhr_ledger *after;
    struct dhr_arena *arena;
    struct dhr_findings *findings;
    struct dhr_findings *accepted; /* by comments */
};

/* range_privacy.c: personal data that the range brings in, for good or for a while. */
int check_range_privacy(const struct range_changes *changes, struct dhr_err *err);

/* check_relaxed.c: settings by which rules count less than they did, or more people speak. */
void check_relaxed(const struct range_moves *moves, const struct dhr_ledger *before,
                   const struct dhr_ledger *after, struct dhr_findings *findings);

/* check_allowed.c: comments that accept findings in what a change touched; they are borrowed. */
struct range_allows {
    struct dhr_findings added;  /* by the change itself */
    struct dhr_findings agreed; /* in the state before */
};

/* Sort the comments of the state after, and report those that weren't there. */
int check_allowed(const struct dhr_range *range, const struct range_part *part,
                  const struct dhr_ledger *before, const struct dhr_ledger *after,
                  struct range_allows *allows, struct dhr_findings *findings, struct dhr_err *err);

/*
 * Sort the comments of a state that a file had on the way. One that came and went with what it
 * accepts is seen by nobody, so it has to be there before the range or after it.
 */
void sort_past_allows(const struct range_changes *changes, const char *path,
                      const struct dhr_findings *read, struct range_allows *allows);

/* Accept personal data that is new; where a comment was agreed for other data, report that. */
void accept_new(const struct range_allows *allows, struct dhr_findings *findings,
                struct dhr_findings *accepted);

void range_allows_release(struct range_allows *allows);

#endif
