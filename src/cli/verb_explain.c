#include <string.h>
#include <strings.h>

#include "cli.h"
#include "dhrledger/findings_text.h"

enum { MOST_COLUMNS = 78 };

/* "DL040", in any case, and "40", as it stands in the brackets behind a finding. */
static const struct dhr_rule_info *find_rule(struct cli *cli, const char *typed)
{
    struct dhr_str digits = dhr_str_of(typed);
    unsigned long number = 0;
    if (strncasecmp(typed, "dl", 2) == 0)
        digits = dhr_str_of(typed + 2);
    const struct dhr_rule_info *rule = NULL;
    if (digits.len <= 3 && dhr_str_number(digits, &number))
        rule = dhr_rule_of_code(dhr_str_of(dhr_arena_printf(&cli->arena, "DL%03lu", number)));
    if (!rule)
        (void)dhr_fail(&cli->err, DHR_USAGE,
                       "%s: not a finding's code; \"dhrledger explain\" lists them", typed);
    return rule;
}

static void add(struct dhr_buf *out, const struct dhr_rule_info *const *rules, size_t count,
                size_t columns)
{
    if (!count)
        dhr_rules_add_text(out);
    for (size_t i = 0; i < count; i++) {
        dhr_buf_adds(out, i ? "\n" : "");
        dhr_rule_add_text(out, rules[i], columns);
    }
}

static int run(struct cli *cli, const char *format, int argc, char **argv)
{
    struct dhr_style style = {0};
    struct dhr_buf text = {0};
    const struct dhr_rule_info **rules =
        dhr_arena_alloc(&cli->arena, ((size_t)argc + 1) * sizeof(struct dhr_rule_info *));
    for (int i = 0; i < argc; i++) {
        if (!(rules[i] = find_rule(cli, argv[i])))
            return -1;
    }
    if (cli_style(cli, &style) < 0)
        return -1;
    bool narrow = style.width && style.width < MOST_COLUMNS;
    if (strcmp(format, "text") == 0)
        add(&text, rules, (size_t)argc, narrow ? style.width : MOST_COLUMNS);
    else if (strcmp(format, "json") == 0)
        dhr_rules_add_json(&text, rules, (size_t)argc);
    else if (strcmp(format, "mdoc") == 0)
        dhr_rules_add_mdoc(&text);
    else
        return dhr_fail(&cli->err, DHR_USAGE, "-O %s: the formats are text, json and mdoc", format);
    int rc = cli_write_text(cli, &text);
    dhr_buf_release(&text);
    return rc;
}

int cli_verb_explain(struct cli *cli, int argc, char **argv)
{
    const char *format = "text";
    const struct option_def options[] = {
        {"output-format", 'O', OPTION_VALUE, &format, "FORMAT", "Write text, json or mdoc."},
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0 || run(cli, format, argc, argv) < 0)
        return cli_fail(cli);
    return DHR_OK;
}
