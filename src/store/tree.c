/*
 * The tree of a commit, made from its parent's. git_tree_create_updated keeps a
 * folder whose last file is removed, as git never does, and needs a tree to begin
 * with; so the folders are walked here.
 */
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

static int by_path(const void *a, const void *b)
{
    const struct dhr_commit_file *x = a;
    const struct dhr_commit_file *y = b;
    return strcmp(x->path, y->path);
}

/* One folder being written: its files are a span of all of them, below one prefix. */
struct folder {
    struct dhr_writer *writer;
    const git_tree *base; /* NULL: a new folder */
    const struct dhr_commit_file *files;
    size_t count;
    size_t prefix_len;
};

static int write_folder(const struct folder *folder, git_oid *id, bool *empty);

/* How many of the folder's files, from the first on, stand below the same subfolder. */
static size_t span_below(const struct folder *folder, size_t first, size_t name_len)
{
    const char *name = folder->files[first].path + folder->prefix_len;
    size_t next = first;
    while (next < folder->count &&
           strncmp(folder->files[next].path + folder->prefix_len, name, name_len + 1) == 0)
        next++;
    return next - first;
}

/* Paths are as deep as folders on disk, which bounds this. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static int put_folder(const struct folder *folder, git_treebuilder *builder, size_t first,
                      size_t name_len, size_t span)
{
    struct dhr_buf name = {0};
    git_tree *base = NULL;
    git_oid id;
    bool empty = false;
    dhr_buf_add(&name, folder->files[first].path + folder->prefix_len, name_len);
    const git_tree_entry *entry = git_treebuilder_get(builder, name.ptr);
    int rc = 0;
    if (entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE)
        rc = git_tree_lookup(&base, folder->writer->repo->git, git_tree_entry_id(entry));
    if (rc == 0) {
        const struct folder below = {folder->writer, base, folder->files + first, span,
                                     folder->prefix_len + name_len + 1};
        rc = write_folder(&below, &id, &empty);
    }
    if (rc == 0 && !empty)
        rc = git_treebuilder_insert(NULL, builder, name.ptr, &id, GIT_FILEMODE_TREE);
    else if (rc == 0 && entry)
        rc = git_treebuilder_remove(builder, name.ptr);
    git_tree_free(base);
    dhr_buf_release(&name);
    return rc;
}

static int put_file(git_treebuilder *builder, const struct dhr_commit_file *file, const char *name)
{
    if (file->kind == DHR_CHANGE_REMOVE)
        return git_treebuilder_remove(builder, name);
    return git_treebuilder_insert(NULL, builder, name, &file->blob_id, file->tip.mode);
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static int write_folder(const struct folder *folder, git_oid *id, bool *empty)
{
    git_treebuilder *builder = NULL;
    int rc = git_treebuilder_new(&builder, folder->writer->repo->git, folder->base);
    size_t i = 0;
    while (rc == 0 && i < folder->count) {
        const char *name = folder->files[i].path + folder->prefix_len;
        size_t name_len = strcspn(name, "/");
        size_t span = 1;
        if (name[name_len] == '/') {
            span = span_below(folder, i, name_len);
            rc = put_folder(folder, builder, i, name_len, span);
        } else {
            rc = put_file(builder, &folder->files[i], name);
        }
        i += span;
    }
    *empty = rc == 0 && git_treebuilder_entrycount(builder) == 0;
    bool wanted = !*empty || folder->prefix_len == 0;
    if (rc == 0 && wanted)
        rc = git_treebuilder_write(id, builder);
    if (rc == 0 && wanted)
        rc = dhr_store_check_object(folder->writer, id, GIT_OBJECT_TREE);
    git_treebuilder_free(builder);
    return rc;
}

int dhr_store_write_tree(struct dhr_writer *writer, const git_tree *base,
                         struct dhr_commit_file *files, size_t count, git_oid *id)
{
    const struct folder root = {writer, base, files, count, 0};
    bool empty = false;
    qsort(files, count, sizeof(*files), by_path);
    return write_folder(&root, id, &empty);
}
