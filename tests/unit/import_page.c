/*
 * Whether a page is one that the ledger has: each rule of page_import.h, on a review that
 * is written as an import writes it. And what a failing write leaves.
 */
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <criterion/criterion.h>

#include "dhrledger/page_import.h"
#include "support.h"

static struct support t;
static struct dhr_source *source;
static struct dhr_ledger ledger;
static struct dhr_import import;
static struct dhr_import_result result;
static struct dhr_err err;

static void begin(void)
{
    support_begin(&t);
}

static void end(void)
{
    dhr_import_result_release(&result);
    dhr_import_release(&import);
    dhr_ledger_release(&ledger);
    dhr_source_free(source);
    support_end(&t);
}

TestSuite(import_page, .init = begin, .fini = end);

static void record(const char *name, const char *number, const char *text, const char *more)
{
    support_write(&t, support_text(&t, "reviews/northmarsh-2020/%s.ini", name),
                  support_text(&t,
                               "[recommendation]\nnumber = %s\naddressed-to = Police\n"
                               "addressed-to = Council\ntext = %s\n%s",
                               number, text, more));
}

/* Four recommendations. */
static void review(const char *facts)
{
    support_write(&t, "reviews/northmarsh-2020/review.ini",
                  support_text(&t, "[review]\ntitle = N\nsource = S\ncsp = Northmarsh\n%s", facts));
    record("1", "1", "Ask.", "");
    record("2", "2", "Ask again.", "");
    record("3", "3", "Write it down.", "");
    record("R4", "R4.", "Read it.", "");
}

static void facts_2020(void)
{
    review("year-of-death = 2020\npublished = 2023-04\nrecommendations = 4\n");
}

static void load(void)
{
    cr_assert_eq(dhr_source_open_folder(&source, t.dir, &err), 0, "%s", err.text);
    cr_assert_eq(dhr_ledger_load(&ledger, source, &err), 0, "%s", err.text);
    dhr_import_begin(&import, &ledger, &t.arena);
}

static const char same_head[] =
    "CSP: Northmarsh\nYear of death: 2020\nPublished: April 2023\nExtracted: 4 recs\n";
static const char same_rows[] = "| 1 | Ask. | Police | Council |\n"
                                "| 2 | Ask again. | Police | Council |\n"
                                "| 3 | Write it down. | Police | Council |\n"
                                "| R4. | Read it. | Police | Council |\n";

static int plan(const char *head, const char *rows, const char *as)
{
    struct dhr_page page;
    dhr_import_result_release(&result);
    dhr_page_parse(&page, dhr_str_of(support_text(&t, "%s%s", head, rows)), &t.arena);
    return dhr_import_page(&import, &page, as, &result, &err);
}

/* "same northmarsh-2020", "new …", "changed … N" */
static const char *outcome(const char *head, const char *rows)
{
    static const char *const names[] = {"new", "same", "changed"};
    cr_assert_eq(plan(head, rows, NULL), 0, "%s", err.text);
    const char *count = result.change_count ? support_text(&t, " %zu", result.change_count) : "";
    return support_text(&t, "%s %.*s%s", names[result.outcome], DHR_ARG(result.review), count);
}

static void expect(const char *head, const char *rows, const char *wanted)
{
    cr_assert_str_eq(outcome(head, rows), wanted);
}

Test(import_page, the_same)
{
    facts_2020();
    load();
    expect(same_head, same_rows, "same northmarsh-2020");
    expect("CSP: NORTHMARSH\nYear of death: 2020\nPublished: April 2023\n", same_rows,
           "same northmarsh-2020");
    cr_assert_eq(import.file_count, 0);
}

/* What one of the two doesn't say, or says more precisely, is no difference. */
Test(import_page, facts_filled_in)
{
    review("csp = Southmarsh\nyear-of-death = 2020\npublished = 2023-04-17\n");
    load();
    expect(same_head, same_rows, "same northmarsh-2020");
    expect("CSP: Southmarsh\n", same_rows, "same northmarsh-2020");
    expect("CSP: Northmarsh\nYear of death: 2020\nPublished: 2023\n", same_rows,
           "same northmarsh-2020");
}

