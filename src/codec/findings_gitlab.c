/* GitLab's code quality report: the part of Code Climate's format that GitLab reads. */
#include "findings_internal.h"

/* Of info, minor, major, critical and blocker: an error keeps a merge out. */
static const char *severity(const struct dhr_finding *finding)
{
    return finding->severity == DHR_SEVERITY_ERROR ? "critical" : "minor";
}

/* A line is required, so that a finding about a whole file stands at its first. */
static json_t *issue(const struct dhr_findings_report *report, const struct dhr_finding_row *row)
{
    char code[DHR_CODE_SIZE];
    struct dhr_buf path = {0};
    struct dhr_buf text = {0};
    dhr_rule_code(row->finding->rule, code);
    findings_add_path(&path, report, row->finding);
    findings_add_message(&text, row->finding);
    return json_pack("{s:o, s:s, s:s, s:s, s:{s:o, s:{s:I}}}", "description",
                     findings_json_string(&text), "check_name", code, "fingerprint",
                     row->fingerprint, "severity", severity(row->finding), "location", "path",
                     findings_json_string(&path), "lines", "begin",
                     (json_int_t)(row->finding->line ? row->finding->line : 1));
}

void findings_add_gitlab(struct dhr_buf *out, const struct dhr_findings_report *report)
{
    json_t *issues = json_array();
    for (size_t i = 0; i < report->count; i++)
        (void)json_array_append_new(issues, issue(report, &report->rows[i]));
    findings_add_json(out, issues);
}
