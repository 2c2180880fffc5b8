/* The tree that a commit of some changes would have, so that it can be judged before it is made. */
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

/* A database of its own: the real one must not keep in memory what is to be written later. */
static int open_own(git_repository **own, git_odb **odb, git_repository *git)
{
    git_buf path = GIT_BUF_INIT;
    int rc = git_repository_item_path(&path, git, GIT_REPOSITORY_ITEM_OBJECTS);
    if (rc == 0)
        rc = dhr_store_open_odb(odb, path.ptr);
    if (rc == 0)
        rc = git_repository_wrap_odb(own, *odb);
    git_buf_dispose(&path);
    return rc;
}

/* What can't be done to this tip is left out: the commit refuses it with a sentence of its own. */
static int write_blobs(struct dhr_writer *scratch, const git_tree *base,
                       const struct dhr_change *changes, size_t count,
                       struct dhr_commit_file *files, size_t *file_count)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct dhr_commit_file file = {
            .path = changes[i].path, .kind = changes[i].kind, .tip.mode = GIT_FILEMODE_BLOB};
        bool had = dhr_store_tip_entry(base, file.path, &file.tip);
        if (had == (file.kind == DHR_CHANGE_ADD))
            continue;
        if (file.kind != DHR_CHANGE_REMOVE)
            rc = dhr_store_write_object(scratch, &file.blob_id, changes[i].bytes, GIT_OBJECT_BLOB);
        files[(*file_count)++] = file;
    }
    return rc;
}

int dhr_store_plan_tree(struct dhr_repo *repo, const char *tip, const struct dhr_change *changes,
                        size_t count, git_repository **own, char id[DHR_COMMIT_ID_SIZE],
                        struct dhr_err *err)
{
    struct dhr_repo apart = {NULL};
    struct dhr_writer scratch = {.repo = &apart};
    struct dhr_commit_file *files = dhr_realloc(NULL, (count + 1) * sizeof(*files));
    size_t file_count = 0;
    git_tree *base = NULL;
    git_oid oid;
    int rc = open_own(&apart.git, &scratch.odb, repo->git);
    if (rc == 0)
        rc = git_oid_fromstr(&oid, tip);
    if (rc == 0)
        rc = dhr_store_commit_tree(&base, apart.git, &oid);
    if (rc == 0)
        rc = dhr_store_begin_objects(&scratch, DHR_MANY_FILES);
    if (rc == 0)
        rc = write_blobs(&scratch, base, changes, count, files, &file_count);
    if (rc == 0)
        rc = dhr_store_write_tree(&scratch, base, files, file_count, &oid);
    if (rc == 0) {
        (void)git_oid_tostr(id, DHR_COMMIT_ID_SIZE, &oid);
        *own = apart.git;
        apart.git = NULL;
    } else {
        rc = dhr_fail(err, DHR_UNREADABLE, "%.12s: the commit can't be read (%s); run \"git fsck\"",
                      tip, dhr_store_git_error());
    }
    git_tree_free(base);
    git_repository_free(apart.git);
    free(scratch.objects);
    git_odb_free(scratch.odb);
    free(files);
    return rc;
}
