#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "csv_internal.h"
#include "dhrledger/agency_index.h"
#include "dhrledger/ident.h"

/* So many bytes of a recommendation's beginning tell it from others. */
enum { LEAST_PREFIX_BYTES = 24 };

struct csv_matcher {
    struct csv_work *w;
    const struct dhr_ledger *ledger;
    struct dhr_str *texts;         /* of its recommendations, folded once they are needed */
    struct dhr_agency_index index; /* names of agencies */
    size_t id, number, text, agency, review, csp, year;
    struct dhr_str called; /* the review as the last row that names one calls it */
    struct dhr_str review_id;
    uint32_t lost_line; /* of the last row that wasn't placed; 0 where it was */
};

int csv_matcher_open(struct csv_work *w, struct csv_matcher **out)
{
    const struct dhr_csv_options *options = w->options;
    struct csv_matcher *m = dhr_arena_zalloc(w->arena, sizeof(*m));
    *m = (struct csv_matcher){.w = w,
                              .ledger = options->ledger,
                              .id = csv_column(w, COLUMN_ID),
                              .number = csv_column(w, COLUMN_NUMBER),
                              .text = csv_column(w, COLUMN_TEXT),
                              .agency = csv_column(w, COLUMN_AGENCY),
                              .review = csv_column(w, COLUMN_REVIEW),
                              .csp = csv_fixed_column(w, DHR_KEY_REVIEW_CSP),
                              .year = csv_fixed_column(w, DHR_KEY_REVIEW_YEAR_OF_DEATH)};
    *out = m;
    if (m->agency == w->column_count)
        m->agency = csv_column(w, COLUMN_AGENCY_ID);
    bool named = m->id < w->column_count || m->review < w->column_count ||
                 (m->csp < w->column_count && m->year < w->column_count);
    if (!named && !options->review.len)
        return dhr_fail(w->err, DHR_USAGE,
                        "%s: say with --review ID which review the plan is of, or in a column "
                        "\"Review\"",
                        options->name);
    if (m->id == w->column_count && m->number == w->column_count && m->text == w->column_count)
        return dhr_fail(w->err, DHR_FOUND,
                        "%s: no column has the recommendations' numbers or their words; name one "
                        "with --map-column HEADING=number or =text",
                        options->name);
    m->texts =
        dhr_arena_zalloc(w->arena, (m->ledger->recommendations.count + 1) * sizeof(*m->texts));
    dhr_agency_index_add_ledger(&m->index, options->ledger);
    return 0;
}

void csv_matcher_free(struct csv_matcher *matcher)
{
    if (matcher)
        dhr_agency_index_release(&matcher->index);
}

/* A review that the sheet calls by its title, by its id, or by partnership and year. */
static struct dhr_str review_called(struct csv_matcher *m, struct dhr_str called,
                                    struct dhr_str csp, struct dhr_str year)
{
    enum { YEAR_BYTES = 5 };
    struct csv_work *w = m->w;
    if (dhr_ident_ok(called))
        return called;
    for (size_t i = 0; i < m->ledger->reviews.count && called.len; i++) {
        const struct dhr_record *review = m->ledger->reviews.items[i];
        struct dhr_str title =
            dhr_section_value(dhr_record_section(review, DHR_SECTION_REVIEW), DHR_KEY_REVIEW_TITLE);
        if (dhr_str_eq(csv_folded(w, title), csv_folded(w, called)))
            return review->id;
    }
    if (csp.len && year.len) {
        unsigned long number = 0;
        const char *slug = dhr_ident_slug(w->arena, csp, DHR_ID_MAX_BYTES - YEAR_BYTES);
        if (year.len != YEAR_BYTES - 1 || !dhr_str_number(year, &number))
            return (struct dhr_str){NULL, 0};
        return dhr_str_of(dhr_arena_printf(w->arena, "%s-%.*s", slug, DHR_ARG(year)));
    }
    return called.len ? dhr_str_of(dhr_ident_slug(w->arena, called, DHR_ID_MAX_BYTES)) : called;
}

/* The id of the row's review. Where the cells are empty, as merged ones are, that of the row above.
 */
