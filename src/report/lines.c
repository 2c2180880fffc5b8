#include "lines.h"

#include <stdlib.h>

static bool is_action(const struct line *line)
{
    return line->subject.section->def->id == DHR_SECTION_ACTION;
}

/* "none" is a response that was recorded as missing: it is a gap all the same. */
bool line_lacks(const struct line *line, enum dhr_key_id key)
{
    if (key == DHR_KEY_ADDRESSEE_RESPONSE)
        return dhr_section_word(line->subject.addressee, key) <= 0;
    return dhr_section_value(line->subject.addressee, key).len == 0;
}

/* An action that is done, or whose agency is, owes nothing more. */
bool line_owed(const struct line *line)
{
    const struct dhr_subject *s = &line->subject;
    if (s->standing.progress >= DHR_IMPLEMENTED)
        return false;
    return s->section == s->addressee ||
           (s->addressee && dhr_standing_of(s->addressee, 0, 0).progress < DHR_IMPLEMENTED);
}

static void add_section(struct lines *lines, const struct dhr_view *view,
                        const struct dhr_record *record, const struct dhr_section *section,
                        keep_fn keep, long bound)
{
    bool action = section->def->id == DHR_SECTION_ACTION;
    const struct dhr_ledger *ledger = view->ledger;
    struct line line = {view, {ledger, record, section, section, {0}, false}};
    struct dhr_subject *s = &line.subject;
    if (action)
        s->addressee = dhr_record_addressee(record, section->agency);
    s->standing = dhr_standing_of(section, view->today, ledger->due_soon_days);
    s->overdue = s->standing.overdue;
    if (!action && !s->overdue && dhr_record_section(record, DHR_SECTION_ACTION))
        s->overdue = dhr_addressee_overdue(record, section, view->today);
    if (s->overdue)
        s->standing.rag = DHR_RAG_RED;
    if (view->query && !dhr_query_matches(view->query, s))
        return;
    if (!keep || keep(&line, bound))
        *DHR_PUSH(lines->items, lines->count, lines->capacity) = line;
}

/* A recommendation that nobody holds is a fault, but one that a report must not hide. */
static const struct dhr_section *nobody(void)
{
    static struct dhr_section section;
    section.def = dhr_schema_section(DHR_SECTION_ADDRESSEE);
    return &section;
}

void lines_collect(struct lines *lines, const struct dhr_view *view, bool actions, keep_fn keep,
                   long bound)
{
    const struct dhr_records *all = &view->ledger->recommendations;
    for (size_t i = 0; i < all->count; i++) {
        const struct dhr_record *record = all->items[i];
        if (!dhr_record_section(record, DHR_SECTION_ADDRESSEE))
            add_section(lines, view, record, nobody(), keep, bound);
        for (size_t s = 0; s < record->section_count; s++) {
            enum dhr_section_id id = record->sections[s].def->id;
            if (id == DHR_SECTION_ADDRESSEE || (id == DHR_SECTION_ACTION && actions))
                add_section(lines, view, record, &record->sections[s], keep, bound);
        }
    }
}

void lines_release(struct lines *lines)
{
    free(lines->items);
    *lines = (struct lines){0};
}

static struct value text_value(struct dhr_str text)
{
    return (struct value){.set = text.len > 0, .text = text};
}

static struct value number_value(long number)
{
    return (struct value){.set = true, .number = number};
}

#define GETTER(name)                                                                               \
    static struct value name(const struct field *field, const struct line *line,                   \
                             struct dhr_arena *arena)

/* Most getters need neither the field nor the arena. */
#define UNUSED_HERE                                                                                \
    (void)field;                                                                                   \
    (void)arena

GETTER(get_id)
{
    UNUSED_HERE;
    return text_value(line->subject.recommendation->id);
}

GETTER(get_review)
{
    UNUSED_HERE;
    return text_value(dhr_review_of(line->subject.recommendation));
}

GETTER(get_agency)
{
    UNUSED_HERE;
    return text_value(line->subject.section->agency);
}

GETTER(get_agency_name)
{
    UNUSED_HERE;
    return text_value(dhr_ledger_agency_name(line->view->ledger, line->subject.section->agency));
}

GETTER(get_action_number)
{
    UNUSED_HERE;
    unsigned number = line->subject.section->action;
    return number ? number_value((long)number) : (struct value){0};
}

/* What is done isn't late any more. */
GETTER(get_late)
{
    UNUSED_HERE;
    const struct dhr_standing *standing = &line->subject.standing;
    return standing->overdue ? number_value(standing->days_late) : (struct value){0};
}

