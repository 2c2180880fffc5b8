/*
 * dhr_writer_commit, in the order in which a crash does the least harm. Under
 * index.lock: compare everything again, write the objects, move the branch under
 * its own lock; then the work tree's files, and the index with the lock's release.
 */
#include "dhrledger/commit.h"

#include <signal.h>
#include <string.h>

#include "store_internal.h"

struct attempt {
    struct dhr_writer *writer;
    const struct dhr_change *changes;
    struct dhr_commit_file *files;
    size_t count;
    struct dhr_index_lock index;
    git_transaction *transaction;
    git_oid parent; /* the branch's tip under its lock; zero: none yet */
    git_tree *parent_tree;
    git_tree *tree;
    git_oid id;
    const char *message;
    struct dhr_arena arena;
};

static int write_failed(struct dhr_writer *writer, struct dhr_err *err)
{
    return dhr_fail(err, DHR_SYSTEM,
                    "%sobjects: can't be written to (%s); nothing was committed, so make room or "
                    "correct the permissions and try again",
                    git_repository_commondir(writer->repo->git), dhr_store_git_error());
}

static int nothing(struct dhr_err *err)
{
    return dhr_fail(err, DHR_USAGE,
                    "there is nothing to commit: the files already say so; \"git log\" shows since "
                    "when");
}

/* The branch must still be the one that was read, and keeps its tip from here on. */
static int lock_branch(struct attempt *attempt, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    git_repository *git = writer->repo->git;
    const char *branch = NULL;
    struct dhr_wait wait;
    if (dhr_store_branch(git, &attempt->arena, &branch, &attempt->parent, err) < 0)
        return -1;
    if (strcmp(branch, writer->branch) != 0)
        return dhr_fail(err, DHR_CONFLICT,
                        "somebody switched from %s to %s meanwhile; nothing was committed, so run "
                        "the command again where you want it",
                        writer->branch, branch);
    int rc = git_transaction_new(&attempt->transaction, git);
    dhr_wait_start(&wait);
    do {
        if (rc == 0 || rc == GIT_ELOCKED)
            rc = git_transaction_lock_ref(attempt->transaction, branch);
    } while (rc == GIT_ELOCKED && dhr_wait_more(&wait));
    if (rc == GIT_ELOCKED)
        return dhr_fail(err, DHR_CONFLICT,
                        "%s%s.lock: another git command holds this lock; try again when it has "
                        "ended, and if there is none, one was interrupted: delete the file",
                        git_repository_commondir(git), branch);
    if (rc < 0)
        return dhr_fail(err, DHR_SYSTEM, "%s%s.lock: can't be made (%s)",
                        git_repository_commondir(git), branch, dhr_store_git_error());
    rc = git_reference_name_to_id(&attempt->parent, git, branch);
    if (rc == GIT_ENOTFOUND && git_oid_is_zero(&writer->tip))
        attempt->parent = writer->tip;
    else if (rc < 0)
        return dhr_fail(err, DHR_CONFLICT,
                        "the branch %s disappeared meanwhile; nothing was committed", branch);
    return 0;
}

/* A file that changed on the branch is a conflict; other files that did are none. */
static int check_path(const struct attempt *attempt, const char *path, struct dhr_tip_entry *tip,
                      struct dhr_err *err)
{
    struct dhr_tip_entry read;
    char text[DHR_COMMIT_ID_SIZE];
    if (!dhr_store_tip_entry(attempt->writer->tree, path, &read))
        return dhr_store_not_committed(attempt->writer->tree, path, err);
    if (dhr_store_tip_entry(attempt->parent_tree, path, tip) &&
        git_oid_equal(&read.blob_id, &tip->blob_id) && read.mode == tip->mode)
        return 0;
    (void)git_oid_tostr(text, sizeof(text), &attempt->parent);
    return dhr_fail(err, DHR_CONFLICT,
                    "%s: somebody else's commit changed it meanwhile (the branch is now at %.12s); "
                    "nothing was committed, so look at it and run the command again",
                    path, text);
}

