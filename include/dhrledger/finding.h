/*
 * Findings: faults in the user's data. They are collected, never thrown: a scan
 * goes on to the end and reports all of them.
 *
 *     struct dhr_findings findings = {0};
 *     dhr_findings_add(&findings, DHR_RULE_BAD_DATE, path, line, col, "…", …);
 *     dhr_findings_sort(&findings);
 *     for (size_t i = 0; i < findings.count; i++) … findings.items[i] …
 *     dhr_findings_release(&findings);
 *
 * A text is a finished clause: what is wrong and what to write instead.
 */
#ifndef DHRLEDGER_FINDING_H
#define DHRLEDGER_FINDING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhrledger/err.h"
#include "dhrledger/mem.h"
#include "dhrledger/str.h"

enum dhr_rule {
#define FINDING(number, name, severity, summary, why, example, cure) DHR_RULE_##name = (number),
#include "dhrledger/findings.def"
#undef FINDING
};

enum dhr_severity { DHR_SEVERITY_OFF, DHR_SEVERITY_WARNING, DHR_SEVERITY_ERROR };

struct dhr_finding {
    enum dhr_rule rule;
    enum dhr_severity severity;
    uint32_t line; /* from 1; 0 where the finding is about the whole file */
    uint32_t col;  /* bytes from 1; 0 with line 0 */
    const char *path;
    const char *text;
    const char *reason;  /* of one that a comment accepts (allow.h); otherwise NULL */
    uint32_t allowed_at; /* the comment's line; otherwise 0 */
};

/* A comment that accepts one finding; see allow.h. */
struct dhr_allow {
    enum dhr_rule rule;
    const char *path;
    const char *reason;
    const char *above; /* the key or the section that it stands above; "" where there is none */
    uint32_t line;     /* its own, from 1 */
    uint32_t last;     /* the last one that it is about; all are below its own */
    bool whole;        /* also about the file: it stands above the first section */
};

struct dhr_findings {
    struct dhr_arena arena; /* holds paths and texts */
    struct dhr_finding *items;
    size_t count;
    size_t capacity;
    struct dhr_allow *allows; /* of the files that were read for them */
    size_t allow_count;
    size_t allow_capacity;
};

/* A row of findings.def; static. */
struct dhr_rule_info {
    enum dhr_rule rule;
    const char *name; /* "BAD_DATE" */
    enum dhr_severity severity;
    const char *summary;
    const char *why;     /* a paragraph */
    const char *example; /* lines */
    const char *cure;    /* lines */
};

/* All rules in the order of findings.def. */
const struct dhr_rule_info *dhr_rules(size_t *count);

/* The row for a rule; never NULL for a value of the enum. */
const struct dhr_rule_info *dhr_rule_info(enum dhr_rule rule);

/* The row for a code such as "DL014", or NULL. */
const struct dhr_rule_info *dhr_rule_of_code(struct dhr_str code);

/* "error" or "warning" */
const char *dhr_severity_name(enum dhr_severity severity);

/* Path is copied. The severity is the rule's own. */
void dhr_findings_add(struct dhr_findings *findings, enum dhr_rule rule, const char *path,
                      uint32_t line, uint32_t col, const char *fmt, ...) DHR_PRINTF(6, 7);

/* Add all that a finding of others is: severity and reason too. Everything is copied. */
void dhr_findings_add_copy(struct dhr_findings *findings, const struct dhr_finding *finding);

/* By path (natural order), line, column, code, text; the order reports are printed in. */
void dhr_findings_sort(struct dhr_findings *findings);

/* Worst first, then as above: the order in which findings are shown. */
void dhr_findings_rank(struct dhr_findings *findings);

/* Findings of one rule, severity and text repeat each other. */
struct dhr_repeat {
    size_t first; /* the index of the first of them */
    size_t nth;   /* how many stand before this one */
    size_t count; /* how many there are */
};

/* For each finding; repeats has findings->count elements. */
void dhr_findings_repeats(const struct dhr_findings *findings, struct dhr_repeat *repeats);

/* "DL014" */
enum { DHR_CODE_SIZE = 6 };
void dhr_rule_code(enum dhr_rule rule, char code[DHR_CODE_SIZE]);

size_t dhr_findings_of(const struct dhr_findings *findings, enum dhr_severity severity);

/* Take out those that `known` has as well, one for one, wherever they are; it is used up. */
void dhr_findings_drop(struct dhr_findings *findings, struct dhr_findings *known);

/* Move everything from `from` to the end of `to`. */
void dhr_findings_take(struct dhr_findings *to, struct dhr_findings *from);

void dhr_findings_release(struct dhr_findings *findings);

#endif
