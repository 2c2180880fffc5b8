/*
 * What the files of the store layer share. Names that cross a file begin with
 * dhr_store_; libgit2's types stay behind this header.
 */
#ifndef DHRLEDGER_STORE_INTERNAL_H
#define DHRLEDGER_STORE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include <git2.h>

#include "dhrledger/commit.h"
#include "dhrledger/err.h"
#include "dhrledger/mem.h"
#include "dhrledger/repo.h"
#include "dhrledger/source.h"
#include "dhrledger/staging.h"
#include "dhrledger/str.h"

struct dhr_repo {
    git_repository *git;
};

/* libgit2's own words for its last failure, for the middle of a sentence. */
const char *dhr_store_git_error(void);

/* path.c: folders below a root, reached without following any symbolic link. */

/* A descriptor for the folder of `path` below root_fd, and the path's last step. */
int dhr_store_open_parent(int root_fd, const char *path, int *fd, const char **name,
                          struct dhr_err *err);

/* The same, making the folders that aren't there. */
int dhr_store_make_parent(int root_fd, const char *path, int *fd, const char **name,
                          struct dhr_err *err);

/* Fails (DHR_CONFLICT) where something is at `path`, or a file or link in the way to it. */
int dhr_store_check_free(int root_fd, const char *path, struct dhr_err *err);

/* Take away the folders above `path` that are empty now, but not the current one, as git does. */
void dhr_store_prune(int root_fd, const char *path);

/* Put the folder of `path` in front of a sentence that begins with its last step. */
void dhr_store_name_path(struct dhr_err *err, const char *path);

/* source_folder.c and source_tree.c: the two kinds of source. */

struct dhr_entry_list {
    struct dhr_arena *arena; /* holds the paths */
    struct dhr_entry *items;
    size_t count;
    size_t capacity;
};

struct dhr_source_kind {
    bool (*has)(struct dhr_source *source, const char *path);
    int (*open_reader)(struct dhr_reader **out, struct dhr_source *source, struct dhr_err *err);
    /* Add the name in the ledger's root, if it is there. */
    int (*find)(struct dhr_reader *reader, const char *name, struct dhr_entry_list *list,
                struct dhr_err *err);
    /* Add what a folder holds, but no name that begins with a dot. */
    int (*list)(struct dhr_reader *reader, const struct dhr_entry *folder,
                struct dhr_entry_list *list, struct dhr_err *err);
    int (*read)(struct dhr_reader *reader, const struct dhr_entry *entry, struct dhr_arena *arena,
                struct dhr_str *bytes, struct dhr_err *err);
    void (*free_reader)(struct dhr_reader *reader);
    void (*free_source)(struct dhr_source *source);
};

/* Each kind's own structure begins with one of these. */
struct dhr_source {
    const struct dhr_source_kind *kind;
    bool watches_modes; /* of a folder */
};

struct dhr_reader {
    const struct dhr_source_kind *kind;
    bool executable; /* the file read last */
};

/* The ledger's tree of a source that is no folder; NULL where it has none. Borrowed. */
const git_tree *dhr_store_source_tree(const struct dhr_source *source);

/* tree_read.c: what trees hold, told apart from what can't be read of them. */

int dhr_store_commit_tree(git_tree **tree, git_repository *git, const git_oid *commit_id);

/*
 * The object that a revision names, and the commit or tree that it stands for; NULL where there
 * is none. DHR_UNREADABLE where an object is damaged or missing.
 */
int dhr_store_revision(git_object **object, git_repository *git, const char *revision,
                       struct dhr_err *err);
int dhr_store_peel(git_object **out, const git_object *object, git_object_t type,
                   const char *revision, struct dhr_err *err);

/* libgit2 calls a damaged repository's missing object "not found", too: ask right after it failed.
 */
bool dhr_store_is_absent(int rc);

/* What stands at a path, for git_tree_entry_free; NULL where nothing does. */
int dhr_store_tree_entry(git_tree_entry **entry, const git_tree *tree, const char *path);

