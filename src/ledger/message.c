#include <stdlib.h>
#include <string.h>

#include "dhrledger/change.h"
#include "dhrledger/message.h"
#include "dhrledger/utf8.h"

enum { SUBJECT_COLUMNS = 72, TRAILER_VALUE_COLUMNS = 60, RANKED = 3 };

/* What a reader of the log looks for first; the others follow in the schema's order. */
static unsigned rank_of(const struct dhr_difference *difference)
{
    static const char *const first[RANKED] = {"status", "due", "response"};
    for (unsigned i = 0; i < RANKED; i++) {
        if (strcmp(difference->key->name, first[i]) == 0)
            return i;
    }
    return RANKED;
}

/* What comes along with a moved target says nothing new in a subject line. */
static bool is_companion(const struct dhr_differences *d, const struct dhr_difference *one)
{
    if (strcmp(one->key->name, "due-original") != 0 && strcmp(one->key->name, "due-reason") != 0)
        return false;
    for (size_t i = 0; i < d->count; i++) {
        if (strcmp(d->items[i].key->name, "due") == 0)
            return true;
    }
    return false;
}

/* The changes in the order of a subject line, in `order` (as many as there are differences). */
static size_t order_changes(const struct dhr_differences *d, const struct dhr_difference **order)
{
    size_t count = 0;
    for (unsigned rank = 0; rank <= RANKED; rank++) {
        for (size_t i = 0; i < d->count; i++) {
            if (rank_of(&d->items[i]) == rank && !is_companion(d, &d->items[i]))
                order[count++] = &d->items[i];
        }
    }
    return count;
}

/* The changes of one record, as many as a subject line holds. */
static void add_changes(struct dhr_buf *out, const struct dhr_plan *plan)
{
    static const char more[] = " and 99 more";
    struct dhr_buf part = {0};
    const struct dhr_differences *d = &plan->differences;
    const struct dhr_difference **order =
        dhr_realloc(NULL, (d->count + 1) * sizeof(struct dhr_difference *));
    size_t count = order_changes(d, order);
    for (size_t i = 0; i < count; i++) {
        dhr_buf_clear(&part);
        dhr_difference_add_short(&part, order[i]);
        size_t room = SUBJECT_COLUMNS - (i + 1 < count ? strlen(more) : 0);
        size_t width = dhr_utf8_width(dhr_buf_str(out)) + dhr_utf8_width(dhr_buf_str(&part));
        if (i > 0 && width + 2 > room) {
            dhr_buf_addf(out, " and %zu more", count - i);
            break;
        }
        dhr_buf_addf(out, "%s%s", i ? ", " : "", dhr_buf_cstr(&part));
    }
    free(order);
    dhr_buf_release(&part);
}

/* Whose section it was, where that isn't plain from the record: "(ID)", "(ID action 2)". */
static void add_holder(struct dhr_buf *out, const struct dhr_plan *plan)
{
    const struct dhr_differences *d = &plan->differences;
    size_t i = 0;
    while (i < d->count && !d->items[i].agency.len)
        i++;
    if (i == d->count || (!plan->several_agencies && !d->items[i].action))
        return;
    dhr_buf_addf(out, " (%.*s", DHR_ARG(d->items[i].agency));
    if (d->items[i].action)
        dhr_buf_addf(out, " action %u", d->items[i].action);
    dhr_buf_addc(out, ')');
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
        dhr_buf_add_str(out, plans[0].id);
        add_holder(out, &plans[0]);
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

void dhr_message_begin(struct dhr_buf *out, const char *subject, const char *why)
{
    struct dhr_str reason = dhr_str_trim(dhr_str_of(why ? why : ""));
    dhr_buf_addf(out, "%s\n\n", subject);
    if (!reason.len)
        return;
    dhr_buf_add_str(out, reason);
    dhr_buf_adds(out, "\n\n");
}

void dhr_message_add_record(struct dhr_buf *out, struct dhr_str id)
{
    dhr_buf_addf(out, "Ledger-Record: %.*s\n", DHR_ARG(id));
}

void dhr_message_add_change(struct dhr_buf *out, const char *key, struct dhr_str before,
                            struct dhr_str after)
{
    dhr_buf_addf(out, "Ledger-Change: %s: ", key);
    add_value(out, before);
    dhr_buf_adds(out, " -> ");
    add_value(out, after);
    dhr_buf_addc(out, '\n');
}

void dhr_message_add_differences(struct dhr_buf *out, const struct dhr_differences *differences)
{
    struct dhr_buf key = {0};
    for (size_t i = 0; i < differences->count; i++) {
        const struct dhr_difference *d = &differences->items[i];
        dhr_buf_clear(&key);
        if (d->agency.len)
            dhr_buf_addf(&key, "%.*s ", DHR_ARG(d->agency));
        if (d->action)
            dhr_buf_addf(&key, "action %u ", d->action);
        dhr_buf_adds(&key, d->key->name);
        dhr_message_add_change(out, dhr_buf_cstr(&key), d->before, d->after);
    }
    dhr_buf_release(&key);
}

void dhr_plan_add_message(struct dhr_buf *out, const struct dhr_plan *plans, size_t count,
                          const char *why)
{
    struct dhr_buf subject = {0};
    add_subject(&subject, plans, count);
    dhr_message_begin(out, dhr_buf_cstr(&subject), why);
    dhr_buf_release(&subject);
    for (size_t i = 0; i < count; i++) {
        dhr_message_add_record(out, plans[i].id);
        dhr_message_add_differences(out, &plans[i].differences);
    }
}
