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

static void add_entry(struct dhr_entry_list *list, const struct dhr_entry *folder,
                      const git_tree_entry *found)
{
    struct dhr_entry *entry =
        dhr_store_add_entry(list, folder, git_tree_entry_name(found), DHR_ENTRY_FILE);
    *entry =
        dhr_store_entry(entry->path, git_tree_entry_filemode(found), git_tree_entry_id(found)->id);
}

static int list(struct dhr_reader *base, const struct dhr_entry *folder,
                struct dhr_entry_list *entries, struct dhr_err *err)
{
    const struct tree_reader *reader = (const struct tree_reader *)base;
    git_tree *tree = NULL;
    git_oid id;
    memcpy(id.id, folder->object_id, sizeof(folder->object_id));
    if (git_tree_lookup(&tree, reader->git, &id) < 0)
        return dhr_store_damaged(folder->path, &id, err);
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
    int rc = source->root ? dhr_store_tree_entry(&entry, source->root, path) : 0;
    bool has = rc < 0 || entry;
    git_tree_entry_free(entry);
    return has;
}

static int folder_at(struct tree_source *source, struct dhr_str path, const git_tree **tree,
                     struct dhr_err *err);

/* What stands at a path; NULL where nothing does. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static int entry_at(struct tree_source *source, const char *path, const git_tree_entry **entry,
                    struct dhr_err *err)
{
    const char *slash = strrchr(path, '/');
    const git_tree *folder = NULL;
    *entry = NULL;
    if (folder_at(source, dhr_str_span(path, slash ? (size_t)(slash - path) : 0), &folder, err) < 0)
        return -1;
    if (folder)
        *entry = git_tree_entry_byname(folder, slash ? slash + 1 : path);
    return 0;
}

/* The tree of a folder, which is kept; NULL where there is none. Paths are short. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static int folder_at(struct tree_source *source, struct dhr_str path, const git_tree **tree,
                     struct dhr_err *err)
{
    const git_tree_entry *entry = NULL;
    git_tree *found = NULL;
    size_t place = 0;
    *tree = source->root;
    if (!path.len)
        return 0;
    if (dhr_map_find(&source->folder_places, path, &place)) {
        *tree = source->folders[place].tree;
        return 0;
    }
    const char *own = dhr_str_dup(&source->arena, path);
    if (entry_at(source, own, &entry, err) < 0)
        return -1;
    if (entry && git_tree_entry_type(entry) == GIT_OBJECT_TREE &&
        git_tree_lookup(&found, source->git, git_tree_entry_id(entry)) < 0)
        return dhr_store_damaged(own, git_tree_entry_id(entry), err);
    (void)dhr_map_add(&source->folder_places, dhr_str_of(own), source->folder_count);
    *DHR_PUSH(source->folders, source->folder_count, source->folder_capacity) =
        (struct kept_folder){found};
    *tree = found;
    return 0;
}

int dhr_source_entry(struct dhr_source *source, const char *path, struct dhr_entry *entry,
                     struct dhr_err *err)
{
    const git_tree_entry *found = NULL;
    *entry = (struct dhr_entry){0};
    if (entry_at((struct tree_source *)source, path, &found, err) < 0)
        return -1;
    if (found)
        *entry =
            dhr_store_entry(path, git_tree_entry_filemode(found), git_tree_entry_id(found)->id);
    return 0;
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
    return dhr_store_open_odb(odb, source->objects_path);
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
        (void)dhr_store_damaged(entry->path, &id, err);
    } else if (type != GIT_OBJECT_BLOB) {
        git_error_set_str(GIT_ERROR_ODB, "it is no file");
        (void)dhr_store_damaged(entry->path, &id, err);
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
    int rc = dhr_store_revision(&object, source->git, source->revision, err);
    if (rc == 0 && object)
        rc = dhr_store_peel((git_object **)&top, object, GIT_OBJECT_TREE, source->revision, err);
    if (rc == 0 && !top)
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "%s: there is no such revision in this repository; \"git log\" and \"git "
                      "branch -a\" show those there are",
                      source->revision);
    if (rc < 0)
        goto out;
    rc = len || source->memory ? 0 : check_tree(object, top, source->revision, err);
    if (rc < 0)
        goto out;
    if (!len) {
        source->root = top;
        top = NULL;
        goto out;
    }
    rc = dhr_store_tree_entry(&folder, top, trimmed);
    if (folder && git_tree_entry_type(folder) == GIT_OBJECT_TREE)
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
