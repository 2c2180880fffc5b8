/*
 * Help for tests that need a folder, files and git.
 *
 *     static struct support t;
 *     static void begin(void) { support_begin(&t); }
 *     static void end(void)   { support_end(&t); }
 *     TestSuite(name, .init = begin, .fini = end);
 *
 *     support_write(&t, "reviews/x/review.ini", "[review]\n");
 *     support_run(&t, "git add . && git commit -qm %s", "first");
 *     cr_assert_str_eq(support_output(&t, "git status --porcelain"), "");
 *
 * Paths are relative to the test's own folder, where commands run too. git sees
 * only the configuration in ../home/.gitconfig: a user, a branch named main.
 * What is returned lives until support_end.
 */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <stdbool.h>

#include "dhrledger/mem.h"
#include "dhrledger/str.h"

struct support {
    struct dhr_arena arena;
    const char *base; /* holds home/ and the test's own folder */
    const char *dir;  /* the test's own folder: absolute, without a trailing slash */
};

void support_begin(struct support *t);
void support_end(struct support *t);

/* A printed string. */
const char *support_text(struct support *t, const char *fmt, ...) DHR_PRINTF(2, 3);
/* The absolute path of one below the test's folder. */
const char *support_path(struct support *t, const char *path);

/* Run a shell command; anything but exit status 0 fails the test. */
void support_run(struct support *t, const char *fmt, ...) DHR_PRINTF(2, 3);
/* Run a shell command and return its exit status (128 + signal where it was killed). */
int support_status(struct support *t, const char *fmt, ...) DHR_PRINTF(2, 3);
/* What a command printed, without the last newline; its exit status must be 0. */
const char *support_output(struct support *t, const char *fmt, ...) DHR_PRINTF(2, 3);

/* Write a file, and the folders it needs. */
void support_write(struct support *t, const char *path, const char *text);
void support_write_bytes(struct support *t, const char *path, struct dhr_str bytes);
/* A file's contents; the test fails where it can't be read. */
const char *support_read(struct support *t, const char *path);
bool support_exists(struct support *t, const char *path);

/*
 * A repository in `path` ("." for the test's folder) with a small ledger in its
 * one commit: reviews/durham-2012/{review,1,2,3}.ini and agencies/council.ini.
 */
void support_ledger(struct support *t, const char *path);

#endif
