/*
 * What the parts of importing CSV share: columns and their meaning, cells and
 * their values, and what a file proposes to change.
 */
#ifndef DHRLEDGER_CSV_INTERNAL_H
#define DHRLEDGER_CSV_INTERNAL_H

#include "dhrledger/csv_import.h"
#include "dhrledger/ini.h"
#include "import_agencies.h"

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
    COLUMN_REVIEW, /* its id, or what a sheet of many reviews calls it */
    COLUMN_RAG,
    COLUMN_COMPLETION, /* a date and an outcome in one cell */
    COLUMN_KEY,
    COLUMN_FIXED /* a key that the list shows and import never changes, though a new record has it
                  */
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
    bool misread;       /* all that isn't ASCII looks like UTF-8 that was read as Windows-1252 */
    struct proposal *proposals;
    size_t proposal_count, proposal_capacity;
    struct csv_former *formers; /* former ids, once they were looked for */
    size_t former_count, former_capacity;
    bool formers_known;
    struct dhr_ledger *beside; /* the ledger with its new records; only its maps are its own */
    struct csv_fresh *fresh;   /* new recommendations, in the order of their ids */
    size_t fresh_count;
    struct csv_fresh_row *fresh_rows; /* as many as csv->rows; NULL unless rows can be new */
};

/* A new recommendation: what is printed about it, and then all that its rows say. */
struct csv_fresh {
    const struct dhr_record *record; /* as printed: what its rows are compared with */
    struct dhr_str bytes;
    uint32_t line;
    struct dhr_differences fields; /* that its rows fill in */
};

/* What was found out about a row while new records were looked for. */
struct csv_fresh_row {
    struct dhr_str id;               /* of the new recommendation; empty: it is none */
    const struct dhr_record *record; /* the same, once it is made */
    struct dhr_str agency;           /* in the ledger's own CSV: whose section the row is about */
    bool refused;                    /* a problem was told, so that nothing more is said */
};

/* Sentences; the file's name and line are added when they are printed. */
void csv_problem(struct csv_work *w, uint32_t line, const char *fmt, ...) DHR_PRINTF(3, 4);
void csv_note(struct csv_work *w, uint32_t line, const char *fmt, ...) DHR_PRINTF(3, 4);

/* The column with a key that the list shows and an import never changes, or column_count. */
size_t csv_fixed_column(const struct csv_work *w, enum dhr_key_id key);

/* A value for a sentence: cut short, in one line. In the arena. */
const char *csv_shown(struct csv_work *w, struct dhr_str value);

/* Folded for comparing (no case, no accents), in the arena. */
struct dhr_str csv_folded(struct csv_work *w, struct dhr_str text);

/* csv_columns.c: find the heading row and what each column means. */
int csv_find_columns(struct csv_work *w);
/* The first column with that role, or column_count. */
size_t csv_column(const struct csv_work *w, enum column_role role);
/* The cell as the ledger would hold it: guard off, encoding mended, white space normal. */
struct dhr_str csv_text(struct csv_work *w, size_t row, size_t column);
/* The same, but as it is encoded: "â€™" may be what was exported. */
struct dhr_str csv_raw(struct csv_work *w, size_t row, size_t column);
/* Whether the row ends before that column, so that nothing is said about it. */
bool csv_is_missing(const struct csv_work *w, size_t row, size_t column);
/* Whether the row has more cells than there are headings, which is then a problem. */
bool csv_is_ragged(struct csv_work *w, size_t row);

/* csv_dates.c: a date as people write it, day first; false where it could mean two things. */
bool csv_date(struct dhr_str text, char iso[DHR_DAY_SIZE]);
/* The same numbers read month first, as American programs write them. */
bool csv_date_month_first(struct dhr_str text, char iso[DHR_DAY_SIZE]);
/* A spreadsheet's own number for a day, such as 46112. */
bool csv_date_serial(struct dhr_str text, char iso[DHR_DAY_SIZE]);
/* A date at the front of a text, taken off it with what divides them. */
bool csv_leading_date(struct dhr_str *text, char iso[DHR_DAY_SIZE]);
/* "12 May 2026: text" and "text (May 2026)" as "2026-05-12 text"; false where there is no date. */
bool csv_dated(struct dhr_arena *arena, struct dhr_str item, struct dhr_str *dated);

/* csv_numbers.c: whether both are numbers, and the same one: 10.10 and 10.1, 007 and 7. */
bool csv_is_same_number(struct dhr_str a, struct dhr_str b);

/*
 * csv_values.c: what a cell says as values of the key; NULL, or why it can't be
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

/* csv_own.c: propose changes, row by row. */
int csv_read_own(struct csv_work *w);
/* The record with that id, or the one that had it before it was renamed; NULL: there is none. */
const struct dhr_record *csv_find_recommendation(struct csv_work *w, struct dhr_str id);
/* A section of a record (may be NULL) by its kind and, where it has them, its labels; or NULL. */
const struct dhr_section *csv_section(const struct dhr_record *record, enum dhr_section_id id,
                                      struct dhr_str agency, unsigned action);

/* csv_match.c: whom and what a plan's row is about. */
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

