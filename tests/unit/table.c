#include "dhrledger/table.h"

#include <errno.h>
#include <csv.h>
#include <jansson.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "dhrledger/utf8.h"

static struct dhr_arena arena;

static void begin(void)
{
    cr_assert(setlocale(LC_CTYPE, "C.UTF-8") != NULL, "there is no C.UTF-8");
}

static void end(void)
{
    dhr_arena_release(&arena);
}

TestSuite(table, .init = begin, .fini = end, .timeout = 60);

/* What is written, in the arena. */
static struct dhr_str written(const struct dhr_table *table, enum dhr_format format,
                              struct dhr_style style)
{
    char *bytes = NULL;
    size_t len = 0;
    struct dhr_err err = {0};
    FILE *file = open_memstream(&bytes, &len);
    cr_assert(file != NULL, "%s", strerror(errno));
    cr_assert_eq(dhr_table_write(table, format, &style, file, &err), 0, "%s", err.text);
    cr_assert_eq(fclose(file), 0, "%s", strerror(errno));
    struct dhr_str copy = dhr_str_span(dhr_arena_dup(&arena, bytes, len), len);
    free(bytes);
    return copy;
}

static const char *text(const struct dhr_table *table, size_t width)
{
    return written(table, DHR_FORMAT_TEXT, (struct dhr_style){.width = width}).ptr;
}

static const char *csv(const struct dhr_table *table)
{
    return written(table, DHR_FORMAT_CSV, (struct dhr_style){0}).ptr;
}

static const char *json(const struct dhr_table *table)
{
    return written(table, DHR_FORMAT_JSON, (struct dhr_style){0}).ptr;
}

static struct dhr_str s(const char *cstr)
{
    return dhr_str_of(cstr);
}

/* A report with a column of every kind. */
enum { DAYS, ID, AGENCY_ID, AGENCY, STATUS, MISSING, PROGRESS, WORDS, COLUMNS };

static struct dhr_table *overdue(void)
{
    static const struct dhr_column columns[COLUMNS] = {
        [DAYS] = {"days_late", "Days late", DHR_CELL_NUMBER, DHR_COLUMN_RIGHT},
        [ID] = {"id", "Recommendation", DHR_CELL_TEXT, 0},
        [AGENCY_ID] = {"agency", "Agency id", DHR_CELL_TEXT, DHR_COLUMN_DATA_ONLY},
        [AGENCY] = {"agency_name", "Agency", DHR_CELL_TEXT, DHR_COLUMN_WRAP},
        [STATUS] = {"status", "Status", DHR_CELL_STATE, 0},
        [MISSING] = {"missing", "Missing", DHR_CELL_LIST, DHR_COLUMN_WRAP},
        [PROGRESS] = {"progress", "Progress", DHR_CELL_BAR, DHR_COLUMN_TEXT_ONLY},
        [WORDS] = {"words", "Words", DHR_CELL_TEXT, DHR_COLUMN_TEXT_ONLY}};
    struct dhr_table *table = dhr_table_new("overdue", columns, COLUMNS);
    dhr_table_fact(table, "today", "2026-11-24");
    dhr_table_row(table);
    dhr_table_number(table, DAYS, 120);
    dhr_table_text(table, ID, s("durham-2012/10.2.1"));
    dhr_table_text(table, AGENCY_ID, s("durham-constabulary"));
    dhr_table_text(table, AGENCY, s("Durham Constabulary"));
    dhr_table_state(table, STATUS, s("in-progress"), DHR_STATE_RED);
    dhr_table_add_item(table, MISSING, s("response"));
    dhr_table_add_item(table, MISSING, s("lead"));
    dhr_table_bar(table, PROGRESS, (const size_t[4]){2, 1, 1, 0});
    dhr_table_text(table, WORDS, s("x"));
    dhr_table_row(table);
    dhr_table_number(table, DAYS, -7);
    dhr_table_text(table, ID, s("durham-2012/10.2.1"));
    dhr_table_text(table, AGENCY, s("NHS “County”, Durham\nand Darlington"));
    dhr_table_row(table);
    return table;
}

