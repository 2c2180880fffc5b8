#include "dhrledger/rename.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/check.h"
#include "dhrledger/difference.h"
#include "dhrledger/ident.h"
#include "dhrledger/message.h"
#include "dhrledger/utf8.h"
#include "rename_internal.h"

/* A rename at work. */
struct renaming {
    struct dhr_rename *plan;
    struct dhr_ref from;
    struct dhr_str to;
    const char *old_place; /* what moves: a file, or a review's folder */
    const char *new_place;
    bool merge;
    struct dhr_err *err;
};

/* One file at work: its bytes so far, parsed anew after each edit. */
struct file {
    struct renaming *r;
    const char *path;
    enum dhr_record_kind kind;
    struct dhr_str id;
    struct dhr_ini ini;
    struct dhr_findings findings;
    const struct dhr_record *record;
};

static void parse(struct file *f, struct dhr_str bytes)
{
    dhr_findings_release(&f->findings);
    dhr_ini_parse(&f->ini, f->kind, f->path, bytes, &f->findings);
    f->record = dhr_ini_record(&f->ini, f->r->plan->arena, &f->findings);
}

/* Go on with what an edit has written. */
static void take(struct file *f, struct dhr_buf *out)
{
    char *bytes = dhr_arena_dup(f->r->plan->arena, dhr_buf_cstr(out), out->len);
    size_t len = out->len;
    dhr_buf_release(out);
    parse(f, dhr_str_span(bytes, len));
}

struct values {
    struct dhr_str *items;
    size_t count;
    size_t capacity;
};

static bool has_value(const struct values *values, struct dhr_str value)
{
    for (size_t i = 0; i < values->count; i++) {
        if (dhr_str_eq(values->items[i], value))
            return true;
    }
    return false;
}

static void add_value(struct values *values, struct dhr_str value)
{
    if (value.len && !has_value(values, value))
        *DHR_PUSH(values->items, values->count, values->capacity) = value;
}

/* The key's items but for one, each once. */
static void add_values(struct values *values, const struct dhr_record *record, enum dhr_key_id key,
                       struct dhr_str but)
{
    const struct dhr_section *section = dhr_record_section(record, dhr_schema_key(key)->section);
    const struct dhr_field *field = NULL;
    while ((field = dhr_section_next(section, key, field))) {
        if (!dhr_str_eq(field->value, but))
            add_value(values, field->value);
    }
}

static int put_values(struct file *f, enum dhr_key_id id, struct values *values)
{
    const struct dhr_key *key = dhr_schema_key(id);
    const struct dhr_edit edit = {
        .section = key->section, .key = key, .values = values->items, .count = values->count};
    struct dhr_buf out = {0};
    int rc = dhr_ini_edit(&f->ini, &edit, &out, f->r->err);
    if (rc == 0)
        take(f, &out);
    else
        dhr_buf_release(&out);
    free(values->items);
    *values = (struct values){0};
    return rc;
}

static enum dhr_key_id formerly_of(enum dhr_record_kind kind)
{
    return kind == DHR_RECORD_AGENCY   ? DHR_KEY_AGENCY_FORMERLY
           : kind == DHR_RECORD_REVIEW ? DHR_KEY_REVIEW_FORMERLY
                                       : DHR_KEY_RECOMMENDATION_FORMERLY;
}

/* The old id, unless it is personal data, which would come back under formerly. */
static void add_old_id(struct file *f, struct values *values)
{
    struct dhr_rename *plan = f->r->plan;
    const char *id = dhr_str_dup(plan->arena, f->r->from.id);
    if (strcmp(dhr_path_without(id, plan->guard, plan->arena), id) == 0)
        add_value(values, f->r->from.id);
    else
        plan->forgotten = true;
}

/* A record that gets back an id it once had is no longer formerly that; merged may be NULL. */
static int put_formerly(struct file *f, const struct dhr_record *merged)
{
    struct values values = {0};
    enum dhr_key_id key = formerly_of(f->kind);
    add_values(&values, f->record, key, f->r->to);
    if (merged)
        add_values(&values, merged, key, f->r->to);
    add_old_id(f, &values);
    return put_values(f, key, &values);
}

