#include "dhrledger/csv_read.h"

#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/csv_write.h"
#include "dhrledger/windows1252.h"

static struct dhr_arena arena;
static struct dhr_csv csv;
static struct dhr_err err;
static struct dhr_buf shown;

static void end(void)
{
    dhr_csv_release(&csv);
    dhr_buf_release(&shown);
    dhr_arena_release(&arena);
}

TestSuite(csv_read, .fini = end);

/* "1:a|b 3:c|d": each row's line and cells; the sentence where it can't be read. */
static const char *read_bytes(const char *bytes, size_t len)
{
    dhr_buf_clear(&shown);
    dhr_csv_release(&csv);
    if (dhr_csv_read(&csv, "f.csv", dhr_str_span(bytes, len), &arena, &err) < 0)
        return err.text;
    for (size_t r = 0; r < csv.row_count; r++) {
        dhr_buf_addf(&shown, "%s%u:", r ? " " : "", csv.rows[r].line);
        for (size_t c = 0; c < csv.rows[r].cell_count; c++)
            dhr_buf_addf(&shown, "%s%.*s", c ? "|" : "", DHR_ARG(dhr_csv_cell(&csv, r, c)));
    }
    return dhr_buf_cstr(&shown);
}

#define READ(text) read_bytes(text, sizeof(text) - 1)

Test(csv_read, rows_have_the_line_they_begin_on)
{
    cr_assert_str_eq(READ("a,b\r\nc,d\r\n"), "1:a|b 2:c|d");
    cr_assert_str_eq(READ("a,b\n\n  \nc,d"), "1:a|b 4:c|d");
    cr_assert_str_eq(READ("a,b\rc,d\r"), "1:a|b 2:c|d");
    cr_assert_str_eq(READ("a,\"1\n2\r\n\n3\"\nc,d\n"), "1:a|1\n2\n\n3 5:c|d");
    cr_assert_str_eq(READ("\"\n\",b\n\n\"\n\",d\n"), "1:\n|b 4:\n|d");
    cr_assert_str_eq(READ(""), "");
    cr_assert_str_eq(READ("\n\n"), "");
}

Test(csv_read, cells_are_as_written)
{
    cr_assert_str_eq(READ(" a , \"b\" ,\" c \"\n"), "1:a|b| c ");
    cr_assert_str_eq(READ("\"say \"\"so\"\"\",\"\"\"\"\n"), "1:say \"so\"|\"");
    cr_assert_str_eq(READ("a,,b,,\n,,\nc\n"), "1:a||b 3:c");
    cr_assert_eq(csv.rows[0].given_count, 5);
    cr_assert_eq(csv.rows[1].given_count, 1);
    cr_assert_str_eq(READ("\xEF\xBB\xBF"
                          "a,b\n"),
                     "1:a|b");
    cr_assert_eq(dhr_csv_cell(&csv, 0, 7).len, 0);
}

Test(csv_read, the_delimiter_is_found)
{
    cr_assert_str_eq(READ("a;b,c;d\n1;2,3;4\n"), "1:a|b,c|d 2:1|2,3|4");
    cr_assert_str_eq(READ("a\tb, c\n\t2\n"), "1:a|b, c 2:|2");
    cr_assert_str_eq(READ("\"x;y;z\",b\n"), "1:x;y;z|b");
    cr_assert_str_eq(READ("A plan\n\na;b\n"), "1:A plan 3:a|b");
    cr_assert_str_eq(READ("sep=;\r\na;b\n"), "2:a|b");
}

Test(csv_read, windows_1252_is_decoded)
{
    cr_assert_str_eq(READ("DHR\x92s,\x80 5,na\xEFve\n"), "1:DHR’s|€ 5|naïve");
    cr_assert(csv.windows_1252);
    cr_assert_str_eq(READ("DHR’s\n"), "1:DHR’s");
    cr_assert_not(csv.windows_1252);
}

