#include "push_read.h"

#include <stdlib.h>
#include <string.h>

static bool take_id(struct dhr_str word, char id[DHR_COMMIT_ID_SIZE])
{
    if (word.len != DHR_COMMIT_ID_SIZE - 1)
        return false;
    bool none = strspn(word.ptr, "0") >= word.len;
    memcpy(id, word.ptr, word.len);
    id[none ? 0 : word.len] = '\0';
    return true;
}

static int parse(struct cli *cli, struct dhr_str line, struct update *update)
{
    struct dhr_str rest = line;
    struct dhr_str word = {NULL, 0};
    if (!dhr_str_split(&rest, ' ', &word) || !take_id(word, update->old_id) ||
        !dhr_str_split(&rest, ' ', &word) || !take_id(word, update->new_id) || !rest.len)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "\"%.*s\": not a line that git gives to this hook, OLD NEW REF; it is run "
                        "by git, see \"dhrledger hook install\"",
                        DHR_ARG(line));
    const char *ref = dhr_str_dup(&cli->arena, rest);
    update->ref = dhr_repo_real_ref(cli->repo, ref, &cli->arena);
    update->branch = dhr_str_starts(dhr_str_of(update->ref), "refs/heads/");
    return 0;
}

static int read_updates(struct push *push)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len = 0;
    int rc = 0;
    while (rc == 0 && (len = getline(&line, &capacity, stdin)) > 0) {
        struct dhr_str text = dhr_str_trim(dhr_str_span(line, (size_t)len));
        rc = parse(push->cli, text, DHR_PUSH(push->updates, push->count, push->capacity));
    }
    free(line);
    return rc;
}

/* The branches as they will be, and the main one among them. */
static int find_main(struct push *push)
{
    struct cli *cli = push->cli;
    struct dhr_branch *branches = NULL;
    size_t count = 0;
    size_t kept = 0;
    if (dhr_repo_branches(cli->repo, &cli->arena, &branches, &count, &cli->err) < 0)
        return -1;
    struct dhr_branch *all = dhr_arena_alloc(&cli->arena, (count + push->count + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        bool updated = false;
        for (size_t u = 0; u < push->count; u++)
            updated = updated || strcmp(push->updates[u].ref, branches[i].ref) == 0;
        if (!updated)
            all[kept++] = branches[i];
    }
    for (size_t u = 0; u < push->count; u++) {
        const struct update *update = &push->updates[u];
        if (!update->branch || !update->new_id[0])
            continue;
        all[kept].ref = update->ref;
        memcpy(all[kept++].tip, update->new_id, sizeof(update->new_id));
    }
    main_branch_find(&push->main, cli, all, kept);
    return 0;
}

int push_read(struct push *push)
{
    return read_updates(push) < 0 ? -1 : find_main(push);
}
