/*
 * The reports: each fills a table from a ledger, as it stands on a given day.
 *
 *     struct dhr_view view = {.ledger = &ledger, .today = today, .query = &query};
 *     struct dhr_table *table = dhr_report_overdue(&view, &err);
 *     if (!table)
 *         return …;                               // an unknown column
 *     dhr_table_write(table, …);
 *     dhr_table_free(table);
 *
 * Tables are owned by the caller. Their lines are addressee sections, and where
 * dates are reported their actions too.
 */
#ifndef DHRLEDGER_REPORTS_H
#define DHRLEDGER_REPORTS_H

#include "dhrledger/ledger.h"
#include "dhrledger/query.h"
#include "dhrledger/standing.h"
#include "dhrledger/table.h"

/* What is asked for; everything but ledger and today may be left zero. */
struct dhr_view {
    const struct dhr_ledger *ledger;
    dhr_day today;
    const struct dhr_query *query;
    bool for_people; /* leave out the columns that only CSV and JSON have */
    bool wide;       /* show the recommendation's words as text; CSV and JSON always have them */
    const char *columns;  /* "id,agency,due": instead of the report's own */
    const char *sort;     /* "due,-status": instead of the report's own order */
    const char *group_by; /* a column to sort by first and print once */
    const char *revision; /* the commit the ledger was read from, for list's last column */
};

/* Every addressee of every recommendation. */
struct dhr_table *dhr_report_list(const struct dhr_view *view, struct dhr_err *err);

/* What is past its target, the longest first. */
struct dhr_table *dhr_report_overdue(const struct dhr_view *view, struct dhr_err *err);

/* What falls due from today on, within so many days; the soonest first. */
struct dhr_table *dhr_report_due(const struct dhr_view *view, long within_days,
                                 struct dhr_err *err);

/* What has no response, no lead or no target date, and isn't done or closed. */
struct dhr_table *dhr_report_gaps(const struct dhr_view *view, struct dhr_err *err);

/* The Home Office's action-plan template: one line for each action. */
struct dhr_table *dhr_report_action_plan(const struct dhr_view *view);

/* What a status table counts. */
enum dhr_scope { DHR_SCOPE_LEDGER = 1, DHR_SCOPE_REVIEWS = 2, DHR_SCOPE_AGENCIES = 4 };

/*
 * Counts by status; `scopes` is a set of enum dhr_scope. With group_by, addressee
 * sections are counted for each value of that column instead.
 */
struct dhr_table *dhr_report_status(const struct dhr_view *view, unsigned scopes,
                                    struct dhr_err *err);

/*
 * What each body owes. What an abolished body owed counts for whoever succeeded
 * it, so that nothing is lost with a name.
 */
struct dhr_table *dhr_report_agencies(const struct dhr_view *view);

/* One record's fields, for CSV and JSON. */
struct dhr_table *dhr_report_record(const struct dhr_record *record);

/* How many addressee sections the query finds, and how many of them have a target date. */
struct dhr_coverage {
    size_t addressees;
    size_t with_target;
};
struct dhr_coverage dhr_report_coverage(const struct dhr_view *view);

#endif
