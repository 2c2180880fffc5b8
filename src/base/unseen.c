#include "dhrledger/unseen.h"

#include <utf8proc.h>

#include "dhrledger/utf8.h"

/* When a character does something where it stands. */
enum use {
    USE_NONE,
    USE_JOIN,     /* behind a letter of a script that joins, or a symbol */
    USE_VARIANT,  /* behind a symbol, a digit or an ideograph */
    USE_DIRECTION /* beside a letter written from the right */
};

static const struct range {
    uint32_t first, last;
    enum use use;
    const char *name;
} ranges[] = {
    /* in the order of codes */
    {0xAD, 0xAD, USE_NONE, "soft hyphen"},
    {0x34F, 0x34F, USE_NONE, "grapheme joiner"},
    {0x61C, 0x61C, USE_DIRECTION, "Arabic letter mark"},
    {0x115F, 0x1160, USE_NONE, "Hangul filler"},
    {0x17B4, 0x17B5, USE_NONE, "Khmer inherent vowel"},
    {0x180B, 0x180F, USE_VARIANT, "Mongolian variation selector"},
    {0x200B, 0x200B, USE_NONE, "zero width space"},
    {0x200C, 0x200C, USE_JOIN, "zero width non-joiner"},
    {0x200D, 0x200D, USE_JOIN, "zero width joiner"},
    {0x200E, 0x200E, USE_DIRECTION, "left-to-right mark"},
    {0x200F, 0x200F, USE_DIRECTION, "right-to-left mark"},
    {0x2028, 0x2028, USE_NONE, "line separator"},
    {0x2029, 0x2029, USE_NONE, "paragraph separator"},
    {0x202A, 0x202A, USE_NONE, "left-to-right embedding"},
    {0x202B, 0x202B, USE_NONE, "right-to-left embedding"},
    {0x202C, 0x202C, USE_NONE, "end of an embedding or override"},
    {0x202D, 0x202D, USE_NONE, "left-to-right override"},
    {0x202E, 0x202E, USE_NONE, "right-to-left override"},
    {0x2060, 0x2060, USE_NONE, "word joiner"},
    {0x2061, 0x2065, USE_NONE, "invisible operator"},
    {0x2066, 0x2066, USE_NONE, "left-to-right isolate"},
    {0x2067, 0x2067, USE_NONE, "right-to-left isolate"},
    {0x2068, 0x2068, USE_NONE, "first strong isolate"},
    {0x2069, 0x2069, USE_NONE, "end of an isolate"},
    {0x206A, 0x206F, USE_NONE, "format character"},
    {0x3164, 0x3164, USE_NONE, "Hangul filler"},
    {0xFE00, 0xFE0F, USE_VARIANT, "variation selector"},
    {0xFEFF, 0xFEFF, USE_NONE, "byte order mark"},
    {0xFFA0, 0xFFA0, USE_NONE, "Hangul filler"},
    {0xFFF0, 0xFFFB, USE_NONE, "annotation mark"},
    {0x1BCA0, 0x1BCA3, USE_NONE, "shorthand format character"},
    {0x1D173, 0x1D17A, USE_NONE, "musical format character"},
    {0xE0000, 0xE00FF, USE_NONE, "tag character"},
    {0xE0100, 0xE01EF, USE_VARIANT, "variation selector"},
    {0xE01F0, 0xE0FFF, USE_NONE, "tag character"},
};

static unsigned char byte_at(struct dhr_str s, size_t at)
{
    return at < s.len ? (unsigned char)s.ptr[at] : 0;
}

/* Whether a character of the table may begin there: quotes and dashes (E2 80 9x) need no look. */
static bool may_begin(struct dhr_str s, size_t at)
{
    unsigned char third = 0;
    switch (byte_at(s, at)) {
    case 0xC2:
        return byte_at(s, at + 1) == 0xAD;
    case 0xE2:
        third = byte_at(s, at + 2);
        return (byte_at(s, at + 1) == 0x80 && (third < 0x90 || third >= 0xA8)) ||
               byte_at(s, at + 1) == 0x81;
    case 0xCD:
    case 0xD8:
    case 0xE1:
    case 0xE3:
    case 0xEF:
    case 0xF0:
    case 0xF3:
        return true;
    default:
        return false;
    }
}

/* The character at `at`, or -1; *len is its length, or 1. */
static utf8proc_int32_t char_at(struct dhr_str s, size_t at, size_t *len)
{
    utf8proc_int32_t code = -1;
    utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                             (utf8proc_ssize_t)(s.len - at), &code);
    *len = used > 0 ? (size_t)used : 1;
    return used > 0 ? code : -1;
}

/* The character that ends at `end`, which becomes where it begins; -1 at the start. */
static utf8proc_int32_t char_before(struct dhr_str s, size_t *end)
{
    size_t len = 0;
    if (*end == 0)
        return -1;
    do
        --*end;
    while (*end > 0 && ((unsigned char)s.ptr[*end] & 0xC0) == 0x80);
    return char_at(s, *end, &len);
}

