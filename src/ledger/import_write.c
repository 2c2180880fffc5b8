#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "dhrledger/import.h"

/* The review's folder under a name that no reader looks at, until it is complete. */
static const char *draft_of(const struct dhr_import *import, struct dhr_arena *arena)
{
    return dhr_arena_printf(arena, "reviews/.%.*s.%ld~", DHR_ARG(import->review), (long)getpid());
}

static int write_new(int root, const char *path, struct dhr_str bytes, struct dhr_err *err)
{
    struct stat st;
    if (fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) == 0)
        return dhr_fail(err, DHR_CONFLICT, "%s: is there already, so it is left as it is", path);
    return dhr_file_replace(root, path, bytes, 0666, err);
}

/* Where a file is written: below the draft folder if it is the review's. */
static const char *place_of(const char *path, const char *draft, struct dhr_arena *arena)
{
    const char *name = strrchr(path, '/');
    return strncmp(path, "reviews/", 8) == 0 ? dhr_arena_printf(arena, "%s%s", draft, name) : path;
}

/* Take away what this import has written so far, and nothing else. */
static void undo(const struct dhr_import *import, int root, const char *draft, size_t written,
                 struct dhr_arena *arena)
{
    for (size_t i = 0; i < written; i++)
        (void)unlinkat(root, place_of(import->files[i].path, draft, arena), 0);
    (void)unlinkat(root, draft, AT_REMOVEDIR);
}

static int write_files(const struct dhr_import *import, int root, const char *draft,
                       struct dhr_arena *arena, size_t *written, struct dhr_err *err)
{
    if (dhr_file_mkdir(root, "agencies", err) < 0 || dhr_file_mkdir(root, "reviews", err) < 0 ||
        dhr_file_mkdir(root, draft, err) < 0)
        return -1;
    for (; *written < import->file_count; ++*written) {
        const struct dhr_import_file *file = &import->files[*written];
        if (write_new(root, place_of(file->path, draft, arena), file->bytes, err) < 0)
            return -1;
    }
    const char *folder = dhr_arena_printf(arena, "reviews/%.*s", DHR_ARG(import->review));
    if (renameat(root, draft, root, folder) == 0)
        return 0;
    if (errno == EEXIST || errno == ENOTEMPTY)
        return dhr_fail(err, DHR_CONFLICT, "%s: is there already, so it is left as it is", folder);
    return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be made", folder);
}

int dhr_import_write(const struct dhr_import *import, const char *root_path, struct dhr_err *err)
{
    struct dhr_arena arena = {0};
    int root = open(root_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0)
        return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be opened", root_path);
    const char *draft = draft_of(import, &arena);
    size_t written = 0;
    int rc = write_files(import, root, draft, &arena, &written, err);
    if (rc < 0)
        undo(import, root, draft, written, &arena);
    (void)close(root);
    dhr_arena_release(&arena);
    return rc;
}
