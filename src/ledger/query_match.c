#include <string.h>

#include "dhrledger/utf8.h"
#include "query_internal.h"

static struct dhr_str in_recommendation(const struct dhr_subject *s, enum dhr_key_id key)
{
    return dhr_section_value(dhr_record_section(s->recommendation, DHR_SECTION_RECOMMENDATION),
                             key);
}

/* "*" stands for any run of characters. Both sides are folded. */
static bool glob(const char *pattern, const char *text)
{
    const char *star = NULL;
    const char *resume = NULL;
    while (*text) {
        if (*pattern == '*') {
            star = pattern++;
            resume = text;
        } else if (*pattern == *text) {
            pattern++;
            text++;
        } else if (star) {
            pattern = star + 1;
            text = ++resume;
        } else {
            return false;
        }
    }
    while (*pattern == '*')
        pattern++;
    return *pattern == '\0';
}

static bool matches_text(const struct query_value *value, struct dhr_str text, bool whole)
{
    struct dhr_buf folded = {0};
    dhr_utf8_add_folded(&folded, text);
    bool found = whole || strchr(value->folded, '*')
                     ? glob(value->folded, dhr_buf_cstr(&folded))
                     : strstr(dhr_buf_cstr(&folded), value->folded) != NULL;
    dhr_buf_release(&folded);
    return found;
}

static bool matches_range(const struct query_value *value, struct dhr_str text)
{
    struct dhr_date date;
    return dhr_date_parse(text, &date) && date.last_day >= value->from &&
           date.last_day <= value->to;
}

static bool matches_value(const struct query_field *field, const struct query_value *value,
                          struct dhr_str text)
{
    if (value->none)
        return text.len == 0 || dhr_str_is(text, "none");
    if (!text.len)
        return false;
    if (field->match == MATCH_DATE)
        return matches_range(value, text);
    return matches_text(value, text, field->match != MATCH_TEXT);
}

/* What an action has under the same name; its agency's where it has none, or no lead. */
static const struct dhr_key *own_key(const struct dhr_key *key, const struct dhr_subject *s,
                                     const struct dhr_section **section)
{
    const struct dhr_key *own = NULL;
    *section = s->addressee;
    if (s->section->def->id == DHR_SECTION_ACTION)
        own = dhr_section_find_key(s->section->def, dhr_str_of(key->name));
    if (!own || (own->id == DHR_KEY_ACTION_LEAD && !dhr_section_value(s->section, own->id).len))
        return key;
    *section = s->section;
    return own;
}

/* A key of the review, the recommendation or the addressee, by its schema row. */
static bool matches_key(const struct query_field *field, const struct query_value *value,
                        const struct dhr_subject *s)
{
    const struct dhr_key *key = dhr_schema_key(field->key);
    const struct dhr_section *section = NULL;
    if (key->section == DHR_SECTION_ADDRESSEE)
        key = own_key(key, s, &section);
    if (key->section == DHR_SECTION_RECOMMENDATION)
        section = dhr_record_section(s->recommendation, DHR_SECTION_RECOMMENDATION);
    if (key->section == DHR_SECTION_REVIEW) {
        const struct dhr_record *review =
            dhr_ledger_review(s->ledger, dhr_review_of(s->recommendation));
        section = review ? dhr_record_section(review, DHR_SECTION_REVIEW) : NULL;
    }
    const struct dhr_field *item = dhr_section_next(section, key->id, NULL);
    if (!item)
        return matches_value(field, value, (struct dhr_str){NULL, 0});
    for (; item; item = dhr_section_next(section, key->id, item)) {
        if (matches_value(field, value, item->value))
            return true;
    }
    return false;
}

static bool match_id(const struct query_field *field, const struct query_value *value,
                     const struct dhr_subject *s)
{
    return matches_value(field, value, s->recommendation->id);
}

static bool match_review(const struct query_field *field, const struct query_value *value,
                         const struct dhr_subject *s)
{
    return matches_value(field, value, dhr_review_of(s->recommendation));
}

