/* Conflicts that git left in a record: the first version is read, and one finding tells of each. */
#include <string.h>

#include <criterion/criterion.h>

#include "reading.h"

static struct reading r;

static void end(void)
{
    reading_end(&r);
}

TestSuite(ini_conflict, .fini = end);

static void read_agency(const char *text)
{
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_str_of(text));
}

Test(ini_conflict, the_first_version_is_read)
{
    read_agency("[agency]\nname = a\n<<<<<<< HEAD\nkind = police\nregion = b\n=======\nkind = "
                "council\n[agncy]\nwhat is this\n>>>>>>> board\ncontact = c@d.example\n");
    cr_assert_str_eq(reading_findings(&r), "3:1 DL015");
    cr_assert_str_eq(r.findings.items[0].text,
                     "a merge left two versions here, down to line 10; keep the lines that are "
                     "true, and delete the others and the marks");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_KIND), "police");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_REGION), "b");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_CONTACT), "c@d.example");
}

Test(ini_conflict, a_value_goes_on_around_it)
{
    read_agency("[agency]\nname =\n  a\n<<<<<<< HEAD\n  b\n||||||| 1a2b3c4\n  c\n=======\n  d\n"
                ">>>>>>> board\n  e\n");
    cr_assert_str_eq(reading_findings(&r), "4:1 DL015");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "a b e");
}

/* A merge of criss-crossed branches puts a conflict with longer marks between ||||||| and =======.
 */
Test(ini_conflict, all_shapes_that_git_writes)
{
    static const char *const shapes[] = {
        "<<<<<<< HEAD\nname = a\n=======\nname = b\n>>>>>>> x\n",
        "<<<<<<< HEAD\r\nname = a\r\n=======\r\nname = b\r\n>>>>>>> x\r\n",
        "<<<<<<< ours\nname = a\n=======\n>>>>>>> theirs",
        "<<<<<<<\nname = a\n|||||||\n=======\n>>>>>>>\n",
        "<<<<<<< a\nname = a\n||||||| b\n<<<<<<<<< c\nx\n=========\ny\n>>>>>>>>> d\n=======\nz\n"
        ">>>>>>> e\n",
    };
    for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
        struct dhr_buf text = {0};
        dhr_buf_addf(&text, "[agency]\n%s", shapes[i]);
        reading_begin(&r, DHR_RECORD_AGENCY, dhr_buf_str(&text));
        cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "a", "%zu", i);
        cr_assert_str_eq(reading_findings(&r), i == 1 ? "2:1 DL015, 2:13 DL007" : "2:1 DL015",
                         "%zu: %s", i, reading_findings(&r));
        reading_end(&r);
        dhr_buf_release(&text);
    }
}

Test(ini_conflict, two_conflicts_are_two)
{
    read_agency("[agency]\n<<<<<<< A\nname = a\n=======\nname = b\n>>>>>>> B\n\n<<<<<<< A\n"
                "kind = other\n=======\nkind = police\n>>>>>>> B\n");
    cr_assert_str_eq(reading_findings(&r), "2:1 DL015, 8:1 DL015");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_KIND), "other");
}

/* Somebody deleted a part of it: each mark that is left is told. */
Test(ini_conflict, marks_by_themselves)
{
    read_agency("[agency]\n<<<<<<< HEAD\nname = a\n>>>>>>> board\nkind = other\n||||||| x\n");
    cr_assert_str_eq(reading_findings(&r), "2:1 DL015, 4:1 DL015, 6:1 DL015");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), "a");
    cr_assert_str_eq(r.findings.items[1].text,
                     "a merge left this mark; see which lines around it are true, and delete it");
}

/* The first of two conflicts has no end, so it must not swallow the second. */
Test(ini_conflict, a_conflict_without_its_end)
{
    read_agency("[agency]\n<<<<<<< A\nname = a\n<<<<<<< A\nkind = other\n=======\nkind = police\n"
                ">>>>>>> B\nregion = c\n");
    cr_assert_str_eq(reading_findings(&r), "2:1 DL015, 4:1 DL015");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_REGION), "c");
}

Test(ini_conflict, what_is_no_mark)
{
    read_agency("[agency]\nname =\n  <<<<<<< HEAD\n  =======\n  >>>>>>> board\n# <<<<<<< HEAD\n"
                "kind = other\n");
    cr_assert_str_eq(reading_findings(&r), "");
    reading_end(&r);
    read_agency("[agency]\nname = a\n=======\n<<<<<<<< eight\n<<<<<<<nine\n>>>>>> six\n");
    cr_assert_str_eq(reading_findings(&r), "3:1 DL011, 4:1 DL011, 5:1 DL011, 6:1 DL011");
}

/* No layout is written over it: what a person has not chosen yet would be lost. */
Test(ini_conflict, is_not_laid_out)
{
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    read_agency("[agency]\n<<<<<<< A\nname = a\n=======\nname = b\n>>>>>>> B\n");
    cr_assert_eq(dhr_ini_format(&r.ini, &out, &err), -1);
    cr_assert_eq(err.status, DHR_FOUND);
    cr_assert_eq(strncmp(err.text, "agencies/durham-constabulary.ini:2: ", 36), 0, "%s", err.text);
    dhr_buf_release(&out);
}
