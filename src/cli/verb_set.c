#include <stdlib.h>
#include <string.h>

#include "dhrledger/change.h"
#include "dhrledger/check.h"
#include "guard.h"
#include "target.h"

/* The command: which records, what to assign, and why. */
struct setting {
    struct cli *cli;
    struct cli_target target;
    const char *agency;
    const char *action;
    struct dhr_plan_options options;
    struct dhr_assignment *assignments;
    size_t assignment_count;
    struct dhr_plan *plans; /* one for each ID */
    size_t plan_count;
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
    if (!s->target.no_commit && cli_check_reason(cli, s->target.why) < 0)
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

/* Refuse a change after which the record would be unsound. */
static int check_plan(struct setting *s, const struct dhr_plan *plan, struct dhr_findings *findings)
{
    dhr_check_record(plan->record, dhr_catalog_has, &s->catalog, s->cli->today, findings);
    if (cli_check_plans(s->cli, plan, 1, findings) < 0)
        return -1;
    return cli_target_check(&s->target, findings, s->settings, plan->id);
}

static int make_plans(struct setting *s)
{
    struct cli *cli = s->cli;
    for (size_t i = 0; i < s->plan_count; i++) {
        struct dhr_plan *plan = &s->plans[i];
        struct dhr_findings findings = {0};
        int rc = cli_target_read(&s->target, plan->path, &cli->arena, &plan->before, &cli->err);
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

static int write_plans(struct setting *s)
{
    struct dhr_buf message = {0};
    struct dhr_change *changes = dhr_arena_alloc(&s->cli->arena, s->plan_count * sizeof(*changes));
    for (size_t i = 0; i < s->plan_count; i++)
        changes[i] = (struct dhr_change){.path = s->plans[i].path, .bytes = s->plans[i].after};
    dhr_plan_add_message(&message, s->plans, s->plan_count, s->target.why);
    int rc = cli_target_write(&s->target, changes, s->plan_count, dhr_buf_cstr(&message));
    dhr_buf_release(&message);
    return rc;
}

static const struct dhr_entry settings = {.path = ".dhrledger.ini", .kind = DHR_ENTRY_FILE};

static int run(struct setting *s, int argc, char **argv)
{
    struct cli *cli = s->cli;
    if (cli_today(cli) < 0 || cli_find(cli) < 0 || cli_target_open(&s->target) < 0 ||
        dhr_source_open_folder(&cli->source, cli->root, &cli->err) < 0)
        return -1;
    /* Nothing else is listed or read: a change to one record costs the same in any ledger. */
    s->catalog = (struct dhr_catalog){.arena = &cli->arena, .source = cli->source};
    if (parse_words(s, argc, argv) < 0 || parse_options(s) < 0)
        return -1;
    s->settings = dhr_settings_read(cli->source, &settings, 1, &cli->arena);
    if (make_plans(s) < 0)
        return -1;
    drop_unchanged(s);
    return s->plan_count ? write_plans(s) : 0;
}

int cli_verb_set(struct cli *cli, int argc, char **argv)
{
    struct setting s = {.cli = cli, .target = {.cli = cli}};
    const struct option_def options[] = {
        CLI_TARGET_OPTIONS(&s.target),
        {"agency", 0, OPTION_VALUE, &s.agency, "ID",
         "Whose section, where several agencies hold it."},
        {"action", 0, OPTION_VALUE, &s.action, "N", "The agency's action number N."},
        CLI_VALUES_OPTION(cli),
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    int rc = run(&s, argc, argv);
    for (size_t i = 0; s.plans && i < (size_t)argc; i++)
        dhr_plan_release(&s.plans[i]);
    cli_target_close(&s.target);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
