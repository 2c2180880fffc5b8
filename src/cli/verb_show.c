#include "cli.h"
#include "dhrledger/catalog.h"
#include "dhrledger/reports.h"
#include "dhrledger/utf8.h"

enum { LABEL_COLUMNS = 22, LEAST_COLUMNS = 40, USUAL_COLUMNS = 80 };

/* A review, an agency or a recommendation, by id, path or bare number. */
static const struct dhr_record *find_record(struct cli *cli, const char *typed)
{
    const struct dhr_ledger *ledger = &cli->ledger;
    struct dhr_catalog catalog = {ledger->entries, ledger->entry_count, &cli->arena, NULL};
    struct dhr_name name;
    if (cli_resolve(cli, &catalog, typed, &name) < 0)
        return NULL;
    const struct dhr_record *record =
        name.kind == DHR_RECORD_REVIEW   ? dhr_ledger_review(ledger, name.id)
        : name.kind == DHR_RECORD_AGENCY ? dhr_ledger_agency(ledger, name.id)
                                         : dhr_ledger_recommendation(ledger, name.id);
    if (!record)
        (void)dhr_fail(&cli->err, DHR_UNREADABLE, "%s: can't be read; \"dhrledger check\" says why",
                       name.path);
    return record;
}

static void add_line(struct dhr_buf *out, const char *label, struct dhr_str line)
{
    dhr_buf_addf(out, "  %-*s", LABEL_COLUMNS, label);
    dhr_utf8_add_safe(out, line, false);
    dhr_buf_addc(out, '\n');
}

static void add_value(struct dhr_buf *out, const char *label, struct dhr_str value, size_t columns)
{
    struct dhr_str line;
    while (dhr_wrap_next(&value, columns, true, &line)) {
        add_line(out, label, line);
        label = "";
    }
}

/* What is recorded, and in one line what isn't. */
static void add_section(struct cli *cli, struct dhr_buf *out, const struct dhr_section *section,
                        size_t width)
{
    struct dhr_buf unset = {0};
    size_t count = 0;
    const struct dhr_key *key = dhr_section_keys(section->def, &count);
    size_t columns = (width < LEAST_COLUMNS ? LEAST_COLUMNS : width) - LABEL_COLUMNS - 2;
    dhr_buf_addc(out, '\n');
    if (section->def->id == DHR_SECTION_ADDRESSEE) {
        dhr_utf8_add_safe(out, dhr_ledger_agency_name(&cli->ledger, section->agency), false);
        dhr_buf_addf(out, " (%.*s)\n", DHR_ARG(section->agency));
    } else if (section->def->id == DHR_SECTION_ACTION) {
        dhr_buf_addf(out, "Action %u of %.*s\n", section->action, DHR_ARG(section->agency));
    }
    for (; count; key++, count--) {
        const struct dhr_field *field = NULL;
        const char *label = key->name;
        while ((field = dhr_section_next(section, key->id, field))) {
            add_value(out, label, field->value, columns);
            label = "";
        }
        if (label[0] && (key->flags & DHR_KEY_FORM))
            dhr_buf_addf(&unset, "%s%s", unset.len ? ", " : "", key->name);
    }
    if (unset.len)
        add_value(out, "not recorded", dhr_buf_str(&unset), columns);
    dhr_buf_release(&unset);
}

static int write_text(struct cli *cli, const struct dhr_record *record,
                      const struct dhr_style *style)
{
    struct cli_output output;
    struct dhr_buf text = {0};
    if (cli_open_output(cli, &output) < 0)
        return -1;
    dhr_buf_addf(&text, "%s %.*s\n", dhr_record_kind_name(record->kind), DHR_ARG(record->id));
    for (size_t i = 0; i < record->section_count; i++)
        add_section(cli, &text, &record->sections[i], style->width ? style->width : USUAL_COLUMNS);
    (void)fwrite(dhr_buf_cstr(&text), 1, text.len, output.file);
    dhr_buf_release(&text);
    return cli_close_output(cli, &output, 0);
}

int cli_verb_show(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {
        {"at", 0, OPTION_VALUE, &cli->at, "REV", "Show it as it stood at a revision or on a date."},
        CLI_OUTPUT_OPTIONS(cli),
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    enum dhr_format format = DHR_FORMAT_TEXT;
    struct dhr_style style = {0};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    if (argc != 1) {
        (void)dhr_fail(&cli->err, DHR_USAGE, "show takes one ID, such as durham-2012/10.2.1");
        return cli_fail(cli);
    }
    if (cli_format(cli, &format) < 0 || cli_style(cli, &style) < 0 || cli_load(cli) < 0)
        return cli_fail(cli);
    const struct dhr_record *record = find_record(cli, argv[0]);
    if (!record)
        return cli_fail(cli);
    if (format != DHR_FORMAT_TEXT)
        return cli_write_table(cli, dhr_report_record(record));
    return write_text(cli, record, &style) < 0 ? cli_fail(cli) : DHR_OK;
}
