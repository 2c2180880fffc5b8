/* A push as git tells pre-receive of it, and the branches as it leaves them. */
#ifndef CLI_PUSH_READ_H
#define CLI_PUSH_READ_H

#include "cli.h"
#include "main_branch.h"

/* One line of what git gives to pre-receive: "OLD NEW REF". */
struct update {
    char old_id[DHR_COMMIT_ID_SIZE]; /* empty where the reference is new */
    char new_id[DHR_COMMIT_ID_SIZE]; /* empty where it is deleted */
    const char *ref;
    bool branch;
};

struct push {
    struct cli *cli;
    struct update *updates;
    size_t count, capacity;
    struct main_branch main; /* with the tip that this push gives it */
    char (*judged)[DHR_COMMIT_ID_SIZE];
    size_t judged_count, judged_capacity;
};

/* Read standard input, and find the main branch; the arrays are the caller's also if it fails. */
int push_read(struct push *push);

#endif
