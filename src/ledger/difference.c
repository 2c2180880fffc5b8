#include "dhrledger/difference.h"

#include <stdlib.h>
#include <string.h>

static const struct dhr_section *counterpart(const struct dhr_record *record,
                                             const struct dhr_section *section)
{
    for (size_t i = 0; record && i < record->section_count; i++) {
        const struct dhr_section *other = &record->sections[i];
        if (other->def == section->def && other->action == section->action &&
            dhr_str_eq(other->agency, section->agency))
            return other;
    }
    return NULL;
}

/* The key's value, or a list's items joined by LF. */
static struct dhr_str whole_value(const struct dhr_section *section, enum dhr_key_id key,
                                  struct dhr_arena *arena)
{
    const struct dhr_field *field = dhr_section_next(section, key, NULL);
    if (!field)
        return (struct dhr_str){NULL, 0};
    const struct dhr_field *more = dhr_section_next(section, key, field);
    if (!more)
        return field->value;
    struct dhr_buf joined = {0};
    dhr_buf_add_str(&joined, field->value);
    for (; more; more = dhr_section_next(section, key, more)) {
        dhr_buf_addc(&joined, '\n');
        dhr_buf_add_str(&joined, more->value);
    }
    struct dhr_str value = {dhr_arena_dup(arena, joined.ptr, joined.len), joined.len};
    dhr_buf_release(&joined);
    return value;
}

static void compare_sections(struct dhr_differences *differences, const struct dhr_section *before,
                             const struct dhr_section *after, struct dhr_arena *arena)
{
    const struct dhr_section *any = after ? after : before;
    size_t count = 0;
    const struct dhr_key *key = dhr_section_keys(any->def, &count);
    for (; count; key++, count--) {
        struct dhr_str old = whole_value(before, key->id, arena);
        struct dhr_str new = whole_value(after, key->id, arena);
        if (!dhr_str_eq(old, new))
            *DHR_PUSH(differences->items, differences->count, differences->capacity) =
                (struct dhr_difference){key, any->agency, any->action, old, new};
    }
}

void dhr_differences_of(struct dhr_differences *differences, const struct dhr_record *before,
                        const struct dhr_record *after, struct dhr_arena *arena)
{
    for (size_t i = 0; after && i < after->section_count; i++)
        compare_sections(differences, counterpart(before, &after->sections[i]), &after->sections[i],
                         arena);
    for (size_t i = 0; before && i < before->section_count; i++) {
        if (!counterpart(after, &before->sections[i]))
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

/* A list that only grew or only shrank was added to or taken from. */
static const char *verb_of(const struct dhr_difference *d)
{
    bool list = d->key->flags & DHR_KEY_LIST;
    if (!d->before.len)
        return list ? "added" : "set";
    if (!d->after.len)
        return list ? "removed" : "unset";
    bool grew =
        d->after.len > d->before.len && memcmp(d->after.ptr, d->before.ptr, d->before.len) == 0;
    return list && grew ? "added" : "changed";
}

void dhr_difference_add_short(struct dhr_buf *out, const struct dhr_difference *difference)
{
    const struct dhr_difference *d = difference;
    if (!is_short(d->key->type) || (d->key->flags & DHR_KEY_LIST))
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
