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
/* Whether the row has more cells than there are headings, which is then a problem. */
bool csv_is_ragged(struct csv_work *w, size_t row);

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

/* import_own.c: propose changes, row by row. */
int csv_read_own(struct csv_work *w);
/* The record with that id, or the one that had it before it was renamed; NULL where there is none.
 */
const struct dhr_record *csv_find_recommendation(const struct csv_work *w, struct dhr_str id);
/* A section of a record (may be NULL) by its kind and, where it has them, its labels; or NULL. */
const struct dhr_section *csv_section(const struct dhr_record *record, enum dhr_section_id id,
                                      struct dhr_str agency, unsigned action);

/* import_match.c: whom and what a plan's row is about. */
struct csv_agency {
    struct dhr_str id;
    struct dhr_str lead; /* of "Exampleshire Police: Licensing Manager"; mostly empty */
};
struct csv_match {
    const struct dhr_record *record;
    struct csv_agency *agencies; /* that hold it */
    size_t agency_count;
};
struct csv_matcher;
int csv_matcher_open(struct csv_work *w, struct csv_matcher **out);
/*
 * The row's, or where its first cells are empty those of the row before, which `match`
 * still holds; false, with a problem, where it can't be told.
 */
bool csv_match_row(struct csv_matcher *matcher, size_t row, struct csv_match *match);
void csv_matcher_free(struct csv_matcher *matcher);

/* import_words.c: what plans write in their cells. */

/*
 * Numbered or bulleted items, without their marks. `lines` takes lines for items
 * where there are no marks; otherwise the whole cell is one.
 */
struct cell_values csv_items(struct csv_work *w, struct dhr_str cell, bool lines);

/* "31/12/2016 - All trained": a date (empty where there is none), and what came of it. */
struct completion {
    struct dhr_str date;
    struct dhr_str outcome;
    struct dhr_str status; /* a word that says how it stands */
};
struct completion csv_completion(struct csv_work *w, struct dhr_str cell);

/* What a word for progress means: one of the ledger's, or empty; a colour alone is `colour`. */
struct dhr_str csv_status(struct csv_work *w, struct dhr_str cell, bool *colour);

/* import_plan.c: propose changes from an action plan. */
int csv_read_plan(struct csv_work *w);

/* import_apply.c */
void csv_propose(struct csv_work *w, const struct proposal *proposal);
int csv_apply(struct csv_work *w);

#endif