GETTER(get_left)
{
    UNUSED_HERE;
    const struct dhr_standing *standing = &line->subject.standing;
    bool ahead = standing->has_due && standing->days_late <= 0 && line_owed(line);
    return ahead ? number_value(-standing->days_late) : (struct value){0};
}

GETTER(get_status)
{
    UNUSED_HERE;
    static const enum dhr_state states[] = {[DHR_RAG_RED] = DHR_STATE_RED,
                                            [DHR_RAG_AMBER] = DHR_STATE_AMBER,
                                            [DHR_RAG_GREEN] = DHR_STATE_GREEN,
                                            [DHR_RAG_BLUE] = DHR_STATE_BLUE,
                                            [DHR_RAG_GREY] = DHR_STATE_GREY};
    struct value value = text_value(dhr_str_of(dhr_progress_name(line->subject.standing.progress)));
    value.state = states[line->subject.standing.rag];
    return value;
}

GETTER(get_rag)
{
    UNUSED_HERE;
    return text_value(dhr_str_of(dhr_rag_name(line->subject.standing.rag)));
}

GETTER(get_missing)
{
    static const struct {
        enum dhr_key_id key;
        const char *name;
    } gaps[] = {{DHR_KEY_ADDRESSEE_RESPONSE, "response"},
                {DHR_KEY_ADDRESSEE_LEAD, "lead"},
                {DHR_KEY_ADDRESSEE_DUE, "target"}};
    struct dhr_buf joined = {0};
    (void)field;
    for (size_t i = 0; i < sizeof(gaps) / sizeof(gaps[0]); i++) {
        if (line_lacks(line, gaps[i].key))
            dhr_buf_addf(&joined, "%s%s", joined.len ? "\n" : "", gaps[i].name);
    }
    struct value value =
        text_value(dhr_str_of(dhr_arena_dup(arena, dhr_buf_cstr(&joined), joined.len)));
    dhr_buf_release(&joined);
    return value;
}

GETTER(get_revision)
{
    UNUSED_HERE;
    return text_value(dhr_str_of(line->view->revision ? line->view->revision : ""));
}

/* The section that a key of the schema is looked up in, for this line. */
static const struct dhr_section *section_of(const struct line *line, enum dhr_section_id id)
{
    const struct dhr_subject *s = &line->subject;
    if (id == DHR_SECTION_ADDRESSEE)
        return s->addressee;
    if (id == DHR_SECTION_ACTION)
        return is_action(line) ? s->section : NULL;
    if (id == DHR_SECTION_RECOMMENDATION)
        return dhr_record_section(s->recommendation, id);
    const struct dhr_record *review =
        dhr_ledger_review(line->view->ledger, dhr_review_of(s->recommendation));
    return review ? dhr_record_section(review, DHR_SECTION_REVIEW) : NULL;
}

static struct value key_value(const struct dhr_section *section, enum dhr_key_id key,
                              struct dhr_arena *arena)
{
    return text_value(dhr_section_joined(section, key, arena));
}

GETTER(get_key)
{
    const struct dhr_key *key = dhr_schema_key(field->key);
    const struct dhr_section *section = line->subject.section;
    if (is_action(line) && key->section == DHR_SECTION_ADDRESSEE) {
        const struct dhr_key *own = dhr_section_find_key(section->def, dhr_str_of(key->name));
        if (own)
            return key_value(section, own->id, arena);
    }
    return key_value(section_of(line, key->section), key->id, arena);
}

/* What an action has under a name of its own, and an addressee under another. */
static struct value own_value(const struct line *line, enum dhr_key_id action,
                              enum dhr_key_id addressee, struct dhr_arena *arena)
{
    if (is_action(line))
        return key_value(line->subject.section, action, arena);
    return key_value(line->subject.addressee, addressee, arena);
}

GETTER(get_due)
{
    (void)field;
    return own_value(line, DHR_KEY_ACTION_DUE, DHR_KEY_ADDRESSEE_DUE, arena);
}

/* An action without a lead of its own is led by the agency's. */
GETTER(get_lead)
{
    (void)field;
    struct value own = own_value(line, DHR_KEY_ACTION_LEAD, DHR_KEY_ADDRESSEE_LEAD, arena);
    return own.set ? own : key_value(line->subject.addressee, DHR_KEY_ADDRESSEE_LEAD, arena);
}

GETTER(get_text)
{
    (void)field;
    if (is_action(line))
        return key_value(line->subject.section, DHR_KEY_ACTION_ACTION, arena);
    return key_value(section_of(line, DHR_SECTION_RECOMMENDATION), DHR_KEY_RECOMMENDATION_TEXT,
                     arena);
}

enum { WRAP = DHR_COLUMN_WRAP, RIGHT = DHR_COLUMN_RIGHT };

