#include <string.h>

#include "csv_internal.h"
#include "dhrledger/ident.h"

/* The ledger at a revision that rows were exported from. */
struct base {
    struct base *next;
    const char *revision; /* NULL: the ledger itself, where there is no history */
    struct dhr_source *source;
    struct dhr_ledger ledger;
};

struct own {
    struct csv_work *w;
    struct base *bases;
    size_t id, agency, action, revision, text, name, number, review; /* columns */
};

/* What a row is about. */
struct own_row {
    size_t row;
    uint32_t line;
    const struct base *base;
    const struct dhr_record *now;
    const struct dhr_record *then;
    struct dhr_str agency; /* now */
    struct dhr_str agency_then;
    unsigned action;
};

static bool was_formerly(const struct dhr_record *record, enum dhr_section_id id,
                         enum dhr_key_id key, struct dhr_str former)
{
    const struct dhr_section *section = dhr_record_section(record, id);
    const struct dhr_field *field = NULL;
    while ((field = dhr_section_next(section, key, field))) {
        if (dhr_str_eq(field->value, former))
            return true;
    }
    return false;
}

static struct dhr_str find_agency(const struct csv_work *w, const struct dhr_record *record,
                                  struct dhr_str id)
{
    const struct dhr_ledger *ledger = w->options->ledger;
    if (dhr_record_addressee(record, id))
        return id;
    for (size_t i = 0; i < ledger->agencies.count; i++) {
        const struct dhr_record *agency = ledger->agencies.items[i];
        if (was_formerly(agency, DHR_SECTION_AGENCY, DHR_KEY_AGENCY_FORMERLY, id) &&
            dhr_record_addressee(record, agency->id))
            return agency->id;
    }
    return (struct dhr_str){NULL, 0};
}

const struct dhr_section *csv_section(const struct dhr_record *record, enum dhr_section_id id,
                                      struct dhr_str agency, unsigned action)
{
    for (size_t i = 0; record && i < record->section_count; i++) {
        const struct dhr_section *section = &record->sections[i];
        if (section->def->id == id &&
            (section->def->label == DHR_LABEL_NONE ||
             (dhr_str_eq(section->agency, agency) && section->action == action)))
            return section;
    }
    return NULL;
}

/* A commit's name, as far as it is written; "HEAD" and its like say nothing in a row. */
static bool is_commit_name(struct dhr_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!memchr("0123456789abcdef", text.ptr[i], 16))
            return false;
    }
    return text.len >= 7 && text.len <= 40;
}

static int open_base(struct own *o, const char *revision, const struct base **out)
{
    struct csv_work *w = o->w;
    const struct dhr_csv_options *options = w->options;
    for (struct base *known = o->bases; known; known = known->next) {
        if (known->revision == revision ||
            (known->revision && revision && strcmp(known->revision, revision) == 0)) {
            *out = known;
            return 0;
        }
    }
    struct base *base = dhr_arena_zalloc(w->arena, sizeof(*base));
    base->next = o->bases;
    base->revision = revision;
    *out = o->bases = base;
    if (!revision)
        return 0;
    struct dhr_err why = {0};
    if (dhr_source_open_revision(&base->source, options->repo, revision, options->prefix, &why) <
            0 ||
        dhr_ledger_load(&base->ledger, base->source, &why) < 0)
        return dhr_fail(w->err, why.status,
                        "%s: what was changed since %s can't be told (%s); fetch that commit, or "
                        "export the list again",
                        options->name, revision, why.text);
    return 0;
}

/* The ledger as it was when the row was exported. */
static int find_base(struct own *o, struct own_row *row)
{
    struct csv_work *w = o->w;
    struct dhr_str cell = csv_text(w, row->row, o->revision);
    const char *revision = w->options->base;
    if (!w->options->repo) {
        if (!o->bases)
            csv_note(w, 0,
                     "outside git nobody can tell who changed what since the list was made: "
                     "every cell that differs is taken for a change");
        return open_base(o, NULL, &row->base);
    }
    if (is_commit_name(cell))
        revision = dhr_str_dup(w->arena, cell);
    if (revision)
        return open_base(o, revision, &row->base);
    return dhr_fail(w->err, DHR_FOUND,
                    "%s:%u: the column \"Ledger revision\" names no commit, so what was changed "
                    "since can't be told; export the list from committed files, or name the "
                    "commit with --base REV",
                    w->options->name, row->line);
}

/* Of a record that is new, nobody else changed anything: it was as it is printed. */
static int find_new_row(struct own_row *row, const struct csv_fresh_row *fresh, bool *found)
{
    row->now = row->then = fresh->record;
    row->agency = row->agency_then = fresh->agency;
    enum dhr_section_id section = row->action ? DHR_SECTION_ACTION : DHR_SECTION_ADDRESSEE;
    *found = csv_section(row->now, section, row->agency, row->action);
    return 0;
}

