/*
 * One of several processes that commit at the same time:
 *
 *     commit_race FOLDER PATH LABEL COUNT
 *
 * Adds COUNT lines "LABEL NUMBER" to PATH, each in a commit of its own, in the
 * repository that holds FOLDER. A conflict is answered as a user would: by doing
 * the change again from what is there now. Prints how often that was.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "dhrledger/commit.h"

enum { MAX_TRIES = 2000 };

static int add_line(const char *folder, const char *path, const char *line, struct dhr_err *err)
{
    struct dhr_repo *repo = NULL;
    struct dhr_writer *writer = NULL;
    struct dhr_arena arena = {0};
    struct dhr_buf text = {0};
    struct dhr_str bytes = {NULL, 0};
    char id[DHR_COMMIT_ID_SIZE];
    int rc = dhr_repo_open(&repo, folder, err);
    if (rc == 0)
        rc = dhr_writer_open(&writer, repo, err);
    if (rc == 0)
        rc = dhr_writer_read(writer, path, &arena, &bytes, err);
    if (rc == 0) {
        dhr_buf_add_str(&text, bytes);
        dhr_buf_addf(&text, "%s\n", line);
        struct dhr_change change = {.path = path, .bytes = dhr_buf_str(&text)};
        rc = dhr_writer_commit(writer, &change, 1, line, id, err);
    }
    dhr_writer_free(writer);
    dhr_repo_free(repo);
    dhr_buf_release(&text);
    dhr_arena_release(&arena);
    return rc;
}

int main(int argc, char **argv)
{
    struct dhr_err err = {0};
    int conflicts = 0;
    if (argc != 5) {
        (void)fputs("usage: commit_race FOLDER PATH LABEL COUNT\n", stderr);
        return DHR_USAGE;
    }
    long count = strtol(argv[4], NULL, 10);
    if (dhr_store_init(&err) < 0) {
        (void)fprintf(stderr, "%s\n", err.text);
        return (int)err.status;
    }
    for (long i = 1; i <= count; i++) {
        char line[64];
        (void)snprintf(line, sizeof(line), "%s %ld", argv[3], i);
        while (add_line(argv[1], argv[2], line, &err) < 0) {
            if (err.status != DHR_CONFLICT || ++conflicts > MAX_TRIES) {
                (void)fprintf(stderr, "%s: %s\n", line, err.text);
                return (int)err.status;
            }
            struct timespec pause = {0, (long)(clock() % 10 + 1) * 1000000};
            (void)nanosleep(&pause, NULL);
        }
    }
    printf("%d\n", conflicts);
    dhr_store_shutdown();
    return 0;
}
