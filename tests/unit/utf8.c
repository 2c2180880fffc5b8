#include "dhrledger/utf8.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

static const struct dhr_str nothing = {NULL, 0};

static struct dhr_str s(const char *text)
{
    return dhr_str_of(text);
}

static unsigned next(unsigned long *state)
{
    *state = *state * 6364136223846793005UL + 1442695040888963407UL;
    return (unsigned)(*state >> 33);
}

/* Well-formed sequences by the Unicode Standard's table 3-7; the length of one, or 0. */
static size_t well_formed(const unsigned char *p, size_t left)
{
    static const struct {
        unsigned char first_low, first_high, second_low, second_high;
        size_t len;
    } rows[] = {
        {0x00, 0x7F, 0, 0, 1},       {0xC2, 0xDF, 0x80, 0xBF, 2}, {0xE0, 0xE0, 0xA0, 0xBF, 3},
        {0xE1, 0xEC, 0x80, 0xBF, 3}, {0xED, 0xED, 0x80, 0x9F, 3}, {0xEE, 0xEF, 0x80, 0xBF, 3},
        {0xF0, 0xF0, 0x90, 0xBF, 4}, {0xF1, 0xF3, 0x80, 0xBF, 4}, {0xF4, 0xF4, 0x80, 0x8F, 4}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (p[0] < rows[i].first_low || p[0] > rows[i].first_high || rows[i].len > left)
            continue;
        if (rows[i].len > 1 && (p[1] < rows[i].second_low || p[1] > rows[i].second_high))
            continue;
        size_t at = 2;
        while (at < rows[i].len && p[at] >= 0x80 && p[at] <= 0xBF)
            at++;
        if (at >= rows[i].len)
            return rows[i].len;
    }
    return 0;
}

static size_t slow_valid_len(struct dhr_str text)
{
    size_t at = 0;
    size_t len = 0;
    while (at < text.len &&
           (len = well_formed((const unsigned char *)text.ptr + at, text.len - at)) > 0)
        at += len;
    return at;
}

static void check_valid_len(const char *bytes, size_t len)
{
    struct dhr_str text = dhr_str_span(bytes, len);
    size_t got = dhr_utf8_valid_len(text);
    size_t wanted = slow_valid_len(text);
    cr_assert_eq(got, wanted, "%02X %02X %02X %02X of %zu: %zu, not %zu", bytes[0] & 0xFF,
                 bytes[1] & 0xFF, bytes[2] & 0xFF, bytes[3] & 0xFF, len, got, wanted);
}

Test(utf8, validity_of_every_pair_and_many_more)
{
    static const unsigned char tails[] = {0x00, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0};
    char bytes[4];
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned second = 0; second < 256; second++) {
            for (size_t t = 0; t < sizeof(tails) * sizeof(tails); t++) {
                bytes[0] = (char)first;
                bytes[1] = (char)second;
                bytes[2] = (char)tails[t / sizeof(tails)];
                bytes[3] = (char)tails[t % sizeof(tails)];
                check_valid_len(bytes, t % 4 + 1);
                check_valid_len(bytes, 4);
            }
        }
    }
    cr_assert_eq(dhr_utf8_valid_len(nothing), 0, "nothing");
}

/* Only what begins a character and doesn't end it is left off. */
Test(utf8, without_mark)
{
    cr_assert(dhr_str_is(dhr_utf8_without_mark(s("\xEF\xBB\xBF[agency]")), "[agency]"));
    cr_assert(dhr_str_is(dhr_utf8_without_mark(s("\xEF\xBB\xBF\xEF\xBB\xBF")), "\xEF\xBB\xBF"));
    cr_assert(dhr_str_is(dhr_utf8_without_mark(s("\xEF\xBB")), "\xEF\xBB"));
    cr_assert(dhr_str_is(dhr_utf8_without_mark(s("a\xEF\xBB\xBF")), "a\xEF\xBB\xBF"));
    cr_assert(dhr_utf8_without_mark(nothing).len == 0);
}

