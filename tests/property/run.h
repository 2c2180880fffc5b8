/*
 * One run over random records, and what its properties ask again and again.
 * Functions that compare return false and leave a reason in run->why.
 */
#ifndef RUN_H
#define RUN_H

#include <stdio.h>

#include "generate.h"

struct run {
    const char *folder;
    FILE *readings; /* one JSON line a file */
    size_t file_count;
    size_t index; /* of the record at hand */
    struct dhr_arena arena;
    struct dhr_ini ini; /* used again and again, as a scan does */
    struct dhr_findings findings;
    struct dhr_buf bytes;
    struct dhr_buf why;
};

/* readings.c: files kept for another reader, and how this one read them */

/* The words that make an indented line a mistake: "KIND key NAME", "KIND section NAME". */
void keep_words(const char *folder);
/* Keep the file that run->ini was read from. */
void keep_file(struct run *r);

/* compare.c */

/* The record holds just what the sample does. */
bool same_record(struct run *r, const struct sample *meant, const struct dhr_record *read);
bool same_bytes(struct run *r, const char *what, struct dhr_str wanted, struct dhr_str got);
/* All comments, sorted, one a line. */
struct dhr_str comments_of(struct run *r, const struct dhr_ini *ini);
/* Every value that is set, known key or not, by section and key, one a line. */
struct dhr_str values_of(struct run *r, const struct dhr_ini *ini);
/* The lines that were not understood. */
struct dhr_str faults_of(struct run *r, const struct dhr_ini *ini);

/* whole.c */

/* Every line of run->ini is used or reported, and every value whole. */
bool nothing_is_lost(struct run *r, const struct dhr_record *record);

/* codec.c: what other properties use, too */

/* Read a copy of the bytes; the run's findings are those of reading alone. */
const struct dhr_record *read_bytes(struct run *r, struct dhr_ini *ini, enum dhr_record_kind kind,
                                    const struct dhr_buf *bytes);
/* False with a reason in run->why. */
bool format_bytes(struct run *r, const struct dhr_ini *ini, struct dhr_buf *out);
/* Any key of any section of run->ini, set to anything; false where no section has keys. */
bool make_edit(struct run *r, struct rng *rng, struct dhr_edit *edit);

/* layout.c */
bool layout_is_found_where_it_would_change(struct run *r, struct rng *rng);
bool edits_keep_the_layout(struct run *r, struct rng *rng);

#endif
