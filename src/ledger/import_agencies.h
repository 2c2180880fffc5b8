/*
 * Agencies that an import speaks of: found in the ledger by name or alias, or made.
 * Pages and CSV files both use it.
 *
 *     struct import_agencies agencies = {0};
 *     import_agencies_open(&agencies, ledger, arena);
 *     struct dhr_str id = import_agency_of(&agencies, name);
 *     … agencies.made …
 *     import_agencies_note(&agencies, say, user);          // once, or once a page
 *     import_agencies_note_rest(&agencies, say, user);     // in the end
 *     import_agencies_release(&agencies);
 *
 * Ledger, arena and the names must outlive it.
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

/* A name in the list of those that begin with the same word. */
struct import_link {
    size_t name; /* its place in the index */
    size_t next; /* a link, or (size_t)-1 */
};

/* Looking for names that are alike, without comparing each text with each name. */
struct import_alike {
    struct name_shape *shapes; /* of the index's names, in its order */
    size_t count, capacity;
    struct dhr_map first_words; /* of longer names: a place among the links */
    struct import_link *links;
    size_t link_count, link_capacity;
    struct dhr_map told; /* variants named already */
};

struct import_agencies {
    const struct dhr_ledger *ledger;
    struct dhr_arena *arena;
    struct dhr_agency_index index; /* the ledger's names, then those of the new ones */
    struct dhr_map ids;            /* taken, in small letters */
    struct dhr_map made_ids;       /* those of the new ones */
    struct import_agency *made;
    size_t made_count, made_capacity;
    size_t noted; /* how many of them import_agencies_note has looked at */
    struct import_alike alike;
    size_t kinds, twins, variants; /* notes of each sort so far, those left out too */
};

void import_agencies_open(struct import_agencies *agencies, const struct dhr_ledger *ledger,
                          struct dhr_arena *arena);

/* By name or alias; where there is none, a new one. */
struct dhr_str import_agency_of(struct import_agencies *agencies, struct dhr_str name);

/* A new one, which nobody is called so far, with this id if it is free (and not empty). */
struct dhr_str import_agency_make(struct import_agencies *agencies, struct dhr_str name,
                                  struct dhr_str id);

/* Whether the id is one of the ledger's agencies, or of those made since. */
bool import_agency_has(const struct import_agencies *agencies, struct dhr_str id);

/*
 * Whatever stands in a folder ("agencies/"), a record or not, has its name there. The
 * names up to the first byte of `end` are added in small letters.
 */
void import_take_names(struct dhr_map *names, const struct dhr_ledger *ledger, const char *folder,
                       const char *end, struct dhr_arena *arena);

typedef void (*import_say_fn)(void *user, const char *sentence);

/* Sentences about those made since the last call: kinds that nothing tells, and near-twins. */
void import_agencies_note(struct import_agencies *agencies, import_say_fn say, void *user);

/* The same about names that a recommendation's text gives a little differently. */
void import_agencies_note_text(struct import_agencies *agencies, struct dhr_str number,
                               struct dhr_str text, import_say_fn say, void *user);

/* Of each sort a run tells twenty; how many more there are. */
void import_agencies_note_rest(const struct import_agencies *agencies, import_say_fn say,
                               void *user);

void import_agencies_release(struct import_agencies *agencies);

/* import_alike.c, for import_agencies.c */

/* How many notes of one sort a run tells. */
enum { NOTES_SHOWN = 20 };

/* Learn the index's names up to here, and tell which of the new ones have near-twins. */
void import_alike_learn(struct import_agencies *agencies);
void import_alike_note_twins(struct import_agencies *agencies, import_say_fn say, void *user);
void import_alike_release(struct import_alike *alike);

#endif
