/*
 * Strings: a span that borrows (struct dhr_str) and a buffer that owns
 * (struct dhr_buf). Spans are not NUL-terminated unless a function says so;
 * print them with "%.*s" and DHR_ARG.
 *
 *     struct dhr_buf buf = {0};
 *     dhr_buf_addf(&buf, "%.*s: %d", DHR_ARG(name), count);
 *     puts(dhr_buf_cstr(&buf));
 *     dhr_buf_release(&buf);
 */
#ifndef DHRLEDGER_STR_H
#define DHRLEDGER_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "dhrledger/err.h"
#include "dhrledger/mem.h"

struct dhr_str {
    const char *ptr;
    size_t len;
};

struct dhr_buf {
    char *ptr; /* NULL while empty, otherwise NUL-terminated */
    size_t len;
    size_t capacity;
};

#define DHR_ARG(s) (int)(s).len, (s).ptr ? (s).ptr : ""

/* These stand here since a compiler that sees a literal's length makes a few instructions of each.
 */
static inline struct dhr_str dhr_str_span(const char *ptr, size_t len_bytes)
{
    return (struct dhr_str){ptr, len_bytes};
}

/* What follows its first bytes. */
static inline struct dhr_str dhr_str_after(struct dhr_str s, size_t len)
{
    return dhr_str_span(s.ptr + len, s.len - len);
}

static inline struct dhr_str dhr_str_of(const char *cstr)
{
    return dhr_str_span(cstr, cstr ? strlen(cstr) : 0);
}

static inline bool dhr_str_eq(struct dhr_str a, struct dhr_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool dhr_str_is(struct dhr_str s, const char *cstr)
{
    return dhr_str_eq(s, dhr_str_of(cstr));
}

static inline bool dhr_str_starts(struct dhr_str s, const char *prefix)
{
    size_t len = strlen(prefix);
    return len == 0 || (s.len >= len && memcmp(s.ptr, prefix, len) == 0);
}

static inline bool dhr_str_ends(struct dhr_str s, const char *suffix)
{
    size_t len = strlen(suffix);
    return len == 0 || (s.len >= len && memcmp(s.ptr + s.len - len, suffix, len) == 0);
}

/* Take the next piece up to `separator` off the front of *rest; false at the end. */
static inline bool dhr_str_split(struct dhr_str *rest, char separator, struct dhr_str *piece)
{
    if (!rest->ptr)
        return false;
    const char *end = rest->len ? memchr(rest->ptr, separator, rest->len) : NULL;
    if (!end) {
        *piece = *rest;
        *rest = (struct dhr_str){NULL, 0};
        return true;
    }
    size_t len = (size_t)(end - rest->ptr);
    *piece = dhr_str_span(rest->ptr, len);
    rest->ptr += len + 1;
    rest->len -= len + 1;
    return true;
}

/* Bytes, then length: the order of strcmp. */
int dhr_str_cmp(struct dhr_str a, struct dhr_str b);
/* Without spaces, tabs, CR and LF at both ends. */
struct dhr_str dhr_str_trim(struct dhr_str s);
/* Take the next line, without its LF, off the front of *rest; false at the end. */
bool dhr_str_line(struct dhr_str *rest, struct dhr_str *line);
/* Of ASCII, whatever the locale. */
static inline bool dhr_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool dhr_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool dhr_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline bool dhr_is_letter(char c)
{
    return dhr_is_lower(c) || dhr_is_upper(c);
}

/* A NUL-terminated copy in the arena. */
char *dhr_str_dup(struct dhr_arena *arena, struct dhr_str s);
/* A NUL-terminated printed string in the arena. */
char *dhr_arena_printf(struct dhr_arena *arena, const char *fmt, ...) DHR_PRINTF(2, 3);
char *dhr_arena_vprintf(struct dhr_arena *arena, const char *fmt, va_list ap) DHR_PRINTF(2, 0);

/*
 * Natural order: runs of digits compare as numbers ("9" before "10", "10"
 * before "10.1.1"), everything else by bytes; equal values fall back to bytes,
 * so the order is total.
 */
int dhr_natural_cmp(struct dhr_str a, struct dhr_str b);

/* A whole number of one to six digits and nothing else. */
bool dhr_str_number(struct dhr_str s, unsigned long *value);

/* Edit distance in bytes (insert, delete, replace, swap of neighbours), at most `limit` + 1. */
size_t dhr_str_distance(struct dhr_str a, struct dhr_str b, size_t limit);

/* The candidate nearest to a mistyped name so far; zero: none yet. Borrows the candidate. */
struct dhr_nearest {
    struct dhr_str name;
    size_t distance;
};

/* Keep a candidate that is within `limit` of what was typed, and nearer than the one kept. */
void dhr_nearest_try(struct dhr_nearest *nearest, struct dhr_str candidate, struct dhr_str typed,
                     size_t limit);

void dhr_buf_add(struct dhr_buf *buf, const char *ptr, size_t len_bytes);
void dhr_buf_adds(struct dhr_buf *buf, const char *cstr);
void dhr_buf_add_str(struct dhr_buf *buf, struct dhr_str s);
void dhr_buf_addc(struct dhr_buf *buf, char c);
void dhr_buf_addf(struct dhr_buf *buf, const char *fmt, ...) DHR_PRINTF(2, 3);
/* The contents as a C string, "" while empty; borrowed until the next change. */
const char *dhr_buf_cstr(const struct dhr_buf *buf);
/* The contents as a span; borrowed until the next change. */
struct dhr_str dhr_buf_str(const struct dhr_buf *buf);
/* Forget the contents, keep the memory. */
void dhr_buf_clear(struct dhr_buf *buf);
void dhr_buf_release(struct dhr_buf *buf);

#endif
