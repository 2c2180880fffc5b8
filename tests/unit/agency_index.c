/* Finding agencies by name, and names that are suspiciously alike. */
#include <criterion/criterion.h>

#include "dhrledger/agency_index.h"
#include "reading.h"

static struct dhr_agency_index names;

static void end(void)
{
    dhr_agency_index_release(&names);
}

TestSuite(agency_index, .fini = end);

static void expect_found(const char *name, const char *id)
{
    struct dhr_str got = dhr_agency_index_find(&names, dhr_str_of(name));
    cr_assert(dhr_str_is(got, id), "%s is \"%.*s\"", name, DHR_ARG(got));
}

static void add(const char *name, const char *id)
{
    dhr_agency_index_add(&names, dhr_str_of(name), dhr_str_of(id));
}

Test(agency_index, spelling_that_does_not_matter)
{
    add("Durham Women’s Aid", "durham-womens-aid");
    expect_found("Durham Women’s Aid", "durham-womens-aid");
    expect_found("durham WOMEN’S aid", "durham-womens-aid");
    expect_found("  Durham \t Women’s\nAid ", "durham-womens-aid");
    expect_found("Durham Women's Aid", "durham-womens-aid");
    expect_found("Durham Women‘s Aid", "durham-womens-aid");
    expect_found("Durham\xC2\xA0Women’s Aid", "durham-womens-aid");
    expect_found("Dürham Women’s Aid", "durham-womens-aid");
    expect_found("Durham Womens Aid", "");
    expect_found("Durham Women’s", "");
    expect_found("", "");
}

Test(agency_index, the_first_of_two_with_one_name)
{
    add("Police", "a");
    add("police", "b");
    expect_found("POLICE", "a");
}

Test(agency_index, names_and_aliases_of_a_ledger)
{
    struct reading a;
    struct reading b;
    reading_begin(&a, DHR_RECORD_AGENCY,
                  dhr_str_of("[agency]\nname = Durham Constabulary\nalias = Durham Police\n"
                             "alias = The Constabulary\nregion = Durham\n"));
    reading_begin(&b, DHR_RECORD_AGENCY, dhr_str_of("[other]\nname = x\n"));
    const struct dhr_record *records[] = {a.record, b.record};
    struct dhr_ledger ledger = {.agencies = {records, 2}};
    dhr_agency_index_add_ledger(&names, &ledger);
    cr_assert_eq(names.count, 3);
    expect_found("durham police", "durham-constabulary");
    expect_found("the constabulary", "durham-constabulary");
    expect_found("Durham", "");
    reading_end(&a);
    reading_end(&b);
}

static void expect_near(const char *a, const char *b, bool near)
{
    cr_assert_eq(dhr_names_near(dhr_str_of(a), dhr_str_of(b)), near, "%s, %s", a, b);
    cr_assert_eq(dhr_names_near(dhr_str_of(b), dhr_str_of(a)), near, "%s, %s", b, a);
}

Test(agency_index, near_names)
{
    expect_near("domestic abuse forum executive group", "domestic abuse focus executive group",
                true);
    expect_near("domestic abuse forum group", "domestic abuse forum executive group", true);
    expect_near("safe durham partnership board", "safe durham partnership", true);
    expect_near("durham constabulary", "durham constabluary", true);
    expect_near("county durham trust", "county durham trusts", true);
    expect_near("northmarsh nhs foundation trust", "southwick nhs foundation trust", false);
    expect_near("northmarsh nhs foundation trust", "northmarch nhs foundation trust", true);
    expect_near("north marshland police", "south marshland police", false);
    expect_near("police of eastmarsh", "police of westmarsh", false);
    expect_near("the safe durham partnership", "safe durham partnership", true);
    expect_near("durham", "durham", false);
    expect_near("durham", "dorham", false); /* too short to tell */
    expect_near("councils", "council", false);
    expect_near("durham county council", "durham city council", false);
    expect_near("a b c d", "a b c e f", false);
    expect_near("a b c d", "d a b c", false);
    expect_near("", "a", false);
}

Test(agency_index, names_of_very_many_words)
{
    expect_near("a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 7 8",
                "a b c d e f g h i j k l m n o p q r s t u v w x y z 1 2 3 4 5 6 77777 8", false);
}

static void expect_variant(const char *text, const char *name, const char *variant)
{
    struct dhr_str got = dhr_name_variant_in(dhr_str_of(text), dhr_str_of(name));
    cr_assert(dhr_str_is(got, variant), "<%s>: \"%.*s\"", text, DHR_ARG(got));
}

Test(agency_index, variants_in_a_text)
{
    static const char name[] = "Domestic Abuse Forum Executive Group";
    expect_variant("that the Domestic Abuse Focus Executive Group (DAFEG) meets", name,
                   "Domestic Abuse Focus Executive Group");
    expect_variant("(Domestic Abuse Focus Executive Group).", name,
                   "Domestic Abuse Focus Executive Group");
    expect_variant("the Domestic Abuse Forum Executive Group meets", name, "");
    expect_variant("the Domestic Abuse forum executive group meets", name, "");
    expect_variant("the Domestic Abuse of Executive Group meets", name, "");
    expect_variant("the Domestic Abuse Of Executive Group meets", name, "");
    expect_variant("the Domestic Abuse Focus Executive Board meets", name, "");
    expect_variant("the Safe Durham Partner Board", "Safe Durham Partnership Board",
                   "Safe Durham Partner Board");
    expect_variant("the Sexual Abuse Forum Executive Group", name, "");
    expect_variant("", name, "");
    expect_variant("the Safe Durham Board", "Safe Durham Partnership", ""); /* too few words */
}
