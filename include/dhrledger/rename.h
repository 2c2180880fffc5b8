/*
 * Giving a record another id, merging two agencies, removing records: which files
 * change so that no reference is left behind. Nothing is written here.
 *
 *     struct dhr_rename plan = {.ledgers = {&tip, &work_tree}, .read = read, .user = user,
 *                               .arena = &arena};
 *     if (dhr_rename_record(&plan, &name, "durham-constabulary", &err) == 0)
 *         … plan.findings, plan.changes, plan.subject, plan.trailers …
 *     dhr_rename_release(&plan);
 *
 * References are looked for in both states of the ledger, at the branch's tip and in
 * the work tree, and each file is then read through `read`, which refuses one whose
 * two states differ. What the review printed, a recommendation's number and
 * addressees, never changes.
 */
#ifndef DHRLEDGER_RENAME_H
#define DHRLEDGER_RENAME_H

#include "dhrledger/catalog.h"
#include "dhrledger/commit.h"
#include "dhrledger/finding.h"
#include "dhrledger/ledger.h"
#include "dhrledger/privacy.h"

/* The bytes of a file, by its path from the ledger's root, in the arena. */
typedef int (*dhr_read_fn)(void *user, const char *path, struct dhr_arena *arena,
                           struct dhr_str *bytes, struct dhr_err *err);

enum { DHR_RENAME_STATES = 2 };

struct dhr_rename {
    const struct dhr_ledger *ledgers[DHR_RENAME_STATES]; /* the second may be NULL */
    dhr_read_fn read;
    void *user;
    const struct dhr_guard *guard; /* against personal data; may be NULL */
    struct dhr_arena *arena;

    struct dhr_change *changes; /* paths from the ledger's root, in the arena */
    size_t count, capacity;
    struct dhr_findings findings; /* of the records as they would be */
    struct dhr_buf subject;       /* of the commit's message */
    struct dhr_buf trailers;
    bool forgotten; /* the old id isn't kept under formerly, since it holds personal data */
};

/*
 * A new id for a review, with all its recommendations, a recommendation or an
 * agency; `to` is the id, for a recommendation its number alone will do. DHR_USAGE
 * where it can't be an id, or a record has it. The record's formerly gets the old id, unless that
 * holds personal data.
 */
int dhr_rename_record(struct dhr_rename *plan, const struct dhr_name *from, const char *to,
                      struct dhr_err *err);

/*
 * Everything that refers to one agency refers to the other, which takes over its
 * name and aliases as aliases, and its id as formerly. DHR_FOUND where both hold
 * a recommendation: which of the two answers counts is for a person to say.
 */
int dhr_rename_merge(struct dhr_rename *plan, const struct dhr_name *from,
                     const struct dhr_name *into, struct dhr_err *err);

/*
 * Records go away, a review with its recommendations. DHR_FOUND where a record
 * that stays refers to one of them.
 */
int dhr_rename_remove(struct dhr_rename *plan, const struct dhr_name *names, size_t count,
                      struct dhr_err *err);

void dhr_rename_release(struct dhr_rename *plan);

#endif
