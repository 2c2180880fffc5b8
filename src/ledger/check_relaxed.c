/* Settings that let pass what they didn't before. */
#include <string.h>

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

void check_relaxed(const struct dhr_record *before, const struct dhr_record *after,
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
