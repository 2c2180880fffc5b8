#include "dhrledger/pushed.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/map.h"
#include "store_internal.h"

enum { DEEPEST = 64 };

static int refuse(const char *id, struct dhr_err *err)
{
    return dhr_fail(err, DHR_UNREADABLE, "%.12s: can't be read (%s); run \"git fsck\"", id,
                    dhr_store_git_error());
}

static void add_tag(struct dhr_pushed_tag *added, const git_tag *tag, struct dhr_arena *arena)
{
    const char *name = git_tag_name(tag);
    const char *message = git_tag_message(tag);
    added->name = dhr_arena_dup(arena, name, strlen(name));
    added->message = dhr_arena_dup(arena, message ? message : "", message ? strlen(message) : 0);
}

int dhr_pushed_peel(struct dhr_repo *repo, const char *id, struct dhr_arena *arena,
                    struct dhr_pushed *pushed, struct dhr_err *err)
{
    git_object *object = NULL;
    struct dhr_pushed_tag *tags = NULL;
    size_t capacity = 0;
    git_oid oid;
    *pushed = (struct dhr_pushed){.commit = ""};
    int rc = git_oid_fromstr(&oid, id);
    if (rc == 0)
        rc = git_object_lookup(&object, repo->git, &oid, GIT_OBJECT_ANY);
    while (rc == 0 && git_object_type(object) == GIT_OBJECT_TAG) {
        git_object *target = NULL;
        add_tag(DHR_PUSH(tags, pushed->tag_count, capacity), (const git_tag *)object, arena);
        rc = git_tag_target(&target, (const git_tag *)object);
        git_object_free(object);
        object = target;
    }
    pushed->tags = dhr_arena_alloc(arena, (pushed->tag_count + 1) * sizeof(*tags));
    if (tags)
        memcpy(pushed->tags, tags, pushed->tag_count * sizeof(*tags));
    if (rc == 0) {
        (void)git_oid_tostr(pushed->object, sizeof(pushed->object), git_object_id(object));
        if (git_object_type(object) == GIT_OBJECT_COMMIT)
            memcpy(pushed->commit, pushed->object, sizeof(pushed->commit));
    }
    git_object_free(object);
    free(tags);
    return rc == 0 ? 0 : refuse(id, err);
}

/* Objects are new until they are met: those of the commits before are met first, and not told. */
struct walk {
    git_repository *git;
    git_odb *odb;
    struct dhr_map met;
    struct dhr_arena arena; /* of the ids that were met, and of paths */
    dhr_pushed_fn seen;     /* NULL: only meet them */
    void *user;
};

static bool meet(struct walk *walk, const git_oid *id)
{
    struct dhr_str key = dhr_str_span((const char *)id->id, GIT_OID_RAWSZ);
    if (dhr_map_find(&walk->met, key, NULL))
        return false;
    return dhr_map_add(&walk->met,
                       dhr_str_span(dhr_arena_dup(&walk->arena, key.ptr, key.len), key.len), 0);
}

static int tell(struct walk *walk, const git_oid *id, const char *path)
{
    git_odb_object *object = NULL;
    git_object_t type = GIT_OBJECT_INVALID;
    size_t len = 0;
    if (!walk->seen)
        return 0;
    int rc = git_odb_read_header(&len, &type, walk->odb, id);
    if (rc == 0 && len > DHR_RECORD_MAX_BYTES)
        walk->seen(walk->user, path, (struct dhr_str){NULL, 0});
    else if (rc == 0 && (rc = git_odb_read(&object, walk->odb, id)) == 0) {
        struct dhr_str text =
            dhr_str_span(git_odb_object_data(object), git_odb_object_size(object));
        if (!memchr(text.ptr, '\0', text.len))
            walk->seen(walk->user, path, text);
    }
    git_odb_object_free(object);
    return rc;
}

