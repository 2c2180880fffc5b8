#include "dhrledger/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

size_t dhr_utf8_skip_ascii(struct dhr_str s, size_t at)
{
    uint64_t eight = 0;
    while (at + sizeof(eight) <= s.len) {
        memcpy(&eight, s.ptr + at, sizeof(eight));
        if (eight & UINT64_C(0x8080808080808080))
            break;
        at += sizeof(eight);
    }
    while (at < s.len && (unsigned char)s.ptr[at] < 0x80)
        at++;
    return at;
}

bool dhr_utf8_is_ascii(struct dhr_str s)
{
    return dhr_utf8_skip_ascii(s, 0) == s.len;
}

struct dhr_str dhr_utf8_without_mark(struct dhr_str s)
{
    static const char mark[] = "\xEF\xBB\xBF";
    return dhr_str_starts(s, mark) ? dhr_str_after(s, sizeof(mark) - 1) : s;
}

size_t dhr_utf8_valid_len(struct dhr_str s)
{
    size_t at = 0;
    while ((at = dhr_utf8_skip_ascii(s, at)) < s.len) {
        utf8proc_int32_t code = -1;
        utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                                 (utf8proc_ssize_t)(s.len - at), &code);
        if (used <= 0)
            return at;
        at += (size_t)used;
    }
    return s.len;
}

