#include "dhrledger/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int dhr_fail(struct dhr_err *err, enum dhr_status status, const char *fmt, ...)
{
    va_list ap;
    err->status = status;
    va_start(ap, fmt);
    (void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    return -1;
}

int dhr_fail_errno(struct dhr_err *err, enum dhr_status status, const char *fmt, ...)
{
    int saved = errno;
    va_list ap;
    err->status = status;
    va_start(ap, fmt);
    (void)vsnprintf(err->text, sizeof(err->text), fmt, ap);
    va_end(ap);
    size_t used = strlen(err->text);
    char reason[128] = "";
    if (strerror_r(saved, reason, sizeof(reason)) != 0)
        (void)snprintf(reason, sizeof(reason), "error %d", saved);
    (void)snprintf(err->text + used, sizeof(err->text) - used, ": %s", reason);
    return -1;
}
