#include <stdlib.h>
#include <string.h>

#include "dhrledger/ini.h"

/* One edit at work: the entries the key has now, and what they hold. */
struct editing {
    const struct dhr_ini *ini;
    const struct dhr_edit *edit;
    struct dhr_arena arena;
    size_t section;                       /* index into ini->sections */
    const struct dhr_ini_entry **entries; /* of the key, in the file's order */
    struct dhr_str *values;
    size_t count;
};

static bool find_section(struct editing *e)
{
    const struct dhr_edit *edit = e->edit;
    for (size_t i = 0; i < e->ini->section_count; i++) {
        const struct dhr_ini_section *section = &e->ini->sections[i];
        if (section->def && section->def->id == edit->section &&
            (section->def->label == DHR_LABEL_NONE ||
             (dhr_str_eq(section->agency, edit->agency) && section->action == edit->action))) {
            e->section = i;
            return true;
        }
    }
    return false;
}

static void find_entries(struct editing *e)
{
    const struct dhr_ini *ini = e->ini;
    e->entries =
        dhr_arena_alloc(&e->arena, (ini->entry_count + 1) * sizeof(struct dhr_ini_entry *));
    e->values = dhr_arena_alloc(&e->arena, (ini->entry_count + 1) * sizeof(*e->values));
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct dhr_ini_entry *entry = &ini->entries[i];
        if (entry->section != e->section || !dhr_str_is(entry->name, e->edit->key->name))
            continue;
        e->entries[e->count] = entry;
        e->values[e->count++] = dhr_ini_value(ini, entry, &e->arena);
    }
}

static void add_bytes(struct dhr_buf *out, const struct dhr_ini *ini, size_t from, size_t to)
{
    dhr_buf_add(out, ini->bytes.ptr + from, to - from);
}

/* The offset just behind a line and its line end. */
static size_t line_end(const struct dhr_ini *ini, size_t line)
{
    return line + 1 < ini->line_count ? ini->lines[line + 1].start : ini->bytes.len;
}

/* Append what dhr_ini_add_entry writes, with the file's own line ends. */
static void add_entry(struct dhr_buf *out, const struct editing *e, struct dhr_str value)
{
    struct dhr_buf text = {0};
    dhr_ini_add_entry(&text, dhr_str_of(e->edit->key->name), value);
    struct dhr_str rest = dhr_buf_str(&text);
    struct dhr_str line;
    while (dhr_str_line(&rest, &line)) {
        dhr_buf_add_str(out, line);
        dhr_buf_adds(out, e->ini->crlf ? "\r\n" : "\n");
    }
    dhr_buf_release(&text);
}

/* Comments that stood inside a replaced value stay, below it. */
static void add_inner_comments(struct dhr_buf *out, const struct dhr_ini *ini,
                               const struct dhr_ini_entry *entry)
{
    for (size_t i = entry->first_line + 1; i < entry->last_line; i++) {
        if (ini->lines[i].kind != DHR_LINE_MORE)
            add_bytes(out, ini, ini->lines[i].start, line_end(ini, i));
    }
}

/*
 * Replace entries [from, to) by values [first, last): the entries that the edit
 * changes stand one after another, but other lines may stand between them.
 */
static void replace_entries(struct editing *e, struct dhr_buf *out, size_t from, size_t to,
                            size_t first, size_t last)
{
    const struct dhr_ini *ini = e->ini;
    const struct dhr_edit *edit = e->edit;
    size_t at = 0;
    for (size_t i = from; i < to; i++) {
        const struct dhr_ini_entry *entry = e->entries[i];
        add_bytes(out, ini, at, ini->lines[entry->first_line].start);
        bool last_entry = i + 1 == to;
        while (first < last) {
            add_entry(out, e, edit->values[first++]);
            if (!last_entry)
                break;
        }
        /* The only entry left becomes a form line again. */
        if (edit->count == 0 && i == 0)
            add_entry(out, e, (struct dhr_str){NULL, 0});
        add_inner_comments(out, ini, entry);
        at = line_end(ini, entry->last_line);
    }
    add_bytes(out, ini, at, ini->bytes.len);
}

