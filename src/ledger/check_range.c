/* A range of history: what it touched is read in both states, and each pair of records judged. */
#include "dhrledger/check_range.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "check_change.h"
#include "dhrledger/check.h"
#include "dhrledger/check_report.h"
#include "dhrledger/ident.h"
#include "range_part.h"

/* Two ids of a record, and its paths. */
struct moved {
    const struct dhr_record *from;
    const struct dhr_record *to;
};

struct checking {
    const struct dhr_range *range;
    const struct dhr_ledger *after;
    struct dhr_ledger before;
    struct dhr_touched *touched;
    size_t touched_count;
    struct range_part part;
    struct range_told *told; /* the range's own commits, and those that a merge brings in */
    struct range_moves moves;
    struct range_allows allows;
    bool begins;         /* the ledger, in this range: nobody was there to agree to anything */
    struct moved *moved; /* records of the state before that have another id now; owned */
    size_t moved_count, moved_capacity;
    struct dhr_findings *findings;
    struct dhr_findings *accepted;
    struct dhr_arena arena;
};

static const struct dhr_record *record_of(const struct dhr_ledger *ledger,
                                          enum dhr_record_kind kind, struct dhr_str id)
{
    return kind == DHR_RECORD_REVIEW           ? dhr_ledger_review(ledger, id)
           : kind == DHR_RECORD_RECOMMENDATION ? dhr_ledger_recommendation(ledger, id)
           : kind == DHR_RECORD_AGENCY         ? dhr_ledger_agency(ledger, id)
                                               : NULL;
}

static const struct dhr_record *record_at(const struct dhr_ledger *ledger, const char *path)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    return dhr_ident_of_path(dhr_str_of(path), &kind, &id) ? record_of(ledger, kind, id) : NULL;
}

/* The record as it was, with the agencies' ids of today: mv changes them in every section. */
static const struct dhr_record *with_new_ids(struct checking *c, const struct dhr_record *before)
{
    struct dhr_record *copy = dhr_arena_alloc(&c->arena, sizeof(*copy));
    *copy = *before;
    copy->sections =
        dhr_arena_alloc(&c->arena, (before->section_count + 1) * sizeof(*copy->sections));
    for (size_t i = 0; i < before->section_count; i++) {
        copy->sections[i] = before->sections[i];
        struct dhr_str *agency = &copy->sections[i].agency;
        const struct dhr_record *now =
            agency->len && !dhr_ledger_has(c->after, DHR_RECORD_AGENCY, *agency)
                ? range_successor(&c->moves, DHR_RECORD_AGENCY, *agency)
                : NULL;
        if (now)
            *agency = now->id;
    }
    return copy;
}

/* A new record with the same file, or the same text: moved by hand. */
static const struct dhr_touched *moved_by_hand(const struct checking *c,
                                               const struct dhr_touched *gone,
                                               const struct dhr_record *before)
{
    struct dhr_str text = dhr_section_value(dhr_record_section(before, DHR_SECTION_RECOMMENDATION),
                                            DHR_KEY_RECOMMENDATION_TEXT);
    for (size_t i = 0; i < c->touched_count; i++) {
        const struct dhr_touched *t = &c->touched[i];
        const struct dhr_record *record = t->has && !t->had ? record_at(c->after, t->path) : NULL;
        if (!record || record->kind != before->kind)
            continue;
        struct dhr_str other = dhr_section_value(
            dhr_record_section(record, DHR_SECTION_RECOMMENDATION), DHR_KEY_RECOMMENDATION_TEXT);
        if (memcmp(t->after.object_id, gone->before.object_id, sizeof(t->after.object_id)) == 0 ||
            (text.len && dhr_str_eq(text, other)))
            return t;
    }
    return NULL;
}

static void report_gone(const struct checking *c, const struct dhr_touched *gone,
                        const struct dhr_record *before)
{
    if (range_removed(&c->moves, before->id))
        return;
    const struct dhr_touched *moved = moved_by_hand(c, gone, before);
    if (!moved && c->range->judge == DHR_JUDGE_MESSAGE)
        dhr_findings_add(c->findings, DHR_RULE_VANISHED, gone->path, 0, 0,
                         "%.*s is gone; put the file back, or say in the message that it was "
                         "removed, in the lines \"%.*s: removed\" and \"Ledger-Record: %.*s\"",
                         DHR_ARG(before->id), DHR_ARG(before->id), DHR_ARG(before->id));
    else if (moved)
        dhr_findings_add(c->findings, DHR_RULE_MOVED, moved->path, 0, 0,
                         "%.*s was moved here by hand; move it back, and rename it with "
                         "\"dhrledger mv\", which keeps its old id under formerly",
                         DHR_ARG(before->id));
    else
        dhr_findings_add(c->findings, DHR_RULE_VANISHED, gone->path, 0, 0,
                         "%.*s is gone; put the file back, or remove the record with \"dhrledger "
                         "rm\", which records why",
                         DHR_ARG(before->id));
}

