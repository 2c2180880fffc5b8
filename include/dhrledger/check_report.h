/*
 * What programs want to know about findings beyond their texts: the section and the
 * key they are in, the column as editors count, and a fingerprint by which a finding
 * is known again.
 *
 *     struct dhr_findings findings = {0};
 *     dhr_check_ledger(&ledger, &findings);
 *     dhr_findings_rank(&findings);
 *     struct dhr_findings_report report = {0};
 *     if (dhr_check_report(&report, source, &ledger, &findings, &arena, &err) < 0)
 *         return …;
 *
 * Fingerprints are made of the code, the path from the ledger's root, the section, the
 * key and the text, in which line numbers don't count; of those that have all of it
 * alike, the second has its number, too. So one stays when lines move, and when
 * something else is corrected.
 */
#ifndef DHRLEDGER_CHECK_REPORT_H
#define DHRLEDGER_CHECK_REPORT_H

#include "dhrledger/findings_write.h"
#include "dhrledger/ledger.h"
#include "dhrledger/source.h"

/*
 * Fill in rows and count; the rest of the report is the caller's. Rows lie in the arena and
 * borrow the findings. The files with findings are read again; one that can't be gives
 * neither sections nor keys.
 */
int dhr_check_report(struct dhr_findings_report *report, struct dhr_source *source,
                     const struct dhr_ledger *ledger, const struct dhr_findings *findings,
                     struct dhr_arena *arena, struct dhr_err *err);

/*
 * Its two steps, so that what a row says can be changed between them: where each finding is, and
 * its fingerprint.
 */
int dhr_check_report_locate(struct dhr_findings_report *report, struct dhr_source *source,
                            const struct dhr_ledger *ledger, const struct dhr_findings *findings,
                            struct dhr_arena *arena, struct dhr_err *err);
int dhr_check_report_identify(struct dhr_findings_report *report, struct dhr_arena *arena,
                              struct dhr_err *err);

#endif
