#include "dhrledger/catalog.h"

#include <string.h>

#include "dhrledger/ident.h"

bool dhr_catalog_has_path(const struct dhr_catalog *catalog, const char *path)
{
    if (catalog->source)
        return dhr_source_has(catalog->source, path);
    size_t low = 0;
    size_t high = catalog->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(catalog->entries[middle].path, path);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static const char *path_of(const struct dhr_catalog *catalog, enum dhr_record_kind kind,
                           struct dhr_str id)
{
    const char *folder = kind == DHR_RECORD_AGENCY ? "agencies" : "reviews";
    const char *file = kind == DHR_RECORD_REVIEW ? "/review" : "";
    return dhr_arena_printf(catalog->arena, "%s/%.*s%s.ini", folder, DHR_ARG(id), file);
}

bool dhr_catalog_has(const void *user, enum dhr_record_kind kind, struct dhr_str id)
{
    const struct dhr_catalog *catalog = user;
    return dhr_catalog_has_path(catalog, path_of(catalog, kind, id));
}

/* The id of a recommendation's entry, or an empty span. */
static struct dhr_str recommendation_at(const struct dhr_catalog *catalog, size_t index)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    bool record = dhr_ident_of_path(dhr_str_of(catalog->entries[index].path), &kind, &id);
    return record && kind == DHR_RECORD_RECOMMENDATION ? id : (struct dhr_str){NULL, 0};
}

/* The catalog with its entries, listing the source where it holds none. */
static int list(const struct dhr_catalog *catalog, struct dhr_catalog *listed, struct dhr_err *err)
{
    struct dhr_entry *entries = NULL;
    size_t count = 0;
    *listed = *catalog;
    if (!catalog->source)
        return 0;
    if (dhr_source_list(catalog->source, catalog->arena, &entries, &count, err) < 0)
        return -1;
    *listed = (struct dhr_catalog){.entries = entries, .count = count, .arena = catalog->arena};
    return 0;
}

static int no_record(const struct dhr_catalog *catalog, const char *typed, struct dhr_err *err)
{
    struct dhr_catalog listed;
    struct dhr_nearest nearest = {0};
    if (list(catalog, &listed, err) < 0)
        return -1;
    for (size_t i = 0; i < listed.count; i++) {
        struct dhr_str id = recommendation_at(&listed, i);
        if (id.len)
            dhr_nearest_try(&nearest, id, dhr_str_of(typed), 2);
    }
    struct dhr_str best = nearest.name;
    return dhr_fail(err, DHR_USAGE, "%s: no such record; %s%.*s%s", typed,
                    best.len ? "did you mean " : "\"dhrledger list\" shows the recommendations",
                    DHR_ARG(best), best.len ? "?" : "");
}

/* A bare number stands for the only recommendation that has it. */
static int resolve_number(const struct dhr_catalog *catalog, const char *typed, struct dhr_str *id,
                          struct dhr_err *err)
{
    const char *suffix = dhr_arena_printf(catalog->arena, "/%s", typed);
    struct dhr_catalog listed;
    *id = (struct dhr_str){NULL, 0};
    if (list(catalog, &listed, err) < 0)
        return -1;
    for (size_t i = 0; i < listed.count; i++) {
        struct dhr_str candidate = recommendation_at(&listed, i);
        if (!candidate.len || !dhr_str_ends(candidate, suffix))
            continue;
        if (id->len)
            return dhr_fail(err, DHR_USAGE,
                            "%s: more than one review has it; write %.*s, or %.*s, or another",
                            typed, DHR_ARG(*id), DHR_ARG(candidate));
        *id = candidate;
    }
    return id->len ? 0 : no_record(&listed, typed, err);
}

int dhr_catalog_resolve(const struct dhr_catalog *catalog, const char *typed, struct dhr_name *name,
                        struct dhr_err *err)
{
    struct dhr_str id = dhr_str_of(typed);
    while (dhr_str_starts(id, "./"))
        id = dhr_str_span(id.ptr + 2, id.len - 2);
    if (dhr_ident_of_path(id, &name->kind, &name->id)) {
        name->path = dhr_str_dup(catalog->arena, id);
    } else {
        name->kind = DHR_RECORD_RECOMMENDATION;
        if (dhr_catalog_has(catalog, DHR_RECORD_REVIEW, id))
            name->kind = DHR_RECORD_REVIEW;
        else if (dhr_catalog_has(catalog, DHR_RECORD_AGENCY, id))
            name->kind = DHR_RECORD_AGENCY;
        else if (!strchr(typed, '/') && resolve_number(catalog, typed, &id, err) < 0)
            return -1;
        name->path = path_of(catalog, name->kind, id);
    }
    bool record = dhr_ident_of_path(dhr_str_of(name->path), &name->kind, &name->id);
    if (!record || name->kind == DHR_RECORD_SETTINGS || !dhr_catalog_has_path(catalog, name->path))
        return no_record(catalog, typed, err);
    return 0;
}