static struct dhr_str review_of(struct csv_matcher *m, size_t row, struct dhr_str id)
{
    struct csv_work *w = m->w;
    struct dhr_str number = id;
    struct dhr_str review;
    if (w->options->review.len)
        return w->options->review;
    if (dhr_ident_recommendation_ok(id) && dhr_str_split(&number, '/', &review))
        return review;
    struct dhr_str called = csv_text(w, row, m->review);
    struct dhr_str csp = csv_text(w, row, m->csp);
    struct dhr_str year = csv_text(w, row, m->year);
    struct dhr_str all = dhr_str_of(dhr_arena_printf(w->arena, "%.*s\n%.*s\n%.*s", DHR_ARG(called),
                                                     DHR_ARG(csp), DHR_ARG(year)));
    if (all.len > 2 && !dhr_str_eq(all, m->called)) {
        m->called = all;
        m->review_id = review_called(m, called, csp, year);
    }
    return m->review_id;
}

static struct dhr_records records_of(const struct csv_matcher *m, struct dhr_str review)
{
    return review.len ? dhr_ledger_of_review(m->ledger, review) : (struct dhr_records){NULL, 0};
}

/* A record's words, folded; records of a review are a span of the ledger's. */
static struct dhr_str words_of(struct csv_matcher *m, struct dhr_records records, size_t i)
{
    struct dhr_str *text =
        &m->texts[(size_t)(records.items - m->ledger->recommendations.items) + i];
    if (!text->ptr)
        *text = csv_folded(m->w, dhr_section_value(dhr_record_section(records.items[i],
                                                                      DHR_SECTION_RECOMMENDATION),
                                                   DHR_KEY_RECOMMENDATION_TEXT));
    return *text;
}

static bool begins(struct dhr_str text, const char *word)
{
    size_t len = strlen(word);
    return text.len > len && strncasecmp(text.ptr, word, len) == 0;
}

/* The only record with that number; NULL where there is none or more than one. */
static const struct dhr_record *by_number(const struct csv_matcher *m, struct dhr_records records,
                                          struct dhr_str number)
{
    const struct dhr_record *found = NULL;
    const char *name = number.len ? dhr_ident_number(m->w->arena, number) : NULL;
    for (size_t i = 0; i < records.count && name; i++) {
        const struct dhr_record *record = records.items[i];
        struct dhr_str own = dhr_number_of(record);
        if (own.len != strlen(name) || strncasecmp(own.ptr, name, own.len) != 0)
            continue;
        if (found)
            return NULL;
        found = record;
    }
    return found;
}

static bool starts_with(struct dhr_str text, struct dhr_str front)
{
    return front.len >= LEAST_PREFIX_BYTES && text.len >= front.len &&
           memcmp(text.ptr, front.ptr, front.len) == 0;
}

/* The record with these words: all of them, or else the only one that begins alike. */
static const struct dhr_record *by_text(struct csv_matcher *m, struct dhr_records records,
                                        struct dhr_str text)
{
    const struct dhr_record *found = NULL;
    struct dhr_str folded = csv_folded(m->w, text);
    for (size_t i = 0; i < records.count && folded.len; i++) {
        if (dhr_str_eq(folded, words_of(m, records, i)))
            return records.items[i];
    }
    while (folded.len && (folded.ptr[folded.len - 1] == '.' || dhr_str_ends(folded, "…")))
        folded.len -= folded.ptr[folded.len - 1] == '.' ? 1 : 3;
    for (size_t i = 0; i < records.count; i++) {
        struct dhr_str words = words_of(m, records, i);
        if (!starts_with(words, folded) && !starts_with(folded, words))
            continue;
        if (found)
            return NULL;
        found = records.items[i];
    }
    return found;
}

/* "10.2.1 To undertake …" and "Recommendation 3": a number in the column of the words. */
static const struct dhr_record *by_numbered_text(struct csv_matcher *m, struct dhr_records records,
                                                 struct dhr_str *text)
{
    struct dhr_str rest = *text;
    struct dhr_str word = {NULL, 0};
    bool named = begins(rest, "recommendation ");
    if (named)
        rest = dhr_str_span(rest.ptr + 15, rest.len - 15);
    size_t len = 0;
    while (len < rest.len && !memchr(" \n:", rest.ptr[len], 3))
        len++;
    word = dhr_str_span(rest.ptr, len);
    const struct dhr_record *record = by_number(m, records, csv_bare_number(word));
    rest = dhr_str_span(rest.ptr + len, rest.len - len);
    while (rest.len && memchr(" \n:-", rest.ptr[0], 4))
        rest = dhr_str_span(rest.ptr + 1, rest.len - 1);
    /* A number before other words may be a part of them, unless the words agree. */
    if (!record || (rest.len && !named && by_text(m, records, rest) != record))
        return NULL;
    *text = rest;
    return record;
}