/* What a tree's entry of this mode is, and the entry itself; the path is borrowed. */
enum dhr_entry_kind dhr_store_entry_kind(unsigned mode);
struct dhr_entry dhr_store_entry(const char *path, unsigned mode, const unsigned char *id);

/* What to do where history ends too early: git fsck finds nothing amiss in a shallow clone. */
#define DHR_STORE_MEND_HISTORY "run \"git fsck\", or in a shallow clone \"git fetch --unshallow\""

/* The sentence for an object that can't be read. Call right after libgit2 failed. */
int dhr_store_damaged(const char *path, const git_oid *id, struct dhr_err *err);

/* loose.c: git's objects, with none of libgit2's crashes at a damaged loose one. */

int dhr_store_open_odb(git_odb **odb, const char *objects);

/* For one that libgit2 has opened; `objects` is its folder, or that of an alternate. */
int dhr_store_guard_odb(git_odb *odb, const char *objects);

/* source_index.c: the index as a tree, which is in memory, in the repository's database alone. */
int dhr_store_index_tree(struct dhr_repo *repo, char id[DHR_COMMIT_ID_SIZE], struct dhr_err *err);

/*
 * source_plan.c: a commit's tree with the changes made, in memory alone. *own, which the caller
 * frees, is a repository of those objects and the real ones.
 */
int dhr_store_plan_tree(struct dhr_repo *repo, const char *tip, const struct dhr_change *changes,
                        size_t count, git_repository **own, char id[DHR_COMMIT_ID_SIZE],
                        struct dhr_err *err);

/* changes.c: the paths of a ledger that differ between two trees; either may be NULL. */

enum { DHR_TREE_LEVELS = 3 }; /* the root, reviews/, reviews/ID/ */

/* The trees read last, one for each level, for who compares one commit after another. */
struct dhr_kept_trees {
    git_odb_object *levels[DHR_TREE_LEVELS];
};

struct dhr_touched;

int dhr_store_compare_trees(git_odb *odb, struct dhr_kept_trees *kept, const git_oid *before,
                            const git_oid *after, struct dhr_arena *arena,
                            struct dhr_touched **touched, size_t *count, struct dhr_err *err);

/* repo.c: whether git keeps new objects in a folder of their own, until its hook has agreed. */
bool dhr_store_in_quarantine(void);

#define DHR_SETTINGS_FILE ".dhrledger.ini"

/* name is copied; the path is the folder's, a slash and the name, or in the root the name alone. */
struct dhr_entry *dhr_store_add_entry(struct dhr_entry_list *list, const struct dhr_entry *folder,
                                      const char *name, enum dhr_entry_kind kind);

/* setting.c */

/* The work tree's root, or where there is none the repository's folder, with a slash at the end. */
const char *dhr_store_top(git_repository *git);

/* Add the path that dhr_repo_path_setting returns; otherwise libgit2's error, GIT_ENOTFOUND. */
int dhr_store_path_setting(git_repository *git, const git_config *config, const char *name,
                           struct dhr_buf *path);

/* identity.c: one of the two people of a commit. */

enum dhr_store_role { DHR_STORE_AUTHOR, DHR_STORE_COMMITTER };

int dhr_store_signature(git_signature **out, git_repository *git, enum dhr_store_role role,
                        struct dhr_err *err);

/* mailmap.c: who people really are, as .mailmap, mailmap.blob and mailmap.file have it. */

struct dhr_mailmap;

struct dhr_mailmap *dhr_store_mailmap(git_repository *git);
void dhr_store_mailmap_free(struct dhr_mailmap *mailmap);

/* The name and address of a person, in the arena. */
void dhr_store_real_person(const struct dhr_mailmap *mailmap, const git_signature *person,
                           struct dhr_arena *arena, const char **name, const char **email);

/* gitdate.c: a date as GIT_AUTHOR_DATE holds it; false where it isn't one. */
bool dhr_store_parse_date(const char *text, int64_t *seconds, int *offset_minutes);

/* preflight.c: refuse what a commit of ours would do otherwise than git. */
int dhr_store_preflight(git_repository *git, struct dhr_err *err);

