#include "dhrledger/new_record.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/agency_index.h"
#include "dhrledger/check.h"
#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/kinds.h"
#include "dhrledger/message.h"

enum { SUFFIX_BYTES = 4, YEAR_BYTES = 5 };

/* A new record at work: what its sections begin with, and what is set afterwards. */
struct making {
    struct dhr_new *plan;
    struct dhr_err *err;
    struct dhr_ini_pair *pairs;
    size_t pair_count, pair_capacity;
    struct dhr_assignment *later;
    size_t later_count, later_capacity;
    struct dhr_str *agencies; /* who holds a recommendation */
    size_t agency_count, agency_capacity;
};

static void release(struct making *m)
{
    free(m->pairs);
    free(m->later);
    free(m->agencies);
}

static int add_pair(struct making *m, enum dhr_key_id key, struct dhr_str text)
{
    struct dhr_err why = {0};
    struct dhr_str value = dhr_ini_normal(m->plan->arena, text);
    if (dhr_ini_check_value(value, &why) < 0)
        return dhr_fail(m->err, why.status, "%s: %s", dhr_schema_key(key)->name, why.text);
    *DHR_PUSH(m->pairs, m->pair_count, m->pair_capacity) = (struct dhr_ini_pair){key, value};
    return 0;
}

static void add_agency(struct making *m, struct dhr_str id)
{
    for (size_t i = 0; i < m->agency_count; i++) {
        if (dhr_str_eq(m->agencies[i], id))
            return;
    }
    *DHR_PUSH(m->agencies, m->agency_count, m->agency_capacity) = id;
}

static bool has_pair(const struct making *m, enum dhr_key_id key)
{
    for (size_t i = 0; i < m->pair_count; i++) {
        if (m->pairs[i].key == key)
            return true;
    }
    return false;
}

/* What is never edited has to be there from the beginning; the rest is set as `set` does it. */
static int take_word(struct making *m, const struct dhr_section_def *section, const char *word)
{
    struct dhr_assignment one;
    if (dhr_assignment_parse(&one, word, m->err) < 0)
        return -1;
    if (m->plan->kind == DHR_RECORD_RECOMMENDATION && dhr_str_is(one.key, "agency")) {
        if (!dhr_ledger_agency(m->plan->ledger, one.value))
            return dhr_fail(m->err, DHR_USAGE,
                            "agency=%.*s: the ledger has no such agency; make it with \"dhrledger "
                            "new agency\"",
                            DHR_ARG(one.value));
        add_agency(m, one.value);
        return 0;
    }
    const struct dhr_key *key = dhr_section_find_key(section, one.key);
    if (!key || !(key->flags & DHR_KEY_IMMUTABLE)) {
        *DHR_PUSH(m->later, m->later_count, m->later_capacity) = one;
        return 0;
    }
    if (one.how == DHR_ASSIGN_REMOVE || (!(key->flags & DHR_KEY_LIST) && has_pair(m, key->id)))
        return dhr_fail(m->err, DHR_USAGE, "%s: holds one value; write %s=VALUE once", key->name,
                        key->name);
    return add_pair(m, key->id, one.value);
}

static int take_words(struct making *m, enum dhr_section_id section, char *const *words,
                      size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (take_word(m, dhr_schema_section(section), words[i]) < 0)
            return -1;
    }
    return 0;
}

/* Whether anything is at the path, or below it, also in another case. */
static bool is_taken(const struct dhr_new *plan, const char *path)
{
    for (size_t i = 0; i < plan->ledger->entry_count; i++) {
        if (strcasecmp(plan->ledger->entries[i].path, path) == 0)
            return true;
    }
    return false;
}

/* Whether anything but a folder that lacks its review.ini stands where that review would. */
static bool is_review_taken(const struct dhr_new *plan, const char *path)
{
    const char *record = dhr_arena_printf(plan->arena, "%s/review.ini", path);
    bool taken = is_taken(plan, record);
    for (size_t i = 0; i < plan->ledger->entry_count && !taken; i++) {
        const struct dhr_entry *entry = &plan->ledger->entries[i];
        taken = strcasecmp(entry->path, path) == 0 &&
                (entry->kind != DHR_ENTRY_FOLDER || strcmp(entry->path, path) != 0);
    }
    return taken;
}

/* An id that nobody has yet: durham, durham-2, durham-3; at `format` in the ledger. */
static const char *free_id(const struct dhr_new *plan, const char *folder, const char *id,
                           const char *suffix, size_t max_bytes)
{
    const char *stem = id;
    size_t len = strlen(stem);
    if (len > max_bytes - SUFFIX_BYTES)
        len = max_bytes - SUFFIX_BYTES;
    while (len && (stem[len - 1] == '-' || stem[len - 1] == '.'))
        len--;
    for (unsigned n = 2;
         is_taken(plan, dhr_arena_printf(plan->arena, "%s/%s%s", folder, id, suffix)); n++)
        id = dhr_arena_printf(plan->arena, "%.*s-%u", (int)len, stem, n);
    return id;
}

