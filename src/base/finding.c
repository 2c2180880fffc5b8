#include "dhrledger/finding.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct dhr_rule_info rules[] = {
#define FINDING(number, name, severity, summary, why, example, cure)                               \
    {DHR_RULE_##name, #name, DHR_SEVERITY_##severity, summary, why, example, cure},
#include "dhrledger/findings.def"
#undef FINDING
};

const struct dhr_rule_info *dhr_rules(size_t *count)
{
    *count = sizeof(rules) / sizeof(rules[0]);
    return rules;
}

const struct dhr_rule_info *dhr_rule_info(enum dhr_rule rule)
{
    size_t i = 0;
    while (rules[i].rule != rule)
        i++;
    return &rules[i];
}

const struct dhr_rule_info *dhr_rule_of_code(struct dhr_str code)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        char text[DHR_CODE_SIZE];
        dhr_rule_code(rules[i].rule, text);
        if (dhr_str_is(code, text))
            return &rules[i];
    }
    return NULL;
}

void dhr_rule_code(enum dhr_rule rule, char code[DHR_CODE_SIZE])
{
    (void)snprintf(code, DHR_CODE_SIZE, "DL%03u", (unsigned)rule % 1000);
}

const char *dhr_severity_name(enum dhr_severity severity)
{
    return severity == DHR_SEVERITY_ERROR ? "error" : "warning";
}

void dhr_findings_add(struct dhr_findings *findings, enum dhr_rule rule, const char *path,
                      uint32_t line, uint32_t col, const char *fmt, ...)
{
    struct dhr_finding *finding = DHR_PUSH(findings->items, findings->count, findings->capacity);
    va_list ap;
    va_start(ap, fmt);
    const char *text = dhr_arena_vprintf(&findings->arena, fmt, ap);
    va_end(ap);
    *finding = (struct dhr_finding){.rule = rule,
                                    .severity = dhr_rule_info(rule)->severity,
                                    .line = line,
                                    .col = col,
                                    .path = dhr_arena_dup(&findings->arena, path, strlen(path)),
                                    .text = text};
}

void dhr_findings_add_copy(struct dhr_findings *findings, const struct dhr_finding *finding)
{
    const char *reason = finding->reason;
    dhr_findings_add(findings, finding->rule, finding->path, finding->line, finding->col, "%s",
                     finding->text);
    struct dhr_finding *added = &findings->items[findings->count - 1];
    added->severity = finding->severity;
    added->reason = reason ? dhr_arena_dup(&findings->arena, reason, strlen(reason)) : NULL;
    added->allowed_at = finding->allowed_at;
}

static int by_place(const void *a, const void *b)
{
    const struct dhr_finding *x = a;
    const struct dhr_finding *y = b;
    int order = dhr_natural_cmp(dhr_str_of(x->path), dhr_str_of(y->path));
    if (order == 0)
        order = (x->line > y->line) - (x->line < y->line);
    if (order == 0)
        order = (x->col > y->col) - (x->col < y->col);
    if (order == 0)
        order = (x->rule > y->rule) - (x->rule < y->rule);
    return order ? order : strcmp(x->text, y->text);
}

void dhr_findings_sort(struct dhr_findings *findings)
{
    if (findings->count)
        qsort(findings->items, findings->count, sizeof(*findings->items), by_place);
}

static int by_rank(const void *a, const void *b)
{
    const struct dhr_finding *x = a;
    const struct dhr_finding *y = b;
    int order = (x->severity < y->severity) - (x->severity > y->severity);
    return order ? order : by_place(a, b);
}

void dhr_findings_rank(struct dhr_findings *findings)
{
    if (findings->count)
        qsort(findings->items, findings->count, sizeof(*findings->items), by_rank);
}

static int by_meaning(const void *a, const void *b)
{
    const struct dhr_finding *x = *(const struct dhr_finding *const *)a;
    const struct dhr_finding *y = *(const struct dhr_finding *const *)b;
    int order = (x->rule > y->rule) - (x->rule < y->rule);
    if (order == 0)
        order = (x->severity > y->severity) - (x->severity < y->severity);
    if (order == 0)
        order = strcmp(x->text, y->text);
    return order;
}

static int by_meaning_and_index(const void *a, const void *b)
{
    const struct dhr_finding *x = *(const struct dhr_finding *const *)a;
    const struct dhr_finding *y = *(const struct dhr_finding *const *)b;
    int order = by_meaning(a, b);
    return order ? order : (x > y) - (x < y);
}

void dhr_findings_repeats(const struct dhr_findings *findings, struct dhr_repeat *repeats)
{
    size_t count = findings->count;
    const struct dhr_finding **sorted =
        dhr_realloc(NULL, (count + 1) * sizeof(struct dhr_finding *));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &findings->items[i];
    qsort(sorted, count, sizeof(struct dhr_finding *), by_meaning_and_index);
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && by_meaning(&sorted[from], &sorted[to]) == 0)
            to++;
        size_t first = (size_t)(sorted[from] - findings->items);
        for (size_t i = from; i < to; i++)
            repeats[sorted[i] - findings->items] = (struct dhr_repeat){first, i - from, to - from};
    }
    free(sorted);
}

size_t dhr_findings_of(const struct dhr_findings *findings, enum dhr_severity severity)
{
    size_t count = 0;
    for (size_t i = 0; i < findings->count; i++)
        count += findings->items[i].severity == severity;
    return count;
}

static bool take_same(struct dhr_findings *known, const struct dhr_finding *finding)
{
    for (size_t i = 0; i < known->count; i++) {
        if (known->items[i].rule == finding->rule &&
            strcmp(known->items[i].text, finding->text) == 0) {
            known->items[i] = known->items[--known->count];
            return true;
        }
    }
    return false;
}

void dhr_findings_drop(struct dhr_findings *findings, struct dhr_findings *known)
{
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; i++) {
        if (!take_same(known, &findings->items[i]))
            findings->items[kept++] = findings->items[i];
    }
    findings->count = kept;
}

void dhr_findings_take(struct dhr_findings *to, struct dhr_findings *from)
{
    for (size_t i = 0; i < from->count; i++)
        *DHR_PUSH(to->items, to->count, to->capacity) = from->items[i];
    for (size_t i = 0; i < from->allow_count; i++)
        *DHR_PUSH(to->allows, to->allow_count, to->allow_capacity) = from->allows[i];
    dhr_arena_take(&to->arena, &from->arena);
    from->count = from->allow_count = 0;
    dhr_findings_release(from);
}

void dhr_findings_release(struct dhr_findings *findings)
{
    dhr_arena_release(&findings->arena);
    free(findings->items);
    free(findings->allows);
    *findings = (struct dhr_findings){0};
}
