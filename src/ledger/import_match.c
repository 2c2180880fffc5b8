#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/agency_index.h"
#include "dhrledger/ident.h"
#include "import_internal.h"

/* So many bytes of a recommendation's beginning tell it from others. */
enum { LEAST_PREFIX_BYTES = 24 };

struct csv_matcher {
    struct csv_work *w;
    struct dhr_records records;    /* that rows can be about */
    struct dhr_str *texts;         /* theirs, folded */
    struct dhr_agency_index index; /* names of agencies */
    size_t id, number, text, agency;
    uint32_t lost_line; /* of the last row that wasn't placed; 0 where it was */
};

int csv_matcher_open(struct csv_work *w, struct csv_matcher **out)
{
    const struct dhr_csv_options *options = w->options;
    struct csv_matcher *m = dhr_arena_zalloc(w->arena, sizeof(*m));
    *m = (struct csv_matcher){
        .w = w,
        .records = options->review.len ? dhr_ledger_of_review(options->ledger, options->review)
                                       : options->ledger->recommendations,
        .id = csv_column(w, COLUMN_ID),
        .number = csv_column(w, COLUMN_NUMBER),
        .text = csv_column(w, COLUMN_TEXT),
        .agency = csv_column(w, COLUMN_AGENCY)};
    *out = m;
    if (m->agency == w->column_count)
        m->agency = csv_column(w, COLUMN_AGENCY_ID);
    if (m->id == w->column_count && !options->review.len)
        return dhr_fail(w->err, DHR_USAGE, "%s: say with --review ID which review the plan is of",
                        options->name);
    if (m->id == w->column_count && m->number == w->column_count && m->text == w->column_count)
        return dhr_fail(w->err, DHR_FOUND,
                        "%s: no column has the recommendations' numbers or their words; name one "
                        "with --map-column HEADING=number or =text",
                        options->name);
    m->texts = dhr_arena_alloc(w->arena, (m->records.count + 1) * sizeof(*m->texts));
    for (size_t i = 0; i < m->records.count; i++)
        m->texts[i] = csv_folded(
            w,
            dhr_section_value(dhr_record_section(m->records.items[i], DHR_SECTION_RECOMMENDATION),
                              DHR_KEY_RECOMMENDATION_TEXT));
    dhr_agency_index_add_ledger(&m->index, options->ledger);
    return 0;
}

void csv_matcher_free(struct csv_matcher *matcher)
{
    if (matcher)
        dhr_agency_index_release(&matcher->index);
}

/* "Recommendation 3:" and "Rec No. 3" are 3. */
static struct dhr_str bare_number(struct csv_work *w, struct dhr_str printed)
{
    static const char *const words[] = {"recommendation", "rec", "number", "no"};
    struct dhr_str number = csv_folded(w, printed);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t len = strlen(words[i]);
        if (dhr_str_starts(number, words[i]) && number.len > len &&
            memchr(" .:#", number.ptr[len], 4))
            number = dhr_str_span(number.ptr + len, number.len - len);
        while (number.len && memchr(" .:#", number.ptr[0], 4))
            number = dhr_str_span(number.ptr + 1, number.len - 1);
    }
    while (number.len && memchr(" .:)", number.ptr[number.len - 1], 4))
        number.len--;
    return number;
}

