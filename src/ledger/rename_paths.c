#include <stdlib.h>
#include <string.h>

#include "rename_internal.h"

void dhr_paths_add(struct dhr_paths *paths, const char *path)
{
    *DHR_PUSH(paths->items, paths->count, paths->capacity) = path;
}

static int by_path(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;
    return dhr_natural_cmp(dhr_str_of(*x), dhr_str_of(*y));
}

void dhr_paths_sort(struct dhr_paths *paths)
{
    size_t kept = 0;
    if (paths->count)
        qsort(paths->items, paths->count, sizeof(*paths->items), by_path);
    for (size_t i = 0; i < paths->count; i++) {
        if (i == 0 || strcmp(paths->items[i], paths->items[kept - 1]) != 0)
            paths->items[kept++] = paths->items[i];
    }
    paths->count = kept;
}

bool dhr_paths_has(const struct dhr_paths *sorted, const char *path)
{
    return sorted->count &&
           bsearch(&path, sorted->items, sorted->count, sizeof(*sorted->items), by_path);
}

void dhr_paths_release(struct dhr_paths *paths)
{
    free(paths->items);
    *paths = (struct dhr_paths){0};
}

static void add_referring(struct dhr_paths *paths, const struct dhr_records *records,
                          struct dhr_ref to)
{
    for (size_t i = 0; i < records->count; i++) {
        if (dhr_record_refers(records->items[i], to))
            dhr_paths_add(paths, records->items[i]->path);
    }
}

void dhr_paths_referring(struct dhr_paths *paths, const struct dhr_rename *plan, struct dhr_ref to)
{
    for (size_t i = 0; i < DHR_RENAME_STATES && plan->ledgers[i]; i++) {
        const struct dhr_ledger *ledger = plan->ledgers[i];
        add_referring(paths, &ledger->agencies, to);
        add_referring(paths, &ledger->reviews, to);
        add_referring(paths, &ledger->recommendations, to);
        if (ledger->settings && dhr_record_refers(ledger->settings, to))
            dhr_paths_add(paths, ledger->settings->path);
    }
}

const char *dhr_rename_place(const struct dhr_rename *plan, enum dhr_record_kind kind,
                             struct dhr_str id)
{
    if (kind == DHR_RECORD_REVIEW)
        return dhr_arena_printf(plan->arena, "reviews/%.*s/", DHR_ARG(id));
    return dhr_arena_printf(plan->arena, "%s/%.*s.ini",
                            kind == DHR_RECORD_AGENCY ? "agencies" : "reviews", DHR_ARG(id));
}

void dhr_paths_at(struct dhr_paths *paths, const struct dhr_rename *plan, const char *place)
{
    size_t len = strlen(place);
    bool folder = place[len - 1] == '/';
    for (size_t i = 0; i < DHR_RENAME_STATES && plan->ledgers[i]; i++) {
        const struct dhr_ledger *ledger = plan->ledgers[i];
        for (size_t e = 0; e < ledger->entry_count; e++) {
            const char *path = ledger->entries[e].path;
            if (folder ? strncmp(path, place, len) == 0 : strcmp(path, place) == 0)
                dhr_paths_add(paths, path);
        }
    }
}

void dhr_rename_add(struct dhr_rename *plan, enum dhr_change_kind kind, const char *path,
                    struct dhr_str bytes)
{
    *DHR_PUSH(plan->changes, plan->count, plan->capacity) =
        (struct dhr_change){.path = path, .bytes = bytes, .kind = kind};
}

void dhr_rename_release(struct dhr_rename *plan)
{
    free(plan->changes);
    dhr_findings_release(&plan->findings);
    dhr_buf_release(&plan->subject);
    dhr_buf_release(&plan->trailers);
}
