/*
 * The schema table printed: for people, for programs, and for the manual.
 *
 *     dhr_schema_write_text(&buf);
 *
 * JSON has a member "version", raised when a member is renamed or taken away.
 */
#ifndef DHRLEDGER_SCHEMA_TEXT_H
#define DHRLEDGER_SCHEMA_TEXT_H

#include "dhrledger/err.h"
#include "dhrledger/str.h"

void dhr_schema_add_text(struct dhr_buf *out);
void dhr_schema_add_json(struct dhr_buf *out);

/* The body of dhrledger(5)'s section on records, in mdoc. */
void dhr_schema_add_mdoc(struct dhr_buf *out);

#endif
