/*
 * git's index under its lock, for as long as a commit takes.
 *
 * libgit2 locks the index only while it writes, so an entry that somebody else
 * stages between reading and writing would be lost. So we take index.lock first,
 * as git commit does, put a copy of the index there, let libgit2 work on that
 * copy, and rename it into place. While the lock is held no git command here
 * stages, commits or switches.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <git2/sys/repository.h>

#include "dhrledger/file.h"
#include "store_internal.h"

enum { COPY_BYTES = 64 * 1024 };

static char *path_with(const char *path, const char *suffix)
{
    size_t len = strlen(path);
    size_t suffix_size = strlen(suffix) + 1;
    char *joined = dhr_realloc(NULL, len + suffix_size);
    memcpy(joined, path, len);
    memcpy(joined + len, suffix, suffix_size);
    return joined;
}

static int copy_bytes(int from, int to)
{
    char block[COPY_BYTES];
    for (;;) {
        ssize_t got = read(from, block, sizeof(block));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return got < 0 ? -1 : 0;
        if (dhr_file_write(to, dhr_str_span(block, (size_t)got)) != 0)
            return -1;
    }
}

static int take_lock(struct dhr_index_lock *lock, struct dhr_err *err)
{
    struct dhr_wait wait;
    dhr_wait_start(&wait);
    for (;;) {
        int fd = open(lock->lock_path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (fd >= 0) {
            lock->held = true;
            return fd;
        }
        if (errno != EEXIST)
            return dhr_fail_errno(err, DHR_SYSTEM, "%s: git's index can't be locked",
                                  lock->lock_path);
        if (!dhr_wait_more(&wait))
            return dhr_fail(err, DHR_CONFLICT,
                            "%s: another git command holds this lock; try again when it has "
                            "ended, and if there is none, one was interrupted: delete the file",
                            lock->lock_path);
    }
}

/* An index without entries, with its SHA-1 at the end, as git writes it. */
static const unsigned char empty_index[] = {
    'D',  'I',  'R',  'C',  0,    0,    0,    2,    0,    0,    0,    0,    0x39, 0xD8, 0x90, 0x13,
    0x9E, 0xE5, 0x35, 0x6C, 0x7E, 0xF5, 0x72, 0x21, 0x6C, 0xEB, 0xCD, 0x27, 0xAA, 0x41, 0xF9, 0xDF};

static int begin_index(struct dhr_index_lock *lock, int to, struct dhr_err *err)
{
    struct stat st;
    struct dhr_str bytes = dhr_str_span((const char *)empty_index, sizeof(empty_index));
    if (dhr_file_write(to, bytes) != 0 || fstat(to, &st) != 0)
        return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be written", lock->lock_path);
    lock->mode = st.st_mode & 0777;
    return 0;
}

/* The copy keeps the index's time stamp, by which libgit2 finds entries too young to be trusted. */
static int copy_index(struct dhr_index_lock *lock, int to, bool unborn, struct dhr_err *err)
{
    struct stat st;
    int from = open(lock->path, O_RDONLY | O_CLOEXEC);
    if (from < 0 && errno == ENOENT && unborn)
        return begin_index(lock, to, err);
    if (from < 0 && errno == ENOENT)
        return dhr_fail(err, DHR_CONFLICT,
                        "%s: git's index is missing; make it again with \"git reset\"", lock->path);
    int rc = from < 0 ? -1 : fstat(from, &st);
    if (rc == 0) {
        const struct timespec times[2] = {st.st_atim, st.st_mtim};
        lock->mode = st.st_mode & 0777;
        rc = copy_bytes(from, to);
        if (rc == 0)
            rc = futimens(to, times);
    }
    if (rc != 0)
        rc = dhr_fail_errno(err, DHR_SYSTEM, "%s: git's index can't be copied", lock->lock_path);
    if (from >= 0)
        (void)close(from);
    return rc;
}

/* Only the holder of index.lock makes this file, so it is left from a crash. */
static void remove_leftover(const char *lock_path)
{
    char *leftover = path_with(lock_path, ".lock");
    (void)unlink(leftover);
    free(leftover);
}

int dhr_index_lock(struct dhr_index_lock *lock, git_repository *git, bool unborn,
                   struct dhr_err *err)
{
    git_buf path = GIT_BUF_INIT;
    int fd = -1;
    int rc = 0;
    *lock = (struct dhr_index_lock){.git = git};
    if (git_repository_item_path(&path, git, GIT_REPOSITORY_ITEM_INDEX) < 0) {
        rc =
            dhr_fail(err, DHR_UNREADABLE, "git's index can't be found (%s)", dhr_store_git_error());
        goto out;
    }
    lock->path = path_with(path.ptr, "");
    lock->lock_path = path_with(path.ptr, ".lock");
    fd = take_lock(lock, err);
    if (fd < 0) {
        rc = -1;
        goto out;
    }
    remove_leftover(lock->lock_path);
    rc = copy_index(lock, fd, unborn, err);
    if (rc == 0 && (git_index_open(&lock->index, lock->lock_path) < 0 ||
                    git_repository_set_index(git, lock->index) < 0))
        rc = dhr_store_bad_index(err);
out:
    if (fd >= 0)
        (void)close(fd);
    git_buf_dispose(&path);
    return rc;
}

static git_index_time index_time(struct timespec time)
{
    return (git_index_time){(int32_t)time.tv_sec, (uint32_t)time.tv_nsec};
}

int dhr_index_set(struct dhr_index_lock *lock, const char *path, const git_oid *blob_id,
                  git_filemode_t mode, const struct stat *st)
{
    git_index_entry entry = {.mode = (uint32_t)mode, .path = path};
    git_oid_cpy(&entry.id, blob_id);
    if (st) {
        entry.ctime = index_time(st->st_ctim);
        entry.mtime = index_time(st->st_mtim);
        entry.dev = (uint32_t)st->st_dev;
        entry.ino = (uint32_t)st->st_ino;
        entry.uid = st->st_uid;
        entry.gid = st->st_gid;
        entry.file_size = (uint32_t)st->st_size;
    }
    return git_index_add(lock->index, &entry);
}

int dhr_index_drop(struct dhr_index_lock *lock, const char *path)
{
    int rc = git_index_remove(lock->index, path, 0);
    return rc == GIT_ENOTFOUND ? 0 : rc;
}

int dhr_index_write(struct dhr_index_lock *lock, struct dhr_err *err)
{
    struct dhr_sharing sharing;
    dhr_store_begin_sharing(&sharing, lock->git);
    int rc = git_index_write(lock->index);
    dhr_store_end_sharing(&sharing);
    if (rc < 0)
        return dhr_fail(err, DHR_SYSTEM, "%s: can't be written (%s)", lock->path,
                        dhr_store_git_error());
    if ((!sharing.bits && chmod(lock->lock_path, lock->mode) != 0) ||
        rename(lock->lock_path, lock->path) != 0)
        return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be replaced", lock->path);
    lock->held = false;
    return 0;
}

void dhr_index_unlock(struct dhr_index_lock *lock)
{
    if (lock->index) {
        (void)git_repository_set_index(lock->git, NULL);
        git_index_free(lock->index);
    }
    if (lock->held)
        (void)unlink(lock->lock_path);
    free(lock->lock_path);
    free(lock->path);
    *lock = (struct dhr_index_lock){0};
}
