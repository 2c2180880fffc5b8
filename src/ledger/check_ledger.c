#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/agency_index.h"
#include "check_internal.h"
#include "dhrledger/ident.h"
#include "dhrledger/parallel.h"
#include "dhrledger/utf8.h"

/* Of a ledger read in part, whether the rest has the record. */
static bool rest_has(const struct dhr_ledger *ledger, enum dhr_record_kind kind, struct dhr_str id)
{
    struct dhr_buf path = {0};
    if (!ledger->rest)
        return false;
    if (kind == DHR_RECORD_AGENCY)
        dhr_buf_addf(&path, "agencies/%.*s.ini", DHR_ARG(id));
    else
        dhr_buf_addf(&path, "reviews/%.*s%s.ini", DHR_ARG(id),
                     kind == DHR_RECORD_REVIEW ? "/review" : "");
    bool has = dhr_source_has(ledger->rest, dhr_buf_cstr(&path));
    dhr_buf_release(&path);
    return has;
}

static bool is_loaded(const struct dhr_ledger *ledger, enum dhr_record_kind kind, struct dhr_str id)
{
    switch (kind) {
    case DHR_RECORD_REVIEW:
        return dhr_ledger_review(ledger, id) != NULL;
    case DHR_RECORD_RECOMMENDATION:
        return dhr_ledger_recommendation(ledger, id) != NULL;
    case DHR_RECORD_AGENCY:
        return dhr_ledger_agency(ledger, id) != NULL;
    default:
        return false;
    }
}

bool dhr_ledger_has(const void *user, enum dhr_record_kind kind, struct dhr_str id)
{
    const struct dhr_ledger *ledger = user;
    return is_loaded(ledger, kind, id) || rest_has(ledger, kind, id);
}

/* How deep a path is: "reviews" 0, "reviews/x" 1, "reviews/x/3.ini" and deeper ones 2. */
static unsigned depth_of(const char *path)
{
    const char *slash = strchr(path, '/');
    return !slash ? 0 : !strchr(slash + 1, '/') ? 1 : 2;
}

/* Whether a folder belongs there: the two at the top, and one for each review. */
static bool is_folder_place(const struct dhr_entry *entry)
{
    unsigned depth = depth_of(entry->path);
    return depth == 0 ? strcmp(entry->path, ".dhrledger.ini") != 0
                      : depth == 1 && strncmp(entry->path, "reviews/", 8) == 0 &&
                            !dhr_str_ends(dhr_str_of(entry->path), ".ini");
}

static void check_name(const struct dhr_entry *entry, enum dhr_record_kind kind,
                       struct dhr_findings *findings)
{
    struct dhr_str name = dhr_str_of(strrchr(entry->path, '/') + 1);
    bool recommendation = kind == DHR_RECORD_RECOMMENDATION;
    if (entry->kind == DHR_ENTRY_FILE)
        name.len -= 4; /* ".ini" */
    bool reserved = dhr_ident_reserved(name);
    if (!reserved && (recommendation ? dhr_ident_number_ok(name) : dhr_ident_ok(name)))
        return;
    struct dhr_buf shown = {0};
    struct dhr_buf odd = {0};
    dhr_utf8_add_safe(&shown, name, false);
    add_odd_letter(&odd, name);
    if (reserved)
        dhr_findings_add(
            findings, DHR_RULE_RESERVED_NAME, entry->path, 0, 0,
            "\"%s\" is kept: by Windows for a device, or here for review.ini; rename it",
            dhr_buf_cstr(&shown));
    else
        dhr_findings_add(findings, DHR_RULE_BAD_NAME, entry->path, 0, 0,
                         recommendation
                             ? "\"%s\" can't name a recommendation%s; use letters, digits, dots "
                               "and hyphens, at most 32"
                             : "\"%s\" can't be an id%s; use small letters, digits and hyphens, "
                               "at most 64",
                         dhr_buf_cstr(&shown), dhr_buf_cstr(&odd));
    dhr_buf_release(&odd);
    dhr_buf_release(&shown);
}