static bool is_mark(utf8proc_int32_t code)
{
    utf8proc_category_t category = utf8proc_category(code);
    bool skin = code >= 0x1F3FB && code <= 0x1F3FF;
    return skin || (category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME);
}

/* Letters without case are those of scripts that join, and ideographs; Latin's ª and º aside. */
static bool is_caseless(utf8proc_int32_t code)
{
    return code > 0xFF && utf8proc_category(code) == UTF8PROC_CATEGORY_LO;
}

static bool joins(struct dhr_str s, size_t at)
{
    utf8proc_int32_t code = -1;
    do
        code = char_before(s, &at);
    while (code >= 0 && is_mark(code));
    return code >= 0 && (is_caseless(code) || utf8proc_category(code) == UTF8PROC_CATEGORY_SO);
}

/* Emoji are made of symbols, arrows, two punctuation marks, the letter ℹ, and digits as keys. */
static bool has_variants(struct dhr_str s, size_t at, size_t end)
{
    size_t len = 0;
    utf8proc_int32_t code = char_before(s, &at);
    utf8proc_category_t category = code < 0 ? UTF8PROC_CATEGORY_CN : utf8proc_category(code);
    if (code >= 0 && code < 0x80)
        return end < s.len && char_at(s, end, &len) == 0x20E3;
    return category == UTF8PROC_CATEGORY_SO || category == UTF8PROC_CATEGORY_SM ||
           category == UTF8PROC_CATEGORY_SK || code == 0x203C || code == 0x2049 || code == 0x2139 ||
           code == 0x3030 || code == 0x303D || is_caseless(code);
}

static bool is_from_right(utf8proc_int32_t code)
{
    utf8proc_propval_t class = code < 0 ? 0 : utf8proc_get_property(code)->bidi_class;
    return class == UTF8PROC_BIDI_CLASS_R || class == UTF8PROC_BIDI_CLASS_AL;
}

/* A mark itself counts for a letter of its direction, so marks are passed over. */
static bool stands_beside_right(struct dhr_str s, size_t at, size_t end)
{
    enum { FAR = 3 }; /* a space, a bracket and another mark may stand between */
    size_t len = 0;
    for (int i = 0; i < FAR && at > 0; i++) {
        utf8proc_int32_t code = char_before(s, &at);
        if (is_from_right(code) && !utf8proc_get_property(code)->ignorable)
            return true;
    }
    for (int i = 0; i < FAR && end < s.len; i++, end += len) {
        utf8proc_int32_t code = char_at(s, end, &len);
        if (is_from_right(code) && !utf8proc_get_property(code)->ignorable)
            return true;
    }
    return false;
}

static bool is_used(const struct range *range, struct dhr_str s, size_t at, size_t end)
{
    return (range->use == USE_JOIN && joins(s, at)) ||
           (range->use == USE_VARIANT && has_variants(s, at, end)) ||
           (range->use == USE_DIRECTION && stands_beside_right(s, at, end));
}

static const struct range *range_of(utf8proc_int32_t code)
{
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        if ((uint32_t)code <= ranges[i].last)
            return (uint32_t)code >= ranges[i].first ? &ranges[i] : NULL;
    }
    return NULL;
}

/* Where the tags behind a black flag end, or 0: England, Scotland and Wales have theirs so. */
static size_t flag_end(struct dhr_str s, size_t at)
{
    enum { LONGEST = 8 };
    size_t len = 0;
    size_t end = at;
    if (char_before(s, &at) != 0x1F3F4)
        return 0;
    for (int i = 0; i < LONGEST && end < s.len; i++) {
        utf8proc_int32_t code = char_at(s, end, &len);
        if (code < 0xE0020 || code > 0xE007F)
            return 0;
        end += len;
        if (code == 0xE007F)
            return end;
    }
    return 0;
}

/* Step over what nothing of the table begins with. */
static size_t skip_plain(struct dhr_str s, size_t at)
{
    while ((at = dhr_utf8_skip_ascii(s, at)) < s.len && !may_begin(s, at))
        at++;
    return at;
}

bool dhr_unseen_next(struct dhr_str text, size_t *at, struct dhr_unseen *found)
{
    for (*at = skip_plain(text, *at); *at < text.len; *at = skip_plain(text, *at)) {
        size_t len = 0;
        utf8proc_int32_t code = char_at(text, *at, &len);
        const struct range *range = code < 0 ? NULL : range_of(code);
        size_t flag = range && code >= 0xE0020 && code <= 0xE007F ? flag_end(text, *at) : 0;
        size_t start = *at;
        *at = flag ? flag : start + len;
        if (!range || flag || is_used(range, text, start, start + len))
            continue;
        *found = (struct dhr_unseen){start, len, (uint32_t)code, range->name};
        return true;
    }
    return false;
}
