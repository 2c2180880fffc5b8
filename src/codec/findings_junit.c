/*
 * JUnit's XML, as Jenkins and GitLab read it: a suite for each file with findings, a case
 * for each finding. Jenkins's own schema (junit-10.xsd of its xUnit plugin) is the narrower
 * one. GitLab tells cases apart by class and name, so that no two have both alike, and a
 * case stays the same one while lines move.
 */
#include <mxml.h>
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

/* What isn't added for want of memory would be missed by nobody. */
static mxml_node_t *added(mxml_node_t *node)
{
    if (!node)
        dhr_out_of_memory();
    return node;
}

static mxml_node_t *add_element(mxml_node_t *parent, const char *name)
{
    return added(mxmlNewElement(parent, name));
}

static void add_number(mxml_node_t *node, const char *name, size_t value)
{
    mxmlElementSetAttrf(node, name, "%zu", value);
}

/* Rows from..to are one file's, or all. */
static void add_counts(mxml_node_t *node, const struct dhr_findings_report *report, size_t from,
                       size_t to, bool with_skipped)
{
    size_t failures = 0;
    for (size_t i = from; i < to; i++)
        failures += is_failure(report, report->rows[i].finding);
    add_number(node, "tests", to > from ? to - from : 1);
    add_number(node, "failures", failures);
    add_number(node, "errors", 0);
    if (with_skipped)
        add_number(node, "skipped", to - from - failures);
}

/* `nth` cases of the same name stand before this one. */
static void add_name(mxml_node_t *node, const struct dhr_finding *finding, size_t nth)
{
    struct dhr_buf name = {0};
    char code[DHR_CODE_SIZE];
    dhr_rule_code(finding->rule, code);
    dhr_buf_addf(&name, "%s ", code);
    findings_add_message(&name, finding);
    if (nth)
        dhr_buf_addf(&name, " (%zu)", nth + 1);
    mxmlElementSetAttr(node, "name", as_xml(&name));
    dhr_buf_release(&name);
}

static void add_case(mxml_node_t *suite, const struct dhr_findings_report *report,
                     const struct dhr_finding *finding, size_t nth, const char *path)
{
    struct dhr_buf message = {0};
    struct dhr_buf line = {0};
    char code[DHR_CODE_SIZE];
    dhr_rule_code(finding->rule, code);
    findings_add_message(&message, finding);
    dhr_finding_add_line(&line, finding);
    mxml_node_t *node = add_element(suite, "testcase");
    mxmlElementSetAttr(node, "classname", path);
    add_name(node, finding, nth);
    mxml_node_t *result = add_element(node, is_failure(report, finding) ? "failure" : "skipped");
    mxmlElementSetAttr(result, "type", code);
    mxmlElementSetAttr(result, "message", as_xml(&message));
    (void)added(mxmlNewOpaque(result, as_xml(&line)));
    dhr_buf_release(&message);
    dhr_buf_release(&line);
}

static void add_suite(mxml_node_t *all, const struct dhr_findings_report *report, size_t from,
                      size_t to)
{
    struct dhr_repeat *repeats = findings_repeats(report->rows + from, to - from);
    struct dhr_buf path = {0};
    findings_add_path(&path, report, report->rows[from].finding);
    mxml_node_t *suite = add_element(all, "testsuite");
    mxmlElementSetAttr(suite, "name", as_xml(&path));
    add_counts(suite, report, from, to, true);
    for (size_t i = from; i < to; i++)
        add_case(suite, report, report->rows[i].finding, repeats[i - from].nth,
                 dhr_buf_cstr(&path));
    dhr_buf_release(&path);
    free(repeats);
}

/* Without any case, Jenkins takes the file for a broken run. */
static void add_sound_suite(mxml_node_t *all, const struct dhr_findings_report *report)
{
    mxml_node_t *suite = add_element(all, "testsuite");
    mxmlElementSetAttr(suite, "name", "dhrledger check");
    add_counts(suite, report, 0, 0, true);
    mxml_node_t *node = add_element(suite, "testcase");
    mxmlElementSetAttr(node, "classname", "dhrledger check");
    mxmlElementSetAttr(node, "name", "no findings");
}

/* Ranked findings of a file need not stand together. */
static int by_file(const void *a, const void *b)
{
    const struct dhr_finding_row *x = a;
    const struct dhr_finding_row *y = b;
    int order = dhr_natural_cmp(dhr_str_of(x->finding->path), dhr_str_of(y->finding->path));
    return order ? order : (x->finding > y->finding) - (x->finding < y->finding);
}

static void add_suites(mxml_node_t *all, const struct dhr_findings_report *ranked)
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
        add_suite(all, &report, from, to);
    }
    if (!report.count)
        add_sound_suite(all, &report);
    free(report.rows);
}

/* Each element on lines of its own, but a text in one with its element. */
static const char *space_around(mxml_node_t *node, int where)
{
    enum { DEEPEST = 4 };
    static const char *const spaces[DEEPEST + 1] = {"", "\n", "\n ", "\n  ", "\n   "};
    size_t depth = 0;
    for (mxml_node_t *above = mxmlGetParent(node); above && depth < DEEPEST;
         above = mxmlGetParent(above))
        depth++;
    if (where == MXML_WS_BEFORE_OPEN ||
        (where == MXML_WS_BEFORE_CLOSE && mxmlGetElement(mxmlGetFirstChild(node))))
        return spaces[depth];
    return NULL;
}

/* Mini-XML finds nothing wrong with what it is given, but it may find no memory. */
static void give_up(const char *why)
{
    (void)why;
    dhr_out_of_memory();
}

void findings_add_junit(struct dhr_buf *out, const struct dhr_findings_report *report)
{
    mxmlSetErrorCallback(give_up);
    mxmlSetWrapMargin(0);
    mxml_node_t *document = added(mxmlNewXML("1.0"));
    mxml_node_t *all = add_element(document, "testsuites");
    mxmlElementSetAttr(all, "name", "dhrledger check");
    add_counts(all, report, 0, report->count, false);
    add_suites(all, report);
    char *text = mxmlSaveAllocString(document, space_around);
    if (!text)
        dhr_out_of_memory();
    dhr_buf_adds(out, text);
    free(text);
    mxmlDelete(document);
}
