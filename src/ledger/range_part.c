#include "range_part.h"

#include <stdlib.h>
#include <string.h>

/* The folder of a file that is a record's, or the path itself. */
static struct dhr_str folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? dhr_str_span(path, (size_t)(slash - path)) : dhr_str_of(path);
}

/* Records that come and go change counts and may be doubles; agencies share their names. */
static bool needs_whole(const struct dhr_touched *touched)
{
    struct dhr_str path = dhr_str_of(touched->path);
    return touched->had != touched->has || dhr_str_ends(path, "/review.ini") ||
           dhr_str_starts(path, "agencies/");
}

static void add_side(struct range_part *part, bool after, const struct dhr_entry *entry)
{
    if (after)
        *DHR_PUSH(part->after, part->after_count, part->after_capacity) = *entry;
    else
        *DHR_PUSH(part->before, part->before_count, part->before_capacity) = *entry;
}

/* The folder's own entry, and with `whole` all that it holds. */
static int add_folder(struct range_part *part, bool after, struct dhr_source *source,
                      struct dhr_reader *reader, const char *path, struct dhr_arena *arena,
                      struct dhr_err *err)
{
    struct dhr_entry folder;
    struct dhr_entries within = {NULL, 0};
    if (!dhr_source_entry(source, path, &folder))
        return 0;
    add_side(part, after, &folder);
    if (folder.kind != DHR_ENTRY_FOLDER || strcmp(path, "reviews") == 0 ||
        !dhr_map_find(&part->whole, dhr_str_of(path), NULL))
        return 0;
    if (dhr_reader_list(reader, &folder, arena, &within, err) < 0)
        return -1;
    for (size_t i = 0; i < within.count; i++)
        add_side(part, after, &within.items[i]);
    return 0;
}

static int add_state(struct range_part *part, bool after, struct dhr_source *source,
                     const struct dhr_touched *touched, size_t count, struct dhr_arena *arena,
                     struct dhr_err *err)
{
    struct dhr_reader *reader = NULL;
    struct dhr_map folders = {0};
    struct dhr_entry settings;
    int rc = dhr_reader_open(&reader, source, err);
    if (rc == 0 && dhr_source_entry(source, ".dhrledger.ini", &settings))
        add_side(part, after, &settings);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct dhr_str folder = folder_of(touched[i].path);
        if (after ? touched[i].has : touched[i].had)
            add_side(part, after, after ? &touched[i].after : &touched[i].before);
        if (folder.len < strlen(touched[i].path) && dhr_map_add(&folders, folder, i))
            rc = add_folder(part, after, source, reader, dhr_str_dup(arena, folder), arena, err);
    }
    dhr_map_release(&folders);
    dhr_reader_free(reader);
    return rc;
}

int range_part_of(struct range_part *part, struct dhr_source *before, struct dhr_source *after,
                  const struct dhr_touched *touched, size_t count, struct dhr_arena *arena,
                  struct dhr_err *err)
{
    for (size_t i = 0; i < count; i++) {
        (void)dhr_map_add(&part->touched, dhr_str_of(touched[i].path), i);
        if (needs_whole(&touched[i]))
            (void)dhr_map_add(&part->whole, folder_of(touched[i].path), i);
    }
    if (add_state(part, false, before, touched, count, arena, err) < 0)
        return -1;
    return add_state(part, true, after, touched, count, arena, err);
}

bool range_part_concerns(const struct range_part *part, const char *path)
{
    return dhr_map_find(&part->touched, dhr_str_of(path), NULL) ||
           dhr_map_find(&part->whole, folder_of(path), NULL) ||
           dhr_map_find(&part->whole, dhr_str_of(path), NULL);
}

void range_part_release(struct range_part *part)
{
    free(part->before);
    free(part->after);
    dhr_map_release(&part->touched);
    dhr_map_release(&part->whole);
}
