#include <stdlib.h>
#include <string.h>

#include "check_internal.h"
#include "dhrledger/ident.h"
#include "dhrledger/utf8.h"

/* What to write in place of such a piece. */
static const char *cure_of(enum dhr_rule rule)
{
    switch (rule) {
    case DHR_RULE_BIRTH_OR_DEATH_DATE:
        return "write the month or the year alone";
    case DHR_RULE_POSTCODE:
        return "write the town or district";
    case DHR_RULE_PERSONAL_EMAIL:
        return "name the role, or make it the contact of its agency's record";
    case DHR_RULE_DENIED_NAME:
        return "write the role or the pseudonym";
    default:
        return "take it out";
    }
}

/* A place in a text, and the line it is on. */
struct cursor {
    size_t at;
    size_t start; /* of the line */
    uint32_t line;
};

/* Go on to a place; only where it lies before the last one, from the beginning again. */
static void move_to(struct cursor *cursor, struct dhr_str text, size_t at)
{
    if (!cursor->line || at < cursor->at)
        *cursor = (struct cursor){.line = 1};
    for (; cursor->at < at; cursor->at++) {
        if (text.ptr[cursor->at] != '\n')
            continue;
        cursor->line++;
        cursor->start = cursor->at + 1;
    }
}

static const char *mend_of(const struct dhr_mend *mend, const char *path, struct dhr_str piece)
{
    const char *clause = mend ? mend->of(mend->user, path, piece) : NULL;
    return clause ? clause : "before you commit";
}

static void add_finding(struct dhr_findings *findings, const char *path, struct cursor *cursor,
                        struct dhr_str text, const struct dhr_private *found,
                        const struct dhr_mend *mend)
{
    move_to(cursor, text, found->at);
    dhr_findings_add(
        findings, found->rule, path, cursor->line, (uint32_t)(found->at - cursor->start) + 1,
        "looks like %s; %s %s: what is in the history stays there", dhr_privacy_name(found->rule),
        cure_of(found->rule), mend_of(mend, path, dhr_str_span(text.ptr + found->at, found->len)));
}

static bool holds(struct dhr_str text, struct dhr_str piece)
{
    return text.len && memmem(text.ptr, text.len, piece.ptr, piece.len);
}

static bool any_holds(const struct dhr_str others[PAST_OTHERS], struct dhr_str piece)
{
    for (size_t i = 0; i < PAST_OTHERS; i++) {
        if (holds(others[i], piece))
            return true;
    }
    return false;
}

void check_past_text(const char *path, struct dhr_str text, enum dhr_text_kind kind,
                     const struct dhr_str others[PAST_OTHERS], const struct dhr_guard *guard,
                     const struct dhr_mend *mend, struct dhr_findings *findings)
{
    struct dhr_privacy_scan scan = {.text = text, .kind = kind, .guard = guard};
    struct dhr_private found;
    struct cursor cursor = {0};
    while (dhr_privacy_next(&scan, &found)) {
        struct dhr_str piece = dhr_str_span(text.ptr + found.at, found.len);
        if (any_holds(others, piece))
            continue;
        move_to(&cursor, text, found.at);
        dhr_findings_add(findings, found.rule, path, cursor.line,
                         (uint32_t)(found.at - cursor.start) + 1,
                         "looks like %s; take it out %s: it stays in the history though a later "
                         "commit takes it out",
                         dhr_privacy_name(found.rule), mend_of(mend, path, piece));
    }
}

void dhr_check_text(const char *path, struct dhr_str text, enum dhr_text_kind kind,
                    struct dhr_str before, const struct dhr_guard *guard,
                    struct dhr_findings *findings)
{
    dhr_check_text_made(path, text, kind, before, guard, NULL, findings);
}

void dhr_check_text_made(const char *path, struct dhr_str text, enum dhr_text_kind kind,
                         struct dhr_str before, const struct dhr_guard *guard,
                         const struct dhr_mend *mend, struct dhr_findings *findings)
{
    struct dhr_privacy_scan scan = {.text = text, .kind = kind, .guard = guard};
    struct dhr_private found;
    struct cursor cursor = {0};
    while (dhr_privacy_next(&scan, &found)) {
        if (!holds(before, dhr_str_span(text.ptr + found.at, found.len)))
            add_finding(findings, path, &cursor, text, &found, mend);
    }
}

/* What is `start` on in a path, as the search for names reads it; in `words` where that differs. */
static struct dhr_str path_words(const char *path, size_t start, struct dhr_buf *words)
{
    if (!strpbrk(path + start, "_/"))
        return dhr_str_of(path + start);
    dhr_buf_adds(words, path + start);
    for (size_t i = 0; i < words->len; i++) {
        if (words->ptr[i] == '_' || words->ptr[i] == '/')
            words->ptr[i] = words->ptr[i] == '_' ? ' ' : '\n';
    }
    return dhr_buf_str(words);
}

const char *dhr_path_without(const char *path, const struct dhr_guard *guard,
                             struct dhr_arena *arena)
{
    struct dhr_buf words = {0};
    struct dhr_buf shown = {0};
    struct dhr_private found;
    bool *marked = dhr_arena_zalloc(arena, strlen(path) + 1);
    struct dhr_privacy_scan scan = {
        .text = path_words(path, 0, &words), .kind = DHR_TEXT_PATH, .guard = guard};
    while (dhr_privacy_next(&scan, &found))
        memset(marked + found.at, true, found.len);
    for (size_t i = 0; path[i]; i++) {
        if (!marked[i])
            dhr_buf_addc(&shown, path[i]);
        else if (i == 0 || !marked[i - 1])
            dhr_buf_adds(&shown, "…");
    }
    const char *copy = dhr_arena_dup(arena, dhr_buf_cstr(&shown), shown.len);
    dhr_buf_release(&shown);
    dhr_buf_release(&words);
    return copy;
}

