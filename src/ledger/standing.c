#include "dhrledger/standing.h"

const char *dhr_progress_name(enum dhr_progress progress)
{
    return dhr_schema_key(DHR_KEY_ADDRESSEE_STATUS)->words[progress];
}

const char *dhr_rag_name(enum dhr_rag rag)
{
    static const char *const names[] = {"red", "amber", "green", "blue", "grey"};
    return names[rag];
}

/* The keys that both kinds of section have under names of their own. */
static enum dhr_key_id key_of(const struct dhr_section *section, enum dhr_key_id addressee,
                              enum dhr_key_id action)
{
    return section->def->id == DHR_SECTION_ACTION ? action : addressee;
}

static enum dhr_progress progress_of(const struct dhr_section *section)
{
    if (section->def->id == DHR_SECTION_ACTION) {
        static const enum dhr_progress of_action[] = {DHR_OPEN, DHR_IN_PROGRESS, DHR_IMPLEMENTED};
        int word = dhr_section_word(section, DHR_KEY_ACTION_STATUS);
        return word < 0 ? DHR_OPEN : of_action[word];
    }
    int word = dhr_section_word(section, DHR_KEY_ADDRESSEE_STATUS);
    return word < 0 ? DHR_OPEN : (enum dhr_progress)word;
}

static enum dhr_rag rag_of(const struct dhr_standing *s, bool slipped, unsigned due_soon_days)
{
    if (s->progress == DHR_CLOSED)
        return DHR_RAG_GREY;
    if (s->progress >= DHR_IMPLEMENTED)
        return DHR_RAG_BLUE;
    if (s->overdue)
        return DHR_RAG_RED;
    if (!s->has_due)
        return DHR_RAG_GREY;
    return slipped || s->days_late >= -(long)due_soon_days ? DHR_RAG_AMBER : DHR_RAG_GREEN;
}

struct dhr_standing dhr_standing_of(const struct dhr_section *section, dhr_day today,
                                    unsigned due_soon_days)
{
    struct dhr_standing s = {.progress = progress_of(section)};
    struct dhr_str due =
        dhr_section_value(section, key_of(section, DHR_KEY_ADDRESSEE_DUE, DHR_KEY_ACTION_DUE));
    struct dhr_str original = dhr_section_value(
        section, key_of(section, DHR_KEY_ADDRESSEE_DUE_ORIGINAL, DHR_KEY_ACTION_DUE_ORIGINAL));
    s.has_due = due.len && dhr_date_parse(due, &s.due);
    if (s.has_due) {
        s.days_late = (long)today - s.due.last_day;
        s.overdue = s.days_late > 0 && s.progress < DHR_IMPLEMENTED;
    }
    bool slipped = original.len && !dhr_str_eq(original, due);
    s.rag = rag_of(&s, slipped, due_soon_days);
    return s;
}

bool dhr_addressee_overdue(const struct dhr_record *recommendation,
                           const struct dhr_section *addressee, dhr_day today)
{
    struct dhr_standing own = dhr_standing_of(addressee, today, 0);
    if (own.overdue || own.progress >= DHR_IMPLEMENTED)
        return own.overdue;
    for (size_t i = 0; i < recommendation->section_count; i++) {
        const struct dhr_section *section = &recommendation->sections[i];
        if (section->def->id == DHR_SECTION_ACTION &&
            dhr_str_eq(section->agency, addressee->agency) &&
            dhr_standing_of(section, today, 0).overdue)
            return true;
    }
    return false;
}

enum dhr_progress dhr_recommendation_progress(const struct dhr_record *recommendation)
{
    enum dhr_progress least = DHR_CLOSED;
    bool any = false;
    for (size_t i = 0; i < recommendation->section_count; i++) {
        const struct dhr_section *section = &recommendation->sections[i];
        if (section->def->id != DHR_SECTION_ADDRESSEE)
            continue;
        any = true;
        enum dhr_progress progress = progress_of(section);
        if (progress < least)
            least = progress;
    }
    return any ? least : DHR_OPEN;
}