Test(table, wide)
{
    struct dhr_table *table = overdue();
    cr_assert_eq(dhr_table_rows(table), 3, "%zu rows", dhr_table_rows(table));
    cr_assert_str_eq(
        text(table, 0),
        "Days late  Recommendation      Agency                               Status       "
        "Missing         Progress              Words\n"
        "      120  durham-2012/10.2.1  Durham Constabulary                  in-progress  "
        "response, lead  ██████████▓▓▓▓▓░░░░░  x\n"
        "       -7  durham-2012/10.2.1  NHS “County”, Durham and Darlington\n"
        "\n");
    cr_assert_str_eq(text(table, 200), text(table, 0));
    dhr_table_free(table);
}

Test(table, narrow)
{
    struct dhr_table *table = overdue();
    cr_assert_str_eq(
        text(table, 90),
        "Days  Recommendation      Agency         Status       Missing         Progress    Words\n"
        "late\n"
        " 120  durham-2012/10.2.1  Durham         in-progress  response, lead  █████▓▓▓░░  x\n"
        "                          Constabulary\n"
        "  -7  durham-2012/10.2.1  NHS “County”,\n"
        "                          Durham and\n"
        "                          Darlington\n"
        "\n");
    cr_assert_str_eq(text(table, 60),
                     "Days  Recomme  Agency    Status    Missing   Progress  Words\n"
                     "late  ndation\n"
                     " 120  durham-  Durham    in-progr  response  ████▓▓░░  x\n"
                     "      2012/10  Constabu  ess       , lead\n"
                     "      .2.1     lary\n"
                     "  -7  durham-  NHS\n"
                     "      2012/10  “County”\n"
                     "      .2.1     , Durham\n"
                     "               and\n"
                     "               Darlingt\n"
                     "               on\n"
                     "\n");
    dhr_table_free(table);
}

Test(table, groups_stand_above_their_rows)
{
    static const struct dhr_column columns[] = {{"number", "Number", DHR_CELL_TEXT, 0},
                                                {"lead", "Lead", DHR_CELL_TEXT, DHR_COLUMN_GROUP},
                                                {"due", "Target date", DHR_CELL_TEXT, 0}};
    static const char *const rows[][3] = {{"1", "Head of Safeguarding and Licensing", "2027"},
                                          {"2", "Manager", "2028"},
                                          {"10", "Manager", ""},
                                          {"3", "", "2026"}};
    struct dhr_table *table = dhr_table_new("list", columns, 3);
    for (size_t row = 0; row < 4; row++) {
        dhr_table_row(table);
        for (size_t i = 0; i < 3; i++)
            dhr_table_text(table, i, s(rows[row][i]));
    }
    cr_assert_str_eq(text(table, 0), "Number  Target date\n"
                                     "\nHead of Safeguarding and Licensing (1)\n"
                                     "1       2027\n"
                                     "\nManager (2)\n"
                                     "2       2028\n"
                                     "10\n"
                                     "\n(not recorded) (1)\n"
                                     "3       2026\n");
    cr_assert(strstr(text(table, 24), "\nHead of Safeguarding and\nLicensing (1)\n1 "), "%s",
              text(table, 24));
    cr_assert(strstr(csv(table), "Number,Lead,Target date\r\n1,Head of"), "%s", csv(table));
    dhr_table_free(table);
}

Test(table, ascii_bars)
{
    struct dhr_table *table = overdue();
    const char *out =
        written(table, DHR_FORMAT_TEXT, (struct dhr_style){.width = 120, .ascii = true}).ptr;
    cr_assert(strstr(out, "##########=====-----"), "%s", out);
    dhr_table_free(table);
}

Test(table, csv)
{
    struct dhr_table *table = overdue();
    cr_assert_str_eq(csv(table), "Days late,Recommendation,Agency id,Agency,Status,Missing\r\n"
                                 "120,durham-2012/10.2.1,durham-constabulary,Durham Constabulary,"
                                 "in-progress,\"response\nlead\"\r\n"
                                 "-7,durham-2012/10.2.1,,\"NHS “County”, Durham\nand Darlington\""
                                 ",,\r\n"
                                 "\"\",,,,,\r\n");
    dhr_table_free(table);
}

