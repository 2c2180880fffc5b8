#include "dhrledger/page.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "support.h"

static struct support t;
static struct dhr_page page;

static void begin(void)
{
    support_begin(&t);
}

static void end(void)
{
    support_end(&t);
}

TestSuite(page, .init = begin, .fini = end);

static void parse(const char *text)
{
    dhr_page_parse(&page, dhr_str_of(text), &t.arena);
}

/* A span as a string, so that a failed comparison shows both. */
static const char *c(struct dhr_str text)
{
    return dhr_str_dup(&t.arena, text);
}

/* "number/text/first addressee/second; …" */
static const char *rows(void)
{
    const char *all = "";
    for (size_t i = 0; i < page.row_count; i++) {
        const struct dhr_page_row *row = &page.rows[i];
        all = support_text(&t, "%s%s%.*s/%.*s", all, i ? "; " : "", DHR_ARG(row->number),
                           DHR_ARG(row->text));
        for (size_t a = 0; a < row->addressee_count; a++)
            all = support_text(&t, "%s/%.*s", all, DHR_ARG(row->addressees[a]));
    }
    return all;
}

/* "line why: text" for each, a line each */
static const char *lines(const struct dhr_page_line *list, size_t count)
{
    const char *all = "";
    for (size_t i = 0; i < count; i++)
        all = support_text(&t, "%s%s%u %s: %.*s", all, i ? "\n" : "", list[i].line, list[i].why,
                           DHR_ARG(list[i].text));
    return all;
}

static const char *leftover(void)
{
    return lines(page.leftover, page.leftover_count);
}

static const char *unplaced(void)
{
    return lines(page.unplaced, page.unplaced_count);
}

/* The real page. */
static struct dhr_str durham(void)
{
    static char bytes[64 * 1024];
    FILE *file = fopen("tests/fixtures/durham-review.txt", "rb");
    cr_assert(file != NULL, "tests run from the project's folder");
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    cr_assert_eq(len, 10827, "the page has %zu bytes", len);
    return dhr_str_span(bytes, len);
}

static void check_durham(void)
{
    cr_assert_str_eq(c(page.title), "Durham review");
    cr_assert_str_eq(c(page.csp), "Durham");
    cr_assert_str_eq(c(page.published), "2023-04");
    cr_assert_str_eq(c(page.year_of_death), "2012");
    cr_assert_str_eq(c(page.extracted), "46");
    cr_assert_str_eq(c(page.source), "Home Office DHR Library");
    cr_assert_str_eq(c(page.statutory_basis),
                     "section 9 of the Domestic Violence, Crime and Victims Act 2004");
    cr_assert_str_eq(c(page.type), "dhr");
    cr_assert(dhr_str_starts(page.summary, "The report identifies systemic failures"), "%s",
              c(page.summary));
    cr_assert(dhr_str_ends(page.summary, "parental alcohol misuse."), "%s", c(page.summary));
    cr_assert_str_eq(leftover(), "");
    cr_assert_str_eq(unplaced(), "");
    cr_assert_eq(page.row_count, 46, "%zu rows", page.row_count);
}

Test(page, the_real_page_is_understood_to_the_last_line)
{
    dhr_page_parse(&page, durham(), &t.arena);
    check_durham();
    cr_assert_str_eq(c(page.rows[0].number), "1");
    cr_assert_str_eq(c(page.rows[5].number), "10.2.1");
    cr_assert_eq(page.rows[5].line, 21, "line %u", page.rows[5].line);
    cr_assert_str_eq(c(page.rows[5].text),
                     "To undertake a full review of all firearms’ certificate holders to ascertain "
                     "if any are perpetrators of domestic abuse or have been previously identified "
                     "as such. This action is currently underway.");
    cr_assert_str_eq(c(page.rows[45].number), "9");
    cr_assert_str_eq(c(page.rows[45].addressees[0]), "Domestic Abuse Forum Executive Group");
    size_t constabulary = 0;
    for (size_t i = 0; i < page.row_count; i++) {
        cr_assert_eq(page.rows[i].addressee_count, 1, "row %zu", i);
        constabulary += dhr_str_is(page.rows[i].addressees[0], "Durham Constabulary");
    }
    cr_assert_eq(constabulary, 21, "%zu to Durham Constabulary", constabulary);
}

