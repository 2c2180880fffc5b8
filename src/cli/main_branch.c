#include "main_branch.h"

#include <string.h>

static bool take(struct main_branch *main, const struct dhr_branch *branches, size_t count,
                 const char *ref)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(branches[i].ref, ref) != 0)
            continue;
        main->ref = branches[i].ref;
        memcpy(main->tip, branches[i].tip, sizeof(main->tip));
        return true;
    }
    return false;
}

void main_branch_find(struct main_branch *main, struct cli *cli, const struct dhr_branch *branches,
                      size_t count)
{
    *main = (struct main_branch){.ref = ""};
    main->head = dhr_repo_main_branch(cli->repo, &cli->arena);
    if (take(main, branches, count, main->head))
        return;
    main->chosen = count > 0;
    if (!take(main, branches, count, "refs/heads/main") &&
        !take(main, branches, count, "refs/heads/master") && count == 1)
        (void)take(main, branches, count, branches[0].ref);
}

void main_branch_note(const struct main_branch *main, const char *where)
{
    const char *lacks = main->head[0] ? ", which has no commit," : "no branch,";
    if (!main->chosen)
        return;
    if (main->ref[0])
        cli_note("dhrledger: HEAD names %s%s so %s counts as the main branch; run \"git "
                 "symbolic-ref HEAD %s\" %s",
                 main->head, lacks, main->ref, main->ref, where);
    else
        cli_note("dhrledger: HEAD names %s%s and none of the branches is surely the main one, so "
                 "each is compared with what it was; run \"git symbolic-ref HEAD "
                 "refs/heads/NAME\" %s",
                 main->head, lacks, where);
}
