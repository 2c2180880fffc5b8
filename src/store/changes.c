/*
 * The paths that differ between two trees. libgit2's diff is many times slower, and its
 * trees make an array of their entries first; the raw objects are compared as they are.
 */
#include "dhrledger/changes.h"

#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

enum { ID_BYTES = 20, MOST_LEVELS = DHR_TREE_LEVELS };

/* A raw tree, and the entry that its reading has come to. */
struct raw {
    git_odb_object *object;
    const char *at; /* this entry */
    const char *next;
    const char *end;
    const char *name; /* NULL at the end */
    size_t name_len;
    unsigned mode;
    const unsigned char *id;
};

struct walk {
    git_odb *odb;
    struct dhr_kept_trees *kept; /* NULL: none */
    struct dhr_arena *arena;
    struct dhr_touched *items;
    size_t count, capacity;
    struct dhr_err *err;
};

static bool is_tree(const struct raw *raw)
{
    return dhr_store_entry_kind(raw->mode) == DHR_ENTRY_FOLDER;
}

/* "MODE NAME\0ID"; false where the object is no such tree. */
static bool step(struct raw *raw)
{
    raw->name = NULL;
    raw->at = raw->next;
    if (raw->next == raw->end)
        return true;
    size_t left = (size_t)(raw->end - raw->next);
    const char *nul = memchr(raw->next, '\0', left);
    const char *space = nul ? memchr(raw->next, ' ', (size_t)(nul - raw->next)) : NULL;
    if (!space || raw->end - nul - 1 < ID_BYTES)
        return false;
    raw->mode = 0;
    for (const char *c = raw->next; c < space; c++)
        raw->mode = raw->mode * 8 + (unsigned)(*c - '0');
    raw->name = space + 1;
    raw->name_len = (size_t)(nul - raw->name);
    raw->id = (const unsigned char *)nul + 1;
    raw->next = nul + 1 + ID_BYTES;
    return true;
}

static int refuse(const struct walk *walk, const char *path, const git_oid *id)
{
    return dhr_store_damaged(path[0] ? path : "the ledger's root", id, walk->err);
}

static int refuse_entry(const struct walk *walk, const char *path, const struct raw *raw)
{
    git_error_set_str(GIT_ERROR_TREE, "it is no tree");
    return refuse(walk, path, git_odb_object_id(raw->object));
}

/* Whether what comes next is no entry. */
static bool stuck(const struct raw *raw)
{
    return !raw->name && raw->next != raw->end;
}

/* libgit2 keeps no large tree, and a commit's is the next one's parent's. */
static int read_tree(struct walk *walk, const git_oid *id, unsigned level, git_odb_object **object)
{
    git_odb_object *kept = walk->kept ? walk->kept->levels[level] : NULL;
    if (kept && git_oid_equal(git_odb_object_id(kept), id))
        return git_odb_object_dup(object, kept);
    return git_odb_read(object, walk->odb, id);
}

static void keep_tree(struct walk *walk, const struct raw *raw, unsigned level)
{
    if (!walk->kept || !raw->object)
        return;
    git_odb_object_free(walk->kept->levels[level]);
    walk->kept->levels[level] = NULL;
    (void)git_odb_object_dup(&walk->kept->levels[level], raw->object);
}

/* id may be NULL: an empty folder. */
static int open_raw(struct walk *walk, struct raw *raw, const unsigned char *id, unsigned level,
                    const char *path)
{
    git_oid oid;
    *raw = (struct raw){0};
    if (!id)
        return 0;
    memcpy(oid.id, id, ID_BYTES);
    if (read_tree(walk, &oid, level, &raw->object) < 0)
        return refuse(walk, path, &oid);
    if (git_odb_object_type(raw->object) != GIT_OBJECT_TREE)
        return refuse_entry(walk, path, raw);
    raw->next = git_odb_object_data(raw->object);
    raw->end = raw->next + git_odb_object_size(raw->object);
    return step(raw) ? 0 : refuse_entry(walk, path, raw);
}

/* In git's order a folder's name ends in a slash. */
static int compare_names(const struct raw *a, const struct raw *b)
{
    if (!a->name || !b->name)
        return a->name ? -1 : b->name ? 1 : 0;
    size_t len = a->name_len < b->name_len ? a->name_len : b->name_len;
    int order = memcmp(a->name, b->name, len);
    unsigned char x = (unsigned char)(a->name_len > len ? a->name[len] : is_tree(a) ? '/' : 0);
    unsigned char y = (unsigned char)(b->name_len > len ? b->name[len] : is_tree(b) ? '/' : 0);
    return order ? order : (x > y) - (x < y);
}

/* What dhr_source_list would list. */
static bool belongs(const struct raw *raw, unsigned level)
{
    struct dhr_str name = dhr_str_span(raw->name, raw->name_len);
    if (level > 0)
        return name.ptr[0] != '.';
    return dhr_str_is(name, DHR_SETTINGS_FILE) || dhr_str_is(name, "agencies") ||
           dhr_str_is(name, "reviews");
}

static int compare(struct walk *walk, const char *folder, unsigned level,
                   const unsigned char *before, const unsigned char *after);

