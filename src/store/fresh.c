/*
 * New files in a folder that isn't there yet. They are staged in one that is renamed when it is
 * whole; and since nobody knows of them before, the index can remember them as they were written.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "store_internal.h"

static const char draft[] = "folder"; /* in the staging */

/* How many of the files, from the first on, are added to its folder. */
static size_t span_of(const struct dhr_commit_file *files, size_t count)
{
    const char *slash = strrchr(files[0].path, '/');
    size_t len = slash ? (size_t)(slash - files[0].path) + 1 : 0;
    size_t span = 0;
    while (len && span < count && files[span].kind == DHR_CHANGE_ADD &&
           strncmp(files[span].path, files[0].path, len) == 0 &&
           !strchr(files[span].path + len, '/'))
        span++;
    return span;
}

static int write_file(struct dhr_writer *writer, int fd, const struct dhr_commit_file *file,
                      struct stat *st, struct dhr_err *err)
{
    struct dhr_arena scratch = {0};
    struct dhr_str bytes = {NULL, 0};
    int rc = dhr_store_filter(writer->repo->git, file->path, GIT_FILTER_TO_WORKTREE,
                              file->wants_crlf, file->bytes, &scratch, &bytes, err);
    if (rc == 0) {
        rc = dhr_file_create(fd, strrchr(file->path, '/') + 1, bytes, 0666, st, err);
        if (rc < 0)
            dhr_store_name_path(err, file->path);
    }
    dhr_arena_release(&scratch);
    return rc;
}

static int write_files(struct dhr_writer *writer, const struct dhr_commit_file *files, size_t count,
                       struct stat *stats, struct dhr_err *err)
{
    int rc = dhr_file_mkdir(writer->staging.fd, draft, err);
    int fd = openat(writer->staging.fd, draft, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    for (size_t i = 0; rc == 0 && i < count; i++)
        rc = write_file(writer, fd, &files[i], &stats[i], err);
    if (fd >= 0)
        (void)close(fd);
    return rc;
}

int dhr_store_write_fresh(struct dhr_writer *writer, const struct dhr_commit_file *files,
                          size_t count, struct stat *stats, size_t *done, struct dhr_err *err)
{
    struct dhr_buf folder = {0};
    struct stat st;
    const char *name = NULL;
    int parent = -1;
    int rc = 0;
    bool taken = true;
    size_t span = span_of(files, count);
    *done = 0;
    if (writer->staging.fd < 0 || span < 2)
        return 0;
    dhr_buf_add(&folder, files[0].path, (size_t)(strrchr(files[0].path, '/') - files[0].path));
    if (dhr_store_make_parent(writer->root_fd, folder.ptr, &parent, &name, err) < 0 ||
        fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        goto out;
    rc = write_files(writer, files, span, stats, err);
    taken = false;
    if (rc == 0 && dhr_staging_move(&writer->staging, draft, parent, name) != 0) {
        taken = errno == EEXIST || errno == ENOTEMPTY || errno == EXDEV;
        rc = taken ? 0 : dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be made", folder.ptr);
    }
    if (rc < 0 || taken)
        dhr_file_remove_all(writer->staging.fd, draft);
out:
    *done = taken ? 0 : span;
    if (parent >= 0)
        (void)close(parent);
    dhr_buf_release(&folder);
    return rc;
}