static bool same_name(struct dhr_str a, struct dhr_str b)
{
    struct dhr_buf x = {0};
    struct dhr_buf y = {0};
    dhr_utf8_add_folded(&x, a);
    dhr_utf8_add_folded(&y, b);
    bool same = dhr_str_eq(dhr_buf_str(&x), dhr_buf_str(&y));
    dhr_buf_release(&x);
    dhr_buf_release(&y);
    return same;
}

static bool is_known(const struct values *aliases, struct dhr_str name, struct dhr_str own_name)
{
    bool known = same_name(name, own_name);
    for (size_t i = 0; i < aliases->count; i++)
        known = known || same_name(name, aliases->items[i]);
    return known;
}

/* What the merged agency was called, and the ids it had. */
static int take_over(struct file *f, const struct dhr_record *merged)
{
    struct values aliases = {0};
    struct values names = {0};
    struct dhr_str own_name =
        dhr_section_value(dhr_record_section(f->record, DHR_SECTION_AGENCY), DHR_KEY_AGENCY_NAME);
    add_values(&aliases, f->record, DHR_KEY_AGENCY_ALIAS, (struct dhr_str){NULL, 0});
    add_values(&names, merged, DHR_KEY_AGENCY_NAME, (struct dhr_str){NULL, 0});
    add_values(&names, merged, DHR_KEY_AGENCY_ALIAS, (struct dhr_str){NULL, 0});
    for (size_t i = 0; i < names.count; i++) {
        if (!is_known(&aliases, names.items[i], own_name))
            add_value(&aliases, names.items[i]);
    }
    free(names.items);
    int rc = put_values(f, DHR_KEY_AGENCY_ALIAS, &aliases);
    return rc < 0 ? rc : put_formerly(f, merged);
}

/* After a merge a list may name the agency twice, or an agency itself as its successor. */
static int drop_doubles(struct file *f)
{
    struct values values = {0};
    bool agency = f->kind == DHR_RECORD_AGENCY;
    if (!f->r->merge || (!agency && f->kind != DHR_RECORD_REVIEW))
        return 0;
    enum dhr_key_id key = agency ? DHR_KEY_AGENCY_SUCCESSOR : DHR_KEY_REVIEW_COMMISSIONED_BY;
    add_values(&values, f->record, key, agency ? f->id : (struct dhr_str){NULL, 0});
    return put_values(f, key, &values);
}

/* A file that was in canonical layout stays so, though a longer id may need a line of its own. */
static void format(struct file *f, bool canonical)
{
    struct dhr_buf out = {0};
    struct dhr_err ignored = {0};
    if (canonical && dhr_ini_format(&f->ini, &out, &ignored) == 0)
        take(f, &out);
    else
        dhr_buf_release(&out);
}

static bool is_canonical(const struct file *f)
{
    struct dhr_buf out = {0};
    struct dhr_err ignored = {0};
    bool canonical =
        dhr_ini_format(&f->ini, &out, &ignored) == 0 && dhr_str_eq(dhr_buf_str(&out), f->ini.bytes);
    dhr_buf_release(&out);
    return canonical;
}

/* The record as it will be: what it refers to is looked for under the new ids. */
static bool will_have(const void *user, enum dhr_record_kind kind, struct dhr_str id)
{
    const struct renaming *r = user;
    struct dhr_arena scratch = {0};
    const char *path = kind == DHR_RECORD_REVIEW
                           ? dhr_arena_printf(&scratch, "reviews/%.*s/review.ini", DHR_ARG(id))
                           : dhr_rename_place(r->plan, kind, id);
    size_t new_len = strlen(r->new_place);
    bool folder = r->from.kind == DHR_RECORD_REVIEW;
    bool has = false;
    if (folder && strncmp(path, r->new_place, new_len) == 0)
        path = dhr_arena_printf(&scratch, "%s%s", r->old_place, path + new_len);
    else if (!folder && !r->merge && strcmp(path, r->new_place) == 0)
        path = r->old_place;
    else if (folder ? strncmp(path, r->old_place, strlen(r->old_place)) == 0
                    : strcmp(path, r->old_place) == 0)
        path = "";
    for (size_t i = 0; i < DHR_RENAME_STATES && r->plan->ledgers[i]; i++) {
        const struct dhr_catalog catalog = {r->plan->ledgers[i]->entries,
                                            r->plan->ledgers[i]->entry_count, &scratch, NULL};
        has = has || dhr_catalog_has_path(&catalog, path);
    }
    dhr_arena_release(&scratch);
    return has;
}