static void check_entry(const struct dhr_ledger *ledger, size_t i, struct dhr_findings *findings)
{
    const struct dhr_entry *entry = &ledger->entries[i];
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    bool record = dhr_ident_of_path(dhr_str_of(entry->path), &kind, &id);
    if (entry->kind == DHR_ENTRY_SYMLINK) {
        dhr_findings_add(findings, DHR_RULE_SYMLINK, entry->path, 0, 0,
                         "a symbolic link is never followed; put the file itself in its place");
    } else if (is_folder_place(entry)) {
        if (entry->kind == DHR_ENTRY_FOLDER && depth_of(entry->path) == 1)
            check_name(entry, DHR_RECORD_REVIEW, findings);
        else if (entry->kind == DHR_ENTRY_FILE && depth_of(entry->path) == 1)
            dhr_findings_add(findings, DHR_RULE_STRAY, entry->path, 0, 0,
                             "not a record: each review is a folder below reviews/");
        else if (entry->kind != DHR_ENTRY_FOLDER)
            dhr_findings_add(findings, DHR_RULE_NOT_A_FILE, entry->path, 0, 0,
                             "a folder belongs here");
    } else if (!record) {
        dhr_findings_add(findings, DHR_RULE_STRAY, entry->path, 0, 0,
                         "not a record, and nothing reads it; move it out of the ledger's folders");
    } else if (entry->kind != DHR_ENTRY_FILE) {
        dhr_findings_add(findings, DHR_RULE_NOT_A_FILE, entry->path, 0, 0, "a file belongs here");
    } else if (kind == DHR_RECORD_RECOMMENDATION || kind == DHR_RECORD_AGENCY) {
        check_name(entry, kind, findings);
    }
}

static int by_folded_path(const void *a, const void *b)
{
    const struct dhr_entry *const *x = a;
    const struct dhr_entry *const *y = b;
    int order = strcasecmp((*x)->path, (*y)->path);
    return order ? order : strcmp((*x)->path, (*y)->path);
}

static bool has_capitals(const struct dhr_ledger *ledger)
{
    for (size_t i = 0; i < ledger->entry_count; i++) {
        for (const char *c = ledger->entries[i].path; *c; c++) {
            if (*c >= 'A' && *c <= 'Z')
                return true;
        }
    }
    return false;
}

/* Two paths that one file system would take for the same. */
static void check_case(const struct dhr_ledger *ledger, size_t unused,
                       struct dhr_findings *findings)
{
    (void)unused;
    size_t count = ledger->entry_count;
    if (!has_capitals(ledger))
        return; /* paths are distinct, so two of them can't differ in case alone */
    const struct dhr_entry **sorted = dhr_realloc(NULL, (count + 1) * sizeof(struct dhr_entry *));
    for (size_t i = 0; i < count; i++)
        sorted[i] = &ledger->entries[i];
    qsort(sorted, count, sizeof(struct dhr_entry *), by_folded_path);
    for (size_t i = 1; i < count; i++) {
        if (strcasecmp(sorted[i - 1]->path, sorted[i]->path) == 0)
            dhr_findings_add(findings, DHR_RULE_CASE_CLASH, sorted[i]->path, 0, 0,
                             "differs from %s only in case, and Windows and macOS take them for "
                             "one; rename it",
                             sorted[i - 1]->path);
    }
    free(sorted);
}

static void check_homes(const struct dhr_ledger *ledger, size_t unused,
                        struct dhr_findings *findings)
{
    (void)unused;
    struct dhr_str last = {NULL, 0};
    for (size_t i = 0; i < ledger->recommendations.count; i++) {
        const struct dhr_record *record = ledger->recommendations.items[i];
        struct dhr_str review = dhr_review_of(record);
        if (dhr_str_eq(review, last))
            continue;
        last = review;
        if (dhr_ledger_review(ledger, review))
            continue;
        char *path = dhr_arena_printf(&findings->arena, "reviews/%.*s", DHR_ARG(review));
        dhr_findings_add(findings, DHR_RULE_NO_REVIEW, path, 0, 0,
                         "the folder has recommendations and no readable review.ini");
    }
}

