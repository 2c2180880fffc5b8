#include "dhrledger/file.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "support.h"

static struct support t;
static int folder = -1;

static void begin(void)
{
    support_begin(&t);
    folder = open(t.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    cr_assert(folder >= 0, "%s: %s", t.dir, strerror(errno));
}

static void end(void)
{
    (void)close(folder);
    support_end(&t);
}

TestSuite(file, .init = begin, .fini = end, .timeout = 20);

/* Reading fails with this sentence; a file that is too large is a finding. */
static void refused(const char *name, size_t max_bytes, const char *sentence)
{
    bool large = strstr(sentence, ": larger than ") != NULL;
    struct dhr_err err = {0};
    struct dhr_str bytes = {NULL, 0};
    int rc = dhr_file_read(folder, name, max_bytes, &t.arena, &bytes, &err);
    cr_assert_eq(rc, -1, "%s was read", name);
    cr_assert_eq(err.status, large ? DHR_FOUND : DHR_UNREADABLE, "status %d", (int)err.status);
    cr_assert_str_eq(err.text, sentence);
}

static struct dhr_str accepted(const char *name, size_t max_bytes)
{
    struct dhr_err err = {0};
    struct dhr_str bytes = {NULL, 0};
    int rc = dhr_file_read(folder, name, max_bytes, &t.arena, &bytes, &err);
    cr_assert_eq(rc, 0, "%s", err.text);
    cr_assert_eq(bytes.ptr[bytes.len], '\0', "the end isn't marked");
    return bytes;
}

Test(file, reads_every_byte)
{
    support_write_bytes(&t, "x.ini", dhr_str_span("a\0b\xFF\r\n", 6));
    struct dhr_str bytes = accepted("x.ini", 6);
    cr_assert(bytes.len == 6 && memcmp(bytes.ptr, "a\0b\xFF\r\n", 6) == 0, "other bytes");
    support_write(&t, "sub/empty.ini", "");
    cr_assert_eq(accepted("sub/empty.ini", 0).len, 0, "an empty file has bytes");
}

#define TOO_LARGE "a file like this holds far less, so check that it is the right one"

Test(file, refuses_a_file_that_is_too_large)
{
    support_write(&t, "x.ini", "123456");
    refused("x.ini", 5, "x.ini: larger than 5 bytes; " TOO_LARGE);
}

Test(file, says_why_a_file_is_not_there)
{
    refused("none.ini", 5, "none.ini: can't be opened: No such file or directory");
    refused("none/none.ini", 5, "none/none.ini: can't be opened: No such file or directory");
}

Test(file, refuses_a_symbolic_link)
{
    support_write(&t, "x.ini", "x");
    support_run(&t, "ln -s x.ini link.ini && ln -s none.ini dangling.ini");
    refused("link.ini", 5, "link.ini: is a symbolic link; put the file itself in its place");
    refused("dangling.ini", 5,
            "dangling.ini: is a symbolic link; put the file itself in its place");
}

Test(file, refuses_what_is_no_file_and_does_not_wait)
{
    support_run(&t, "mkfifo pipe && mkdir dir");
    refused("pipe", 5, "pipe: is not a regular file");
    refused("dir", 5, "dir: is not a regular file");
    refused("/dev/zero", 5, "/dev/zero: is not a regular file");
}

Test(file, says_that_a_file_is_unreadable)
{
    if (geteuid() == 0)
        cr_skip("root may read everything");
    support_write(&t, "x.ini", "x");
    support_run(&t, "chmod 000 x.ini");
    refused("x.ini", 5, "x.ini: can't be opened: Permission denied");
}

/* What dhr_file_read_fd makes of a shell command's output. */
static int read_command(const char *command, size_t max_bytes, struct dhr_str *bytes,
                        struct dhr_err *err)
{
    FILE *pipe = popen(command, "r");
    cr_assert(pipe != NULL, "%s: %s", command, strerror(errno));
    int rc = dhr_file_read_fd(fileno(pipe), "standard input", max_bytes, &t.arena, bytes, err);
    (void)pclose(pipe);
    return rc;
}

Test(file, reads_a_pipe_to_its_end)
{
    struct dhr_err err = {0};
    struct dhr_str bytes = {NULL, 0};
    int rc = read_command("printf abc; sleep 0.1; printf def", 6, &bytes, &err);
    cr_assert_eq(rc, 0, "%s", err.text);
    cr_assert(dhr_str_is(bytes, "abcdef"), "\"%.*s\"", DHR_ARG(bytes));
    cr_assert_eq(bytes.ptr[6], '\0', "the end isn't marked");
    rc = read_command("head -c 1000000 /dev/zero", 1000000, &bytes, &err);
    cr_assert_eq(rc, 0, "%s", err.text);
    cr_assert_eq(bytes.len, 1000000, "%zu bytes", bytes.len);
    rc = read_command(":", 0, &bytes, &err);
    cr_assert_eq(rc, 0, "%s", err.text);
    cr_assert_eq(bytes.len, 0, "%zu bytes", bytes.len);
}

Test(file, stops_reading_a_pipe_that_is_too_large)
{
    static const size_t limits[] = {0, 6, 65535, 65536, 65537, 100000, 131072, 131073};
    for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
        struct dhr_err err = {0};
        struct dhr_str bytes = {NULL, 0};
        const char *command = support_text(&t, "head -c %zu /dev/zero", limits[i]);
        int rc = read_command(command, limits[i], &bytes, &err);
        cr_assert(rc == 0 && bytes.len == limits[i], "%zu: %s", limits[i], err.text);
        rc = read_command("cat /dev/zero 2>/dev/null", limits[i], &bytes, &err);
        cr_assert_eq(rc, -1, "all of /dev/zero fits %zu bytes", limits[i]);
        cr_assert_eq(err.status, DHR_FOUND, "status %d", (int)err.status);
        cr_assert_str_eq(
            err.text,
            support_text(&t, "standard input: larger than %zu bytes; " TOO_LARGE, limits[i]));
    }
}

