/*
 * Findings written for people, and in the formats of those who show them: GitHub,
 * GitLab, Jenkins, and whatever reads SARIF.
 *
 *     struct dhr_findings_report report = {0};
 *     dhr_check_report(&report, &ledger, source, &findings, &arena);   // check_report.h
 *     report.prefix = …, report.fail_level = …, report.version = …
 *     const struct dhr_findings_format *format = dhr_findings_format_of("sarif");
 *     format->add(&buf, &report);
 *
 * What is written is UTF-8, and neither a path nor a text in it holds a control
 * character: they come out as <U+001B>. Findings stay in the order they have, which
 * should be that of dhr_findings_rank.
 */
#ifndef DHRLEDGER_FINDINGS_WRITE_H
#define DHRLEDGER_FINDINGS_WRITE_H

#include "dhrledger/finding.h"

enum { DHR_FINGERPRINT_SIZE = 41 };

/* A finding, and what was found out about its place. */
struct dhr_finding_row {
    const struct dhr_finding *finding;
    struct dhr_str section; /* "agency durham-constabulary"; empty where it is in none */
    struct dhr_str key;     /* "due"; empty where the line has and continues none */
    uint32_t utf16_col;     /* UTF-16 code units from 1, as editors count; 0 with line 0 */
    char fingerprint[DHR_FINGERPRINT_SIZE]; /* of the finding, wherever its line moves */
};

struct dhr_findings_report {
    struct dhr_finding_row *rows;
    size_t count;
    struct dhr_finding_row *accepted; /* by comments; only SARIF has a word for them */
    size_t accepted_count;
    const char *prefix;           /* of the ledger in its repository: "" or "sub/folder" */
    enum dhr_severity fail_level; /* what counts as a failure; DHR_SEVERITY_OFF: nothing */
    const char *version;          /* of the program */
};

struct dhr_findings_format {
    const char *name; /* "sarif" */
    void (*add)(struct dhr_buf *out, const struct dhr_findings_report *report);
};

/* The formats, ended by a NULL name; static. */
extern const struct dhr_findings_format dhr_findings_formats[];

/* The format of that name, or NULL. */
const struct dhr_findings_format *dhr_findings_format_of(const char *name);

/* How many findings a step of GitHub Actions shows beside the files. */
enum { DHR_GITHUB_ANNOTATIONS = 10 };

/* One finding as a line, as editors read it: "file:line:col: error: text [DL014]". */
void dhr_finding_add_line(struct dhr_buf *out, const struct dhr_finding *finding);

/*
 * All of them as lines. One that repeats more often than three times is such a line
 * once, above a list of its other places, folded to `columns` (0: not at all).
 */
void dhr_findings_add_text(struct dhr_buf *out, const struct dhr_findings *findings,
                           size_t columns);

#endif
