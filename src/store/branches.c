/* The branches of a repository. */
#include <stdlib.h>
#include <string.h>

#include "store_internal.h"

enum { DEEPEST = 5 }; /* names of names, as for git */

static int by_ref(const void *a, const void *b)
{
    return strcmp(((const struct dhr_branch *)a)->ref, ((const struct dhr_branch *)b)->ref);
}

const char *dhr_repo_real_ref(struct dhr_repo *repo, const char *ref, struct dhr_arena *arena)
{
    const char *name = dhr_arena_dup(arena, ref, strlen(ref));
    const char *target = name;
    for (unsigned depth = 0; target && depth < DEEPEST; depth++) {
        git_reference *found = NULL;
        int rc = git_reference_lookup(&found, repo->git, name);
        target = rc == 0 ? git_reference_symbolic_target(found) : NULL;
        if (target)
            name = dhr_arena_dup(arena, target, strlen(target));
        git_reference_free(found);
    }
    return name;
}

const char *dhr_repo_main_branch(struct dhr_repo *repo, struct dhr_arena *arena)
{
    const char *name = dhr_repo_real_ref(repo, "HEAD", arena);
    return strcmp(name, "HEAD") == 0 ? "" : name;
}

int dhr_repo_branches(struct dhr_repo *repo, struct dhr_arena *arena, struct dhr_branch **branches,
                      size_t *count, struct dhr_err *err)
{
    git_reference_iterator *iterator = NULL;
    git_reference *ref = NULL;
    struct dhr_branch *items = NULL;
    size_t capacity = 0;
    *count = 0;
    int rc = git_reference_iterator_glob_new(&iterator, repo->git, "refs/heads/*");
    while (rc == 0 && (rc = git_reference_next(&ref, iterator)) == 0) {
        const char *name = git_reference_name(ref);
        git_oid tip;
        if (git_reference_type(ref) == GIT_REFERENCE_DIRECT &&
            git_reference_name_to_id(&tip, repo->git, name) == 0) {
            struct dhr_branch *branch = DHR_PUSH(items, *count, capacity);
            branch->ref = dhr_arena_dup(arena, name, strlen(name));
            (void)git_oid_tostr(branch->tip, sizeof(branch->tip), &tip);
        }
        git_reference_free(ref);
        ref = NULL;
    }
    git_reference_iterator_free(iterator);
    *branches = dhr_arena_alloc(arena, (*count + 1) * sizeof(**branches));
    if (*count) {
        memcpy(*branches, items, *count * sizeof(**branches));
        qsort(*branches, *count, sizeof(**branches), by_ref);
    }
    free(items);
    if (rc != GIT_ITEROVER)
        return dhr_fail(err, DHR_UNREADABLE, "the branches can't be read (%s); run \"git fsck\"",
                        dhr_store_git_error());
    return 0;
}