/* The sentence for git's index, where libgit2 can't read it. Call right after that failed. */
int dhr_store_bad_index(struct dhr_err *err);

/*
 * hooks.c: where git looks for hooks, with a slash at the end: core.hooksPath, from the work
 * tree's root, or else hooks/ in the common folder. An empty core.hooksPath means no hooks.
 */
int dhr_store_hooks(git_repository *git, git_config *config, struct dhr_buf *folder);

/* Whether it is that hook of "hook install": what that checks, our own commits check. */
bool dhr_store_is_own_hook(const char *path, const char *name);

/*
 * The branch that HEAD stands for ("refs/heads/main"), in the arena, and its tip,
 * which is zero where nothing is committed on it yet.
 */
int dhr_store_branch(git_repository *git, struct dhr_arena *arena, const char **branch,
                     git_oid *tip, struct dhr_err *err);

/* share.c: core.sharedRepository. */

struct dhr_sharing {
    git_repository *git;
    mode_t bits;  /* 0: not shared */
    bool exact;   /* whatever the umask is */
    mode_t umask; /* before */
};

/* What libgit2 makes in git's folder until the end has the modes that git would give it. */
void dhr_store_begin_sharing(struct dhr_sharing *sharing, git_repository *git);
void dhr_store_end_sharing(const struct dhr_sharing *sharing);

/* The folder of a loose object; a branch, the logs and the folders that were made for them. */
void dhr_store_share_object(const struct dhr_sharing *sharing, const git_oid *id);
void dhr_store_share_branch(const struct dhr_sharing *sharing, const char *branch);

/* compare.c: a path at the tip, in the index and in the work tree. */

struct dhr_tip_entry {
    git_oid blob_id;
    git_filemode_t mode;
};

struct dhr_object {
    git_oid id;
    git_object_t type;
};

/* attributes.c's: what was found in which folder. */
struct dhr_attributes {
    const char *folder; /* the last one, in the arena */
    bool asked;
    bool outside; /* files outside the work tree may give attributes that count */
    bool inside;  /* the folder's, and those above it */
};

struct dhr_writer {
    struct dhr_repo *repo;
    git_odb *odb;
    int root_fd;        /* the work tree */
    const char *branch; /* in the arena */
    git_oid tip;        /* zero on an unborn branch */
    git_tree *tree;     /* of the tip; NULL on an unborn branch */
    git_signature *author;
    git_signature *committer;
    bool wants_crlf;            /* by the settings; attributes may say so too */
    git_odb_backend *memory;    /* bulk.c's, owned by odb; NULL where objects are loose */
    struct dhr_object *objects; /* of the commit that is being made */
    size_t object_count;
    size_t object_capacity;
    struct dhr_attributes attributes;
    struct dhr_sharing sharing;
    struct dhr_staging staging; /* fd -1: none */
    struct dhr_arena arena;
};

/*
 * attributes.c: fails where git would do to the file what libgit2 can't. *wants_crlf tells
 * dhr_store_filter whether the lines may have to end in CR LF in the work tree.
 */
int dhr_store_check_attributes(struct dhr_writer *writer, git_index *index, const char *path,
                               bool *wants_crlf, struct dhr_err *err);

/* False where the tree, which may be NULL, has no such file. */
bool dhr_store_tip_entry(const git_tree *tree, const char *path, struct dhr_tip_entry *entry);

/* The sentence where that is false. */
int dhr_store_not_committed(const git_tree *tree, const char *path, struct dhr_err *err);

/* The index entry and the work tree's file must be what the tip has; dhr_store_check_attributes. */
int dhr_store_compare(struct dhr_writer *writer, git_index *index, const char *path,
                      const struct dhr_tip_entry *tip, bool *wants_crlf, struct dhr_err *err);

/* The same for the work tree's file alone. */
int dhr_store_compare_file(struct dhr_writer *writer, const char *path,
                           const struct dhr_tip_entry *tip, struct dhr_err *err);

/* Nothing may be in the way of a new file: in this tree (or NULL), the index, the work tree. */
int dhr_store_compare_new(struct dhr_writer *writer, git_index *index, const git_tree *tree,
                          const char *path, bool *wants_crlf, struct dhr_err *err);

