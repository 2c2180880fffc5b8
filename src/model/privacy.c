#include <string.h>

#include "privacy_internal.h"

enum { BLOCK = 32 };

/* Every piece but a name has a digit or an '@'. */
static bool is_trigger(char c)
{
    return (unsigned char)(c - '0') < 10 || c == '@';
}

/* The next trigger, or the end. A compiler makes one step of marking a block. */
static size_t next_trigger(struct dhr_str text, size_t at)
{
    unsigned char marks[BLOCK];
    for (; at + BLOCK <= text.len; at += BLOCK) {
        const char *p = text.ptr + at;
        for (size_t i = 0; i < BLOCK; i++)
            marks[i] = (unsigned char)(((unsigned char)(p[i] - '0') < 10) | (p[i] == '@'));
        const unsigned char *hit = memchr(marks, 1, BLOCK);
        if (hit)
            return at + (size_t)(hit - marks);
    }
    while (at < text.len && !is_trigger(text.ptr[at]))
        at++;
    return at;
}

#define LEN(n) (1U << (n))

/*
 * The rules for a run of digits, in the order in which they are asked, and the lengths that the run
 * may have, as bits: of one that stands apart, and of one right behind a letter.
 */
static const struct {
    bool (*find)(const scan_t *, size_t at, size_t end, struct dhr_private *);
    unsigned apart, joined;
} rules[] = {
    {find_phone, ~0U, 0},
    {find_nhs_number, LEN(3) | LEN(10), 0},
    {find_ni_number, LEN(2) | LEN(3) | LEN(6), LEN(2) | LEN(3) | LEN(6)},
    {find_postcode, 0, LEN(1) | LEN(2) | LEN(3)},
    {find_life_date, LEN(1) | LEN(2) | LEN(4) | LEN(6) | LEN(8), 0},
};

/* A hyphen or full stop between two digits: neither a number nor a date begins behind it. */
static inline bool goes_on(const scan_t *t, size_t at)
{
    char c = byte_at(t, at);
    return (c == '-' || c == '.') && is_digit(byte_before(t, at)) && is_digit(byte_at(t, at + 1));
}

static bool find_number(const scan_t *t, size_t at, size_t end, struct dhr_private *found)
{
    enum { LONG = 31 };
    bool joined = is_letter(byte_before(t, at));
    unsigned len = LEN(end - at < LONG ? end - at : LONG);
    if ((!joined && is_word(byte_before(t, at))) || (at > 0 && goes_on(t, at - 1)))
        return false;
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if ((joined ? rules[i].joined : rules[i].apart) & len && rules[i].find(t, at, end, found) &&
            found->at >= t->done)
            return !scan_in_url(t, at);
    }
    return false;
}

bool dhr_privacy_next(struct dhr_privacy_scan *scan, struct dhr_private *found)
{
    for (;;) {
        size_t at = next_trigger(scan->text, scan->at);
        if (at >= scan->text.len)
            break;
        bool address = scan->text.ptr[at] == '@';
        size_t end = address ? at + 1 : scan_digits(scan, at);
        scan->at = end;
        while (goes_on(scan, scan->at))
            scan->at = scan_digits(scan, scan->at + 1);
        if (!(address ? find_address(scan, at, found) : find_number(scan, at, end, found)))
            continue;
        end = found->at + found->len;
        scan->done = end;
        scan->at = end > scan->at ? end : scan->at;
        return true;
    }
    scan->at = scan->text.len;
    return scan->guard && find_name(scan, found);
}

const char *dhr_privacy_name(enum dhr_rule rule)
{
    switch (rule) {
    case DHR_RULE_BIRTH_OR_DEATH_DATE:
        return "an exact date of birth or death";
    case DHR_RULE_NHS_NUMBER:
        return "an NHS number";
    case DHR_RULE_NI_NUMBER:
        return "a National Insurance number";
    case DHR_RULE_POSTCODE:
        return "a postcode";
    case DHR_RULE_PHONE:
        return "a phone number";
    case DHR_RULE_PERSONAL_EMAIL:
        return "a personal e-mail address";
    default:
        return "a name from the deny-list";
    }
}
