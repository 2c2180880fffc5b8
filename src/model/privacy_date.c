#include <string.h>

#include "dhrledger/date.h"
#include "privacy_internal.h"

static unsigned number(const scan_t *t, size_t at, size_t end)
{
    unsigned value = 0;
    for (; at < end; at++)
        value = value * 10 + (unsigned)(t->text.ptr[at] - '0');
    return value;
}

static bool is_day(unsigned value)
{
    return value >= 1 && value <= 31;
}

static bool is_month(unsigned value)
{
    return value >= 1 && value <= 12;
}

/* No digit and no further part of a longer number or path follows. */
static bool ends(const scan_t *t, size_t at)
{
    char next = byte_at(t, at);
    return !is_word(next) && !(next && strchr("/-.", next) && is_digit(byte_at(t, at + 1)));
}

/* The bytes of what stands between the numbers of a date: one of / . - or white space. */
static size_t separator(const scan_t *t, size_t at, char *kind)
{
    char c = byte_at(t, at);
    if ((c == '-' || c == '/' || c == '.') && is_digit(byte_at(t, at + 1))) {
        *kind = c; /* nearly always */
        return 1;
    }
    size_t next = scan_gap(t, at);
    size_t dash = scan_dash(t, next);
    c = byte_at(t, next);
    if (dash || c == '/' || c == '.' || c == '\\') {
        *kind = dash ? '-' : c;
        next = scan_gap(t, next + (dash ? dash : 1));
    } else {
        *kind = ' ';
    }
    return next - at;
}

/* 1980-12-31 and 1980/12/31 */
static bool year_first(const scan_t *t, size_t at, size_t end, struct scan_date *date)
{
    char kind = 0;
    char other = 0;
    if (end - at != 4)
        return false;
    size_t month = end + separator(t, end, &kind);
    size_t month_end = scan_digits(t, month);
    if (kind == ' ' || month_end == month || month_end - month > 2)
        return false;
    size_t day = month_end + separator(t, month_end, &other);
    size_t day_end = scan_digits(t, day);
    if (other != kind || day_end == day || day_end - day > 2 ||
        !is_month(number(t, month, month_end)) || !is_day(number(t, day, day_end)) ||
        is_word(byte_at(t, day_end)))
        return false;
    *date = (struct scan_date){.start = at, .end = day_end, .year = true};
    return true;
}

/*
 * 31/12/1980, 31.12.80, 31-12-1980, 31 12 80, and 12/31/1980: `second` is behind the first
 * separator, which is of that kind.
 */
static bool all_numbers(const scan_t *t, size_t at, size_t end, size_t second, char kind,
                        struct scan_date *date)
{
    char other = 0;
    size_t second_end = scan_digits(t, second);
    if (second_end == second || second_end - second > 2)
        return false;
    size_t year = second_end + separator(t, second_end, &other);
    size_t year_end = scan_digits(t, year);
    size_t year_len = year_end - year;
    unsigned a = number(t, at, end);
    unsigned b = number(t, second, second_end);
    if (other != kind || (year_len != 2 && year_len != 4) || !ends(t, year_end) ||
        !((is_day(a) && is_month(b)) || (is_month(a) && is_day(b))))
        return false;
    bool loose = kind == ' ' || (kind != '/' && year_len == 2);
    *date = (struct scan_date){.start = at, .end = year_end, .year = true, .loose = loose};
    return true;
}

/* The month whose name begins at `at`, with its full stop; 0 where none does. */
static size_t month_end(const scan_t *t, size_t at)
{
    size_t end = at;
    while (is_letter(byte_at(t, end)) && end - at < 12)
        end++;
    bool sept = end - at == 4 && to_lower(t->text.ptr[at]) == 's' &&
                dhr_month_of(dhr_str_span(t->text.ptr + at, 3)) == 9;
    if (end == at || (!sept && !dhr_month_of(dhr_str_span(t->text.ptr + at, end - at))))
        return 0;
    return byte_at(t, end) == '.' ? end + 1 : end;
}

/* Behind the two letters of "31st" if they stand at `at`. */
static size_t skip_ordinal(const scan_t *t, size_t at)
{
    bool ordinal = is_ordinal(byte_at(t, at), byte_at(t, at + 1)) && !is_letter(byte_at(t, at + 2));
    return ordinal ? at + 2 : at;
}

