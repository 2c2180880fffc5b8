/*
 * Editing records: every key of every section of files full of other people's
 * habits (tests/fixtures/messy) is set, unset and, where it is a list, added to
 * and taken from. All other lines must stay byte for byte.
 */
#include <fcntl.h>
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/difference.h"
#include "dhrledger/file.h"
#include "reading.h"

static const struct fixture {
    const char *name;
    enum dhr_record_kind kind;
} fixtures[] = {
    {"comments", DHR_RECORD_RECOMMENDATION},  {"dense", DHR_RECORD_RECOMMENDATION},
    {"odd-order", DHR_RECORD_RECOMMENDATION}, {"folded", DHR_RECORD_RECOMMENDATION},
    {"bare", DHR_RECORD_RECOMMENDATION},      {"crlf", DHR_RECORD_REVIEW},
    {"no-final-newline", DHR_RECORD_AGENCY},  {"settings", DHR_RECORD_SETTINGS},
};

static const char long_prose[] =
    "Each agency shall tell the board ; in writing \\ by whom #MeToo was read, what was learned, "
    "what [agency x] will do next and by when: due = x . And so on.\nA second paragraph.";

/* One edit of one key, and where it happens. */
struct trial {
    const struct fixture *fixture;
    const char *what;
    struct reading before;
    const struct dhr_section *section;
    const struct dhr_key *key;
    struct dhr_str values[8]; /* what the key shall hold */
    size_t count;
};

static void read_fixture(struct reading *r, const struct fixture *fixture)
{
    struct dhr_arena arena = {0};
    struct dhr_err err = {0};
    struct dhr_str bytes;
    const char *path = dhr_arena_printf(&arena, "tests/fixtures/messy/%s.ini", fixture->name);
    cr_assert(dhr_file_read(AT_FDCWD, path, 65536, &arena, &bytes, &err) == 0, "%s", err.text);
    reading_begin(r, fixture->kind, bytes);
    dhr_arena_release(&arena);
}

#define SAY(t, fmt, ...)                                                                           \
    "%s.ini [%s %.*s] %s, %s: " fmt, (t)->fixture->name, (t)->section->def->heading,               \
        DHR_ARG((t)->section->agency), (t)->key->name, (t)->what, __VA_ARGS__

/* Whether a line belongs to the key's own entries. */
static bool is_own(const struct trial *t, const struct dhr_ini *ini, size_t line)
{
    if (ini->lines[line].kind != DHR_LINE_KEY && ini->lines[line].kind != DHR_LINE_MORE)
        return false;
    for (size_t i = 0; i < ini->entry_count; i++) {
        const struct dhr_ini_entry *entry = &ini->entries[i];
        const struct dhr_ini_section *section = &ini->sections[entry->section];
        if (line >= entry->first_line && line <= entry->last_line)
            return section->def == t->section->def && section->action == t->section->action &&
                   dhr_str_eq(section->agency, t->section->agency) &&
                   dhr_str_is(entry->name, t->key->name);
    }
    return false;
}

/* The next line from *at on that is not the key's; false at the end. */
static bool next_other(const struct trial *t, const struct dhr_ini *ini, size_t *at,
                       struct dhr_str *line)
{
    while (*at < ini->line_count && is_own(t, ini, *at))
        (*at)++;
    if (*at == ini->line_count)
        return false;
    const struct dhr_ini_line *l = &ini->lines[(*at)++];
    *line = dhr_str_span(ini->bytes.ptr + l->start, l->len);
    return true;
}

/* All lines but the key's are the same; a new key may have brought blank lines along. */
static void compare_others(const struct trial *t, const struct dhr_ini *after)
{
    const struct dhr_ini *before = &t->before.ini;
    struct dhr_str old;
    struct dhr_str new;
    size_t i = 0;
    size_t j = 0;
    size_t extra = 0;
    while (next_other(t, after, &j, &new)) {
        size_t here = i;
        if (next_other(t, before, &i, &old) && dhr_str_eq(old, new))
            continue;
        cr_assert(new.len == 0, SAY(t, "line %zu was \"%.*s\"", j, DHR_ARG(new)));
        i = here;
        extra++;
    }
    cr_assert(!next_other(t, before, &i, &old), SAY(t, "lost line %zu", i));
    cr_assert(extra <= 2, SAY(t, "%zu blank lines came along", extra));
    bool had_lines = false;
    for (size_t line = 0; line < before->line_count; line++)
        had_lines = had_lines || is_own(t, before, line);
    cr_assert(!(extra && had_lines), SAY(t, "%zu blank lines came along", extra));
}

