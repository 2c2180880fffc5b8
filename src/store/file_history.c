/* The commits that changed one file, newest first, with what they made of it. */
#include <string.h>

#include "dhrledger/changes.h"
#include "store_internal.h"

struct history {
    struct dhr_repo *repo;
    git_odb *odb;
    struct dhr_mailmap *mailmap;
    const char *prefix;
    const char *path; /* NULL: the caller has seen enough */
    dhr_state_fn seen;
    void *user;
    struct dhr_arena arena;
};

/* The file's blob in a commit; zero where it has none. */
static int blob_of(const struct history *h, const git_commit *commit, git_oid *id)
{
    git_tree *tree = NULL;
    git_tree_entry *entry = NULL;
    struct dhr_buf path = {0};
    *id = (git_oid){{0}};
    dhr_buf_addf(&path, "%s%s%s", h->prefix, h->prefix[0] ? "/" : "", h->path);
    int rc = git_commit_tree(&tree, commit);
    if (rc == 0) {
        rc = dhr_store_tree_entry(&entry, tree, dhr_buf_cstr(&path));
        if (entry && git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
            git_oid_cpy(id, git_tree_entry_id(entry));
    }
    git_tree_entry_free(entry);
    git_tree_free(tree);
    dhr_buf_release(&path);
    return rc;
}

/* A file too large to be a record counts as none. */
static int read_blob(struct history *h, const git_oid *id, struct dhr_str *bytes)
{
    git_odb_object *object = NULL;
    *bytes = (struct dhr_str){NULL, 0};
    if (git_oid_is_zero(id))
        return 0;
    if (git_odb_read(&object, h->odb, id) < 0)
        return -1;
    size_t len = git_odb_object_size(object);
    if (len <= DHR_RECORD_MAX_BYTES)
        *bytes = dhr_str_span(dhr_arena_dup(&h->arena, git_odb_object_data(object), len), len);
    git_odb_object_free(object);
    return 0;
}

static int tell(struct history *h, git_commit *commit, const git_oid *before, const git_oid *after)
{
    struct dhr_range_commit about = {.id = ""};
    struct dhr_str was;
    struct dhr_str is;
    const char *name = NULL;
    if (read_blob(h, before, &was) < 0 || read_blob(h, after, &is) < 0)
        return -1;
    (void)git_oid_tostr(about.id, sizeof(about.id), git_commit_id(commit));
    dhr_store_real_person(h->mailmap, git_commit_author(commit), &h->arena, &name, &about.email);
    about.author = dhr_arena_printf(&h->arena, "%s <%s>", name, about.email);
    about.message = "";
    h->path = h->seen(h->user, &about, h->path, was, is);
    return 0;
}

/* Passed over where any parent has the file as it is. */
static int look_at(struct history *h, const git_oid *id)
{
    git_commit *commit = NULL;
    git_oid after;
    git_oid before = {{0}};
    bool same = false;
    int rc = git_commit_lookup(&commit, h->repo->git, id);
    unsigned parents = rc == 0 ? git_commit_parentcount(commit) : 0;
    if (rc == 0)
        rc = blob_of(h, commit, &after);
    for (unsigned i = 0; rc == 0 && !same && i < parents; i++) {
        git_commit *parent = NULL;
        git_oid blob;
        rc = git_commit_parent(&parent, commit, i);
        if (rc == 0)
            rc = blob_of(h, parent, &blob);
        same = rc == 0 && git_oid_equal(&blob, &after);
        if (i == 0)
            before = blob;
        git_commit_free(parent);
    }
    if (rc == 0 && !same && !(git_oid_is_zero(&after) && git_oid_is_zero(&before)))
        rc = tell(h, commit, &before, &after);
    git_commit_free(commit);
    return rc;
}

int dhr_range_walk_file(struct dhr_repo *repo, const char *head, const char *prefix,
                        const char *path, dhr_state_fn seen, void *user, struct dhr_err *err)
{
    struct history h = {.repo = repo, .prefix = prefix, .path = path, .seen = seen, .user = user};
    git_revwalk *walk = NULL;
    git_oid id;
    int rc = git_repository_odb(&h.odb, repo->git);
    h.mailmap = dhr_store_mailmap(repo->git);
    if (rc == 0)
        rc = git_revwalk_new(&walk, repo->git);
    if (rc == 0)
        rc = git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME);
    if (rc == 0 && (rc = git_oid_fromstr(&id, head)) == 0)
        rc = git_revwalk_push(walk, &id);
    while (rc == 0 && h.path && (rc = git_revwalk_next(&id, walk)) == 0)
        rc = look_at(&h, &id);
    if (rc < 0 && rc != GIT_ITEROVER)
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "%s: its history can't be read (%s); " DHR_STORE_MEND_HISTORY, path,
                      dhr_store_git_error());
    else
        rc = 0;
    git_revwalk_free(walk);
    dhr_store_mailmap_free(h.mailmap);
    git_odb_free(h.odb);
    dhr_arena_release(&h.arena);
    return rc;
}
