/* Where the ledger is: its root, from a folder upwards, and its place in the repository. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli.h"

static bool holds_ledger(const char *folder)
{
    static const char *const marks[] = {"reviews", ".dhrledger.ini"};
    char path[PATH_MAX + 32];
    for (size_t i = 0; i < 2; i++) {
        struct stat st;
        (void)snprintf(path, sizeof(path), "%s/%s", folder, marks[i]);
        if (lstat(path, &st) == 0)
            return true;
    }
    return false;
}

/* Step up from `folder` until one holds a ledger; `top` is the last one to look at. */
static bool find_root(char *folder, const char *top)
{
    for (;;) {
        if (holds_ledger(folder))
            return true;
        char *slash = strrchr(folder, '/');
        if (!slash || strcmp(folder, top) == 0)
            return false;
        *slash = '\0';
    }
}

static int no_ledger(struct cli *cli, const char *start)
{
    if (!cli->repo)
        return dhr_fail(&cli->err, DHR_UNREADABLE,
                        "%s: not in a git repository, and neither it nor a folder above it holds "
                        "reviews/; go to a ledger, name it with -C DIR, or begin one with "
                        "\"dhrledger init\"",
                        start);
    return dhr_fail(&cli->err, DHR_UNREADABLE,
                    "%s: no ledger here: no folder up to the work tree's root holds reviews/ or "
                    ".dhrledger.ini; go to a ledger, name it with -C DIR, or begin one with "
                    "\"dhrledger init\"",
                    start);
}

/* The repository's folder without its slash; false in a bare repository. */
static bool find_top(const struct cli *cli, char top[PATH_MAX])
{
    const char *workdir = cli->repo ? dhr_repo_workdir(cli->repo) : "/";
    size_t len = workdir ? strlen(workdir) : 0;
    (void)snprintf(top, PATH_MAX, "%s", workdir ? workdir : "");
    if (len && top[len - 1] == '/')
        top[len - 1] = '\0';
    return workdir != NULL;
}

static void set_root(struct cli *cli, const char *root, const char *top)
{
    size_t len = strlen(top);
    cli->root = dhr_arena_dup(&cli->arena, root, strlen(root));
    cli->prefix = strlen(root) > len && cli->repo ? cli->root + len + 1 : "";
}

int cli_find_new(struct cli *cli, const char *folder)
{
    char top[PATH_MAX];
    char root[PATH_MAX];
    if (!find_top(cli, top))
        return dhr_fail(&cli->err, DHR_UNREADABLE,
                        "%s: a bare repository has no folder for a ledger; run this in a clone",
                        folder);
    (void)snprintf(root, sizeof(root), "%s", folder);
    if (find_root(root, top) && strcmp(root, folder) != 0)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "%s: belongs to the ledger %s, and a ledger holds no other", folder, root);
    set_root(cli, folder, top);
    return 0;
}

/* As git config dhrledger.folder has it, without slashes at the ends. */
static const char *set_folder(struct cli *cli)
{
    const char *set = dhr_repo_setting(cli->repo, "dhrledger.folder", &cli->arena);
    struct dhr_str folder = dhr_str_of(set ? set : "");
    while (folder.len && folder.ptr[0] == '/')
        folder = dhr_str_span(folder.ptr + 1, folder.len - 1);
    while (folder.len && folder.ptr[folder.len - 1] == '/')
        folder.len--;
    if (dhr_str_is(folder, "."))
        folder.len = 0;
    return set ? dhr_str_dup(&cli->arena, folder) : NULL;
}

int cli_place_bare(struct cli *cli, const char *commit_id)
{
    const char *folder = set_folder(cli);
    if (!folder && *commit_id &&
        dhr_repo_find_ledger(cli->repo, commit_id, &cli->arena, &folder, &cli->err) < 0)
        return -1;
    cli->placed = folder != NULL;
    cli->prefix = folder ? folder : "";
    return 0;
}

static int place_at_head(struct cli *cli)
{
    char head[DHR_COMMIT_ID_SIZE];
    if (dhr_repo_commit_of(cli->repo, "HEAD", head, &cli->err) < 0)
        return -1;
    return cli_place_bare(cli, head);
}

int cli_find(struct cli *cli)
{
    char start[PATH_MAX];
    const char *folder = cli->folder ? cli->folder : ".";
    struct stat st;
    if (cli->repo || cli->root)
        return 0; /* found before */
    if (!realpath(folder, start) || stat(start, &st) != 0)
        return dhr_fail_errno(&cli->err, DHR_UNREADABLE, "%s: can't go there", folder);
    if (!S_ISDIR(st.st_mode))
        return dhr_fail(&cli->err, DHR_UNREADABLE, "%s: is not a folder", folder);
    if (dhr_repo_open(&cli->repo, start, &cli->err) < 0)
        return -1;
    char top[PATH_MAX];
    cli->prefix = "";
    if (!find_top(cli, top))
        return place_at_head(cli); /* bare */
    char root[PATH_MAX];
    (void)snprintf(root, sizeof(root), "%s", start);
    if (!find_root(root, top))
        return no_ledger(cli, start);
    set_root(cli, root, top);
    return 0;
}
