/*
 * A whole ledger in memory: every record of a source, read in parallel.
 *
 *     struct dhr_ledger ledger;
 *     if (dhr_ledger_load(&ledger, source, &err) < 0)
 *         return …;
 *     const struct dhr_record *r = dhr_ledger_recommendation(&ledger, dhr_str_of("durham-2012/3"));
 *     dhr_ledger_release(&ledger);
 *
 * Faults in files become findings, and loading goes on; only a source that
 * can't be listed is an error. The ledger is immutable afterwards, and its
 * records live until it is released. Lists are in natural order of their ids.
 */
#ifndef DHRLEDGER_LEDGER_H
#define DHRLEDGER_LEDGER_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/date.h"
#include "dhrledger/finding.h"
#include "dhrledger/map.h"
#include "dhrledger/mem.h"
#include "dhrledger/record.h"
#include "dhrledger/source.h"

struct dhr_records {
    const struct dhr_record **items;
    size_t count;
};

struct dhr_ledger {
    struct dhr_records reviews;
    struct dhr_records recommendations; /* a review's stand together */
    struct dhr_records agencies;
    struct dhr_map review_places; /* by id, in reviews */
    struct dhr_map agency_places;
    struct dhr_map first_places;       /* by a review's id: of its recommendations, the first */
    const struct dhr_record *settings; /* NULL without .dhrledger.ini */
    unsigned due_soon_days;            /* 30 unless the settings say otherwise */
    unsigned stale_days;               /* 90 unless the settings say otherwise */
    dhr_day today;                     /* set before checking; the rules compare dates with it */
    struct dhr_entry *entries;         /* what the source listed */
    size_t entry_count;
    struct dhr_source *rest;          /* of a part: where else a record may be; borrowed, or NULL */
    const struct dhr_record *grading; /* settings whose severities count instead, or NULL */
    struct dhr_findings findings;     /* of reading; dhr_check_ledger adds its own */
    struct dhr_arena arena;
};

/* The settings among a source's entries, or NULL; their faults are left to dhr_check_ledger. */
const struct dhr_record *dhr_settings_read(struct dhr_source *source,
                                           const struct dhr_entry *entries, size_t count,
                                           struct dhr_arena *arena);

/* The ledger must be released also where this fails. */
int dhr_ledger_load(struct dhr_ledger *ledger, struct dhr_source *source, struct dhr_err *err);

/*
 * A part of a ledger: these entries, and for each recommendation among them its review, what
 * supersedes it and the agencies of its sections. The source is no folder and must outlive the
 * ledger, whose entries are those that were read.
 */
int dhr_ledger_load_part(struct dhr_ledger *ledger, struct dhr_source *source,
                         const struct dhr_entry *entries, size_t count, struct dhr_err *err);

/* Fill the empty maps of a ledger whose lists were made otherwise, and empty them. */
void dhr_ledger_note_places(struct dhr_ledger *ledger);
void dhr_ledger_forget_places(struct dhr_ledger *ledger);

/*
 * Given what is being loaded, on any thread: each entry once, with the bytes of a file, which are
 * gone afterwards; with none where it is no file or can't be read.
 */
typedef void (*dhr_look_fn)(void *user, const char *path, struct dhr_str bytes);

/*
 * The same for checking: each file's layout is judged, too, and has a look (NULL: none) taken at it
 * on the way, also where it is no record.
 */
int dhr_ledger_load_watched(struct dhr_ledger *ledger, struct dhr_source *source, dhr_look_fn look,
                            void *user, struct dhr_err *err);

void dhr_ledger_release(struct dhr_ledger *ledger);

/* The order of ids: the review first, so that its recommendations stand together, then the number.
 */
int dhr_id_cmp(struct dhr_str a, struct dhr_str b);

/* By id; NULL where there is none. */
const struct dhr_record *dhr_ledger_review(const struct dhr_ledger *ledger, struct dhr_str id);
const struct dhr_record *dhr_ledger_recommendation(const struct dhr_ledger *ledger,
                                                   struct dhr_str id);
const struct dhr_record *dhr_ledger_agency(const struct dhr_ledger *ledger, struct dhr_str id);

/* The recommendations of a review: a span of ledger->recommendations. */
struct dhr_records dhr_ledger_of_review(const struct dhr_ledger *ledger, struct dhr_str review);

/* The review part of a recommendation's id: "durham-2012". */
struct dhr_str dhr_review_of(const struct dhr_record *recommendation);

/* The name part: "10.2.1". */
struct dhr_str dhr_number_of(const struct dhr_record *recommendation);

/* An agency's name, or its id where the ledger doesn't have it or it has no name. */
struct dhr_str dhr_ledger_agency_name(const struct dhr_ledger *ledger, struct dhr_str id);

#endif
