/*
 * SARIF 2.1.0 (OASIS, "Static Analysis Results Interchange Format"). The sections named
 * below are the standard's.
 */
#include <string.h>

#include "dhrledger/findings_text.h"
#include "dhrledger/utf8.h"
#include "findings_internal.h"

#define SCHEMA                                                                                     \
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static json_t *text_object(struct dhr_buf *text)
{
    return json_pack("{s:o}", "text", findings_json_string(text));
}

/* A summary is a clause, and a description a sentence (3.49.9). */
static json_t *short_description(const struct dhr_rule_info *rule)
{
    struct dhr_buf text = {0};
    dhr_buf_addf(&text, "%s.", rule->summary);
    if (text.ptr[0] >= 'a' && text.ptr[0] <= 'z')
        text.ptr[0] = (char)(text.ptr[0] - 'a' + 'A');
    return text_object(&text);
}

static json_t *rule_object(const struct dhr_rule_info *rule)
{
    enum { HELP_COLUMNS = 78 };
    char code[DHR_CODE_SIZE];
    struct dhr_buf why = {0};
    struct dhr_buf help = {0};
    dhr_rule_code(rule->rule, code);
    dhr_buf_adds(&why, rule->why);
    dhr_rule_add_text(&help, rule, HELP_COLUMNS);
    return json_pack("{s:s, s:o, s:o, s:o, s:{s:s}}", "id", code, "shortDescription",
                     short_description(rule), "fullDescription", text_object(&why), "help",
                     text_object(&help), "defaultConfiguration", "level",
                     dhr_severity_name(rule->severity));
}

/* A path as a relative reference (RFC 3986): all but unreserved characters is escaped. */
static void add_uri(struct dhr_buf *out, const char *path)
{
    static const char plain[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    for (; *path; path++) {
        if (strchr(plain, *path))
            dhr_buf_addc(out, *path);
        else
            dhr_buf_addf(out, "%%%02X", (unsigned char)*path);
    }
}

/* A finding about a whole file has no region (3.29.4). */
static json_t *location_object(const struct dhr_findings_report *report,
                               const struct dhr_finding_row *row)
{
    struct dhr_buf uri = {0};
    add_uri(&uri, report->prefix);
    dhr_buf_adds(&uri, *report->prefix ? "/" : "");
    add_uri(&uri, row->finding->path);
    json_t *physical = json_pack("{s:{s:o, s:s}}", "artifactLocation", "uri",
                                 findings_json_string(&uri), "uriBaseId", "%SRCROOT%");
    if (row->finding->line)
        (void)json_object_set_new(physical, "region",
                                  json_pack("{s:I, s:I}", "startLine",
                                            (json_int_t)row->finding->line, "startColumn",
                                            (json_int_t)row->utf16_col));
    return json_pack("{s:o}", "physicalLocation", physical);
}

/* What a comment in the file accepts (3.27.23, 3.35); none where the array is empty. */
static json_t *suppressions(const struct dhr_finding *finding)
{
    struct dhr_buf reason = {0};
    if (!finding->reason)
        return json_array();
    dhr_utf8_add_safe(&reason, dhr_str_of(finding->reason), false);
    return json_pack("[{s:s, s:o}]", "kind", "inSource", "justification",
                     findings_json_string(&reason));
}

static json_t *result_object(const struct dhr_findings_report *report,
                             const struct dhr_finding_row *row)
{
    char code[DHR_CODE_SIZE];
    struct dhr_buf message = {0};
    size_t count = 0;
    const struct dhr_rule_info *rules = dhr_rules(&count);
    dhr_rule_code(row->finding->rule, code);
    findings_add_message(&message, row->finding);
    json_t *result = json_pack("{s:s, s:I, s:s, s:o, s:[o], s:{s:s}}", "ruleId", code, "ruleIndex",
                               (json_int_t)(dhr_rule_info(row->finding->rule) - rules), "level",
                               dhr_severity_name(row->finding->severity), "message",
                               text_object(&message), "locations", location_object(report, row),
                               "partialFingerprints", "dhrledgerFinding/v1", row->fingerprint);
    /* All results of a run have it, or none. */
    if (report->accepted_count)
        (void)json_object_set_new(result, "suppressions", suppressions(row->finding));
    return result;
}

void findings_add_sarif(struct dhr_buf *out, const struct dhr_findings_report *report)
{
    size_t count = 0;
    const struct dhr_rule_info *rules = dhr_rules(&count);
    json_t *descriptors = json_array();
    json_t *results = json_array();
    for (size_t i = 0; i < count; i++)
        (void)json_array_append_new(descriptors, rule_object(&rules[i]));
    for (size_t i = 0; i < report->count; i++)
        (void)json_array_append_new(results, result_object(report, &report->rows[i]));
    for (size_t i = 0; i < report->accepted_count; i++)
        (void)json_array_append_new(results, result_object(report, &report->accepted[i]));
    json_t *driver = json_pack("{s:s, s:s, s:o}", "name", "dhrledger", "version", report->version,
                               "rules", descriptors);
    json_t *run =
        json_pack("{s:{s:o}, s:{s:s}, s:{s:{s:{s:s}}}, s:s, s:o}", "tool", "driver", driver,
                  "automationDetails", "id", "dhrledger/", "originalUriBaseIds", "%SRCROOT%",
                  "description", "text", "The root of the ledger's repository.", "columnKind",
                  "utf16CodeUnits", "results", results);
    findings_add_json(
        out, json_pack("{s:s, s:s, s:[o]}", "$schema", SCHEMA, "version", "2.1.0", "runs", run));
}
