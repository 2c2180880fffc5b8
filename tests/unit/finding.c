#include "dhrledger/finding.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

Test(finding, codes_are_unique_and_found_again)
{
    size_t count = 0;
    const struct dhr_rule_info *rules = dhr_rules(&count);
    cr_assert(count > 0, "there are no rules");
    for (size_t i = 0; i < count; i++) {
        char code[16];
        (void)snprintf(code, sizeof(code), "DL%03d", (int)rules[i].rule);
        cr_assert_eq(strlen(code), 5, "%s has more than three digits", code);
        cr_assert(dhr_rule_of_code(dhr_str_of(code)) == &rules[i], "%s stands twice", code);
        cr_assert(dhr_rule_info(rules[i].rule) == &rules[i], "%s isn't found", code);
        cr_assert(rules[i].summary[0] != '\0', "%s has no summary", code);
        cr_assert(rules[i].severity != DHR_SEVERITY_OFF, "%s is off", code);
        for (size_t j = 0; j < i; j++)
            cr_assert_str_neq(rules[i].name, rules[j].name);
    }
}

Test(finding, other_codes_are_none)
{
    static const char *const wrong[] = {"", "DL", "DL000", "DL999", "dl001", "DL0001", "14"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        cr_assert(dhr_rule_of_code(dhr_str_of(wrong[i])) == NULL, "\"%s\" is a code", wrong[i]);
}

Test(finding, severities_have_names)
{
    cr_assert_str_eq(dhr_severity_name(DHR_SEVERITY_ERROR), "error");
    cr_assert_str_eq(dhr_severity_name(DHR_SEVERITY_WARNING), "warning");
}

Test(finding, adding_copies)
{
    struct dhr_findings findings = {0};
    enum dhr_rule rule = dhr_rules(&(size_t){0})[0].rule;
    char path[] = "a.ini";
    dhr_findings_add(&findings, rule, path, 3, 7, "%s is not %d", "x", 1);
    dhr_findings_add(&findings, rule, path, 0, 0, "%s", "");
    memset(path, 'z', sizeof(path) - 1);
    cr_assert_eq(findings.count, 2, "%zu findings", findings.count);
    cr_assert_str_eq(findings.items[0].path, "a.ini");
    cr_assert_str_eq(findings.items[0].text, "x is not 1");
    cr_assert_str_eq(findings.items[1].text, "");
    cr_assert(findings.items[0].line == 3 && findings.items[0].col == 7, "the place");
    cr_assert_eq(findings.items[0].severity, dhr_rule_info(rule)->severity, "the severity");
    dhr_findings_release(&findings);
    cr_assert(findings.items == NULL && findings.count == 0, "something is left");
}

Test(finding, sorted_by_path_and_place)
{
    static const struct {
        const char *path;
        uint32_t line, col;
        size_t rule; /* place in the list of rules */
        const char *text;
    } sorted[] = {{"reviews/a/2.ini", 9, 9, 1, "z"},   {"reviews/a/10.ini", 0, 0, 1, "whole file"},
                  {"reviews/a/10.ini", 2, 5, 0, "b"},  {"reviews/a/10.ini", 2, 10, 0, "a"},
                  {"reviews/a/10.ini", 10, 1, 0, "a"}, {"reviews/a/10.ini", 10, 1, 0, "b"},
                  {"reviews/a/10.ini", 10, 1, 1, "a"}, {"reviews/b/1.ini", 1, 1, 0, "a"}};
    enum { COUNT = sizeof(sorted) / sizeof(sorted[0]) };
    size_t count = 0;
    const struct dhr_rule_info *rules = dhr_rules(&count);
    /* Numbers, not the order in the file, decide between rules. */
    enum dhr_rule low = rules[0].rule < rules[1].rule ? rules[0].rule : rules[1].rule;
    enum dhr_rule high = rules[0].rule < rules[1].rule ? rules[1].rule : rules[0].rule;
    struct dhr_findings findings = {0};
    for (size_t i = 0; i < COUNT; i++) {
        size_t at = (i * 5 + 3) % COUNT; /* 5 and 8 share no factor: every one, out of order */
        dhr_findings_add(&findings, sorted[at].rule ? high : low, sorted[at].path, sorted[at].line,
                         sorted[at].col, "%s", sorted[at].text);
    }
    dhr_findings_sort(&findings);
    for (size_t i = 0; i < COUNT; i++) {
        const struct dhr_finding *f = &findings.items[i];
        cr_assert(strcmp(f->path, sorted[i].path) == 0 && f->line == sorted[i].line &&
                      f->col == sorted[i].col && strcmp(f->text, sorted[i].text) == 0,
                  "place %zu is taken by %s:%u:%u: %s", i, f->path, (unsigned)f->line,
                  (unsigned)f->col, f->text);
    }
    dhr_findings_release(&findings);
}

Test(finding, sorting_nothing)
{
    struct dhr_findings findings = {0};
    dhr_findings_sort(&findings);
    cr_assert_eq(dhr_findings_of(&findings, DHR_SEVERITY_ERROR), 0, "found something");
    dhr_findings_release(&findings);
}

Test(finding, taking_moves_and_counts)
{
    struct dhr_findings to = {0};
    struct dhr_findings from = {0};
    size_t count = 0;
    size_t errors = 0;
    const struct dhr_rule_info *rules = dhr_rules(&count);
    for (size_t i = 0; i < count; i++) {
        dhr_findings_add(i % 2 ? &to : &from, rules[i].rule, "p", 1, 1, "%zu", i);
        errors += rules[i].severity == DHR_SEVERITY_ERROR;
    }
    dhr_findings_take(&to, &from);
    cr_assert(from.count == 0 && from.items == NULL, "the giver keeps something");
    cr_assert_eq(to.count, count, "%zu findings of %zu", to.count, count);
    cr_assert_eq(dhr_findings_of(&to, DHR_SEVERITY_ERROR), errors, "errors");
    cr_assert_eq(dhr_findings_of(&to, DHR_SEVERITY_WARNING), count - errors, "warnings");
    cr_assert_str_eq(to.items[count / 2].text, "0");
    dhr_findings_release(&to);
}

Test(finding, the_worst_come_first)
{
    struct dhr_findings findings = {0};
    dhr_findings_add(&findings, DHR_RULE_STRAY, "a", 0, 0, "warning");
    dhr_findings_add(&findings, DHR_RULE_BAD_DATE, "b/10", 1, 1, "error");
    dhr_findings_add(&findings, DHR_RULE_BAD_DATE, "b/9", 2, 1, "error");
    dhr_findings_rank(&findings);
    cr_assert_str_eq(findings.items[0].path, "b/9");
    cr_assert_str_eq(findings.items[1].path, "b/10");
    cr_assert_str_eq(findings.items[2].path, "a");
    dhr_findings_release(&findings);
}

Test(finding, repeats_have_rule_severity_and_text_alike)
{
    static const struct {
        enum dhr_rule rule;
        const char *text;
        struct dhr_repeat repeat;
    } cases[] = {{DHR_RULE_BAD_DATE, "x", {0, 0, 3}}, {DHR_RULE_BAD_WORD, "x", {1, 0, 1}},
                 {DHR_RULE_BAD_DATE, "x", {0, 1, 3}}, {DHR_RULE_BAD_DATE, "y", {3, 0, 1}},
                 {DHR_RULE_BAD_DATE, "x", {0, 2, 3}}, {DHR_RULE_BAD_DATE, "x", {5, 0, 1}}};
    enum { COUNT = sizeof(cases) / sizeof(cases[0]) };
    struct dhr_findings findings = {0};
    struct dhr_repeat repeats[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        dhr_findings_add(&findings, cases[i].rule, "p", (uint32_t)(COUNT - i), 1, "%s",
                         cases[i].text);
    findings.items[COUNT - 1].severity = DHR_SEVERITY_WARNING;
    dhr_findings_repeats(&findings, repeats);
    for (size_t i = 0; i < COUNT; i++)
        cr_assert(repeats[i].first == cases[i].repeat.first &&
                      repeats[i].nth == cases[i].repeat.nth &&
                      repeats[i].count == cases[i].repeat.count,
                  "%zu: %zu, %zu of %zu", i, repeats[i].first, repeats[i].nth, repeats[i].count);
    dhr_findings_release(&findings);
}

Test(finding, drops_what_is_known_one_for_one)
{
    struct dhr_findings findings = {0};
    struct dhr_findings known = {0};
    dhr_findings_add(&known, DHR_RULE_BAD_DATE, "old", 3, 1, "due = soon");
    dhr_findings_add(&known, DHR_RULE_BAD_WORD, "old", 4, 1, "text");
    dhr_findings_add(&findings, DHR_RULE_BAD_DATE, "new", 5, 1, "due = soon");
    dhr_findings_add(&findings, DHR_RULE_BAD_DATE, "new", 7, 1, "due = soon");
    dhr_findings_add(&findings, DHR_RULE_BAD_ID, "new", 8, 1, "text");
    dhr_findings_drop(&findings, &known);
    cr_assert_eq(findings.count, 2);
    cr_assert_eq(findings.items[0].line, 7);
    cr_assert_eq(findings.items[1].line, 8);
    dhr_findings_release(&findings);
    dhr_findings_release(&known);
}
