#include "check_base.h"

#include <string.h>

#include "dhrledger/changes.h"
#include "dhrledger/check_range.h"
#include "guard.h"

static int find_commit(struct cli *cli, const char *revision, char id[DHR_COMMIT_ID_SIZE])
{
    if (dhr_repo_commit_of(cli->repo, revision, id, &cli->err) < 0)
        return -1;
    if (id[0])
        return 0;
    return dhr_fail(&cli->err, DHR_UNREADABLE,
                    "%s: there is no such commit here; \"git branch -a\" shows the branches, and "
                    "\"git fetch --unshallow\" brings in what a shallow clone lacks",
                    revision);
}

/* As git diff A...B: what others did meanwhile on the base's branch is none of this range. */
static int find_merge_base(struct cli *cli, const char *base, const char *head,
                           char id[DHR_COMMIT_ID_SIZE])
{
    char one[DHR_COMMIT_ID_SIZE];
    if (find_commit(cli, base, one) < 0 || dhr_range_base(cli->repo, one, head, id, &cli->err) < 0)
        return -1;
    if (id[0])
        return 0;
    return dhr_fail(&cli->err, DHR_UNREADABLE,
                    "%s: no commit is common to it and what is checked; fetch the whole history "
                    "with \"git fetch --unshallow\" (in CI: fetch-depth: 0), or compare the two as "
                    "they are with --base %s..HEAD",
                    base, base);
}

/* "A..B" and "A...B" in two; an empty side is HEAD. */
static bool split_range(struct cli *cli, const char *text, const char **from, const char **to,
                        bool *common)
{
    const char *dots = strstr(text, "..");
    if (!dots)
        return false;
    *common = dots[2] == '.';
    const char *end = dots + (*common ? 3 : 2);
    *from = dots == text ? "HEAD" : dhr_arena_dup(&cli->arena, text, (size_t)(dots - text));
    *to = *end ? end : "HEAD";
    return true;
}

int check_between(struct cli *cli, const char *base, const char *head, struct check_base *how,
                  struct dhr_findings *findings, struct dhr_findings *accepted)
{
    struct dhr_source *before = NULL;
    int rc = cli_today(cli);
    if (rc == 0)
        rc = dhr_source_open_revision(&before, cli->repo, base[0] ? base : NULL, cli->prefix,
                                      &cli->err);
    if (rc == 0 && how->staged)
        rc = dhr_source_open_index(&cli->source, cli->repo, cli->prefix, &cli->err);
    else if (rc == 0)
        rc = dhr_source_open_revision(&cli->source, cli->repo, head, cli->prefix, &cli->err);
    if (rc == 0)
        rc = cli_guard(cli);
    const struct dhr_range range = {.repo = cli->repo,
                                    .prefix = cli->prefix,
                                    .before = before,
                                    .after = cli->source,
                                    .base = base,
                                    .head = head,
                                    .staged = how->staged,
                                    .message = how->message,
                                    .judge = how->message          ? DHR_JUDGE_MESSAGE
                                             : how->awaits_message ? DHR_JUDGE_FILES
                                                                   : DHR_JUDGE_ALL,
                                    .merged = (const char(*)[DHR_COMMIT_ID_SIZE])how->merged,
                                    .merged_count = how->merged_count,
                                    .main = how->main,
                                    .guard = cli->guard,
                                    .all = how->all,
                                    .today = cli->today};
    if (rc == 0) {
        dhr_watch_init(&cli->watch, cli->guard);
        cli->loaded = true;
        rc = dhr_check_range(&range, &cli->ledger, findings, accepted, &how->touched, &cli->err);
    }
    dhr_source_free(before);
    how->since = how->staged ? "the last commit"
                 : base[0]   ? dhr_arena_printf(&cli->arena, "commit %.12s", base)
                             : "the beginning";
    return rc;
}