/* The names in a path from `start` on, where one begins. */
static void check_names(const char *path, size_t start, const char *before,
                        const struct dhr_guard *guard, const struct dhr_mend *mend,
                        struct dhr_findings *findings)
{
    struct dhr_buf words = {0};
    struct dhr_buf old_words = {0};
    struct dhr_private found;
    const char *shown = NULL;
    struct dhr_str text = path_words(path, start, &words);
    struct dhr_str old = path_words(before, 0, &old_words);
    struct dhr_privacy_scan scan = {.text = text, .kind = DHR_TEXT_PATH, .guard = guard};
    while (dhr_privacy_next(&scan, &found)) {
        if (holds(old, dhr_str_span(text.ptr + found.at, found.len)))
            continue;
        if (!shown)
            shown = dhr_path_without(path, guard, &findings->arena);
        dhr_findings_add(findings, found.rule, shown, 0, 0,
                         "the file's name holds what looks like %s, left out here; rename it %s: "
                         "what is in the history stays there",
                         dhr_privacy_name(found.rule),
                         mend_of(mend, path, (struct dhr_str){NULL, 0}));
    }
    dhr_buf_release(&old_words);
    dhr_buf_release(&words);
}

void dhr_check_path(const char *path, const char *before, const struct dhr_guard *guard,
                    struct dhr_findings *findings)
{
    check_names(path, 0, before, guard, NULL, findings);
}

void dhr_check_path_made(const char *path, const char *before, const struct dhr_guard *guard,
                         const struct dhr_mend *mend, struct dhr_findings *findings)
{
    check_names(path, 0, before, guard, mend, findings);
}

void dhr_watch_init(struct dhr_watch *watch, const struct dhr_guard *guard)
{
    *watch = (struct dhr_watch){.guard = guard, .lock = PTHREAD_MUTEX_INITIALIZER};
}

void dhr_watch_release(struct dhr_watch *watch)
{
    dhr_findings_release(&watch->findings);
    free(watch->addresses);
    (void)pthread_mutex_destroy(&watch->lock);
}

/* An address may turn out to be an agency's contact once all agencies are read. */
static void note(struct dhr_watch *watch, const char *path, struct cursor *cursor,
                 struct dhr_str text, const struct dhr_private *found)
{
    (void)pthread_mutex_lock(&watch->lock);
    add_finding(&watch->findings, path, cursor, text, found, NULL);
    const char *address = "";
    if (found->rule == DHR_RULE_PERSONAL_EMAIL)
        address = dhr_arena_dup(&watch->findings.arena, text.ptr + found->at, found->len);
    *DHR_PUSH(watch->addresses, watch->count, watch->capacity) = address;
    (void)pthread_mutex_unlock(&watch->lock);
}

/* Of the path its last name: a folder is looked at by itself. */
static void look_at_name(struct dhr_watch *watch, const char *path)
{
    struct dhr_findings own = {0};
    const char *slash = strrchr(path, '/');
    check_names(path, slash ? (size_t)(slash - path) + 1 : 0, "", watch->guard, NULL, &own);
    if (!own.count)
        return;
    (void)pthread_mutex_lock(&watch->lock);
    for (size_t i = 0; i < own.count; i++) {
        dhr_findings_add_copy(&watch->findings, &own.items[i]);
        *DHR_PUSH(watch->addresses, watch->count, watch->capacity) = "";
    }
    (void)pthread_mutex_unlock(&watch->lock);
    dhr_findings_release(&own);
}

void dhr_watch_look(void *user, const char *path, struct dhr_str bytes)
{
    struct dhr_watch *watch = user;
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    struct dhr_privacy_scan scan = {.text = bytes, .guard = watch->guard};
    struct dhr_private found;
    struct cursor cursor = {0};
    look_at_name(watch, path);
    if (!bytes.len)
        return;
    if (!dhr_ident_of_path(dhr_str_of(path), &kind, &id)) {
        scan.kind = DHR_TEXT_PROSE;
        if (memchr(bytes.ptr, '\0', bytes.len) || dhr_utf8_valid_len(bytes) < bytes.len)
            return; /* no text */
    } else {
        scan.kind = kind == DHR_RECORD_SETTINGS ? DHR_TEXT_SETTINGS : DHR_TEXT_RECORD;
    }
    while (dhr_privacy_next(&scan, &found))
        note(watch, path, &cursor, bytes, &found);
}

void dhr_guard_add_contacts(struct dhr_guard *guard, const struct dhr_ledger *ledger)
{
    for (size_t i = 0; i < ledger->agencies.count; i++) {
        struct dhr_str contact =
            dhr_section_value(dhr_record_section(ledger->agencies.items[i], DHR_SECTION_AGENCY),
                              DHR_KEY_AGENCY_CONTACT);
        if (contact.len)
            dhr_guard_add_mailbox(guard, contact);
    }
}

void dhr_watch_settle(struct dhr_watch *watch, const struct dhr_ledger *ledger,
                      struct dhr_findings *findings)
{
    struct dhr_guard *contacts = dhr_guard_new();
    size_t kept = 0;
    dhr_guard_add_contacts(contacts, ledger);
    for (size_t i = 0; i < watch->findings.count; i++) {
        if (!dhr_guard_has_mailbox(contacts, dhr_str_of(watch->addresses[i])))
            watch->findings.items[kept++] = watch->findings.items[i];
    }
    watch->findings.count = kept;
    dhr_guard_free(contacts);
    dhr_findings_take(findings, &watch->findings);
}
