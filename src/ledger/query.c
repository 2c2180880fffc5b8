#include "dhrledger/query.h"

#include <limits.h>
#include <string.h>

#include "dhrledger/utf8.h"
#include "query_internal.h"

/* One argument being read, from left to right. */
struct parsing {
    struct dhr_query *query;
    const char *text;
    size_t at;
    bool one_term; /* spaces belong to the value: the shell took the quotes away */
    struct dhr_arena *arena;
    struct dhr_err *err;
};

/* A sentence that shows the query and points at the column. */
static int complain(struct parsing *p, size_t at, const char *why)
{
    struct dhr_buf shown = {0};
    dhr_utf8_add_safe(&shown, dhr_str_span(p->text, at), false);
    size_t width = dhr_utf8_width(dhr_buf_str(&shown));
    dhr_utf8_add_safe(&shown, dhr_str_of(p->text + at), false);
    int rc =
        dhr_fail(p->err, DHR_USAGE, "%s\n  %s\n  %*s^", why, dhr_buf_cstr(&shown), (int)width, "");
    dhr_buf_release(&shown);
    return rc;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

static const struct query_field *find_field(struct dhr_str name)
{
    for (const struct query_field *field = query_fields; field->name; field++) {
        if (dhr_str_is(name, field->name))
            return field;
    }
    return NULL;
}

static const char *nearest_field(struct dhr_str name)
{
    struct dhr_nearest nearest = {0};
    size_t limit = name.len / 2 < 2 ? name.len / 2 : 2;
    for (const struct query_field *field = query_fields; field->name; field++)
        dhr_nearest_try(&nearest, dhr_str_of(field->name), name, limit);
    return nearest.name.ptr;
}

/* More than names are made of, so that "Status:" and "due_reason:" are slips, not words. */
static bool is_name_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

/* The length of a "name" at `at` that a colon follows, or 0. */
static size_t name_len(const char *text, size_t at)
{
    size_t len = 0;
    while (is_name_char(text[at + len]))
        len++;
    return len && text[at + len] == ':' ? len : 0;
}

/* One value, quoted or up to a comma or space. false, with a complaint, for an open quote. */
static bool take_value(struct parsing *p, struct dhr_str *value)
{
    const char *text = p->text;
    if (text[p->at] == '"') {
        size_t start = p->at;
        const char *end = strchr(text + start + 1, '"');
        if (!end) {
            (void)complain(p, start, "this quote is never closed");
            return false;
        }
        *value = dhr_str_span(text + start + 1, (size_t)(end - text) - start - 1);
        p->at = (size_t)(end - text) + 1;
        return true;
    }
    size_t start = p->at;
    while (text[p->at] && text[p->at] != ',' && (!is_space(text[p->at]) || p->one_term))
        p->at++;
    *value = dhr_str_trim(dhr_str_span(text + start, p->at - start));
    return true;
}

/* "2026", "2026..2027-03", "..2026", "2026.." as days. */
static bool parse_range(struct dhr_str text, struct query_value *value)
{
    struct dhr_date date;
    const char *dots = text.len >= 2 ? memmem(text.ptr, text.len, "..", 2) : NULL;
    if (!dots) {
        bool ok = dhr_date_parse(text, &date);
        value->from = ok ? date.first_day : 0;
        value->to = ok ? date.last_day : 0;
        return ok;
    }
    struct dhr_str first = dhr_str_span(text.ptr, (size_t)(dots - text.ptr));
    struct dhr_str last = dhr_str_span(dots + 2, text.len - first.len - 2);
    value->from = INT_MIN;
    value->to = INT_MAX;
    if (first.len) {
        if (!dhr_date_parse(first, &date))
            return false;
        value->from = date.first_day;
    }
    if (last.len) {
        if (!dhr_date_parse(last, &date))
            return false;
        value->to = date.last_day;
    }
    return value->from <= value->to && (first.len || last.len);
}

/* The words a field can be: its own, or those of its key; NULL where any text will do. */
static const char *const *words_of(const struct query_field *field)
{
    if (field->words)
        return field->words;
    if (strcmp(field->name, "status") == 0)
        return dhr_schema_key(DHR_KEY_ADDRESSEE_STATUS)->words;
    if (strcmp(field->name, "agency-kind") == 0)
        return dhr_schema_key(DHR_KEY_AGENCY_KIND)->words;
    if (field->key == DHR_KEYS || dhr_schema_key(field->key)->type != DHR_TYPE_WORD)
        return NULL;
    return dhr_schema_key(field->key)->words;
}

static bool is_known_word(const struct query_field *field, struct dhr_str text)
{
    const char *const *words = words_of(field);
    if (!words || memchr(text.ptr, '*', text.len))
        return true;
    for (; *words; words++) {
        if (dhr_str_is(text, *words))
            return true;
    }
    return false;
}

static int unknown_word(struct parsing *p, const struct query_field *field, size_t at)
{
    struct dhr_buf why = {0};
    dhr_buf_addf(&why, "%s is one of", field->name);
    for (const char *const *word = words_of(field); *word; word++)
        dhr_buf_addf(&why, " %s%s", *word, word[1] ? "," : "");
    int rc = complain(p, at, dhr_buf_cstr(&why));
    dhr_buf_release(&why);
    return rc;
}

static int add_value(struct parsing *p, struct dhr_query_term *term, struct dhr_str text,
                     bool literal, size_t at)
{
    struct query_value *value = dhr_arena_zalloc(p->arena, sizeof(*value));
    struct dhr_buf folded = {0};
    dhr_utf8_add_folded(&folded, text);
    value->folded = dhr_arena_dup(p->arena, dhr_buf_cstr(&folded), folded.len);
    dhr_buf_release(&folded);
    if (!value->folded[0])
        return complain(p, at, "a value is missing here");
    value->none = !literal && term->field->match != MATCH_STATE && dhr_str_is(text, "none");
    if (!value->none && term->field->match == MATCH_DATE && !parse_range(text, value))
        return complain(p, at,
                        "not a date or range; write 2027, 2027-03, 2027-03-31, ..2027-03 or "
                        "2026-01..2026-06");
    if (!value->none && !is_known_word(term->field, text))
        return unknown_word(p, term->field, at);
    value->next = term->values;
    term->values = value;
    return 0;
}

/* "none" is only itself where it is quoted, or a word to be searched for. */
static int parse_values(struct parsing *p, struct dhr_query_term *term, bool bare)
{
    for (;;) {
        size_t at = p->at;
        bool literal = bare || p->text[at] == '"';
        struct dhr_str value;
        if (!take_value(p, &value) || add_value(p, term, value, literal, at) < 0)
            return -1;
        if (p->text[p->at] != ',')
            break;
        p->at++;
    }
    if (p->text[p->at] && !is_space(p->text[p->at]))
        return complain(p, p->at, "a space or comma belongs here");
    return 0;
}

static int parse_term(struct parsing *p)
{
    struct dhr_query_term *term = dhr_arena_zalloc(p->arena, sizeof(*term));
    term->negated = p->text[p->at] == '-';
    p->at += term->negated;
    size_t len = name_len(p->text, p->at);
    struct dhr_str name = dhr_str_span(p->text + p->at, len);
    term->field = len ? find_field(name) : query_fields;
    if (!term->field) {
        const char *near = nearest_field(name);
        const char *why =
            dhr_arena_printf(p->arena, "\"%.*s:\" is no field of a query%s%s%s", DHR_ARG(name),
                             near ? "; did you mean \"" : "",
                             near ? near : "; dhrledger-query(7) lists them", near ? ":\"?" : "");
        return complain(p, p->at, why);
    }
    p->at += len ? len + 1 : 0;
    if (parse_values(p, term, len == 0) < 0)
        return -1;
    *p->query->end = term;
    p->query->end = &term->next;
    return 0;
}

/* One field at the beginning, and nothing like a second: what the shell left of a quoted value. */
static bool is_one_term(const char *text)
{
    size_t start = text[0] == '-';
    if (!name_len(text, start) || strchr(text, '"'))
        return false;
    for (size_t at = 1; text[at]; at++) {
        if (is_space(text[at - 1]) && (text[at] == '-' || name_len(text, at)))
            return false;
    }
    return true;
}

int dhr_query_add(struct dhr_query *query, const char *argument, struct dhr_arena *arena,
                  struct dhr_err *err)
{
    struct parsing p = {query, argument, 0, is_one_term(argument), arena, err};
    size_t valid = dhr_utf8_valid_len(dhr_str_of(argument));
    if (argument[valid])
        return complain(&p, valid, "not UTF-8 here, so nothing could be found by it");
    if (!query->end)
        query->end = &query->terms;
    while (argument[p.at]) {
        if (is_space(argument[p.at]))
            p.at++;
        else if (parse_term(&p) < 0)
            return -1;
    }
    return 0;
}
