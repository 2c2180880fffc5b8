#include <stdlib.h>
#include <string.h>

#include "csv_internal.h"
#include "dhrledger/check.h"
#include "dhrledger/ini.h"

static const char *where(struct csv_work *w, const struct proposal *p)
{
    if (p->action)
        return dhr_arena_printf(w->arena, "%.*s %.*s action %u, %s", DHR_ARG(p->record->id),
                                DHR_ARG(p->agency), p->action, p->heading);
    return dhr_arena_printf(w->arena, "%.*s %.*s%s%s", DHR_ARG(p->record->id), DHR_ARG(p->agency),
                            p->agency.len ? ", " : "", p->heading);
}

static void drop(struct csv_work *w, struct proposal *p, const char *why)
{
    p->dropped = true;
    csv_problem(w, p->line, "%s: \"%s\": %s", where(w, p), csv_shown(w, csv_joined(w, p->values)),
                why);
}

static bool same_place(const struct proposal *a, const struct proposal *b)
{
    return a->record == b->record && a->action == b->action && dhr_str_eq(a->agency, b->agency);
}

void csv_propose(struct csv_work *w, const struct proposal *proposal)
{
    struct proposal *p = DHR_PUSH(w->proposals, w->proposal_count, w->proposal_capacity);
    *p = *proposal;
    p->order = w->proposal_count - 1;
    if ((p->key->flags & DHR_KEY_REQUIRED) && !p->values.count)
        drop(w, p, "it can't be empty");
}

static int by_record(const void *a, const void *b)
{
    const struct proposal *x = a;
    const struct proposal *y = b;
    int order = x->record == y->record ? 0 : dhr_id_cmp(x->record->id, y->record->id);
    if (!order)
        order = (x->order > y->order) - (x->order < y->order);
    return order;
}

/* Two rows that ask for different values of one field: neither is taken. */
static void drop_contradictions(struct csv_work *w, struct proposal *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = i + 1; j < count; j++) {
            struct proposal *a = &items[i];
            struct proposal *b = &items[j];
            if (a->dropped || b->dropped || !same_place(a, b) || a->key != b->key)
                continue;
            if (!csv_values_eq(a->key, a->values, b->values)) {
                drop(w, a, dhr_arena_printf(w->arena, "line %u says something else", b->line));
                drop(w, b, dhr_arena_printf(w->arena, "line %u says something else", a->line));
            } else {
                b->dropped = true;
            }
        }
    }
}

/* A target that moves needs its reason in the same row. */
static void drop_unexplained(struct csv_work *w, struct proposal *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct proposal *p = &items[i];
        if (p->dropped || strcmp(p->key->name, "due") != 0)
            continue;
        bool explained = false;
        for (size_t j = 0; j < count; j++)
            explained = explained || (!items[j].dropped && same_place(p, &items[j]) &&
                                      strcmp(items[j].key->name, "due-reason") == 0);
        const struct dhr_section *section = NULL;
        for (size_t s = 0; s < p->record->section_count; s++) {
            const struct dhr_section *candidate = &p->record->sections[s];
            if (candidate->def->id == p->key->section && candidate->action == p->action &&
                dhr_str_eq(candidate->agency, p->agency))
                section = candidate;
        }
        struct dhr_str due = dhr_section_value(section, p->key->id);
        if (due.len && !explained)
            drop(w, p,
                 dhr_arena_printf(w->arena,
                                  "the target moves from %.*s; say why in the column \"%s\" of "
                                  "the same row",
                                  DHR_ARG(due),
                                  dhr_schema_key(DHR_KEY_ADDRESSEE_DUE_REASON)->heading));
    }
}

/* One record's proposals on their way into a plan. */
struct applying {
    struct csv_work *w;
    struct proposal *items;
    size_t count;
    const char *path;
    struct csv_fresh *fresh; /* NULL: the ledger has the record */
    struct dhr_str before;   /* the record's bytes */
    struct dhr_plan plan;
    struct dhr_findings findings; /* of the changed record */
};

