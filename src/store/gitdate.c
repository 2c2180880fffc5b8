/*
 * The dates that git takes in GIT_AUTHOR_DATE and GIT_COMMITTER_DATE (git help
 * commit, "DATE FORMATS"): git's own "@SECONDS ZONE", ISO 8601 and RFC 2822.
 * git's looser guesses are left out: a wrong guess here would be forever.
 */
#include <string.h>

#include "dhrledger/date.h"
#include "store_internal.h"

enum { MINUTE = 60, HOUR = 3600, DAY = 86400, MAX_DIGITS = 12 };

struct scan {
    const char *at;
};

struct parts {
    int64_t day; /* since 1970-01-01 */
    int64_t second;
    bool has_zone;
    int zone_minutes;
};

static bool take(struct scan *scan, char c)
{
    if (*scan->at != c)
        return false;
    scan->at++;
    return true;
}

static void skip_spaces(struct scan *scan)
{
    while (take(scan, ' '))
        continue;
}

/* A number of `least` to `most` digits, with none after it. */
static bool take_number(struct scan *scan, int least, int most, int64_t *number)
{
    int digits = 0;
    *number = 0;
    while (digits < most && dhr_is_digit(scan->at[digits]))
        *number = *number * 10 + (scan->at[digits++] - '0');
    if (digits < least || dhr_is_digit(scan->at[digits]))
        return false;
    scan->at += digits;
    return true;
}

/* "Z", "+0100" or "+01:00", or nothing at all. */
static bool take_zone(struct scan *scan, struct parts *parts)
{
    int64_t hours = 0;
    int64_t minutes = 0;
    skip_spaces(scan);
    parts->has_zone = *scan->at != '\0';
    if (!parts->has_zone || take(scan, 'Z') || take(scan, 'z'))
        return *scan->at == '\0';
    if (strcmp(scan->at, "GMT") == 0 || strcmp(scan->at, "UTC") == 0)
        return true;
    int sign = take(scan, '-') ? -1 : 1;
    if (sign == 1 && !take(scan, '+'))
        return false;
    if (strlen(scan->at) == 4) {
        if (!take_number(scan, 4, 4, &hours))
            return false;
        minutes = hours % 100;
        hours /= 100;
    } else if (!take_number(scan, 2, 2, &hours) || !take(scan, ':') ||
               !take_number(scan, 2, 2, &minutes)) {
        return false;
    }
    parts->zone_minutes = sign * (int)(hours * 60 + minutes);
    return *scan->at == '\0' && hours <= 14 && minutes < 60;
}

static bool take_time(struct scan *scan, struct parts *parts)
{
    int64_t hour = 0;
    int64_t minute = 0;
    int64_t second = 0;
    if (!take_number(scan, 1, 2, &hour) || !take(scan, ':') || !take_number(scan, 2, 2, &minute))
        return false;
    if (take(scan, ':') && !take_number(scan, 2, 2, &second))
        return false;
    if (take(scan, '.')) /* git takes fractions of a second and drops them */
        while (dhr_is_digit(*scan->at))
            scan->at++;
    parts->second = hour * HOUR + minute * MINUTE + second;
    return hour < 24 && minute < 60 && second <= 60;
}

static bool day_of(int64_t year, int64_t month, int64_t day, struct parts *parts)
{
    struct tm tm = {
        .tm_year = (int)year - 1900, .tm_mon = (int)month - 1, .tm_mday = (int)day, .tm_hour = 12};
    if (year < 1970 || year > 2999 || month < 1 || month > 12 || day < 1)
        return false;
    time_t noon = timegm(&tm);
    parts->day = noon / DAY;
    return tm.tm_mday == day;
}

/* "2026-11-24T10:00:00+0000", with a space for the T, with or without a zone. */
static bool parse_iso(struct scan scan, struct parts *parts)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    if (!take_number(&scan, 4, 4, &year) || !take(&scan, '-') ||
        !take_number(&scan, 2, 2, &month) || !take(&scan, '-') || !take_number(&scan, 2, 2, &day) ||
        !day_of(year, month, day, parts))
        return false;
    if (!take(&scan, 'T') && !take(&scan, ' '))
        return false;
    return take_time(&scan, parts) && take_zone(&scan, parts);
}

static bool take_month(struct scan *scan, int64_t *month)
{
    size_t len = 0;
    while (dhr_is_letter(scan->at[len]))
        len++;
    *month = dhr_month_of(dhr_str_span(scan->at, len));
    scan->at += len;
    return *month != 0;
}

/* "Tue, 24 Nov 2026 10:00:00 +0000", with or without the name of the day. */
static bool parse_rfc2822(struct scan scan, struct parts *parts)
{
    int64_t year = 0;
    int64_t month = 0;
    int64_t day = 0;
    const char *comma = strchr(scan.at, ',');
    if (comma)
        scan.at = comma + 1;
    skip_spaces(&scan);
    if (!take_number(&scan, 1, 2, &day))
        return false;
    skip_spaces(&scan);
    if (!take_month(&scan, &month))
        return false;
    skip_spaces(&scan);
    if (!take_number(&scan, 4, 4, &year) || !day_of(year, month, day, parts))
        return false;
    skip_spaces(&scan);
    return take_time(&scan, parts) && take_zone(&scan, parts);
}

/* "@1795514400 +0000"; without the @ there must be nine digits, as git wants it. */
static bool parse_raw(struct scan scan, struct parts *parts)
{
    int64_t seconds = 0;
    int least = take(&scan, '@') ? 1 : 9;
    if (!take_number(&scan, least, MAX_DIGITS, &seconds))
        return false;
    parts->day = 0;
    parts->second = seconds;
    if (*scan.at == '\0') {
        parts->has_zone = true;
        time_t when = (time_t)seconds;
        struct tm tm = {0};
        if (localtime_r(&when, &tm))
            parts->zone_minutes = (int)(tm.tm_gmtoff / MINUTE);
        parts->second += parts->zone_minutes * (int64_t)MINUTE;
        return true;
    }
    if (*scan.at != ' ' || !take_zone(&scan, parts))
        return false;
    parts->second += parts->zone_minutes * (int64_t)MINUTE;
    return true;
}

/* A time without a zone is a local one. */
static void settle_zone(struct parts *parts)
{
    if (parts->has_zone)
        return;
    time_t wall = (time_t)(parts->day * DAY + parts->second);
    struct tm tm = {0};
    if (!gmtime_r(&wall, &tm))
        return;
    tm.tm_isdst = -1;
    (void)mktime(&tm);
    parts->zone_minutes = (int)(tm.tm_gmtoff / MINUTE);
}

bool dhr_store_parse_date(const char *text, int64_t *seconds, int *offset_minutes)
{
    struct scan scan = {text};
    struct parts parts = {0};
    skip_spaces(&scan);
    if (!parse_raw(scan, &parts) && !parse_iso(scan, &parts) && !parse_rfc2822(scan, &parts))
        return false;
    settle_zone(&parts);
    *seconds = parts.day * DAY + parts.second - parts.zone_minutes * (int64_t)MINUTE;
    *offset_minutes = parts.zone_minutes;
    return true;
}
