#include "reading.h"

#include <criterion/criterion.h>

static const char *keep(struct reading *r, struct dhr_buf *text)
{
    const char *kept = dhr_arena_dup(&r->arena, dhr_buf_cstr(text), text->len);
    dhr_buf_release(text);
    return kept;
}

void reading_begin(struct reading *r, enum dhr_record_kind kind, struct dhr_str bytes)
{
    static const char *const paths[] = {"reviews/durham-2012/review.ini",
                                        "reviews/durham-2012/10.2.1.ini",
                                        "agencies/durham-constabulary.ini", ".dhrledger.ini"};
    static bool ready;
    struct dhr_err err = {0};
    cr_assert(ready || dhr_ini_init(&err) == 0, "%s", err.text);
    ready = true;
    *r = (struct reading){0};
    const char *copy = dhr_arena_dup(&r->arena, bytes.ptr, bytes.len);
    dhr_ini_parse(&r->ini, kind, paths[kind], dhr_str_span(copy, bytes.len), &r->findings);
    r->record = dhr_ini_record(&r->ini, &r->arena, &r->findings);
}

void reading_end(struct reading *r)
{
    dhr_ini_release(&r->ini);
    dhr_findings_release(&r->findings);
    dhr_arena_release(&r->arena);
}

const struct dhr_section *reading_section(const struct reading *r, enum dhr_section_id id, size_t n)
{
    for (size_t i = 0; i < r->record->section_count; i++) {
        if (r->record->sections[i].def->id == id && n-- == 0)
            return &r->record->sections[i];
    }
    cr_assert_fail("there are not so many sections [%s]", dhr_schema_section(id)->heading);
    return NULL;
}

const char *reading_value(struct reading *r, enum dhr_key_id key)
{
    const struct dhr_section *section = dhr_record_section(r->record, dhr_schema_key(key)->section);
    const struct dhr_field *field = NULL;
    struct dhr_buf text = {0};
    while ((field = dhr_section_next(section, key, field)))
        dhr_buf_addf(&text, "%s%.*s", text.len ? "|" : "", DHR_ARG(field->value));
    return keep(r, &text);
}

const char *reading_findings(struct reading *r)
{
    struct dhr_buf text = {0};
    dhr_findings_sort(&r->findings);
    for (size_t i = 0; i < r->findings.count; i++)
        dhr_buf_addf(&text, "%s%u:%u DL%03d", i ? ", " : "", r->findings.items[i].line,
                     r->findings.items[i].col, (int)r->findings.items[i].rule);
    return keep(r, &text);
}

const char *reading_formatted(struct reading *r)
{
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    cr_assert(dhr_ini_format(&r->ini, &out, &err) == 0, "%s", err.text);
    return keep(r, &out);
}
