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
    git_oid parent; /* the branch's tip under its lock */
    git_tree *parent_tree;
    git_tree *tree;
    git_oid id;
    const char *message;
    struct dhr_arena arena;
};

/* Every object is looked for after it was written: libgit2 can report a success that isn't one. */
static int check_object(struct dhr_writer *writer, const git_oid *id, git_object_t wanted)
{
    git_object_t type = GIT_OBJECT_INVALID;
    size_t len = 0;
    int rc = git_odb_read_header(&len, &type, writer->odb, id);
    return rc == 0 && type == wanted ? 0 : -1;
}

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
    if (git_reference_name_to_id(&attempt->parent, git, branch) < 0)
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
        return dhr_fail(err, DHR_CONFLICT,
                        "%s: isn't committed yet; run \"git add %s\" and \"git commit -m WHY %s\", "
                        "and try again",
                        path, path, path);
    if (dhr_store_tip_entry(attempt->parent_tree, path, tip) &&
        git_oid_equal(&read.blob_id, &tip->blob_id) && read.mode == tip->mode)
        return 0;
    (void)git_oid_tostr(text, sizeof(text), &attempt->parent);
    return dhr_fail(err, DHR_CONFLICT,
                    "%s: somebody else's commit changed it meanwhile (the branch is now at %.12s); "
                    "nothing was committed, so look at it and run the command again",
                    path, text);
}

static int check_paths(struct attempt *attempt, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    git_commit *commit = NULL;
    int rc = git_commit_lookup(&commit, writer->repo->git, &attempt->parent);
    if (rc == 0)
        rc = git_commit_tree(&attempt->parent_tree, commit);
    git_commit_free(commit);
    if (rc < 0)
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: its last commit can't be read (%s); run \"git fsck\"", writer->branch,
                        dhr_store_git_error());
    for (size_t i = 0; i < attempt->count; i++) {
        struct dhr_commit_file *file = &attempt->files[i];
        file->path = attempt->changes[i].path;
        if (check_path(attempt, file->path, &file->tip, err) < 0 ||
            dhr_store_compare(writer, attempt->index.index, file->path, &file->tip, err) < 0)
            return -1;
    }
    return 0;
}

static int write_tree(struct attempt *attempt, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    git_repository *git = writer->repo->git;
    git_tree_update *updates =
        dhr_arena_zalloc(&attempt->arena, (attempt->count + 1) * sizeof(*updates));
    git_oid id;
    for (size_t i = 0; i < attempt->count; i++) {
        struct dhr_commit_file *file = &attempt->files[i];
        if (dhr_store_filter(git, file->path, GIT_FILTER_TO_ODB, attempt->changes[i].bytes,
                             &attempt->arena, &file->bytes, err) < 0)
            return -1;
        if (git_odb_write(&file->blob_id, writer->odb, file->bytes.len ? file->bytes.ptr : "",
                          file->bytes.len, GIT_OBJECT_BLOB) < 0 ||
            check_object(writer, &file->blob_id, GIT_OBJECT_BLOB) < 0)
            return write_failed(writer, err);
        updates[i].action = GIT_TREE_UPDATE_UPSERT;
        updates[i].id = file->blob_id;
        updates[i].filemode = file->tip.mode;
        updates[i].path = file->path;
    }
    if (git_tree_create_updated(&id, git, attempt->parent_tree, attempt->count, updates) < 0 ||
        check_object(writer, &id, GIT_OBJECT_TREE) < 0 ||
        git_tree_lookup(&attempt->tree, git, &id) < 0)
        return write_failed(writer, err);
    if (git_oid_equal(&id, git_tree_id(attempt->parent_tree)))
        return nothing(err);
    return 0;
}

static int write_commit(struct attempt *attempt, struct dhr_err *err)
{
    struct dhr_writer *writer = attempt->writer;
    git_repository *git = writer->repo->git;
    git_commit *parent = NULL;
    git_buf buf = GIT_BUF_INIT;
    int rc = git_commit_lookup(&parent, git, &attempt->parent);
    if (rc == 0) {
        const git_commit *parents[] = {parent};
        rc = git_commit_create_buffer(&buf, git, writer->author, writer->committer, NULL,
                                      attempt->message, attempt->tree, 1, parents);
    }
    if (rc == 0)
        rc = git_odb_write(&attempt->id, writer->odb, buf.ptr, buf.size, GIT_OBJECT_COMMIT);
    if (rc == 0)
        rc = check_object(writer, &attempt->id, GIT_OBJECT_COMMIT);
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
    dhr_buf_addf(&log, "commit: %.*s", (int)strcspn(attempt->message, "\n"), attempt->message);
    int rc = git_transaction_set_target(attempt->transaction, writer->branch, &attempt->id,
                                        writer->committer, log.ptr);
    if (rc == 0)
        rc = git_transaction_commit(attempt->transaction);
    git_transaction_free(attempt->transaction);
    attempt->transaction = NULL;
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
    if (dhr_index_lock(&attempt->index, git, err) < 0 || dhr_store_preflight(git, err) < 0 ||
        lock_branch(attempt, err) < 0 || check_paths(attempt, err) < 0 ||
        write_tree(attempt, err) < 0 || write_commit(attempt, err) < 0 ||
        move_branch(attempt, err) < 0)
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
    rc = run(&attempt, err);
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
