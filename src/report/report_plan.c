/*
 * The action plan of the Home Office's template (its guidance on domestic
 * homicide reviews, appendix on action plans), one line for each action.
 */
#include "lines.h"

enum column { RECOMMENDATION, SCOPE, ACTION, LEAD, MILESTONES, TARGET, COMPLETION, COLUMNS };

static const struct dhr_column columns[COLUMNS] = {
    [RECOMMENDATION] = {"recommendation", "Recommendation", DHR_CELL_TEXT, DHR_COLUMN_WRAP},
    [SCOPE] = {"scope", "Scope of recommendation", DHR_CELL_TEXT, 0},
    [ACTION] = {"action", "Action to take", DHR_CELL_TEXT, DHR_COLUMN_WRAP},
    [LEAD] = {"lead_agency", "Lead agency", DHR_CELL_TEXT, DHR_COLUMN_WRAP},
    [MILESTONES] = {"milestones", "Key milestones achieved in enacting recommendation",
                    DHR_CELL_LIST, DHR_COLUMN_WRAP},
    [TARGET] = {"due", "Target date", DHR_CELL_TEXT, 0},
    [COMPLETION] = {"completion", "Date of completion and outcome", DHR_CELL_TEXT, DHR_COLUMN_WRAP},
};

/* An agency's own line stands for its actions only where it has none that are numbered. */
static bool keep_plan(const struct line *line, long bound)
{
    const struct dhr_subject *s = &line->subject;
    (void)bound;
    if (s->section != s->addressee)
        return true;
    for (size_t i = 0; i < s->recommendation->section_count; i++) {
        const struct dhr_section *other = &s->recommendation->sections[i];
        if (other->def->id == DHR_SECTION_ACTION && dhr_str_eq(other->agency, s->section->agency))
            return false;
    }
    return true;
}

/* Two texts as one cell, with something between where both are there. */
static void set_joined(struct dhr_table *table, size_t column, struct dhr_str first,
                       const char *between, struct dhr_str second)
{
    struct dhr_buf text = {0};
    dhr_buf_add_str(&text, first);
    if (first.len && second.len)
        dhr_buf_adds(&text, between);
    dhr_buf_add_str(&text, second);
    dhr_table_text(table, column, dhr_buf_str(&text));
    dhr_buf_release(&text);
}

static struct dhr_str text_of(const struct line *line, const char *name, struct dhr_arena *arena)
{
    struct field field;
    (void)field_find(dhr_str_of(name), &field);
    return field.get(&field, line, arena).text;
}

/* When it was done, and what came of it; where an action says neither, its agency may. */
static void set_completion(struct dhr_table *table, const struct dhr_subject *s)
{
    struct dhr_str done = {NULL, 0};
    struct dhr_str outcome = {NULL, 0};
    if (s->section != s->addressee) {
        done = dhr_section_value(s->section, DHR_KEY_ACTION_IMPLEMENTED_ON);
        outcome = dhr_section_value(s->section, DHR_KEY_ACTION_OUTCOME);
    }
    if (!done.len && !outcome.len) {
        done = dhr_section_value(s->addressee, DHR_KEY_ADDRESSEE_IMPLEMENTED_ON);
        outcome = dhr_section_value(s->addressee, DHR_KEY_ADDRESSEE_OUTCOME);
    }
    set_joined(table, COMPLETION, done, ": ", outcome);
}

static void add_line(struct dhr_table *table, const struct line *line)
{
    struct dhr_arena *arena = dhr_table_arena(table);
    const struct dhr_subject *s = &line->subject;
    const struct dhr_section *own =
        dhr_record_section(s->recommendation, DHR_SECTION_RECOMMENDATION);
    bool action = s->section != s->addressee;
    struct dhr_str due = text_of(line, "due", arena);
    dhr_table_row(table);
    set_joined(table, RECOMMENDATION, dhr_section_value(own, DHR_KEY_RECOMMENDATION_NUMBER), ". ",
               dhr_section_value(own, DHR_KEY_RECOMMENDATION_TEXT));
    dhr_table_text(table, SCOPE, dhr_section_value(own, DHR_KEY_RECOMMENDATION_SCOPE));
    dhr_table_text(
        table, ACTION,
        dhr_section_value(s->section, action ? DHR_KEY_ACTION_ACTION : DHR_KEY_ADDRESSEE_ACTION));
    set_joined(table, LEAD, text_of(line, "agency_name", arena), ": ",
               text_of(line, "lead", arena));
    dhr_table_lend(table, MILESTONES, text_of(line, "milestones", arena));
    dhr_table_lend(table, TARGET,
                   due.len ? due : dhr_section_value(s->addressee, DHR_KEY_ADDRESSEE_DUE));
    set_completion(table, s);
}

struct dhr_table *dhr_report_action_plan(const struct dhr_view *view)
{
    struct dhr_table *table = dhr_table_new("action-plan", columns, COLUMNS);
    struct lines lines = {0};
    lines_collect(&lines, view, true, keep_plan, 0);
    for (size_t i = 0; i < lines.count; i++)
        add_line(table, &lines.items[i]);
    lines_release(&lines);
    return table;
}
