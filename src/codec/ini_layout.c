/*
 * Whether a file is in canonical layout. The formatter is the judge, and nearly every file is as
 * it would write it; so a file is first compared with what the formatter would do, without doing
 * it. That test says yes only where it is sure (no comments, tabs, escapes), and is quick.
 */
#include <string.h>

#include "dhrledger/ini.h"
#include "dhrledger/utf8.h"

enum { LONGEST = 400 };

/* How far the comparison has come: what stands before these is canonical. */
struct walk {
    const struct dhr_ini *ini;
    uint32_t line;
    size_t entry;
    const struct dhr_field *field; /* of the entry's section: that of the next one with a value */
    const struct dhr_field *end;
};

static struct dhr_str line_at(const struct dhr_ini *ini, size_t line)
{
    return (struct dhr_str){ini->bytes.ptr + ini->lines[line].start, ini->lines[line].len};
}

/* Nearly every line is ASCII, and then as wide as it is long. */
static size_t width_of(struct dhr_str text)
{
    return dhr_utf8_is_ascii(text) ? text.len : dhr_utf8_width(text);
}

/* Whether the line's text would be written behind its indent as it stands. */
static bool is_plain(struct dhr_str text)
{
    return text.len && !memchr("#;.\\[ ", text.ptr[0], 6) && !memchr(text.ptr, '=', text.len);
}

/* No character takes more columns than bytes, so most lines need not be measured. */
static bool fits(struct dhr_str text, size_t columns)
{
    return text.len <= columns || (text.len <= LONGEST && width_of(text) <= columns);
}

/* Whether the line is full: the first word of the one below had no room on it. */
static bool is_full(struct dhr_str line, struct dhr_str below, size_t columns)
{
    const char *end = memchr(below.ptr, ' ', below.len);
    below.len = end ? (size_t)(end - below.ptr) : below.len;
    return line.len + 1 + below.len > columns && width_of(line) + 1 + width_of(below) > columns;
}

/*
 * Lines [first, last] as one value of that length: each is full, and all of them don't fit beside
 * the key. White space within them would make the value shorter.
 */
static bool is_folded(const struct dhr_ini *ini, uint32_t first, uint32_t last, size_t name_len,
                      size_t value_len)
{
    enum { MOST = DHR_FOLD_COLUMNS - DHR_FOLD_INDENT };
    struct dhr_str before = {NULL, 0}; /* the line above in the same paragraph */
    bool breaks = false;
    for (uint32_t i = first; i <= last; i++) {
        const struct dhr_ini_line *own = &ini->lines[i];
        struct dhr_str text = {ini->bytes.ptr + own->value, own->value_len};
        size_t gap = i > first;
        if (own->kind != DHR_LINE_MORE || own->value != own->start + DHR_FOLD_INDENT ||
            own->len != DHR_FOLD_INDENT + own->value_len)
            return false;
        if (text.len == 1 && text.ptr[0] == '.') { /* a paragraph's end, with text on both sides */
            if (!before.len || i == last)
                return false;
            before.len = 0;
            breaks = true;
            continue;
        }
        if (!is_plain(text) || !fits(text, MOST) || value_len < text.len + gap ||
            (before.len && !is_full(before, text, MOST)))
            return false;
        value_len -= text.len + gap;
        before = text;
    }
    return value_len == 0 &&
           (breaks || last > first || name_len + 3 + width_of(before) > DHR_FOLD_COLUMNS);
}

/* The entry's lines by themselves. */
static bool take_lines(struct walk *w, const struct dhr_ini_entry *entry)
{
    const struct dhr_ini_line *own = &w->ini->lines[entry->first_line];
    struct dhr_str line = line_at(w->ini, entry->first_line);
    size_t name_len = entry->name.len;
    if (line.len < name_len + 2 || line.ptr[name_len] != ' ' || line.ptr[name_len + 1] != '=')
        return false;
    w->line = entry->last_line + 1;
    if (own->value_len == 0 && entry->last_line == entry->first_line)
        return line.len == name_len + 2;
    if (w->field == w->end || w->field->line != entry->first_line + 1)
        return false;
    size_t value_len = w->field++->value.len;
    if (entry->last_line > entry->first_line)
        return line.len == name_len + 2 &&
               is_folded(w->ini, entry->first_line + 1, entry->last_line, name_len, value_len);
    return own->value_len == value_len && line.len == name_len + 3 + value_len &&
           line.ptr[name_len + 2] == ' ' && fits(line, DHR_FOLD_COLUMNS);
}

static bool is_empty(const struct dhr_ini *ini, const struct dhr_ini_entry *entry)
{
    return entry->first_line == entry->last_line && ini->lines[entry->first_line].value_len == 0;
}