Test(file, says_that_a_descriptor_is_unreadable)
{
    struct dhr_err err = {0};
    struct dhr_str bytes = {NULL, 0};
    int rc = dhr_file_read_fd(folder, "dir", 5, &t.arena, &bytes, &err);
    cr_assert_eq(rc, -1, "a folder was read");
    cr_assert_str_eq(err.text, "dir: can't be read: Is a directory");
}

static int replace(const char *name, const char *text, mode_t mode, struct dhr_err *err)
{
    return dhr_file_replace(folder, name, dhr_str_of(text), mode, err);
}

Test(file, many_are_synced_at_once)
{
    struct dhr_err err = {0};
    struct dhr_str bytes = {NULL, 0};
    cr_assert_eq(dhr_file_replace_unsynced(folder, "a", dhr_str_of("one\n"), 0666, &err), 0);
    cr_assert_eq(dhr_file_sync_all(folder, "here", &err), 0, "%s", err.text);
    cr_assert_eq(dhr_file_read(folder, "a", 5, &t.arena, &bytes, &err), 0, "%s", err.text);
    cr_assert(dhr_str_is(bytes, "one\n"));
    cr_assert_eq(dhr_file_sync_all(-1, "here", &err), -1);
    cr_assert_str_eq(err.text, "here: the files can't be written to disk: Bad file descriptor");
}

static unsigned mode_of(const char *name)
{
    struct stat st;
    cr_assert(fstatat(folder, name, &st, 0) == 0, "%s: %s", name, strerror(errno));
    return st.st_mode & 07777;
}

Test(file, replace_makes_a_file)
{
    struct dhr_err err = {0};
    (void)umask(022);
    cr_assert_eq(replace("new.ini", "one\n", 0666, &err), 0, "%s", err.text);
    cr_assert_str_eq(support_read(&t, "new.ini"), "one\n");
    cr_assert_eq(mode_of("new.ini"), 0644, "mode %o", mode_of("new.ini"));
    cr_assert_eq(replace("new.ini", "", 0666, &err), 0, "%s", err.text);
    cr_assert_str_eq(support_read(&t, "new.ini"), "");
}

Test(file, replace_keeps_the_mode)
{
    struct dhr_err err = {0};
    support_write(&t, "sub/x.ini", "old\n");
    support_run(&t, "chmod 0640 sub/x.ini");
    (void)umask(077);
    cr_assert_eq(replace("sub/x.ini", "new\n", 0666, &err), 0, "%s", err.text);
    cr_assert_str_eq(support_read(&t, "sub/x.ini"), "new\n");
    cr_assert_eq(mode_of("sub/x.ini"), 0640, "mode %o", mode_of("sub/x.ini"));
    cr_assert_str_eq(support_output(&t, "ls -A sub"), "x.ini");
}