size_t dhr_utf8_whole_len(struct dhr_str s)
{
    enum { MOST = 4 };
    for (size_t back = 1; back <= MOST && back <= s.len; back++) {
        unsigned char c = (unsigned char)s.ptr[s.len - back];
        size_t needed = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : c >= 0xC0 ? 2 : 0;
        if (needed)
            return needed > back ? s.len - back : s.len;
        if (c < 0x80)
            break;
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

/* utf8proc gives vowel signs and their like (Mc) no column; terminals and wcwidth give them one. */
static size_t columns_of(utf8proc_int32_t code)
{
    if (code >= ' ' && code <= '~')
        return 1;
    if (utf8proc_category(code) == UTF8PROC_CATEGORY_MC)
        return 1;
    return (size_t)utf8proc_charwidth(code);
}

size_t dhr_utf8_plain_len(struct dhr_str s)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    uint64_t eight = 0;
    size_t at = 0;
    for (; at + sizeof(eight) <= s.len; at += sizeof(eight)) {
        memcpy(&eight, s.ptr + at, sizeof(eight));
        /* The first that is beyond '~', 0x7F or before ' ' sets its highest bit in one of these. */
        if ((eight | (eight + each) | (eight - ' ' * each)) & 0x80 * each)
            break;
    }
    while (at < s.len && s.ptr[at] >= ' ' && s.ptr[at] <= '~')
        at++;
    return at;
}

static struct dhr_str from(struct dhr_str s, size_t at)
{
    return dhr_str_span(s.ptr + at, s.len - at);
}

size_t dhr_utf8_width(struct dhr_str s)
{
    size_t columns = 0;
    for (size_t at = 0; at < s.len;) {
        size_t plain = dhr_utf8_plain_len(from(s, at));
        utf8proc_int32_t code = 0;
        columns += plain;
        at += plain;
        if (at < s.len) {
            at += next_char(s, at, &code);
            columns += columns_of(code);
        }
    }
    return columns;
}

size_t dhr_utf16_len(struct dhr_str s)
{
    size_t units = 0;
    for (size_t at = 0; at < s.len;) {
        utf8proc_int32_t code = 0;
        at += next_char(s, at, &code);
        units += code > 0xFFFF ? 2 : 1;
    }
    return units;
}

size_t dhr_utf8_fit(struct dhr_str s, size_t columns)
{
    size_t used = 0;
    size_t at = 0;
    while (at < s.len) {
        utf8proc_int32_t code = 0;
        size_t len = next_char(s, at, &code);
        size_t width = columns_of(code);
        if (width > 0 && used + width > columns && at > 0)
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
           (code >= 0x2028 && code <= 0x2029) || (code >= 0x2060 && code <= 0x206F) ||
           code == 0x200B || code == 0x200E || code == 0x200F || code == 0x061C || code == 0xFEFF;
}

void dhr_utf8_add_safe(struct dhr_buf *buf, struct dhr_str s, bool keep_lines)
{
    for (size_t at = 0; at < s.len;) {
        utf8proc_int32_t code = 0;
        size_t plain = dhr_utf8_plain_len(from(s, at));
        dhr_buf_add(buf, s.ptr + at, plain);
        at += plain;
        if (at == s.len)
            break;
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

/* White space, no-break spaces too: they look the same, and pages are full of them. */
static bool is_space(utf8proc_int32_t code)
{
    return code == ' ' || (code >= '\t' && code <= '\r') ||
           utf8proc_category(code) == UTF8PROC_CATEGORY_ZS;
}

/* Nearly every name is ASCII, and needs no tables. */
static void add_folded_ascii(struct dhr_buf *buf, struct dhr_str s)
{
    size_t start = buf->len;
    bool gap = false;
    dhr_buf_add_str(buf, s); /* it only gets shorter */
    char *out = buf->ptr + start;
    char *end = out;
    for (size_t i = 0; i < s.len; i++) {
        char c = s.ptr[i];
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            gap = end > out;
            continue;
        }
        if (gap)
            *end++ = ' ';
        gap = false;
        *end++ = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
    }
    buf->len = start + (size_t)(end - out);
    *end = '\0';
}

void dhr_utf8_add_folded(struct dhr_buf *buf, struct dhr_str s)
{
    utf8proc_uint8_t *folded = NULL;
    if (dhr_utf8_is_ascii(s)) {
        add_folded_ascii(buf, s);
        return;
    }
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
    struct dhr_str text = dhr_str_span((const char *)folded, (size_t)len);
    for (size_t at = 0; at < text.len;) {
        utf8proc_int32_t code = 0;
        size_t char_len = next_char(text, at, &code);
        if (is_space(code)) {
            gap = buf->len > start;
        } else {
            if (gap)
                dhr_buf_addc(buf, ' ');
            gap = false;
            dhr_buf_add(buf, text.ptr + at, char_len);
        }
        at += char_len;
    }
    free(folded);
}

/* What Unicode calls letters of their own, and people write without their stroke; NULL for others.
 */
static const char *plain_letter(utf8proc_int32_t code)
{
    static const struct {
        utf8proc_int32_t code;
        const char *plain;
    } letters[] = {{0xE6, "ae"}, {0xF0, "d"},  {0xF8, "o"},  {0xFE, "th"},  {0x111, "d"},
                   {0x127, "h"}, {0x131, "i"}, {0x142, "l"}, {0x153, "oe"}, {0x167, "t"}};
    for (size_t i = 0; i < sizeof(letters) / sizeof(letters[0]); i++) {
        if (letters[i].code == code)
            return letters[i].plain;
    }
    return NULL;
}

static bool is_letter_or_mark(utf8proc_int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_ME) ||
           category == UTF8PROC_CATEGORY_CF;
}

size_t dhr_utf8_fold_letter(struct dhr_str s, size_t at, char folded[DHR_FOLD_MOST], size_t *len)
{
    utf8proc_int32_t code = 0;
    utf8proc_int32_t parts[8];
    size_t used = next_char(s, at, &code);
    *len = 0;
    if (!is_letter_or_mark(code))
        return 0;
    utf8proc_ssize_t count =
        utf8proc_decompose_char(code, parts, 8,
                                UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD |
                                    UTF8PROC_STRIPMARK | UTF8PROC_IGNORE,
                                NULL);
    for (utf8proc_ssize_t i = 0; i < count && i < 8; i++) {
        const char *plain = plain_letter(parts[i]);
        if (plain) {
            memcpy(folded + *len, plain, strlen(plain));
            *len += strlen(plain);
        } else {
            *len += (size_t)utf8proc_encode_char(parts[i], (utf8proc_uint8_t *)folded + *len);
        }
    }
    return used;
}

/* Where the word that begins at `at` ends. */
static size_t word_end(struct dhr_str s, size_t at)
{
    while (at < s.len && s.ptr[at] != ' ' && s.ptr[at] != '\n')
        at++;
    return at;
}

static size_t skip_spaces(struct dhr_str s, size_t at)
{
    while (at < s.len && s.ptr[at] == ' ')
        at++;
    return at;
}

bool dhr_wrap_next(struct dhr_str *rest, size_t columns, bool split_words, struct dhr_str *line)
{
    if (!rest->len)
        return false;
    size_t start = skip_spaces(*rest, 0);
    struct dhr_str s = dhr_str_span(rest->ptr + start, rest->len - start);
    size_t end = 0;  /* the line so far ends here */
    size_t used = 0; /* columns up to the next word */
    size_t at = 0;   /* where that begins */
    while (at < s.len && s.ptr[at] != '\n') {
        size_t stop = word_end(s, at);
        struct dhr_str word = dhr_str_span(s.ptr + at, stop - at);
        size_t width = dhr_utf8_width(word);
        if (end > 0 && used + width > columns)
            break;
        end = stop;
        if (split_words && width > columns) {
            end = at + dhr_utf8_fit(word, columns);
            break;
        }
        at = skip_spaces(s, stop);
        used += width + (at - stop);
    }
    *line = dhr_str_span(s.ptr, end);
    size_t after = skip_spaces(s, end);
    if (after < s.len && s.ptr[after] == '\n')
        after++;
    *rest = dhr_str_span(s.ptr + after, s.len - after);
    return s.len > 0;
}
