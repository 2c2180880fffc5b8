/* Writing records: the canonical layout, how prose is folded, what the formatter keeps. */
#include <string.h>

#include <criterion/criterion.h>

#include "reading.h"

static struct reading r;

static void end(void)
{
    reading_end(&r);
}

TestSuite(ini_format, .fini = end);

/* Formatted, `before` becomes `after`, and that stays as it is. */
static void expect_format(enum dhr_record_kind kind, const char *before, const char *after)
{
    reading_begin(&r, kind, dhr_str_of(before));
    const char *got = reading_formatted(&r);
    cr_assert_str_eq(got, after, "this:\n%sbecame:\n%sand not:\n%s", before, got, after);
    reading_end(&r);
    reading_begin(&r, kind, dhr_str_of(after));
    got = reading_formatted(&r);
    cr_assert_str_eq(got, after, "formatted again, this:\n%sbecame:\n%s", after, got);
    reading_end(&r);
}

static const char agency_form[] =
    "[agency]\nname = x\n\nalias =\n\nkind = other\n\nfrom =\n\nto =\n\n"
    "successor =\n\nplaceholder =\n\ncontact =\n\nregion =\n";

Test(ini_format, form_lines_are_filled_up)
{
    expect_format(DHR_RECORD_AGENCY, "[agency]\nname=x\nkind=other\n", agency_form);
}

Test(ini_format, keys_take_the_schemas_order)
{
    expect_format(DHR_RECORD_AGENCY, "\n\n[agency]\nregion=\nkind=other\n\n\nname  =  x",
                  agency_form);
}

Test(ini_format, marks_and_line_ends_go)
{
    expect_format(DHR_RECORD_AGENCY, "\xEF\xBB\xBF[agency]\r\nname=x\r\nkind=other\r\n",
                  agency_form);
}

Test(ini_format, headings_are_tidied)
{
    expect_format(DHR_RECORD_SETTINGS, "[ severity ]\n[people\t]\n[x   y]\n",
                  "[severity]\n\n[people]\n\n[x y]\n");
}

Test(ini_format, sections_stay_in_their_order)
{
    expect_format(DHR_RECORD_SETTINGS, "[people]\n[publish]\n[severity]\n",
                  "[people]\n\n[publish]\n\n[severity]\n");
}

Test(ini_format, items_of_a_list_stand_together)
{
    expect_format(DHR_RECORD_SETTINGS, "[severity]\nDL067 = off\nDL004 = off\n",
                  "[severity]\nDL067 = off\n\nDL004 = off\n");
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_str_of("[agency]\nalias=b\nname=x\n\nalias=a\n"));
    cr_assert(strstr(reading_formatted(&r), "\n\nalias = b\nalias = a\n\n") != NULL);
}

Test(ini_format, empty_items_go)
{
    static const char *const lists[] = {"alias =\nalias = a\nalias =\n", "alias = a\nalias =\n",
                                        "alias =\nalias =\nalias = a\n"};
    for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
        struct dhr_buf text = {0};
        dhr_buf_addf(&text, "[agency]\n%s", lists[i]);
        reading_begin(&r, DHR_RECORD_AGENCY, dhr_buf_str(&text));
        cr_assert(strstr(reading_formatted(&r), "\n\nalias = a\n\nkind"), "%s", lists[i]);
        reading_end(&r);
        dhr_buf_release(&text);
    }
}

Test(ini_format, empty_items_leave_one_form_line)
{
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_str_of("[agency]\nalias =\nalias =\nalias =\n"));
    cr_assert(strstr(reading_formatted(&r), "\n\nalias =\n\nkind =\n") != NULL);
}

Test(ini_format, keys_without_a_form_line)
{
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_str_of("[agency]\nformerly = a\nformerly = b\n"));
    cr_assert(strstr(reading_formatted(&r), "\n\nregion =\n\nformerly = a\nformerly = b\n") !=
              NULL);
}

Test(ini_format, unknown_keys_and_sections_stay_at_the_end)
{
    expect_format(DHR_RECORD_SETTINGS, "[publish]\nb=1\na=2\n[other]\nd =\nc=3\n  4\n",
                  "[publish]\nb = 1\n\na = 2\n\n[other]\nd =\n\nc = 3 4\n");
    expect_format(DHR_RECORD_SETTINGS, "[ledger]\nzz=1\nname=x\n",
                  "[ledger]\nname = x\n\ndue-soon-days =\n\nstale-days =\n\nzz = 1\n");
}

Test(ini_format, repeated_keys_and_sections_stay)
{
    expect_format(DHR_RECORD_SETTINGS, "[ledger]\nname=x\nname=y\n[ledger]\nname=z\n",
                  "[ledger]\nname = x\n\nname = y\n\ndue-soon-days =\n\nstale-days =\n\n"
                  "[ledger]\nname = z\n\ndue-soon-days =\n\nstale-days =\n");
}

