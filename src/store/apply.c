/* Changes to a folder's files without a commit. */
#include <fcntl.h>
#include <unistd.h>

#include "dhrledger/commit.h"
#include "dhrledger/file.h"
#include "store_internal.h"

static int check(int root_fd, const struct dhr_change *change, struct dhr_err *err)
{
    const char *name = NULL;
    struct stat st;
    int fd = -1;
    if (change->kind == DHR_CHANGE_ADD)
        return dhr_store_check_free(root_fd, change->path, err);
    if (dhr_store_open_parent(root_fd, change->path, &fd, &name, err) < 0)
        return -1;
    int rc = fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW);
    (void)close(fd);
    if (rc == 0 && S_ISREG(st.st_mode))
        return 0;
    return dhr_fail(err, DHR_CONFLICT, "%s: is not there, or is no file; nothing was changed",
                    change->path);
}

static int write_one(int root_fd, const struct dhr_change *change, bool many, struct dhr_err *err)
{
    const char *name = NULL;
    int fd = -1;
    if (dhr_store_make_parent(root_fd, change->path, &fd, &name, err) < 0)
        return -1;
    int rc = 0;
    if (change->kind != DHR_CHANGE_REMOVE)
        rc = many ? dhr_file_replace_unsynced(fd, name, change->bytes, 0666, err)
                  : dhr_file_replace(fd, name, change->bytes, 0666, err);
    else if (unlinkat(fd, name, 0) != 0)
        rc = dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be deleted", name);
    if (rc < 0)
        dhr_store_name_path(err, change->path);
    else if (change->kind == DHR_CHANGE_REMOVE)
        dhr_store_prune(root_fd, change->path);
    (void)close(fd);
    return rc;
}

int dhr_changes_write(const char *folder, const struct dhr_change *changes, size_t count,
                      struct dhr_err *err)
{
    int root_fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root_fd < 0)
        return dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be opened", folder);
    bool many = count >= DHR_MANY_FILES;
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = check(root_fd, &changes[i], err);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = write_one(root_fd, &changes[i], many, err);
    if (rc == 0 && many)
        rc = dhr_file_sync_all(root_fd, folder, err);
    (void)close(root_fd);
    return rc;
}
