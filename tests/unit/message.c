/* Commit messages: the subject line, the reason, and trailers that git reads back. */
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/change.h"
#include "dhrledger/utf8.h"
#include "reading.h"
#include "support.h"

static struct support t;
static struct dhr_buf message;
static struct dhr_plan plans[3];

static void begin(void)
{
    struct dhr_err err = {0};
    support_begin(&t);
    cr_assert(dhr_ini_init(&err) == 0, "%s", err.text);
}

static void end(void)
{
    for (size_t i = 0; i < 3; i++)
        dhr_plan_release(&plans[i]);
    dhr_buf_release(&message);
    support_end(&t);
}

TestSuite(message, .init = begin, .fini = end);

static const char record[] = "[recommendation]\n[agency a]\nstatus = open\ndue = 2026\n"
                             "[action a 1]\nstatus = open\n";
static const char shared[] = "[recommendation]\n[agency a]\nstatus = open\n[agency b]\n";

/* Plan words separated by '|' for one agency's section or action. */
static void plan(struct dhr_plan *p, const char *id, const char *text, const char *words,
                 unsigned action)
{
    struct dhr_assignment assignments[16];
    struct dhr_findings findings = {0};
    struct dhr_err err = {0};
    struct dhr_str rest = dhr_str_of(words);
    struct dhr_str word;
    size_t count = 0;
    struct dhr_plan_options options = {dhr_str_of("a"), action, 20000};
    while (dhr_str_split(&rest, '|', &word))
        cr_assert(dhr_assignment_parse(&assignments[count++], dhr_str_dup(&t.arena, word), &err) ==
                      0,
                  "%s", err.text);
    *p = (struct dhr_plan){.kind = DHR_RECORD_RECOMMENDATION,
                           .path = "reviews/x/1.ini",
                           .id = dhr_str_of(id),
                           .before = dhr_str_of(text)};
    cr_assert(dhr_plan_change(p, assignments, count, &options, &t.arena, &findings, &err) == 0,
              "%s", err.text);
    dhr_findings_release(&findings);
}

static const char *subject(size_t count)
{
    dhr_buf_clear(&message);
    dhr_plan_add_message(&message, plans, count, "why");
    return support_text(&t, "%.*s", (int)strcspn(message.ptr, "\n"), message.ptr);
}

static void expect_subject(const char *text, const char *words, unsigned action, const char *wanted)
{
    dhr_plan_release(&plans[0]);
    plan(&plans[0], "x/1", text, words, action);
    const char *got = subject(1);
    cr_assert_str_eq(got, wanted, "%s: %s", words, got);
}

Test(message, whole)
{
    plan(&plans[0], "durham-2012/10.2.1", record,
         "due=2027|due-reason=Staff left.\nTwice.|status=in-progress", 0);
    dhr_plan_add_message(&message, plans, 1, "  The board agreed.\n\nIn its June meeting.\n");
    cr_assert_str_eq(dhr_buf_cstr(&message),
                     "durham-2012/10.2.1: status open -> in-progress, due 2026 -> 2027\n"
                     "\n"
                     "The board agreed.\n"
                     "\n"
                     "In its June meeting.\n"
                     "\n"
                     "Ledger-Record: durham-2012/10.2.1\n"
                     "Ledger-Change: a status: open -> in-progress\n"
                     "Ledger-Change: a due: 2026 -> 2027\n"
                     "Ledger-Change: a due-original: (unset) -> 2026\n"
                     "Ledger-Change: a due-reason: (unset) -> Staff left.; Twice.\n");
}

Test(message, subjects)
{
    expect_subject(record, "status=closed", 0, "x/1: status open -> closed");
    expect_subject(record, "lead=D", 0, "x/1: lead set");
    expect_subject(record, "theme=D", 0, "x/1: theme added");
    expect_subject(record, "theme=D|status=closed", 0, "x/1: status open -> closed, theme added");
    expect_subject(record, "due=|due-reason=x", 0, "x/1: due 2026 -> unset");
    expect_subject(record, "due-reason=x", 0, "x/1: due-reason set");
    expect_subject(record, "due-original=2025", 0, "x/1: due-original 2025");
}

