#include <stdlib.h>

#include "cli.h"
#include "dhrledger/reports.h"

/* As text, the ledger, its reviews and its agencies are three tables under headings. */
static int write_text(struct cli *cli, struct cli_output *output, const struct dhr_style *style)
{
    static const struct {
        unsigned scope;
        const char *heading;
    } parts[] = {{DHR_SCOPE_LEDGER | DHR_SCOPE_REVIEWS, "Recommendations, by review"},
                 {DHR_SCOPE_AGENCIES, "What each agency owes"}};
    char day[DHR_DAY_SIZE];
    dhr_day_format(cli->today, day);
    (void)fprintf(output->file, "Where things stand on %s\n", day);
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        struct dhr_table *table = dhr_report_status(&cli->ledger, cli->today, parts[i].scope);
        (void)fprintf(output->file, "\n%s\n\n", parts[i].heading);
        int rc = dhr_table_write(table, DHR_FORMAT_TEXT, style, output->file, &cli->err);
        dhr_table_free(table);
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* A ledger without recommendations is nothing to report, though its row of noughts is written. */
static int write_data(struct cli *cli)
{
    bool exit_code = cli->exit_code && cli->ledger.recommendations.count;
    cli->exit_code = false;
    int status = cli_write_table(
        cli, dhr_report_status(&cli->ledger, cli->today,
                               DHR_SCOPE_LEDGER | DHR_SCOPE_REVIEWS | DHR_SCOPE_AGENCIES));
    return status == DHR_OK && exit_code ? DHR_FOUND : status;
}

int cli_verb_status(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {CLI_REPORT_OPTIONS(cli), OPTIONS_END};
    enum dhr_format format = DHR_FORMAT_TEXT;
    struct dhr_style style = {0};
    if (cli_parse(cli, options, &argc, &argv) < 0 || cli_no_arguments(cli, argc, argv) < 0 ||
        cli_format(cli, &format) < 0 || cli_style(cli, &style) < 0 || cli_load(cli) < 0)
        return cli_fail(cli);
    cli_warn_faults(cli);
    if (cli->ledger.recommendations.count == 0)
        cli_explain_no_records();
    if (format != DHR_FORMAT_TEXT)
        return write_data(cli);
    struct cli_output output;
    if (cli_open_output(cli, &output) < 0)
        return cli_fail(cli);
    int rc = write_text(cli, &output, &style);
    if (cli_close_output(cli, &output) < 0 || rc < 0)
        return cli_fail(cli);
    return cli->exit_code && cli->ledger.recommendations.count ? DHR_FOUND : DHR_OK;
}
