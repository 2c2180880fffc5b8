/*
 * A page of the Home Office DHR Library's reader, saved as text: facts about a
 * review, and its recommendations in a pipe table
 *
 *     | # | Recommendation | Addressed to |
 *     |---|---|---|
 *     | 10.2.1 | To undertake a full review … | Durham Constabulary |
 *
 * Words are kept as they stand; only white space around a cell is taken off,
 * no-break spaces too. The same page also exists flattened, without its column
 * marks; its rows are left in `flat`, line by line, for page_split.h.
 *
 *     struct dhr_page page;
 *     if (dhr_page_check("page.txt", bytes, &err) < 0)
 *         return …;
 *     dhr_page_parse(&page, bytes, &arena);
 *
 * Parsing can't fail: whatever is not understood is in `leftover`, with its line.
 */
#ifndef DHRLEDGER_PAGE_H
#define DHRLEDGER_PAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/err.h"
#include "dhrledger/mem.h"
#include "dhrledger/str.h"

struct dhr_page_row {
    unsigned line;
    struct dhr_str number; /* as printed; empty where the page gives none */
    struct dhr_str text;
    struct dhr_str *addressees; /* every cell after the second that isn't empty, in order */
    size_t addressee_count;
};

struct dhr_page_line {
    unsigned line;
    struct dhr_str text;
    const char *why; /* "no addressee", "not understood", … static */
};

/* What stands between a flat line and the one above it. */
enum dhr_flat_gap {
    DHR_FLAT_NEXT,        /* nothing, or an empty line */
    DHR_FLAT_AFTER_ROW,   /* the heading, or a row that has its column marks */
    DHR_FLAT_AFTER_OTHER, /* a line that is no part of the rows, such as "Source: …" */
};

/* A line below the heading "# Recommendation Addressed to": a row, or a part of one. */
struct dhr_flat_line {
    unsigned line;
    struct dhr_str text;
    enum dhr_flat_gap gap;
};

/* Facts the page doesn't give are empty. All spans borrow the bytes or live in the arena. */
struct dhr_page {
    struct dhr_str title;           /* "Durham review" */
    struct dhr_str csp;             /* "Durham" */
    struct dhr_str published;       /* as a ledger writes it: "2023-04" */
    struct dhr_str year_of_death;   /* "2012" */
    struct dhr_str extracted;       /* the declared count, "46" */
    bool extracted_twice;           /* … and another one elsewhere in the page */
    struct dhr_str source;          /* "Home Office DHR Library" */
    struct dhr_str statutory_basis; /* "section 9 of the Domestic Violence, … Act 2004" */
    struct dhr_str type;            /* "dhr" or "dardr" from the words of the page */
    struct dhr_str summary;         /* paragraphs joined by LF */
    struct dhr_page_row *rows;      /* in the page's order */
    size_t row_count;
    struct dhr_page_line *unplaced; /* rows that look like data and can't be placed */
    size_t unplaced_count;
    struct dhr_page_line *leftover; /* other lines nothing was taken from */
    size_t leftover_count;
    struct dhr_page_line *unseen; /* characters that can't be seen and were left out: one a line */
    size_t unseen_count;
    struct dhr_flat_line *flat; /* lines of rows without column marks */
    size_t flat_count;
    struct dhr_page_line *remarks; /* what page_split.h noticed about rows that are placed */
    size_t remark_count;
    unsigned second_line; /* where a second page begins ("CSP:" once more), or 0 */
};

enum { DHR_PAGE_MAX_BYTES = 16 * 1024 * 1024 };

/*
 * Whether records can hold what a page says: text in UTF-8, without control characters and
 * without a word that no line has room for. DHR_FOUND otherwise, with "NAME:LINE: …".
 */
int dhr_page_check(const char *name, struct dhr_str bytes, struct dhr_err *err);

void dhr_page_parse(struct dhr_page *page, struct dhr_str bytes, struct dhr_arena *arena);

#endif