static void compare_line_ends(const struct trial *t, const struct dhr_ini *after)
{
    struct dhr_str rest = after->bytes;
    struct dhr_str line;
    bool crlf = t->before.ini.crlf;
    while (dhr_str_line(&rest, &line))
        cr_assert(dhr_str_ends(line, "\r") == crlf || !rest.ptr,
                  SAY(t, "the line end of \"%.*s\"", DHR_ARG(line)));
}

static struct dhr_str joined(struct reading *r, const struct dhr_str *values, size_t count)
{
    struct dhr_buf text = {0};
    for (size_t i = 0; i < count; i++)
        dhr_buf_addf(&text, "%s%.*s", i ? "\n" : "", DHR_ARG(values[i]));
    struct dhr_str kept = dhr_str_of(dhr_arena_dup(&r->arena, dhr_buf_cstr(&text), text.len));
    dhr_buf_release(&text);
    return kept;
}

/* Read anew, the record differs in that one key, or not at all where nothing was asked for. */
static void compare_records(struct trial *t, struct reading *after)
{
    struct dhr_str old[8];
    size_t old_count = 0;
    const struct dhr_field *field = NULL;
    while ((field = dhr_section_next(t->section, t->key->id, field)))
        old[old_count++] = field->value;
    struct dhr_str was = joined(after, old, old_count);
    struct dhr_str wanted = joined(after, t->values, t->count);
    struct dhr_differences d = {0};
    dhr_differences_of(&d, t->before.record, after->record, &after->arena);
    cr_assert(d.count == !dhr_str_eq(was, wanted), SAY(t, "%zu differences", d.count));
    if (d.count) {
        cr_assert(d.items[0].key == t->key, SAY(t, "%s changed", d.items[0].key->name));
        cr_assert(dhr_str_eq(d.items[0].agency, t->section->agency) &&
                      d.items[0].action == t->section->action,
                  SAY(t, "%s changed in another section", d.items[0].key->name));
        cr_assert(dhr_str_eq(d.items[0].after, wanted),
                  SAY(t, "holds \"%.*s\"", DHR_ARG(d.items[0].after)));
    } else {
        cr_assert(dhr_str_eq(t->before.ini.bytes, after->ini.bytes),
                  SAY(t, "%s", "bytes changed for nothing"));
    }
    dhr_differences_release(&d);
}

static void try_edit(struct trial *t, const char *what)
{
    struct dhr_edit edit = {
        t->section->def->id, t->section->agency, t->section->action, t->key, t->values, t->count};
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    struct reading after;
    t->what = what;
    cr_assert(dhr_ini_edit(&t->before.ini, &edit, &out, &err) == 0, SAY(t, "%s", err.text));
    reading_begin(&after, t->fixture->kind, dhr_buf_str(&out));
    cr_assert(after.findings.count == t->before.findings.count,
              SAY(t, "findings %s", reading_findings(&after)));
    compare_others(t, &after.ini);
    compare_line_ends(t, &after.ini);
    compare_records(t, &after);
    reading_end(&after);
    dhr_buf_release(&out);
}

/* What the key holds now. */
static void hold(struct trial *t)
{
    const struct dhr_field *field = NULL;
    t->count = 0;
    while ((field = dhr_section_next(t->section, t->key->id, field)))
        t->values[t->count++] = field->value;
}

static void insert(struct trial *t, size_t at, const char *value)
{
    memmove(&t->values[at + 1], &t->values[at], (t->count - at) * sizeof(t->values[0]));
    t->values[at] = dhr_str_of(value);
    t->count++;
}

static void take_out(struct trial *t, size_t at)
{
    t->count--;
    memmove(&t->values[at], &t->values[at + 1], (t->count - at) * sizeof(t->values[0]));
}

static void try_single(struct trial *t)
{
    hold(t);
    try_edit(t, "the same");
    t->count = 1;
    t->values[0] = dhr_str_of("new");
    try_edit(t, "set");
    t->values[0] = dhr_str_of(long_prose);
    try_edit(t, "set to prose");
    t->count = 0;
    try_edit(t, "unset");
}

static void try_list(struct trial *t)
{
    hold(t);
    size_t count = t->count;
    insert(t, count, "new");
    try_edit(t, "append");
    insert(t, count + 1, long_prose);
    try_edit(t, "append two");
    hold(t);
    insert(t, 0, "new");
    try_edit(t, "prepend");
    hold(t);
    insert(t, count / 2, long_prose);
    try_edit(t, "insert");
    for (size_t i = 0; i < count; i++) {
        hold(t);
        take_out(t, i);
        try_edit(t, "remove");
        insert(t, i, "new");
        try_edit(t, "replace");
        insert(t, i + 1, long_prose);
        try_edit(t, "replace by two");
    }
    hold(t);
    for (size_t i = 0; i + 1 < count; i++) {
        struct dhr_str first = t->values[0];
        take_out(t, 0);
        t->values[t->count++] = first;
        try_edit(t, "turn round");
    }
}

