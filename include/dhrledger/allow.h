/*
 * What a comment in a file accepts (dhrledger(5), "ACCEPTING A FINDING"):
 *
 *     # dhrledger: allow DL093 because it is the surgery's own postcode
 *
 * accepts one finding of that code about what stands below it, and at the top of a file one
 * about the file. Reading a file (ini.h) puts its comments beside its findings; once all
 * findings are there:
 *
 *     struct dhr_findings accepted = {0};
 *     dhr_findings_accept(&findings, &findings, &accepted);
 *
 * Whoever counts the ones must tell of the others: nothing is accepted in silence.
 */
#ifndef DHRLEDGER_ALLOW_H
#define DHRLEDGER_ALLOW_H

#include "dhrledger/finding.h"

/*
 * Why a comment can't accept this, as a clause; NULL where it can. What makes a file's lines
 * unreadable has no line to stand above, and what a change must bring along is not for
 * the one who makes the change to waive.
 */
const char *dhr_rule_never_allowed(enum dhr_rule rule);

/*
 * Move the findings that the comments of `from` accept, one each, to the end of `accepted`, which
 * may be NULL. They have the comment's reason and line there. What is left is sorted.
 */
void dhr_findings_accept(struct dhr_findings *findings, const struct dhr_findings *from,
                         struct dhr_findings *accepted);

/* Add a finding for each comment of `from` that has accepted none. */
void dhr_findings_add_unused(struct dhr_findings *findings, const struct dhr_findings *from,
                             const struct dhr_findings *accepted);

#endif
