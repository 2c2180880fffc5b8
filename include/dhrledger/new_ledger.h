/*
 * A new ledger: what its folder still lacks.
 *
 *     struct dhr_new_ledger plan = {.name = "Exampleshire", .arena = &arena};
 *     plan.there[DHR_NEW_README] = true;                       // for each that exists
 *     plan.attributes = bytes;                                 // where .gitattributes exists
 *     dhr_new_ledger_plan(&plan);
 *     … plan.changes, plan.count …
 *
 * Nothing that is there is replaced; a .gitattributes gets one line more.
 */
#ifndef DHRLEDGER_NEW_LEDGER_H
#define DHRLEDGER_NEW_LEDGER_H

#include <stdbool.h>

#include "dhrledger/commit.h"

/* The files of a new ledger, in the order in which they are written. */
enum dhr_new_file {
    DHR_NEW_ATTRIBUTES,
    DHR_NEW_SETTINGS,
    DHR_NEW_README,
    DHR_NEW_AGENCIES, /* keeps the folder, since git keeps no empty one */
    DHR_NEW_REVIEWS,
    DHR_NEW_GITHUB,
    DHR_NEW_GITLAB,
    DHR_NEW_FILES
};

/* Who checks what is pushed. */
enum dhr_forge { DHR_FORGE_NONE, DHR_FORGE_GITHUB, DHR_FORGE_GITLAB };

/* The forge that the host of a remote's address names; NONE for another, or NULL. */
enum dhr_forge dhr_forge_of(const char *address);

struct dhr_new_ledger {
    const char *name; /* normalised (ini.h) */
    struct dhr_arena *arena;
    enum dhr_forge forge; /* whose CI file it gets */
    const char *version;  /* of the program, for that file */
    bool there[DHR_NEW_FILES];
    struct dhr_str attributes;                /* what .gitattributes holds, where it is there */
    struct dhr_change changes[DHR_NEW_FILES]; /* paths from the ledger's root */
    size_t count;
};

/* What has to exist for a file to be there: ".gitattributes", "reviews". Static. */
const char *dhr_new_ledger_mark(enum dhr_new_file file);

void dhr_new_ledger_plan(struct dhr_new_ledger *plan);

#endif