Test(csv_read, what_would_be_guessed_is_refused)
{
    cr_assert_str_eq(READ("a,b\nc,\"d\ne,f\n"),
                     "f.csv:2:3: this quote is never closed; put another one where its cell ends");
    cr_assert_str_eq(READ("a\n\"\"\"x\n"),
                     "f.csv:2:1: this quote is never closed; put another one where its cell ends");
    cr_assert_str_eq(READ("\"a\n\",\"b\"\"\nc\n"),
                     "f.csv:2:3: this quote is never closed; put another one where its cell ends");
    cr_assert_str_eq(READ("a,b\n\nc,d\"e\n"),
                     "f.csv:3:4: a quote inside a cell of the row that begins on line 3; double "
                     "it, and put quotes around the cell");
    cr_assert_str_eq(READ("a,b\nc,\"d\"e\n"),
                     "f.csv:2:6: a quote inside a cell of the row that begins on line 2; double "
                     "it, and put quotes around the cell");
    cr_assert_str_eq(READ("a,b\nc,\0d\n"), "f.csv:2:3: a NUL byte, so this is no CSV; save it as "
                                           "\"CSV UTF-8\" again");
    cr_assert_str_eq(READ("\xFF\xFE"
                          "a\0b\0"),
                     "f.csv:1:1: the file is UTF-16; save it as \"CSV UTF-8\" and import it again");
    cr_assert_str_eq(READ("é,b\nc,\x92\n"),
                     "f.csv:2:3: this byte is not UTF-8, and what stands before it is; save the "
                     "file as \"CSV UTF-8\" again");
    cr_assert_str_eq(READ("a,\x81\n"), "f.csv:1:3: this byte is neither UTF-8 nor Windows-1252; "
                                       "save the file as \"CSV UTF-8\" again");
    cr_assert_eq(err.status, DHR_FOUND);
}

Test(csv_read, columns_have_a_limit)
{
    struct dhr_buf wide = {0};
    dhr_buf_adds(&wide, "a,b\n");
    for (int i = 0; i < DHR_CSV_MAX_COLUMNS - 1; i++)
        dhr_buf_addc(&wide, ',');
    cr_assert_str_eq(read_bytes(wide.ptr, wide.len), "1:a|b");
    for (int i = 0; i < 9001; i++)
        dhr_buf_addc(&wide, ',');
    cr_assert_str_eq(read_bytes(wide.ptr, wide.len),
                     "f.csv:2: more than 1000 columns; take out those that hold nothing");
    dhr_buf_release(&wide);
}

Test(csv_read, a_guard_comes_off_as_it_went_on)
{
    static const char *const cells[] = {"=1", "'=1", "''-1", "'s", "'", "a", "-", "\tx", "@"};
    for (size_t i = 0; i < sizeof(cells) / sizeof(cells[0]); i++) {
        struct dhr_buf out = {0};
        dhr_csv_add_cell(&out, dhr_str_of("1"), true, true);
        dhr_csv_add_cell(&out, dhr_str_of(cells[i]), true, false);
        dhr_csv_end_record(&out);
        (void)read_bytes(out.ptr, out.len);
        struct dhr_str back = dhr_csv_unguard(dhr_csv_cell(&csv, 0, 1));
        cr_assert(dhr_str_is(back, cells[i]), "%s came back as %.*s", cells[i], DHR_ARG(back));
        dhr_buf_release(&out);
    }
}

Test(csv_read, misread_utf8_is_mended)
{
    static const char *const texts[] = {"DHR’s “plan” – naïve", "plain", "café", ""};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct dhr_buf twice = {0};
        dhr_windows1252_decode(&twice, dhr_str_of(texts[i]));
        struct dhr_str mended = dhr_windows1252_repair(&arena, dhr_buf_str(&twice));
        cr_assert(dhr_str_is(mended, texts[i]), "%s: %.*s", texts[i], DHR_ARG(mended));
        mended = dhr_windows1252_repair(&arena, dhr_str_of(texts[i]));
        cr_assert(dhr_str_is(mended, texts[i]), "%s: %.*s", texts[i], DHR_ARG(mended));
        dhr_buf_release(&twice);
    }
}

Test(csv_read, characters_lost_to_windows_1252_are_told)
{
    cr_assert(dhr_windows1252_lossy_eq(dhr_str_of("a ? b’"), dhr_str_of("a → b’")));
    cr_assert_not(dhr_windows1252_lossy_eq(dhr_str_of("a ? b"), dhr_str_of("a – b")));
    cr_assert_not(dhr_windows1252_lossy_eq(dhr_str_of("a ?"), dhr_str_of("a → b")));
    cr_assert_not(dhr_windows1252_lossy_eq(dhr_str_of("a?"), dhr_str_of("ab")));
}

Test(csv_read, rows_are_counted_as_in_a_spreadsheet)
{
    static const char text[] = "sep=;\n\na;b\n\"1\n2\";x\n\n3;y\n";
    cr_assert_eq(dhr_csv_read(&csv, "a.csv", dhr_str_of(text), &arena, &err), 0);
    cr_assert_eq(csv.row_count, 3);
    cr_assert_eq(csv.rows[0].row, 2); /* after a blank one; "sep=;" is none */
    cr_assert_eq(csv.rows[1].row, 3);
    cr_assert_eq(csv.rows[2].row, 5);
    cr_assert_eq(csv.rows[2].line, 7);
}
