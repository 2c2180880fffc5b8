/*
 * Names of agencies that are one body's, written twice: the words in another order, "&" for
 * "and", "Co." for "County", a letter too many. It is stricter than dhr_names_near, which
 * suggests while a page is imported: here each pair becomes a finding, in every run.
 *
 *     struct twin_name a, b;
 *     twin_name_make(&a, name, &arena);
 *     … twin_names_are(&a, &b) …
 *
 * Names without a hash in common (twin_name_hashes) are none, so that a thousand
 * names need not be held against each other.
 */
#ifndef LEDGER_TWIN_NAMES_H
#define LEDGER_TWIN_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhrledger/mem.h"
#include "dhrledger/str.h"

enum { TWIN_WORDS = 24, TWIN_HASHES = 96 };

/* A name's words, folded, without the small ones; they live in the arena. */
struct twin_name {
    struct dhr_str words[TWIN_WORDS];
    size_t count;
};

void twin_name_make(struct twin_name *name, struct dhr_str written, struct dhr_arena *arena);

bool twin_names_are(const struct twin_name *a, const struct twin_name *b);

/* Returns how many there are. */
size_t twin_name_hashes(const struct twin_name *name, uint64_t hashes[TWIN_HASHES]);

#endif
