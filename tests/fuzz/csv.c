/*
 * The CSV import, from the file's bytes to the records it would write, against the
 * ledger in tests/fixtures/progress: cells survive writing and reading, problems
 * are on lines of the file, changed and new records are sound.
 *
 * The bytes may begin with lines that stand for the command line's options: "#new",
 * "#review ID", "#map HEADING=KEY".
 */
#include <fcntl.h>
#include <string.h>

#include "dhrledger/check.h"
#include "dhrledger/csv_import.h"
#include "dhrledger/csv_write.h"
#include "dhrledger/file.h"
#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "fuzz.h"

enum { MAPS_MOST = 8 };

struct input {
    struct dhr_csv_options options;
    const char *maps[MAPS_MOST];
    struct dhr_str bytes;
};

/* A dhr_csv_read_fn: the fixture's file. */
static int read_file(void *user, const char *path, struct dhr_arena *arena, struct dhr_str *bytes,
                     struct dhr_err *err)
{
    const char *full = dhr_arena_printf(arena, "tests/fixtures/progress/%s", path);
    (void)user;
    return dhr_file_read(AT_FDCWD, full, DHR_RECORD_MAX_BYTES, arena, bytes, err);
}

static void take_options(struct input *input, struct dhr_arena *arena)
{
    struct dhr_str line;
    struct dhr_str rest = input->bytes;
    while (dhr_str_starts(rest, "#") && dhr_str_line(&rest, &line)) {
        if (dhr_str_is(line, "#new"))
            input->options.new_records = true;
        else if (dhr_str_starts(line, "#review "))
            input->options.review = dhr_str_span(line.ptr + 8, line.len - 8);
        else if (dhr_str_starts(line, "#map ") && input->options.map_count < MAPS_MOST)
            input->maps[input->options.map_count++] =
                fuzz_text(arena, (const uint8_t *)line.ptr + 5, line.len - 5).ptr;
        else
            break;
        input->bytes = rest;
    }
    /* The verb refuses one that the ledger doesn't have. */
    if (!dhr_ledger_review(input->options.ledger, input->options.review))
        input->options.review = dhr_str_of("");
}

/* CR ends a line, too, as old spreadsheets have it. */
static uint32_t lines_of(struct dhr_str bytes)
{
    uint32_t lines = fuzz_lines(bytes);
    for (size_t i = 0; i + 1 < bytes.len; i++)
        lines += bytes.ptr[i] == '\r' && bytes.ptr[i + 1] != '\n';
    return lines;
}

/* Written as CSV, the cells are read as they were. */
static void check_cells(const struct dhr_csv *csv, struct dhr_arena *arena)
{
    struct dhr_buf out = {0};
    struct dhr_csv again = {0};
    struct dhr_err err = {0};
    dhr_buf_adds(&out, "sep=,\r\n");
    for (size_t r = 0; r < csv->row_count; r++) {
        for (size_t c = 0; c < csv->rows[r].cell_count; c++) {
            fuzz_check_utf8(dhr_csv_cell(csv, r, c), "a cell");
            dhr_csv_add_cell(&out, dhr_csv_cell(csv, r, c), true, c == 0);
        }
        dhr_csv_end_record(&out);
    }
    fuzz_check(dhr_csv_read(&again, "again", dhr_buf_str(&out), arena, &err) == 0, "%s", err.text);
    fuzz_check(again.row_count == csv->row_count, "%zu rows, then %zu", csv->row_count,
               again.row_count);
    for (size_t r = 0; r < csv->row_count; r++) {
        fuzz_check(again.rows[r].cell_count == csv->rows[r].cell_count, "cells in row %zu", r);
        for (size_t c = 0; c < csv->rows[r].cell_count; c++) {
            struct dhr_str was = dhr_csv_cell(csv, r, c);
            struct dhr_str is = dhr_csv_unguard(dhr_csv_cell(&again, r, c));
            fuzz_check(dhr_str_eq(was, is), "row %zu cell %zu: <%.*s>, then <%.*s>", r, c,
                       DHR_ARG(was), DHR_ARG(is));
        }
    }
    dhr_csv_release(&again);
    dhr_buf_release(&out);
}

