#include "dhrledger/staging.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhrledger/file.h"

static const char prefix[] = ".dhrledger-new.";

/*
 * Whether whoever made it is gone. A process of its number may have nothing to do with it, or may
 * run in another container: so that one's lock counts, too.
 */
static bool is_left(int root_fd, const char *name)
{
    char path[NAME_MAX + sizeof("/.gitignore")];
    char *end = NULL;
    struct stat st;
    if (strncmp(name, prefix, strlen(prefix)) != 0 ||
        fstatat(root_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 || !S_ISDIR(st.st_mode))
        return false;
    pid_t pid = (pid_t)strtol(name + strlen(prefix), &end, 10);
    bool runs = pid != getpid() && (kill(pid, 0) == 0 || errno != ESRCH);
    if (pid <= 0 || strcmp(end, "~") != 0 || runs)
        return false;
    (void)snprintf(path, sizeof(path), "%s/.gitignore", name);
    int fd = openat(root_fd, path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool left = fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (fd >= 0)
        (void)close(fd);
    return left;
}

static void remove_left(int root_fd)
{
    int fd = openat(root_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry = NULL;
    /* Nobody else reads by this handle. */
    /* cppcheck-suppress readdirCalled */
    while (dir && (entry = readdir(dir)) != NULL) {
        if (is_left(root_fd, entry->d_name))
            dhr_file_remove_all(root_fd, entry->d_name);
    }
    if (dir)
        (void)closedir(dir);
}

/* Before anything else is in it, so that git sees it at no time. */
static int hide(struct dhr_staging *staging)
{
    staging->lock_fd =
        openat(staging->fd, ".gitignore", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (staging->lock_fd < 0)
        return -1;
    (void)flock(staging->lock_fd, LOCK_EX | LOCK_NB);
    return write(staging->lock_fd, "*\n", 2) == 2 ? 0 : -1;
}

int dhr_staging_begin(struct dhr_staging *staging, int root_fd, struct dhr_err *err)
{
    *staging = (struct dhr_staging){.fd = -1, .root_fd = root_fd, .lock_fd = -1};
    (void)snprintf(staging->name, sizeof(staging->name), "%s%ld~", prefix, (long)getpid());
    remove_left(root_fd);
    int rc = mkdirat(root_fd, staging->name, 0777);
    if (rc == 0) {
        staging->fd =
            openat(root_fd, staging->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        rc = staging->fd < 0 ? -1 : hide(staging);
        if (rc != 0) {
            int saved = errno;
            dhr_staging_end(staging);
            errno = saved;
        }
    }
    return rc == 0 ? 0
                   : dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be made a folder", staging->name);
}

int dhr_staging_move(const struct dhr_staging *staging, const char *draft, int fd, const char *name)
{
    struct stat st;
    int rc = renameat2(staging->fd, draft, fd, name, RENAME_NOREPLACE);
    if (rc == 0 || (errno != EINVAL && errno != ENOSYS))
        return rc;
    /* Not every file system can. */
    errno = EEXIST;
    return fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT
               ? renameat(staging->fd, draft, fd, name)
               : -1;
}

void dhr_staging_end(struct dhr_staging *staging)
{
    if (staging->lock_fd >= 0)
        (void)close(staging->lock_fd);
    if (staging->fd >= 0)
        (void)close(staging->fd);
    dhr_file_remove_all(staging->root_fd, staging->name);
    staging->fd = staging->lock_fd = -1;
}
