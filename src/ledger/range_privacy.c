/*
 * Personal data over a range. What was added and taken out again is in the history all the same,
 * so every commit is looked at; but each text once, and only what its parents don't hold.
 */
#include <string.h>

#include "check_change.h"
#include "check_internal.h"
#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/map.h"

struct scanning {
    const struct range_changes *c;
    struct dhr_reader *before;
    struct dhr_reader *after;
    struct dhr_map known; /* texts that were looked at, and paths, which are longer */
};

static struct dhr_str id_of(const struct dhr_entry *entry)
{
    return dhr_str_span((const char *)entry->object_id, sizeof(entry->object_id));
}

static enum dhr_text_kind kind_of(const char *path)
{
    return strcmp(path, ".dhrledger.ini") == 0 ? DHR_TEXT_SETTINGS : DHR_TEXT_RECORD;
}

/* Empty where it is no file, or too large to be a record: other rules speak of that. */
static struct dhr_str text_of(struct scanning *s, struct dhr_reader *reader,
                              const struct dhr_entry *entry)
{
    struct dhr_str text = {NULL, 0};
    struct dhr_err ignored = {0};
    if (entry->kind != DHR_ENTRY_FILE ||
        dhr_reader_read(reader, entry, s->c->arena, &text, &ignored) < 0)
        return (struct dhr_str){NULL, 0};
    return text;
}

/* The text before the range in the place from where something came here; without it all is new. */
static struct dhr_str text_moved(struct scanning *s, const char *origin)
{
    struct dhr_entry entry;
    struct dhr_err ignored = {0};
    if (!origin || dhr_source_entry(s->c->range->before, origin, &entry, &ignored) < 0 ||
        !entry.path)
        return (struct dhr_str){NULL, 0};
    return text_of(s, s->before, &entry);
}

/* What the range comes to. */
static void check_outcome(struct scanning *s, const struct dhr_touched *t)
{
    const struct dhr_guard *guard = s->c->range->guard;
    if (t->had)
        (void)dhr_map_add(&s->known, id_of(&t->before), 0);
    if (!t->has)
        return;
    (void)dhr_map_add(&s->known, id_of(&t->after), 0);
    (void)dhr_map_add(&s->known, dhr_str_of(t->path), 0);
    const char *origin = t->had ? NULL : range_origin(s->c->moves, t->path);
    if (!t->had)
        dhr_check_path(t->path, origin ? origin : "", guard, s->c->findings);
    struct dhr_str after = text_of(s, s->after, &t->after);
    struct dhr_str before = {NULL, 0};
    if (after.len)
        before = t->had ? text_of(s, s->before, &t->before) : text_moved(s, origin);
    dhr_check_text(t->path, after, kind_of(t->path), before, guard, s->c->findings);
}

/* What comments in that text accept. */
static void accept_past(const struct range_changes *c, const char *path, const char *shown,
                        struct dhr_str text, struct dhr_findings *found)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    struct dhr_findings read = {0};
    struct range_allows allows = {0};
    struct dhr_ini ini = {0};
    if (!dhr_ident_of_path(dhr_str_of(path), &kind, &id))
        return;
    dhr_ini_parse(&ini, kind, shown, text, &read);
    sort_past_allows(c, path, &read, &allows);
    dhr_findings_regrade(found, c->after->grading);
    accept_new(&allows, found, c->accepted);
    range_allows_release(&allows);
    dhr_findings_release(&read);
    dhr_ini_release(&ini);
}

/* A dhr_added_fn: what was there on the way only. */
static int check_added(void *user, const struct dhr_added *added)
{
    struct scanning *s = user;
    const struct range_changes *c = s->c;
    const char *path = added->entry.path;
    struct dhr_str before[2] = {{NULL, 0}, {NULL, 0}};
    const char *origin = added->before_count ? NULL : range_origin(c->moves, path);
    if (!added->before_count && dhr_map_add(&s->known, dhr_str_of(path), 0))
        dhr_check_path(path, origin ? origin : "", c->range->guard, c->findings);
    if (!dhr_map_add(&s->known, id_of(&added->entry), 0))
        return 0;
    for (size_t i = 0; i < added->before_count && i < 2; i++)
        before[i] = text_of(s, s->after, &added->before[i]);
    if (origin)
        before[0] = text_moved(s, origin);
    const char *shown = dhr_arena_printf(c->arena, "commit %.12s: %s", added->commit->id, path);
    struct dhr_str text = text_of(s, s->after, &added->entry);
    struct dhr_findings found = {0};
    check_past_text(shown, text, kind_of(path), before, c->range->guard, &found);
    if (found.count)
        accept_past(c, path, shown, text, &found);
    dhr_findings_take(c->findings, &found);
    return 0;
}

static void check_messages(const struct range_changes *c)
{
    for (size_t i = 0; i < c->commit_count; i++) {
        const struct dhr_range_commit *commit = &c->commits[i];
        const char *path = commit->id[0] ? dhr_arena_printf(c->arena, "commit %.12s", commit->id)
                                         : "the commit's message";
        dhr_check_text(path, dhr_str_of(commit->message), DHR_TEXT_PROSE, (struct dhr_str){NULL, 0},
                       c->range->guard, c->findings);
    }
}

int check_range_privacy(const struct range_changes *c, struct dhr_err *err)
{
    const struct dhr_range *range = c->range;
    struct scanning s = {.c = c};
    int rc = dhr_reader_open(&s.before, range->before, err);
    if (rc == 0)
        rc = dhr_reader_open(&s.after, range->after, err);
    for (size_t i = 0; rc == 0 && i < c->touched_count; i++)
        check_outcome(&s, &c->touched[i]);
    /* One commit alone comes to what it brings. */
    if (rc == 0 && !range->staged && c->commit_count > 1)
        rc = dhr_range_walk_added(range->repo, range->prefix, c->commits, c->commit_count, c->arena,
                                  check_added, &s, err);
    if (rc == 0)
        check_messages(c);
    dhr_map_release(&s.known);
    dhr_reader_free(s.after);
    dhr_reader_free(s.before);
    return rc;
}