/*
 * A section with a new label would be a difference for every key it has, and [people]
 * one that lists them all; both are named once instead, by their headings.
 */
static void add_trailers(const struct file *f, const struct dhr_record *before)
{
    const struct renaming *r = f->r;
    struct dhr_buf *out = &r->plan->trailers;
    struct dhr_differences all = {0};
    struct dhr_differences own = {0};
    const char *heading = NULL;
    dhr_message_add_record(out, f->id.len ? f->id : dhr_str_of(f->path));
    dhr_differences_of(&all, before, f->record, r->plan->arena);
    for (size_t i = 0; i < all.count; i++) {
        const struct dhr_key *key = all.items[i].key;
        if (all.items[i].agency.len)
            heading = "agency";
        else if (strcmp(key->name, "*") == 0)
            heading = dhr_schema_section(key->section)->heading;
        else
            *DHR_PUSH(own.items, own.count, own.capacity) = all.items[i];
    }
    if (heading)
        dhr_message_add_change(out, heading, r->from.id, r->to);
    dhr_message_add_differences(out, &own);
    dhr_differences_release(&all);
    dhr_differences_release(&own);
}

/* Where the file goes: elsewhere if it is what is renamed, or in its folder. */
static const char *new_path(const struct renaming *r, const char *path)
{
    size_t len = strlen(r->old_place);
    bool folder = r->from.kind == DHR_RECORD_REVIEW;
    if (r->merge ||
        (folder ? strncmp(path, r->old_place, len) != 0 : strcmp(path, r->old_place) != 0))
        return path;
    return dhr_arena_printf(r->plan->arena, "%s%s", r->new_place, folder ? path + len : "");
}

static bool is_merged(const struct renaming *r, const char *path)
{
    return r->merge && strcmp(path, r->old_place) == 0;
}

/* The edits of one record, from what it refers to down to its layout. */
static int edit_record(struct file *f, const struct dhr_record *merged)
{
    struct renaming *r = f->r;
    struct dhr_buf out = {0};
    bool canonical = is_canonical(f);
    bool renamed = !r->merge && f->kind == r->from.kind && dhr_str_eq(f->id, r->to);
    (void)dhr_ini_rename(&f->ini, r->from, r->to, &out);
    take(f, &out);
    int rc = drop_doubles(f);
    if (rc == 0 && renamed)
        rc = put_formerly(f, NULL);
    if (rc == 0 && r->merge && strcmp(f->path, r->new_place) == 0)
        rc = take_over(f, merged);
    if (rc == 0)
        format(f, canonical);
    return rc;
}

static void add_changes(struct renaming *r, const char *path, const char *to, struct dhr_str bytes)
{
    if (strcmp(path, to) == 0) {
        dhr_rename_add(r->plan, DHR_CHANGE_EDIT, path, bytes);
        return;
    }
    dhr_rename_add(r->plan, DHR_CHANGE_REMOVE, path, (struct dhr_str){NULL, 0});
    dhr_rename_add(r->plan, DHR_CHANGE_ADD, to, bytes);
}

static int change_file(struct renaming *r, const char *path, const struct dhr_record *merged)
{
    struct dhr_str bytes = {NULL, 0};
    const char *to = new_path(r, path);
    struct file f = {.r = r, .path = to};
    if (r->plan->read(r->plan->user, path, r->plan->arena, &bytes, r->err) < 0)
        return -1;
    if (is_merged(r, path)) {
        dhr_rename_add(r->plan, DHR_CHANGE_REMOVE, path, (struct dhr_str){NULL, 0});
        dhr_message_add_record(&r->plan->trailers, r->from.id);
        return 0;
    }
    if (!dhr_ident_of_path(dhr_str_of(to), &f.kind, &f.id)) {
        add_changes(r, path, to, bytes); /* no record, but in a review's folder */
        return 0;
    }
    parse(&f, bytes);
    const struct dhr_record *before = f.record;
    struct dhr_findings old = f.findings;
    f.findings = (struct dhr_findings){0};
    dhr_check_record(before, will_have, r, r->plan->ledgers[0]->today, &old);
    int rc = edit_record(&f, merged);
    if (rc == 0) {
        add_changes(r, path, to, f.ini.bytes);
        add_trailers(&f, before);
        dhr_check_record(f.record, will_have, r, r->plan->ledgers[0]->today, &f.findings);
        dhr_findings_drop(&f.findings, &old); /* for another change to mend */
        dhr_findings_take(&r->plan->findings, &f.findings);
    }
    dhr_findings_release(&old);
    dhr_findings_release(&f.findings);
    dhr_ini_release(&f.ini);
    return rc;
}

