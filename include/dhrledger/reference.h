/*
 * What refers to a record: the label of a section [agency ID] or [action ID N],
 * and values that are the ids of agencies, reviews and recommendations. A value
 * of formerly is none: it names what no longer is.
 *
 *     if (dhr_refers(field->key, field->value, DHR_RECORD_AGENCY, id)) …
 *
 * An id of a recommendation refers to its review too.
 */
#ifndef DHRLEDGER_REFERENCE_H
#define DHRLEDGER_REFERENCE_H

#include <stdbool.h>

#include "dhrledger/record.h"

/* A record's name in every reference to it. */
struct dhr_ref {
    enum dhr_record_kind kind;
    struct dhr_str id;
};

/* Whether a key's values are the ids of records. */
bool dhr_is_reference(const struct dhr_key *key);

/* Whether a key's value refers to the record. */
bool dhr_refers(const struct dhr_key *key, struct dhr_str value, struct dhr_ref to);

/* Whether a section's label does. */
bool dhr_label_refers(struct dhr_str agency, struct dhr_ref to);

/* The line of the first reference in a record, or 0. */
uint32_t dhr_record_refers(const struct dhr_record *record, struct dhr_ref to);

#endif
