/* What renaming, merging and removing share. */
#ifndef DHRLEDGER_RENAME_INTERNAL_H
#define DHRLEDGER_RENAME_INTERNAL_H

#include "dhrledger/ini.h"
#include "dhrledger/rename.h"

/* Paths from the ledger's root, each once after dhr_paths_sort. */
struct dhr_paths {
    const char **items;
    size_t count;
    size_t capacity;
};

void dhr_paths_add(struct dhr_paths *paths, const char *path);
void dhr_paths_sort(struct dhr_paths *paths);
bool dhr_paths_has(const struct dhr_paths *sorted, const char *path);
void dhr_paths_release(struct dhr_paths *paths);

/* The records of any state that refer to the record. */
void dhr_paths_referring(struct dhr_paths *paths, const struct dhr_rename *plan, struct dhr_ref to);

/* "reviews/durham-2012/", "reviews/durham-2012/3.ini", "agencies/x.ini": a review is its folder. */
const char *dhr_rename_place(const struct dhr_rename *plan, enum dhr_record_kind kind,
                             struct dhr_str id);

/* What any state has at that place, or below it where it is a folder. */
void dhr_paths_at(struct dhr_paths *paths, const struct dhr_rename *plan, const char *place);

void dhr_rename_add(struct dhr_rename *plan, enum dhr_change_kind kind, const char *path,
                    struct dhr_str bytes);

#endif
