#include "dhrledger/change.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/ini.h"

int dhr_assignment_parse(struct dhr_assignment *assignment, const char *word, struct dhr_err *err)
{
    const char *equals = strchr(word, '=');
    if (!equals || equals == word)
        return dhr_fail(err, DHR_USAGE, "\"%s\" is not of the form KEY=VALUE", word);
    size_t len = (size_t)(equals - word);
    assignment->how = DHR_ASSIGN;
    if (len > 1 && (word[len - 1] == '+' || word[len - 1] == '-')) {
        assignment->how = word[len - 1] == '+' ? DHR_ASSIGN_ADD : DHR_ASSIGN_REMOVE;
        len--;
    }
    assignment->key = dhr_str_span(word, len);
    assignment->value = dhr_str_of(equals + 1);
    if (assignment->how != DHR_ASSIGN && !assignment->value.len)
        return dhr_fail(err, DHR_USAGE, "\"%s\" has nothing behind the '='", word);
    return 0;
}

/* A change under way: the bytes so far, parsed anew after each edit. */
struct changing {
    struct dhr_plan *plan;
    const struct dhr_plan_options *options;
    struct dhr_arena *arena;
    struct dhr_findings *findings;
    struct dhr_err *err;
    struct dhr_ini ini;
    const struct dhr_record *record;
    struct dhr_str agency; /* whose section unlabelled keys go to; empty: none */
    bool corrects;         /* a correction of the text is explained */
};

static void parse(struct changing *c, struct dhr_str bytes)
{
    dhr_findings_release(c->findings);
    dhr_ini_parse(&c->ini, c->plan->kind, c->plan->path, bytes, c->findings);
    c->record = dhr_ini_record(&c->ini, c->arena, c->findings);
}

/* The agencies that have a section, separated by commas; how many there are. */
static size_t list_agencies(const struct dhr_record *record, struct dhr_buf *names,
                            struct dhr_str *only)
{
    size_t count = 0;
    for (size_t i = 0; i < record->section_count; i++) {
        if (record->sections[i].def->id != DHR_SECTION_ADDRESSEE)
            continue;
        *only = record->sections[i].agency;
        dhr_buf_addf(names, "%s%.*s", count++ ? ", " : "", DHR_ARG(*only));
    }
    return count;
}

/* Whose section is meant: --agency's, or the only one there is. */
static int choose_agency(struct changing *c)
{
    if (c->plan->kind != DHR_RECORD_RECOMMENDATION) {
        if (!c->options->agency.len && !c->options->action)
            return 0;
        return dhr_fail(c->err, DHR_USAGE,
                        "%.*s: agencies hold recommendations only; leave --agency and --action out",
                        DHR_ARG(c->plan->id));
    }
    struct dhr_buf names = {0};
    struct dhr_str only = {NULL, 0};
    struct dhr_str wanted = c->options->agency;
    int rc = 0;
    size_t count = list_agencies(c->record, &names, &only);
    c->plan->several_agencies = count > 1;
    if (wanted.len && !dhr_record_addressee(c->record, wanted))
        rc = dhr_fail(c->err, DHR_USAGE, "%.*s: no agency %.*s holds it; these do: %s",
                      DHR_ARG(c->plan->id), DHR_ARG(wanted), count ? dhr_buf_cstr(&names) : "none");
    else if (wanted.len)
        c->agency = wanted;
    else if (count == 1)
        c->agency = only;
    dhr_buf_release(&names);
    return rc;
}

/* Where a key of that name belongs in this record; NULL with a sentence. */
static const struct dhr_key *find_key(struct changing *c, struct dhr_str name,
                                      enum dhr_section_id *section)
{
    static const enum dhr_section_id of_recommendation[] = {DHR_SECTION_ADDRESSEE,
                                                            DHR_SECTION_RECOMMENDATION};
    /* An action that goes back needs a note, and notes are the agency's. */
    static const enum dhr_section_id of_action[] = {DHR_SECTION_ACTION, DHR_SECTION_ADDRESSEE};
    static const enum dhr_section_id of_review[] = {DHR_SECTION_REVIEW};
    static const enum dhr_section_id of_agency[] = {DHR_SECTION_AGENCY};
    const enum dhr_section_id *places = of_recommendation;
    size_t count = 2;
    if (c->plan->kind != DHR_RECORD_RECOMMENDATION || c->options->action) {
        places = c->plan->kind == DHR_RECORD_REVIEW   ? of_review
                 : c->plan->kind == DHR_RECORD_AGENCY ? of_agency
                                                      : of_action;
        count = places == of_action && dhr_str_is(name, "note") ? 2 : 1;
    }
    const char *near = NULL;
    for (size_t i = 0; i < count; i++) {
        const struct dhr_section_def *def = dhr_schema_section(places[i]);
        const struct dhr_key *key = dhr_section_find_key(def, name);
        *section = places[i];
        if (key)
            return key;
        near = near ? near : dhr_section_suggest(def, name);
    }
    (void)dhr_fail(c->err, DHR_USAGE, "%.*s: no such key in %s %s%s%s%s", DHR_ARG(name),
                   c->plan->kind == DHR_RECORD_AGENCY ? "an" : "a",
                   dhr_record_kind_name(c->plan->kind), near ? "; did you mean \"" : "",
                   near ? near : "; \"dhrledger schema\" lists them", near ? "\"?" : "");
    return NULL;
}