static bool take_blank(struct walk *w)
{
    return w->line < w->ini->line_count && w->ini->lines[w->line].kind == DHR_LINE_BLANK &&
           w->ini->lines[w->line++].len == 0;
}

/* Whether that key is one of [*next, end), and a form would have none before it. */
static bool find_key(const struct dhr_key **next, const struct dhr_key *end,
                     const struct dhr_key *key)
{
    for (; *next < end; ++*next) {
        if (*next == key)
            return true;
        if ((*next)->flags & DHR_KEY_FORM)
            return false;
    }
    return false;
}

/* Keys in the schema's order, a blank line between two, and items of a list together. */
static bool take_entries(struct walk *w, uint32_t section, const struct dhr_section_def *def)
{
    const struct dhr_ini *ini = w->ini;
    size_t key_count = 0;
    const struct dhr_key *key = dhr_section_keys(def, &key_count);
    const struct dhr_key *end = key + key_count;
    const struct dhr_key *last = NULL;
    for (; w->entry < ini->entry_count; w->entry++) {
        const struct dhr_ini_entry *entry = &ini->entries[w->entry];
        if (entry->section != section)
            break;
        if (!entry->key)
            return false;
        bool again = entry->key == last && (entry->key->flags & DHR_KEY_LIST);
        if (again ? is_empty(ini, entry) || is_empty(ini, entry - 1)
                  : !find_key(&key, end, entry->key) || (last && !take_blank(w)))
            return false;
        if (!again)
            last = key++;
        if (entry->first_line != w->line || !take_lines(w, entry))
            return false;
    }
    for (; key < end; key++) {
        if (key->flags & DHR_KEY_FORM)
            return false;
    }
    return true;
}

/* "[word]", "[word agency]" or "[word agency 1]", and nothing wider. */
static bool take_heading(struct walk *w, uint32_t section)
{
    const struct dhr_ini_section *own = &w->ini->sections[section];
    size_t len = strlen(own->def->heading) + 2 + (own->agency.len ? own->agency.len + 1 : 0);
    if ((section && !take_blank(w)) || own->line != w->line)
        return false;
    struct dhr_str line = line_at(w->ini, w->line++);
    bool known = own->action ? line.len > len + 1 && line.ptr[len - 1] == ' ' &&
                                   line.ptr[len] != ' ' && line.ptr[line.len - 2] != ' '
                             : line.len == len;
    return known && line.ptr[1] != ' ' && line.ptr[line.len - 1] == ']';
}

static bool is_surely_canonical(const struct dhr_ini *ini, const struct dhr_record *record)
{
    struct walk w = {.ini = ini};
    if (ini->bom || ini->crlf || ini->wide || ini->reported || !ini->section_count ||
        ini->section_count != record->section_count || ini->bytes.ptr[ini->bytes.len - 1] != '\n')
        return false;
    for (uint32_t i = 0; i < ini->section_count; i++) {
        w.field = record->sections[i].fields;
        w.end = w.field + record->sections[i].field_count;
        if (!take_heading(&w, i) || !take_entries(&w, i, ini->sections[i].def))
            return false;
    }
    return w.line == ini->line_count;
}

/* The file's first line that the formatted file has otherwise, from 1; 0 where there is none. */
static uint32_t first_difference(const struct dhr_ini *ini, struct dhr_str formatted)
{
    uint32_t last = (uint32_t)ini->line_count;
    struct dhr_str line;
    uint32_t i = 0;
    for (; dhr_str_line(&formatted, &line); i++) {
        if (i == last)
            return last; /* it only goes on behind the file's end */
        if (!dhr_str_eq(line_at(ini, i), line))
            return i + 1;
    }
    bool unfinished = last && ini->bytes.ptr[ini->bytes.len - 1] != '\n';
    return i < last ? i + 1 : unfinished ? last : 0;
}

void dhr_ini_check_layout(const struct dhr_ini *ini, const struct dhr_record *record,
                          struct dhr_findings *findings)
{
    if (is_surely_canonical(ini, record))
        return;
    struct dhr_buf formatted = {0};
    struct dhr_err ignored = {0};
    uint32_t line = dhr_ini_format(ini, &formatted, &ignored) == 0
                        ? first_difference(ini, dhr_buf_str(&formatted))
                        : 0; /* what the formatter refuses has a finding already */
    if (line)
        dhr_findings_add(findings, DHR_RULE_LAYOUT, ini->path, line, 1,
                         "not in canonical layout from here on; \"dhrledger fmt FILE\" mends it");
    dhr_buf_release(&formatted);
}