static void check_notes(const struct dhr_csv_note *notes, size_t count, uint32_t lines)
{
    for (size_t i = 0; i < count; i++) {
        fuzz_check(notes[i].line <= lines, "a note on line %u of %u", notes[i].line, lines);
        fuzz_check_utf8(dhr_str_of(notes[i].text), "a note");
    }
}

static size_t findings_in(struct dhr_arena *arena, const char *path, struct dhr_str bytes)
{
    struct dhr_ini ini = {0};
    struct dhr_findings findings = {0};
    dhr_ini_parse(&ini, DHR_RECORD_RECOMMENDATION, path, bytes, &findings);
    (void)dhr_ini_record(&ini, arena, &findings);
    size_t count = findings.count;
    dhr_findings_release(&findings);
    dhr_ini_release(&ini);
    return count;
}

static void check_import(const struct dhr_csv_import *import, struct dhr_arena *arena)
{
    struct dhr_buf message = {0};
    size_t cells = 0;
    for (size_t i = 0; i < import->plan_count; i++) {
        const struct dhr_plan *plan = &import->plans[i];
        fuzz_check(findings_in(arena, plan->path, plan->after) <=
                       findings_in(arena, plan->path, plan->before),
                   "%s has faults:\n%.*s", plan->path, DHR_ARG(plan->after));
        fuzz_check(plan->differences.count > 0, "%s: no change is planned", plan->path);
        cells += plan->differences.count;
        for (size_t j = 0; j < i; j++)
            fuzz_check(strcmp(plan->path, import->plans[j].path) != 0, "%s twice", plan->path);
    }
    fuzz_check(!import->plan_count || (import->cells && cells), "records change without a cell");
    for (size_t i = 0; i < import->made_count; i++) {
        const struct dhr_csv_made *made = &import->made[i];
        const struct dhr_record *record = fuzz_read_made(arena, made->path, made->bytes);
        fuzz_check(dhr_str_eq(record->id, made->id), "%s is %.*s", made->path, DHR_ARG(made->id));
    }
    if (import->plan_count || import->made_count)
        dhr_csv_import_add_message(&message, import, "Why");
    fuzz_check_utf8(dhr_buf_str(&message), "the message");
    dhr_buf_release(&message);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dhr_arena arena = {0};
    struct dhr_csv csv = {0};
    struct dhr_csv_import import = {0};
    struct dhr_err err = {0};
    struct input input = {.bytes = fuzz_copy(&arena, data, size),
                          .options = {.name = "plan.csv",
                                      .ledger = fuzz_ledger(),
                                      .prefix = "",
                                      .review = dhr_str_of(""),
                                      .today = fuzz_today(),
                                      .read = read_file}};
    input.options.maps = input.maps;
    take_options(&input, &arena);
    if (dhr_csv_read(&csv, "plan.csv", input.bytes, &arena, &err) == 0) {
        check_cells(&csv, &arena);
        if (dhr_import_csv(&import, &csv, &input.options, &arena, &err) == 0)
            check_import(&import, &arena);
        for (size_t i = 1; i < import.problem_count; i++)
            fuzz_check(import.problems[i - 1].line <= import.problems[i].line,
                       "problems are out of order");
        check_notes(import.problems, import.problem_count, lines_of(input.bytes));
        check_notes(import.notes, import.note_count, lines_of(input.bytes));
    }
    fuzz_check(!err.status || err.status == DHR_FOUND || err.status == DHR_USAGE, "%d: %s",
               (int)err.status, err.text);
    fuzz_check_utf8(dhr_str_of(err.text), "the sentence");
    dhr_csv_import_release(&import);
    dhr_csv_release(&csv);
    dhr_arena_release(&arena);
    return 0;
}
