/*
 * A report as a typed table, written as text for a terminal, CSV or JSON.
 *
 *     static const struct dhr_column columns[] = {
 *         {"id", "Recommendation", DHR_CELL_TEXT, 0},
 *         {"days", "Days", DHR_CELL_NUMBER, DHR_COLUMN_RIGHT},
 *     };
 *     struct dhr_table *table = dhr_table_new("overdue", columns, 2);
 *     dhr_table_row(table);
 *     dhr_table_text(table, 0, id);
 *     dhr_table_number(table, 1, 12);
 *     dhr_table_write(table, DHR_FORMAT_TEXT, &style, file, &err);
 *     dhr_table_free(table);
 *
 * Cells copy what they are given, unless it is lent. A cell never set is empty in
 * text and CSV and null in JSON.
 */
#ifndef DHRLEDGER_TABLE_H
#define DHRLEDGER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "dhrledger/err.h"
#include "dhrledger/str.h"

enum dhr_cell_type {
    DHR_CELL_TEXT,
    DHR_CELL_NUMBER,
    DHR_CELL_LIST,  /* several texts: commas in text, lines in CSV, an array in JSON */
    DHR_CELL_STATE, /* a text whose colour says how things stand */
    DHR_CELL_BAR    /* done of total: a bar in text, left out of CSV and JSON */
};

enum {
    DHR_COLUMN_RIGHT = 1,     /* align right */
    DHR_COLUMN_WRAP = 2,      /* prose: takes the width that is left, at least 20 columns */
    DHR_COLUMN_DATA_ONLY = 4, /* in CSV and JSON only */
    DHR_COLUMN_TEXT_ONLY = 8, /* in text only */
    DHR_COLUMN_GROUP = 16     /* in text a line above the rows that have it alike, no column */
};

enum dhr_state {
    DHR_STATE_NONE,
    DHR_STATE_RED,
    DHR_STATE_AMBER,
    DHR_STATE_GREEN,
    DHR_STATE_BLUE,
    DHR_STATE_GREY
};

enum dhr_format {
    DHR_FORMAT_TEXT,
    DHR_FORMAT_CSV,
    DHR_FORMAT_JSON,   /* one object, its rows in an array */
    DHR_FORMAT_NDJSON, /* a line with what the object would have, then a line for each row */
    DHR_FORMAT_MARKDOWN
};

struct dhr_column {
    const char *name;    /* the JSON member: "due_original" */
    const char *heading; /* the text and CSV heading: "Original target" */
    enum dhr_cell_type type;
    unsigned flags;
};

struct dhr_style {
    size_t width; /* columns of the terminal; 0: as wide as it needs */
    bool colour;
    bool ascii; /* the locale can't print UTF-8 */
};

struct dhr_table;

/* `name` names the report in JSON and is borrowed; the columns are copied. */
struct dhr_table *dhr_table_new(const char *name, const struct dhr_column *columns, size_t count);
void dhr_table_row(struct dhr_table *table);
void dhr_table_text(struct dhr_table *table, size_t column, struct dhr_str text);
/*
 * A text that isn't copied and lives as long as the table: a record's own, or one in the table's
 * arena. Items of a list are joined by LF.
 */
void dhr_table_lend(struct dhr_table *table, size_t column, struct dhr_str text);
struct dhr_arena *dhr_table_arena(struct dhr_table *table);
void dhr_table_number(struct dhr_table *table, size_t column, long value);
void dhr_table_add_item(struct dhr_table *table, size_t column, struct dhr_str item);
void dhr_table_state(struct dhr_table *table, size_t column, struct dhr_str text,
                     enum dhr_state state);
/* parts[] are the counts in the order verified-or-implemented, under way, open, closed. */
void dhr_table_bar(struct dhr_table *table, size_t column, const size_t parts[4]);
size_t dhr_table_rows(const struct dhr_table *table);
/* A fact about the whole report ("today", "2026-11-24"), a member of the JSON object. */
void dhr_table_fact(struct dhr_table *table, const char *name, const char *value);
/* The same of a number. */
void dhr_table_count(struct dhr_table *table, const char *name, size_t count);

/*
 * Write it, and flush the file. A failure to write is DHR_SYSTEM, with errno
 * left as it was (EPIPE: a reader that has seen enough).
 *
 * Text needs a UTF-8 locale (setlocale) unless style->ascii is set: characters
 * that the locale can't place come out as <U+2019>.
 */
int dhr_table_write(const struct dhr_table *table, enum dhr_format format,
                    const struct dhr_style *style, FILE *file, struct dhr_err *err);
void dhr_table_free(struct dhr_table *table);

#endif
