#include <criterion/criterion.h>

#include "ledger/csv_internal.h"

static bool same(const char *a, const char *b)
{
    return csv_is_same_number(dhr_str_of(a), dhr_str_of(b)) &&
           csv_is_same_number(dhr_str_of(b), dhr_str_of(a));
}

Test(import_numbers, are_the_same_however_they_are_written)
{
    static const char *const cases[][2] = {
        {"10.10", "10.1"},        {"007", "7"},      {"1e5", "1.00E+05"},
        {"1e5", "100000"},        {".5", "0.5"},     {"+5", "5"},
        {"0.1000", "0.1"},        {"1,000", "1000"}, {"1E-3", "0.001"},
        {"0", "-0.00"},           {"10.", "10"},     {"-3", "-3.0"},
        {"12,345.60", "12345.6"}, {"0.05", "5E-02"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert(same(cases[i][0], cases[i][1]), "%s and %s", cases[i][0], cases[i][1]);
}

Test(import_numbers, that_differ_or_are_none)
{
    static const char *const cases[][2] = {
        {"10.10", "10.01"}, {"10", "1"},          {"10", "100"},    {"5", "-5"},
        {"", ""},           {"10.1.1", "10.1.1"}, {"4a", "4a"},     {".", "."},
        {"1,00", "100"},    {"1e", "1"},          {"e5", "100000"}, {"1e99999", "1e99999"},
        {"1 000", "1000"},  {"0.05", "0.5"},      {"-", "0"},       {"1,0000", "10000"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_not(same(cases[i][0], cases[i][1]), "%s and %s", cases[i][0], cases[i][1]);
}
