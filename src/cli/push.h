/* What is pushed to a repository: what the verb hook leaves to push.c for pre-receive. */
#ifndef CLI_PUSH_H
#define CLI_PUSH_H

#include "cli.h"

/*
 * Judge each reference that git names on standard input, and say what is found. An exit status,
 * after a sentence on stderr where it isn't DHR_OK: git takes all of them or none.
 */
int cli_push(struct cli *cli);

#endif
