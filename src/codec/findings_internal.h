/* What the writers of findings share. */
#ifndef DHRLEDGER_FINDINGS_INTERNAL_H
#define DHRLEDGER_FINDINGS_INTERNAL_H

#include <jansson.h>

#include "dhrledger/findings_write.h"

void findings_add_sarif(struct dhr_buf *out, const struct dhr_findings_report *report);
void findings_add_github(struct dhr_buf *out, const struct dhr_findings_report *report);
void findings_add_gitlab(struct dhr_buf *out, const struct dhr_findings_report *report);
void findings_add_junit(struct dhr_buf *out, const struct dhr_findings_report *report);

/* The path from the repository's root, safe to show. */
void findings_add_path(struct dhr_buf *out, const struct dhr_findings_report *report,
                       const struct dhr_finding *finding);

/* The text, safe to show, in one line. */
void findings_add_message(struct dhr_buf *out, const struct dhr_finding *finding);

/* dhr_findings_repeats for some rows; the caller frees it. */
struct dhr_repeat *findings_repeats(const struct dhr_finding_row *rows, size_t count);

/* A buffer's contents as a JSON string; the buffer is then empty. */
json_t *findings_json_string(struct dhr_buf *text);

/* Print a JSON document, with all but ASCII escaped; it is released. */
void findings_add_json(struct dhr_buf *out, json_t *root);

#endif