Test(import_page, other_facts)
{
    facts_2020();
    load();
    expect("CSP: Northmarsh\nYear of death: 2020\nPublished: May 2023\n", same_rows,
           "changed northmarsh-2020 1");
    expect("CSP: Northmarsh\nYear of death: 2021\nPublished: April 2023\n", same_rows,
           "new northmarsh-2021");
    expect("CSP: Eastmarsh\nYear of death: 2020\nPublished: April 2023\n", same_rows,
           "new eastmarsh-2020");
}

/* With the same facts half of the texts make it the same page; at another date, nearly all rows. */
Test(import_page, how_many_rows_make_it_the_same)
{
    static const char half[] = "| 1 | Ask. | Police | Council |\n"
                               "| 2 | Ask again. | Police | Council |\n"
                               "| 3 | Sing. | Police | Council |\n"
                               "| R4. | Dance. | Police | Council |\n";
    static const char most[] = "| 1 | Ask. | Police | Council |\n"
                               "| 2 | Ask again. | Police | Council |\n"
                               "| 3 | Write it down. | Police | Council |\n"
                               "| R4. | Dance. | Police | Council |\n";
    static const char one[] = "| 1 | Ask. | Police | Council |\n"
                              "| 2 | Sing. | Police | Council |\n"
                              "| 3 | Dance. | Police | Council |\n";
    static const char later[] = "CSP: Northmarsh\nYear of death: 2020\nPublished: May 2024\n";
    facts_2020();
    load();
    expect(same_head, half, "changed northmarsh-2020 2");
    expect(later, most, "changed northmarsh-2020 2");
    expect(later, half, "new northmarsh-2020-2");
    expect(same_head, one, "new northmarsh-2020-3");
}

Test(import_page, other_addressees_at_another_date_are_another_entry)
{
    facts_2020();
    load();
    expect("CSP: Northmarsh\nYear of death: 2020\nPublished: May 2024\n",
           "| 1 | Ask. | Trust |\n| 2 | Ask again. | Trust |\n| 3 | Write it down. | Trust |\n"
           "| R4. | Read it. | Trust |\n",
           "new northmarsh-2020-2");
    cr_assert_eq(result.note_count, 2); /* and the kind of "Trust" */
    cr_assert_str_eq(result.notes[0],
                     "same-as: northmarsh-2020 has 4 of the 4 texts, too; if it is the same "
                     "review, record it with \"dhrledger set northmarsh-2020-2 "
                     "same-as+=northmarsh-2020 -m WHY\"");
}

Test(import_page, corrected)
{
    facts_2020();
    record("2", "2", "Ask twice.", "text-corrected = 2026-01-02 Misread\n");
    load();
    expect(same_head, same_rows, "same northmarsh-2020");
}

Test(import_page, changed_without_a_word)
{
    facts_2020();
    record("2", "2", "Ask twice.", "");
    load();
    expect(same_head, same_rows, "changed northmarsh-2020 1");
    cr_assert_eq(result.changes[0].line, 6);
    cr_assert_str_eq(result.changes[0].text,
                     "the text differs from reviews/northmarsh-2020/2.ini: \"Ask twice.\" there, "
                     "\"Ask again.\" on the page");
}

Test(import_page, renamed)
{
    facts_2020();
    support_run(&t, "rm reviews/northmarsh-2020/R4.ini");
    record("4", "R4.", "Read it.", "formerly = northmarsh-2020/R4\n");
    load();
    expect(same_head, same_rows, "same northmarsh-2020");
}

/* A new name is no correction of the text. */
Test(import_page, renamed_and_changed)
{
    facts_2020();
    support_run(&t, "rm reviews/northmarsh-2020/R4.ini");
    record("4", "R4.", "Read this.", "formerly = northmarsh-2020/R4\n");
    load();
    expect(same_head, same_rows, "changed northmarsh-2020 1");
}

Test(import_page, merged)
{
    facts_2020();
    support_run(&t, "rm reviews/northmarsh-2020/R4.ini");
    record("3", "3", "Write it down.", "formerly = northmarsh-2020/r4\n");
    load();
    expect(same_head, same_rows, "same northmarsh-2020");
}

