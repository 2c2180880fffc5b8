/* Personal data kept out: the deny-list of names, and what a commit would bring in. */
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/check.h"
#include "dhrledger/file.h"
#include "guard.h"

enum { DENYLIST_MAX_BYTES = 4 * 1024 * 1024 };

/* The list at `path`, which the setting has as `written`. */
static int read_names(struct cli *cli, const char *written, const char *path)
{
    char real[PATH_MAX];
    char top[PATH_MAX];
    struct dhr_str list = {NULL, 0};
    const char *workdir = dhr_repo_workdir(cli->repo);
    if (!realpath(path, real))
        return dhr_fail_errno(&cli->err, DHR_UNREADABLE,
                              "%s: the deny-list of names can't be opened; correct \"git config "
                              "dhrledger.denylist\", which names it",
                              written);
    if (workdir && realpath(workdir, top) && strncmp(real, top, strlen(top)) == 0 &&
        real[strlen(top)] == '/')
        return dhr_fail(&cli->err, DHR_USAGE,
                        "%s: the deny-list of names lies in the repository, where a commit would "
                        "publish it; move it elsewhere, and name it with \"git config "
                        "dhrledger.denylist PATH\"",
                        written);
    if (dhr_file_read(AT_FDCWD, real, DENYLIST_MAX_BYTES, &cli->arena, &list, &cli->err) < 0) {
        cli->err.status = DHR_UNREADABLE;
        return -1;
    }
    return dhr_guard_add_names(cli->guard, list, written, &cli->err);
}

int cli_guard(struct cli *cli)
{
    if (cli->guard)
        return 0;
    cli->guard = dhr_guard_new();
    if (!cli->repo)
        return 0;
    static const char setting[] = "dhrledger.denylist";
    const char *path = dhr_repo_path_setting(cli->repo, setting, &cli->arena);
    return path ? read_names(cli, dhr_repo_setting(cli->repo, setting, &cli->arena), path) : 0;
}

static int check_reason(struct cli *cli, const char *why)
{
    struct dhr_private found;
    struct dhr_privacy_scan scan = {
        .text = dhr_str_of(why ? why : ""), .kind = DHR_TEXT_PROSE, .guard = cli->guard};
    if (!dhr_privacy_next(&scan, &found))
        return 0;
    return dhr_fail(&cli->err, DHR_FOUND,
                    "the reason holds what looks like %s, at byte %zu; leave it out: what is in "
                    "the history stays there",
                    dhr_privacy_name(found.rule), found.at + 1);
}

int cli_check_private(struct cli *cli, const char *why, const struct dhr_change *changes,
                      size_t count)
{
    struct dhr_findings findings = {0};
    int rc = cli_guard(cli);
    if (rc == 0)
        rc = check_reason(cli, why);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        /* What moves goes from one path right to the other. */
        bool moves = i > 0 && changes[i - 1].kind == DHR_CHANGE_REMOVE;
        if (changes[i].kind == DHR_CHANGE_ADD)
            dhr_check_path(changes[i].path, moves ? changes[i - 1].path : "", cli->guard,
                           &findings);
    }
    if (findings.count)
        rc = dhr_fail(&cli->err, DHR_FOUND,
                      "%s: the id would hold what looks like %s, left out here; choose another: "
                      "what is in the history stays there",
                      findings.items[0].path, dhr_privacy_name(findings.items[0].rule));
    dhr_findings_release(&findings);
    return rc;
}

/* Add text with each piece that the scan finds left out, until one is a name or none is. */
static void add_withheld(struct dhr_buf *out, struct dhr_privacy_scan scan, bool names)
{
    struct dhr_private found;
    size_t done = 0;
    while (dhr_privacy_next(&scan, &found) && (names || found.rule != DHR_RULE_DENIED_NAME)) {
        dhr_buf_add(out, scan.text.ptr + done, found.at - done);
        dhr_buf_adds(out, DHR_WITHHELD);
        done = found.at + found.len;
    }
    dhr_buf_add(out, scan.text.ptr + done, scan.text.len - done);
}

