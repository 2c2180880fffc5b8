/*
 * Dates as day numbers (days since 1970-01-01, proleptic Gregorian). A date in
 * a record may be a year, a month or a day; it stands for all the days it
 * covers. Today is always handed in: nothing here reads the clock but
 * dhr_day_today.
 */
#ifndef DHRLEDGER_DATE_H
#define DHRLEDGER_DATE_H

#include <stdbool.h>
#include <stdint.h>

#include "dhrledger/str.h"

typedef int32_t dhr_day;

/* Room for a printed day. */
enum { DHR_DAY_SIZE = 40 };

struct dhr_date {
    dhr_day first_day;
    dhr_day last_day; /* a target is missed on the day after this one */
};

/* YYYY, YYYY-MM or YYYY-MM-DD, years 1900 to 2199 and nothing around it; false otherwise. */
bool dhr_date_parse(struct dhr_str text, struct dhr_date *date);

/* YYYY-MM-DD only. */
bool dhr_day_parse(struct dhr_str text, dhr_day *day);

/* Write YYYY-MM-DD and a NUL. */
void dhr_day_format(dhr_day day, char text[DHR_DAY_SIZE]);

/* The local date: TZ and the clock. */
dhr_day dhr_day_today(void);

/* The English name's month number ("April", "Apr", "Sept", any case), or 0. */
int dhr_month_of(struct dhr_str name);

#endif
