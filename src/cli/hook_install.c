/* Writing git's hooks. One that is there already stays as it is. */
#include "hook_install.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "main_branch.h"

enum { HOOK_MAX_BYTES = 1024 * 1024 };

/* In single quotes, as the shell reads it. */
static void add_quoted(struct dhr_buf *out, const char *text)
{
    dhr_buf_addc(out, '\'');
    for (; *text; text++) {
        if (*text == '\'')
            dhr_buf_adds(out, "'\\''");
        else
            dhr_buf_addc(out, *text);
    }
    dhr_buf_addc(out, '\'');
}

/* git runs hooks at the top of the work tree. A bare repository has no folders to go to. */
static void add_folder(struct dhr_buf *out, const struct cli *cli)
{
    if (cli->root && cli->prefix[0]) {
        dhr_buf_adds(out, " -C ");
        add_quoted(out, cli->prefix);
    }
}

static void add_script(struct dhr_buf *out, const struct cli *cli, const char *name)
{
    dhr_hook_begin(out, name);
    add_folder(out, cli);
    dhr_buf_addc(out, '\n');
}

static int write_script(struct cli *cli, const char *path, const struct dhr_buf *script)
{
    if (dhr_file_replace(AT_FDCWD, path, dhr_buf_str(script), 0755, &cli->err) < 0)
        return -1;
    dhr_repo_share(cli->repo, path);
    (void)printf("%s: written\n", path);
    return 0;
}

/* A hook of somebody else's, or this one. */
static int keep_script(struct cli *cli, const char *path, const char *name)
{
    struct dhr_str bytes = {NULL, 0};
    if (dhr_file_read(AT_FDCWD, path, HOOK_MAX_BYTES, &cli->arena, &bytes, &cli->err) < 0)
        return -1;
    bool calls = dhr_hook_calls(bytes, name);
    if (calls && access(path, X_OK) == 0) {
        (void)printf("%s: calls dhrledger already\n", path);
        return 0;
    }
    if (calls)
        return dhr_fail(&cli->err, DHR_CONFLICT,
                        "%s: is not executable, so git passes it over; run \"chmod +x\" on it",
                        path);
    struct dhr_buf call = {0};
    dhr_hook_add_call(&call, name);
    add_folder(&call, cli);
    (void)dhr_fail(&cli->err, DHR_CONFLICT,
                   "%s: there is a hook already, and it stays; to have both, add to it the line: "
                   "%s%s",
                   path, call.ptr,
                   strcmp(name, "pre-receive") != 0
                       ? " || exit"
                       : " <LINES || exit, "
                         "where LINES is a copy of its standard input");
    dhr_buf_release(&call);
    return -1;
}

static int install(struct cli *cli, const char *folder, const char *name)
{
    const char *path = dhr_arena_printf(&cli->arena, "%s%s", folder, name);
    struct stat st;
    if (lstat(path, &st) == 0)
        return keep_script(cli, path, name);
    struct dhr_buf script = {0};
    add_script(&script, cli, name);
    int rc = write_script(cli, path, &script);
    dhr_buf_release(&script);
    return rc;
}

/* All are tried; the first failure is the one that is told in the end. */
static int install_clone(struct cli *cli, const char *folder)
{
    static const char *const names[] = {"pre-commit", "pre-merge-commit", "commit-msg"};
    struct dhr_err first = {0};
    int rc = 0;
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
        if (install(cli, folder, names[i]) == 0)
            continue;
        if (rc < 0)
            cli_note("dhrledger: %s", cli->err.text);
        else
            first = cli->err;
        rc = -1;
    }
    cli->err = first;
    return rc;
}

/* What pushes will be compared with, where HEAD doesn't say it. */
static int note_main_branch(struct cli *cli)
{
    struct dhr_branch *branches = NULL;
    struct main_branch main;
    size_t count = 0;
    if (dhr_repo_branches(cli->repo, &cli->arena, &branches, &count, &cli->err) < 0)
        return -1;
    main_branch_find(&main, cli, branches, count);
    main_branch_note(&main, "here");
    if (!count && strcmp(main.head, "refs/heads/main") != 0)
        cli_note("dhrledger: pushes are compared with the branch that HEAD names, %s, which has no "
                 "commit; if the main branch is another one, run \"git symbolic-ref HEAD "
                 "refs/heads/main\" here",
                 main.head);
    return 0;
}

static int install_server(struct cli *cli, const char *folder)
{
    int rc = install(cli, folder, "pre-receive");
    return rc == 0 ? note_main_branch(cli) : rc;
}

int hook_install(struct cli *cli)
{
    if (cli_find(cli) < 0)
        return -1;
    if (!cli->repo)
        return dhr_fail(
            &cli->err, DHR_UNREADABLE,
            "%s: not in a git repository, so there are no hooks; run \"git init\" first",
            cli->root);
    const char *folder = dhr_repo_hooks(cli->repo, &cli->arena);
    if (!*folder)
        return dhr_fail(&cli->err, DHR_CONFLICT,
                        "core.hooksPath is empty, which switches hooks off; run \"git config "
                        "--unset core.hooksPath\" first");
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return dhr_fail_errno(&cli->err, DHR_SYSTEM, "%s: the folder of hooks can't be made",
                              folder);
    return dhr_repo_workdir(cli->repo) ? install_clone(cli, folder) : install_server(cli, folder);
}
