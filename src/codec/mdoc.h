/* Text as mdoc(7), the manual's language. */
#ifndef DHRLEDGER_MDOC_H
#define DHRLEDGER_MDOC_H

#include "dhrledger/str.h"

/* A line of running text, where a backslash, and a dot or quote at the front, mean more. */
void mdoc_add_line(struct dhr_buf *out, struct dhr_str line);

/* Running text: each sentence begins a line, as mdoc wants it, and no line is long. */
void mdoc_add_text(struct dhr_buf *out, const char *text);

/* Lines as they stand, indented. */
void mdoc_add_literal(struct dhr_buf *out, const char *lines);

#endif
