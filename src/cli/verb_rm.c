#include "dhrledger/message.h"
#include "dhrledger/rename.h"
#include "target.h"

static int make_plan(struct cli *cli, struct cli_target *target, struct dhr_rename *plan,
                     char **argv, size_t count)
{
    const struct dhr_ledger *tip = NULL;
    struct dhr_catalog catalog = {cli->ledger.entries, cli->ledger.entry_count, &cli->arena, NULL};
    struct dhr_name *names = dhr_arena_alloc(&cli->arena, count * sizeof(*names));
    for (size_t i = 0; i < count; i++) {
        if (cli_resolve(cli, &catalog, argv[i], &names[i]) < 0)
            return -1;
        for (size_t j = 0; j < i; j++) {
            if (dhr_str_eq(dhr_str_of(names[i].path), dhr_str_of(names[j].path)))
                return dhr_fail(&cli->err, DHR_USAGE, "%s: named twice", argv[i]);
        }
    }
    if (cli_target_load_tip(target, &tip) < 0)
        return -1;
    *plan = (struct dhr_rename){.ledgers = {&cli->ledger, tip},
                                .read = cli_target_read,
                                .user = target,
                                .arena = &cli->arena};
    return dhr_rename_remove(plan, names, count, &cli->err);
}

static int run(struct cli *cli, struct cli_target *target, struct dhr_rename *plan, int argc,
               char **argv)
{
    struct dhr_buf message = {0};
    if (argc == 0)
        return dhr_fail(
            &cli->err, DHR_USAGE,
            "rm takes the IDs of records, such as dhrledger rm durham-2012/3 -m \"why\"");
    if ((!target->no_commit && cli_check_reason(cli, target->why) < 0) || cli_load(cli) < 0 ||
        cli_target_open(target) < 0 || make_plan(cli, target, plan, argv, (size_t)argc) < 0)
        return -1;
    dhr_message_begin(&message, dhr_buf_cstr(&plan->subject), target->why);
    dhr_buf_add_str(&message, dhr_buf_str(&plan->trailers));
    int rc = cli_target_write(target, plan->changes, plan->count, dhr_buf_cstr(&message));
    dhr_buf_release(&message);
    return rc;
}

int cli_verb_rm(struct cli *cli, int argc, char **argv)
{
    struct cli_target target = {.cli = cli};
    struct dhr_rename plan = {0};
    const struct option_def options[] = {CLI_TARGET_OPTIONS(&target), CLI_FOLDER_OPTION(cli),
                                         OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    int rc = run(cli, &target, &plan, argc, argv);
    dhr_rename_release(&plan);
    cli_target_close(&target);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
