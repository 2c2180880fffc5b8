#include <string.h>

#include "ini_reading.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* The next line's length; false where it is the last one and unfinished, too long or suspect. */
static bool measure(const struct reading *r, size_t *len)
{
    const char *start = r->ini->bytes.ptr + r->at;
    const char *lf = r->suspect ? NULL : memchr(start, '\n', r->ini->bytes.len - r->at);
    *len = lf ? (size_t)(lf - start) : 0;
    return lf && *len <= DHR_LINE_MAX_BYTES && !is_space(lf[-1]);
}

static inline void add_line(struct reading *r, enum dhr_line_kind kind, size_t len, size_t value_at)
{
    struct dhr_ini *ini = r->ini;
    uint32_t start = (uint32_t)r->at;
    *DHR_PUSH(ini->lines, ini->line_count, ini->line_capacity) =
        (struct dhr_ini_line){.start = start,
                              .len = (uint32_t)len,
                              .value = start + (uint32_t)value_at,
                              .value_len = (uint32_t)(len - value_at),
                              .kind = kind};
    ini->value_bytes += len - value_at + 1;
    r->at += len + 1;
}

/*
 * The key that the next line begins with, and " =" behind it. In a file in canonical layout it is
 * the last entry's or one of the next few.
 */
static const struct dhr_key *key_at(const struct reading *r)
{
    enum { ENDING = 3 }; /* " =", and a line end at least */
    const char *start = r->ini->bytes.ptr + r->at;
    size_t rest = r->ini->bytes.len - r->at;
    for (const struct dhr_key *key = r->last; key < r->end; key++) {
        size_t len = key->name_len;
        if (start[0] == key->name[0] && len + ENDING <= rest && start[len] == ' ' &&
            start[len + 1] == '=' && memcmp(start, key->name, len) == 0)
            return key;
    }
    return NULL;
}

/* "key = value", or "key =" as forms have it. */
static inline bool take_entry(struct reading *r)
{
    const struct dhr_key *key = key_at(r);
    if (!key)
        return false;
    const char *start = r->ini->bytes.ptr + r->at;
    size_t value_at = key->name_len + 2;
    size_t len = value_at;
    if (start[len] != '\n') {
        value_at++;
        if (start[len] != ' ' || is_space(start[value_at]) || !measure(r, &len))
            return false;
    }
    add_line(r, DHR_LINE_KEY, len, value_at);
    ini_open_entry(r, dhr_str_span(start, key->name_len), key);
    return true;
}

/* A line of folded prose. */
static bool take_more(struct reading *r)
{
    const struct dhr_ini *ini = r->ini;
    const char *start = ini->bytes.ptr + r->at;
    size_t len = 0;
    if (r->open != OPEN_VALUE || !measure(r, &len) || len <= DHR_FOLD_INDENT ||
        memcmp(start, "  ", DHR_FOLD_INDENT) != 0)
        return false;
    struct dhr_str text = dhr_str_span(start + DHR_FOLD_INDENT, len - DHR_FOLD_INDENT);
    if (is_space(text.ptr[0]) || text.ptr[0] == '#' || text.ptr[0] == ';' ||
        ini_looks_hidden(ini, text))
        return false;
    add_line(r, DHR_LINE_MORE, len, DHR_FOLD_INDENT);
    ini->entries[ini->entry_count - 1].last_line = (uint32_t)ini->line_count - 1;
    return true;
}

static inline bool take_line(struct reading *r)
{
    char first = r->ini->bytes.ptr[r->at];
    if (first == ' ')
        return take_more(r);
    if (first != '\n')
        return take_entry(r);
    add_line(r, DHR_LINE_BLANK, 0, 0);
    if (r->open != OPEN_NONE)
        r->open = OPEN_BLANK;
    return true;
}

void ini_take_plain_lines(struct reading *r)
{
    while (r->at < r->ini->bytes.len && take_line(r))
        ;
}
