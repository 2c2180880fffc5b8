/* What each commit of a range brought in, whether or not a later one took it out again. */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/changes.h"
#include "store_internal.h"

struct adding {
    struct dhr_repo *repo;
    git_odb *odb;
    const char *prefix;
    struct dhr_kept_trees kept;
    struct dhr_arena arena; /* for one commit */
    dhr_added_fn seen;
    void *user;
    struct dhr_err *err;
};

/* The paths that differ from one parent. */
struct side {
    struct dhr_touched *items;
    size_t count;
};

/* The ledger's own tree in a commit; *there is false where it has none. */
static int ledger_tree(const struct adding *a, const git_commit *commit, git_oid *id, bool *there)
{
    git_tree *top = NULL;
    git_tree_entry *entry = NULL;
    *there = true;
    git_oid_cpy(id, git_commit_tree_id(commit));
    if (!a->prefix[0])
        return 0;
    int rc = git_commit_tree(&top, commit);
    if (rc == 0)
        rc = dhr_store_tree_entry(&entry, top, a->prefix);
    *there = entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
    if (*there)
        git_oid_cpy(id, git_tree_entry_id(entry));
    git_tree_entry_free(entry);
    git_tree_free(top);
    return rc;
}

static int refuse(const struct adding *a, const struct dhr_range_commit *about)
{
    return dhr_fail(a->err, DHR_UNREADABLE,
                    "%.12s: the commit can't be read (%s); run \"git fsck\"", about->id,
                    dhr_store_git_error());
}

/* parent may be NULL: the first commit of all. */
static int compare(struct adding *a, const struct dhr_range_commit *about, const git_commit *commit,
                   const git_commit *parent, struct side *side)
{
    git_oid before;
    git_oid after;
    bool had = false;
    bool has = false;
    if (ledger_tree(a, commit, &after, &has) < 0 ||
        (parent && ledger_tree(a, parent, &before, &had) < 0))
        return refuse(a, about);
    return dhr_store_compare_trees(a->odb, &a->kept, had ? &before : NULL, has ? &after : NULL,
                                   &a->arena, &side->items, &side->count, a->err);
}

static int by_path(const void *path, const void *touched)
{
    return strcmp(path, ((const struct dhr_touched *)touched)->path);
}

/* Tell of what differs from every parent. */
static int tell(struct adding *a, const struct dhr_range_commit *about, const struct side *sides,
                size_t count)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < sides[0].count; i++) {
        const char *path = sides[0].items[i].path;
        struct dhr_entry *before = dhr_arena_alloc(&a->arena, count * sizeof(*before));
        struct dhr_added added = {about, sides[0].items[i].after, before, 0};
        bool new = sides[0].items[i].has;
        for (size_t s = 0; new &&s < count; s++) {
            const struct dhr_touched *t =
                s ? bsearch(path, sides[s].items, sides[s].count, sizeof(*t), by_path)
                  : &sides[0].items[i];
            new = t != NULL;
            if (t && t->had)
                before[added.before_count++] = t->before;
        }
        if (new)
            rc = a->seen(a->user, &added);
    }
    return rc;
}

static int look_at(struct adding *a, const struct dhr_range_commit *about)
{
    git_commit *commit = NULL;
    git_oid id;
    if (git_oid_fromstr(&id, about->id) < 0 || git_commit_lookup(&commit, a->repo->git, &id) < 0)
        return refuse(a, about);
    unsigned parents = git_commit_parentcount(commit);
    size_t count = parents ? parents : 1;
    struct side *sides = dhr_arena_zalloc(&a->arena, count * sizeof(*sides));
    int rc = parents ? 0 : compare(a, about, commit, NULL, &sides[0]);
    for (unsigned i = 0; rc == 0 && i < parents; i++) {
        git_commit *parent = NULL;
        rc = git_commit_parent(&parent, commit, i) < 0
                 ? refuse(a, about)
                 : compare(a, about, commit, parent, &sides[i]);
        git_commit_free(parent);
    }
    if (rc == 0)
        rc = tell(a, about, sides, count);
    git_commit_free(commit);
    return rc;
}

int dhr_range_walk_added(struct dhr_repo *repo, const char *prefix,
                         const struct dhr_range_commit *commits, size_t count, dhr_added_fn seen,
                         void *user, struct dhr_err *err)
{
    struct adding a = {.repo = repo, .prefix = prefix, .seen = seen, .user = user, .err = err};
    int rc = 0;
    if (git_repository_odb(&a.odb, repo->git) < 0)
        rc = dhr_fail(err, DHR_UNREADABLE, "git's objects can't be opened (%s); run \"git fsck\"",
                      dhr_store_git_error());
    for (size_t i = count; rc == 0 && i > 0; i--) {
        rc = look_at(&a, &commits[i - 1]);
        dhr_arena_clear(&a.arena);
    }
    for (size_t level = 0; level < DHR_TREE_LEVELS; level++)
        git_odb_object_free(a.kept.levels[level]);
    git_odb_free(a.odb);
    dhr_arena_release(&a.arena);
    return rc;
}
