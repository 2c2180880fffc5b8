#include <stdlib.h>
#include <string.h>

#include "dhrledger/ini.h"

/* The formatter's place: everything it writes goes through these. */
struct formatting {
    const struct dhr_ini *ini;
    struct dhr_buf *out;
    size_t entry; /* the first of the section at hand */
    struct dhr_arena arena;
};

/* Write the comment lines of [from, to); one blank line where blank lines stood between two. */
static void add_comments(struct formatting *f, size_t from, size_t to)
{
    bool gap = false;
    bool any = false;
    for (size_t i = from; i < to; i++) {
        const struct dhr_ini_line *line = &f->ini->lines[i];
        if (line->kind == DHR_LINE_BLANK)
            gap = any;
        if (line->kind != DHR_LINE_COMMENT)
            continue;
        if (gap)
            dhr_buf_addc(f->out, '\n');
        gap = false;
        any = true;
        struct dhr_str text =
            dhr_str_trim(dhr_str_span(f->ini->bytes.ptr + line->start, line->len));
        dhr_buf_add_str(f->out, text);
        dhr_buf_addc(f->out, '\n');
    }
}

static bool has_comment(const struct dhr_ini *ini, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        if (ini->lines[i].kind == DHR_LINE_COMMENT)
            return true;
    }
    return false;
}

/*
 * Where the comments above a heading or key begin: behind the line that ends
 * what stands before it.
 */
static size_t comments_from(const struct dhr_ini *ini, size_t line, size_t floor)
{
    while (line > floor && (ini->lines[line - 1].kind == DHR_LINE_COMMENT ||
                            ini->lines[line - 1].kind == DHR_LINE_BLANK))
        line--;
    return line;
}

/* Comments directly above a heading are the heading's; those further up end the section before. */
static size_t heading_comments_from(const struct dhr_ini *ini, size_t heading)
{
    size_t line = heading;
    while (line > 0 && ini->lines[line - 1].kind == DHR_LINE_COMMENT)
        line--;
    return line;
}

static void add_entry(struct formatting *f, const struct dhr_ini_entry *entry)
{
    const struct dhr_ini *ini = f->ini;
    size_t floor = ini->sections[entry->section].line + 1;
    add_comments(f, comments_from(ini, entry->first_line, floor), entry->first_line);
    add_comments(f, entry->first_line + 1, entry->last_line);
    dhr_ini_add_entry(f->out, entry->name, dhr_ini_value(ini, entry, &f->arena));
}

static bool has_comments(struct formatting *f, const struct dhr_ini_entry *entry)
{
    size_t floor = f->ini->sections[entry->section].line + 1;
    return has_comment(f->ini, comments_from(f->ini, entry->first_line, floor), entry->last_line);
}

/* Neither a value nor a comment. */
static bool is_void(struct formatting *f, const struct dhr_ini_entry *entry)
{
    return dhr_ini_value(f->ini, entry, &f->arena).len == 0 && !has_comments(f, entry);
}

/* Whether one of the list's entries in [from, to) says something. */
static bool any_item(struct formatting *f, size_t from, size_t to, const struct dhr_key *key)
{
    for (size_t i = from; i < to; i++) {
        if (f->ini->entries[i].key == key && !is_void(f, &f->ini->entries[i]))
            return true;
    }
    return false;
}

/* The section's entries [from, to) of one key (NULL: of no known key); true if any was written. */
static bool add_key(struct formatting *f, size_t from, size_t to, const struct dhr_key *key,
                    bool first)
{
    bool list = key && (key->flags & DHR_KEY_LIST);
    /* An empty item of a list beside others says nothing. */
    bool drop = list && any_item(f, from, to, key);
    bool any = false;
    for (size_t i = from; i < to; i++) {
        const struct dhr_ini_entry *entry = &f->ini->entries[i];
        if (entry->key != key || ((drop || (list && any)) && is_void(f, entry)))
            continue;
        bool together = any && list && !has_comments(f, entry);
        if (!(first && !any) && !together)
            dhr_buf_addc(f->out, '\n');
        add_entry(f, entry);
        any = true;
    }
    if (any || !key || !(key->flags & DHR_KEY_FORM))
        return any;
    if (!first)
        dhr_buf_addc(f->out, '\n');
    dhr_ini_add_entry(f->out, dhr_str_of(key->name), (struct dhr_str){NULL, 0});
    return true;
}

