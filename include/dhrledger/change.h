/*
 * Planning a change: assignments such as status=implemented are applied to a
 * record's bytes, without writing anything.
 *
 *     struct dhr_assignment a;
 *     dhr_assignment_parse(&a, "status=implemented", &err);
 *     struct dhr_plan plan = {.kind = …, .path = …, .id = …, .before = bytes};
 *     dhr_plan_change(&plan, &a, 1, &options, &arena, &findings, &err);
 *     … plan.after, plan.differences …
 *     dhr_plan_release(&plan);
 *
 * The first time a target moves, due-original keeps the old one; each time it
 * moves, the same change must say why in due-reason (the Treasury's rule for
 * select-committee minutes: keep the original date, explain the slip).
 */
#ifndef DHRLEDGER_CHANGE_H
#define DHRLEDGER_CHANGE_H

#include "dhrledger/date.h"
#include "dhrledger/difference.h"
#include "dhrledger/finding.h"
#include "dhrledger/record.h"

enum dhr_assign { DHR_ASSIGN, DHR_ASSIGN_ADD, DHR_ASSIGN_REMOVE };

struct dhr_assignment {
    enum dhr_assign how;
    struct dhr_str key;   /* borrowed from the word */
    struct dhr_str value; /* empty: unset */
};

/* "key=value", "key+=item", "key-=item"; DHR_USAGE otherwise. */
int dhr_assignment_parse(struct dhr_assignment *assignment, const char *word, struct dhr_err *err);

struct dhr_plan_options {
    struct dhr_str agency; /* empty: the only one that the record has */
    unsigned action;       /* 0: the agency's own section */
    dhr_day today;         /* for a value "today", and for notes without a date */
};

struct dhr_plan {
    enum dhr_record_kind kind;
    const char *path;
    struct dhr_str id;
    struct dhr_str before;
    struct dhr_str after;            /* in the arena */
    const struct dhr_record *record; /* what `after` says */
    bool several_agencies;
    struct dhr_differences differences;
};

/*
 * Fill in `after`, `record` and `differences` (none: nothing changes). Findings
 * are those of reading `after`. DHR_USAGE where a key, a section or a value
 * can't be, and where a moved target has no reason.
 */
int dhr_plan_change(struct dhr_plan *plan, const struct dhr_assignment *assignments, size_t count,
                    const struct dhr_plan_options *options, struct dhr_arena *arena,
                    struct dhr_findings *findings, struct dhr_err *err);

void dhr_plan_release(struct dhr_plan *plan);

/*
 * The commit message: "durham-2012/10.2.1: status open -> in-progress", the
 * reason, and trailers Ledger-Record and Ledger-Change that git
 * interpret-trailers can read.
 */
void dhr_plan_add_message(struct dhr_buf *out, const struct dhr_plan *plans, size_t count,
                          const char *why);

#endif