static const struct dhr_section *find_section(struct changing *c, enum dhr_section_id id)
{
    bool labelled = dhr_schema_section(id)->label != DHR_LABEL_NONE;
    unsigned action = id == DHR_SECTION_ACTION ? c->options->action : 0;
    for (size_t i = 0; i < c->record->section_count; i++) {
        const struct dhr_section *section = &c->record->sections[i];
        if (section->def->id == id &&
            (!labelled || (dhr_str_eq(section->agency, c->agency) && section->action == action)))
            return section;
    }
    struct dhr_buf names = {0};
    struct dhr_str only = {NULL, 0};
    size_t count = list_agencies(c->record, &names, &only);
    if (labelled && !c->agency.len && count)
        (void)dhr_fail(c->err, DHR_USAGE,
                       "%.*s: several agencies hold it; choose with --agency one of %s",
                       DHR_ARG(c->plan->id), dhr_buf_cstr(&names));
    else if (id == DHR_SECTION_ACTION)
        (void)dhr_fail(c->err, DHR_USAGE, "%.*s: %.*s has no action %u", DHR_ARG(c->plan->id),
                       DHR_ARG(c->agency), c->options->action);
    else
        (void)dhr_fail(c->err, DHR_FOUND, "%s: has no section [%s]; \"dhrledger check\" says more",
                       c->plan->path, dhr_schema_section(id)->heading);
    dhr_buf_release(&names);
    return NULL;
}

/* What the key shall hold: the assignment applied to what it holds now. */
struct values {
    struct dhr_str *items;
    size_t count;
    size_t capacity;
};

/* Take over the section's items but one; whether that one was there. */
static bool keep_others(struct values *values, const struct dhr_section *section,
                        const struct dhr_key *key, struct dhr_str one)
{
    const struct dhr_field *field = NULL;
    bool there = false;
    while ((field = dhr_section_next(section, key->id, field))) {
        if (dhr_str_eq(field->value, one))
            there = true;
        else
            *DHR_PUSH(values->items, values->count, values->capacity) = field->value;
    }
    return there;
}

/* The typed value as the file shall hold it: "today" is a date, a note gets today's date. */
static struct dhr_str finish_value(struct changing *c, const struct dhr_key *key,
                                   const struct dhr_assignment *assignment)
{
    char day[DHR_DAY_SIZE];
    struct dhr_str value = dhr_ini_normal(c->arena, assignment->value);
    dhr_day_format(c->options->today, day);
    if (key->type == DHR_TYPE_DATE && dhr_str_is(value, "today"))
        return dhr_str_of(dhr_arena_printf(c->arena, "%s", day));
    struct dhr_str rest = value;
    struct dhr_str first = {NULL, 0};
    struct dhr_date date;
    if (key->type != DHR_TYPE_DATED || assignment->how == DHR_ASSIGN_REMOVE || !value.len ||
        (dhr_str_split(&rest, ' ', &first) && dhr_date_parse(first, &date)))
        return value;
    return dhr_str_of(dhr_arena_printf(c->arena, "%s %.*s", day, DHR_ARG(value)));
}

static int edit(struct changing *c, enum dhr_section_id section, const struct dhr_key *key,
                const struct dhr_str *values, size_t count)
{
    struct dhr_edit one = {
        section, c->agency, section == DHR_SECTION_ACTION ? c->options->action : 0,
        key,     values,    count};
    struct dhr_buf out = {0};
    if (dhr_ini_edit(&c->ini, &one, &out, c->err) < 0) {
        dhr_buf_release(&out);
        return -1;
    }
    char *bytes = dhr_arena_dup(c->arena, dhr_buf_cstr(&out), out.len);
    size_t len = out.len;
    dhr_buf_release(&out);
    parse(c, dhr_str_span(bytes, len));
    return 0;
}

static int refuse_evidence(struct changing *c, const struct dhr_key *key)
{
    if (key->id == DHR_KEY_RECOMMENDATION_TEXT)
        return dhr_fail(c->err, DHR_USAGE,
                        "%s: this is evidence, as printed; correct an error of transcription with "
                        "a reason beside it: text=\"…\" text-corrected+=\"…\"",
                        key->name);
    return dhr_fail(
        c->err, DHR_USAGE,
        "%s: this is evidence, as printed, and never changed; if it was misread, "
        "rename the record with \"dhrledger mv --no-commit\", correct it by hand, and commit "
        "both in one; personal data is "
        "taken out by hand without a new id",
        key->name);
}