static int check_pair(struct checking *c, const struct dhr_record *before,
                      const struct dhr_record *after, struct dhr_err *err)
{
    if (before->kind != DHR_RECORD_RECOMMENDATION)
        return 0;
    const struct change_pair pair = {with_new_ids(c, before), after, c->range->guard, &c->arena,
                                     c->findings};
    check_change(&pair);
    return check_verified(c->range, &pair, c->before.settings, err);
}

static int check_touched(struct checking *c, const struct dhr_touched *touched, struct dhr_err *err)
{
    const struct dhr_record *before = touched->had ? record_at(&c->before, touched->path) : NULL;
    const struct dhr_record *after = touched->has ? record_at(c->after, touched->path) : NULL;
    if (!before || (touched->has && !after))
        return 0;
    if (!after) {
        after = range_successor(&c->moves, before->kind, before->id);
        if (after)
            *DHR_PUSH(c->moved, c->moved_count, c->moved_capacity) = (struct moved){before, after};
    }
    if (after)
        return c->range->judge == DHR_JUDGE_MESSAGE ? 0 : check_pair(c, before, after, err);
    if (c->range->judge != DHR_JUDGE_FILES)
        report_gone(c, touched, before);
    return 0;
}

static int check_tag(struct checking *c, struct dhr_err *err)
{
    const struct dhr_range *range = c->range;
    const char *tag = NULL;
    const char *before = NULL;
    if (range->staged || !range->head[0] ||
        dhr_range_lost_tag(range->repo, range->head, &c->arena, &tag, err) < 0)
        return range->staged || !range->head[0] ? 0 : -1;
    if (tag && range->base[0] &&
        dhr_range_lost_tag(range->repo, range->base, &c->arena, &before, err) < 0)
        return -1;
    /* A branch that began before the tag was set has lost nothing. */
    bool had = range->base[0] && !before;
    if (tag && range->main && before && strcmp(tag, before) == 0)
        dhr_findings_add(c->findings, DHR_RULE_TAG_LOST, "reviews", 0, 0,
                         "the tag %s is on a commit that this branch never held; delete the tag "
                         "with \"git push origin :refs/tags/%s\", or merge its commit",
                         tag, tag);
    else if (tag && (range->main || had))
        dhr_findings_add(c->findings, DHR_RULE_TAG_LOST, "reviews", 0, 0,
                         "the history does not contain the tag %s, which is agreed; fetch it and "
                         "put these commits on top",
                         tag);
    return 0;
}

static bool is_known(const struct dhr_findings_report *base, const struct dhr_finding_row *row)
{
    for (size_t i = 0; i < base->count; i++) {
        if (strcmp(base->rows[i].fingerprint, row->fingerprint) == 0)
            return true;
    }
    return false;
}

/* Whether a longer id goes on there. */
static bool goes_on(const char *at)
{
    return isalnum((unsigned char)*at) || *at == '-' ||
           (*at == '.' && isalnum((unsigned char)at[1]));
}

/* The text with one name in place of another, wherever that stands by itself. */
static const char *with_name(struct checking *c, const char *text, struct dhr_str old,
                             struct dhr_str new)
{
    struct dhr_buf out = {0};
    const char *at = memmem(text, strlen(text), old.ptr, old.len);
    const char *from = text;
    if (!at)
        return text;
    for (; at; at = memmem(from, strlen(from), old.ptr, old.len)) {
        bool own = !goes_on(at + old.len) &&
                   (at == text || !(isalnum((unsigned char)at[-1]) || at[-1] == '-'));
        dhr_buf_add(&out, from, (size_t)(at - from));
        dhr_buf_add_str(&out, own ? new : old);
        from = at + old.len;
    }
    dhr_buf_adds(&out, from);
    text = dhr_arena_dup(&c->arena, dhr_buf_cstr(&out), out.len);
    dhr_buf_release(&out);
    return text;
}

/* Whether a review or agency that moved, or whose records did, may be named there. */
static bool may_name_moved(const struct checking *c, const char *text)
{
    struct dhr_str last = {NULL, 0};
    for (size_t i = 0; i < c->moved_count; i++) {
        struct dhr_str rest = c->moved[i].from->id;
        struct dhr_str first = rest;
        (void)dhr_str_split(&rest, '/', &first);
        if (!dhr_str_eq(first, last) && memmem(text, strlen(text), first.ptr, first.len))
            return true;
        last = first;
    }
    return false;
}

