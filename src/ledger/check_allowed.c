/* Comments by which a change accepts findings itself. */
#include <stdlib.h>
#include <string.h>

#include "check_change.h"

/* The same code above the same key; of a file that moved, with the same reason, too. */
static bool is_kept(const struct dhr_range *range, const struct dhr_allow *was,
                    const struct dhr_allow *is, bool moved)
{
    struct dhr_entry entry;
    if (was->rule != is->rule || strcmp(was->above, is->above) != 0)
        return false;
    if (!moved)
        return strcmp(was->path, is->path) == 0;
    return strcmp(was->reason, is->reason) == 0 &&
           !dhr_source_entry(range->before, is->path, &entry) &&
           !dhr_source_entry(range->after, was->path, &entry);
}

/* Whether a comment of before is this one; each is so for one only. */
static bool take_kept(const struct dhr_range *range, const struct dhr_findings *before, bool *taken,
                      const struct dhr_allow *is)
{
    for (int moved = 0; moved < 2; moved++) {
        for (size_t i = 0; i < before->allow_count; i++) {
            if (taken[i] || !is_kept(range, &before->allows[i], is, moved))
                continue;
            taken[i] = true;
            return true;
        }
    }
    return false;
}

void check_allowed(const struct dhr_range *range, const struct range_part *part,
                   const struct dhr_ledger *before, const struct dhr_ledger *after,
                   struct dhr_findings *findings)
{
    size_t count = before->findings.allow_count;
    bool *taken = dhr_realloc(NULL, count + 1);
    memset(taken, 0, count + 1);
    for (size_t i = 0; i < after->findings.allow_count; i++) {
        const struct dhr_allow *allow = &after->findings.allows[i];
        char code[DHR_CODE_SIZE];
        if (!dhr_map_find(&part->touched, dhr_str_of(allow->path), NULL) ||
            take_kept(range, &before->findings, taken, allow))
            continue;
        dhr_rule_code(allow->rule, code);
        dhr_findings_add(findings, DHR_RULE_ALLOW_ADDED, allow->path, allow->line, 1,
                         "this accepts %s and is new; somebody else has to agree, so ask for that "
                         "in a request of its own",
                         code);
    }
    free(taken);
}