Test(table, json)
{
    struct dhr_table *table = overdue();
    cr_assert_str_eq(
        json(table),
        "{\"format\":\"dhrledger.overdue\",\"version\":1,\"today\":\"2026-11-24\",\"rows\":[\n"
        "{\"days_late\":120,\"id\":\"durham-2012/10.2.1\",\"agency\":\"durham-constabulary\","
        "\"agency_name\":\"Durham Constabulary\",\"status\":\"in-progress\","
        "\"missing\":[\"response\",\"lead\"]},\n"
        "{\"days_late\":-7,\"id\":\"durham-2012/10.2.1\",\"agency\":null,"
        "\"agency_name\":\"NHS “County”, Durham\\nand Darlington\",\"status\":null,"
        "\"missing\":[]},\n"
        "{\"days_late\":null,\"id\":null,\"agency\":null,\"agency_name\":null,\"status\":null,"
        "\"missing\":[]}\n"
        "]}\n");
    dhr_table_free(table);
}

Test(table, without_rows)
{
    static const struct dhr_column columns[] = {{"a", "A", DHR_CELL_TEXT, 0},
                                                {"b", "B", DHR_CELL_NUMBER, 0}};
    struct dhr_table *table = dhr_table_new("empty", columns, 2);
    cr_assert_str_eq(text(table, 80), "A  B\n");
    cr_assert_str_eq(csv(table), "A,B\r\n");
    cr_assert_str_eq(json(table), "{\"format\":\"dhrledger.empty\",\"version\":1,\"rows\":[]}\n");
    dhr_table_free(table);
    dhr_table_free(NULL);
}

Test(table, csv_guards_texts_and_not_numbers)
{
    static const struct dhr_column columns[] = {{"a", "=A", DHR_CELL_TEXT, 0},
                                                {"b", "B", DHR_CELL_NUMBER, 0},
                                                {"c", "C", DHR_CELL_LIST, 0}};
    struct dhr_table *table = dhr_table_new("guard", columns, 3);
    dhr_table_row(table);
    dhr_table_text(table, 0, s("=HYPERLINK(\"x\")"));
    dhr_table_number(table, 1, -5);
    dhr_table_add_item(table, 2, s("@x"));
    cr_assert_str_eq(csv(table), "'=A,B,C\r\n\"'=HYPERLINK(\"\"x\"\")\",-5,'@x\r\n");
    dhr_table_free(table);
}

/* A table of one bar, its line in text. */
static const char *bar(size_t a, size_t b, size_t c, size_t d, size_t width)
{
    static const struct dhr_column column = {"bar", "", DHR_CELL_BAR, 0};
    struct dhr_table *table = dhr_table_new("bar", &column, 1);
    dhr_table_row(table);
    dhr_table_bar(table, 0, (const size_t[4]){a, b, c, d});
    const char *out =
        written(table, DHR_FORMAT_TEXT, (struct dhr_style){.width = width, .ascii = true}).ptr;
    dhr_table_free(table);
    return out + strspn(out, "\n");
}

Test(table, bars_show_every_part)
{
    cr_assert_str_eq(bar(1, 1, 1, 1, 120), "#####=====-----.....\n");
    cr_assert_str_eq(bar(1, 0, 0, 0, 80), "##########\n");
    cr_assert_str_eq(bar(1, 1000000, 1, 1, 80), "#=======-.\n");
    cr_assert_str_eq(bar(0, 1, 2, 0, 80), "===-------\n");
    cr_assert_str_eq(bar(0, 0, 0, 0, 80), "");
    cr_assert_str_eq(bar(12, 3, 31, 0, 100), "#####=--------------\n");
}

