/* Staged folders: what is moved out of them, and what a crash leaves. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "dhrledger/file.h"
#include "dhrledger/staging.h"
#include "support.h"

static struct support t;
static struct dhr_err err;
static struct dhr_staging staging;
static int root = -1;

static void begin(void)
{
    support_begin(&t);
    root = open(t.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    cr_assert(root >= 0);
}

static void end(void)
{
    (void)close(root);
    support_end(&t);
}

TestSuite(staging, .init = begin, .fini = end);

static void stage(const char *path, const char *text)
{
    cr_assert(dhr_file_create(staging.fd, path, dhr_str_of(text), 0666, NULL, &err) == 0, "%s",
              err.text);
}

static const char *listing(void)
{
    return support_output(&t,
                          "find . -name .git -prune -o -not -name . -print | sort | tr '\\n' ' '");
}

Test(staging, moves_what_is_made_and_removes_the_rest)
{
    cr_assert(dhr_staging_begin(&staging, root, &err) == 0, "%s", err.text);
    cr_assert(dhr_file_mkdir(staging.fd, "a", &err) == 0 &&
              dhr_file_mkdir(staging.fd, "b", &err) == 0);
    stage("a/1", "one\n");
    stage("b/2", "two\n");
    cr_assert(dhr_staging_move(&staging, "a", root, "a") == 0);
    dhr_staging_end(&staging);
    cr_assert_str_eq(listing(), "./a ./a/1 ");
}

Test(staging, moves_over_nothing)
{
    support_write(&t, "taken/mine", "mine\n");
    support_write(&t, "file", "mine\n");
    support_run(&t, "mkdir empty");
    cr_assert(dhr_staging_begin(&staging, root, &err) == 0, "%s", err.text);
    cr_assert(dhr_file_mkdir(staging.fd, "a", &err) == 0);
    static const char *const taken[] = {"taken", "file", "empty"};
    for (size_t i = 0; i < sizeof(taken) / sizeof(*taken); i++)
        cr_assert(dhr_staging_move(&staging, "a", root, taken[i]) == -1 && errno == EEXIST);
    dhr_staging_end(&staging);
    cr_assert_str_eq(listing(), "./empty ./file ./taken ./taken/mine ");
}

/* A process that is killed at its work; -1 where it lives on. */
static pid_t abandon(bool lives)
{
    (void)fflush(NULL);
    pid_t child = fork();
    if (child == 0) {
        if (dhr_staging_begin(&staging, root, &err) == 0 &&
            dhr_file_mkdir(staging.fd, "a", &err) == 0)
            stage("a/1.ini", "one\n");
        (void)raise(lives ? SIGSTOP : SIGKILL);
        _exit(0);
    }
    (void)waitpid(child, NULL, WUNTRACED);
    return child;
}

Test(staging, that_was_left_is_hidden_from_git_and_removed_by_the_next)
{
    support_run(&t, "git init -q . && echo x >x && git add . && git commit -qm x");
    const char *left = support_text(&t, ".dhrledger-new.%ld~/a/1.ini", (long)abandon(false));
    cr_assert_str_eq(support_read(&t, left), "one\n");
    cr_assert_str_eq(support_output(&t, "git status --porcelain"), "");
    support_run(&t, "git add -A");
    cr_assert_str_eq(support_output(&t, "git ls-files"), "x");
    cr_assert(dhr_staging_begin(&staging, root, &err) == 0, "%s", err.text);
    cr_assert(!support_exists(&t, left));
    dhr_staging_end(&staging);
    cr_assert_str_eq(listing(), "./x ");
}

Test(staging, of_somebody_at_work_stays)
{
    pid_t other = abandon(true);
    const char *theirs = support_text(&t, ".dhrledger-new.%ld~/a/1.ini", (long)other);
    cr_assert(dhr_staging_begin(&staging, root, &err) == 0, "%s", err.text);
    dhr_staging_end(&staging);
    cr_assert_str_eq(support_read(&t, theirs), "one\n");
    (void)kill(other, SIGKILL);
    (void)waitpid(other, NULL, 0);
    cr_assert(dhr_staging_begin(&staging, root, &err) == 0, "%s", err.text);
    dhr_staging_end(&staging);
    cr_assert_str_eq(listing(), "");
}

/* In a container each process may have the same number; one that works in another has its lock. */
Test(staging, under_this_process_s_number_is_removed_unless_it_is_locked)
{
    const char *mine = support_text(&t, ".dhrledger-new.%ld~", (long)getpid());
    support_write(&t, support_text(&t, "%s/.gitignore", mine), "*\n");
    support_write(&t, support_text(&t, "%s/reviews/1.ini", mine), "one\n");
    int fd = openat(root, support_text(&t, "%s/.gitignore", mine), O_RDONLY);
    cr_assert(fd >= 0 && flock(fd, LOCK_EX) == 0);
    cr_assert(dhr_staging_begin(&staging, root, &err) == -1);
    cr_assert_eq(err.status, DHR_SYSTEM);
    cr_assert_str_eq(err.text, support_text(&t, "%s: can't be made a folder: File exists", mine));
    (void)close(fd);
    cr_assert(dhr_staging_begin(&staging, root, &err) == 0, "%s", err.text);
    dhr_staging_end(&staging);
    cr_assert_str_eq(listing(), "");
}

/* Names that only look like it, and what a link leads to, are not its own. */
Test(staging, touches_nothing_else)
{
    support_write(&t, "../outside/kept", "kept\n");
    support_write(&t, ".dhrledger-new.x~/kept", "kept\n");
    support_write(&t, ".dhrledger-new.99999999", "kept\n");
    support_run(
        &t, "mkdir .dhrledger-new.99999998~ && ln -s ../../outside .dhrledger-new.99999998~/link");
    cr_assert(dhr_staging_begin(&staging, root, &err) == 0, "%s", err.text);
    dhr_staging_end(&staging);
    cr_assert_str_eq(listing(),
                     "./.dhrledger-new.99999999 ./.dhrledger-new.x~ ./.dhrledger-new.x~/kept ");
    cr_assert_str_eq(support_read(&t, "../outside/kept"), "kept\n");
}

Test(staging, needs_a_folder_that_can_be_written)
{
    support_run(&t, "mkdir -p closed");
    int fd = openat(root, "closed", O_RDONLY | O_DIRECTORY);
    support_run(&t, "rmdir closed");
    cr_assert(dhr_staging_begin(&staging, fd, &err) == -1);
    cr_assert_eq(err.status, DHR_SYSTEM);
    (void)close(fd);
}
