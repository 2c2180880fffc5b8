/*
 * What the parts of importing CSV share: columns and their meaning, cells and
 * their values, and what a file proposes to change.
 */
#ifndef DHRLEDGER_IMPORT_INTERNAL_H
#define DHRLEDGER_IMPORT_INTERNAL_H

#include "dhrledger/import_csv.h"

enum column_role {
    COLUMN_UNKNOWN,
    COLUMN_IGNORED,
    COLUMN_ID,
    COLUMN_NUMBER,
    COLUMN_TEXT,
    COLUMN_AGENCY_ID,
    COLUMN_AGENCY,
    COLUMN_ACTION_NUMBER,
    COLUMN_REVISION,
    COLUMN_RAG,
    COLUMN_COMPLETION, /* a date and an outcome in one cell */
    COLUMN_KEY,
    COLUMN_FIXED /* a key that the list shows and import never changes */
};

struct column {
    enum column_role role;
    const struct dhr_key *key; /* of COLUMN_KEY: an addressee's or a recommendation's; FIXED */
    struct dhr_str heading;    /* as printed */
};

/* A list of values: what a key holds, or shall hold. */
struct cell_values {
    struct dhr_str *items;
    size_t count;
};

/* What a cell asks for. */
struct proposal {
    uint32_t line;
    const char *heading;
    const struct dhr_record *record; /* of the ledger */
    const struct dhr_key *key;       /* of the section that changes */
    struct dhr_str agency;
    unsigned action;
    struct cell_values values;
    size_t order;
    bool dropped;
};

struct csv_work {
    struct dhr_csv_import *import;
    const struct dhr_csv *csv;
    const struct dhr_csv_options *options;
    struct dhr_arena *arena;
    struct dhr_err *err;
    struct column *columns;
    size_t column_count;
    size_t heading_row; /* index into csv->rows */
    bool own;           /* the ledger's own CSV */
    struct proposal *proposals;
    size_t proposal_count, proposal_capacity;
};

/* Sentences; the file's name and line are added when they are printed. */
void csv_problem(struct csv_work *w, uint32_t line, const char *fmt, ...) DHR_PRINTF(3, 4);
void csv_note(struct csv_work *w, uint32_t line, const char *fmt, ...) DHR_PRINTF(3, 4);

/* A value for a sentence: cut short, in one line. In the arena. */
const char *csv_shown(struct csv_work *w, struct dhr_str value);

/* Folded for comparing (no case, no accents), in the arena. */
struct dhr_str csv_folded(struct csv_work *w, struct dhr_str text);

/* import_columns.c: find the heading row and what each column means. */
int csv_find_columns(struct csv_work *w);
/* The first column with that role, or column_count. */
size_t csv_column(const struct csv_work *w, enum column_role role);
/* The cell as the ledger would hold it: guard off, encoding mended, white space normal. */
struct dhr_str csv_text(struct csv_work *w, size_t row, size_t column);
/* Whether the row ends before that column, so that nothing is said about it. */
bool csv_is_missing(const struct csv_work *w, size_t row, size_t column);

/* import_dates.c: a date as people write it, day first; false where it could mean two things. */
bool csv_date(struct dhr_str text, char iso[DHR_DAY_SIZE]);
/* The same numbers read month first, as American programs write them. */
bool csv_date_month_first(struct dhr_str text, char iso[DHR_DAY_SIZE]);
/* A spreadsheet's own number for a day, such as 46112. */
bool csv_date_serial(struct dhr_str text, char iso[DHR_DAY_SIZE]);
/* A date at the front of a text, taken off it with what divides them. */
bool csv_leading_date(struct dhr_str *text, char iso[DHR_DAY_SIZE]);
/* "12 May 2026: text" and "text (May 2026)" as "2026-05-12 text"; false where there is no date. */
bool csv_dated(struct dhr_arena *arena, struct dhr_str item, struct dhr_str *dated);

/*
 * import_values.c: what a cell says as values of the key; NULL, or why it can't be
 * (in the arena). A dated item without a date is left without one.
 */
const char *csv_values(struct csv_work *w, const struct dhr_key *key, struct dhr_str cell,
                       struct cell_values *values);
/* What a section (may be NULL) holds. */
struct cell_values csv_recorded(struct csv_work *w, const struct dhr_section *section,
                                const struct dhr_key *key);
bool csv_values_eq(const struct dhr_key *key, struct cell_values a, struct cell_values b);
/* Items joined by LF. */
struct dhr_str csv_joined(struct csv_work *w, struct cell_values values);
/* Whether the cell is the value that it was exported from, as a spreadsheet may have left it. */
bool csv_is_unchanged(struct csv_work *w, const struct dhr_key *key, struct dhr_str cell,
                      struct cell_values exported);

/* import_own.c, import_plan.c: propose changes, row by row. */
int csv_read_own(struct csv_work *w);
int csv_read_plan(struct csv_work *w);

/* import_apply.c */
void csv_propose(struct csv_work *w, const struct proposal *proposal);
int csv_apply(struct csv_work *w);

#endif
