#include "dhrledger/message.h"
#include "dhrledger/rename.h"
#include "guard.h"
#include "target.h"

struct moving {
    struct cli *cli;
    struct cli_target target;
    bool merge;
    struct dhr_rename plan;
};

static int make_plan(struct moving *m, char **argv, struct dhr_name *from)
{
    struct cli *cli = m->cli;
    const struct dhr_ledger *tip = NULL;
    struct dhr_catalog catalog = {cli->ledger.entries, cli->ledger.entry_count, &cli->arena, NULL};
    struct dhr_name into;
    if (cli_resolve(cli, &catalog, argv[0], from) < 0 ||
        (m->merge && cli_resolve(cli, &catalog, argv[1], &into) < 0) ||
        cli_target_load_tip(&m->target, &tip) < 0)
        return -1;
    m->plan = (struct dhr_rename){.ledgers = {&cli->ledger, tip},
                                  .read = cli_target_read,
                                  .user = &m->target,
                                  .guard = cli->guard,
                                  .arena = &cli->arena};
    return m->merge ? dhr_rename_merge(&m->plan, from, &into, &cli->err)
                    : dhr_rename_record(&m->plan, from, argv[1], &cli->err);
}

static int run(struct moving *m, int argc, char **argv)
{
    struct cli *cli = m->cli;
    struct dhr_buf message = {0};
    struct dhr_name from;
    if (argc != 2)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "mv takes an ID and its new one, such as dhrledger mv durham-2012/3 3a");
    if ((!m->target.no_commit && cli_check_reason(cli, m->target.why) < 0) || cli_load(cli) < 0 ||
        cli_guard(cli) < 0 || cli_target_open(&m->target) < 0 || make_plan(m, argv, &from) < 0 ||
        cli_target_check(&m->target, &m->plan.findings, cli->ledger.settings, from.id) < 0)
        return -1;
    dhr_message_begin(&message, dhr_buf_cstr(&m->plan.subject), m->target.why);
    dhr_buf_add_str(&message, dhr_buf_str(&m->plan.trailers));
    int rc = cli_target_write(&m->target, m->plan.changes, m->plan.count, dhr_buf_cstr(&message));
    dhr_buf_release(&message);
    if (rc == 0 && m->plan.forgotten)
        cli_note("the old id holds personal data, so it isn't kept under formerly");
    return rc;
}

int cli_verb_mv(struct cli *cli, int argc, char **argv)
{
    struct moving m = {.cli = cli, .target = {.cli = cli}};
    const struct option_def options[] = {{"merge", 0, OPTION_FLAG, &m.merge, NULL,
                                          "Make one agency of two: ID becomes part of NEW."},
                                         CLI_TARGET_OPTIONS(&m.target),
                                         CLI_FOLDER_OPTION(cli),
                                         OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    int rc = run(&m, argc, argv);
    dhr_rename_release(&m.plan);
    cli_target_close(&m.target);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
