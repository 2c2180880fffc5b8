#include "range_part.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/agency_index.h"
#include "dhrledger/ident.h"
#include "dhrledger/reference.h"

/* The folder of a file that is a record's, or the path itself. */
static struct dhr_str folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? dhr_str_span(path, (size_t)(slash - path)) : dhr_str_of(path);
}

static void want_whole(struct range_part *part, struct dhr_str folder)
{
    if (dhr_map_add(&part->whole, folder, part->folder_count))
        *DHR_PUSH(part->folders, part->folder_count, part->folder_capacity) = folder;
}

/* Records that come and go change counts and may be doubles; agencies share their names. */
static void want_beside(struct range_part *part, const struct dhr_touched *touched)
{
    struct dhr_str path = dhr_str_of(touched->path);
    if (touched->had != touched->has || dhr_str_ends(path, "/review.ini") ||
        dhr_str_starts(path, "agencies/"))
        want_whole(part, folder_of(touched->path));
}

/* "reviews/x-2019" of "reviews/x-2019-2": two reviews that look like one are named so. */
static struct dhr_str without_repeat(struct dhr_str folder)
{
    enum { YEAR_DIGITS = 4 };
    size_t end = folder.len;
    while (end && folder.ptr[end - 1] >= '0' && folder.ptr[end - 1] <= '9')
        end--;
    if (end < YEAR_DIGITS + 2 || end == folder.len || folder.ptr[end - 1] != '-' ||
        folder.ptr[end - YEAR_DIGITS - 2] != '-')
        return folder;
    for (size_t i = end - YEAR_DIGITS - 1; i + 1 < end; i++) {
        if (folder.ptr[i] < '0' || folder.ptr[i] > '9')
            return folder;
    }
    return dhr_str_span(folder.ptr, end - 1);
}

/* Of a review that is read whole, those that may be the same one are, too. */
static int want_twins(struct range_part *part, struct dhr_source *source, struct dhr_arena *arena,
                      struct dhr_err *err)
{
    struct dhr_reader *reader = NULL;
    struct dhr_entry reviews;
    struct dhr_entries all = {NULL, 0};
    struct dhr_map names = {0};
    for (size_t i = 0; i < part->folder_count; i++) {
        if (dhr_str_starts(part->folders[i], "reviews/"))
            (void)dhr_map_add(&names, without_repeat(part->folders[i]), 0);
    }
    int rc = dhr_source_entry(source, "reviews", &reviews, err);
    if (rc == 0 && part->folder_count && reviews.path && reviews.kind == DHR_ENTRY_FOLDER) {
        rc = dhr_reader_open(&reader, source, err);
        if (rc == 0)
            rc = dhr_reader_list(reader, &reviews, arena, &all, err);
    }
    for (size_t i = 0; rc == 0 && i < all.count; i++) {
        struct dhr_str path = dhr_str_of(all.items[i].path);
        if (dhr_map_find(&names, without_repeat(path), NULL))
            want_whole(part, path);
    }
    dhr_map_release(&names);
    dhr_reader_free(reader);
    return rc;
}

static void add_side(struct range_part *part, bool after, const struct dhr_entry *entry)
{
    if (after)
        *DHR_PUSH(part->after, part->after_count, part->after_capacity) = *entry;
    else
        *DHR_PUSH(part->before, part->before_count, part->before_capacity) = *entry;
}

/* The folder's own entry, and with `whole` all that it holds. */
static int add_folder(struct range_part *part, bool after, struct dhr_source *source,
                      struct dhr_reader *reader, const char *path, struct dhr_arena *arena,
                      struct dhr_err *err)
{
    struct dhr_entry folder;
    struct dhr_entries within = {NULL, 0};
    if (dhr_source_entry(source, path, &folder, err) < 0)
        return -1;
    if (!folder.path)
        return 0;
    add_side(part, after, &folder);
    if (folder.kind != DHR_ENTRY_FOLDER || strcmp(path, "reviews") == 0 ||
        !dhr_map_find(&part->whole, dhr_str_of(path), NULL))
        return 0;
    if (dhr_reader_list(reader, &folder, arena, &within, err) < 0)
        return -1;
    for (size_t i = 0; i < within.count; i++)
        add_side(part, after, &within.items[i]);
    return 0;
}

