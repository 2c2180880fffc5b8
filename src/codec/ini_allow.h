/* Comments that accept a finding; what they mean is said in allow.h. */
#ifndef CODEC_INI_ALLOW_H
#define CODEC_INI_ALLOW_H

#include "dhrledger/ini.h"

/* Add those of a file that has been read, or findings where they are not understood. */
void ini_read_allows(const struct dhr_ini *ini, struct dhr_findings *findings);

#endif
