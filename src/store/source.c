#include "dhrledger/source.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

/* What a ledger has in its root. Folders of records stand in `reviews`; agencies is one itself. */
static const char agencies[] = "agencies";
static const char reviews[] = "reviews";

struct dhr_entry *dhr_store_add_entry(struct dhr_entry_list *list, const struct dhr_entry *folder,
                                      const char *name, enum dhr_entry_kind kind)
{
    size_t folder_len = folder ? strlen(folder->path) + 1 : 0;
    size_t name_len = strlen(name);
    char *path = dhr_arena_alloc(list->arena, folder_len + name_len + 1);
    if (folder) {
        memcpy(path, folder->path, folder_len - 1);
        path[folder_len - 1] = '/';
    }
    memcpy(path + folder_len, name, name_len + 1);
    struct dhr_entry *entry = DHR_PUSH(list->items, list->count, list->capacity);
    *entry = (struct dhr_entry){.path = path, .kind = kind};
    return entry;
}

static int by_path(const void *a, const void *b)
{
    const struct dhr_entry *x = a;
    const struct dhr_entry *y = b;
    return strcmp(x->path, y->path);
}

/* The list sorted, in the arena. */
static void finish(struct dhr_entry_list *list, struct dhr_entries *entries)
{
    size_t size_bytes = list->count * sizeof(*list->items);
    if (list->count)
        qsort(list->items, list->count, sizeof(*list->items), by_path);
    entries->items = dhr_arena_alloc(list->arena, size_bytes + 1);
    entries->count = list->count;
    if (list->count)
        memcpy(entries->items, list->items, size_bytes);
    free(list->items);
}

int dhr_reader_list_top(struct dhr_reader *reader, struct dhr_arena *arena, struct dhr_entries *top,
                        struct dhr_err *err)
{
    const struct dhr_source_kind *kind = reader->kind;
    struct dhr_entry_list list = {.arena = arena};
    int rc = kind->find(reader, DHR_SETTINGS_FILE, &list, err);
    if (rc == 0)
        rc = kind->find(reader, agencies, &list, err);
    if (rc == 0)
        rc = kind->find(reader, reviews, &list, err);
    /* A copy, since the list grows while it is filled. */
    struct dhr_entry last = {0};
    if (list.count)
        last = list.items[list.count - 1];
    if (rc == 0 && last.path && strcmp(last.path, reviews) == 0 && last.kind == DHR_ENTRY_FOLDER)
        rc = kind->list(reader, &last, &list, err);
    finish(&list, top);
    return rc;
}

bool dhr_entry_holds_records(const struct dhr_entry *top_entry)
{
    return top_entry->kind == DHR_ENTRY_FOLDER && strcmp(top_entry->path, reviews) != 0;
}

int dhr_reader_list(struct dhr_reader *reader, const struct dhr_entry *folder,
                    struct dhr_arena *arena, struct dhr_entries *within, struct dhr_err *err)
{
    struct dhr_entry_list list = {.arena = arena};
    int rc = reader->kind->list(reader, folder, &list, err);
    finish(&list, within);
    return rc;
}

/* A folder of the top, and its contents, which stand together in the whole listing. */
struct part {
    const char *path;
    const struct dhr_entries *within;
};

/* Contents begin with the folder's path and a slash: "a-b/…" stands before "a/…". */
static int by_contents(const void *a, const void *b)
{
    const char *x = ((const struct part *)a)->path;
    const char *y = ((const struct part *)b)->path;
    while (*x && *x == *y) {
        x++;
        y++;
    }
    unsigned char p = (unsigned char)(*x ? *x : '/');
    unsigned char q = (unsigned char)(*y ? *y : '/');
    return (p > q) - (p < q);
}

void dhr_entries_join(const struct dhr_entries *top, const struct dhr_entries *within,
                      struct dhr_arena *arena, struct dhr_entries *all)
{
    struct part *parts = dhr_realloc(NULL, (top->count + 1) * sizeof(*parts));
    size_t part_count = 0;
    size_t count = top->count;
    for (size_t i = 0; i < top->count; i++) {
        if (within[i].count)
            parts[part_count++] = (struct part){top->items[i].path, &within[i]};
        count += within[i].count;
    }
    if (part_count)
        qsort(parts, part_count, sizeof(*parts), by_contents);
    *all = (struct dhr_entries){dhr_arena_alloc(arena, (count + 1) * sizeof(*all->items)), 0};
    size_t next = 0;
    for (size_t i = 0; i < part_count; i++) {
        const struct dhr_entries *contents = parts[i].within;
        while (next < top->count && by_path(&top->items[next], &contents->items[0]) < 0)
            all->items[all->count++] = top->items[next++];
        memcpy(&all->items[all->count], contents->items, contents->count * sizeof(*all->items));
        all->count += contents->count;
    }
    while (next < top->count)
        all->items[all->count++] = top->items[next++];
    free(parts);
}

int dhr_source_list(struct dhr_source *source, struct dhr_arena *arena, struct dhr_entry **entries,
                    size_t *count, struct dhr_err *err)
{
    struct dhr_reader *reader = NULL;
    struct dhr_entries top = {NULL, 0};
    struct dhr_entries all = {NULL, 0};
    struct dhr_entries *within = NULL;
    int rc = dhr_reader_open(&reader, source, err);
    if (rc == 0)
        rc = dhr_reader_list_top(reader, arena, &top, err);
    if (rc == 0)
        within = dhr_arena_zalloc(arena, (top.count + 1) * sizeof(*within));
    for (size_t i = 0; rc == 0 && i < top.count; i++) {
        if (dhr_entry_holds_records(&top.items[i]))
            rc = dhr_reader_list(reader, &top.items[i], arena, &within[i], err);
    }
    if (rc == 0)
        dhr_entries_join(&top, within, arena, &all);
    *entries = all.items;
    *count = all.count;
    dhr_reader_free(reader);
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
    reader->executable = entry->executable;
    return reader->kind->read(reader, entry, arena, bytes, err);
}

bool dhr_reader_executable(const struct dhr_reader *reader)
{
    return reader->executable;
}

void dhr_source_watch_modes(struct dhr_source *source, struct dhr_repo *repo)
{
    source->watches_modes = dhr_store_tells_modes(repo->git);
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
