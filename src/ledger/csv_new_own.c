/* New records from the ledger's own CSV, which has their ids and those of their agencies. */
#include <string.h>

#include "csv_internal.h"
#include "dhrledger/ident.h"

struct own_columns {
    size_t id, agency, name, action, number, text, addressed, order;
};

/* The ledger's agency of that id or, once renamed, that name; else one that is new. */
static struct dhr_str agency_of(struct csv_drafts *drafts, struct dhr_str id, struct dhr_str name)
{
    if (import_agency_has(&drafts->agencies, id))
        return id;
    struct dhr_str known = dhr_agency_index_find(&drafts->agencies.index, name.len ? name : id);
    return known.len ? known : import_agency_make(&drafts->agencies, name.len ? name : id, id);
}

static bool refuse(struct csv_drafts *drafts, size_t row, const char *why)
{
    struct csv_work *w = drafts->w;
    csv_problem(w, w->csv->rows[row].line, "%s", why);
    w->fresh_rows[row].refused = true;
    return false;
}

/* The words, which are the same in all rows of a recommendation, or of one of its actions. */
static bool take_words(struct csv_drafts *drafts, struct csv_draft *draft, struct dhr_str review,
                       size_t row, struct dhr_str text)
{
    struct csv_work *w = drafts->w;
    struct dhr_err why = {0};
    if (draft->text.len)
        return true;
    if (!text.len)
        return refuse(drafts, row,
                      dhr_arena_printf(w->arena,
                                       "%.*s/%.*s: a new recommendation needs its words, in the "
                                       "column \"Text\"",
                                       DHR_ARG(review), DHR_ARG(draft->name)));
    if (dhr_ini_check_new_value(text, &why) < 0)
        return refuse(drafts, row, dhr_arena_printf(w->arena, "%s", why.text));
    const struct dhr_record *same = csv_same_words(w, review, text);
    if (same)
        return refuse(drafts, row,
                      dhr_arena_printf(
                          w->arena,
                          "%.*s/%.*s: not in the ledger, and its words are those of %.*s (%s); "
                          "correct the id, or make it with \"dhrledger new recommendation\" if it "
                          "is another one",
                          DHR_ARG(review), DHR_ARG(draft->name), DHR_ARG(same->id), same->path));
    draft->text = text;
    return true;
}

static void add_action(struct csv_draft *draft, struct dhr_str holder, unsigned long number,
                       struct dhr_str text)
{
    for (size_t i = 0; i < draft->action_count; i++) {
        if (draft->actions[i].number == number && dhr_str_eq(draft->actions[i].holder, holder))
            return;
    }
    *DHR_PUSH(draft->actions, draft->action_count, draft->action_capacity) =
        (struct csv_draft_action){holder, (unsigned)number, text};
}

static void take_addressees(struct csv_drafts *drafts, struct csv_draft *draft,
                            struct dhr_str printed, struct dhr_str name)
{
    struct dhr_str line;
    if (!printed.len)
        csv_draft_address(drafts->w, draft, name);
    while (dhr_str_line(&printed, &line)) {
        line = dhr_str_trim(line);
        if (line.len)
            csv_draft_address(drafts->w, draft, line);
    }
}

static bool is_name(struct dhr_str review, struct dhr_str name)
{
    return !dhr_ident_reserved(review) && !dhr_ident_reserved(name);
}

static void take_row(struct csv_drafts *drafts, const struct own_columns *at, size_t row)
{
    struct csv_work *w = drafts->w;
    uint32_t line = w->csv->rows[row].line;
    struct dhr_str id = csv_text(w, row, at->id);
    struct dhr_str agency = csv_text(w, row, at->agency);
    struct dhr_str name = csv_text(w, row, at->name);
    struct dhr_str number = csv_text(w, row, at->number);
    struct dhr_str action = csv_text(w, row, at->action);
    unsigned long action_number = 0;
    struct dhr_str rest = id;
    struct dhr_str review_id;
    /* What is no id, and no action's number, is told when the row is read. */
    bool well = dhr_ident_recommendation_ok(id) && dhr_str_split(&rest, '/', &review_id) &&
                is_name(review_id, rest) && dhr_ident_ok(agency) &&
                (!action.len || (dhr_str_number(action, &action_number) && action_number));
    if (!well || csv_find_recommendation(w, id))
        return;
    const char *fault = csv_row_fault(w, row);
    if (fault) {
        (void)refuse(drafts, row, fault);
        return;
    }
    struct csv_draft_review *review = csv_draft_review(drafts, review_id, line);
    struct csv_draft *draft = csv_draft_named(review, rest);
    if (!draft)
        draft = csv_draft_add(review, rest, line);
    if (!draft->number.len)
        draft->number = at->number < w->column_count ? number : rest;
    if (!draft->order.len)
        draft->order = csv_text(w, row, at->order);
    struct dhr_str text = csv_text(w, row, at->text);
    if (!action_number && !take_words(drafts, draft, review_id, row, text))
        return;
    csv_draft_facts(drafts, review, row);
    struct dhr_str holder = agency_of(drafts, agency, name);
    take_addressees(drafts, draft, csv_text(w, row, at->addressed), name.len ? name : agency);
    csv_draft_hold(w, draft, holder);
    if (action_number)
        add_action(draft, holder, action_number, text);
    w->fresh_rows[row].id = id;
    w->fresh_rows[row].agency = holder;
}

int csv_draft_own(struct csv_drafts *drafts)
{
    struct csv_work *w = drafts->w;
    const struct own_columns at = {
        .id = csv_column(w, COLUMN_ID),
        .agency = csv_column(w, COLUMN_AGENCY_ID),
        .name = csv_column(w, COLUMN_AGENCY),
        .action = csv_column(w, COLUMN_ACTION_NUMBER),
        .number = csv_column(w, COLUMN_NUMBER),
        .text = csv_column(w, COLUMN_TEXT),
        .addressed = csv_fixed_column(w, DHR_KEY_RECOMMENDATION_ADDRESSED_TO),
        .order = csv_fixed_column(w, DHR_KEY_RECOMMENDATION_ORDER),
    };
    for (size_t r = w->heading_row + 1; r < w->csv->row_count; r++) {
        if (w->csv->rows[r].cell_count <= w->column_count)
            take_row(drafts, &at, r);
    }
    return 0;
}
