/*
 * Queries against an oracle: random entries and random queries, and what
 * dhrledger-query(7) says of them, worked out the slow way from lists of strings.
 */
#include <criterion/criterion.h>
#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "dhrledger/ini.h"
#include "dhrledger/query.h"

enum { ENTRIES = 80, QUERIES = 4000, MOST_TERMS = 3, MOST_VALUES = 3, MOST_ITEMS = 2 };
enum class { TEXT, WORD, STATE, DATE };

/* The fields as the manual has them, and what the entries and queries here hold in them. */
static const struct {
    const char *name;
    enum class class;
    const char *key; /* of the record; NULL where the field is none */
    bool list;
    bool always;
    const char *pool[6];
} fields[] = {
    {"text", TEXT, "text", false, true, {"a b", "none", "Abc, b", "cab: none"}},
    {"review", WORD, NULL, false, true, {"r-1", "r-2"}},
    {"agency", WORD, NULL, false, true, {"ab", "ab-c"}},
    {"agency-kind", WORD, NULL, false, true, {"police", "council"}},
    {"status", STATE, NULL, false, true, {"open", "partly-implemented", "implemented", "closed"}},
    {"overdue", STATE, NULL, false, true, {"yes", "no"}},
    {"rag", STATE, NULL, false, true, {"red", "amber", "green", "blue", "grey"}},
    {"missing", WORD, NULL, true, false, {"response", "lead", "target"}},
    {"due", DATE, "due", false, false, {"2026", "2026-02", "2026-02-28", "2026-03-01", "2027-12"}},
    {"number", WORD, "number", false, true, {"1", "1.1", "1.12", "2a"}},
    {"addressed-to", TEXT, "addressed-to", true, true, {"Ab", "Cab & Co"}},
    {"scope", WORD, "scope", false, false, {"local", "regional", "national"}},
    {"theme", TEXT, "theme", true, false, {"a b", "b, c", "None", "none"}},
    {"priority", WORD, "priority", false, false, {"yes", "no"}},
    {"response", WORD, "response", false, false, {"none", "accepted", "not-accepted"}},
    {"lead", TEXT, "lead", false, false, {"Head, ab", "b", "none"}},
    {"action", TEXT, "action", false, false, {"abab", "ba"}},
    {"outcome", TEXT, "outcome", false, false, {"aab", "c"}},
    {"note", TEXT, "note", true, false, {"2026-01-02 b", "2026-03-04 c a"}},
    {"implemented-on", DATE, "implemented-on", false, false, {"2026-12-31", "2026-12", "2026"}},
    {"closed-reason", WORD, "closed-reason", false, false, {"superseded", "abandoned"}},
    {"csp", TEXT, NULL, true, true, {"Ab", "Bc d"}},
    {"year", DATE, NULL, false, true, {"2012", "2013"}},
};
enum { FIELDS = sizeof(fields) / sizeof(fields[0]) };

/* What is recorded: a list of strings for each field. */
struct model {
    const char *items[FIELDS][MOST_ITEMS + 2];
    size_t count[FIELDS];
};

struct term {
    size_t field;
    bool bare, negated;
    struct {
        const char *text;
        bool quoted;
    } values[MOST_VALUES];
    size_t count;
};

static struct dhr_arena arena;
static uint32_t seed = 1;

static size_t below(size_t count)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 12) % count;
}

static size_t field_of(const char *name)
{
    size_t i = 0;
    while (strcmp(fields[i].name, name) != 0)
        i++;
    return i;
}

static size_t pool_size(size_t field)
{
    size_t size = 0;
    while (size < 6 && fields[field].pool[size])
        size++;
    return size;
}

/* --- The oracle ------------------------------------------------------------------------------ */

static bool fits_glob(const char *pattern, const char *text)
{
    if (*pattern == '*')
        return fits_glob(pattern + 1, text) || (*text && fits_glob(pattern, text + 1));
    if (!*pattern || !*text)
        return !*pattern && !*text;
    return tolower((unsigned char)*pattern) == tolower((unsigned char)*text) &&
           fits_glob(pattern + 1, text + 1);
}

static bool contains(const char *text, const char *part)
{
    struct dhr_buf pattern = {0};
    dhr_buf_addf(&pattern, "*%s*", part);
    bool found = fits_glob(dhr_buf_cstr(&pattern), text);
    dhr_buf_release(&pattern);
    return found;
}

