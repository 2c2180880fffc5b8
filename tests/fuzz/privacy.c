/*
 * The search for personal data, in each kind of text: what it finds lies in the text, in
 * order and apart, and no finding repeats it.
 */
#include <string.h>

#include "dhrledger/check.h"
#include "dhrledger/privacy.h"
#include "fuzz.h"

static const char denied[] = "# invented\nWilhelm Storm\nO'Example\nAnn Bee\n";

static const struct dhr_guard *guard(void)
{
    static struct dhr_guard *kept;
    struct dhr_err err = {0};
    if (kept)
        return kept;
    kept = dhr_guard_new();
    dhr_guard_add_mailbox(kept, dhr_str_of("dhr@council.example.org"));
    fuzz_check(dhr_guard_add_names(kept, dhr_str_of(denied), "names.txt", &err) == 0, "%s",
               err.text);
    return kept;
}

static void scan_text(struct dhr_str text, enum dhr_text_kind kind, struct dhr_findings *findings)
{
    struct dhr_privacy_scan scan = {.text = text, .kind = kind, .guard = guard()};
    struct dhr_private found;
    size_t last_at = 0;  /* an address may begin with the end of a number */
    size_t names_at = 0; /* names come after all of them, from the start again */
    size_t count = 0;
    while (dhr_privacy_next(&scan, &found)) {
        bool name = found.rule == DHR_RULE_DENIED_NAME;
        size_t *from = name ? &names_at : &last_at;
        count++;
        fuzz_check(found.len > 0 && found.at <= text.len && found.len <= text.len - found.at,
                   "%s at %zu of %zu", dhr_privacy_name(found.rule), found.at, text.len);
        fuzz_check(found.at >= *from, "%s at %zu, before %zu", dhr_privacy_name(found.rule),
                   found.at, *from);
        fuzz_check(name || !names_at, "a number behind a name");
        *from = found.at;
    }
    dhr_check_text("reviews/x/1.ini", text, kind, dhr_str_of(""), guard(), findings);
    fuzz_check(!findings->count == !count, "%zu pieces, %zu findings", count, findings->count);
}

/* What was found is named by its kind: the sentences are those of any other text. */
static void check_silent(const struct dhr_findings *findings, struct dhr_str text)
{
    uint32_t lines = fuzz_lines(text);
    for (size_t i = 0; i < findings->count; i++) {
        const struct dhr_finding *f = &findings->items[i];
        fuzz_check(f->line >= 1 && f->line <= lines && f->col >= 1, "line %u of %u", f->line,
                   lines);
        for (const char *c = f->text; *c; c++)
            fuzz_check((*c < '0' || *c > '9') && *c != '@', "a finding says \"%s\"", f->text);
        fuzz_check(!strstr(f->text, "Storm") && !strstr(f->text, "Bee"), "a finding says \"%s\"",
                   f->text);
    }
}

/* How long a path is once each run of what is found in it is "…", as the scan sees it. */
static size_t shown_len(struct dhr_arena *arena, struct dhr_str path)
{
    char *text = dhr_str_dup(arena, path);
    char *marks = dhr_str_dup(arena, path);
    for (size_t i = 0; i < path.len; i++) {
        text[i] = text[i] == '_' ? ' ' : text[i] == '/' ? '\n' : text[i];
        marks[i] = ' ';
    }
    struct dhr_privacy_scan scan = {dhr_str_span(text, path.len), DHR_TEXT_PATH, guard(), 0, 0, 0};
    struct dhr_private found;
    size_t len = 0;
    while (dhr_privacy_next(&scan, &found))
        memset(marks + found.at, 'x', found.len);
    for (size_t i = 0; i < path.len; i++) {
        if (marks[i] == ' ')
            len++;
        else if (i == 0 || marks[i - 1] == ' ')
            len += strlen("…");
    }
    return len;
}

/* A file's name is shown without anything that is found in it. */
static void check_name(struct dhr_arena *arena, struct dhr_str bytes)
{
    enum { MOST = 255 };
    struct dhr_findings findings = {0};
    const char *path =
        dhr_str_dup(arena, dhr_str_span(bytes.ptr, bytes.len < MOST ? bytes.len : MOST));
    dhr_check_path(path, "", guard(), &findings);
    for (size_t i = 0; i < findings.count; i++)
        fuzz_check(strlen(findings.items[i].path) == shown_len(arena, dhr_str_of(path)),
                   "shown as %s", findings.items[i].path);
    dhr_findings_release(&findings);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const enum dhr_text_kind kinds[] = {DHR_TEXT_RECORD, DHR_TEXT_SETTINGS, DHR_TEXT_PROSE,
                                               DHR_TEXT_PATH};
    struct dhr_arena arena = {0};
    struct dhr_str text = fuzz_copy(&arena, data, size);
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        struct dhr_findings findings = {0};
        scan_text(text, kinds[i], &findings);
        check_silent(&findings, text);
        dhr_findings_release(&findings);
    }
    check_name(&arena, text);
    dhr_arena_release(&arena);
    return 0;
}
