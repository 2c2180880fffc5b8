/* Characters of a record that can't be seen (unseen.h), and control characters beyond ASCII. */
#ifndef CODEC_INI_UNSEEN_H
#define CODEC_INI_UNSEEN_H

#include "dhrledger/ini.h"

/* Add a finding for each line that has any, at the first of them. Only ini's bytes are looked at.
 */
void ini_report_unseen(const struct dhr_ini *ini, struct dhr_findings *findings);

/* Whether valid UTF-8 holds a control character of two bytes, U+0080 to U+009F. */
bool ini_has_c1(struct dhr_str bytes);

#endif