Test(table, bars_are_as_long_as_they_should_be)
{
    unsigned long state = 1;
    for (int round = 0; round < 3000; round++) {
        size_t parts[4];
        size_t total = 0;
        for (size_t i = 0; i < 4; i++) {
            state = state * 6364136223846793005UL + 1442695040888963407UL;
            parts[i] = (state >> 33) % 3 ? (state >> 35) % ((state >> 40) % 2 ? 10 : 30000) : 0;
            total += parts[i];
        }
        const char *line = bar(parts[0], parts[1], parts[2], parts[3], round % 2 ? 80 : 120);
        size_t length = total ? round % 2 ? 10 : 20 : 0;
        size_t at = 0;
        for (size_t i = 0; i < 4; i++) {
            size_t cells = strspn(line + at, (const char *[]){"#", "=", "-", "."}[i]);
            double share = total ? (double)(parts[i] * length) / (double)total : 0;
            cr_assert_eq(cells > 0, parts[i] > 0, "part %zu of %s", i, line);
            /* Small parts are rounded up to one, at most three of them, at the others' cost. */
            cr_assert((double)cells < share + 1.001 || cells == 1, "part %zu of %s", i, line);
            cr_assert((double)cells > share - 4, "part %zu of %s", i, line);
            at += cells;
        }
        cr_assert_eq(at, length, "%zu long: %s", at, line);
    }
}

/* Escape sequences in a text, one after the other, without the text. */
static const char *colours(const char *out)
{
    const char *all = "";
    while ((out = strchr(out, '\033')) != NULL) {
        size_t len = strcspn(out, "m");
        all = dhr_arena_printf(&arena, "%s%.*s ", all, (int)len - 1, out + 1);
        out += len;
    }
    return all;
}

Test(table, colours)
{
    static const struct dhr_column columns[] = {{"status", "Status", DHR_CELL_STATE, 0},
                                                {"bar", "Progress", DHR_CELL_BAR, 0},
                                                {"text", "Text", DHR_CELL_TEXT, 0}};
    static const struct {
        enum dhr_state state;
        const char *colours;
    } cases[] = {{DHR_STATE_NONE, ""},         {DHR_STATE_RED, "[31 [0 "},
                 {DHR_STATE_AMBER, "[33 [0 "}, {DHR_STATE_GREEN, "[32 [0 "},
                 {DHR_STATE_BLUE, "[34 [0 "},  {DHR_STATE_GREY, "[90 [0 "}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct dhr_table *table = dhr_table_new("colours", columns, 3);
        dhr_table_row(table);
        dhr_table_state(table, 0, s("open"), cases[i].state);
        dhr_table_text(table, 2, s("plain"));
        struct dhr_style style = {.width = 80, .colour = true};
        const char *out = written(table, DHR_FORMAT_TEXT, style).ptr;
        const char *second = strchr(out, '\n') + 1;
        cr_assert_str_eq(colours(second), cases[i].colours);
        cr_assert(strncmp(out, "\033[1m", 4) == 0, "the heading isn't bold: %s", out);
        style.colour = false;
        cr_assert_str_eq(colours(written(table, DHR_FORMAT_TEXT, style).ptr), "");
        dhr_table_free(table);
    }
}

Test(table, bars_have_colours)
{
    static const struct dhr_column column = {"bar", "Progress", DHR_CELL_BAR, 0};
    struct dhr_table *table = dhr_table_new("bar", &column, 1);
    dhr_table_row(table);
    dhr_table_bar(table, 0, (const size_t[4]){1, 1, 1, 1});
    const char *out =
        written(table, DHR_FORMAT_TEXT, (struct dhr_style){.width = 120, .colour = true}).ptr;
    cr_assert_str_eq(strchr(out, '\n') + 1, "\033[34m█████\033[0m\033[32m▓▓▓▓▓\033[0m░░░░░"
                                            "\033[90m·····\033[0m\n");
    dhr_table_free(table);
}

static unsigned next(unsigned long *state)
{
    *state = *state * 6364136223846793005UL + 1442695040888963407UL;
    return (unsigned)(*state >> 33);
}

static const char *const words[] = {"a",          "of",     "risk",
                                    "agency",     "DHR’s",  "–",
                                    "naïve",      "日本語", "partly-implemented,",
                                    "(IPCC)",     "kि",     "https://example.org/a/report.pdf",
                                    "\x1B[2J",    "\xFF",   "\xE2\x80\xAE",
                                    "\U0001FAE8", "\u2028", "constabulary."};

