#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "csv_internal.h"

enum { MAX_TOKENS = 4, DAYS_TO_1970 = 25569, FIRST_SERIAL = 20000, LAST_SERIAL = 80000 };

/* A number, or a month's name. */
struct token {
    unsigned value;
    unsigned digits; /* 0: a month's name */
    char before;     /* what stands before it: '/', '-', '.', ' ', or '\'' of a short year */
};

static size_t word_len(struct dhr_str text, bool (*is)(char))
{
    size_t len = 0;
    while (len < text.len && is(text.ptr[len]))
        len++;
    return len;
}

/* Take a word and the white space behind it off the front, in any case. */
static bool skip_word(struct dhr_str *text, const char *word)
{
    size_t len = strlen(word);
    if (text->len < len || strncasecmp(text->ptr, word, len) != 0 ||
        (text->len > len && dhr_is_letter(text->ptr[len])))
        return false;
    *text = dhr_str_trim(dhr_str_after(*text, len));
    return true;
}

/* "th" of "12th", "," behind a month, the weekday before: no part of the date. */
static bool skip_ordinal(struct dhr_str *text)
{
    static const char *const endings[] = {"st", "nd", "rd", "th"};
    for (size_t i = 0; i < 4; i++) {
        if (text->len >= 2 && strncasecmp(text->ptr, endings[i], 2) == 0 &&
            (text->len == 2 || !dhr_is_letter(text->ptr[2]))) {
            *text = dhr_str_after(*text, 2);
            return true;
        }
    }
    return false;
}