static const char *no_recommendation(const struct csv_work *w)
{
    return w->options->new_records
               ? "and a new one can't have that id with that agency, so the row is left out"
               : "so the row is left out; with --new it becomes one";
}

/* Whether the row can be placed; otherwise it is a problem. */
static int find_row(struct own *o, struct own_row *row, bool *found)
{
    struct csv_work *w = o->w;
    struct dhr_str id = csv_text(w, row->row, o->id);
    struct dhr_str agency = csv_text(w, row->row, o->agency);
    unsigned long action = 0;
    *found = false;
    row->line = w->csv->rows[row->row].line;
    if (csv_is_ragged(w, row->row) || (w->fresh_rows && w->fresh_rows[row->row].refused))
        return 0;
    row->now = csv_find_recommendation(w, id);
    if (!row->now) {
        csv_problem(w, row->line, "no recommendation is \"%s\", %s", csv_shown(w, id),
                    no_recommendation(w));
        return 0;
    }
    bool fresh = w->fresh_rows && w->fresh_rows[row->row].record;
    row->agency = fresh ? w->fresh_rows[row->row].agency : find_agency(w, row->now, agency);
    if (!row->agency.len) {
        csv_problem(w, row->line, "%.*s: no agency \"%s\" holds it, so the row is left out",
                    DHR_ARG(row->now->id), csv_shown(w, agency));
        return 0;
    }
    struct dhr_str number = csv_text(w, row->row, o->action);
    if (number.len && !dhr_str_number(number, &action)) {
        csv_problem(w, row->line, "%.*s: no action has the number \"%s\", so the row is left out",
                    DHR_ARG(row->now->id), csv_shown(w, number));
        return 0;
    }
    row->action = (unsigned)action;
    if (fresh)
        return find_new_row(row, &w->fresh_rows[row->row], found);
    if (find_base(o, row) < 0)
        return -1;
    const struct dhr_ledger *then = row->base->revision ? &row->base->ledger : w->options->ledger;
    row->then = dhr_ledger_recommendation(then, id);
    row->agency_then = agency;
    enum dhr_section_id section = action ? DHR_SECTION_ACTION : DHR_SECTION_ADDRESSEE;
    *found = row->then && csv_section(row->then, section, agency, row->action) &&
             csv_section(row->now, section, row->agency, row->action);
    if (!*found)
        csv_problem(w, row->line,
                    "%.*s %.*s: not in the ledger both now and at commit %.12s, so the row is "
                    "left out",
                    DHR_ARG(row->now->id), DHR_ARG(row->agency),
                    row->base->revision ? row->base->revision : "");
    return 0;
}

/* The key of that name where the row's values stand, in an action's row the action's; or NULL. */
static const struct dhr_key *key_of(const struct own_row *row, const struct dhr_key *key)
{
    if (key->section != DHR_SECTION_ADDRESSEE || !row->action)
        return key;
    return dhr_section_find_key(dhr_schema_section(DHR_SECTION_ACTION), dhr_str_of(key->name));
}

static void report_conflict(struct csv_work *w, const struct own_row *row,
                            const struct dhr_key *key, struct dhr_str cell, struct dhr_str now)
{
    csv_problem(w, row->line,
                "%.*s %.*s, %s: you have \"%s\", and the ledger has \"%s\" since commit %.12s; "
                "left alone",
                DHR_ARG(row->now->id), DHR_ARG(row->agency), key->heading, csv_shown(w, cell),
                csv_shown(w, now), row->base->revision ? row->base->revision : "");
}

/* What the list shows for a key: an action's row has its agency's lead where it has none. */
static struct cell_values listed(struct csv_work *w, const struct dhr_record *record,
                                 const struct dhr_key *key, struct dhr_str agency, unsigned action)
{
    struct cell_values values =
        csv_recorded(w, csv_section(record, key->section, agency, action), key);
    if (action && !values.count && key->id == DHR_KEY_ACTION_LEAD)
        return csv_recorded(w, csv_section(record, DHR_SECTION_ADDRESSEE, agency, 0),
                            dhr_schema_key(DHR_KEY_ADDRESSEE_LEAD));
    return values;
}

