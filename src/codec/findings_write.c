#include "dhrledger/findings_write.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/utf8.h"
#include "findings_internal.h"

const struct dhr_findings_format dhr_findings_formats[] = {{"sarif", findings_add_sarif},
                                                           {"github", findings_add_github},
                                                           {"gitlab", findings_add_gitlab},
                                                           {"junit", findings_add_junit},
                                                           {NULL, NULL}};

const struct dhr_findings_format *dhr_findings_format_of(const char *name)
{
    const struct dhr_findings_format *format = dhr_findings_formats;
    while (format->name && strcmp(format->name, name) != 0)
        format++;
    return format->name ? format : NULL;
}

void findings_add_path(struct dhr_buf *out, const struct dhr_findings_report *report,
                       const struct dhr_finding *finding)
{
    if (*report->prefix) {
        dhr_utf8_add_safe(out, dhr_str_of(report->prefix), false);
        dhr_buf_addc(out, '/');
    }
    dhr_utf8_add_safe(out, dhr_str_of(finding->path), false);
}

void findings_add_message(struct dhr_buf *out, const struct dhr_finding *finding)
{
    dhr_utf8_add_safe(out, dhr_str_of(finding->text), false);
}

struct dhr_repeat *findings_repeats(const struct dhr_finding_row *rows, size_t count)
{
    struct dhr_finding *items = dhr_realloc(NULL, (count + 1) * sizeof(*items));
    struct dhr_repeat *repeats = dhr_realloc(NULL, (count + 1) * sizeof(*repeats));
    for (size_t i = 0; i < count; i++)
        items[i] = *rows[i].finding;
    const struct dhr_findings findings = {.items = items, .count = count};
    dhr_findings_repeats(&findings, repeats);
    free(items);
    return repeats;
}

json_t *findings_json_string(struct dhr_buf *text)
{
    json_t *string = json_stringn(dhr_buf_cstr(text), text->len);
    dhr_buf_release(text);
    return string;
}

void findings_add_json(struct dhr_buf *out, json_t *root)
{
    char *text = json_dumps(root, JSON_INDENT(1) | JSON_ENSURE_ASCII);
    if (!text)
        dhr_out_of_memory();
    dhr_buf_adds(out, text);
    dhr_buf_addc(out, '\n');
    free(text);
    json_decref(root);
}
