/* A source that reads the tree of a revision. */
#include <stdlib.h>
#include <string.h>

#include <git2/sys/repository.h>

#include "dhrledger/changes.h"
#include "dhrledger/map.h"
#include "store_internal.h"

/* A folder that dhr_source_entry has been to. */
struct kept_folder {
    git_tree *tree; /* NULL: there is none */
};

struct tree_source {
    struct dhr_source base;
    git_repository *git;
    bool owns_git;
    git_tree *root;              /* the ledger's own tree; NULL where the revision has no ledger */
    char *objects_path;          /* of the repository's object database */
    char *revision;              /* as the user wrote it, for sentences */
    bool memory;                 /* the tree is in memory alone, in the database of `git` */
    struct kept_folder *folders; /* libgit2 keeps none that is large */
    size_t folder_count, folder_capacity;
    struct dhr_map folder_places; /* by path */
    struct dhr_arena arena;
};

struct tree_reader {
    struct dhr_reader base;
    const struct tree_source *source;
    git_odb *odb;
    git_repository *git; /* of this odb alone, for its trees */
};

static enum dhr_entry_kind kind_of(const git_tree_entry *entry)
{
    git_filemode_t mode = git_tree_entry_filemode(entry);
    if (mode == GIT_FILEMODE_TREE)
        return DHR_ENTRY_FOLDER;
    if (mode == GIT_FILEMODE_LINK)
        return DHR_ENTRY_SYMLINK;
    return mode == GIT_FILEMODE_COMMIT ? DHR_ENTRY_OTHER : DHR_ENTRY_FILE;
}

static void add_entry(struct dhr_entry_list *list, const struct dhr_entry *folder,
                      const git_tree_entry *found)
{
    struct dhr_entry *entry =
        dhr_store_add_entry(list, folder, git_tree_entry_name(found), kind_of(found));
    memcpy(entry->object_id, git_tree_entry_id(found)->id, sizeof(entry->object_id));
    entry->executable = git_tree_entry_filemode(found) == GIT_FILEMODE_BLOB_EXECUTABLE;
}

static int list(struct dhr_reader *base, const struct dhr_entry *folder,
                struct dhr_entry_list *entries, struct dhr_err *err)
{
    const struct tree_reader *reader = (const struct tree_reader *)base;
    git_tree *tree = NULL;
    git_oid id;
    memcpy(id.id, folder->object_id, sizeof(folder->object_id));
    if (git_tree_lookup(&tree, reader->git, &id) < 0)
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: the folder can't be read from %s (%s); run \"git fsck\"", folder->path,
                        reader->source->revision, dhr_store_git_error());
    size_t count = git_tree_entrycount(tree);
    for (size_t i = 0; i < count; i++) {
        const git_tree_entry *found = git_tree_entry_byindex(tree, i);
        if (git_tree_entry_name(found)[0] != '.')
            add_entry(entries, folder, found);
    }
    git_tree_free(tree);
    return 0;
}

static int find(struct dhr_reader *base, const char *name, struct dhr_entry_list *entries,
                struct dhr_err *err)
{
    const struct tree_reader *reader = (const struct tree_reader *)base;
    const git_tree *root = reader->source->root;
    const git_tree_entry *found = root ? git_tree_entry_byname(root, name) : NULL;
    (void)err;
    if (found)
        add_entry(entries, NULL, found);
    return 0;
}

static bool has(struct dhr_source *base, const char *path)
{
    const struct tree_source *source = (const struct tree_source *)base;
    git_tree_entry *entry = NULL;
    int rc = source->root ? git_tree_entry_bypath(&entry, source->root, path) : GIT_ENOTFOUND;
    git_tree_entry_free(entry);
    return rc != GIT_ENOTFOUND;
}

/* The tree of a folder, which is kept; NULL where there is none. Paths are short. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static const git_tree *folder_at(struct tree_source *source, struct dhr_str path)
{
    size_t place = 0;
    if (!path.len)
        return source->root;
    if (dhr_map_find(&source->folder_places, path, &place))
        return source->folders[place].tree;
    const char *own = dhr_str_dup(&source->arena, path);
    const char *slash = strrchr(own, '/');
    const git_tree *parent =
        folder_at(source, dhr_str_span(own, slash ? (size_t)(slash - own) : 0));
    const git_tree_entry *entry =
        parent ? git_tree_entry_byname(parent, slash ? slash + 1 : own) : NULL;
    git_tree *tree = NULL;
    if (entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE &&
        git_tree_lookup(&tree, source->git, git_tree_entry_id(entry)) < 0)
        tree = NULL;
    (void)dhr_map_add(&source->folder_places, dhr_str_of(own), source->folder_count);
    *DHR_PUSH(source->folders, source->folder_count, source->folder_capacity) =
        (struct kept_folder){tree};
    return tree;
}

bool dhr_source_entry(struct dhr_source *base, const char *path, struct dhr_entry *entry)
{
    struct tree_source *source = (struct tree_source *)base;
    const char *slash = strrchr(path, '/');
    const git_tree *folder =
        folder_at(source, dhr_str_span(path, slash ? (size_t)(slash - path) : 0));
    const git_tree_entry *found =
        folder ? git_tree_entry_byname(folder, slash ? slash + 1 : path) : NULL;
    if (!found)
        return false;
    *entry = (struct dhr_entry){.path = path,
                                .kind = kind_of(found),
                                .executable =
                                    git_tree_entry_filemode(found) == GIT_FILEMODE_BLOB_EXECUTABLE};
    memcpy(entry->object_id, git_tree_entry_id(found)->id, sizeof(entry->object_id));
    return true;
}

/*
 * An object database that two threads share is slower than one thread alone, so
 * every reader has its own; but not where objects are in memory or in quarantine,
 * of which only the repository's own database knows.
 */
