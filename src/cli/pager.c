/* A pager for what is longer than the terminal, chosen and told as git does it. */
#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli.h"

/* A system need not have less; git's own options for it leave what fits one screen alone. */
#define USUAL_PAGER "if command -v less >/dev/null; then exec less; else exec cat; fi"
#define USUAL_LESS "FRX"

/* NULL where none is wanted, which an empty one and cat say. */
static char *chosen(struct cli *cli)
{
    const char *pager = getenv("DHRLEDGER_PAGER");
    if (!pager)
        pager = getenv("GIT_PAGER");
    if (!pager && cli->repo)
        pager = dhr_repo_setting(cli->repo, "core.pager", &cli->arena);
    if (!pager)
        pager = getenv("PAGER");
    if (!pager)
        pager = USUAL_PAGER;
    bool wanted = *pager && strcmp(pager, "cat") != 0;
    return wanted ? dhr_str_dup(&cli->arena, dhr_str_of(pager)) : NULL;
}

/* It is a command line, so the shell runs it; false where it can't be started. */
static bool start(char *pager, int input, pid_t *process)
{
    char shell[] = "sh";
    char option[] = "-c";
    char *arguments[] = {shell, option, pager, NULL};
    posix_spawn_file_actions_t actions;
    if (posix_spawn_file_actions_init(&actions) != 0)
        return false;
    bool started = posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO) == 0 &&
                   posix_spawn(process, "/bin/sh", &actions, NULL, arguments, environ) == 0;
    (void)posix_spawn_file_actions_destroy(&actions);
    return started;
}

FILE *cli_open_pager(struct cli *cli, pid_t *process)
{
    const char *terminal = getenv("TERM");
    int ends[2];
    if (!isatty(STDOUT_FILENO) || !terminal || strcmp(terminal, "dumb") == 0)
        return NULL;
    char *pager = chosen(cli);
    if (!pager || pipe2(ends, O_CLOEXEC) != 0)
        return NULL;
    (void)fflush(stdout);
    (void)setenv("LESS", USUAL_LESS, 0);
    FILE *file = fdopen(ends[1], "w");
    if (!file) {
        (void)close(ends[1]);
    } else if (!start(pager, ends[0], process)) {
        (void)fclose(file);
        file = NULL;
    }
    (void)close(ends[0]);
    return file;
}

void cli_close_pager(FILE *file, pid_t process)
{
    (void)fclose(file);
    (void)waitpid(process, NULL, 0);
}