/* What a finding of the state before would say of records that have another id now. */
static const char *as_moved(struct checking *c, const char *text)
{
    if (!may_name_moved(c, text))
        return text; /* nearly always */
    for (size_t i = 0; i < c->moved_count; i++) {
        const struct moved *m = &c->moved[i];
        text = with_name(c, text, dhr_str_of(m->from->path), dhr_str_of(m->to->path));
        text = with_name(c, text, m->from->id, m->to->id);
    }
    return text;
}

static int by_old_path(const void *path, const void *moved)
{
    return strcmp(path, ((const struct moved *)moved)->from->path);
}

/* Where a finding of the state before would be now. They moved in the order of their paths. */
static const char *path_as_moved(struct checking *c, const char *path)
{
    const struct moved *own =
        bsearch(path, c->moved, c->moved_count, sizeof(*c->moved), by_old_path);
    return own ? own->to->path : as_moved(c, path);
}

/* An old fault goes along with its record. */
static void follow(struct checking *c, struct dhr_findings_report *was)
{
    for (size_t i = 0; c->moved_count && i < was->count; i++) {
        struct dhr_finding_row *row = &was->rows[i];
        struct dhr_finding *finding = dhr_arena_alloc(&c->arena, sizeof(*finding));
        *finding = *row->finding;
        finding->path = path_as_moved(c, finding->path);
        finding->text = as_moved(c, finding->text);
        row->finding = finding;
        row->section = dhr_str_of(as_moved(c, dhr_str_dup(&c->arena, row->section)));
    }
}

/* The findings of what was touched, less those that the base has, too. */
static int take_new(struct checking *c, const struct dhr_findings *before,
                    const struct dhr_findings *after, struct dhr_findings *to, struct dhr_err *err)
{
    struct dhr_findings_report was = {0};
    struct dhr_findings_report is = {0};
    if (dhr_check_report_locate(&was, c->range->before, &c->before, before, &c->arena, err) < 0 ||
        dhr_check_report(&is, c->range->after, c->after, after, &c->arena, err) < 0)
        return -1;
    follow(c, &was);
    if (dhr_check_report_identify(&was, &c->arena, err) < 0)
        return -1;
    for (size_t i = 0; i < is.count; i++) {
        const struct dhr_finding *f = is.rows[i].finding;
        /* A circle is found where it closes, which may be in a record that it only leads to. */
        bool concerns = f->rule == DHR_RULE_CYCLE || range_part_concerns(&c->part, f->path);
        if (concerns && !is_known(&was, &is.rows[i]))
            dhr_findings_add_copy(to, f);
    }
    return 0;
}

static int check_states(struct checking *c, struct dhr_err *err)
{
    struct dhr_findings before = {0};
    struct dhr_findings before_accepted = {0};
    struct dhr_findings after = {0};
    struct dhr_findings after_accepted = {0};
    int rc = 0;
    dhr_check_ledger(c->after, &after, &after_accepted);
    if (c->range->all) {
        dhr_findings_take(c->findings, &after);
        dhr_findings_take(c->accepted, &after_accepted);
    } else {
        dhr_check_ledger(&c->before, &before, &before_accepted);
        rc = take_new(c, &before, &after, c->findings, err);
        if (rc == 0)
            rc = take_new(c, &before_accepted, &after_accepted, c->accepted, err);
    }
    dhr_findings_release(&before);
    dhr_findings_release(&before_accepted);
    dhr_findings_release(&after);
    dhr_findings_release(&after_accepted);
    return rc;
}

/* Settings count as they were; only a ledger that begins in the range has none to go by. */
static int set_grading(struct checking *c, struct dhr_ledger *after, struct dhr_err *err)
{
    static const struct dhr_record none = {.kind = DHR_RECORD_SETTINGS};
    struct dhr_entry reviews;
    if (dhr_source_entry(c->range->before, "reviews", &reviews, err) < 0)
        return -1;
    bool begins = !reviews.path;
    c->begins = begins;
    c->before.grading = c->before.settings ? c->before.settings : &none;
    after->grading = begins && !c->before.settings ? after->settings : c->before.grading;
    if (c->range->judge == DHR_JUDGE_MESSAGE)
        return 0;
    if (!begins || c->before.settings)
        check_relaxed(&c->moves, &c->before, after, c->findings);
    return begins
               ? 0
               : check_allowed(c->range, &c->part, &c->before, after, &c->allows, c->findings, err);
}

static int load_part(struct checking *c, struct dhr_ledger *after, struct dhr_err *err)
{
    const struct dhr_range *range = c->range;
    const struct range_part *part = &c->part;
    dhr_ledger_release(&c->before);
    dhr_ledger_release(after);
    if (dhr_ledger_load_part(&c->before, range->before, part->before, part->before_count, err) < 0)
        return -1;
    return range->all
               ? dhr_ledger_load_watched(after, range->after, NULL, NULL, err)
               : dhr_ledger_load_part(after, range->after, part->after, part->after_count, err);
}

