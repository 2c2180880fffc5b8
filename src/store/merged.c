/* The commits that a merge under way brings in. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/changes.h"
#include "store_internal.h"

struct merged {
    char (*ids)[DHR_COMMIT_ID_SIZE];
    size_t count, capacity;
};

static int add(const git_oid *id, void *user)
{
    struct merged *merged = user;
    char text[DHR_COMMIT_ID_SIZE];
    (void)git_oid_tostr(text, sizeof(text), id);
    for (size_t i = 0; i < merged->count; i++) {
        if (strcmp(merged->ids[i], text) == 0)
            return 0;
    }
    memcpy(*DHR_PUSH(merged->ids, merged->count, merged->capacity), text, sizeof(text));
    return 0;
}

/* git merge runs pre-merge-commit before it writes MERGE_HEAD, and sets GITHEAD_<id>=<name>. */
static void add_from_environment(struct merged *merged)
{
    static const char name[] = "GITHEAD_";
    const size_t len = sizeof(name) - 1;
    for (char **variable = environ; *variable; variable++) {
        git_oid id;
        if (strncmp(*variable, name, len) == 0 &&
            strcspn(*variable + len, "=") == DHR_COMMIT_ID_SIZE - 1 &&
            git_oid_fromstrn(&id, *variable + len, DHR_COMMIT_ID_SIZE - 1) == 0)
            (void)add(&id, merged);
    }
}

void dhr_repo_merged(struct dhr_repo *repo, struct dhr_arena *arena,
                     char (**ids)[DHR_COMMIT_ID_SIZE], size_t *count)
{
    struct merged merged = {NULL, 0, 0};
    (void)git_repository_mergehead_foreach(repo->git, add, &merged);
    add_from_environment(&merged);
    *count = merged.count;
    *ids = dhr_arena_alloc(arena, (merged.count + 1) * sizeof(**ids));
    if (merged.count)
        memcpy(*ids, merged.ids, merged.count * sizeof(**ids));
    free(merged.ids);
}
