/*
 * What changed between two states of a record, field by field. One module for
 * every verb that speaks of changes.
 *
 *     struct dhr_differences d = {0};
 *     dhr_differences_of(&d, before, after, &arena);
 *     for (size_t i = 0; i < d.count; i++) … d.items[i].key->name …
 *     dhr_differences_release(&d);
 *
 * Layout, comments and order are no differences. Texts live in the arena and
 * the records.
 */
#ifndef DHRLEDGER_DIFFERENCE_H
#define DHRLEDGER_DIFFERENCE_H

#include "dhrledger/mem.h"
#include "dhrledger/record.h"

struct dhr_difference {
    const struct dhr_key *key;
    struct dhr_str agency; /* of the section; empty where it has none */
    unsigned action;
    struct dhr_str before; /* items of a list joined by LF; empty where unset */
    struct dhr_str after;
};

struct dhr_differences {
    struct dhr_difference *items;
    size_t count;
    size_t capacity;
};

/* Append the differences. Either record may be NULL: it is new, or it is gone. */
void dhr_differences_of(struct dhr_differences *differences, const struct dhr_record *before,
                        const struct dhr_record *after, struct dhr_arena *arena);

/* "status open -> in-progress", "due 2027-03-31", "action changed", "note added" */
void dhr_difference_add_short(struct dhr_buf *out, const struct dhr_difference *difference);

void dhr_differences_release(struct dhr_differences *differences);

#endif
