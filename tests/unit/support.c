#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "dhrledger/file.h"

enum { MAX_BYTES = 64 * 1024 * 1024 };

static const char *format(struct support *t, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    cr_assert(len >= 0, "a format can't be printed: %s", fmt);
    char *text = dhr_arena_alloc(&t->arena, (size_t)len + 1);
    (void)vsnprintf(text, (size_t)len + 1, fmt, ap);
    return text;
}

const char *support_text(struct support *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = format(t, fmt, ap);
    va_end(ap);
    return text;
}

const char *support_path(struct support *t, const char *path)
{
    return support_text(t, "%s/%s", t->dir, path);
}

/* Variables by which the caller's git or shell would reach into a test. */
static void isolate(struct support *t)
{
    static const char *const unwanted[] = {"GIT_DIR",
                                           "GIT_WORK_TREE",
                                           "GIT_INDEX_FILE",
                                           "GIT_OBJECT_DIRECTORY",
                                           "GIT_ALTERNATE_OBJECT_DIRECTORIES",
                                           "GIT_COMMON_DIR",
                                           "GIT_NAMESPACE",
                                           "GIT_PREFIX",
                                           "GIT_CONFIG",
                                           "GIT_CONFIG_COUNT",
                                           "GIT_CONFIG_PARAMETERS",
                                           "GIT_CONFIG_SYSTEM",
                                           "GIT_AUTHOR_NAME",
                                           "GIT_AUTHOR_EMAIL",
                                           "GIT_AUTHOR_DATE",
                                           "GIT_COMMITTER_NAME",
                                           "GIT_COMMITTER_EMAIL",
                                           "GIT_COMMITTER_DATE",
                                           "EMAIL",
                                           "XDG_CONFIG_HOME",
                                           "GIT_EDITOR",
                                           "GIT_PAGER",
                                           "GIT_TRACE",
                                           "DHRLEDGER_TODAY",
                                           "DHRLEDGER_PAGER"};
    for (size_t i = 0; i < sizeof(unwanted) / sizeof(*unwanted); i++)
        (void)unsetenv(unwanted[i]);
    (void)setenv("HOME", support_text(t, "%s/home", t->base), 1);
    (void)setenv("GIT_CONFIG_GLOBAL", support_text(t, "%s/home/.gitconfig", t->base), 1);
    (void)setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
    (void)setenv("GIT_CEILING_DIRECTORIES", t->base, 1);
    (void)setenv("GIT_TERMINAL_PROMPT", "0", 1);
    (void)setenv("LC_ALL", "C", 1);
    (void)setenv("TZ", "UTC", 1);
}

void support_begin(struct support *t)
{
    const char *tmp = getenv("TMPDIR");
    *t = (struct support){0};
    char *dir = dhr_arena_printf(&t->arena, "%s/dhrledger-test-XXXXXX", tmp ? tmp : "/tmp");
    cr_assert(mkdtemp(dir) != NULL, "%s: %s", dir, strerror(errno));
    char *real = realpath(dir, NULL);
    cr_assert(real != NULL, "%s: %s", dir, strerror(errno));
    t->base = dhr_arena_dup(&t->arena, real, strlen(real));
    t->dir = support_text(t, "%s/test", t->base);
    cr_assert(mkdir(t->dir, 0777) == 0, "%s: %s", t->dir, strerror(errno));
    free(real);
    isolate(t);
    support_write(
        t, "../home/.gitconfig",
        "[user]\n\tname = Ann Example\n\temail = ann@example.org\n"
        "[init]\n\tdefaultBranch = main\n[gc]\n\tauto = 0\n[commit]\n\tgpgSign = false\n");
}