/* The last day of a date, as YYYY-MM-DD, of the years that are in the pools. */
static const char *last_day(const char *date, bool first)
{
    static const char *const ends[] = {"31", "28", "31", "30", "31", "30",
                                       "31", "31", "30", "31", "30", "31"};
    if (strlen(date) == 4)
        return dhr_arena_printf(&arena, "%s%s", date, first ? "-01-01" : "-12-31");
    if (strlen(date) == 7)
        return dhr_arena_printf(&arena, "%s-%s", date, first ? "01" : ends[atoi(date + 5) - 1]);
    return date;
}

static bool in_range(const char *range, const char *recorded)
{
    const char *dots = strstr(range, "..");
    const char *from = dots ? dhr_arena_dup(&arena, range, (size_t)(dots - range)) : range;
    const char *to = dots ? dots + 2 : range;
    const char *day = last_day(recorded, false);
    return (!*from || strcmp(last_day(from, true), day) <= 0) &&
           (!*to || strcmp(day, last_day(to, false)) <= 0);
}

static bool fits(size_t field, const char *value, const char *item)
{
    if (fields[field].class == DATE)
        return in_range(value, item);
    if (fields[field].class == TEXT && !strchr(value, '*'))
        return contains(item, value);
    return fits_glob(value, item);
}

static bool value_holds(const struct model *model, const struct term *term, size_t v)
{
    const char *value = term->values[v].text;
    size_t field = term->field;
    bool none = !term->bare && !term->values[v].quoted && strcmp(value, "none") == 0;
    if (none && model->count[field] == 0)
        return true;
    for (size_t i = 0; i < model->count[field]; i++) {
        const char *item = model->items[field][i];
        if (none ? strcmp(item, "none") == 0 : fits(field, value, item))
            return true;
    }
    return false;
}

static bool holds(const struct model *model, const struct term *terms, size_t count)
{
    for (size_t t = 0; t < count; t++) {
        bool any = false;
        for (size_t v = 0; v < terms[t].count; v++)
            any = any || value_holds(model, &terms[t], v);
        if (any == terms[t].negated)
            return false;
    }
    return true;
}

/* --- Entries --------------------------------------------------------------------------------- */

static void add_item(struct model *model, size_t field, const char *item)
{
    model->items[field][model->count[field]++] = item;
}

static const char *first_item(const struct model *model, const char *name)
{
    size_t field = field_of(name);
    return model->count[field] ? model->items[field][0] : "";
}

static void fill(struct model *model)
{
    *model = (struct model){0};
    for (size_t f = 0; f < FIELDS; f++) {
        size_t count = fields[f].list ? below(MOST_ITEMS + 1) : below(2);
        if (fields[f].always && !count)
            count = 1;
        size_t start = below(pool_size(f));
        for (size_t i = 0; i < count; i++)
            add_item(model, f, fields[f].pool[(start + i) % pool_size(f)]);
    }
    /* What is missing follows from the rest. */
    size_t missing = field_of("missing");
    const char *response = first_item(model, "response");
    model->count[missing] = 0;
    if (!*response || strcmp(response, "none") == 0)
        add_item(model, missing, "response");
    if (!*first_item(model, "lead"))
        add_item(model, missing, "lead");
    if (!*first_item(model, "due"))
        add_item(model, missing, "target");
}

static void add_key(struct dhr_buf *out, const struct model *model, const char *name)
{
    size_t field = field_of(name);
    for (size_t i = 0; i < model->count[field]; i++)
        dhr_buf_addf(out, "%s = %s\n", fields[field].key, model->items[field][i]);
}

static const char *write_recommendation(const struct model *model)
{
    static const char *const own[] = {"number", "addressed-to", "text",
                                      "scope",  "theme",        "priority"};
    static const char *const of_agency[] = {
        "response", "lead", "action", "outcome", "due", "closed-reason", "note", "implemented-on"};
    struct dhr_buf out = {0};
    dhr_buf_adds(&out, "[recommendation]\n");
    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        add_key(&out, model, own[i]);
    dhr_buf_addf(&out, "[agency %s]\nstatus = open\n", first_item(model, "agency"));
    for (size_t i = 0; i < sizeof(of_agency) / sizeof(of_agency[0]); i++)
        add_key(&out, model, of_agency[i]);
    const char *text = dhr_arena_dup(&arena, dhr_buf_cstr(&out), out.len);
    dhr_buf_release(&out);
    return text;
}

