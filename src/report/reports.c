#include "dhrledger/reports.h"

#include <stdlib.h>

/* One addressee section, or one action of it, with what reports ask about it. */
struct line {
    const struct dhr_ledger *ledger;
    const struct dhr_record *record;
    const struct dhr_section *addressee;
    const struct dhr_section *section; /* the addressee's own, or an action's */
    struct dhr_standing standing;
};

struct lines {
    struct line *items;
    size_t count;
    size_t capacity;
};

/* A column and how a line fills it. */
struct field {
    struct dhr_column column;
    void (*fill)(struct dhr_table *table, size_t column, const struct line *line);
};

static void fill_id(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_text(table, column, line->record->id);
}

static void fill_review(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_text(table, column, dhr_review_of(line->record));
}

static void fill_number(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_text(table, column,
                   dhr_section_value(dhr_record_section(line->record, DHR_SECTION_RECOMMENDATION),
                                     DHR_KEY_RECOMMENDATION_NUMBER));
}

static void fill_agency(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_text(table, column, line->section->agency);
}

static void fill_agency_name(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_text(table, column, dhr_ledger_agency_name(line->ledger, line->section->agency));
}

static void fill_action(struct dhr_table *table, size_t column, const struct line *line)
{
    if (line->section->action)
        dhr_table_number(table, column, (long)line->section->action);
}

static void fill_response(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_text(table, column, dhr_section_value(line->addressee, DHR_KEY_ADDRESSEE_RESPONSE));
}

/* An action without a lead of its own is led by the agency's. */
static struct dhr_str lead_of(const struct line *line)
{
    struct dhr_str own = dhr_section_value(line->section, DHR_KEY_ACTION_LEAD);
    return own.len ? own : dhr_section_value(line->addressee, DHR_KEY_ADDRESSEE_LEAD);
}

static void fill_lead(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_text(table, column, lead_of(line));
}

static void fill_due(struct dhr_table *table, size_t column, const struct line *line)
{
    bool action = line->section->def->id == DHR_SECTION_ACTION;
    dhr_table_text(
        table, column,
        dhr_section_value(line->section, action ? DHR_KEY_ACTION_DUE : DHR_KEY_ADDRESSEE_DUE));
}

static void fill_late(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_number(table, column, line->standing.days_late);
}

static void fill_left(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_number(table, column, -line->standing.days_late);
}

static void fill_status(struct dhr_table *table, size_t column, const struct line *line)
{
    static const enum dhr_state states[] = {[DHR_RAG_RED] = DHR_STATE_RED,
                                            [DHR_RAG_AMBER] = DHR_STATE_AMBER,
                                            [DHR_RAG_GREEN] = DHR_STATE_GREEN,
                                            [DHR_RAG_BLUE] = DHR_STATE_BLUE,
                                            [DHR_RAG_GREY] = DHR_STATE_GREY};
    dhr_table_state(table, column, dhr_str_of(dhr_progress_name(line->standing.progress)),
                    states[line->standing.rag]);
}

static void fill_rag(struct dhr_table *table, size_t column, const struct line *line)
{
    dhr_table_text(table, column, dhr_str_of(dhr_rag_name(line->standing.rag)));
}

static void fill_text(struct dhr_table *table, size_t column, const struct line *line)
{
    bool action = line->section->def->id == DHR_SECTION_ACTION;
    dhr_table_text(
        table, column,
        action ? dhr_section_value(line->section, DHR_KEY_ACTION_ACTION)
               : dhr_section_value(dhr_record_section(line->record, DHR_SECTION_RECOMMENDATION),
                                   DHR_KEY_RECOMMENDATION_TEXT));
}

static bool is_unset(const struct line *line, enum dhr_key_id key)
{
    return dhr_section_value(line->addressee, key).len == 0;
}

/* "none" is a response that was recorded as missing: it is a gap all the same. */
static bool lacks_response(const struct line *line)
{
    return dhr_section_word(line->addressee, DHR_KEY_ADDRESSEE_RESPONSE) <= 0;
}

static void fill_missing(struct dhr_table *table, size_t column, const struct line *line)
{
    if (lacks_response(line))
        dhr_table_add_item(table, column, dhr_str_of("response"));
    if (is_unset(line, DHR_KEY_ADDRESSEE_LEAD))
        dhr_table_add_item(table, column, dhr_str_of("lead"));
    if (is_unset(line, DHR_KEY_ADDRESSEE_DUE))
        dhr_table_add_item(table, column, dhr_str_of("target"));
}

