#include <stdlib.h>
#include <string.h>

#include "csv_internal.h"

/* A row about one agency's part in a recommendation. */
struct plan_row {
    const struct dhr_record *record;
    struct dhr_str agency;
    struct dhr_str lead; /* named beside the agency */
    size_t row;
};

/* The rows of one agency's part, and what they say together. */
struct plan_group {
    struct csv_work *w;
    const struct plan_row *rows;
    size_t count;
    struct proposal *lists; /* of list keys, one for each */
    size_t list_count, list_capacity;
    bool several; /* rows or actions, so that there are sections for actions */
};

/* Where a row's values go. */
struct place {
    struct plan_group *group;
    const struct plan_row *row;
    uint32_t line;
    unsigned action; /* 0: the agency's own section */
};

static const struct dhr_key *key_at(const struct place *place, const struct dhr_key *key)
{
    if (!place->action || key->section != DHR_SECTION_ADDRESSEE)
        return key;
    const struct dhr_key *own =
        dhr_section_find_key(dhr_schema_section(DHR_SECTION_ACTION), dhr_str_of(key->name));
    return own ? own : key; /* an action has no milestones: they are the agency's */
}

static const struct dhr_section *section_at(const struct place *place, const struct dhr_key *key)
{
    unsigned action = key->section == DHR_SECTION_ACTION ? place->action : 0;
    return csv_section(place->row->record, key->section, place->row->agency, action);
}

static void problem_at(const struct place *place, const char *heading, struct dhr_str cell,
                       const char *why)
{
    struct csv_work *w = place->group->w;
    csv_problem(w, place->line, "%.*s %.*s, %s: \"%s\": %s", DHR_ARG(place->row->record->id),
                DHR_ARG(place->row->agency), heading, csv_shown(w, cell), why);
}

/*
 * An action without a lead of its own is led by the agency's. The plan that the ledger writes has
 * what is the agency's in the rows of its actions, and that is no news for an action that is there.
 */
static bool is_agencys(const struct place *place, const struct dhr_key *key,
                       struct cell_values values, struct cell_values recorded)
{
    static const enum dhr_key_id keys[][2] = {
        {DHR_KEY_ACTION_LEAD, DHR_KEY_ADDRESSEE_LEAD},
        {DHR_KEY_ACTION_DUE, DHR_KEY_ADDRESSEE_DUE},
        {DHR_KEY_ACTION_IMPLEMENTED_ON, DHR_KEY_ADDRESSEE_IMPLEMENTED_ON},
        {DHR_KEY_ACTION_OUTCOME, DHR_KEY_ADDRESSEE_OUTCOME}};
    struct csv_work *w = place->group->w;
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct dhr_key *agencys = dhr_schema_key(keys[i][1]);
        bool lead = key->id == DHR_KEY_ACTION_LEAD;
        if (key->id == keys[i][0] && (lead || (section_at(place, key) && !recorded.count)))
            return csv_values_eq(agencys, values,
                                 csv_recorded(w, section_at(place, agencys), agencys));
    }
    return false;
}

/* Fill in what isn't recorded; tell where something else is. "open" is where everything begins. */
static void fill(const struct place *place, const struct dhr_key *key, const char *heading,
                 struct cell_values values)
{
    struct csv_work *w = place->group->w;
    struct cell_values recorded = csv_recorded(w, section_at(place, key), key);
    if (csv_values_eq(key, values, recorded) || is_agencys(place, key, values, recorded))
        return;
    bool fresh =
        strcmp(key->name, "status") == 0 && recorded.count && dhr_str_is(recorded.items[0], "open");
    if (recorded.count && !fresh) {
        problem_at(place, heading, csv_joined(w, values),
                   dhr_arena_printf(w->arena, "the ledger has \"%s\"; left alone",
                                    csv_shown(w, csv_joined(w, recorded))));
        return;
    }
    bool own = key->section != DHR_SECTION_RECOMMENDATION;
    const struct proposal p = {.line = place->line,
                               .heading = heading,
                               .record = place->row->record,
                               .key = key,
                               .agency = own ? place->row->agency : (struct dhr_str){NULL, 0},
                               .action = key->section == DHR_SECTION_ACTION ? place->action : 0,
                               .values = values};
    csv_propose(w, &p);
}

