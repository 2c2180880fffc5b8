/*
 * New reviews and recommendations while rows are still being read. Rows of one
 * review mostly stand together, so the one asked for last is looked at first.
 */
#include <string.h>
#include <strings.h>

#include "csv_internal.h"
#include "dhrledger/ident.h"

const char *csv_row_fault(struct csv_work *w, size_t row)
{
    struct dhr_err why = {0};
    for (size_t i = 0; i < w->column_count; i++) {
        if (dhr_ini_check_new_value(dhr_ini_normal(w->arena, csv_text(w, row, i)), &why) < 0)
            return dhr_arena_printf(w->arena, "%s: %s", csv_shown(w, w->columns[i].heading),
                                    why.text);
    }
    return NULL;
}

struct csv_draft_review *csv_draft_review(struct csv_drafts *drafts, struct dhr_str id,
                                          uint32_t line)
{
    if (drafts->last < drafts->review_count && dhr_str_eq(drafts->reviews[drafts->last].id, id))
        return &drafts->reviews[drafts->last];
    for (drafts->last = 0; drafts->last < drafts->review_count; drafts->last++) {
        if (dhr_str_eq(drafts->reviews[drafts->last].id, id))
            return &drafts->reviews[drafts->last];
    }
    struct csv_draft_review *review =
        DHR_PUSH(drafts->reviews, drafts->review_count, drafts->review_capacity);
    *review = (struct csv_draft_review){.id = id, .line = line};
    const struct dhr_ledger *ledger = drafts->w->options->ledger;
    review->known = dhr_ledger_review(ledger, id) || dhr_ledger_of_review(ledger, id).count;
    return review;
}

static const struct dhr_ini_pair *pair_of(const struct csv_draft_review *review,
                                          enum dhr_key_id key, struct dhr_str value)
{
    const struct dhr_ini_pair *other = NULL;
    for (size_t i = 0; i < review->pair_count; i++) {
        if (review->pairs[i].key != key)
            continue;
        other = &review->pairs[i];
        if (dhr_str_eq(other->value, value))
            return other;
    }
    return other;
}

/* One cell about the review. A partnership may be one of several; all else is said once. */
static void add_fact(struct csv_drafts *drafts, struct csv_draft_review *review,
                     const struct dhr_key *key, struct dhr_str cell, uint32_t line)
{
    struct csv_work *w = drafts->w;
    struct cell_values values;
    struct dhr_date year;
    const char *why = csv_values(w, key, cell, &values);
    if (!why && key->type == DHR_TYPE_YEAR && (cell.len != 4 || !dhr_date_parse(cell, &year)))
        why = "not a year; write YYYY";
    for (size_t i = 0; !why && i < values.count; i++) {
        const struct dhr_ini_pair *there = pair_of(review, key->id, values.items[i]);
        bool same = there && dhr_str_eq(there->value, values.items[i]);
        if (same)
            continue;
        if (there && !(key->flags & DHR_KEY_LIST))
            why = dhr_arena_printf(w->arena, "a row above has \"%s\" for the same review",
                                   csv_shown(w, there->value));
        else
            *DHR_PUSH(review->pairs, review->pair_count, review->pair_capacity) =
                (struct dhr_ini_pair){key->id, values.items[i]};
    }
    if (why)
        csv_problem(w, line, "%.*s, %s: \"%s\": %s", DHR_ARG(review->id), key->heading,
                    csv_shown(w, cell), why);
}

void csv_draft_facts(struct csv_drafts *drafts, struct csv_draft_review *review, size_t row)
{
    struct csv_work *w = drafts->w;
    for (size_t i = 0; i < w->column_count && !review->known; i++) {
        const struct column *column = &w->columns[i];
        struct dhr_str cell = csv_text(w, row, i);
        bool fact = column->role == COLUMN_FIXED && column->key->section == DHR_SECTION_REVIEW;
        if (fact && cell.len)
            add_fact(drafts, review, column->key, cell, w->csv->rows[row].line);
    }
}

struct csv_draft *csv_draft_named(const struct csv_draft_review *review, struct dhr_str name)
{
    for (size_t i = review->draft_count; i > 0; i--) {
        struct csv_draft *draft = &review->drafts[i - 1];
        if (draft->name.len == name.len && strncasecmp(draft->name.ptr, name.ptr, name.len) == 0)
            return draft;
    }
    return NULL;
}

struct csv_draft *csv_draft_add(struct csv_draft_review *review, struct dhr_str name, uint32_t line)
{
    struct csv_draft *draft = DHR_PUSH(review->drafts, review->draft_count, review->draft_capacity);
    *draft = (struct csv_draft){.name = name, .line = line};
    return draft;
}

static void add_once(struct csv_work *w, struct cell_values *list, struct dhr_str item)
{
    for (size_t i = 0; i < list->count; i++) {
        if (dhr_str_eq(list->items[i], item))
            return;
    }
    struct dhr_str *items = dhr_arena_alloc(w->arena, (list->count + 1) * sizeof(*items));
    if (list->count)
        memcpy(items, list->items, list->count * sizeof(*items));
    items[list->count++] = item;
    list->items = items;
}

void csv_draft_address(struct csv_work *w, struct csv_draft *draft, struct dhr_str printed)
{
    add_once(w, &draft->addressees, printed);
}

void csv_draft_hold(struct csv_work *w, struct csv_draft *draft, struct dhr_str agency)
{
    add_once(w, &draft->holders, agency);
}

const struct dhr_record *csv_same_words(struct csv_work *w, struct dhr_str review,
                                        struct dhr_str text)
{
    struct dhr_records records = dhr_ledger_of_review(w->options->ledger, review);
    struct dhr_str folded = records.count ? csv_folded(w, text) : text;
    for (size_t i = 0; i < records.count && folded.len; i++) {
        const struct dhr_section *section =
            dhr_record_section(records.items[i], DHR_SECTION_RECOMMENDATION);
        struct dhr_str words = dhr_section_value(section, DHR_KEY_RECOMMENDATION_TEXT);
        if (dhr_str_eq(csv_folded(w, words), folded))
            return records.items[i];
    }
    return NULL;
}