Test(page, line_ends_and_a_byte_order_mark_make_no_difference)
{
    struct dhr_str bytes = durham();
    struct dhr_buf other = {0};
    dhr_buf_adds(&other, "\xEF\xBB\xBF");
    for (size_t i = 0; i < bytes.len; i++) {
        if (bytes.ptr[i] == '\n')
            dhr_buf_addc(&other, '\r');
        dhr_buf_addc(&other, bytes.ptr[i]);
    }
    dhr_page_parse(&page, dhr_buf_str(&other), &t.arena);
    check_durham();
    for (size_t i = 0; i < page.row_count; i++)
        cr_assert(!memchr(page.rows[i].text.ptr, '\r', page.rows[i].text.len), "row %zu", i);
    dhr_buf_release(&other);
}

/* Take any line away, and everything that the others say is still there. */
Test(page, no_line_hangs_on_another)
{
    struct dhr_str bytes = durham();
    size_t total = 0;
    for (size_t i = 0; i < bytes.len; i++)
        total += bytes.ptr[i] == '\n';
    for (size_t gone = 15; gone < total; gone++) {
        struct dhr_str rest = bytes;
        struct dhr_str line;
        struct dhr_buf other = {0};
        for (size_t number = 0; dhr_str_line(&rest, &line); number++) {
            if (number != gone)
                dhr_buf_addf(&other, "%.*s\n", DHR_ARG(line));
        }
        dhr_page_parse(&page, dhr_buf_str(&other), &t.arena);
        cr_assert_eq(page.row_count, 45, "without line %zu: %zu rows", gone + 1, page.row_count);
        cr_assert_str_eq(leftover(), "");
        dhr_buf_release(&other);
    }
}

Test(page, nothing_in_nothing)
{
    static const char *const empty[] = {"", "\n", "\r\n\r\n", "\xEF\xBB\xBF"};
    for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
        parse(empty[i]);
        cr_assert_eq(page.row_count + page.unplaced_count + page.leftover_count, 0, "something");
        cr_assert_eq(page.title.len + page.summary.len + page.csp.len, 0, "something");
    }
    dhr_page_parse(&page, dhr_str_span(NULL, 0), &t.arena);
    cr_assert_eq(page.row_count, 0, "something");
}

