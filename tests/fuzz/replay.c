/*
 * A target's main where there is no libFuzzer: replay FILE…
 *
 * Gives it each file. One at which it aborts, crashes, or takes more than FUZZ_CPU_SECONDS (2)
 * of CPU time is named on standard error.
 *
 * What is slow is so only in a large file. Of NAME.repeated, what follows the line
 * "@repeat" is given again and again, each "@" in it with the turn's number.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

#include "fuzz.h"

enum { REPEATED_BYTES = 256 * 1024 };

static const char *current = "";

static void name_file(int signal_number)
{
    static const char slow[] = "takes too long: ";
    static const char fails[] = "at ";
    if (signal_number == SIGPROF)
        (void)!write(STDERR_FILENO, slow, sizeof(slow) - 1);
    else
        (void)!write(STDERR_FILENO, fails, sizeof(fails) - 1);
    (void)!write(STDERR_FILENO, current, strlen(current));
    (void)!write(STDERR_FILENO, "\n", 1);
    (void)signal(signal_number, SIG_DFL);
    (void)raise(signal_number);
}

static void add_repeated(struct dhr_buf *out, struct dhr_str head)
{
    static const char mark[] = "@repeat\n";
    const char *at = memmem(head.ptr, head.len, mark, strlen(mark));
    fuzz_check(at, "%s: no line %s", current, mark);
    struct dhr_str body = dhr_str_span(at + strlen(mark), 0);
    body.len = head.len - (size_t)(body.ptr - head.ptr);
    dhr_buf_add(out, head.ptr, (size_t)(at - head.ptr));
    for (unsigned turn = 1; out->len < REPEATED_BYTES; turn++) {
        for (size_t i = 0; i < body.len; i++) {
            if (body.ptr[i] == '@')
                dhr_buf_addf(out, "%u", turn);
            else
                dhr_buf_addc(out, body.ptr[i]);
        }
    }
}

static void limit_time(void)
{
    const char *seconds = getenv("FUZZ_CPU_SECONDS");
    const struct itimerval limit = {.it_value.tv_sec = seconds ? strtol(seconds, NULL, 10) : 2};
    (void)setitimer(ITIMER_PROF, &limit, NULL);
}

static void try_bytes(struct dhr_str bytes)
{
    limit_time();
    (void)LLVMFuzzerTestOneInput((const uint8_t *)bytes.ptr, bytes.len);
}

static void replay(const char *path)
{
    struct dhr_buf bytes = {0};
    struct dhr_buf repeated = {0};
    char block[1 << 16];
    size_t got = 0;
    FILE *file = fopen(path, "rb");
    while (file && (got = fread(block, 1, sizeof(block), file)) > 0)
        dhr_buf_add(&bytes, block, got);
    if (!file || ferror(file)) {
        perror(path);
        exit(1);
    }
    (void)fclose(file);
    current = path;
    if (dhr_str_ends(dhr_str_of(path), ".repeated")) {
        add_repeated(&repeated, dhr_buf_str(&bytes));
        try_bytes(dhr_buf_str(&repeated));
    } else {
        try_bytes(dhr_str_span(dhr_buf_cstr(&bytes), bytes.len));
    }
    dhr_buf_release(&repeated);
    dhr_buf_release(&bytes);
}

int main(int argc, char **argv)
{
    static const int fatal[] = {SIGABRT, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGPROF};
    for (size_t i = 0; i < sizeof(fatal) / sizeof(fatal[0]); i++)
        (void)signal(fatal[i], name_file);
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    (void)printf("%d files\n", argc - 1);
    return argc < 2;
}