Test(import_page, split)
{
    facts_2020();
    support_run(&t, "rm reviews/northmarsh-2020/3.ini");
    record("3a", "3", "Write.", "formerly = northmarsh-2020/3\n");
    record("3b", "3", "It down.", "formerly = northmarsh-2020/3\n");
    load();
    expect(same_head, same_rows, "same northmarsh-2020");
    cr_assert_eq(result.note_count, 0);
}

Test(import_page, removed)
{
    facts_2020();
    support_run(&t, "rm reviews/northmarsh-2020/3.ini");
    load();
    expect(same_head, same_rows, "changed northmarsh-2020 1");
    cr_assert_str_eq(result.changes[0].text,
                     "reviews/northmarsh-2020 has no record of row 3: \"Write it down.\"");
}

Test(import_page, added_by_hand)
{
    facts_2020();
    record("5", "5", "Bind it.", "");
    load();
    expect(same_head, same_rows, "same northmarsh-2020");
    cr_assert_eq(result.note_count, 1);
    expect("CSP: Northmarsh\nYear of death: 2020\nPublished: April 2023\n", same_rows,
           "changed northmarsh-2020 1");
}

/* A page that was imported with --partial, and whose third row was entered by hand. */
Test(import_page, entered_by_hand)
{
    facts_2020();
    load();
    expect(same_head,
           "| 1 | Ask. | Police | Council |\n| 2 | Ask again. | Police | Council |\n"
           "| 3 | Write it down. | |\n| R4. | Read it. | Police | Council |\n",
           "same northmarsh-2020");
}

/* The one with the fewest changes, and of equals the first, also from the same run. */
Test(import_page, the_best_of_several)
{
    facts_2020();
    load();
    expect(same_head, "| 1 | Sing. | Police |\n| 2 | Dance. | Police |\n", "new northmarsh-2020-2");
    expect(same_head, "| 1 | Sing. | Police |\n| 2 | Dance. | Police |\n",
           "same northmarsh-2020-2");
    expect(same_head, "| 1 | Sing. | Police |\n| 2 | Hum. | Police |\n",
           "changed northmarsh-2020-2 1");
    expect(same_head, same_rows, "same northmarsh-2020");
}

Test(import_page, numbers_that_repeat_or_are_missing)
{
    static const char rows[] = "| 1 | Ask. | Police |\n| 1 | Tell. | Police |\n"
                               "| | Sing. | Police |\n| | Dance. | Police |\n";
    support_run(&t, "mkdir reviews");
    load();
    expect(same_head, rows, "new northmarsh-2020");
    expect(same_head, rows, "same northmarsh-2020");
    expect(same_head,
           "| 1 | Tell. | Police |\n| | Dance. | Police |\n| 1 | Ask. | Police |\n"
           "| | Sing. | Police |\n",
           "same northmarsh-2020");
    expect(same_head,
           "| 1 | Ask. | Police |\n| 1 | Tell us. | Police |\n| | Sing. | Police |\n"
           "| | Waltz. | Police |\n",
           "changed northmarsh-2020 3"); /* a text; a row without number new, another gone */
}

Test(import_page, a_review_without_recommendations)
{
    facts_2020();
    support_run(&t, "cd reviews/northmarsh-2020 && rm 1.ini 2.ini 3.ini R4.ini");
    load();
    expect(same_head, same_rows, "new northmarsh-2020-2");
    cr_assert_str_eq(result.notes[0],
                     "reviews/northmarsh-2020 is there, without recommendations; if the page is "
                     "its own, remove it with \"dhrledger rm northmarsh-2020 -m WHY\" and import "
                     "the page again");
}

/* A page that fails leaves the run as it was: its agencies are not known afterwards. */
Test(import_page, a_page_that_fails)
{
    facts_2020();
    load();
    cr_assert_eq(plan(same_head, "", NULL), -1);
    cr_assert_eq(err.status, DHR_FOUND);
    cr_assert_eq(plan("CSP: Eastmarsh\n", "| 1 | Sing. | Trust |\n", "Bad Id"), -1);
    cr_assert_eq(err.status, DHR_USAGE);
    cr_assert_eq(import.file_count, 0);
    cr_assert_eq(import.new_agencies, 0);
    expect("CSP: Eastmarsh\n", "| 1 | Sing. | Trust |\n", "new eastmarsh");
    cr_assert_eq(import.new_agencies, 1);
}