/* References are to the ledger as it is, and to the record itself. */
static bool will_have(const void *user, enum dhr_record_kind kind, struct dhr_str id)
{
    const struct dhr_new *plan = user;
    return (plan->kind == kind && dhr_str_eq(plan->id, id)) ||
           dhr_ledger_has(plan->ledger, kind, id);
}

static void add_sections(struct making *m, enum dhr_section_id section, struct dhr_buf *out)
{
    const struct dhr_ini_pair open = {DHR_KEY_ADDRESSEE_STATUS, dhr_str_of("open")};
    dhr_ini_add_section(out, section, (struct dhr_str){NULL, 0}, 0, m->pairs, m->pair_count);
    for (size_t i = 0; i < m->agency_count; i++)
        dhr_ini_add_section(out, DHR_SECTION_ADDRESSEE, m->agencies[i], 0, &open, 1);
}

/* The whole record: its sections, then what is set in them, then what is wrong with it. */
static int finish(struct making *m, enum dhr_section_id section)
{
    struct dhr_new *plan = m->plan;
    struct dhr_buf out = {0};
    const struct dhr_plan_options options = {.today = plan->today};
    add_sections(m, section, &out);
    struct dhr_plan change = {.kind = plan->kind, .path = plan->path, .id = plan->id};
    change.before = dhr_str_span(dhr_arena_dup(plan->arena, dhr_buf_cstr(&out), out.len), out.len);
    dhr_buf_release(&out);
    int rc = dhr_plan_change(&change, m->later, m->later_count, &options, plan->arena,
                             &plan->findings, m->err);
    dhr_plan_release(&change);
    if (rc < 0)
        return -1;
    plan->bytes = change.after;
    dhr_check_record(change.record, will_have, plan, plan->today, &plan->findings);
    dhr_differences_of(&plan->fields, NULL, change.record, plan->arena);
    return 0;
}

static int place_agency(struct making *m, const char *name)
{
    struct dhr_new *plan = m->plan;
    struct dhr_agency_index index = {0};
    dhr_agency_index_add_ledger(&index, plan->ledger);
    struct dhr_str known = dhr_agency_index_find(&index, dhr_str_of(name));
    int rc = 0;
    if (known.len)
        rc = dhr_fail(m->err, DHR_USAGE, "%s: the agency %.*s has this name already", name,
                      DHR_ARG(known));
    dhr_agency_index_release(&index);
    if (rc < 0)
        return -1;
    const char *id = dhr_ident_slug(plan->arena, dhr_str_of(name), DHR_ID_MAX_BYTES);
    if (dhr_ident_reserved(dhr_str_of(id)))
        id = dhr_arena_printf(plan->arena, "%s-agency", id);
    id = free_id(plan, "agencies", id, ".ini", DHR_ID_MAX_BYTES);
    plan->id = dhr_str_of(id);
    plan->path = dhr_arena_printf(plan->arena, "agencies/%s.ini", id);
    return 0;
}

int dhr_new_agency(struct dhr_new *plan, const char *name, char *const *words, size_t count,
                   struct dhr_err *err)
{
    struct making m = {.plan = plan, .err = err};
    plan->kind = DHR_RECORD_AGENCY;
    struct dhr_str trimmed = dhr_str_trim(dhr_str_of(name));
    int rc = 0;
    if (!trimmed.len)
        rc = dhr_fail(err, DHR_USAGE, "the agency has no name");
    if (rc == 0)
        rc = add_pair(&m, DHR_KEY_AGENCY_NAME, trimmed);
    if (rc == 0)
        rc = place_agency(&m, name);
    if (rc == 0)
        rc = add_pair(&m, DHR_KEY_AGENCY_KIND, dhr_str_of(dhr_kind_of_name(trimmed)));
    if (rc == 0)
        rc = take_words(&m, DHR_SECTION_AGENCY, words, count);
    if (rc == 0)
        rc = finish(&m, DHR_SECTION_AGENCY);
    release(&m);
    return rc;
}

static int place_review(struct making *m, const char *csp, const char *year)
{
    struct dhr_new *plan = m->plan;
    struct dhr_date date;
    if (!dhr_str_trim(dhr_str_of(csp)).len)
        return dhr_fail(m->err, DHR_USAGE, "the partnership has no name");
    if (strlen(year) != YEAR_BYTES - 1 || !dhr_date_parse(dhr_str_of(year), &date))
        return dhr_fail(m->err, DHR_USAGE, "%s: not a year; write the year of death, YYYY", year);
    const char *slug = dhr_ident_slug(plan->arena, dhr_str_of(csp), DHR_ID_MAX_BYTES - YEAR_BYTES);
    const char *id = dhr_arena_printf(plan->arena, "%s-%s", slug, year);
    /* Recommendations that lost their review.ini wait for it. */
    if (is_review_taken(plan, dhr_arena_printf(plan->arena, "reviews/%s", id)))
        id = free_id(plan, "reviews", id, "", DHR_ID_MAX_BYTES);
    plan->id = dhr_str_of(id);
    plan->path = dhr_arena_printf(plan->arena, "reviews/%s/review.ini", id);
    return 0;
}

