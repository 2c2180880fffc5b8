#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

enum { FIRST_MS = 400, BETWEEN_MS = 100, MS = 1000, NS_IN_MS = 1000000 };

static void wait_for(struct progress *progress, long ms)
{
    (void)clock_gettime(CLOCK_MONOTONIC, &progress->next);
    progress->next.tv_nsec += ms * NS_IN_MS;
    progress->next.tv_sec += progress->next.tv_nsec / ((long)MS * NS_IN_MS);
    progress->next.tv_nsec %= (long)MS * NS_IN_MS;
}

void progress_begin(struct progress *progress)
{
    *progress = (struct progress){.terminal = isatty(STDERR_FILENO) == 1};
    wait_for(progress, FIRST_MS);
}

void progress_show(struct progress *progress, const char *fmt, ...)
{
    struct timespec now;
    char text[128];
    if (!progress->terminal)
        return;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    if (now.tv_sec < progress->next.tv_sec ||
        (now.tv_sec == progress->next.tv_sec && now.tv_nsec < progress->next.tv_nsec))
        return;
    va_list ap;
    va_start(ap, fmt);
    int width = vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    (void)fprintf(stderr, "\r%-*s", progress->width, text);
    (void)fflush(stderr);
    progress->width = width;
    wait_for(progress, BETWEEN_MS);
}

void progress_end(struct progress *progress)
{
    if (progress->width)
        (void)fprintf(stderr, "\r%*s\r", progress->width, "");
    progress->width = 0;
}
