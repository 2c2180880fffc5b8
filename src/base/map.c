#include "dhrledger/map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

/* Eight bytes in one go; a number's high bits, which its factor mixes best, are folded down. */
static uint64_t hash(struct dhr_str key)
{
    const uint64_t factor = 0x9E3779B97F4A7C15U;
    uint64_t value = key.len;
    uint64_t eight = 0;
    size_t at = 0;
    for (; at + sizeof(eight) <= key.len; at += sizeof(eight)) {
        memcpy(&eight, key.ptr + at, sizeof(eight));
        value = (value ^ eight) * factor;
        value ^= value >> 32;
    }
    for (eight = 0; at < key.len; at++)
        eight = eight << 8 | (unsigned char)key.ptr[at];
    value = (value ^ eight) * factor;
    return value ^ value >> 32;
}

/* The key's slot, or the free one where it would go. There always is a free one. */
static struct dhr_map_slot *slot_of(const struct dhr_map *map, struct dhr_str key)
{
    size_t mask = map->capacity - 1;
    size_t i = (size_t)hash(key) & mask;
    while (map->slots[i].used && !dhr_str_eq(map->slots[i].key, key))
        i = (i + 1) & mask;
    return &map->slots[i];
}

static void grow(struct dhr_map *map)
{
    struct dhr_map bigger = {.capacity = map->capacity ? 2 * map->capacity : FIRST_CAPACITY,
                             .count = map->count};
    size_t bytes = bigger.capacity * sizeof(*bigger.slots);
    bigger.slots = dhr_realloc(NULL, bytes);
    memset(bigger.slots, 0, bytes);
    for (size_t i = 0; i < map->capacity; i++) {
        if (map->slots[i].used)
            *slot_of(&bigger, map->slots[i].key) = map->slots[i];
    }
    free(map->slots);
    *map = bigger;
}

bool dhr_map_add(struct dhr_map *map, struct dhr_str key, size_t value)
{
    if (3 * (map->count + 1) > 2 * map->capacity)
        grow(map);
    struct dhr_map_slot *slot = slot_of(map, key);
    if (slot->used)
        return false;
    *slot = (struct dhr_map_slot){key, value, true};
    map->count++;
    return true;
}

size_t *dhr_map_at(const struct dhr_map *map, struct dhr_str key)
{
    struct dhr_map_slot *slot = map->capacity ? slot_of(map, key) : NULL;
    return slot && slot->used ? &slot->value : NULL;
}

bool dhr_map_find(const struct dhr_map *map, struct dhr_str key, size_t *value)
{
    const size_t *found = dhr_map_at(map, key);
    if (found && value)
        *value = *found;
    return found != NULL;
}

void dhr_map_release(struct dhr_map *map)
{
    free(map->slots);
    *map = (struct dhr_map){0};
}
