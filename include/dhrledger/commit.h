/*
 * Writing to the ledger's history: one commit on top of the current branch.
 *
 *     struct dhr_writer *writer = NULL;
 *     dhr_writer_open(&writer, repo, &err);               // preflight; remembers the tip
 *     dhr_writer_read(writer, path, &arena, &bytes, &err) // as the tip has it, and untouched
 *     … plan the change …
 *     dhr_writer_commit(writer, changes, count, message, id, &err);
 *     dhr_writer_free(writer);
 *
 * A change replaces a file, adds one or removes one, so that a rename is one of
 * each. Nothing else of the user's is touched: other staged and unstaged work stays
 * as it is. Under git's index.lock, held from first to last as git commit does:
 * blobs, trees, commit object, then the branch under its own lock, then the work
 * tree's files, then their index entries. A crash leaves the old state or the new
 * commit, and at most a lock that the next run names. Objects and the branch are
 * synced to disk, each by itself or, from a hundred files on, in a pack; so are the
 * work tree's files, of a large commit all at once in the end: a power cut in the middle
 * of it may leave some of them empty, which git restore mends. Paths are from the
 * repository's root.
 *
 * What it refuses, because git itself would act otherwise there: a bare
 * repository, a detached HEAD, a merge, rebase, cherry-pick, revert, bisect or
 * am in progress, commit.gpgsign, executable commit hooks (pre-commit,
 * prepare-commit-msg, commit-msg, post-commit, reference-transaction; core.hooksPath
 * is honoured), a file with the attribute filter or working-tree-encoding, an index
 * that libgit2 can't read (split, sparse). Each sentence says what to do instead.
 *
 * Statuses: DHR_CONFLICT for what the user or somebody else is in the middle of
 * (an operation, uncommitted changes, a lock, a moved branch), DHR_UNREADABLE for a
 * repository that is not fit for it, DHR_SYSTEM for a missing identity or a bad
 * date in the environment, and where the disk or a permission stops the writing.
 */
#ifndef DHRLEDGER_COMMIT_H
#define DHRLEDGER_COMMIT_H

#include <stddef.h>

#include "dhrledger/err.h"
#include "dhrledger/mem.h"
#include "dhrledger/repo.h"
#include "dhrledger/str.h"

struct dhr_writer;

enum dhr_change_kind {
    DHR_CHANGE_EDIT,  /* the tip has the file */
    DHR_CHANGE_ADD,   /* nothing has it: the tip, the index or the work tree */
    DHR_CHANGE_REMOVE /* the tip has the file; folders that it leaves empty go too */
};

struct dhr_change {
    const char *path;
    struct dhr_str bytes; /* what the file holds from now on */
    enum dhr_change_kind kind;
};

/* The identity of whoever commits, as git takes it; owned by the writer. */
struct dhr_identity {
    const char *name;
    const char *email;
};

/*
 * The preflight. The repository must outlive the writer. On a branch without a
 * commit the writer can make the first one, of added files alone.
 */
int dhr_writer_open(struct dhr_writer **out, struct dhr_repo *repo, struct dhr_err *err);

/*
 * A file as the branch's tip has it. Fails where the tip doesn't have it (the
 * sentence names "git add PATH" and "git commit -m WHY PATH"), and where the
 * index or the work tree's file differs from the tip ("git commit" or
 * "git restore" them first).
 */
int dhr_writer_read(struct dhr_writer *writer, const char *path, struct dhr_arena *arena,
                    struct dhr_str *bytes, struct dhr_err *err);

/* The tip as it was when the writer was opened; empty on a branch without a commit. */
void dhr_writer_tip(const struct dhr_writer *writer, char id[DHR_COMMIT_ID_SIZE]);

/*
 * Who the commit will be by: GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL, then author.name
 * and author.email, then user.name and user.email, then EMAIL; never a guess. The
 * commit takes its committer and both dates in the same way.
 */
int dhr_writer_author(struct dhr_writer *writer, struct dhr_identity *author, struct dhr_err *err);

/*
 * Commit the changes with this message; id receives the commit's hexadecimal
 * name. Where the branch moved since dhr_writer_open but none of these paths
 * changed, the commit goes on top of the new tip; where one did, and where a
 * lock stays busy (about two seconds of trying), the answer is DHR_CONFLICT. So it
 * is where the branch moved at all and a file is removed, for the other commit may
 * refer to it. A lock's path is named, never deleted. No file is changed or removed
 * that was edited meanwhile, and none is added over another. No path may be given
 * twice. The message is cleaned up as git commit -m does it. Without a change, or
 * without a message, the answer is DHR_USAGE.
 *
 * Once the branch has moved the commit stands. Where a file or the index could not
 * follow, the sentence says so and names the git command that mends it; id is
 * filled in then too. The writer may go on to another commit on top of its own.
 */
int dhr_writer_commit(struct dhr_writer *writer, const struct dhr_change *changes, size_t count,
                      const char *message, char id[DHR_COMMIT_ID_SIZE], struct dhr_err *err);

void dhr_writer_free(struct dhr_writer *writer);

/*
 * The same changes in a folder's files alone, without git. All of them are looked
 * at first: where a file to be added is there, or one to be changed is not, nothing
 * is written (DHR_CONFLICT). DHR_SYSTEM where the writing stops half way. Paths are
 * from the folder.
 */
int dhr_changes_write(const char *folder, const struct dhr_change *changes, size_t count,
                      struct dhr_err *err);

#endif