/* Why a cell's value can't be taken, or NULL. */
static const char *judge(struct csv_work *w, const struct dhr_key *key, struct dhr_str cell,
                         struct cell_values exported, struct cell_values *values)
{
    char iso[DHR_DAY_SIZE];
    const char *why = csv_values(w, key, cell, values);
    if (!why && key->type == DHR_TYPE_DATE && exported.count && csv_date_month_first(cell, iso) &&
        dhr_str_is(exported.items[0], iso))
        why = dhr_arena_printf(w->arena,
                               "is it %s with the month first, as it was, or a new date with the "
                               "day first? Write it as YYYY-MM-DD",
                               iso);
    return why;
}

/*
 * Excel's cells hold 32,767 characters and LibreOffice's 65,535; the rest is lost without
 * a word. Half a character may stand at the end.
 */
static bool is_cut(struct dhr_str cell, struct dhr_str exported)
{
    enum { LEAST_BYTES = 32000, LONGEST_CHAR = 4 };
    return cell.len >= LEAST_BYTES && cell.len < exported.len &&
           memcmp(cell.ptr, exported.ptr, cell.len - LONGEST_CHAR) == 0;
}

/* Whether a cell is what was exported, as a spreadsheet may have left it. */
static bool is_as_exported(struct csv_work *w, const struct own_row *row, size_t index,
                           const struct dhr_key *key, struct cell_values exported)
{
    struct dhr_str raw = csv_raw(w, row->row, index);
    struct dhr_str cell = csv_text(w, row->row, index);
    if (csv_is_unchanged(w, key, raw, exported) ||
        (!dhr_str_eq(raw, cell) && csv_is_unchanged(w, key, cell, exported)))
        return true;
    bool cut = is_cut(cell, csv_joined(w, exported));
    if (!cut && (exported.count != 1 || !csv_is_same_number(cell, exported.items[0])))
        return false;
    csv_note(w, row->line, "%.*s %.*s, %.*s: \"%s\" is %s \"%s\"; left alone",
             DHR_ARG(row->now->id), DHR_ARG(row->agency), DHR_ARG(w->columns[index].heading),
             csv_shown(w, cell),
             cut ? "as much as a spreadsheet's cell holds of" : "the number that was exported as",
             csv_shown(w, csv_joined(w, exported)));
    return true;
}

/* One cell, three ways: as it was exported, as it is in the file, as the ledger has it now. */
static void compare_cell(struct csv_work *w, const struct own_row *row, const struct column *column,
                         size_t index, const struct dhr_key *key)
{
    if (!csv_text(w, row->row, index).len && row->then == row->now &&
        !dhr_section_value(csv_section(row->then, key->section, row->agency_then, row->action),
                           key->id)
             .len &&
        !row->action)
        return; /* the usual case, without more ado */
    struct cell_values exported = listed(w, row->then, key, row->agency_then, row->action);
    struct cell_values now = listed(w, row->now, key, row->agency, row->action);
    if (is_as_exported(w, row, index, key, exported))
        return;
    struct dhr_str cell = csv_text(w, row->row, index);
    struct proposal p = {.line = row->line,
                         .heading = dhr_str_dup(w->arena, column->heading),
                         .record = row->now,
                         .key = key};
    if (key->section != DHR_SECTION_RECOMMENDATION) {
        p.agency = row->agency;
        p.action = row->action;
    }
    const char *why = judge(w, key, cell, exported, &p.values);
    if (why)
        csv_problem(w, row->line, "%.*s %.*s, %s: \"%s\": %s", DHR_ARG(row->now->id),
                    DHR_ARG(row->agency), p.heading, csv_shown(w, cell), why);
    else if (csv_values_eq(key, now, exported))
        csv_propose(w, &p);
    else if (!csv_values_eq(key, p.values, now))
        report_conflict(w, row, key, cell, csv_joined(w, now));
}

/* What the list shows and import never changes: say so where it was edited. */
static void check_fixed(struct csv_work *w, const struct own_row *row, size_t index,
                        struct dhr_str exported, const char *why)
{
    if (index >= w->column_count || csv_is_missing(w, row->row, index))
        return;
    if (dhr_str_eq(csv_raw(w, row->row, index), exported))
        return;
    struct dhr_str cell = csv_text(w, row->row, index);
    const struct dhr_key *text = dhr_schema_key(DHR_KEY_RECOMMENDATION_TEXT);
    struct cell_values values = {&exported, exported.len > 0};
    if (!dhr_str_eq(csv_folded(w, cell), csv_folded(w, exported)) &&
        !csv_is_same_number(cell, exported) && !is_cut(cell, exported) &&
        !csv_is_unchanged(w, text, cell, values))
        csv_problem(w, row->line, "%.*s %.*s, %.*s: \"%s\": %s", DHR_ARG(row->now->id),
                    DHR_ARG(row->agency), DHR_ARG(w->columns[index].heading), csv_shown(w, cell),
                    why);
}

