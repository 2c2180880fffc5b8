#include "dhrledger/page_split.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

TestSuite(page_split, .init = begin, .fini = end);

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

/* Split a page; names are "A;B". The ledger is empty. */
static void split(struct dhr_str text, const char *names)
{
    struct dhr_str list[64];
    size_t count = 0;
    struct dhr_str rest = dhr_str_of(names);
    struct dhr_ledger ledger = {0};
    while (*names && count < COUNT(list) && dhr_str_split(&rest, ';', &list[count]))
        count++;
    dhr_page_parse(&page, text, &t.arena);
    dhr_page_split(&page, &ledger, list, count, &t.arena);
}

static void split_rows(const char *rows, const char *names)
{
    split(dhr_str_of(support_text(&t, "CSP: X\n# Recommendation Addressed to\n%s", rows)), names);
}

/* "number/text/addressee/addressee", a line each, behind it "line why" of what is unplaced */
static const char *outcome(void)
{
    struct dhr_buf all = {0};
    for (size_t i = 0; i < page.row_count; i++) {
        const struct dhr_page_row *row = &page.rows[i];
        dhr_buf_addf(&all, "%.*s/%.*s", DHR_ARG(row->number), DHR_ARG(row->text));
        for (size_t a = 0; a < row->addressee_count; a++)
            dhr_buf_addf(&all, "/%.*s", DHR_ARG(row->addressees[a]));
        dhr_buf_addc(&all, '\n');
    }
    for (size_t i = 0; i < page.unplaced_count; i++)
        dhr_buf_addf(&all, "%u %s\n", page.unplaced[i].line, page.unplaced[i].why);
    const char *copy = support_text(&t, "%s", dhr_buf_cstr(&all));
    dhr_buf_release(&all);
    return copy;
}

Test(page_split, every_reason_is_given)
{
    static const struct {
        const char *row, *wanted;
    } cases[] = {
        {"1 Ask. Kent Police", "1/Ask./Kent Police\n"},
        {"1 Ask. Essex Police", "3 no known agency at its end\n"},
        {"1 Kent Police", "3 no text before the agency\n"},
        {"1 | Kent Police", "3 no text\n"},
        {"1 Work with Kent Police", "3 no sentence ends before the agency at its end\n"},
        {"1 Lead bodies. Kent Council. Kent Police",
         "3 several agencies at its end, with no | between\n"},
        {"1 Ask. Kent Police 2 Write. Kent Police", "3 several rows may have run together\n"},
        {"1 Ask. Kent Police Write. Kent Police", "3 several rows may have run together\n"},
        {"1 Ask. Kent Police should ask. Kent Police",
         "1/Ask. Kent Police should ask./Kent Police\n"},
        {"1 Ask. Kent Police | write it down", "3 what stands behind a | is no agency's name\n"},
        {"1 Ask. Kent Police | 2 Write. Kent Police",
         "3 what stands behind a | is no agency's name\n"},
        {"24/7 Ask. Kent Police", "3 whether it begins with its number is not certain\n"},
        {"1 Ask. Kent Police\nOfficers write. Kent Police",
         "3 where it begins and ends is not certain\n4 where it begins and ends is not certain\n"},
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        split_rows(cases[i].row, "Kent Police;Kent Council");
        cr_assert_str_eq(outcome(), cases[i].wanted);
    }
}

Test(page_split, rows_of_both_forms_stay_in_order)
{
    split_rows("1 One. Kent Police\n| 2 | Two | Board |\n3 Three. Kent Police\n| 4 | Four | |\n",
               "Kent Police");
    cr_assert_str_eq(outcome(), "1/One./Kent Police\n2/Two/Board\n"
                                "5 what stands behind a | is no agency's name\n");
    cr_assert_eq(page.rows[1].line, 4, "line %u", page.rows[1].line);
}

Test(page_split, a_row_too_long_is_none)
{
    struct dhr_buf row = {0};
    dhr_buf_adds(&row, "1 ");
    for (int i = 0; i < 4000; i++)
        dhr_buf_adds(&row, "word ");
    dhr_buf_adds(&row, "ends. Kent Police");
    split_rows(dhr_buf_cstr(&row), "Kent Police");
    cr_assert_str_eq(outcome(), "3 too long for one row\n");
    dhr_buf_release(&row);
}

