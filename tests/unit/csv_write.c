#include "dhrledger/csv_write.h"

#include <csv.h>
#include <string.h>

#include <criterion/criterion.h>

static const char *cell(struct dhr_buf *out, struct dhr_str text, bool guard, bool first)
{
    dhr_buf_clear(out);
    dhr_csv_add_cell(out, text, guard, first);
    return dhr_buf_cstr(out);
}

Test(csv_write, quotes_where_they_are_needed)
{
    static const struct {
        const char *text, *cell;
    } cases[] = {{"plain", ",plain"},     {"two words", ",two words"},
                 {"a,b", ",\"a,b\""},     {"say \"so\"", ",\"say \"\"so\"\"\""},
                 {"\"", ",\"\"\"\""},     {"a\nb", ",\"a\nb\""},
                 {"a\rb", ",\"a\rb\""},   {" edge", ",\" edge\""},
                 {"edge ", ",\"edge \""}, {"edge\t", ",\"edge\t\""},
                 {"DHR’s", ",DHR’s"},     {"", ","}};
    struct dhr_buf out = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_str_eq(cell(&out, dhr_str_of(cases[i].text), true, false), cases[i].cell);
    cr_assert_str_eq(cell(&out, dhr_str_of("a"), true, true), "a");
    cr_assert_str_eq(cell(&out, dhr_str_span(NULL, 0), true, false), ",");
    dhr_buf_release(&out);
}

Test(csv_write, an_empty_first_cell_is_no_blank_line)
{
    struct dhr_buf out = {0};
    cr_assert_str_eq(cell(&out, dhr_str_span(NULL, 0), true, true), "\"\"");
    dhr_csv_end_record(&out);
    cr_assert_str_eq(dhr_buf_cstr(&out), "\"\"\r\n");
    dhr_buf_release(&out);
}

Test(csv_write, guards_what_a_spreadsheet_would_calculate)
{
    static const struct {
        const char *text, *cell;
    } cases[] = {{"=1+1", "'=1+1"},
                 {"+44", "'+44"},
                 {"-2", "'-2"},
                 {"@x", "'@x"},
                 {"\tx", "'\tx"},
                 {"\rx", "\"'\rx\""},
                 {"=\"a\"", "\"'=\"\"a\"\"\""},
                 {"1-2", "1-2"},
                 {"'s", "'s"},
                 {"'=x", "''=x"},
                 {"''-x", "'''-x"},
                 {"'", "'"}};
    struct dhr_buf out = {0};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        cr_assert_str_eq(cell(&out, dhr_str_of(cases[i].text), true, true), cases[i].cell);
    cr_assert_str_eq(cell(&out, dhr_str_of("-2"), false, true), "-2");
    dhr_buf_release(&out);
}

/* Rows read back: cells end with <, rows with a newline. */
static void add_field(void *text, size_t len, void *out)
{
    dhr_buf_add(out, text, len);
    dhr_buf_addc(out, '<');
}

static void add_end(int c, void *out)
{
    (void)c;
    dhr_buf_addc(out, '\n');
}

Test(csv_write, strict_readers_get_the_bytes_back)
{
    static const char set[] = "ab,,\"\"\r\n \t'=-é\0";
    unsigned long state = 1;
    struct dhr_buf csv = {0};
    struct dhr_buf in = {0};
    struct dhr_buf out = {0};
    for (int row = 0; row < 3000; row++) {
        for (int column = 0; column < 4; column++) {
            char text[8];
            size_t len = (state >> 40) % sizeof(text);
            for (size_t i = 0; i < len; i++) {
                state = state * 6364136223846793005UL + 1442695040888963407UL;
                text[i] = set[(state >> 33) % sizeof(set)];
            }
            state = state * 6364136223846793005UL + 1442695040888963407UL;
            dhr_csv_add_cell(&csv, dhr_str_span(text, len), false, column == 0);
            add_field(text, len, &in);
        }
        dhr_csv_end_record(&csv);
        add_end(0, &in);
    }
    struct csv_parser parser;
    cr_assert_eq(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0, "no parser");
    size_t parsed = csv_parse(&parser, csv.ptr, csv.len, add_field, add_end, &out);
    cr_assert_eq(parsed, csv.len, "%s at byte %zu", csv_strerror(csv_error(&parser)), parsed);
    cr_assert_eq(csv_fini(&parser, add_field, add_end, &out), 0, "%s",
                 csv_strerror(csv_error(&parser)));
    csv_free(&parser);
    cr_assert(dhr_str_eq(dhr_buf_str(&in), dhr_buf_str(&out)), "other bytes came back");
    dhr_buf_release(&csv);
    dhr_buf_release(&in);
    dhr_buf_release(&out);
}