static void check_count(const struct dhr_ledger *ledger, const struct dhr_record *review,
                        struct dhr_findings *findings)
{
    const struct dhr_field *declared = dhr_section_next(
        dhr_record_section(review, DHR_SECTION_REVIEW), DHR_KEY_REVIEW_RECOMMENDATIONS, NULL);
    if (!declared)
        return;
    size_t count = dhr_ledger_of_review(ledger, review->id).count;
    unsigned long said = 0;
    if (dhr_str_number(declared->value, &said) && said != count)
        dhr_findings_add(findings, DHR_RULE_COUNT_DIFFERS, review->path, declared->line,
                         declared->col,
                         "recommendations = %.*s: the folder holds %zu; add what is missing, or "
                         "correct the count",
                         DHR_ARG(declared->value), count);
}

static struct dhr_str printed_number(const struct dhr_record *record)
{
    return dhr_section_value(dhr_record_section(record, DHR_SECTION_RECOMMENDATION),
                             DHR_KEY_RECOMMENDATION_NUMBER);
}

static int by_number(const void *a, const void *b)
{
    const struct dhr_record *const *x = a;
    const struct dhr_record *const *y = b;
    int order = dhr_str_cmp(printed_number(*x), printed_number(*y));
    return order ? order : dhr_id_cmp((*x)->id, (*y)->id);
}

/* Files have distinct names, and nearly always each the number for one. */
static bool may_repeat_number(struct dhr_records own)
{
    for (size_t i = 0; i < own.count; i++) {
        if (!dhr_str_eq(printed_number(own.items[i]), dhr_number_of(own.items[i])))
            return own.count > 1;
    }
    return false;
}

static void check_numbers(const struct dhr_ledger *ledger, const struct dhr_record *review,
                          struct dhr_findings *findings)
{
    struct dhr_records own = dhr_ledger_of_review(ledger, review->id);
    if (!may_repeat_number(own))
        return;
    const struct dhr_record **sorted = dhr_realloc(NULL, own.count * sizeof(struct dhr_record *));
    memcpy(sorted, own.items, own.count * sizeof(struct dhr_record *));
    qsort(sorted, own.count, sizeof(struct dhr_record *), by_number);
    for (size_t i = 1; i < own.count; i++) {
        struct dhr_str number = printed_number(sorted[i]);
        if (!number.len || !dhr_str_eq(printed_number(sorted[i - 1]), number))
            continue;
        const struct dhr_field *field =
            dhr_section_next(dhr_record_section(sorted[i], DHR_SECTION_RECOMMENDATION),
                             DHR_KEY_RECOMMENDATION_NUMBER, NULL);
        dhr_findings_add(findings, DHR_RULE_DUPLICATE_NUMBER, sorted[i]->path, field->line,
                         field->col, "%.*s has the same printed number %.*s",
                         DHR_ARG(sorted[i - 1]->id), DHR_ARG(number));
    }
    free(sorted);
}

/* A name or alias of an agency, folded as the agency index compares it. */
struct known_name {
    struct dhr_str folded;
    const struct dhr_record *agency;
    const struct dhr_field *field;
};

static int by_folded_name(const void *a, const void *b)
{
    const struct known_name *x = a;
    const struct known_name *y = b;
    int order = dhr_str_cmp(x->folded, y->folded);
    return order ? order : dhr_id_cmp(x->agency->id, y->agency->id);
}

/* An addressee is fitted to an agency by name and alias, so each may belong to one only. */
static void check_names(const struct dhr_ledger *ledger, size_t unused,
                        struct dhr_findings *findings)
{
    (void)unused;
    struct known_name *names = NULL;
    size_t count = 0;
    size_t capacity = 0;
    struct dhr_arena arena = {0};
    struct dhr_buf folded = {0};
    for (size_t i = 0; i < ledger->agencies.count; i++) {
        const struct dhr_record *agency = ledger->agencies.items[i];
        const struct dhr_section *section = dhr_record_section(agency, DHR_SECTION_AGENCY);
        for (size_t f = 0; section && f < section->field_count; f++) {
            const struct dhr_field *field = &section->fields[f];
            if (field->key->id != DHR_KEY_AGENCY_NAME && field->key->id != DHR_KEY_AGENCY_ALIAS)
                continue;
            dhr_buf_clear(&folded);
            dhr_name_add_folded(&folded, field->value);
            char *copy = dhr_arena_dup(&arena, dhr_buf_cstr(&folded), folded.len);
            *DHR_PUSH(names, count, capacity) =
                (struct known_name){dhr_str_span(copy, folded.len), agency, field};
        }
    }
    if (count)
        qsort(names, count, sizeof(*names), by_folded_name);
    for (size_t i = 1; i < count; i++) {
        if (dhr_str_eq(names[i - 1].folded, names[i].folded) &&
            names[i - 1].agency != names[i].agency)
            dhr_findings_add(findings, DHR_RULE_ALIAS_CLASH, names[i].agency->path,
                             names[i].field->line, names[i].field->col,
                             "%s = %.*s: agency %.*s has this name too; leave it to one of them",
                             names[i].field->key->name, DHR_ARG(names[i].field->value),
                             DHR_ARG(names[i - 1].agency->id));
    }
    free(names);
    dhr_buf_release(&folded);
    dhr_arena_release(&arena);
}