static struct dhr_str random_words(unsigned long *state, size_t most)
{
    struct dhr_buf buf = {0};
    for (size_t n = next(state) % (most + 1); n; n--) {
        dhr_buf_adds(&buf, words[next(state) % (sizeof(words) / sizeof(words[0]))]);
        dhr_buf_adds(&buf, n == 1 ? "" : next(state) % 20 ? " " : "\n");
    }
    struct dhr_str copy = dhr_str_span(dhr_arena_dup(&arena, dhr_buf_cstr(&buf), buf.len), buf.len);
    dhr_buf_release(&buf);
    return copy;
}

static void random_cell(struct dhr_table *table, size_t column, const struct dhr_column *kind,
                        unsigned long *state)
{
    size_t most = kind->flags & DHR_COLUMN_WRAP ? 40 : 3;
    if (next(state) % 6 == 0)
        return;
    switch (kind->type) {
    case DHR_CELL_TEXT:
        dhr_table_text(table, column, random_words(state, most));
        break;
    case DHR_CELL_NUMBER:
        dhr_table_number(table, column, (long)(next(state) % 2000) - 1000);
        break;
    case DHR_CELL_LIST:
        for (unsigned n = next(state) % 4; n; n--)
            dhr_table_add_item(table, column, s(words[next(state) % 4]));
        break;
    case DHR_CELL_STATE:
        dhr_table_state(table, column, s(words[next(state) % 4]),
                        (enum dhr_state)(next(state) % 6));
        break;
    case DHR_CELL_BAR:
        dhr_table_bar(table, column,
                      (const size_t[4]){next(state) % 9, next(state) % 9, next(state) % 9, 1});
        break;
    }
}

enum { MOST_COLUMNS = 7 };

static struct dhr_table *random_table(unsigned long *state, struct dhr_column *columns,
                                      size_t *count)
{
    static const char *const headings[] = {"Id",    "Recommendation", "Days late", "Target date",
                                           "Words", "Standing",       "Agency",    "Q"};
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h"};
    static const unsigned flags[] = {0, DHR_COLUMN_RIGHT, DHR_COLUMN_WRAP, DHR_COLUMN_WRAP,
                                     DHR_COLUMN_DATA_ONLY};
    *count = next(state) % MOST_COLUMNS + 1;
    for (size_t i = 0; i < *count; i++)
        columns[i] = (struct dhr_column){names[i], headings[next(state) % 8],
                                         (enum dhr_cell_type)(next(state) % 5),
                                         i ? flags[next(state) % 5] : 0};
    struct dhr_table *table = dhr_table_new("random", columns, *count);
    for (unsigned rows = next(state) % 6; rows; rows--) {
        dhr_table_row(table);
        for (size_t i = 0; i < *count; i++)
            random_cell(table, i, &columns[i], state);
    }
    return table;
}

/* Columns on the screen: escape sequences for colour take none. */
static size_t columns_on_screen(struct dhr_str line)
{
    struct dhr_buf plain = {0};
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\033') {
            while (line.ptr[i] != 'm')
                i++;
        } else {
            dhr_buf_addc(&plain, line.ptr[i]);
        }
    }
    size_t columns = dhr_utf8_width(dhr_buf_str(&plain));
    cr_assert(plain.len == 0 || plain.ptr[plain.len - 1] != ' ', "a space at the end: \"%s\"",
              plain.ptr);
    dhr_buf_release(&plain);
    return columns;
}

Test(table, no_line_is_wider_than_the_terminal)
{
    unsigned long state = 1;
    for (int round = 0; round < 400; round++) {
        struct dhr_column columns[MOST_COLUMNS];
        size_t count = 0;
        struct dhr_table *table = random_table(&state, columns, &count);
        for (size_t width = 40; width <= 200; width += 1 + next(&state) % 8) {
            struct dhr_style style = {.width = width, .colour = next(&state) % 2};
            struct dhr_str rest = written(table, DHR_FORMAT_TEXT, style);
            struct dhr_str line;
            cr_assert_eq(dhr_utf8_valid_len(rest), rest.len, "not UTF-8");
            while (dhr_str_line(&rest, &line))
                cr_assert(columns_on_screen(line) <= width, "%zu columns, not %zu: %.*s",
                          columns_on_screen(line), width, DHR_ARG(line));
        }
        dhr_table_free(table);
        dhr_arena_clear(&arena);
    }
}

