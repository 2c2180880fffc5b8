/*
 * Characters that can't be seen, and what stands in a text because of them: words that no
 * search finds, names that differ and look alike, lines that read otherwise than they are
 * (Unicode Technical Report #36, "Unicode Security Considerations", and the property
 * Default_Ignorable_Code_Point).
 *
 *     struct dhr_unseen found;
 *     for (size_t at = 0; dhr_unseen_next(text, &at, &found);)
 *         … found.at, found.code, found.name …
 *
 * Not meant are those that do something where they stand: joiners behind a letter of a script
 * that joins or a symbol, selectors behind a symbol or an ideograph, left and right marks
 * beside a letter that is written from the right, and the tags of a flag. Nor are
 * spaces: no-break spaces and their like come with every PDF, and have a width.
 */
#ifndef DHRLEDGER_UNSEEN_H
#define DHRLEDGER_UNSEEN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhrledger/str.h"

struct dhr_unseen {
    size_t at;  /* offset */
    size_t len; /* in bytes */
    uint32_t code;
    const char *name; /* "soft hyphen"; static */
};

/* The first one from *at on, which moves behind it; false where there is none. */
bool dhr_unseen_next(struct dhr_str text, size_t *at, struct dhr_unseen *found);

#endif