static int open_odb(git_odb **odb, const struct tree_source *source)
{
    if (source->memory || dhr_store_in_quarantine())
        return git_repository_odb(odb, source->git);
    return git_odb_open(odb, source->objects_path);
}

static int open_reader(struct dhr_reader **out, struct dhr_source *base, struct dhr_err *err)
{
    const struct tree_source *source = (const struct tree_source *)base;
    git_odb *odb = NULL;
    git_repository *git = NULL;
    if (open_odb(&odb, source) < 0 || git_repository_wrap_odb(&git, odb) < 0) {
        git_odb_free(odb);
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: git's objects can't be opened (%s); run \"git fsck\"",
                        source->objects_path, dhr_store_git_error());
    }
    struct tree_reader *reader = dhr_realloc(NULL, sizeof(*reader));
    *reader = (struct tree_reader){
        .base = {.kind = base->kind}, .source = source, .odb = odb, .git = git};
    *out = &reader->base;
    return 0;
}

static int read_blob(struct dhr_reader *base, const struct dhr_entry *entry,
                     struct dhr_arena *arena, struct dhr_str *bytes, struct dhr_err *err)
{
    const struct tree_reader *reader = (const struct tree_reader *)base;
    git_odb_object *object = NULL;
    git_object_t type = GIT_OBJECT_INVALID;
    size_t len = 0;
    git_oid id;
    int rc = -1;
    memcpy(id.id, entry->object_id, sizeof(entry->object_id));
    /* The header first, so that a huge blob is never inflated. */
    if (git_odb_read_header(&len, &type, reader->odb, &id) < 0 ||
        (len <= DHR_RECORD_MAX_BYTES && git_odb_read(&object, reader->odb, &id) < 0)) {
        (void)dhr_fail(err, DHR_UNREADABLE, "%s: can't be read from %s (%s); run \"git fsck\"",
                       entry->path, reader->source->revision, dhr_store_git_error());
    } else if (type != GIT_OBJECT_BLOB) {
        (void)dhr_fail(err, DHR_UNREADABLE, "%s: is not a file in %s; run \"git fsck\"",
                       entry->path, reader->source->revision);
    } else if (len > DHR_RECORD_MAX_BYTES) {
        (void)dhr_fail(err, DHR_FOUND,
                       "%s: larger than %d bytes in %s; a file like this holds far less, so check "
                       "that it is the right one",
                       entry->path, (int)DHR_RECORD_MAX_BYTES, reader->source->revision);
    } else {
        len = git_odb_object_size(object);
        *bytes = dhr_str_span(dhr_arena_dup(arena, git_odb_object_data(object), len), len);
        rc = 0;
    }
    git_odb_object_free(object);
    return rc;
}

static void free_reader(struct dhr_reader *base)
{
    struct tree_reader *reader = (struct tree_reader *)base;
    git_repository_free(reader->git);
    git_odb_free(reader->odb);
    free(reader);
}

static void free_source(struct dhr_source *base)
{
    struct tree_source *source = (struct tree_source *)base;
    for (size_t i = 0; i < source->folder_count; i++)
        git_tree_free(source->folders[i].tree);
    free(source->folders);
    dhr_map_release(&source->folder_places);
    dhr_arena_release(&source->arena);
    git_tree_free(source->root);
    if (source->owns_git)
        git_repository_free(source->git);
    free(source->objects_path);
    free(source->revision);
    free(source);
}

static const struct dhr_source_kind tree_kind = {
    .has = has,
    .open_reader = open_reader,
    .find = find,
    .list = list,
    .read = read_blob,
    .free_reader = free_reader,
    .free_source = free_source,
};

static char *copy_of(const char *text)
{
    size_t size_bytes = strlen(text) + 1;
    return memcpy(dhr_realloc(NULL, size_bytes), text, size_bytes);
}

static int refuse_revision(int rc, const char *revision, struct dhr_err *err)
{
    if (rc == GIT_ENOTFOUND || rc == GIT_EINVALIDSPEC || rc == GIT_EPEEL)
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: there is no such revision in this repository; \"git log\" and \"git "
                        "branch -a\" show those there are",
                        revision);
    if (rc == GIT_EAMBIGUOUS)
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: more than one revision begins like this; write more of its digits",
                        revision);
    return dhr_fail(err, DHR_UNREADABLE, "%s: the revision can't be read (%s); run \"git fsck\"",
                    revision, dhr_store_git_error());
}

