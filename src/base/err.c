#include "dhrledger/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "dhrledger/utf8.h"

/* What doesn't fit is cut between two characters. */
DHR_PRINTF(2, 0)
static void fill(struct dhr_err *err, const char *fmt, va_list ap)
{
    int len = vsnprintf(err->text, sizeof(err->text), fmt, ap);
    if (len >= (int)sizeof(err->text))
        err->text[dhr_utf8_whole_len(dhr_str_span(err->text, sizeof(err->text) - 1))] = '\0';
}

int dhr_fail(struct dhr_err *err, enum dhr_status status, const char *fmt, ...)
{
    va_list ap;
    err->status = status;
    va_start(ap, fmt);
    fill(err, fmt, ap);
    va_end(ap);
    return -1;
}

int dhr_fail_errno(struct dhr_err *err, enum dhr_status status, const char *fmt, ...)
{
    int saved = errno;
    va_list ap;
    err->status = status;
    va_start(ap, fmt);
    fill(err, fmt, ap);
    va_end(ap);
    size_t used = strlen(err->text);
    char buffer[128];
    /* The GNU strerror_r, which may or may not use the buffer, and is safe among threads. */
    const char *reason = strerror_r(saved, buffer, sizeof(buffer));
    (void)snprintf(err->text + used, sizeof(err->text) - used, ": %s", reason);
    return -1;
}
