/* Where a bare repository's ledger is: there is no folder to start from. */
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

enum { DEEPEST = 4 };

struct finding {
    struct dhr_arena *arena;
    const char *first;
    const char *second; /* another one: nobody can say which is meant */
};

static bool has_folder(const git_tree *tree, const char *name)
{
    const git_tree_entry *entry = git_tree_entry_byname(tree, name);
    return entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE;
}

/* "reviews" alone may be a folder of anything, unless it is at the top. */
static bool holds_ledger(const git_tree *tree, bool top)
{
    return git_tree_entry_byname(tree, DHR_SETTINGS_FILE) ||
           (has_folder(tree, "reviews") && (top || has_folder(tree, "agencies")));
}

/* A ledger holds no other, and a repository's folders are not deep. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static int look(struct finding *f, git_repository *git, const git_tree *tree, const char *path,
                unsigned depth)
{
    int rc = 0;
    if (holds_ledger(tree, depth == 0)) {
        if (f->first)
            f->second = path;
        else
            f->first = path;
        return 0;
    }
    for (size_t i = 0; depth < DEEPEST && rc == 0 && i < git_tree_entrycount(tree); i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        git_tree *below = NULL;
        if (git_tree_entry_type(entry) != GIT_OBJECT_TREE)
            continue;
        rc = git_tree_lookup(&below, git, git_tree_entry_id(entry));
        if (rc == 0)
            rc = look(f, git, below,
                      dhr_arena_printf(f->arena, "%s%s%s", path, path[0] ? "/" : "",
                                       git_tree_entry_name(entry)),
                      depth + 1);
        git_tree_free(below);
    }
    return rc;
}

static int tree_of(git_tree **tree, struct dhr_repo *repo, const char *commit_id,
                   struct dhr_err *err)
{
    char staged[DHR_COMMIT_ID_SIZE];
    git_oid id;
    if (!commit_id && dhr_store_index_tree(repo, staged, err) < 0)
        return -1;
    int rc = git_oid_fromstr(&id, commit_id ? commit_id : staged);
    if (rc == 0)
        rc = commit_id ? dhr_store_commit_tree(tree, repo->git, &id)
                       : git_tree_lookup(tree, repo->git, &id);
    return rc;
}

int dhr_repo_find_ledger(struct dhr_repo *repo, const char *commit_id, struct dhr_arena *arena,
                         const char **folder, struct dhr_err *err)
{
    struct finding f = {.arena = arena};
    git_tree *tree = NULL;
    *folder = NULL;
    int rc = tree_of(&tree, repo, commit_id, err);
    if (rc == 0)
        rc = look(&f, repo->git, tree, "", 0);
    git_tree_free(tree);
    if (rc < 0)
        return err->status ? -1
                           : dhr_fail(err, DHR_UNREADABLE,
                                      "%.12s: the commit can't be read (%s); run \"git fsck\"",
                                      commit_id ? commit_id : "HEAD", dhr_store_git_error());
    if (f.second)
        return dhr_fail(err, DHR_UNREADABLE,
                        "the repository has a ledger in %s and one in %s; say which one with \"git "
                        "config dhrledger.folder FOLDER\"",
                        f.first, f.second);
    *folder = f.first;
    return 0;
}

static const git_tree *find_folder(git_object **found, const git_tree *top, const char *folder)
{
    git_tree_entry *entry = NULL;
    int rc = git_tree_entry_bypath(&entry, top, folder);
    if (rc == 0 && git_tree_entry_type(entry) == GIT_OBJECT_TREE)
        rc = git_tree_entry_to_object(found, git_tree_owner(top), entry);
    git_tree_entry_free(entry);
    return rc == 0 ? (const git_tree *)*found : NULL;
}

bool dhr_repo_has_ledger(struct dhr_repo *repo, const char *commit_id, const char *folder)
{
    git_commit *commit = NULL;
    git_tree *top = NULL;
    git_object *root = NULL;
    git_oid id;
    bool has = false;
    if (git_oid_fromstr(&id, commit_id) == 0 && git_commit_lookup(&commit, repo->git, &id) == 0 &&
        git_commit_tree(&top, commit) == 0) {
        const git_tree *tree = top;
        if (folder[0])
            tree = find_folder(&root, top, folder);
        has =
            tree && (git_tree_entry_byname(tree, DHR_SETTINGS_FILE) || has_folder(tree, "reviews"));
    }
    git_object_free(root);
    git_tree_free(top);
    git_commit_free(commit);
    return has;
}
