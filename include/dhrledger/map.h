/*
 * A hash map from strings to numbers, such as places in an array.
 *
 *     struct dhr_map map = {0};
 *     dhr_map_add(&map, dhr_str_of("durham-2012"), 7);
 *     size_t place;
 *     if (dhr_map_find(&map, dhr_str_of("durham-2012"), &place))
 *         …
 *     dhr_map_release(&map);
 *
 * Keys are borrowed and must outlive the map. Nothing is ever taken out.
 */
#ifndef DHRLEDGER_MAP_H
#define DHRLEDGER_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/str.h"

struct dhr_map_slot {
    struct dhr_str key;
    size_t value;
    bool used;
};

struct dhr_map {
    struct dhr_map_slot *slots; /* a power of two, at most two thirds of them used */
    size_t count, capacity;
};

/* False where the key is there already; it keeps its value then. */
bool dhr_map_add(struct dhr_map *map, struct dhr_str key, size_t value);

/* The value of a key, which may be changed until the next dhr_map_add; NULL where there is none. */
size_t *dhr_map_at(const struct dhr_map *map, struct dhr_str key);

/* Whether the key is there; its value, if so, in *value (which may be NULL). */
bool dhr_map_find(const struct dhr_map *map, struct dhr_str key, size_t *value);

void dhr_map_release(struct dhr_map *map);

#endif