static const char *write_review(const struct model *model)
{
    struct dhr_buf out = {0};
    size_t csp = field_of("csp");
    dhr_buf_addf(&out, "[review]\ntitle = T\nsource = S\nyear-of-death = %s\n",
                 first_item(model, "year"));
    for (size_t i = 0; i < model->count[csp]; i++)
        dhr_buf_addf(&out, "csp = %s\n", model->items[csp][i]);
    const char *text = dhr_arena_dup(&arena, dhr_buf_cstr(&out), out.len);
    dhr_buf_release(&out);
    return text;
}

static const struct dhr_record *read(enum dhr_record_kind kind, const char *path, const char *text)
{
    struct dhr_ini *ini = dhr_arena_zalloc(&arena, sizeof(*ini));
    struct dhr_findings findings = {0};
    dhr_ini_parse(ini, kind, path, dhr_str_of(text), &findings);
    const struct dhr_record *record = dhr_ini_record(ini, &arena, &findings);
    cr_assert_eq(findings.count, 0, "%s\n%s", findings.count ? findings.items[0].text : "", text);
    dhr_findings_release(&findings);
    dhr_ini_release(ini);
    return record;
}

static struct dhr_records one(const struct dhr_record *item)
{
    struct dhr_records all = {dhr_arena_alloc(&arena, sizeof(all.items[0])), 1};
    all.items[0] = item;
    return all;
}

/* The agency has its name and an alias too, which the field finds as well. */
static const struct dhr_record *read_agency(struct model *model)
{
    const char *id = first_item(model, "agency");
    const char *path = dhr_arena_printf(&arena, "agencies/%s.ini", id);
    const char *text =
        dhr_arena_printf(&arena, "[agency]\nname = The %s\nalias = B, c\nkind = %s\n", id,
                         first_item(model, "agency-kind"));
    add_item(model, field_of("agency"), dhr_arena_printf(&arena, "The %s", id));
    add_item(model, field_of("agency"), "B, c");
    return read(DHR_RECORD_AGENCY, path, text);
}

/* A word's place in a list that ends with NULL. */
static int place(const char *word, const char *const *words)
{
    int i = 0;
    while (words[i] && strcmp(words[i], word) != 0)
        i++;
    return i;
}

static struct dhr_subject make_subject(struct model *model)
{
    static const char *const progress[] = {
        "open", "in-progress", "partly-implemented", "implemented", "verified", "closed", NULL};
    static const char *const rags[] = {"red", "amber", "green", "blue", "grey", NULL};
    struct dhr_ledger *ledger = dhr_arena_zalloc(&arena, sizeof(*ledger));
    const char *review = first_item(model, "review");
    ledger->reviews =
        one(read(DHR_RECORD_REVIEW, dhr_arena_printf(&arena, "reviews/%s/review.ini", review),
                 write_review(model)));
    ledger->recommendations =
        one(read(DHR_RECORD_RECOMMENDATION, dhr_arena_printf(&arena, "reviews/%s/1.ini", review),
                 write_recommendation(model)));
    ledger->agencies = one(read_agency(model));
    struct dhr_subject s = {.ledger = ledger, .recommendation = ledger->recommendations.items[0]};
    s.section = s.addressee = dhr_record_section(s.recommendation, DHR_SECTION_ADDRESSEE);
    s.standing.progress = (enum dhr_progress)place(first_item(model, "status"), progress);
    s.standing.rag = (enum dhr_rag)place(first_item(model, "rag"), rags);
    s.overdue = strcmp(first_item(model, "overdue"), "yes") == 0;
    return s;
}

/* --- Queries --------------------------------------------------------------------------------- */