/* Run a command in the test's folder; out receives its standard output where it isn't NULL. */
static int run(struct support *t, const char *command, struct dhr_buf *out)
{
    int ends[2];
    cr_assert(pipe(ends) == 0, "pipe: %s", strerror(errno));
    (void)fflush(NULL);
    pid_t child = fork();
    cr_assert(child >= 0, "fork: %s", strerror(errno));
    if (child == 0) {
        if (chdir(t->dir) != 0 || (out && dup2(ends[1], STDOUT_FILENO) < 0))
            _exit(126);
        (void)close(ends[0]);
        (void)close(ends[1]);
        (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    (void)close(ends[1]);
    char block[4096];
    ssize_t got = 0;
    while (out && ((got = read(ends[0], block, sizeof(block))) > 0 || (got < 0 && errno == EINTR)))
        if (got > 0)
            dhr_buf_add(out, block, (size_t)got);
    (void)close(ends[0]);
    int status = 0;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void support_end(struct support *t)
{
    if (t->dir)
        (void)run(t, "chmod -R u+rwX .. && find .. -mindepth 1 -depth ! -path ../test -delete",
                  NULL);
    if (t->dir) {
        (void)rmdir(t->dir);
        (void)rmdir(t->base);
    }
    dhr_arena_release(&t->arena);
    *t = (struct support){0};
}

int support_status(struct support *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *command = format(t, fmt, ap);
    va_end(ap);
    return run(t, command, NULL);
}

void support_run(struct support *t, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *command = format(t, fmt, ap);
    va_end(ap);
    int status = run(t, command, NULL);
    cr_assert(status == 0, "exit status %d: %s", status, command);
}

const char *support_output(struct support *t, const char *fmt, ...)
{
    struct dhr_buf out = {0};
    va_list ap;
    va_start(ap, fmt);
    const char *command = format(t, fmt, ap);
    va_end(ap);
    int status = run(t, command, &out);
    struct dhr_str text = dhr_buf_str(&out);
    if (text.len && text.ptr[text.len - 1] == '\n')
        text.len--;
    const char *copy = dhr_str_dup(&t->arena, text);
    dhr_buf_release(&out);
    cr_assert(status == 0, "exit status %d: %s", status, command);
    return copy;
}

static void make_folders(const char *path)
{
    char folder[4096];
    for (const char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        (void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
        cr_assert(mkdir(folder, 0777) == 0 || errno == EEXIST, "%s: %s", folder, strerror(errno));
    }
}

void support_write_bytes(struct support *t, const char *path, struct dhr_str bytes)
{
    const char *full = support_path(t, path);
    make_folders(full);
    FILE *file = fopen(full, "wb");
    cr_assert(file != NULL, "%s: %s", full, strerror(errno));
    cr_assert(fwrite(bytes.ptr ? bytes.ptr : "", 1, bytes.len, file) == bytes.len, "%s", full);
    cr_assert(fclose(file) == 0, "%s: %s", full, strerror(errno));
}

void support_write(struct support *t, const char *path, const char *text)
{
    support_write_bytes(t, path, dhr_str_of(text));
}

const char *support_read(struct support *t, const char *path)
{
    struct dhr_err err = {0};
    struct dhr_str bytes = {NULL, 0};
    int rc = dhr_file_read(AT_FDCWD, support_path(t, path), MAX_BYTES, &t->arena, &bytes, &err);
    cr_assert(rc == 0, "%s", err.text);
    return bytes.ptr;
}

bool support_exists(struct support *t, const char *path)
{
    struct stat st;
    return lstat(support_path(t, path), &st) == 0;
}

void support_ledger(struct support *t, const char *path)
{
    static const char *const files[] = {"reviews/durham-2012/review.ini",
                                        "reviews/durham-2012/1.ini", "reviews/durham-2012/2.ini",
                                        "reviews/durham-2012/3.ini", "agencies/council.ini"};
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        support_write(t, support_text(t, "%s/%s", path, files[i]),
                      support_text(t, "# %s\nkey = value\n", files[i]));
    support_write(t, support_text(t, "%s/.gitattributes", path), "*.ini text eol=lf\n");
    support_run(t,
                "git init -q '%s' && cd '%s' && git add reviews agencies .gitattributes && "
                "git commit -qm 'The first ledger'",
                path, path);
}
