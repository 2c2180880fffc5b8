/*
 * What kind of body a name belongs to, by its words, or that it is none. The table is printed by
 * "dhrledger schema" and in dhrledger(5), so that nobody has to guess.
 */
#ifndef DHRLEDGER_KINDS_H
#define DHRLEDGER_KINDS_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/str.h"

struct dhr_kind_word {
    const char *words; /* whole words, in any case */
    const char *kind;  /* a word of the key "kind" of an agency */
};

/* In the order they are tried. */
const struct dhr_kind_word *dhr_kind_words(size_t *count);

/* The kind of the first row whose words stand in the name, or "unknown". Static. */
const char *dhr_kind_of_name(struct dhr_str name);

/* Addressees that reviews print and that are no body; in any case. */
const char *const *dhr_placeholder_names(size_t *count);
bool dhr_is_placeholder_name(struct dhr_str name);

#endif
