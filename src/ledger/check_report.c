#include "dhrledger/check_report.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/utf8.h"

/* Rows of one file, in the order of their places. */
struct file_rows {
    struct dhr_finding_row **items;
    size_t count;
};

/* Where a walk down a file's lines stands. */
struct place {
    struct dhr_str section;
    struct dhr_str key;
};

/*
 * The reader's own idea of a line is not kept for those that it refuses, and these are the
 * ones with findings. So a line is taken for what it looks like.
 */
static void step(struct place *place, struct dhr_str line)
{
    struct dhr_str shown = dhr_str_trim(line);
    const char *end = NULL;
    if (shown.len && shown.ptr[0] == '[' && shown.ptr == line.ptr) {
        end = memchr(shown.ptr, ']', shown.len);
        place->section = dhr_str_span(shown.ptr + 1, end ? (size_t)(end - shown.ptr) - 1 : 0);
        place->key = (struct dhr_str){NULL, 0};
    } else if (!shown.len || shown.ptr[0] == '#' || shown.ptr[0] == ';') {
        place->key = (struct dhr_str){NULL, 0};
    } else if (shown.ptr == line.ptr) {
        end = memchr(shown.ptr, '=', shown.len);
        place->key = dhr_str_trim(dhr_str_span(shown.ptr, end ? (size_t)(end - shown.ptr) : 0));
    }
}

/* A place in a line, in bytes and as editors count; the next one is counted from there. */
struct column {
    size_t at;
    size_t units;
};

static uint32_t utf16_col(struct dhr_str line, uint32_t col, struct column *last)
{
    size_t at = col > 0 && col - 1 < line.len ? col - 1 : line.len;
    if (at < last->at)
        *last = (struct column){0, 0};
    last->units += dhr_utf16_len(dhr_str_span(line.ptr + last->at, at - last->at));
    last->at = at;
    return (uint32_t)last->units + 1;
}

static void locate(struct file_rows rows, struct dhr_str bytes)
{
    struct place place = {{NULL, 0}, {NULL, 0}};
    struct dhr_str line;
    size_t next = 0;
    while (next < rows.count && rows.items[next]->finding->line == 0)
        next++;
    for (uint32_t number = 1; next < rows.count && dhr_str_line(&bytes, &line); number++) {
        struct column column = {0, 0};
        /* A byte order mark, a finding of its own, is no part of the first line's heading. */
        step(&place, dhr_utf8_without_mark(line));
        for (; next < rows.count && rows.items[next]->finding->line == number; next++) {
            struct dhr_finding_row *row = rows.items[next];
            row->section = place.section;
            row->key = place.key;
            row->utf16_col = utf16_col(line, row->finding->col, &column);
        }
    }
}

static int by_place(const void *a, const void *b)
{
    const struct dhr_finding *x = (*(const struct dhr_finding_row *const *)a)->finding;
    const struct dhr_finding *y = (*(const struct dhr_finding_row *const *)b)->finding;
    int order = strcmp(x->path, y->path);
    if (order == 0)
        order = (x->line > y->line) - (x->line < y->line);
    return order ? order : (x->col > y->col) - (x->col < y->col);
}

static int by_path(const void *key, const void *entry)
{
    return strcmp(key, ((const struct dhr_entry *)entry)->path);
}

static void read_file(struct file_rows rows, struct dhr_reader *reader,
                      const struct dhr_ledger *ledger, struct dhr_arena *arena)
{
    struct dhr_err ignored = {0};
    struct dhr_str bytes;
    const struct dhr_entry *entry = bsearch(rows.items[0]->finding->path, ledger->entries,
                                            ledger->entry_count, sizeof(*ledger->entries), by_path);
    if (entry && entry->kind == DHR_ENTRY_FILE &&
        dhr_reader_read(reader, entry, arena, &bytes, &ignored) == 0)
        locate(rows, bytes);
}

static int read_places(struct dhr_finding_row **sorted, size_t count, struct dhr_source *source,
                       const struct dhr_ledger *ledger, struct dhr_arena *arena,
                       struct dhr_err *err)
{
    struct dhr_reader *reader = NULL;
    if (dhr_reader_open(&reader, source, err) < 0)
        return -1;
    qsort(sorted, count, sizeof(struct dhr_finding_row *), by_place);
    for (size_t from = 0, to = 0; from < count; from = to) {
        const char *path = sorted[from]->finding->path;
        while (to < count && strcmp(sorted[to]->finding->path, path) == 0)
            to++;
        if (sorted[to - 1]->finding->line)
            read_file((struct file_rows){sorted + from, to - from}, reader, ledger, arena);
    }
    dhr_reader_free(reader);
    return 0;
}

