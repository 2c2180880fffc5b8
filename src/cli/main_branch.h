/* The main branch of a bare repository: what others are compared with, and only goes on itself. */
#ifndef CLI_MAIN_BRANCH_H
#define CLI_MAIN_BRANCH_H

#include "cli.h"

struct main_branch {
    const char *ref; /* "refs/heads/main"; empty where nobody can tell */
    char tip[DHR_COMMIT_ID_SIZE];
    const char *head; /* what HEAD names; empty where it names no branch */
    bool chosen;      /* there are branches, and HEAD names none of them */
};

/*
 * The one that HEAD names; where there is none of that name, main, master, or the only one.
 * branches are those that there are, or will be.
 */
void main_branch_find(struct main_branch *main, struct cli *cli, const struct dhr_branch *branches,
                      size_t count);

/* Where it was chosen, say so on stderr in one line, and how to mend that `where`: "here". */
void main_branch_note(const struct main_branch *main, const char *where);

#endif
