/*
 * Files: reading whole ones without following links, and replacing them so that
 * a crash leaves the old bytes or the new ones.
 */
#ifndef DHRLEDGER_FILE_H
#define DHRLEDGER_FILE_H

#include <stddef.h>
#include <sys/stat.h>
#include <sys/types.h>

#include "dhrledger/err.h"
#include "dhrledger/mem.h"
#include "dhrledger/str.h"

/*
 * Read a regular file of at most max_bytes into the arena (NUL-terminated).
 * `name` is relative to dirfd (AT_FDCWD for the current folder). The last step
 * is never followed where it is a symbolic link, and a pipe or a device is
 * refused rather than waited for. Errors: DHR_FOUND where it is larger, otherwise
 * DHR_UNREADABLE, with name in the sentence.
 */
int dhr_file_read(int dirfd, const char *name, size_t max_bytes, struct dhr_arena *arena,
                  struct dhr_str *bytes, struct dhr_err *err);

/* Everything from a descriptor, such as standard input. */
int dhr_file_read_fd(int fd, const char *name, size_t max_bytes, struct dhr_arena *arena,
                     struct dhr_str *bytes, struct dhr_err *err);

/*
 * Put bytes in place of the file: a new file beside it, fsync, rename. mode is
 * used for a file that isn't there yet; otherwise its permission bits are kept.
 * Errors: DHR_SYSTEM; the old file is then still there.
 */
int dhr_file_replace(int dirfd, const char *name, struct dhr_str bytes, mode_t mode,
                     struct dhr_err *err);

/* All of the bytes, however many calls that takes; -1 with errno. */
int dhr_file_write(int fd, struct dhr_str bytes);

/*
 * Write a new file, which nobody reads yet: for many of them the caller makes the disk
 * have all at once, with dhr_file_sync_all, before they are moved to their places.
 * st, which may be NULL, receives what it is then. DHR_SYSTEM; no file of the name is left
 * then, unless it was there before.
 */
int dhr_file_create(int dirfd, const char *name, struct dhr_str bytes, mode_t mode, struct stat *st,
                    struct dhr_err *err);

/*
 * For many files: the same without the fsync, and then everything that was written on
 * the file system of fd at once. A power cut before that may leave such a file empty, so
 * its bytes have to be safe elsewhere, or the whole of it be done again.
 */
int dhr_file_replace_unsynced(int dirfd, const char *name, struct dhr_str bytes, mode_t mode,
                              struct dhr_err *err);
int dhr_file_sync_all(int fd, const char *name, struct dhr_err *err);

/* mkdir that is content with a folder that exists. */
int dhr_file_mkdir(int dirfd, const char *name, struct dhr_err *err);

/* A file, or a folder with all that it holds, as far as it can be; links are not followed. */
void dhr_file_remove_all(int dirfd, const char *name);

#endif
