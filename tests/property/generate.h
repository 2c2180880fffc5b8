/*
 * Random records, and files that hold them: as the tool writes them, as people
 * might, and damaged. The same seed always makes the same.
 *
 *     struct rng rng = rng_of(seed);
 *     struct sample sample;
 *     sample_make(&sample, &rng, &arena);
 *     sample_write(&sample, &bytes);
 *     sample_write_messy(&sample, &rng, true, &bytes);
 *     mutate(&rng, &bytes);
 */
#ifndef GENERATE_H
#define GENERATE_H

#include <stdint.h>

#include "dhrledger/ini.h"

struct rng {
    uint64_t state;
};

struct rng rng_of(uint64_t seed);
/* 0 to n - 1 */
size_t rng_below(struct rng *rng, size_t n);
bool rng_one_in(struct rng *rng, size_t n);

struct sample_section {
    enum dhr_section_id id;
    struct dhr_str agency;
    unsigned action;
    struct dhr_ini_pair *pairs; /* items of a list in their order */
    size_t count;
};

enum { SAMPLE_SECTIONS = 12 };

struct sample {
    enum dhr_record_kind kind;
    struct sample_section sections[SAMPLE_SECTIONS];
    size_t count;
};

/* Pieces of text that a careless reader or writer would take for something else. */
extern const char *const nasty[];
size_t nasty_count(void);

/* A normalised value: one or several paragraphs of words and nasty pieces. */
struct dhr_str value_make(struct rng *rng, struct dhr_arena *arena);

void sample_make(struct sample *sample, struct rng *rng, struct dhr_arena *arena);

/* As dhr_ini_add_section writes it. */
void sample_write(const struct sample *sample, struct dhr_buf *out);

/*
 * As people might: keys in any order, any spacing, folded anywhere, blank lines
 * or none between; comments too, also inside values, where they are wanted.
 */
void sample_write_messy(const struct sample *sample, struct rng *rng, bool comments,
                        struct dhr_buf *out);

/* One to four faults: bytes changed, lines taken away, doubled, moved, indented … */
void mutate(struct rng *rng, struct dhr_buf *bytes);

#endif
