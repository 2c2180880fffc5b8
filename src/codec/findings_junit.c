/*
 * JUnit's XML, as Jenkins and GitLab read it: a suite for each file with findings, a case
 * for each finding. Jenkins's own schema (junit-10.xsd of its xUnit plugin) is the narrower
 * one. GitLab tells cases apart by class and name, so that no two have both alike, and a
 * case stays the same one while lines move.
 */
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "findings_internal.h"

static bool is_failure(const struct dhr_findings_report *report, const struct dhr_finding *finding)
{
    return report->fail_level != DHR_SEVERITY_OFF && finding->severity >= report->fail_level;
}

/* What no XML may hold is shown as other characters are that nobody may see. */
static const char *as_xml(struct dhr_buf *text)
{
    struct dhr_buf safe = {0};
    for (size_t i = 0; i < text->len; i++) {
        if (text->len - i >= 3 && memcmp(text->ptr + i, "\xEF\xBF", 2) == 0 &&
            (unsigned char)text->ptr[i + 2] >= 0xBE) {
            dhr_buf_addf(&safe, "<U+FFF%c>", (unsigned char)text->ptr[i + 2] == 0xBE ? 'E' : 'F');
            i += 2;
        } else {
            dhr_buf_addc(&safe, text->ptr[i]);
        }
    }
    dhr_buf_release(text);
    *text = safe;
    return dhr_buf_cstr(text);
}

static const xmlChar *as_chars(const char *text)
{
    return (const xmlChar *)text;
}

static void start(xmlTextWriterPtr xml, const char *element)
{
    (void)xmlTextWriterStartElement(xml, as_chars(element));
}

static void add_attribute(xmlTextWriterPtr xml, const char *name, const char *value)
{
    (void)xmlTextWriterWriteAttribute(xml, as_chars(name), as_chars(value));
}

static void add_number(xmlTextWriterPtr xml, const char *name, size_t value)
{
    (void)xmlTextWriterWriteFormatAttribute(xml, as_chars(name), "%zu", value);
}

/* Rows from..to are one file's, or all. */
static void add_counts(xmlTextWriterPtr xml, const struct dhr_findings_report *report, size_t from,
                       size_t to, bool with_skipped)
{
    size_t failures = 0;
    for (size_t i = from; i < to; i++)
        failures += is_failure(report, report->rows[i].finding);
    add_number(xml, "tests", to > from ? to - from : 1);
    add_number(xml, "failures", failures);
    add_number(xml, "errors", 0);
    if (with_skipped)
        add_number(xml, "skipped", to - from - failures);
}

/* `nth` cases of the same name stand before this one. */
static void add_name(xmlTextWriterPtr xml, const struct dhr_finding *finding, size_t nth)
{
    struct dhr_buf name = {0};
    char code[DHR_CODE_SIZE];
    dhr_rule_code(finding->rule, code);
    dhr_buf_addf(&name, "%s ", code);
    findings_add_message(&name, finding);
    if (nth)
        dhr_buf_addf(&name, " (%zu)", nth + 1);
    add_attribute(xml, "name", as_xml(&name));
    dhr_buf_release(&name);
}

static void add_case(xmlTextWriterPtr xml, const struct dhr_findings_report *report,
                     const struct dhr_finding *finding, size_t nth, const char *path)
{
    struct dhr_buf message = {0};
    struct dhr_buf line = {0};
    char code[DHR_CODE_SIZE];
    dhr_rule_code(finding->rule, code);
    findings_add_message(&message, finding);
    dhr_finding_add_line(&line, finding);
    start(xml, "testcase");
    add_attribute(xml, "classname", path);
    add_name(xml, finding, nth);
    start(xml, is_failure(report, finding) ? "failure" : "skipped");
    add_attribute(xml, "type", code);
    add_attribute(xml, "message", as_xml(&message));
    (void)xmlTextWriterWriteString(xml, as_chars(as_xml(&line)));
    (void)xmlTextWriterEndElement(xml);
    (void)xmlTextWriterEndElement(xml);
    dhr_buf_release(&message);
    dhr_buf_release(&line);
}

static void add_suite(xmlTextWriterPtr xml, const struct dhr_findings_report *report, size_t from,
                      size_t to)
{
    struct dhr_repeat *repeats = findings_repeats(report->rows + from, to - from);
    struct dhr_buf path = {0};
    findings_add_path(&path, report, report->rows[from].finding);
    start(xml, "testsuite");
    add_attribute(xml, "name", as_xml(&path));
    add_counts(xml, report, from, to, true);
    for (size_t i = from; i < to; i++)
        add_case(xml, report, report->rows[i].finding, repeats[i - from].nth, dhr_buf_cstr(&path));
    (void)xmlTextWriterEndElement(xml);
    dhr_buf_release(&path);
    free(repeats);
}

/* Without any case, Jenkins takes the file for a broken run. */
static void add_sound_suite(xmlTextWriterPtr xml, const struct dhr_findings_report *report)
{
    start(xml, "testsuite");
    add_attribute(xml, "name", "dhrledger check");
    add_counts(xml, report, 0, 0, true);
    start(xml, "testcase");
    add_attribute(xml, "classname", "dhrledger check");
    add_attribute(xml, "name", "no findings");
    (void)xmlTextWriterEndElement(xml);
    (void)xmlTextWriterEndElement(xml);
}

/* Ranked findings of a file need not stand together. */
static int by_file(const void *a, const void *b)
{
    const struct dhr_finding_row *x = a;
    const struct dhr_finding_row *y = b;
    int order = dhr_natural_cmp(dhr_str_of(x->finding->path), dhr_str_of(y->finding->path));
    return order ? order : (x->finding > y->finding) - (x->finding < y->finding);
}

static void add_suites(xmlTextWriterPtr xml, const struct dhr_findings_report *ranked)
{
    struct dhr_findings_report report = *ranked;
    report.rows = dhr_realloc(NULL, (ranked->count + 1) * sizeof(*report.rows));
    for (size_t i = 0; i < ranked->count; i++)
        report.rows[i] = ranked->rows[i];
    qsort(report.rows, report.count, sizeof(*report.rows), by_file);
    for (size_t from = 0, to = 0; from < report.count; from = to) {
        const char *path = report.rows[from].finding->path;
        while (to < report.count && strcmp(report.rows[to].finding->path, path) == 0)
            to++;
        add_suite(xml, &report, from, to);
    }
    if (!report.count)
        add_sound_suite(xml, &report);
    free(report.rows);
}

void findings_add_junit(struct dhr_buf *out, const struct dhr_findings_report *report)
{
    xmlBufferPtr buffer = xmlBufferCreate();
    xmlTextWriterPtr xml = buffer ? xmlNewTextWriterMemory(buffer, 0) : NULL;
    if (!xml)
        dhr_out_of_memory();
    (void)xmlTextWriterSetIndent(xml, 1);
    (void)xmlTextWriterStartDocument(xml, NULL, "UTF-8", NULL);
    start(xml, "testsuites");
    add_attribute(xml, "name", "dhrledger check");
    add_counts(xml, report, 0, report->count, false);
    add_suites(xml, report);
    (void)xmlTextWriterEndDocument(xml);
    xmlFreeTextWriter(xml);
    dhr_buf_add(out, (const char *)xmlBufferContent(buffer), (size_t)xmlBufferLength(buffer));
    xmlBufferFree(buffer);
}
