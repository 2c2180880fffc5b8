#include <criterion/criterion.h>

#include "ledger/csv_internal.h"

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
                 {"31.12.16", "2016-12-31"},
                 {"1st March 2017", "2017-03-01"},
                 {"2027-03-31T14:30:05", "2027-03-31"},
                 {"2027-03-31 14:30:05.123", "2027-03-31"},
                 {"2027-03-31T00:00:00Z", "2027-03-31"},
                 {"31/03/2027 9:05", "2027-03-31"},
                 {"29/02/2028", "2028-02-29"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_str_eq(read_date(cases[i].text), cases[i].iso, "%s: %s", cases[i].text,
                         read_date(cases[i].text));
}

Test(import_dates, that_could_mean_two_things_are_none)
{
    static const char *const cases[] = {"",
                                        "3/31/2027",
                                        "31/02/2017",
                                        "29/02/2027",
                                        "Mar 27",
                                        "12/16",
                                        "Spring 2027",
                                        "2016/17",
                                        "31/12",
                                        "Ongoing",
                                        "TBC",
                                        "Q1 2017",
                                        "31/12-2016",
                                        "mid 2017",
                                        "0/1/2017",
                                        "1/0/2017",
                                        "00/2017",
                                        "46112",
                                        "Jan/Feb 2017",
                                        "31/12/2016 - all done",
                                        "1/2/017",
                                        "end of 31/12/2016",
                                        "2027-03-30T23:00:00Z",
                                        "end of Q2 2017",
                                        "asap",
                                        "10:30",
                                        "31/03/2027 1:2:3:4"};
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

/* A cell in one line, and its items joined by " | ". */
static const char *read_items(struct csv_work *w, const char *cell)
{
    static struct dhr_buf joined;
    dhr_buf_clear(&joined);
    struct cell_values items = csv_items(w, dhr_str_of(cell), false);
    for (size_t i = 0; i < items.count; i++)
        dhr_buf_addf(&joined, "%s%.*s", i ? " | " : "", DHR_ARG(items.items[i]));
    return dhr_buf_cstr(&joined);
}

Test(import_dates, and_lists_in_one_line_are_told_apart)
{
    static const struct {
        const char *cell, *items;
    } cases[] = {{"1) Write it. 2) Print it.", "Write it. | Print it."},
                 {"1. Write it; 2. Print it; 3. Post it", "Write it | Print it | Post it"},
                 {"(a) Write it (b) Print it", "Write it | Print it"},
                 {"• Write it • Print it", "Write it | Print it"},
                 {"1) Write it. 3) Print it.", "1) Write it. 3) Print it."},
                 {"Write it by 1) post or 2) mail", "Write it by 1) post or 2) mail"},
                 {"2) Write it. 3) Print it.", "2) Write it. 3) Print it."},
                 {"1) Write 2 letters.", "1) Write 2 letters."},
                 {"1) Write it. 2. Print it.", "1) Write it. 2. Print it."},
                 {"Write it", "Write it"}};
    struct dhr_arena arena = {0};
    struct csv_work w = {.arena = &arena};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_str_eq(read_items(&w, cases[i].cell), cases[i].items, "%s: %s", cases[i].cell,
                         read_items(&w, cases[i].cell));
    dhr_arena_release(&arena);
}

Test(import_dates, and_numbers_in_front_of_words_too)
{
    static const struct {
        const char *text, *number, *words;
    } cases[] = {{"1. The board meets.", "1", "The board meets."},
                 {"10.2.1 To undertake", "10.2.1", "To undertake"},
                 {"Recommendation 4: The board", "4", "The board"},
                 {"R4) The board", "R4", "The board"},
                 {"4a. The board", "4a", "The board"},
                 {"2 officers are trained", "", "2 officers are trained"},
                 {"1.5 million pounds are spent", "", "1.5 million pounds are spent"},
                 {"A board meets", "", "A board meets"},
                 {"12/05/2026 is the day", "", "12/05/2026 is the day"},
                 {"Recommendation 4", "", "Recommendation 4"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dhr_str text = dhr_str_of(cases[i].text);
        struct dhr_str number = csv_take_number(&text);
        cr_assert(dhr_str_is(number, cases[i].number), "%s: %.*s", cases[i].text, DHR_ARG(number));
        cr_assert(dhr_str_is(text, cases[i].words), "%s: %.*s", cases[i].text, DHR_ARG(text));
    }
}
