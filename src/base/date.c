#include "dhrledger/date.h"

#include <stdio.h>
#include <strings.h>
#include <time.h>

/* Day number of a civil date; the era arithmetic is Howard Hinnant's published algorithm. */
static dhr_day day_of(int year, int month, int day)
{
    year -= month <= 2;
    int era = year / 400;
    int year_of_era = year - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static int month_length(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/* Two digits; where they are none, less than any hundreds before them make up for. */
static int two_digits(const char *text)
{
    enum { NO_DIGITS = -10000 };
    int tens = text[0] - '0';
    int units = text[1] - '0';
    return tens < 0 || tens > 9 || units < 0 || units > 9 ? NO_DIGITS : 10 * tens + units;
}

bool dhr_date_parse(struct dhr_str text, struct dhr_date *date)
{
    if (text.len != 4 && text.len != 7 && text.len != 10)
        return false;
    int year = 100 * two_digits(text.ptr) + two_digits(text.ptr + 2);
    if (year < 1900 || year > 2199)
        return false;
    if (text.len == 4) {
        date->first_day = day_of(year, 1, 1);
        date->last_day = day_of(year, 12, 31);
        return true;
    }
    int month = two_digits(text.ptr + 5);
    if (text.ptr[4] != '-' || month < 1 || month > 12)
        return false;
    if (text.len == 7) {
        date->first_day = day_of(year, month, 1);
        date->last_day = day_of(year, month, month_length(year, month));
        return true;
    }
    int day = two_digits(text.ptr + 8);
    if (text.ptr[7] != '-' || day < 1 || day > month_length(year, month))
        return false;
    date->first_day = date->last_day = day_of(year, month, day);
    return true;
}

bool dhr_day_parse(struct dhr_str text, dhr_day *day)
{
    struct dhr_date date;
    if (text.len != 10 || !dhr_date_parse(text, &date))
        return false;
    *day = date.first_day;
    return true;
}

void dhr_day_format(dhr_day day, char text[DHR_DAY_SIZE])
{
    int shifted = day + 719468;
    int era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int day_of_era = shifted - era * 146097;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int shifted_month = (5 * day_of_year + 2) / 153;
    int month = shifted_month + (shifted_month < 10 ? 3 : -9);
    int year = year_of_era + era * 400 + (month <= 2);
    (void)snprintf(text, DHR_DAY_SIZE, "%04d-%02d-%02d", year, month,
                   day_of_year - (153 * shifted_month + 2) / 5 + 1);
}

dhr_day dhr_day_today(void)
{
    time_t now = time(NULL);
    struct tm local;
    if (!localtime_r(&now, &local))
        return (dhr_day)(now / 86400);
    return day_of(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
}

int dhr_month_of(struct dhr_str name)
{
    static const char *const months[] = {"January",   "February", "March",    "April",
                                         "May",       "June",     "July",     "August",
                                         "September", "October",  "November", "December"};
    for (int i = 0; i < 12 && name.len >= 3; i++) {
        bool initial = (name.ptr[0] | ' ') == (months[i][0] | ' '); /* in either case */
        if (!initial || strncasecmp(name.ptr, months[i], name.len) != 0)
            continue;
        bool sept = i == 8 && name.len == 4;
        return name.len == 3 || name.len == strlen(months[i]) || sept ? i + 1 : 0;
    }
    return 0;
}
