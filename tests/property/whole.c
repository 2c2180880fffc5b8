#include "run.h"

#include <string.h>

static bool has_finding(const struct run *r, size_t line)
{
    for (size_t i = 0; i < r->findings.count; i++) {
        if (r->findings.items[i].line == line + 1)
            return true;
    }
    return false;
}

static bool is_indented(const struct dhr_ini *ini, size_t line)
{
    const struct dhr_ini_line *l = &ini->lines[line];
    return l->len && (ini->bytes.ptr[l->start] == ' ' || ini->bytes.ptr[l->start] == '\t');
}

/* A line nothing was made of: reported, or part of a reported one above. */
static bool is_reported(const struct run *r, size_t line)
{
    const struct dhr_ini *ini = &r->ini;
    if (has_finding(r, line))
        return true;
    bool part = is_indented(ini, line);
    while (part && line-- > 0) {
        if (ini->lines[line].kind == DHR_LINE_COMMENT)
            continue;
        if (ini->lines[line].kind != DHR_LINE_BAD)
            return false;
        if (!is_indented(ini, line))
            return has_finding(r, line);
    }
    return false;
}

static bool is_claimed(const struct dhr_ini *ini, size_t line)
{
    size_t claims = 0;
    for (size_t i = 0; i < ini->entry_count; i++)
        claims += ini->entries[i].first_line <= line && line <= ini->entries[i].last_line;
    return claims == 1;
}

static bool is_heading(const struct run *r, size_t line)
{
    const struct dhr_ini *ini = &r->ini;
    for (size_t i = 0; i < ini->section_count; i++) {
        if (ini->sections[i].line == line)
            return ini->sections[i].def || has_finding(r, line);
    }
    return false;
}

static bool line_is_used(const struct run *r, size_t line)
{
    const struct dhr_ini_line *l = &r->ini.lines[line];
    struct dhr_str text = dhr_str_trim(dhr_str_span(r->ini.bytes.ptr + l->start, l->len));
    switch (l->kind) {
    case DHR_LINE_BLANK:
        return text.len == 0;
    case DHR_LINE_COMMENT:
        return text.ptr[0] == '#' || text.ptr[0] == ';';
    case DHR_LINE_SECTION:
        return is_heading(r, line);
    case DHR_LINE_KEY:
    case DHR_LINE_MORE:
        return is_claimed(&r->ini, line);
    default:
        return is_reported(r, line);
    }
}

/* The lines make up the whole file. */
static bool lines_are_whole(struct run *r)
{
    const struct dhr_ini *ini = &r->ini;
    size_t at = ini->bom ? 3 : 0;
    for (size_t i = 0; i < ini->line_count; i++) {
        if (ini->lines[i].start != at)
            return false;
        at += ini->lines[i].len;
        at += at < ini->bytes.len && ini->bytes.ptr[at] == '\r';
        if (at < ini->bytes.len && ini->bytes.ptr[at++] != '\n')
            return false;
    }
    return at == ini->bytes.len;
}

static void add_visible(struct dhr_buf *out, struct dhr_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!memchr(" \t\n", text.ptr[i], 3))
            dhr_buf_addc(out, text.ptr[i]);
    }
}

/* Whatever can be seen on the entry's lines stands in its value. */
static bool entry_is_whole(struct run *r, const struct dhr_ini_entry *entry)
{
    const struct dhr_ini *ini = &r->ini;
    struct dhr_buf written = {0};
    struct dhr_buf read = {0};
    for (size_t i = entry->first_line; i <= entry->last_line; i++) {
        const struct dhr_ini_line *line = &ini->lines[i];
        struct dhr_str text = dhr_str_trim(dhr_str_span(ini->bytes.ptr + line->start, line->len));
        if (line->kind == DHR_LINE_KEY)
            (void)dhr_str_split(&text, '=', &(struct dhr_str){NULL, 0});
        else if (line->kind != DHR_LINE_MORE || dhr_str_is(text, "."))
            continue;
        else if (text.ptr[0] == '\\')
            text = dhr_str_span(text.ptr + 1, text.len - 1);
        add_visible(&written, text);
    }
    add_visible(&read, dhr_ini_value(ini, entry, &r->arena));
    bool ok = dhr_str_eq(dhr_buf_str(&written), dhr_buf_str(&read));
    dhr_buf_release(&written);
    dhr_buf_release(&read);
    return ok;
}

/* The record has the entry's value, or a finding says why not. */
static bool entry_is_used(struct run *r, const struct dhr_record *record,
                          const struct dhr_ini_entry *entry)
{
    if (!r->ini.sections[entry->section].def || has_finding(r, entry->first_line) ||
        !dhr_ini_value(&r->ini, entry, &r->arena).len)
        return true;
    for (size_t i = 0; i < record->section_count; i++) {
        const struct dhr_section *section = &record->sections[i];
        for (size_t f = 0; f < section->field_count; f++) {
            if (section->fields[f].line == entry->first_line + 1)
                return dhr_str_eq(section->fields[f].name, entry->name);
        }
    }
    return false;
}

bool nothing_is_lost(struct run *r, const struct dhr_record *record)
{
    const struct dhr_ini *ini = &r->ini;
    if (!lines_are_whole(r)) {
        dhr_buf_adds(&r->why, "the lines do not make up the file");
        return false;
    }
    for (size_t i = 0; i < ini->line_count; i++) {
        if (line_is_used(r, i))
            continue;
        dhr_buf_addf(&r->why, "line %zu is neither used nor reported", i + 1);
        return false;
    }
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct dhr_ini_entry *entry = &ini->entries[i];
        if (entry_is_whole(r, entry) && entry_is_used(r, record, entry))
            continue;
        dhr_buf_addf(&r->why, "the value at line %u is not whole", entry->first_line + 1);
        return false;
    }
    return true;
}
