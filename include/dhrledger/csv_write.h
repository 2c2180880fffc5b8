/*
 * Writing CSV as RFC 4180 has it: CRLF at the end of a record, quotes where a
 * cell needs them. The quoting is libcsv's.
 *
 *     dhr_csv_add_cell(&buf, text, true, first);
 *     dhr_csv_end_record(&buf);
 */
#ifndef DHRLEDGER_CSV_WRITE_H
#define DHRLEDGER_CSV_WRITE_H

#include <stdbool.h>

#include "dhrledger/str.h"

/*
 * Append a cell, with a comma before it unless it is the record's first. `guard`
 * puts an apostrophe before a cell that begins with = + - @ tab or CR, which a
 * spreadsheet would take for a formula, and before one that begins with
 * apostrophes and then one of these, so that a reader can tell which to take off.
 */
void dhr_csv_add_cell(struct dhr_buf *out, struct dhr_str text, bool guard, bool first);

void dhr_csv_end_record(struct dhr_buf *out);

#endif