Test(page_split, remarks)
{
    split(dhr_str_of("| 1 | Ask. | Kent Police |\n| 2 | Ask. | Kent Police Board |\n"
                     "| 3 | Ask. | Board |\n| 4 | Ask. | Kent Police Essex |\n"),
          "");
    cr_assert_eq(page.remark_count, 1, "%zu", page.remark_count);
    cr_assert_eq(page.remarks[0].line, 2, "line %u", page.remarks[0].line);
    split(dhr_str_of("| 1 | Ask. | Kent Police |\n| 2 | Ask. | Kent Police Board |\n"
                     "| 3 | Ask. | Board |\n"),
          "Kent Police Board");
    cr_assert_eq(page.remark_count, 0, "%zu", page.remark_count);
}

/* The real page with its marks taken out; names gets its addressees. */
static const char *flat_durham(struct dhr_page *whole, struct dhr_buf *names)
{
    static char bytes[64 * 1024];
    FILE *file = fopen("tests/fixtures/durham-review.txt", "rb");
    cr_assert(file != NULL, "tests run from the project's folder");
    size_t len = fread(bytes, 1, sizeof(bytes), file);
    (void)fclose(file);
    dhr_page_parse(whole, dhr_str_span(bytes, len), &t.arena);
    struct dhr_buf text = {0};
    dhr_buf_adds(&text, "CSP: Durham Extracted: 46 recs\n# Recommendation Addressed to\n");
    for (size_t i = 0; i < whole->row_count; i++) {
        const struct dhr_page_row *row = &whole->rows[i];
        dhr_buf_addf(&text, "%.*s %.*s %.*s\n", DHR_ARG(row->number), DHR_ARG(row->text),
                     DHR_ARG(row->addressees[0]));
        dhr_buf_addf(names, "%s%.*s", names->len ? ";" : "", DHR_ARG(row->addressees[0]));
    }
    const char *copy = support_text(&t, "%s", dhr_buf_cstr(&text));
    dhr_buf_release(&text);
    return copy;
}

/* Each row is one of the page's; those that end without a full stop can't be among them. */
static size_t count_right(const struct dhr_page *whole)
{
    for (size_t i = 0; i < page.row_count; i++) {
        const struct dhr_page_row *row = &page.rows[i];
        const struct dhr_page_row *other = &whole->rows[row->line - 3];
        cr_assert(dhr_str_eq(row->number, other->number), "line %u", row->line);
        cr_assert(dhr_str_eq(row->text, other->text), "line %u", row->line);
        cr_assert_eq(row->addressee_count, 1, "line %u", row->line);
        cr_assert(dhr_str_eq(row->addressees[0], other->addressees[0]), "line %u", row->line);
        cr_assert(dhr_str_ends(row->text, "."), "line %u", row->line);
    }
    cr_assert_eq(page.row_count + page.unplaced_count, whole->row_count, "a row got lost");
    return page.row_count;
}

/* Nine of its 46 texts end without a full stop; three agencies more than that need the ledger. */
Test(page_split, the_real_page_flattened)
{
    struct dhr_page whole;
    struct dhr_buf names = {0};
    const char *text = flat_durham(&whole, &names);
    struct dhr_str list[64];
    size_t count = 0;
    struct dhr_ledger ledger = {0};
    for (size_t i = 0; i < whole.row_count; i++)
        list[count++] = whole.rows[i].addressees[0];
    dhr_page_parse(&page, dhr_str_of(text), &t.arena);
    dhr_page_split(&page, &ledger, list, count, &t.arena);
    cr_assert_eq(count_right(&whole), 37, "%zu", page.row_count);
    dhr_page_parse(&page, dhr_str_of(text), &t.arena);
    dhr_page_split(&page, &ledger, NULL, 0, &t.arena);
    cr_assert_eq(count_right(&whole), 33, "%zu", page.row_count);
    dhr_buf_release(&names);
}

/* A page of 16 MiB is done with in seconds, whatever it holds. */
Test(page_split, hostile_pages)
{
    static const char *const lines[] = {
        "1 A. Kent Police ",   "Kent. Kent. ",           "1 A.\n", "Kent Police\n",
        "9.1 a Kent Police\n", "| Kent Police | Kent. ", "a\n",    "1 Ask. Kent Police\n"};
    for (size_t i = 0; i < COUNT(lines); i++) {
        struct dhr_buf text = {0};
        size_t count = strchr(lines[i], '\n') ? 10000 : 1000000;
        for (size_t n = 0; n < count; n++)
            dhr_buf_adds(&text, lines[i]);
        clock_t start = clock();
        split_rows(dhr_buf_cstr(&text), "Kent Police;Kent;Police;Kent Police Board");
        double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        cr_assert_lt(seconds, 20.0, "%s took %f s", lines[i], seconds);
        dhr_buf_release(&text);
    }
}

/*
 * Random pages (PAGES says how many), with a true count or none, and with what tempts to a wrong
 * split: the rows that come out of the flattened page are rows of the page, and no word is lost.
 */
