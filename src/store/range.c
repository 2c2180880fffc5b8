/* The commits of a range, who made them, and the tags they must not leave behind. */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/changes.h"
#include "store_internal.h"

static int refuse(const char *what, struct dhr_err *err)
{
    return dhr_fail(err, DHR_UNREADABLE,
                    "%s: the history can't be read (%s); " DHR_STORE_MEND_HISTORY, what,
                    dhr_store_git_error());
}

static void describe(struct dhr_range_commit *out, const git_commit *commit,
                     const struct dhr_mailmap *mailmap, struct dhr_arena *arena)
{
    const char *message = git_commit_message(commit);
    const char *name = NULL;
    (void)git_oid_tostr(out->id, sizeof(out->id), git_commit_id(commit));
    out->parent_count = git_commit_parentcount(commit);
    dhr_store_real_person(mailmap, git_commit_author(commit), arena, &name, &out->email);
    out->author = dhr_arena_printf(arena, "%s <%s>", name, out->email);
    out->message = dhr_arena_dup(arena, message ? message : "", message ? strlen(message) : 0);
}

/* Newest first. */
static int open_walk(git_revwalk **walk, struct dhr_repo *repo, const char *head)
{
    git_oid id;
    int rc = git_revwalk_new(walk, repo->git);
    if (rc == 0)
        rc = git_revwalk_sorting(*walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME);
    if (rc == 0 && (rc = git_oid_fromstr(&id, head)) == 0)
        rc = git_revwalk_push(*walk, &id);
    return rc;
}

static int hide(git_revwalk *walk, const char *commit_id)
{
    git_oid id;
    int rc = git_oid_fromstr(&id, commit_id);
    return rc == 0 ? git_revwalk_hide(walk, &id) : rc;
}

/* What the walk leads to; `rc` is how it was opened. Frees the walk. */
static int collect(git_revwalk *walk, int rc, struct dhr_repo *repo, const char *head,
                   struct dhr_arena *arena, struct dhr_range_commit **commits, size_t *count,
                   struct dhr_err *err)
{
    struct dhr_mailmap *mailmap = dhr_store_mailmap(repo->git);
    struct dhr_range_commit *items = NULL;
    size_t capacity = 0;
    git_oid id;
    *count = 0;
    while (rc == 0 && (rc = git_revwalk_next(&id, walk)) == 0) {
        git_commit *commit = NULL;
        rc = git_commit_lookup(&commit, repo->git, &id);
        if (rc == 0)
            describe(DHR_PUSH(items, *count, capacity), commit, mailmap, arena);
        git_commit_free(commit);
    }
    rc = rc == GIT_ITEROVER ? 0 : refuse(head, err);
    *commits = dhr_arena_alloc(arena, (*count + 1) * sizeof(**commits));
    if (*count)
        memcpy(*commits, items, *count * sizeof(**commits));
    free(items);
    dhr_store_mailmap_free(mailmap);
    git_revwalk_free(walk);
    return rc;
}

int dhr_range_commits(struct dhr_repo *repo, const char *base, const char *head,
                      struct dhr_arena *arena, struct dhr_range_commit **commits, size_t *count,
                      struct dhr_err *err)
{
    git_revwalk *walk = NULL;
    int rc = open_walk(&walk, repo, head);
    if (rc == 0 && base[0])
        rc = hide(walk, base);
    return collect(walk, rc, repo, head, arena, commits, count, err);
}

int dhr_range_new_commits(struct dhr_repo *repo, const struct dhr_tips *known, const char *head,
                          struct dhr_arena *arena, struct dhr_range_commit **commits, size_t *count,
                          struct dhr_err *err)
{
    git_revwalk *walk = NULL;
    int rc = open_walk(&walk, repo, head);
    if (rc == 0)
        rc = git_revwalk_hide_glob(walk, "refs/*");
    for (size_t i = 0; rc == 0 && i < known->count; i++)
        rc = hide(walk, known->ids[i]);
    return collect(walk, rc, repo, head, arena, commits, count, err);
}