int dhr_new_review(struct dhr_new *plan, const char *csp, const char *year, char *const *words,
                   size_t count, struct dhr_err *err)
{
    struct making m = {.plan = plan, .err = err};
    plan->kind = DHR_RECORD_REVIEW;
    int rc = place_review(&m, csp, year);
    if (rc == 0)
        rc = add_pair(&m, DHR_KEY_REVIEW_TITLE, dhr_str_of(csp));
    if (rc == 0)
        rc = add_pair(&m, DHR_KEY_REVIEW_CSP, dhr_str_of(csp));
    if (rc == 0)
        rc = add_pair(&m, DHR_KEY_REVIEW_YEAR_OF_DEATH, dhr_str_of(year));
    if (rc == 0)
        rc = take_words(&m, DHR_SECTION_REVIEW, words, count);
    if (rc == 0)
        rc = finish(&m, DHR_SECTION_REVIEW);
    release(&m);
    return rc;
}

static void place_recommendation(struct making *m, struct dhr_str review, const char *number)
{
    struct dhr_new *plan = m->plan;
    const char *folder = dhr_arena_printf(plan->arena, "reviews/%.*s", DHR_ARG(review));
    const char *name = dhr_ident_number(plan->arena, dhr_str_of(number));
    for (unsigned n = 1; !name || dhr_ident_reserved(dhr_str_of(name)); n++) {
        name = dhr_arena_printf(plan->arena, "u%u", n);
        if (is_taken(plan, dhr_arena_printf(plan->arena, "%s/%s.ini", folder, name)))
            name = NULL;
    }
    name = free_id(plan, folder, name, ".ini", DHR_NUMBER_MAX_BYTES);
    plan->path = dhr_arena_printf(plan->arena, "%s/%s.ini", folder, name);
    plan->id = dhr_str_of(dhr_arena_printf(plan->arena, "%.*s/%s", DHR_ARG(review), name));
}

/* Without agency=ID: whoever is called as the recommendation is addressed. */
static int find_holders(struct making *m)
{
    struct dhr_agency_index index = {0};
    int rc = 0;
    if (m->agency_count)
        return 0;
    dhr_agency_index_add_ledger(&index, m->plan->ledger);
    for (size_t i = 0; rc == 0 && i < m->pair_count; i++) {
        if (m->pairs[i].key != DHR_KEY_RECOMMENDATION_ADDRESSED_TO)
            continue;
        struct dhr_str id = dhr_agency_index_find(&index, m->pairs[i].value);
        if (id.len)
            add_agency(m, id);
        else
            rc = dhr_fail(m->err, DHR_USAGE,
                          "addressed-to=%.*s: no agency is called so; make it with \"dhrledger new "
                          "agency\", or say who holds the recommendation with agency=ID",
                          DHR_ARG(m->pairs[i].value));
    }
    dhr_agency_index_release(&index);
    return rc;
}

/* A key that only an agency's section has is for the one agency, as with `set`. */
static int check_shared(const struct making *m)
{
    const struct dhr_section_def *own = dhr_schema_section(DHR_SECTION_RECOMMENDATION);
    const struct dhr_section_def *addressee = dhr_schema_section(DHR_SECTION_ADDRESSEE);
    for (size_t i = 0; m->agency_count > 1 && i < m->later_count; i++) {
        struct dhr_str key = m->later[i].key;
        if (!dhr_section_find_key(own, key) && dhr_section_find_key(addressee, key))
            return dhr_fail(m->err, DHR_USAGE,
                            "%.*s: several agencies hold the recommendation; make it first, then "
                            "say whose with \"dhrledger set --agency\"",
                            DHR_ARG(key));
    }
    return 0;
}

int dhr_new_recommendation(struct dhr_new *plan, struct dhr_str review, const char *number,
                           char *const *words, size_t count, struct dhr_err *err)
{
    struct making m = {.plan = plan, .err = err};
    plan->kind = DHR_RECORD_RECOMMENDATION;
    place_recommendation(&m, review, number);
    int rc = add_pair(&m, DHR_KEY_RECOMMENDATION_NUMBER, dhr_str_of(number));
    if (rc == 0)
        rc = take_words(&m, DHR_SECTION_RECOMMENDATION, words, count);
    if (rc == 0)
        rc = find_holders(&m);
    if (rc == 0)
        rc = check_shared(&m);
    if (rc == 0)
        rc = finish(&m, DHR_SECTION_RECOMMENDATION);
    release(&m);
    return rc;
}

void dhr_new_add_message(struct dhr_buf *out, const struct dhr_new *plan, const char *why)
{
    const char *subject = dhr_arena_printf(plan->arena, "%.*s: new %s", DHR_ARG(plan->id),
                                           dhr_record_kind_name(plan->kind));
    dhr_message_begin(out, subject, why);
    dhr_message_add_record(out, plan->id);
    dhr_message_add_differences(out, &plan->fields);
}

void dhr_new_release(struct dhr_new *plan)
{
    dhr_findings_release(&plan->findings);
    dhr_differences_release(&plan->fields);
}