static void fill_one(const struct place *place, enum dhr_key_id id, const char *heading,
                     struct dhr_str value)
{
    struct csv_work *w = place->group->w;
    struct dhr_str *item = dhr_arena_alloc(w->arena, sizeof(*item));
    *item = value;
    fill(place, key_at(place, dhr_schema_key(id)), heading, (struct cell_values){item, 1});
}

static bool has_item(struct cell_values values, struct dhr_str item)
{
    for (size_t i = 0; i < values.count; i++) {
        if (dhr_str_eq(values.items[i], item))
            return true;
    }
    return false;
}

/* Items of a list, which rows and columns add to; what is there already stays in front. */
static void add_items(const struct place *place, const struct dhr_key *key, const char *heading,
                      struct cell_values values)
{
    struct plan_group *g = place->group;
    struct proposal *list = NULL;
    for (size_t i = 0; i < g->list_count; i++) {
        if (g->lists[i].key == key)
            list = &g->lists[i];
    }
    if (!list) {
        bool own = key->section != DHR_SECTION_RECOMMENDATION;
        list = DHR_PUSH(g->lists, g->list_count, g->list_capacity);
        *list = (struct proposal){.line = place->line,
                                  .heading = heading,
                                  .record = place->row->record,
                                  .key = key,
                                  .agency = own ? place->row->agency : (struct dhr_str){NULL, 0},
                                  .values = csv_recorded(g->w, section_at(place, key), key)};
    }
    struct cell_values all = list->values;
    struct dhr_str *items =
        dhr_arena_alloc(g->w->arena, (all.count + values.count + 1) * sizeof(*items));
    for (size_t i = 0; i < all.count; i++)
        items[i] = all.items[i];
    list->values = (struct cell_values){items, all.count};
    for (size_t i = 0; i < values.count; i++) {
        if (!has_item(list->values, values.items[i]))
            items[list->values.count++] = values.items[i];
    }
}

static void propose_lists(struct plan_group *g)
{
    for (size_t i = 0; i < g->list_count; i++) {
        struct proposal *list = &g->lists[i];
        unsigned action = list->key->section == DHR_SECTION_ACTION ? list->action : 0;
        const struct dhr_section *section =
            csv_section(list->record, list->key->section, list->agency, action);
        if (list->values.count > csv_recorded(g->w, section, list->key).count)
            csv_propose(g->w, list);
    }
    free(g->lists);
}

/* A note without a date gets today's, as with "set", unless it was taken over already. */
static bool date_note(const struct place *place, const struct dhr_key *key, struct dhr_str item,
                      struct dhr_str *dated)
{
    struct csv_work *w = place->group->w;
    char iso[DHR_DAY_SIZE];
    if (key->id != DHR_KEY_ADDRESSEE_NOTE)
        return false;
    dhr_day_format(w->options->today, iso);
    *dated = dhr_str_of(dhr_arena_printf(w->arena, "%s %.*s", iso, DHR_ARG(item)));
    struct cell_values recorded = csv_recorded(w, section_at(place, key), key);
    for (size_t i = 0; i < recorded.count; i++) {
        struct cell_values one = {&recorded.items[i], 1};
        if (csv_values_eq(key, one, (struct cell_values){&item, 1}))
            *dated = recorded.items[i];
    }
    return true;
}

/* A list's items; nothing gives a milestone a date but the plan itself. */
static void fill_list(const struct place *place, const struct dhr_key *key, const char *heading,
                      struct dhr_str cell)
{
    struct csv_work *w = place->group->w;
    struct cell_values items = csv_items(w, cell, true);
    for (size_t i = 0; i < items.count; i++) {
        struct cell_values values;
        struct dhr_str dated;
        const char *why = csv_values(w, key, items.items[i], &values);
        if (!why && key->type == DHR_TYPE_DATED) {
            values = (struct cell_values){&dated, 1};
            if (!csv_dated(w->arena, items.items[i], &dated) &&
                !date_note(place, key, items.items[i], &dated))
                why = "it needs a date, as in \"12 May 2026: …\"";
        }
        if (why)
            problem_at(place, heading, items.items[i], why);
        else
            add_items(place, key, heading, values);
    }
}

