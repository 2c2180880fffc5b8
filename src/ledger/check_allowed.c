/* Comments by which a change accepts findings itself. */
#include <string.h>

#include "check_change.h"
#include "dhrledger/allow.h"

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

static int know(struct known *known, const struct dhr_range *range,
                const struct dhr_findings *before, struct dhr_err *err)
{
    struct dhr_entry entry;
    for (size_t i = 0; i < before->allow_count; i++) {
        const struct dhr_allow *allow = &before->allows[i];
        if (dhr_source_entry(range->after, allow->path, &entry, err) < 0)
            return -1;
        if (entry.path)
            count(&known->by_path, key_of(known, allow, allow->path));
        else
            count(&known->by_reason, key_of(known, allow, allow->reason));
    }
    return 0;
}

static int judge(struct known *known, const struct dhr_range *range, const struct dhr_allow *allow,
                 bool *is_new, struct dhr_err *err)
{
    struct dhr_entry entry;
    if (dhr_source_entry(range->before, allow->path, &entry, err) < 0)
        return -1;
    *is_new = entry.path ? !take(&known->by_path, key_of(known, allow, allow->path))
                         : !take(&known->by_reason, key_of(known, allow, allow->reason));
    return 0;
}

static void add_allow(struct dhr_findings *to, const struct dhr_allow *allow)
{
    *DHR_PUSH(to->allows, to->allow_count, to->allow_capacity) = *allow;
}

static void report_new(const struct dhr_allow *allow, struct dhr_findings *findings)
{
    char code[DHR_CODE_SIZE];
    dhr_rule_code(allow->rule, code);
    dhr_findings_add(findings, DHR_RULE_ALLOW_ADDED, allow->path, allow->line, 1,
                     "this accepts %s and is new; somebody else has to agree, so ask for that "
                     "in a request of its own",
                     code);
}

int check_allowed(const struct dhr_range *range, const struct range_part *part,
                  const struct dhr_ledger *before, const struct dhr_ledger *after,
                  struct range_allows *allows, struct dhr_findings *findings, struct dhr_err *err)
{
    struct known known = {0};
    int rc = know(&known, range, &before->findings, err);
    for (size_t i = 0; rc == 0 && i < after->findings.allow_count; i++) {
        const struct dhr_allow *allow = &after->findings.allows[i];
        bool is_new = false;
        if (!dhr_map_find(&part->touched, dhr_str_of(allow->path), NULL))
            continue;
        rc = judge(&known, range, allow, &is_new, err);
        if (rc < 0)
            break;
        add_allow(is_new ? &allows->added : &allows->agreed, allow);
        if (is_new)
            report_new(allow, findings);
    }
    dhr_map_release(&known.by_path);
    dhr_map_release(&known.by_reason);
    dhr_arena_release(&known.arena);
    return rc;
}

/* By code and key; the path is the same for all. */
static struct dhr_str short_key(struct dhr_arena *arena, const struct dhr_allow *allow)
{
    return dhr_str_of(dhr_arena_printf(arena, "%d\n%s", (int)allow->rule, allow->above));
}

static void know_file(struct dhr_map *map, struct dhr_arena *arena,
                      const struct dhr_findings *state, const char *path)
{
    for (size_t i = 0; path && i < state->allow_count; i++) {
        if (strcmp(state->allows[i].path, path) == 0)
            (void)dhr_map_add(map, short_key(arena, &state->allows[i]), i);
    }
}

void sort_past_allows(const struct range_changes *changes, const char *path,
                      const struct dhr_findings *read, struct range_allows *allows)
{
    struct dhr_map before = {0};
    struct dhr_map after = {0};
    struct dhr_arena arena = {0};
    know_file(&before, &arena, &changes->before->findings, path);
    know_file(&before, &arena, &changes->before->findings, range_origin(changes->moves, path));
    know_file(&after, &arena, &changes->after->findings, path);
    for (size_t i = 0; i < read->allow_count; i++) {
        struct dhr_str key = short_key(&arena, &read->allows[i]);
        if (dhr_map_find(&before, key, NULL))
            add_allow(&allows->agreed, &read->allows[i]);
        else if (dhr_map_find(&after, key, NULL))
            add_allow(&allows->added, &read->allows[i]);
    }
    dhr_map_release(&before);
    dhr_map_release(&after);
    dhr_arena_release(&arena);
}

/* What was agreed is what the base held; the findings are of what is new. */
void accept_new(const struct range_allows *allows, struct dhr_findings *findings,
                struct dhr_findings *accepted)
{
    dhr_findings_accept(findings, &allows->added, accepted);
    size_t before = accepted->count;
    dhr_findings_accept(findings, &allows->agreed, accepted);
    for (size_t i = before; i < accepted->count; i++) {
        const struct dhr_finding *f = &accepted->items[i];
        dhr_findings_add(findings, DHR_RULE_ALLOW_ADDED, f->path, f->line, f->col,
                         "this looks like %s and is new, and the comment in line %u was agreed for "
                         "what stood here before; take it out, or ask in a request of its own "
                         "that somebody else agrees",
                         dhr_privacy_name(f->rule), f->allowed_at);
    }
}

void range_allows_release(struct range_allows *allows)
{
    dhr_findings_release(&allows->added);
    dhr_findings_release(&allows->agreed);
}
