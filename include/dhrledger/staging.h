/*
 * A folder in which files are made before they are moved to their places in one step each, so
 * that nobody meets half of them.
 *
 *     struct dhr_staging staging;
 *     dhr_staging_begin(&staging, root_fd, &err);
 *     // make things below staging.fd, and dhr_file_sync_all
 *     dhr_staging_move(&staging, "draft", folder_fd, "name");   // as often as needed
 *     dhr_staging_end(&staging);
 *
 * It stands in the folder given, under a hidden name, so that it is on the same file system and no
 * reader of a ledger looks into it; and git doesn't either, for it holds a .gitignore of its own.
 * What a crash leaves there is removed by whoever begins next.
 */
#ifndef DHRLEDGER_STAGING_H
#define DHRLEDGER_STAGING_H

#include "dhrledger/err.h"

struct dhr_staging {
    int fd;
    int root_fd; /* the caller's */
    int lock_fd;
    char name[64];
};

/* DHR_SYSTEM. root_fd must stay open until the end. */
int dhr_staging_begin(struct dhr_staging *staging, int root_fd, struct dhr_err *err);

/* Never over anything: -1 with errno, EEXIST or ENOTEMPTY where something is there. */
int dhr_staging_move(const struct dhr_staging *staging, const char *draft, int fd,
                     const char *name);

/* Remove it, and what is left in it. */
void dhr_staging_end(struct dhr_staging *staging);

#endif
