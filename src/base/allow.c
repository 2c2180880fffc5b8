#include "dhrledger/allow.h"

#include <stdlib.h>
#include <string.h>

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

static bool is_about(const struct dhr_allow *allow, const struct dhr_finding *finding)
{
    return allow->rule == finding->rule &&
           (finding->line ? finding->line > allow->line && finding->line <= allow->last
                          : allow->whole);
}

/* The nearest comment above the finding that is about it and free, or NULL. */
static struct offer *offer_for(struct offer *offers, size_t count,
                               const struct dhr_finding *finding)
{
    size_t from = 0;
    size_t end = count;
    struct offer *best = NULL;
    while (from < end) {
        size_t middle = from + (end - from) / 2;
        if (strcmp(offers[middle].allow->path, finding->path) < 0)
            from = middle + 1;
        else
            end = middle;
    }
    for (; from < count && strcmp(offers[from].allow->path, finding->path) == 0; from++) {
        if (!offers[from].taken && is_about(offers[from].allow, finding))
            best = &offers[from];
    }
    return best;
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

static bool has_accepted(const struct dhr_allow *allow, const struct dhr_findings *accepted)
{
    for (size_t i = 0; i < accepted->count; i++) {
        if (accepted->items[i].allowed_at == allow->line &&
            strcmp(accepted->items[i].path, allow->path) == 0)
            return true;
    }
    return false;
}

void dhr_findings_add_unused(struct dhr_findings *findings, const struct dhr_findings *from,
                             const struct dhr_findings *accepted)
{
    for (size_t i = 0; i < from->allow_count; i++) {
        const struct dhr_allow *allow = &from->allows[i];
        char code[DHR_CODE_SIZE];
        dhr_rule_code(allow->rule, code);
        if (!has_accepted(allow, accepted))
            dhr_findings_add(findings, DHR_RULE_IDLE_ALLOW, allow->path, allow->line, 1,
                             "%s is not found in what stands below, so this accepts nothing; "
                             "delete the comment, or move it right above what it is about",
                             code);
    }
}
