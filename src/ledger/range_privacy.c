/*
 * Personal data over a range. What was added and taken out again is in the history all the same,
 * so every commit is looked at; but each text once, and only what its parents don't hold.
 */
#include <stdlib.h>
#include <string.h>

#include "check_change.h"
#include "check_internal.h"
#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/map.h"
#include "range_mend.h"

struct scanning {
    const struct range_changes *c;
    struct dhr_reader *before;
    struct dhr_reader *after;
    struct dhr_map known; /* texts that were looked at, and paths, which are longer */
    struct range_mend mend;
    struct dhr_arena scratch; /* for one file or message */
    bool too_large;           /* the text that was asked for last */
    struct dhr_err *err;
    int rc;
};

static struct dhr_str id_of(const struct dhr_entry *entry)
{
    return dhr_str_span((const char *)entry->object_id, sizeof(entry->object_id));
}

static enum dhr_text_kind kind_of(const char *path)
{
    return strcmp(path, ".dhrledger.ini") == 0 ? DHR_TEXT_SETTINGS : DHR_TEXT_RECORD;
}

/* What can't be read may hold anything: the first such failure is the search's own. */
static struct dhr_str fail(struct scanning *s, const struct dhr_err *why)
{
    if (s->rc == 0)
        *s->err = *why;
    s->rc = -1;
    return (struct dhr_str){NULL, 0};
}

/* Empty where it is no file, or too large to be a record. */
static struct dhr_str text_of(struct scanning *s, struct dhr_reader *reader,
                              const struct dhr_entry *entry)
{
    struct dhr_str text = {NULL, 0};
    struct dhr_err err = {0};
    s->too_large = false;
    if (entry->kind != DHR_ENTRY_FILE ||
        dhr_reader_read(reader, entry, &s->scratch, &text, &err) == 0)
        return text;
    s->too_large = err.status == DHR_FOUND;
    return s->too_large ? (struct dhr_str){NULL, 0} : fail(s, &err);
}

/* The text before the range in the place from where something came here; without it all is new. */
static struct dhr_str text_moved(struct scanning *s, const char *origin)
{
    struct dhr_entry entry = {.path = NULL};
    struct dhr_err err = {0};
    if (origin && dhr_source_entry(s->c->range->before, origin, &entry, &err) < 0)
        return fail(s, &err);
    return entry.path ? text_of(s, s->before, &entry) : (struct dhr_str){NULL, 0};
}

/* A dhr_mend, of what the range comes to. */
static const char *mend_outcome(void *user, const char *path, struct dhr_str piece)
{
    struct scanning *s = user;
    return range_mend_file(&s->mend, path, piece);
}

/* What the range comes to is looked at there, and not on the way. */
static void know_outcome(struct scanning *s, const struct dhr_touched *t)
{
    if (t->had)
        (void)dhr_map_add(&s->known, id_of(&t->before), 0);
    if (!t->has)
        return;
    (void)dhr_map_add(&s->known, id_of(&t->after), 0);
    (void)dhr_map_add(&s->known, dhr_str_of(t->path), 0);
}

static void check_outcome(struct scanning *s, const struct dhr_touched *t)
{
    dhr_arena_clear(&s->scratch);
    const struct dhr_guard *guard = s->c->range->guard;
    const struct dhr_mend mend = {mend_outcome, s};
    if (!t->has)
        return;
    const char *origin = t->had ? NULL : range_origin(s->c->moves, t->path);
    if (!t->had)
        dhr_check_path_made(t->path, origin ? origin : "", guard, &mend, s->c->findings);
    struct dhr_str after = text_of(s, s->after, &t->after);
    struct dhr_str before = {NULL, 0};
    if (after.len)
        before = t->had ? text_of(s, s->before, &t->before) : text_moved(s, origin);
    dhr_check_text_made(t->path, after, kind_of(t->path), before, guard, &mend, s->c->findings);
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

/* A commit of a range, and what it has to do with it. */
struct made {
    const struct scanning *s;
    const struct dhr_range_commit *commit;
    bool message;
};

/* A dhr_mend, of a known commit. */
static const char *mend_made(void *user, const char *path, struct dhr_str piece)
{
    const struct made *made = user;
    (void)path;
    (void)piece;
    return range_mend_commit(&made->s->mend, made->commit, made->message);
}

static int by_path(const void *path, const void *touched)
{
    return strcmp(path, ((const struct dhr_touched *)touched)->path);
}

/* What the range comes to at a path, or nothing. */
static struct dhr_str outcome_at(struct scanning *s, const char *path)
{
    const struct range_changes *c = s->c;
    const struct dhr_touched *t = bsearch(path, c->touched, c->touched_count, sizeof(*t), by_path);
    return t && t->has ? text_of(s, s->after, &t->after) : (struct dhr_str){NULL, 0};
}

/* Of what the range comes to, the check of that state says so. */
static void report_large(const struct range_changes *c, const char *path, const char *shown,
                         const char *mend)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    if (dhr_ident_of_path(dhr_str_of(path), &kind, &id))
        dhr_findings_add(c->findings, DHR_RULE_TOO_LARGE, shown, 0, 0,
                         "larger than %d bytes, so it was not searched for personal data; take it "
                         "out %s: it stays in the history though a later commit takes it out",
                         (int)DHR_RECORD_MAX_BYTES, mend);
}