static size_t skip_text(const scan_t *t, size_t at, const char *word)
{
    size_t len = strlen(word);
    bool there = at + len <= t->text.len && memcmp(t->text.ptr + at, word, len) == 0 &&
                 !is_letter(byte_at(t, at + len));
    return there ? scan_gap(t, at + len) : at;
}

/* Behind a day and a month: the year, where there is one. */
static void take_year(const scan_t *t, struct scan_date *date)
{
    size_t at = date->end;
    if (byte_at(t, at) == ',')
        at++;
    size_t dash = scan_dash(t, at);
    at = dash ? at + dash : scan_gap(t, at);
    if (byte_at(t, at) == '\'')
        at++;
    else if (byte_at(t, at) == '\xE2' && byte_at(t, at + 1) == '\x80' &&
             byte_at(t, at + 2) == '\x99')
        at += 3;
    size_t end = scan_digits(t, at);
    bool four = end - at == 4 && strchr("12", t->text.ptr[at]);
    bool two = end - at == 2 && byte_at(t, end) != ':'; /* not 10:30 */
    if (is_word(byte_at(t, end)) || !(four || two))
        return;
    date->end = end;
    date->year = true;
}

/* 31 December 1980, 31st of Dec. 80, 31-Dec-1980, and without the year; `next` is behind the day */
static bool day_first(const scan_t *t, size_t at, size_t next, struct scan_date *date)
{
    char letter = to_lower(byte_at(t, next));
    if (!letter || !strchr("adfjmnos", letter))
        return false; /* neither "day", "of" nor a month */
    next = skip_text(t, next, "day");
    next = skip_text(t, next, "of");
    size_t month = month_end(t, next);
    if (!month)
        return false;
    *date = (struct scan_date){.start = at, .end = month};
    take_year(t, date);
    return true;
}

/* December 31, 1980, and without the year */
static bool month_first(const scan_t *t, size_t at, size_t end, struct scan_date *date)
{
    size_t before = scan_gap_back(t, at);
    if (before == at || !(is_letter(byte_before(t, before)) || byte_before(t, before) == '.'))
        return false;
    before -= byte_before(t, before) == '.';
    size_t start = before;
    while (start > 0 && before - start < 12 && is_letter(t->text.ptr[start - 1]))
        start--;
    size_t month = start < before ? month_end(t, start) : 0;
    if (!month || month < before)
        return false;
    *date = (struct scan_date){.start = start, .end = skip_ordinal(t, end)};
    if (is_word(byte_at(t, date->end)))
        return false;
    take_year(t, date);
    return true;
}

/* 311280, 31121980 and 19801231: only behind a word that says so. */
static bool digits_alone(const scan_t *t, size_t at, size_t end, struct scan_date *date)
{
    size_t len = end - at;
    if ((len != 6 && len != 8) || !ends(t, end))
        return false;
    bool british = is_day(number(t, at, at + 2)) && is_month(number(t, at + 2, at + 4));
    bool iso = len == 8 && is_month(number(t, at + 4, at + 6)) && is_day(number(t, at + 6, end));
    *date = (struct scan_date){.start = at, .end = end, .year = true, .loose = true};
    return british || iso;
}

bool scan_date(const scan_t *t, size_t at, size_t end, struct scan_date *date)
{
    char kind = 0;
    char before = byte_before(t, at);
    bool inside = is_word(before) || before == '\xA3' || before == '$' || before == '#' ||
                  (at > 1 && strchr("/-.", before) && is_digit(t->text.ptr[at - 2]));
    if (inside || end - at > 8)
        return false;
    if (end - at > 2)
        return year_first(t, at, end, date) || digits_alone(t, at, end, date);
    if (!is_day(number(t, at, end)))
        return false; /* no month is beyond 31 either */
    size_t ordinal = skip_ordinal(t, end);
    size_t next = ordinal + separator(t, ordinal, &kind);
    return (ordinal == end && all_numbers(t, at, end, next, kind, date)) ||
           day_first(t, at, next, date) || month_first(t, at, end, date);
}
