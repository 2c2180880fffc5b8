#include <string.h>

#include "privacy_internal.h"

/* Looking back goes no further, so that no text can make a scan slow. */
enum { SENTENCE_MOST = 320, URL_MOST = 512, GAP_MOST = 256 };

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The bytes of one white space character inside a line, no-break and thin spaces too, or 0. */
static size_t space_len(const scan_t *t, size_t at)
{
    char c = byte_at(t, at);
    if (is_blank(c))
        return at < t->text.len;
    if (c == '\xC2' && byte_at(t, at + 1) == '\xA0')
        return 2;
    bool general = c == '\xE2' && byte_at(t, at + 1) == '\x80';
    unsigned char third = (unsigned char)byte_at(t, at + 2);
    return general && ((third >= 0x80 && third <= 0x8B) || third == 0xAF) ? 3 : 0;
}

static size_t line_start(const scan_t *t, size_t at)
{
    const char *lf = at ? memrchr(t->text.ptr, '\n', at) : NULL;
    return lf ? (size_t)(lf - t->text.ptr) + 1 : 0;
}

static size_t skip_blanks(const scan_t *t, size_t at)
{
    while (at < t->text.len && is_blank(t->text.ptr[at]))
        at++;
    return at;
}

static bool is_comment_mark(char c)
{
    return c == '#' || c == ';';
}

/* In a comment of several lines, each with its mark. */
static size_t comment_break(const scan_t *t, size_t at)
{
    size_t next = skip_blanks(t, at + 1);
    if (!is_comment_mark(byte_at(t, next)))
        return at;
    while (is_comment_mark(byte_at(t, next)) || is_blank(byte_at(t, next)))
        next++;
    return byte_at(t, next) == '\n' ? at : next;
}

/* In a record, an indented line goes on with the value, also behind a comment; " ." ends it. */
static size_t record_break(const scan_t *t, size_t at)
{
    size_t line = at + 1;
    size_t next = skip_blanks(t, line);
    char first = byte_at(t, next);
    if (next >= t->text.len || first == '\n' || (next == line && !is_comment_mark(first)))
        return at; /* nearly always */
    if (is_comment_mark(byte_at(t, skip_blanks(t, line_start(t, at)))))
        return comment_break(t, at);
    while (is_comment_mark(byte_at(t, next))) {
        const char *lf = memchr(t->text.ptr + next, '\n', t->text.len - next);
        if (!lf)
            return at;
        line = (size_t)(lf - t->text.ptr) + 1;
        next = skip_blanks(t, line);
    }
    first = byte_at(t, next);
    bool alone = byte_at(t, next + 1) == '\n' || next + 1 >= t->text.len;
    if (next == line || next >= t->text.len || first == '\n' || (first == '.' && alone))
        return at;
    return next + (first == '\\');
}

/* Where the text goes on behind a line feed that only folds it, or `at`. */
static size_t soft_break(const scan_t *t, size_t at)
{
    if (t->kind == DHR_TEXT_PATH)
        return at;
    if (t->kind != DHR_TEXT_PROSE)
        return record_break(t, at);
    size_t next = skip_blanks(t, at + 1);
    return next >= t->text.len || t->text.ptr[next] == '\n' ? at : next;
}

size_t scan_white(const scan_t *t, size_t at)
{
    for (;;) {
        size_t next = at + space_len(t, at);
        if (next == at && byte_at(t, at) == '\n')
            next = soft_break(t, at);
        if (next == at)
            return at;
        at = next;
    }
}

/* A byte of white space, or of what folds a value. */
static bool is_gap(char c)
{
    switch (c) {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
    case '\\':
    case '#':
    case ';':
    case '\xA0':
    case '\xAF':
    case '\xC2':
    case '\xE2':
        return true;
    default:
        return (unsigned char)c >= 0x80 && (unsigned char)c <= 0x8B; /* of U+2000 to U+200B */
    }
}

size_t scan_gap_back(const scan_t *t, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < GAP_MOST && is_gap(t->text.ptr[start - 1]))
        start--;
    return start == at || scan_gap(t, start) == at ? start : at;
}

size_t scan_long_dash(const scan_t *t, size_t at)
{
    unsigned char third = (unsigned char)byte_at(t, at + 2);
    return byte_at(t, at + 1) == '\x80' && third >= 0x90 && third <= 0x95 ? 3 : 0;
}

bool scan_in_url(const scan_t *t, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < URL_MOST && !memchr(" \t\n\"<(|", t->text.ptr[start - 1], 7))
        start--;
    struct dhr_str before = dhr_str_span(t->text.ptr + start, at - start);
    return dhr_str_starts(before, "www.") ||
           (before.len && memmem(before.ptr, before.len, "://", 3));
}

/* Whether the word that a full stop stands behind is one that is shortened with it. */
static bool is_abbreviation(const scan_t *t, size_t stop)
{
    static const char list[] = " mr mrs ms dr st no nos prof rev jan feb mar apr jun jul aug sep "
                               "sept oct nov dec approx dob dod ";
    size_t start = stop;
    while (start > 0 && stop - start < 8 && is_letter(t->text.ptr[start - 1]))
        start--;
    char word[12] = " ";
    for (size_t i = start; i < stop; i++)
        word[1 + i - start] = to_lower(t->text.ptr[i]);
    word[1 + stop - start] = ' ';
    return stop - start == 1 || (stop > start && strstr(list, word));
}

bool scan_ends(const scan_t *t, size_t at)
{
    switch (byte_at(t, at)) {
    case '\n':
        return soft_break(t, at) == at;
    case ';':
        return skip_blanks(t, line_start(t, at)) != at;
    case '.':
        return (scan_gap(t, at + 1) > at + 1 || byte_at(t, at + 1) == '\n') &&
               !is_abbreviation(t, at);
    case '!':
    case '?':
    case '|':
        return true;
    default:
        return at >= t->text.len;
    }
}

size_t scan_sentence(const scan_t *t, size_t at)
{
    size_t start = at;
    while (start > 0 && at - start < SENTENCE_MOST && !scan_ends(t, start - 1))
        start--;
    return start;
}

/* A letter behind "D." belongs to one word with it. */
static bool joins(const scan_t *t, const struct scan_word *word, size_t at)
{
    return byte_at(t, at) == '.' && is_letter(byte_at(t, at + 1)) &&
           !is_letter(byte_at(t, at + 2)) && (at == word->start + 1 || word->text[1]);
}

bool scan_next_word(const scan_t *t, size_t at, size_t limit, struct scan_word *word)
{
    *word = (struct scan_word){0};
    for (; !is_letter(byte_at(t, at)); at++) {
        if (at >= limit || scan_ends(t, at))
            return false;
        word->comma |= t->text.ptr[at] == ',';
    }
    size_t len = 0;
    word->start = at;
    while (at < limit && (is_letter(byte_at(t, at)) || joins(t, word, at))) {
        if (is_letter(t->text.ptr[at]) && len + 1 < WORD_MOST)
            word->text[len++] = to_lower(t->text.ptr[at]);
        at++;
    }
    word->end = at;
    return at > word->start;
}
