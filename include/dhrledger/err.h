/*
 * A function's own failure: an exit status and one finished sentence.
 *
 *     struct dhr_err err = {0};
 *     if (dhr_thing_open(&thing, path, &err) < 0)
 *         return dhr_fail_report(&err);
 *
 * Functions that can fail return 0 or -1 and fill in the last argument. The
 * sentence names the file (and the line where there is one) and says what to
 * do next; it has no trailing newline. A fault in the user's data is not an
 * error but a finding (finding.h), and never stops the scan.
 */
#ifndef DHRLEDGER_ERR_H
#define DHRLEDGER_ERR_H

/* The documented exit statuses; a verb returns one of these. */
enum dhr_status {
    DHR_OK = 0,
    DHR_FOUND = 1,      /* a finding, a row not placed, or results with --exit-code */
    DHR_USAGE = 2,      /* the command line */
    DHR_CONFLICT = 3,   /* a lock or somebody else's change: try again */
    DHR_UNREADABLE = 4, /* not a ledger, or a repository that can't be read */
    DHR_SYSTEM = 5,     /* the system failed: disk full, no permission */
    DHR_BUG = 70
};

struct dhr_err {
    enum dhr_status status;
    char text[1024];
};

#if defined(__GNUC__)
#define DHR_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define DHR_PRINTF(fmt, args)
#endif

/* Fill in err and return -1. A sentence that is too long is cut, never dropped. */
int dhr_fail(struct dhr_err *err, enum dhr_status status, const char *fmt, ...) DHR_PRINTF(3, 4);

/* The same, with strerror(errno) appended after a colon. */
int dhr_fail_errno(struct dhr_err *err, enum dhr_status status, const char *fmt, ...)
    DHR_PRINTF(3, 4);

#endif