void check_put_aside(struct cli *cli)
{
    if (cli->loaded) {
        dhr_arena_take(&cli->arena, &cli->ledger.arena);
        dhr_ledger_release(&cli->ledger);
        dhr_watch_release(&cli->watch);
    }
    dhr_source_free(cli->source);
    cli->source = NULL;
    cli->loaded = false;
}

static bool has_same(const struct dhr_findings *findings, const struct dhr_finding *finding)
{
    for (size_t i = 0; i < findings->count; i++) {
        const struct dhr_finding *other = &findings->items[i];
        if (other->rule == finding->rule && other->line == finding->line &&
            strcmp(other->path, finding->path) == 0 && strcmp(other->text, finding->text) == 0)
            return true;
    }
    return false;
}

/* What a merge brings in is new to each of its parents; what one of them has was judged there. */
static int drop_merged(struct cli *cli, const char *parent, const char *head,
                       struct check_base *how, struct dhr_findings *findings)
{
    struct dhr_findings since = {0};
    struct dhr_findings accepted = {0};
    size_t touched = how->touched;
    size_t kept = 0;
    check_put_aside(cli);
    int rc = check_between(cli, parent, head, how, &since, &accepted);
    for (size_t i = 0; rc == 0 && i < findings->count; i++) {
        if (has_same(&since, &findings->items[i]))
            findings->items[kept++] = findings->items[i];
    }
    if (rc == 0)
        findings->count = kept;
    how->touched = touched;
    dhr_findings_release(&accepted);
    dhr_findings_release(&since);
    return rc;
}

static int check_staged(struct cli *cli, struct check_base *how, struct dhr_findings *findings,
                        struct dhr_findings *accepted)
{
    char head[DHR_COMMIT_ID_SIZE];
    /* Empty before the first commit. */
    if (dhr_repo_commit_of(cli->repo, "HEAD", head, &cli->err) < 0)
        return -1;
    dhr_repo_merged(cli->repo, &cli->arena, &how->merged, &how->merged_count);
    int rc = check_between(cli, head, head, how, findings, accepted);
    for (size_t i = 0; rc == 0 && findings->count && i < how->merged_count; i++)
        rc = drop_merged(cli, how->merged[i], head, how, findings);
    return rc;
}

static int check_options(struct cli *cli, const struct check_base *how)
{
    if (how->base && how->staged)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "--base and --staged: give one of them; --staged compares with the last "
                        "commit");
    if (how->staged && cli->at)
        return dhr_fail(&cli->err, DHR_USAGE, "--at and --staged: give one of them");
    if (how->awaits_message && !how->staged)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "--await-message goes with --staged: the messages of commits are known");
    return 0;
}

int check_base(struct cli *cli, struct check_base *how, struct dhr_findings *findings,
               struct dhr_findings *accepted)
{
    char base[DHR_COMMIT_ID_SIZE];
    char head[DHR_COMMIT_ID_SIZE];
    const char *from = how->base;
    const char *to = cli->at ? cli->at : "HEAD";
    bool common = true;
    if (check_options(cli, how) < 0 || cli_find(cli) < 0)
        return -1;
    if (!cli->repo)
        return dhr_fail(&cli->err, DHR_UNREADABLE,
                        "%s: not in a git repository, so there is nothing to compare with",
                        cli->root);
    if (how->staged)
        return check_staged(cli, how, findings, accepted);
    if (split_range(cli, how->base, &from, &to, &common) && cli->at)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "--at %s: --base %s says already where the range ends", cli->at, how->base);
    if (find_commit(cli, to, head) < 0 ||
        (common ? find_merge_base(cli, from, head, base) : find_commit(cli, from, base)) < 0)
        return -1;
    return check_between(cli, base, head, how, findings, accepted);
}

void check_base_add_count(struct dhr_buf *out, const struct check_base *how)
{
    dhr_buf_addf(out, "%zu file%s changed since %s: ", how->touched, how->touched == 1 ? "" : "s",
                 how->since);
}
