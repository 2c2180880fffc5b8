/*
 * Windows-1252, the encoding of a CSV that Excel saves without being asked for
 * UTF-8, and what it does to UTF-8 that is taken for it ("â€™" in place of "’").
 */
#ifndef DHRLEDGER_WINDOWS1252_H
#define DHRLEDGER_WINDOWS1252_H

#include <stdbool.h>

#include "dhrledger/str.h"

/*
 * Append as UTF-8. The five bytes that Windows-1252 leaves undefined become the
 * control characters U+0081, U+008D, U+008F, U+0090 and U+009D, as Windows has it.
 */
void dhr_windows1252_decode(struct dhr_buf *out, struct dhr_str bytes);

/*
 * Append valid UTF-8 as Windows-1252; false, with the buffer as far as it got,
 * where a character isn't in it.
 */
bool dhr_windows1252_encode(struct dhr_buf *out, struct dhr_str text);

/*
 * Text that was UTF-8, read as Windows-1252 and written as UTF-8 again: what it
 * was before, in the arena; otherwise the text itself.
 */
struct dhr_str dhr_windows1252_repair(struct dhr_arena *arena, struct dhr_str text);

/*
 * Whether `damaged` is what is left of `text` once Windows-1252 had to hold it:
 * characters that it lacks are question marks.
 */
bool dhr_windows1252_lossy_eq(struct dhr_str damaged, struct dhr_str text);

#endif