/* The only record with that number; NULL where there is none or more than one. */
static const struct dhr_record *by_number(const struct csv_matcher *m, struct dhr_str printed)
{
    struct csv_work *w = m->w;
    const struct dhr_record *found = NULL;
    const char *name = printed.len ? dhr_ident_number(w->arena, bare_number(w, printed)) : NULL;
    for (size_t i = 0; i < m->records.count && name; i++) {
        const struct dhr_record *record = m->records.items[i];
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
static const struct dhr_record *by_text(const struct csv_matcher *m, struct dhr_str text)
{
    const struct dhr_record *found = NULL;
    struct dhr_str folded = csv_folded(m->w, text);
    for (size_t i = 0; i < m->records.count && folded.len; i++) {
        if (dhr_str_eq(folded, m->texts[i]))
            return m->records.items[i];
    }
    while (folded.len && (folded.ptr[folded.len - 1] == '.' || dhr_str_ends(folded, "…")))
        folded.len -= folded.ptr[folded.len - 1] == '.' ? 1 : 3;
    for (size_t i = 0; i < m->records.count; i++) {
        if (!starts_with(m->texts[i], folded) && !starts_with(folded, m->texts[i]))
            continue;
        if (found)
            return NULL;
        found = m->records.items[i];
    }
    return found;
}

/* "10.2.1 To undertake …" and "Recommendation 3": a number in the column of the words. */
static const struct dhr_record *by_numbered_text(const struct csv_matcher *m, struct dhr_str *text)
{
    struct dhr_str rest = *text;
    struct dhr_str word = {NULL, 0};
    bool named = strncasecmp(rest.ptr, "recommendation ", 15) == 0;
    if (named)
        rest = dhr_str_span(rest.ptr + 15, rest.len - 15);
    size_t len = 0;
    while (len < rest.len && !memchr(" \n:", rest.ptr[len], 3))
        len++;
    word = dhr_str_span(rest.ptr, len);
    const struct dhr_record *record = by_number(m, word);
    rest = dhr_str_span(rest.ptr + len, rest.len - len);
    while (rest.len && memchr(" \n:-", rest.ptr[0], 4))
        rest = dhr_str_span(rest.ptr + 1, rest.len - 1);
    /* A number before other words may be a part of them, unless the words agree. */
    if (!record || (rest.len && !named && by_text(m, rest) != record))
        return NULL;
    *text = rest;
    return record;
}

static const struct dhr_record *find_record(struct csv_matcher *m, size_t row, uint32_t line)
{
    struct csv_work *w = m->w;
    struct dhr_str id = csv_text(w, row, m->id);
    struct dhr_str number = csv_text(w, row, m->number);
    struct dhr_str text = csv_text(w, row, m->text);
    if (id.len && csv_find_recommendation(w, id))
        return csv_find_recommendation(w, id);
    const struct dhr_record *numbered = by_number(m, number);
    if (!numbered && text.len)
        numbered = by_numbered_text(m, &text);
    const struct dhr_record *worded = by_text(m, text);
    if (numbered && worded && numbered != worded) {
        csv_problem(w, line, "the number \"%s\" is that of %.*s, and the words are those of %.*s",
                    csv_shown(w, number), DHR_ARG(numbered->id), DHR_ARG(worded->id));
        return NULL;
    }
    if (numbered && text.len && !worded)
        csv_note(w, line, "%.*s is taken by its number; its words are others in the ledger",
                 DHR_ARG(numbered->id));
    if (!numbered && !worded)
        csv_problem(w, line, "\"%s\": no recommendation of %.*s has that number or those words",
                    csv_shown(w, id.len       ? id
                                 : number.len ? number
                                              : text),
                    w->options->review.len ? (int)w->options->review.len : 10,
                    w->options->review.len ? w->options->review.ptr : "the ledger");
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

/* "Exampleshire Police: Licensing Manager" and "Police – the Chief": who leads stands behind. */
static struct dhr_str split_lead(const struct csv_matcher *m, struct dhr_str *name)
{
    static const char *const dividers[] = {": ", " - ", " – ", ":\n"};
    struct dhr_str whole = *name;
    for (size_t d = 0; d < sizeof(dividers) / sizeof(dividers[0]); d++) {
        size_t len = strlen(dividers[d]);
        const char *at = memmem(whole.ptr, whole.len, dividers[d], len);
        struct dhr_str front = dhr_str_span(whole.ptr, at ? (size_t)(at - whole.ptr) : 0);
        if (!front.len || !agency_of(m, front).len)
            continue;
        *name = front;
        return dhr_str_trim(dhr_str_span(at + len, whole.len - front.len - len));
    }
    return (struct dhr_str){NULL, 0};
}

static void add_agency(struct csv_matcher *m, uint32_t line, struct dhr_str name,
                       struct csv_match *match)
{
    struct dhr_str lead = agency_of(m, name).len ? (struct dhr_str){NULL, 0} : split_lead(m, &name);
    struct dhr_str id = agency_of(m, name);
    if (!id.len) {
        unknown_agency(m, line, name);
    } else if (!dhr_record_addressee(match->record, id)) {
        csv_problem(m->w, line, "%.*s: %.*s doesn't hold it, so the row is left out for it",
                    DHR_ARG(match->record->id), DHR_ARG(id));
    } else {
        for (size_t i = 0; i < match->agency_count; i++) {
            if (dhr_str_eq(match->agencies[i].id, id))
                return;
        }
        match->agencies[match->agency_count++] = (struct csv_agency){id, lead};
    }
}

/* One name, or several on lines or between ";", "|", "/" and ",". */
static void find_agencies(struct csv_matcher *m, uint32_t line, struct dhr_str cell,
                          struct csv_match *match)
{
    match->agencies = dhr_arena_alloc(m->w->arena, (cell.len + 1) * sizeof(*match->agencies));
    match->agency_count = 0;
    if (agency_of(m, cell).len) {
        add_agency(m, line, cell, match);
        return;
    }
    size_t start = 0;
    for (size_t i = 0; i <= cell.len; i++) {
        if (i < cell.len && !memchr("\n;|/,", cell.ptr[i], 5))
            continue;
        struct dhr_str name = dhr_str_trim(dhr_str_span(cell.ptr + start, i - start));
        if (name.len)
            add_agency(m, line, name, match);
        start = i + 1;
    }
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

bool csv_match_row(struct csv_matcher *matcher, size_t row, struct csv_match *match)
{
    struct csv_work *w = matcher->w;
    uint32_t line = w->csv->rows[row].line;
    bool continues = !csv_text(w, row, matcher->id).len && !csv_text(w, row, matcher->number).len &&
                     !csv_text(w, row, matcher->text).len;
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
