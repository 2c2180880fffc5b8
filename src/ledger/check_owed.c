/*
 * What is still owed, and what stands in its way. A recommendation that nobody has taken
 * up yet is none of these rules' business: "dhrledger gaps" lists those, and a ledger that was
 * just imported would have nothing else but such warnings.
 */
#include "check_internal.h"
#include "dhrledger/kinds.h"
#include "dhrledger/standing.h"

/* One body's part in a recommendation. */
struct part {
    const struct dhr_ledger *ledger;
    const struct dhr_record *record;
    const struct dhr_section *section;
    enum dhr_progress progress;
    int response; /* the word's place in the schema: 0 is none, -1 unset */
    struct dhr_findings *findings;
};

enum { RESPONSE_NONE = 0, RESPONSE_NOT_ACCEPTED = 4 };

static bool has(const struct part *p, enum dhr_key_id key)
{
    return dhr_section_next(p->section, key, NULL);
}

static void warn(const struct part *p, enum dhr_rule rule, const char *text)
{
    dhr_findings_add(p->findings, rule, p->record->path, p->section->line, 1, "[agency %.*s] %s",
                     DHR_ARG(p->section->agency), text);
}

static bool has_in_action(const struct part *p, enum dhr_key_id key)
{
    for (size_t i = 0; i < p->record->section_count; i++) {
        const struct dhr_section *section = &p->record->sections[i];
        if (section->def->id == DHR_SECTION_ACTION &&
            dhr_str_eq(section->agency, p->section->agency) && dhr_section_next(section, key, NULL))
            return true;
    }
    return false;
}

static bool is_promised(const struct part *p)
{
    return p->progress < DHR_IMPLEMENTED && p->response > RESPONSE_NONE &&
           p->response != RESPONSE_NOT_ACCEPTED;
}

static void check_no_target(const struct part *p)
{
    if (is_promised(p) && !has(p, DHR_KEY_ADDRESSEE_DUE) && !has_in_action(p, DHR_KEY_ACTION_DUE))
        warn(p, DHR_RULE_NO_TARGET, "accepted it, and no \"due\" says until when");
}

static void check_no_lead(const struct part *p)
{
    if (is_promised(p) && !has(p, DHR_KEY_ADDRESSEE_LEAD) && !has_in_action(p, DHR_KEY_ACTION_LEAD))
        warn(p, DHR_RULE_NO_LEAD, "accepted it, and no \"lead\" says which role sees to it");
}

static void check_no_response(const struct part *p)
{
    struct dhr_date due;
    struct dhr_str until = dhr_section_value(p->section, DHR_KEY_ADDRESSEE_RESPONSE_DUE);
    if (p->response > RESPONSE_NONE || p->progress == DHR_CLOSED)
        return;
    if (p->progress >= DHR_PARTLY_IMPLEMENTED)
        warn(p, DHR_RULE_NO_RESPONSE, "acts on it, and no \"response\" says whether it accepts it");
    else if (until.len && dhr_date_parse(until, &due) && due.last_day < p->ledger->today)
        warn(p, DHR_RULE_NO_RESPONSE, "has not answered, and \"response-due\" is over");
}

static void check_placeholder(const struct part *p, const struct dhr_section *agency)
{
    struct dhr_str placeholder = dhr_section_value(agency, DHR_KEY_AGENCY_PLACEHOLDER);
    /* An import doesn't fill it in, so a name that says it is told, too. */
    bool is_none = placeholder.len
                       ? dhr_str_is(placeholder, "yes")
                       : dhr_is_placeholder_name(dhr_section_value(agency, DHR_KEY_AGENCY_NAME));
    if (p->progress < DHR_IMPLEMENTED && is_none)
        warn(p, DHR_RULE_PLACEHOLDER,
             "is no body that could answer; write a section for each body that is meant");
}

/* When the recommendation was made, as nearly as the review says. */
static bool made_on(const struct part *p, struct dhr_date *date)
{
    static const enum dhr_key_id keys[] = {DHR_KEY_REVIEW_COMPLETED, DHR_KEY_REVIEW_YEAR_OF_DEATH,
                                           DHR_KEY_REVIEW_PUBLISHED};
    const struct dhr_record *review = dhr_ledger_review(p->ledger, dhr_review_of(p->record));
    const struct dhr_section *section =
        review ? dhr_record_section(review, DHR_SECTION_REVIEW) : NULL;
    for (size_t i = 0; section && i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (dhr_date_parse(dhr_section_value(section, keys[i]), date))
            return true;
    }
    return false;
}

