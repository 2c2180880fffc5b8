/*
 * The rules a ledger has to keep. Reading has already reported what the files'
 * lines are worth (ini.h); these look at the records, one by one and together.
 *
 *     struct dhr_watch watch;
 *     dhr_watch_init(&watch, guard);
 *     dhr_ledger_load_watched(&ledger, source, dhr_watch_look, &watch, &err);
 *     dhr_watch_settle(&watch, &ledger, &findings);
 *     dhr_check_ledger(&ledger, &findings, &accepted);
 *
 * A record that is not in the ledger yet is checked by the same rules: that is
 * how a change is refused before it is written.
 */
#ifndef DHRLEDGER_CHECK_H
#define DHRLEDGER_CHECK_H

#include <pthread.h>

#include "dhrledger/allow.h"
#include "dhrledger/finding.h"
#include "dhrledger/ledger.h"
#include "dhrledger/privacy.h"

/* Whether the ledger has a record of that kind and id. */
typedef bool (*dhr_lookup_fn)(const void *user, enum dhr_record_kind kind, struct dhr_str id);

/* One record by itself on the day that is today, and whether what it refers to is there. */
void dhr_check_record(const struct dhr_record *record, dhr_lookup_fn lookup, const void *user,
                      dhr_day today, struct dhr_findings *findings);

/*
 * Everything: names and places of files, each record, and the records together.
 * The findings of reading are copied in, those that comments accept moved to `accepted`
 * (may be NULL), the settings' severities applied, and all of it sorted.
 */
void dhr_check_ledger(const struct dhr_ledger *ledger, struct dhr_findings *findings,
                      struct dhr_findings *accepted);

/* Once everything was checked: comments that accept nothing. */
void dhr_check_allows(const struct dhr_ledger *ledger, const struct dhr_findings *accepted,
                      struct dhr_findings *findings);

/*
 * How many errors keep something out of a report: a date that can't be read drops out as a line
 * that can't does. So all rules count but those about what a record says, which stands in the
 * report as it does in the record.
 */
size_t dhr_count_faults(const struct dhr_ledger *ledger);

/*
 * Personal data (privacy.h) in a text: a record's bytes, a message. `path` is what
 * the findings name. What stands in `before` already is not reported again, so that an old fault
 * doesn't stop a change that has nothing to do with it; empty where all counts.
 */
void dhr_check_text(const char *path, struct dhr_str text, enum dhr_text_kind kind,
                    struct dhr_str before, const struct dhr_guard *guard,
                    struct dhr_findings *findings);

/*
 * Where a piece is to be mended that is committed already, and how: a clause in place of "before
 * you commit", such as "in commit …, with "git commit --amend""; NULL: it isn't committed yet.
 */
struct dhr_mend {
    const char *(*of)(void *user, const char *path, struct dhr_str piece);
    void *user;
};

/* dhr_check_text with such clauses; of a path, which has no piece, dhr_check_path. */
void dhr_check_text_made(const char *path, struct dhr_str text, enum dhr_text_kind kind,
                         struct dhr_str before, const struct dhr_guard *guard,
                         const struct dhr_mend *mend, struct dhr_findings *findings);
void dhr_check_path_made(const char *path, const char *before, const struct dhr_guard *guard,
                         const struct dhr_mend *mend, struct dhr_findings *findings);

/*
 * Personal data in a file's path; the finding names the path without it. What stands in `before`
 * already, the path that it had, is not reported; "" where all counts.
 */
void dhr_check_path(const char *path, const char *before, const struct dhr_guard *guard,
                    struct dhr_findings *findings);

/* The path without any of the pieces that are found in it; in the arena. */
const char *dhr_path_without(const char *path, const struct dhr_guard *guard,
                             struct dhr_arena *arena);

/*
 * Personal data in all that the ledger's folders hold: records, settings, and files that are no
 * records where they are text, looked at while the ledger is loaded, by several threads; and paths.
 */
struct dhr_watch {
    const struct dhr_guard *guard; /* borrowed */
    pthread_mutex_t lock;
    struct dhr_findings findings;
    const char **addresses; /* what each finding is about, where it may prove harmless; else "" */
    size_t count, capacity;
};

void dhr_watch_init(struct dhr_watch *watch, const struct dhr_guard *guard);

/* A dhr_look_fn (ledger.h), whose user is the watch. */
void dhr_watch_look(void *user, const char *path, struct dhr_str bytes);

/* The agencies' contacts may stand anywhere; they are borrowed. */
void dhr_guard_add_contacts(struct dhr_guard *guard, const struct dhr_ledger *ledger);

/* Once the ledger is loaded: report what was seen, but no address that is an agency's contact. */
void dhr_watch_settle(struct dhr_watch *watch, const struct dhr_ledger *ledger,
                      struct dhr_findings *findings);

void dhr_watch_release(struct dhr_watch *watch);

/* Give findings the severities that the settings (may be NULL) ask for; what is off goes. */
void dhr_findings_regrade(struct dhr_findings *findings, const struct dhr_record *settings);

/* The lookup of a loaded ledger; user is the const struct dhr_ledger *. */
bool dhr_ledger_has(const void *user, enum dhr_record_kind kind, struct dhr_str id);

#endif
