#include "hook_report.h"

#include "guard.h"

int hook_report(struct cli *cli, struct dhr_findings *findings, const struct dhr_findings *accepted,
                const char *refused)
{
    struct dhr_buf text = {0};
    size_t errors = dhr_findings_of(findings, DHR_SEVERITY_ERROR);
    dhr_findings_rank(findings);
    cli_withhold_findings(cli, findings);
    dhr_findings_add_text(&text, findings, 0);
    if (accepted->count)
        dhr_buf_addf(&text, "%zu accepted by %s\n", accepted->count,
                     accepted->count == 1 ? "a comment" : "comments");
    (void)fputs(dhr_buf_cstr(&text), stdout);
    (void)fflush(stdout);
    dhr_buf_release(&text);
    if (errors)
        cli_note("dhrledger: %s: %zu error%s. Mend what is named above; \"dhrledger explain "
                 "CODE\" says more about the code in brackets.",
                 refused, errors, errors == 1 ? "" : "s");
    return errors ? DHR_FOUND : DHR_OK;
}