static void check_abolished(const struct part *p, const struct dhr_section *agency)
{
    struct dhr_date end;
    struct dhr_date made;
    struct dhr_str to = dhr_section_value(agency, DHR_KEY_AGENCY_TO);
    struct dhr_str successor = dhr_section_value(agency, DHR_KEY_AGENCY_SUCCESSOR);
    if (p->progress >= DHR_IMPLEMENTED || !to.len || !dhr_date_parse(to, &end) ||
        !made_on(p, &made) || end.last_day >= made.first_day)
        return;
    dhr_findings_add(p->findings, DHR_RULE_ABOLISHED, p->record->path, p->section->line, 1,
                     "[agency %.*s] was abolished %s %.*s, before the recommendation; %s%.*s",
                     DHR_ARG(p->section->agency), end.first_day == end.last_day ? "on" : "in",
                     DHR_ARG(to),
                     successor.len ? "its successor is "
                                   : "write the section of the body that "
                                     "took over",
                     DHR_ARG(successor));
}

static void check_stale(const struct part *p)
{
    const struct dhr_field *note = NULL;
    struct dhr_date date;
    struct dhr_str first;
    dhr_day last = 0;
    while ((note = dhr_section_next(p->section, DHR_KEY_ADDRESSEE_NOTE, note))) {
        struct dhr_str rest = note->value;
        if (dhr_str_split(&rest, ' ', &first) && dhr_date_parse(first, &date) &&
            date.last_day > last)
            last = date.last_day;
    }
    long days = (long)p->ledger->today - last;
    if (last && p->progress < DHR_IMPLEMENTED && days > (long)p->ledger->stale_days)
        dhr_findings_add(p->findings, DHR_RULE_STALE, p->record->path, p->section->line, 1,
                         "[agency %.*s] is still owed, and its last note is %ld days old",
                         DHR_ARG(p->section->agency), days);
}

static void check_part(const struct part *p)
{
    const struct dhr_record *agency = dhr_ledger_agency(p->ledger, p->section->agency);
    check_no_target(p);
    check_no_response(p);
    check_no_lead(p);
    check_stale(p);
    if (agency) {
        check_placeholder(p, dhr_record_section(agency, DHR_SECTION_AGENCY));
        check_abolished(p, dhr_record_section(agency, DHR_SECTION_AGENCY));
    }
}

void check_owed(const struct dhr_ledger *ledger, const struct dhr_record *recommendation,
                struct dhr_findings *findings)
{
    for (size_t i = 0; i < recommendation->section_count; i++) {
        const struct dhr_section *section = &recommendation->sections[i];
        if (section->def->id != DHR_SECTION_ADDRESSEE)
            continue;
        int status = dhr_section_word(section, DHR_KEY_ADDRESSEE_STATUS);
        const struct part part = {.ledger = ledger,
                                  .record = recommendation,
                                  .section = section,
                                  .progress = status < 0 ? DHR_OPEN : (enum dhr_progress)status,
                                  .response = dhr_section_word(section, DHR_KEY_ADDRESSEE_RESPONSE),
                                  .findings = findings};
        check_part(&part);
    }
}

/* Once for a review: a hundred such lines would say no more than their number. */
void check_extraction(const struct dhr_ledger *ledger, const struct dhr_record *review,
                      struct dhr_findings *findings)
{
    struct dhr_records own = dhr_ledger_of_review(ledger, review->id);
    size_t unchecked = 0;
    for (size_t i = 0; i < own.count; i++) {
        const struct dhr_section *section =
            dhr_record_section(own.items[i], DHR_SECTION_RECOMMENDATION);
        unchecked +=
            dhr_str_is(dhr_section_value(section, DHR_KEY_RECOMMENDATION_EXTRACTION), "machine");
    }
    if (unchecked)
        dhr_findings_add(findings, DHR_RULE_UNCHECKED, review->path, 0, 0,
                         "%zu of its %zu recommendations are as a machine extracted them; compare "
                         "them with the report, then write extraction = checked",
                         unchecked, own.count);
}