/* An agency by its id, by its name, or by an alias. */
static bool match_agency(const struct query_field *field, const struct query_value *value,
                         const struct dhr_subject *s)
{
    if (matches_value(field, value, s->section->agency))
        return true;
    const struct dhr_record *agency = dhr_ledger_agency(s->ledger, s->section->agency);
    const struct dhr_section *own = agency ? dhr_record_section(agency, DHR_SECTION_AGENCY) : NULL;
    for (size_t i = 0; own && i < own->field_count; i++) {
        enum dhr_key_id key = own->fields[i].key->id;
        if ((key == DHR_KEY_AGENCY_NAME || key == DHR_KEY_AGENCY_ALIAS) &&
            matches_value(field, value, own->fields[i].value))
            return true;
    }
    return false;
}

static bool match_agency_kind(const struct query_field *field, const struct query_value *value,
                              const struct dhr_subject *s)
{
    const struct dhr_record *agency = dhr_ledger_agency(s->ledger, s->section->agency);
    const struct dhr_section *own = agency ? dhr_record_section(agency, DHR_SECTION_AGENCY) : NULL;
    return matches_value(field, value, dhr_section_value(own, DHR_KEY_AGENCY_KIND));
}

static bool match_status(const struct query_field *field, const struct query_value *value,
                         const struct dhr_subject *s)
{
    return matches_value(field, value, dhr_str_of(dhr_progress_name(s->standing.progress)));
}

static bool match_rag(const struct query_field *field, const struct query_value *value,
                      const struct dhr_subject *s)
{
    return matches_value(field, value, dhr_str_of(dhr_rag_name(s->standing.rag)));
}

static bool match_overdue(const struct query_field *field, const struct query_value *value,
                          const struct dhr_subject *s)
{
    return matches_value(field, value, dhr_str_of(s->overdue ? "yes" : "no"));
}

static bool match_due(const struct query_field *field, const struct query_value *value,
                      const struct dhr_subject *s)
{
    bool action = s->section->def->id == DHR_SECTION_ACTION;
    return matches_value(
        field, value,
        dhr_section_value(s->section, action ? DHR_KEY_ACTION_DUE : DHR_KEY_ADDRESSEE_DUE));
}

static bool match_missing(const struct query_field *field, const struct query_value *value,
                          const struct dhr_subject *s)
{
    bool response = dhr_section_word(s->addressee, DHR_KEY_ADDRESSEE_RESPONSE) <= 0;
    bool lead = !dhr_section_value(s->addressee, DHR_KEY_ADDRESSEE_LEAD).len;
    bool target = !dhr_section_value(s->addressee, DHR_KEY_ADDRESSEE_DUE).len;
    if (value->none)
        return !response && !lead && !target;
    return (response && matches_value(field, value, dhr_str_of("response"))) ||
           (lead && matches_value(field, value, dhr_str_of("lead"))) ||
           (target && matches_value(field, value, dhr_str_of("target")));
}

static bool match_text(const struct query_field *field, const struct query_value *value,
                       const struct dhr_subject *s)
{
    return matches_value(field, value, in_recommendation(s, DHR_KEY_RECOMMENDATION_TEXT));
}

#define PSEUDO(name, match, fn, words, doc)                                                        \
    {                                                                                              \
        name, match, DHR_KEYS, fn, words, doc                                                      \
    }
#define KEY(name, match, key, doc)                                                                 \
    {                                                                                              \
        name, match, key, matches_key, NULL, doc                                                   \
    }

static const char *const yes_no[] = {"yes", "no", NULL};
static const char *const rags[] = {"red", "amber", "green", "blue", "grey", NULL};
static const char *const gaps[] = {"response", "lead", "target", NULL};