/* One name of a folder; either side may be NULL, and `any` is one that isn't. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static int compare_entry(struct walk *walk, const char *folder, unsigned level,
                         const struct raw *before, const struct raw *after, const struct raw *any)
{
    if (!belongs(any, level) || (before && after && before->mode == after->mode &&
                                 memcmp(before->id, after->id, ID_BYTES) == 0))
        return 0;
    const char *path = dhr_arena_printf(walk->arena, "%s%s%.*s", folder, folder[0] ? "/" : "",
                                        (int)any->name_len, any->name);
    if (is_tree(any) && level + 1 < MOST_LEVELS)
        return compare(walk, path, level + 1, before ? before->id : NULL, after ? after->id : NULL);
    struct dhr_touched *touched = DHR_PUSH(walk->items, walk->count, walk->capacity);
    *touched = (struct dhr_touched){.path = path, .had = before != NULL, .has = after != NULL};
    if (before)
        touched->before = dhr_store_entry(path, before->mode, before->id);
    if (after)
        touched->after = dhr_store_entry(path, after->mode, after->id);
    return 0;
}

static size_t same_bytes(const char *a, const char *b, size_t len)
{
    size_t at = 0;
    while (at + sizeof(uint64_t) <= len && memcmp(a + at, b + at, sizeof(uint64_t)) == 0)
        at += sizeof(uint64_t);
    while (at < len && a[at] == b[at])
        at++;
    return at;
}

/* Go on to the first entry that differs: most are alike, and need no look. */
static bool skip_same(struct raw *a, struct raw *b)
{
    size_t a_len = (size_t)(a->end - a->at);
    size_t b_len = (size_t)(b->end - b->at);
    const char *from = a->at;
    size_t same = same_bytes(a->at, b->at, a_len < b_len ? a_len : b_len);
    if (same == a_len && same == b_len) {
        a->next = a->end;
        b->next = b->end;
        return step(a) && step(b);
    }
    while (a->name && (size_t)(a->next - from) <= same) {
        if (!step(a))
            return false;
    }
    b->next = b->at + (a->at - from);
    return step(b);
}

/* Folders are as deep as a ledger's, which bounds this. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static int compare(struct walk *walk, const char *folder, unsigned level,
                   const unsigned char *before, const unsigned char *after)
{
    struct raw a = {0};
    struct raw b = {0};
    int rc = open_raw(walk, &a, before, level, folder);
    if (rc == 0)
        rc = open_raw(walk, &b, after, level, folder);
    if (rc == 0)
        keep_tree(walk, &b, level);
    while (rc == 0 && (a.name || b.name)) {
        if (a.name && b.name && !skip_same(&a, &b))
            rc = refuse_entry(walk, folder, stuck(&a) ? &a : &b);
        if (rc < 0 || (!a.name && !b.name))
            break;
        int order = compare_names(&a, &b);
        rc = compare_entry(walk, folder, level, order <= 0 ? &a : NULL, order >= 0 ? &b : NULL,
                           order <= 0 ? &a : &b);
        if (rc == 0 && ((order <= 0 && !step(&a)) || (order >= 0 && !step(&b))))
            rc = refuse_entry(walk, folder, stuck(&a) ? &a : &b);
    }
    git_odb_object_free(a.object);
    git_odb_object_free(b.object);
    return rc;
}

/* A file that became a folder is two of these: the order of paths is not that of trees. */
static int by_path(const void *a, const void *b)
{
    const struct dhr_touched *x = a;
    const struct dhr_touched *y = b;
    return strcmp(x->path, y->path);
}

int dhr_store_compare_trees(git_odb *odb, struct dhr_kept_trees *kept, const git_oid *before,
                            const git_oid *after, struct dhr_arena *arena,
                            struct dhr_touched **touched, size_t *count, struct dhr_err *err)
{
    struct walk walk = {.odb = odb, .kept = kept, .arena = arena, .err = err};
    int rc = 0;
    if (!before || !after || !git_oid_equal(before, after))
        rc = compare(&walk, "", 0, before ? before->id : NULL, after ? after->id : NULL);
    if (walk.count)
        qsort(walk.items, walk.count, sizeof(*walk.items), by_path);
    *count = walk.count;
    *touched = dhr_arena_alloc(arena, (walk.count + 1) * sizeof(**touched));
    if (walk.count)
        memcpy(*touched, walk.items, walk.count * sizeof(**touched));
    free(walk.items);
    return rc;
}

int dhr_source_touched(struct dhr_source *before, struct dhr_source *after, struct dhr_arena *arena,
                       struct dhr_touched **touched, size_t *count, struct dhr_err *err)
{
    const git_tree *a = dhr_store_source_tree(before);
    const git_tree *b = dhr_store_source_tree(after);
    const git_tree *any = b ? b : a; /* what is in memory, only the later one knows */
    git_odb *odb = NULL;
    *count = 0;
    if (!any)
        return 0;
    if (git_repository_odb(&odb, git_tree_owner(any)) < 0)
        return dhr_fail(err, DHR_UNREADABLE, "git's objects can't be opened (%s); run \"git fsck\"",
                        dhr_store_git_error());
    int rc = dhr_store_compare_trees(odb, NULL, a ? git_tree_id(a) : NULL,
                                     b ? git_tree_id(b) : NULL, arena, touched, count, err);
    git_odb_free(odb);
    return rc;
}
