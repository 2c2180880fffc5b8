#include <stdlib.h>

#include "cli.h"

enum { ALL_SCOPES = DHR_SCOPE_LEDGER | DHR_SCOPE_REVIEWS | DHR_SCOPE_AGENCIES };

/* One table under its heading; above the first the day, once nothing can fail any more. */
static int write_part(struct cli *cli, const struct dhr_view *view, unsigned scopes,
                      const char *heading, const struct dhr_style *style, FILE *file)
{
    struct dhr_table *table = dhr_report_status(view, scopes, &cli->err);
    char day[DHR_DAY_SIZE];
    if (!table)
        return -1;
    dhr_day_format(cli->today, day);
    if (scopes != DHR_SCOPE_AGENCIES)
        (void)fprintf(file, "Where things stand on %s\n", day);
    (void)fprintf(file, "\n%s\n\n", heading);
    int rc = dhr_table_write(table, DHR_FORMAT_TEXT, style, file, &cli->err);
    dhr_table_free(table);
    return rc;
}

/* As text, the ledger with its reviews and the agencies are two tables under headings. */
static int write_parts(struct cli *cli, const struct dhr_view *view, const struct dhr_style *style,
                       FILE *file)
{
    if (view->group_by)
        return write_part(cli, view, 0, "What agencies owe", style, file);
    if (write_part(cli, view, DHR_SCOPE_LEDGER | DHR_SCOPE_REVIEWS, "Recommendations, by review",
                   style, file) < 0)
        return -1;
    return write_part(cli, view, DHR_SCOPE_AGENCIES, "What each agency owes", style, file);
}

static int write_text(struct cli *cli, const struct dhr_view *view)
{
    struct cli_output output;
    struct dhr_style style = {0};
    if (cli_style(cli, &style) < 0 || cli_open_output(cli, &output) < 0)
        return cli_fail(cli);
    int rc = write_parts(cli, view, &style, output.file);
    return cli_close_output(cli, &output, rc) < 0 ? cli_fail(cli) : DHR_OK;
}

static int write_data(struct cli *cli, const struct dhr_view *view)
{
    struct dhr_table *table = dhr_report_status(view, ALL_SCOPES, &cli->err);
    cli->exit_code = false; /* a row of noughts is no result; the caller counts */
    return table ? cli_write_table(cli, table) : cli_fail(cli);
}

int cli_verb_status(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {
        {"group-by", 0, OPTION_VALUE, &cli->group_by, "NAME", "Count for each value of a column."},
        CLI_REPORT_OPTIONS(cli),
        OPTIONS_END};
    enum dhr_format format = DHR_FORMAT_TEXT;
    if (cli_parse(cli, options, &argc, &argv) < 0 || cli_query(cli, argc, argv) < 0 ||
        cli_format(cli, &format) < 0 || cli_load(cli) < 0)
        return cli_fail(cli);
    struct dhr_view view = cli_view(cli);
    bool exit_code = cli->exit_code;
    size_t entries = dhr_report_coverage(&view).addressees;
    cli_warn_faults(cli);
    if (cli->ledger.recommendations.count == 0)
        cli_explain_no_records();
    else if (entries == 0)
        cli_explain_no_match(cli);
    int status = format == DHR_FORMAT_TEXT ? write_text(cli, &view) : write_data(cli, &view);
    return status == DHR_OK && exit_code && entries ? DHR_FOUND : status;
}
