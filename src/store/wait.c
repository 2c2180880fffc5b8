#include <unistd.h>

#include "store_internal.h"

enum { NS_PER_SECOND = 1000000000, WAIT_SECONDS = 2, LEAST_NS = 3000000, SPREAD_NS = 15000000 };

void dhr_wait_start(struct dhr_wait *wait)
{
    (void)clock_gettime(CLOCK_MONOTONIC, &wait->until);
    wait->until.tv_sec += WAIT_SECONDS;
}

bool dhr_wait_more(const struct dhr_wait *wait)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec > wait->until.tv_sec ||
        (now.tv_sec == wait->until.tv_sec && now.tv_nsec >= wait->until.tv_nsec))
        return false;
    /* Uneven pauses, so that processes which collided once don't go on doing so. */
    unsigned long mixed = (unsigned long)now.tv_nsec ^ ((unsigned long)getpid() * 2654435761UL);
    struct timespec pause = {0, LEAST_NS + (long)(mixed % SPREAD_NS)};
    (void)nanosleep(&pause, NULL);
    return true;
}
