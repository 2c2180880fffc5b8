/*
 * Queries: which entries of a ledger a report is about.
 *
 *     status:open agency:durham-constabulary,kmpt review:durham-* due:..2027-03-31
 *     theme:firearms text:"risk assessment" overdue:yes -kind:multi-agency police
 *
 * Terms are ANDed, commas are OR, a leading "-" negates, a bare word searches
 * the recommendation's text. dhrledger-query(7) is the reference.
 *
 *     struct dhr_query query = {0};
 *     if (dhr_query_add(&query, "status:open", &arena, &err) < 0)
 *         return …;                       // the sentence points at the column
 *     dhr_query_matches(&query, &subject);
 *
 * A query without terms matches everything. Everything lives in the arena.
 */
#ifndef DHRLEDGER_QUERY_H
#define DHRLEDGER_QUERY_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/date.h"
#include "dhrledger/ledger.h"
#include "dhrledger/standing.h"

struct dhr_query_term;

struct dhr_query {
    struct dhr_query_term *terms; /* a chain, in the order written */
    struct dhr_query_term **end;
};

/* What a query is asked about: one addressee section, or an action of it. */
struct dhr_subject {
    const struct dhr_ledger *ledger;
    const struct dhr_record *recommendation;
    const struct dhr_section *addressee;
    const struct dhr_section *section; /* the addressee's own, or an action's */
    struct dhr_standing standing;
    bool overdue; /* of its own target or an action's */
};

/*
 * Add the terms of one command-line argument. An argument such as
 * "text:risk assessment", from which the shell has taken the quotes, is one term.
 * DHR_USAGE where it can't be understood.
 */
int dhr_query_add(struct dhr_query *query, const char *argument, struct dhr_arena *arena,
                  struct dhr_err *err);

bool dhr_query_matches(const struct dhr_query *query, const struct dhr_subject *subject);

/* The names that can stand before a colon, for the manual and completion; NULL at the end. */
const char *dhr_query_field_name(size_t index);

/* What the field is about, beside its name. */
const char *dhr_query_field_doc(size_t index);

#endif
