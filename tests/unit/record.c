/* Records as read: sections, fields, lists and words. */
#include <criterion/criterion.h>

#include "reading.h"

static struct reading r;

static void begin(void)
{
    reading_begin(&r, DHR_RECORD_RECOMMENDATION,
                  dhr_str_of("[agency b]\nstatus = verified\n"
                             "[recommendation]\nnumber = 1\ntheme = x\npage =\ntheme = y\n"
                             "scope = galactic\n"
                             "[agency a]\nstatus = open\nlead = Director\n"
                             "[action a 1]\nstatus = implemented\n"));
}

static void end(void)
{
    reading_end(&r);
}

TestSuite(record, .init = begin, .fini = end);

Test(record, path_and_id)
{
    cr_assert_eq(r.record->kind, DHR_RECORD_RECOMMENDATION);
    cr_assert_str_eq(r.record->path, "reviews/durham-2012/10.2.1.ini");
    cr_assert(dhr_str_is(r.record->id, "durham-2012/10.2.1"));
}

Test(record, sections)
{
    cr_assert_eq(r.record->section_count, 4);
    cr_assert_eq(dhr_record_section(r.record, DHR_SECTION_RECOMMENDATION)->line, 3);
    cr_assert_eq(dhr_record_section(r.record, DHR_SECTION_ADDRESSEE)->line, 1);
    cr_assert_null(dhr_record_section(r.record, DHR_SECTION_REVIEW));
}

Test(record, addressees)
{
    cr_assert_eq(dhr_record_addressee(r.record, dhr_str_of("a"))->line, 9);
    cr_assert_eq(dhr_record_addressee(r.record, dhr_str_of("b"))->line, 1);
    cr_assert_null(dhr_record_addressee(r.record, dhr_str_of("c")));
    cr_assert_null(dhr_record_addressee(r.record, dhr_str_of("")));
}

Test(record, values)
{
    const struct dhr_section *own = dhr_record_section(r.record, DHR_SECTION_RECOMMENDATION);
    cr_assert(dhr_str_is(dhr_section_value(own, DHR_KEY_RECOMMENDATION_NUMBER), "1"));
    cr_assert(dhr_str_is(dhr_section_value(own, DHR_KEY_RECOMMENDATION_THEME), "x"));
    cr_assert_eq(dhr_section_value(own, DHR_KEY_RECOMMENDATION_PAGE).len, 0);
    cr_assert_eq(dhr_section_value(own, DHR_KEY_RECOMMENDATION_TEXT).len, 0);
    cr_assert_eq(dhr_section_value(NULL, DHR_KEY_RECOMMENDATION_TEXT).len, 0);
}

Test(record, empty_values_are_no_fields)
{
    const struct dhr_section *own = dhr_record_section(r.record, DHR_SECTION_RECOMMENDATION);
    cr_assert_eq(own->field_count, 4);
    cr_assert_null(dhr_section_next(own, DHR_KEY_RECOMMENDATION_PAGE, NULL));
}

Test(record, lists)
{
    const struct dhr_section *own = dhr_record_section(r.record, DHR_SECTION_RECOMMENDATION);
    const struct dhr_field *x = dhr_section_next(own, DHR_KEY_RECOMMENDATION_THEME, NULL);
    const struct dhr_field *y = dhr_section_next(own, DHR_KEY_RECOMMENDATION_THEME, x);
    cr_assert(dhr_str_is(x->value, "x") && x->line == 5 && x->col == 9);
    cr_assert(dhr_str_is(y->value, "y") && y->line == 7 && y->col == 9);
    cr_assert_null(dhr_section_next(own, DHR_KEY_RECOMMENDATION_THEME, y));
    cr_assert_null(dhr_section_next(NULL, DHR_KEY_RECOMMENDATION_THEME, NULL));
}

Test(record, words)
{
    const struct dhr_section *own = dhr_record_section(r.record, DHR_SECTION_RECOMMENDATION);
    const struct dhr_section *a = dhr_record_addressee(r.record, dhr_str_of("a"));
    const struct dhr_section *b = dhr_record_addressee(r.record, dhr_str_of("b"));
    cr_assert_eq(dhr_section_word(a, DHR_KEY_ADDRESSEE_STATUS), 0);
    cr_assert_eq(dhr_section_word(b, DHR_KEY_ADDRESSEE_STATUS), 4);
    cr_assert_eq(dhr_section_word(b, DHR_KEY_ADDRESSEE_RESPONSE), -1);
    cr_assert_eq(dhr_section_word(own, DHR_KEY_RECOMMENDATION_SCOPE), -1);
    cr_assert_eq(dhr_section_word(NULL, DHR_KEY_ADDRESSEE_STATUS), -1);
}
