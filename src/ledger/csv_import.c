#include "dhrledger/csv_import.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "csv_internal.h"
#include "dhrledger/utf8.h"

enum { MOST_BYTES = 2048 };

/* The spreadsheet's number of the row that begins on that line, where it is another one. */
static uint32_t row_at(const struct dhr_csv *csv, uint32_t line)
{
    size_t low = 0;
    size_t high = csv->row_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (csv->rows[middle].line < line)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < csv->row_count && csv->rows[low].line == line;
    return found && csv->rows[low].row != line ? csv->rows[low].row : 0;
}

/* A sentence of at most MOST_BYTES, in the arena. */
DHR_PRINTF(3, 0)
static struct dhr_csv_note note_of(struct csv_work *w, uint32_t line, const char *fmt, va_list ap)
{
    char text[MOST_BYTES];
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    size_t len = dhr_utf8_whole_len(dhr_str_of(text));
    return (struct dhr_csv_note){line, row_at(w->csv, line), dhr_arena_dup(w->arena, text, len)};
}

void csv_problem(struct csv_work *w, uint32_t line, const char *fmt, ...)
{
    struct dhr_csv_import *import = w->import;
    va_list ap;
    va_start(ap, fmt);
    *DHR_PUSH(import->problems, import->problem_count, import->problem_capacity) =
        note_of(w, line, fmt, ap);
    va_end(ap);
}

void csv_note(struct csv_work *w, uint32_t line, const char *fmt, ...)
{
    struct dhr_csv_import *import = w->import;
    va_list ap;
    va_start(ap, fmt);
    *DHR_PUSH(import->notes, import->note_count, import->note_capacity) = note_of(w, line, fmt, ap);
    va_end(ap);
}

size_t csv_fixed_column(const struct csv_work *w, enum dhr_key_id key)
{
    size_t i = 0;
    while (i < w->column_count &&
           !(w->columns[i].role == COLUMN_FIXED && w->columns[i].key->id == key))
        i++;
    return i;
}

const char *csv_shown(struct csv_work *w, struct dhr_str value)
{
    enum { MOST_COLUMNS = 60 };
    struct dhr_buf text = {0};
    size_t len = dhr_utf8_fit(value, MOST_COLUMNS);
    for (size_t i = 0; i < len; i++) {
        if (value.ptr[i] == '\n')
            dhr_buf_adds(&text, " / ");
        else
            dhr_buf_addc(&text, value.ptr[i]);
    }
    if (len < value.len)
        dhr_buf_adds(&text, "…");
    const char *shown = dhr_str_dup(w->arena, dhr_buf_str(&text));
    dhr_buf_release(&text);
    return shown;
}

static int by_line(const void *a, const void *b)
{
    const struct dhr_csv_note *x = a;
    const struct dhr_csv_note *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

/* What was found out later may be about an earlier line. Few are out of order. */
static void sort_notes(struct dhr_csv_note *notes, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        struct dhr_csv_note note = notes[i];
        size_t at = i;
        while (at && by_line(&notes[at - 1], &note) > 0) {
            notes[at] = notes[at - 1];
            at--;
        }
        notes[at] = note;
    }
}

static void add_made(struct csv_work *w)
{
    struct dhr_csv_import *import = w->import;
    for (size_t i = 0; i < w->fresh_count; i++) {
        const struct csv_fresh *fresh = &w->fresh[i];
        *DHR_PUSH(import->made, import->made_count, import->made_capacity) =
            (struct dhr_csv_made){.kind = DHR_RECORD_RECOMMENDATION,
                                  .id = fresh->record->id,
                                  .path = fresh->record->path,
                                  .bytes = fresh->bytes,
                                  .fields = fresh->fields};
    }
}

static bool has_heading(struct csv_work *w, struct dhr_str heading)
{
    struct dhr_str folded = csv_folded(w, heading);
    for (size_t i = 0; i < w->column_count; i++) {
        if (dhr_str_eq(csv_folded(w, w->columns[i].heading), folded))
            return true;
    }
    return false;
}

/* A heading mistyped in a map leaves its column to be taken for what it isn't. */
static void note_idle_maps(struct csv_work *w)
{
    for (size_t i = 0; i < w->options->map_count; i++) {
        const char *map = w->options->maps[i];
        struct dhr_str heading = dhr_str_trim(dhr_str_span(map, (size_t)(strrchr(map, '=') - map)));
        if (!has_heading(w, heading))
            csv_note(w, 0, "no column has the heading \"%s\", which a map says to be %s",
                     csv_shown(w, heading),
                     csv_shown(w, dhr_str_trim(dhr_str_of(strrchr(map, '=') + 1))));
    }
}

int dhr_import_csv(struct dhr_csv_import *import, const struct dhr_csv *csv,
                   const struct dhr_csv_options *options, struct dhr_arena *arena,
                   struct dhr_err *err)
{
    struct csv_work w = {
        .import = import, .csv = csv, .options = options, .arena = arena, .err = err};
    if (csv->windows_1252)
        csv_note(&w, 0, "the file is not UTF-8; it was read as Windows-1252");
    int rc = csv_find_columns(&w);
    if (rc == 0)
        note_idle_maps(&w);
    if (rc == 0 && options->new_records)
        rc = csv_make_new(&w);
    if (rc == 0)
        rc = w.own ? csv_read_own(&w) : csv_read_plan(&w);
    if (rc == 0)
        rc = csv_apply(&w);
    add_made(&w);
    sort_notes(import->problems, import->problem_count);
    free(w.proposals);
    free(w.formers);
    if (w.beside)
        dhr_ledger_forget_places(w.beside);
    return rc;
}

void dhr_csv_import_release(struct dhr_csv_import *import)
{
    for (size_t i = 0; i < import->plan_count; i++)
        dhr_plan_release(&import->plans[i]);
    for (size_t i = 0; i < import->made_count; i++)
        dhr_differences_release(&import->made[i].fields);
    free(import->plans);
    free(import->made);
    free(import->problems);
    free(import->notes);
    *import = (struct dhr_csv_import){0};
}