/* A commit that came in between may refer to what is removed here. */
static int check_moved(const struct attempt *attempt, struct dhr_err *err)
{
    char text[DHR_COMMIT_ID_SIZE];
    bool removes = false;
    for (size_t i = 0; i < attempt->count; i++)
        removes = removes || attempt->changes[i].kind == DHR_CHANGE_REMOVE;
    if (!removes || git_oid_equal(&attempt->parent, &attempt->writer->tip))
        return 0;
    (void)git_oid_tostr(text, sizeof(text), &attempt->parent);
    return dhr_fail(err, DHR_CONFLICT,
                    "somebody else committed meanwhile (the branch is now at %.12s); nothing was "
                    "committed, so run the command again",
                    text);
}

static int read_parent(struct attempt *attempt, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    if (git_oid_is_zero(&attempt->parent) ||
        dhr_store_commit_tree(&attempt->parent_tree, writer->repo->git, &attempt->parent) == 0)
        return 0;
    return dhr_store_damaged(writer->branch, &attempt->parent, err);
}

static int check_file(struct attempt *attempt, struct dhr_commit_file *file, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    git_index *index = attempt->index.index;
    if (file->kind == DHR_CHANGE_ADD) {
        file->tip.mode = GIT_FILEMODE_BLOB;
        return dhr_store_compare_new(writer, index, attempt->parent_tree, file->path,
                                     &file->wants_crlf, err);
    }
    if (!attempt->parent_tree)
        return dhr_store_no_commit(writer->branch, err);
    if (check_path(attempt, file->path, &file->tip, err) < 0)
        return -1;
    return dhr_store_compare(writer, index, file->path, &file->tip, &file->wants_crlf, err);
}

static int check_paths(struct attempt *attempt, struct dhr_err *err)
{
    attempt->writer->attributes.asked = false;
    if (read_parent(attempt, err) < 0)
        return -1;
    for (size_t i = 0; i < attempt->count; i++) {
        attempt->files[i].path = attempt->changes[i].path;
        attempt->files[i].kind = attempt->changes[i].kind;
        if (check_file(attempt, &attempt->files[i], err) < 0)
            return -1;
    }
    return check_moved(attempt, err);
}

static int write_blobs(struct attempt *attempt, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    for (size_t i = 0; i < attempt->count; i++) {
        struct dhr_commit_file *file = &attempt->files[i];
        if (file->kind == DHR_CHANGE_REMOVE)
            continue;
        if (dhr_store_filter(writer->repo->git, file->path, GIT_FILTER_TO_ODB, false,
                             attempt->changes[i].bytes, &attempt->arena, &file->bytes, err) < 0)
            return -1;
        if (dhr_store_write_object(writer, &file->blob_id, file->bytes, GIT_OBJECT_BLOB) < 0)
            return write_failed(writer, err);
    }
    return 0;
}

static int write_tree(struct attempt *attempt, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    git_tree *parent = attempt->parent_tree;
    git_oid id;
    if (dhr_store_begin_objects(writer, attempt->count) < 0)
        return write_failed(writer, err);
    if (write_blobs(attempt, err) < 0)
        return -1;
    if (dhr_store_write_tree(writer, parent, attempt->files, attempt->count, &id) < 0 ||
        git_tree_lookup(&attempt->tree, writer->repo->git, &id) < 0)
        return write_failed(writer, err);
    return parent && git_oid_equal(&id, git_tree_id(parent)) ? nothing(err) : 0;
}

static int write_commit(struct attempt *attempt, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    git_repository *git = writer->repo->git;
    git_commit *parent = NULL;
    git_buf buf = GIT_BUF_INIT;
    int rc = 0;
    if (attempt->parent_tree)
        rc = git_commit_lookup(&parent, git, &attempt->parent);
    if (rc == 0) {
        const git_commit *parents[] = {parent};
        rc = git_commit_create_buffer(&buf, git, writer->author, writer->committer, NULL,
                                      attempt->message, attempt->tree, parent ? 1 : 0, parents);
    }
    if (rc == 0)
        rc = dhr_store_write_object(writer, &attempt->id, dhr_str_span(buf.ptr, buf.size),
                                    GIT_OBJECT_COMMIT);
    if (rc == 0)
        rc = dhr_store_end_objects(writer);
    if (rc < 0)
        rc = write_failed(writer, err);
    git_buf_dispose(&buf);
    git_commit_free(parent);
    return rc;
}

