/*
 * The record reader, and what is written back: no line is lost, faults are where they
 * are said to be, formatting keeps all and is done once, an edit changes its key alone.
 */
#include <stdlib.h>
#include <string.h>

#include "../property/run.h"
#include "dhrledger/check.h"
#include "dhrledger/difference.h"
#include "fuzz.h"

/* Whatever compares each line or entry with all others is kept to files of this size. */
enum { LINES_TO_COMPARE = 300 };

static const char *const paths[] = {"reviews/northmarsh-2021/review.ini",
                                    "reviews/northmarsh-2021/3.ini", "agencies/harbour-house.ini",
                                    ".dhrledger.ini"};

/* As the first heading that tells it would have it. */
static enum dhr_record_kind kind_of(struct dhr_str bytes)
{
    static const struct {
        const char *heading;
        enum dhr_record_kind kind;
    } headings[] = {{"[review]", DHR_RECORD_REVIEW},
                    {"[agency]", DHR_RECORD_AGENCY},
                    {"[ledger]", DHR_RECORD_SETTINGS},
                    {"[severity]", DHR_RECORD_SETTINGS},
                    {"[people]", DHR_RECORD_SETTINGS},
                    {"[publish]", DHR_RECORD_SETTINGS},
                    {"[recommendation]", DHR_RECORD_RECOMMENDATION}};
    const char *first = NULL;
    enum dhr_record_kind kind = DHR_RECORD_RECOMMENDATION;
    for (size_t i = 0; i < sizeof(headings) / sizeof(headings[0]); i++) {
        const char *at =
            memmem(bytes.ptr, bytes.len, headings[i].heading, strlen(headings[i].heading));
        if (at && (!first || at < first)) {
            first = at;
            kind = headings[i].kind;
        }
    }
    return kind;
}

static const struct dhr_record *read_input(struct run *r, struct dhr_ini *ini,
                                           enum dhr_record_kind kind, struct dhr_str bytes)
{
    dhr_findings_release(&r->findings);
    dhr_ini_parse(ini, kind, paths[kind], bytes, &r->findings);
    return dhr_ini_record(ini, &r->arena, &r->findings);
}

static void check_places(const struct run *r)
{
    for (size_t i = 0; i < r->findings.count; i++) {
        const struct dhr_finding *f = &r->findings.items[i];
        fuzz_check(f->line <= r->ini.line_count || (f->line == 1 && !r->ini.line_count),
                   "DL%03d is on line %u of %zu", (int)f->rule, f->line, r->ini.line_count);
        if (f->line && f->line <= r->ini.line_count)
            fuzz_check(f->col >= 1 && f->col <= r->ini.lines[f->line - 1].len + 4,
                       "DL%03d is in column %u of line %u", (int)f->rule, f->col, f->line);
        fuzz_check_utf8(dhr_str_of(f->text), "a finding's text");
    }
}

static bool has_bad_line(const struct dhr_ini *ini)
{
    for (size_t i = 0; i < ini->line_count; i++) {
        if (ini->lines[i].kind == DHR_LINE_BAD)
            return true;
    }
    return false;
}

static void check_same(struct run *r, const char *what, struct dhr_str wanted, struct dhr_str got)
{
    fuzz_check(same_bytes(r, what, wanted, got), "%s", dhr_buf_cstr(&r->why));
}

/* The formatted file says the same, and formatting it again changes nothing. */
static void check_format(struct run *r)
{
    struct dhr_ini again = {0};
    struct dhr_buf once = {0};
    struct dhr_buf twice = {0};
    struct dhr_err err = {0};
    bool small = r->ini.line_count <= LINES_TO_COMPARE;
    int rc = dhr_ini_format(&r->ini, &once, &err);
    if (has_bad_line(&r->ini)) {
        fuzz_check(rc < 0 && err.status == DHR_FOUND, "a line not understood was formatted");
    } else {
        /* A word that fills a line can't be laid out otherwise. */
        fuzz_check(rc == 0 || (err.status == DHR_FOUND && r->ini.bytes.len > DHR_WORD_MAX_BYTES),
                   "format: %s", err.text);
        if (rc < 0)
            return;
        (void)read_input(r, &again, r->ini.kind, dhr_buf_str(&once));
        if (small) {
            check_same(r, "values", values_of(r, &r->ini), values_of(r, &again));
            check_same(r, "comments", comments_of(r, &r->ini), comments_of(r, &again));
        }
        fuzz_check(dhr_ini_format(&again, &twice, &err) == 0, "format again: %s", err.text);
        check_same(r, "formatted twice", dhr_buf_str(&once), dhr_buf_str(&twice));
    }
    dhr_ini_release(&again);
    dhr_buf_release(&once);
    dhr_buf_release(&twice);
}