static void check_review(const struct dhr_ledger *ledger, size_t i, struct dhr_findings *findings)
{
    const struct dhr_record *review = ledger->reviews.items[i];
    dhr_check_record(review, dhr_ledger_has, ledger, ledger->today, findings);
    check_count(ledger, review, findings);
    check_numbers(ledger, review, findings);
}

static void check_recommendation(const struct dhr_ledger *ledger, size_t i,
                                 struct dhr_findings *findings)
{
    dhr_check_record(ledger->recommendations.items[i], dhr_ledger_has, ledger, ledger->today,
                     findings);
}

static void check_agency(const struct dhr_ledger *ledger, size_t i, struct dhr_findings *findings)
{
    dhr_check_record(ledger->agencies.items[i], dhr_ledger_has, ledger, ledger->today, findings);
}

static void check_said_in_review(const struct dhr_ledger *ledger, size_t i,
                                 struct dhr_findings *findings)
{
    check_texts(ledger, ledger->reviews.items[i], findings);
    check_extraction(ledger, ledger->reviews.items[i], findings);
}

static void check_said(const struct dhr_ledger *ledger, size_t i, struct dhr_findings *findings)
{
    check_file_name(ledger->recommendations.items[i], findings);
    check_words(ledger->recommendations.items[i], findings);
    check_owed(ledger, ledger->recommendations.items[i], findings);
}

/* How often a pass is made. */
enum times { ONCE, EACH_ENTRY, EACH_REVIEW, EACH_RECOMMENDATION, EACH_AGENCY };

/* Those of one piece of work come first. */
enum { PASSES = 14 };
static const struct {
    void (*run)(const struct dhr_ledger *, size_t i, struct dhr_findings *);
    enum times times;
    bool form; /* about the form; the others are about what the records say */
} passes[PASSES] = {{check_addressees, ONCE, false},
                    {check_glued, ONCE, false},
                    {check_near_twins, ONCE, false},
                    {check_twins, ONCE, false},
                    {check_cycles, ONCE, false},
                    {check_case, ONCE, true},
                    {check_homes, ONCE, true},
                    {check_names, ONCE, true},
                    {check_entry, EACH_ENTRY, true},
                    {check_review, EACH_REVIEW, true},
                    {check_said_in_review, EACH_REVIEW, false},
                    {check_recommendation, EACH_RECOMMENDATION, true},
                    {check_said, EACH_RECOMMENDATION, false},
                    {check_agency, EACH_AGENCY, true}};

struct checker {
    const struct dhr_ledger *ledger;
    struct dhr_items *items; /* of each pass; shared */
    struct dhr_findings findings;
};

static void run_checker(void *user)
{
    enum { CHUNK = 64 };
    struct checker *c = user;
    size_t first = 0;
    size_t end = 0;
    for (size_t pass = 0; pass < PASSES; pass++) {
        while (dhr_items_take(&c->items[pass], CHUNK, &first, &end)) {
            for (; first < end; first++)
                passes[pass].run(c->ledger, first, &c->findings);
        }
    }
}

