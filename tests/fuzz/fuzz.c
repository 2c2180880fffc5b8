#include "fuzz.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/utf8.h"

void fuzz_check(bool holds, const char *fmt, ...)
{
    va_list ap;
    if (holds)
        return;
    va_start(ap, fmt);
    (void)fputs("does not hold: ", stderr);
    (void)vfprintf(stderr, fmt, ap);
    (void)fputc('\n', stderr);
    va_end(ap);
    abort();
}

struct dhr_str fuzz_copy(struct dhr_arena *arena, const uint8_t *data, size_t size)
{
    return dhr_str_span(dhr_arena_dup(arena, size ? (const char *)data : "", size), size);
}

struct dhr_str fuzz_text(struct dhr_arena *arena, const uint8_t *data, size_t size)
{
    char *text = dhr_arena_dup(arena, size ? (const char *)data : "", size);
    for (size_t at = 0; at < size;) {
        at += dhr_utf8_valid_len(dhr_str_span(text + at, size - at));
        if (at < size)
            text[at] = '?';
    }
    for (size_t i = 0; i < size; i++) {
        if (!text[i])
            text[i] = '?';
    }
    return dhr_str_span(text, size);
}

void fuzz_check_utf8(struct dhr_str text, const char *what)
{
    size_t valid = dhr_utf8_valid_len(text);
    fuzz_check(valid == text.len, "%s is not UTF-8 at byte %zu of %zu", what, valid, text.len);
}

uint32_t fuzz_lines(struct dhr_str text)
{
    uint32_t lines = text.len > 0;
    for (size_t i = 0; i + 1 < text.len; i++)
        lines += text.ptr[i] == '\n';
    return lines;
}

dhr_day fuzz_today(void)
{
    dhr_day today = 0;
    fuzz_check(dhr_day_parse(dhr_str_of("2026-11-24"), &today), "no such day");
    return today;
}

const struct dhr_ledger *fuzz_ledger(void)
{
    static struct dhr_ledger ledger;
    static bool loaded;
    struct dhr_source *source = NULL;
    struct dhr_err err = {0};
    if (loaded)
        return &ledger;
    fuzz_check(dhr_ini_init(&err) == 0 &&
                   dhr_source_open_folder(&source, "tests/fixtures/progress", &err) == 0 &&
                   dhr_ledger_load(&ledger, source, &err) == 0,
               "%s", err.text);
    dhr_source_free(source);
    ledger.today = fuzz_today();
    loaded = true;
    return &ledger;
}

void fuzz_add_visible(struct dhr_buf *out, struct dhr_str text, char skip)
{
    for (size_t i = 0; i < text.len; i++) {
        if (dhr_str_starts(dhr_str_span(text.ptr + i, text.len - i), "\u00A0"))
            i++;
        else if (!memchr(" \t\r\n", text.ptr[i], 4) && text.ptr[i] != skip)
            dhr_buf_addc(out, text.ptr[i]);
    }
}

const struct dhr_record *fuzz_read_made(struct dhr_arena *arena, const char *path,
                                        struct dhr_str bytes)
{
    struct dhr_ini ini = {0};
    struct dhr_findings findings = {0};
    struct dhr_buf formatted = {0};
    struct dhr_err err = {0};
    enum dhr_record_kind kind = DHR_RECORD_REVIEW;
    struct dhr_str id = {NULL, 0};
    fuzz_check(dhr_ident_of_path(dhr_str_of(path), &kind, &id), "%s: no record's path", path);
    dhr_ini_parse(&ini, kind, path, bytes, &findings);
    const struct dhr_record *record = dhr_ini_record(&ini, arena, &findings);
    fuzz_check(findings.count == 0, "%s: %s\n%.*s", path,
               findings.count ? findings.items[0].text : "", DHR_ARG(bytes));
    fuzz_check(dhr_ini_format(&ini, &formatted, &err) == 0, "%s: %s", path, err.text);
    fuzz_check(dhr_str_eq(dhr_buf_str(&formatted), bytes), "%s: is not canonical:\n%.*s", path,
               DHR_ARG(bytes));
    dhr_buf_release(&formatted);
    dhr_findings_release(&findings);
    dhr_ini_release(&ini);
    return record;
}
