/*
 * The schema table, from schema.def: what sections and keys records have. All
 * rows are static and const; a row's address is its identity.
 *
 *     const struct dhr_section_def *section = dhr_schema_section(DHR_SECTION_ADDRESSEE);
 *     const struct dhr_key *key = dhr_section_find_key(section, name);
 */
#ifndef DHRLEDGER_SCHEMA_H
#define DHRLEDGER_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "dhrledger/str.h"

enum dhr_record_kind {
    DHR_RECORD_REVIEW,
    DHR_RECORD_RECOMMENDATION,
    DHR_RECORD_AGENCY,
    DHR_RECORD_SETTINGS
};
enum { DHR_RECORD_KINDS = 4 };

/* What a value is. */
enum dhr_type {
    DHR_TYPE_TEXT,           /* one line */
    DHR_TYPE_PROSE,          /* paragraphs, joined by LF */
    DHR_TYPE_DATE,           /* YYYY, YYYY-MM or YYYY-MM-DD */
    DHR_TYPE_YEAR,           /* YYYY */
    DHR_TYPE_COUNT,          /* a whole number from 0 */
    DHR_TYPE_WORD,           /* one of the key's words */
    DHR_TYPE_DATED,          /* YYYY-MM-DD and text */
    DHR_TYPE_URL,            /* http:// or https:// */
    DHR_TYPE_LINK,           /* a web address or a path */
    DHR_TYPE_MAILBOX,        /* an e-mail address */
    DHR_TYPE_AGENCY,         /* an agency's id */
    DHR_TYPE_REVIEW,         /* a review's id */
    DHR_TYPE_RECOMMENDATION, /* a recommendation's id */
    DHR_TYPE_FORMER          /* an id that no record has any more */
};

enum {
    DHR_KEY_REQUIRED = 1,
    DHR_KEY_LIST = 2,
    DHR_KEY_IMMUTABLE = 4,
    DHR_KEY_FORM = 8,
    DHR_KEY_PUBLISHED = 16,
    DHR_KEY_HAPPENED = 32
};

/* What follows the word in a section's heading. */
enum dhr_label { DHR_LABEL_NONE, DHR_LABEL_AGENCY, DHR_LABEL_ACTION };

enum dhr_section_id {
#define WORDS(...)
#define SECTION(name, record, heading, label, doc) DHR_SECTION_##name,
#define KEY(...)
#include "dhrledger/schema.def"
#undef WORDS
#undef SECTION
#undef KEY
    DHR_SECTIONS
};

enum dhr_key_id {
#define WORDS(...)
/* A section's first marker has the value of its first key: the second takes the counter back. */
#define SECTION(name, ...) DHR_FIRST_KEY_##name, DHR_REWIND_##name = DHR_FIRST_KEY_##name - 1,
#define KEY(section, name, ...) DHR_KEY_##section##_##name,
#include "dhrledger/schema.def"
#undef WORDS
#undef SECTION
#undef KEY
    DHR_KEYS
};

struct dhr_key {
    enum dhr_key_id id;
    enum dhr_section_id section;
    const char *name; /* "due-original"; "*" stands for any */
    size_t name_len;
    enum dhr_type type;
    const char *const *words; /* of a DHR_TYPE_WORD, ended by NULL */
    unsigned flags;
    const char *heading;
    const char *json_name;
    const char *doc;
};

struct dhr_section_def {
    enum dhr_section_id id;
    enum dhr_record_kind record;
    const char *heading; /* "agency" */
    enum dhr_label label;
    const char *doc;
};

const struct dhr_section_def *dhr_schema_section(enum dhr_section_id id);
const struct dhr_key *dhr_schema_key(enum dhr_key_id id);

static inline bool dhr_key_is_named(const struct dhr_key *key, struct dhr_str name)
{
    return name.len == key->name_len && memcmp(name.ptr, key->name, name.len) == 0;
}

/* A section's keys in canonical order. */
const struct dhr_key *dhr_section_keys(const struct dhr_section_def *section, size_t *count);

/* The section of this kind of record with that heading word and label; NULL if there is none. */
const struct dhr_section_def *dhr_schema_find(enum dhr_record_kind record, struct dhr_str heading,
                                              bool labelled);

/* A key by name; NULL if the section has none. */
const struct dhr_key *dhr_section_find_key(const struct dhr_section_def *section,
                                           struct dhr_str name);

/* Whether any section of this kind of record has a key of that name. */
bool dhr_schema_has_key(enum dhr_record_kind record, struct dhr_str name);

/* Whether the value of some key of that name is or begins with a date. */
bool dhr_schema_has_dates(struct dhr_str name);

/* The key, section or word nearest to a mistyped one, or NULL where none is near. */
const char *dhr_section_suggest(const struct dhr_section_def *section, struct dhr_str name);
const char *dhr_schema_suggest_section(enum dhr_record_kind record, struct dhr_str heading);
const char *dhr_key_suggest_word(const struct dhr_key *key, struct dhr_str word);

/* The word's place in the key's list, or -1. */
int dhr_key_word_index(const struct dhr_key *key, struct dhr_str word);

/* "date", "word", … as the manual calls a type. */
const char *dhr_type_name(enum dhr_type type);

/* "review", "recommendation", "agency", "settings" */
const char *dhr_record_kind_name(enum dhr_record_kind record);

#endif
