/*
 * What a range of history touched: the paths that differ between two states of a
 * ledger, the commits between them, and who last changed a file.
 *
 *     struct dhr_touched *touched;  size_t count;
 *     dhr_source_touched(before, after, &arena, &touched, &count, &err);
 *
 *     struct dhr_range_commit *commits;
 *     dhr_range_commits(repo, base, head, &arena, &commits, &count, &err);
 *
 * Both sources must be revisions (or the index) of one repository. Trees that are the
 * same object are never entered, and no file is read. Revisions are full names of
 * commits; an empty one stands for no commit at all. Everything lives in the arena.
 */
#ifndef DHRLEDGER_CHANGES_H
#define DHRLEDGER_CHANGES_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/commit.h"
#include "dhrledger/repo.h"
#include "dhrledger/source.h"
#include "dhrledger/str.h"

/* A path of the ledger whose object or mode differs. */
struct dhr_touched {
    const char *path;
    bool had; /* before */
    bool has; /* after */
    struct dhr_entry before;
    struct dhr_entry after;
};

/* Sorted by path in byte order; the same places as dhr_source_list lists, no folders below them. */
int dhr_source_touched(struct dhr_source *before, struct dhr_source *after, struct dhr_arena *arena,
                       struct dhr_touched **touched, size_t *count, struct dhr_err *err);

/*
 * The state that a commit of these changes on top of `tip` would make: a source like that of a
 * revision. Nothing is written. tip is the full name of a commit; the changes are those of
 * dhr_writer_commit (commit.h), with paths from the repository's root, and those that it would
 * refuse are left out.
 */
int dhr_source_open_plan(struct dhr_source **out, struct dhr_repo *repo, const char *tip,
                         const char *prefix, const struct dhr_change *changes, size_t count,
                         struct dhr_err *err);

struct dhr_range_commit {
    char id[DHR_COMMIT_ID_SIZE];
    unsigned parent_count;
    const char *author; /* "Ada Author <ada@example.org>", as .mailmap has it */
    const char *email;
    const char *message;
};

/* The commits that `head` has and `base` hasn't, newest first. */
int dhr_range_commits(struct dhr_repo *repo, const char *base, const char *head,
                      struct dhr_arena *arena, struct dhr_range_commit **commits, size_t *count,
                      struct dhr_err *err);

/* Commits by their full names. */
struct dhr_tips {
    const char (*ids)[DHR_COMMIT_ID_SIZE];
    size_t count;
};

/*
 * The commits that `head` has, and neither a reference of the repository nor one of `known`, newest
 * first: what a push brings, whose references are not there yet.
 */
int dhr_range_new_commits(struct dhr_repo *repo, const struct dhr_tips *known, const char *head,
                          struct dhr_arena *arena, struct dhr_range_commit **commits, size_t *count,
                          struct dhr_err *err);

/* What a commit put at a path where none of its parents has the same. */
struct dhr_added {
    const struct dhr_range_commit *commit;
    struct dhr_entry entry;
    const struct dhr_entry *before; /* what each of them has there, those that have something */
    size_t before_count;
};

/* -1 ends the walk, as a failure. */
typedef int (*dhr_added_fn)(void *user, const struct dhr_added *added);

/*
 * Call `seen` for all that these commits added or changed, oldest first; they are in the order of
 * dhr_range_commits. prefix is the ledger's place in the repository. What `added` holds, but for
 * the commit, is gone when `seen` returns.
 */
int dhr_range_walk_added(struct dhr_repo *repo, const char *prefix,
                         const struct dhr_range_commit *commits, size_t count, dhr_added_fn seen,
                         void *user, struct dhr_err *err);

/*
 * The newest commit that both have, or an empty id where there is none; that is so, too, in a
 * shallow clone that ends before it.
 */
int dhr_range_base(struct dhr_repo *repo, const char *one, const char *other,
                   char id[DHR_COMMIT_ID_SIZE], struct dhr_err *err);

/* Whether `head` has the commit; false where one of the two is empty. */
int dhr_range_has(struct dhr_repo *repo, const char *head, const char *commit_id, bool *has,
                  struct dhr_err *err);

/* The newest annotated tag "ledger/…" if `head` doesn't contain it; otherwise *tag is NULL. */
int dhr_range_lost_tag(struct dhr_repo *repo, const char *head, struct dhr_arena *arena,
                       const char **tag, struct dhr_err *err);

/*
 * The other parents of the merge that is under way here, those that "git merge" names to its
 * hooks and those it has recorded; none where there is no merge.
 */
void dhr_repo_merged(struct dhr_repo *repo, struct dhr_arena *arena,
                     char (**ids)[DHR_COMMIT_ID_SIZE], size_t *count);

/* Who a commit made now would be by: "Ada Author <ada@example.org>"; NULL where git doesn't know.
 */
const char *dhr_range_author_now(struct dhr_repo *repo, struct dhr_arena *arena,
                                 const char **email);

/*
 * A state that a file had: what a commit made of it. before and after are empty where it
 * wasn't there. Returns the path to follow from there on (`path`, or where the file was
 * before a rename), or NULL to stop.
 */
typedef const char *(*dhr_state_fn)(void *user, const struct dhr_range_commit *commit,
                                    const char *path, struct dhr_str before, struct dhr_str after);

/* Call `seen` for each commit from `head` back that changed the file; path is from the ledger's
 * root, prefix the root's place in the repository. Merges that took it from a parent are passed. */
int dhr_range_walk_file(struct dhr_repo *repo, const char *head, const char *prefix,
                        const char *path, dhr_state_fn seen, void *user, struct dhr_err *err);

#endif
