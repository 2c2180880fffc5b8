/*
 * Where personal data came into a range, and how the commit that brought it is mended: what is
 * committed already stays in the history, whatever a later commit does.
 *
 *     struct range_mend mend;
 *     range_mend_init(&mend, changes, reader);
 *     range_mend_add(&mend, added);                       // for each, oldest first
 *     … range_mend_file(&mend, path, piece) …             // a clause for a finding
 *     range_mend_release(&mend);
 */
#ifndef LEDGER_RANGE_MEND_H
#define LEDGER_RANGE_MEND_H

#include "check_change.h"

/* What a commit put at a path that the range comes to. */
struct range_version {
    const struct dhr_touched *touched;
    const struct dhr_range_commit *commit;
    struct dhr_entry entry;
};

struct range_mend {
    const struct range_changes *c;
    struct dhr_reader *reader;      /* borrowed */
    struct range_version *versions; /* oldest first; owned */
    size_t count, capacity;
    bool merges;                      /* whether the range has some */
    const struct range_version *read; /* the last one that was read, or NULL; its text */
    struct dhr_str text;
    size_t from;   /* where in it the last piece stood */
    size_t looked; /* bytes read and searched, of all versions */
    struct dhr_arena arena;
};

void range_mend_init(struct range_mend *mend, const struct range_changes *c,
                     struct dhr_reader *reader);

/* Of a path that the range comes to, remember which commit put it there. */
void range_mend_add(struct range_mend *mend, const struct dhr_added *added);

/*
 * "in commit 0123456789ab (Subject), with "git …"", for a piece that stands at that path in the
 * end, or for the path itself where the piece is empty. NULL: nothing of it is committed yet.
 */
const char *range_mend_file(struct range_mend *mend, const char *path, struct dhr_str piece);

/* The same for a known commit, or for its message. */
const char *range_mend_commit(const struct range_mend *mend, const struct dhr_range_commit *commit,
                              bool message);

void range_mend_release(struct range_mend *mend);

#endif
