#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "dhrledger/catalog.h"
#include "dhrledger/change.h"
#include "dhrledger/check.h"
#include "dhrledger/commit.h"
#include "dhrledger/file.h"

/* The command: which records, what to assign, and why. */
struct setting {
    struct cli *cli;
    const char *why;
    const char *agency;
    const char *action;
    bool dry;
    bool no_commit;
    struct dhr_plan_options options;
    struct dhr_assignment *assignments;
    size_t assignment_count;
    struct dhr_plan *plans; /* one for each ID */
    size_t plan_count;
    struct dhr_writer *writer; /* NULL with --no-commit */
    int root;                  /* the ledger's folder with --no-commit, or -1 */
    const struct dhr_record *settings;
    struct dhr_catalog catalog; /* of the work tree */
};

/* Words with a '=' assign; the others name records. An id never holds one. */
static int parse_words(struct setting *s, int argc, char **argv)
{
    struct cli *cli = s->cli;
    s->assignments = dhr_arena_zalloc(&cli->arena, ((size_t)argc + 1) * sizeof(*s->assignments));
    s->plans = dhr_arena_zalloc(&cli->arena, ((size_t)argc + 1) * sizeof(*s->plans));
    for (int i = 0; i < argc; i++) {
        if (strchr(argv[i], '=')) {
            if (dhr_assignment_parse(&s->assignments[s->assignment_count++], argv[i], &cli->err) <
                0)
                return -1;
            continue;
        }
        struct dhr_name name;
        if (cli_resolve(cli, &s->catalog, argv[i], &name) < 0)
            return -1;
        for (size_t j = 0; j < s->plan_count; j++) {
            if (strcmp(s->plans[j].path, name.path) == 0)
                return dhr_fail(&cli->err, DHR_USAGE, "%s: named twice", argv[i]);
        }
        s->plans[s->plan_count++] =
            (struct dhr_plan){.kind = name.kind, .path = name.path, .id = name.id};
    }
    if (!s->plan_count || !s->assignment_count)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "name a record and what to set: dhrledger set durham-2012/10.2.1 "
                        "status=in-progress -m \"why\"");
    return 0;
}

static int parse_options(struct setting *s)
{
    struct cli *cli = s->cli;
    if (!s->no_commit && cli_check_reason(cli, s->why) < 0)
        return -1;
    s->options.agency = dhr_str_of(s->agency ? s->agency : "");
    s->options.today = cli->today;
    if (s->action) {
        char *end = NULL;
        unsigned long number = strtoul(s->action, &end, 10);
        if (*end || end == s->action || number < 1 || number > 9999)
            return dhr_fail(&cli->err, DHR_USAGE, "--action %s: write the action's number",
                            s->action);
        s->options.action = (unsigned)number;
    }
    return 0;
}

static const char *repository_path(const struct setting *s, const char *path)
{
    const char *prefix = s->cli->prefix;
    return *prefix ? dhr_arena_printf(&s->cli->arena, "%s/%s", prefix, path) : path;
}

/* The record as it is now: at the branch's tip, or with --no-commit in the work tree. */
static int read_record(struct setting *s, struct dhr_plan *plan)
{
    struct cli *cli = s->cli;
    if (s->writer)
        return dhr_writer_read(s->writer, repository_path(s, plan->path), &cli->arena,
                               &plan->before, &cli->err);
    return dhr_file_read(s->root, plan->path, DHR_RECORD_MAX_BYTES, &cli->arena, &plan->before,
                         &cli->err);
}

/* Refuse a change after which the record would be unsound. */
static int check_plan(struct setting *s, const struct dhr_plan *plan, struct dhr_findings *findings)
{
    dhr_check_record(plan->record, dhr_catalog_has, &s->catalog, findings);
    dhr_findings_regrade(findings, s->settings);
    dhr_findings_sort(findings);
    if (!dhr_findings_of(findings, DHR_SEVERITY_ERROR))
        return 0;
    struct dhr_buf text = {0};
    for (size_t i = 0; i < findings->count; i++)
        cli_add_finding(&text, &findings->items[i]);
    (void)fputs(dhr_buf_cstr(&text), stderr);
    dhr_buf_release(&text);
    return dhr_fail(&s->cli->err, DHR_FOUND,
                    "%.*s: with this change the record would not be sound; nothing was changed",
                    DHR_ARG(plan->id));
}

