/* What git's hooks run: before a commit, and before a push is taken. And writing those hooks. */
#include <stdlib.h>
#include <string.h>

#include "check_base.h"
#include "cli.h"
#include "dhrledger/changes.h"
#include "guard.h"
#include "hook_install.h"

/* One line of what git gives to pre-receive: "OLD NEW REF". */
struct update {
    char old_id[DHR_COMMIT_ID_SIZE]; /* empty where the reference is new */
    char new_id[DHR_COMMIT_ID_SIZE]; /* empty where it is deleted */
    const char *ref;
};

/* Findings, and what they mean for whoever committed or pushed. Quiet where all is well. */
static int report(struct cli *cli, struct dhr_findings *findings,
                  const struct dhr_findings *accepted, const char *refused)
{
    struct dhr_buf text = {0};
    size_t errors = dhr_findings_of(findings, DHR_SEVERITY_ERROR);
    dhr_findings_rank(findings);
    cli_withhold_findings(cli, findings);
    dhr_findings_add_text(&text, findings, 0);
    if (accepted->count)
        dhr_buf_addf(&text, "%zu accepted by %s\n", accepted->count,
                     accepted->count == 1 ? "a comment" : "comments");
    (void)fputs(dhr_buf_cstr(&text), stdout);
    (void)fflush(stdout);
    dhr_buf_release(&text);
    if (errors)
        cli_note("dhrledger: %s: %zu error%s. Mend what is named above; \"dhrledger explain "
                 "CODE\" says more about the code in brackets.",
                 refused, errors, errors == 1 ? "" : "s");
    return errors ? DHR_FOUND : DHR_OK;
}

static int pre_commit(struct cli *cli, const char *refused)
{
    struct check_base how = {.staged = true};
    struct dhr_findings findings = {0};
    struct dhr_findings accepted = {0};
    int status = check_base(cli, &how, &findings, &accepted) < 0
                     ? cli_fail(cli)
                     : report(cli, &findings, &accepted, refused);
    dhr_findings_release(&findings);
    dhr_findings_release(&accepted);
    return status;
}

static bool take_id(struct dhr_str word, char id[DHR_COMMIT_ID_SIZE])
{
    if (word.len != DHR_COMMIT_ID_SIZE - 1)
        return false;
    bool none = strspn(word.ptr, "0") >= word.len;
    memcpy(id, word.ptr, word.len);
    id[none ? 0 : word.len] = '\0';
    return true;
}

static int parse(struct cli *cli, struct dhr_str line, struct update *update)
{
    struct dhr_str rest = line;
    struct dhr_str word = {NULL, 0};
    if (!dhr_str_split(&rest, ' ', &word) || !take_id(word, update->old_id) ||
        !dhr_str_split(&rest, ' ', &word) || !take_id(word, update->new_id) || !rest.len)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "\"%.*s\": not a line that git gives to this hook, OLD NEW REF; it is run "
                        "by git, see \"dhrledger hook install\"",
                        DHR_ARG(line));
    update->ref = dhr_str_dup(&cli->arena, rest);
    return 0;
}

/* A tag ledger/… is what was agreed: it stays as it was set. */
static void check_tag(const struct update *update, struct dhr_findings *findings)
{
    if (update->old_id[0] && strcmp(update->old_id, update->new_id) != 0)
        dhr_findings_add(findings, DHR_RULE_TAG_LOST, update->ref, 0, 0,
                         "the tag would be %s; it marks what was agreed, so set another one",
                         update->new_id[0] ? "moved" : "deleted");
}

/*
 * The state a branch is compared with. The main branch, which HEAD names, only goes on from where
 * it was. Any other is compared with where it left the main branch, so that what came from there
 * by a merge is not its own. Where there is no main branch yet, with what it was.
 */
static int find_base(struct cli *cli, const struct update *update, bool main,
                     char base[DHR_COMMIT_ID_SIZE])
{
    char head[DHR_COMMIT_ID_SIZE];
    memcpy(base, update->old_id, DHR_COMMIT_ID_SIZE);
    if (dhr_repo_commit_of(cli->repo, "HEAD", head, &cli->err) < 0)
        return -1;
    return main || !head[0] ? 0 : dhr_range_base(cli->repo, head, update->new_id, base, &cli->err);
}

/* 0 or a status, with a sentence on standard error. */
static int check_update(struct cli *cli, const struct update *update, const char *main_ref)
{
    struct check_base how = {.main = strcmp(update->ref, main_ref) == 0};
    struct dhr_findings findings = {0};
    struct dhr_findings accepted = {0};
    char base[DHR_COMMIT_ID_SIZE] = "";
    int status = DHR_OK;
    if (strncmp(update->ref, "refs/tags/ledger/", strlen("refs/tags/ledger/")) == 0)
        check_tag(update, &findings);
    else if (strncmp(update->ref, "refs/heads/", strlen("refs/heads/")) == 0 && update->new_id[0] &&
             ((!cli->placed && !cli->root && cli_place_bare(cli, update->new_id) < 0) ||
              find_base(cli, update, how.main, base) < 0 ||
              check_between(cli, base, update->new_id, &how, &findings, &accepted) < 0))
        status = cli_fail(cli);
    if (status == DHR_OK)
        status = report(cli, &findings, &accepted,
                        dhr_arena_printf(&cli->arena, "%s was not taken", update->ref));
    dhr_findings_release(&findings);
    dhr_findings_release(&accepted);
    check_put_aside(cli);
    return status;
}

static int pre_receive(struct cli *cli)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len = 0;
    int status = DHR_OK;
    const char *main_ref = "";
    if (cli_find(cli) < 0)
        return cli_fail(cli);
    if (cli->repo)
        main_ref = dhr_repo_main_branch(cli->repo, &cli->arena);
    while (cli->repo && (len = getline(&line, &capacity, stdin)) > 0) {
        struct update update = {.ref = ""};
        struct dhr_str text = dhr_str_trim(dhr_str_span(line, (size_t)len));
        int one =
            parse(cli, text, &update) < 0 ? cli_fail(cli) : check_update(cli, &update, main_ref);
        /* All are looked at, so that one push tells all; the first failure decides. */
        status = status == DHR_OK ? one : status;
    }
    free(line);
    return status;
}

int cli_verb_hook(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {CLI_FOLDER_OPTION(cli), OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    const char *name = argc > 0 ? argv[0] : "";
    bool install = strcmp(name, "install") == 0;
    /* git gives its hooks no arguments that count here. */
    if (strcmp(name, "pre-commit") == 0)
        return pre_commit(cli, "not committed");
    if (strcmp(name, "pre-merge-commit") == 0)
        return pre_commit(cli, "not merged");
    if (strcmp(name, "pre-receive") == 0)
        return pre_receive(cli);
    if (install && argc == 1)
        return hook_install(cli) < 0 ? cli_fail(cli) : DHR_OK;
    (void)dhr_fail(&cli->err, DHR_USAGE,
                   install ? "%s takes no arguments"
                           : "\"%s\": write hook install, pre-commit, "
                             "pre-merge-commit or pre-receive",
                   install ? "hook install" : name);
    return cli_fail(cli);
}