static void try_keys(struct trial *t)
{
    size_t count = 0;
    t->key = dhr_section_keys(t->section->def, &count);
    for (; count; t->key++, count--) {
        if (strcmp(t->key->name, "*") == 0)
            continue;
        try_single(t);
        if (t->key->flags & DHR_KEY_LIST)
            try_list(t);
    }
}

Test(ini_edit, messy_files_keep_their_other_lines)
{
    for (size_t i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++) {
        struct trial t = {.fixture = &fixtures[i]};
        read_fixture(&t.before, &fixtures[i]);
        for (size_t s = 0; s < t.before.record->section_count; s++) {
            t.section = &t.before.record->sections[s];
            try_keys(&t);
        }
        reading_end(&t.before);
    }
}

/* The fixtures are what they say: no finding but the one of CR LF. */
Test(ini_edit, messy_files_are_sound)
{
    for (size_t i = 0; i < sizeof(fixtures) / sizeof(fixtures[0]); i++) {
        struct reading r;
        read_fixture(&r, &fixtures[i]);
        cr_assert_str_eq(reading_findings(&r),
                         strcmp(fixtures[i].name, "crlf") == 0 ? "1:26 DL007" : "", "%s",
                         fixtures[i].name);
        reading_end(&r);
    }
}

/* Small files, and just what becomes of them. */

static const char *edited(struct reading *r, struct dhr_edit edit)
{
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    cr_assert(dhr_ini_edit(&r->ini, &edit, &out, &err) == 0, "%s", err.text);
    const char *text = dhr_arena_dup(&r->arena, dhr_buf_cstr(&out), out.len);
    dhr_buf_release(&out);
    return text;
}

static void expect_edit(enum dhr_key_id key, const char *before, const char *values,
                        const char *after)
{
    struct reading r;
    struct dhr_str list[8];
    size_t count = 0;
    struct dhr_str rest = dhr_str_of(values);
    while (rest.len && dhr_str_split(&rest, '|', &list[count]))
        count++;
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_str_of(before));
    struct dhr_edit edit = {
        .section = DHR_SECTION_AGENCY, .key = dhr_schema_key(key), .values = list, .count = count};
    const char *got = edited(&r, edit);
    cr_assert_str_eq(got, after, "set to <%s>, this:\n%sbecame:\n%sand not:\n%s", values, before,
                     got, after);
    reading_end(&r);
}

Test(ini_edit, form_line_is_filled_in)
{
    expect_edit(DHR_KEY_AGENCY_FROM, "[agency]\nname = x\n\nfrom =\n\nto =\n", "1974",
                "[agency]\nname = x\n\nfrom = 1974\n\nto =\n");
}

Test(ini_edit, unset_value_leaves_a_form_line)
{
    expect_edit(DHR_KEY_AGENCY_FROM, "[agency]\nname = x\n\nfrom = 1974\n\nto =\n", "",
                "[agency]\nname = x\n\nfrom =\n\nto =\n");
}

Test(ini_edit, unset_list_leaves_one_form_line)
{
    expect_edit(DHR_KEY_AGENCY_ALIAS, "[agency]\nalias = a\nalias = b\nalias = c\nkind = other\n",
                "", "[agency]\nalias =\nkind = other\n");
}

Test(ini_edit, missing_key_goes_behind_the_nearest_before_it)
{
    expect_edit(DHR_KEY_AGENCY_FROM, "[agency]\nregion = z\nkind = other\n# remark\nname = x\n",
                "1974",
                "[agency]\nregion = z\nkind = other\n\nfrom = 1974\n\n# remark\nname = x\n");
}

Test(ini_edit, missing_first_key_goes_below_the_heading)
{
    expect_edit(DHR_KEY_AGENCY_NAME, "# top\n[agency]\nregion = z\n", "x",
                "# top\n[agency]\nname = x\n\nregion = z\n");
}

Test(ini_edit, missing_key_at_an_end_without_newline)
{
    expect_edit(DHR_KEY_AGENCY_REGION, "[agency]\nname = x", "z",
                "[agency]\nname = x\n\nregion = z\n");
}

Test(ini_edit, value_at_an_end_without_newline)
{
    expect_edit(DHR_KEY_AGENCY_NAME, "[agency]\nname = x", "y", "[agency]\nname = y\n");
}