static unsigned long long seed;

static size_t pick(size_t count)
{
    seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
    return (size_t)(seed >> 33) % count;
}

static const char names_known[] =
    "Northmarsh Police;Police;Safe Northmarsh Partnership;Safe Northmarsh Partnership Board;"
    "Partnership;Steering Group;KMPT;St. Helena Council;Helena Council;Harbour House;All Agencies";

/* How much of the page tempts: one in so many words, rows and numbers. */
static size_t calm;

static const char *any_name(void)
{
    static const char *const names[] = {
        "Northmarsh Police", "Police", "Safe Northmarsh Partnership",
        "Safe Northmarsh Partnership Board", "Partnership", "Steering Group", "KMPT",
        "St. Helena Council", "Helena Council", "Harbour House", "All Agencies",
        /* unknown */
        "Greater Northmarsh Police", "Conference (MARAC) Steering Group", "Wexcombe Trust",
        "Northmarsh Police Authority", "Northmarsh partnership Board", "Forum Executive group"};
    return names[pick(pick(calm) ? 11 : COUNT(names))];
}

static const char *any_word(void)
{
    static const char *const words[] = {
        "ask",      "every",  "victim",   "the",       "of",        "with",   "police", "within",
        "10",       "3",      "Level",    "Children",  "e.g.",      "i.e.",   "etc.",   "No.",
        "(MASH)",   "St.",    "level",    "Training",  "Quick",     "A",      "a",      "1.",
        "“safe”",   "–",      "•",        "recorded;", "agreed:",   "staff,", "2013",   "12",
        "to.12",    "well.¹", "done.[2]", "“Done.”",   "(in full)", "it",     "down",   "share",
        "services", "24",     "Summary",  "Hour",      "4a",        "10.2.1", "R1",     "b"};
    return words[pick(pick(calm) ? 7 : COUNT(words))];
}

struct truth {
    char rows[64]
             [4096]; /* number/text/addressee… as the flattened page has it, words by one space */
    char flat[64][4096];
    bool placed[64]; /* it can be a row: it has an addressee */
    size_t count;
};

static struct truth truth;

static void add_text(struct dhr_buf *text)
{
    static const char *const starts[] = {"The", "To", "Ask", "A", "Staff", "ensure", "24 Hour"};
    static const char *const ends[] = {".", ".", ".", ".", ".", "?", "", "", ".”", ".)", ";", ")"};
    dhr_buf_adds(text, starts[pick(pick(8) ? 5 : COUNT(starts))]);
    size_t sentences = 1 + pick(3);
    for (size_t s = 0; s < sentences; s++) {
        size_t words = 1 + pick(9);
        for (size_t w = 0; w < words; w++)
            dhr_buf_addf(text, " %s", pick(12) ? any_word() : any_name());
        bool last = s + 1 == sentences;
        /* What ends a sentence is never nothing but a name: that can't be told from an addressee.
         */
        dhr_buf_addf(text, " %s%s",
                     pick(4)   ? "care"
                     : pick(3) ? "Care"
                               : "it",
                     last ? ends[pick(pick(calm) ? 6 : COUNT(ends))] : ".");
        if (!last && pick(3) == 0)
            dhr_buf_addf(text, " %s %s", any_name(), pick(2) ? "should" : "Officers");
    }
    if (pick(12) == 0)
        dhr_buf_addf(text, " by %s", any_name());
}

static const char *number_at(size_t scheme, size_t index, bool natural)
{
    static const char *const text_order[] = {"1", "10", "10.1.1", "10.1.10", "10.1.2", "11",
                                             "2", "3",  "4a",     "4b",      "5",      "6",
                                             "7", "8",  "9",      "9.1"};
    switch (scheme) {
    case 0:
        return natural ? support_text(&t, "%zu", index + 1) : text_order[index];
    case 1:
        return support_text(&t, "R%zu", index + 1);
    case 2:
        return support_text(&t, "%zu.%zu", 1 + index / 4, 1 + index % 4);
    case 3:
        return support_text(&t, "9.1 %c", (char)('a' + index % 8));
    default:
        return "";
    }
}

