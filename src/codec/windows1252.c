#include "dhrledger/windows1252.h"

#include <stdint.h>

#include "dhrledger/utf8.h"

/* 0x80 to 0x9F, from the table that Unicode publishes; elsewhere bytes are code points. */
static const uint16_t high[32] = {0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                  0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
                                  0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                  0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178};

static void add_char(struct dhr_buf *out, unsigned code)
{
    if (code < 0x80) {
        dhr_buf_addc(out, (char)code);
    } else if (code < 0x800) {
        dhr_buf_addc(out, (char)(0xC0 | (code >> 6)));
        dhr_buf_addc(out, (char)(0x80 | (code & 0x3F)));
    } else {
        dhr_buf_addc(out, (char)(0xE0 | (code >> 12)));
        dhr_buf_addc(out, (char)(0x80 | ((code >> 6) & 0x3F)));
        dhr_buf_addc(out, (char)(0x80 | (code & 0x3F)));
    }
}

void dhr_windows1252_decode(struct dhr_buf *out, struct dhr_str bytes)
{
    for (size_t i = 0; i < bytes.len; i++) {
        unsigned char byte = (unsigned char)bytes.ptr[i];
        add_char(out, byte >= 0x80 && byte < 0xA0 ? high[byte - 0x80] : byte);
    }
}

/* The character at the front of valid UTF-8, taken off it. */
static unsigned take_char(struct dhr_str *text)
{
    const unsigned char *p = (const unsigned char *)text->ptr;
    size_t len = p[0] < 0x80 ? 1 : p[0] < 0xE0 ? 2 : p[0] < 0xF0 ? 3 : 4;
    unsigned code = len == 1 ? p[0] : p[0] & (0xFFu >> (len + 1));
    for (size_t i = 1; i < len; i++)
        code = code << 6 | (p[i] & 0x3Fu);
    *text = dhr_str_span(text->ptr + len, text->len - len);
    return code;
}

/* The byte for a character, or -1. */
static int byte_of(unsigned code)
{
    if (code < 0x80 || (code >= 0xA0 && code <= 0xFF))
        return (int)code;
    for (int i = 0; i < 32; i++) {
        if (high[i] == code)
            return 0x80 + i;
    }
    return -1;
}

bool dhr_windows1252_encode(struct dhr_buf *out, struct dhr_str text)
{
    while (text.len) {
        int byte = byte_of(take_char(&text));
        if (byte < 0)
            return false;
        dhr_buf_addc(out, (char)byte);
    }
    return true;
}

struct dhr_str dhr_windows1252_repair(struct dhr_arena *arena, struct dhr_str text)
{
    struct dhr_buf bytes = {0};
    if (!dhr_utf8_is_ascii(text) && dhr_windows1252_encode(&bytes, text) &&
        dhr_utf8_valid_len(dhr_buf_str(&bytes)) == bytes.len)
        text = dhr_str_span(dhr_arena_dup(arena, bytes.ptr, bytes.len), bytes.len);
    dhr_buf_release(&bytes);
    return text;
}

bool dhr_windows1252_lossy_eq(struct dhr_str damaged, struct dhr_str text)
{
    while (damaged.len && text.len) {
        unsigned is = take_char(&damaged);
        unsigned was = take_char(&text);
        if (is != was && !(is == '?' && byte_of(was) < 0))
            return false;
    }
    return damaged.len == text.len;
}
