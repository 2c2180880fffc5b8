/* The texts of recommendations held against each other, and file names against numbers. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "check_internal.h"
#include "dhrledger/ident.h"
#include "dhrledger/utf8.h"

/* U+2000 to U+206F */
static bool is_mark(struct dhr_str text, size_t at)
{
    return text.ptr[at] == '\xE2' && at + 2 < text.len &&
           (text.ptr[at + 1] == '\x80' || text.ptr[at + 1] == '\x81');
}

/*
 * What the beginning of a text says, as a number: letters and digits in any case, nothing of
 * spaces and punctuation (that of Unicode too, U+2000 to U+206F).
 */
static uint64_t hash_text(struct dhr_str text, size_t most)
{
    uint64_t hash = 14695981039346656037U;
    for (size_t i = 0; i < text.len && most; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        unsigned char small = c | 0x20;
        bool letter = small >= 'a' && small <= 'z';
        if (letter || (c >= '0' && c <= '9') || (c >= 0x80 && !is_mark(text, i))) {
            hash = (hash ^ (letter ? small : c)) * 1099511628211U;
            most--;
        } else if (c >= 0x80) {
            i += 2;
        }
    }
    return hash;
}

static const struct dhr_field *text_of(const struct dhr_record *recommendation)
{
    return dhr_section_next(dhr_record_section(recommendation, DHR_SECTION_RECOMMENDATION),
                            DHR_KEY_RECOMMENDATION_TEXT, NULL);
}

enum { BEGINNING = 64 }; /* so many letters and digits */

/* A text under its number; `group` keeps apart what is not compared. */
struct said {
    size_t group;
    uint64_t hash;
    size_t review;
    size_t place; /* among the review's recommendations */
    struct dhr_str text;
};