/* libgit2 writes HEAD's log along with the branch's, since HEAD stands for the branch. */
static int move_branch(struct attempt *attempt, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    git_repository *git = writer->repo->git;
    struct dhr_buf log = {0};
    git_oid now;
    dhr_buf_addf(&log, "commit%s: %.*s", attempt->parent_tree ? "" : " (initial)",
                 (int)strcspn(attempt->message, "\n"), attempt->message);
    int rc = git_transaction_set_target(attempt->transaction, writer->branch, &attempt->id,
                                        writer->committer, log.ptr);
    if (rc == 0)
        rc = git_transaction_commit(attempt->transaction);
    git_transaction_free(attempt->transaction);
    attempt->transaction = NULL;
    dhr_store_share_branch(&writer->sharing, writer->branch);
    if (rc < 0 && git_reference_name_to_id(&now, git, writer->branch) == 0 &&
        git_oid_equal(&now, &attempt->id))
        rc = 0;
    if (rc < 0)
        rc = dhr_fail(err, DHR_SYSTEM,
                      "%s%s: the branch can't be moved to the new commit (%s); nothing was "
                      "committed, so make room or correct the permissions and try again",
                      git_repository_commondir(git), writer->branch, dhr_store_git_error());
    dhr_buf_release(&log);
    return rc;
}

/* A signal in here would leave locks behind; git removes its own at exit, we wait it out. */
static void block_signals(sigset_t *before)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    (void)sigaddset(&set, SIGQUIT);
    (void)pthread_sigmask(SIG_BLOCK, &set, before);
}

static int run(struct attempt *attempt, struct dhr_err *err)
{
    git_repository *git = attempt->writer->repo->git;
    bool unborn = git_oid_is_zero(&attempt->writer->tip);
    if (dhr_index_lock(&attempt->index, git, unborn, err) < 0 ||
        dhr_store_preflight(git, err) < 0 || lock_branch(attempt, err) < 0 ||
        check_paths(attempt, err) < 0 || write_tree(attempt, err) < 0 ||
        write_commit(attempt, err) < 0 || move_branch(attempt, err) < 0)
        return -1;
    return 0;
}

int dhr_writer_commit(struct dhr_writer *writer, const struct dhr_change *changes, size_t count,
                      const char *message, char id[DHR_COMMIT_ID_SIZE], struct dhr_err *err)
{
    struct attempt attempt = {.writer = writer, .changes = changes, .count = count};
    git_buf pretty = GIT_BUF_INIT;
    struct dhr_identity author;
    sigset_t before;
    int rc = 0;
    if (count == 0)
        return nothing(err);
    if (git_message_prettify(&pretty, message, 0, '#') < 0 || !pretty.size)
        return dhr_fail(err, DHR_USAGE, "the commit has no message; say why with -m WHY");
    if (dhr_writer_author(writer, &author, err) < 0 ||
        (!writer->committer && dhr_store_signature(&writer->committer, writer->repo->git,
                                                   DHR_STORE_COMMITTER, err) < 0)) {
        git_buf_dispose(&pretty);
        return -1;
    }
    attempt.message = pretty.ptr;
    attempt.files = dhr_arena_zalloc(&attempt.arena, (count + 1) * sizeof(*attempt.files));
    block_signals(&before);
    dhr_store_begin_sharing(&writer->sharing, writer->repo->git);
    rc = run(&attempt, err);
    /* Two threads of libgit2 that make packs can also leave another umask than they found. */
    dhr_store_end_sharing(&writer->sharing);
    if (rc == 0) {
        (void)git_oid_tostr(id, DHR_COMMIT_ID_SIZE, &attempt.id);
        rc = dhr_store_update_files(writer, &attempt.index, attempt.files, count, &attempt.id, err);
        /* A second commit by this writer goes on top of this one. */
        git_oid_cpy(&writer->tip, &attempt.id);
        git_tree_free(writer->tree);
        writer->tree = attempt.tree;
        attempt.tree = NULL;
    }
    git_transaction_free(attempt.transaction);
    dhr_index_unlock(&attempt.index);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    git_tree_free(attempt.tree);
    git_tree_free(attempt.parent_tree);
    git_buf_dispose(&pretty);
    dhr_arena_release(&attempt.arena);
    return rc;
}