/* What a text brought that neither its forerunners have nor what the range comes to. */
static void check_past(struct scanning *s, const struct dhr_added *added, const char *origin,
                       const struct dhr_mend *mend)
{
    const struct range_changes *c = s->c;
    const char *path = added->entry.path;
    struct dhr_str others[PAST_OTHERS] = {{NULL, 0}};
    struct dhr_findings found = {0};
    for (size_t i = 0; i < added->before_count && i + 1 < PAST_OTHERS; i++)
        others[i] = text_of(s, s->after, &added->before[i]);
    if (origin)
        others[0] = text_moved(s, origin);
    struct dhr_str text = text_of(s, s->after, &added->entry);
    const char *shown = dhr_arena_printf(&s->scratch, "commit %.12s: %s", added->commit->id, path);
    if (s->too_large)
        report_large(c, path, shown, mend->of(mend->user, path, text));
    check_past_text(shown, text, kind_of(path), others, c->range->guard, mend, &found);
    if (found.count) {
        dhr_findings_release(&found);
        others[PAST_OTHERS - 1] = outcome_at(s, path);
        check_past_text(shown, text, kind_of(path), others, c->range->guard, mend, &found);
        accept_past(c, path, shown, text, &found);
    }
    dhr_findings_take(c->findings, &found);
}

/* Whether it was not known so far; the key may go. */
static bool learn(struct scanning *s, struct dhr_str key)
{
    if (dhr_map_find(&s->known, key, NULL))
        return false;
    key.ptr = dhr_arena_dup(s->c->arena, key.ptr, key.len);
    return dhr_map_add(&s->known, key, 0);
}

/* A dhr_added_fn: what was there on the way only. */
static int check_added(void *user, const struct dhr_added *added)
{
    struct scanning *s = user;
    const struct range_changes *c = s->c;
    const char *path = added->entry.path;
    struct made made = {s, added->commit, false};
    const struct dhr_mend mend = {mend_made, &made};
    const char *origin = added->before_count ? NULL : range_origin(c->moves, path);
    range_mend_add(&s->mend, added);
    dhr_arena_clear(&s->scratch);
    if (!added->before_count && learn(s, dhr_str_of(path)))
        dhr_check_path_made(path, origin ? origin : "", c->range->guard, &mend, c->findings);
    if (learn(s, id_of(&added->entry)))
        check_past(s, added, origin, &mend);
    return s->rc;
}

static void check_messages(struct scanning *s)
{
    const struct range_changes *c = s->c;
    for (size_t i = 0; i < c->commit_count; i++) {
        const struct dhr_range_commit *commit = &c->commits[i];
        struct made made = {s, commit, true};
        const struct dhr_mend mend = {mend_made, &made};
        dhr_arena_clear(&s->scratch);
        const char *path =
            commit->id[0] ? dhr_arena_printf(&s->scratch, "the message of commit %.12s", commit->id)
                          : "the commit's message";
        dhr_check_text_made(path, dhr_str_of(commit->message), DHR_TEXT_PROSE,
                            (struct dhr_str){NULL, 0}, c->range->guard, &mend, c->findings);
    }
}

static int check_files(struct scanning *s, struct dhr_err *err)
{
    const struct range_changes *c = s->c;
    const struct dhr_range *range = c->range;
    int rc = 0;
    for (size_t i = 0; i < c->touched_count; i++)
        know_outcome(s, &c->touched[i]);
    /* One commit alone comes to what it brings. */
    if (rc == 0 && !range->staged && c->commit_count > 1)
        rc = dhr_range_walk_added(range->repo, range->prefix, c->commits, c->commit_count,
                                  check_added, s, err);
    for (size_t i = 0; rc == 0 && i < c->touched_count; i++) {
        check_outcome(s, &c->touched[i]);
        rc = s->rc;
    }
    return rc;
}

int check_range_privacy(const struct range_changes *c, struct dhr_err *err)
{
    const struct dhr_range *range = c->range;
    struct scanning s = {.c = c, .err = err};
    int rc = dhr_reader_open(&s.before, range->before, err);
    if (rc == 0)
        rc = dhr_reader_open(&s.after, range->after, err);
    range_mend_init(&s.mend, c, s.after);
    if (rc == 0 && range->judge != DHR_JUDGE_MESSAGE)
        rc = check_files(&s, err);
    if (rc == 0)
        check_messages(&s);
    range_mend_release(&s.mend);
    dhr_map_release(&s.known);
    dhr_arena_release(&s.scratch);
    dhr_reader_free(s.after);
    dhr_reader_free(s.before);
    return rc;
}