/* A key of the first section that has any, chosen by the file's length; a value from its bytes. */
static bool edit_of(struct run *r, struct dhr_edit *edit, struct dhr_str *value)
{
    enum { VALUE_MOST = 200 };
    const struct dhr_ini *ini = &r->ini;
    size_t count = 0;
    size_t at = 0;
    while (at < ini->section_count &&
           (!ini->sections[at].def || !dhr_section_keys(ini->sections[at].def, &count) || !count))
        at++;
    if (at == ini->section_count)
        return false;
    const struct dhr_ini_section *section = &ini->sections[at];
    const struct dhr_key *key = &dhr_section_keys(section->def, &count)[ini->bytes.len % count];
    struct dhr_err err = {0};
    size_t start = ini->bytes.len > VALUE_MOST ? ini->bytes.len - VALUE_MOST : 0;
    *value =
        dhr_ini_normal(&r->arena, dhr_str_span(ini->bytes.ptr + start, ini->bytes.len - start));
    if (dhr_ini_check_value(*value, &err) < 0)
        *value = dhr_str_of("[x] # a = b");
    *edit = (struct dhr_edit){section->def->id, section->agency, section->action, key, value,
                              value->len > 0};
    return strcmp(key->name, "*") != 0; /* which stands for any */
}

/* Each line that was there and is no part of the key's entries is there still, in its order. */
static void check_other_lines(const struct dhr_ini *ini, const struct dhr_edit *edit,
                              struct dhr_str after)
{
    bool *touched = dhr_realloc(NULL, ini->line_count + 1);
    memset(touched, 0, ini->line_count + 1);
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct dhr_ini_entry *entry = &ini->entries[i];
        for (size_t line = entry->first_line;
             dhr_str_is(entry->name, edit->key->name) && line <= entry->last_line; line++)
            touched[line] = true;
    }
    struct dhr_str line = {NULL, 0};
    struct dhr_str rest = after;
    for (size_t i = 0; i < ini->line_count; i++) {
        struct dhr_str wanted =
            dhr_str_span(ini->bytes.ptr + ini->lines[i].start, ini->lines[i].len);
        bool found = touched[i] || !wanted.len;
        while (!found && dhr_str_line(&rest, &line)) {
            if (line.len && line.ptr[line.len - 1] == '\r' && line.len != wanted.len)
                line.len--;
            found = dhr_str_eq(line, wanted) ||
                    (i == 0 && dhr_str_ends(line, "") && ini->bom && line.len == wanted.len + 3);
        }
        fuzz_check(found, "line %zu is gone after an edit of %s", i + 1, edit->key->name);
    }
    free(touched);
}

/* Where a section stands twice, which of them differs can't be told: `sound` is without faults. */
static void check_edit(struct run *r, const struct dhr_record *before, bool sound)
{
    struct dhr_ini again = {0};
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    struct dhr_differences d = {0};
    struct dhr_edit edit;
    struct dhr_str value;
    if (!edit_of(r, &edit, &value))
        return;
    if (dhr_ini_edit(&r->ini, &edit, &out, &err) == 0) {
        const struct dhr_record *after = read_input(r, &again, r->ini.kind, dhr_buf_str(&out));
        check_same(r, "faulty lines", faults_of(r, &r->ini), faults_of(r, &again));
        check_other_lines(&r->ini, &edit, dhr_buf_str(&out));
        if (sound)
            dhr_differences_of(&d, before, after, &r->arena);
        fuzz_check(d.count <= 1, "%zu differences after an edit of %s", d.count, edit.key->name);
        if (d.count)
            fuzz_check(d.items[0].key == edit.key && dhr_str_eq(d.items[0].after, value),
                       "%s is <%.*s>, not <%.*s>", d.items[0].key->name, DHR_ARG(d.items[0].after),
                       DHR_ARG(value));
    }
    dhr_differences_release(&d);
    dhr_ini_release(&again);
    dhr_buf_release(&out);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run r = {0};
    const struct dhr_ledger *ledger = fuzz_ledger();
    struct dhr_str bytes = fuzz_copy(&r.arena, data, size);
    const struct dhr_record *record = read_input(&r, &r.ini, kind_of(bytes), bytes);
    check_places(&r);
    bool sound = r.findings.count == 0;
    if (r.ini.line_count <= LINES_TO_COMPARE)
        fuzz_check(nothing_is_lost(&r, record), "%s", dhr_buf_cstr(&r.why));
    dhr_check_record(record, dhr_ledger_has, ledger, ledger->today, &r.findings);
    check_places(&r);
    check_format(&r);
    check_edit(&r, record, sound);
    dhr_ini_release(&r.ini);
    dhr_findings_release(&r.findings);
    dhr_buf_release(&r.why);
    dhr_arena_release(&r.arena);
    return 0;
}