/* A tree by its own name can be a ledger's root, and HEAD:agencies can't. */
static int check_tree(const git_object *object, const git_tree *top, const char *revision,
                      struct dhr_err *err)
{
    if (git_object_type(object) != GIT_OBJECT_TREE || git_tree_entry_byname(top, "reviews") ||
        git_tree_entry_byname(top, DHR_SETTINGS_FILE))
        return 0;
    return dhr_fail(err, DHR_UNREADABLE,
                    "%s: a folder that is no ledger; name a commit, a branch or a tag", revision);
}

/* The tree of the ledger's root; NULL where the revision doesn't have that folder. */
static int find_root(struct tree_source *source, const char *prefix, struct dhr_err *err)
{
    git_object *object = NULL;
    git_tree *top = NULL;
    git_tree_entry *folder = NULL;
    size_t len = strlen(prefix);
    while (len && prefix[len - 1] == '/')
        len--;
    char *trimmed = copy_of(prefix);
    trimmed[len] = '\0';
    int rc = git_revparse_single(&object, source->git, source->revision);
    if (rc == 0)
        rc = git_object_peel((git_object **)&top, object, GIT_OBJECT_TREE);
    if (rc < 0) {
        rc = refuse_revision(rc, source->revision, err);
        goto out;
    }
    rc = len || source->memory ? 0 : check_tree(object, top, source->revision, err);
    if (rc < 0)
        goto out;
    if (!len) {
        source->root = top;
        top = NULL;
        goto out;
    }
    rc = git_tree_entry_bypath(&folder, top, trimmed);
    if (rc == GIT_ENOTFOUND || (rc == 0 && git_tree_entry_type(folder) != GIT_OBJECT_TREE))
        rc = 0;
    else if (rc == 0)
        rc = git_tree_lookup(&source->root, source->git, git_tree_entry_id(folder));
    if (rc < 0)
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "%s: the folder can't be read from %s (%s); run \"git fsck\"", trimmed,
                      source->revision, dhr_store_git_error());
out:
    git_tree_entry_free(folder);
    git_tree_free(top);
    git_object_free(object);
    free(trimmed);
    return rc;
}

const git_tree *dhr_store_source_tree(const struct dhr_source *source)
{
    return ((const struct tree_source *)source)->root;
}

/* `git` is asked for the revision, which NULL leaves out. */
static int open_source(struct tree_source *source, struct dhr_repo *repo, const char *revision,
                       const char *prefix, struct dhr_source **out, struct dhr_err *err)
{
    git_buf objects = GIT_BUF_INIT;
    int rc = 0;
    source->base.kind = &tree_kind;
    source->revision = copy_of(revision ? revision : "nothing");
    if (revision)
        rc = find_root(source, prefix, err);
    if (rc == 0 && git_repository_item_path(&objects, repo->git, GIT_REPOSITORY_ITEM_OBJECTS) < 0)
        rc = dhr_fail(err, DHR_UNREADABLE, "%s: git's objects can't be found (%s)",
                      git_repository_path(repo->git), dhr_store_git_error());
    if (rc == 0) {
        source->objects_path = copy_of(objects.ptr);
        *out = &source->base;
    } else {
        free_source(&source->base);
    }
    git_buf_dispose(&objects);
    return rc;
}

static struct tree_source *new_source(git_repository *git, bool memory)
{
    struct tree_source *source = dhr_realloc(NULL, sizeof(*source));
    *source = (struct tree_source){.git = git, .memory = memory};
    return source;
}

int dhr_source_open_revision(struct dhr_source **out, struct dhr_repo *repo, const char *revision,
                             const char *prefix, struct dhr_err *err)
{
    bool is_head = revision && (strcmp(revision, "HEAD") == 0 || strcmp(revision, "@") == 0);
    bool unborn = is_head && git_repository_head_unborn(repo->git) == 1;
    *out = NULL;
    return open_source(new_source(repo->git, false), repo, unborn ? NULL : revision, prefix, out,
                       err);
}

int dhr_source_open_index(struct dhr_source **out, struct dhr_repo *repo, const char *prefix,
                          struct dhr_err *err)
{
    char id[DHR_COMMIT_ID_SIZE];
    *out = NULL;
    if (dhr_store_index_tree(repo, id, err) < 0)
        return -1;
    return open_source(new_source(repo->git, true), repo, id, prefix, out, err);
}

int dhr_source_open_plan(struct dhr_source **out, struct dhr_repo *repo, const char *tip,
                         const char *prefix, const struct dhr_change *changes, size_t count,
                         struct dhr_err *err)
{
    char id[DHR_COMMIT_ID_SIZE];
    git_repository *own = NULL;
    *out = NULL;
    if (dhr_store_plan_tree(repo, tip, changes, count, &own, id, err) < 0)
        return -1;
    struct tree_source *source = new_source(own, true);
    source->owns_git = true;
    return open_source(source, repo, id, prefix, out, err);
}
