/* What the query's parser and its matching share. */
#ifndef DHRLEDGER_QUERY_INTERNAL_H
#define DHRLEDGER_QUERY_INTERNAL_H

#include "dhrledger/query.h"

/* How a field's values are compared. */
enum query_match {
    MATCH_WORD,  /* the whole value; "*" stands for anything */
    MATCH_STATE, /* the same, of what is worked out and so is never "none" */
    MATCH_TEXT,  /* anywhere in the value */
    MATCH_DATE   /* a date, or a range such as 2026..2027-03, ..2026 or 2026.. */
};

struct query_value {
    struct query_value *next;
    const char *folded; /* of a word or text */
    bool none;          /* "none": the field is not recorded */
    dhr_day from;       /* of a date */
    dhr_day to;
};

struct query_field {
    const char *name;
    enum query_match match;
    enum dhr_key_id key; /* DHR_KEYS where the field is no key */
    bool (*matches)(const struct query_field *field, const struct query_value *value,
                    const struct dhr_subject *subject);
    const char *const *words; /* the only values it can have, where it is no key; or NULL */
    const char *doc;
};

struct dhr_query_term {
    struct dhr_query_term *next;
    const struct query_field *field;
    bool negated;
    struct query_value *values;
};

extern const struct query_field query_fields[]; /* ended by a NULL name */

#endif
