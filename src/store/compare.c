/* One path in three places: the branch's tip, the index, the work tree. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "store_internal.h"

int dhr_store_not_committed(const git_tree *tree, const char *path, struct dhr_err *err)
{
    git_tree_entry *found = NULL;
    if (tree && dhr_store_tree_entry(&found, tree, path) < 0)
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: the last commit can't be read there (%s); run \"git fsck\", and if it "
                        "finds the same, work in a new clone",
                        path, dhr_store_git_error());
    git_tree_entry_free(found);
    return dhr_fail(err, DHR_CONFLICT,
                    "%s: isn't committed yet; run \"git add %s\" and \"git commit -m WHY %s\", and "
                    "try again",
                    path, path, path);
}

bool dhr_store_tip_entry(const git_tree *tree, const char *path, struct dhr_tip_entry *entry)
{
    git_tree_entry *found = NULL;
    if (!tree || git_tree_entry_bypath(&found, tree, path) < 0)
        return false;
    git_oid_cpy(&entry->blob_id, git_tree_entry_id(found));
    entry->mode = git_tree_entry_filemode(found);
    git_tree_entry_free(found);
    return entry->mode == GIT_FILEMODE_BLOB || entry->mode == GIT_FILEMODE_BLOB_EXECUTABLE;
}

/*
 * What libgit2's own filters change: CR LF, and $Id: … $. Looking up a file's attributes
 * is dear, since each folder above it may hold some.
 */
static bool stays_as_it_is(git_filter_mode_t mode, bool wants_crlf, struct dhr_str bytes)
{
    bool ends_stay = mode == GIT_FILTER_TO_ODB ? !memchr(bytes.ptr, '\r', bytes.len) : !wants_crlf;
    return ends_stay && !memmem(bytes.ptr, bytes.len, "$Id", 3);
}

int dhr_store_filter(git_repository *git, const char *path, git_filter_mode_t mode, bool wants_crlf,
                     struct dhr_str bytes, struct dhr_arena *arena, struct dhr_str *filtered,
                     struct dhr_err *err)
{
    git_filter_list *filters = NULL;
    git_buf buf = GIT_BUF_INIT;
    *filtered = bytes;
    if (!bytes.len || stays_as_it_is(mode, wants_crlf, bytes))
        return 0;
    int rc = git_filter_list_load(&filters, git, NULL, path, mode, GIT_FILTER_ALLOW_UNSAFE);
    if (rc == 0 && filters) {
        rc = git_filter_list_apply_to_buffer(&buf, filters, bytes.ptr, bytes.len);
        if (rc == 0)
            *filtered = dhr_str_span(dhr_arena_dup(arena, buf.ptr, buf.size), buf.size);
    }
    if (rc < 0)
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "%s: what .gitattributes wants done to it can't be done (%s)", path,
                      dhr_store_git_error());
    git_buf_dispose(&buf);
    git_filter_list_free(filters);
    return rc;
}

bool dhr_store_wants_crlf(git_repository *git)
{
    git_config *config = NULL;
    const char *eol = NULL;
    int always = 0;
    bool wanted = true;
    if (git_repository_config_snapshot(&config, git) == 0)
        wanted = (git_config_get_bool(&always, config, "core.autocrlf") == 0 && always) ||
                 (git_config_get_string(&eol, config, "core.eol") == 0 && strcmp(eol, "crlf") == 0);
    git_config_free(config);
    return wanted;
}

static int compare_index(git_index *index, const char *path, const struct dhr_tip_entry *tip,
                         struct dhr_err *err)
{
    const git_index_entry *entry = git_index_get_bypath(index, path, 0);
    if (entry && (entry->flags_extended & GIT_INDEX_ENTRY_SKIP_WORKTREE))
        return dhr_fail(err, DHR_CONFLICT,
                        "%s: git keeps it out of this work tree (skip-worktree); bring it in with "
                        "\"git sparse-checkout add\" or \"git update-index --no-skip-worktree\"",
                        path);
    if (entry && (entry->flags & GIT_INDEX_ENTRY_VALID))
        return dhr_fail(err, DHR_CONFLICT,
                        "%s: git was told to assume that it never changes; run \"git update-index "
                        "--no-assume-unchanged %s\" first",
                        path, path);
    if (entry && git_oid_equal(&entry->id, &tip->blob_id) && entry->mode == tip->mode)
        return 0;
    return dhr_fail(err, DHR_CONFLICT,
                    "%s: has a staged change that isn't committed; run \"git commit\", or \"git "
                    "restore --staged %s\", and try again",
                    path, path);
}

static int differs(const char *path, struct dhr_err *err)
{
    return dhr_fail(err, DHR_CONFLICT,
                    "%s: the file holds changes that aren't committed; run \"git commit -m WHY "
                    "%s\" or \"git restore %s\", and try again",
                    path, path, path);
}