static int change_files(struct renaming *r, const struct dhr_record *merged)
{
    struct dhr_paths paths = {0};
    int rc = 0;
    dhr_paths_at(&paths, r->plan, r->old_place);
    if (r->merge)
        dhr_paths_add(&paths, r->new_place);
    dhr_paths_referring(&paths, r->plan, r->from);
    dhr_paths_sort(&paths);
    for (size_t i = 0; rc == 0 && i < paths.count; i++)
        rc = change_file(r, paths.items[i], merged);
    dhr_paths_release(&paths);
    return rc;
}

/* Whether any state has something there, also in another case, other than what moves. */
static bool is_taken(const struct renaming *r)
{
    size_t len = strlen(r->new_place);
    bool folder = r->from.kind == DHR_RECORD_REVIEW;
    size_t shown = folder ? len - 1 : len; /* without the slash: a file is in the way, too */
    for (size_t i = 0; i < DHR_RENAME_STATES && r->plan->ledgers[i]; i++) {
        const struct dhr_ledger *ledger = r->plan->ledgers[i];
        for (size_t e = 0; e < ledger->entry_count; e++) {
            const char *path = ledger->entries[e].path;
            if (strncasecmp(path, r->new_place, shown) == 0 && path[shown] == '\0' &&
                strcmp(path, r->old_place) != 0)
                return true;
        }
    }
    return false;
}

/* What the user typed as an id of that kind; a recommendation's number stays in its review. */
static struct dhr_str typed_id(const struct dhr_rename *plan, const struct dhr_name *from,
                               const char *typed)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    if (dhr_ident_of_path(dhr_str_of(typed), &kind, &id) && kind == from->kind)
        return id;
    if (from->kind != DHR_RECORD_RECOMMENDATION || strchr(typed, '/'))
        return dhr_str_of(typed);
    struct dhr_str review = {NULL, 0};
    struct dhr_str rest = from->id;
    (void)dhr_str_split(&rest, '/', &review);
    return dhr_str_of(dhr_arena_printf(plan->arena, "%.*s/%s", DHR_ARG(review), typed));
}

static int check_id(const struct renaming *r)
{
    struct dhr_str review = {NULL, 0};
    struct dhr_str name = r->to;
    bool recommendation = r->from.kind == DHR_RECORD_RECOMMENDATION;
    if (dhr_str_eq(r->to, r->from.id))
        return dhr_fail(r->err, DHR_USAGE, "%.*s: is its id already", DHR_ARG(r->to));
    if (!(recommendation ? dhr_ident_recommendation_ok(r->to) : dhr_ident_ok(r->to)))
        return dhr_fail(r->err, DHR_USAGE, "\"%.*s\": can't be %s", DHR_ARG(r->to),
                        recommendation
                            ? "a recommendation's id; write REVIEW/NUMBER, or NUMBER "
                              "alone, with letters, digits, dots and hyphens"
                            : "an id; use small letters, digits and hyphens, at most 64");
    if (recommendation)
        (void)dhr_str_split(&name, '/', &review);
    if (dhr_ident_reserved(name))
        return dhr_fail(r->err, DHR_USAGE,
                        "\"%.*s\": is kept, by Windows for a device or here for review.ini; choose "
                        "another",
                        DHR_ARG(name));
    if (recommendation && !will_have(r, DHR_RECORD_REVIEW, review))
        return dhr_fail(r->err, DHR_USAGE, "%.*s: the ledger has no review %.*s", DHR_ARG(r->to),
                        DHR_ARG(review));
    if (is_taken(r))
        return dhr_fail(r->err, DHR_USAGE, "%.*s: is there already%s", DHR_ARG(r->to),
                        r->from.kind == DHR_RECORD_AGENCY ? "; to make one agency of the two, use "
                                                            "--merge"
                                                          : "; choose another");
    return 0;
}