/* Letters, digits and signs of a text, without spaces and lines, sorted. */
static int by_byte(const void *a, const void *b)
{
    return *(const char *)a - *(const char *)b;
}

static struct dhr_str letters(struct dhr_str in)
{
    char *out = dhr_arena_alloc(&arena, in.len + 1);
    size_t len = 0;
    for (size_t i = 0; i < in.len; i++) {
        if (in.ptr[i] != ' ' && in.ptr[i] != '\n')
            out[len++] = in.ptr[i];
    }
    qsort(out, len, 1, by_byte);
    return dhr_str_span(out, len);
}

Test(table, wrapping_loses_nothing)
{
    unsigned long state = 2;
    for (int round = 0; round < 400; round++) {
        struct dhr_column columns[MOST_COLUMNS];
        size_t count = 0;
        struct dhr_table *table = random_table(&state, columns, &count);
        /* From 100 on bars are as long as in a report without limits. */
        bool bars = false;
        for (size_t i = 0; i < count; i++)
            bars = bars || columns[i].type == DHR_CELL_BAR;
        size_t width = (bars ? 100 : 40) + next(&state) % 100;
        struct dhr_str whole = letters(s(text(table, 0)));
        struct dhr_str wrapped = letters(s(text(table, width)));
        cr_assert(dhr_str_eq(whole, wrapped), "at %zu:\n%s\n%s", width, text(table, 0),
                  text(table, width));
        dhr_table_free(table);
        dhr_arena_clear(&arena);
    }
}

Test(table, words_are_whole_where_they_fit)
{
    static const struct dhr_column columns[] = {{"id", "Recommendation", DHR_CELL_TEXT, 0},
                                                {"due", "Target date", DHR_CELL_TEXT, 0},
                                                {"status", "Status", DHR_CELL_STATE, 0},
                                                {"text", "Text", DHR_CELL_TEXT, DHR_COLUMN_WRAP}};
    static const char *const whole[] = {"durham-2012/10.2.1", "2026-11-24", "partly-implemented",
                                        "prose"};
    struct dhr_table *table = dhr_table_new("words", columns, 4);
    dhr_table_row(table);
    for (size_t i = 0; i < 3; i++)
        dhr_table_text(table, i, s(whole[i]));
    dhr_table_text(table, 3, s("some prose that goes on and on and needs more than one line"));
    for (size_t width = 74; width <= 200; width++) {
        const char *out = text(table, width);
        for (size_t i = 0; i < 4; i++)
            cr_assert(strstr(out, whole[i]), "at %zu, %s is broken:\n%s", width, whole[i], out);
    }
    dhr_table_free(table);
}

static void count_field(void *field, size_t len, void *out)
{
    dhr_buf_add(out, field, len);
    dhr_buf_addc(out, '\x1F');
}

static void count_record(int c, void *out)
{
    (void)c;
    dhr_buf_addc(out, '\x1E');
}

/* The cells as the JSON reader gives them, in the shape that count_field makes of CSV. */
static void add_json_cell(struct dhr_buf *out, const json_t *value)
{
    size_t i = 0;
    const json_t *item = NULL;
    if (json_is_integer(value))
        dhr_buf_addf(out, "%lld", (long long)json_integer_value(value));
    else if (json_is_string(value))
        dhr_buf_add(out, json_string_value(value), json_string_length(value));
    json_array_foreach(value, i, item)
        dhr_buf_addf(out, "%s%s", i ? "\n" : "", json_string_value(item));
    dhr_buf_addc(out, '\x1F');
}

static struct dhr_str read_csv(const struct dhr_table *table)
{
    struct csv_parser parser;
    struct dhr_buf out = {0};
    struct dhr_str bytes = written(table, DHR_FORMAT_CSV, (struct dhr_style){0});
    cr_assert_eq(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0, "no parser");
    cr_assert_eq(csv_parse(&parser, bytes.ptr, bytes.len, count_field, count_record, &out),
                 bytes.len, "%s", csv_strerror(csv_error(&parser)));
    cr_assert_eq(csv_fini(&parser, count_field, count_record, &out), 0, "an open quote");
    csv_free(&parser);
    const char *copy = dhr_arena_dup(&arena, dhr_buf_cstr(&out), out.len);
    size_t len = out.len;
    dhr_buf_release(&out);
    return dhr_str_span(copy, len);
}