static void add_heading(struct formatting *f, size_t section)
{
    const struct dhr_ini *ini = f->ini;
    const struct dhr_ini_section *from = &ini->sections[section];
    size_t comments = heading_comments_from(ini, from->line);
    if (f->out->len)
        dhr_buf_addc(f->out, '\n');
    add_comments(f, comments, from->line);
    const struct dhr_ini_line *line = &ini->lines[from->line];
    struct dhr_str raw = dhr_str_trim(dhr_str_span(ini->bytes.ptr + line->start, line->len));
    struct dhr_str inside =
        dhr_ini_normal(&f->arena, dhr_str_trim(dhr_str_span(raw.ptr + 1, raw.len - 2)));
    dhr_buf_addf(f->out, "[%.*s]\n", DHR_ARG(inside));
}

/* Comments at the end of a section, which belong to no key below them. */
static void add_tail_comments(struct formatting *f, size_t section, size_t last_entry_line)
{
    const struct dhr_ini *ini = f->ini;
    bool last = section + 1 == ini->section_count;
    size_t to =
        last ? ini->line_count : heading_comments_from(ini, ini->sections[section + 1].line);
    if (!has_comment(ini, last_entry_line + 1, to))
        return;
    dhr_buf_addc(f->out, '\n');
    add_comments(f, last_entry_line + 1, to);
}

static void add_section(struct formatting *f, size_t section)
{
    const struct dhr_ini *ini = f->ini;
    const struct dhr_section_def *def = ini->sections[section].def;
    size_t from = f->entry;
    size_t to = from;
    while (to < ini->entry_count && ini->entries[to].section == section)
        to++;
    f->entry = to;
    add_heading(f, section);
    bool first = true;
    size_t key_count = 0;
    const struct dhr_key *key = def ? dhr_section_keys(def, &key_count) : NULL;
    for (; key_count; key++, key_count--)
        first = !add_key(f, from, to, key, first) && first;
    (void)add_key(f, from, to, NULL, first);
    add_tail_comments(f, section,
                      to > from ? ini->entries[to - 1].last_line : ini->sections[section].line);
}

/* What can't be written in another layout without a loss. */
static int refuse_losses(struct formatting *f, struct dhr_err *err)
{
    const struct dhr_ini *ini = f->ini;
    for (size_t i = 0; i < ini->line_count; i++) {
        if (ini->lines[i].kind == DHR_LINE_BAD)
            return dhr_fail(err, DHR_FOUND,
                            "%s:%zu: this line is not understood, so the file is left as it is; "
                            "\"dhrledger check\" says what is wrong",
                            ini->path, i + 1);
    }
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct dhr_ini_entry *entry = &ini->entries[i];
        struct dhr_str value = dhr_ini_value(ini, entry, &f->arena);
        if (entry->name.len > DHR_WORD_MAX_BYTES || dhr_ini_check_value(value, err) < 0)
            return dhr_fail(err, DHR_FOUND,
                            "%s:%u: this word is too long for another layout, so the file is left "
                            "as it is; shorten it to %d bytes",
                            ini->path, entry->first_line + 1, DHR_WORD_MAX_BYTES);
    }
    return 0;
}

static void add_file(struct formatting *f)
{
    const struct dhr_ini *ini = f->ini;
    add_comments(f, 0,
                 ini->section_count ? heading_comments_from(ini, ini->sections[0].line)
                                    : ini->line_count);
    for (size_t i = 0; i < ini->section_count; i++)
        add_section(f, i);
}

int dhr_ini_format(const struct dhr_ini *ini, struct dhr_buf *out, struct dhr_err *err)
{
    struct formatting f = {.ini = ini, .out = out};
    dhr_buf_clear(out);
    int rc = refuse_losses(&f, err);
    if (rc == 0)
        add_file(&f);
    dhr_arena_release(&f.arena);
    return rc;
}
