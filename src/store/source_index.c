/* git's index, read as a tree: what the next commit's would be. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "store_internal.h"

enum { BEFORE_OTHERS = 1000 };

/* Trees are made in memory: a check leaves nothing behind, least of all in a quarantine. */
static int keep_in_memory(git_repository *git)
{
    git_odb *odb = NULL;
    git_odb_backend *memory = NULL;
    int rc = git_repository_odb(&odb, git);
    if (rc == 0)
        rc = git_mempack_new(&memory);
    if (rc == 0 && (rc = git_odb_add_backend(odb, memory, BEFORE_OTHERS)) < 0)
        memory->free(memory);
    git_odb_free(odb);
    return rc;
}

/*
 * By GIT_DIR git tells its hooks whose index they are asked about; libgit2 looks from the folder
 * alone, and would find another one's where the work tree has no .git of its own.
 */
static int check_meant(git_repository *git, struct dhr_err *err)
{
    const char *meant = getenv("GIT_DIR");
    git_repository *other = NULL;
    if (!meant || !*meant)
        return 0;
    bool same = git_repository_open(&other, meant) == 0 &&
                strcmp(git_repository_path(other), git_repository_path(git)) == 0;
    git_repository_free(other);
    return same ? 0
                : dhr_fail(err, DHR_UNREADABLE,
                           "%s: GIT_DIR names another repository, %s; unset it, or write \"gitdir: "
                           "%s\" into a file .git in the folder of that one's files",
                           git_repository_path(git), meant, meant);
}

/* GIT_INDEX_FILE is what "git commit FILE" and "git commit -a" are about to commit. */
static int open_index(git_index **index, git_repository *git)
{
    const char *other = getenv("GIT_INDEX_FILE");
    git_buf path = GIT_BUF_INIT;
    int rc = 0;
    if (other && *other)
        return git_index_open(index, other);
    rc = git_repository_item_path(&path, git, GIT_REPOSITORY_ITEM_INDEX);
    if (rc == 0)
        rc = git_index_open(index, path.ptr);
    git_buf_dispose(&path);
    return rc;
}

int dhr_store_index_tree(struct dhr_repo *repo, char id[DHR_COMMIT_ID_SIZE], struct dhr_err *err)
{
    git_index *index = NULL;
    git_oid oid;
    int rc = check_meant(repo->git, err);
    if (rc == 0)
        rc = open_index(&index, repo->git);
    if (rc == 0 && git_index_has_conflicts(index))
        rc = dhr_fail(err, DHR_CONFLICT,
                      "a merge is not resolved yet; \"git status\" names the files: mend them and "
                      "\"git add\" them, then try again");
    else if (rc == 0)
        rc = keep_in_memory(repo->git);
    if (rc == 0)
        rc = git_index_write_tree_to(&oid, index, repo->git);
    if (rc == 0)
        (void)git_oid_tostr(id, DHR_COMMIT_ID_SIZE, &oid);
    else if (!err->status)
        rc = dhr_store_bad_index(err);
    git_index_free(index);
    return rc;
}