Test(ini_format, comments_stay_with_what_they_stand_above)
{
    expect_format(DHR_RECORD_SETTINGS,
                  "# the file's\n\n"
                  "  # the heading's\n"
                  "[ledger]\n"
                  "; of stale\n"
                  "stale-days=1\n"
                  "# of name, apart\n\n\n\t# of name\n"
                  "name=a\n"
                  "; inside\n"
                  "  b\n"
                  "# at the end\n\n"
                  "# the second heading's\n"
                  "[publish]\n"
                  "# alone\n",
                  "# the file's\n\n"
                  "# the heading's\n"
                  "[ledger]\n"
                  "# of name, apart\n\n# of name\n; inside\n"
                  "name = a b\n\n"
                  "due-soon-days =\n\n"
                  "; of stale\n"
                  "stale-days = 1\n\n"
                  "# at the end\n\n"
                  "# the second heading's\n"
                  "[publish]\n\n"
                  "# alone\n");
}

Test(ini_format, comments_keep_empty_items)
{
    expect_format(DHR_RECORD_SETTINGS, "[publish]\n\n\n# x\na =\n", "[publish]\n# x\na =\n");
    reading_begin(&r, DHR_RECORD_AGENCY,
                  dhr_str_of("[agency]\nalias = a\n# to be found out\nalias =\nalias = b\n"));
    cr_assert(strstr(reading_formatted(&r),
                     "\n\nalias = a\n\n# to be found out\nalias =\nalias = b\n\n") != NULL);
}

Test(ini_format, files_of_comments_alone)
{
    expect_format(DHR_RECORD_AGENCY, "\n\n#a\n\n\n ;b\n\n", "#a\n\n;b\n");
    expect_format(DHR_RECORD_AGENCY, "\n \n", "");
    expect_format(DHR_RECORD_AGENCY, "", "");
}

static void expect_refusal(struct dhr_str bytes, const char *sentence)
{
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    reading_begin(&r, DHR_RECORD_AGENCY, bytes);
    cr_assert(dhr_ini_format(&r.ini, &out, &err) < 0, "not refused: %s", sentence);
    cr_assert_eq(err.status, DHR_FOUND);
    cr_assert_str_eq(err.text, sentence);
    dhr_buf_release(&out);
    reading_end(&r);
}

Test(ini_format, lines_not_understood_are_refused)
{
    expect_refusal(dhr_str_of("[agency]\nname = a\nand more\n"),
                   "agencies/durham-constabulary.ini:3: this line is not understood, so the file "
                   "is left as it is; \"dhrledger check\" says what is wrong");
    expect_refusal(dhr_str_of("[agency]\nname = a\n\n  b\n"),
                   "agencies/durham-constabulary.ini:4: this line is not understood, so the file "
                   "is left as it is; \"dhrledger check\" says what is wrong");
}

/* Escaped and indented, it would no longer fit on a line that can be read. */
Test(ini_format, words_too_long_to_move_are_refused)
{
    struct dhr_buf text = {0};
    dhr_buf_adds(&text, "[agency]\nname=#");
    for (size_t i = strlen("name=#"); i < DHR_LINE_MAX_BYTES; i++)
        dhr_buf_addc(&text, 'x');
    expect_refusal(dhr_buf_str(&text),
                   "agencies/durham-constabulary.ini:2: this word is too long for another layout, "
                   "so the file is left as it is; shorten it to 65472 bytes");
    dhr_buf_release(&text);
}

/* How entries are folded. */

static void expect_entry(const char *value, const char *written)
{
    struct dhr_buf out = {0};
    dhr_ini_add_entry(&out, dhr_str_of("outcome"), dhr_str_of(value));
    cr_assert_str_eq(dhr_buf_cstr(&out), written, "<%s> is written\n%s", value, dhr_buf_cstr(&out));
    dhr_buf_release(&out);
}

#define TEN "123456789 "

Test(ini_format, short_values_stand_on_the_keys_line)
{
    expect_entry("", "outcome =\n");
    expect_entry("x", "outcome = x\n");
    expect_entry("# x", "outcome = # x\n");
    expect_entry("\\x", "outcome = \\x\n");
    /* 78 columns, and 79. */
    expect_entry(TEN TEN TEN TEN TEN TEN "12345678",
                 "outcome = " TEN TEN TEN TEN TEN TEN "12345678\n");
    expect_entry(TEN TEN TEN TEN TEN TEN "123456789",
                 "outcome =\n  " TEN TEN TEN TEN TEN TEN "123456789\n");
}

Test(ini_format, prose_is_folded_at_78_columns)
{
    expect_entry(TEN TEN TEN TEN TEN TEN TEN "123456 more", /* 2 + 76 columns */
                 "outcome =\n  " TEN TEN TEN TEN TEN TEN TEN "123456\n  more\n");
    expect_entry(TEN TEN TEN TEN TEN TEN TEN "1234567 more",
                 "outcome =\n  " TEN TEN TEN TEN TEN TEN "123456789\n  1234567 more\n");
}

Test(ini_format, paragraphs)
{
    expect_entry("a\nb c\nd", "outcome =\n  a\n  .\n  b c\n  .\n  d\n");
}

