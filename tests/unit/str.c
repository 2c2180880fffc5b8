#include "dhrledger/str.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

static const struct dhr_str nothing = {NULL, 0};

static struct dhr_str s(const char *text)
{
    return dhr_str_of(text);
}

Test(str, comparing)
{
    cr_assert(dhr_str_eq(s("a"), dhr_str_span("ab", 1)), "the same bytes differ");
    cr_assert(dhr_str_eq(nothing, s("")), "two empty spans differ");
    cr_assert(!dhr_str_eq(s("a"), s("ab")), "a prefix is equal");
    cr_assert(dhr_str_is(dhr_str_span("open?", 4), "open"), "not seen as open");
    cr_assert(dhr_str_starts(s("DL014"), "DL") && !dhr_str_starts(s("D"), "DL"), "starts");
    cr_assert(dhr_str_ends(s("x.ini"), ".ini") && !dhr_str_ends(s("ini"), ".ini"), "ends");
    cr_assert(dhr_str_starts(nothing, "") && dhr_str_ends(nothing, ""), "empty in empty");
    cr_assert(dhr_str_cmp(s("a"), s("b")) < 0 && dhr_str_cmp(s("b"), s("a")) > 0, "order");
    cr_assert(dhr_str_cmp(s("a"), s("ab")) < 0 && dhr_str_cmp(s("a"), s("a")) == 0, "length");
    cr_assert(dhr_str_cmp(s("z"), s("é")) < 0, "bytes above 127 aren't the larger ones");
    cr_assert(dhr_str_cmp(nothing, s("")) == 0, "two empty spans are ordered");
}

Test(str, trim)
{
    cr_assert(dhr_str_is(dhr_str_trim(s(" \t a b\r\n")), "a b"), "the edges");
    cr_assert_eq(dhr_str_trim(s(" \r\n\t")).len, 0, "only white space");
    cr_assert_eq(dhr_str_trim(nothing).len, 0, "nothing");
    cr_assert(dhr_str_is(dhr_str_trim(s("\xC2\xA0x")), "\xC2\xA0x"), "a no-break space stays");
}

/* What split makes of text, as "<piece><piece>". */
static const char *pieces_of(struct dhr_arena *arena, struct dhr_str text, bool lines)
{
    const char *all = "";
    struct dhr_str piece;
    while (lines ? dhr_str_line(&text, &piece) : dhr_str_split(&text, ',', &piece))
        all = dhr_arena_printf(arena, "%s<%.*s>", all, DHR_ARG(piece));
    return all;
}

Test(str, split_gives_every_piece)
{
    struct dhr_arena arena = {0};
    cr_assert_str_eq(pieces_of(&arena, s("a,b"), false), "<a><b>");
    cr_assert_str_eq(pieces_of(&arena, s(",a,,"), false), "<><a><><>");
    cr_assert_str_eq(pieces_of(&arena, s("a"), false), "<a>");
    cr_assert_str_eq(pieces_of(&arena, s(""), false), "<>");
    cr_assert_str_eq(pieces_of(&arena, nothing, false), "");
    dhr_arena_release(&arena);
}

Test(str, line_needs_no_last_newline)
{
    struct dhr_arena arena = {0};
    cr_assert_str_eq(pieces_of(&arena, s("a\n\nb\r\n"), true), "<a><><b\r>");
    cr_assert_str_eq(pieces_of(&arena, s("a\nb"), true), "<a><b>");
    cr_assert_str_eq(pieces_of(&arena, s("\n"), true), "<>");
    cr_assert_str_eq(pieces_of(&arena, s(""), true), "");
    cr_assert_str_eq(pieces_of(&arena, nothing, true), "");
    dhr_arena_release(&arena);
}

Test(str, arena_printf)
{
    struct dhr_arena arena = {0};
    cr_assert_str_eq(dhr_arena_printf(&arena, "%s-%03d", "DL", 14), "DL-014");
    cr_assert_str_eq(dhr_arena_printf(&arena, "%s", ""), "");
    cr_assert_eq(strlen(dhr_arena_printf(&arena, "%070000d", 1)), 70000, "a long one is cut");
    cr_assert_str_eq(dhr_str_dup(&arena, dhr_str_span("abc", 2)), "ab");
    dhr_arena_release(&arena);
}

