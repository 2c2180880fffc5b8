/*
 * A new record in canonical layout, planned and not written.
 *
 *     struct dhr_new plan = {.ledger = &ledger, .arena = &arena, .today = today};
 *     if (dhr_new_agency(&plan, "Exampleshire Police", words, count, &err) == 0)
 *         … plan.path, plan.bytes, plan.findings …
 *     dhr_new_release(&plan);
 *
 * Words are "key=value", as for a change (change.h); here they may also give what is
 * never edited afterwards. Its id is made by the rules of ident.h, with -2 behind it
 * where the ledger has it already. Errors are DHR_USAGE.
 */
#ifndef DHRLEDGER_NEW_RECORD_H
#define DHRLEDGER_NEW_RECORD_H

#include "dhrledger/change.h"
#include "dhrledger/ledger.h"

struct dhr_new {
    const struct dhr_ledger *ledger;
    struct dhr_arena *arena; /* for everything below, and for what is looked up meanwhile */
    dhr_day today;

    enum dhr_record_kind kind;
    const char *path; /* from the ledger's root */
    struct dhr_str id;
    struct dhr_str bytes;
    struct dhr_findings findings; /* of the record as it would be */
    struct dhr_differences fields;
};

/* Its kind follows from its name's words (kinds.h) unless a word gives it. */
int dhr_new_agency(struct dhr_new *plan, const char *name, char *const *words, size_t count,
                   struct dhr_err *err);

/* CSP-YEAR; its title is the partnership's name unless a word gives one. */
int dhr_new_review(struct dhr_new *plan, const char *csp, const char *year, char *const *words,
                   size_t count, struct dhr_err *err);

/*
 * In a review that the ledger has; an empty number makes it u1, u2 …. A word agency=ID
 * says who holds it; without one that follows from addressed-to, by the agencies'
 * names and aliases.
 */
int dhr_new_recommendation(struct dhr_new *plan, struct dhr_str review, const char *number,
                           char *const *words, size_t count, struct dhr_err *err);

/* "ID: new agency", the reason, and the fields as trailers. */
void dhr_new_add_message(struct dhr_buf *out, const struct dhr_new *plan, const char *why);

void dhr_new_release(struct dhr_new *plan);

#endif
