/* What is wrong only with several records in view: circles of references, one body named twice. */
#include <stdlib.h>

#include "check_internal.h"
#include "dhrledger/agency_index.h"

/* A record that refers to others by the key in question. */
struct node {
    const struct dhr_record *record;
    const struct dhr_section *section;
    const struct dhr_field *at; /* the reference that is being followed; NULL: none yet */
    size_t from;                /* the node that led here */
    bool on_way, done;
};

struct graph {
    struct node *nodes;
    size_t count, capacity;
    struct dhr_map places; /* by id */
    enum dhr_key_id key;
};

static void add_nodes(struct graph *g, struct dhr_records records, enum dhr_section_id id)
{
    for (size_t i = 0; i < records.count; i++) {
        const struct dhr_section *section = dhr_record_section(records.items[i], id);
        if (dhr_section_next(section, g->key, NULL) &&
            dhr_map_add(&g->places, records.items[i]->id, g->count))
            *DHR_PUSH(g->nodes, g->count, g->capacity) =
                (struct node){.record = records.items[i], .section = section};
    }
}

/* The last node refers back to one on the way to it: from there on, it is a circle. */
static void report_circle(const struct graph *g, size_t last, size_t first,
                          struct dhr_findings *findings)
{
    const struct node *end = &g->nodes[last];
    struct dhr_buf way = {0};
    struct dhr_buf rest = {0};
    dhr_buf_addf(&way, "%.*s", DHR_ARG(end->record->id));
    for (size_t i = last; i != first; i = g->nodes[i].from) {
        dhr_buf_clear(&rest);
        dhr_buf_add_str(&rest, dhr_buf_str(&way));
        dhr_buf_clear(&way);
        dhr_buf_addf(&way, "%.*s, %s", DHR_ARG(g->nodes[g->nodes[i].from].record->id),
                     dhr_buf_cstr(&rest));
    }
    dhr_findings_add(findings, DHR_RULE_CYCLE, end->record->path, end->at->line, end->at->col,
                     "%s = %.*s closes a circle: %s, and back to %.*s; take the reference out of "
                     "the one that holds the duty",
                     end->at->key->name, DHR_ARG(end->at->value), dhr_buf_cstr(&way),
                     DHR_ARG(g->nodes[first].record->id));
    dhr_buf_release(&way);
    dhr_buf_release(&rest);
}

/* Depth first, without recursion: each node remembers where it came from. */
static void follow(struct graph *g, size_t start, struct dhr_findings *findings)
{
    enum { NOWHERE = -1 };
    size_t at = start;
    g->nodes[start].from = (size_t)NOWHERE;
    while (at != (size_t)NOWHERE) {
        struct node *node = &g->nodes[at];
        size_t next = 0;
        node->on_way = true;
        node->at = dhr_section_next(node->section, g->key, node->at);
        if (!node->at) {
            node->on_way = false;
            node->done = true;
            at = node->from;
        } else if (dhr_map_find(&g->places, node->at->value, &next) && !g->nodes[next].done) {
            if (g->nodes[next].on_way) {
                report_circle(g, at, next, findings);
            } else {
                g->nodes[next].from = at;
                at = next;
            }
        }
    }
}

static void check_graph(struct dhr_records records, enum dhr_section_id section,
                        enum dhr_key_id key, struct dhr_findings *findings)
{
    struct graph g = {.key = key};
    add_nodes(&g, records, section);
    for (size_t i = 0; i < g.count; i++) {
        if (!g.nodes[i].done)
            follow(&g, i, findings);
    }
    free(g.nodes);
    dhr_map_release(&g.places);
}

void check_cycles(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings)
{
    (void)index;
    check_graph(ledger->agencies, DHR_SECTION_AGENCY, DHR_KEY_AGENCY_SUCCESSOR, findings);
    check_graph(ledger->recommendations, DHR_SECTION_RECOMMENDATION,
                DHR_KEY_RECOMMENDATION_SUPERSEDED_BY, findings);
}

/* Addressees of one recommendation; the same words twice are check_states' business. */
static void check_printed(const struct dhr_record *record, const struct dhr_agency_index *index,
                          struct dhr_findings *findings)
{
    const struct dhr_section *own = dhr_record_section(record, DHR_SECTION_RECOMMENDATION);
    const struct dhr_field *field =
        dhr_section_next(own, DHR_KEY_RECOMMENDATION_ADDRESSED_TO, NULL);
    struct dhr_map seen = {0};
    if (!field || !dhr_section_next(own, DHR_KEY_RECOMMENDATION_ADDRESSED_TO, field))
        return;
    for (; field; field = dhr_section_next(own, DHR_KEY_RECOMMENDATION_ADDRESSED_TO, field)) {
        struct dhr_str agency = dhr_agency_index_find(index, field->value);
        size_t place = (size_t)(field - own->fields);
        size_t first = 0;
        if (!agency.len || dhr_map_add(&seen, agency, place) ||
            !dhr_map_find(&seen, agency, &first) ||
            dhr_str_eq(own->fields[first].value, field->value))
            continue;
        dhr_findings_add(findings, DHR_RULE_REPEATED_ITEM, record->path, field->line, field->col,
                         "addressed-to = %.*s: that is %.*s, which line %u names already; leave "
                         "one out, unless the report prints both",
                         DHR_ARG(field->value), DHR_ARG(agency), (unsigned)own->fields[first].line);
    }
    dhr_map_release(&seen);
}

void check_addressees(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings)
{
    struct dhr_agency_index names = {0};
    (void)index;
    dhr_agency_index_add_ledger(&names, ledger);
    for (size_t i = 0; i < ledger->recommendations.count; i++)
        check_printed(ledger->recommendations.items[i], &names, findings);
    dhr_agency_index_release(&names);
}
