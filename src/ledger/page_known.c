/* The reviews that a page may be of, and those whose texts it shares. */
#include <stdlib.h>

#include "dhrledger/utf8.h"
#include "page_internal.h"

/* Put the review in front of the list of that key. */
static void add_posting(struct known_reviews *known, struct dhr_map *map, struct dhr_str key,
                        size_t review)
{
    size_t *head = dhr_map_at(map, key);
    size_t next = head ? *head : NO_PLACE;
    if (head && known->postings[next].review == review)
        return;
    size_t place = known->posting_count;
    *DHR_PUSH(known->postings, known->posting_count, known->posting_capacity) =
        (struct posting){review, next};
    if (head)
        *head = place;
    else
        (void)dhr_map_add(map, key, place);
}

static struct dhr_str folded(struct dhr_str text, struct dhr_arena *arena)
{
    struct dhr_buf buf = {0};
    dhr_utf8_add_folded(&buf, text);
    const char *copy = dhr_arena_dup(arena, dhr_buf_cstr(&buf), buf.len);
    struct dhr_str result = dhr_str_span(copy, buf.len);
    dhr_buf_release(&buf);
    return result;
}

void known_add(struct known_reviews *known, const struct known_review *review,
               const struct dhr_str *csps, size_t csp_count, struct dhr_arena *arena)
{
    size_t place = known->count;
    *DHR_PUSH(known->items, known->count, known->capacity) = *review;
    (void)dhr_map_add(&known->by_id, review->id, place);
    for (size_t i = 0; i < csp_count; i++)
        add_posting(known, &known->by_csp, folded(csps[i], arena), place);
    for (size_t i = 0; i < review->row_count; i++) {
        if (review->rows[i].text.len)
            add_posting(known, &known->by_text, review->rows[i].text, place);
    }
}

static struct page_row row_of(const struct dhr_record *record, struct dhr_arena *arena)
{
    const struct dhr_section *own = dhr_record_section(record, DHR_SECTION_RECOMMENDATION);
    return (struct page_row){
        .number = dhr_section_value(own, DHR_KEY_RECOMMENDATION_NUMBER),
        .text = dhr_section_value(own, DHR_KEY_RECOMMENDATION_TEXT),
        .addressees = dhr_section_joined(own, DHR_KEY_RECOMMENDATION_ADDRESSED_TO, arena),
        .path = record->path,
        .record = record};
}

/* Corrected, renamed, merged or split. */
static bool is_loose(const struct dhr_record *record)
{
    const struct dhr_section *own = dhr_record_section(record, DHR_SECTION_RECOMMENDATION);
    return dhr_section_value(own, DHR_KEY_RECOMMENDATION_TEXT_CORRECTED).len ||
           dhr_section_value(own, DHR_KEY_RECOMMENDATION_FORMERLY).len;
}

static void add_of_ledger(struct known_reviews *known, const struct dhr_ledger *ledger,
                          const struct dhr_record *record, struct dhr_arena *arena)
{
    const struct dhr_section *own = dhr_record_section(record, DHR_SECTION_REVIEW);
    struct dhr_records all = dhr_ledger_of_review(ledger, record->id);
    struct known_review review = {
        .id = record->id,
        .year = dhr_section_value(own, DHR_KEY_REVIEW_YEAR_OF_DEATH),
        .published = dhr_section_value(own, DHR_KEY_REVIEW_PUBLISHED),
        .declared = dhr_section_value(own, DHR_KEY_REVIEW_RECOMMENDATIONS),
        .rows = dhr_arena_alloc(arena, (all.count + 1) * sizeof(*review.rows)),
        .row_count = all.count};
    for (size_t i = 0; i < all.count; i++) {
        review.rows[i] = row_of(all.items[i], arena);
        review.loose += is_loose(all.items[i]);
    }
    size_t csp_count = 0;
    struct dhr_str *csps =
        dhr_arena_alloc(arena, ((own ? own->field_count : 0) + 1) * sizeof(*csps));
    const struct dhr_field *field = NULL;
    while (own && (field = dhr_section_next(own, DHR_KEY_REVIEW_CSP, field)))
        csps[csp_count++] = field->value;
    known_add(known, &review, csps, csp_count, arena);
}

void known_add_ledger(struct known_reviews *known, const struct dhr_ledger *ledger,
                      struct dhr_arena *arena)
{
    for (size_t i = 0; i < ledger->reviews.count; i++)
        add_of_ledger(known, ledger, ledger->reviews.items[i], arena);
}

size_t known_of_csp(const struct known_reviews *known, struct dhr_str csp)
{
    struct dhr_buf key = {0};
    size_t place = NO_PLACE;
    dhr_utf8_add_folded(&key, csp);
    (void)dhr_map_find(&known->by_csp, dhr_buf_str(&key), &place);
    dhr_buf_release(&key);
    return place;
}

size_t *known_shared_texts(const struct known_reviews *known, const struct page_row *rows,
                           size_t count)
{
    size_t *shared = dhr_realloc(NULL, (known->count + 1) * sizeof(*shared));
    for (size_t i = 0; i < known->count; i++)
        shared[i] = 0;
    for (size_t i = 0; i < count; i++) {
        size_t place = NO_PLACE;
        (void)dhr_map_find(&known->by_text, rows[i].text, &place);
        for (; place != NO_PLACE; place = known->postings[place].next)
            shared[known->postings[place].review]++;
    }
    return shared;
}

void known_release(struct known_reviews *known)
{
    free(known->items);
    free(known->postings);
    dhr_map_release(&known->by_id);
    dhr_map_release(&known->by_csp);
    dhr_map_release(&known->by_text);
}
