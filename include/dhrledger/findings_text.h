/*
 * findings.def printed: for whoever got a finding, for programs, and for the manual.
 *
 *     dhr_rule_add_text(&buf, dhr_rule_of_code(dhr_str_of("DL040")), 78);
 *
 * JSON has a member "version", raised when a member is renamed or taken away.
 */
#ifndef DHRLEDGER_FINDINGS_TEXT_H
#define DHRLEDGER_FINDINGS_TEXT_H

#include "dhrledger/finding.h"

/* One rule: what it is about, why, an example and what to do; prose in lines of that width. */
void dhr_rule_add_text(struct dhr_buf *out, const struct dhr_rule_info *rule, size_t columns);

/* All rules, a line each. */
void dhr_rules_add_text(struct dhr_buf *out);

/* The `count` rules, or all where there are none. */
void dhr_rules_add_json(struct dhr_buf *out, const struct dhr_rule_info *const *some, size_t count);

/* The list in dhrledger-findings(7), in mdoc. */
void dhr_rules_add_mdoc(struct dhr_buf *out);

#endif