static const struct dhr_record *parse(struct applying *a, struct dhr_str bytes,
                                      struct dhr_findings *findings)
{
    struct dhr_ini ini = {0};
    dhr_ini_parse(&ini, DHR_RECORD_RECOMMENDATION, a->path, bytes, findings);
    const struct dhr_record *record = dhr_ini_record(&ini, a->w->arena, findings);
    dhr_ini_release(&ini);
    return record;
}

static bool has_action(const struct dhr_record *record, const struct proposal *p)
{
    for (size_t i = 0; i < record->section_count; i++) {
        const struct dhr_section *section = &record->sections[i];
        if (section->def->id == DHR_SECTION_ACTION && section->action == p->action &&
            dhr_str_eq(section->agency, p->agency))
            return true;
    }
    return false;
}

/* A new [action ID N] goes to the file's end, with all that its row says. */
static struct dhr_str append_action(struct applying *a, struct dhr_str bytes, size_t first)
{
    struct dhr_buf out = {0};
    struct dhr_ini_pair *pairs = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (size_t i = first; i < a->count; i++) {
        const struct proposal *p = &a->items[i];
        for (size_t v = 0; !p->dropped && same_place(p, &a->items[first]) && v < p->values.count;
             v++)
            *DHR_PUSH(pairs, count, capacity) =
                (struct dhr_ini_pair){p->key->id, p->values.items[v]};
    }
    dhr_buf_add_str(&out, bytes);
    if (out.len && out.ptr[out.len - 1] != '\n')
        dhr_buf_addc(&out, '\n');
    dhr_ini_add_section(&out, DHR_SECTION_ACTION, a->items[first].agency, a->items[first].action,
                        pairs, count);
    free(pairs);
    bytes = dhr_str_span(dhr_arena_dup(a->w->arena, out.ptr, out.len), out.len);
    dhr_buf_release(&out);
    return bytes;
}

/* The assignments of one section. */
static int change_section(struct applying *a, struct dhr_str *bytes, size_t first)
{
    struct csv_work *w = a->w;
    struct dhr_assignment *assignments = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (size_t i = first; i < a->count; i++) {
        const struct proposal *p = &a->items[i];
        if (p->dropped || !same_place(p, &a->items[first]))
            continue;
        struct dhr_assignment one = {.how = DHR_ASSIGN, .key = dhr_str_of(p->key->name)};
        for (size_t v = 0; v < (p->values.count ? p->values.count : 1); v++) {
            one.value = p->values.count ? p->values.items[v] : (struct dhr_str){NULL, 0};
            *DHR_PUSH(assignments, count, capacity) = one;
        }
    }
    struct dhr_plan plan = {.kind = DHR_RECORD_RECOMMENDATION,
                            .path = a->path,
                            .id = a->items[first].record->id,
                            .before = *bytes};
    const struct dhr_plan_options options = {a->items[first].agency, a->items[first].action,
                                             w->options->today};
    int rc = dhr_plan_change(&plan, assignments, count, &options, w->arena, &a->findings, w->err);
    *bytes = plan.after;
    a->plan.record = plan.record;
    a->plan.several_agencies = a->plan.several_agencies || plan.several_agencies;
    dhr_plan_release(&plan);
    free(assignments);
    return rc;
}

static bool is_for(const struct proposal *p, const struct dhr_section *section)
{
    return !p->dropped && p->key->section == section->def->id && p->action == section->action &&
           dhr_str_eq(p->agency, section->agency);
}

/* A new record's section with what its rows say in place of what it has. */
static void add_section(struct applying *a, const struct dhr_section *section, struct dhr_buf *out)
{
    struct dhr_ini_pair *pairs = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (size_t i = 0; i < a->count; i++) {
        const struct proposal *p = &a->items[i];
        for (size_t v = 0; is_for(p, section) && v < p->values.count; v++)
            *DHR_PUSH(pairs, count, capacity) =
                (struct dhr_ini_pair){p->key->id, p->values.items[v]};
    }
    for (size_t f = 0; f < section->field_count; f++) {
        const struct dhr_field *field = &section->fields[f];
        bool replaced = false;
        for (size_t i = 0; i < a->count && !replaced; i++)
            replaced = is_for(&a->items[i], section) && a->items[i].key == field->key;
        if (!replaced)
            *DHR_PUSH(pairs, count, capacity) = (struct dhr_ini_pair){field->key->id, field->value};
    }
    dhr_ini_add_section(out, section->def->id, section->agency, section->action, pairs, count);
    free(pairs);
}

