#include "dhrledger/reports.h"

#include <stdlib.h>
#include <string.h>

#include "lines.h"

enum { MAX_FIELDS = 64, MAX_SORT_KEYS = 8 };

/* The columns of one report, and how its lines are ordered. */
struct layout {
    struct field fields[MAX_FIELDS];
    size_t count;
    struct field sort[MAX_SORT_KEYS];
    bool descending[MAX_SORT_KEYS];
    size_t sort_count;
};

static int add_field(struct layout *layout, struct dhr_str name, unsigned flags,
                     struct dhr_err *err)
{
    struct field field;
    if (!field_find(name, &field))
        return field_unknown(name, err);
    if (layout->count == MAX_FIELDS)
        return dhr_fail(err, DHR_USAGE, "more than %d columns", MAX_FIELDS);
    field.column.flags |= flags;
    layout->fields[layout->count++] = field;
    return 0;
}

/*
 * Columns from a list such as "id +review agency_name": a plus marks what only
 * CSV and JSON show. The same column again is left out.
 */
static int add_fields(struct layout *layout, const char *names, char separator, struct dhr_err *err)
{
    struct dhr_str rest = dhr_str_of(names);
    struct dhr_str name;
    while (dhr_str_split(&rest, separator, &name)) {
        bool data = separator == ' ' && name.len && name.ptr[0] == '+';
        if (data)
            name = dhr_str_span(name.ptr + 1, name.len - 1);
        bool there = false;
        for (size_t i = 0; i < layout->count; i++) {
            const struct dhr_column *column = &layout->fields[i].column;
            bool same = dhr_str_is(name, column->name);
            data = data || (same && column->flags & DHR_COLUMN_TEXT_ONLY);
            there = there || (same && !(column->flags & DHR_COLUMN_TEXT_ONLY));
        }
        if (!there && add_field(layout, name, data ? DHR_COLUMN_DATA_ONLY : 0, err) < 0)
            return -1;
    }
    return 0;
}

/* "due,-status" */
static int add_sort_keys(struct layout *layout, const char *names, struct dhr_err *err)
{
    struct dhr_str rest = dhr_str_of(names);
    struct dhr_str name;
    while (names && dhr_str_split(&rest, ',', &name)) {
        bool descending = name.len && name.ptr[0] == '-';
        if (descending)
            name = dhr_str_span(name.ptr + 1, name.len - 1);
        if (layout->sort_count == MAX_SORT_KEYS)
            return dhr_fail(err, DHR_USAGE, "more than %d columns to sort by", MAX_SORT_KEYS);
        if (!field_find(name, &layout->sort[layout->sort_count]))
            return field_unknown(name, err);
        layout->descending[layout->sort_count++] = descending;
    }
    return 0;
}

/* The column that groups the lines. People read an agency's name instead of its id. */
static int add_group(struct layout *layout, const char *name, struct dhr_err *err)
{
    bool named = strcmp(name, "agency") == 0;
    unsigned flags = named ? DHR_COLUMN_DATA_ONLY : DHR_COLUMN_GROUP;
    if (add_field(layout, dhr_str_of(name), flags, err) < 0 || add_sort_keys(layout, name, err) < 0)
        return -1;
    if (!named)
        return 0;
    return add_field(layout, dhr_str_of("agency_name"), DHR_COLUMN_GROUP | DHR_COLUMN_TEXT_ONLY,
                     err);
}

/* A report's own columns and order, or the view's where it has any. */
static int lay_out(struct layout *layout, const struct dhr_view *view, const char *columns,
                   const char *sort, struct dhr_err *err)
{
    *layout = (struct layout){0};
    if (view->group_by && add_group(layout, view->group_by, err) < 0)
        return -1;
    if (add_sort_keys(layout, view->sort ? view->sort : sort, err) < 0)
        return -1;
    if (view->columns)
        return add_fields(layout, view->columns, ',', err);
    if (add_fields(layout, columns, ' ', err) < 0)
        return -1;
    return add_fields(layout, view->wide ? "text" : "+text", ' ', err);
}

static void drop_data_columns(struct layout *layout)
{
    size_t kept = 0;
    for (size_t i = 0; i < layout->count; i++) {
        if (!(layout->fields[i].column.flags & DHR_COLUMN_DATA_ONLY))
            layout->fields[kept++] = layout->fields[i];
    }
    layout->count = kept;
}

