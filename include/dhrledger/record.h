/*
 * A record as read: its sections, their fields and where each stood. Values live
 * in the record's arena; white space inside is single spaces, a paragraph break
 * is LF.
 *
 *     const struct dhr_section *own = dhr_record_section(record, DHR_SECTION_RECOMMENDATION);
 *     struct dhr_str text = dhr_section_value(own, DHR_KEY_RECOMMENDATION_TEXT);
 *     const struct dhr_field *f = NULL;
 *     while ((f = dhr_section_next(own, DHR_KEY_RECOMMENDATION_THEME, f)))
 *         … f->value …
 *
 * A record is immutable after reading and lives as long as its arena. Empty
 * values are unset and not kept as fields.
 */
#ifndef DHRLEDGER_RECORD_H
#define DHRLEDGER_RECORD_H

#include <stdint.h>

#include "dhrledger/schema.h"
#include "dhrledger/str.h"

struct dhr_field {
    const struct dhr_key *key;
    struct dhr_str name; /* as written; differs from key->name only where that is "*" */
    struct dhr_str value;
    uint32_t line; /* from 1 */
    uint32_t col;  /* of the value, bytes from 1 */
};

struct dhr_section {
    const struct dhr_section_def *def;
    struct dhr_str agency; /* the label's agency id; empty where the section has none */
    unsigned action;       /* the label's number, from 1; 0 where the section has none */
    uint32_t line;
    bool incomplete; /* a line of it was reported, or all of it: what seems to be missing may be
                        there */
    struct dhr_field *fields; /* in the file's order */
    size_t field_count;
};

struct dhr_record {
    enum dhr_record_kind kind;
    const char *path;  /* from the ledger's root */
    struct dhr_str id; /* "durham-2012/10.2.1", "durham-constabulary"; empty for settings */
    struct dhr_section *sections; /* in the file's order */
    size_t section_count;
};

/* The first section of that kind, or NULL. */
const struct dhr_section *dhr_record_section(const struct dhr_record *record,
                                             enum dhr_section_id id);

/* The [agency ID] section of that agency, or NULL. */
const struct dhr_section *dhr_record_addressee(const struct dhr_record *record,
                                               struct dhr_str agency);

/* The value, or an empty span; section may be NULL. Of a list, the first item. */
struct dhr_str dhr_section_value(const struct dhr_section *section, enum dhr_key_id key);

/* The field after `after` (NULL: the first) with that key, or NULL. */
const struct dhr_field *dhr_section_next(const struct dhr_section *section, enum dhr_key_id key,
                                         const struct dhr_field *after);

/* The section of another state of the record (may be NULL) with the same label, or NULL. */
const struct dhr_section *dhr_record_counterpart(const struct dhr_record *record,
                                                 const struct dhr_section *section);

/* The value; of a list all items joined by LF, in the arena where there are several. */
struct dhr_str dhr_section_joined(const struct dhr_section *section, enum dhr_key_id key,
                                  struct dhr_arena *arena);

/* The value's place in its key's list of words, or -1 where it is unset or none of them. */
int dhr_section_word(const struct dhr_section *section, enum dhr_key_id key);

#endif
