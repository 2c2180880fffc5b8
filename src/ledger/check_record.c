#include <string.h>

#include "check_internal.h"
#include "dhrledger/date.h"
#include "dhrledger/ident.h"
#include "dhrledger/utf8.h"

/* A record under the rules. */
struct checking {
    const struct dhr_record *record;
    dhr_lookup_fn lookup;
    const void *user;
    dhr_day today;
    struct dhr_findings *findings;
};

/* Values go into messages cut short and made safe to print. */
static const char *shown(struct dhr_buf *buf, struct dhr_str value)
{
    enum { MOST = 60 };
    struct dhr_privacy_scan scan = {.text = value, .kind = DHR_TEXT_PROSE};
    struct dhr_private found;
    dhr_buf_clear(buf);
    if (dhr_privacy_next(&scan, &found)) {
        dhr_buf_adds(buf, "(withheld)"); /* it has a finding of its own */
        return dhr_buf_cstr(buf);
    }
    dhr_utf8_add_safe(buf, dhr_str_span(value.ptr, dhr_utf8_fit(value, MOST)), false);
    if (dhr_utf8_fit(value, MOST) < value.len)
        dhr_buf_adds(buf, "…");
    return dhr_buf_cstr(buf);
}

static void add(struct checking *c, enum dhr_rule rule, const struct dhr_field *field,
                const char *why)
{
    struct dhr_buf buf = {0};
    const char *value = shown(&buf, field->value);
    dhr_findings_add(c->findings, rule, c->record->path, field->line, field->col, "%.*s = %s: %s",
                     DHR_ARG(field->name), value, why);
    dhr_buf_release(&buf);
}

static void check_line(struct checking *c, const struct dhr_field *field)
{
    if (memchr(field->value.ptr, '\n', field->value.len))
        add(c, DHR_RULE_ONE_LINE, field, "this is one line; take the paragraph break out");
}

static void check_prose(struct checking *c, const struct dhr_field *field)
{
    (void)c;
    (void)field;
}

/* A year or a month that has begun is none of the future. */
static void check_future(struct checking *c, const struct dhr_field *field,
                         const struct dhr_date *date)
{
    char iso[DHR_DAY_SIZE];
    if (!(field->key->flags & DHR_KEY_HAPPENED) || date->first_day <= c->today)
        return;
    size_t len = field->key->type == DHR_TYPE_DATED ? 10 : field->value.len;
    dhr_day_format(c->today, iso);
    dhr_findings_add(c->findings, DHR_RULE_FUTURE_DATE, c->record->path, field->line, field->col,
                     "%s = %.*s: that is after today, %s, and the key is for what has happened",
                     field->key->name, (int)len, field->value.ptr, iso);
}

static void check_date(struct checking *c, const struct dhr_field *field)
{
    struct dhr_date date;
    if (dhr_date_parse(field->value, &date))
        check_future(c, field, &date);
    else
        add(c, DHR_RULE_BAD_DATE, field,
            "not a date; write YYYY-MM-DD, or YYYY-MM or YYYY where no more is known");
}

static void check_year(struct checking *c, const struct dhr_field *field)
{
    struct dhr_date date;
    bool known = dhr_date_parse(field->value, &date);
    if (known)
        check_future(c, field, &date);
    if (!known || field->value.len != 4)
        add(c, DHR_RULE_BAD_DATE, field, "not a year; write the four digits alone");
}

static void check_count(struct checking *c, const struct dhr_field *field)
{
    unsigned long count = 0;
    if (!dhr_str_number(field->value, &count))
        add(c, DHR_RULE_BAD_NUMBER, field, "not a whole number; write digits alone");
}

static void check_word(struct checking *c, const struct dhr_field *field)
{
    if (dhr_key_word_index(field->key, field->value) >= 0)
        return;
    struct dhr_buf why = {0};
    const char *near = dhr_key_suggest_word(field->key, field->value);
    if (near)
        dhr_buf_addf(&why, "did you mean \"%s\"? It is one of ", near);
    else
        dhr_buf_adds(&why, "it must be one of ");
    for (size_t i = 0; field->key->words[i]; i++)
        dhr_buf_addf(&why, "%s%s", i ? ", " : "", field->key->words[i]);
    add(c, DHR_RULE_BAD_WORD, field, dhr_buf_cstr(&why));
    dhr_buf_release(&why);
}

/* An item of a list is a line of its cell in CSV, so that it can't have a second one. */
static void check_dated(struct checking *c, const struct dhr_field *field)
{
    check_line(c, field);
    struct dhr_str rest = field->value;
    struct dhr_str first = {NULL, 0};
    struct dhr_date date;
    (void)dhr_str_split(&rest, ' ', &first);
    bool known = dhr_date_parse(first, &date);
    if (known)
        check_future(c, field, &date);
    if (!known || !rest.len)
        add(c, DHR_RULE_BAD_DATED, field, "write the date first, then the text: 2026-03-31 …");
}

