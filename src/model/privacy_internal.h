/*
 * What the parts of the privacy scan share. A rule is given the scan and what set it off, a run of
 * digits or an '@', and fills in what it found. What is asked of nearly every byte is here, so that
 * it costs no call.
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

/* Where a run of digits ends. */
static inline size_t scan_digits(const scan_t *t, size_t at)
{
    while (at < t->text.len && is_digit(t->text.ptr[at]))
        at++;
    return at;
}

/* "1st", "2nd", "3rd", "4th" */
static inline bool is_ordinal(char a, char b)
{
    a = to_lower(a);
    b = to_lower(b);
    return (a == 't' && b == 'h') || (a == 's' && b == 't') || (b == 'd' && (a == 'n' || a == 'r'));
}

/* scan_gap and scan_dash where such a byte begins one. */
size_t scan_white(const scan_t *t, size_t at);
size_t scan_long_dash(const scan_t *t, size_t at);

/* Where white space that begins at `at` ends, over the folding of a value; `at` if there is none.
 */
static inline size_t scan_gap(const scan_t *t, size_t at)
{
    at += byte_at(t, at) == ' '; /* nearly always the only one */
    char c = byte_at(t, at);
    bool white = c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\xC2' || c == '\xE2';
    return white ? scan_white(t, at) : at;
}

/* Where white space that ends at `at` begins. */
size_t scan_gap_back(const scan_t *t, size_t at);

/* The bytes of a hyphen or dash, or 0. */
static inline size_t scan_dash(const scan_t *t, size_t at)
{
    char c = byte_at(t, at);
    return c == '-' ? 1 : c == '\xE2' ? scan_long_dash(t, at) : 0;
}

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

/* The rules: for a run of digits, and for an '@'. */
bool find_phone(const scan_t *t, size_t at, size_t end, struct dhr_private *found);
bool find_nhs_number(const scan_t *t, size_t at, size_t end, struct dhr_private *found);
bool find_ni_number(const scan_t *t, size_t at, size_t end, struct dhr_private *found);
bool find_postcode(const scan_t *t, size_t at, size_t end, struct dhr_private *found);
bool find_life_date(const scan_t *t, size_t at, size_t end, struct dhr_private *found);
bool find_address(const scan_t *t, size_t at, struct dhr_private *found);

/* A name of the guard's list. */
bool find_name(scan_t *scan, struct dhr_private *found);

/* A date as prose has it. */
struct scan_date {
    size_t start, end;
    bool year;  /* it has one */
    bool loose; /* it could be the number of a section, or digits of another kind */
};

/* The date that a run of digits begins, or is the day of. */
bool scan_date(const scan_t *t, size_t at, size_t end, struct scan_date *date);

#endif
