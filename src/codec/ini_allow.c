#include "ini_allow.h"

#include <string.h>
#include <strings.h>

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

/* Whoever writes a comment begins it with a capital, or shouts. */
static bool starts(struct dhr_str text, const char *prefix)
{
    size_t len = strlen(prefix);
    return text.len >= len && strncasecmp(text.ptr, prefix, len) == 0;
}

static bool is_word(struct dhr_str word, const char *wanted)
{
    return word.len == strlen(wanted) && starts(word, wanted);
}

/* What follows "dhrledger:" in a comment; nothing where the colon was forgotten. False for others.
 */
static bool is_addressed(struct dhr_str comment, struct dhr_str *order)
{
    static const char name[] = "dhrledger";
    struct dhr_str text = rest_of(comment, 1);
    if (!starts(text, name))
        return false;
    *order = rest_of(text, sizeof(name) - 1);
    bool colon = dhr_str_starts(*order, ":");
    bool forgotten = starts(*order, "allow ");
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

/* The rule of a code in capitals or small letters, or NULL. */
static const struct dhr_rule_info *rule_of(struct dhr_str code)
{
    char capitals[DHR_CODE_SIZE];
    if (code.len >= sizeof(capitals))
        return NULL;
    for (size_t i = 0; i < code.len; i++) {
        bool small = code.ptr[i] >= 'a' && code.ptr[i] <= 'z';
        capitals[i] = (char)(small ? code.ptr[i] - 'a' + 'A' : code.ptr[i]);
    }
    return dhr_rule_of_code(dhr_str_span(capitals, code.len));
}

/* The code and the reason of an order; false where they were reported. */
static bool parse(const struct dhr_ini *ini, uint32_t line, struct dhr_str order,
                  struct dhr_allow *allow, struct dhr_findings *findings)
{
    struct dhr_str verb = take_word(&order);
    struct dhr_str code = take_word(&order);
    if (!is_word(verb, "allow") || !code.len) {
        report_form(ini, line, findings);
        return false;
    }
    const struct dhr_rule_info *rule = rule_of(code);
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
    if (!is_word(because, "because") || !order.len) {
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

/* How far the walk down a file's comments has come, so that many of them cost one look each. */
struct walk {
    const struct dhr_ini *ini;
    size_t end;     /* the line below the comments and empty lines that the last one stands in */
    size_t gap;     /* behind the last empty one of these lines; 0: there is none */
    size_t entry;   /* the first that ends at `end` or below */
    size_t section; /* the first whose heading is at `end` or below */
};

/* Go on to what stands below the comment at that line. */
static void move_below(struct walk *w, size_t at)
{
    const struct dhr_ini *ini = w->ini;
    if (at < w->end)
        return;
    w->gap = 0;
    for (w->end = at; w->end < ini->line_count; w->end++) {
        enum dhr_line_kind kind = ini->lines[w->end].kind;
        if (kind == DHR_LINE_BLANK)
            w->gap = w->end + 1;
        else if (kind != DHR_LINE_COMMENT)
            break;
    }
    while (w->entry < ini->entry_count && ini->entries[w->entry].last_line < w->end)
        w->entry++;
    while (w->section < ini->section_count && ini->sections[w->section].line < w->end)
        w->section++;
}

/* The entry that has the line below, or NULL. */
static const struct dhr_ini_entry *entry_below(const struct walk *w)
{
    const struct dhr_ini *ini = w->ini;
    bool has = w->entry < ini->entry_count && ini->entries[w->entry].first_line <= w->end;
    return has ? &ini->entries[w->entry] : NULL;
}

/* The word of the heading on the line below: that of [agency x] is "agency". */
static struct dhr_str heading_below(const struct walk *w)
{
    const struct dhr_ini *ini = w->ini;
    bool has = w->section < ini->section_count && ini->sections[w->section].line == w->end &&
               ini->sections[w->section].def;
    return dhr_str_of(has ? ini->sections[w->section].def->heading : "");
}

/*
 * What the comment at that line is about, as the formatter sees it: comments stay with the key
 * below them, also over an empty line, and with a heading only if they stand right on it.
 */
static void find_place(struct walk *w, size_t at, struct dhr_allow *allow, struct dhr_arena *arena)
{
    const struct dhr_ini *ini = w->ini;
    struct dhr_str above = {NULL, 0};
    move_below(w, at);
    const struct dhr_ini_entry *entry = entry_below(w);
    bool gap = w->gap > at;
    bool heading = w->end < ini->line_count && ini->lines[w->end].kind == DHR_LINE_SECTION;
    size_t last = w->end < ini->line_count && !(heading && gap) ? w->end + 1 : w->end;
    if (entry) {
        above = entry->name;
        last = entry->last_line + 1;
    } else if (heading && !gap) {
        above = heading_below(w);
    }
    allow->line = (uint32_t)at + 1;
    allow->last = (uint32_t)last;
    allow->above = dhr_str_dup(arena, above);
    allow->whole = ini->section_count == 0 || at < ini->sections[0].line;
}

static void read_comment(struct walk *w, size_t at, struct dhr_findings *findings)
{
    const struct dhr_ini *ini = w->ini;
    const struct dhr_ini_line *line = &ini->lines[at];
    struct dhr_str comment = dhr_str_trim(dhr_str_span(ini->bytes.ptr + line->start, line->len));
    struct dhr_str order = {NULL, 0};
    struct dhr_allow allow = {0};
    if (!is_addressed(comment, &order))
        return;
    if (!parse(ini, (uint32_t)at + 1, order, &allow, findings))
        return;
    find_place(w, at, &allow, &findings->arena);
    allow.path = dhr_arena_dup(&findings->arena, ini->path, strlen(ini->path));
    *DHR_PUSH(findings->allows, findings->allow_count, findings->allow_capacity) = allow;
}

void ini_read_allows(const struct dhr_ini *ini, struct dhr_findings *findings)
{
    struct walk w = {.ini = ini};
    for (size_t i = 0; i < ini->line_count; i++) {
        if (ini->lines[i].kind == DHR_LINE_COMMENT)
            read_comment(&w, i, findings);
    }
}