/* A part of what may be recorded, in some case, now and then with a "*". */
static const char *some_value(size_t field)
{
    static const char *const ranges[] = {"2026..",     "..2026-02",    "2026-02..2026-03",
                                         "2012..2013", "..2026-03-01", "2026-12-31..2027"};
    const char *item = fields[field].pool[below(pool_size(field))];
    bool listed = fields[field].class == STATE || strstr("missing scope priority response "
                                                         "agency-kind closed-reason",
                                                         fields[field].name);
    if (fields[field].class == DATE)
        return below(2) ? ranges[below(6)] : item;
    char *value = dhr_str_dup(&arena, dhr_str_of(item));
    size_t len = strlen(value);
    if (fields[field].class == TEXT && below(2)) {
        size_t start = below(len);
        value = dhr_arena_dup(&arena, value + start, 1 + below(len - start));
        while (*value == ' ' && value[1])
            value++;
    }
    if (!listed && below(4) == 0)
        value[0] = (char)toupper((unsigned char)value[0]);
    if (below(4) == 0)
        value[below(strlen(value))] = '*';
    /* Spaces at the ends count as none. */
    struct dhr_str trimmed = dhr_str_trim(dhr_str_of(value));
    return trimmed.len ? dhr_str_dup(&arena, trimmed) : "a";
}

static struct term some_term(void)
{
    struct term term = {.field = below(FIELDS), .negated = below(3) == 0};
    term.bare = term.field == 0 && below(2);
    term.count = 1 + below(MOST_VALUES);
    for (size_t v = 0; v < term.count; v++) {
        bool none = fields[term.field].class != STATE && below(6) == 0;
        term.values[v].text = none ? "none" : some_value(term.field);
        /* What is read as another term, or not at all, has to be quoted; a date's none can't. */
        term.values[v].quoted = strpbrk(term.values[v].text, " ,") != NULL ||
                                (term.bare && strchr(term.values[v].text, ':')) ||
                                (!none && below(4) == 0);
    }
    return term;
}

static void add_term(struct dhr_buf *out, const struct term *term)
{
    dhr_buf_adds(out, term->negated ? "-" : "");
    if (!term->bare)
        dhr_buf_addf(out, "%s:", fields[term->field].name);
    for (size_t v = 0; v < term->count; v++)
        dhr_buf_addf(out, term->values[v].quoted ? "%s\"%s\"" : "%s%s", v ? "," : "",
                     term->values[v].text);
}

/* As arguments of their own, or, where quotes in it make it more than one term, as one. */
static void add_terms(struct dhr_query *query, const struct term *terms, size_t count,
                      struct dhr_buf *shown)
{
    struct dhr_err err = {0};
    for (size_t t = 0; t < count; t++)
        add_term(shown, &terms[t]), dhr_buf_adds(shown, t + 1 < count ? "  " : "");
    const char *whole = dhr_arena_dup(&arena, dhr_buf_cstr(shown), shown->len);
    if (strchr(whole, '"') && below(2)) {
        cr_assert_eq(dhr_query_add(query, whole, &arena, &err), 0, "%s", err.text);
        return;
    }
    for (size_t t = 0; t < count; t++) {
        struct dhr_buf argument = {0};
        add_term(&argument, &terms[t]);
        const char *kept = dhr_arena_dup(&arena, dhr_buf_cstr(&argument), argument.len);
        dhr_buf_release(&argument);
        cr_assert_eq(dhr_query_add(query, kept, &arena, &err), 0, "%s", err.text);
    }
}

Test(query_oracle, random_queries_find_what_they_should)
{
    struct model models[ENTRIES];
    struct dhr_subject subjects[ENTRIES];
    struct dhr_err err = {0};
    size_t found = 0;
    cr_assert_eq(dhr_ini_init(&err), 0, "%s", err.text);
    for (size_t i = 0; i < ENTRIES; i++) {
        fill(&models[i]);
        subjects[i] = make_subject(&models[i]);
    }
    for (size_t q = 0; q < QUERIES; q++) {
        struct dhr_query query = {0};
        struct dhr_buf shown = {0};
        struct term terms[MOST_TERMS];
        size_t count = 1 + below(MOST_TERMS);
        for (size_t t = 0; t < count; t++)
            terms[t] = some_term();
        add_terms(&query, terms, count, &shown);
        for (size_t i = 0; i < ENTRIES; i++) {
            bool wanted = holds(&models[i], terms, count);
            found += wanted;
            cr_assert_eq(dhr_query_matches(&query, &subjects[i]), wanted,
                         "query %zu of entry %zu, wanted %d: %s\n%s", q, i, wanted,
                         dhr_buf_cstr(&shown), write_recommendation(&models[i]));
        }
        dhr_buf_release(&shown);
    }
    cr_assert(found > QUERIES * ENTRIES / 20 && found < QUERIES * ENTRIES / 2,
              "%zu of %d were found", found, QUERIES * ENTRIES);
    dhr_arena_release(&arena);
}