int dhr_range_base(struct dhr_repo *repo, const char *one, const char *other,
                   char id[DHR_COMMIT_ID_SIZE], struct dhr_err *err)
{
    git_oid a;
    git_oid b;
    git_oid base;
    id[0] = '\0';
    int rc = git_oid_fromstr(&a, one);
    if (rc == 0)
        rc = git_oid_fromstr(&b, other);
    if (rc == 0)
        rc = git_merge_base(&base, repo->git, &a, &b);
    if (rc == 0)
        (void)git_oid_tostr(id, DHR_COMMIT_ID_SIZE, &base);
    return rc == 0 || rc == GIT_ENOTFOUND ? 0 : refuse(one, err);
}

int dhr_range_has(struct dhr_repo *repo, const char *head, const char *commit_id, bool *has,
                  struct dhr_err *err)
{
    git_oid tip;
    git_oid id;
    *has = false;
    if (!head[0] || !commit_id[0])
        return 0;
    int rc = git_oid_fromstr(&tip, head);
    if (rc == 0)
        rc = git_oid_fromstr(&id, commit_id);
    if (rc == 0)
        rc = git_oid_equal(&tip, &id) ? 1 : git_graph_descendant_of(repo->git, &tip, &id);
    *has = rc == 1;
    return rc >= 0 ? 0 : refuse(head, err);
}

struct tags {
    git_repository *git;
    git_oid commit; /* of the newest so far */
    git_time_t when;
    char *name; /* NULL: none yet */
};

/* A tag without an author and date of its own is only somebody's bookmark. */
static int see_tag(const char *name, git_oid *id, void *user)
{
    struct tags *tags = user;
    git_object *tag = NULL;
    git_object *target = NULL;
    if (strncmp(name, "refs/tags/ledger/", strlen("refs/tags/ledger/")) != 0)
        return 0;
    int rc = git_object_lookup(&tag, tags->git, id, GIT_OBJECT_ANY);
    bool annotated = rc == 0 && git_object_type(tag) == GIT_OBJECT_TAG;
    const git_signature *tagger = annotated ? git_tag_tagger((const git_tag *)tag) : NULL;
    git_time_t when = tagger ? tagger->when.time : 0;
    if (annotated)
        rc = git_tag_peel(&target, (const git_tag *)tag);
    if (rc == 0 && target && git_object_type(target) == GIT_OBJECT_COMMIT &&
        (!tags->name || when > tags->when)) {
        free(tags->name);
        tags->name = strdup(name + strlen("refs/tags/"));
        tags->when = when;
        git_oid_cpy(&tags->commit, git_object_id(target));
        rc = tags->name ? 0 : -1;
    }
    git_object_free(target);
    git_object_free(tag);
    return rc;
}

int dhr_range_lost_tag(struct dhr_repo *repo, const char *head, struct dhr_arena *arena,
                       const char **tag, struct dhr_err *err)
{
    struct tags tags = {.git = repo->git};
    git_oid id;
    *tag = NULL;
    int rc = git_tag_foreach(repo->git, see_tag, &tags);
    if (rc == 0)
        rc = git_oid_fromstr(&id, head);
    if (rc == 0 && tags.name && !git_oid_equal(&id, &tags.commit)) {
        rc = git_graph_descendant_of(repo->git, &id, &tags.commit);
        if (rc == 0)
            *tag = dhr_arena_dup(arena, tags.name, strlen(tags.name));
    }
    free(tags.name);
    return rc >= 0 ? 0 : refuse("the tags ledger/*", err);
}

const char *dhr_range_author_now(struct dhr_repo *repo, struct dhr_arena *arena, const char **email)
{
    git_signature *author = NULL;
    struct dhr_err ignored = {0};
    const char *name = NULL;
    if (dhr_store_signature(&author, repo->git, DHR_STORE_AUTHOR, &ignored) < 0)
        return NULL;
    struct dhr_mailmap *mailmap = dhr_store_mailmap(repo->git);
    dhr_store_real_person(mailmap, author, arena, &name, email);
    git_signature_free(author);
    dhr_store_mailmap_free(mailmap);
    return dhr_arena_printf(arena, "%s <%s>", name, *email);
}
