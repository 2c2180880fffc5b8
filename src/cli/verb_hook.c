/* What git's hooks run: before a commit, and before a push is taken. And writing those hooks. */
#include <string.h>

#include "check_base.h"
#include "cli.h"
#include "commit_message.h"
#include "hook_install.h"
#include "hook_report.h"
#include "push.h"

static int judge(struct cli *cli, struct check_base how, const char *refused)
{
    struct dhr_findings findings = {0};
    struct dhr_findings accepted = {0};
    how.staged = true;
    int status = check_base(cli, &how, &findings, &accepted) < 0
                     ? cli_fail(cli)
                     : hook_report(cli, &findings, &accepted, refused);
    dhr_findings_release(&findings);
    dhr_findings_release(&accepted);
    return status;
}

/* Whether there is a ledger anywhere in the last commit, or in the next. */
static int has_ledger(struct cli *cli, bool *has)
{
    char head[DHR_COMMIT_ID_SIZE];
    const char *before = NULL;
    const char *after = NULL;
    if (dhr_repo_commit_of(cli->repo, "HEAD", head, &cli->err) < 0 ||
        (*head && dhr_repo_find_ledger(cli->repo, head, &cli->arena, &before, &cli->err) < 0) ||
        dhr_repo_find_ledger(cli->repo, NULL, &cli->arena, &after, &cli->err) < 0)
        return -1;
    *has = before || after || dhr_repo_has_ledger(cli->repo, head, cli->prefix);
    return 0;
}

/*
 * git runs the hooks on every branch, and one may have no ledger, such as that of a site's pages.
 * There nothing but messages is to be judged. A ledger that the work tree alone lacks is missed.
 */
static int find(struct cli *cli)
{
    const struct dhr_err none = {0};
    bool has = true;
    if (cli_find(cli) == 0)
        return 0;
    const struct dhr_err missed = cli->err;
    const char *folder = cli->folder ? cli->folder : "";
    if (folder[0] == '/' || (!cli->repo && dhr_repo_open(&cli->repo, ".", &cli->err) < 0))
        return -1;
    if (cli->repo && dhr_repo_workdir(cli->repo)) {
        cli->err = none;
        cli->prefix = folder;
        if (has_ledger(cli, &has) < 0)
            return -1;
    }
    cli->err = has ? missed : none;
    return has ? -1 : 0;
}

/* Where git will run commit-msg as well, that judges what needs the message. */
static int pre_commit(struct cli *cli, const char *refused)
{
    struct check_base how = {.base = NULL};
    if (find(cli) < 0)
        return cli_fail(cli);
    if (cli->repo && !cli->root)
        cli_note("dhrledger: no ledger is on this branch, so no record was checked");
    how.awaits_message = cli->repo && dhr_repo_runs_hook(cli->repo, "commit-msg");
    return judge(cli, how, refused);
}

static int commit_msg(struct cli *cli, const char *file)
{
    struct check_base how = {.base = NULL};
    if (find(cli) < 0 || (cli->repo && commit_message_read(cli, file, &how.message) < 0))
        return cli_fail(cli);
    /* Who leaves the editor without a message wants no commit. */
    bool ends = how.message && !*how.message && commit_message_is_edited();
    return ends ? DHR_OK : judge(cli, how, "not committed");
}

int cli_verb_hook(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {CLI_FOLDER_OPTION(cli), OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    const char *name = argc > 0 ? argv[0] : "";
    bool install = strcmp(name, "install") == 0;
    /* git gives the others no arguments that count here. */
    if (strcmp(name, "commit-msg") == 0 && argc == 2)
        return commit_msg(cli, argv[1]);
    if (strcmp(name, "pre-commit") == 0)
        return pre_commit(cli, "not committed");
    if (strcmp(name, "pre-merge-commit") == 0)
        return pre_commit(cli, "not merged");
    if (strcmp(name, "pre-receive") == 0)
        return cli_push(cli);
    if (install && argc == 1)
        return hook_install(cli) < 0 ? cli_fail(cli) : DHR_OK;
    (void)dhr_fail(&cli->err, DHR_USAGE,
                   install ? "%s takes no arguments"
                           : "\"%s\": write hook install, pre-commit, pre-merge-commit, "
                             "commit-msg FILE or pre-receive",
                   install ? "hook install" : name);
    return cli_fail(cli);
}
