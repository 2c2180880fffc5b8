/*
 * The git repository around a ledger. Nothing of libgit2 leaves the store layer.
 *
 *     struct dhr_repo *repo = NULL;
 *     if (dhr_repo_open(&repo, ".", &err) < 0)
 *         return …;
 *     if (!repo)
 *         … an ordinary folder: it can be read, but has no history …
 *     dhr_repo_free(repo);
 *
 * A repository handle belongs to one thread. Call dhr_store_init once, before
 * any thread starts. git's GIT_CONFIG_GLOBAL, GIT_CONFIG_SYSTEM, GIT_CONFIG_NOSYSTEM
 * and GIT_CEILING_DIRECTORIES are obeyed; safe.directory is looked for in the
 * usual configuration files alone, because libgit2 does so by itself.
 */
#ifndef DHRLEDGER_REPO_H
#define DHRLEDGER_REPO_H

#include <stdbool.h>

#include "dhrledger/date.h"
#include "dhrledger/err.h"
#include "dhrledger/mem.h"
#include "dhrledger/str.h"

/* Room for a commit's hexadecimal name and a NUL. */
enum { DHR_COMMIT_ID_SIZE = 41 };

struct dhr_repo;

int dhr_store_init(struct dhr_err *err);
/* Does nothing where there was no dhr_store_init. */
void dhr_store_shutdown(void);

/*
 * Find the repository that holds `start` (a folder) and open it; *out is owned
 * by the caller. Where there is none, returns 0 and *out is NULL. A repository
 * that libgit2 refuses (owned by somebody else, sha256, partial clone …) is
 * DHR_UNREADABLE, with a sentence that says what to do about it.
 */
int dhr_repo_open(struct dhr_repo **out, const char *start, struct dhr_err *err);

/*
 * Make a repository in `folder`, with a work tree, as git init does, and open it.
 * DHR_SYSTEM where that can't be.
 */
int dhr_repo_create(struct dhr_repo **out, const char *folder, struct dhr_err *err);

/* The work tree's absolute path with a trailing slash; NULL in a bare repository. Borrowed. */
const char *dhr_repo_workdir(const struct dhr_repo *repo);

/* The git folder's absolute path with a trailing slash. Borrowed. */
const char *dhr_repo_gitdir(const struct dhr_repo *repo);

/*
 * The commit that HEAD's branch stood at when a day ended in local time: the
 * first on the way back along first parents that was committed before then.
 * DHR_UNREADABLE where the branch is younger, or has no commit.
 */
int dhr_repo_revision_on(struct dhr_repo *repo, dhr_day day, char id[DHR_COMMIT_ID_SIZE],
                         struct dhr_err *err);

/* A setting of git's, such as "core.pager"; NULL where it isn't set. In the arena. */
const char *dhr_repo_setting(struct dhr_repo *repo, const char *name, struct dhr_arena *arena);

/*
 * The path that a setting names as git expands it: "~/" is the home folder, and one that is not
 * absolute counts from the work tree's top, in a bare repository from its folder. NULL where it
 * isn't set, or is empty. In the arena.
 */
const char *dhr_repo_path_setting(struct dhr_repo *repo, const char *name, struct dhr_arena *arena);

/*
 * git's name for some bytes, as "git hash-object" prints it. -1 where it can't be made, which
 * is DHR_SYSTEM. No repository is needed.
 */
int dhr_hash(struct dhr_str bytes, char id[DHR_COMMIT_ID_SIZE], struct dhr_err *err);

/*
 * Give a file or a folder that was made in git's folder the modes that core.sharedRepository asks
 * for, whatever the umask was: a hook that others can't run would be passed over.
 */
void dhr_repo_share(struct dhr_repo *repo, const char *path);

/*
 * The reference that one stands for, as "git symbolic-ref" sets it: what is pushed to "master" may
 * move "main". Itself, where it is no other name. In the arena.
 */
const char *dhr_repo_real_ref(struct dhr_repo *repo, const char *ref, struct dhr_arena *arena);

/* The branch that HEAD names, "refs/heads/main"; empty where it names none. In the arena. */
const char *dhr_repo_main_branch(struct dhr_repo *repo, struct dhr_arena *arena);

struct dhr_branch {
    const char *ref; /* "refs/heads/main" */
    char tip[DHR_COMMIT_ID_SIZE];
};

/* Those that there are, by name, without other names of theirs; in the arena. */
int dhr_repo_branches(struct dhr_repo *repo, struct dhr_arena *arena, struct dhr_branch **branches,
                      size_t *count, struct dhr_err *err);

/*
 * Where git looks for hooks, with a slash at the end: core.hooksPath, or the git folder's hooks.
 * Empty where core.hooksPath is, which switches hooks off. In the arena.
 */
const char *dhr_repo_hooks(struct dhr_repo *repo, struct dhr_arena *arena);

/* The script of our own hook, down to the last line, to which options and LF may be added. */
void dhr_hook_begin(struct dhr_buf *out, const char *name);

/* "dhrledger hook commit-msg "$1"": what a hook of somebody else's needs to be ours, too. */
void dhr_hook_add_call(struct dhr_buf *out, const char *name);

/* Whether a hook's script calls ours of that name, outside comments. */
bool dhr_hook_calls(struct dhr_str script, const char *name);

/* Whether git runs such a hook here. */
bool dhr_repo_runs_hook(struct dhr_repo *repo, const char *name);

/*
 * The folder of a commit that is a ledger's root, "" or "sub/folder", in the arena; NULL in
 * *folder where there is none. DHR_UNREADABLE where there are several below the top. Without a
 * commit's id, of what is staged.
 */
int dhr_repo_find_ledger(struct dhr_repo *repo, const char *commit_id, struct dhr_arena *arena,
                         const char **folder, struct dhr_err *err);

/* Whether that folder of a commit is a ledger's root; an empty commit is none. */
bool dhr_repo_has_ledger(struct dhr_repo *repo, const char *commit_id, const char *folder);

/*
 * The full name of the commit a revision stands for; an empty id where there is none.
 * DHR_UNREADABLE where it is damaged.
 */
int dhr_repo_commit_of(struct dhr_repo *repo, const char *revision, char id[DHR_COMMIT_ID_SIZE],
                       struct dhr_err *err);

void dhr_repo_free(struct dhr_repo *repo);

#endif
