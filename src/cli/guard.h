/*
 * What keeps personal data out of the history: the names of "git config
 * dhrledger.denylist", and the gates in front of a commit.
 *
 *     if (cli_guard(cli) < 0)                      // once the repository is known
 *         …
 *     cli_check_private(cli, why, changes, count)
 */
#ifndef DHRLEDGER_CLI_GUARD_H
#define DHRLEDGER_CLI_GUARD_H

#include "cli.h"
#include "dhrledger/change.h"
#include "dhrledger/commit.h"
#include "dhrledger/findings_write.h"

/*
 * Make cli->guard, with the deny-list's names where there is one. A list that can't be
 * read is DHR_UNREADABLE, one inside the work tree DHR_USAGE.
 */
int cli_guard(struct cli *cli);

/* Fail (DHR_FOUND) where the reason or the path of a new file holds personal data. */
int cli_check_private(struct cli *cli, const char *why, const struct dhr_change *changes,
                      size_t count);

/* Append a message without personal data: what a value was before stands in it, too. */
void cli_withhold(struct cli *cli, const char *message, struct dhr_buf *out);

/*
 * Take personal data out of findings that repeat a value or a path, right before they are printed:
 * they no longer lead to their file.
 */
void cli_withhold_findings(struct cli *cli, struct dhr_findings *findings);

/* Print them to stderr, a line each, without personal data. */
void cli_note_findings(struct cli *cli, struct dhr_findings *findings);

/* cli_withhold_findings for the sections and keys that findings are in. */
void cli_withhold_places(struct cli *cli, struct dhr_findings_report *report);

/* cli_note without personal data, for what repeats words of a file. After cli_guard. */
void cli_note_plain(struct cli *cli, const char *fmt, ...) DHR_PRINTF(2, 3);

/* Report personal data that the plans bring in. */
int cli_check_plans(struct cli *cli, const struct dhr_plan *plans, size_t count,
                    struct dhr_findings *findings);

#endif