/* The order that the numbers of recommendations stand in, each before the next. */
static const char *const in_order[] = {
    "",        "1",       "2",     "3(b)",   "4a",       "4b",     "4c",     "9",
    "9.1 a",   "9.1a",    "10",    "10.1.1", "10.1.1.1", "10.1.2", "10.2.1", "10.2.2",
    "10.2.2a", "10.2.10", "10.10", "11",     "11.1",     "100",    "R1",     "R2",
    "R10",     "a",       "a1",    "a01",    "a2"};
enum { IN_ORDER = sizeof(in_order) / sizeof(in_order[0]) };

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

Test(str, natural_order)
{
    for (int i = 0; i < IN_ORDER; i++) {
        for (int j = 0; j < IN_ORDER; j++) {
            int order = dhr_natural_cmp(s(in_order[i]), s(in_order[j]));
            /* "a1" and "a01" are the same number; bytes decide, and '0' is before '1'. */
            int wanted = sign(i - j);
            bool zeros = (strcmp(in_order[i], "a1") == 0 && strcmp(in_order[j], "a01") == 0) ||
                         (strcmp(in_order[i], "a01") == 0 && strcmp(in_order[j], "a1") == 0);
            if (zeros)
                wanted = -wanted;
            cr_assert_eq(sign(order), wanted, "\"%s\" against \"%s\": %d", in_order[i], in_order[j],
                         order);
        }
    }
}

Test(str, natural_order_of_long_numbers)
{
    cr_assert(dhr_natural_cmp(s("99999999999999999999998"), s("99999999999999999999999")) < 0,
              "numbers that fit no integer type");
    cr_assert(dhr_natural_cmp(s("9"), s("99999999999999999999999")) < 0, "a short one");
    cr_assert(dhr_natural_cmp(s("007"), s("8")) < 0, "leading zeros");
    cr_assert(dhr_natural_cmp(s("0"), s("00")) != 0, "different bytes are never equal");
}

static unsigned long next(unsigned long *state)
{
    *state = *state * 6364136223846793005UL + 1442695040888963407UL;
    return *state >> 33;
}

static struct dhr_str random_text(unsigned long *state, char *text, size_t size, const char *set)
{
    size_t len = next(state) % size;
    for (size_t i = 0; i < len; i++)
        text[i] = set[next(state) % strlen(set)];
    return dhr_str_span(text, len);
}

Test(str, natural_order_is_total)
{
    unsigned long state = 1;
    for (int round = 0; round < 200000; round++) {
        char text[3][6];
        struct dhr_str x = random_text(&state, text[0], 6, "019.a/:");
        struct dhr_str y = random_text(&state, text[1], 6, "019.a/:");
        struct dhr_str z = random_text(&state, text[2], 6, "019.a/:");
        int xy = sign(dhr_natural_cmp(x, y));
        int yz = sign(dhr_natural_cmp(y, z));
        int xz = sign(dhr_natural_cmp(x, z));
        cr_assert_eq(xy, -sign(dhr_natural_cmp(y, x)), "%.*s, %.*s: not antisymmetric", DHR_ARG(x),
                     DHR_ARG(y));
        cr_assert_eq(xy == 0, dhr_str_eq(x, y), "%.*s, %.*s: equal", DHR_ARG(x), DHR_ARG(y));
        if (xy <= 0 && yz <= 0)
            cr_assert(xz <= 0, "%.*s, %.*s, %.*s: not transitive", DHR_ARG(x), DHR_ARG(y),
                      DHR_ARG(z));
    }
}

Test(str, number)
{
    static const char *const wrong[] = {
        "", "-1", "+1", " 1", "1 ", "1.0", "a", "1000000", "0000000", "99999999999999999999999999"};
    unsigned long value = 0;
    cr_assert(dhr_str_number(s("0"), &value) && value == 0, "0 is %lu", value);
    cr_assert(dhr_str_number(s("007"), &value) && value == 7, "007 is %lu", value);
    cr_assert(dhr_str_number(s("999999"), &value) && value == 999999, "999999 is %lu", value);
    cr_assert(dhr_str_number(dhr_str_span("123", 2), &value) && value == 12, "a span: %lu", value);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        cr_assert(!dhr_str_number(s(wrong[i]), &value), "\"%s\" is a number", wrong[i]);
    cr_assert(!dhr_str_number(nothing, &value), "nothing is a number");
}