/* What a plan's row names, without a word to the user. */
struct csv_named {
    const struct dhr_record *numbered; /* the record with its number */
    const struct dhr_record *worded;   /* the one with its words */
    struct dhr_str review;             /* the review's id; empty: the row names none */
    struct dhr_str id, number, text;   /* the cells; the number without "Recommendation" */
};
void csv_name_row(struct csv_matcher *matcher, size_t row, struct csv_named *named);
/* Whether it has neither number nor words, and so goes on with the row above. */
bool csv_continues(const struct csv_matcher *matcher, size_t row);

/* csv_names.c: agencies as a cell names them. */
typedef bool (*csv_is_agency_fn)(void *user, struct dhr_str name);
struct csv_agency_name {
    struct dhr_str name;
    struct dhr_str lead; /* of "Exampleshire Police: Licensing Manager"; mostly empty */
    bool known;
    bool beside_known; /* an unknown one in one line with known ones: where does it end? */
};
/*
 * One name, or several on lines or between ";" and "|"; between "," and "/" where one
 * of them is known, since a name may hold these itself. In the arena.
 */
struct csv_agency_name *csv_split_agencies(struct csv_work *w, struct dhr_str cell,
                                           csv_is_agency_fn is_agency, void *user, size_t *count);

/* csv_new.c: rows that match nothing become new records. */

/* Plan what the rows' new records have printed; options->ledger has them from here on. */
int csv_make_new(struct csv_work *w);
/* The new recommendation of that id, or NULL. */
struct csv_fresh *csv_find_fresh(const struct csv_work *w, struct dhr_str id);

/* csv_draft.c: new reviews and recommendations, row by row, before they are records. */

struct csv_draft_action {
    struct dhr_str holder;
    unsigned number;
    struct dhr_str text;
};

struct csv_draft {
    struct dhr_str name; /* of its file: "10.2.1" */
    struct dhr_str number, text, folded;
    struct dhr_str order; /* empty: the number gives it */
    uint32_t line;
    struct cell_values addressees; /* as printed */
    struct cell_values holders;    /* ids of agencies */
    struct csv_draft_action *actions;
    size_t action_count, action_capacity;
    unsigned repeats; /* others of its number, which are named for it: "4-2" */
};

struct csv_draft_review {
    struct dhr_str id;
    struct dhr_str called; /* folded: what the sheet calls it */
    bool known;            /* the ledger has it, so only recommendations are new */
    uint32_t line;
    struct dhr_ini_pair *pairs; /* keys and values */
    size_t pair_count, pair_capacity;
    struct csv_draft *drafts;
    size_t draft_count, draft_capacity;
    unsigned unnumbered; /* the last u1, u2, … */
};

struct csv_drafts {
    struct csv_work *w;
    struct import_agencies agencies;
    struct csv_draft_review *reviews;
    size_t review_count, review_capacity;
    size_t last; /* the review that was asked for last */
};

/* What of a row no record can hold, such as a control character; NULL: nothing. */
const char *csv_row_fault(struct csv_work *w, size_t row);
/* By id; it is added where there is none. Borrowed until the next one is added. */
struct csv_draft_review *csv_draft_review(struct csv_drafts *drafts, struct dhr_str id,
                                          uint32_t line);
/* Give a new review what a row says about it. */
void csv_draft_facts(struct csv_drafts *drafts, struct csv_draft_review *review, size_t row);
/* By the name of its file, or NULL. */
struct csv_draft *csv_draft_named(const struct csv_draft_review *review, struct dhr_str name);
struct csv_draft *csv_draft_add(struct csv_draft_review *review, struct dhr_str name,
                                uint32_t line);
void csv_draft_address(struct csv_work *w, struct csv_draft *draft, struct dhr_str printed);
void csv_draft_hold(struct csv_work *w, struct csv_draft *draft, struct dhr_str agency);

/* csv_new_own.c and csv_new_plan.c: the drafts that rows ask for. */
int csv_draft_own(struct csv_drafts *drafts);
int csv_draft_plan(struct csv_drafts *drafts);
/* A recommendation of the review that has these words, or NULL. */
const struct dhr_record *csv_same_words(struct csv_work *w, struct dhr_str review,
                                        struct dhr_str text);

/* csv_words.c: what plans write in their cells. */

/* Without the white space, dashes and these marks in front. */
struct dhr_str csv_skip_marks(struct dhr_str text, const char *marks);

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

/* Whether a column of the row, of colours or of statuses, has such a word. */
bool csv_row_has_status(struct csv_work *w, size_t row);

/* Headings once more, or a heading between rows, which `tell` notes: no recommendation. */
bool csv_is_divider(struct csv_work *w, size_t row, bool tell);
/* How many cells say something, and which does last. */
size_t csv_filled(struct csv_work *w, size_t row, size_t *last);

/* "Recommendation 3:" and "Rec No. 3" are 3. */
struct dhr_str csv_bare_number(struct dhr_str number);
/* "4." and "Recommendation 4:" in front of the words: taken off them. */
struct dhr_str csv_take_number(struct dhr_str *text);

/* csv_plan.c: propose changes from an action plan. */
int csv_read_plan(struct csv_work *w);

/* csv_apply.c */
void csv_propose(struct csv_work *w, const struct proposal *proposal);
int csv_apply(struct csv_work *w);

#endif
