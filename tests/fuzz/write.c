/*
 * What is written for others of hostile text: JSON, CSV, tables, findings and commit
 * messages. The first line is a path, the rest a text with a tab between cells.
 */
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "dhrledger/csv_read.h"
#include "dhrledger/csv_write.h"
#include "dhrledger/findings_write.h"
#include "dhrledger/json_write.h"
#include "dhrledger/table.h"
#include "dhrledger/utf8.h"
#include "fuzz.h"

/* No byte of it can drive a terminal or break a line that isn't meant to be. */
static void check_safe(struct dhr_str text, const char *what, const char *allowed)
{
    fuzz_check_utf8(text, what);
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool c1 = c == 0xC2 && (unsigned char)text.ptr[i + 1] < 0xA0;
        fuzz_check(!c1 && ((c >= ' ' && c != 0x7F) || (c && strchr(allowed, c))),
                   "byte 0x%02X in %s", c, what);
    }
}

static json_t *load_json(struct dhr_str text, const char *what)
{
    json_error_t error;
    json_t *json = json_loadb(text.ptr, text.len, JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
    fuzz_check(json, "%s: %s", what, error.text);
    return json;
}

static void check_string(struct dhr_str text)
{
    struct dhr_buf out = {0};
    dhr_json_add_string(&out, text);
    check_safe(dhr_buf_str(&out), "a JSON string", "");
    json_t *json = load_json(dhr_buf_str(&out), "a JSON string");
    fuzz_check(json_is_string(json), "no JSON string");
    if (dhr_utf8_valid_len(text) == text.len)
        fuzz_check(json_string_length(json) == text.len &&
                       memcmp(json_string_value(json), text.len ? text.ptr : "", text.len) == 0,
                   "the string reads <%s>", json_string_value(json));
    json_decref(json);
    dhr_buf_clear(&out);
    dhr_utf8_add_safe(&out, text, true);
    check_safe(dhr_buf_str(&out), "safe text", "\n");
    dhr_buf_release(&out);
}

/* Findings whose path and sentence are the text's. */
static void check_findings(const char *path, struct dhr_str text)
{
    struct dhr_findings findings = {0};
    struct dhr_buf out = {0};
    dhr_findings_add(&findings, DHR_RULE_CONTROL, path, 1, 1, "%.*s", DHR_ARG(text));
    dhr_findings_add(&findings, DHR_RULE_BAD_DATE, path, 0, 0, "%.*s", DHR_ARG(text));
    struct dhr_finding_row rows[2] = {
        {.finding = &findings.items[0], .section = text, .key = text, .utf16_col = 1},
        {.finding = &findings.items[1]}};
    for (size_t i = 0; i < 2; i++)
        memset(rows[i].fingerprint, '0', DHR_FINGERPRINT_SIZE - 1);
    struct dhr_finding allowed = findings.items[0];
    allowed.reason = dhr_arena_dup(&findings.arena, text.ptr, text.len);
    allowed.allowed_at = 1;
    struct dhr_finding_row accepted = rows[0];
    accepted.finding = &allowed;
    const struct dhr_findings_report report = {.rows = rows,
                                               .count = 2,
                                               .accepted = &accepted,
                                               .accepted_count = 1,
                                               .prefix = "sub/folder",
                                               .fail_level = DHR_SEVERITY_ERROR,
                                               .version = "0"};
    for (const struct dhr_findings_format *format = dhr_findings_formats; format->name; format++) {
        dhr_buf_clear(&out);
        format->add(&out, &report);
        check_safe(dhr_buf_str(&out), format->name, "\n");
        if (strchr("{[", *dhr_buf_cstr(&out)))
            json_decref(load_json(dhr_buf_str(&out), format->name));
    }
    dhr_buf_clear(&out);
    dhr_findings_add_text(&out, &findings, 80);
    check_safe(dhr_buf_str(&out), "findings as text", "\n");
    dhr_buf_release(&out);
    dhr_findings_release(&findings);
}

static struct dhr_table *make_table(struct dhr_str text)
{
    enum { COLUMNS = 3 };
    static const struct dhr_column columns[COLUMNS] = {
        {"id", "Recommendation", DHR_CELL_TEXT, 0},
        {"text", "Text", DHR_CELL_TEXT, DHR_COLUMN_WRAP},
        {"items", "Items", DHR_CELL_LIST, 0}};
    struct dhr_table *table = dhr_table_new("fuzz", columns, COLUMNS);
    struct dhr_str cell;
    size_t count = 0;
    while (dhr_str_split(&text, '\t', &cell)) {
        if (count % COLUMNS == 0)
            dhr_table_row(table);
        if (count % COLUMNS == 2)
            dhr_table_add_item(table, 2, cell);
        else
            dhr_table_text(table, count % COLUMNS, cell);
        count++;
    }
    return table;
}

static void check_table(struct dhr_str text)
{
    static const struct dhr_style style = {.width = 80, .ascii = false};
    static const enum dhr_format formats[] = {DHR_FORMAT_TEXT, DHR_FORMAT_CSV, DHR_FORMAT_JSON,
                                              DHR_FORMAT_NDJSON, DHR_FORMAT_MARKDOWN};
    struct dhr_table *table = make_table(text);
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        struct dhr_err err = {0};
        struct dhr_arena arena = {0};
        struct dhr_csv csv = {0};
        char *bytes = NULL;
        size_t len = 0;
        FILE *file = open_memstream(&bytes, &len);
        fuzz_check(file && dhr_table_write(table, formats[i], &style, file, &err) == 0 &&
                       fclose(file) == 0,
                   "%s", err.text);
        fuzz_check_utf8(dhr_str_span(bytes, len), "a table");
        if (formats[i] == DHR_FORMAT_TEXT || formats[i] == DHR_FORMAT_MARKDOWN)
            check_safe(dhr_str_span(bytes, len), "a table", "\n");
        if (formats[i] == DHR_FORMAT_JSON)
            json_decref(load_json(dhr_str_span(bytes, len), "a table"));
        if (formats[i] == DHR_FORMAT_CSV)
            fuzz_check(dhr_csv_read(&csv, "table", dhr_str_span(bytes, len), &arena, &err) == 0,
                       "%s", err.text);
        dhr_csv_release(&csv);
        dhr_arena_release(&arena);
        free(bytes);
    }
    dhr_table_free(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dhr_arena arena = {0};
    struct dhr_str path = dhr_str_of("");
    struct dhr_str raw = fuzz_copy(&arena, data, size);
    /* Records are checked to be UTF-8 before a report has their values. */
    struct dhr_str text = fuzz_text(&arena, data, size);
    check_string(raw);
    check_table(text);
    (void)dhr_str_line(&raw, &path);
    check_findings(dhr_str_dup(&arena, path), raw);
    dhr_arena_release(&arena);
    return 0;
}
