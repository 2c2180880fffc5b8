/*
 * The reports: each fills a table from a ledger for a given day.
 *
 *     struct dhr_table *table = dhr_report_overdue(&ledger, today, wide);
 *     dhr_table_write(table, …);
 *     dhr_table_free(table);
 *
 * `wide` adds the recommendation's words, which a narrow terminal has no room
 * for; CSV and JSON always have them. Tables are owned by the caller.
 */
#ifndef DHRLEDGER_REPORTS_H
#define DHRLEDGER_REPORTS_H

#include "dhrledger/ledger.h"
#include "dhrledger/standing.h"
#include "dhrledger/table.h"

/* What a status table counts. */
enum dhr_scope { DHR_SCOPE_LEDGER = 1, DHR_SCOPE_REVIEWS = 2, DHR_SCOPE_AGENCIES = 4 };

/* Counts by status; `scopes` is a set of enum dhr_scope. */
struct dhr_table *dhr_report_status(const struct dhr_ledger *ledger, dhr_day today,
                                    unsigned scopes);

/* What is past its target, the longest first. */
struct dhr_table *dhr_report_overdue(const struct dhr_ledger *ledger, dhr_day today, bool wide);

/* What falls due from today on, within so many days; the soonest first. */
struct dhr_table *dhr_report_due(const struct dhr_ledger *ledger, dhr_day today, long within_days,
                                 bool wide);

/* What has no response, no lead or no target date, and isn't done or closed. */
struct dhr_table *dhr_report_gaps(const struct dhr_ledger *ledger, dhr_day today, bool wide);

/* Every addressee of every recommendation. */
struct dhr_table *dhr_report_list(const struct dhr_ledger *ledger, dhr_day today, bool wide);

/* One record's fields, for CSV and JSON. */
struct dhr_table *dhr_report_record(const struct dhr_record *record);

/* How many addressee sections the ledger has, and how many have a target date. */
struct dhr_coverage {
    size_t addressees;
    size_t with_target;
};
struct dhr_coverage dhr_report_coverage(const struct dhr_ledger *ledger);

#endif
