#include <string.h>

#include "cli.h"
#include "dhrledger/check.h"

static void add_count(struct dhr_buf *out, const struct cli *cli, size_t errors, size_t warnings)
{
    const struct dhr_ledger *ledger = &cli->ledger;
    dhr_buf_addf(out, "%zu review%s, %zu recommendation%s, %zu agenc%s: ", ledger->reviews.count,
                 ledger->reviews.count == 1 ? "" : "s", ledger->recommendations.count,
                 ledger->recommendations.count == 1 ? "" : "s", ledger->agencies.count,
                 ledger->agencies.count == 1 ? "y" : "ies");
    if (errors + warnings == 0)
        dhr_buf_adds(out, "no findings\n");
    else
        dhr_buf_addf(out, "%zu error%s, %zu warning%s\n", errors, errors == 1 ? "" : "s", warnings,
                     warnings == 1 ? "" : "s");
}

static struct dhr_table *finding_table(const struct dhr_findings *findings)
{
    static const struct dhr_column columns[] = {
        {"path", "File", DHR_CELL_TEXT, 0},       {"line", "Line", DHR_CELL_NUMBER, 0},
        {"column", "Column", DHR_CELL_NUMBER, 0}, {"severity", "Severity", DHR_CELL_TEXT, 0},
        {"code", "Code", DHR_CELL_TEXT, 0},       {"message", "Message", DHR_CELL_TEXT, 0}};
    struct dhr_table *table = dhr_table_new("check", columns, 6);
    for (size_t i = 0; i < findings->count; i++) {
        const struct dhr_finding *finding = &findings->items[i];
        char code[16];
        (void)snprintf(code, sizeof(code), "DL%03d", (int)finding->rule);
        dhr_table_row(table);
        dhr_table_text(table, 0, dhr_str_of(finding->path));
        if (finding->line) {
            dhr_table_number(table, 1, (long)finding->line);
            dhr_table_number(table, 2, (long)finding->col);
        }
        dhr_table_text(table, 3, dhr_str_of(dhr_severity_name(finding->severity)));
        dhr_table_text(table, 4, dhr_str_of(code));
        dhr_table_text(table, 5, dhr_str_of(finding->text));
    }
    return table;
}

/* Findings go to stdout: they are this verb's data. */
static int write_text(struct cli *cli, const struct dhr_findings *findings, size_t errors)
{
    struct cli_output output;
    struct dhr_buf text = {0};
    if (cli_open_output(cli, &output) < 0)
        return cli_fail(cli);
    for (size_t i = 0; i < findings->count; i++)
        cli_add_finding(&text, &findings->items[i]);
    add_count(&text, cli, errors, findings->count - errors);
    (void)fwrite(dhr_buf_cstr(&text), 1, text.len, output.file);
    dhr_buf_release(&text);
    return cli_close_output(cli, &output, 0) < 0 ? cli_fail(cli) : DHR_OK;
}

int cli_verb_check(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {
        {"at", 0, OPTION_VALUE, &cli->at, "REV", "Check a revision instead of the work tree."},
        CLI_OUTPUT_OPTIONS(cli),
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    enum dhr_format format = DHR_FORMAT_TEXT;
    if (cli_parse(cli, options, &argc, &argv) < 0 || cli_no_arguments(cli, argc, argv) < 0 ||
        cli_format(cli, &format) < 0 || cli_load(cli) < 0)
        return cli_fail(cli);
    struct dhr_findings findings = {0};
    dhr_check_ledger(&cli->ledger, &findings);
    size_t errors = dhr_findings_of(&findings, DHR_SEVERITY_ERROR);
    int status = format == DHR_FORMAT_TEXT ? write_text(cli, &findings, errors)
                                           : cli_write_table(cli, finding_table(&findings));
    dhr_findings_release(&findings);
    return status != DHR_OK ? status : errors ? DHR_FOUND : DHR_OK;
}
