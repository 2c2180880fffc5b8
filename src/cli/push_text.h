/*
 * Texts that are pushed and belong to no state of the ledger: messages of tags, notes, and what
 * else a reference may lead to. They are searched for personal data.
 *
 *     struct push_text text = {.cli = cli, .tip = main_tip, .ref = ref, .findings = &findings};
 *     push_text_tags(&text, &pushed);
 */
#ifndef CLI_PUSH_TEXT_H
#define CLI_PUSH_TEXT_H

#include "cli.h"
#include "dhrledger/pushed.h"

struct push_text {
    struct cli *cli;    /* its prefix is known */
    const char *tip;    /* whose settings and contacts count; empty: none */
    const char *ref;    /* what is pushed */
    const char *old_id; /* what it was; empty where it is new */
    struct dhr_findings *findings;
    const char *mend; /* how this text is mended */
    const struct dhr_record *settings;
    bool asked; /* the tip for its settings and contacts */
    int rc;
};

/* Each fails with a sentence in cli->err. */
int push_text_tags(struct push_text *text, const struct dhr_pushed *pushed);
int push_text_notes(struct push_text *text, const struct dhr_pushed *pushed,
                    const struct dhr_range_commit *commits, size_t count);
int push_text_object(struct push_text *text, const struct dhr_pushed *pushed);

#endif