static bool is_web_address(struct dhr_str value)
{
    const char *host = dhr_str_starts(value, "https://")  ? value.ptr + 8
                       : dhr_str_starts(value, "http://") ? value.ptr + 7
                                                          : NULL;
    return host && host < value.ptr + value.len && *host != '/' &&
           !memchr(value.ptr, ' ', value.len);
}

static void check_url(struct checking *c, const struct dhr_field *field)
{
    if (!is_web_address(field->value))
        add(c, DHR_RULE_BAD_LINK, field,
            "not a web address; it begins with https:// and has no spaces");
}

static void check_link(struct checking *c, const struct dhr_field *field)
{
    struct dhr_str value = field->value;
    bool scheme = value.len > 3 && memmem(value.ptr, value.len, "://", 3);
    const char *slash = memchr(value.ptr, '/', value.len);
    size_t first_len = slash ? (size_t)(slash - value.ptr) : value.len;
    bool outside = first_len == 0 || dhr_str_starts(value, "../") ||
                   memmem(value.ptr, value.len, "/../", 4) ||
                   memchr(value.ptr, ':', first_len) /* a drive, or an address of another kind */ ||
                   memchr(value.ptr, '\\', value.len);
    if (scheme ? !is_web_address(value) : outside || memchr(value.ptr, '\n', value.len))
        add(c, DHR_RULE_BAD_LINK, field,
            "neither a web address nor a path inside the ledger's folder");
}

static void check_mailbox(struct checking *c, const struct dhr_field *field)
{
    struct dhr_str value = field->value;
    const char *at = memchr(value.ptr, '@', value.len);
    bool ok = at && at > value.ptr && at + 1 < value.ptr + value.len &&
              memchr(at, '.', (size_t)(value.ptr + value.len - at)) &&
              !memchr(at + 1, '@', (size_t)(value.ptr + value.len - at - 1)) &&
              !memchr(value.ptr, ' ', value.len) && !memchr(value.ptr, '\n', value.len);
    if (!ok)
        add(c, DHR_RULE_BAD_MAILBOX, field, "not an e-mail address");
}

static void check_reference(struct checking *c, const struct dhr_field *field,
                            enum dhr_record_kind kind, enum dhr_rule unknown, const char *where)
{
    bool shaped = kind == DHR_RECORD_RECOMMENDATION ? dhr_ident_recommendation_ok(field->value)
                                                    : dhr_ident_ok(field->value);
    if (!shaped)
        add(c, DHR_RULE_BAD_ID, field,
            kind == DHR_RECORD_RECOMMENDATION
                ? "not a recommendation's id; write REVIEW/NUMBER, such as durham-2012/10.2.1"
                : "not an id; it has small letters, digits and hyphens only");
    else if (!c->lookup(c->user, kind, field->value))
        add(c, unknown, field, where);
}

static void check_agency(struct checking *c, const struct dhr_field *field)
{
    bool csp = field->key->id == DHR_KEY_PEOPLE_AUTHOR && dhr_str_is(field->value, "csp");
    if (!csp)
        check_reference(c, field, DHR_RECORD_AGENCY, DHR_RULE_UNKNOWN_AGENCY,
                        "the folder agencies/ has no such record");
}

static void check_review(struct checking *c, const struct dhr_field *field)
{
    check_reference(c, field, DHR_RECORD_REVIEW, DHR_RULE_UNKNOWN_REVIEW,
                    "the folder reviews/ has no such review");
}

static void check_recommendation(struct checking *c, const struct dhr_field *field)
{
    check_reference(c, field, DHR_RECORD_RECOMMENDATION, DHR_RULE_UNKNOWN_RECOMMENDATION,
                    "the ledger has no such recommendation");
}

static void check_former(struct checking *c, const struct dhr_field *field)
{
    if (!dhr_ident_ok(field->value) && !dhr_ident_recommendation_ok(field->value))
        add(c, DHR_RULE_BAD_ID, field, "not an id");
}

/* One rule for each type of value. */
static void (*const type_rules[])(struct checking *, const struct dhr_field *) = {
    [DHR_TYPE_TEXT] = check_line,
    [DHR_TYPE_PROSE] = check_prose,
    [DHR_TYPE_DATE] = check_date,
    [DHR_TYPE_YEAR] = check_year,
    [DHR_TYPE_COUNT] = check_count,
    [DHR_TYPE_WORD] = check_word,
    [DHR_TYPE_DATED] = check_dated,
    [DHR_TYPE_URL] = check_url,
    [DHR_TYPE_LINK] = check_link,
    [DHR_TYPE_MAILBOX] = check_mailbox,
    [DHR_TYPE_AGENCY] = check_agency,
    [DHR_TYPE_REVIEW] = check_review,
    [DHR_TYPE_RECOMMENDATION] = check_recommendation,
    [DHR_TYPE_FORMER] = check_former,
};