static const struct dhr_ledger *ledger_then(const struct own *o, const struct own_row *row)
{
    return row->base->revision ? &row->base->ledger : o->w->options->ledger;
}

/* A key that isn't changed here, wherever the list took it from. */
static void compare_fixed(struct own *o, const struct own_row *row, size_t index,
                          const struct dhr_key *key)
{
    struct csv_work *w = o->w;
    const struct dhr_record *record = row->then;
    if (key->section == DHR_SECTION_REVIEW)
        record = dhr_ledger_review(ledger_then(o, row), dhr_review_of(row->then));
    const struct dhr_section *section =
        record ? csv_section(record, key->section, row->agency_then, 0) : NULL;
    check_fixed(w, row, index, csv_joined(w, csv_recorded(w, section, key)),
                "this isn't changed by import");
}

/* What a row says of where it belongs, beside its ids. */
static void check_names(struct own *o, const struct own_row *row)
{
    struct csv_work *w = o->w;
    check_fixed(w, row, o->review, dhr_review_of(row->then),
                "a recommendation moves to another review with \"dhrledger mv\"");
    check_fixed(w, row, o->number,
                dhr_section_value(dhr_record_section(row->then, DHR_SECTION_RECOMMENDATION),
                                  DHR_KEY_RECOMMENDATION_NUMBER),
                "the number is evidence, as printed, and never changed");
    check_fixed(w, row, o->name, dhr_ledger_agency_name(ledger_then(o, row), row->agency_then),
                "an agency's name is changed in its own record, not by import");
}

/* Another colour may be the day's. A word that is none was meant to change something. */
static void check_colour(struct csv_work *w, const struct own_row *row, size_t index)
{
    bool colour = false;
    struct dhr_str cell = csv_text(w, row->row, index);
    bool word = csv_status(w, cell, &colour).len || !colour;
    if (cell.len && word)
        csv_problem(w, row->line,
                    "%.*s %.*s, %.*s: \"%s\": colours follow from the dates here; say how it "
                    "stands in the column \"Status\"",
                    DHR_ARG(row->now->id), DHR_ARG(row->agency), DHR_ARG(w->columns[index].heading),
                    csv_shown(w, cell));
}

static void compare_row(struct own *o, const struct own_row *row)
{
    struct csv_work *w = o->w;
    for (size_t i = 0; i < w->column_count; i++) {
        const struct column *column = &w->columns[i];
        bool given = column->key && !csv_is_missing(w, row->row, i);
        const struct dhr_key *key = given ? key_of(row, column->key) : NULL;
        if (given && (column->role == COLUMN_FIXED || !key))
            compare_fixed(o, row, i, column->key);
        else if (given)
            compare_cell(w, row, column, i, key);
        else if (column->role == COLUMN_RAG)
            check_colour(w, row, i);
    }
    if (!w->fresh_rows || !w->fresh_rows[row->row].record)
        check_names(o, row);
    const struct dhr_section *section =
        row->action ? csv_section(row->then, DHR_SECTION_ACTION, row->agency_then, row->action)
                    : dhr_record_section(row->then, DHR_SECTION_RECOMMENDATION);
    check_fixed(w, row, o->text,
                dhr_section_value(section, row->action ? DHR_KEY_ACTION_ACTION
                                                       : DHR_KEY_RECOMMENDATION_TEXT),
                "the words are evidence, as printed, and never changed");
}

int csv_read_own(struct csv_work *w)
{
    struct own o = {.w = w,
                    .id = csv_column(w, COLUMN_ID),
                    .agency = csv_column(w, COLUMN_AGENCY_ID),
                    .action = csv_column(w, COLUMN_ACTION_NUMBER),
                    .revision = csv_column(w, COLUMN_REVISION),
                    .text = csv_column(w, COLUMN_TEXT),
                    .name = csv_column(w, COLUMN_AGENCY),
                    .number = csv_column(w, COLUMN_NUMBER),
                    .review = csv_column(w, COLUMN_REVIEW)};
    const struct base here = {.revision = NULL};
    int rc = 0;
    for (size_t r = w->heading_row + 1; rc == 0 && r < w->csv->row_count; r++) {
        struct own_row row = {.row = r, .base = &here};
        bool found = false;
        rc = find_row(&o, &row, &found);
        if (rc == 0 && found)
            compare_row(&o, &row);
    }
    /* Names and values in proposals are the file's and the present ledger's, not the bases'. */
    for (struct base *base = o.bases; base; base = base->next) {
        if (base->revision)
            dhr_ledger_release(&base->ledger);
        dhr_source_free(base->source);
    }
    return rc;
}
