#include "dhrledger/record.h"

const struct dhr_section *dhr_record_section(const struct dhr_record *record,
                                             enum dhr_section_id id)
{
    for (size_t i = 0; i < record->section_count; i++) {
        if (record->sections[i].def->id == id)
            return &record->sections[i];
    }
    return NULL;
}

const struct dhr_section *dhr_record_addressee(const struct dhr_record *record,
                                               struct dhr_str agency)
{
    for (size_t i = 0; i < record->section_count; i++) {
        const struct dhr_section *section = &record->sections[i];
        if (section->def->id == DHR_SECTION_ADDRESSEE && dhr_str_eq(section->agency, agency))
            return section;
    }
    return NULL;
}

const struct dhr_field *dhr_section_next(const struct dhr_section *section, enum dhr_key_id key,
                                         const struct dhr_field *after)
{
    if (!section)
        return NULL;
    const struct dhr_field *end = section->fields + section->field_count;
    const struct dhr_field *field = after ? after + 1 : section->fields;
    for (; field < end; field++) {
        if (field->key->id == key)
            return field;
    }
    return NULL;
}

struct dhr_str dhr_section_value(const struct dhr_section *section, enum dhr_key_id key)
{
    const struct dhr_field *field = dhr_section_next(section, key, NULL);
    return field ? field->value : (struct dhr_str){NULL, 0};
}

const struct dhr_section *dhr_record_counterpart(const struct dhr_record *record,
                                                 const struct dhr_section *section)
{
    for (size_t i = 0; record && i < record->section_count; i++) {
        const struct dhr_section *other = &record->sections[i];
        if (other->def == section->def && other->action == section->action &&
            dhr_str_eq(other->agency, section->agency))
            return other;
    }
    return NULL;
}

struct dhr_str dhr_section_joined(const struct dhr_section *section, enum dhr_key_id key,
                                  struct dhr_arena *arena)
{
    const struct dhr_field *field = dhr_section_next(section, key, NULL);
    const struct dhr_field *more = field ? dhr_section_next(section, key, field) : NULL;
    if (!more)
        return field ? field->value : (struct dhr_str){NULL, 0};
    struct dhr_buf joined = {0};
    dhr_buf_add_str(&joined, field->value);
    for (; more; more = dhr_section_next(section, key, more)) {
        dhr_buf_addc(&joined, '\n');
        dhr_buf_add_str(&joined, more->value);
    }
    struct dhr_str value = {dhr_arena_dup(arena, joined.ptr, joined.len), joined.len};
    dhr_buf_release(&joined);
    return value;
}

int dhr_section_word(const struct dhr_section *section, enum dhr_key_id key)
{
    const struct dhr_field *field = dhr_section_next(section, key, NULL);
    return field ? dhr_key_word_index(field->key, field->value) : -1;
}