enum { DATA = DHR_COLUMN_DATA_ONLY, WRAP = DHR_COLUMN_WRAP, RIGHT = DHR_COLUMN_RIGHT };

static const struct field f_id = {{"id", "Recommendation", DHR_CELL_TEXT, 0}, fill_id};
static const struct field f_review = {{"review", "Review", DHR_CELL_TEXT, DATA}, fill_review};
static const struct field f_number = {{"number", "Number", DHR_CELL_TEXT, DATA}, fill_number};
static const struct field f_agency = {{"agency", "Agency id", DHR_CELL_TEXT, DATA}, fill_agency};
static const struct field f_name = {{"agency_name", "Agency", DHR_CELL_TEXT, WRAP},
                                    fill_agency_name};
static const struct field f_action = {{"action_number", "Action number", DHR_CELL_NUMBER, DATA},
                                      fill_action};
static const struct field f_missing = {{"missing", "Missing", DHR_CELL_LIST, WRAP}, fill_missing};
static const struct field f_response = {{"response", "Response", DHR_CELL_TEXT, DATA},
                                        fill_response};
static const struct field f_lead = {{"lead", "Lead", DHR_CELL_TEXT, WRAP}, fill_lead};
static const struct field f_lead_data = {{"lead", "Lead", DHR_CELL_TEXT, DATA}, fill_lead};
static const struct field f_due = {{"due", "Target date", DHR_CELL_TEXT, 0}, fill_due};
static const struct field f_late = {{"days_late", "Days late", DHR_CELL_NUMBER, RIGHT}, fill_late};
static const struct field f_left = {{"days_left", "Days left", DHR_CELL_NUMBER, RIGHT}, fill_left};
static const struct field f_status = {{"status", "Status", DHR_CELL_STATE, 0}, fill_status};
static const struct field f_rag = {{"rag", "RAG", DHR_CELL_TEXT, DATA}, fill_rag};
static const struct field f_text = {{"text", "Text", DHR_CELL_TEXT, WRAP}, fill_text};
static const struct field f_text_data = {{"text", "Text", DHR_CELL_TEXT, DATA}, fill_text};

enum { MAX_FIELDS = 16 };

/* A table of the lines over the fields (ended by NULL), closed by the words, shown if wide. */
static struct dhr_table *tabulate(const char *name, const struct field *const *fields,
                                  const struct lines *lines, dhr_day today, bool wide)
{
    const struct field *used[MAX_FIELDS];
    struct dhr_column columns[MAX_FIELDS];
    size_t count = 0;
    while (fields[count]) {
        used[count] = fields[count];
        count++;
    }
    used[count++] = wide ? &f_text : &f_text_data;
    for (size_t i = 0; i < count; i++)
        columns[i] = used[i]->column;
    struct dhr_table *table = dhr_table_new(name, columns, count);
    char day[DHR_DAY_SIZE];
    dhr_day_format(today, day);
    dhr_table_fact(table, "today", day);
    for (size_t i = 0; i < lines->count; i++) {
        dhr_table_row(table);
        for (size_t c = 0; c < count; c++)
            used[c]->fill(table, c, &lines->items[i]);
    }
    return table;
}

typedef bool (*keep_fn)(const struct line *line, long bound);

static void keep_section(struct lines *lines, const struct line *line, keep_fn keep, long bound)
{
    if (!keep || keep(line, bound))
        *DHR_PUSH(lines->items, lines->count, lines->capacity) = *line;
}

/* All lines of the ledger that `keep` lets through; actions too where `actions` is set. */
static struct lines collect(const struct dhr_ledger *ledger, dhr_day today, bool actions,
                            keep_fn keep, long bound)
{
    struct lines lines = {0};
    for (size_t i = 0; i < ledger->recommendations.count; i++) {
        const struct dhr_record *record = ledger->recommendations.items[i];
        for (size_t s = 0; s < record->section_count; s++) {
            const struct dhr_section *section = &record->sections[s];
            bool action = section->def->id == DHR_SECTION_ACTION;
            if (section->def->id != DHR_SECTION_ADDRESSEE && !(action && actions))
                continue;
            const struct dhr_section *addressee =
                action ? dhr_record_addressee(record, section->agency) : section;
            struct line line = {ledger, record, addressee, section,
                                dhr_standing_of(section, today, ledger->due_soon_days)};
            if (!action && dhr_addressee_overdue(record, section, today))
                line.standing.rag = DHR_RAG_RED;
            keep_section(&lines, &line, keep, bound);
        }
    }
    return lines;
}