/* Write values [first, last) behind a line; `apart` puts blank lines around them. */
static void insert_behind(struct editing *e, struct dhr_buf *out, size_t line, bool apart,
                          size_t first, size_t last)
{
    const struct dhr_ini *ini = e->ini;
    const char *eol = ini->crlf ? "\r\n" : "\n";
    size_t at = line_end(ini, line);
    add_bytes(out, ini, 0, at);
    if (out->len && out->ptr[out->len - 1] != '\n')
        dhr_buf_adds(out, eol);
    if (apart && ini->lines[line].kind != DHR_LINE_SECTION)
        dhr_buf_adds(out, eol);
    for (; first < last; first++)
        add_entry(out, e, e->edit->values[first]);
    bool more = line + 1 < ini->line_count;
    if (apart && more && ini->lines[line + 1].kind != DHR_LINE_BLANK)
        dhr_buf_adds(out, eol);
    add_bytes(out, ini, at, ini->bytes.len);
}

/* The line a missing key goes behind: the nearest earlier key's last one, or the heading. */
static size_t line_before(const struct editing *e)
{
    const struct dhr_ini *ini = e->ini;
    const struct dhr_ini_section *section = &ini->sections[e->section];
    size_t line = section->line;
    int nearest = -1;
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct dhr_ini_entry *entry = &ini->entries[i];
        if (entry->section != e->section)
            continue;
        const struct dhr_key *key = entry->key;
        if (key && key->id < e->edit->key->id && (int)key->id >= nearest) {
            nearest = (int)key->id;
            line = entry->last_line;
        }
    }
    return line;
}

/* The line above an entry and the comments that stand directly on it. */
static size_t line_above(const struct dhr_ini *ini, const struct dhr_ini_entry *entry)
{
    size_t line = entry->first_line - 1;
    while (ini->lines[line].kind == DHR_LINE_COMMENT)
        line--;
    return line;
}

/* Compare the lists from both ends; only the middle that differs is written anew. */
static void edit_entries(struct editing *e, struct dhr_buf *out)
{
    const struct dhr_edit *edit = e->edit;
    size_t from = 0;
    size_t to = e->count;
    size_t last = edit->count;
    while (from < to && from < last && dhr_str_eq(e->values[from], edit->values[from]))
        from++;
    while (to > from && last > from && dhr_str_eq(e->values[to - 1], edit->values[last - 1])) {
        to--;
        last--;
    }
    if (from < to)
        replace_entries(e, out, from, to, from, last);
    else if (from < last && from > 0)
        insert_behind(e, out, e->entries[from - 1]->last_line, false, from, last);
    else if (from < last && e->count)
        insert_behind(e, out, line_above(e->ini, e->entries[0]), false, from, last);
    else
        insert_behind(e, out, line_before(e), true, from, last);
}

static int no_section(const struct dhr_ini *ini, const struct dhr_edit *edit, struct dhr_err *err)
{
    const char *heading = dhr_schema_section(edit->section)->heading;
    if (edit->action)
        return dhr_fail(err, DHR_USAGE, "%s: has no section [%s %.*s %u]", ini->path, heading,
                        DHR_ARG(edit->agency), edit->action);
    return dhr_fail(err, DHR_USAGE, "%s: has no section [%s%s%.*s]", ini->path, heading,
                    edit->agency.len ? " " : "", DHR_ARG(edit->agency));
}

int dhr_ini_edit(const struct dhr_ini *ini, const struct dhr_edit *edit, struct dhr_buf *out,
                 struct dhr_err *err)
{
    struct editing e = {.ini = ini, .edit = edit};
    dhr_buf_clear(out);
    for (size_t i = 0; i < edit->count; i++) {
        if (dhr_ini_check_value(edit->values[i], err) < 0)
            return -1;
    }
    if (!find_section(&e))
        return no_section(ini, edit, err);
    find_entries(&e);
    bool same = true;
    size_t set = 0;
    for (size_t i = 0; i < e.count; i++) {
        if (e.values[i].len) {
            same = same && set < edit->count && dhr_str_eq(e.values[i], edit->values[set]);
            set++;
        }
    }
    if (same && set == edit->count)
        dhr_buf_add_str(out, ini->bytes);
    else
        edit_entries(&e, out);
    dhr_arena_release(&e.arena);
    return 0;
}
