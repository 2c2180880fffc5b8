#include "dhrledger/str.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int dhr_str_cmp(struct dhr_str a, struct dhr_str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

struct dhr_str dhr_str_trim(struct dhr_str s)
{
    while (s.len && is_blank(s.ptr[0])) {
        s.ptr++;
        s.len--;
    }
    while (s.len && is_blank(s.ptr[s.len - 1]))
        s.len--;
    return s;
}

bool dhr_str_line(struct dhr_str *rest, struct dhr_str *line)
{
    return rest->len && dhr_str_split(rest, '\n', line);
}

char *dhr_str_dup(struct dhr_arena *arena, struct dhr_str s)
{
    return dhr_arena_dup(arena, s.ptr, s.len);
}

char *dhr_arena_vprintf(struct dhr_arena *arena, const char *fmt, va_list ap)
{
    va_list again;
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, fmt, again);
    va_end(again);
    size_t size = len < 0 ? 1 : (size_t)len + 1;
    char *text = dhr_arena_alloc(arena, size);
    text[0] = '\0';
    (void)vsnprintf(text, size, fmt, ap);
    return text;
}

char *dhr_arena_printf(struct dhr_arena *arena, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = dhr_arena_vprintf(arena, fmt, ap);
    va_end(ap);
    return text;
}

/* Step over the digits at *at; the run without leading zeros. */
static struct dhr_str digit_run(struct dhr_str s, size_t *at)
{
    while (*at < s.len && s.ptr[*at] == '0')
        (*at)++;
    size_t start = *at;
    while (*at < s.len && dhr_is_digit(s.ptr[*at]))
        (*at)++;
    return dhr_str_span(s.ptr + start, *at - start);
}

/* Where the two begin to differ; in the midst of digits, where these begin. */
static size_t same_start(struct dhr_str a, struct dhr_str b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    size_t at = 0;
    while (at < common && a.ptr[at] == b.ptr[at])
        at++;
    while (at > 0 && dhr_is_digit(a.ptr[at - 1]))
        at--;
    return at;
}

int dhr_natural_cmp(struct dhr_str a, struct dhr_str b)
{
    size_t i = same_start(a, b);
    size_t j = i;
    while (i < a.len && j < b.len) {
        if (dhr_is_digit(a.ptr[i]) && dhr_is_digit(b.ptr[j])) {
            struct dhr_str x = digit_run(a, &i);
            struct dhr_str y = digit_run(b, &j);
            if (x.len != y.len)
                return x.len < y.len ? -1 : 1;
            int order = x.len ? memcmp(x.ptr, y.ptr, x.len) : 0;
            if (order != 0)
                return order;
            continue;
        }
        unsigned char x = (unsigned char)a.ptr[i++];
        unsigned char y = (unsigned char)b.ptr[j++];
        if (x != y)
            return x < y ? -1 : 1;
    }
    if (i < a.len || j < b.len)
        return i < a.len ? 1 : -1;
    return dhr_str_cmp(a, b);
}

bool dhr_str_number(struct dhr_str s, unsigned long *value)
{
    enum { MAX_DIGITS = 6 };
    *value = 0;
    for (size_t i = 0; i < s.len; i++) {
        if (!dhr_is_digit(s.ptr[i]))
            return false;
        *value = *value * 10 + (unsigned long)(s.ptr[i] - '0');
    }
    return s.len > 0 && s.len <= MAX_DIGITS;
}

static size_t min3(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

size_t dhr_str_distance(struct dhr_str a, struct dhr_str b, size_t limit)
{
    enum { MAX = 128 };
    size_t gap = a.len > b.len ? a.len - b.len : b.len - a.len;
    if (gap > limit || a.len > MAX || b.len > MAX)
        return limit + 1;
    /* Cells further than `limit` from the diagonal are over it, and so are not worked out. */
    size_t rows[3][MAX + 2] = {{0}};
    for (size_t j = 0; j <= b.len + 1; j++)
        rows[0][j] = j;
    size_t least = 0; /* in the row above */
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3];
        const size_t *two_above = rows[(i + 1) % 3];
        size_t from = i > limit ? i - limit : 1;
        size_t to = i + limit < b.len ? i + limit : b.len;
        size_t least_above = least;
        least = row[from - 1] = from == 1 ? i : limit + 1;
        for (size_t j = from; j <= to; j++) {
            size_t cost = a.ptr[i - 1] != b.ptr[j - 1];
            row[j] = min3(above[j] + 1, row[j - 1] + 1, above[j - 1] + cost);
            if (i > 1 && j > 1 && a.ptr[i - 1] == b.ptr[j - 2] && a.ptr[i - 2] == b.ptr[j - 1] &&
                two_above[j - 2] + 1 < row[j])
                row[j] = two_above[j - 2] + 1;
            least = row[j] < least ? row[j] : least;
        }
        row[to + 1] = limit + 1;
        if (least > limit && least_above > limit)
            return limit + 1;
    }
    size_t distance = rows[a.len % 3][b.len];
    return distance > limit ? limit + 1 : distance;
}

void dhr_nearest_try(struct dhr_nearest *nearest, struct dhr_str candidate, struct dhr_str typed,
                     size_t limit)
{
    size_t distance = dhr_str_distance(candidate, typed, limit);
    if (distance <= limit && (!nearest->name.ptr || distance < nearest->distance))
        *nearest = (struct dhr_nearest){candidate, distance};
}

static void reserve(struct dhr_buf *buf, size_t more)
{
    size_t need = buf->len + more + 1;
    if (need <= buf->capacity)
        return;
    size_t capacity = buf->capacity ? buf->capacity : 64;
    while (capacity < need)
        capacity *= 2;
    buf->ptr = dhr_realloc(buf->ptr, capacity);
    buf->capacity = capacity;
}

void dhr_buf_add(struct dhr_buf *buf, const char *ptr, size_t len_bytes)
{
    reserve(buf, len_bytes);
    if (len_bytes)
        memcpy(buf->ptr + buf->len, ptr, len_bytes);
    buf->len += len_bytes;
    buf->ptr[buf->len] = '\0';
}

void dhr_buf_adds(struct dhr_buf *buf, const char *cstr)
{
    dhr_buf_add(buf, cstr, strlen(cstr));
}

void dhr_buf_add_str(struct dhr_buf *buf, struct dhr_str s)
{
    dhr_buf_add(buf, s.ptr, s.len);
}

void dhr_buf_addc(struct dhr_buf *buf, char c)
{
    dhr_buf_add(buf, &c, 1);
}

void dhr_buf_addf(struct dhr_buf *buf, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int len = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (len <= 0)
        return;
    reserve(buf, (size_t)len);
    va_start(ap, fmt);
    (void)vsnprintf(buf->ptr + buf->len, (size_t)len + 1, fmt, ap);
    va_end(ap);
    buf->len += (size_t)len;
}

const char *dhr_buf_cstr(const struct dhr_buf *buf)
{
    return buf->ptr ? buf->ptr : "";
}

struct dhr_str dhr_buf_str(const struct dhr_buf *buf)
{
    return dhr_str_span(dhr_buf_cstr(buf), buf->len);
}

void dhr_buf_clear(struct dhr_buf *buf)
{
    buf->len = 0;
    if (buf->ptr)
        buf->ptr[0] = '\0';
}

void dhr_buf_release(struct dhr_buf *buf)
{
    free(buf->ptr);
    *buf = (struct dhr_buf){0};
}
