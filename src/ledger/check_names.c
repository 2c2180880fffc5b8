/* Agencies whose names look like one body's. */
#include <stdlib.h>

#include "check_internal.h"
#include "dhrledger/agency_index.h"
#include "twin_names.h"

/* A hash of an agency's name; the places are those of ledger->agencies. */
struct posting {
    uint64_t hash;
    size_t agency;
};

static int by_hash(const void *a, const void *b)
{
    const struct posting *x = a;
    const struct posting *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->agency > y->agency) - (x->agency < y->agency);
}

/* The agencies' names, and how each may be found. */
struct naming {
    const struct dhr_ledger *ledger;
    struct twin_name *names;
    size_t *twins; /* of each, the first other one that looks like it; else itself */
    struct posting *postings;
    size_t count, capacity;
    struct dhr_arena arena;
};

static const struct dhr_section *agency_section(const struct dhr_ledger *ledger, size_t agency)
{
    return dhr_record_section(ledger->agencies.items[agency], DHR_SECTION_AGENCY);
}

static void read_names(struct naming *n)
{
    size_t total = n->ledger->agencies.count;
    uint64_t hashes[TWIN_HASHES];
    n->names = dhr_arena_alloc(&n->arena, (total + 1) * sizeof(*n->names));
    n->twins = dhr_arena_alloc(&n->arena, (total + 1) * sizeof(*n->twins));
    for (size_t i = 0; i < total; i++) {
        struct dhr_str name = dhr_section_value(agency_section(n->ledger, i), DHR_KEY_AGENCY_NAME);
        twin_name_make(&n->names[i], name, &n->arena);
        n->twins[i] = i;
        size_t count = n->names[i].count ? twin_name_hashes(&n->names[i], hashes) : 0;
        for (size_t h = 0; h < count; h++)
            *DHR_PUSH(n->postings, n->count, n->capacity) = (struct posting){hashes[h], i};
    }
    if (n->count)
        qsort(n->postings, n->count, sizeof(*n->postings), by_hash);
}

static bool names_other(const struct dhr_ledger *ledger, size_t agency, size_t other,
                        enum dhr_key_id key)
{
    const struct dhr_section *section = agency_section(ledger, agency);
    const struct dhr_field *field = NULL;
    while (section && (field = dhr_section_next(section, key, field))) {
        if (dhr_str_eq(field->value, ledger->agencies.items[other]->id))
            return true;
    }
    return false;
}

/* One that took over from the other is known to be another; the same name is DL069's. */
static bool are_twins(const struct naming *n, size_t a, size_t b)
{
    struct dhr_buf x = {0};
    struct dhr_buf y = {0};
    if (!twin_names_are(&n->names[a], &n->names[b]) ||
        names_other(n->ledger, a, b, DHR_KEY_AGENCY_SUCCESSOR) ||
        names_other(n->ledger, b, a, DHR_KEY_AGENCY_SUCCESSOR))
        return false;
    dhr_name_add_folded(&x, dhr_section_value(agency_section(n->ledger, a), DHR_KEY_AGENCY_NAME));
    dhr_name_add_folded(&y, dhr_section_value(agency_section(n->ledger, b), DHR_KEY_AGENCY_NAME));
    bool same = dhr_str_eq(dhr_buf_str(&x), dhr_buf_str(&y));
    dhr_buf_release(&x);
    dhr_buf_release(&y);
    return !same;
}

/* Among those with the hash, each is held against those before it. */
static void compare(struct naming *n, const struct posting *postings, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        for (size_t j = 0; j < i && postings[j].agency < n->twins[postings[i].agency]; j++) {
            if (are_twins(n, postings[j].agency, postings[i].agency))
                n->twins[postings[i].agency] = postings[j].agency;
        }
    }
}

static void report(const struct naming *n, struct dhr_findings *findings)
{
    for (size_t i = 0; i < n->ledger->agencies.count; i++) {
        const struct dhr_record *agency = n->ledger->agencies.items[i];
        const struct dhr_record *twin = n->ledger->agencies.items[n->twins[i]];
        const struct dhr_field *name =
            dhr_section_next(agency_section(n->ledger, i), DHR_KEY_AGENCY_NAME, NULL);
        if (agency != twin)
            dhr_findings_add(findings, DHR_RULE_NEAR_TWIN, agency->path, name->line, name->col,
                             "name = %.*s: that is nearly the name of agency %.*s; if both are "
                             "one body, make one of them with \"dhrledger mv --merge\"",
                             DHR_ARG(name->value), DHR_ARG(twin->id));
    }
}

void check_near_twins(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings)
{
    struct naming n = {.ledger = ledger};
    (void)index;
    read_names(&n);
    for (size_t from = 0, to = 0; from < n.count; from = to) {
        while (to < n.count && n.postings[to].hash == n.postings[from].hash)
            to++;
        compare(&n, n.postings + from, to - from);
    }
    report(&n, findings);
    free(n.postings);
    dhr_arena_release(&n.arena);
}