static int add_state(struct range_part *part, bool after, struct dhr_source *source,
                     const struct dhr_touched *touched, size_t count, struct dhr_arena *arena,
                     struct dhr_err *err)
{
    struct dhr_reader *reader = NULL;
    struct dhr_map folders = {0};
    struct dhr_entry settings;
    int rc = dhr_reader_open(&reader, source, err);
    if (rc == 0)
        rc = dhr_source_entry(source, ".dhrledger.ini", &settings, err);
    if (rc == 0 && settings.path)
        add_side(part, after, &settings);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct dhr_str folder = folder_of(touched[i].path);
        if (after ? touched[i].has : touched[i].had)
            add_side(part, after, after ? &touched[i].after : &touched[i].before);
        if (folder.len < strlen(touched[i].path) && dhr_map_add(&folders, folder, i))
            rc = add_folder(part, after, source, reader, dhr_str_dup(arena, folder), arena, err);
    }
    for (size_t i = 0; rc == 0 && i < part->folder_count; i++) {
        if (dhr_map_add(&folders, part->folders[i], i))
            rc = add_folder(part, after, source, reader, dhr_str_dup(arena, part->folders[i]),
                            arena, err);
    }
    dhr_map_release(&folders);
    dhr_reader_free(reader);
    return rc;
}

/* Whether one of those who owe something under it is called so. */
static bool is_held_by(const struct dhr_ledger *ledger, const struct dhr_record *record,
                       struct dhr_str addressee)
{
    struct dhr_agency_index names = {0};
    for (size_t i = 0; i < record->section_count; i++) {
        const struct dhr_record *agency = dhr_ledger_agency(ledger, record->sections[i].agency);
        const struct dhr_section *own =
            agency ? dhr_record_section(agency, DHR_SECTION_AGENCY) : NULL;
        for (size_t f = 0; own && f < own->field_count; f++) {
            enum dhr_key_id key = own->fields[f].key->id;
            if (key == DHR_KEY_AGENCY_NAME || key == DHR_KEY_AGENCY_ALIAS)
                dhr_agency_index_add(&names, own->fields[f].value, agency->id);
        }
    }
    bool held = dhr_agency_index_find(&names, addressee).len;
    dhr_agency_index_release(&names);
    return held;
}

static bool is_addressed(const struct dhr_record *record, struct dhr_str addressee)
{
    const struct dhr_section *own =
        record ? dhr_record_section(record, DHR_SECTION_RECOMMENDATION) : NULL;
    const struct dhr_field *field = NULL;
    while (own && (field = dhr_section_next(own, DHR_KEY_RECOMMENDATION_ADDRESSED_TO, field))) {
        if (dhr_str_eq(field->value, addressee))
            return true;
    }
    return false;
}

/* Whether an addressee is new that may be the names of two agencies which it doesn't refer to. */
static bool addresses_others(const struct dhr_ledger *is, const struct dhr_record *before,
                             const struct dhr_record *after)
{
    const struct dhr_section *own = dhr_record_section(after, DHR_SECTION_RECOMMENDATION);
    const struct dhr_field *field = NULL;
    while (own && (field = dhr_section_next(own, DHR_KEY_RECOMMENDATION_ADDRESSED_TO, field))) {
        if (!is_addressed(before, field->value) && !is_held_by(is, after, field->value))
            return true;
    }
    return false;
}

/* What the records of a review are compared by, one with another. */
static bool differs(const struct dhr_record *before, const struct dhr_record *after)
{
    static const enum dhr_key_id keys[] = {DHR_KEY_RECOMMENDATION_NUMBER,
                                           DHR_KEY_RECOMMENDATION_TEXT,
                                           DHR_KEY_RECOMMENDATION_EXTRACTION};
    for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
        if (!dhr_str_eq(
                dhr_section_value(dhr_record_section(before, DHR_SECTION_RECOMMENDATION), keys[i]),
                dhr_section_value(dhr_record_section(after, DHR_SECTION_RECOMMENDATION), keys[i])))
            return true;
    }
    return false;
}

/* Whether one of its references is to a record that is gone. */
static bool refers_to(const struct dhr_record *record, const struct dhr_map *gone)
{
    for (size_t i = 0; i < record->section_count; i++) {
        const struct dhr_section *section = &record->sections[i];
        if (section->agency.len && dhr_map_find(gone, section->agency, NULL))
            return true;
        for (size_t f = 0; f < section->field_count; f++) {
            if (dhr_is_reference(section->fields[f].key) &&
                dhr_map_find(gone, section->fields[f].value, NULL))
                return true;
        }
    }
    return false;
}

