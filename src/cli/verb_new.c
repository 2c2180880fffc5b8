#include <string.h>

#include "dhrledger/new_record.h"
#include "guard.h"
#include "target.h"

struct adding {
    struct cli *cli;
    struct cli_target target;
    struct dhr_new plan;
};

/* The words in front of the first KEY=VALUE; what they are is for each kind to say. */
static int count_names(int argc, char **argv)
{
    int names = 0;
    while (names < argc && !strchr(argv[names], '='))
        names++;
    return names;
}

static int add_agency(struct adding *a, int names, int argc, char **argv)
{
    if (names != 1)
        return dhr_fail(&a->cli->err, DHR_USAGE,
                        "name it: dhrledger new agency \"Exampleshire Police\" kind=police -m "
                        "\"why\"");
    return dhr_new_agency(&a->plan, argv[0], argv + 1, (size_t)argc - 1, &a->cli->err);
}

static int add_review(struct adding *a, int names, int argc, char **argv)
{
    if (names != 2)
        return dhr_fail(&a->cli->err, DHR_USAGE,
                        "name the partnership and the year of death: dhrledger new review "
                        "Exampleshire 2019 source=\"…\" -m \"why\"");
    return dhr_new_review(&a->plan, argv[0], argv[1], argv + 2, (size_t)argc - 2, &a->cli->err);
}

static int add_recommendation(struct adding *a, int names, int argc, char **argv)
{
    struct cli *cli = a->cli;
    struct dhr_catalog catalog = {cli->ledger.entries, cli->ledger.entry_count, &cli->arena, NULL};
    struct dhr_name review;
    if (names != 2)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "name its review and number: dhrledger new recommendation "
                        "exampleshire-2019 4.1 text=\"…\" addressed-to=\"…\" -m \"why\"");
    if (cli_resolve(cli, &catalog, argv[0], &review) < 0)
        return -1;
    if (review.kind != DHR_RECORD_REVIEW)
        return dhr_fail(&cli->err, DHR_USAGE, "%s: is no review", argv[0]);
    return dhr_new_recommendation(&a->plan, review.id, argv[1], argv + 2, (size_t)argc - 2,
                                  &cli->err);
}

static const struct {
    const char *name;
    int (*add)(struct adding *a, int names, int argc, char **argv);
} kinds[] = {
    {"agency", add_agency}, {"recommendation", add_recommendation}, {"review", add_review}};

static int no_kind(struct cli *cli)
{
    return dhr_fail(&cli->err, DHR_USAGE,
                    "say what is new: dhrledger new review, new recommendation or new agency");
}

static int make_plan(struct adding *a, int argc, char **argv)
{
    for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
        if (strcmp(argv[0], kinds[i].name) == 0)
            return kinds[i].add(a, count_names(argc - 1, argv + 1), argc - 1, argv + 1);
    }
    return no_kind(a->cli);
}

static int check_private(struct adding *a)
{
    const struct dhr_plan plan = {.path = a->plan.path, .after = a->plan.bytes};
    return cli_check_plans(a->cli, &plan, 1, &a->plan.findings);
}

static int run(struct adding *a, int argc, char **argv)
{
    struct cli *cli = a->cli;
    struct dhr_buf message = {0};
    if (!argc)
        return no_kind(cli);
    if ((!a->target.no_commit && cli_check_reason(cli, a->target.why) < 0) || cli_load(cli) < 0 ||
        cli_target_open(&a->target) < 0)
        return -1;
    a->plan = (struct dhr_new){.ledger = &cli->ledger, .arena = &cli->arena, .today = cli->today};
    if (make_plan(a, argc, argv) < 0 || check_private(a) < 0 ||
        cli_target_check(&a->target, &a->plan.findings, cli->ledger.settings, a->plan.id) < 0)
        return -1;
    const struct dhr_change change = {
        .path = a->plan.path, .bytes = a->plan.bytes, .kind = DHR_CHANGE_ADD};
    dhr_new_add_message(&message, &a->plan, a->target.why);
    int rc = cli_target_write(&a->target, &change, 1, dhr_buf_cstr(&message));
    dhr_buf_release(&message);
    return rc;
}

int cli_verb_new(struct cli *cli, int argc, char **argv)
{
    struct adding a = {.cli = cli, .target = {.cli = cli}};
    const struct option_def options[] = {CLI_TARGET_OPTIONS(&a.target), CLI_VALUES_OPTION(cli),
                                         CLI_FOLDER_OPTION(cli), OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    int rc = run(&a, argc, argv);
    dhr_new_release(&a.plan);
    cli_target_close(&a.target);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
