#include "dhrledger/date.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <criterion/criterion.h>

/* The C library's opinion. */
static dhr_day library_day(int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
    time_t seconds = timegm(&tm);
    cr_assert(tm.tm_mday == day && tm.tm_mon == month - 1, "timegm moved %d-%d-%d", year, month,
              day);
    return (dhr_day)(seconds / 86400);
}

/* Whether a day exists, by asking the C library to normalise it. */
static bool exists(int year, int month, int day)
{
    struct tm tm = {.tm_year = year - 1900, .tm_mon = month - 1, .tm_mday = day};
    (void)timegm(&tm);
    return tm.tm_mday == day && tm.tm_mon == month - 1 && tm.tm_year == year - 1900;
}

static void check_day(int year, int month, int day)
{
    char text[48];
    char printed[DHR_DAY_SIZE];
    dhr_day number = 0;
    struct dhr_date date;
    (void)snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
    bool parsed = dhr_day_parse(dhr_str_of(text), &number);
    cr_assert_eq(parsed, exists(year, month, day), "%s: parsed %d", text, parsed);
    cr_assert_eq(dhr_date_parse(dhr_str_of(text), &date), parsed, "%s: as a date", text);
    if (!parsed)
        return;
    cr_assert_eq(number, library_day(year, month, day), "%s is day %d", text, (int)number);
    cr_assert(date.first_day == number && date.last_day == number, "%s covers other days", text);
    dhr_day_format(number, printed);
    cr_assert_str_eq(printed, text);
}

Test(date, every_day_of_three_centuries)
{
    dhr_day before = library_day(1899, 12, 31);
    for (int year = 1900; year <= 2199; year++) {
        for (int month = 1; month <= 12; month++) {
            for (int day = 1; day <= 31; day++)
                check_day(year, month, day);
        }
        char text[48];
        struct dhr_date date;
        (void)snprintf(text, sizeof(text), "%d", year);
        cr_assert(dhr_date_parse(dhr_str_of(text), &date), "%s isn't parsed", text);
        cr_assert_eq(date.first_day, before + 1, "%s doesn't follow the year before", text);
        cr_assert_eq(date.last_day, library_day(year, 12, 31), "%s ends elsewhere", text);
        before = date.last_day;
    }
}

Test(date, months_cover_their_days)
{
    dhr_day before = library_day(1899, 12, 31);
    for (int i = 0; i < 300 * 12; i++) {
        char text[48];
        struct dhr_date date;
        (void)snprintf(text, sizeof(text), "%04d-%02d", 1900 + i / 12, i % 12 + 1);
        cr_assert(dhr_date_parse(dhr_str_of(text), &date), "%s isn't parsed", text);
        cr_assert_eq(date.first_day, before + 1, "%s doesn't follow the month before", text);
        before = date.last_day;
    }
    cr_assert_eq(before, library_day(2199, 12, 31), "the last month ends elsewhere");
}

Test(date, what_is_no_date)
{
    static const char *const wrong[] = {
        "",          "2026-",      "2026-1",     "2026-13",          "2026-00",     "1899",
        "2200",      "26-11-24",   "2026/11/24", "2026-11/24",       "2026-11-24 ", " 2026-11-24",
        "2026-11-2", "2026-02-29", "2026-11-31", "2026-11-00",       "2026-11-24T", "+026",
        "2026-1a",   "-2026",      "20 6-11-24", "\xD9\xA2\xD9\xA0", "2026-+1-01",  "2026--1-1"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct dhr_date date;
        cr_assert(!dhr_date_parse(dhr_str_of(wrong[i]), &date), "\"%s\" is taken", wrong[i]);
    }
    struct dhr_date date;
    cr_assert(!dhr_date_parse(dhr_str_span(NULL, 0), &date), "nothing is taken");
    cr_assert(!dhr_date_parse(dhr_str_span("2026\0"
                                           "11-24",
                                           10),
                              &date),
              "a NUL is taken");
}

Test(date, a_day_needs_all_three)
{
    dhr_day day = 0;
    cr_assert(!dhr_day_parse(dhr_str_of("2026"), &day), "a year is taken for a day");
    cr_assert(!dhr_day_parse(dhr_str_of("2026-11"), &day), "a month is taken for a day");
    cr_assert(dhr_day_parse(dhr_str_span("2026-11-24, as agreed", 10), &day), "a span isn't taken");
    cr_assert_eq(day, library_day(2026, 11, 24), "day %d", (int)day);
}

Test(date, days_far_away_are_printed)
{
    char text[DHR_DAY_SIZE];
    dhr_day_format(0, text);
    cr_assert_str_eq(text, "1970-01-01");
    dhr_day_format(-719528, text);
    cr_assert_str_eq(text, "0000-01-01");
    dhr_day_format(2932896, text);
    cr_assert_str_eq(text, "9999-12-31");
    dhr_day_format(-1000000, text);
    cr_assert(text[0] == '-', "%s", text);
}

Test(date, today_is_the_local_day)
{
    static const char *const zones[] = {"UTC", "XXX-14", "XXX12"};
    for (size_t i = 0; i < 3; i++) {
        (void)setenv("TZ", zones[i], 1);
        tzset();
        struct tm local;
        time_t now = time(NULL);
        cr_assert(localtime_r(&now, &local) != NULL, "no local time");
        dhr_day wanted = library_day(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
        dhr_day today = dhr_day_today();
        cr_assert(today == wanted || today == wanted + 1, "%s: %d, not %d", zones[i], (int)today,
                  (int)wanted);
    }
}

Test(date, months_by_name)
{
    static const char *const names[] = {"January",   "February", "March",    "April",
                                        "May",       "June",     "July",     "August",
                                        "September", "October",  "November", "December"};
    for (int i = 0; i < 12; i++) {
        cr_assert_eq(dhr_month_of(dhr_str_of(names[i])), i + 1, "%s", names[i]);
        cr_assert_eq(dhr_month_of(dhr_str_span(names[i], 3)), i + 1, "%.3s", names[i]);
    }
    cr_assert_eq(dhr_month_of(dhr_str_of("aPRIL")), 4, "any case");
    cr_assert_eq(dhr_month_of(dhr_str_of("sept")), 9, "four letters");
    static const char *const wrong[] = {"", "Ap", "Apri", "Aprils", "Avril", "4", "Sept.", "Septe"};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        cr_assert_eq(dhr_month_of(dhr_str_of(wrong[i])), 0, "\"%s\" is a month", wrong[i]);
    cr_assert_eq(dhr_month_of(dhr_str_span(NULL, 0)), 0, "nothing is a month");
}