Test(ini_format, long_words_stay_whole)
{
    expect_entry("a " TEN "b\xC2\xA0"
                 "12345678901234567890123456789012345678901234567890123456789012345"
                 "678901234567890123456789 c",
                 "outcome =\n  a 123456789\n"
                 "  b\xC2\xA0"
                 "12345678901234567890123456789012345678901234567890123456789012345"
                 "678901234567890123456789\n  c\n");
}

Test(ini_format, continuations_that_mean_something_are_escaped)
{
    expect_entry(
        "a\n#b\n;c\n.\n..d\n\\e\n[f]",
        "outcome =\n  a\n  .\n  \\#b\n  .\n  \\;c\n  .\n  \\.\n  .\n  \\..d\n  .\n  \\\\e\n"
        "  .\n  \\[f]\n");
    expect_entry("a\ndue = b\nx-1=c\nd =", "outcome =\n  a\n  .\n  \\due = b\n  .\n  \\x-1=c\n  .\n"
                                           "  \\d =\n");
    expect_entry("a\nazAZ09- = b\nz=c\nA=\n9=d\na_b = e",
                 "outcome =\n  a\n  .\n  \\azAZ09- = b\n  .\n  \\z=c\n  .\n  \\A=\n  .\n"
                 "  \\9=d\n  .\n  a_b = e\n");
    expect_entry("a\ndue b = c\n= d\ndue: e", "outcome =\n  a\n  .\n  due b = c\n  .\n  = d\n  .\n"
                                              "  due: e\n");
}

/* With the backslash, the last word has no more room. */
Test(ini_format, escape_takes_a_column)
{
    expect_entry("#" TEN TEN TEN TEN TEN TEN TEN "12345\nx",
                 "outcome =\n  \\#" TEN TEN TEN TEN TEN TEN "123456789\n  12345\n  .\n  x\n");
}

Test(ini_format, columns_not_bytes_are_counted)
{
    /* 34 wide characters take 68 columns, and accents none. */
    expect_entry(
        "家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家",
        "outcome = 家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家\n");
    expect_entry(
        "家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家x",
        "outcome =\n  家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家家x\n");
    expect_entry("e\xCC\x81" TEN TEN TEN TEN TEN TEN "1234567",
                 "outcome = e\xCC\x81" TEN TEN TEN TEN TEN TEN "1234567\n");
}

/* Text without any width never fills a line, but no line may be longer than can be read. */
Test(ini_format, text_without_width_is_folded_too)
{
    enum { WORDS = 12, WORD_BYTES = 2 * 15000 };
    struct dhr_buf value = {0};
    struct dhr_buf out = {0};
    for (size_t i = 0; i < WORDS; i++) {
        if (i)
            dhr_buf_addc(&value, ' ');
        for (size_t b = 0; b < WORD_BYTES; b += 2)
            dhr_buf_adds(&value, "\xCC\x81");
    }
    dhr_buf_adds(&out, "[agency]\n");
    dhr_ini_add_entry(&out, dhr_str_of("name"), dhr_buf_str(&value));
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_buf_str(&out));
    cr_assert_str_eq(reading_findings(&r), "");
    cr_assert_str_eq(reading_value(&r, DHR_KEY_AGENCY_NAME), dhr_buf_cstr(&value));
    dhr_buf_release(&value);
    dhr_buf_release(&out);
}

/* New sections. */

Test(ini_format, new_section)
{
    struct dhr_buf out = {0};
    struct dhr_ini_pair pairs[] = {{DHR_KEY_ACTION_STATUS, dhr_str_of("open")},
                                   {DHR_KEY_ACTION_EVIDENCE, dhr_str_of("b")},
                                   {DHR_KEY_ACTION_LEAD, dhr_str_of("")},
                                   {DHR_KEY_ACTION_EVIDENCE, dhr_str_of("a")}};
    dhr_buf_adds(&out, "[agency x]\n");
    dhr_ini_add_section(&out, DHR_SECTION_ACTION, dhr_str_of("x"), 2, pairs, 4);
    cr_assert_str_eq(dhr_buf_cstr(&out),
                     "[agency x]\n\n[action x 2]\naction =\n\nlead =\n\ndue =\n\ndue-original =\n\n"
                     "due-reason =\n\nstatus = open\n\nimplemented-on =\n\noutcome =\n\n"
                     "evidence = b\nevidence = a\n");
    dhr_buf_release(&out);
}

/* A new record of any kind is canonical from the start. */
Test(ini_format, new_sections_are_canonical)
{
    for (enum dhr_section_id id = 0; id < DHR_SECTIONS; id++) {
        const struct dhr_section_def *def = dhr_schema_section(id);
        struct dhr_buf out = {0};
        dhr_ini_add_section(&out, id, dhr_str_of(def->label == DHR_LABEL_NONE ? "" : "x"),
                            def->label == DHR_LABEL_ACTION, NULL, 0);
        expect_format(def->record, dhr_buf_cstr(&out), dhr_buf_cstr(&out));
        dhr_buf_release(&out);
    }
}
