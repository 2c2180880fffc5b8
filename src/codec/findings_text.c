#include "dhrledger/findings_text.h"

#include <ctype.h>
#include <jansson.h>
#include <stdlib.h>

#include "dhrledger/utf8.h"
#include "mdoc.h"

static void add_heading(struct dhr_buf *out, const struct dhr_rule_info *rule)
{
    dhr_buf_addf(out, "DL%03d (%s): %s\n", (int)rule->rule, dhr_severity_name(rule->severity),
                 rule->summary);
}

static void add_indented(struct dhr_buf *out, const char *heading, const char *lines)
{
    struct dhr_str rest = dhr_str_of(lines);
    struct dhr_str line;
    dhr_buf_addf(out, "\n%s\n", heading);
    while (dhr_str_line(&rest, &line))
        dhr_buf_addf(out, line.len ? "    %.*s\n" : "%.*s\n", DHR_ARG(line));
}

void dhr_rule_add_text(struct dhr_buf *out, const struct dhr_rule_info *rule, size_t columns)
{
    struct dhr_str rest = dhr_str_of(rule->why);
    struct dhr_str line;
    add_heading(out, rule);
    dhr_buf_addc(out, '\n');
    while (dhr_wrap_next(&rest, columns, false, &line))
        dhr_buf_addf(out, "%.*s\n", DHR_ARG(line));
    add_indented(out, "For example", rule->example);
    add_indented(out, "What to do", rule->cure);
}

void dhr_rules_add_text(struct dhr_buf *out)
{
    size_t count = 0;
    const struct dhr_rule_info *rule = dhr_rules(&count);
    for (; count; rule++, count--)
        add_heading(out, rule);
}

static json_t *json_rule(const struct dhr_rule_info *rule)
{
    return json_pack("{s:o, s:s, s:s, s:s, s:s, s:s}", "code",
                     json_sprintf("DL%03d", (int)rule->rule), "severity",
                     dhr_severity_name(rule->severity), "summary", rule->summary, "why", rule->why,
                     "example", rule->example, "cure", rule->cure);
}

void dhr_rules_add_json(struct dhr_buf *out, const struct dhr_rule_info *const *some, size_t count)
{
    size_t all = 0;
    const struct dhr_rule_info *rules = dhr_rules(&all);
    json_t *array = json_array();
    for (size_t i = 0; i < (count ? count : all); i++)
        (void)json_array_append_new(array, json_rule(count ? some[i] : &rules[i]));
    json_t *root = json_pack("{s:s, s:i, s:o}", "format", "dhrledger.findings", "version", 1,
                             "findings", array);
    char *text = json_dumps(root, JSON_INDENT(2));
    dhr_buf_adds(out, text ? text : "");
    dhr_buf_addc(out, '\n');
    free(text);
    json_decref(root);
}

void dhr_rules_add_mdoc(struct dhr_buf *out)
{
    size_t count = 0;
    const struct dhr_rule_info *rule = dhr_rules(&count);
    for (; count; rule++, count--) {
        struct dhr_buf summary = {0};
        dhr_buf_addf(&summary, "%c%s.", toupper((unsigned char)rule->summary[0]),
                     rule->summary + 1);
        dhr_buf_addf(out, ".Ss DL%03d (%s)\n", (int)rule->rule, dhr_severity_name(rule->severity));
        mdoc_add_text(out, dhr_buf_cstr(&summary));
        dhr_buf_adds(out, ".Pp\n");
        mdoc_add_text(out, rule->why);
        dhr_buf_adds(out, "For example:\n");
        mdoc_add_literal(out, rule->example);
        dhr_buf_adds(out, ".Pp\nWhat to do:\n");
        mdoc_add_literal(out, rule->cure);
        dhr_buf_release(&summary);
    }
}
