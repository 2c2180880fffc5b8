/* Where things stand on a day: targets, colours and roll-ups. */
#include <criterion/criterion.h>

#include "dhrledger/standing.h"
#include "reading.h"

static struct reading r;

static void end(void)
{
    reading_end(&r);
}

TestSuite(standing, .fini = end);

static dhr_day day(const char *text)
{
    dhr_day day = 0;
    cr_assert(dhr_day_parse(dhr_str_of(text), &day), "%s", text);
    return day;
}

/* An agency's section of these lines, on that day, with 30 days as "soon". */
static struct dhr_standing standing(const char *lines, const char *today)
{
    struct dhr_buf text = {0};
    reading_end(&r);
    dhr_buf_addf(&text, "[recommendation]\n[agency a]\n%s", lines);
    reading_begin(&r, DHR_RECORD_RECOMMENDATION, dhr_buf_str(&text));
    dhr_buf_release(&text);
    return dhr_standing_of(reading_section(&r, DHR_SECTION_ADDRESSEE, 0), day(today), 30);
}

Test(standing, target_is_missed_on_the_day_after)
{
    cr_assert_not(standing("due = 2027-03-31\n", "2027-03-31").overdue);
    cr_assert(standing("due = 2027-03-31\n", "2027-04-01").overdue);
    cr_assert_eq(standing("due = 2027-03-31\n", "2027-03-31").days_late, 0);
    cr_assert_eq(standing("due = 2027-03-31\n", "2027-04-01").days_late, 1);
    cr_assert_eq(standing("due = 2027-03-31\n", "2027-03-01").days_late, -30);
}

Test(standing, months_and_years_end_on_their_last_day)
{
    cr_assert_not(standing("due = 2027-02\n", "2027-02-28").overdue);
    cr_assert(standing("due = 2027-02\n", "2027-03-01").overdue);
    cr_assert_not(standing("due = 2028-02\n", "2028-02-29").overdue);
    cr_assert(standing("due = 2028-02\n", "2028-03-01").overdue);
    cr_assert_not(standing("due = 2027\n", "2027-12-31").overdue);
    cr_assert(standing("due = 2027\n", "2028-01-01").overdue);
    cr_assert_eq(standing("due = 2027\n", "2028-01-01").days_late, 1);
}

Test(standing, what_is_done_or_closed_is_not_overdue)
{
    static const char *const done[] = {"implemented", "verified", "closed"};
    static const char *const not_done[] = {"open", "in-progress", "partly-implemented", "finished"};
    for (size_t i = 0; i < 3; i++) {
        struct dhr_buf text = {0};
        dhr_buf_addf(&text, "due = 2026\nstatus = %s\n", done[i]);
        struct dhr_standing s = standing(dhr_buf_cstr(&text), "2027-01-02");
        cr_assert_not(s.overdue, "%s", done[i]);
        cr_assert_eq(s.days_late, 2, "%s", done[i]);
        dhr_buf_release(&text);
    }
    for (size_t i = 0; i < 4; i++) {
        struct dhr_buf text = {0};
        dhr_buf_addf(&text, "due = 2026\nstatus = %s\n", not_done[i]);
        cr_assert(standing(dhr_buf_cstr(&text), "2027-01-02").overdue, "%s", not_done[i]);
        dhr_buf_release(&text);
    }
}

Test(standing, no_target_or_a_bad_one)
{
    struct dhr_standing none = standing("status = open\n", "2027-01-01");
    cr_assert_not(none.has_due);
    cr_assert_not(none.overdue);
    cr_assert_eq(none.rag, DHR_RAG_GREY);
    struct dhr_standing bad = standing("due = next year\n", "2027-01-01");
    cr_assert_not(bad.has_due);
    cr_assert_eq(bad.progress, DHR_OPEN);
    cr_assert_eq(bad.rag, DHR_RAG_GREY);
}

static void expect_rag(const char *lines, const char *today, const char *colour)
{
    const char *got = dhr_rag_name(standing(lines, today).rag);
    cr_assert_str_eq(got, colour, "<%s> on %s is %s", lines, today, got);
}

Test(standing, colours)
{
    expect_rag("due = 2027-03-31\n", "2027-04-01", "red");
    expect_rag("due = 2027-03-31\n", "2027-03-31", "amber");
    expect_rag("due = 2027-03-31\n", "2027-03-01", "amber"); /* 30 days ahead */
    expect_rag("due = 2027-03-31\n", "2027-02-28", "green"); /* 31 */
    expect_rag("due = 2027-03-31\nstatus = partly-implemented\n", "2027-04-01", "red");
    expect_rag("due = 2027-03-31\nstatus = implemented\n", "2027-04-01", "blue");
    expect_rag("status = implemented\n", "2027-04-01", "blue");
    expect_rag("status = verified\n", "2027-04-01", "blue");
    expect_rag("due = 2027-03-31\nstatus = closed\n", "2027-04-01", "grey");
}

Test(standing, slipped_targets_are_amber)
{
    expect_rag("due = 2030\ndue-original = 2027-03-31\n", "2027-01-01", "amber");
    expect_rag("due = 2030\ndue-original = 2030\n", "2027-01-01", "green");
    expect_rag("due = 2026\ndue-original = 2025\n", "2027-01-01", "red");
    expect_rag("due-original = 2025\n", "2027-01-01", "grey");
    expect_rag("due = 2030\ndue-original = 2025\nstatus = closed\n", "2027-01-01", "grey");
}