/* What a comparison needs, since qsort hands nothing through. */
struct ordered {
    struct line line;
    size_t place; /* in the ledger's order, which ties keep */
    const struct layout *layout;
    struct value keys[MAX_SORT_KEYS];
};

/* By the last day, and the longer before the shorter: 2026 before 2026-12-31. */
static int compare_dates(struct dhr_str a, struct dhr_str b)
{
    struct dhr_date x;
    struct dhr_date y;
    bool x_ok = dhr_date_parse(a, &x);
    bool y_ok = dhr_date_parse(b, &y);
    if (x_ok && y_ok)
        return x.last_day != y.last_day ? (x.last_day > y.last_day) - (x.last_day < y.last_day)
                                        : dhr_str_cmp(a, b);
    return x_ok == y_ok ? dhr_str_cmp(a, b) : y_ok - x_ok; /* what is no date comes last */
}

static int rag_place(struct dhr_str name)
{
    int place = DHR_RAG_RED;
    while (place < DHR_RAG_GREY && !dhr_str_is(name, dhr_rag_name((enum dhr_rag)place)))
        place++;
    return place;
}

static int compare_values(const struct field *field, const struct value *a, const struct value *b)
{
    if (a->set != b->set)
        return a->set ? -1 : 1; /* what isn't recorded comes last */
    switch (field->order) {
    case ORDER_NUMBER:
        return (a->number > b->number) - (a->number < b->number);
    case ORDER_ID:
        return dhr_id_cmp(a->text, b->text);
    case ORDER_DATE:
        return compare_dates(a->text, b->text);
    case ORDER_WORD: {
        const struct dhr_key *key = dhr_schema_key(field->key);
        return dhr_key_word_index(key, a->text) - dhr_key_word_index(key, b->text);
    }
    case ORDER_RAG:
        return rag_place(a->text) - rag_place(b->text);
    default:
        return dhr_natural_cmp(a->text, b->text);
    }
}

static int in_order(const void *a, const void *b)
{
    const struct ordered *x = a;
    const struct ordered *y = b;
    for (size_t i = 0; i < x->layout->sort_count; i++) {
        int order = compare_values(&x->layout->sort[i], &x->keys[i], &y->keys[i]);
        bool turn = x->layout->descending[i] && x->keys[i].set && y->keys[i].set;
        if (order)
            return turn ? -order : order;
    }
    return (x->place > y->place) - (x->place < y->place);
}

static void sort_lines(struct lines *lines, const struct layout *layout, struct dhr_arena *arena)
{
    if (!layout->sort_count || !lines->count)
        return;
    struct ordered *ordered = dhr_realloc(NULL, lines->count * sizeof(*ordered));
    for (size_t i = 0; i < lines->count; i++) {
        ordered[i] = (struct ordered){.line = lines->items[i], .place = i, .layout = layout};
        for (size_t k = 0; k < layout->sort_count; k++)
            ordered[i].keys[k] = layout->sort[k].get(&layout->sort[k], &lines->items[i], arena);
    }
    qsort(ordered, lines->count, sizeof(*ordered), in_order);
    for (size_t i = 0; i < lines->count; i++)
        lines->items[i] = ordered[i].line;
    free(ordered);
}

static struct dhr_table *tabulate(const char *name, const struct dhr_view *view,
                                  const struct layout *layout, const struct lines *lines)
{
    struct dhr_column columns[MAX_FIELDS];
    for (size_t i = 0; i < layout->count; i++)
        columns[i] = layout->fields[i].column;
    struct dhr_table *table = dhr_table_new(name, columns, layout->count);
    view_add_today(view, table);
    for (size_t i = 0; i < lines->count; i++) {
        dhr_table_row(table);
        for (size_t c = 0; c < layout->count; c++)
            field_fill(&layout->fields[c], table, c, &lines->items[i]);
    }
    return table;
}

/* One kind of report: which lines, in which columns, in which order. */
struct kind {
    const char *name;
    const char *columns;
    const char *sort;
    bool actions;
    keep_fn keep;
};