/* Whether the row says when it was completed. */
static bool has_completion(struct csv_work *w, size_t row)
{
    char iso[DHR_DAY_SIZE];
    for (size_t i = 0; i < w->column_count; i++) {
        const struct column *column = &w->columns[i];
        struct dhr_str cell = csv_text(w, row, i);
        if (column->role == COLUMN_COMPLETION && csv_completion(w, cell).date.len)
            return true;
        if (column->role == COLUMN_KEY && column->key->id == DHR_KEY_ADDRESSEE_IMPLEMENTED_ON &&
            csv_date(cell, iso))
            return true;
    }
    return false;
}

/* A status that is said; one that needs more than its word is told where that is missing. */
static void fill_status(const struct place *place, const char *heading, struct dhr_str cell,
                        struct dhr_str status)
{
    struct csv_work *w = place->group->w;
    if (dhr_str_is(status, "open"))
        return;
    if (dhr_str_is(status, "implemented") && !has_completion(w, place->row->row))
        problem_at(place, heading, cell, "it is implemented only with a date of completion");
    else if (dhr_str_is(status, "closed") || dhr_str_is(status, "verified"))
        problem_at(place, heading, cell,
                   "who checked it, or why it was closed, is more than a word; use \"dhrledger "
                   "set\"");
    else
        fill_one(place, DHR_KEY_ADDRESSEE_STATUS, heading, status);
}

/* A column "Progress" may tell a story instead; one of colours or of statuses may not. */
static void fill_progress(const struct place *place, const char *heading, struct dhr_str cell,
                          bool is_told)
{
    bool colour = false;
    struct dhr_str status = csv_status(place->group->w, cell, &colour);
    if (status.len) {
        fill_status(place, heading, cell, status);
    } else if (!colour && is_told) {
        csv_note(place->group->w, place->line,
                 "%.*s %.*s: \"%s\" is recorded as a note, and the status stays as it is",
                 DHR_ARG(place->row->record->id), DHR_ARG(place->row->agency),
                 csv_shown(place->group->w, cell));
        fill_list(place, dhr_schema_key(DHR_KEY_ADDRESSEE_NOTE), heading, cell);
    } else if (!colour) {
        problem_at(place, heading, cell, "it says neither a status of the ledger nor a colour");
    }
}

static void fill_completion(const struct place *place, const char *heading, struct dhr_str cell)
{
    struct csv_work *w = place->group->w;
    struct completion c = csv_completion(w, cell);
    if (c.date.len)
        fill_one(place, DHR_KEY_ADDRESSEE_IMPLEMENTED_ON, heading, c.date);
    if (c.outcome.len)
        fill_one(place, DHR_KEY_ADDRESSEE_OUTCOME, heading, c.outcome);
    bool said = c.status.len && (c.date.len || !c.outcome.len);
    const struct dhr_key *status = key_at(place, dhr_schema_key(DHR_KEY_ADDRESSEE_STATUS));
    int stands = dhr_section_word(section_at(place, status), status->id);
    bool unfinished = stands < dhr_key_word_index(status, dhr_str_of("implemented"));
    if (said)
        fill_status(place, heading, cell, c.status);
    else if (c.date.len && unfinished && !csv_row_has_status(w, place->row->row))
        csv_note(w, place->line,
                 "%.*s %.*s: it has a date of completion, and no word says that it is "
                 "implemented; its status stays as it is",
                 DHR_ARG(place->row->record->id), DHR_ARG(place->row->agency));
    else if (c.status.len && !c.date.len)
        csv_note(w, place->line,
                 "%.*s %.*s: \"%s\" is recorded as the outcome, and its status stays as it is",
                 DHR_ARG(place->row->record->id), DHR_ARG(place->row->agency), csv_shown(w, cell));
}