/* Whether the work tree's executable bits count: core.fileMode. */
bool dhr_store_tells_modes(git_repository *git);

/* Whether the settings may ask for CR LF in the work tree. */
bool dhr_store_wants_crlf(git_repository *git);

/* The sentence for a branch without a commit. */
int dhr_store_no_commit(const char *branch, struct dhr_err *err);

/* Bytes as git add would store them, or as git checkout would write them; in the arena. */
int dhr_store_filter(git_repository *git, const char *path, git_filter_mode_t mode, bool wants_crlf,
                     struct dhr_str bytes, struct dhr_arena *arena, struct dhr_str *filtered,
                     struct dhr_err *err);

/* index.c: git's index under its lock. */

struct dhr_index_lock {
    git_repository *git;
    git_index *index;
    char *path;      /* .git/index */
    char *lock_path; /* .git/index.lock */
    mode_t mode;
    bool held;
};

/* On an unborn branch the index may be missing, and begins empty. */
int dhr_index_lock(struct dhr_index_lock *lock, git_repository *git, bool unborn,
                   struct dhr_err *err);
/* st is the work tree's file; NULL makes git look at the file again. */
int dhr_index_set(struct dhr_index_lock *lock, const char *path, const git_oid *blob_id,
                  git_filemode_t mode, const struct stat *st);
int dhr_index_drop(struct dhr_index_lock *lock, const char *path);
/* Replace the index; the sentence in err lacks its end. */
int dhr_index_write(struct dhr_index_lock *lock, struct dhr_err *err);
/* Let go of the lock, if it is held, and free everything. */
void dhr_index_unlock(struct dhr_index_lock *lock);

/* bulk.c: the objects of one commit, loose or, where it has many files, as one pack. */

enum { DHR_MANY_FILES = 100 };

int dhr_store_begin_objects(struct dhr_writer *writer, size_t files);

/* Every object is looked for after it was written: libgit2 can report a success that isn't one. */
int dhr_store_check_object(struct dhr_writer *writer, const git_oid *id, git_object_t wanted);

/* Write and look for it. */
int dhr_store_write_object(struct dhr_writer *writer, git_oid *id, struct dhr_str bytes,
                           git_object_t type);

/* pack_settings.c: make the packs of this repository quickly, unless its settings say how. */
int dhr_store_add_pack_settings(git_repository *git);

/* All of them are on disk from here on. */
int dhr_store_end_objects(struct dhr_writer *writer);

/* update.c: the work tree's files and the index, once the commit is on the branch. */

struct dhr_commit_file {
    const char *path;
    enum dhr_change_kind kind;
    struct dhr_tip_entry tip; /* what it replaces; of a new file only the mode counts */
    git_oid blob_id;          /* what it becomes */
    struct dhr_str bytes;     /* the blob's */
    bool wants_crlf;          /* in the work tree, perhaps */
};

/*
 * fresh.c: the first files, if all of them are new and their folder is too, written unsynced:
 * how many in *done, and in `stats` what each is for the index. 0 where it can't be done in this
 * way. Where it failed, none of them is there.
 */
int dhr_store_write_fresh(struct dhr_writer *writer, const struct dhr_commit_file *files,
                          size_t count, struct stat *stats, size_t *done, struct dhr_err *err);

/* tree.c: a tree with some files changed. */

/* Sorts the files by path. base may be NULL. The objects of the files exist. */
int dhr_store_write_tree(struct dhr_writer *writer, const git_tree *base,
                         struct dhr_commit_file *files, size_t count, git_oid *id);

int dhr_store_update_files(struct dhr_writer *writer, struct dhr_index_lock *index,
                           const struct dhr_commit_file *files, size_t count,
                           const git_oid *commit_id, struct dhr_err *err);

/* wait.c: trying again for about two seconds. */

struct dhr_wait {
    struct timespec until;
};

void dhr_wait_start(struct dhr_wait *wait);
/* Sleep a little and return true, or false when the time is over. */
bool dhr_wait_more(const struct dhr_wait *wait);

#endif