static struct dhr_str read_json(const struct dhr_table *table, const struct dhr_column *columns,
                                size_t count)
{
    struct dhr_buf out = {0};
    json_error_t error;
    struct dhr_str bytes = written(table, DHR_FORMAT_JSON, (struct dhr_style){0});
    json_t *root = json_loadb(bytes.ptr, bytes.len, JSON_REJECT_DUPLICATES, &error);
    cr_assert(root != NULL, "%d:%d: %s", error.line, error.column, error.text);
    cr_assert_str_eq(json_string_value(json_object_get(root, "format")), "dhrledger.random");
    for (size_t i = 0; i < count; i++) {
        if (columns[i].type != DHR_CELL_BAR)
            dhr_buf_addf(&out, "%s\x1F", columns[i].heading);
    }
    dhr_buf_addc(&out, '\x1E');
    size_t r = 0;
    const json_t *row = NULL;
    json_array_foreach(json_object_get(root, "rows"), r, row)
    {
        for (size_t i = 0; i < count; i++) {
            if (columns[i].type != DHR_CELL_BAR)
                add_json_cell(&out, json_object_get(row, columns[i].name));
        }
        dhr_buf_addc(&out, '\x1E');
    }
    json_decref(root);
    const char *copy = dhr_arena_dup(&arena, dhr_buf_cstr(&out), out.len);
    size_t len = out.len;
    dhr_buf_release(&out);
    return dhr_str_span(copy, len);
}

Test(table, csv_and_json_say_the_same)
{
    unsigned long state = 3;
    for (int round = 0; round < 1000; round++) {
        struct dhr_column columns[MOST_COLUMNS];
        size_t count = 0;
        struct dhr_table *table = random_table(&state, columns, &count);
        bool bars = true;
        for (size_t i = 0; i < count; i++)
            bars = bars && columns[i].type == DHR_CELL_BAR;
        struct dhr_str from_csv = read_csv(table);
        struct dhr_str from_json = read_json(table, columns, count);
        /* JSON has no bytes that aren't text: compare the others. */
        if (!bars && dhr_utf8_valid_len(from_csv) == from_csv.len)
            cr_assert(dhr_str_eq(from_csv, from_json), "%s\n%s", csv(table), json(table));
        dhr_table_free(table);
        dhr_arena_clear(&arena);
    }
}

static void refused(FILE *file, int wanted, const char *sentence)
{
    static const enum dhr_format formats[] = {DHR_FORMAT_TEXT, DHR_FORMAT_CSV, DHR_FORMAT_JSON};
    struct dhr_table *table = overdue();
    for (int big = 0; big < 2; big++) {
        for (size_t i = 0; i < 3; i++) {
            struct dhr_style style = {0};
            struct dhr_err err = {0};
            clearerr(file);
            errno = 0;
            int rc = dhr_table_write(table, formats[i], &style, file, &err);
            cr_assert_eq(errno, wanted, "errno %d, format %zu", errno, i);
            cr_assert_eq(rc, -1, "it was written, format %zu", i);
            cr_assert_eq(err.status, DHR_SYSTEM, "status %d", (int)err.status);
            cr_assert_str_eq(err.text, sentence);
        }
        /* The second time with more than a buffer holds. */
        for (int row = 0; row < 2000; row++) {
            dhr_table_row(table);
            dhr_table_text(table, AGENCY, s("Durham Constabulary"));
        }
    }
    dhr_table_free(table);
}

Test(table, a_full_disk)
{
    FILE *file = fopen("/dev/full", "w");
    if (!file)
        cr_skip("there is no /dev/full");
    refused(file, ENOSPC, "the report can't be written: No space left on device");
    (void)fclose(file);
}

Test(table, a_reader_that_went_away)
{
    int ends[2];
    (void)signal(SIGPIPE, SIG_IGN);
    cr_assert_eq(pipe(ends), 0, "%s", strerror(errno));
    (void)close(ends[0]);
    FILE *file = fdopen(ends[1], "w");
    refused(file, EPIPE, "the report can't be written: Broken pipe");
    (void)fclose(file);
}
