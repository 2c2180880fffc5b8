#include <stdlib.h>
#include <string.h>

#include "dhrledger/ini.h"

/* Where the old id stands in the bytes. */
struct spots {
    size_t *at;
    size_t count;
    size_t capacity;
};

static void add_label(struct spots *spots, const struct dhr_ini *ini,
                      const struct dhr_ini_section *section)
{
    *DHR_PUSH(spots->at, spots->count, spots->capacity) =
        (size_t)(section->agency.ptr - ini->bytes.ptr);
}

/* An id has no spaces, so it stands on one of the value's lines, whole and before all else. */
static void add_value(struct spots *spots, const struct dhr_ini *ini,
                      const struct dhr_ini_entry *entry, struct dhr_str id)
{
    for (size_t i = entry->first_line; i <= entry->last_line; i++) {
        const struct dhr_ini_line *line = &ini->lines[i];
        if (line->kind != DHR_LINE_KEY && line->kind != DHR_LINE_MORE)
            continue;
        const char *value = ini->bytes.ptr + line->value;
        const char *found = line->value_len ? memmem(value, line->value_len, id.ptr, id.len) : NULL;
        if (!found)
            continue;
        *DHR_PUSH(spots->at, spots->count, spots->capacity) = (size_t)(found - ini->bytes.ptr);
        return;
    }
}

static int by_place(const void *a, const void *b)
{
    const size_t *x = a;
    const size_t *y = b;
    return (*x > *y) - (*x < *y);
}

static void find_spots(struct spots *spots, const struct dhr_ini *ini, struct dhr_ref from)
{
    struct dhr_arena scratch = {0};
    for (size_t i = 0; i < ini->section_count; i++) {
        if (ini->sections[i].def && dhr_label_refers(ini->sections[i].agency, from))
            add_label(spots, ini, &ini->sections[i]);
    }
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct dhr_ini_entry *entry = &ini->entries[i];
        if (entry->key && dhr_refers(entry->key, dhr_ini_value(ini, entry, &scratch), from))
            add_value(spots, ini, entry, from.id);
    }
    dhr_arena_release(&scratch);
    if (spots->count)
        qsort(spots->at, spots->count, sizeof(*spots->at), by_place);
}

size_t dhr_ini_rename(const struct dhr_ini *ini, struct dhr_ref from, struct dhr_str to,
                      struct dhr_buf *out)
{
    struct spots spots = {0};
    size_t done = 0;
    dhr_buf_clear(out);
    find_spots(&spots, ini, from);
    for (size_t i = 0; i < spots.count; i++) {
        dhr_buf_add(out, ini->bytes.ptr + done, spots.at[i] - done);
        dhr_buf_add_str(out, to);
        done = spots.at[i] + from.id.len;
    }
    dhr_buf_add(out, ini->bytes.ptr + done, ini->bytes.len - done);
    free(spots.at);
    return spots.count;
}
