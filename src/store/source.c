#include "dhrledger/source.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

const struct dhr_ledger_folder dhr_ledger_folders[DHR_LEDGER_FOLDERS] = {
    {"agencies", 1},
    {"reviews", 2},
};

struct dhr_entry *dhr_store_add_entry(struct dhr_entry_list *list, const char *path,
                                      enum dhr_entry_kind kind)
{
    struct dhr_entry *entry = DHR_PUSH(list->items, list->count, list->capacity);
    memset(entry, 0, sizeof(*entry));
    entry->path = path;
    entry->kind = kind;
    return entry;
}

static int by_path(const void *a, const void *b)
{
    const struct dhr_entry *x = a;
    const struct dhr_entry *y = b;
    return strcmp(x->path, y->path);
}

int dhr_source_list(struct dhr_source *source, struct dhr_arena *arena, struct dhr_entry **entries,
                    size_t *count, struct dhr_err *err)
{
    struct dhr_entry_list list = {.arena = arena};
    int rc = source->kind->list(source, &list, err);
    if (rc == 0) {
        size_t size_bytes = list.count * sizeof(*list.items);
        if (list.count)
            qsort(list.items, list.count, sizeof(*list.items), by_path);
        *entries = dhr_arena_alloc(arena, size_bytes + 1);
        *count = list.count;
        if (list.count)
            memcpy(*entries, list.items, size_bytes);
    }
    free(list.items);
    return rc;
}

/* Names that no listing holds, either hidden or such as no file can have. */
static bool is_listed_name(const char *path)
{
    size_t len = 0;
    for (const char *step = path; step; step = step[len] ? step + len + 1 : NULL) {
        len = strcspn(step, "/");
        if (len == 0 || len > NAME_MAX || step[0] == '.')
            return false;
    }
    return true;
}

bool dhr_source_has(struct dhr_source *source, const char *path)
{
    return (is_listed_name(path) || strcmp(path, DHR_SETTINGS_FILE) == 0) &&
           source->kind->has(source, path);
}

int dhr_reader_open(struct dhr_reader **out, struct dhr_source *source, struct dhr_err *err)
{
    *out = NULL;
    return source->kind->open_reader(out, source, err);
}

int dhr_reader_read(struct dhr_reader *reader, const struct dhr_entry *entry,
                    struct dhr_arena *arena, struct dhr_str *bytes, struct dhr_err *err)
{
    return reader->kind->read(reader, entry, arena, bytes, err);
}

void dhr_reader_free(struct dhr_reader *reader)
{
    if (reader)
        reader->kind->free_reader(reader);
}

void dhr_source_free(struct dhr_source *source)
{
    if (source)
        source->kind->free_source(source);
}
