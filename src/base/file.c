#include "dhrledger/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int dhr_file_read_fd(int fd, const char *name, size_t max_bytes, struct dhr_arena *arena,
                     struct dhr_str *bytes, struct dhr_err *err)
{
    struct stat st;
    size_t capacity = 64 * 1024;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 0)
        capacity = (size_t)st.st_size + 1;
    if (capacity > max_bytes + 1)
        capacity = max_bytes + 1;
    char *data = dhr_realloc(NULL, capacity);
    size_t len = 0;
    for (;;) {
        if (len == capacity) {
            if (len > max_bytes) {
                free(data);
                return dhr_fail(err, DHR_FOUND,
                                "%s: larger than %zu bytes; a file like this holds far less, so "
                                "check that it is the right one",
                                name, max_bytes);
            }
            capacity = capacity > max_bytes / 2 ? max_bytes + 1 : capacity * 2;
            data = dhr_realloc(data, capacity);
        }
        ssize_t got = read(fd, data + len, capacity - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(data);
            return dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be read", name);
        }
        if (got == 0)
            break;
        len += (size_t)got;
    }
    bytes->ptr = dhr_arena_dup(arena, data, len);
    bytes->len = len;
    free(data);
    return 0;
}

/* Read a file whose size is known straight into the arena: the usual case, without a copy. */
static int read_regular(int fd, const char *name, size_t size, struct dhr_arena *arena,
                        struct dhr_str *bytes, struct dhr_err *err)
{
    char *data = dhr_arena_alloc(arena, size + 1);
    size_t len = 0;
    while (len < size) {
        ssize_t got = read(fd, data + len, size - len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be read", name);
        if (got == 0)
            break;
        len += (size_t)got;
    }
    data[len] = '\0';
    *bytes = dhr_str_span(data, len);
    return 0;
}

int dhr_file_read(int dirfd, const char *name, size_t max_bytes, struct dhr_arena *arena,
                  struct dhr_str *bytes, struct dhr_err *err)
{
    int fd = openat(dirfd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (fd < 0 && errno == ELOOP)
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: is a symbolic link; put the file itself in its place", name);
    if (fd < 0)
        return dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be opened", name);
    struct stat st;
    int rc = 0;
    if (fstat(fd, &st) != 0)
        rc = dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be read", name);
    else if (!S_ISREG(st.st_mode))
        rc = dhr_fail(err, DHR_UNREADABLE, "%s: is not a regular file", name);
    else if ((unsigned long long)st.st_size > max_bytes)
        rc = dhr_fail(err, DHR_FOUND,
                      "%s: larger than %zu bytes; a file like this holds far less, so check that "
                      "it is the right one",
                      name, max_bytes);
    else
        rc = read_regular(fd, name, (size_t)st.st_size, arena, bytes, err);
    (void)close(fd);
    return rc;
}

int dhr_file_write(int fd, struct dhr_str bytes)
{
    while (bytes.len) {
        ssize_t put = write(fd, bytes.ptr, bytes.len);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return -1;
        bytes.ptr += put;
        bytes.len -= (size_t)put;
    }
    return 0;
}

static int replace(int dirfd, const char *name, struct dhr_str bytes, mode_t mode, bool sync,
                   struct dhr_err *err)
{
    struct stat st;
    bool exists = fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
    if (exists && !S_ISREG(st.st_mode))
        return dhr_fail(err, DHR_SYSTEM, "%s: is not a regular file, so it is left alone", name);
    char temporary[4096];
    const char *slash = strrchr(name, '/');
    int folder_len = slash ? (int)(slash - name) + 1 : 0;
    int len = snprintf(temporary, sizeof(temporary), "%.*s.%s.%ld~", folder_len, name,
                       name + folder_len, (long)getpid());
    if (len < 0 || (size_t)len >= sizeof(temporary))
        return dhr_fail(err, DHR_SYSTEM, "%s: the path is too long", name);
    int fd = openat(dirfd, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't write beside it", name);
    int rc = dhr_file_write(fd, bytes);
    if (rc == 0 && exists)
        rc = fchmod(fd, st.st_mode & 07777);
    if (rc == 0 && sync)
        rc = fsync(fd);
    if (rc != 0)
        (void)dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be written", name);
    if (close(fd) != 0 && rc == 0)
        rc = dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be written", name);
    if (rc == 0 && renameat(dirfd, temporary, dirfd, name) != 0)
        rc = dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be replaced", name);
    if (rc != 0)
        (void)unlinkat(dirfd, temporary, 0);
    return rc;
}

int dhr_file_create(int dirfd, const char *name, struct dhr_str bytes, mode_t mode, struct stat *st,
                    struct dhr_err *err)
{
    int fd = openat(dirfd, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0)
        return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be made", name);
    int rc = dhr_file_write(fd, bytes);
    if (rc == 0 && st)
        rc = fstat(fd, st);
    if (rc != 0)
        (void)dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be written", name);
    if (close(fd) != 0 && rc == 0)
        rc = dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be written", name);
    if (rc != 0)
        (void)unlinkat(dirfd, name, 0);
    return rc;
}

int dhr_file_replace(int dirfd, const char *name, struct dhr_str bytes, mode_t mode,
                     struct dhr_err *err)
{
    return replace(dirfd, name, bytes, mode, true, err);
}

int dhr_file_replace_unsynced(int dirfd, const char *name, struct dhr_str bytes, mode_t mode,
                              struct dhr_err *err)
{
    return replace(dirfd, name, bytes, mode, false, err);
}

int dhr_file_sync_all(int fd, const char *name, struct dhr_err *err)
{
    if (syncfs(fd) == 0)
        return 0;
    return dhr_fail_errno(err, DHR_SYSTEM, "%s: the files can't be written to disk", name);
}

int dhr_file_mkdir(int dirfd, const char *name, struct dhr_err *err)
{
    if (mkdirat(dirfd, name, 0777) == 0)
        return 0;
    struct stat st;
    if (errno == EEXIST && fstatat(dirfd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
        S_ISDIR(st.st_mode))
        return 0;
    return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be made a folder", name);
}

/* NOLINTNEXTLINE(misc-no-recursion) */
void dhr_file_remove_all(int dirfd, const char *name)
{
    if (unlinkat(dirfd, name, 0) == 0 || (errno != EISDIR && errno != EPERM))
        return;
    int fd = openat(dirfd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry = NULL;
    /* Nobody else reads by this handle. */
    /* cppcheck-suppress readdirCalled */
    while (dir && (entry = readdir(dir)) != NULL) {
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            dhr_file_remove_all(fd, entry->d_name);
    }
    if (dir)
        (void)closedir(dir);
    (void)unlinkat(dirfd, name, AT_REMOVEDIR);
}
