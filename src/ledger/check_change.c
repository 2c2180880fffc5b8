/* One record before and after: what its change must bring along. */
#include "check_change.h"

#include <stdio.h>
#include <string.h>

enum { STATUS_CLOSED = 5 };

static bool has_item(const struct dhr_section *section, enum dhr_key_id key, struct dhr_str value)
{
    const struct dhr_field *field = NULL;
    while ((field = dhr_section_next(section, key, field))) {
        if (dhr_str_eq(field->value, value))
            return true;
    }
    return false;
}

bool change_adds(const struct dhr_section *before, const struct dhr_section *after,
                 enum dhr_key_id key)
{
    const struct dhr_field *field = NULL;
    while (after && (field = dhr_section_next(after, key, field))) {
        if (!before || !has_item(before, key, field->value))
            return true;
    }
    return false;
}

/* What a rule about one field looks at. */
struct field_change {
    const struct change_pair *pair;
    const struct dhr_difference *difference;
    const struct dhr_section *before; /* of the field; both are there */
    const struct dhr_section *after;
    uint32_t line, col; /* of the new value; without one, of its section */
};

#define REPORT(c, rule, ...)                                                                       \
    dhr_findings_add((c)->pair->findings, rule, (c)->pair->after->path, (c)->line, (c)->col,       \
                     __VA_ARGS__)

/* Actions have no notes: their agency's speak for them. */
static bool adds_note(const struct field_change *c)
{
    const struct dhr_section *was = dhr_record_addressee(c->pair->before, c->after->agency);
    const struct dhr_section *is = dhr_record_addressee(c->pair->after, c->after->agency);
    return change_adds(was, is, DHR_KEY_ADDRESSEE_NOTE);
}

/* Whether personal data goes out with the change, which nobody is to put back. */
static bool takes_out_private(const struct field_change *c)
{
    const struct dhr_difference *d = c->difference;
    struct dhr_privacy_scan scan = {
        .text = d->before, .kind = DHR_TEXT_PROSE, .guard = c->pair->guard};
    struct dhr_private found;
    while (dhr_privacy_next(&scan, &found)) {
        if (!d->after.len ||
            !memmem(d->after.ptr, d->after.len, d->before.ptr + found.at, found.len))
            return true;
    }
    return false;
}

/* With a new id, misread evidence may be corrected. */
static bool may_correct(const struct field_change *c)
{
    return change_adds(c->before, c->after, DHR_KEY_RECOMMENDATION_FORMERLY) ||
           takes_out_private(c);
}

static void check_number(const struct field_change *c)
{
    const struct dhr_difference *d = c->difference;
    if (may_correct(c))
        return;
    REPORT(c, DHR_RULE_NUMBER_CHANGED,
           "the printed number was %.*s; put it back, or rename the record in the same commit "
           "with \"dhrledger mv --no-commit\"",
           DHR_ARG(d->before));
}

static void check_addressed_to(const struct field_change *c)
{
    if (may_correct(c))
        return;
    REPORT(
        c, DHR_RULE_ADDRESSEE_CHANGED,
        "addressed-to was \"%.*s\", as printed; put it back: who holds the recommendation now "
        "is said by [agency ID]. Where it was misread or names a person, rename the record in the "
        "same commit with \"dhrledger mv --no-commit\"",
        DHR_ARG(c->difference->before));
}

static void check_text(const struct field_change *c)
{
    if (!change_adds(c->before, c->after, DHR_KEY_RECOMMENDATION_TEXT_CORRECTED))
        REPORT(c, DHR_RULE_TEXT_CHANGED,
               "the text changed; %sadd text-corrected = YYYY-MM-DD and why",
               takes_out_private(c) ? "" : "put it back, or ");
}

static void check_closing(const struct field_change *c)
{
    struct dhr_str reason = dhr_section_value(c->after, DHR_KEY_ADDRESSEE_CLOSED_REASON);
    bool told = reason.len &&
                !dhr_str_eq(reason, dhr_section_value(c->before, DHR_KEY_ADDRESSEE_CLOSED_REASON));
    if (!told && !adds_note(c))
        REPORT(c, DHR_RULE_CLOSED,
               "closed, and nothing says why; add closed-reason, or note = YYYY-MM-DD and why");
}

/* Forward moves are free: squashed branches skip steps. */
static void check_status(const struct field_change *c)
{
    const struct dhr_difference *d = c->difference;
    int was = dhr_key_word_index(d->key, d->before);
    int is = dhr_key_word_index(d->key, d->after);
    if (was < 0 || is < 0)
        return;
    if (is == STATUS_CLOSED)
        check_closing(c);
    else if (was == STATUS_CLOSED && !adds_note(c))
        REPORT(c, DHR_RULE_REOPENED,
               "closed before, %.*s now; add note = YYYY-MM-DD and why it was opened again",
               DHR_ARG(d->after));
    else if (is < was && !adds_note(c))
        REPORT(c, DHR_RULE_STATUS_BACK, "back from %.*s to %.*s; add note = YYYY-MM-DD and why%s",
               DHR_ARG(d->before), DHR_ARG(d->after), d->action ? " to the agency's section" : "");
}

/* The keys of a target, which an agency's section and an action's both have. */
struct target_keys {
    enum dhr_key_id due, original, reason;
};

