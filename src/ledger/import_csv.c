#include "dhrledger/import_csv.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/utf8.h"
#include "import_internal.h"

enum { MOST_BYTES = 2048 };

/* A sentence of at most MOST_BYTES, in the arena. */
static struct dhr_csv_note note_of(struct csv_work *w, uint32_t line, const char *fmt, va_list ap)
{
    char text[MOST_BYTES];
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    return (struct dhr_csv_note){line, dhr_arena_dup(w->arena, text, strlen(text))};
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
        rc = w.own ? csv_read_own(&w) : csv_read_plan(&w);
    if (rc == 0)
        rc = csv_apply(&w);
    sort_notes(import->problems, import->problem_count);
    free(w.proposals);
    return rc;
}

void dhr_csv_import_release(struct dhr_csv_import *import)
{
    for (size_t i = 0; i < import->plan_count; i++)
        dhr_plan_release(&import->plans[i]);
    free(import->plans);
    free(import->problems);
    free(import->notes);
    *import = (struct dhr_csv_import){0};
}
