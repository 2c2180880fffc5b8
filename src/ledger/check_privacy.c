#include <string.h>

#include "dhrledger/check.h"
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

/* The line and column of a place, both from 1. */
static void place_of(struct dhr_str text, size_t at, uint32_t *line, uint32_t *col)
{
    size_t start = 0;
    *line = 1;
    for (size_t i = 0; i < at; i++) {
        if (text.ptr[i] != '\n')
            continue;
        ++*line;
        start = i + 1;
    }
    *col = (uint32_t)(at - start) + 1;
}

void dhr_check_text(const char *path, struct dhr_str text, enum dhr_text_kind kind,
                    struct dhr_str before, const struct dhr_guard *guard,
                    struct dhr_findings *findings)
{
    struct dhr_privacy_scan scan = {.text = text, .kind = kind, .guard = guard};
    struct dhr_private found;
    while (dhr_privacy_next(&scan, &found)) {
        uint32_t line = 0;
        uint32_t col = 0;
        if (before.len && memmem(before.ptr, before.len, text.ptr + found.at, found.len))
            continue;
        place_of(text, found.at, &line, &col);
        dhr_findings_add(findings, found.rule, path, line, col,
                         "looks like %s; %s before you commit: what is in the history stays there",
                         dhr_privacy_name(found.rule), cure_of(found.rule));
    }
}

void dhr_check_path(const char *path, const struct dhr_guard *guard, struct dhr_findings *findings)
{
    struct dhr_buf text = {0};
    dhr_buf_adds(&text, path);
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '_' || text.ptr[i] == '/')
            text.ptr[i] = text.ptr[i] == '_' ? ' ' : '\n';
    }
    struct dhr_privacy_scan scan = {
        .text = dhr_buf_str(&text), .kind = DHR_TEXT_PATH, .guard = guard};
    struct dhr_private found;
    while (dhr_privacy_next(&scan, &found)) {
        const char *shown = dhr_arena_printf(&findings->arena, "%.*s…%s", (int)found.at, path,
                                             path + found.at + found.len);
        dhr_findings_add(findings, found.rule, shown, 0, 0,
                         "the file's name holds what looks like %s, left out here; rename it "
                         "before you commit: what is in the history stays there",
                         dhr_privacy_name(found.rule));
    }
    dhr_buf_release(&text);
}

static void check_records(struct dhr_records records, const struct dhr_guard *guard,
                          struct dhr_findings *findings)
{
    for (size_t i = 0; i < records.count; i++)
        dhr_check_text(records.items[i]->path, records.items[i]->bytes, DHR_TEXT_RECORD,
                       (struct dhr_str){NULL, 0}, guard, findings);
}

static void add_contacts(const struct dhr_ledger *ledger, struct dhr_guard *guard)
{
    for (size_t i = 0; i < ledger->agencies.count; i++) {
        struct dhr_str contact =
            dhr_section_value(dhr_record_section(ledger->agencies.items[i], DHR_SECTION_AGENCY),
                              DHR_KEY_AGENCY_CONTACT);
        if (contact.len)
            dhr_guard_add_mailbox(guard, contact);
    }
}

/* Files that lie about: notes, drafts. What is no text, or too large, is reported elsewhere. */
static int check_strays(const struct dhr_ledger *ledger, struct dhr_source *source,
                        const struct dhr_guard *guard, struct dhr_findings *findings,
                        struct dhr_err *err)
{
    struct dhr_reader *reader = NULL;
    struct dhr_arena arena = {0};
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < ledger->entry_count; i++) {
        const struct dhr_entry *entry = &ledger->entries[i];
        enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
        struct dhr_str id = {NULL, 0};
        struct dhr_str bytes = {NULL, 0};
        struct dhr_err unread = {0};
        if (entry->kind != DHR_ENTRY_FILE || dhr_ident_of_path(dhr_str_of(entry->path), &kind, &id))
            continue;
        if (!reader)
            rc = dhr_reader_open(&reader, source, err);
        if (rc < 0 || dhr_reader_read(reader, entry, &arena, &bytes, &unread) < 0)
            continue;
        if (!memchr(bytes.ptr, '\0', bytes.len) && dhr_utf8_valid_len(bytes) == bytes.len)
            dhr_check_text(entry->path, bytes, DHR_TEXT_PROSE, (struct dhr_str){NULL, 0}, guard,
                           findings);
        dhr_arena_clear(&arena);
    }
    dhr_reader_free(reader);
    dhr_arena_release(&arena);
    return rc;
}

int dhr_check_privacy(const struct dhr_ledger *ledger, struct dhr_source *source,
                      struct dhr_guard *guard, struct dhr_findings *findings, struct dhr_err *err)
{
    add_contacts(ledger, guard);
    for (size_t i = 0; i < ledger->entry_count; i++)
        dhr_check_path(ledger->entries[i].path, guard, findings);
    check_records(ledger->reviews, guard, findings);
    check_records(ledger->recommendations, guard, findings);
    check_records(ledger->agencies, guard, findings);
    if (ledger->settings)
        dhr_check_text(ledger->settings->path, ledger->settings->bytes, DHR_TEXT_SETTINGS,
                       (struct dhr_str){NULL, 0}, guard, findings);
    return check_strays(ledger, source, guard, findings, err);
}
