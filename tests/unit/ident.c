/* Ids, file names, and the slugs they are made from. */
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/ident.h"

#define SIXTY "a23456789-b23456789-c23456789-d23456789-e23456789-f23456789-"

static struct dhr_arena arena;

static void end(void)
{
    dhr_arena_release(&arena);
}

TestSuite(ident, .fini = end);

static struct dhr_str s(const char *text)
{
    return dhr_str_of(text);
}

Test(ident, ids)
{
    static const char *const good[] = {"a", "0", "durham-2012", "9-a", "a--b", "a-", SIXTY "1234"};
    static const char *const bad[] = {"",    "-",           "-a",  "A",   "a.b",        "a b",
                                      "a_b", "caf\xC3\xA9", "a/b", "a\n", SIXTY "12345"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        cr_assert(dhr_ident_ok(s(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        cr_assert_not(dhr_ident_ok(s(bad[i])), "%s", bad[i]);
    cr_assert_not(dhr_ident_ok((struct dhr_str){NULL, 0}));
}

Test(ident, numbers)
{
    static const char *const good[] = {
        "1", "10.2.1", "9.1a", "R1", "3b", "u1", "a-b", "1-2", "12345678901234567890123456789012"};
    static const char *const bad[] = {"",
                                      ".",
                                      ".1",
                                      "-1",
                                      "1.",
                                      "1 a",
                                      "3(",
                                      "1/2",
                                      "1_2",
                                      "\xC3\xA9",
                                      "123456789012345678901234567890123"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
        cr_assert(dhr_ident_number_ok(s(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        cr_assert_not(dhr_ident_number_ok(s(bad[i])), "%s", bad[i]);
}

Test(ident, recommendations)
{
    cr_assert(dhr_ident_recommendation_ok(s("durham-2012/10.2.1")));
    static const char *const bad[] = {"durham-2012",   "durham-2012/", "/1", "Durham/1",
                                      "durham/1/2",    "durham/1.",    "",   "/",
                                      "durham-2012/ 1"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
        cr_assert_not(dhr_ident_recommendation_ok(s(bad[i])), "%s", bad[i]);
}

Test(ident, reserved_names)
{
    static const char *const reserved[] = {"review", "Review", "con",  "PRN",  "aux",   "nul",
                                           "com1",   "COM9",   "lpt1", "lpt9", "con.1", "nul.x.y"};
    static const char *const free_ones[] = {"",    "reviews", "con1", "com0",
                                            "com", "com10",   "lpt",  "1.con"};
    for (size_t i = 0; i < sizeof(reserved) / sizeof(reserved[0]); i++)
        cr_assert(dhr_ident_reserved(s(reserved[i])), "%s", reserved[i]);
    for (size_t i = 0; i < sizeof(free_ones) / sizeof(free_ones[0]); i++)
        cr_assert_not(dhr_ident_reserved(s(free_ones[i])), "%s", free_ones[i]);
}

static void expect_slug(const char *name, size_t max_bytes, const char *slug)
{
    const char *got = dhr_ident_slug(&arena, s(name), max_bytes);
    cr_assert_str_eq(got, slug, "<%s> became %s", name, got);
    cr_assert(max_bytes > DHR_ID_MAX_BYTES || dhr_ident_ok(s(got)), "%s is no id", got);
}

Test(ident, slugs)
{
    expect_slug("Durham Constabulary", 64, "durham-constabulary");
    expect_slug("  A & E  (St. John's) ", 64, "a-e-st-johns");
    expect_slug("Women’s Aid", 64, "womens-aid");
    expect_slug("Women's Aid", 64, "womens-aid");
    expect_slug("Cyngor Sir Ynys Môn", 64, "cyngor-sir-ynys-mon");
    expect_slug("Straße 9", 64, "strasse-9");
    expect_slug("NHS\xC2\xA0Trust", 64, "nhs-trust");
    expect_slug("--a--b--", 64, "a-b");
    expect_slug("家庭", 64, "x");
    expect_slug("", 64, "x");
    expect_slug("...", 64, "x");
}

Test(ident, long_slugs_are_cut_at_a_hyphen)
{
    expect_slug("one two three", 13, "one-two-three");
    expect_slug("one two three", 12, "one-two");
    expect_slug("one two three", 8, "one-two");
    expect_slug("one two three", 7, "one-two");
    expect_slug("one two three", 6, "one");
    expect_slug("one two three", 2, "on");
    expect_slug("unbreakable", 6, "unbrea");
}

static void expect_number(const char *printed, const char *name)
{
    const char *got = dhr_ident_number(&arena, s(printed));
    if (!name) {
        cr_assert_null(got, "<%s> became %s", printed, got);
        return;
    }
    cr_assert_not_null(got, "<%s>", printed);
    cr_assert_str_eq(got, name, "<%s> became %s", printed, got);
    cr_assert(dhr_ident_number_ok(s(got)), "%s is no name", got);
}

Test(ident, printed_numbers)
{
    expect_number("10.2.1", "10.2.1");
    expect_number("9.1 a", "9.1a");
    expect_number("3(b)", "3b");
    expect_number("R1", "R1");
    expect_number("4.", "4");
    expect_number(" 5) ", "5");
    expect_number(".6-", "6");
    expect_number("1–2", "12");
    expect_number("", NULL);
    expect_number("*", NULL);
    expect_number("...", NULL);
    expect_number("123456789.123456789.123456789.1.3", "123456789.123456789.123456789.1");
}

static void expect_path(const char *path, int kind, const char *id)
{
    enum dhr_record_kind got = DHR_RECORD_SETTINGS;
    struct dhr_str got_id = {NULL, 0};
    bool ok = dhr_ident_of_path(s(path), &got, &got_id);
    cr_assert_eq(ok, kind >= 0, "%s", path);
    if (!ok)
        return;
    cr_assert_eq((int)got, kind, "%s", path);
    cr_assert(dhr_str_is(got_id, id), "%s is %.*s", path, DHR_ARG(got_id));
}

Test(ident, paths)
{
    expect_path("reviews/durham-2012/review.ini", DHR_RECORD_REVIEW, "durham-2012");
    expect_path("reviews/durham-2012/10.2.1.ini", DHR_RECORD_RECOMMENDATION, "durham-2012/10.2.1");
    expect_path("agencies/durham-constabulary.ini", DHR_RECORD_AGENCY, "durham-constabulary");
    expect_path(".dhrledger.ini", DHR_RECORD_SETTINGS, "");
    static const char *const none[] = {"",
                                       "x.ini",
                                       "reviews/x.ini",
                                       "reviews//x.ini",
                                       "reviews/a/.ini",
                                       "reviews/a/b/c.ini",
                                       "reviews/a/b.txt",
                                       "reviews/a/b",
                                       "agencies/.ini",
                                       "agencies/a/b.ini",
                                       "agency/a.ini",
                                       "reviews",
                                       "./reviews/a/b.ini",
                                       "sub/.dhrledger.ini",
                                       ".ini"};
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
        expect_path(none[i], -1, "");
}