/* The columns that are more than a key of the schema. */
static const struct field special[] = {
    {{"id", "Recommendation", DHR_CELL_TEXT, 0}, get_id, 0, ORDER_ID},
    {{"review", "Review", DHR_CELL_TEXT, 0}, get_review, 0, ORDER_TEXT},
    {{"agency", "Agency id", DHR_CELL_TEXT, 0}, get_agency, 0, ORDER_TEXT},
    {{"agency_name", "Agency", DHR_CELL_TEXT, WRAP}, get_agency_name, 0, ORDER_TEXT},
    {{"action_number", "Action number", DHR_CELL_NUMBER, RIGHT},
     get_action_number,
     0,
     ORDER_NUMBER},
    {{"missing", "Missing", DHR_CELL_LIST, WRAP}, get_missing, 0, ORDER_TEXT},
    {{"lead", "Lead", DHR_CELL_TEXT, WRAP}, get_lead, 0, ORDER_TEXT},
    {{"due", "Target date", DHR_CELL_TEXT, 0}, get_due, 0, ORDER_DATE},
    {{"days_late", "Days late", DHR_CELL_NUMBER, RIGHT}, get_late, 0, ORDER_NUMBER},
    {{"days_left", "Days left", DHR_CELL_NUMBER, RIGHT}, get_left, 0, ORDER_NUMBER},
    {{"status", "Status", DHR_CELL_STATE, 0}, get_status, DHR_KEY_ADDRESSEE_STATUS, ORDER_WORD},
    {{"rag", "RAG", DHR_CELL_TEXT, 0}, get_rag, 0, ORDER_RAG},
    {{"text", "Text", DHR_CELL_TEXT, WRAP}, get_text, 0, ORDER_TEXT},
    {{"ledger_revision", "Ledger revision", DHR_CELL_TEXT, 0}, get_revision, 0, ORDER_TEXT},
};

/* Where a key's column comes from, in this order: a name that two have means the first. */
static const enum dhr_section_id places[] = {DHR_SECTION_ADDRESSEE, DHR_SECTION_RECOMMENDATION,
                                             DHR_SECTION_REVIEW};

static enum order order_of(const struct dhr_key *key)
{
    switch (key->type) {
    case DHR_TYPE_DATE:
    case DHR_TYPE_YEAR:
        return ORDER_DATE;
    case DHR_TYPE_WORD:
        return ORDER_WORD;
    default:
        return ORDER_TEXT;
    }
}

bool field_find(struct dhr_str name, struct field *field)
{
    for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++) {
        if (dhr_str_is(name, special[i].column.name)) {
            *field = special[i];
            return true;
        }
    }
    for (size_t p = 0; p < sizeof(places) / sizeof(places[0]); p++) {
        size_t count = 0;
        const struct dhr_key *key = dhr_section_keys(dhr_schema_section(places[p]), &count);
        for (; count; key++, count--) {
            if (!dhr_str_is(name, key->json_name))
                continue;
            bool list = key->flags & DHR_KEY_LIST;
            bool prose = key->type == DHR_TYPE_PROSE || key->type == DHR_TYPE_TEXT || list;
            *field = (struct field){{key->json_name, key->heading,
                                     list ? DHR_CELL_LIST : DHR_CELL_TEXT, prose ? WRAP : 0},
                                    get_key,
                                    key->id,
                                    order_of(key)};
            return true;
        }
    }
    return false;
}

int field_unknown(struct dhr_str name, struct dhr_err *err)
{
    struct dhr_buf names = {0};
    for (size_t i = 0; i < sizeof(special) / sizeof(special[0]); i++)
        dhr_buf_addf(&names, "%s, ", special[i].column.name);
    int rc = dhr_fail(err, DHR_USAGE,
                      "\"%.*s\" is no column; there are %sand the names that \"dhrledger schema -O "
                      "json\" gives keys in json_name",
                      DHR_ARG(name), dhr_buf_cstr(&names));
    dhr_buf_release(&names);
    return rc;
}

void field_fill(const struct field *field, struct dhr_table *table, size_t column,
                const struct line *line)
{
    struct value value = field->get(field, line, dhr_table_arena(table));
    if (!value.set)
        return;
    switch (field->column.type) {
    case DHR_CELL_NUMBER:
        dhr_table_number(table, column, value.number);
        break;
    case DHR_CELL_STATE:
        dhr_table_state(table, column, value.text, value.state);
        break;
    default:
        dhr_table_lend(table, column, value.text);
    }
}

void view_add_today(const struct dhr_view *view, struct dhr_table *table)
{
    char day[DHR_DAY_SIZE];
    dhr_day_format(view->today, day);
    dhr_table_fact(table, "today", day);
}
