/*
 * What a verb that changes records writes to: a commit on the current branch, or with
 * --no-commit the files of the work tree alone.
 *
 *     struct cli_target target = {.cli = cli};
 *     const struct option_def options[] = {CLI_TARGET_OPTIONS(&target), …};
 *     …
 *     if (cli_find(cli) < 0 || cli_target_open(&target) < 0)
 *         …
 *     cli_target_read(&target, path, &cli->arena, &bytes, &cli->err)
 *     cli_target_write(&target, changes, count, message)
 *     cli_target_close(&target);
 */
#ifndef DHRLEDGER_CLI_TARGET_H
#define DHRLEDGER_CLI_TARGET_H

#include "cli.h"
#include "dhrledger/commit.h"

struct cli_target {
    struct cli *cli;
    const char *why;
    bool dry;
    bool no_commit;
    struct dhr_writer *writer; /* NULL with --no-commit */
    struct dhr_source *tip_source;
    struct dhr_ledger tip;    /* once cli_target_load_tip has read it */
    struct dhr_ledger judged; /* what cli_judge has read; the guard borrows from it */
};

#define CLI_TARGET_OPTIONS(target)                                                                 \
    {                                                                                              \
        "message",      'm',   OPTION_VALUE,                                                       \
        &(target)->why, "WHY", "The reason, for the commit's message."},                           \
        {"no-commit", 0,                                                                           \
         OPTION_FLAG, &(target)->no_commit,                                                        \
         NULL,        "Change the files in the work tree, and leave the commit to you."},          \
    {                                                                                              \
        "dry-run", 'n', OPTION_FLAG, &(target)->dry, NULL,                                         \
            "Print the commit's message; change nothing."                                          \
    }

/* After cli_find: the commit writer's preflight. */
int cli_target_open(struct cli_target *target);

/*
 * A file by its path from the ledger's root: as the branch's tip has it and the work
 * tree too, or with --no-commit as the work tree has it. A dhr_read_fn (rename.h), whose user is
 * the target.
 */
int cli_target_read(void *user, const char *path, struct dhr_arena *arena, struct dhr_str *bytes,
                    struct dhr_err *err);

/* The ledger at the branch's tip; NULL in *tip with --no-commit. */
int cli_target_load_tip(struct cli_target *target, const struct dhr_ledger **tip);

/*
 * Print findings where one is an error, and fail: "ID: with this change …". Severities
 * follow the settings, which may be NULL.
 */
int cli_target_check(struct cli_target *target, struct dhr_findings *findings,
                     const struct dhr_record *settings, struct dhr_str id);

/*
 * judge.c: what would become of the ledger is judged by the rules for changes, as a hook or the
 * shared repository would judge it. Prints what is found, and fails (DHR_FOUND) where that is an
 * error. The changes' paths are from the repository's root. An import of new records alone is
 * not judged: it is checked while it is made.
 */
int cli_judge(struct cli_target *target, const struct dhr_change *changes, size_t count,
              const char *message);

/* The same for changes that nobody writes yet, with paths from the ledger's root. */
int cli_target_judge(struct cli_target *target, const struct dhr_change *changes, size_t count,
                     const char *message);

/*
 * Commit the changes, whose paths are from the ledger's root, or write them; say on
 * standard output what was done.
 */
int cli_target_write(struct cli_target *target, const struct dhr_change *changes, size_t count,
                     const char *message);

void cli_target_close(struct cli_target *target);

#endif