void cli_withhold(struct cli *cli, const char *message, struct dhr_buf *out)
{
    struct dhr_buf numbers = {0};
    add_withheld(&numbers,
                 (struct dhr_privacy_scan){
                     .text = dhr_str_of(message), .kind = DHR_TEXT_PROSE, .guard = cli->guard},
                 false);
    struct dhr_str text = dhr_buf_str(&numbers);
    add_withheld(out,
                 (struct dhr_privacy_scan){
                     .text = text, .kind = DHR_TEXT_PROSE, .guard = cli->guard, .at = text.len},
                 true);
    dhr_buf_release(&numbers);
}

/* Authors are asked for, the settings are where addresses belong, and a day in the future is none.
 */
static bool is_meant(const struct dhr_finding *finding)
{
    return finding->rule == DHR_RULE_SAME_AUTHOR || finding->rule == DHR_RULE_NOT_CSP ||
           finding->rule == DHR_RULE_FUTURE_DATE || strcmp(finding->path, ".dhrledger.ini") == 0;
}

void cli_withhold_findings(struct cli *cli, struct dhr_findings *findings)
{
    struct dhr_buf plain = {0};
    for (size_t i = 0; i < findings->count; i++) {
        struct dhr_finding *finding = &findings->items[i];
        if (is_meant(finding))
            continue;
        dhr_buf_clear(&plain);
        cli_withhold(cli, finding->text, &plain);
        if (strcmp(dhr_buf_cstr(&plain), finding->text) != 0)
            finding->text = dhr_arena_dup(&findings->arena, plain.ptr, plain.len);
        finding->path = dhr_path_without(finding->path, cli->guard, &findings->arena);
    }
    dhr_buf_release(&plain);
}

void cli_note_findings(struct cli *cli, struct dhr_findings *findings)
{
    struct dhr_buf text = {0};
    cli_withhold_findings(cli, findings);
    for (size_t i = 0; i < findings->count; i++)
        dhr_finding_add_line(&text, &findings->items[i]);
    cli_note_lines(&text);
    dhr_buf_release(&text);
}

/* A heading or a key as it can be printed. */
static struct dhr_str withheld(struct cli *cli, struct dhr_str text)
{
    struct dhr_buf plain = {0};
    cli_withhold(cli, dhr_str_dup(&cli->arena, text), &plain);
    const char *copy = dhr_arena_dup(&cli->arena, dhr_buf_cstr(&plain), plain.len);
    dhr_buf_release(&plain);
    return dhr_str_of(copy);
}

void cli_withhold_places(struct cli *cli, struct dhr_findings_report *report)
{
    for (size_t i = 0; i < report->count; i++) {
        report->rows[i].section = withheld(cli, report->rows[i].section);
        report->rows[i].key = withheld(cli, report->rows[i].key);
    }
}

void cli_note_plain(struct cli *cli, const char *fmt, ...)
{
    struct dhr_buf plain = {0};
    char *text = NULL;
    va_list ap;
    va_start(ap, fmt);
    if (vasprintf(&text, fmt, ap) < 0)
        text = NULL;
    va_end(ap);
    cli_withhold(cli, text ? text : fmt, &plain);
    cli_note("%s", dhr_buf_cstr(&plain));
    dhr_buf_release(&plain);
    free(text);
}

int cli_check_plans(struct cli *cli, const struct dhr_plan *plans, size_t count,
                    struct dhr_findings *findings)
{
    if (cli_guard(cli) < 0)
        return -1;
    if (cli->loaded)
        dhr_guard_add_contacts(cli->guard, &cli->ledger);
    for (size_t i = 0; i < count; i++)
        dhr_check_text(plans[i].path, plans[i].after, DHR_TEXT_RECORD, plans[i].before, cli->guard,
                       findings);
    return 0;
}
