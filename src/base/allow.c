#include "dhrledger/allow.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/map.h"

const char *dhr_rule_never_allowed(enum dhr_rule rule)
{
    if (rule <= DHR_RULE_CONFLICT_MARK)
        return "it is about lines that can't be read as they are meant, so mend them";
    if (rule == DHR_RULE_BAD_ALLOW || rule == DHR_RULE_IDLE_ALLOW)
        return "it is about such comments, so mend or delete that one";
    if (rule >= DHR_RULE_VANISHED)
        return "it is about a change, and whoever makes that can't waive it; only [severity] in "
               "the settings before the change can";
    return NULL;
}

/* A comment, and whether it has accepted something. */
struct offer {
    const struct dhr_allow *allow;
    bool taken;
};

static int by_path_and_line(const void *a, const void *b)
{
    const struct dhr_allow *x = ((const struct offer *)a)->allow;
    const struct dhr_allow *y = ((const struct offer *)b)->allow;
    int order = strcmp(x->path, y->path);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

static struct offer *sorted_offers(const struct dhr_findings *from)
{
    struct offer *offers = dhr_realloc(NULL, from->allow_count * sizeof(*offers));
    for (size_t i = 0; i < from->allow_count; i++)
        offers[i] = (struct offer){&from->allows[i], false};
    qsort(offers, from->allow_count, sizeof(*offers), by_path_and_line);
    return offers;
}

/* How many of them stand in files before this path, or in it above this line. */
static size_t count_above(const struct offer *offers, size_t count, const char *path, uint32_t line)
{
    size_t from = 0;
    size_t end = count;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        const struct dhr_allow *allow = offers[middle].allow;
        int order = strcmp(allow->path, path);
        if (order < 0 || (order == 0 && allow->line < line))
            from = middle + 1;
        else
            end = middle;
    }
    return from;
}

/* The nearest comment above the finding that is about it and free, or NULL. */
static struct offer *offer_for(struct offer *offers, size_t count,
                               const struct dhr_finding *finding)
{
    uint32_t line = finding->line ? finding->line : UINT32_MAX;
    size_t at = count_above(offers, count, finding->path, line);
    while (at-- > 0 && strcmp(offers[at].allow->path, finding->path) == 0) {
        const struct dhr_allow *allow = offers[at].allow;
        if (finding->line && allow->last < finding->line)
            break; /* those further up end no later */
        if (!offers[at].taken && allow->rule == finding->rule && (finding->line || allow->whole))
            return &offers[at];
    }
    return NULL;
}

void dhr_findings_accept(struct dhr_findings *findings, const struct dhr_findings *from,
                         struct dhr_findings *accepted)
{
    size_t kept = 0;
    if (!from->allow_count)
        return;
    struct offer *offers = sorted_offers(from);
    /* Threads find in no order, and the first one is what a comment accepts. */
    dhr_findings_sort(findings);
    for (size_t i = 0; i < findings->count; i++) {
        struct dhr_finding finding = findings->items[i];
        struct offer *offer = offer_for(offers, from->allow_count, &finding);
        if (!offer) {
            findings->items[kept++] = finding;
            continue;
        }
        offer->taken = true;
        finding.reason = offer->allow->reason;
        finding.allowed_at = offer->allow->line;
        if (accepted)
            dhr_findings_add_copy(accepted, &finding);
    }
    findings->count = kept;
    free(offers);
}

/* A comment's place, by which what it accepted is known. */
static struct dhr_str place_of(struct dhr_arena *arena, const char *path, uint32_t line)
{
    return dhr_str_of(dhr_arena_printf(arena, "%s\n%u", path, line));
}

void dhr_findings_add_unused(struct dhr_findings *findings, const struct dhr_findings *from,
                             const struct dhr_findings *accepted)
{
    struct dhr_map used = {0};
    struct dhr_arena arena = {0};
    for (size_t i = 0; i < accepted->count; i++) {
        const struct dhr_finding *finding = &accepted->items[i];
        (void)dhr_map_add(&used, place_of(&arena, finding->path, finding->allowed_at), i);
    }
    for (size_t i = 0; i < from->allow_count; i++) {
        const struct dhr_allow *allow = &from->allows[i];
        char code[DHR_CODE_SIZE];
        if (dhr_map_find(&used, place_of(&arena, allow->path, allow->line), NULL))
            continue;
        dhr_rule_code(allow->rule, code);
        dhr_findings_add(findings, DHR_RULE_IDLE_ALLOW, allow->path, allow->line, 1,
                         "%s is not found in what stands below, so this accepts nothing; delete "
                         "the comment, or move it right above what it is about",
                         code);
    }
    dhr_map_release(&used);
    dhr_arena_release(&arena);
}