/* An action of an agency that is done, or of none at all, owes nothing more. */
static bool is_owed(const struct line *line)
{
    if (line->section == line->addressee)
        return line->standing.progress < DHR_IMPLEMENTED;
    return line->addressee && line->standing.progress < DHR_IMPLEMENTED &&
           dhr_standing_of(line->addressee, 0, 0).progress < DHR_IMPLEMENTED;
}

static bool keep_overdue(const struct line *line, long bound)
{
    (void)bound;
    return line->standing.overdue && is_owed(line);
}

static bool keep_due(const struct line *line, long within_days)
{
    return line->standing.has_due && is_owed(line) && line->standing.days_late <= 0 &&
           -line->standing.days_late <= within_days;
}

static bool keep_gap(const struct line *line, long bound)
{
    (void)bound;
    return is_owed(line) && (lacks_response(line) || is_unset(line, DHR_KEY_ADDRESSEE_LEAD) ||
                             is_unset(line, DHR_KEY_ADDRESSEE_DUE));
}

/* The latest first; what is as late keeps the ledger's order. */
static int by_lateness(const void *a, const void *b)
{
    const struct line *x = a;
    const struct line *y = b;
    if (x->standing.days_late != y->standing.days_late)
        return x->standing.days_late > y->standing.days_late ? -1 : 1;
    int order = dhr_id_cmp(x->record->id, y->record->id);
    if (order == 0)
        order = (x->section > y->section) - (x->section < y->section);
    return order;
}

static struct dhr_table *finish(const char *name, const struct field *const *fields,
                                struct lines *lines, dhr_day today, bool wide)
{
    struct dhr_table *table = tabulate(name, fields, lines, today, wide);
    free(lines->items);
    return table;
}

struct dhr_table *dhr_report_overdue(const struct dhr_ledger *ledger, dhr_day today, bool wide)
{
    static const struct field *const fields[] = {&f_late,   &f_due,    &f_id,   &f_review,
                                                 &f_number, &f_agency, &f_name, &f_action,
                                                 &f_lead,   &f_status, &f_rag,  NULL};
    struct lines lines = collect(ledger, today, true, keep_overdue, 0);
    if (lines.count)
        qsort(lines.items, lines.count, sizeof(*lines.items), by_lateness);
    return finish("overdue", fields, &lines, today, wide);
}

struct dhr_table *dhr_report_due(const struct dhr_ledger *ledger, dhr_day today, long within_days,
                                 bool wide)
{
    static const struct field *const fields[] = {&f_left,   &f_due,    &f_id,   &f_review,
                                                 &f_number, &f_agency, &f_name, &f_action,
                                                 &f_lead,   &f_status, &f_rag,  NULL};
    struct lines lines = collect(ledger, today, true, keep_due, within_days);
    if (lines.count)
        qsort(lines.items, lines.count, sizeof(*lines.items), by_lateness);
    return finish("due", fields, &lines, today, wide);
}

struct dhr_table *dhr_report_gaps(const struct dhr_ledger *ledger, dhr_day today, bool wide)
{
    static const struct field *const fields[] = {&f_id,   &f_review,  &f_number, &f_agency,
                                                 &f_name, &f_missing, &f_status, NULL};
    struct lines lines = collect(ledger, today, false, keep_gap, 0);
    return finish("gaps", fields, &lines, today, wide);
}

struct dhr_table *dhr_report_list(const struct dhr_ledger *ledger, dhr_day today, bool wide)
{
    static const struct field *const fields[] = {&f_id,        &f_review, &f_number, &f_agency,
                                                 &f_name,      &f_status, &f_rag,    &f_response,
                                                 &f_lead_data, &f_due,    NULL};
    struct lines lines = collect(ledger, today, false, NULL, 0);
    return finish("list", fields, &lines, today, wide);
}

struct dhr_coverage dhr_report_coverage(const struct dhr_ledger *ledger)
{
    struct dhr_coverage coverage = {0};
    struct lines lines = collect(ledger, 0, false, NULL, 0);
    coverage.addressees = lines.count;
    for (size_t i = 0; i < lines.count; i++)
        coverage.with_target += lines.items[i].standing.has_due;
    free(lines.items);
    return coverage;
}

struct dhr_table *dhr_report_record(const struct dhr_record *record)
{
    static const struct dhr_column columns[] = {
        {"section", "Section", DHR_CELL_TEXT, 0},
        {"agency", "Agency id", DHR_CELL_TEXT, 0},
        {"action_number", "Action number", DHR_CELL_NUMBER, 0},
        {"key", "Key", DHR_CELL_TEXT, 0},
        {"value", "Value", DHR_CELL_TEXT, WRAP}};
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
