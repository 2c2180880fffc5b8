/*
 * Reading a whole CSV file, as spreadsheets write it. libcsv splits it; what that
 * doesn't do is done here: physical lines are counted, blank rows and empty cells
 * at a row's end are left out, and what would be lost or guessed is an error.
 *
 *     struct dhr_csv csv = {0};
 *     dhr_csv_read(&csv, "answers.csv", bytes, &arena, &err);
 *     for (size_t r = 0; r < csv.row_count; r++)
 *         … csv.rows[r].line, dhr_csv_cell(&csv, r, column) …
 *     dhr_csv_release(&csv);
 *
 * The delimiter is a comma, a semicolon or a tab, whichever the first line that
 * has any has most of, or what a first line "sep=;" says. Bytes that are not
 * UTF-8 are taken for Windows-1252. White space around a cell that has no quotes
 * is taken off, and CR or CR LF inside a cell is LF.
 */
#ifndef DHRLEDGER_CSV_READ_H
#define DHRLEDGER_CSV_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhrledger/err.h"
#include "dhrledger/mem.h"
#include "dhrledger/str.h"

enum {
    DHR_CSV_MAX_BYTES = 64 * 1024 * 1024,
    DHR_CSV_MAX_COLUMNS = 1000,
    DHR_CSV_MAX_CELLS = 5 * 1000 * 1000
};

struct dhr_csv_row {
    uint32_t line;        /* of the file, from 1, on which the row begins */
    uint32_t row;         /* from 1, as a spreadsheet counts: blank rows too, lines of a cell not */
    uint32_t cell_count;  /* up to the last one that isn't empty */
    uint32_t given_count; /* with the empty ones behind it */
    size_t first_cell;
};

struct dhr_csv {
    char delimiter;
    bool windows_1252; /* not UTF-8, so it was read as that */
    struct dhr_csv_row *rows;
    size_t row_count, row_capacity;
    struct dhr_str *cells; /* text in the arena */
    size_t cell_count, cell_capacity;
};

/*
 * DHR_FOUND with "NAME:LINE:COLUMN: …" (the column in bytes) for a quote that is
 * never closed or stands inside a cell, NUL, UTF-16, bytes that are neither UTF-8
 * nor Windows-1252, a workbook, a PDF, and more columns or cells than the
 * limits. Release it also then.
 */
int dhr_csv_read(struct dhr_csv *csv, const char *name, struct dhr_str bytes,
                 struct dhr_arena *arena, struct dhr_err *err);

/* What the bytes are where they are plainly no CSV, such as "a PDF"; static, or NULL. */
const char *dhr_csv_other(struct dhr_str bytes);

/* The cell's text; empty where the row ends before it. */
struct dhr_str dhr_csv_cell(const struct dhr_csv *csv, size_t row, size_t column);

/* Without the apostrophe that guards a cell against being taken for a formula (csv_write.h). */
struct dhr_str dhr_csv_unguard(struct dhr_str cell);

void dhr_csv_release(struct dhr_csv *csv);

#endif