void csv_name_row(struct csv_matcher *m, size_t row, struct csv_named *named)
{
    struct csv_work *w = m->w;
    *named = (struct csv_named){.id = csv_text(w, row, m->id),
                                .number = csv_bare_number(csv_text(w, row, m->number)),
                                .text = csv_text(w, row, m->text)};
    named->review = review_of(m, row, named->id);
    if (named->id.len)
        named->numbered = csv_find_recommendation(w, named->id);
    if (named->numbered) {
        named->worded = named->numbered;
        return;
    }
    struct dhr_records records = records_of(m, named->review);
    named->numbered = by_number(m, records, named->number);
    if (!named->numbered && named->text.len)
        named->numbered = by_numbered_text(m, records, &named->text);
    named->worded = by_text(m, records, named->text);
}

/* "the ledger has no review x", "no recommendation of x has that number or those words" */
static void report_nothing(struct csv_matcher *m, uint32_t line, const struct csv_named *named)
{
    struct csv_work *w = m->w;
    const char *hint = w->options->new_records ? "" : "; with --new the row becomes a new one";
    const char *cell = csv_shown(w, named->id.len       ? named->id
                                    : named->number.len ? named->number
                                                        : named->text);
    if (!named->review.len)
        csv_problem(w, line, "\"%s\": no recommendation of the ledger has that id%s", cell,
                    named->id.len ? hint : "");
    else if (!records_of(m, named->review).count && !dhr_ledger_review(m->ledger, named->review))
        csv_problem(w, line, "\"%s\": the ledger has no review %.*s%s", cell,
                    DHR_ARG(named->review), hint);
    else
        csv_problem(w, line, "\"%s\": no recommendation of %.*s has that number or those words%s",
                    cell, DHR_ARG(named->review), hint);
}

static const struct dhr_record *find_record(struct csv_matcher *m, size_t row, uint32_t line)
{
    struct csv_work *w = m->w;
    struct csv_named named;
    if (w->fresh_rows && w->fresh_rows[row].refused)
        return NULL;
    if (w->fresh_rows && w->fresh_rows[row].record)
        return w->fresh_rows[row].record;
    csv_name_row(m, row, &named);
    const struct dhr_record *numbered = named.numbered;
    const struct dhr_record *worded = named.worded;
    if (numbered && worded && numbered != worded) {
        csv_problem(w, line, "the number \"%s\" is that of %.*s, and the words are those of %.*s",
                    csv_shown(w, named.number), DHR_ARG(numbered->id), DHR_ARG(worded->id));
        return NULL;
    }
    if (numbered && named.text.len && !worded && w->options->new_records) {
        csv_problem(w, line,
                    "the number \"%s\" is that of %.*s (%s), which has other words; correct one of "
                    "the two, or leave out --new to take it by its number",
                    csv_shown(w, named.number), DHR_ARG(numbered->id), numbered->path);
        return NULL;
    }
    if (numbered && named.text.len && !worded)
        csv_note(w, line, "%.*s is taken by its number; its words are others in the ledger",
                 DHR_ARG(numbered->id));
    size_t last = 0;
    if (!numbered && !worded && !w->options->new_records && !named.number.len &&
        csv_filled(w, row, &last) == 1)
        csv_note(w, line, "alone in its row, taken for a heading: %s",
                 csv_shown(w, csv_text(w, row, last)));
    else if (!numbered && !worded)
        report_nothing(m, line, &named);
    return numbered ? numbered : worded;
}

/* The agency that is called so, or an empty span. */
static struct dhr_str agency_of(const struct csv_matcher *m, struct dhr_str name)
{
    struct dhr_str id = dhr_agency_index_find(&m->index, name);
    if (!id.len && dhr_ledger_agency(m->w->options->ledger, name))
        id = name;
    return id;
}