static int apply(struct changing *c, const struct dhr_assignment *assignment, bool again)
{
    enum dhr_section_id id = DHR_SECTION_RECOMMENDATION;
    const struct dhr_key *key = find_key(c, assignment->key, &id);
    const struct dhr_section *section = key ? find_section(c, id) : NULL;
    if (!section)
        return -1;
    bool list = key->flags & DHR_KEY_LIST;
    if (key->flags & DHR_KEY_IMMUTABLE && !(key->id == DHR_KEY_RECOMMENDATION_TEXT && c->corrects))
        return refuse_evidence(c, key);
    if (!list && (again || assignment->how != DHR_ASSIGN))
        return dhr_fail(c->err, DHR_USAGE, "%s: holds one value; write %s=VALUE once", key->name,
                        key->name);
    struct dhr_str value = finish_value(c, key, assignment);
    struct values values = {0};
    bool add = list && assignment->how != DHR_ASSIGN_REMOVE && (again || assignment->how);
    bool there =
        (add || assignment->how == DHR_ASSIGN_REMOVE) && keep_others(&values, section, key, value);
    if (assignment->how != DHR_ASSIGN_REMOVE && value.len)
        *DHR_PUSH(values.items, values.count, values.capacity) = value;
    int rc = 0;
    if (assignment->how == DHR_ASSIGN_REMOVE && !there)
        rc = dhr_fail(c->err, DHR_USAGE, "%.*s: %s has no item \"%.*s\"", DHR_ARG(c->plan->id),
                      key->name, DHR_ARG(value));
    else if (!(add && there)) /* a list holds an item once */
        rc = edit(c, id, key, values.items, values.count);
    free(values.items);
    return rc;
}

/* The assignment to that key, or NULL. */
static const struct dhr_assignment *assigned(const struct dhr_assignment *assignments, size_t count,
                                             const char *key)
{
    for (size_t i = 0; i < count; i++) {
        if (dhr_str_is(assignments[i].key, key))
            return &assignments[i];
    }
    return NULL;
}

/* The rule for a moved target: keep the first one, and ask why. */
static int keep_original(struct changing *c, const struct dhr_record *before,
                         const struct dhr_assignment *assignments, size_t count)
{
    bool action = c->options->action > 0;
    enum dhr_section_id id = action ? DHR_SECTION_ACTION : DHR_SECTION_ADDRESSEE;
    enum dhr_key_id due = action ? DHR_KEY_ACTION_DUE : DHR_KEY_ADDRESSEE_DUE;
    enum dhr_key_id original =
        action ? DHR_KEY_ACTION_DUE_ORIGINAL : DHR_KEY_ADDRESSEE_DUE_ORIGINAL;
    if (!assigned(assignments, count, "due"))
        return 0;
    const struct dhr_record *after = c->record;
    c->record = before;
    const struct dhr_section *old = find_section(c, id);
    c->record = after;
    const struct dhr_section *new = find_section(c, id);
    if (!old || !new)
        return -1;
    struct dhr_str old_due = dhr_section_value(old, due);
    struct dhr_str new_due = dhr_section_value(new, due);
    if (!old_due.len || dhr_str_eq(old_due, new_due))
        return 0;
    const struct dhr_assignment *reason = assigned(assignments, count, "due-reason");
    if (!reason || !dhr_str_trim(reason->value).len)
        return dhr_fail(c->err, DHR_USAGE,
                        "%.*s: the target moves from %.*s to %.*s; say why with "
                        "due-reason=\"…\"",
                        DHR_ARG(c->plan->id), DHR_ARG(old_due), new_due.len ? (int)new_due.len : 4,
                        new_due.len ? new_due.ptr : "none");
    if (dhr_section_value(new, original).len)
        return 0;
    struct dhr_str first = dhr_section_value(old, original);
    return edit(c, id, dhr_schema_key(original), first.len ? &first : &old_due, 1);
}

int dhr_plan_change(struct dhr_plan *plan, const struct dhr_assignment *assignments, size_t count,
                    const struct dhr_plan_options *options, struct dhr_arena *arena,
                    struct dhr_findings *findings, struct dhr_err *err)
{
    struct changing c = {
        .plan = plan, .options = options, .arena = arena, .findings = findings, .err = err};
    parse(&c, plan->before);
    const struct dhr_record *before = c.record;
    const struct dhr_assignment *corrected = assigned(assignments, count, "text-corrected");
    c.corrects =
        corrected && corrected->how != DHR_ASSIGN_REMOVE && dhr_str_trim(corrected->value).len;
    int rc = choose_agency(&c);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || dhr_str_eq(assignments[j].key, assignments[i].key);
        rc = apply(&c, &assignments[i], again);
    }
    if (rc == 0 && plan->kind == DHR_RECORD_RECOMMENDATION)
        rc = keep_original(&c, before, assignments, count);
    plan->after = c.ini.bytes;
    plan->record = c.record;
    if (rc == 0)
        dhr_differences_of(&plan->differences, before, c.record, arena);
    dhr_ini_release(&c.ini);
    return rc;
}

void dhr_plan_release(struct dhr_plan *plan)
{
    dhr_differences_release(&plan->differences);
}