Test(str, distance)
{
    static const struct {
        const char *a, *b;
        size_t distance;
    } cases[] = {{"", "", 0},
                 {"status", "status", 0},
                 {"status", "statu", 1},
                 {"status", "xstatus", 1},
                 {"lead", "leda", 1},
                 {"due", "dew", 2},
                 {"open", "closed", 4},
                 {"", "abc", 3},
                 {"ca", "abc", 3}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dhr_str a = s(cases[i].a);
        struct dhr_str b = s(cases[i].b);
        size_t there = dhr_str_distance(a, b, 10);
        size_t back = dhr_str_distance(b, a, 10);
        cr_assert_eq(there, cases[i].distance, "%s, %s: %zu", cases[i].a, cases[i].b, there);
        cr_assert_eq(back, there, "%s, %s: %zu one way, %zu back", cases[i].a, cases[i].b, there,
                     back);
    }
    cr_assert_eq(dhr_str_distance(s("open"), s("closed"), 2), 3, "beyond the limit");
    cr_assert_eq(dhr_str_distance(nothing, s("a"), 2), 1, "nothing");
}

/* The definition (optimal string alignment), without memory of what was worked out. */
static size_t slow_distance(struct dhr_str a, struct dhr_str b)
{
    if (!a.len || !b.len)
        return a.len + b.len;
    struct dhr_str a1 = {a.ptr + 1, a.len - 1};
    struct dhr_str b1 = {b.ptr + 1, b.len - 1};
    size_t best = slow_distance(a1, b1) + (a.ptr[0] != b.ptr[0]);
    size_t other = slow_distance(a1, b) + 1;
    best = other < best ? other : best;
    other = slow_distance(a, b1) + 1;
    best = other < best ? other : best;
    if (a.len > 1 && b.len > 1 && a.ptr[0] == b.ptr[1] && a.ptr[1] == b.ptr[0]) {
        other =
            slow_distance(dhr_str_span(a.ptr + 2, a.len - 2), dhr_str_span(b.ptr + 2, b.len - 2)) +
            1;
        best = other < best ? other : best;
    }
    return best;
}

Test(str, distance_as_defined)
{
    unsigned long state = 2;
    for (int round = 0; round < 2000; round++) {
        char text[2][7];
        struct dhr_str a = random_text(&state, text[0], 7, "abc");
        struct dhr_str b = random_text(&state, text[1], 7, "abc");
        size_t wanted = slow_distance(a, b);
        cr_assert_eq(dhr_str_distance(a, b, 20), wanted, "%.*s, %.*s", DHR_ARG(a), DHR_ARG(b));
        cr_assert_eq(dhr_str_distance(a, b, 2), wanted > 2 ? 3 : wanted, "%.*s, %.*s at most 2",
                     DHR_ARG(a), DHR_ARG(b));
    }
}

Test(str, distance_of_long_texts_is_over_the_limit)
{
    char long_text[1000];
    memset(long_text, 'x', sizeof(long_text));
    struct dhr_str text = dhr_str_span(long_text, sizeof(long_text));
    cr_assert_eq(dhr_str_distance(text, text, 3), 4, "too long to be compared");
    cr_assert_eq(dhr_str_distance(dhr_str_span(long_text, 128), dhr_str_span(long_text, 127), 3), 1,
                 "the longest that is compared");
}

Test(str, buffer)
{
    struct dhr_buf buf = {0};
    cr_assert_str_eq(dhr_buf_cstr(&buf), "");
    cr_assert_eq(dhr_buf_str(&buf).len, 0, "an empty one has a length");
    dhr_buf_add_str(&buf, nothing);
    dhr_buf_adds(&buf, "a");
    dhr_buf_addc(&buf, ',');
    dhr_buf_add(&buf, "bcd", 2);
    dhr_buf_addf(&buf, "%d%s", 12, "");
    dhr_buf_addf(&buf, "%s", "");
    cr_assert_str_eq(dhr_buf_cstr(&buf), "a,bc12");
    for (int i = 0; i < 10000; i++)
        dhr_buf_addf(&buf, "%d", i % 10);
    cr_assert_eq(buf.len, 10006, "%zu bytes", buf.len);
    cr_assert_eq(strlen(buf.ptr), buf.len, "the end isn't marked");
    dhr_buf_clear(&buf);
    cr_assert_str_eq(dhr_buf_cstr(&buf), "");
    dhr_buf_add(&buf, "a\0b", 3);
    cr_assert_eq(buf.len, 3, "a NUL ends it");
    dhr_buf_release(&buf);
    cr_assert(buf.ptr == NULL && buf.len == 0, "a released buffer isn't empty");
}