/* "already stands at line 14" says the same when that line moves. */
static void add_without_lines(struct dhr_buf *out, const char *text)
{
    for (const char *c = text; *c; c++) {
        dhr_buf_addc(out, *c);
        if (isdigit((unsigned char)c[1]) && c - text >= 4 && strncmp(c - 4, "line ", 5) == 0) {
            while (isdigit((unsigned char)c[1]))
                c++;
        }
    }
}

/* `nth` counts those before it that are alike in all this. */
static int hash(struct dhr_finding_row *row, size_t nth, struct dhr_err *err)
{
    struct dhr_buf bytes = {0};
    char code[DHR_CODE_SIZE];
    bool whole = row->finding->rule == DHR_RULE_LAYOUT; /* it is the file's, wherever it begins */
    dhr_rule_code(row->finding->rule, code);
    dhr_buf_addf(&bytes, "%s\n%s\n%.*s\n%.*s\n", code, row->finding->path,
                 whole ? 0 : (int)row->section.len, row->section.ptr, whole ? 0 : (int)row->key.len,
                 row->key.ptr);
    add_without_lines(&bytes, row->finding->text);
    if (nth)
        dhr_buf_addf(&bytes, "\n%zu", nth + 1);
    int rc = dhr_hash(dhr_buf_str(&bytes), row->fingerprint, err);
    dhr_buf_release(&bytes);
    return rc;
}

static int by_fingerprint(const void *a, const void *b)
{
    const struct dhr_finding_row *x = *(const struct dhr_finding_row *const *)a;
    const struct dhr_finding_row *y = *(const struct dhr_finding_row *const *)b;
    int order = strcmp(x->fingerprint, y->fingerprint);
    return order ? order : (x > y) - (x < y);
}

static struct dhr_finding_row **list_rows(const struct dhr_findings_report *report,
                                          struct dhr_arena *arena)
{
    struct dhr_finding_row **rows =
        dhr_arena_alloc(arena, (report->count + 1) * sizeof(struct dhr_finding_row *));
    for (size_t i = 0; i < report->count; i++)
        rows[i] = &report->rows[i];
    return rows;
}

int dhr_check_report_identify(struct dhr_findings_report *report, struct dhr_arena *arena,
                              struct dhr_err *err)
{
    struct dhr_finding_row **sorted = list_rows(report, arena);
    size_t count = report->count;
    for (size_t i = 0; i < count; i++) {
        if (hash(sorted[i], 0, err) < 0)
            return -1;
    }
    qsort(sorted, count, sizeof(struct dhr_finding_row *), by_fingerprint);
    for (size_t from = 0, to = 0; from < count; from = to) {
        char first[DHR_FINGERPRINT_SIZE];
        memcpy(first, sorted[from]->fingerprint, sizeof(first));
        while (to < count && strcmp(sorted[to]->fingerprint, first) == 0)
            to++;
        for (size_t i = from + 1; i < to; i++) {
            if (hash(sorted[i], i - from, err) < 0)
                return -1;
        }
    }
    return 0;
}

int dhr_check_report_locate(struct dhr_findings_report *report, struct dhr_source *source,
                            const struct dhr_ledger *ledger, const struct dhr_findings *findings,
                            struct dhr_arena *arena, struct dhr_err *err)
{
    size_t count = findings->count;
    report->rows = dhr_arena_zalloc(arena, (count + 1) * sizeof(*report->rows));
    report->count = count;
    for (size_t i = 0; i < count; i++) {
        report->rows[i].finding = &findings->items[i];
        report->rows[i].utf16_col = findings->items[i].col;
    }
    return read_places(list_rows(report, arena), count, source, ledger, arena, err);
}

int dhr_check_report(struct dhr_findings_report *report, struct dhr_source *source,
                     const struct dhr_ledger *ledger, const struct dhr_findings *findings,
                     struct dhr_arena *arena, struct dhr_err *err)
{
    if (dhr_check_report_locate(report, source, ledger, findings, arena, err) < 0)
        return -1;
    return dhr_check_report_identify(report, arena, err);
}
