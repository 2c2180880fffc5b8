#include "dhrledger/commit.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store_internal.h"

static int lookup_tip(struct dhr_writer *writer, struct dhr_err *err)
{
    if (git_oid_is_zero(&writer->tip) ||
        dhr_store_commit_tree(&writer->tree, writer->repo->git, &writer->tip) == 0)
        return 0;
    return dhr_store_damaged(writer->branch, &writer->tip, err);
}

int dhr_writer_open(struct dhr_writer **out, struct dhr_repo *repo, struct dhr_err *err)
{
    git_repository *git = repo->git;
    *out = NULL;
    struct dhr_writer *writer = dhr_realloc(NULL, sizeof(*writer));
    *writer = (struct dhr_writer){.repo = repo, .root_fd = -1, .staging.fd = -1};
    int rc = dhr_store_preflight(git, err);
    if (rc == 0)
        rc = dhr_store_branch(git, &writer->arena, &writer->branch, &writer->tip, err);
    if (rc == 0)
        rc = lookup_tip(writer, err);
    writer->wants_crlf = dhr_store_wants_crlf(git);
    if (rc == 0 && git_repository_odb(&writer->odb, git) < 0)
        rc = dhr_fail(err, DHR_UNREADABLE, "%s: git's objects can't be opened (%s)",
                      git_repository_path(git), dhr_store_git_error());
    if (rc == 0) {
        const char *root = git_repository_workdir(git);
        writer->root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (writer->root_fd < 0)
            rc = dhr_fail_errno(err, DHR_UNREADABLE, "%s: the work tree can't be opened", root);
    }
    if (rc == 0)
        *out = writer;
    else
        dhr_writer_free(writer);
    return rc;
}

int dhr_writer_read(struct dhr_writer *writer, const char *path, struct dhr_arena *arena,
                    struct dhr_str *bytes, struct dhr_err *err)
{
    struct dhr_tip_entry tip;
    git_index *index = NULL;
    git_odb_object *object = NULL;
    git_object_t type = GIT_OBJECT_INVALID;
    size_t len = 0;
    bool wants_crlf = false;
    int rc = 0;
    if (!writer->tree)
        return dhr_store_no_commit(writer->branch, err);
    if (!dhr_store_tip_entry(writer->tree, path, &tip)) {
        rc = dhr_store_not_committed(writer->tree, path, err);
        goto out;
    }
    if (git_repository_index(&index, writer->repo->git) < 0 || git_index_read(index, 0) < 0) {
        rc = dhr_store_bad_index(err);
        goto out;
    }
    rc = dhr_store_compare(writer, index, path, &tip, &wants_crlf, err);
    if (rc < 0)
        goto out;
    /* The work tree's file, just compared with this blob, was small enough. */
    rc = git_odb_read_header(&len, &type, writer->odb, &tip.blob_id);
    if (rc == 0)
        rc = git_odb_read(&object, writer->odb, &tip.blob_id);
    if (rc < 0) {
        rc = dhr_store_damaged(path, &tip.blob_id, err);
        goto out;
    }
    len = git_odb_object_size(object);
    *bytes = dhr_str_span(dhr_arena_dup(arena, git_odb_object_data(object), len), len);
out:
    git_odb_object_free(object);
    git_index_free(index);
    return rc;
}

void dhr_writer_tip(const struct dhr_writer *writer, char id[DHR_COMMIT_ID_SIZE])
{
    id[0] = '\0';
    if (!git_oid_is_zero(&writer->tip))
        (void)git_oid_tostr(id, DHR_COMMIT_ID_SIZE, &writer->tip);
}

int dhr_writer_author(struct dhr_writer *writer, struct dhr_identity *author, struct dhr_err *err)
{
    if (!writer->author &&
        dhr_store_signature(&writer->author, writer->repo->git, DHR_STORE_AUTHOR, err) < 0)
        return -1;
    author->name = writer->author->name;
    author->email = writer->author->email;
    return 0;
}

void dhr_writer_free(struct dhr_writer *writer)
{
    if (!writer)
        return;
    git_signature_free(writer->committer);
    git_signature_free(writer->author);
    git_tree_free(writer->tree);
    free(writer->objects);
    git_odb_free(writer->odb);
    if (writer->root_fd >= 0)
        (void)close(writer->root_fd);
    dhr_arena_release(&writer->arena);
    free(writer);
}
