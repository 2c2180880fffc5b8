/*
 * How far a long run is: one line on standard error, written over again and again,
 * where that is a terminal and it takes more than a moment.
 *
 *     struct progress progress;
 *     progress_begin(&progress);
 *     progress_show(&progress, "reading %zu of %zu …", i, count);   // as often as you like
 *     progress_end(&progress);                                      // before anything else
 */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <time.h>

#include "dhrledger/err.h"

struct progress {
    bool terminal;
    int width; /* of what stands there now, in bytes, which is at least as many columns */
    struct timespec next; /* nothing is shown before */
};

void progress_begin(struct progress *progress);
void progress_show(struct progress *progress, const char *fmt, ...) DHR_PRINTF(2, 3);

/* Clear the line. */
void progress_end(struct progress *progress);

#endif
