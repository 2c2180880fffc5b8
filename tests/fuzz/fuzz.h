/*
 * Hostile input: what a fuzz target is, and what targets share.
 *
 *     int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
 *     {
 *         struct dhr_arena arena = {0};
 *         struct dhr_str input = fuzz_copy(&arena, data, size);
 *         …
 *         fuzz_check(in_order, "the lines are out of order at %u", line);
 *         dhr_arena_release(&arena);
 *         return 0;
 *     }
 *
 * A target is a file NAME.c with that one function. libFuzzer (make fuzz) calls it with
 * what it makes up, and replay.c (make check) with the seeds. A target promises
 * more than not to crash: what must hold for any input is a fuzz_check.
 */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "dhrledger/ledger.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Print the sentence and abort, where what has to hold doesn't. */
void fuzz_check(bool holds, const char *fmt, ...) DHR_PRINTF(2, 3);

/* The input in memory of exactly its size, so that a sanitizer sees each step beyond it. */
struct dhr_str fuzz_copy(struct dhr_arena *arena, const uint8_t *data, size_t size);

/* The same as text in UTF-8 without NUL: bytes that are neither become '?'. */
struct dhr_str fuzz_text(struct dhr_arena *arena, const uint8_t *data, size_t size);

void fuzz_check_utf8(struct dhr_str text, const char *what);

/* Lines in a text; the last need not end. */
uint32_t fuzz_lines(struct dhr_str text);

/* The day that is today for targets: 24 November 2026. */
dhr_day fuzz_today(void);

/* The invented ledger in tests/fixtures/progress; read once, never released. */
const struct dhr_ledger *fuzz_ledger(void);

/* Append what can be seen of the text: neither white space, also no-break spaces, nor `skip`. */
void fuzz_add_visible(struct dhr_buf *out, struct dhr_str text, char skip);

/*
 * Read a file that the program made: its bytes hold no fault and are laid out as the
 * formatter would.
 */
const struct dhr_record *fuzz_read_made(struct dhr_arena *arena, const char *path,
                                        struct dhr_str bytes);

#endif
