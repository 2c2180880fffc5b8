/*
 * The records a ledger has, by the names of their files alone: nothing is read.
 *
 *     struct dhr_catalog catalog = {entries, count, &arena};
 *     struct dhr_name name;
 *     if (dhr_catalog_resolve(&catalog, "10.2.1", &name, &err) < 0)
 *         return …;
 *
 * Entries are those of dhr_source_list, sorted by path. With a source in their
 * place, each path is looked for by itself, and the source is listed only for a bare
 * number or a name that isn't there:
 *
 *     struct dhr_catalog catalog = {.source = source, .arena = &arena};
 */
#ifndef DHRLEDGER_CATALOG_H
#define DHRLEDGER_CATALOG_H

#include <stdbool.h>

#include "dhrledger/schema.h"
#include "dhrledger/source.h"
#include "dhrledger/str.h"

struct dhr_catalog {
    const struct dhr_entry *entries;
    size_t count;
    struct dhr_arena *arena;   /* for paths, and for a listing */
    struct dhr_source *source; /* NULL where the entries are there */
};

struct dhr_name {
    enum dhr_record_kind kind;
    const char *path; /* from the ledger's root */
    struct dhr_str id;
};

/* Whether anything is at that path. */
bool dhr_catalog_has_path(const struct dhr_catalog *catalog, const char *path);

/* A dhr_lookup_fn (check.h); user is the const struct dhr_catalog *. */
bool dhr_catalog_has(const void *user, enum dhr_record_kind kind, struct dhr_str id);

/*
 * The record a user means: a review's, an agency's or a recommendation's id, a
 * path from the ledger's root (a leading "./" is fine), or a bare number that
 * only one review has. DHR_USAGE otherwise, with what is near, or which reviews
 * have the number; the source's own sentence where it can't be listed.
 */
int dhr_catalog_resolve(const struct dhr_catalog *catalog, const char *typed, struct dhr_name *name,
                        struct dhr_err *err);

#endif
