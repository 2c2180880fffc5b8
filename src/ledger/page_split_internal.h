/* What the modules behind page_split.h share: words, known names, and where rows begin. */
#ifndef LEDGER_PAGE_SPLIT_INTERNAL_H
#define LEDGER_PAGE_SPLIT_INTERNAL_H

#include "dhrledger/page.h"

/* page_words.c: words of flat lines. A | is a word of its own, unless a backslash is before it. */

struct words {
    struct dhr_str *items;
    size_t count, capacity;
};

void words_add(struct words *words, struct dhr_str text);
bool word_is_mark(struct dhr_str word); /* | */
/* By its first letter, behind quotes and brackets. */
bool word_is_capital(struct dhr_str word);
bool word_is_lower(struct dhr_str word);
/* Whether a sentence is sure to end with the word. */
bool word_ends_sentence(struct dhr_str word);
/* Whether the words look like a body's name: capitals, but for "of", "and", … between. */
bool words_name(const struct dhr_str *items, size_t count);
/* Words that no name ends with: "the", "with", … */
bool word_goes_on(struct dhr_str word);
/* The same without the punctuation behind it. */
struct dhr_str word_bare(struct dhr_str word);

/* page_names.c: known names, folded and sorted */

struct name {
    struct dhr_str folded;
    unsigned line; /* of the page where it stands; 0: known before */
};

struct names {
    struct name *items;
    size_t count, capacity;
    size_t most_words;
    struct dhr_buf scratch;
};

void names_add(struct names *names, struct dhr_str name, unsigned line, struct dhr_arena *arena);
void names_sort(struct names *names);
bool names_have(const struct names *names, struct dhr_str folded);
bool names_known(const struct names *names, struct dhr_str folded);
void names_release(struct names *names);
/* How many words the longest known name has that ends at `end`, or begins at `from`; or 0. */
size_t names_before(struct names *names, const struct dhr_str *items, size_t from, size_t end);
size_t names_after(struct names *names, const struct dhr_str *items, size_t from, size_t end);
/* Where the second of two known names begins that make up all the words, or 0. */
size_t names_glued_at(struct names *names, const struct words *words);
/*
 * Where the addressee begins that these words certainly end with. `from` and a
 * reason where there is none; words begin with the row's text.
 */
size_t names_addressee(struct names *names, const struct dhr_str *items, size_t from, size_t end,
                       const char **why);

/* page_rows.c: where rows begin */

struct start {
    size_t words;  /* that the number takes; 0: none */
    bool unclear;  /* whether this is a number can't be told */
    bool strong;   /* a capital follows */
    bool in_place; /* it fits between the numbers around it */
};

enum bound {
    BOUND_START,      /* a row begins */
    BOUND_MORE,       /* the row goes on */
    BOUND_NUMBERED,   /* probably a row: its number fits */
    BOUND_UNNUMBERED, /* a row, or the one above it goes on behind its addressee */
    BOUND_EITHER,     /* the row goes on, or an unnumbered one begins */
    BOUND_INNER,      /* probably the row goes on */
    BOUND_APART,      /* anything: it can't be decided */
};

struct flat_row {
    const struct dhr_flat_line *line;
    size_t first, end; /* its words */
    struct start start;
    enum bound bound;
};

struct flat {
    const struct dhr_page *page;
    struct flat_row *lines;
    size_t count;
    struct words words;
    struct names names;
};

void flat_read_starts(struct flat *flat);
/* Needs the names. Afterwards a bound that is neither START nor MORE could not be decided. */
void flat_find_rows(struct flat *flat);

#endif