Test(message, whose_section_it_was)
{
    expect_subject(shared, "status=closed", 0, "x/1 (a): status open -> closed");
    expect_subject(shared, "page=1", 0, "x/1: page set");
    expect_subject(shared, "page=1|status=closed", 0, "x/1 (a): status open -> closed, page set");
    expect_subject(record, "status=implemented", 1, "x/1 (a action 1): status open -> implemented");
}

/* 72 columns, unless a single change is longer. */
Test(message, long_subjects_end_in_a_count)
{
    expect_subject(record,
                   "status=in-progress|due=2027-03-31|due-reason=x|responded-on=2026-03-01|"
                   "response=accepted|response-due=2026|lead=D|outcome=x",
                   0, "x/1: status open -> in-progress, due 2026 -> 2027-03-31 and 5 more");
    cr_assert_leq(dhr_utf8_width(dhr_str_of(subject(1))), 72);
}

Test(message, no_subject_of_several_changes_is_too_long)
{
    static const char *const words[] = {"lead=D",           "outcome=x", "verified-by=x",
                                        "page=1",           "theme=x",   "due-reason=y",
                                        "verified-on=2026", "note=x",    "closed-on=2027-01"};
    for (size_t count = 2; count <= sizeof(words) / sizeof(words[0]); count++) {
        for (size_t pad = 1; pad < 30; pad++) {
            struct dhr_buf all = {0};
            char id[40] = {0};
            memset(id, 'x', pad);
            for (size_t i = 0; i < count; i++)
                dhr_buf_addf(&all, "%s%s", i ? "|" : "", words[i]);
            dhr_plan_release(&plans[0]);
            plan(&plans[0], id, record, dhr_buf_cstr(&all), 0);
            cr_assert_leq(strlen(subject(1)), 72, "%s", subject(1));
            dhr_buf_release(&all);
        }
    }
}

/* Cutting it would hide what changed. */
Test(message, one_long_change_stays_whole)
{
    static const char id[] = "a-review-with-a-name-as-long-as-it-may-be-so-that-it-has-64-byte/"
                             "10.2.1-with-an-appendix-and-more";
    plan(&plans[0], id, record, "status=partly-implemented|lead=D", 0);
    cr_assert_str_eq(subject(1),
                     support_text(&t, "%s: status open -> partly-implemented and 1 more", id));
}

Test(message, several_records)
{
    plan(&plans[0], "x/1", record, "status=closed", 0);
    plan(&plans[1], "x/2", record, "status=closed", 0);
    plan(&plans[2], "x/3", record, "status=implemented", 0);
    cr_assert_str_eq(subject(2), "2 records: status open -> closed");
    cr_assert_str_eq(subject(3), "3 records: several changes");
    cr_assert(strstr(dhr_buf_cstr(&message),
                     "\n\nwhy\n\nLedger-Record: x/1\nLedger-Change: a status: open -> closed\n"
                     "Ledger-Record: x/2\n"));
}

Test(message, long_values_are_cut_in_trailers)
{
    plan(&plans[0], "x/1", record,
         "lead=A very long name for a role, which goes on – and on – until the end of the line", 0);
    (void)subject(1);
    cr_assert(strstr(dhr_buf_cstr(&message), "\nLedger-Change: a lead: (unset) -> A very long name "
                                             "for a role, which goes on – and on – until …\n"),
              "%s", dhr_buf_cstr(&message));
}

/* A reason that looks like trailers does not mix with ours. */
Test(message, git_reads_the_trailers)
{
    plan(&plans[0], "x/1", record, "lead=a: b|action=One\nTwo|theme=x|theme=y|status=closed", 0);
    dhr_plan_add_message(&message, plans, 1, "Fixes: nothing\nSee: below");
    support_write_bytes(&t, "message", dhr_buf_str(&message));
    cr_assert_str_eq(support_output(&t, "git interpret-trailers --parse message"),
                     "Ledger-Record: x/1\n"
                     "Ledger-Change: theme: (unset) -> x; y\n"
                     "Ledger-Change: a status: open -> closed\n"
                     "Ledger-Change: a lead: (unset) -> a: b\n"
                     "Ledger-Change: a action: (unset) -> One; Two");
}
