#include <string.h>

#include "dhrledger/change.h"
#include "dhrledger/utf8.h"

enum { SUBJECT_COLUMNS = 72, TRAILER_VALUE_COLUMNS = 60 };

/* What comes along with a moved target says nothing new in a subject line. */
static bool is_companion(const struct dhr_differences *d, size_t index)
{
    const char *name = d->items[index].key->name;
    if (strcmp(name, "due-original") != 0 && strcmp(name, "due-reason") != 0)
        return false;
    for (size_t i = 0; i < index; i++) {
        if (strcmp(d->items[i].key->name, "due") == 0)
            return true;
    }
    return false;
}

/* The changes of one record, as many as a subject line holds. */
static void add_changes(struct dhr_buf *out, const struct dhr_plan *plan)
{
    struct dhr_buf part = {0};
    const struct dhr_differences *d = &plan->differences;
    for (size_t i = 0; i < d->count; i++) {
        if (is_companion(d, i))
            continue;
        dhr_buf_clear(&part);
        dhr_difference_add_short(&part, &d->items[i]);
        bool fits = dhr_utf8_width(dhr_buf_str(out)) + part.len + 2 <= SUBJECT_COLUMNS;
        if (i > 0 && !fits) {
            dhr_buf_addf(out, " and %zu more", d->count - i);
            break;
        }
        dhr_buf_addf(out, "%s%s", i ? ", " : "", dhr_buf_cstr(&part));
    }
    dhr_buf_release(&part);
}

static bool same_changes(const struct dhr_plan *a, const struct dhr_plan *b)
{
    bool same = a->differences.count == b->differences.count;
    for (size_t i = 0; same && i < a->differences.count; i++) {
        const struct dhr_difference *x = &a->differences.items[i];
        const struct dhr_difference *y = &b->differences.items[i];
        same =
            x->key == y->key && dhr_str_eq(x->before, y->before) && dhr_str_eq(x->after, y->after);
    }
    return same;
}

static void add_subject(struct dhr_buf *out, const struct dhr_plan *plans, size_t count)
{
    if (count == 1) {
        const struct dhr_difference *first = plans[0].differences.items;
        dhr_buf_add_str(out, plans[0].id);
        if (plans[0].several_agencies && first->agency.len)
            dhr_buf_addf(out, " (%.*s)", DHR_ARG(first->agency));
        dhr_buf_adds(out, ": ");
        add_changes(out, &plans[0]);
        return;
    }
    bool same = true;
    for (size_t i = 1; i < count; i++)
        same = same && same_changes(&plans[0], &plans[i]);
    dhr_buf_addf(out, "%zu records: ", count);
    if (same)
        add_changes(out, &plans[0]);
    else
        dhr_buf_adds(out, "several changes");
}

/* A value in one line, cut where it is long: the whole of it stands in the diff. */
static void add_value(struct dhr_buf *out, struct dhr_str value)
{
    if (!value.len) {
        dhr_buf_adds(out, "(unset)");
        return;
    }
    size_t len = dhr_utf8_fit(value, TRAILER_VALUE_COLUMNS);
    for (size_t i = 0; i < len; i++) {
        if (value.ptr[i] == '\n')
            dhr_buf_adds(out, "; "); /* the items of a list, or paragraphs */
        else
            dhr_buf_addc(out, value.ptr[i]);
    }
    if (len < value.len)
        dhr_buf_adds(out, "…");
}

static void add_trailers(struct dhr_buf *out, const struct dhr_plan *plan)
{
    dhr_buf_addf(out, "Ledger-Record: %.*s\n", DHR_ARG(plan->id));
    for (size_t i = 0; i < plan->differences.count; i++) {
        const struct dhr_difference *d = &plan->differences.items[i];
        dhr_buf_adds(out, "Ledger-Change: ");
        if (d->agency.len)
            dhr_buf_addf(out, "%.*s ", DHR_ARG(d->agency));
        if (d->action)
            dhr_buf_addf(out, "action %u ", d->action);
        dhr_buf_addf(out, "%s: ", d->key->name);
        add_value(out, d->before);
        dhr_buf_adds(out, " -> ");
        add_value(out, d->after);
        dhr_buf_addc(out, '\n');
    }
}

void dhr_plan_add_message(struct dhr_buf *out, const struct dhr_plan *plans, size_t count,
                          const char *why)
{
    struct dhr_str reason = dhr_str_trim(dhr_str_of(why));
    add_subject(out, plans, count);
    dhr_buf_adds(out, "\n\n");
    dhr_buf_add_str(out, reason);
    dhr_buf_adds(out, "\n\n");
    for (size_t i = 0; i < count; i++)
        add_trailers(out, &plans[i]);
}
