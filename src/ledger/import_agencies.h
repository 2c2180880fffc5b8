/*
 * Agencies that an import speaks of: found in the ledger by name or alias, or made.
 *
 *     struct import_agencies agencies = {.ledger = ledger, .arena = arena};
 *     import_agencies_open(&agencies);
 *     struct dhr_str id = import_agency_of(&agencies, name);
 *     … agencies.made …
 *     import_agencies_note(&agencies, say, user);
 *     import_agencies_release(&agencies);
 */
#ifndef DHRLEDGER_IMPORT_AGENCIES_H
#define DHRLEDGER_IMPORT_AGENCIES_H

#include "dhrledger/agency_index.h"

/* A new agency's record; everything lives in the arena. */
struct import_agency {
    struct dhr_str id, name;
    const char *path; /* from the ledger's root */
    struct dhr_str bytes;
    bool kind_unknown; /* no word of the name tells its kind */
};

struct import_agencies {
    const struct dhr_ledger *ledger;
    struct dhr_arena *arena;
    struct dhr_agency_index index; /* the ledger's names, then those of the new ones */
    size_t known_names;            /* how many of them the ledger had */
    struct import_agency *made;
    size_t made_count, made_capacity;
};

void import_agencies_open(struct import_agencies *agencies);

/* By name or alias; where there is none, a new one. */
struct dhr_str import_agency_of(struct import_agencies *agencies, struct dhr_str name);

/* A new one, which nobody is called so far, with this id if it is free (and not empty). */
struct dhr_str import_agency_make(struct import_agencies *agencies, struct dhr_str name,
                                  struct dhr_str id);

/* Sentences about the new ones: kinds that nothing tells, and names alike to others. */
typedef void (*import_say_fn)(void *user, const char *sentence);
void import_agencies_note(const struct import_agencies *agencies, import_say_fn say, void *user);

void import_agencies_release(struct import_agencies *agencies);

#endif