static void fill_cell(const struct place *place, const struct column *column, struct dhr_str cell)
{
    struct csv_work *w = place->group->w;
    const char *heading = dhr_str_dup(w->arena, column->heading);
    if (column->role == COLUMN_RAG)
        fill_progress(place, heading, cell,
                      dhr_str_eq(csv_folded(w, column->heading), dhr_str_of("progress")));
    else if (column->role == COLUMN_COMPLETION)
        fill_completion(place, heading, cell);
    if (column->role != COLUMN_KEY || !column->key)
        return;
    const struct dhr_key *key = key_at(place, column->key);
    struct cell_values values;
    const char *why = NULL;
    if (column->key->id == DHR_KEY_ADDRESSEE_STATUS) {
        fill_progress(place, heading, cell, false);
    } else if ((key->flags & DHR_KEY_LIST) && key->section != DHR_SECTION_ACTION) {
        fill_list(place, key, heading, cell);
    } else {
        why = csv_values(w, key, cell, &values);
        if (why)
            problem_at(place, heading, cell, why);
        else
            fill(place, key, heading, values);
    }
}

static void fill_row(const struct place *place)
{
    struct csv_work *w = place->group->w;
    if (place->row->lead.len)
        fill_one(place, DHR_KEY_ADDRESSEE_LEAD, "Lead agency", place->row->lead);
    for (size_t i = 0; i < w->column_count; i++) {
        const struct column *column = &w->columns[i];
        struct dhr_str cell = csv_text(w, place->row->row, i);
        bool action = column->key && column->key->id == DHR_KEY_ADDRESSEE_ACTION;
        if (cell.len && !(action && place->group->several))
            fill_cell(place, column, cell);
    }
}

static size_t action_column(const struct csv_work *w)
{
    size_t i = 0;
    while (i < w->column_count &&
           !(w->columns[i].role == COLUMN_KEY && w->columns[i].key->id == DHR_KEY_ADDRESSEE_ACTION))
        i++;
    return i;
}

/* Far more than any plan has; each changes the record anew. */
enum { MOST_ACTIONS = 99 };

/* An action's own section: its words, and "open" unless the plan says more. False if it can't be.
 */
static bool fill_action(struct place *place, const char *heading, struct dhr_str text,
                        unsigned number)
{
    struct csv_work *w = place->group->w;
    const struct dhr_section *there =
        csv_section(place->row->record, DHR_SECTION_ACTION, place->row->agency, number);
    struct cell_values values;
    place->action = number;
    const char *why = csv_values(w, dhr_schema_key(DHR_KEY_ACTION_ACTION), text, &values);
    if (number > MOST_ACTIONS)
        why = "more than 99 actions of one agency; look whether a row above has lost its number";
    if (why) {
        problem_at(place, heading, text, why);
        return false;
    }
    if (there) {
        struct dhr_str recorded = dhr_section_value(there, DHR_KEY_ACTION_ACTION);
        if (dhr_str_eq(recorded, values.items[0]))
            return true;
        problem_at(place, heading, text,
                   dhr_arena_printf(w->arena, "the agency's action %u is \"%s\"; left alone",
                                    number, csv_shown(w, recorded)));
        return false;
    }
    fill_one(place, DHR_KEY_ADDRESSEE_ACTION, heading, values.items[0]);
    return true;
}

/* A new action is open until the plan says more: its section must have a status. */
static void open_action(struct place *place, size_t first_proposal)
{
    struct csv_work *w = place->group->w;
    bool said =
        csv_section(place->row->record, DHR_SECTION_ACTION, place->row->agency, place->action);
    for (size_t i = first_proposal; i < w->proposal_count; i++)
        said = said || (w->proposals[i].key->id == DHR_KEY_ACTION_STATUS &&
                        w->proposals[i].action == place->action);
    if (!said)
        fill_one(place, DHR_KEY_ADDRESSEE_STATUS, "Action to take", dhr_str_of("open"));
}

/* Several rows: each with an action is an action of the agency. */
static void fill_rows(struct plan_group *g, size_t column)
{
    unsigned number = 0;
    for (size_t i = 0; i < g->count; i++) {
        struct place place = {
            .group = g, .row = &g->rows[i], .line = g->w->csv->rows[g->rows[i].row].line};
        struct dhr_str text = csv_text(g->w, g->rows[i].row, column);
        size_t first = g->w->proposal_count;
        bool ok = !text.len || fill_action(&place, "Action to take", text, ++number);
        if (ok)
            fill_row(&place);
        if (ok && text.len)
            open_action(&place, first);
    }
}