Test(import_page, a_long_partnership)
{
    support_run(&t, "mkdir reviews");
    load();
    const char *head = support_text(&t, "CSP: %060d %020d\nYear of death: 2020\n", 0, 0);
    cr_assert_eq(plan(head, "| 1 | Sing. | Police |\n", NULL), 0);
    cr_assert_eq(plan(head, "| 1 | Dance. | Police |\n", NULL), 0);
    cr_assert(dhr_str_ends(result.review, "0-2020-2"));
    cr_assert_leq(result.review.len, 64);
}

/* Two pages, with three agencies, planned and ready to write. */
static void plan_two(void)
{
    support_run(&t, "mkdir reviews agencies");
    load();
    expect("CSP: A\nYear of death: 2020\n", "| 1 | Sing. | Police | Council |\n", "new a-2020");
    expect("CSP: B\nYear of death: 2020\n", "| 1 | Dance. | Police | Trust |\n", "new b-2020");
    dhr_import_finish(&import);
}

static const char *listing(void)
{
    return support_output(&t, "find . -not -name . | sort | tr '\\n' ' '");
}

Test(import_page, written)
{
    plan_two();
    cr_assert_eq(dhr_import_write(&import, t.dir, &err), 0, "%s", err.text);
    cr_assert_str_eq(listing(),
                     "./agencies ./agencies/council.ini ./agencies/police.ini "
                     "./agencies/trust.ini ./reviews ./reviews/a-2020 ./reviews/a-2020/1.ini "
                     "./reviews/a-2020/review.ini ./reviews/b-2020 ./reviews/b-2020/1.ini "
                     "./reviews/b-2020/review.ini ");
}

/* A file that came into being meanwhile: what was moved before it is taken back. */
Test(import_page, not_over_an_agency)
{
    plan_two();
    support_write(&t, "agencies/trust.ini", "mine\n");
    cr_assert_eq(dhr_import_write(&import, t.dir, &err), -1);
    cr_assert_eq(err.status, DHR_CONFLICT);
    cr_assert_str_eq(err.text, "agencies/trust.ini: is there already, and is never overwritten; "
                               "nothing was written, so move it out of the way and try again");
    cr_assert_str_eq(support_read(&t, "agencies/trust.ini"), "mine\n");
    cr_assert_str_eq(listing(), "./agencies ./agencies/trust.ini ./reviews ");
}

Test(import_page, not_over_a_review)
{
    plan_two();
    support_write(&t, "reviews/b-2020/1.ini", "mine\n");
    cr_assert_eq(dhr_import_write(&import, t.dir, &err), -1);
    cr_assert_eq(err.status, DHR_CONFLICT);
    cr_assert_str_eq(listing(), "./agencies ./reviews ./reviews/b-2020 ./reviews/b-2020/1.ini ");
    cr_assert_str_eq(support_read(&t, "reviews/b-2020/1.ini"), "mine\n");
}

/* A full disk, at each of the files in turn: those before it are small enough. */
Test(import_page, too_large_for_the_disk)
{
    plan_two();
    struct rlimit before;
    (void)signal(SIGXFSZ, SIG_IGN);
    cr_assert_eq(getrlimit(RLIMIT_FSIZE, &before), 0);
    for (size_t i = 0; i < import.file_count; i++) {
        static char large[4096];
        struct dhr_str bytes = import.files[i].bytes;
        import.files[i].bytes = dhr_str_span(large, sizeof(large));
        struct rlimit small = {2048, before.rlim_max};
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &small), 0);
        int rc = dhr_import_write(&import, t.dir, &err);
        cr_assert_eq(setrlimit(RLIMIT_FSIZE, &before), 0);
        cr_assert_eq(rc, -1);
        cr_assert_eq(err.status, DHR_SYSTEM);
        cr_assert_str_eq(
            err.text, support_text(&t, "%s: can't be written: File too large; nothing was written",
                                   import.files[i].path));
        cr_assert_str_eq(listing(), "./agencies ./reviews ");
        import.files[i].bytes = bytes;
    }
}