Test(page, dates)
{
    static const struct {
        const char *text, *published;
    } cases[] = {{"April 2023", "2023-04"},
                 {"december 2011", "2011-12"},
                 {"Sep 2020", "2020-09"},
                 {"May  2020", "2020-05"},
                 {"2023", "2023"},
                 {"13 2023", ""},
                 {"Spring 2023", ""},
                 {"April", ""},
                 {"April 23", ""},
                 {"April 20234", ""},
                 {"unknown", ""},
                 {"April 0000", ""},
                 {"0001", ""},
                 {"12 April 2023", ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *line = support_text(&t, "Published: %s", cases[i].text);
        parse(line);
        cr_assert_str_eq(c(page.published), cases[i].published);
        cr_assert_str_eq(leftover(), *cases[i].published
                                         ? ""
                                         : support_text(&t, "1 date not understood: %s", line));
    }
}

Test(page, facts_that_are_not_as_expected_are_left_over)
{
    parse("Year of death: unknown\nExtracted: many\nExtracted: 46 recs and more\n"
          "Year of death: 2012-13\nYear of death: 0012\n");
    cr_assert_str_eq(leftover(), "1 not a year: Year of death: unknown\n"
                                 "2 not a count: Extracted: many\n"
                                 "3 not a count: Extracted: 46 recs and more\n"
                                 "4 not a year: Year of death: 2012-13\n"
                                 "5 not a year: Year of death: 0012");
    cr_assert_eq(page.year_of_death.len + page.extracted.len, 0, "something was taken");
    static const char *const counts[] = {"1 rec", "16 recs", "7", "9 recommendations"};
    for (size_t i = 0; i < sizeof(counts) / sizeof(counts[0]); i++) {
        parse(support_text(&t, "Extracted: %s", counts[i]));
        cr_assert_str_eq(leftover(), "");
        cr_assert_eq(page.extracted.len, strspn(counts[i], "0123456789"), "%s", counts[i]);
    }
}

Test(page, a_fact_given_twice_keeps_the_first_and_shows_the_second)
{
    parse("CSP: Durham\nCSP: Durham\nCSP: Darlington\nSource: A\nSource: B\n"
          "Year of death: 2012\nYear of death: 2013\n");
    cr_assert_str_eq(c(page.csp), "Durham");
    cr_assert_str_eq(c(page.source), "A");
    cr_assert_str_eq(c(page.year_of_death), "2012");
    cr_assert_str_eq(leftover(), "3 says otherwise than a line above: CSP: Darlington\n"
                                 "5 says otherwise than a line above: Source: B\n"
                                 "7 says otherwise than a line above: Year of death: 2013");
}

Test(page, an_empty_fact_is_not_given)
{
    parse("CSP:\nPublished: \nYear of death:\nExtracted:\nSource:\n");
    cr_assert_eq(page.csp.len + page.published.len + page.source.len, 0, "something was taken");
    cr_assert_str_eq(leftover(), "");
}

Test(page, facts_on_one_line)
{
    parse("Hull review\n"
          "CSP: Kingston upon Hull Published: March 2019 Year of death: 2016 Extracted: 12 recs\n");
    cr_assert_str_eq(c(page.title), "Hull review");
    cr_assert_str_eq(c(page.csp), "Kingston upon Hull");
    cr_assert_str_eq(c(page.published), "2019-03");
    cr_assert_str_eq(c(page.year_of_death), "2016");
    cr_assert_str_eq(c(page.extracted), "12");
    cr_assert_str_eq(leftover(), "");
}

/* "line gap text" for each flat line */
static const char *flat(void)
{
    const char *all = "";
    for (size_t i = 0; i < page.flat_count; i++)
        all = support_text(&t, "%s%s%u %d %.*s", all, i ? "\n" : "", page.flat[i].line,
                           (int)page.flat[i].gap, DHR_ARG(page.flat[i].text));
    return all;
}

/* Where the text ends and the addressee begins is for page_split.h to say. */
Test(page, lines_without_column_marks_stay_whole)
{
    parse("CSP: Durham Published: April 2023\n"
          "Summary\nA paragraph.\n"
          "46 recommendations pulled from the report\n"
          "# Recommendation Addressed to\n"
          "1 The board develops a protocol. Safe Durham Partnership Board\n"
          "4a The unit defines the process. Central Referral Unit | Police\n"
          "| 4b | The unit considers it. | Central Referral Unit |\n"
          "\n"
          "5 The board reads the\n"
          "Summary\n"
          "| Central Referral Unit\n"
          "Source: Home Office DHR Library\n"
          "6 Behind the source. Police\n"
          "Recommendations extracted from the published report. View full report ↗\n"
          "View full report (PDF) ↗\n");
    cr_assert_str_eq(c(page.summary), "A paragraph.");
    cr_assert_str_eq(c(page.extracted), "46");
    cr_assert_str_eq(c(page.source), "Home Office DHR Library");
    cr_assert_str_eq(rows(), "4b/The unit considers it./Central Referral Unit");
    cr_assert_str_eq(flat(), "6 1 1 The board develops a protocol. Safe Durham Partnership Board\n"
                             "7 0 4a The unit defines the process. Central Referral Unit | Police\n"
                             "10 1 5 The board reads the\n"
                             "11 0 Summary\n"
                             "12 0 | Central Referral Unit\n"
                             "14 2 6 Behind the source. Police");
    cr_assert_str_eq(unplaced(), "");
    cr_assert_str_eq(leftover(), "");
}

Test(page, rows_that_lost_their_first_mark_are_not_passed_over)
{
    parse("| 1 | Ask. | Board |\n2 | Ask again. | Board |\n3 Ask once more. Board\nShare\n");
    cr_assert_str_eq(rows(), "1/Ask./Board");
    cr_assert_str_eq(unplaced(), "2 no | before it: 2 | Ask again. | Board |\n"
                                 "3 no | before it: 3 Ask once more. Board");
    cr_assert_str_eq(leftover(), "4 not understood: Share");
}

Test(page, no_break_spaces_around_a_cell_or_in_a_label_are_spaces)
{
    parse("CSP:\u00A0Kent Published:\u00A0May 2020\u00A0Year\u00A0of death: 2018\n"
          "|\u00A01\u00A0| Within\u00A028 days. |\u00A0Kent\u00A0Police\u00A0|\n");
    cr_assert_str_eq(c(page.csp), "Kent");
    cr_assert_str_eq(c(page.published), "2020-05");
    cr_assert_str_eq(c(page.year_of_death), "2018");
    cr_assert_str_eq(rows(), "1/Within\u00A028 days./Kent\u00A0Police");
    cr_assert_str_eq(leftover(), "");
}

Test(page, a_second_page_is_seen)
{
    parse("CSP: Kent\n| 1 | Ask. | Board |\nCSP: Kent\n");
    cr_assert_eq(page.second_line, 3, "line %u", page.second_line);
    parse("CSP: Kent\nCSP: Medway\n| 1 | Ask. | Board |\n");
    cr_assert_eq(page.second_line, 0, "line %u", page.second_line);
    cr_assert_str_eq(leftover(), "2 says otherwise than a line above: CSP: Medway");
    parse("CSP: Kent\nSummary\nA paragraph.\nMedway review\nCSP: Medway\n");
    cr_assert_eq(page.second_line, 5, "line %u", page.second_line);
}

Test(page, counts_that_differ)
{
    parse("Extracted: 3 recs\n3 recommendations pulled from the report\n");
    cr_assert_not(page.extracted_twice, "they are the same");
    parse("Extracted: 3 recs\n4 recommendations pulled from the report\n");
    cr_assert(page.extracted_twice, "they differ");
    cr_assert_str_eq(c(page.extracted), "3");
}

Test(page, type)
{
    static const struct {
        const char *text, *type, *leftover;
    } cases[] = {
        {"Source · Domestic Homicide Review", "dhr", ""},
        {"Source · Domestic Abuse Related Death Review", "dardr", ""},
        {"Source · Safeguarding Adult Review", "",
         "1 not understood: Source · Safeguarding Adult Review"},
        {"About this page. This page summarises a Domestic Homicide Review published.", "dhr", ""},
        {"About this page. This page summarises a Domestic Abuse Related Death Review.", "dardr",
         ""},
        {"Statutory domestic homicide review under section 9 of the Act.", "dhr", ""},
        {"Statutory domestic abuse related death review under section 9 of the Act.", "dardr", ""},
        {"| 1 | Commission a Domestic Homicide Review | Board |", "", ""}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        parse(cases[i].text);
        cr_assert_str_eq(c(page.type), cases[i].type);
        cr_assert_str_eq(leftover(), cases[i].leftover);
        cr_assert_eq(page.title.len, 0, "a title: %s", c(page.title));
    }
}

Test(page, statutory_basis)
{
    parse("Statutory domestic homicide review under section 9 of the Act 2004. Source: A Library.");
    cr_assert_str_eq(c(page.statutory_basis), "section 9 of the Act 2004");
    cr_assert_str_eq(c(page.source), "A Library");
    parse("Statutory review under section 19 of the Act 2024.\nSource: Another");
    cr_assert_str_eq(c(page.statutory_basis), "section 19 of the Act 2024");
    cr_assert_str_eq(c(page.source), "Another");
    parse("CSP: X\nStatutory duties apply.");
    cr_assert_eq(page.statutory_basis.len, 0, "%s", c(page.statutory_basis));
    cr_assert_str_eq(leftover(), "2 not understood: Statutory duties apply.");
}

Test(page, the_title_is_the_line_that_says_review)
{
    parse("Skip to main content\nHome\nDurham review\nShare\nCSP: Durham\n");
    cr_assert_str_eq(c(page.title), "Durham review");
    cr_assert_str_eq(leftover(), "1 not understood: Skip to main content\n"
                                 "2 not understood: Home\n"
                                 "4 not understood: Share");
    parse("CSP: Durham\nHome\n");
    cr_assert_eq(page.title.len, 0, "%s", c(page.title));
    cr_assert_str_eq(leftover(), "2 not understood: Home");
}

Test(page, paragraphs_of_the_summary_stay_apart)
{
    parse("CSP: X\nSummary\nOne: two.\n\n  Three.  \nSource: not a fact here\n"
          "Extracted recommendations\nSource: Y\n");
    cr_assert_str_eq(c(page.summary), "One: two.\nThree.\nSource: not a fact here");
    cr_assert_str_eq(c(page.source), "Y");
    cr_assert_str_eq(leftover(), "");
}

Test(page, links_carry_a_fact)
{
    parse("View full report\nView full report (PDF)\nView full report (PDF) ↗\nView full report ↗\n"
          "View full report (PDF) ↗ https://example.org/report.pdf\n");
    cr_assert_str_eq(leftover(), "5 not understood: View full report (PDF) ↗ "
                                 "https://example.org/report.pdf");
}

Test(page, rows)
{
    parse("| # | Recommendation | Addressed to |\n"
          "|---|:---:|---|\n"
          "| 2 | Share it. | KMPT | Kent Police |\n"
          "|3(b)|  Tight.|A||  B  |\n"
          "  | 9.1 a | Indented. | C |\n"
          "| | No number. | D |\n"
          "| R1 | Either \\| or. | E \\| F |\n"
          "| 4 | Ends with a backslash \\\\| G |\n"
          "| Recommendations extracted from the published report. View full report ↗ | ||\n");
    cr_assert_str_eq(rows(), "2/Share it./KMPT/Kent Police; 3(b)/Tight./A/B; 9.1 a/Indented./C; "
                             "/No number./D; R1/Either \\| or./E \\| F; "
                             "4/Ends with a backslash \\\\/G");
    cr_assert_str_eq(leftover(), "");
    cr_assert_str_eq(unplaced(), "");
    cr_assert_eq(page.rows[0].line, 3, "line %u", page.rows[0].line);
}

Test(page, rows_that_cannot_be_placed)
{
    parse("| 1 | No addressee. |\n"
          "| 2 | Empty addressee. | |\n"
          "| 3 | | Board |\n"
          "| 4 |\n"
          "| 5 | Broken over two lines | Durham\n"
          "Constabulary |\n"
          "| # | Data after all. | Board |\n"
          "| Recommendations extracted by hand | Yes. | Board |\n");
    cr_assert_str_eq(unplaced(), "1 no addressee: | 1 | No addressee. |\n"
                                 "2 no addressee: | 2 | Empty addressee. | |\n"
                                 "3 no text: | 3 | | Board |\n"
                                 "4 no text: | 4 |\n"
                                 "5 no | at its end: | 5 | Broken over two lines | Durham\n"
                                 "6 no | before it: Constabulary |");
    cr_assert_str_eq(leftover(), "");
    cr_assert_str_eq(rows(), "#/Data after all./Board; "
                             "Recommendations extracted by hand/Yes./Board");
}

static size_t count_lines(struct dhr_str text)
{
    struct dhr_str line;
    size_t count = 0;
    while (dhr_str_line(&text, &line))
        count++;
    return count;
}

/* Damage the page anywhere: nothing crashes, and every place named is in the page. */
Test(page, damaged_pages)
{
    struct dhr_str bytes = durham();
    unsigned long state = 1;
    for (int round = 0; round < 2000; round++) {
        char *copy = dhr_str_dup(&t.arena, bytes);
        for (int change = 0; change < 20; change++) {
            state = state * 6364136223846793005UL + 1442695040888963407UL;
            copy[(state >> 33) % bytes.len] = "|\\\n#: -\r"[(state >> 30) % 8];
        }
        struct dhr_str text = dhr_str_span(copy, bytes.len - (state >> 33) % 2000);
        size_t count = count_lines(text);
        dhr_page_parse(&page, text, &t.arena);
        for (size_t i = 0; i < page.row_count; i++) {
            cr_assert(page.rows[i].line >= 1 && page.rows[i].line <= count, "row %zu", i);
            cr_assert(page.rows[i].text.len && page.rows[i].addressee_count, "row %zu", i);
        }
        for (size_t i = 0; i < page.leftover_count; i++)
            cr_assert(page.leftover[i].line >= 1 && page.leftover[i].line <= count, "%s",
                      leftover());
    }
}
