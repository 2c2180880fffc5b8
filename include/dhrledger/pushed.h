/*
 * What a reference that is pushed leads to, where that is not a state of a ledger: the messages
 * of tags, and notes and other texts.
 *
 *     struct dhr_pushed pushed;
 *     dhr_pushed_peel(repo, new_id, &arena, &pushed, &err);
 *     if (pushed.commit[0])
 *         … dhr_range_new_commits(repo, &known, pushed.commit, &arena, &commits, &count, &err) …
 *     dhr_pushed_walk(repo, &pushed, commits, count, seen, user, &err);
 */
#ifndef DHRLEDGER_PUSHED_H
#define DHRLEDGER_PUSHED_H

#include "dhrledger/changes.h"

/* An annotated tag on the way; both in the arena. */
struct dhr_pushed_tag {
    const char *name; /* as it has it itself: "ledger/2026-board" */
    const char *message;
};

struct dhr_pushed {
    char commit[DHR_COMMIT_ID_SIZE]; /* empty where it leads to a file or a folder */
    char object[DHR_COMMIT_ID_SIZE]; /* where the tags end: the commit, or the other */
    struct dhr_pushed_tag *tags;     /* the outermost first */
    size_t tag_count;
};

/* id is what the reference becomes, by its full name. */
int dhr_pushed_peel(struct dhr_repo *repo, const char *id, struct dhr_arena *arena,
                    struct dhr_pushed *pushed, struct dhr_err *err);

/* A text, at a path from the top: "" where the reference leads to it. Nothing outlives the call. */
typedef void (*dhr_pushed_fn)(void *user, const char *path, struct dhr_str text);

/*
 * Call `seen` for each file that is new with these commits, which are in the order of
 * dhr_range_commits, or else with the object; once for each content. What holds a NUL is no text
 * and is left out, but a text may be in any encoding; of one that is larger than a record may be,
 * text.ptr is NULL.
 */
int dhr_pushed_walk(struct dhr_repo *repo, const struct dhr_pushed *pushed,
                    const struct dhr_range_commit *commits, size_t count, dhr_pushed_fn seen,
                    void *user, struct dhr_err *err);

#endif
