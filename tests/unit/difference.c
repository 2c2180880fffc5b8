/* What changed between two states of a record, and how that is said. */
#include <criterion/criterion.h>

#include "dhrledger/difference.h"
#include "reading.h"

static struct reading before;
static struct reading after;
static struct dhr_differences d;

static void end(void)
{
    dhr_differences_release(&d);
    reading_end(&before);
    reading_end(&after);
}

TestSuite(difference, .fini = end);

/* "status open -> closed, theme added", one after another. */
static void expect_short(enum dhr_record_kind kind, const char *old, const char *new,
                         const char *said)
{
    struct dhr_buf text = {0};
    reading_begin(&before, kind, dhr_str_of(old));
    reading_begin(&after, kind, dhr_str_of(new));
    dhr_differences_of(&d, before.record, after.record, &after.arena);
    for (size_t i = 0; i < d.count; i++) {
        dhr_buf_adds(&text, i ? ", " : "");
        dhr_difference_add_short(&text, &d.items[i]);
    }
    cr_assert_str_eq(dhr_buf_cstr(&text), said, "<%s> to <%s>: %s", old, new, dhr_buf_cstr(&text));
    dhr_buf_release(&text);
    end();
}

static void expect_agency(const char *old, const char *new, const char *said)
{
    struct dhr_buf a = {0};
    struct dhr_buf b = {0};
    dhr_buf_addf(&a, "[agency]\n%s", old);
    dhr_buf_addf(&b, "[agency]\n%s", new);
    expect_short(DHR_RECORD_AGENCY, dhr_buf_cstr(&a), dhr_buf_cstr(&b), said);
    dhr_buf_release(&a);
    dhr_buf_release(&b);
}

Test(difference, layout_is_none)
{
    expect_agency("name = a b\nkind = other\n", "# x\nkind=other\n\nname =\n  a\n# y\n  b\nto =\n",
                  "");
    expect_agency("alias = a\nalias = b\n", "alias =\nalias = a\nname =\nalias = b", "");
}

Test(difference, short_values_are_shown)
{
    expect_agency("", "kind = police\n", "kind police");
    expect_agency("kind = police\n", "kind = council\n", "kind police -> council");
    expect_agency("from = 1974\n", "from =\n", "from 1974 -> unset");
}

Test(difference, texts_are_not_shown)
{
    expect_agency("", "name = x\n", "name set");
    expect_agency("name = x\n", "name = y\n", "name changed");
    expect_agency("name = x\n", "", "name unset");
}

Test(difference, lists_grow_and_shrink)
{
    expect_agency("", "alias = a\n", "alias added");
    expect_agency("alias = b\n", "alias = b\nalias = c\n", "alias added");
    expect_agency("alias = b\n", "alias = a\nalias = b\n", "alias added");
    expect_agency("alias = a\nalias = c\n", "alias = a\nalias = b\nalias = c\n", "alias added");
    expect_agency("alias = a\nalias = b\n", "alias = a\n", "alias removed");
    expect_agency("alias = a\nalias = b\n", "alias = b\n", "alias removed");
    expect_agency("alias = a\n", "", "alias removed");
    expect_agency("alias = police\n", "alias = policewoman\n", "alias changed");
    expect_agency("alias = a\nalias = b\n", "alias = b\nalias = a\n", "alias changed");
    expect_agency("alias = a\n", "alias = b\n", "alias changed");
    expect_agency("successor = a\n", "successor = a\nsuccessor = b\n", "successor added");
}

/* Joined by LF the two would be the same. */
Test(difference, two_items_are_not_two_paragraphs)
{
    expect_agency("alias = a\n  .\n  b\n", "alias = a\nalias = b\n", "alias added");
}

Test(difference, sections_are_told_apart)
{
    reading_begin(&before, DHR_RECORD_RECOMMENDATION,
                  dhr_str_of("[recommendation]\n[agency a]\ndue = 2026\n[agency b]\n[action a 1]\n"
                             "[action a 2]\n"));
    reading_begin(&after, DHR_RECORD_RECOMMENDATION,
                  dhr_str_of("[action a 2]\ndue = 2027\n[agency b]\ndue = 2028\n[recommendation]\n"
                             "[agency a]\ndue = 2026\n[action a 1]\n"));
    dhr_differences_of(&d, before.record, after.record, &after.arena);
    cr_assert_eq(d.count, 2);
    cr_assert_eq(d.items[0].key->id, DHR_KEY_ACTION_DUE);
    cr_assert(dhr_str_is(d.items[0].agency, "a"));
    cr_assert_eq(d.items[0].action, 2);
    cr_assert_eq(d.items[1].key->id, DHR_KEY_ADDRESSEE_DUE);
    cr_assert(dhr_str_is(d.items[1].agency, "b"));
    cr_assert_eq(d.items[1].action, 0);
    cr_assert_eq(d.items[1].before.len, 0);
    cr_assert(dhr_str_is(d.items[1].after, "2028"));
}

Test(difference, sections_that_come_and_go)
{
    expect_short(DHR_RECORD_RECOMMENDATION, "[recommendation]\n[agency a]\nstatus = open\n",
                 "[recommendation]\n[agency b]\nstatus = closed\nlead = x\n",
                 "status closed, lead set, status open -> unset");
}

Test(difference, new_and_lost_records)
{
    reading_begin(&after, DHR_RECORD_AGENCY,
                  dhr_str_of("[agency]\nname = x\nalias = a\nalias = b\n"));
    dhr_differences_of(&d, NULL, after.record, &after.arena);
    cr_assert_eq(d.count, 2);
    cr_assert_eq(d.items[1].before.len, 0);
    cr_assert(dhr_str_is(d.items[1].after, "a\nb"));
    dhr_differences_of(&d, after.record, NULL, &after.arena);
    cr_assert_eq(d.count, 4);
    cr_assert(dhr_str_is(d.items[3].before, "a\nb"));
    cr_assert_eq(d.items[3].after.len, 0);
    dhr_differences_of(&d, NULL, NULL, &after.arena);
    cr_assert_eq(d.count, 4);
}

/* The names are part of what such a section says. */
Test(difference, settings_with_any_key)
{
    expect_short(DHR_RECORD_SETTINGS, "[severity]\nDL004 = off\n", "[severity]\nDL005 = off\n",
                 "severity changed");
    expect_short(DHR_RECORD_SETTINGS, "[severity]\nDL004 = off\n",
                 "[severity]\nDL004 = off\nDL005 = off\n[people]\n*@a.example = a\n",
                 "severity added, people added");
    reading_begin(&after, DHR_RECORD_SETTINGS, dhr_str_of("[severity]\nDL004=off\nDL005=error\n"));
    dhr_differences_of(&d, NULL, after.record, &after.arena);
    cr_assert(dhr_str_is(d.items[0].after, "DL004 = off\nDL005 = error"));
}
