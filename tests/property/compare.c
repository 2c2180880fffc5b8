#include "run.h"

#include <stdlib.h>

static const struct dhr_ini_pair *next_pair(const struct sample_section *section,
                                            enum dhr_key_id key, const struct dhr_ini_pair *after)
{
    const struct dhr_ini_pair *pair = after ? after + 1 : section->pairs;
    while (pair < section->pairs + section->count && pair->key != key)
        pair++;
    return pair < section->pairs + section->count ? pair : NULL;
}

static bool same_section(struct run *r, const struct sample_section *meant,
                         const struct dhr_section *read)
{
    if (read->def->id != meant->id || !dhr_str_eq(read->agency, meant->agency) ||
        read->action != meant->action) {
        dhr_buf_addf(&r->why, "line %u: another section", read->line);
        return false;
    }
    size_t keys = 0;
    const struct dhr_key *key = dhr_section_keys(read->def, &keys);
    for (; keys; key++, keys--) {
        const struct dhr_field *field = dhr_section_next(read, key->id, NULL);
        const struct dhr_ini_pair *pair = next_pair(meant, key->id, NULL);
        while (field && pair && dhr_str_eq(field->value, pair->value)) {
            field = dhr_section_next(read, key->id, field);
            pair = next_pair(meant, key->id, pair);
        }
        if (!field && !pair)
            continue;
        dhr_buf_addf(&r->why, "%s: wanted <%.*s>, got <%.*s>", key->name,
                     pair ? (int)pair->value.len : 0, pair ? pair->value.ptr : "",
                     field ? (int)field->value.len : 0, field ? field->value.ptr : "");
        return false;
    }
    return true;
}

bool same_record(struct run *r, const struct sample *meant, const struct dhr_record *read)
{
    if (read->section_count != meant->count) {
        dhr_buf_addf(&r->why, "%zu sections, not %zu", read->section_count, meant->count);
        return false;
    }
    for (size_t i = 0; i < meant->count; i++) {
        if (!same_section(r, &meant->sections[i], &read->sections[i]))
            return false;
    }
    return true;
}

bool same_bytes(struct run *r, const char *what, struct dhr_str wanted, struct dhr_str got)
{
    size_t at = 0;
    while (at < wanted.len && at < got.len && wanted.ptr[at] == got.ptr[at])
        at++;
    if (at == wanted.len && at == got.len)
        return true;
    while (at && wanted.ptr[at - 1] != '\n')
        at--;
    dhr_buf_addf(&r->why, "%s: wanted <%.*s>, got <%.*s>", what,
                 wanted.len - at < 200 ? (int)(wanted.len - at) : 200, wanted.ptr + at,
                 got.len - at < 200 ? (int)(got.len - at) : 200, got.ptr + at);
    return false;
}

static int by_text(const void *a, const void *b)
{
    return dhr_str_cmp(*(const struct dhr_str *)a, *(const struct dhr_str *)b);
}

struct dhr_str comments_of(struct run *r, const struct dhr_ini *ini)
{
    struct dhr_str *comments =
        dhr_arena_alloc(&r->arena, (ini->line_count + 1) * sizeof(*comments));
    struct dhr_buf text = {0};
    size_t count = 0;
    for (size_t i = 0; i < ini->line_count; i++) {
        const struct dhr_ini_line *line = &ini->lines[i];
        if (line->kind == DHR_LINE_COMMENT)
            comments[count++] = dhr_str_trim(dhr_str_span(ini->bytes.ptr + line->start, line->len));
    }
    qsort(comments, count, sizeof(*comments), by_text);
    for (size_t i = 0; i < count; i++)
        dhr_buf_addf(&text, "%.*s\n", DHR_ARG(comments[i]));
    struct dhr_str result = dhr_str_of(dhr_arena_dup(&r->arena, dhr_buf_cstr(&text), text.len));
    dhr_buf_release(&text);
    return result;
}

struct dhr_str values_of(struct run *r, const struct dhr_ini *ini)
{
    struct dhr_str *values = dhr_arena_alloc(&r->arena, (ini->entry_count + 1) * sizeof(*values));
    struct dhr_buf text = {0};
    size_t count = 0;
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct dhr_ini_entry *entry = &ini->entries[i];
        struct dhr_str value = dhr_ini_value(ini, entry, &r->arena);
        size_t before = 0; /* of the same name: their order counts */
        for (size_t j = 0; j < i; j++)
            before += ini->entries[j].section == entry->section &&
                      dhr_str_eq(ini->entries[j].name, entry->name) &&
                      dhr_ini_value(ini, &ini->entries[j], &r->arena).len;
        if (value.len)
            values[count++] =
                dhr_str_of(dhr_arena_printf(&r->arena, "%03u %.*s %03zu %.*s\n", entry->section,
                                            DHR_ARG(entry->name), before, DHR_ARG(value)));
    }
    qsort(values, count, sizeof(*values), by_text);
    for (size_t i = 0; i < count; i++)
        dhr_buf_add_str(&text, values[i]);
    struct dhr_str result = dhr_str_of(dhr_arena_dup(&r->arena, dhr_buf_cstr(&text), text.len));
    dhr_buf_release(&text);
    return result;
}
struct dhr_str faults_of(struct run *r, const struct dhr_ini *ini)
{
    struct dhr_buf text = {0};
    for (size_t i = 0; i < ini->line_count; i++) {
        const struct dhr_ini_line *line = &ini->lines[i];
        if (line->kind == DHR_LINE_BAD)
            dhr_buf_addf(&text, "%.*s\n", (int)line->len, ini->bytes.ptr + line->start);
    }
    struct dhr_str result =
        dhr_str_span(dhr_arena_dup(&r->arena, dhr_buf_cstr(&text), text.len), text.len);
    dhr_buf_release(&text);
    return result;
}