static void unknown_agency(const struct csv_matcher *m, uint32_t line, struct dhr_str name)
{
    struct csv_work *w = m->w;
    struct dhr_str folded = csv_folded(w, name);
    for (size_t i = 0; i < m->index.count; i++) {
        const struct dhr_agency_name *known = &m->index.items[i];
        if (!dhr_names_near(folded, known->folded))
            continue;
        csv_problem(w, line,
                    "no agency is called \"%s\"; if that is %.*s, say so: dhrledger set %.*s "
                    "alias+=\"%s\" -m WHY",
                    csv_shown(w, name), DHR_ARG(known->name), DHR_ARG(known->id),
                    csv_shown(w, name));
        return;
    }
    csv_problem(w, line, "no agency is called \"%s\", so the row is left out for it",
                csv_shown(w, name));
}

static bool is_agency(void *user, struct dhr_str name)
{
    return agency_of(user, name).len > 0;
}

static void add_agency(struct csv_matcher *m, uint32_t line, const struct csv_agency_name *name,
                       struct csv_match *match)
{
    struct dhr_str id = agency_of(m, name->name);
    if (!id.len) {
        unknown_agency(m, line, name->name);
    } else if (!dhr_record_addressee(match->record, id)) {
        csv_problem(m->w, line, "%.*s: %.*s doesn't hold it, so the row is left out for it",
                    DHR_ARG(match->record->id), DHR_ARG(id));
    } else {
        for (size_t i = 0; i < match->agency_count; i++) {
            if (dhr_str_eq(match->agencies[i].id, id))
                return;
        }
        match->agencies[match->agency_count++] = (struct csv_agency){id, name->lead};
    }
}

static void find_agencies(struct csv_matcher *m, uint32_t line, struct dhr_str cell,
                          struct csv_match *match)
{
    size_t count = 0;
    const struct csv_agency_name *names = csv_split_agencies(m->w, cell, is_agency, m, &count);
    match->agencies = dhr_arena_alloc(m->w->arena, (count + 1) * sizeof(*match->agencies));
    match->agency_count = 0;
    for (size_t i = 0; i < count; i++)
        add_agency(m, line, &names[i], match);
}

/* Where no agency is named: the only one that holds it. */
static void only_agency(struct csv_matcher *m, uint32_t line, struct csv_match *match)
{
    match->agencies = dhr_arena_alloc(m->w->arena, sizeof(*match->agencies));
    match->agency_count = 0;
    for (size_t i = 0; i < match->record->section_count; i++) {
        const struct dhr_section *section = &match->record->sections[i];
        if (section->def->id != DHR_SECTION_ADDRESSEE)
            continue;
        if (match->agency_count++ == 0)
            match->agencies[0] = (struct csv_agency){.id = section->agency};
    }
    if (match->agency_count == 1)
        return;
    csv_problem(m->w, line, "%.*s: %s agencies hold it, and the row doesn't say which it is about",
                DHR_ARG(match->record->id), match->agency_count ? "several" : "no");
    match->agency_count = 0;
}

bool csv_continues(const struct csv_matcher *m, size_t row)
{
    struct csv_work *w = m->w;
    return !csv_text(w, row, m->id).len && !csv_text(w, row, m->number).len &&
           !csv_text(w, row, m->text).len;
}

bool csv_match_row(struct csv_matcher *matcher, size_t row, struct csv_match *match)
{
    struct csv_work *w = matcher->w;
    uint32_t line = w->csv->rows[row].line;
    bool continues = csv_continues(matcher, row);
    if (continues && (matcher->lost_line || !match->record)) {
        if (matcher->lost_line)
            csv_problem(w, line, "goes on with line %u, which could not be placed",
                        matcher->lost_line);
        else
            csv_problem(w, line, "no number and no words, and no recommendation above: %s",
                        csv_shown(w, csv_text(w, row, 0)));
        return false;
    }
    struct dhr_str agency = csv_text(w, row, matcher->agency);
    if (!continues) {
        *match = (struct csv_match){.record = find_record(matcher, row, line)};
        matcher->lost_line = match->record ? 0 : line;
    }
    if (!match->record)
        return false;
    if (agency.len)
        find_agencies(matcher, line, agency, match);
    else if (!continues)
        only_agency(matcher, line, match);
    else if (!match->agency_count)
        csv_problem(w, line, "%.*s: goes on with a row whose agency could not be told",
                    DHR_ARG(match->record->id));
    return match->agency_count > 0;
}
