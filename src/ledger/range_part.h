/*
 * Which entries of two states have to be read for what differs between them: what was
 * touched; where a record came or went, the whole review; where an agency was touched, all.
 */
#ifndef LEDGER_RANGE_PART_H
#define LEDGER_RANGE_PART_H

#include "dhrledger/changes.h"
#include "dhrledger/map.h"

struct range_part {
    struct dhr_entry *before, *after; /* owned; their paths are in the arena */
    size_t before_count, before_capacity;
    size_t after_count, after_capacity;
    struct dhr_map touched; /* paths */
    struct dhr_map whole;   /* folders that are read whole */
};

int range_part_of(struct range_part *part, struct dhr_source *before, struct dhr_source *after,
                  const struct dhr_touched *touched, size_t count, struct dhr_arena *arena,
                  struct dhr_err *err);

/* Whether the path was touched, or is in a folder whose records are judged together. */
bool range_part_concerns(const struct range_part *part, const char *path);

void range_part_release(struct range_part *part);

#endif