static struct dhr_table *report(const struct kind *kind, const struct dhr_view *view, long bound,
                                struct dhr_err *err)
{
    struct layout layout;
    struct lines lines = {0};
    struct dhr_arena arena = {0};
    if (lay_out(&layout, view, kind->columns, kind->sort, err) < 0)
        return NULL;
    if (view->for_people)
        drop_data_columns(&layout);
    lines_collect(&lines, view, kind->actions, kind->keep, bound);
    sort_lines(&lines, &layout, &arena);
    struct dhr_table *table = tabulate(kind->name, view, &layout, &lines);
    lines_release(&lines);
    dhr_arena_release(&arena);
    return table;
}

static bool keep_overdue(const struct line *line, long bound)
{
    (void)bound;
    return line->subject.standing.overdue && line_owed(line);
}

static bool keep_due(const struct line *line, long within_days)
{
    const struct dhr_standing *standing = &line->subject.standing;
    return standing->has_due && line_owed(line) && standing->days_late <= 0 &&
           -standing->days_late <= within_days;
}

static bool keep_gap(const struct line *line, long bound)
{
    (void)bound;
    return line_owed(line) &&
           (line_lacks(line, DHR_KEY_ADDRESSEE_RESPONSE) ||
            line_lacks(line, DHR_KEY_ADDRESSEE_LEAD) || line_lacks(line, DHR_KEY_ADDRESSEE_DUE));
}

struct dhr_table *dhr_report_overdue(const struct dhr_view *view, struct dhr_err *err)
{
    static const struct kind kind = {
        "overdue",
        "days_late due id +review +number +agency agency_name +action_number lead status +rag",
        "-days_late", true, keep_overdue};
    return report(&kind, view, 0, err);
}

struct dhr_table *dhr_report_due(const struct dhr_view *view, long within_days, struct dhr_err *err)
{
    static const struct kind kind = {
        "due",
        "days_left due id +review +number +agency agency_name +action_number lead status +rag",
        "days_left", true, keep_due};
    return report(&kind, view, within_days, err);
}

struct dhr_table *dhr_report_gaps(const struct dhr_view *view, struct dhr_err *err)
{
    static const struct kind kind = {
        "gaps", "id +review +number +agency agency_name missing status", NULL, false, keep_gap};
    return report(&kind, view, 0, err);
}

struct dhr_table *dhr_report_list(const struct dhr_view *view, struct dhr_err *err)
{
    static const struct kind kind = {
        "list",
        "id +review +number +agency agency_name +addressed_to +response +response_due "
        "+responded_on status +lead +action +milestones due +due_original +due_reason "
        "+implemented_on +outcome +evidence +verified_on +verified_by +closed_on +closed_reason "
        "+notes +rag +ledger_revision",
        NULL, false, NULL};
    return report(&kind, view, 0, err);
}

struct dhr_coverage dhr_report_coverage(const struct dhr_view *view)
{
    struct dhr_coverage coverage = {0};
    struct lines lines = {0};
    lines_collect(&lines, view, false, NULL, 0);
    coverage.addressees = lines.count;
    for (size_t i = 0; i < lines.count; i++)
        coverage.with_target += lines.items[i].subject.standing.has_due;
    lines_release(&lines);
    return coverage;
}

struct dhr_table *dhr_report_record(const struct dhr_record *record)
{
    static const struct dhr_column columns[] = {
        {"section", "Section", DHR_CELL_TEXT, 0},
        {"agency", "Agency id", DHR_CELL_TEXT, 0},
        {"action_number", "Action number", DHR_CELL_NUMBER, 0},
        {"key", "Key", DHR_CELL_TEXT, 0},
        {"value", "Value", DHR_CELL_TEXT, DHR_COLUMN_WRAP}};
    struct dhr_table *table = dhr_table_new("show", columns, 5);
    struct dhr_buf id = {0};
    dhr_buf_add_str(&id, record->id);
    dhr_table_fact(table, "id", dhr_buf_cstr(&id));
    dhr_table_fact(table, "path", record->path);
    dhr_buf_release(&id);
    for (size_t s = 0; s < record->section_count; s++) {
        const struct dhr_section *section = &record->sections[s];
        for (size_t i = 0; i < section->field_count; i++) {
            dhr_table_row(table);
            dhr_table_text(table, 0, dhr_str_of(section->def->heading));
            if (section->agency.len)
                dhr_table_text(table, 1, section->agency);
            if (section->action)
                dhr_table_number(table, 2, (long)section->action);
            dhr_table_text(table, 3, section->fields[i].name);
            dhr_table_text(table, 4, section->fields[i].value);
        }
    }
    return table;
}