/* A review's folder moves whole, so it may hold nothing but files. */
static int check_folder(const struct renaming *r)
{
    size_t len = strlen(r->old_place);
    for (size_t i = 0; i < DHR_RENAME_STATES && r->plan->ledgers[i]; i++) {
        const struct dhr_ledger *ledger = r->plan->ledgers[i];
        for (size_t e = 0; e < ledger->entry_count; e++) {
            const struct dhr_entry *entry = &ledger->entries[e];
            if (strncmp(entry->path, r->old_place, len) == 0 && entry->kind != DHR_ENTRY_FILE)
                return dhr_fail(r->err, DHR_CONFLICT,
                                "%s: is no file, so it can't be moved along; take it out of the "
                                "review's folder first",
                                entry->path);
        }
    }
    return 0;
}

int dhr_rename_record(struct dhr_rename *plan, const struct dhr_name *from, const char *to,
                      struct dhr_err *err)
{
    struct renaming r = {.plan = plan, .from = {from->kind, from->id}, .err = err};
    r.to = typed_id(plan, from, to);
    r.old_place = dhr_rename_place(plan, from->kind, from->id);
    r.new_place = dhr_rename_place(plan, from->kind, r.to);
    dhr_buf_addf(&plan->subject, "%.*s: renamed to %.*s", DHR_ARG(from->id), DHR_ARG(r.to));
    return check_id(&r) < 0 || check_folder(&r) < 0 ? -1 : change_files(&r, NULL);
}

/* Recommendations of which both agencies have a section: how many, and the first. */
static size_t find_shared(const struct renaming *r, struct dhr_str *first)
{
    struct dhr_paths shared = {0};
    for (size_t i = 0; i < DHR_RENAME_STATES && r->plan->ledgers[i]; i++) {
        const struct dhr_records *all = &r->plan->ledgers[i]->recommendations;
        for (size_t j = 0; j < all->count; j++) {
            if (dhr_record_addressee(all->items[j], r->from.id) &&
                dhr_record_addressee(all->items[j], r->to))
                dhr_paths_add(&shared, all->items[j]->path);
        }
    }
    dhr_paths_sort(&shared);
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    size_t count = shared.count;
    if (count)
        (void)dhr_ident_of_path(dhr_str_of(shared.items[0]), &kind, first);
    dhr_paths_release(&shared);
    return count;
}

int dhr_rename_merge(struct dhr_rename *plan, const struct dhr_name *from,
                     const struct dhr_name *into, struct dhr_err *err)
{
    struct renaming r = {
        .plan = plan, .from = {from->kind, from->id}, .to = into->id, .merge = true, .err = err};
    struct dhr_str first = {NULL, 0};
    if (from->kind != DHR_RECORD_AGENCY || into->kind != DHR_RECORD_AGENCY)
        return dhr_fail(err, DHR_USAGE, "--merge makes one agency of two; %.*s is none",
                        DHR_ARG(from->kind != DHR_RECORD_AGENCY ? from->id : into->id));
    if (dhr_str_eq(from->id, into->id))
        return dhr_fail(err, DHR_USAGE, "%.*s: is named twice", DHR_ARG(from->id));
    r.old_place = from->path;
    r.new_place = into->path;
    size_t shared = find_shared(&r, &first);
    if (shared)
        return dhr_fail(err, DHR_FOUND,
                        "%.*s%s: both %.*s and %.*s hold it; keep one of the two sections by hand "
                        "and commit that, then merge; nothing was changed",
                        DHR_ARG(first),
                        shared > 1 ? dhr_arena_printf(plan->arena, " and %zu more", shared - 1)
                                   : "",
                        DHR_ARG(from->id), DHR_ARG(into->id));
    const struct dhr_record *merged = NULL;
    for (size_t i = 0; i < DHR_RENAME_STATES && plan->ledgers[i] && !merged; i++)
        merged = dhr_ledger_agency(plan->ledgers[i], from->id);
    if (!merged)
        return dhr_fail(err, DHR_UNREADABLE, "%s: can't be read; \"dhrledger check\" says why",
                        from->path);
    dhr_buf_addf(&plan->subject, "%.*s: merged into %.*s", DHR_ARG(from->id), DHR_ARG(into->id));
    return change_files(&r, merged);
}
