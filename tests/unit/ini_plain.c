/* Plain lines aren't given to inih, so here inih itself says what it would have made of them. */
#include <ini.h>

#include <criterion/criterion.h>

#include "reading.h"

static struct reading r;
static uint32_t state = 1;

static void end(void)
{
    reading_end(&r);
}

TestSuite(ini_plain, .fini = end);

static const char *one_of(const char *const *pieces, size_t count)
{
    state = state * 1664525 + 1013904223;
    return pieces[(state >> 12) % count];
}

#define ONE_OF(...)                                                                                \
    one_of((const char *const[]){__VA_ARGS__},                                                     \
           sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *))

/* Mostly as forms and prose have it, and now and then otherwise. */
static void add_random_line(struct dhr_buf *text)
{
    bool more = *ONE_OF("", "", "x");
    dhr_buf_adds(text, more ? ONE_OF("  ", "  ", "  ", " ", "   ", "\t")
                            : ONE_OF("name", "alias", "kind", "formerly", "contact", "note", "x"));
    dhr_buf_adds(text, more ? "" : ONE_OF(" = ", " = ", " = ", " =", "=", " =  ", "\t=\t", "  = "));
    for (size_t words = (size_t)(*ONE_OF("", "\1", "\2", "\5")); words; words--) {
        dhr_buf_adds(text, ONE_OF("a", "word", "é", "2026-03-01", "name", "=", ":", ";", "#", "\\",
                                  "[", "]", ".", ",", "“b”", "\xC2\xA0", "kind ="));
        dhr_buf_adds(text, words > 1 ? ONE_OF(" ", " ", " ", "", "  ", "\t") : "");
    }
    dhr_buf_adds(text, ONE_OF("\n", "\n", "\n", "\n\n", " \n"));
}

static int note_piece(void *user, const char *section, const char *name, const char *value)
{
    (void)section;
    dhr_buf_addf(user, "<%s|%s>\n", name, value);
    return 1;
}

/* Each key and the pieces of its value, as the reader of lines split them. */
static void add_pieces(struct dhr_buf *out)
{
    for (size_t i = 0; i < r.ini.entry_count; i++) {
        const struct dhr_ini_entry *entry = &r.ini.entries[i];
        for (uint32_t line = entry->first_line; line <= entry->last_line; line++) {
            const struct dhr_ini_line *own = &r.ini.lines[line];
            if (own->kind == DHR_LINE_KEY || own->kind == DHR_LINE_MORE)
                dhr_buf_addf(out, "<%.*s|%.*s>\n", DHR_ARG(entry->name), (int)own->value_len,
                             r.ini.bytes.ptr + own->value);
        }
    }
}

/* What is reported isn't read, and there inih may make of it what it likes. */
static bool is_understood(void)
{
    for (size_t i = 0; i < r.findings.count; i++) {
        if (r.findings.items[i].rule < DHR_RULE_UNKNOWN_SECTION)
            return false;
    }
    return true;
}

Test(ini_plain, lines_are_split_as_inih_splits_them)
{
    enum { TEXTS = 20000, LINES = 6, FEWEST = TEXTS / 10 };
    size_t compared = 0;
    for (size_t i = 0; i < TEXTS; i++) {
        struct dhr_buf text = {0};
        struct dhr_buf expected = {0};
        struct dhr_buf pieces = {0};
        dhr_buf_adds(&text, "[agency]\n");
        for (size_t line = 0; line < LINES; line++)
            add_random_line(&text);
        reading_begin(&r, DHR_RECORD_AGENCY, dhr_buf_str(&text));
        if (is_understood()) {
            (void)ini_parse_string(dhr_buf_cstr(&text), note_piece, &expected);
            add_pieces(&pieces);
            cr_assert_str_eq(dhr_buf_cstr(&pieces), dhr_buf_cstr(&expected), "of the text\n%s",
                             dhr_buf_cstr(&text));
            compared++;
        }
        reading_end(&r);
        dhr_buf_release(&text);
        dhr_buf_release(&expected);
        dhr_buf_release(&pieces);
    }
    cr_assert_gt(compared, FEWEST, "only %zu texts were understood", compared);
}
