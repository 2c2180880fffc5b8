/*
 * Rules that check_record.c and check_ledger.c call, by what they look at. Each adds
 * its findings and nothing else; a ledger is shared by threads meanwhile.
 */
#ifndef DHRLEDGER_LEDGER_CHECK_INTERNAL_H
#define DHRLEDGER_LEDGER_CHECK_INTERNAL_H

#include "dhrledger/check.h"

enum { PAST_OTHERS = 3 };

/*
 * check_privacy.c: what a text of the past holds that none of the others holds, which may be
 * empty. It can't be left out of a commit any more; `mend` says where it is mended, and how.
 */
void check_past_text(const char *path, struct dhr_str text, enum dhr_text_kind kind,
                     const struct dhr_str others[PAST_OTHERS], const struct dhr_guard *guard,
                     const struct dhr_mend *mend, struct dhr_findings *findings);

/* One record by itself: its lists, its targets, and what each status needs. */
void check_states(const struct dhr_record *record, struct dhr_findings *findings);

/* The texts of a review, and its file names against the printed numbers. */
void check_texts(const struct dhr_ledger *ledger, const struct dhr_record *review,
                 struct dhr_findings *findings);
void check_file_name(const struct dhr_record *recommendation, struct dhr_findings *findings);

/* What one recommendation's words tell, and what stands in the way of what is owed. */
void check_words(const struct dhr_record *recommendation, struct dhr_findings *findings);
/* Whether the text has nothing but words of headings; for a few words only, since it is slow. */
bool is_heading(struct dhr_str text);
void check_owed(const struct dhr_ledger *ledger, const struct dhr_record *recommendation,
                struct dhr_findings *findings);

/* check_letters.c: names with letters that only look like those they pass for. */
void check_letters(const struct dhr_record *record, struct dhr_findings *findings);

/* "; U+0430 in it is Cyrillic and only looks like "a"", of a file's name; nothing if all is plain.
 */
void add_odd_letter(struct dhr_buf *out, struct dhr_str name);

/* How many of a review's recommendations nobody has compared with the report. */
void check_extraction(const struct dhr_ledger *ledger, const struct dhr_record *review,
                      struct dhr_findings *findings);

/* The whole ledger at once; the index is always 0. */
void check_twins(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings);
void check_cycles(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings);
void check_glued(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings);
void check_near_twins(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings);
void check_addressees(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings);

#endif