static void want_referring(struct range_part *part, const struct dhr_records *records,
                           const struct dhr_map *gone)
{
    struct dhr_arena *arena = part->states.arena;
    for (size_t i = 0; i < records->count; i++) {
        if (refers_to(records->items[i], gone))
            want_whole(part, dhr_str_of(dhr_str_dup(arena, folder_of(records->items[i]->path))));
    }
}

/* The ids of the records that are gone; false where none is. */
static bool find_gone(const struct range_states *states, struct dhr_map *gone)
{
    for (size_t i = 0; i < states->count; i++) {
        const struct dhr_touched *t = &states->touched[i];
        enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
        struct dhr_str id = {NULL, 0};
        if (t->had && !t->has && dhr_ident_of_path(dhr_str_of(t->path), &kind, &id))
            (void)dhr_map_add(gone, id, i);
    }
    return gone->count > 0;
}

/* Nothing but reading all of them tells which records still refer to one that is gone. */
static int want_left(struct range_part *part, struct dhr_err *err)
{
    struct dhr_map gone = {0};
    struct dhr_ledger all = {.rest = NULL};
    if (!find_gone(&part->states, &gone))
        return 0;
    int rc = dhr_ledger_load(&all, part->states.after, err);
    if (rc == 0) {
        want_referring(part, &all.reviews, &gone);
        want_referring(part, &all.recommendations, &gone);
        want_referring(part, &all.agencies, &gone);
        if (all.settings && refers_to(all.settings, &gone))
            (void)dhr_map_add(&part->whole, dhr_str_of(".dhrledger.ini"),
                              0); /* they are read anyway */
    }
    dhr_ledger_release(&all);
    dhr_map_release(&gone);
    return rc;
}

static int collect(struct range_part *part, struct dhr_err *err)
{
    const struct range_states *states = &part->states;
    part->before_count = 0;
    part->after_count = 0;
    if (want_twins(part, states->before, states->arena, err) < 0 ||
        want_twins(part, states->after, states->arena, err) < 0 ||
        add_state(part, false, states->before, states->touched, states->count, states->arena, err) <
            0)
        return -1;
    return add_state(part, true, states->after, states->touched, states->count, states->arena, err);
}

int range_part_of(struct range_part *part, const struct range_states *states, struct dhr_err *err)
{
    part->states = *states;
    for (size_t i = 0; i < states->count; i++) {
        (void)dhr_map_add(&part->touched, dhr_str_of(states->touched[i].path), i);
        want_beside(part, &states->touched[i]);
    }
    return collect(part, err);
}

int range_part_widen(struct range_part *part, const struct dhr_ledger *was,
                     const struct dhr_ledger *is, bool *wider, struct dhr_err *err)
{
    const struct range_states *states = &part->states;
    size_t folders = part->folder_count;
    for (size_t i = 0; i < states->count; i++) {
        const struct dhr_touched *t = &states->touched[i];
        enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
        struct dhr_str id = {NULL, 0};
        if (!t->has || !dhr_ident_of_path(dhr_str_of(t->path), &kind, &id) ||
            kind != DHR_RECORD_RECOMMENDATION)
            continue;
        const struct dhr_record *a = dhr_ledger_recommendation(was, id);
        const struct dhr_record *b = dhr_ledger_recommendation(is, id);
        if (a && b && differs(a, b))
            want_whole(part, folder_of(t->path));
        if (b && addresses_others(is, a, b))
            want_whole(part, dhr_str_of("agencies"));
    }
    if (want_left(part, err) < 0)
        return -1;
    *wider = part->folder_count > folders;
    return *wider ? collect(part, err) : 0;
}

bool range_part_concerns(const struct range_part *part, const char *path)
{
    return dhr_map_find(&part->touched, dhr_str_of(path), NULL) ||
           dhr_map_find(&part->whole, folder_of(path), NULL) ||
           dhr_map_find(&part->whole, dhr_str_of(path), NULL);
}

void range_part_release(struct range_part *part)
{
    free(part->before);
    free(part->after);
    free(part->folders);
    dhr_map_release(&part->touched);
    dhr_map_release(&part->whole);
}
