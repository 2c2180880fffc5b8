/* Agencies whose names look like one body's. */
#include <stdlib.h>

#include "check_internal.h"
#include "dhrledger/agency_index.h"
#include "twin_names.h"

/* A hash of an agency's name; the places are those of ledger->agencies. */
struct posting {
    uint64_t hash;
    size_t agency;
    size_t before; /* the last one in its bucket before it, from 1; or 0 */
};

/* The agencies' names, and how each may be found. */
struct naming {
    const struct dhr_ledger *ledger;
    struct twin_name *names;
    size_t *twins; /* of each, the first other one that looks like it; else itself */
    struct posting *postings;
    size_t count, capacity;
    size_t *buckets;     /* of each, the last posting, from 1; or 0 */
    size_t bucket_count; /* a power of two */
    struct dhr_arena arena;
};

static const struct dhr_section *agency_section(const struct dhr_ledger *ledger, size_t agency)
{
    return dhr_record_section(ledger->agencies.items[agency], DHR_SECTION_AGENCY);
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

/* The agency is held against those before it that have the hash. */
static void post(struct naming *n, uint64_t hash, size_t agency)
{
    size_t *bucket = &n->buckets[(hash ^ hash >> 32) & (n->bucket_count - 1)];
    for (size_t at = *bucket; at; at = n->postings[at - 1].before) {
        const struct posting *other = &n->postings[at - 1];
        if (other->hash == hash && other->agency < n->twins[agency] &&
            are_twins(n, other->agency, agency))
            n->twins[agency] = other->agency;
    }
    *DHR_PUSH(n->postings, n->count, n->capacity) = (struct posting){hash, agency, *bucket};
    *bucket = n->count;
}

static void look_at(struct naming *n, size_t agency)
{
    uint64_t hashes[TWIN_HASHES];
    struct twin_name *name = &n->names[agency];
    twin_name_make(name, dhr_section_value(agency_section(n->ledger, agency), DHR_KEY_AGENCY_NAME),
                   &n->arena);
    n->twins[agency] = agency;
    size_t count = name->count ? twin_name_hashes(name, hashes) : 0;
    for (size_t i = 0; i < count; i++)
        post(n, hashes[i], agency);
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
    enum { HASHES_EXPECTED = 32 }; /* of a name */
    struct naming n = {.ledger = ledger, .bucket_count = HASHES_EXPECTED};
    size_t total = ledger->agencies.count;
    (void)index;
    while (n.bucket_count < total * HASHES_EXPECTED)
        n.bucket_count *= 2;
    n.names = dhr_arena_alloc(&n.arena, (total + 1) * sizeof(*n.names));
    n.twins = dhr_arena_alloc(&n.arena, (total + 1) * sizeof(*n.twins));
    n.buckets = dhr_arena_zalloc(&n.arena, n.bucket_count * sizeof(*n.buckets));
    for (size_t i = 0; i < total; i++)
        look_at(&n, i);
    report(&n, findings);
    free(n.postings);
    dhr_arena_release(&n.arena);
}
