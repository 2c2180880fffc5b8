/*
 * Ids and the file names they become. The id of a recommendation is its path
 * without prefix and suffix: "durham-2012/10.2.1".
 */
#ifndef DHRLEDGER_IDENT_H
#define DHRLEDGER_IDENT_H

#include <stdbool.h>

#include "dhrledger/mem.h"
#include "dhrledger/schema.h"
#include "dhrledger/str.h"

enum { DHR_ID_MAX_BYTES = 64, DHR_NUMBER_MAX_BYTES = 32 };

/* [a-z0-9][a-z0-9-]*, at most 64 bytes: an agency's or a review's id. */
bool dhr_ident_ok(struct dhr_str id);

/* [0-9A-Za-z][0-9A-Za-z.-]*, no dot at the end, at most 32 bytes: a recommendation's name. */
bool dhr_ident_number_ok(struct dhr_str name);

/* REVIEW/NUMBER */
bool dhr_ident_recommendation_ok(struct dhr_str id);

/*
 * A name that can't be used: "review" in a review's folder, and the names that
 * Windows keeps for devices (con, prn, aux, nul, com1 … lpt9), in any case and
 * also before a dot.
 */
bool dhr_ident_reserved(struct dhr_str name);

/*
 * The slug of a name: accents and case folded away, every run of other
 * characters one hyphen, cut at a hyphen to at most max_bytes; never empty ("x"
 * where nothing is left).
 */
char *dhr_ident_slug(struct dhr_arena *arena, struct dhr_str name, size_t max_bytes);

/*
 * The file name for a printed number: "9.1 a" -> "9.1a", "3(b)" -> "3b"; NULL
 * where nothing of it can be used.
 */
char *dhr_ident_number(struct dhr_arena *arena, struct dhr_str printed);

/*
 * What kind of record a path from the ledger's root holds, and its id (a span
 * of the path). False where no record belongs there.
 */
bool dhr_ident_of_path(struct dhr_str path, enum dhr_record_kind *kind, struct dhr_str *id);

#endif
