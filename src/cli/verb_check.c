#include <string.h>

#include "check_base.h"
#include "cli.h"
#include "dhrledger/check.h"
#include "dhrledger/check_report.h"
#include "guard.h"
#include "step_summary.h"

struct checking {
    struct cli *cli;
    const char *fail_word; /* --fail-level */
    enum dhr_severity fail_level;
    const struct dhr_findings_format *writer; /* NULL: text, or a table */
    enum dhr_format format;
    struct check_base how; /* --base, --staged */
    struct dhr_findings findings;
    struct dhr_findings accepted;
    struct dhr_findings_report report;
};

static bool is_range(const struct checking *checking)
{
    return checking->how.base || checking->how.staged || checking->how.awaits_message;
}

static void add_count(struct dhr_buf *out, const struct checking *checking)
{
    const struct dhr_ledger *ledger = &checking->cli->ledger;
    size_t errors = dhr_findings_of(&checking->findings, DHR_SEVERITY_ERROR);
    size_t warnings = checking->findings.count - errors;
    if (is_range(checking))
        check_base_add_count(out, &checking->how);
    else
        dhr_buf_addf(out,
                     "%zu review%s, %zu recommendation%s, %zu agenc%s: ", ledger->reviews.count,
                     ledger->reviews.count == 1 ? "" : "s", ledger->recommendations.count,
                     ledger->recommendations.count == 1 ? "" : "s", ledger->agencies.count,
                     ledger->agencies.count == 1 ? "y" : "ies");
    if (errors + warnings == 0)
        dhr_buf_adds(out, "no findings");
    else
        dhr_buf_addf(out, "%zu error%s, %zu warning%s", errors, errors == 1 ? "" : "s", warnings,
                     warnings == 1 ? "" : "s");
    if (checking->accepted.count)
        dhr_buf_addf(out, ", %zu accepted by %s", checking->accepted.count,
                     checking->accepted.count == 1 ? "a comment" : "comments");
    dhr_buf_addc(out, '\n');
}

static void add_facts(struct dhr_table *table, const struct checking *checking)
{
    const struct dhr_ledger *ledger = &checking->cli->ledger;
    size_t errors = dhr_findings_of(&checking->findings, DHR_SEVERITY_ERROR);
    if (is_range(checking)) {
        dhr_table_count(table, "changed", checking->how.touched);
    } else {
        dhr_table_count(table, "reviews", ledger->reviews.count);
        dhr_table_count(table, "recommendations", ledger->recommendations.count);
        dhr_table_count(table, "agencies", ledger->agencies.count);
    }
    dhr_table_count(table, "errors", errors);
    dhr_table_count(table, "warnings", checking->findings.count - errors);
    dhr_table_count(table, "accepted", checking->accepted.count);
}

static struct dhr_table *finding_table(const struct checking *checking)
{
    static const struct dhr_column columns[] = {
        {"path", "File", DHR_CELL_TEXT, 0},
        {"line", "Line", DHR_CELL_NUMBER, 0},
        {"column", "Column", DHR_CELL_NUMBER, 0},
        {"severity", "Severity", DHR_CELL_TEXT, 0},
        {"code", "Code", DHR_CELL_TEXT, 0},
        {"message", "Message", DHR_CELL_TEXT, 0},
        {"section", "Section", DHR_CELL_TEXT, DHR_COLUMN_DATA_ONLY},
        {"key", "Key", DHR_CELL_TEXT, DHR_COLUMN_DATA_ONLY},
        {"fingerprint", "Fingerprint", DHR_CELL_TEXT, DHR_COLUMN_DATA_ONLY}};
    struct dhr_table *table = dhr_table_new("check", columns, sizeof(columns) / sizeof(columns[0]));
    add_facts(table, checking);
    for (size_t i = 0; i < checking->report.count; i++) {
        const struct dhr_finding_row *row = &checking->report.rows[i];
        const struct dhr_finding *finding = row->finding;
        char code[DHR_CODE_SIZE];
        dhr_rule_code(finding->rule, code);
        dhr_table_row(table);
        dhr_table_text(table, 0, dhr_str_of(finding->path));
        if (finding->line) {
            dhr_table_number(table, 1, (long)finding->line);
            dhr_table_number(table, 2, (long)finding->col);
        }
        dhr_table_text(table, 3, dhr_str_of(dhr_severity_name(finding->severity)));
        dhr_table_text(table, 4, dhr_str_of(code));
        dhr_table_text(table, 5, dhr_str_of(finding->text));
        if (row->section.len)
            dhr_table_text(table, 6, row->section);
        if (row->key.len)
            dhr_table_text(table, 7, row->key);
        dhr_table_text(table, 8, dhr_str_of(row->fingerprint));
    }
    return table;
}

/* Findings go to standard output: they are this verb's data. */
static int write_out(struct cli *cli, struct dhr_buf *text)
{
    struct cli_output output;
    int rc = cli_open_output(cli, &output);
    if (rc == 0) {
        (void)fwrite(dhr_buf_cstr(text), 1, text->len, output.file);
        rc = cli_close_output(cli, &output, 0);
    }
    dhr_buf_release(text);
    return rc;
}

