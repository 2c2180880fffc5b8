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

/* A comment, and whether it is spent: it has accepted something. */
struct offer {
    const struct dhr_allow *allow;
    size_t free; /* behind the nearest one at or above it that may be free; 0: none is */
};

/* Those of one code in a file stand together. */
static int compare(const struct dhr_allow *allow, const char *path, enum dhr_rule rule,
                   uint32_t line)
{
    int order = strcmp(allow->path, path);
    if (order == 0)
        order = (allow->rule > rule) - (allow->rule < rule);
    return order ? order : (allow->line > line) - (allow->line < line);
}

static int by_place(const void *a, const void *b)
{
    const struct dhr_allow *y = ((const struct offer *)b)->allow;
    return compare(((const struct offer *)a)->allow, y->path, y->rule, y->line);
}

static struct offer *sorted_offers(const struct dhr_findings *from)
{
    struct offer *offers = dhr_realloc(NULL, from->allow_count * sizeof(*offers));
    for (size_t i = 0; i < from->allow_count; i++)
        offers[i].allow = &from->allows[i];
    qsort(offers, from->allow_count, sizeof(*offers), by_place);
    for (size_t i = 0; i < from->allow_count; i++)
        offers[i].free = i + 1;
    return offers;
}

/* How many of them sort before a comment on the finding's own line. */
static size_t count_above(const struct offer *offers, size_t count,
                          const struct dhr_finding *finding)
{
    size_t from = 0;
    size_t end = count;
    uint32_t line = finding->line ? finding->line : UINT32_MAX;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (compare(offers[middle].allow, finding->path, finding->rule, line) < 0)
            from = middle + 1;
        else
            end = middle;
    }
    return from;
}

/* How many of the first `count` are left when the spent ones at their end are passed. */
static size_t pass_spent(struct offer *offers, size_t count)
{
    while (count && offers[count - 1].free != count) {
        size_t further = offers[count - 1].free;
        if (further)
            offers[count - 1].free = offers[further - 1].free; /* a shorter way for the next */
        count = further;
    }
    return count;
}

/* The nearest comment above the finding that is about it and free, or NULL; it is spent then. */
static const struct dhr_allow *take_offer(struct offer *offers, size_t count,
                                          const struct dhr_finding *finding)
{
    size_t left = count_above(offers, count, finding);
    while ((left = pass_spent(offers, left)) > 0) {
        const struct dhr_allow *allow = offers[left - 1].allow;
        if (strcmp(allow->path, finding->path) != 0 || allow->rule != finding->rule ||
            (finding->line && allow->last < finding->line))
            break; /* those further up end no later */
        if (finding->line || allow->whole) {
            offers[left - 1].free = left - 1;
            return allow;
        }
        left--;
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
        const struct dhr_allow *allow = take_offer(offers, from->allow_count, &finding);
        if (!allow) {
            findings->items[kept++] = finding;
            continue;
        }
        finding.reason = allow->reason;
        finding.allowed_at = allow->line;
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