const struct query_field query_fields[] = {
    PSEUDO("text", MATCH_TEXT, match_text, NULL, "The recommendation's words."),
    PSEUDO("id", MATCH_WORD, match_id, NULL, "The recommendation's id."),
    PSEUDO("review", MATCH_WORD, match_review, NULL, "The review's id."),
    PSEUDO("agency", MATCH_WORD, match_agency, NULL, "The agency's id, name or alias."),
    PSEUDO("agency-kind", MATCH_WORD, match_agency_kind, NULL, "The kind of agency."),
    PSEUDO("status", MATCH_STATE, match_status, NULL, "Where it stands."),
    PSEUDO("overdue", MATCH_STATE, match_overdue, yes_no, "Whether it is past its target."),
    PSEUDO("rag", MATCH_STATE, match_rag, rags, "Red, amber, green, blue or grey."),
    PSEUDO("missing", MATCH_WORD, match_missing, gaps, "What isn't recorded."),
    PSEUDO("due", MATCH_DATE, match_due, NULL, "The target date."),
    KEY("number", MATCH_WORD, DHR_KEY_RECOMMENDATION_NUMBER, "The number as printed."),
    KEY("addressed-to", MATCH_TEXT, DHR_KEY_RECOMMENDATION_ADDRESSED_TO,
        "The addressee as printed."),
    KEY("scope", MATCH_WORD, DHR_KEY_RECOMMENDATION_SCOPE, "Local, regional or national."),
    KEY("kind", MATCH_WORD, DHR_KEY_RECOMMENDATION_KIND, "Single-agency, multi-agency or process."),
    KEY("theme", MATCH_TEXT, DHR_KEY_RECOMMENDATION_THEME, "A theme."),
    KEY("priority", MATCH_WORD, DHR_KEY_RECOMMENDATION_PRIORITY, "Whether it has priority."),
    KEY("extraction", MATCH_WORD, DHR_KEY_RECOMMENDATION_EXTRACTION, "Machine or checked."),
    KEY("response", MATCH_WORD, DHR_KEY_ADDRESSEE_RESPONSE, "The agency's answer."),
    KEY("lead", MATCH_TEXT, DHR_KEY_ADDRESSEE_LEAD, "Who leads."),
    KEY("action", MATCH_TEXT, DHR_KEY_ADDRESSEE_ACTION, "What the agency will do."),
    KEY("outcome", MATCH_TEXT, DHR_KEY_ADDRESSEE_OUTCOME, "What came of it."),
    KEY("note", MATCH_TEXT, DHR_KEY_ADDRESSEE_NOTE, "A note."),
    KEY("responded-on", MATCH_DATE, DHR_KEY_ADDRESSEE_RESPONDED_ON, "When it answered."),
    KEY("implemented-on", MATCH_DATE, DHR_KEY_ADDRESSEE_IMPLEMENTED_ON, "When it was done."),
    KEY("verified-on", MATCH_DATE, DHR_KEY_ADDRESSEE_VERIFIED_ON, "When it was verified."),
    KEY("closed-on", MATCH_DATE, DHR_KEY_ADDRESSEE_CLOSED_ON, "When it was closed."),
    KEY("closed-reason", MATCH_WORD, DHR_KEY_ADDRESSEE_CLOSED_REASON, "Why it was closed."),
    KEY("csp", MATCH_TEXT, DHR_KEY_REVIEW_CSP, "The review's partnership."),
    KEY("year", MATCH_DATE, DHR_KEY_REVIEW_YEAR_OF_DEATH, "The review's year of death."),
    KEY("published", MATCH_DATE, DHR_KEY_REVIEW_PUBLISHED, "When the review was published."),
    {NULL, MATCH_TEXT, DHR_KEYS, NULL, NULL, NULL},
};

bool dhr_query_matches(const struct dhr_query *query, const struct dhr_subject *subject)
{
    for (const struct dhr_query_term *term = query->terms; term; term = term->next) {
        bool any = false;
        for (const struct query_value *value = term->values; value && !any; value = value->next)
            any = term->field->matches(term->field, value, subject);
        if (any == term->negated)
            return false;
    }
    return true;
}

const char *dhr_query_field_name(size_t index)
{
    return query_fields[index].name;
}

const char *dhr_query_field_doc(size_t index)
{
    return query_fields[index].doc;
}