Test(utf8, whole_len)
{
    static const struct {
        const char *text;
        size_t len;
    } cases[] = {{"", 0},
                 {"due", 3},
                 {"a\xC3", 1},
                 {"a\xC3\xA9", 3},
                 {"a\xE2\x82", 1},
                 {"a\xE2\x82\xAC", 4},
                 {"\xF0\x9F\x98", 0},
                 {"\xF0\x9F\x98\x80", 4},
                 {"a\x82", 2},
                 {"\x80\x80\x80\x80\x80", 5},
                 {"\xE2", 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_eq(dhr_utf8_whole_len(s(cases[i].text)), cases[i].len, "case %zu: %zu", i,
                     dhr_utf8_whole_len(s(cases[i].text)));
}

Test(utf8, utf16_units)
{
    static const struct {
        const char *text;
        size_t units;
    } cases[] = {{"", 0},          {"due", 3},          {"\xC3\xA9", 1},
                 {"e\xCC\x81", 2}, {"\xE2\x80\x99", 1}, {"\xF0\x9F\x98\x80x", 3},
                 {"\xFF\xFE", 2},  {"a\xF0\x9F", 3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_eq(dhr_utf16_len(s(cases[i].text)), cases[i].units, "case %zu: %zu", i,
                     dhr_utf16_len(s(cases[i].text)));
}

Test(utf8, width)
{
    static const struct {
        const char *text;
        size_t columns;
    } cases[] = {{"", 0},     {"abc", 3},  {"DHR’s – “x”", 11}, {"↗", 1},     {"e\xCC\x81", 1},
                 {"日本", 4}, {"█▓░·", 4}, {"a\xC2\xA0z", 3},   {"\x1B[", 1}, {"Prifysgol Ŵ", 11},
                 {"कि", 2}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_eq(dhr_utf8_width(s(cases[i].text)), cases[i].columns, "\"%s\": %zu",
                     cases[i].text, dhr_utf8_width(s(cases[i].text)));
    cr_assert_eq(dhr_utf8_width(nothing), 0, "nothing");
}

Test(utf8, fit)
{
    static const struct {
        const char *text;
        size_t columns, bytes;
    } cases[] = {{"abc", 2, 2},
                 {"abc", 9, 3},
                 {"日本", 3, 3},
                 {"日本", 1, 3}, /* at least one, or a caller would never get on */
                 {"e\xCC\x81x", 1, 3},
                 {"日\xCC\x81x", 1, 5}, /* a mark belongs to it even where it doesn't fit */
                 {"कि", 1, 3},          /* except a mark with a column of its own */
                 {"", 5, 0}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        size_t bytes = dhr_utf8_fit(s(cases[i].text), cases[i].columns);
        cr_assert_eq(bytes, cases[i].bytes, "\"%s\" in %zu: %zu bytes", cases[i].text,
                     cases[i].columns, bytes);
    }
}

static const char *safe(struct dhr_buf *buf, struct dhr_str text, bool keep_lines)
{
    dhr_buf_clear(buf);
    dhr_utf8_add_safe(buf, text, keep_lines);
    return dhr_buf_cstr(buf);
}

Test(utf8, safe_shows_what_could_drive_a_terminal)
{
    struct dhr_buf buf = {0};
    cr_assert_str_eq(safe(&buf, s("\x1B[2J"), false), "<U+001B>[2J");
    cr_assert_str_eq(safe(&buf, s("a\tb\rc\x7F"), false), "a<U+0009>b<U+000D>c<U+007F>");
    cr_assert_str_eq(safe(&buf, dhr_str_span("a\0b", 3), false), "a<U+0000>b");
    cr_assert_str_eq(safe(&buf,
                          s("\xC2\x9B"
                            "31m"),
                          false),
                     "<U+009B>31m");
    cr_assert_str_eq(safe(&buf, s("\xE2\x80\xAEx\xE2\x81\xA6"), false), "<U+202E>x<U+2066>");
    cr_assert_str_eq(safe(&buf, s("\xEF\xBB\xBF"), false), "<U+FEFF>");
    cr_assert_str_eq(safe(&buf, s("a\nb"), false), "a<U+000A>b");
    cr_assert_str_eq(safe(&buf, s("a\nb"), true), "a\nb");
    cr_assert_str_eq(safe(&buf, s("x\xFFy\xC3"), false), "x<0xFF>y<0xC3>");
    cr_assert_str_eq(safe(&buf, s("\xED\xA0\x80"), false), "<0xED><0xA0><0x80>");
    cr_assert_str_eq(safe(&buf, s("\xEF\xBF\xBD"), false), "\xEF\xBF\xBD");
    cr_assert_str_eq(safe(&buf, s("Ŵ “safe” – 日本 ↗"), false), "Ŵ “safe” – 日本 ↗");
    cr_assert_str_eq(safe(&buf, nothing, false), "");
    dhr_buf_release(&buf);
}

Test(utf8, safe_text_is_valid_and_stays_as_it_is)
{
    struct dhr_buf once = {0};
    struct dhr_buf twice = {0};
    unsigned long state = 1;
    for (int round = 0; round < 20000; round++) {
        char bytes[24];
        for (size_t i = 0; i < sizeof(bytes); i++)
            bytes[i] = (char)(next(&state) % 3 ? next(&state) : 0xC2 + next(&state) % 0x30);
        (void)safe(&once, dhr_str_span(bytes, sizeof(bytes)), false);
        cr_assert_eq(dhr_utf8_valid_len(dhr_buf_str(&once)), once.len, "not valid");
        for (size_t i = 0; i < once.len; i++)
            cr_assert((unsigned char)once.ptr[i] >= 0x20 && once.ptr[i] != 0x7F, "a control");
        cr_assert_str_eq(safe(&twice, dhr_buf_str(&once), false), once.ptr);
    }
    dhr_buf_release(&once);
    dhr_buf_release(&twice);
}

Test(utf8, folded_forgets_case_accents_and_spacing)
{
    static const struct {
        const char *text, *folded;
    } cases[] = {{"Durham Constabulary", "durham constabulary"},
                 {"  a \t b\r\n c ", "a b c"},
                 {"Ŵÿçé", "wyce"},
                 {"e\xCC\x81", "e"},
                 {"STRASSE ß", "strasse ss"},
                 {"a\xC2\xA0\xE2\x80\xAF z", "a z"}, /* no-break spaces look like spaces */
                 {"", ""},
                 {" ", ""}};
    struct dhr_buf buf = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        dhr_buf_clear(&buf);
        dhr_utf8_add_folded(&buf, s(cases[i].text));
        cr_assert_str_eq(dhr_buf_cstr(&buf), cases[i].folded);
    }
    dhr_buf_clear(&buf);
    dhr_buf_adds(&buf, "x");
    dhr_utf8_add_folded(&buf, s(" y"));
    cr_assert_str_eq(dhr_buf_cstr(&buf), "xy");
    dhr_utf8_add_folded(&buf, nothing);
    cr_assert_str_eq(dhr_buf_cstr(&buf), "xy");
    dhr_buf_clear(&buf);
    dhr_utf8_add_folded(&buf, s("a\xFF"));
    cr_assert_str_eq(dhr_buf_cstr(&buf), "a\xFF");
    dhr_buf_release(&buf);
}

/* The lines of a text, with bars between them. */
static const char *wrapped(struct dhr_arena *arena, const char *text, size_t columns, bool split)
{
    struct dhr_str rest = s(text);
    struct dhr_str line;
    const char *all = "";
    while (dhr_wrap_next(&rest, columns, split, &line))
        all = dhr_arena_printf(arena, "%s%s%.*s", all, *all ? "|" : "", DHR_ARG(line));
    return all;
}

Test(utf8, wrap)
{
    static const struct {
        const char *text;
        size_t columns;
        bool split;
        const char *lines;
    } cases[] = {{"one two three", 7, false, "one two|three"},
                 {"one two three", 6, false, "one|two|three"},
                 {"one two three", 13, false, "one two three"},
                 {"one two three", 12, false, "one two|three"},
                 {"  one   two  ", 20, false, "one   two"},
                 {"a unbreakable b", 5, false, "a|unbreakable|b"},
                 {"a unbreakable b", 5, true, "a|unbre|akabl|e b"},
                 {"one\ntwo three", 20, false, "one|two three"},
                 {"one \n two", 20, false, "one|two"},
                 {"one\n\ntwo", 20, false, "one||two"},
                 {"日本語 日", 4, true, "日本|語|日"},
                 {"a\xC2\xA0no-break b", 5, false, "a\xC2\xA0no-break|b"},
                 {"ab", 1, true, "a|b"},
                 {"", 5, false, ""},
                 {"   ", 5, false, ""}};
    struct dhr_arena arena = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *lines = wrapped(&arena, cases[i].text, cases[i].columns, cases[i].split);
        cr_assert_str_eq(lines, cases[i].lines);
    }
    dhr_arena_release(&arena);
}

static void random_prose(struct dhr_buf *prose, unsigned long *state)
{
    static const char *const words[] = {
        "a", "to",          "risk", "agency", "’s",    "日本",  "naïve",
        "–", "partnership", "\n",   "IPCC.",  "DHR’s", "x y z", "https://example.org/report"};
    dhr_buf_clear(prose);
    for (unsigned n = next(state) % 30; n; n--) {
        dhr_buf_adds(prose, words[next(state) % (sizeof(words) / sizeof(words[0]))]);
        for (unsigned gap = next(state) % 4; gap < 3; gap++)
            dhr_buf_addc(prose, ' ');
    }
}

static void add_without_space(struct dhr_buf *out, struct dhr_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] != ' ' && text.ptr[i] != '\n')
            dhr_buf_addc(out, text.ptr[i]);
    }
}