/* Objects that were met are not entered again. */
/* NOLINTNEXTLINE(misc-no-recursion) */
static int enter(struct walk *walk, const git_oid *id, git_object_t type, const char *path,
                 unsigned depth)
{
    git_tree *tree = NULL;
    if (type == GIT_OBJECT_COMMIT || !meet(walk, id)) /* that is another repository's */
        return 0;
    if (type == GIT_OBJECT_BLOB)
        return tell(walk, id, path);
    if (depth > DEEPEST) {
        git_error_set_str(GIT_ERROR_TREE, "its folders are too deep");
        return -1;
    }
    int rc = git_tree_lookup(&tree, walk->git, id);
    for (size_t i = 0; rc == 0 && i < git_tree_entrycount(tree); i++) {
        const git_tree_entry *entry = git_tree_entry_byindex(tree, i);
        rc = enter(walk, git_tree_entry_id(entry), git_tree_entry_type(entry),
                   dhr_arena_printf(&walk->arena, "%s%s%s", path, path[0] ? "/" : "",
                                    git_tree_entry_name(entry)),
                   depth + 1);
    }
    git_tree_free(tree);
    return rc;
}

static int enter_commit(struct walk *walk, const git_oid *id)
{
    git_commit *commit = NULL;
    int rc = git_commit_lookup(&commit, walk->git, id);
    if (rc == 0)
        rc = enter(walk, git_commit_tree_id(commit), GIT_OBJECT_TREE, "", 0);
    git_commit_free(commit);
    return rc;
}

/* What the parents hold that are none of the commits. */
static int meet_parents(struct walk *walk, const struct dhr_range_commit *commits, size_t count)
{
    struct dhr_map own = {0};
    int rc = 0;
    for (size_t i = 0; i < count; i++)
        (void)dhr_map_add(&own, dhr_str_of(commits[i].id), i);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        git_commit *commit = NULL;
        git_oid id;
        rc = git_oid_fromstr(&id, commits[i].id);
        if (rc == 0)
            rc = git_commit_lookup(&commit, walk->git, &id);
        for (unsigned p = 0; rc == 0 && p < commits[i].parent_count; p++) {
            const git_oid *parent = git_commit_parent_id(commit, p);
            char text[DHR_COMMIT_ID_SIZE];
            (void)git_oid_tostr(text, sizeof(text), parent);
            if (!dhr_map_find(&own, dhr_str_of(text), NULL))
                rc = enter_commit(walk, parent);
        }
        git_commit_free(commit);
    }
    dhr_map_release(&own);
    return rc;
}

static int enter_all(struct walk *walk, const struct dhr_range_commit *commits, size_t count)
{
    int rc = 0;
    for (size_t i = count; rc == 0 && i > 0; i--) {
        git_oid id;
        rc = git_oid_fromstr(&id, commits[i - 1].id);
        if (rc == 0)
            rc = enter_commit(walk, &id);
    }
    return rc;
}

static int enter_object(struct walk *walk, const char *object)
{
    git_object *found = NULL;
    git_oid id;
    int rc = git_oid_fromstr(&id, object);
    if (rc == 0)
        rc = git_object_lookup(&found, walk->git, &id, GIT_OBJECT_ANY);
    if (rc == 0)
        rc = enter(walk, &id, git_object_type(found), "", 0);
    git_object_free(found);
    return rc;
}

int dhr_pushed_walk(struct dhr_repo *repo, const struct dhr_pushed *pushed,
                    const struct dhr_range_commit *commits, size_t count, dhr_pushed_fn seen,
                    void *user, struct dhr_err *err)
{
    struct walk walk = {.git = repo->git, .user = user};
    int rc = git_repository_odb(&walk.odb, repo->git);
    if (rc == 0)
        rc = meet_parents(&walk, commits, count);
    walk.seen = seen;
    if (rc == 0)
        rc = pushed->commit[0] ? enter_all(&walk, commits, count)
                               : enter_object(&walk, pushed->object);
    if (rc < 0)
        rc = refuse(pushed->object, err);
    git_odb_free(walk.odb);
    dhr_map_release(&walk.met);
    dhr_arena_release(&walk.arena);
    return rc;
}
