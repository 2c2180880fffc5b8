/* Importing pages: what the files page_*.c share, but for page_split.c and its own. */
#ifndef LEDGER_PAGE_INTERNAL_H
#define LEDGER_PAGE_INTERNAL_H

#include "dhrledger/map.h"
#include "dhrledger/page_import.h"
#include "import_agencies.h"

/* A row of a page, or what a record keeps of one: as printed, white space normalised. */
struct page_row {
    unsigned line; /* of the page; 0 for a record of the ledger */
    struct dhr_str number;
    struct dhr_str text;
    struct dhr_str addressees;       /* one a line */
    const char *path;                /* of its record */
    const struct dhr_record *record; /* NULL for a row of this run */
};

/* A review that the ledger has, or that this run has made. */
struct known_review {
    struct dhr_str id;
    struct dhr_str year;
    struct dhr_str published;
    struct dhr_str declared; /* how many recommendations its source says there are */
    struct page_row *rows;
    size_t row_count;
    size_t loose; /* rows whose text may differ from the page's by right */
};

/* One review in the list of those that share a partnership or a text. */
struct posting {
    size_t review;
    size_t next; /* NO_PLACE ends the list */
};

#define NO_PLACE ((size_t)-1)

struct known_reviews {
    struct known_review *items;
    size_t count, capacity;
    struct dhr_map by_id;
    struct dhr_map by_csp;  /* folded; its value is a place among the postings */
    struct dhr_map by_text; /* the same */
    struct posting *postings;
    size_t posting_count, posting_capacity;
};

struct import_work {
    struct import_agencies agencies;
    struct dhr_map review_ids; /* taken, in small letters */
    struct dhr_map relied_on;  /* agencies of the ledger that new records name */
    struct known_reviews known;
};

/* One page at work. */
struct importing {
    struct dhr_import *run;
    const struct dhr_page *page;
    struct dhr_import_result *result;
    struct dhr_arena *arena;
    struct import_work *work;
    struct page_row *rows; /* of the page */
    bool *restarts;        /* whether the row needs its place in the page */
    const char **names;    /* of the files that the rows would be */
};

void page_note(struct importing *im, const char *text);

/* page_known.c */
void known_add_ledger(struct known_reviews *known, const struct dhr_ledger *ledger,
                      struct dhr_arena *arena);
/* The review's place; csp as printed. */
void known_add(struct known_reviews *known, const struct known_review *review,
               const struct dhr_str *csps, size_t csp_count, struct dhr_arena *arena);
/* The first posting of a partnership, or NO_PLACE. */
size_t known_of_csp(const struct known_reviews *known, struct dhr_str csp);
/*
 * How many of the rows' texts each review has, in an array by review that the caller
 * frees; a text that stands twice in the page counts twice.
 */
size_t *known_shared_texts(const struct known_reviews *known, const struct page_row *rows,
                           size_t count);
void known_release(struct known_reviews *known);

/* page_same.c: the page beside a review. */
struct likeness {
    size_t alike;   /* rows whose text the review has, or had */
    size_t equal;   /* rows whose number and addressees are the same, too */
    size_t changes; /* sentences that list_changes would add */
    size_t own;     /* the review's records that are not from the page */
};
struct likeness page_compare(const struct importing *im, const struct known_review *review);
/* The changes as sentences of the result. */
void page_list_changes(struct importing *im, const struct known_review *review);
bool page_same_published(const struct dhr_page *page, const struct known_review *review);

/* page_make.c */
void page_name_rows(struct importing *im);
void page_make_records(struct importing *im);

#endif