static void make_row(size_t scheme, bool natural)
{
    struct dhr_buf row = {0};
    struct dhr_buf flat = {0};
    size_t index = truth.count;
    const char *number = pick(4 * calm) ? number_at(scheme, index, natural) : "";
    struct dhr_buf text = {0};
    add_text(&text);
    dhr_buf_addf(&row, "%s/%s", number, dhr_buf_cstr(&text));
    dhr_buf_addf(&flat, "%s%s%s", number, *number ? " " : "", dhr_buf_cstr(&text));
    size_t addressees = pick(4 * calm) ? 1 + (pick(5) == 0) + (pick(10) == 0) : 0;
    for (size_t i = 0; i < addressees; i++) {
        const char *name = any_name();
        dhr_buf_addf(&row, "/%s", name);
        dhr_buf_addf(&flat, "%s%s", i ? " | " : " ", name);
    }
    (void)snprintf(truth.rows[index], sizeof(truth.rows[index]), "%s\n", dhr_buf_cstr(&row));
    (void)snprintf(truth.flat[index], sizeof(truth.flat[index]), "%s", dhr_buf_cstr(&flat));
    truth.placed[index] = addressees > 0;
    truth.count++;
    dhr_buf_release(&row);
    dhr_buf_release(&flat);
    dhr_buf_release(&text);
}

static void add_wrapped(struct dhr_buf *out, struct dhr_str text, size_t columns)
{
    struct dhr_str word;
    size_t used = 0;
    while (dhr_str_split(&text, ' ', &word)) {
        if (used && used + 1 + word.len > columns) {
            dhr_buf_addc(out, '\n');
            used = 0;
        }
        dhr_buf_addf(out, "%s%.*s", used ? " " : "", DHR_ARG(word));
        used += word.len + 1;
    }
    dhr_buf_addc(out, '\n');
}

static const char *make_page(void)
{
    struct dhr_buf out = {0};
    size_t scheme = pick(6);
    bool natural = pick(2);
    size_t rows = 1 + pick(14);
    size_t columns = pick(3) ? 100000 : 20 + pick(80);
    size_t count_kind = pick(4);
    calm = 1 + pick(20);
    truth.count = 0;
    for (size_t i = 0; i < rows; i++)
        make_row(scheme > 3 && pick(2) ? 0 : scheme, natural);
    dhr_buf_adds(&out, "CSP: X\n");
    if (count_kind)
        dhr_buf_addf(&out, "Extracted: %zu recs\n", rows);
    dhr_buf_adds(&out, "# Recommendation Addressed to\n");
    for (size_t i = 0; i < rows; i++)
        add_wrapped(&out, dhr_str_of(truth.flat[i]), columns);
    const char *copy = support_text(&t, "%s", dhr_buf_cstr(&out));
    dhr_buf_release(&out);
    return copy;
}

static size_t count_bytes(struct dhr_str text)
{
    size_t count = 0;
    for (size_t i = 0; i < text.len; i++)
        count += !strchr(" \n|", text.ptr[i]);
    return count;
}

/* The bytes of all that came out, white space and marks aside. */
static size_t bytes_out(void)
{
    size_t count = 0;
    for (size_t i = 0; i < page.row_count; i++) {
        const struct dhr_page_row *row = &page.rows[i];
        count += count_bytes(row->number) + count_bytes(row->text);
        for (size_t a = 0; a < row->addressee_count; a++)
            count += count_bytes(row->addressees[a]);
    }
    for (size_t i = 0; i < page.unplaced_count; i++)
        count += count_bytes(page.unplaced[i].text);
    return count;
}

static void check_page(const char *text, size_t *placed)
{
    size_t next = 0;
    split(dhr_str_of(text), names_known);
    size_t unplaced_count = page.unplaced_count;
    page.unplaced_count = 0;
    struct dhr_str rest = dhr_str_of(outcome());
    struct dhr_str row;
    page.unplaced_count = unplaced_count;
    while (dhr_str_line(&rest, &row)) {
        const char *wanted = support_text(&t, "%.*s\n", DHR_ARG(row));
        while (next < truth.count && strcmp(truth.rows[next], wanted) != 0)
            next++;
        cr_assert(next < truth.count && truth.placed[next], "not in the page: %s\n%s", wanted,
                  text);
        next++;
        (*placed)++;
    }
    size_t bytes = 0;
    for (size_t i = 0; i < truth.count; i++)
        bytes += count_bytes(dhr_str_of(truth.flat[i]));
    for (size_t i = 0; i < page.leftover_count; i++)
        cr_assert_fail("left over: %.*s", DHR_ARG(page.leftover[i].text));
    cr_assert_eq(bytes_out(), bytes, "words were lost or made up:\n%s", text);
}

Test(page_split, never_another_row)
{
    const char *asked = getenv("PAGES");
    size_t pages = asked ? (size_t)atol(asked) : 2000;
    size_t rows = 0;
    size_t placed = 0;
    for (size_t i = 0; i < pages; i++) {
        seed = i * 7919 + 1;
        check_page(make_page(), &placed);
        rows += truth.count;
        dhr_arena_clear(&t.arena);
    }
    cr_assert_gt(placed * 10, rows, "only %zu of %zu rows", placed, rows);
}
