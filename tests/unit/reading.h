/*
 * Help for tests of records: bytes read as the program reads them.
 *
 *     struct reading r;
 *     reading_begin(&r, DHR_RECORD_RECOMMENDATION, dhr_str_of("[recommendation]\n…"));
 *     cr_assert_str_eq(reading_value(&r, DHR_KEY_RECOMMENDATION_NUMBER), "1");
 *     reading_end(&r);
 */
#ifndef READING_H
#define READING_H

#include "dhrledger/ini.h"

struct reading {
    struct dhr_ini ini;
    struct dhr_findings findings;
    struct dhr_arena arena;
    const struct dhr_record *record;
};

/* The path is one that a record of that kind has; the bytes are copied. */
void reading_begin(struct reading *r, enum dhr_record_kind kind, struct dhr_str bytes);
void reading_end(struct reading *r);

/* The n-th section of that kind, from 0; the test fails where there is none. */
const struct dhr_section *reading_section(const struct reading *r, enum dhr_section_id id,
                                          size_t n);

/* The value in the first section that has such keys, items of a list joined by '|'; "" if unset. */
const char *reading_value(struct reading *r, enum dhr_key_id key);

/* "3:5 DL013, 9:1 DL011": the findings in their order, or "". */
const char *reading_findings(struct reading *r);

/* What the formatter makes of it; the test fails where it refuses. */
const char *reading_formatted(struct reading *r);

#endif
