#include <criterion/criterion.h>

#include "ledger/import_internal.h"

static const char *read_date(const char *text)
{
    static char iso[DHR_DAY_SIZE];
    return csv_date(dhr_str_of(text), iso) ? iso : "";
}

Test(import_dates, are_read_day_first)
{
    static const struct {
        const char *text, *iso;
    } cases[] = {{"31/12/2016", "2016-12-31"},
                 {"1/2/17", "2017-02-01"},
                 {"01.02.2017", "2017-02-01"},
                 {"1-2-2017", "2017-02-01"},
                 {"31 December 2016", "2016-12-31"},
                 {"31st of December, 2016", "2016-12-31"},
                 {"Friday 31 Mar 2017", "2017-03-31"},
                 {"31-Mar-17", "2017-03-31"},
                 {"Dec 2016", "2016-12"},
                 {"Sept 2016", "2016-09"},
                 {"Mar-27", "2027-03"},
                 {"March '27", "2027-03"},
                 {"03/2027", "2027-03"},
                 {"2027", "2027"},
                 {"2027-03-31", "2027-03-31"},
                 {"2027-03-31T00:00:00", "2027-03-31"},
                 {"31/03/2027 00:00", "2027-03-31"},
                 {"By 31/01/2017", "2017-01-31"},
                 {"by the end of March 2017.", "2017-03"},
                 {"end 2017", "2017"},
                 {"29/02/2028", "2028-02-29"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_str_eq(read_date(cases[i].text), cases[i].iso, "%s: %s", cases[i].text,
                         read_date(cases[i].text));
}

Test(import_dates, that_could_mean_two_things_are_none)
{
    static const char *const cases[] = {
        "",         "3/31/2027",        "31/02/2017", "29/02/2027",   "Mar 27",
        "12/16",    "Spring 2027",      "2016/17",    "31/12",        "Ongoing",
        "TBC",      "Q1 2017",          "31/12-2016", "mid 2017",     "0/1/2017",
        "1/0/2017", "00/2017",          "46112",      "Jan/Feb 2017", "31/12/2016 - all done",
        "1/2/017",  "end of 31/12/2016"};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_str_eq(read_date(cases[i]), "", "%s: %s", cases[i], read_date(cases[i]));
}

Test(import_dates, come_off_a_text)
{
    static const struct {
        const char *text, *dated;
    } cases[] = {{"March 2025: form drafted", "2025-03 form drafted"},
                 {"12/05/2025 – form agreed", "2025-05-12 form agreed"},
                 {"form agreed (12 May 2025)", "2025-05-12 form agreed"},
                 {"form agreed - 12/05/2025.", "2025-05-12 form agreed"},
                 {"2025-05-12 form", "2025-05-12 form"},
                 {"2016 was the year", ""},
                 {"12 officers trained", ""},
                 {"12/05/2025", ""},
                 {"all trained", ""}};
    struct dhr_arena arena = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dhr_str dated = {NULL, 0};
        bool ok = csv_dated(&arena, dhr_str_of(cases[i].text), &dated);
        cr_assert_eq(ok, cases[i].dated[0] != '\0', "%s", cases[i].text);
        cr_assert(dhr_str_is(dated, cases[i].dated), "%s: %.*s", cases[i].text, DHR_ARG(dated));
    }
    dhr_arena_release(&arena);
}
