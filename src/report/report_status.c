#include <stdlib.h>
#include <string.h>

#include "dhrledger/map.h"
#include "dhrledger/reports.h"
#include "lines.h"

/* How many recommendations or addressee sections stand where. */
struct tally {
    size_t total;
    size_t by_progress[DHR_PROGRESS_COUNT];
    size_t overdue;
    size_t without_target;
};

/* Recommendations count for the ledger and a review, addressee sections for an agency. */
enum column {
    SCOPE,
    ID,
    NAME,
    TOTAL,
    BAR,
    STANDING,
    PROGRESS,
    OVERDUE = PROGRESS + DHR_PROGRESS_COUNT,
    WITHOUT_TARGET,
    COLUMNS
};

static const struct dhr_column columns[COLUMNS] = {
    [SCOPE] = {"scope", "Scope", DHR_CELL_TEXT, DHR_COLUMN_DATA_ONLY},
    [ID] = {"id", "Id", DHR_CELL_TEXT, DHR_COLUMN_DATA_ONLY},
    [NAME] = {"name", "Name", DHR_CELL_TEXT, DHR_COLUMN_WRAP},
    [TOTAL] = {"total", "Total", DHR_CELL_NUMBER, DHR_COLUMN_RIGHT},
    [BAR] = {"progress", "Progress", DHR_CELL_BAR, DHR_COLUMN_TEXT_ONLY},
    [STANDING] = {"standing", "Standing", DHR_CELL_TEXT, DHR_COLUMN_TEXT_ONLY | DHR_COLUMN_WRAP},
    [PROGRESS + DHR_OPEN] = {"open", "Open", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS +
        DHR_IN_PROGRESS] = {"in_progress", "In progress", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS + DHR_PARTLY_IMPLEMENTED] = {"partly_implemented", "Partly implemented",
                                           DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS +
        DHR_IMPLEMENTED] = {"implemented", "Implemented", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS + DHR_VERIFIED] = {"verified", "Verified", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS + DHR_CLOSED] = {"closed", "Closed", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [OVERDUE] = {"overdue", "Overdue", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [WITHOUT_TARGET] = {"without_target", "Without target", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
};

/* "2 overdue; 12 open, 3 in-progress, 1 implemented" */
static void add_standing(struct dhr_table *table, const struct tally *tally)
{
    struct dhr_buf text = {0};
    if (tally->overdue)
        dhr_buf_addf(&text, "%zu overdue; ", tally->overdue);
    const char *separator = "";
    for (int i = 0; i < DHR_PROGRESS_COUNT; i++) {
        if (!tally->by_progress[i])
            continue;
        dhr_buf_addf(&text, "%s%zu %s", separator, tally->by_progress[i],
                     dhr_progress_name((enum dhr_progress)i));
        separator = ", ";
    }
    dhr_table_text(table, STANDING, dhr_buf_str(&text));
    dhr_buf_release(&text);
}

static void add_row(struct dhr_table *table, const char *scope, struct dhr_str id,
                    struct dhr_str name, const struct tally *tally)
{
    const size_t *by = tally->by_progress;
    const size_t parts[4] = {by[DHR_IMPLEMENTED] + by[DHR_VERIFIED],
                             by[DHR_IN_PROGRESS] + by[DHR_PARTLY_IMPLEMENTED], by[DHR_OPEN],
                             by[DHR_CLOSED]};
    dhr_table_row(table);
    dhr_table_text(table, SCOPE, dhr_str_of(scope));
    dhr_table_text(table, ID, id);
    dhr_table_text(table, NAME, name);
    dhr_table_number(table, TOTAL, (long)tally->total);
    dhr_table_bar(table, BAR, parts);
    add_standing(table, tally);
    for (int i = 0; i < DHR_PROGRESS_COUNT; i++)
        dhr_table_number(table, (size_t)PROGRESS + (size_t)i, (long)by[i]);
    dhr_table_number(table, OVERDUE, (long)tally->overdue);
    dhr_table_number(table, WITHOUT_TARGET, (long)tally->without_target);
}

static void tally_line(struct tally *tally, const struct line *line)
{
    tally->total++;
    tally->by_progress[line->subject.standing.progress]++;
    tally->overdue += line->subject.overdue;
    tally->without_target += !line->subject.standing.has_due;
}

/* The lines of one recommendation, which stand together, as one: the least advanced counts. */
static size_t tally_recommendation(struct tally *tally, const struct lines *lines, size_t first)
{
    const struct dhr_record *record = lines->items[first].subject.recommendation;
    enum dhr_progress least = DHR_CLOSED;
    bool overdue = false;
    bool target = false;
    size_t i = first;
    for (; i < lines->count && lines->items[i].subject.recommendation == record; i++) {
        const struct dhr_subject *s = &lines->items[i].subject;
        least = s->standing.progress < least ? s->standing.progress : least;
        overdue = overdue || s->overdue;
        target = target || s->standing.has_due;
    }
    tally->total++;
    tally->by_progress[least]++;
    tally->overdue += overdue;
    tally->without_target += !target;
    return i;
}

static void add_review(struct dhr_table *table, const struct dhr_ledger *ledger, struct dhr_str id,
                       const struct tally *tally)
{
    const struct dhr_record *review = dhr_ledger_review(ledger, id);
    struct dhr_str title = {NULL, 0};
    if (review)
        title =
            dhr_section_value(dhr_record_section(review, DHR_SECTION_REVIEW), DHR_KEY_REVIEW_TITLE);
    struct dhr_buf name = {0};
    dhr_buf_add_str(&name, id);
    if (title.len)
        dhr_buf_addf(&name, " (%.*s)", DHR_ARG(title));
    add_row(table, "review", id, dhr_buf_str(&name), tally);
    dhr_buf_release(&name);
}

/* The ledger's row, which stands first, needs the sum of the reviews; so it is counted twice. */
static void add_ledger(struct dhr_table *table, const struct lines *lines)
{
    struct tally sum = {0};
    for (size_t i = 0; i < lines->count;)
        i = tally_recommendation(&sum, lines, i);
    add_row(table, "ledger", (struct dhr_str){"", 0}, dhr_str_of("The whole ledger"), &sum);
}

static void add_reviews(struct dhr_table *table, const struct dhr_view *view,
                        const struct lines *lines)
{
    const struct dhr_ledger *ledger = view->ledger;
    size_t next = 0;
    for (size_t i = 0; i < lines->count;) {
        struct dhr_str id = dhr_review_of(lines->items[i].subject.recommendation);
        /* Reviews without recommendations have a row of their own, unless a query leaves them out.
         */
        for (; !view->query && next < ledger->reviews.count; next++) {
            struct dhr_str empty = ledger->reviews.items[next]->id;
            if (dhr_id_cmp(empty, id) >= 0)
                break;
            add_review(table, ledger, empty, &(struct tally){0});
        }
        next += next < ledger->reviews.count && dhr_str_eq(ledger->reviews.items[next]->id, id);
        struct tally tally = {0};
        while (i < lines->count &&
               dhr_str_eq(dhr_review_of(lines->items[i].subject.recommendation), id))
            i = tally_recommendation(&tally, lines, i);
        add_review(table, ledger, id, &tally);
    }
    for (; !view->query && next < ledger->reviews.count; next++)
        add_review(table, ledger, ledger->reviews.items[next]->id, &(struct tally){0});
}

struct group {
    struct dhr_str id;
    struct dhr_str name;
    struct tally tally;
};

struct groups {
    struct group *items;
    size_t count;
    size_t capacity;
    struct dhr_map places; /* by id */
};

static int by_group(const void *a, const void *b)
{
    const struct group *x = a;
    const struct group *y = b;
    if ((x->id.len == 0) != (y->id.len == 0))
        return x->id.len == 0 ? 1 : -1; /* what has no group comes last */
    return dhr_id_cmp(x->id, y->id);
}

/* The group's tally, for one more line; a new group has no name yet. */
static struct group *group_of(struct groups *groups, struct dhr_str id)
{
    size_t at = groups->count;
    if (dhr_map_add(&groups->places, id, at))
        *DHR_PUSH(groups->items, groups->count, groups->capacity) = (struct group){.id = id};
    else
        (void)dhr_map_find(&groups->places, id, &at);
    return &groups->items[at];
}

/* A row for each group, which are forgotten then. */
static void add_groups(struct dhr_table *table, const char *scope, struct groups *groups)
{
    if (groups->count)
        qsort(groups->items, groups->count, sizeof(*groups->items), by_group);
    for (size_t i = 0; i < groups->count; i++) {
        const struct group *group = &groups->items[i];
        add_row(table, scope, group->id, group->name, &group->tally);
    }
    free(groups->items);
    dhr_map_release(&groups->places);
}

static void add_agencies(struct dhr_table *table, const struct dhr_view *view,
                         const struct lines *lines)
{
    struct groups groups = {0};
    for (size_t i = 0; i < lines->count; i++) {
        struct dhr_str id = lines->items[i].subject.section->agency;
        struct group *group = group_of(&groups, id);
        if (!group->name.len)
            group->name =
                id.len ? dhr_ledger_agency_name(view->ledger, id) : dhr_str_of("(nobody)");
        tally_line(&group->tally, &lines->items[i]);
    }
    add_groups(table, "agency", &groups);
}

/* Counts for each value of any column; a line with several values counts for each of them. */
static void add_values(struct dhr_table *table, const struct dhr_view *view,
                       const struct field *field, const struct lines *lines,
                       struct dhr_arena *arena)
{
    if (strcmp(field->column.name, "agency") == 0) {
        add_agencies(table, view, lines);
        return;
    }
    struct groups groups = {0};
    for (size_t i = 0; i < lines->count; i++) {
        struct value value = field->get(field, &lines->items[i], arena);
        if (field->column.type == DHR_CELL_NUMBER && value.set)
            value.text = dhr_str_of(dhr_arena_printf(arena, "%ld", value.number));
        struct dhr_str item = value.text;
        do {
            if (field->column.type == DHR_CELL_LIST && value.text.len)
                (void)dhr_str_split(&value.text, '\n', &item);
            else
                value.text = (struct dhr_str){NULL, 0};
            struct group *group = group_of(&groups, item);
            group->name = item.len ? item : dhr_str_of("(not recorded)");
            tally_line(&group->tally, &lines->items[i]);
        } while (value.text.len);
    }
    add_groups(table, field->column.name, &groups);
}

struct dhr_table *dhr_report_status(const struct dhr_view *view, unsigned scopes,
                                    struct dhr_err *err)
{
    struct field field;
    if (view->group_by && !field_find(dhr_str_of(view->group_by), &field)) {
        (void)field_unknown(dhr_str_of(view->group_by), err);
        return NULL;
    }
    struct dhr_table *table = dhr_table_new("status", columns, COLUMNS);
    struct lines lines = {0};
    struct dhr_arena arena = {0};
    view_add_today(view, table);
    lines_collect(&lines, view, false, NULL, 0);
    if (view->group_by) {
        add_values(table, view, &field, &lines, &arena);
    } else {
        if (scopes & DHR_SCOPE_LEDGER)
            add_ledger(table, &lines);
        if (scopes & DHR_SCOPE_REVIEWS)
            add_reviews(table, view, &lines);
        if (scopes & DHR_SCOPE_AGENCIES)
            add_agencies(table, view, &lines);
    }
    lines_release(&lines);
    dhr_arena_release(&arena);
    return table;
}
