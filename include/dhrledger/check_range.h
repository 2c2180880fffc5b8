/*
 * The rules for changes: two states of a ledger, and the commits between them.
 *
 *     struct dhr_range range = {.repo = repo, .prefix = "", .before = a, .after = b,
 *                               .base = base_id, .head = head_id, .today = today};
 *     dhr_check_range(&range, &ledger, &findings, &accepted, &touched, &err);
 *
 * Only what differs is read, with what it refers to. Findings are those of the change
 * and, of the records touched, those that weren't there before. Records that are new
 * are judged as they stand, by no rule for changes. The settings that count are those
 * before the change; in a ledger that begins in the range, its own.
 */
#ifndef DHRLEDGER_CHECK_RANGE_H
#define DHRLEDGER_CHECK_RANGE_H

#include <stdbool.h>

#include "dhrledger/finding.h"
#include "dhrledger/ledger.h"
#include "dhrledger/privacy.h"
#include "dhrledger/repo.h"
#include "dhrledger/source.h"

/* A commit's message isn't known before its files are, so git has a hook for each. */
enum dhr_judge {
    DHR_JUDGE_ALL,
    DHR_JUDGE_FILES,  /* what needs the message is left to who will know it */
    DHR_JUDGE_MESSAGE /* that alone */
};

struct dhr_range {
    struct dhr_repo *repo;
    const char *prefix;        /* the ledger's place in the repository */
    struct dhr_source *before; /* revisions, or the index */
    struct dhr_source *after;
    const char *base;    /* the full name of the commit before; empty: none */
    const char *head;    /* of the commit after; of the index, of its parent */
    bool staged;         /* `after` is the index, or a plan: no commit yet, on top of `head` */
    const char *message; /* of the commit that is to be made; NULL where it isn't known */
    enum dhr_judge judge;
    const char (*merged)[DHR_COMMIT_ID_SIZE]; /* staged: the other parents of a merge, or NULL */
    size_t merged_count;
    bool main;               /* `head` becomes the main branch's, which must contain the last tag */
    struct dhr_guard *guard; /* against personal data; gets the agencies' contacts */
    bool all;                /* every finding of the ledger, not only what the range brought in */
    dhr_day today;
};

/*
 * The findings, sorted, and those that comments accept, chosen in the same way; the guard, which
 * may be NULL, borrows from ledger afterwards. ledger is what was read of `after`, and must be
 * released also where this fails. touched is how many records and other files of the ledger differ.
 * DHR_UNREADABLE where what was there before, or on the way, can't be read: it can't be judged
 * then.
 */
int dhr_check_range(const struct dhr_range *range, struct dhr_ledger *ledger,
                    struct dhr_findings *findings, struct dhr_findings *accepted, size_t *touched,
                    struct dhr_err *err);

#endif
