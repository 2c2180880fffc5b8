#include "dhrledger/ledger.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/ident.h"

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
    int order = dhr_natural_cmp(folder_a, folder_b);
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

static const struct dhr_record *find(struct dhr_records records, struct dhr_str id)
{
    size_t at = lower_bound(records, id);
    bool found = at < records.count && dhr_str_eq(records.items[at]->id, id);
    return found ? records.items[at] : NULL;
}

const struct dhr_record *dhr_ledger_review(const struct dhr_ledger *ledger, struct dhr_str id)
{
    return find(ledger->reviews, id);
}

const struct dhr_record *dhr_ledger_recommendation(const struct dhr_ledger *ledger,
                                                   struct dhr_str id)
{
    return find(ledger->recommendations, id);
}

const struct dhr_record *dhr_ledger_agency(const struct dhr_ledger *ledger, struct dhr_str id)
{
    return find(ledger->agencies, id);
}

struct dhr_records dhr_ledger_of_review(const struct dhr_ledger *ledger, struct dhr_str review)
{
    struct dhr_buf prefix = {0};
    dhr_buf_add_str(&prefix, review);
    dhr_buf_addc(&prefix, '/');
    struct dhr_records all = ledger->recommendations;
    size_t first = lower_bound(all, dhr_buf_str(&prefix));
    dhr_buf_release(&prefix);
    size_t end = first;
    while (end < all.count && dhr_str_eq(dhr_review_of(all.items[end]), review))
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

/* The only recommendation with that bare number; *reviews collects the reviews that have it. */
static const struct dhr_record *find_number(const struct dhr_ledger *ledger, struct dhr_str number,
                                            struct dhr_buf *reviews)
{
    const struct dhr_record *found = NULL;
    for (size_t i = 0; i < ledger->recommendations.count; i++) {
        const struct dhr_record *record = ledger->recommendations.items[i];
        if (!dhr_str_eq(dhr_number_of(record), number))
            continue;
        if (found && reviews->len < 200)
            dhr_buf_addf(reviews, ", %.*s", DHR_ARG(record->id));
        else if (!found)
            dhr_buf_add_str(reviews, record->id);
        found = record;
    }
    return found;
}

static const struct dhr_record *nearest(const struct dhr_ledger *ledger, struct dhr_str id)
{
    const struct dhr_record *best = NULL;
    size_t least = 4;
    for (size_t i = 0; i < ledger->recommendations.count; i++) {
        const struct dhr_record *record = ledger->recommendations.items[i];
        size_t distance = dhr_str_distance(record->id, id, least - 1);
        if (distance < least) {
            least = distance;
            best = record;
        }
        if (least == 1)
            break;
    }
    return best;
}

const struct dhr_record *dhr_ledger_resolve(const struct dhr_ledger *ledger, struct dhr_str typed,
                                            struct dhr_err *err)
{
    struct dhr_str id = typed;
    enum dhr_record_kind kind = DHR_RECORD_RECOMMENDATION;
    while (dhr_str_starts(id, "./"))
        id = dhr_str_span(id.ptr + 2, id.len - 2);
    struct dhr_str path_id = {NULL, 0};
    if (dhr_ident_of_path(id, &kind, &path_id) && kind == DHR_RECORD_RECOMMENDATION)
        id = path_id;
    const struct dhr_record *record = dhr_ledger_recommendation(ledger, id);
    if (record)
        return record;
    struct dhr_buf reviews = {0};
    record = find_number(ledger, id, &reviews);
    if (record && strchr(dhr_buf_cstr(&reviews), ',')) {
        (void)dhr_fail(err, DHR_USAGE, "%.*s: more than one review has it; write one of %s",
                       DHR_ARG(typed), dhr_buf_cstr(&reviews));
        record = NULL;
    } else if (!record) {
        const struct dhr_record *near = nearest(ledger, id);
        (void)dhr_fail(err, DHR_USAGE, "%.*s: no such recommendation%s%.*s%s", DHR_ARG(typed),
                       near ? "; did you mean " : "; \"dhrledger list\" shows them all",
                       near ? (int)near->id.len : 0, near ? near->id.ptr : "", near ? "?" : "");
    }
    dhr_buf_release(&reviews);
    return record;
}
