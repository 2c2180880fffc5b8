/*
 * Commit messages: a subject, the reason, and trailers that git interpret-trailers
 * can read.
 *
 *     dhr_message_begin(&out, "durham-2012/3: renamed to durham-2012/3a", why);
 *     dhr_message_add_record(&out, id);
 *     dhr_message_add_differences(&out, &differences);
 *
 * Every verb that commits makes its message with these.
 */
#ifndef DHRLEDGER_MESSAGE_H
#define DHRLEDGER_MESSAGE_H

#include "dhrledger/difference.h"

/* The subject and, with blank lines around it, the reason (NULL: none). */
void dhr_message_begin(struct dhr_buf *out, const char *subject, const char *why);

/* "Ledger-Record: ID" */
void dhr_message_add_record(struct dhr_buf *out, struct dhr_str id);

/* "Ledger-Change: KEY: BEFORE -> AFTER", long values cut: the whole of them is in the commit. */
void dhr_message_add_change(struct dhr_buf *out, const char *key, struct dhr_str before,
                            struct dhr_str after);

/* The same for each difference, with its agency and its action where it has them. */
void dhr_message_add_differences(struct dhr_buf *out, const struct dhr_differences *differences);

#endif
