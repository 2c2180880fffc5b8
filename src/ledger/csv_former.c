/* Records by the ids that they have, or had before they were renamed. */
#include <stdlib.h>

#include "csv_internal.h"

struct csv_former {
    struct dhr_str id;
    const struct dhr_record *record; /* a review or a recommendation */
};

static void add_formers(struct csv_work *w, struct dhr_records records, enum dhr_section_id id,
                        enum dhr_key_id key)
{
    for (size_t i = 0; i < records.count; i++) {
        const struct dhr_section *section = dhr_record_section(records.items[i], id);
        const struct dhr_field *field = NULL;
        while ((field = dhr_section_next(section, key, field)))
            *DHR_PUSH(w->formers, w->former_count, w->former_capacity) =
                (struct csv_former){field->value, records.items[i]};
    }
}

static const struct dhr_record *find_former(struct csv_work *w, struct dhr_str id)
{
    if (!w->formers_known) {
        const struct dhr_ledger *ledger = w->options->ledger;
        add_formers(w, ledger->recommendations, DHR_SECTION_RECOMMENDATION,
                    DHR_KEY_RECOMMENDATION_FORMERLY);
        add_formers(w, ledger->reviews, DHR_SECTION_REVIEW, DHR_KEY_REVIEW_FORMERLY);
        w->formers_known = true;
    }
    for (size_t i = 0; i < w->former_count; i++) {
        if (dhr_str_eq(w->formers[i].id, id))
            return w->formers[i].record;
    }
    return NULL;
}

const struct dhr_record *csv_find_recommendation(struct csv_work *w, struct dhr_str id)
{
    const struct dhr_ledger *ledger = w->options->ledger;
    const struct dhr_record *record = dhr_ledger_recommendation(ledger, id);
    struct dhr_str number = id;
    struct dhr_str review;
    if (!record)
        record = find_former(w, id);
    if (record || !dhr_str_split(&number, '/', &review))
        return record;
    const struct dhr_record *renamed = find_former(w, review);
    return renamed ? dhr_ledger_recommendation(
                         ledger, dhr_str_of(dhr_arena_printf(
                                     w->arena, "%.*s/%.*s", DHR_ARG(renamed->id), DHR_ARG(number))))
                   : NULL;
}
