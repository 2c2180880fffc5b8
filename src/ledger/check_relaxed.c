/* Settings that let pass what they didn't before: weaker rules, and more people who speak. */
#include <string.h>
#include <strings.h>

#include "check_change.h"

/* What the settings make of a rule; `field` is where they say so, or NULL. */
static enum dhr_severity severity_of(const struct dhr_record *settings,
                                     const struct dhr_rule_info *rule,
                                     const struct dhr_field **field)
{
    static const enum dhr_severity words[] = {DHR_SEVERITY_ERROR, DHR_SEVERITY_WARNING,
                                              DHR_SEVERITY_OFF};
    const struct dhr_section *section =
        settings ? dhr_record_section(settings, DHR_SECTION_SEVERITY) : NULL;
    enum dhr_severity severity = rule->severity;
    *field = NULL;
    for (size_t i = 0; section && i < section->field_count; i++) {
        const struct dhr_field *one = &section->fields[i];
        int word = dhr_key_word_index(one->key, one->value);
        if (dhr_rule_of_code(one->name) != rule || word < 0)
            continue;
        severity = words[word];
        *field = one;
    }
    return severity;
}

static const char *word_of(enum dhr_severity severity)
{
    return severity == DHR_SEVERITY_OFF ? "off" : dhr_severity_name(severity);
}

static void check_severities(const struct dhr_record *before, const struct dhr_record *after,
                             struct dhr_findings *findings)
{
    size_t count = 0;
    const struct dhr_rule_info *rules = dhr_rules(&count);
    for (size_t i = 0; i < count; i++) {
        const struct dhr_field *ignored = NULL;
        const struct dhr_field *field = NULL;
        enum dhr_severity was = severity_of(before, &rules[i], &ignored);
        enum dhr_severity is = severity_of(after, &rules[i], &field);
        char code[DHR_CODE_SIZE];
        if (is >= was)
            continue;
        dhr_rule_code(rules[i].rule, code);
        dhr_findings_add(findings, DHR_RULE_RULE_RELAXED, ".dhrledger.ini", field ? field->line : 0,
                         field ? 1 : 0,
                         "%s is %s here and was %s; ask for that in a request of its own", code,
                         word_of(is), word_of(was));
    }
}

/* What an address stands for, or nothing; its case doesn't matter. */
static struct dhr_str spoken_for(const struct dhr_section *people, struct dhr_str address)
{
    for (size_t i = 0; people && i < people->field_count; i++) {
        struct dhr_str name = people->fields[i].name;
        if (name.len == address.len && strncasecmp(name.ptr, address.ptr, name.len) == 0)
            return people->fields[i].value;
    }
    return (struct dhr_str){NULL, 0};
}

/* "dhrledger mv" changes an agency's id here as well. */
static bool is_same_body(const struct range_moves *moves, struct dhr_str was, struct dhr_str is)
{
    if (dhr_str_eq(was, is))
        return true;
    const struct dhr_record *now = was.len ? range_successor(moves, DHR_RECORD_AGENCY, was) : NULL;
    return now && dhr_str_eq(now->id, is);
}

static size_t count_csp(const struct dhr_section *people)
{
    size_t count = 0;
    for (size_t i = 0; people && i < people->field_count; i++)
        count += dhr_str_is(people->fields[i].value, "csp");
    return count;
}

/* Whoever is added may verify, or has an address that no rule minds; the address isn't printed. */
static void check_people(const struct range_moves *moves, const struct dhr_ledger *before,
                         const struct dhr_ledger *after, struct dhr_findings *findings)
{
    const struct dhr_section *was =
        before->settings ? dhr_record_section(before->settings, DHR_SECTION_PEOPLE) : NULL;
    const struct dhr_section *is =
        after->settings ? dhr_record_section(after->settings, DHR_SECTION_PEOPLE) : NULL;
    for (size_t i = 0; is && i < is->field_count; i++) {
        const struct dhr_field *field = &is->fields[i];
        if (!is_same_body(moves, spoken_for(was, field->name), field->value))
            dhr_findings_add(findings, DHR_RULE_RULE_RELAXED, ".dhrledger.ini", field->line, 1,
                             "this address speaks for %.*s here and didn't; ask for that in a "
                             "request of its own",
                             DHR_ARG(field->value));
    }
    if (count_csp(was) && !count_csp(is))
        dhr_findings_add(findings, DHR_RULE_RULE_RELAXED, ".dhrledger.ini", is ? is->line : 0,
                         is ? 1 : 0,
                         "nobody speaks for csp any more, so anybody could verify; ask for that "
                         "in a request of its own");
}

void check_relaxed(const struct range_moves *moves, const struct dhr_ledger *before,
                   const struct dhr_ledger *after, struct dhr_findings *findings)
{
    check_severities(before->settings, after->settings, findings);
    check_people(moves, before, after, findings);
}
