/*
 * What the parts of the privacy scan share. A rule is given the scan and the
 * place of what set it off, a digit or an '@', and fills in what it found.
 */
#ifndef DHRLEDGER_PRIVACY_INTERNAL_H
#define DHRLEDGER_PRIVACY_INTERNAL_H

#include "dhrledger/privacy.h"

typedef struct dhr_privacy_scan scan_t;

static inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static inline bool is_capital(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline char to_lower(char c)
{
    return is_capital(c) ? (char)(c + ('a' - 'A')) : c;
}

/* Part of a word or number; bytes of other scripts' letters are, too. */
static inline bool is_word(char c)
{
    return is_digit(c) || is_letter(c) || c == '_';
}

/* The byte at a place; NUL beyond the ends. */
static inline char byte_at(const scan_t *t, size_t at)
{
    return at < t->text.len ? t->text.ptr[at] : '\0';
}

static inline char byte_before(const scan_t *t, size_t at)
{
    return at > 0 ? t->text.ptr[at - 1] : '\0';
}

/* Where white space that begins at `at` ends, over the folding of a value; `at` if there is none.
 */
size_t scan_gap(const scan_t *t, size_t at);

/* Where white space that ends at `at` begins. */
size_t scan_gap_back(const scan_t *t, size_t at);

/* The bytes of a hyphen or dash, or 0. */
size_t scan_dash(const scan_t *t, size_t at);

/* Where a run of digits ends. */
size_t scan_digits(const scan_t *t, size_t at);

/* Whether it is part of a web address. */
bool scan_in_url(const scan_t *t, size_t at);

/* Where the sentence that holds `at` begins, at most some hundred bytes before. */
size_t scan_sentence(const scan_t *t, size_t at);

/* Whether the sentence ends right at `at`. */
bool scan_ends(const scan_t *t, size_t at);

enum { WORD_MOST = 24 };

struct scan_word {
    size_t start, end;
    char text[WORD_MOST]; /* in lower case, "D.O.B" as "dob", cut where it is long */
    bool comma;           /* one stands between this and the word before */
};

/* The next word of letters in the sentence from `at` to `limit`; false where there is none. */
bool scan_next_word(const scan_t *t, size_t at, size_t limit, struct scan_word *word);

/* The rules; `at` is the first digit of a run, or an '@'. */
bool find_phone(const scan_t *t, size_t at, struct dhr_private *found);
bool find_nhs_number(const scan_t *t, size_t at, struct dhr_private *found);
bool find_ni_number(const scan_t *t, size_t at, struct dhr_private *found);
bool find_postcode(const scan_t *t, size_t at, struct dhr_private *found);
bool find_life_date(const scan_t *t, size_t at, struct dhr_private *found);
bool find_address(const scan_t *t, size_t at, struct dhr_private *found);

/* A name of the guard's list. */
bool find_name(scan_t *scan, struct dhr_private *found);

/* A date as prose has it. */
struct scan_date {
    size_t start, end;
    bool year;  /* it has one */
    bool loose; /* it could be the number of a section, or digits of another kind */
    bool iso;   /* YYYY-MM-DD */
};

bool scan_date(const scan_t *t, size_t at, struct scan_date *date);

#endif