static int by_words(const void *a, const void *b)
{
    const struct said *x = a;
    const struct said *y = b;
    if (x->group != y->group)
        return x->group < y->group ? -1 : 1;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    if (x->review != y->review)
        return x->review < y->review ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/*
 * Equal texts side by side, and none with the hash of another. Most differ in their beginnings, so
 * that only the others are read to their ends.
 */
static void sort_texts(struct said *said, size_t count)
{
    bool again = false;
    if (count)
        qsort(said, count, sizeof(*said), by_words);
    for (size_t from = 0, to = 0; from < count; from = to) {
        while (to < count && said[to].group == said[from].group && said[to].hash == said[from].hash)
            to++;
        again |= to > from + 1;
        for (size_t i = from; to > from + 1 && i < to; i++)
            said[i].hash = hash_text(said[i].text, SIZE_MAX);
    }
    if (again)
        qsort(said, count, sizeof(*said), by_words);
}

static void add_texts(struct said **said, size_t *count, size_t *capacity,
                      struct dhr_records recommendations, size_t group, size_t review)
{
    for (size_t i = 0; i < recommendations.count; i++) {
        const struct dhr_field *text = text_of(recommendations.items[i]);
        if (!text)
            continue;
        if (*count == *capacity)
            *said = dhr_grow(*said, *count, capacity, sizeof(**said));
        (*said)[(*count)++] =
            (struct said){group, hash_text(text->value, BEGINNING), review, i, text->value};
    }
}

void check_texts(const struct dhr_ledger *ledger, const struct dhr_record *review,
                 struct dhr_findings *findings)
{
    struct dhr_records own = dhr_ledger_of_review(ledger, review->id);
    struct said *said = NULL;
    size_t count = 0;
    size_t capacity = 0;
    add_texts(&said, &count, &capacity, own, 0, 0);
    sort_texts(said, count);
    for (size_t i = 1; i < count; i++) {
        if (said[i - 1].hash != said[i].hash)
            continue;
        const struct dhr_field *text = text_of(own.items[said[i].place]);
        dhr_findings_add(findings, DHR_RULE_DUPLICATE_TEXT, own.items[said[i].place]->path,
                         text->line, text->col,
                         "%.*s has the same text; compare both with the report",
                         DHR_ARG(own.items[said[i - 1].place]->id));
    }
    free(said);
}

/* A review with what makes it comparable. */
struct twin {
    const struct dhr_record *review;
    struct dhr_str csp, year; /* folded */
    struct dhr_records own;
};

static int by_csp_and_year(const void *a, const void *b)
{
    const struct twin *x = a;
    const struct twin *y = b;
    int order = dhr_str_cmp(x->year, y->year);
    if (!order)
        order = dhr_str_cmp(x->csp, y->csp);
    return order ? order : dhr_id_cmp(x->review->id, y->review->id);
}

static bool says_same(const struct dhr_record *review, const struct dhr_record *other)
{
    const struct dhr_section *section = dhr_record_section(review, DHR_SECTION_REVIEW);
    const struct dhr_field *field = NULL;
    while ((field = dhr_section_next(section, DHR_KEY_REVIEW_SAME_AS, field))) {
        if (dhr_str_eq(field->value, other->id))
            return true;
    }
    return false;
}

static void report_twins(const struct twin *a, const struct twin *b, size_t shared,
                         struct dhr_findings *findings)
{
    size_t smaller = a->own.count < b->own.count ? a->own.count : b->own.count;
    if (2 * shared < smaller || says_same(a->review, b->review) || says_same(b->review, a->review))
        return;
    dhr_findings_add(findings, DHR_RULE_TWIN_REVIEWS, b->review->path, 0, 0,
                     "%zu of its %zu recommendations are in %.*s word for word; if both are one "
                     "review, write same-as = %.*s",
                     shared, b->own.count, DHR_ARG(a->review->id), DHR_ARG(a->review->id));
}

struct pair {
    size_t a, b;
};

static int by_pair(const void *a, const void *b)
{
    const struct pair *x = a;
    const struct pair *y = b;
    if (x->a != y->a)
        return x->a < y->a ? -1 : 1;
    return (x->b > y->b) - (x->b < y->b);
}

/* The first one that another review says, or that is another text. */
static size_t next_review(const struct said *said, size_t count, size_t from)
{
    size_t to = from + 1;
    while (to < count && said[to].group == said[from].group && said[to].hash == said[from].hash &&
           said[to].review == said[from].review)
        to++;
    return to;
}

/*
 * A text as often as both reviews have it; of those that have it, neighbours in the order of
 * their ids, so that three of a kind are two pairs, not three.
 */
static void pair_up(const struct twin *twins, struct said *said, size_t count,
                    struct dhr_findings *findings)
{
    struct pair *pairs = NULL;
    size_t pair_count = 0;
    size_t capacity = 0;
    size_t same = 1;
    for (size_t from = 0, to = 0; from < count; from = to) {
        to = next_review(said, count, from);
        if (to == count || said[to].group != said[from].group || said[to].hash != said[from].hash)
            continue;
        size_t end = next_review(said, count, to);
        for (size_t i = 0; from + i < to && to + i < end; i++)
            *DHR_PUSH(pairs, pair_count, capacity) =
                (struct pair){said[from].review, said[to].review};
    }
    if (pair_count)
        qsort(pairs, pair_count, sizeof(*pairs), by_pair);
    for (size_t i = 0; i < pair_count; i++, same++) {
        if (i + 1 < pair_count && by_pair(&pairs[i], &pairs[i + 1]) == 0)
            continue;
        report_twins(&twins[pairs[i].a], &twins[pairs[i].b], same, findings);
        same = 0;
    }
    free(pairs);
}

static struct dhr_str folded(struct dhr_arena *arena, struct dhr_str text)
{
    struct dhr_buf buf = {0};
    dhr_utf8_add_folded(&buf, text);
    struct dhr_str copy = {dhr_arena_dup(arena, dhr_buf_cstr(&buf), buf.len), buf.len};
    dhr_buf_release(&buf);
    return copy;
}

static bool may_be_twins(const struct twin *a, const struct twin *b)
{
    return a->year.len && dhr_str_eq(a->year, b->year) && dhr_str_eq(a->csp, b->csp);
}

void check_twins(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings)
{
    (void)index;
    size_t total = ledger->reviews.count;
    struct dhr_arena arena = {0};
    struct twin *twins = dhr_arena_alloc(&arena, (total + 1) * sizeof(*twins));
    struct said *said = NULL;
    size_t count = 0;
    size_t capacity = 0;
    size_t group = 0;
    for (size_t i = 0; i < total; i++) {
        const struct dhr_record *review = ledger->reviews.items[i];
        const struct dhr_section *section = dhr_record_section(review, DHR_SECTION_REVIEW);
        twins[i] =
            (struct twin){review, folded(&arena, dhr_section_value(section, DHR_KEY_REVIEW_CSP)),
                          dhr_section_value(section, DHR_KEY_REVIEW_YEAR_OF_DEATH),
                          dhr_ledger_of_review(ledger, review->id)};
    }
    qsort(twins, total, sizeof(*twins), by_csp_and_year);
    for (size_t i = 0; i < total; i++) {
        bool with_last = i > 0 && may_be_twins(&twins[i - 1], &twins[i]);
        group += !with_last;
        if (with_last || (i + 1 < total && may_be_twins(&twins[i], &twins[i + 1])))
            add_texts(&said, &count, &capacity, twins[i].own, group, i);
    }
    sort_texts(said, count);
    pair_up(twins, said, count, findings);
    free(said);
    dhr_arena_release(&arena);
}

/* The name without "-2" and the like behind it. */
static struct dhr_str without_repeat(struct dhr_str name)
{
    size_t end = name.len;
    while (end && name.ptr[end - 1] >= '0' && name.ptr[end - 1] <= '9')
        end--;
    bool repeat = end > 1 && end < name.len && name.ptr[end - 1] == '-';
    return repeat ? dhr_str_span(name.ptr, end - 1) : name;
}

/* A long number is cut to make room for the "-2". */
static bool is_named_after(struct dhr_str name, struct dhr_str number)
{
    struct dhr_str first = without_repeat(name);
    bool cut = first.len < name.len && name.len == DHR_NUMBER_MAX_BYTES;
    return dhr_str_eq(name, number) || dhr_str_eq(first, number) ||
           (cut && first.len < number.len && memcmp(first.ptr, number.ptr, first.len) == 0);
}

static bool is_unnumbered(struct dhr_str name)
{
    unsigned long n = 0;
    return name.len > 1 && name.ptr[0] == 'u' &&
           dhr_str_number(dhr_str_span(name.ptr + 1, name.len - 1), &n);
}

void check_file_name(const struct dhr_record *recommendation, struct dhr_findings *findings)
{
    const struct dhr_section *section =
        dhr_record_section(recommendation, DHR_SECTION_RECOMMENDATION);
    const struct dhr_field *number = dhr_section_next(section, DHR_KEY_RECOMMENDATION_NUMBER, NULL);
    struct dhr_str name = dhr_number_of(recommendation);
    if (!number || dhr_str_eq(number->value, name) ||
        dhr_section_next(section, DHR_KEY_RECOMMENDATION_FORMERLY, NULL))
        return;
    struct dhr_arena scratch = {0};
    const char *made = dhr_ident_number(&scratch, number->value);
    if (made && dhr_ident_reserved(dhr_str_of(made)))
        made = NULL;
    if (made ? !is_named_after(name, dhr_str_of(made)) : !is_unnumbered(name))
        dhr_findings_add(findings, DHR_RULE_NUMBER_DIFFERS, recommendation->path, number->line,
                         number->col,
                         "number = %.*s would be in %s.ini; correct the number, or rename the "
                         "record with \"dhrledger mv\"",
                         DHR_ARG(number->value), made ? made : "u1");
    dhr_arena_release(&scratch);
}
