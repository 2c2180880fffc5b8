/*
 * New files in a folder that isn't there yet. They are written into one beside it, which
 * is renamed when it is whole; and since nobody knows of them before, the index can remember
 * them as they were written.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "store_internal.h"

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
                      struct stat *st)
{
    struct dhr_arena scratch = {0};
    struct dhr_str bytes = {NULL, 0};
    struct dhr_err ignored = {0};
    int rc = dhr_store_filter(writer->repo->git, file->path, GIT_FILTER_TO_WORKTREE,
                              file->wants_crlf, file->bytes, &scratch, &bytes, &ignored);
    if (rc == 0)
        rc = dhr_file_create(fd, strrchr(file->path, '/') + 1, bytes, 0666, st, &ignored);
    dhr_arena_release(&scratch);
    return rc;
}

static void take_back(int parent, const char *staged, int fd, const struct dhr_commit_file *files,
                      size_t count)
{
    for (size_t i = 0; fd >= 0 && i < count; i++)
        (void)unlinkat(fd, strrchr(files[i].path, '/') + 1, 0);
    (void)unlinkat(parent, staged, AT_REMOVEDIR);
}

static int write_folder(struct dhr_writer *writer, int parent, const char *name,
                        const struct dhr_commit_file *files, size_t count, struct stat *stats)
{
    struct dhr_buf staged = {0};
    dhr_buf_addf(&staged, ".%s.%ld~", name, (long)getpid());
    int rc = mkdirat(parent, staged.ptr, 0777);
    if (rc == 0) {
        int fd = openat(parent, staged.ptr, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        rc = fd < 0 ? -1 : 0;
        for (size_t i = 0; rc == 0 && i < count; i++)
            rc = write_file(writer, fd, &files[i], &stats[i]);
        if (rc == 0)
            rc = renameat(parent, staged.ptr, parent, name);
        if (rc != 0)
            take_back(parent, staged.ptr, fd, files, count);
        if (fd >= 0)
            (void)close(fd);
    }
    dhr_buf_release(&staged);
    return rc;
}

size_t dhr_store_write_fresh(struct dhr_writer *writer, const struct dhr_commit_file *files,
                             size_t count, struct stat *stats)
{
    struct dhr_buf folder = {0};
    struct dhr_err ignored = {0};
    struct stat st;
    const char *name = NULL;
    int parent = -1;
    size_t span = span_of(files, count);
    if (span < 2)
        return 0;
    dhr_buf_add(&folder, files[0].path, (size_t)(strrchr(files[0].path, '/') - files[0].path));
    bool fresh =
        dhr_store_make_parent(writer->root_fd, folder.ptr, &parent, &name, &ignored) == 0 &&
        fstatat(parent, name, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT &&
        write_folder(writer, parent, name, files, span, stats) == 0;
    if (parent >= 0)
        (void)close(parent);
    dhr_buf_release(&folder);
    return fresh ? span : 0;
}