static int write_text(struct checking *checking)
{
    struct dhr_style style = {0};
    struct dhr_buf text = {0};
    if (cli_style(checking->cli, &style) < 0)
        return -1;
    cli_withhold_findings(checking->cli, &checking->findings);
    dhr_findings_add_text(&text, &checking->findings, style.width);
    add_count(&text, checking);
    return write_out(checking->cli, &text);
}

static int write_summary(struct checking *checking)
{
    struct dhr_buf heading = {0};
    dhr_buf_adds(&heading, "### dhrledger check\n\n");
    add_count(&heading, checking);
    int rc = step_summary_add(checking->cli, &heading, finding_table(checking));
    dhr_buf_release(&heading);
    return rc;
}

static int write_format(struct checking *checking)
{
    struct dhr_buf text = {0};
    checking->writer->add(&text, &checking->report);
    if (write_out(checking->cli, &text) < 0)
        return -1;
    return strcmp(checking->writer->name, "github") == 0 ? write_summary(checking) : 0;
}

/* The exit status of the writing. */
static int write_report(struct checking *checking)
{
    struct cli *cli = checking->cli;
    struct dhr_findings_report *report = &checking->report;
    struct dhr_findings_report accepted = {0};
    if (!checking->writer && checking->format == DHR_FORMAT_TEXT)
        return write_text(checking) < 0 ? cli_fail(cli) : DHR_OK;
    report->prefix = cli->prefix ? cli->prefix : "";
    report->fail_level = checking->fail_level;
    report->version = DHR_VERSION;
    if (dhr_check_report(report, cli->source, &cli->ledger, &checking->findings, &cli->arena,
                         &cli->err) < 0 ||
        dhr_check_report(&accepted, cli->source, &cli->ledger, &checking->accepted, &cli->arena,
                         &cli->err) < 0)
        return cli_fail(cli);
    /* Only now: a finding's place is looked up by its path. */
    cli_withhold_findings(cli, &checking->findings);
    cli_withhold_findings(cli, &checking->accepted);
    cli_withhold_places(cli, report);
    report->accepted = accepted.rows;
    report->accepted_count = accepted.count;
    if (!checking->writer)
        return cli_write_table(cli, finding_table(checking));
    return write_format(checking) < 0 ? cli_fail(cli) : DHR_OK;
}

static int parse(struct checking *checking)
{
    struct cli *cli = checking->cli;
    const char *word = checking->fail_word;
    if (strcmp(word, "error") == 0)
        checking->fail_level = DHR_SEVERITY_ERROR;
    else if (strcmp(word, "warning") == 0)
        checking->fail_level = DHR_SEVERITY_WARNING;
    else if (strcmp(word, "never") == 0)
        checking->fail_level = DHR_SEVERITY_OFF;
    else
        return dhr_fail(&cli->err, DHR_USAGE, "--fail-level %s: write error, warning or never",
                        word);
    checking->writer = dhr_findings_format_of(cli_format_name(cli));
    return checking->writer ? 0 : cli_format(cli, &checking->format);
}

static bool failed(const struct checking *checking)
{
    for (size_t i = 0; checking->fail_level != DHR_SEVERITY_OFF && i < checking->findings.count;
         i++) {
        if (checking->findings.items[i].severity >= checking->fail_level)
            return true;
    }
    return false;
}

static int read_findings(struct checking *checking)
{
    struct cli *cli = checking->cli;
    if (is_range(checking))
        return check_base(cli, &checking->how, &checking->findings, &checking->accepted);
    if (checking->how.all)
        return dhr_fail(
            &cli->err, DHR_USAGE,
            "--all goes with --base or --staged; without them check reports everything");
    cli->watches = true;
    if (cli_load(cli) < 0)
        return -1;
    dhr_watch_settle(&cli->watch, &cli->ledger, &checking->findings);
    dhr_check_ledger(&cli->ledger, &checking->findings, &checking->accepted);
    dhr_check_allows(&cli->ledger, &checking->accepted, &checking->findings);
    return 0;
}

int cli_verb_check(struct cli *cli, int argc, char **argv)
{
    struct checking checking = {.cli = cli, .fail_word = "error"};
    cli->more_formats = dhr_findings_formats;
    const struct option_def options[] = {
        {"at", 0, OPTION_VALUE, &cli->at, "REV", "Check a revision instead of the work tree."},
        CHECK_BASE_OPTIONS(&checking.how),
        {"today", 0, OPTION_VALUE, &cli->today_text, "DATE", "Check as if today were DATE."},
        {"fail-level", 0, OPTION_VALUE, &checking.fail_word, "LEVEL",
         "Exit with status 1 from error on, from warning on, or never."},
        CLI_OUTPUT_OPTIONS_AS(cli, cli_format_help(cli)),
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0 || cli_no_arguments(cli, argc, argv) < 0 ||
        parse(&checking) < 0 || read_findings(&checking) < 0)
        return cli_fail(cli);
    dhr_findings_rank(&checking.findings);
    int status = write_report(&checking);
    if (status == DHR_OK && failed(&checking))
        status = DHR_FOUND;
    dhr_findings_release(&checking.findings);
    dhr_findings_release(&checking.accepted);
    return status;
}