/* Everything is there in its order, and a line is too long only where one word is. */
static void check_wrapping(struct dhr_str prose, size_t columns, bool split)
{
    struct dhr_str rest = prose;
    struct dhr_str line;
    struct dhr_buf in = {0};
    struct dhr_buf out = {0};
    for (size_t lines = 0; dhr_wrap_next(&rest, columns, split, &line); lines++) {
        cr_assert(lines <= prose.len, "it never ends: %.*s", DHR_ARG(prose));
        bool one_word = !line.len || !memchr(line.ptr, ' ', line.len);
        bool fits = dhr_utf8_width(line) <= columns;
        cr_assert(fits || (one_word && !split), "%zu: \"%.*s\"", columns, DHR_ARG(line));
        cr_assert(!line.len || !memchr(line.ptr, '\n', line.len), "two lines: %.*s", DHR_ARG(line));
        cr_assert(!line.len || (line.ptr[0] != ' ' && line.ptr[line.len - 1] != ' '),
                  "space at an edge: \"%.*s\"", DHR_ARG(line));
        add_without_space(&out, line);
    }
    add_without_space(&in, prose);
    cr_assert_str_eq(dhr_buf_cstr(&out), dhr_buf_cstr(&in));
    dhr_buf_release(&in);
    dhr_buf_release(&out);
}

Test(utf8, wrapping_keeps_words_and_width)
{
    struct dhr_buf prose = {0};
    unsigned long state = 3;
    for (int round = 0; round < 3000; round++) {
        random_prose(&prose, &state);
        check_wrapping(dhr_buf_str(&prose), 2 + next(&state) % 40, round % 2);
    }
    dhr_buf_release(&prose);
}
