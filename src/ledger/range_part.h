/*
 * Which entries of two states have to be read for what differs between them: what was
 * touched; where a record came or went, the whole review, and those that may be the same one;
 * where an agency was touched, or an addressee is none of those who owe something, all agencies;
 * where a record went, what still refers to it, for which the whole of the newer state is searched.
 */
#ifndef LEDGER_RANGE_PART_H
#define LEDGER_RANGE_PART_H

#include "dhrledger/changes.h"
#include "dhrledger/ledger.h"
#include "dhrledger/map.h"

/* The two states, and what differs between them; all of it is borrowed. */
struct range_states {
    struct dhr_source *before, *after;
    const struct dhr_touched *touched;
    size_t count;
    struct dhr_arena *arena; /* for what is read */
};

struct range_part {
    struct range_states states;
    struct dhr_entry *before, *after; /* owned; their paths are in the arena */
    size_t before_count, before_capacity;
    size_t after_count, after_capacity;
    struct dhr_map touched;  /* paths */
    struct dhr_map whole;    /* folders that are read whole */
    struct dhr_str *folders; /* the same in a list; owned */
    size_t folder_count, folder_capacity;
};

int range_part_of(struct range_part *part, const struct range_states *states, struct dhr_err *err);

/*
 * Once the part is read, add the reviews in which a text or a number changed, which are compared
 * with those beside them, the agencies where addressees did, and what refers to records that are
 * gone; *wider says whether it has to be read again.
 */
int range_part_widen(struct range_part *part, const struct dhr_ledger *was,
                     const struct dhr_ledger *is, bool *wider, struct dhr_err *err);

/* Whether the path was touched, or is in a folder whose records are judged together. */
bool range_part_concerns(const struct range_part *part, const char *path);

void range_part_release(struct range_part *part);

#endif