static int make_plans(struct setting *s)
{
    struct cli *cli = s->cli;
    for (size_t i = 0; i < s->plan_count; i++) {
        struct dhr_plan *plan = &s->plans[i];
        struct dhr_findings findings = {0};
        int rc = read_record(s, plan);
        if (rc == 0)
            rc = dhr_plan_change(plan, s->assignments, s->assignment_count, &s->options,
                                 &cli->arena, &findings, &cli->err);
        if (rc == 0)
            rc = check_plan(s, plan, &findings);
        dhr_findings_release(&findings);
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* Records that already hold what was asked for drop out. */
static void drop_unchanged(struct setting *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->plan_count; i++) {
        struct dhr_plan plan = s->plans[i];
        s->plans[i] = (struct dhr_plan){0};
        if (plan.differences.count)
            s->plans[kept++] = plan;
        else
            cli_note("%.*s: nothing to change", DHR_ARG(plan.id));
    }
    s->plan_count = kept;
}

static int commit(struct setting *s)
{
    struct cli *cli = s->cli;
    struct dhr_buf message = {0};
    char id[DHR_COMMIT_ID_SIZE];
    struct dhr_change *changes = dhr_arena_alloc(&cli->arena, s->plan_count * sizeof(*changes));
    for (size_t i = 0; i < s->plan_count; i++)
        changes[i] = (struct dhr_change){.path = repository_path(s, s->plans[i].path),
                                         .bytes = s->plans[i].after};
    dhr_plan_add_message(&message, s->plans, s->plan_count, s->why);
    int rc = 0;
    if (!s->dry)
        rc = dhr_writer_commit(s->writer, changes, s->plan_count, dhr_buf_cstr(&message), id,
                               &cli->err);
    if (rc == 0 && s->dry)
        (void)printf("%s", dhr_buf_cstr(&message));
    else if (rc == 0)
        (void)printf("%.7s %.*s\n", id, (int)strcspn(message.ptr, "\n"), message.ptr);
    dhr_buf_release(&message);
    return rc;
}

/* --no-commit: the same change in the work tree's files alone. */
static int write_files(struct setting *s)
{
    for (size_t i = 0; i < s->plan_count; i++) {
        const struct dhr_plan *plan = &s->plans[i];
        if (!s->dry && dhr_file_replace(s->root, plan->path, plan->after, 0666, &s->cli->err) < 0)
            return -1;
        (void)printf("%s%s\n", plan->path, s->dry ? " (nothing written)" : "");
    }
    return 0;
}

/* What a commit needs, or with --no-commit the ledger's folder. */
static int open_target(struct setting *s)
{
    struct cli *cli = s->cli;
    if (s->no_commit && cli->root) {
        s->root = open(cli->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        return s->root < 0
                   ? dhr_fail_errno(&cli->err, DHR_UNREADABLE, "%s: can't be opened", cli->root)
                   : 0;
    }
    if (!cli->repo)
        return dhr_fail(&cli->err, DHR_UNREADABLE,
                        "%s: not in a git repository, so there is no history to commit to; use "
                        "--no-commit, or run \"git init\" there first",
                        cli->root);
    return dhr_writer_open(&s->writer, cli->repo, &cli->err);
}

static int run(struct setting *s, int argc, char **argv)
{
    struct cli *cli = s->cli;
    if (cli_today(cli) < 0 || cli_find(cli) < 0 || open_target(s) < 0 ||
        cli_list(cli, &s->catalog) < 0 || parse_words(s, argc, argv) < 0 || parse_options(s) < 0)
        return -1;
    s->settings = dhr_settings_read(cli->source, s->catalog.entries, s->catalog.count, &cli->arena);
    if (make_plans(s) < 0)
        return -1;
    drop_unchanged(s);
    if (!s->plan_count)
        return 0;
    return s->writer ? commit(s) : write_files(s);
}

int cli_verb_set(struct cli *cli, int argc, char **argv)
{
    struct setting s = {.cli = cli, .root = -1};
    const struct option_def options[] = {
        {"message", 'm', OPTION_VALUE, &s.why, "WHY", "The reason, for the commit's message."},
        {"agency", 0, OPTION_VALUE, &s.agency, "ID",
         "Whose section, where several agencies hold it."},
        {"action", 0, OPTION_VALUE, &s.action, "N", "The agency's action number N."},
        {"no-commit", 0, OPTION_FLAG, &s.no_commit, NULL,
         "Change the files in the work tree, and leave the commit to you."},
        {"dry-run", 'n', OPTION_FLAG, &s.dry, NULL, "Print the commit's message; change nothing."},
        {"today", 0, OPTION_VALUE, &cli->today_text, "DATE",
         "What \"today\" as a value means, and the date of a note without one."},
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    int rc = run(&s, argc, argv);
    for (size_t i = 0; s.plans && i < (size_t)argc; i++)
        dhr_plan_release(&s.plans[i]);
    dhr_writer_free(s.writer);
    if (s.root >= 0)
        (void)close(s.root);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
