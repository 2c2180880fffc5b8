/* What each body owes across reviews, with what it took over from bodies that are gone. */
#include <stdlib.h>

#include "lines.h"

enum column { ID, NAME, KIND, OWED, OVERDUE, DONE, CLOSED, INHERITED, COLUMNS };

static const struct dhr_column columns[COLUMNS] = {
    [ID] = {"id", "Agency id", DHR_CELL_TEXT, DHR_COLUMN_DATA_ONLY},
    [NAME] = {"name", "Agency", DHR_CELL_TEXT, DHR_COLUMN_WRAP},
    [KIND] = {"kind", "Kind", DHR_CELL_TEXT, 0},
    [OWED] = {"owed", "Owed", DHR_CELL_NUMBER, DHR_COLUMN_RIGHT},
    [OVERDUE] = {"overdue", "Overdue", DHR_CELL_NUMBER, DHR_COLUMN_RIGHT},
    [DONE] = {"done", "Done", DHR_CELL_NUMBER, DHR_COLUMN_RIGHT},
    [CLOSED] = {"closed", "Closed", DHR_CELL_NUMBER, DHR_COLUMN_RIGHT},
    [INHERITED] = {"inherited_from", "Taken over from", DHR_CELL_LIST, DHR_COLUMN_WRAP},
};

struct owing {
    struct dhr_str id;
    size_t owed, overdue, done, closed;
    struct dhr_buf inherited; /* ids, joined by LF */
};

struct owings {
    const struct dhr_view *view;
    struct owing *items;
    size_t count, capacity;
};

static struct owing *owing_of(struct owings *all, struct dhr_str id)
{
    for (size_t i = 0; i < all->count; i++) {
        if (dhr_str_eq(all->items[i].id, id))
            return &all->items[i];
    }
    struct owing *new = DHR_PUSH(all->items, all->count, all->capacity);
    *new = (struct owing){.id = id};
    return new;
}

static void add_inherited(struct owing *owing, struct dhr_str from)
{
    struct dhr_str rest = dhr_buf_str(&owing->inherited);
    struct dhr_str item;
    while (rest.len && dhr_str_split(&rest, '\n', &item)) {
        if (dhr_str_eq(item, from))
            return;
    }
    if (owing->inherited.len)
        dhr_buf_addc(&owing->inherited, '\n');
    dhr_buf_add_str(&owing->inherited, from);
}

static void count_line(struct owings *all, struct dhr_str id, const struct line *line)
{
    const struct dhr_subject *s = &line->subject;
    struct owing *owing = owing_of(all, id);
    if (s->standing.progress == DHR_CLOSED)
        owing->closed++;
    else if (s->standing.progress >= DHR_IMPLEMENTED)
        owing->done++;
    else
        owing->owed++;
    owing->overdue += s->overdue;
    if (!dhr_str_eq(id, s->section->agency))
        add_inherited(owing, s->section->agency);
}

/* Whether the body has been abolished by today. */
static bool is_gone(const struct dhr_section *agency, dhr_day today)
{
    struct dhr_date to;
    return dhr_date_parse(dhr_section_value(agency, DHR_KEY_AGENCY_TO), &to) && to.last_day < today;
}

/* Ids, each once. */
struct ids {
    struct dhr_str *items;
    size_t count, capacity;
};

static bool add_id(struct ids *ids, struct dhr_str id)
{
    for (size_t i = 0; i < ids->count; i++) {
        if (dhr_str_eq(ids->items[i], id))
            return false;
    }
    *DHR_PUSH(ids->items, ids->count, ids->capacity) = id;
    return true;
}

/* Who holds today what this body held: the body itself, or each of its successors. */
static void find_holders(const struct dhr_view *view, struct dhr_str id, struct ids *seen,
                         struct ids *holders)
{
    const struct dhr_record *agency = dhr_ledger_agency(view->ledger, id);
    const struct dhr_section *own = agency ? dhr_record_section(agency, DHR_SECTION_AGENCY) : NULL;
    const struct dhr_field *successor = dhr_section_next(own, DHR_KEY_AGENCY_SUCCESSOR, NULL);
    if (!add_id(seen, id))
        return;
    if (!successor || !is_gone(own, view->today)) {
        (void)add_id(holders, id);
        return;
    }
    for (; successor; successor = dhr_section_next(own, DHR_KEY_AGENCY_SUCCESSOR, successor))
        find_holders(view, successor->value, seen, holders);
}

/* A line counts once for each body that holds it; for its own where successors go in a circle. */
static void count_holders(struct owings *all, const struct line *line, struct ids *seen,
                          struct ids *holders)
{
    struct dhr_str own = line->subject.section->agency;
    seen->count = 0;
    holders->count = 0;
    find_holders(all->view, own, seen, holders);
    if (!holders->count)
        (void)add_id(holders, own);
    for (size_t i = 0; i < holders->count; i++)
        count_line(all, holders->items[i], line);
}

static int by_id(const void *a, const void *b)
{
    const struct owing *x = a;
    const struct owing *y = b;
    return dhr_id_cmp(x->id, y->id);
}

static void add_row(struct dhr_table *table, const struct owings *all, const struct owing *owing)
{
    const struct dhr_record *agency = dhr_ledger_agency(all->view->ledger, owing->id);
    struct dhr_str rest = dhr_buf_str(&owing->inherited);
    struct dhr_str item;
    dhr_table_row(table);
    dhr_table_text(table, ID, owing->id);
    dhr_table_text(table, NAME,
                   owing->id.len ? dhr_ledger_agency_name(all->view->ledger, owing->id)
                                 : dhr_str_of("(nobody)"));
    if (agency)
        dhr_table_text(
            table, KIND,
            dhr_section_value(dhr_record_section(agency, DHR_SECTION_AGENCY), DHR_KEY_AGENCY_KIND));
    dhr_table_number(table, OWED, (long)owing->owed);
    dhr_table_number(table, OVERDUE, (long)owing->overdue);
    dhr_table_number(table, DONE, (long)owing->done);
    dhr_table_number(table, CLOSED, (long)owing->closed);
    while (rest.len && dhr_str_split(&rest, '\n', &item))
        dhr_table_add_item(table, INHERITED, item);
}

struct dhr_table *dhr_report_agencies(const struct dhr_view *view)
{
    struct dhr_table *table = dhr_table_new("agencies", columns, COLUMNS);
    struct owings all = {.view = view};
    struct lines lines = {0};
    struct ids seen = {0};
    struct ids holders = {0};
    view_add_today(view, table);
    lines_collect(&lines, view, false, NULL, 0);
    for (size_t i = 0; i < lines.count; i++)
        count_holders(&all, &lines.items[i], &seen, &holders);
    if (all.count)
        qsort(all.items, all.count, sizeof(*all.items), by_id);
    for (size_t i = 0; i < all.count; i++) {
        add_row(table, &all, &all.items[i]);
        dhr_buf_release(&all.items[i].inherited);
    }
    free(all.items);
    free(seen.items);
    free(holders.items);
    lines_release(&lines);
    return table;
}
