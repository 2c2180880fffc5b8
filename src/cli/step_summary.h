/* The summary that GitHub Actions shows for a step. */
#ifndef DHRLEDGER_STEP_SUMMARY_H
#define DHRLEDGER_STEP_SUMMARY_H

#include "cli.h"

/*
 * Append the heading and, below it, the table in Markdown to the file that GITHUB_STEP_SUMMARY
 * names; where it is not set, nothing. Rows that GitHub would not take any more are left out,
 * and counted. Frees the table.
 */
int step_summary_add(struct cli *cli, const struct dhr_buf *heading, struct dhr_table *table);

#endif
