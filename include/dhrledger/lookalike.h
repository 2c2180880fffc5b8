/*
 * Letters of other alphabets that look like Latin ones, in words where they pass for them:
 * "Durham" with a Cyrillic а is another name, and nobody sees why it isn't found.
 *
 * After Unicode Technical Standard #39, "Unicode Security Mechanisms": section 5.1 (a word of
 * mixed scripts), section 4 (confusables). The table has those Cyrillic and Greek letters that
 * are alike in common typefaces; words of either alphabet alone, and signs such as µ, are left.
 */
#ifndef DHRLEDGER_LOOKALIKE_H
#define DHRLEDGER_LOOKALIKE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhrledger/str.h"

struct dhr_lookalike {
    struct dhr_str word; /* in the text */
    size_t at;           /* the letter's offset */
    size_t len;          /* its bytes */
    uint32_t code;
    char latin; /* what it looks like */
};

/* "Cyrillic" or "Greek" */
const char *dhr_lookalike_script(uint32_t code);

/*
 * The first such letter in a word that has Latin letters too, or that is made of nothing else and
 * stands in a text with Latin letters. False where there is none.
 */
bool dhr_lookalike_find(struct dhr_str text, struct dhr_lookalike *found);

#endif
