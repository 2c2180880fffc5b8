#include "dhrledger/reference.h"

#include <string.h>

bool dhr_is_reference(const struct dhr_key *key)
{
    return key->type == DHR_TYPE_AGENCY || key->type == DHR_TYPE_REVIEW ||
           key->type == DHR_TYPE_RECOMMENDATION;
}

bool dhr_refers(const struct dhr_key *key, struct dhr_str value, struct dhr_ref to)
{
    bool same = dhr_str_eq(value, to.id);
    switch (key->type) {
    case DHR_TYPE_AGENCY:
        return to.kind == DHR_RECORD_AGENCY && same;
    case DHR_TYPE_REVIEW:
        return to.kind == DHR_RECORD_REVIEW && same;
    case DHR_TYPE_RECOMMENDATION:
        if (to.kind == DHR_RECORD_RECOMMENDATION)
            return same;
        return to.kind == DHR_RECORD_REVIEW && value.len > to.id.len &&
               memcmp(value.ptr, to.id.ptr, to.id.len) == 0 && value.ptr[to.id.len] == '/';
    default:
        return false;
    }
}

bool dhr_label_refers(struct dhr_str agency, struct dhr_ref to)
{
    return to.kind == DHR_RECORD_AGENCY && agency.len && dhr_str_eq(agency, to.id);
}

uint32_t dhr_record_refers(const struct dhr_record *record, struct dhr_ref to)
{
    for (size_t i = 0; i < record->section_count; i++) {
        const struct dhr_section *section = &record->sections[i];
        if (dhr_label_refers(section->agency, to))
            return section->line;
        for (size_t f = 0; f < section->field_count; f++) {
            if (dhr_refers(section->fields[f].key, section->fields[f].value, to))
                return section->fields[f].line;
        }
    }
    return 0;
}