/* A new record is laid out as a whole, unless an item still needs its date or an action its
 * section. */
static bool can_lay_out(const struct applying *a)
{
    struct dhr_date date;
    for (size_t i = 0; i < a->count; i++) {
        const struct proposal *p = &a->items[i];
        if (!p->dropped && !csv_section(p->record, p->key->section, p->agency, p->action))
            return false;
        for (size_t v = 0; p->key->type == DHR_TYPE_DATED && v < p->values.count; v++) {
            struct dhr_str rest = p->values.items[v];
            struct dhr_str first;
            if (!dhr_str_split(&rest, ' ', &first) || !dhr_date_parse(first, &date))
                return false;
        }
    }
    return a->fresh;
}

static struct dhr_str lay_out(struct applying *a, const struct dhr_record *before)
{
    struct dhr_buf out = {0};
    for (size_t i = 0; i < before->section_count; i++)
        add_section(a, &before->sections[i], &out);
    struct dhr_str bytes = {dhr_arena_dup(a->w->arena, dhr_buf_cstr(&out), out.len), out.len};
    dhr_buf_release(&out);
    a->plan.record = parse(a, bytes, &a->findings);
    return bytes;
}

/* All of the record's proposals, a section at a time. */
static int change_record(struct applying *a)
{
    struct dhr_str bytes = a->before;
    const struct dhr_record *before = a->items[0].record;
    dhr_findings_release(&a->findings);
    a->plan = (struct dhr_plan){.kind = DHR_RECORD_RECOMMENDATION,
                                .path = a->path,
                                .id = a->items[0].record->id,
                                .before = a->before};
    int rc = 0;
    bool whole = can_lay_out(a);
    if (whole)
        bytes = lay_out(a, before);
    for (size_t i = 0; rc == 0 && i < a->count && !whole; i++) {
        const struct proposal *p = &a->items[i];
        bool first = !p->dropped;
        for (size_t j = 0; j < i && first; j++)
            first = a->items[j].dropped || !same_place(p, &a->items[j]);
        if (!first)
            continue;
        if (p->action && !has_action(before, p)) {
            bytes = append_action(a, bytes, i);
            dhr_findings_release(&a->findings);
            a->plan.record = parse(a, bytes, &a->findings);
        } else {
            rc = change_section(a, &bytes, i);
        }
    }
    a->plan.after = bytes;
    if (rc == 0 && a->plan.record)
        dhr_differences_of(&a->plan.differences, before, a->plan.record, a->w->arena);
    return rc;
}

/* Errors of the record as it would be that it doesn't have already. */
static bool is_new(const struct dhr_finding *finding, const struct dhr_findings *known)
{
    for (size_t i = 0; i < known->count; i++) {
        if (known->items[i].rule == finding->rule &&
            strcmp(known->items[i].text, finding->text) == 0)
            return false;
    }
    return finding->severity == DHR_SEVERITY_ERROR;
}

static void check(struct applying *a, const struct dhr_record *record,
                  struct dhr_findings *findings)
{
    const struct dhr_ledger *ledger = a->w->options->ledger;
    dhr_check_record(record, dhr_ledger_has, ledger, a->w->options->today, findings);
    dhr_findings_accept(findings, findings, NULL);
    dhr_findings_regrade(findings, ledger->settings);
}

