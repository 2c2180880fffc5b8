#include "dhrledger/utf8.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

size_t dhr_utf8_valid_len(struct dhr_str s)
{
    size_t at = 0;
    while (at < s.len) {
        if ((unsigned char)s.ptr[at] < 0x80) {
            at++;
            continue;
        }
        utf8proc_int32_t code = -1;
        utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                                 (utf8proc_ssize_t)(s.len - at), &code);
        if (used <= 0)
            return at;
        at += (size_t)used;
    }
    return s.len;
}

/* The character at s.ptr[at] and its length; an invalid byte is U+FFFD of length 1. */
static size_t next_char(struct dhr_str s, size_t at, utf8proc_int32_t *code)
{
    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                             (utf8proc_ssize_t)(s.len - at), code);
    if (used > 0)
        return (size_t)used;
    *code = 0xFFFD;
    return 1;
}

size_t dhr_utf8_width(struct dhr_str s)
{
    size_t columns = 0;
    for (size_t at = 0; at < s.len;) {
        utf8proc_int32_t code = 0;
        at += next_char(s, at, &code);
        columns += (size_t)utf8proc_charwidth(code);
    }
    return columns;
}

size_t dhr_utf8_fit(struct dhr_str s, size_t columns)
{
    size_t used = 0;
    size_t at = 0;
    while (at < s.len) {
        utf8proc_int32_t code = 0;
        size_t len = next_char(s, at, &code);
        size_t width = (size_t)utf8proc_charwidth(code);
        if (used + width > columns && at > 0)
            break;
        used += width;
        at += len;
    }
    return at;
}

/* Bidirectional controls and invisible characters that make text read otherwise than it is. */
static bool is_deceptive(utf8proc_int32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
           code == 0x200E || code == 0x200F || code == 0x061C || code == 0xFEFF;
}

void dhr_utf8_add_safe(struct dhr_buf *buf, struct dhr_str s, bool keep_lines)
{
    for (size_t at = 0; at < s.len;) {
        utf8proc_int32_t code = 0;
        size_t len = next_char(s, at, &code);
        bool invalid = code == 0xFFFD && len == 1;
        if (invalid)
            dhr_buf_addf(buf, "<0x%02X>", (unsigned char)s.ptr[at]);
        else if (code == '\n' && keep_lines)
            dhr_buf_addc(buf, '\n');
        else if (code < 0x20 || (code >= 0x7F && code < 0xA0) || is_deceptive(code))
            dhr_buf_addf(buf, "<U+%04X>", (unsigned)code);
        else
            dhr_buf_add(buf, s.ptr + at, len);
        at += len;
    }
}

void dhr_utf8_add_folded(struct dhr_buf *buf, struct dhr_str s)
{
    utf8proc_uint8_t *folded = NULL;
    utf8proc_ssize_t len =
        utf8proc_map((const utf8proc_uint8_t *)s.ptr, (utf8proc_ssize_t)s.len, &folded,
                     UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_STRIPMARK);
    if (len < 0) {
        free(folded);
        dhr_buf_add_str(buf, s);
        return;
    }
    bool gap = false;
    size_t start = buf->len;
    for (utf8proc_ssize_t i = 0; i < len; i++) {
        char c = (char)folded[i];
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            gap = buf->len > start;
            continue;
        }
        if (gap)
            dhr_buf_addc(buf, ' ');
        gap = false;
        dhr_buf_addc(buf, c);
    }
    free(folded);
}

bool dhr_wrap_next(struct dhr_str *rest, size_t columns, bool split_words, struct dhr_str *line)
{
    while (rest->len && rest->ptr[0] == ' ') {
        rest->ptr++;
        rest->len--;
    }
    if (!rest->len)
        return false;
    size_t end = 0;  /* the line so far ends here */
    size_t at = 0;   /* the next word starts here */
    size_t used = 0; /* columns up to `at` */
    while (at < rest->len && rest->ptr[end] != '\n') {
        size_t stop = at;
        while (stop < rest->len && rest->ptr[stop] != ' ' && rest->ptr[stop] != '\n')
            stop++;
        size_t width = dhr_utf8_width(dhr_str_span(rest->ptr + at, stop - at));
        if (end > 0 && used + width > columns)
            break;
        end = stop;
        if (split_words && used + width > columns) {
            end = at + dhr_utf8_fit(dhr_str_span(rest->ptr + at, stop - at), columns - used);
            break;
        }
        used += width + 1;
        at = stop;
        while (at < rest->len && rest->ptr[at] == ' ')
            at++;
        if (stop == rest->len || rest->ptr[stop] == '\n')
            break;
    }
    *line = dhr_str_span(rest->ptr, end);
    if (end < rest->len && rest->ptr[end] == '\n')
        end++;
    rest->ptr += end;
    rest->len -= end;
    return true;
}
