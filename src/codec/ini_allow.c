#include "ini_allow.h"

#include <string.h>

#include "dhrledger/allow.h"
#include "dhrledger/utf8.h"

static struct dhr_str rest_of(struct dhr_str text, size_t from)
{
    return dhr_str_trim(dhr_str_span(text.ptr + from, text.len - from));
}

/* Take the next word off the front of trimmed text. */
static struct dhr_str take_word(struct dhr_str *text)
{
    size_t len = 0;
    while (len < text->len && text->ptr[len] != ' ' && text->ptr[len] != '\t')
        len++;
    struct dhr_str word = dhr_str_span(text->ptr, len);
    *text = rest_of(*text, len);
    return word;
}

/* What follows "dhrledger:" in a comment; nothing where the colon was forgotten. False for others.
 */
static bool is_addressed(struct dhr_str comment, struct dhr_str *order)
{
    static const char name[] = "dhrledger";
    struct dhr_str text = rest_of(comment, 1);
    if (!dhr_str_starts(text, name))
        return false;
    *order = rest_of(text, sizeof(name) - 1);
    bool colon = dhr_str_starts(*order, ":");
    bool forgotten = dhr_str_starts(*order, "allow ");
    *order = rest_of(*order, colon ? 1 : order->len);
    return colon || forgotten;
}

static void report_form(const struct dhr_ini *ini, uint32_t line, struct dhr_findings *findings)
{
    dhr_findings_add(findings, DHR_RULE_BAD_ALLOW, ini->path, line, 1,
                     "not understood; write \"# dhrledger: allow CODE because REASON\"");
}

static void report_code(const struct dhr_ini *ini, uint32_t line, struct dhr_str code,
                        struct dhr_findings *findings)
{
    struct dhr_buf shown = {0};
    dhr_utf8_add_safe(&shown, code, false);
    dhr_findings_add(findings, DHR_RULE_BAD_ALLOW, ini->path, line, 1,
                     "\"%s\" is no finding's code; write the one that stands in brackets behind "
                     "the finding, such as DL093, and a comment for each",
                     dhr_buf_cstr(&shown));
    dhr_buf_release(&shown);
}

/* The code and the reason of an order; false where they were reported. */
static bool parse(const struct dhr_ini *ini, uint32_t line, struct dhr_str order,
                  struct dhr_allow *allow, struct dhr_findings *findings)
{
    struct dhr_str verb = take_word(&order);
    struct dhr_str code = take_word(&order);
    if (!dhr_str_is(verb, "allow") || !code.len) {
        report_form(ini, line, findings);
        return false;
    }
    const struct dhr_rule_info *rule = dhr_rule_of_code(code);
    if (!rule) {
        report_code(ini, line, code, findings);
        return false;
    }
    const char *never = dhr_rule_never_allowed(rule->rule);
    if (never) {
        dhr_findings_add(findings, DHR_RULE_BAD_ALLOW, ini->path, line, 1,
                         "no comment can accept %.*s: %s", DHR_ARG(code), never);
        return false;
    }
    struct dhr_str because = take_word(&order);
    if (!dhr_str_is(because, "because") || !order.len) {
        dhr_findings_add(findings, DHR_RULE_BAD_ALLOW, ini->path, line, 1,
                         "%.*s is accepted here without a reason, or more codes with it; write "
                         "\"because\" and why behind the one code",
                         DHR_ARG(code));
        return false;
    }
    allow->rule = rule->rule;
    allow->reason = dhr_str_dup(&findings->arena, order);
    return true;
}

/* The entry that has the line, or NULL. */
static const struct dhr_ini_entry *entry_at(const struct dhr_ini *ini, size_t line)
{
    for (size_t i = 0; i < ini->entry_count; i++) {
        if (ini->entries[i].first_line <= line && line <= ini->entries[i].last_line)
            return &ini->entries[i];
    }
    return NULL;
}

/* The word of a heading: that of [agency x] is "agency". */
static struct dhr_str heading_at(const struct dhr_ini *ini, size_t line)
{
    for (size_t i = 0; i < ini->section_count; i++) {
        if (ini->sections[i].line == line && ini->sections[i].def)
            return dhr_str_of(ini->sections[i].def->heading);
    }
    return (struct dhr_str){NULL, 0};
}

/*
 * What the comment at that line is about, as the formatter sees it: comments stay with the key
 * below them, also over an empty line, and with a heading only if they stand right on it.
 */
static void find_place(const struct dhr_ini *ini, size_t at, struct dhr_allow *allow,
                       struct dhr_arena *arena)
{
    size_t line = at + 1;
    bool gap = false;
    struct dhr_str above = {NULL, 0};
    while (line < ini->line_count &&
           (ini->lines[line].kind == DHR_LINE_COMMENT || ini->lines[line].kind == DHR_LINE_BLANK)) {
        gap = gap || ini->lines[line].kind == DHR_LINE_BLANK;
        line++;
    }
    const struct dhr_ini_entry *entry = entry_at(ini, line);
    bool heading = line < ini->line_count && ini->lines[line].kind == DHR_LINE_SECTION;
    size_t end = line < ini->line_count && !(heading && gap) ? line + 1 : line;
    if (entry) {
        above = entry->name;
        end = entry->last_line + 1;
    } else if (heading && !gap) {
        above = heading_at(ini, line);
    }
    allow->line = (uint32_t)at + 1;
    allow->last = (uint32_t)end;
    allow->above = dhr_str_dup(arena, above);
    allow->whole = ini->section_count == 0 || at < ini->sections[0].line;
}

static void read_comment(const struct dhr_ini *ini, size_t at, struct dhr_findings *findings)
{
    const struct dhr_ini_line *line = &ini->lines[at];
    struct dhr_str comment = dhr_str_trim(dhr_str_span(ini->bytes.ptr + line->start, line->len));
    struct dhr_str order = {NULL, 0};
    struct dhr_allow allow = {0};
    if (!is_addressed(comment, &order))
        return;
    if (!parse(ini, (uint32_t)at + 1, order, &allow, findings))
        return;
    find_place(ini, at, &allow, &findings->arena);
    allow.path = dhr_arena_dup(&findings->arena, ini->path, strlen(ini->path));
    *DHR_PUSH(findings->allows, findings->allow_count, findings->allow_capacity) = allow;
}

void ini_read_allows(const struct dhr_ini *ini, struct dhr_findings *findings)
{
    for (size_t i = 0; i < ini->line_count; i++) {
        if (ini->lines[i].kind == DHR_LINE_COMMENT)
            read_comment(ini, i, findings);
    }
}