static struct target_keys keys_of(const struct dhr_difference *d)
{
    static const struct target_keys own = {DHR_KEY_ADDRESSEE_DUE, DHR_KEY_ADDRESSEE_DUE_ORIGINAL,
                                           DHR_KEY_ADDRESSEE_DUE_REASON};
    static const struct target_keys action = {DHR_KEY_ACTION_DUE, DHR_KEY_ACTION_DUE_ORIGINAL,
                                              DHR_KEY_ACTION_DUE_REASON};
    return d->key->section == DHR_SECTION_ACTION ? action : own;
}

/* The target that a slip is counted from. */
static struct dhr_str first_target(const struct field_change *c, const struct target_keys *keys)
{
    struct dhr_str original = dhr_section_value(c->before, keys->original);
    return original.len ? original : dhr_section_value(c->before, keys->due);
}

static void check_due(const struct field_change *c)
{
    const struct dhr_difference *d = c->difference;
    const struct target_keys keys = keys_of(d);
    struct dhr_str first = first_target(c, &keys);
    struct dhr_str reason = dhr_section_value(c->after, keys.reason);
    if (!d->before.len)
        return;
    if (!reason.len || dhr_str_eq(reason, dhr_section_value(c->before, keys.reason)))
        REPORT(c, DHR_RULE_TARGET_MOVED,
               "the target was %.*s; add a new due-reason that says why it moved",
               DHR_ARG(d->before));
    if (!dhr_section_value(c->after, keys.original).len)
        REPORT(c, DHR_RULE_FIRST_TARGET, "the target moved; add due-original = %.*s, the first one",
               DHR_ARG(first));
}

static void check_due_original(const struct field_change *c)
{
    const struct dhr_difference *d = c->difference;
    const struct target_keys keys = keys_of(d);
    struct dhr_str first = first_target(c, &keys);
    if (first.len && d->after.len && !dhr_str_eq(d->after, first))
        REPORT(c, DHR_RULE_FIRST_TARGET, "the first target was %.*s; write due-original = %.*s",
               DHR_ARG(first), DHR_ARG(first));
    else if (!d->after.len && dhr_str_eq(dhr_section_value(c->before, keys.due),
                                         dhr_section_value(c->after, keys.due)))
        REPORT(c, DHR_RULE_FIRST_TARGET, "due-original = %.*s is gone; put it back",
               DHR_ARG(d->before));
}

static const struct field_rule {
    enum dhr_key_id key;
    void (*check)(const struct field_change *change);
} field_rules[] = {
    {DHR_KEY_RECOMMENDATION_NUMBER, check_number},
    {DHR_KEY_RECOMMENDATION_ADDRESSED_TO, check_addressed_to},
    {DHR_KEY_RECOMMENDATION_TEXT, check_text},
    {DHR_KEY_ADDRESSEE_STATUS, check_status},
    {DHR_KEY_ACTION_STATUS, check_status},
    {DHR_KEY_ADDRESSEE_DUE, check_due},
    {DHR_KEY_ACTION_DUE, check_due},
    {DHR_KEY_ADDRESSEE_DUE_ORIGINAL, check_due_original},
    {DHR_KEY_ACTION_DUE_ORIGINAL, check_due_original},
};

static const struct dhr_section *section_of(const struct dhr_record *record,
                                            const struct dhr_difference *d)
{
    const struct dhr_section like = {
        .def = dhr_schema_section(d->key->section), .agency = d->agency, .action = d->action};
    return dhr_record_counterpart(record, &like);
}

/* A section that is new or gone has no move that could be judged. */
static void check_field(const struct change_pair *pair, const struct dhr_difference *d)
{
    struct field_change c = {.pair = pair,
                             .difference = d,
                             .before = section_of(pair->before, d),
                             .after = section_of(pair->after, d)};
    if (!c.before || !c.after)
        return;
    const struct dhr_field *field = dhr_section_next(c.after, d->key->id, NULL);
    c.line = field ? field->line : c.after->line;
    c.col = field ? field->col : 1;
    for (size_t i = 0; i < sizeof(field_rules) / sizeof(*field_rules); i++) {
        if (field_rules[i].key == d->key->id)
            field_rules[i].check(&c);
    }
}

/* Whether any agency of the record has a new note. */
static bool any_note(const struct change_pair *pair)
{
    for (size_t i = 0; i < pair->after->section_count; i++) {
        const struct dhr_section *section = &pair->after->sections[i];
        if (section->def->id == DHR_SECTION_ADDRESSEE &&
            change_adds(dhr_record_counterpart(pair->before, section), section,
                        DHR_KEY_ADDRESSEE_NOTE))
            return true;
    }
    return false;
}

static void check_sections(const struct change_pair *pair)
{
    for (size_t i = 0; i < pair->before->section_count; i++) {
        const struct dhr_section *section = &pair->before->sections[i];
        if (!section->agency.len || dhr_record_counterpart(pair->after, section))
            continue;
        char number[16] = "";
        if (section->action)
            (void)snprintf(number, sizeof(number), " %u", section->action);
        dhr_findings_add(pair->findings, DHR_RULE_SECTION_GONE, pair->after->path, 0, 0,
                         "[%s %.*s%s] is gone; put it back, or say why in a new note of another "
                         "agency's section",
                         section->def->heading, DHR_ARG(section->agency), number);
    }
}

void check_change(const struct change_pair *pair)
{
    struct dhr_differences differences = {0};
    dhr_differences_of(&differences, pair->before, pair->after, pair->arena);
    for (size_t i = 0; i < differences.count; i++)
        check_field(pair, &differences.items[i]);
    if (!any_note(pair))
        check_sections(pair);
    dhr_differences_release(&differences);
}
