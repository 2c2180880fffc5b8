/*
 * Annotations of GitHub Actions: workflow commands on standard output, of which a step shows ten.
 * GitHub's own toolkit escapes the message and the properties as is done here.
 */
#include <stdlib.h>

#include "findings_internal.h"

static void add_escaped(struct dhr_buf *out, struct dhr_buf *text, bool property)
{
    for (size_t i = 0; i < text->len; i++) {
        char c = text->ptr[i];
        bool special = c == '%' || c == '\r' || c == '\n' || (property && (c == ':' || c == ','));
        if (special)
            dhr_buf_addf(out, "%%%02X", (unsigned char)c);
        else
            dhr_buf_addc(out, c);
    }
    dhr_buf_release(text);
}

static void add_annotation(struct dhr_buf *out, const struct dhr_findings_report *report,
                           const struct dhr_finding_row *row)
{
    char code[DHR_CODE_SIZE];
    struct dhr_buf path = {0};
    struct dhr_buf text = {0};
    struct dhr_buf title = {0};
    dhr_rule_code(row->finding->rule, code);
    findings_add_path(&path, report, row->finding);
    findings_add_message(&text, row->finding);
    dhr_buf_addf(&title, "%s: %s", code, dhr_rule_info(row->finding->rule)->summary);
    dhr_buf_addf(out, "::%s file=", dhr_severity_name(row->finding->severity));
    add_escaped(out, &path, true);
    if (row->finding->line)
        dhr_buf_addf(out, ",line=%u,col=%u", row->finding->line, row->utf16_col);
    dhr_buf_adds(out, ",title=");
    add_escaped(out, &title, true);
    dhr_buf_adds(out, "::");
    add_escaped(out, &text, false);
    dhr_buf_addc(out, '\n');
}

/* Errors before warnings, and what has not been said before what has. */
struct candidate {
    const struct dhr_finding_row *row;
    size_t nth;
};

static int by_worth(const void *a, const void *b)
{
    const struct candidate *x = a;
    const struct candidate *y = b;
    enum dhr_severity own = x->row->finding->severity;
    enum dhr_severity other = y->row->finding->severity;
    int order = (own < other) - (own > other);
    if (order == 0)
        order = (x->nth > y->nth) - (x->nth < y->nth);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

static struct candidate *candidates(const struct dhr_findings_report *report)
{
    struct dhr_repeat *repeats = findings_repeats(report->rows, report->count);
    struct candidate *all = dhr_realloc(NULL, (report->count + 1) * sizeof(*all));
    for (size_t i = 0; i < report->count; i++)
        all[i] = (struct candidate){&report->rows[i], repeats[i].nth};
    free(repeats);
    qsort(all, report->count, sizeof(*all), by_worth);
    return all;
}

void findings_add_github(struct dhr_buf *out, const struct dhr_findings_report *report)
{
    struct candidate *all = candidates(report);
    size_t shown =
        report->count < DHR_GITHUB_ANNOTATIONS ? report->count : (size_t)DHR_GITHUB_ANNOTATIONS;
    for (size_t i = 0; i < shown; i++)
        add_annotation(out, report, all[i].row);
    free(all);
    if (shown < report->count)
        dhr_buf_addf(out,
                     "::notice title=dhrledger check::%zu more finding%s: see the summary of this "
                     "run, or run \"dhrledger check\"\n",
                     report->count - shown, report->count - shown == 1 ? "" : "s");
}