bool dhr_store_tells_modes(git_repository *git)
{
    git_config *config = NULL;
    int told = 1;
    if (git_repository_config_snapshot(&config, git) == 0 &&
        git_config_get_bool(&told, config, "core.filemode") < 0)
        told = 1;
    git_config_free(config);
    return told != 0;
}

int dhr_store_compare_file(struct dhr_writer *writer, const char *path,
                           const struct dhr_tip_entry *tip, struct dhr_err *err)
{
    git_repository *git = writer->repo->git;
    struct dhr_arena scratch = {0};
    struct dhr_str bytes = {NULL, 0};
    const char *name = NULL;
    struct stat st;
    git_oid id;
    bool executable = tip->mode == GIT_FILEMODE_BLOB_EXECUTABLE;
    int fd = -1;
    int rc = dhr_store_open_parent(writer->root_fd, path, &fd, &name, err);
    if (rc < 0)
        goto out;
    if (fstatat(fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 && errno == ENOENT) {
        rc = dhr_fail(err, DHR_CONFLICT,
                      "%s: the file is gone from the work tree; run \"git restore %s\" (or commit "
                      "its removal), and try again",
                      path, path);
        goto out;
    }
    rc = dhr_file_read(fd, name, DHR_RECORD_MAX_BYTES, &scratch, &bytes, err);
    if (rc < 0) {
        dhr_store_name_path(err, path);
        goto out;
    }
    if (((st.st_mode & S_IXUSR) != 0) != executable && dhr_store_tells_modes(git)) {
        rc = differs(path, err);
        goto out;
    }
    rc = dhr_store_filter(git, path, GIT_FILTER_TO_ODB, false, bytes, &scratch, &bytes, err);
    if (rc < 0)
        goto out;
    if (git_odb_hash(&id, bytes.ptr, bytes.len, GIT_OBJECT_BLOB) < 0)
        rc = dhr_fail(err, DHR_SYSTEM, "%s: can't be hashed (%s)", path, dhr_store_git_error());
    else if (!git_oid_equal(&id, &tip->blob_id))
        rc = differs(path, err);
out:
    if (fd >= 0)
        (void)close(fd);
    dhr_arena_release(&scratch);
    return rc;
}

int dhr_store_compare(struct dhr_writer *writer, git_index *index, const char *path,
                      const struct dhr_tip_entry *tip, bool *wants_crlf, struct dhr_err *err)
{
    if (dhr_store_check_attributes(writer, index, path, wants_crlf, err) < 0 ||
        compare_index(index, path, tip, err) < 0)
        return -1;
    return dhr_store_compare_file(writer, path, tip, err);
}

/* A file where a folder would have to be, or anything under the very name. */
static bool taken_in_tree(const git_tree *tree, const char *path, size_t len, bool whole)
{
    struct dhr_buf part = {0};
    git_tree_entry *entry = NULL;
    bool taken = false;
    dhr_buf_add(&part, path, len);
    if (git_tree_entry_bypath(&entry, tree, dhr_buf_cstr(&part)) == 0)
        taken = whole || git_tree_entry_type(entry) != GIT_OBJECT_TREE;
    git_tree_entry_free(entry);
    dhr_buf_release(&part);
    return taken;
}

static bool taken_in_index(git_index *index, const char *path, size_t len, bool whole)
{
    struct dhr_buf part = {0};
    size_t position = 0;
    dhr_buf_add(&part, path, len);
    bool taken = git_index_get_bypath(index, dhr_buf_cstr(&part), 0) != NULL;
    if (whole && !taken) {
        dhr_buf_addc(&part, '/');
        taken = git_index_find_prefix(&position, index, part.ptr) == 0;
    }
    dhr_buf_release(&part);
    return taken;
}

int dhr_store_compare_new(struct dhr_writer *writer, git_index *index, const git_tree *tree,
                          const char *path, bool *wants_crlf, struct dhr_err *err)
{
    if (dhr_store_check_attributes(writer, index, path, wants_crlf, err) < 0)
        return -1;
    size_t whole_len = strlen(path);
    for (size_t len = 1; len <= whole_len; len++) {
        bool whole = len == whole_len;
        if (!whole && path[len] != '/')
            continue;
        if (tree && taken_in_tree(tree, path, len, whole))
            return dhr_fail(err, DHR_CONFLICT,
                            "%.*s: is in the last commit already, so %s can't be added; choose "
                            "another name",
                            (int)len, path, whole ? "it" : path);
        if (taken_in_index(index, path, len, whole))
            return dhr_fail(err, DHR_CONFLICT,
                            "%.*s: is staged already, so %s can't be added; run \"git commit\", or "
                            "\"git rm --cached %.*s\", and try again",
                            (int)len, path, whole ? "it" : path, (int)len, path);
    }
    return dhr_store_check_free(writer->root_fd, path, err);
}