Test(ini_edit, comments_inside_a_value_stay_below_it)
{
    expect_edit(DHR_KEY_AGENCY_NAME, "[agency]\nname = x\n# one\n  y\n  ; two\n  z\nkind = other\n",
                "new", "[agency]\nname = new\n# one\n  ; two\nkind = other\n");
}

Test(ini_edit, appended_item_stands_directly_below)
{
    expect_edit(DHR_KEY_AGENCY_ALIAS, "[agency]\nalias = a\n# why b\nalias = b\n\nkind = other\n",
                "a|b|c", "[agency]\nalias = a\n# why b\nalias = b\nalias = c\n\nkind = other\n");
}

Test(ini_edit, prepended_item_leaves_the_comment_with_its_item)
{
    expect_edit(DHR_KEY_AGENCY_ALIAS, "[agency]\nname = x\n\n# why a\nalias = a\n", "new|a",
                "[agency]\nname = x\n\nalias = new\n# why a\nalias = a\n");
}

Test(ini_edit, removed_item_takes_only_its_lines)
{
    expect_edit(DHR_KEY_AGENCY_ALIAS,
                "[agency]\nalias = a\n\n# b\nalias = b\n  more\n\nalias = c\n", "a|c",
                "[agency]\nalias = a\n\n# b\n\nalias = c\n");
}

Test(ini_edit, item_fills_the_form_line)
{
    expect_edit(DHR_KEY_AGENCY_ALIAS, "[agency]\nalias =\n\nkind = other\n", "a|b",
                "[agency]\nalias = a\nalias = b\n\nkind = other\n");
}

Test(ini_edit, same_value_in_another_layout_changes_nothing)
{
    expect_edit(DHR_KEY_AGENCY_NAME, "[agency]\nname=\n\tan \t old\n name\n", "an old name",
                "[agency]\nname=\n\tan \t old\n name\n");
}

Test(ini_edit, byte_order_mark_stays)
{
    expect_edit(DHR_KEY_AGENCY_NAME, "\xEF\xBB\xBF[agency]\nname = x\n", "y",
                "\xEF\xBB\xBF[agency]\nname = y\n");
}

static void expect_refusal(struct dhr_edit edit, const char *sentence)
{
    struct reading r;
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    reading_begin(&r, DHR_RECORD_RECOMMENDATION, dhr_str_of("[recommendation]\n[agency a]\n"));
    cr_assert(dhr_ini_edit(&r.ini, &edit, &out, &err) < 0, "not refused: %s", sentence);
    cr_assert_eq(err.status, DHR_USAGE);
    cr_assert_str_eq(err.text, sentence);
    dhr_buf_release(&out);
    reading_end(&r);
}

Test(ini_edit, section_that_is_not_there)
{
    struct dhr_str value = dhr_str_of("open");
    struct dhr_edit edit = {.section = DHR_SECTION_ADDRESSEE,
                            .agency = dhr_str_of("b"),
                            .key = dhr_schema_key(DHR_KEY_ADDRESSEE_STATUS),
                            .values = &value,
                            .count = 1};
    expect_refusal(edit, "reviews/durham-2012/10.2.1.ini: has no section [agency b]");
    edit.section = DHR_SECTION_ACTION;
    edit.agency = dhr_str_of("a");
    edit.action = 2;
    edit.key = dhr_schema_key(DHR_KEY_ACTION_STATUS);
    expect_refusal(edit, "reviews/durham-2012/10.2.1.ini: has no section [action a 2]");
}

Test(ini_edit, values_no_file_can_hold)
{
    struct dhr_arena arena = {0};
    char *word = dhr_arena_zalloc(&arena, DHR_WORD_MAX_BYTES + 2);
    struct dhr_str value = dhr_str_of("a\x01");
    struct dhr_edit edit = {.section = DHR_SECTION_RECOMMENDATION,
                            .key = dhr_schema_key(DHR_KEY_RECOMMENDATION_PAGE),
                            .values = &value,
                            .count = 1};
    expect_refusal(edit, "the value holds a control character; leave it out");
    value = dhr_str_of("a\xC2\x85");
    expect_refusal(edit, "the value holds a control character; leave it out");
    value = dhr_str_of("a\xFF");
    expect_refusal(edit, "the value is not UTF-8; give it as UTF-8 text");
    memset(word, 'x', DHR_WORD_MAX_BYTES + 1);
    value = dhr_str_of(word);
    expect_refusal(edit, "the value holds a word longer than 65472 bytes");
    dhr_arena_release(&arena);
}
