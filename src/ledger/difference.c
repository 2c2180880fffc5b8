#include "dhrledger/difference.h"

#include <stdlib.h>
#include <string.h>

/* A key of any name: the names belong to what it holds. */
static bool is_any(const struct dhr_key *key)
{
    return strcmp(key->name, "*") == 0;
}

/* The key's value, or a list's items joined by LF; of free keys a line with its name for each. */
static struct dhr_str whole_value(const struct dhr_section *section, const struct dhr_key *key,
                                  struct dhr_arena *arena)
{
    const struct dhr_field *field = NULL;
    struct dhr_buf joined = {0};
    if (!is_any(key))
        return dhr_section_joined(section, key->id, arena);
    while ((field = dhr_section_next(section, key->id, field)))
        dhr_buf_addf(&joined, "%s%.*s = %.*s", joined.len ? "\n" : "", DHR_ARG(field->name),
                     DHR_ARG(field->value));
    struct dhr_str value = {dhr_arena_dup(arena, dhr_buf_cstr(&joined), joined.len), joined.len};
    dhr_buf_release(&joined);
    return value;
}

/* Item by item: joined, an item of two paragraphs would pass for two items. */
static bool same_values(const struct dhr_section *before, const struct dhr_section *after,
                        enum dhr_key_id key)
{
    const struct dhr_field *a = dhr_section_next(before, key, NULL);
    const struct dhr_field *b = dhr_section_next(after, key, NULL);
    while (a && b && dhr_str_eq(a->value, b->value) && dhr_str_eq(a->name, b->name)) {
        a = dhr_section_next(before, key, a);
        b = dhr_section_next(after, key, b);
    }
    return !a && !b;
}

static void compare_sections(struct dhr_differences *differences, const struct dhr_section *before,
                             const struct dhr_section *after, struct dhr_arena *arena)
{
    const struct dhr_section *any = after ? after : before;
    size_t count = 0;
    const struct dhr_key *key = dhr_section_keys(any->def, &count);
    for (; count; key++, count--) {
        if (!same_values(before, after, key->id))
            *DHR_PUSH(differences->items, differences->count, differences->capacity) =
                (struct dhr_difference){key, any->agency, any->action,
                                        whole_value(before, key, arena),
                                        whole_value(after, key, arena)};
    }
}

void dhr_differences_of(struct dhr_differences *differences, const struct dhr_record *before,
                        const struct dhr_record *after, struct dhr_arena *arena)
{
    for (size_t i = 0; after && i < after->section_count; i++)
        compare_sections(differences, dhr_record_counterpart(before, &after->sections[i]),
                         &after->sections[i], arena);
    for (size_t i = 0; before && i < before->section_count; i++) {
        if (!dhr_record_counterpart(after, &before->sections[i]))
            compare_sections(differences, &before->sections[i], NULL, arena);
    }
}

/* Values that a subject line can show; prose can't be. */
static bool is_short(enum dhr_type type)
{
    return type == DHR_TYPE_WORD || type == DHR_TYPE_DATE || type == DHR_TYPE_YEAR ||
           type == DHR_TYPE_COUNT || type == DHR_TYPE_AGENCY || type == DHR_TYPE_REVIEW ||
           type == DHR_TYPE_RECOMMENDATION;
}

/* Whether all lines of `fewer` stand in `more`, in the same order. */
static bool holds_all(struct dhr_str more, struct dhr_str fewer)
{
    struct dhr_str wanted;
    struct dhr_str line;
    bool any = dhr_str_split(&fewer, '\n', &wanted);
    while (any && dhr_str_split(&more, '\n', &line)) {
        if (dhr_str_eq(line, wanted))
            any = dhr_str_split(&fewer, '\n', &wanted);
    }
    return !any;
}

static bool is_list(const struct dhr_key *key)
{
    return (key->flags & DHR_KEY_LIST) || is_any(key);
}

/* A list that only grew was added to; one that only shrank had something removed. */
static const char *verb_of(const struct dhr_difference *d)
{
    bool list = is_list(d->key);
    if (!d->before.len)
        return list ? "added" : "set";
    if (!d->after.len)
        return list ? "removed" : "unset";
    if (list && holds_all(d->after, d->before))
        return "added";
    return list && holds_all(d->before, d->after) ? "removed" : "changed";
}

void dhr_difference_add_short(struct dhr_buf *out, const struct dhr_difference *difference)
{
    const struct dhr_difference *d = difference;
    if (is_any(d->key))
        dhr_buf_addf(out, "%s %s", dhr_schema_section(d->key->section)->heading, verb_of(d));
    else if (!is_short(d->key->type) || is_list(d->key))
        dhr_buf_addf(out, "%s %s", d->key->name, verb_of(d));
    else if (!d->before.len)
        dhr_buf_addf(out, "%s %.*s", d->key->name, DHR_ARG(d->after));
    else
        dhr_buf_addf(out, "%s %.*s -> %.*s", d->key->name, DHR_ARG(d->before),
                     d->after.len ? (int)d->after.len : 5, d->after.len ? d->after.ptr : "unset");
}

void dhr_differences_release(struct dhr_differences *differences)
{
    free(differences->items);
    *differences = (struct dhr_differences){0};
}
