/* Letters in names that pass for others. */
#include "check_internal.h"
#include "dhrledger/lookalike.h"
#include "dhrledger/unseen.h"
#include "dhrledger/utf8.h"

/* Keys whose values name something that others look for, or that an import fits to another. */
static bool names_something(enum dhr_key_id key)
{
    switch (key) {
    case DHR_KEY_REVIEW_TITLE:
    case DHR_KEY_REVIEW_CSP:
    case DHR_KEY_RECOMMENDATION_NUMBER:
    case DHR_KEY_RECOMMENDATION_ADDRESSED_TO:
    case DHR_KEY_RECOMMENDATION_THEME:
    case DHR_KEY_AGENCY_NAME:
    case DHR_KEY_AGENCY_ALIAS:
        return true;
    default:
        return false;
    }
}

static void check_field(const struct dhr_record *record, const struct dhr_field *field,
                        struct dhr_findings *findings)
{
    struct dhr_lookalike found;
    if (!dhr_lookalike_find(field->value, &found))
        return;
    dhr_findings_add(findings, DHR_RULE_LOOKALIKE, record->path, field->line, field->col,
                     "%s: in \"%.*s\" the letter U+%04X is %s and only looks like \"%c\"; type the "
                     "word again",
                     field->key->name, DHR_ARG(found.word), (unsigned)found.code,
                     dhr_lookalike_script(found.code), found.latin);
}

static void check_section(const struct dhr_record *record, const struct dhr_section *section,
                          struct dhr_findings *findings)
{
    for (size_t i = 0; i < section->field_count; i++) {
        if (names_something(section->fields[i].key->id))
            check_field(record, &section->fields[i], findings);
    }
}

void check_letters(const struct dhr_record *record, struct dhr_findings *findings)
{
    for (size_t i = 0; i < record->section_count; i++) {
        if (record->sections[i].def->label == DHR_LABEL_NONE)
            check_section(record, &record->sections[i], findings);
    }
}

void add_odd_letter(struct dhr_buf *out, struct dhr_str name)
{
    struct dhr_lookalike alike;
    struct dhr_unseen unseen;
    size_t at = 0;
    if (dhr_unseen_next(name, &at, &unseen))
        dhr_buf_addf(out, "; U+%04X (%s) in it can't be seen", (unsigned)unseen.code, unseen.name);
    else if (dhr_lookalike_find(name, &alike))
        dhr_buf_addf(out, "; U+%04X in it is %s and only looks like \"%c\"", (unsigned)alike.code,
                     dhr_lookalike_script(alike.code), alike.latin);
}