/* What nobody can read, nobody can compare with: of the state after, its own check speaks. */
static int require_read(const struct dhr_findings *before, struct dhr_err *err)
{
    for (size_t i = 0; i < before->count; i++) {
        const struct dhr_finding *f = &before->items[i];
        if (f->rule == DHR_RULE_UNREADABLE)
            return dhr_fail(err, DHR_UNREADABLE, "%s, as it was before: %s", f->path, f->text);
    }
    return 0;
}

static int load(struct checking *c, struct dhr_ledger *after, struct dhr_err *err)
{
    const struct dhr_range *range = c->range;
    bool wider = false;
    if (dhr_source_touched(range->before, range->after, &c->arena, &c->touched, &c->touched_count,
                           err) < 0)
        return -1;
    const struct range_states states = {range->before, range->after, c->touched, c->touched_count,
                                        &c->arena};
    if (range_part_of(&c->part, &states, err) < 0 || load_part(c, after, err) < 0 ||
        range_part_widen(&c->part, &c->before, after, &wider, err) < 0 ||
        (wider && load_part(c, after, err) < 0) || require_read(&c->before.findings, err) < 0)
        return -1;
    c->before.today = range->today;
    after->today = range->today;
    return 0;
}

/* What the commits say; of one that is to be made, as far as it is known. */
static int read_commits(struct checking *c, struct dhr_err *err)
{
    const struct dhr_range *range = c->range;
    size_t count = range->merged_count + 1;
    struct dhr_range_commit *commits = NULL;
    c->told = dhr_arena_zalloc(&c->arena, count * sizeof(*c->told));
    if (range->message) {
        commits = dhr_arena_zalloc(&c->arena, sizeof(*commits));
        commits->message = range->message;
        c->told[0] = (struct range_told){commits, 1};
    } else if (!range->staged && range->head[0]) {
        if (dhr_range_commits(range->repo, range->base, range->head, &c->arena, &commits,
                              &c->told[0].count, err) < 0)
            return -1;
        c->told[0].commits = commits;
    }
    for (size_t i = 1; i < count; i++) {
        if (dhr_range_commits(range->repo, range->head, range->merged[i - 1], &c->arena, &commits,
                              &c->told[i].count, err) < 0)
            return -1;
        c->told[i].commits = commits;
    }
    c->moves = (struct range_moves){.before = range->before,
                                    .after = c->after,
                                    .touched = c->touched,
                                    .touched_count = c->touched_count,
                                    .told = c->told,
                                    .told_count = count,
                                    .arena = &c->arena};
    range_moves_read(&c->moves);
    return 0;
}

static int run(struct checking *c, struct dhr_ledger *after, struct dhr_err *err)
{
    if (load(c, after, err) < 0 || read_commits(c, err) < 0 || set_grading(c, after, err) < 0)
        return -1;
    if (c->range->guard)
        dhr_guard_add_contacts(c->range->guard, c->after);
    for (size_t i = 0; i < c->touched_count; i++) {
        if (check_touched(c, &c->touched[i], err) < 0)
            return -1;
    }
    const struct range_changes changes = {.range = c->range,
                                          .touched = c->touched,
                                          .touched_count = c->touched_count,
                                          .commits = c->told[0].commits,
                                          .commit_count = c->told[0].count,
                                          .moves = &c->moves,
                                          .before = &c->before,
                                          .after = c->after,
                                          .arena = &c->arena,
                                          .findings = c->findings,
                                          .accepted = c->accepted};
    if (check_tag(c, err) < 0 || check_range_privacy(&changes, err) < 0)
        return -1;
    dhr_findings_regrade(c->findings, after->grading);
    if (c->begins)
        dhr_findings_accept(c->findings, &after->findings, c->accepted);
    else
        accept_new(&c->allows, c->findings, c->accepted);
    dhr_findings_regrade(c->findings, after->grading);
    dhr_findings_regrade(c->accepted, after->grading);
    return c->range->judge == DHR_JUDGE_MESSAGE ? 0 : check_states(c, err);
}

int dhr_check_range(const struct dhr_range *range, struct dhr_ledger *ledger,
                    struct dhr_findings *findings, struct dhr_findings *accepted, size_t *touched,
                    struct dhr_err *err)
{
    struct checking c = {
        .range = range, .after = ledger, .findings = findings, .accepted = accepted};
    *ledger = (struct dhr_ledger){0};
    int rc = run(&c, ledger, err);
    dhr_findings_sort(findings);
    *touched = c.touched_count;
    /* Its settings may be the base's. */
    ledger->grading = NULL;
    range_allows_release(&c.allows);
    free(c.moved);
    range_moves_release(&c.moves);
    range_part_release(&c.part);
    dhr_ledger_release(&c.before);
    dhr_arena_release(&c.arena);
    return rc;
}