Test(standing, soon_is_a_setting)
{
    (void)standing("due = 2027-03-31\n", "2027-01-01");
    const struct dhr_section *section = reading_section(&r, DHR_SECTION_ADDRESSEE, 0);
    cr_assert_eq(dhr_standing_of(section, day("2027-03-31"), 0).rag, DHR_RAG_AMBER);
    cr_assert_eq(dhr_standing_of(section, day("2027-03-30"), 0).rag, DHR_RAG_GREEN);
    cr_assert_eq(dhr_standing_of(section, day("2026-03-31"), 365).rag, DHR_RAG_AMBER);
}

Test(standing, actions)
{
    reading_begin(&r, DHR_RECORD_RECOMMENDATION,
                  dhr_str_of("[agency a]\n[action a 1]\nstatus = implemented\ndue = 2026\n"
                             "[action a 2]\nstatus = in-progress\ndue = 2026-06\n"
                             "due-original = 2026-01\n[action a 3]\n"));
    struct dhr_standing s[3];
    for (size_t i = 0; i < 3; i++)
        s[i] = dhr_standing_of(reading_section(&r, DHR_SECTION_ACTION, i), day("2026-07-01"), 30);
    cr_assert_eq(s[0].progress, DHR_IMPLEMENTED);
    cr_assert_eq(s[0].rag, DHR_RAG_BLUE);
    cr_assert_eq(s[1].progress, DHR_IN_PROGRESS);
    cr_assert(s[1].overdue);
    cr_assert_eq(s[1].days_late, 1);
    cr_assert_eq(s[2].progress, DHR_OPEN);
    cr_assert_eq(s[2].rag, DHR_RAG_GREY);
}

static bool overdue(const char *text, const char *today)
{
    reading_end(&r);
    reading_begin(&r, DHR_RECORD_RECOMMENDATION, dhr_str_of(text));
    return dhr_addressee_overdue(r.record, reading_section(&r, DHR_SECTION_ADDRESSEE, 0),
                                 day(today));
}

Test(standing, an_action_makes_its_agency_overdue)
{
    cr_assert(overdue("[agency a]\ndue = 2026\n", "2027-01-01"));
    cr_assert_not(overdue("[agency a]\ndue = 2026\n", "2026-12-31"));
    cr_assert(overdue("[agency a]\n[action a 1]\n[action a 2]\ndue = 2026\n", "2027-01-01"));
    cr_assert(overdue("[agency a]\ndue = 2030\n[action a 1]\ndue = 2026\n", "2027-01-01"));
    cr_assert_not(overdue("[agency a]\n[action b 1]\ndue = 2026\n", "2027-01-01"));
    cr_assert_not(
        overdue("[agency a]\n[action a 1]\ndue = 2026\nstatus = implemented\n", "2027-01-01"));
    cr_assert_not(
        overdue("[agency a]\nstatus = implemented\n[action a 1]\ndue = 2026\n", "2027-01-01"));
    cr_assert_not(overdue("[agency a]\nstatus = closed\n[action a 1]\ndue = 2026\n", "2027-01-01"));
}

/* Roll-up: the words are the addressees' statuses. */
static void expect_progress(const char *statuses, const char *progress)
{
    struct dhr_buf text = {0};
    struct dhr_str rest = dhr_str_of(statuses);
    struct dhr_str status;
    reading_end(&r);
    dhr_buf_adds(&text, "[recommendation]\n");
    for (int i = 0; rest.len && dhr_str_split(&rest, ' ', &status); i++)
        dhr_buf_addf(&text, "[agency a%d]\nstatus = %.*s\n", i, DHR_ARG(status));
    reading_begin(&r, DHR_RECORD_RECOMMENDATION, dhr_buf_str(&text));
    const char *got = dhr_progress_name(dhr_recommendation_progress(r.record));
    cr_assert_str_eq(got, progress, "%s roll up to %s", statuses, got);
    dhr_buf_release(&text);
}

Test(standing, the_least_advanced_counts)
{
    expect_progress("open", "open");
    expect_progress("implemented open verified", "open");
    expect_progress("implemented in-progress", "in-progress");
    expect_progress("partly-implemented implemented", "partly-implemented");
    expect_progress("in-progress partly-implemented", "in-progress");
    expect_progress("verified implemented", "implemented");
    expect_progress("verified verified", "verified");
}

Test(standing, the_closed_are_left_out_unless_all_are)
{
    expect_progress("closed implemented closed", "implemented");
    expect_progress("closed open", "open");
    expect_progress("verified closed", "verified");
    expect_progress("closed", "closed");
    expect_progress("closed closed", "closed");
}

Test(standing, unknown_statuses_count_as_open)
{
    expect_progress("", "open");
    expect_progress("verified done", "open");
    reading_end(&r);
    reading_begin(&r, DHR_RECORD_RECOMMENDATION,
                  dhr_str_of("[agency a]\n[agency b]\nstatus=closed\n"));
    cr_assert_eq(dhr_recommendation_progress(r.record), DHR_OPEN);
}

/* An action's status is the agency's own affair. */
Test(standing, actions_do_not_roll_up)
{
    reading_begin(&r, DHR_RECORD_RECOMMENDATION,
                  dhr_str_of("[agency a]\nstatus = verified\n[action a 1]\nstatus = open\n"));
    cr_assert_eq(dhr_recommendation_progress(r.record), DHR_VERIFIED);
}

Test(standing, names)
{
    static const char *const colours[] = {"red", "amber", "green", "blue", "grey"};
    for (int i = DHR_RAG_RED; i <= DHR_RAG_GREY; i++)
        cr_assert_str_eq(dhr_rag_name((enum dhr_rag)i), colours[i]);
}