/* The ledger is immutable by now, so threads may share it. */
static void run_passes(const struct dhr_ledger *ledger, bool form_only,
                       struct dhr_findings *findings)
{
    enum { RECORDS_WORTH_A_THREAD = 1000 };
    const size_t counts[] = {[ONCE] = 1,
                             [EACH_ENTRY] = ledger->entry_count,
                             [EACH_REVIEW] = ledger->reviews.count,
                             [EACH_RECOMMENDATION] = ledger->recommendations.count,
                             [EACH_AGENCY] = ledger->agencies.count};
    struct dhr_items items[PASSES] = {{0}};
    struct checker checkers[DHR_MAX_THREADS] = {0};
    size_t count = dhr_thread_count(ledger->entry_count / RECORDS_WORTH_A_THREAD + 1);
    for (size_t i = 0; i < PASSES; i++)
        items[i].count = passes[i].form || !form_only ? counts[passes[i].times] : 0;
    for (size_t i = 0; i < count; i++)
        checkers[i] = (struct checker){.ledger = ledger, .items = items};
    dhr_run_workers(checkers, count, sizeof(*checkers), run_checker);
    for (size_t i = 0; i < count; i++)
        dhr_findings_take(findings, &checkers[i].findings);
}

void dhr_findings_regrade(struct dhr_findings *findings, const struct dhr_record *settings)
{
    const struct dhr_section *section =
        settings ? dhr_record_section(settings, DHR_SECTION_SEVERITY) : NULL;
    size_t kept = 0;
    for (size_t i = 0; i < findings->count; i++) {
        struct dhr_finding finding = findings->items[i];
        for (size_t f = 0; section && f < section->field_count; f++) {
            const struct dhr_rule_info *rule = dhr_rule_of_code(section->fields[f].name);
            if (!rule || rule->rule != finding.rule)
                continue;
            int word = dhr_key_word_index(section->fields[f].key, section->fields[f].value);
            finding.severity = word == 0   ? DHR_SEVERITY_ERROR
                               : word == 1 ? DHR_SEVERITY_WARNING
                               : word == 2 ? DHR_SEVERITY_OFF
                                           : finding.severity;
        }
        if (finding.severity != DHR_SEVERITY_OFF)
            findings->items[kept++] = finding;
    }
    findings->count = kept;
}

static void check_by_settings(const struct dhr_ledger *ledger, bool form_only,
                              struct dhr_findings *findings, struct dhr_findings *accepted)
{
    const struct dhr_record *settings = ledger->grading ? ledger->grading : ledger->settings;
    for (size_t i = 0; i < ledger->findings.count; i++) {
        const struct dhr_finding *f = &ledger->findings.items[i];
        dhr_findings_add(findings, f->rule, f->path, f->line, f->col, "%s", f->text);
    }
    run_passes(ledger, form_only, findings);
    if (ledger->settings)
        dhr_check_record(ledger->settings, dhr_ledger_has, ledger, ledger->today, findings);
    dhr_findings_accept(findings, &ledger->findings, accepted);
    dhr_findings_regrade(findings, settings);
    if (accepted)
        dhr_findings_regrade(accepted, settings);
    dhr_findings_sort(findings);
}

void dhr_check_ledger(const struct dhr_ledger *ledger, struct dhr_findings *findings,
                      struct dhr_findings *accepted)
{
    check_by_settings(ledger, false, findings, accepted);
}

void dhr_check_allows(const struct dhr_ledger *ledger, const struct dhr_findings *accepted,
                      struct dhr_findings *findings)
{
    if (!ledger->findings.allow_count)
        return;
    dhr_findings_add_unused(findings, &ledger->findings, accepted);
    dhr_findings_regrade(findings, ledger->settings);
    dhr_findings_sort(findings);
}

/* Letters, comments and who may run a file keep nothing out of a report. */
static bool hides(const struct dhr_finding *finding)
{
    bool whole = (finding->rule >= DHR_RULE_UNSEEN && finding->rule <= DHR_RULE_LOOKALIKE) ||
                 finding->rule == DHR_RULE_BAD_ALLOW;
    return finding->severity == DHR_SEVERITY_ERROR && finding->rule < DHR_RULE_FUTURE_DATE &&
           !whole;
}

size_t dhr_count_faults(const struct dhr_ledger *ledger)
{
    struct dhr_findings findings = {0};
    size_t count = 0;
    check_by_settings(ledger, true, &findings, NULL);
    for (size_t i = 0; i < findings.count; i++)
        count += hides(&findings.items[i]);
    dhr_findings_release(&findings);
    return count;
}
