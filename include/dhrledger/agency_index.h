/*
 * Finding an agency by what it is called: its name or an alias, without regard
 * to case, accents, white space and the shape of apostrophes.
 *
 *     struct dhr_agency_index index = {0};
 *     dhr_agency_index_add(&index, name, id);
 *     struct dhr_str id = dhr_agency_index_find(&index, addressee);
 *     dhr_agency_index_release(&index);
 *
 * Near-twins are names so alike that they may be one body: they differ by one
 * word more, less or other (but not another first word, which mostly is a place),
 * or by two letters (but not north from south, and east from west).
 */
#ifndef DHRLEDGER_AGENCY_INDEX_H
#define DHRLEDGER_AGENCY_INDEX_H

#include <stdbool.h>

#include "dhrledger/ledger.h"
#include "dhrledger/map.h"
#include "dhrledger/str.h"

struct dhr_agency_name {
    struct dhr_str name;   /* as written */
    struct dhr_str folded; /* for comparing; owned by the index */
    struct dhr_str id;
};

struct dhr_agency_index {
    struct dhr_agency_name *items;
    size_t count, capacity;
    struct dhr_map places;  /* of items, by folded name: the first of each */
    struct dhr_map written; /* the same by names as written, which most are looked up as */
    struct dhr_arena arena;
};

/* Names and ids are borrowed. */
void dhr_agency_index_add(struct dhr_agency_index *index, struct dhr_str name, struct dhr_str id);
void dhr_agency_index_add_ledger(struct dhr_agency_index *index, const struct dhr_ledger *ledger);

/* The agency's id, or an empty span. */
struct dhr_str dhr_agency_index_find(const struct dhr_agency_index *index, struct dhr_str name);

/* Append a name as the index compares it. */
void dhr_name_add_folded(struct dhr_buf *out, struct dhr_str name);

/* Of a longer name only this many words are looked at below. */
enum { DHR_NAME_WORDS = 32 };

bool dhr_names_near(struct dhr_str folded_a, struct dhr_str folded_b);

/*
 * Words in a text that differ from a name of at least four words in just one
 * capitalised word, such as "Domestic Abuse Focus Executive Group" beside
 * "Domestic Abuse Forum Executive Group". An empty span if there are none.
 */
struct dhr_str dhr_name_variant_in(struct dhr_str text, struct dhr_str name);

void dhr_agency_index_release(struct dhr_agency_index *index);

#endif
