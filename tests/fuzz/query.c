/*
 * Queries, a line an argument: what is refused has its sentence; what is taken and
 * written out again is the same query and finds the same.
 */
#include <limits.h>
#include <string.h>

#include "dhrledger/query.h"
#include "dhrledger/utf8.h"
#include "fuzz.h"
#include "ledger/query_internal.h"

static void add_day(struct dhr_buf *out, dhr_day day, dhr_day none)
{
    char text[DHR_DAY_SIZE];
    if (day == none)
        return;
    dhr_day_format(day, text);
    dhr_buf_adds(out, text);
}

/*
 * A value that holds a quote was written without any around it. Its spaces are what folding
 * has made of white space that ends no value, such as a no-break space.
 */
static void add_bare(struct dhr_buf *out, const char *value)
{
    dhr_buf_adds(out, "\u00A0"); /* folding takes it away; a quote can't come first */
    for (; *value; value++) {
        if (*value == ' ')
            dhr_buf_adds(out, "\u00A0");
        else
            dhr_buf_addc(out, *value);
    }
}

static void add_value(struct dhr_buf *out, const struct query_field *field,
                      const struct query_value *value)
{
    if (value->none) {
        dhr_buf_adds(out, "none");
    } else if (field->match == MATCH_DATE) {
        add_day(out, value->from, INT_MIN);
        dhr_buf_adds(out, "..");
        add_day(out, value->to, INT_MAX);
    } else if (strchr(value->folded, '"')) {
        add_bare(out, value->folded);
    } else {
        dhr_buf_addf(out, "\"%s\"", value->folded);
    }
}

static void add_values(struct dhr_buf *out, const struct query_field *field,
                       const struct query_value *value)
{
    if (value->next) {
        add_values(out, field, value->next); /* the chain begins with the last */
        dhr_buf_addc(out, ',');
    }
    add_value(out, field, value);
}

static void add_query(struct dhr_buf *out, const struct dhr_query *query)
{
    for (const struct dhr_query_term *term = query->terms; term; term = term->next) {
        dhr_buf_addf(out, "%s%s:", term->negated ? "-" : "", term->field->name);
        add_values(out, term->field, term->values);
        dhr_buf_addc(out, term->next ? ' ' : '\n');
    }
}

static void check_refusal(const struct dhr_err *err)
{
    fuzz_check(err->status == DHR_USAGE && err->text[0], "refused without a sentence");
    fuzz_check_utf8(dhr_str_of(err->text), "the sentence");
    for (const char *c = err->text; *c; c++)
        fuzz_check((unsigned char)*c >= ' ' || *c == '\n', "byte 0x%02X in the sentence",
                   (unsigned char)*c);
}

static struct dhr_subject subject_of(const struct dhr_ledger *ledger,
                                     const struct dhr_record *record,
                                     const struct dhr_section *section)
{
    return (struct dhr_subject){.ledger = ledger,
                                .recommendation = record,
                                .addressee = dhr_record_addressee(record, section->agency),
                                .section = section,
                                .standing =
                                    dhr_standing_of(section, ledger->today, ledger->due_soon_days)};
}

static void check_finds_same(const struct dhr_query *a, const struct dhr_query *b)
{
    const struct dhr_ledger *ledger = fuzz_ledger();
    for (size_t i = 0; i < ledger->recommendations.count; i++) {
        const struct dhr_record *record = ledger->recommendations.items[i];
        for (size_t s = 0; s < record->section_count; s++) {
            if (record->sections[s].def->id == DHR_SECTION_RECOMMENDATION)
                continue;
            struct dhr_subject subject = subject_of(ledger, record, &record->sections[s]);
            fuzz_check(dhr_query_matches(a, &subject) == dhr_query_matches(b, &subject),
                       "%.*s is found by one of them", DHR_ARG(record->id));
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dhr_arena arena = {0};
    struct dhr_buf once = {0};
    struct dhr_buf twice = {0};
    struct dhr_err err = {0};
    struct dhr_query query = {0};
    struct dhr_query again = {0};
    struct dhr_str line;
    /* Arguments hold no NUL, and bytes that are not UTF-8 are refused or taken as they are. */
    struct dhr_str rest = fuzz_copy(&arena, data, size);
    int rc = 0;
    while (rc == 0 && dhr_str_line(&rest, &line))
        rc = dhr_query_add(&query, dhr_str_dup(&arena, line), &arena, &err);
    if (rc < 0) {
        check_refusal(&err);
    } else {
        add_query(&once, &query);
        fuzz_check(dhr_query_add(&again, dhr_buf_cstr(&once), &arena, &err) == 0,
                   "written out, it is refused: %s", err.text);
        add_query(&twice, &again);
        fuzz_check(strcmp(dhr_buf_cstr(&once), dhr_buf_cstr(&twice)) == 0,
                   "read and written again: %s, not %s", dhr_buf_cstr(&twice), dhr_buf_cstr(&once));
        check_finds_same(&query, &again);
    }
    dhr_buf_release(&once);
    dhr_buf_release(&twice);
    dhr_arena_release(&arena);
    return 0;
}
