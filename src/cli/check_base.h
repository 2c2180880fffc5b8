/*
 * Checking what a range of history changed: what the verbs check and hook share.
 *
 *     struct check_base how = {.base = "origin/main"};
 *     if (check_base(cli, &how, &findings, &accepted) < 0)
 *         return cli_fail(cli);
 *
 * Afterwards cli->source and cli->ledger are what was read of the newer state.
 */
#ifndef CLI_CHECK_BASE_H
#define CLI_CHECK_BASE_H

#include "cli.h"

struct check_base {
    const char *base; /* --base: REV, A..B or A...B; NULL: none */
    bool staged;
    bool all;
    bool main;           /* the main branch is to become this */
    bool awaits_message; /* of what is staged: commit-msg will judge what needs that */
    const char *message; /* judge what needs this one alone; NULL: it isn't known */
    /* what it came to */
    const char *since; /* "commit 0123456789ab", or "the last commit" */
    size_t touched;
    char (*merged)[DHR_COMMIT_ID_SIZE]; /* what a staged merge takes in */
    size_t merged_count;
};

/* Options of the verb check. */
/* clang-format off */
#define CHECK_BASE_OPTIONS(how)                                                                    \
    {"base", 0, OPTION_VALUE, &(how)->base, "REV",                                                 \
     "Check what changed since REV, or between two (REV..REV)."},                                  \
    {"staged", 0, OPTION_FLAG, &(how)->staged, NULL,                                               \
     "Check what is staged against the last commit."},                                             \
    {"await-message", 0, OPTION_FLAG, &(how)->awaits_message, NULL,                                \
     "With --staged, leave to hook commit-msg what needs the message."},                           \
    {"all", 0, OPTION_FLAG, &(how)->all, NULL,                                                     \
     "With --base or --staged, report old findings as well."}
/* clang-format on */

/* After cli_parse. Findings are sorted. Fails with a sentence in cli->err. */
int check_base(struct cli *cli, struct check_base *how, struct dhr_findings *findings,
               struct dhr_findings *accepted);

/* The same for two commits by their full names, or empty for none. */
int check_between(struct cli *cli, const char *base, const char *head, struct check_base *how,
                  struct dhr_findings *findings, struct dhr_findings *accepted);

/* Before the next comparison. What was read stays: the guard against personal data borrows it. */
void check_put_aside(struct cli *cli);

/* "3 files changed since …: " */
void check_base_add_count(struct dhr_buf *out, const struct check_base *how);

#endif