/* One row with several actions in its cell: they have nothing of their own but their words. */
static void fill_listed(struct plan_group *g, struct cell_values actions)
{
    struct place place = {
        .group = g, .row = &g->rows[0], .line = g->w->csv->rows[g->rows[0].row].line};
    fill_row(&place);
    for (size_t i = 0; i < actions.count; i++) {
        size_t first = g->w->proposal_count;
        if (fill_action(&place, "Action to take", actions.items[i], (unsigned)i + 1))
            open_action(&place, first);
    }
}

static void fill_group(struct csv_work *w, const struct plan_row *rows, size_t count)
{
    struct plan_group g = {.w = w, .rows = rows, .count = count};
    size_t column = action_column(w);
    struct cell_values actions = csv_items(w, csv_text(w, rows[0].row, column), false);
    bool numbered = csv_section(rows[0].record, DHR_SECTION_ACTION, rows[0].agency, 1);
    g.several = numbered || count > 1 || actions.count > 1;
    if (count > 1 || (numbered && actions.count < 2)) {
        fill_rows(&g, column);
    } else if (g.several) {
        fill_listed(&g, actions);
    } else {
        struct place place = {.group = &g, .row = rows, .line = w->csv->rows[rows->row].line};
        fill_row(&place);
    }
    propose_lists(&g);
}

static int by_place(const void *a, const void *b)
{
    const struct plan_row *x = a;
    const struct plan_row *y = b;
    int order = dhr_id_cmp(x->record->id, y->record->id);
    if (!order)
        order = dhr_str_cmp(x->agency, y->agency);
    return order ? order : (x->row > y->row) - (x->row < y->row);
}

/* Red, amber and green are told once for the column: they follow from the dates here. */
static void note_colours(struct csv_work *w)
{
    for (size_t i = 0; i < w->column_count; i++) {
        const struct column *column = &w->columns[i];
        bool status = column->role == COLUMN_KEY && column->key->id == DHR_KEY_ADDRESSEE_STATUS;
        size_t colours = 0;
        if (column->role != COLUMN_RAG && !status)
            continue;
        for (size_t r = w->heading_row + 1; r < w->csv->row_count; r++) {
            bool colour = false;
            (void)csv_status(w, csv_text(w, r, i), &colour);
            colours += colour;
        }
        if (colours)
            csv_note(w, 0,
                     "%zu cell%s of the column \"%s\" hold%s a colour, which is derived from dates "
                     "here and not recorded",
                     colours, colours == 1 ? "" : "s", csv_shown(w, column->heading),
                     colours == 1 ? "s" : "");
    }
}

int csv_read_plan(struct csv_work *w)
{
    struct csv_matcher *matcher = NULL;
    struct csv_match match = {0};
    struct plan_row *rows = NULL;
    size_t count = 0;
    size_t capacity = 0;
    int rc = csv_matcher_open(w, &matcher);
    for (size_t r = w->heading_row + 1; rc == 0 && r < w->csv->row_count; r++) {
        if (csv_is_divider(w, r, true) || csv_is_ragged(w, r) || !csv_match_row(matcher, r, &match))
            continue;
        for (size_t i = 0; i < match.agency_count; i++)
            *DHR_PUSH(rows, count, capacity) =
                (struct plan_row){match.record, match.agencies[i].id, match.agencies[i].lead, r};
    }
    if (count)
        qsort(rows, count, sizeof(*rows), by_place);
    size_t end = 0;
    for (size_t start = 0; start < count; start = end) {
        while (end < count && rows[end].record == rows[start].record &&
               dhr_str_eq(rows[end].agency, rows[start].agency))
            end++;
        fill_group(w, &rows[start], end - start);
    }
    if (rc == 0)
        note_colours(w);
    csv_matcher_free(matcher);
    free(rows);
    return rc;
}
