/* A pager for what is longer than the terminal, chosen and told as git does it. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"

/* A system need not have less; git's own options for it leave what fits one screen alone. */
#define USUAL_PAGER "if command -v less >/dev/null; then exec less; else exec cat; fi"
#define USUAL_LESS "FRX"

/* NULL where none is wanted, which an empty one and cat say. */
static const char *chosen(struct cli *cli)
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
    return *pager && strcmp(pager, "cat") != 0 ? pager : NULL;
}

FILE *cli_open_pager(struct cli *cli)
{
    const char *terminal = getenv("TERM");
    if (!isatty(STDOUT_FILENO) || !terminal || strcmp(terminal, "dumb") == 0)
        return NULL;
    const char *pager = chosen(cli);
    if (!pager)
        return NULL;
    (void)fflush(stdout);
    (void)setenv("LESS", USUAL_LESS, 0);
    return popen(pager, "w");
}
