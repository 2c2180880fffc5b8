/*
 * Where things stand on a given day. Derived from records, never stored.
 *
 *     struct dhr_standing s = dhr_standing_of(section, today, due_soon_days);
 *
 * Rules: a target is missed on the day after it ends (the last day of a month
 * or year that is given without more). Overdue means missed, and neither
 * implemented, verified nor closed. Of several addressees the least advanced
 * counts, closed ones left out unless all are closed.
 */
#ifndef DHRLEDGER_STANDING_H
#define DHRLEDGER_STANDING_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/date.h"
#include "dhrledger/record.h"

/* In the order of the schema's words, which is the order of advancement. */
enum dhr_progress {
    DHR_OPEN,
    DHR_IN_PROGRESS,
    DHR_PARTLY_IMPLEMENTED,
    DHR_IMPLEMENTED,
    DHR_VERIFIED,
    DHR_CLOSED
};
enum { DHR_PROGRESS_COUNT = 6 };

/* Red, amber, green, blue, grey: overdue; due soon or slipped; on course; done; closed or no
 * target. */
enum dhr_rag { DHR_RAG_RED, DHR_RAG_AMBER, DHR_RAG_GREEN, DHR_RAG_BLUE, DHR_RAG_GREY };

struct dhr_standing {
    enum dhr_progress progress; /* an unknown or missing word counts as open */
    enum dhr_rag rag;
    bool has_due;
    bool overdue; /* of its own target; dhr_standing_of an action for the action's */
    struct dhr_date due;
    long days_late; /* days since the target ended; negative while it is still ahead */
};

struct dhr_tally {
    size_t total;
    size_t by_progress[DHR_PROGRESS_COUNT];
    size_t overdue;
};

/* Of an [agency ID] or an [action ID N] section. */
struct dhr_standing dhr_standing_of(const struct dhr_section *section, dhr_day today,
                                    unsigned due_soon_days);

/* Whether the section or one of the agency's actions is overdue. */
bool dhr_addressee_overdue(const struct dhr_record *recommendation,
                           const struct dhr_section *addressee, dhr_day today);

/* The least advanced of the addressees. */
enum dhr_progress dhr_recommendation_progress(const struct dhr_record *recommendation);

/* "in-progress", as the schema writes it. */
const char *dhr_progress_name(enum dhr_progress progress);

/* "red" … "grey" */
const char *dhr_rag_name(enum dhr_rag rag);

#endif