static void skip_weekday(struct dhr_str *text)
{
    static const char *const days[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
    size_t len = word_len(*text, dhr_is_letter);
    for (size_t i = 0; i < 7 && len >= 3; i++) {
        if (strncasecmp(text->ptr, days[i], len) == 0 && len <= strlen(days[i])) {
            *text = dhr_str_trim(dhr_str_after(*text, len));
            if (text->len && text->ptr[0] == ',')
                *text = dhr_str_trim(dhr_str_after(*text, 1));
            return;
        }
    }
}

/*
 * The time of day behind a date, which databases, forms and spreadsheets add; hours,
 * minutes and whatever follows in figures. With a zone's Z only midnight is the same
 * day everywhere in Britain all the year: 23:00Z in summer is the next one.
 */
static struct dhr_str without_time(struct dhr_str text)
{
    size_t at = text.len;
    bool zone = at && text.ptr[at - 1] == 'Z';
    bool zero = true;
    size_t colons = 0;
    at -= zone;
    while (at && (dhr_is_digit(text.ptr[at - 1]) || text.ptr[at - 1] == ':' ||
                  (text.ptr[at - 1] == '.' && colons == 0))) {
        colons += text.ptr[at - 1] == ':';
        zero = zero && !(dhr_is_digit(text.ptr[at - 1]) && text.ptr[at - 1] != '0');
        at--;
    }
    bool time = colons >= 1 && colons <= 2 && at > 1 && dhr_is_digit(text.ptr[at]) &&
                (text.ptr[at - 1] == ' ' || text.ptr[at - 1] == 'T') && (zero || !zone);
    return time ? dhr_str_trim(dhr_str_span(text.ptr, at - 1)) : text;
}

static unsigned month_of(struct dhr_str name)
{
    if (name.len == 4 && strncasecmp(name.ptr, "Sept", 4) == 0)
        return 9;
    return (unsigned)dhr_month_of(name);
}

static bool take_token(struct dhr_str *rest, struct token *token)
{
    size_t digits = word_len(*rest, dhr_is_digit);
    size_t letters = word_len(*rest, dhr_is_letter);
    *token = (struct token){.digits = (unsigned)digits};
    if (digits > 4)
        return false;
    for (size_t i = 0; i < digits; i++)
        token->value = token->value * 10 + (unsigned)(rest->ptr[i] - '0');
    if (!digits) {
        token->value = month_of(dhr_str_span(rest->ptr, letters));
        if (!token->value)
            return false;
    }
    *rest = dhr_str_after(*rest, digits + letters * !digits);
    if (digits && digits <= 2)
        (void)skip_ordinal(rest);
    return true;
}

/* The tokens and what divides them; 0 where there is anything else. */
static size_t split(struct dhr_str rest, struct token tokens[MAX_TOKENS])
{
    size_t count = 0;
    char before = ' ';
    while (count < MAX_TOKENS) {
        if (!take_token(&rest, &tokens[count]))
            return 0;
        tokens[count++].before = before;
        if (!rest.len)
            return count;
        if (rest.ptr[0] == ',')
            rest = dhr_str_after(rest, 1);
        size_t spaces = 0;
        while (spaces < rest.len && rest.ptr[spaces] == ' ')
            spaces++;
        rest = dhr_str_after(rest, spaces);
        before = ' ';
        if (rest.len && memchr("/-.'", rest.ptr[0], 4)) {
            before = rest.ptr[0];
            rest = dhr_str_after(rest, 1);
        } else if (skip_word(&rest, "of")) {
            before = ' ';
        } else if (!spaces) {
            return 0;
        }
    }
    return 0;
}

/* Two digits are a year of this century: no review of this kind is older. */
static unsigned year_of(const struct token *token)
{
    return token->digits == 2 ? 2000 + token->value : token->digits == 4 ? token->value : 0;
}

static bool put(char iso[DHR_DAY_SIZE], unsigned year, unsigned month, unsigned day)
{
    struct dhr_date date;
    if (day)
        (void)snprintf(iso, DHR_DAY_SIZE, "%04u-%02u-%02u", year, month, day);
    else if (month)
        (void)snprintf(iso, DHR_DAY_SIZE, "%04u-%02u", year, month);
    else
        (void)snprintf(iso, DHR_DAY_SIZE, "%04u", year);
    return dhr_date_parse(dhr_str_of(iso), &date);
}

/* 31/03/2027, 31.3.27, 31 March 2027, 31-Mar-27 */
static bool put_day(const struct token t[3], char iso[DHR_DAY_SIZE])
{
    bool numeric = t[1].digits > 0;
    if (!t[0].digits || t[0].digits > 2 || !t[0].value || t[1].digits > 2 || !t[2].digits)
        return false;
    if (numeric && (t[1].before == ' ' || t[1].before != t[2].before || t[1].before == '\''))
        return false;
    return put(iso, year_of(&t[2]), t[1].value, t[0].value);
}

/* March 2027, Mar-27, 03/2027; not "Mar 27", which may be a day. */
static bool put_month(const struct token t[2], char iso[DHR_DAY_SIZE])
{
    bool named = !t[0].digits;
    if (!t[1].digits || (t[1].digits == 2 && (!named || t[1].before == ' ')))
        return false;
    if (!named && (t[0].digits > 2 || t[1].before != '/' || !t[0].value))
        return false;
    return put(iso, year_of(&t[1]), t[0].value, 0);
}

bool csv_date(struct dhr_str text, char iso[DHR_DAY_SIZE])
{
    struct token tokens[MAX_TOKENS];
    struct dhr_date date;
    text = without_time(dhr_str_trim(text));
    bool by = skip_word(&text, "by");
    if (by)
        (void)skip_word(&text, "the");
    bool end = skip_word(&text, "end");
    if (end)
        (void)skip_word(&text, "of");
    skip_weekday(&text);
    if (text.len && text.ptr[text.len - 1] == '.')
        text.len--;
    /* The end of a month or a year is what those stand for; the end of a day is nothing. */
    if (dhr_date_parse(text, &date) && !(end && text.len == 10)) {
        (void)snprintf(iso, DHR_DAY_SIZE, "%.*s", DHR_ARG(text));
        return true;
    }
    size_t count = split(text, tokens);
    if (count == 3)
        return !end && put_day(tokens, iso);
    return count == 2 && put_month(tokens, iso);
}

bool csv_date_month_first(struct dhr_str text, char iso[DHR_DAY_SIZE])
{
    struct token t[MAX_TOKENS];
    if (split(without_time(dhr_str_trim(text)), t) != 3 || !t[1].digits)
        return false;
    struct token day = t[1];
    t[1].value = t[0].value;
    t[0].value = day.value;
    return put_day(t, iso);
}

bool csv_date_serial(struct dhr_str text, char iso[DHR_DAY_SIZE])
{
    unsigned long serial = 0;
    if (text.len != 5 || !dhr_str_number(text, &serial) || serial < FIRST_SERIAL ||
        serial > LAST_SERIAL)
        return false;
    dhr_day_format((dhr_day)serial - DAYS_TO_1970, iso);
    return true;
}

/* Where word number `words` ends, without what may divide it from the text. */
static size_t end_of_words(struct dhr_str text, size_t words)
{
    size_t at = 0;
    for (; words; words--) {
        while (at < text.len && text.ptr[at] == ' ')
            at++;
        while (at < text.len && text.ptr[at] != ' ' && text.ptr[at] != '\n')
            at++;
    }
    while (at && memchr(":,;", text.ptr[at - 1], 3))
        at--;
    return at;
}

bool csv_leading_date(struct dhr_str *text, char iso[DHR_DAY_SIZE])
{
    enum { MOST_WORDS = 5 };
    for (size_t words = MOST_WORDS; words; words--) {
        size_t len = end_of_words(*text, words);
        struct dhr_str front = dhr_str_span(text->ptr, len);
        /* A year alone, or a bare number of four digits, is more likely a part of the text. */
        if (!len || front.len == 4 || !csv_date(front, iso))
            continue;
        *text = csv_skip_marks(dhr_str_after(*text, len), ":-,;.");
        return true;
    }
    return false;
}

/* "Trainer found (May 2026)", "Trainer found - 12/05/2026" */
static bool trailing_date(struct dhr_str *text, char iso[DHR_DAY_SIZE])
{
    struct dhr_str whole = *text;
    if (whole.len && whole.ptr[whole.len - 1] == '.')
        whole.len--;
    bool bracket = whole.len && whole.ptr[whole.len - 1] == ')';
    for (size_t at = whole.len; at > 1; at--) {
        size_t mark = bracket ? 1 : dhr_str_starts(dhr_str_after(whole, at - 1), "–") ? 3 : 1;
        bool here = bracket ? whole.ptr[at - 1] == '('
                            : whole.ptr[at - 2] == ' ' && (mark == 3 || whole.ptr[at - 1] == '-');
        if (!here)
            continue;
        size_t start = at - 1 + mark;
        if (!csv_date(dhr_str_span(whole.ptr + start, whole.len - start - bracket), iso))
            return false;
        *text = dhr_str_trim(dhr_str_span(whole.ptr, at - 1));
        return true;
    }
    return false;
}

bool csv_dated(struct dhr_arena *arena, struct dhr_str item, struct dhr_str *dated)
{
    char iso[DHR_DAY_SIZE];
    struct dhr_str text = dhr_str_trim(item);
    if ((!csv_leading_date(&text, iso) && !trailing_date(&text, iso)) || !text.len)
        return false;
    *dated = dhr_str_of(dhr_arena_printf(arena, "%s %.*s", iso, DHR_ARG(text)));
    return true;
}
