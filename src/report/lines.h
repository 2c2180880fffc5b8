/*
 * The lines that reports are made of, and the columns they can fill.
 *
 *     struct lines lines = {0};
 *     lines_collect(&lines, view, true, keep, bound);
 *     struct field field;
 *     if (field_find("due", &field)) … field_value(&field, &lines.items[0], &arena) …
 *     lines_release(&lines);
 */
#ifndef DHRLEDGER_LINES_H
#define DHRLEDGER_LINES_H

#include "dhrledger/reports.h"

/* One addressee section, or one action of it. */
struct line {
    const struct dhr_view *view;
    struct dhr_subject subject;
};

struct lines {
    struct line *items;
    size_t count;
    size_t capacity;
};

typedef bool (*keep_fn)(const struct line *line, long bound);

/* Add every line of the ledger that the view's query and `keep` (may be NULL) let through. */
void lines_collect(struct lines *lines, const struct dhr_view *view, bool actions, keep_fn keep,
                   long bound);
void lines_release(struct lines *lines);

/* A cell's value; items of a list are joined by LF. */
struct value {
    bool set;
    long number;
    struct dhr_str text;
    enum dhr_state state;
};

/* How a column's values are sorted. */
enum order {
    ORDER_TEXT,   /* naturally: 9 before 10 */
    ORDER_NUMBER, /* by value */
    ORDER_ID,     /* the order of ids */
    ORDER_DATE,   /* by the last day */
    ORDER_WORD,   /* the order of the key's words */
    ORDER_RAG     /* red, amber, green, blue, grey */
};

/* A column and how a line fills it. */
struct field {
    struct dhr_column column;
    struct value (*get)(const struct field *field, const struct line *line,
                        struct dhr_arena *arena);
    enum dhr_key_id key; /* for a column that is a key of the schema */
    enum order order;
};

/* The column of that name ("due", "agency_name", or any key's JSON name). */
bool field_find(struct dhr_str name, struct field *field);

/* DHR_USAGE, with the names there are. */
int field_unknown(struct dhr_str name, struct dhr_err *err);

void field_fill(const struct field *field, struct dhr_table *table, size_t column,
                const struct line *line);

/* The day that the report is of, as a fact of its table. */
void view_add_today(const struct dhr_view *view, struct dhr_table *table);

/* Whether a line's response, lead or target isn't recorded. */
bool line_lacks(const struct line *line, enum dhr_key_id key);

/* Whether the line's agency still owes something. */
bool line_owed(const struct line *line);

#endif