Test(file, replace_leaves_readers_the_old_file)
{
    struct dhr_err err = {0};
    support_write(&t, "x.ini", "old\n");
    int fd = openat(folder, "x.ini", O_RDONLY | O_CLOEXEC);
    cr_assert_eq(replace("x.ini", "new\n", 0666, &err), 0, "%s", err.text);
    char text[8] = "";
    cr_assert_eq(read(fd, text, sizeof(text) - 1), 4, "the old file is gone");
    cr_assert_str_eq(text, "old\n");
    (void)close(fd);
}

/* Replacing fails with this sentence, and nothing else in the folder has changed. */
static void not_replaced(const char *name, const char *sentence)
{
    struct dhr_err err = {0};
    const char *before = support_output(&t, "ls -lAR");
    cr_assert_eq(replace(name, "new", 0666, &err), -1, "%s was replaced", name);
    cr_assert_eq(err.status, DHR_SYSTEM, "status %d", (int)err.status);
    cr_assert_str_eq(err.text, sentence);
    cr_assert_str_eq(support_output(&t, "ls -lAR"), before);
}

Test(file, replace_touches_nothing_but_files)
{
    support_write(&t, "x.ini", "old");
    support_run(&t, "mkfifo pipe && mkdir dir && ln -s x.ini link.ini");
    not_replaced("pipe", "pipe: is not a regular file, so it is left alone");
    not_replaced("dir", "dir: is not a regular file, so it is left alone");
    not_replaced("link.ini", "link.ini: is not a regular file, so it is left alone");
    not_replaced("none/x.ini", "none/x.ini: can't write beside it: No such file or directory");
    cr_assert_str_eq(support_read(&t, "x.ini"), "old");
}

Test(file, replace_in_a_folder_that_is_read_only)
{
    if (geteuid() == 0)
        cr_skip("root may write everywhere");
    support_write(&t, "sub/x.ini", "old");
    support_run(&t, "chmod 0555 sub");
    not_replaced("sub/x.ini", "sub/x.ini: can't write beside it: Permission denied");
}

Test(file, replace_of_a_path_that_is_too_long)
{
    char name[5000];
    struct dhr_err err = {0};
    memset(name, 'x', sizeof(name) - 1);
    name[sizeof(name) - 1] = '\0';
    cr_assert_eq(replace(name, "new", 0666, &err), -1, "it was written");
    cr_assert_eq(err.status, DHR_SYSTEM, "status %d", (int)err.status);
    cr_assert_str_eq(support_output(&t, "ls -A"), "");
}

/* A limit on the size of files fails as a full disk does: some bytes fit, the others don't. */
Test(file, a_full_disk_leaves_the_old_file)
{
    enum { LIMIT = 4096 };
    static char text[3 * LIMIT + 1];
    struct rlimit before;
    memset(text, 'x', sizeof(text) - 1);
    support_write(&t, "x.ini", "old");
    cr_assert(getrlimit(RLIMIT_FSIZE, &before) == 0, "%s", strerror(errno));
    struct rlimit small = {LIMIT, before.rlim_max};
    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert(setrlimit(RLIMIT_FSIZE, &small) == 0, "%s", strerror(errno));
    struct dhr_err err = {0};
    int rc = replace("x.ini", text, 0666, &err);
    (void)setrlimit(RLIMIT_FSIZE, &before);
    cr_assert_eq(rc, -1, "it was written");
    cr_assert_eq(err.status, DHR_SYSTEM, "status %d", (int)err.status);
    cr_assert_str_eq(err.text, "x.ini: can't be written: File too large");
    cr_assert_str_eq(support_read(&t, "x.ini"), "old");
    cr_assert_str_eq(support_output(&t, "ls -A"), "x.ini");
}

Test(file, mkdir)
{
    struct dhr_err err = {0};
    cr_assert_eq(dhr_file_mkdir(folder, "sub", &err), 0, "%s", err.text);
    cr_assert_eq(dhr_file_mkdir(folder, "sub", &err), 0, "a second time: %s", err.text);
    cr_assert_eq(dhr_file_mkdir(folder, "none/sub", &err), -1, "a folder in none");
    cr_assert_str_eq(err.text, "none/sub: can't be made a folder: No such file or directory");
    cr_assert_eq(err.status, DHR_SYSTEM, "status %d", (int)err.status);
    support_write(&t, "x.ini", "x");
    support_run(&t, "ln -s sub link");
    cr_assert_eq(dhr_file_mkdir(folder, "x.ini", &err), -1, "a file counts as a folder");
    cr_assert_str_eq(err.text, "x.ini: can't be made a folder: File exists");
    cr_assert_eq(dhr_file_mkdir(folder, "link", &err), -1, "a link counts as a folder");
}