/* The proposal that put the value there which a finding is about, or NULL. */
static struct proposal *culprit(struct applying *a, const struct dhr_finding *finding)
{
    const struct dhr_record *record = a->plan.record;
    for (size_t s = 0; s < record->section_count; s++) {
        const struct dhr_section *section = &record->sections[s];
        for (size_t f = 0; f < section->field_count; f++) {
            for (size_t i = 0; i < a->count && section->fields[f].line == finding->line; i++) {
                struct proposal *p = &a->items[i];
                if (!p->dropped && p->key == section->fields[f].key &&
                    p->action == section->action && dhr_str_eq(p->agency, section->agency))
                    return p;
            }
        }
    }
    return NULL;
}

static void drop_all(struct applying *a, const char *why)
{
    for (size_t i = 0; i < a->count; i++) {
        if (!a->items[i].dropped)
            drop(a->w, &a->items[i], why);
    }
}

/* Drop what made an error: one cell where it can be told, otherwise all of the record's. */
static void drop_culprits(struct applying *a, const struct dhr_findings *known, bool *again)
{
    for (size_t i = 0; i < a->findings.count; i++) {
        const struct dhr_finding *finding = &a->findings.items[i];
        if (!is_new(finding, known))
            continue;
        struct proposal *p = culprit(a, finding);
        *again = true;
        if (p) {
            /* The text has the value already: "evidence = x: neither a web address …". */
            p->dropped = true;
            csv_problem(a->w, p->line, "%s: %s", where(a->w, p), finding->text);
            continue;
        }
        drop_all(a, dhr_arena_printf(a->w->arena, "%s", finding->text));
        return;
    }
}

/* The bytes must be those that the cells were compared with. */
static int read_record(struct applying *a, struct dhr_findings *known)
{
    struct csv_work *w = a->w;
    const struct dhr_record *compared = a->items[0].record;
    struct dhr_differences d = {0};
    if (a->fresh) {
        a->before = a->fresh->bytes;
        return 0;
    }
    if (w->options->read(w->options->user, a->path, w->arena, &a->before, w->err) < 0)
        return -1;
    const struct dhr_record *now = parse(a, a->before, known);
    dhr_differences_of(&d, compared, now, w->arena);
    size_t count = d.count;
    dhr_differences_release(&d);
    check(a, now, known);
    return count ? dhr_fail(w->err, DHR_CONFLICT, "%s: changed just now; try again", a->path) : 0;
}

static int apply_record(struct csv_work *w, struct proposal *items, size_t count)
{
    const struct dhr_record *record = items[0].record;
    struct applying a = {.w = w,
                         .items = items,
                         .count = count,
                         .path = record->path,
                         .fresh = csv_find_fresh(w, record->id)};
    struct dhr_findings known = {0};
    bool again = true;
    drop_contradictions(w, items, count);
    int rc = read_record(&a, &known);
    while (rc == 0 && again) {
        again = false;
        drop_unexplained(w, items, count);
        if (change_record(&a) < 0) {
            drop_all(&a, dhr_arena_printf(w->arena, "%s", w->err->text));
            again = true;
        } else if (a.plan.record) {
            check(&a, a.plan.record, &a.findings);
            drop_culprits(&a, &known, &again);
        }
        if (again)
            dhr_plan_release(&a.plan);
    }
    dhr_findings_release(&a.findings);
    dhr_findings_release(&known);
    if (rc < 0 || !a.plan.differences.count) {
        dhr_plan_release(&a.plan);
        return rc;
    }
    struct dhr_csv_import *import = w->import;
    if (a.fresh) {
        a.fresh->bytes = a.plan.after;
        a.fresh->fields = a.plan.differences;
        return 0;
    }
    for (size_t i = 0; i < count; i++)
        import->cells += !items[i].dropped;
    *DHR_PUSH(import->plans, import->plan_count, import->plan_capacity) = a.plan;
    return 0;
}

int csv_apply(struct csv_work *w)
{
    if (w->proposal_count)
        qsort(w->proposals, w->proposal_count, sizeof(*w->proposals), by_record);
    size_t end = 0;
    for (size_t start = 0; start < w->proposal_count; start = end) {
        while (end < w->proposal_count && w->proposals[end].record == w->proposals[start].record)
            end++;
        if (apply_record(w, &w->proposals[start], end - start) < 0)
            return -1;
    }
    return 0;
}
