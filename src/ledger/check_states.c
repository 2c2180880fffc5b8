/* What a record says about its own state: lists, targets, and what each status needs. */
#include <stdlib.h>

#include "check_internal.h"

/* An item of any list. */
struct item {
    const struct dhr_field *field;
};

static int by_key_and_value(const void *a, const void *b)
{
    const struct dhr_field *x = ((const struct item *)a)->field;
    const struct dhr_field *y = ((const struct item *)b)->field;
    int order = (x->key->id > y->key->id) - (x->key->id < y->key->id);
    if (!order)
        order = dhr_str_cmp(x->value, y->value);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

/* Whether a list may have an item twice, of one length then; nearly no section's has. */
static bool may_repeat(const struct dhr_section *section)
{
    uint64_t seen = 0;
    for (size_t i = 0; i < section->field_count; i++) {
        const struct dhr_key *key = section->fields[i].key;
        size_t slot = (size_t)key->id + section->fields[i].value.len;
        uint64_t bit = (uint64_t)((key->flags & DHR_KEY_LIST) != 0) << slot % 64;
        if (seen & bit)
            return true;
        seen |= bit;
    }
    return false;
}

static void check_lists(const struct dhr_record *record, const struct dhr_section *section,
                        struct dhr_findings *findings)
{
    struct item *items = NULL;
    size_t count = 0;
    size_t capacity = 0;
    if (!may_repeat(section))
        return;
    for (size_t i = 0; i < section->field_count; i++) {
        if (section->fields[i].key->flags & DHR_KEY_LIST)
            *DHR_PUSH(items, count, capacity) = (struct item){&section->fields[i]};
    }
    if (count)
        qsort(items, count, sizeof(*items), by_key_and_value);
    for (size_t i = 1; i < count; i++) {
        const struct dhr_field *first = items[i - 1].field;
        const struct dhr_field *again = items[i].field;
        if (first->key == again->key && dhr_str_eq(first->value, again->value))
            dhr_findings_add(findings, DHR_RULE_REPEATED_ITEM, record->path, again->line,
                             again->col, "%s: line %u says the same; leave one of them out",
                             again->key->name, (unsigned)first->line);
    }
    free(items);
}

/* What a status has to have beside it. */
enum { MOST_NEEDS = 3 };
static const struct need {
    enum dhr_key_id status;
    const char *word;
    enum dhr_rule rule;
    enum dhr_key_id keys[MOST_NEEDS];
    size_t key_count;
    const char *why;
} needs[] = {
    {DHR_KEY_ADDRESSEE_STATUS,
     "implemented",
     DHR_RULE_IMPLEMENTED_WITHOUT,
     {DHR_KEY_ADDRESSEE_IMPLEMENTED_ON, DHR_KEY_ADDRESSEE_OUTCOME},
     2,
     "when it was done, and what came of it"},
    {DHR_KEY_ADDRESSEE_STATUS,
     "verified",
     DHR_RULE_IMPLEMENTED_WITHOUT,
     {DHR_KEY_ADDRESSEE_IMPLEMENTED_ON, DHR_KEY_ADDRESSEE_OUTCOME},
     2,
     "when it was done, and what came of it"},
    {DHR_KEY_ADDRESSEE_STATUS,
     "verified",
     DHR_RULE_VERIFIED_WITHOUT,
     {DHR_KEY_ADDRESSEE_EVIDENCE, DHR_KEY_ADDRESSEE_VERIFIED_ON, DHR_KEY_ADDRESSEE_VERIFIED_BY},
     3,
     "what was seen, when, and in which role"},
    {DHR_KEY_ADDRESSEE_STATUS,
     "closed",
     DHR_RULE_CLOSED_WITHOUT,
     {DHR_KEY_ADDRESSEE_CLOSED_ON, DHR_KEY_ADDRESSEE_CLOSED_REASON},
     2,
     "when it was closed, and why"},
    {DHR_KEY_ACTION_STATUS,
     "implemented",
     DHR_RULE_IMPLEMENTED_WITHOUT,
     {DHR_KEY_ACTION_IMPLEMENTED_ON, DHR_KEY_ACTION_OUTCOME},
     2,
     "when it was done, and what came of it"},
};

static void check_need(const struct dhr_record *record, const struct dhr_section *section,
                       const struct dhr_field *status, const struct need *need,
                       struct dhr_findings *findings)
{
    struct dhr_buf missing = {0};
    for (size_t i = 0; i < need->key_count; i++) {
        if (!dhr_section_next(section, need->keys[i], NULL))
            dhr_buf_addf(&missing, "%s\"%s\"", missing.len ? " and " : "",
                         dhr_schema_key(need->keys[i])->name);
    }
    if (missing.len)
        dhr_findings_add(findings, need->rule, record->path, status->line, status->col,
                         "status = %s needs %s as well: %s", need->word, dhr_buf_cstr(&missing),
                         need->why);
    dhr_buf_release(&missing);
}

static void check_needs(const struct dhr_record *record, const struct dhr_section *section,
                        enum dhr_key_id key, struct dhr_findings *findings)
{
    const struct dhr_field *status = dhr_section_next(section, key, NULL);
    for (size_t i = 0; status && i < sizeof(needs) / sizeof(needs[0]); i++) {
        if (needs[i].status == key && dhr_str_is(status->value, needs[i].word))
            check_need(record, section, status, &needs[i], findings);
    }
}

/* The last day of the target, as everywhere: a month's target isn't before a response in it. */
static void check_target(const struct dhr_record *record, const struct dhr_section *section,
                         struct dhr_findings *findings)
{
    const struct dhr_field *due = dhr_section_next(section, DHR_KEY_ADDRESSEE_DUE, NULL);
    const struct dhr_field *said = dhr_section_next(section, DHR_KEY_ADDRESSEE_RESPONDED_ON, NULL);
    struct dhr_date target;
    struct dhr_date response;
    if (due && said && dhr_date_parse(due->value, &target) &&
        dhr_date_parse(said->value, &response) && target.last_day < response.first_day)
        dhr_findings_add(findings, DHR_RULE_DUE_BEFORE_RESPONSE, record->path, due->line, due->col,
                         "due = %.*s: the agency answered only later, on %.*s; correct the date "
                         "that is wrong, or agree a new target",
                         DHR_ARG(due->value), DHR_ARG(said->value));
}

static void check_superseded(const struct dhr_record *record, const struct dhr_section *section,
                             struct dhr_findings *findings)
{
    const struct dhr_field *reason =
        dhr_section_next(section, DHR_KEY_ADDRESSEE_CLOSED_REASON, NULL);
    if (reason && dhr_str_is(reason->value, "superseded") &&
        !dhr_section_value(dhr_record_section(record, DHR_SECTION_RECOMMENDATION),
                           DHR_KEY_RECOMMENDATION_SUPERSEDED_BY)
             .len)
        dhr_findings_add(findings, DHR_RULE_SUPERSEDED_WITHOUT, record->path, reason->line,
                         reason->col,
                         "closed-reason = superseded: [recommendation] needs \"superseded-by\", "
                         "which says by which recommendation");
}

void check_states(const struct dhr_record *record, struct dhr_findings *findings)
{
    for (size_t i = 0; i < record->section_count; i++) {
        const struct dhr_section *section = &record->sections[i];
        check_lists(record, section, findings);
        if (section->def->id == DHR_SECTION_ACTION)
            check_needs(record, section, DHR_KEY_ACTION_STATUS, findings);
        if (section->def->id == DHR_SECTION_ADDRESSEE) {
            check_needs(record, section, DHR_KEY_ADDRESSEE_STATUS, findings);
            check_target(record, section, findings);
            check_superseded(record, section, findings);
        }
    }
}
