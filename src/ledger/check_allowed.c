/* Comments by which a change accepts findings itself. */
#include "check_change.h"

/* Comments of the state before, by what tells them again: how many there are of each. */
struct known {
    struct dhr_map by_path;   /* the same code above the same key of a file */
    struct dhr_map by_reason; /* of files that are gone: the same code, key and reason */
    struct dhr_arena arena;
};

static struct dhr_str key_of(struct known *known, const struct dhr_allow *allow, const char *rest)
{
    return dhr_str_of(
        dhr_arena_printf(&known->arena, "%d\n%s\n%s", (int)allow->rule, allow->above, rest));
}

static void count(struct dhr_map *map, struct dhr_str key)
{
    if (!dhr_map_add(map, key, 1))
        ++*dhr_map_at(map, key);
}

/* Whether one of them is left, which is then used up. */
static bool take(const struct dhr_map *map, struct dhr_str key)
{
    size_t *left = dhr_map_at(map, key);
    if (!left || !*left)
        return false;
    --*left;
    return true;
}

static bool has_path(struct dhr_source *source, const char *path)
{
    struct dhr_entry entry;
    return dhr_source_entry(source, path, &entry);
}

static void know(struct known *known, const struct dhr_range *range,
                 const struct dhr_findings *before)
{
    for (size_t i = 0; i < before->allow_count; i++) {
        const struct dhr_allow *allow = &before->allows[i];
        if (has_path(range->after, allow->path))
            count(&known->by_path, key_of(known, allow, allow->path));
        else
            count(&known->by_reason, key_of(known, allow, allow->reason));
    }
}

static bool is_new(struct known *known, const struct dhr_range *range,
                   const struct dhr_allow *allow)
{
    return has_path(range->before, allow->path)
               ? !take(&known->by_path, key_of(known, allow, allow->path))
               : !take(&known->by_reason, key_of(known, allow, allow->reason));
}

void check_allowed(const struct dhr_range *range, const struct range_part *part,
                   const struct dhr_ledger *before, const struct dhr_ledger *after,
                   struct dhr_findings *findings)
{
    struct known known = {0};
    know(&known, range, &before->findings);
    for (size_t i = 0; i < after->findings.allow_count; i++) {
        const struct dhr_allow *allow = &after->findings.allows[i];
        char code[DHR_CODE_SIZE];
        if (!dhr_map_find(&part->touched, dhr_str_of(allow->path), NULL) ||
            !is_new(&known, range, allow))
            continue;
        dhr_rule_code(allow->rule, code);
        dhr_findings_add(findings, DHR_RULE_ALLOW_ADDED, allow->path, allow->line, 1,
                         "this accepts %s and is new; somebody else has to agree, so ask for that "
                         "in a request of its own",
                         code);
    }
    dhr_map_release(&known.by_path);
    dhr_map_release(&known.by_reason);
    dhr_arena_release(&known.arena);
}
