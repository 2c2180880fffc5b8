/*
 * Personal data in text: exact dates of birth and death, NHS and National
 * Insurance numbers, postcodes, phone numbers, private e-mail addresses, and
 * names from a list that stays outside the repository.
 *
 *     struct dhr_guard *guard = dhr_guard_new();          // may be left out: NULL
 *     dhr_guard_add_mailbox(guard, "dhr@council.example.org");
 *     dhr_guard_add_names(guard, list, path, &err);
 *
 *     struct dhr_privacy_scan scan = {.text = bytes, .kind = DHR_TEXT_RECORD, .guard = guard};
 *     struct dhr_private found;
 *     while (dhr_privacy_next(&scan, &found))
 *         … found.rule, found.at, found.len …
 *     dhr_guard_free(guard);
 *
 * A scan goes over the text as it stands in its file, once, and needs no memory.
 * It sees through the folding of a value or a comment, so that what is broken
 * over two lines is found, and it doesn't read on where a value ends. Each
 * number and address is found once, in order; names come after all of them. A guard that
 * no longer changes may be used by several threads. Whatever is found must not
 * be printed: say its kind (dhr_privacy_name) and its place.
 */
#ifndef DHRLEDGER_PRIVACY_H
#define DHRLEDGER_PRIVACY_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/err.h"
#include "dhrledger/finding.h"
#include "dhrledger/str.h"

/* What stands in messages in place of personal data. */
#define DHR_WITHHELD "(withheld)"

/* How lines hang together. */
enum dhr_text_kind {
    DHR_TEXT_RECORD,   /* an INI file: an indented line goes on with the one above */
    DHR_TEXT_SETTINGS, /* the same, and addresses may be keys */
    DHR_TEXT_PROSE,    /* a message, a note: an empty line ends a paragraph */
    DHR_TEXT_PATH      /* '_' stands for a space */
};

struct dhr_guard;

struct dhr_private {
    enum dhr_rule rule; /* DHR_RULE_BIRTH_OR_DEATH_DATE … DHR_RULE_DENIED_NAME */
    size_t at;          /* bytes */
    size_t len;
};

struct dhr_privacy_scan {
    struct dhr_str text;
    enum dhr_text_kind kind;
    const struct dhr_guard *guard; /* borrowed; NULL: no names and no mailboxes */
    size_t at, done, name_at;      /* the scan's own */
};

/* The next piece of personal data; false at the end. */
bool dhr_privacy_next(struct dhr_privacy_scan *scan, struct dhr_private *found);

/* "a phone number", "an NHS number", …: what a piece looks like. */
const char *dhr_privacy_name(enum dhr_rule rule);

struct dhr_guard *dhr_guard_new(void);

/* An address that may stand anywhere: a role's. Compared without case. Borrowed. */
void dhr_guard_add_mailbox(struct dhr_guard *guard, struct dhr_str address);

/* Whether it is one of them. The guard may be NULL. */
bool dhr_guard_has_mailbox(const struct dhr_guard *guard, struct dhr_str address);

/*
 * The names of a deny-list, one a line; empty lines and those that begin with '#' are none. Fails
 * (DHR_UNREADABLE) at a line that is not UTF-8, has no letter or is too long; the sentence
 * names `path` and the line. The list is copied.
 */
int dhr_guard_add_names(struct dhr_guard *guard, struct dhr_str list, const char *path,
                        struct dhr_err *err);

void dhr_guard_free(struct dhr_guard *guard);

#endif
