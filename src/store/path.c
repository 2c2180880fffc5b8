#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "store_internal.h"

/* One step down; -1 with errno, EINVAL for a step that would lead elsewhere. */
static int open_step(int fd, const char *path, size_t len)
{
    char step[NAME_MAX + 1];
    if (len == 0 || len > NAME_MAX || (len == 1 && path[0] == '.') ||
        (len == 2 && path[0] == '.' && path[1] == '.')) {
        errno = EINVAL;
        return -1;
    }
    memcpy(step, path, len);
    step[len] = '\0';
    return openat(fd, step, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
}

/* The same for a folder that may have to be made first. */
static int make_step(int fd, const char *path, size_t len)
{
    char step[NAME_MAX + 1];
    int next = open_step(fd, path, len);
    if (next >= 0 || errno != ENOENT)
        return next;
    memcpy(step, path, len);
    step[len] = '\0';
    if (mkdirat(fd, step, 0777) != 0 && errno != EEXIST)
        return -1;
    return open_step(fd, path, len);
}

/* Down to the folder of `path`, each step taken by `take_step`; *missing: ENOENT is no failure. */
static int walk(int root_fd, const char *path, int (*take_step)(int, const char *, size_t),
                bool *missing, int *fd, const char **name, struct dhr_err *err)
{
    int folder = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
    const char *rest = path;
    const char *slash = NULL;
    while (folder >= 0 && (slash = strchr(rest, '/')) != NULL) {
        int next = take_step(folder, rest, (size_t)(slash - rest));
        int saved = errno;
        (void)close(folder);
        errno = saved;
        folder = next;
        if (folder >= 0)
            rest = slash + 1;
    }
    if (folder < 0 && slash && (errno == ENOTDIR || errno == ELOOP))
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: %.*s is not a folder or is a symbolic link, which is never followed; "
                        "put a folder in its place",
                        path, (int)(slash - path), path);
    if (folder < 0 && missing && errno == ENOENT) {
        *missing = true;
        return 0;
    }
    if (folder < 0)
        return dhr_fail_errno(err, DHR_UNREADABLE, "%s: its folder can't be opened", path);
    *fd = folder;
    *name = rest;
    return 0;
}

int dhr_store_open_parent(int root_fd, const char *path, int *fd, const char **name,
                          struct dhr_err *err)
{
    return walk(root_fd, path, open_step, NULL, fd, name, err);
}

int dhr_store_make_parent(int root_fd, const char *path, int *fd, const char **name,
                          struct dhr_err *err)
{
    return walk(root_fd, path, make_step, NULL, fd, name, err);
}

int dhr_store_check_free(int root_fd, const char *path, struct dhr_err *err)
{
    bool missing = false;
    const char *name = NULL;
    struct stat st;
    int fd = -1;
    if (walk(root_fd, path, open_step, &missing, &fd, &name, err) < 0)
        return -1;
    if (missing)
        return 0;
    int rc = 0;
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        rc = dhr_fail(err, DHR_CONFLICT,
                      "%s: is there already, and is never overwritten; move it out of the way, or "
                      "choose another name",
                      path);
    else if (errno != ENOENT)
        rc = dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be looked at", path);
    (void)close(fd);
    return rc;
}

void dhr_store_prune(int root_fd, const char *path)
{
    struct dhr_buf folder = {0};
    struct stat here;
    struct dhr_err ignored;
    bool known = stat(".", &here) == 0;
    bool gone = true;
    const char *slash = NULL;
    dhr_buf_adds(&folder, path);
    while (gone && (slash = strrchr(folder.ptr, '/')) != NULL) {
        const char *name = "";
        struct stat st;
        int fd = -1;
        folder.len = (size_t)(slash - folder.ptr);
        folder.ptr[folder.len] = '\0';
        gone = dhr_store_open_parent(root_fd, folder.ptr, &fd, &name, &ignored) == 0 &&
               fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
               !(known && st.st_dev == here.st_dev && st.st_ino == here.st_ino) &&
               unlinkat(fd, name, AT_REMOVEDIR) == 0;
        if (fd >= 0)
            (void)close(fd);
    }
    dhr_buf_release(&folder);
}

void dhr_store_name_path(struct dhr_err *err, const char *path)
{
    const char *slash = strrchr(path, '/');
    struct dhr_buf text = {0};
    if (!slash)
        return;
    dhr_buf_addf(&text, "%.*s/%s", (int)(slash - path), path, err->text);
    (void)dhr_fail(err, err->status, "%s", text.ptr);
    dhr_buf_release(&text);
}
