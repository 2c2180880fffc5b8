#include <string.h>

#include "dhrledger/ini.h"
#include "dhrledger/unseen.h"
#include "dhrledger/utf8.h"

#define INDENT "  "

enum { LINE_COLUMNS = DHR_FOLD_COLUMNS - DHR_FOLD_INDENT };

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/* Whether a continuation line with this text would be read as something else. */
static bool needs_escape(struct dhr_str text)
{
    if (memchr("#;.\\[", text.ptr[0], 5))
        return true;
    size_t at = 0;
    while (at < text.len && is_word_char(text.ptr[at]))
        at++;
    if (at == 0)
        return false;
    while (at < text.len && text.ptr[at] == ' ')
        at++;
    return at < text.len && text.ptr[at] == '=';
}

/* The next line of the paragraph. Text without width is folded too, before a line is too long. */
static bool fold(struct dhr_str *rest, size_t columns, struct dhr_str *line)
{
    const char *end = rest->ptr + rest->len;
    if (!dhr_wrap_next(rest, columns, false, line))
        return false;
    if (line->len <= DHR_WORD_MAX_BYTES)
        return true;
    size_t len = DHR_WORD_MAX_BYTES;
    while (len && line->ptr[len] != ' ')
        len--;
    if (len) {
        line->len = len;
        *rest = dhr_str_span(line->ptr + len, (size_t)(end - line->ptr) - len);
    }
    return true;
}

static void add_folded(struct dhr_buf *out, struct dhr_str paragraph)
{
    struct dhr_str line;
    struct dhr_str rest = paragraph;
    struct dhr_str before = rest;
    while (fold(&rest, LINE_COLUMNS, &line)) {
        bool escape = needs_escape(line);
        if (escape) {
            /* The backslash takes a column. */
            rest = before;
            (void)fold(&rest, LINE_COLUMNS - 1, &line);
        }
        dhr_buf_adds(out, escape ? INDENT "\\" : INDENT);
        dhr_buf_add_str(out, line);
        dhr_buf_addc(out, '\n');
        before = rest;
    }
}

void dhr_ini_add_entry(struct dhr_buf *out, struct dhr_str name, struct dhr_str value)
{
    bool one_line = !value.len || (!memchr(value.ptr, '\n', value.len) &&
                                   name.len + 3 + value.len <= DHR_WORD_MAX_BYTES);
    dhr_buf_add_str(out, name);
    dhr_buf_adds(out, " =");
    if (one_line && name.len + 3 + dhr_utf8_width(value) <= DHR_FOLD_COLUMNS) {
        if (value.len)
            dhr_buf_addc(out, ' ');
        dhr_buf_add_str(out, value);
        dhr_buf_addc(out, '\n');
        return;
    }
    dhr_buf_addc(out, '\n');
    struct dhr_str paragraph;
    bool first = true;
    while (dhr_str_split(&value, '\n', &paragraph)) {
        if (!first)
            dhr_buf_adds(out, INDENT ".\n");
        first = false;
        add_folded(out, paragraph);
    }
}

int dhr_ini_check_value(struct dhr_str value, struct dhr_err *err)
{
    if (dhr_utf8_valid_len(value) < value.len)
        return dhr_fail(err, DHR_USAGE, "the value is not UTF-8; give it as UTF-8 text");
    size_t word = 0;
    for (size_t i = 0; i < value.len; i++) {
        unsigned char c = (unsigned char)value.ptr[i];
        bool c1 = c == 0xC2 && i + 1 < value.len && (unsigned char)value.ptr[i + 1] < 0xA0;
        if ((c < 0x20 && c != '\n') || c == 0x7F || c1)
            return dhr_fail(err, DHR_USAGE, "the value holds a control character; leave it out");
        word = c == ' ' || c == '\n' ? 0 : word + 1;
        if (word > DHR_WORD_MAX_BYTES)
            return dhr_fail(err, DHR_USAGE, "the value holds a word longer than %d bytes",
                            DHR_WORD_MAX_BYTES);
    }
    return 0;
}

int dhr_ini_check_new_value(struct dhr_str value, struct dhr_err *err)
{
    struct dhr_unseen found;
    size_t at = 0;
    if (dhr_ini_check_value(value, err) < 0)
        return -1;
    if (dhr_utf8_is_ascii(value) || !dhr_unseen_next(value, &at, &found))
        return 0;
    return dhr_fail(err, DHR_USAGE,
                    "the value holds U+%04X (%s), which can't be seen; leave it out",
                    (unsigned)found.code, found.name);
}

static void add_heading(struct dhr_buf *out, const struct dhr_section_def *def,
                        struct dhr_str agency, unsigned action)
{
    dhr_buf_addf(out, "[%s", def->heading);
    if (def->label != DHR_LABEL_NONE)
        dhr_buf_addf(out, " %.*s", DHR_ARG(agency));
    if (def->label == DHR_LABEL_ACTION)
        dhr_buf_addf(out, " %u", action);
    dhr_buf_adds(out, "]\n");
}

void dhr_ini_add_section(struct dhr_buf *out, enum dhr_section_id section, struct dhr_str agency,
                         unsigned action, const struct dhr_ini_pair *pairs, size_t count)
{
    const struct dhr_section_def *def = dhr_schema_section(section);
    if (out->len)
        dhr_buf_addc(out, '\n');
    add_heading(out, def, agency, action);
    size_t key_count = 0;
    const struct dhr_key *key = dhr_section_keys(def, &key_count);
    bool first = true;
    for (; key_count; key++, key_count--) {
        bool given = false;
        for (size_t i = 0; i < count; i++) {
            if (pairs[i].key != key->id || !pairs[i].value.len)
                continue;
            if (!first && !given)
                dhr_buf_addc(out, '\n');
            dhr_ini_add_entry(out, dhr_str_of(key->name), pairs[i].value);
            given = true;
            first = false;
        }
        if (given || !(key->flags & DHR_KEY_FORM))
            continue;
        if (!first)
            dhr_buf_addc(out, '\n');
        dhr_ini_add_entry(out, dhr_str_of(key->name), (struct dhr_str){NULL, 0});
        first = false;
    }
}