static void check_label(struct checking *c, const struct dhr_section *section)
{
    if (section->def->label == DHR_LABEL_NONE || !section->agency.len)
        return;
    bool ok = dhr_ident_ok(section->agency);
    if (ok && c->lookup(c->user, DHR_RECORD_AGENCY, section->agency))
        return;
    struct dhr_buf buf = {0};
    const char *agency = shown(&buf, section->agency);
    if (!ok)
        dhr_findings_add(c->findings, DHR_RULE_BAD_ID, c->record->path, section->line, 1,
                         "[%s %s]: not an id; it has small letters, digits and hyphens only",
                         section->def->heading, agency);
    else
        dhr_findings_add(c->findings, DHR_RULE_UNKNOWN_AGENCY, c->record->path, section->line, 1,
                         "[%s %s]: the folder agencies/ has no such record", section->def->heading,
                         agency);
    dhr_buf_release(&buf);
}

/* Actions of an agency are numbered 1, 2, 3 in the file's order, below the agency's own section. */
static void check_action(struct checking *c, const struct dhr_section *section)
{
    if (section->def->id != DHR_SECTION_ACTION || !section->action)
        return;
    unsigned before = 0;
    for (const struct dhr_section *other = c->record->sections; other < section; other++) {
        if (other->def == section->def && dhr_str_eq(other->agency, section->agency))
            before++;
    }
    if (section->action != before + 1)
        dhr_findings_add(c->findings, DHR_RULE_ACTION_NUMBER, c->record->path, section->line, 1,
                         "[action %.*s %u]: this is the agency's action number %u; number them "
                         "1, 2, 3",
                         DHR_ARG(section->agency), section->action, before + 1);
    if (!dhr_record_addressee(c->record, section->agency))
        dhr_findings_add(c->findings, DHR_RULE_MISSING_SECTION, c->record->path, section->line, 1,
                         "[action %.*s %u] needs a section [agency %.*s] above it",
                         DHR_ARG(section->agency), section->action, DHR_ARG(section->agency));
}

static void check_section(struct checking *c, const struct dhr_section *section)
{
    check_label(c, section);
    check_action(c, section);
    size_t count = 0;
    const struct dhr_key *key = dhr_section_keys(section->def, &count);
    for (; count; key++, count--) {
        if ((key->flags & DHR_KEY_REQUIRED) && !section->incomplete &&
            !dhr_section_next(section, key->id, NULL))
            dhr_findings_add(c->findings, DHR_RULE_MISSING_KEY, c->record->path, section->line, 1,
                             "[%s%s%.*s] needs \"%s\": %s", section->def->heading,
                             section->agency.len ? " " : "", DHR_ARG(section->agency), key->name,
                             key->doc);
    }
    for (size_t i = 0; i < section->field_count; i++)
        type_rules[section->fields[i].key->type](c, &section->fields[i]);
}

/* [severity] names findings by their codes. */
static void check_codes(struct checking *c)
{
    const struct dhr_section *section = dhr_record_section(c->record, DHR_SECTION_SEVERITY);
    for (size_t i = 0; section && i < section->field_count; i++) {
        const struct dhr_field *field = &section->fields[i];
        if (dhr_rule_of_code(field->name))
            continue;
        dhr_findings_add(c->findings, DHR_RULE_UNKNOWN_KEY, c->record->path, field->line, 1,
                         "\"%.*s\" is not a finding's code; they are printed in brackets, such as "
                         "DL004",
                         DHR_ARG(field->name));
    }
}

static void need_section(struct checking *c, enum dhr_section_id id, const char *what)
{
    if (!dhr_record_section(c->record, id))
        dhr_findings_add(c->findings, DHR_RULE_MISSING_SECTION, c->record->path, 0, 0, "%s", what);
}

void dhr_check_record(const struct dhr_record *record, dhr_lookup_fn lookup, const void *user,
                      dhr_day today, struct dhr_findings *findings)
{
    struct checking c = {record, lookup, user, today, findings};
    for (size_t i = 0; i < record->section_count; i++)
        check_section(&c, &record->sections[i]);
    check_states(record, findings);
    check_letters(record, findings);
    if (record->kind == DHR_RECORD_REVIEW) {
        need_section(&c, DHR_SECTION_REVIEW, "the section [review] is missing");
    } else if (record->kind == DHR_RECORD_AGENCY) {
        need_section(&c, DHR_SECTION_AGENCY, "the section [agency] is missing");
    } else if (record->kind == DHR_RECORD_RECOMMENDATION) {
        need_section(&c, DHR_SECTION_RECOMMENDATION, "the section [recommendation] is missing");
        need_section(&c, DHR_SECTION_ADDRESSEE,
                     "no section [agency ID] says who owes an answer; add one for each body");
    } else {
        check_codes(&c);
    }
}
