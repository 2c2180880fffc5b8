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

int dhr_store_open_parent(int root_fd, const char *path, int *fd, const char **name,
                          struct dhr_err *err)
{
    int folder = fcntl(root_fd, F_DUPFD_CLOEXEC, 0);
    const char *rest = path;
    const char *slash = NULL;
    while (folder >= 0 && (slash = strchr(rest, '/')) != NULL) {
        int next = open_step(folder, rest, (size_t)(slash - rest));
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
    if (folder < 0)
        return dhr_fail_errno(err, DHR_UNREADABLE, "%s: its folder can't be opened", path);
    *fd = folder;
    *name = rest;
    return 0;
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
