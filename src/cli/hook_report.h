/* What hooks found, and what that means for whoever committed or pushed. */
#ifndef CLI_HOOK_REPORT_H
#define CLI_HOOK_REPORT_H

#include "cli.h"

/* Prints nothing where all is well. `refused` begins the last line: "not committed". A status. */
int hook_report(struct cli *cli, struct dhr_findings *findings, const struct dhr_findings *accepted,
                const char *refused);

#endif
