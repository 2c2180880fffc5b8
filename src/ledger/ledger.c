#include "dhrledger/ledger.h"

struct dhr_str dhr_review_of(const struct dhr_record *recommendation)
{
    struct dhr_str rest = recommendation->id;
    struct dhr_str review = {NULL, 0};
    (void)dhr_str_split(&rest, '/', &review);
    return review;
}

struct dhr_str dhr_number_of(const struct dhr_record *recommendation)
{
    struct dhr_str rest = recommendation->id;
    struct dhr_str review = {NULL, 0};
    (void)dhr_str_split(&rest, '/', &review);
    return rest;
}

int dhr_id_cmp(struct dhr_str a, struct dhr_str b)
{
    struct dhr_str folder_a = {NULL, 0};
    struct dhr_str folder_b = {NULL, 0};
    (void)dhr_str_split(&a, '/', &folder_a);
    (void)dhr_str_split(&b, '/', &folder_b);
    int order = dhr_str_eq(folder_a, folder_b) ? 0 : dhr_natural_cmp(folder_a, folder_b);
    return order ? order : dhr_natural_cmp(a, b);
}

/* The first place whose id isn't before the wanted one. */
static size_t lower_bound(struct dhr_records records, struct dhr_str id)
{
    size_t low = 0;
    size_t high = records.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dhr_id_cmp(records.items[middle]->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void note_places(const struct dhr_records *records, struct dhr_map *places)
{
    for (size_t i = 0; i < records->count; i++)
        (void)dhr_map_add(places, records->items[i]->id, i);
}

/* Whether the id is one of the review's recommendations. */
static bool is_of(struct dhr_str id, struct dhr_str review)
{
    return id.len > review.len && id.ptr[review.len] == '/' &&
           dhr_str_eq(dhr_str_span(id.ptr, review.len), review);
}

void dhr_ledger_note_places(struct dhr_ledger *ledger)
{
    struct dhr_records all = ledger->recommendations;
    struct dhr_str review = {"", 0};
    note_places(&ledger->reviews, &ledger->review_places);
    note_places(&ledger->agencies, &ledger->agency_places);
    for (size_t i = 0; i < all.count; i++) {
        if (is_of(all.items[i]->id, review))
            continue;
        review = dhr_review_of(all.items[i]);
        (void)dhr_map_add(&ledger->first_places, review, i);
    }
}

void dhr_ledger_forget_places(struct dhr_ledger *ledger)
{
    dhr_map_release(&ledger->review_places);
    dhr_map_release(&ledger->agency_places);
    dhr_map_release(&ledger->first_places);
}

/* Only dhr_ledger_load notes places; without them the record is found in the list. */
static const struct dhr_record *find(struct dhr_records records, const struct dhr_map *places,
                                     struct dhr_str id)
{
    size_t at = 0;
    if (places && places->count)
        return dhr_map_find(places, id, &at) ? records.items[at] : NULL;
    at = lower_bound(records, id);
    return at < records.count && dhr_str_eq(records.items[at]->id, id) ? records.items[at] : NULL;
}

const struct dhr_record *dhr_ledger_review(const struct dhr_ledger *ledger, struct dhr_str id)
{
    return find(ledger->reviews, &ledger->review_places, id);
}

const struct dhr_record *dhr_ledger_recommendation(const struct dhr_ledger *ledger,
                                                   struct dhr_str id)
{
    return find(ledger->recommendations, NULL, id);
}

const struct dhr_record *dhr_ledger_agency(const struct dhr_ledger *ledger, struct dhr_str id)
{
    return find(ledger->agencies, &ledger->agency_places, id);
}

/* The place where a review's recommendations begin or would. */
static size_t first_of(struct dhr_records recommendations, struct dhr_str review)
{
    struct dhr_buf prefix = {0};
    dhr_buf_add_str(&prefix, review);
    dhr_buf_addc(&prefix, '/');
    size_t first = lower_bound(recommendations, dhr_buf_str(&prefix));
    dhr_buf_release(&prefix);
    return first;
}

struct dhr_records dhr_ledger_of_review(const struct dhr_ledger *ledger, struct dhr_str review)
{
    struct dhr_records all = ledger->recommendations;
    size_t first = all.count;
    if (!ledger->first_places.count)
        first = first_of(all, review);
    else
        (void)dhr_map_find(&ledger->first_places, review, &first);
    size_t end = first;
    while (end < all.count && is_of(all.items[end]->id, review))
        end++;
    return (struct dhr_records){all.items + first, end - first};
}

struct dhr_str dhr_ledger_agency_name(const struct dhr_ledger *ledger, struct dhr_str id)
{
    const struct dhr_record *agency = dhr_ledger_agency(ledger, id);
    if (!agency)
        return id;
    struct dhr_str name =
        dhr_section_value(dhr_record_section(agency, DHR_SECTION_AGENCY), DHR_KEY_AGENCY_NAME);
    return name.len ? name : id;
}
