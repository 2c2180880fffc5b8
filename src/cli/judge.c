/* The rules for changes, asked before our own commit: libgit2 runs no hook that would. */
#include "dhrledger/changes.h"
#include "dhrledger/check_range.h"
#include "guard.h"
#include "target.h"

/* An import makes sound records of its own, and thousands; a single one is what somebody typed. */
static bool is_import(const struct dhr_change *changes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (changes[i].kind != DHR_CHANGE_ADD)
            return false;
    }
    return count > 1;
}

/* Of the warnings those of the change itself: the others are for check to say. */
static int report(struct cli *cli, const struct dhr_findings *findings)
{
    struct dhr_buf text = {0};
    size_t errors = dhr_findings_of(findings, DHR_SEVERITY_ERROR);
    for (size_t i = 0; i < findings->count; i++) {
        const struct dhr_finding *f = &findings->items[i];
        if (f->severity == DHR_SEVERITY_ERROR || f->rule >= DHR_RULE_VANISHED)
            dhr_finding_add_line(&text, f);
    }
    cli_note_lines(&text);
    dhr_buf_release(&text);
    if (!errors)
        return 0;
    return dhr_fail(&cli->err, DHR_FOUND,
                    "the shared history would not take this change, so nothing was changed; mend "
                    "what is named above, and try again");
}

static int judge(struct cli_target *target, const char *tip, struct dhr_source *before,
                 struct dhr_source *after, const char *message)
{
    struct cli *cli = target->cli;
    struct dhr_findings findings = {0};
    struct dhr_findings accepted = {0};
    size_t touched = 0;
    const struct dhr_range range = {.repo = cli->repo,
                                    .prefix = cli->prefix,
                                    .before = before,
                                    .after = after,
                                    .base = tip,
                                    .head = tip,
                                    .staged = true,
                                    .message = message,
                                    .guard = cli->guard,
                                    .today = cli->today};
    dhr_ledger_release(&target->judged);
    int rc = dhr_check_range(&range, &target->judged, &findings, &accepted, &touched, &cli->err);
    cli_withhold_findings(cli, &findings);
    if (rc == 0)
        rc = report(cli, &findings);
    dhr_findings_release(&accepted);
    dhr_findings_release(&findings);
    return rc;
}

int cli_judge(struct cli_target *target, const struct dhr_change *changes, size_t count,
              const char *message)
{
    struct cli *cli = target->cli;
    struct dhr_source *before = NULL;
    struct dhr_source *after = NULL;
    char tip[DHR_COMMIT_ID_SIZE];
    if (target->writer)
        dhr_writer_tip(target->writer, tip);
    else if (dhr_repo_commit_of(cli->repo, "HEAD", tip, &cli->err) < 0)
        return -1;
    if (!*tip || is_import(changes, count))
        return 0;
    int rc = dhr_source_open_revision(&before, cli->repo, tip, cli->prefix, &cli->err);
    if (rc == 0)
        rc = dhr_source_open_plan(&after, cli->repo, tip, cli->prefix, changes, count, &cli->err);
    if (rc == 0)
        rc = judge(target, tip, before, after, message);
    dhr_source_free(after);
    dhr_source_free(before);
    return rc;
}
