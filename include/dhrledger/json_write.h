/*
 * Writing JSON piece by piece, so that a long report never stands in memory as
 * a tree. Braces and commas are the caller's; strings and their escapes are
 * jansson's.
 */
#ifndef DHRLEDGER_JSON_WRITE_H
#define DHRLEDGER_JSON_WRITE_H

#include "dhrledger/str.h"

/*
 * Append a string with its quotes. Bytes that are not UTF-8 become U+FFFD; a
 * text with characters that could drive a terminal is written in \u escapes.
 */
void dhr_json_add_string(struct dhr_buf *out, struct dhr_str text);

#endif
