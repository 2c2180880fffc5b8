/* What trees hold, told apart from what can't be read of them. */
#include <string.h>

#include "store_internal.h"

int dhr_store_commit_tree(git_tree **tree, git_repository *git, const git_oid *commit_id)
{
    git_commit *commit = NULL;
    int rc = git_commit_lookup(&commit, git, commit_id);
    if (rc == 0)
        rc = git_commit_tree(tree, commit);
    git_commit_free(commit);
    return rc;
}

/* The tree of a commit, or what else the object stands for. */
static int damaged_below(const git_object *object, git_object_t type, const char *revision,
                         struct dhr_err *err)
{
    git_oid id = *git_object_id(object);
    git_object *commit = NULL;
    if (type == GIT_OBJECT_TREE && git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0)
        git_oid_cpy(&id, git_commit_tree_id((const git_commit *)commit));
    else if (git_object_type(object) == GIT_OBJECT_TAG)
        git_oid_cpy(&id, git_tag_target_id((const git_tag *)object));
    git_object_free(commit);
    git_error_set_str(GIT_ERROR_ODB, "it is damaged or missing");
    return dhr_store_damaged(revision, &id, err);
}

int dhr_store_peel(git_object **out, const git_object *object, git_object_t type,
                   const char *revision, struct dhr_err *err)
{
    *out = NULL;
    int rc = git_object_peel(out, object, type);
    if (rc == 0 || rc == GIT_EPEEL || rc == GIT_EINVALIDSPEC)
        return 0;
    return damaged_below(object, type, revision, err);
}

int dhr_store_revision(git_object **object, git_repository *git, const char *revision,
                       struct dhr_err *err)
{
    *object = NULL;
    int rc = git_revparse_single(object, git, revision);
    if (rc == 0 || rc == GIT_EINVALIDSPEC || dhr_store_is_absent(rc))
        return 0;
    if (rc == GIT_EAMBIGUOUS)
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: more than one revision begins like this; write more of its digits",
                        revision);
    return dhr_fail(
        err, DHR_UNREADABLE,
        "%s: an object of this revision is missing or damaged (%s); " DHR_STORE_MEND_HISTORY,
        revision, dhr_store_git_error());
}

bool dhr_store_is_absent(int rc)
{
    const git_error *error = git_error_last();
    return rc == GIT_ENOTFOUND && !(error && error->klass == GIT_ERROR_ODB);
}

int dhr_store_tree_entry(git_tree_entry **entry, const git_tree *tree, const char *path)
{
    *entry = NULL;
    int rc = git_tree_entry_bypath(entry, tree, path);
    return dhr_store_is_absent(rc) ? 0 : rc;
}

enum dhr_entry_kind dhr_store_entry_kind(unsigned mode)
{
    enum { KIND = 0170000 };
    switch (mode & KIND) {
    case GIT_FILEMODE_TREE:
        return DHR_ENTRY_FOLDER;
    case GIT_FILEMODE_LINK:
        return DHR_ENTRY_SYMLINK;
    case GIT_FILEMODE_COMMIT:
        return DHR_ENTRY_OTHER;
    default:
        return DHR_ENTRY_FILE;
    }
}

struct dhr_entry dhr_store_entry(const char *path, unsigned mode, const unsigned char *id)
{
    struct dhr_entry entry = {.path = path,
                              .kind = dhr_store_entry_kind(mode),
                              .executable = mode == GIT_FILEMODE_BLOB_EXECUTABLE};
    memcpy(entry.object_id, id, sizeof(entry.object_id));
    return entry;
}

int dhr_store_damaged(const char *path, const git_oid *id, struct dhr_err *err)
{
    char text[DHR_COMMIT_ID_SIZE];
    (void)git_oid_tostr(text, sizeof(text), id);
    return dhr_fail(err, DHR_UNREADABLE,
                    "%s: git's object %s can't be read (%s); run \"git fsck\", and if it finds the "
                    "same, work in a new clone; what a partial clone lacks, \"git fetch --refetch "
                    "--no-filter\" brings in",
                    path, text, dhr_store_git_error());
}
