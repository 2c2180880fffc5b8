/* What kind of body a name belongs to. */
#include <criterion/criterion.h>

#include "dhrledger/kinds.h"

static void expect_kind(const char *name, const char *kind)
{
    const char *got = dhr_kind_of_name(dhr_str_of(name));
    cr_assert_str_eq(got, kind, "%s is %s", name, got);
}

Test(kinds, names_of_bodies)
{
    expect_kind("Durham Constabulary", "police");
    expect_kind("Thames Valley POLICE", "police");
    expect_kind("National Probation Service", "probation");
    expect_kind("NHS Darlington Clinical Commissioning Group", "nhs-commissioner");
    expect_kind("County Durham and Darlington NHS Foundation Trust", "nhs-provider");
    expect_kind("Durham County Council Housing Solutions Service", "council");
    expect_kind("London Borough of Camden", "council");
    expect_kind("Home Office", "government");
    expect_kind("Department for Education", "government");
    expect_kind("Safe Durham Partnership", "partnership");
    expect_kind("Domestic Abuse Forum Executive Group", "partnership");
    expect_kind("Housing Providers", "housing");
    expect_kind("Durham University", "education");
    expect_kind("Refuge", "voluntary");
    expect_kind("All Agencies", "unknown");
    expect_kind("", "unknown");
}

Test(kinds, whole_words_only)
{
    expect_kind("Policewoman's Guild", "unknown");
    expect_kind("Metropolice", "unknown");
    expect_kind("CCGs", "unknown");
    expect_kind("Councillors", "unknown");
    expect_kind("apolice zpolice 0police 9police", "unknown");
    expect_kind("policea policez police0 police9", "unknown");
    expect_kind("(Police)", "police");
    expect_kind("Police", "police");
    expect_kind("Metropolice and Police", "police");
}

Test(kinds, apostrophes_of_any_shape)
{
    expect_kind("Welsh Women's Aid", "voluntary");
    expect_kind("Welsh Women’s Aid", "voluntary");
    expect_kind("Welsh Womens Aid", "unknown");
}

Test(kinds, spaces_and_accents)
{
    expect_kind("Home   Office", "government");
    expect_kind("Pólice", "police");
}

/* The first row counts. */
Test(kinds, rows_are_tried_in_order)
{
    size_t count = 0;
    const struct dhr_kind_word *row = dhr_kind_words(&count);
    cr_assert_gt(count, 20);
    for (size_t i = 0; i < count; i++)
        expect_kind(row[i].words, row[i].kind);
    expect_kind("Police and Probation", "police");
    expect_kind("Probation Hospital", "probation");
}
