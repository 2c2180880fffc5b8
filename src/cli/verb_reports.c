/* agencies, due, export, gaps, list and overdue: tables that are asked for in the same way. */
#include <stdlib.h>
#include <string.h>

#include "cli.h"

enum { DEFAULT_WITHIN_DAYS = 30, MAX_WITHIN_DAYS = 36500 };

/* Options, query, format and ledger; the view of what was asked. */
static int start(struct cli *cli, const struct option_def *options, int argc, char **argv,
                 struct dhr_view *view)
{
    enum dhr_format format = DHR_FORMAT_TEXT;
    if (cli_parse(cli, options, &argc, &argv) < 0 || cli_query(cli, argc, argv) < 0 ||
        cli_format(cli, &format) < 0 || cli_load(cli) < 0)
        return -1;
    cli_warn_faults(cli);
    *view = cli_view(cli);
    return 0;
}

/* An empty report says why it is empty, and how to record what it would show. */
static void explain_no_dates(const struct cli *cli, const struct dhr_view *view,
                             const char *nothing)
{
    struct dhr_coverage coverage = dhr_report_coverage(view);
    bool one = coverage.addressees == 1;
    char day[DHR_DAY_SIZE];
    dhr_day_format(cli->today, day);
    if (cli->ledger.recommendations.count == 0)
        cli_explain_no_records();
    else if (coverage.addressees == 0)
        cli_explain_no_match(cli);
    else if (coverage.with_target == 0)
        cli_note("%s %s: %s%zu entr%s a target date.\n"
                 "Record one with\n  dhrledger set ID due=YYYY-MM-DD -m \"why\"",
                 nothing, day, one ? "the " : "none of the ", coverage.addressees,
                 one ? "y lacks" : "ies has");
    else
        cli_note("%s %s; %zu of %zu entr%s %s a target date.", nothing, day, coverage.with_target,
                 coverage.addressees, one ? "y" : "ies",
                 coverage.with_target == 1 ? "has" : "have");
}

static void explain_nothing(const struct cli *cli)
{
    if (cli->ledger.recommendations.count == 0)
        cli_explain_no_records();
    else
        cli_explain_no_match(cli);
}

int cli_verb_list(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {CLI_LINES_OPTIONS(cli), OPTIONS_END};
    struct dhr_view view;
    if (start(cli, options, argc, argv, &view) < 0)
        return cli_fail(cli);
    struct dhr_table *table = dhr_report_list(&view, &cli->err);
    if (!table)
        return cli_fail(cli);
    if (dhr_table_rows(table) == 0)
        explain_nothing(cli);
    return cli_write_table(cli, table);
}

int cli_verb_overdue(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {CLI_LINES_OPTIONS(cli), OPTIONS_END};
    struct dhr_view view;
    if (start(cli, options, argc, argv, &view) < 0)
        return cli_fail(cli);
    struct dhr_table *table = dhr_report_overdue(&view, &cli->err);
    if (!table)
        return cli_fail(cli);
    if (dhr_table_rows(table) == 0)
        explain_no_dates(cli, &view, "Nothing is overdue on");
    return cli_write_table(cli, table);
}

/* "30d", "30" or "6w". */
static int parse_within(struct cli *cli, const char *text, long *days)
{
    char *end = NULL;
    long value = strtol(text, &end, 10);
    long unit = *end == 'w' ? 7 : 1;
    bool ends = *end == '\0' || ((*end == 'd' || *end == 'w') && end[1] == '\0');
    if (end == text || !ends || value < 0 || value > MAX_WITHIN_DAYS / unit)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "--within %s: write a number of days or weeks, such as 30d or 6w", text);
    *days = value * unit;
    return 0;
}

int cli_verb_due(struct cli *cli, int argc, char **argv)
{
    const char *within = NULL;
    long days = DEFAULT_WITHIN_DAYS;
    const struct option_def options[] = {
        {"within", 0, OPTION_VALUE, &within, "DAYS", "How far ahead: 30d (the default), 6w."},
        CLI_LINES_OPTIONS(cli),
        OPTIONS_END};
    struct dhr_view view;
    if (start(cli, options, argc, argv, &view) < 0 ||
        (within && parse_within(cli, within, &days) < 0))
        return cli_fail(cli);
    struct dhr_table *table = dhr_report_due(&view, days, &cli->err);
    if (!table)
        return cli_fail(cli);
    if (dhr_table_rows(table) == 0) {
        char nothing[64];
        (void)snprintf(nothing, sizeof(nothing), "Nothing falls due within %ld days of", days);
        explain_no_dates(cli, &view, nothing);
    }
    return cli_write_table(cli, table);
}

int cli_verb_gaps(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {CLI_LINES_OPTIONS(cli), OPTIONS_END};
    struct dhr_view view;
    if (start(cli, options, argc, argv, &view) < 0)
        return cli_fail(cli);
    struct dhr_table *table = dhr_report_gaps(&view, &cli->err);
    if (!table)
        return cli_fail(cli);
    size_t gaps = dhr_table_rows(table);
    size_t entries = dhr_report_coverage(&view).addressees;
    int status = cli_write_table(cli, table);
    if (status != DHR_OK && status != DHR_FOUND)
        return status;
    if (gaps)
        cli_note("%zu of %zu entr%s something. Fill one in with\n"
                 "  dhrledger set ID response=accepted lead=\"ROLE\" due=YYYY-MM-DD -m \"why\"",
                 gaps, entries,
                 entries == 1 ? "y lacks"
                 : gaps == 1  ? "ies lacks"
                              : "ies lack");
    else if (entries)
        cli_note("No gaps: every entry that is still owed has a response, a lead and a target "
                 "date.");
    else
        explain_nothing(cli);
    return status;
}

int cli_verb_agencies(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {CLI_REPORT_OPTIONS(cli), OPTIONS_END};
    struct dhr_view view;
    if (start(cli, options, argc, argv, &view) < 0)
        return cli_fail(cli);
    struct dhr_table *table = dhr_report_agencies(&view);
    if (dhr_table_rows(table) == 0)
        explain_nothing(cli);
    return cli_write_table(cli, table);
}

int cli_verb_export(struct cli *cli, int argc, char **argv)
{
    const char *template = "home-office";
    const struct option_def options[] = {
        {"template", 0, OPTION_VALUE, &template, "NAME", "home-office, the only one so far."},
        CLI_REPORT_OPTIONS(cli),
        OPTIONS_END};
    struct dhr_view view;
    if (start(cli, options, argc, argv, &view) < 0)
        return cli_fail(cli);
    if (strcmp(template, "home-office") != 0) {
        (void)dhr_fail(&cli->err, DHR_USAGE, "--template %s: there is home-office", template);
        return cli_fail(cli);
    }
    struct dhr_table *table = dhr_report_action_plan(&view);
    if (dhr_table_rows(table) == 0)
        explain_nothing(cli);
    return cli_write_table(cli, table);
}
