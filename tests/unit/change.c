/* Planning changes: assignments, lists, dates, moved targets, and what is refused. */
#include <stdarg.h>

#include <criterion/criterion.h>

#include "dhrledger/change.h"
#include "reading.h"

static struct reading r; /* what the plan would write */
static struct dhr_plan plan;
static struct dhr_findings findings;
static struct dhr_arena arena;
static struct dhr_err err;
static struct dhr_plan_options options;

static void begin(void)
{
    struct dhr_date today;
    cr_assert(dhr_date_parse(dhr_str_of("2026-03-31"), &today));
    cr_assert(dhr_ini_init(&err) == 0, "%s", err.text);
    options.today = today.first_day;
}

static void end(void)
{
    reading_end(&r);
    dhr_plan_release(&plan);
    dhr_findings_release(&findings);
    dhr_arena_release(&arena);
}

TestSuite(change, .init = begin, .fini = end);

static const char one_agency[] = "[recommendation]\nnumber = 1\naddressed-to = A\ntext = Do it.\n"
                                 "theme = firearms\ntheme = training\n"
                                 "[agency a]\nstatus = open\nlead = Director\ndue = 2026-06\n"
                                 "note = 2026-01-05 first\n";
static const char two_agencies[] = "[recommendation]\n[agency a]\nstatus = open\n"
                                   "[agency b]\nstatus = open\n[action b 1]\nstatus = open\n"
                                   "due = 2026\n";

/* Plan the words ("key=value", NULL at the end) for the recommendation. */
static int change(const char *text, const char *word, va_list more)
{
    struct dhr_assignment assignments[8];
    size_t count = 0;
    dhr_plan_release(&plan);
    reading_end(&r);
    err = (struct dhr_err){0};
    for (; word; word = va_arg(more, const char *))
        cr_assert(dhr_assignment_parse(&assignments[count++], word, &err) == 0, "%s", err.text);
    plan = (struct dhr_plan){.kind = DHR_RECORD_RECOMMENDATION,
                             .path = "reviews/x/1.ini",
                             .id = dhr_str_of("x/1"),
                             .before = dhr_str_of(text)};
    int rc = dhr_plan_change(&plan, assignments, count, &options, &arena, &findings, &err);
    if (rc == 0)
        reading_begin(&r, DHR_RECORD_RECOMMENDATION, plan.after);
    return rc;
}

static void expect_change(const char *text, const char *word, ...)
{
    va_list more;
    va_start(more, word);
    int rc = change(text, word, more);
    va_end(more);
    cr_assert(rc == 0, "%s: %s", word, err.text);
    cr_assert_eq(findings.count, 0, "%s has findings", word);
}

static void expect_refusal(const char *sentence, const char *text, const char *word, ...)
{
    va_list more;
    va_start(more, word);
    int rc = change(text, word, more);
    va_end(more);
    cr_assert(rc < 0, "%s is not refused", word);
    cr_assert_str_eq(err.text, sentence, "%s is refused: %s", word, err.text);
    cr_assert_eq(err.status, DHR_USAGE);
    cr_assert_eq(plan.differences.count, 0);
}

static void expect_value(enum dhr_key_id key, const char *value)
{
    const char *got = reading_value(&r, key);
    cr_assert_str_eq(got, value, "%s = %s", dhr_schema_key(key)->name, got);
}

/* What may be typed. */

static void expect_word(const char *word, enum dhr_assign how, const char *key, const char *value)
{
    struct dhr_assignment a;
    cr_assert(dhr_assignment_parse(&a, word, &err) == 0, "%s", err.text);
    cr_assert_eq(a.how, how, "%s", word);
    cr_assert(dhr_str_is(a.key, key), "%s: %.*s", word, DHR_ARG(a.key));
    cr_assert(dhr_str_is(a.value, value), "%s: %.*s", word, DHR_ARG(a.value));
}

Test(change, assignments)
{
    expect_word("status=open", DHR_ASSIGN, "status", "open");
    expect_word("lead=", DHR_ASSIGN, "lead", "");
    expect_word("evidence+=https://example.org/?a=b", DHR_ASSIGN_ADD, "evidence",
                "https://example.org/?a=b");
    expect_word("theme-=x", DHR_ASSIGN_REMOVE, "theme", "x");
    expect_word("due-original=2026", DHR_ASSIGN, "due-original", "2026");
    expect_word("a==b", DHR_ASSIGN, "a", "=b");
    expect_word("+=x", DHR_ASSIGN, "+", "x");
}

static void expect_bad_word(const char *word, const char *sentence)
{
    struct dhr_assignment a;
    cr_assert(dhr_assignment_parse(&a, word, &err) < 0, "%s", word);
    cr_assert_eq(err.status, DHR_USAGE);
    cr_assert_str_eq(err.text, sentence, "%s: %s", word, err.text);
}

Test(change, words_that_assign_nothing)
{
    expect_bad_word("status", "\"status\" is not of the form KEY=VALUE");
    expect_bad_word("=open", "\"=open\" is not of the form KEY=VALUE");
    expect_bad_word("theme+=", "\"theme+=\" has nothing behind the '='");
    expect_bad_word("theme-=", "\"theme-=\" has nothing behind the '='");
}

/* Single values. */

Test(change, value_is_set)
{
    expect_change(one_agency, "status=in-progress", NULL);
    expect_value(DHR_KEY_ADDRESSEE_STATUS, "in-progress");
    cr_assert_eq(plan.differences.count, 1);
    cr_assert_eq(plan.differences.items[0].key->id, DHR_KEY_ADDRESSEE_STATUS);
    cr_assert(dhr_str_is(plan.differences.items[0].before, "open"));
    cr_assert(dhr_str_is(plan.differences.items[0].after, "in-progress"));
    cr_assert(dhr_str_eq(dhr_section_value(dhr_record_section(plan.record, DHR_SECTION_ADDRESSEE),
                                           DHR_KEY_ADDRESSEE_STATUS),
                         dhr_str_of("in-progress")));
}

Test(change, values_of_both_sections)
{
    expect_change(one_agency, "page=12", "lead=Chief   Officer", NULL);
    expect_value(DHR_KEY_RECOMMENDATION_PAGE, "12");
    expect_value(DHR_KEY_ADDRESSEE_LEAD, "Chief Officer");
    cr_assert_eq(plan.differences.count, 2);
}

Test(change, value_is_unset)
{
    expect_change(one_agency, "lead=", NULL);
    expect_value(DHR_KEY_ADDRESSEE_LEAD, "");
}

Test(change, nothing_changes)
{
    expect_change(one_agency, "status=open", "lead= Director ", "action=", NULL);
    cr_assert_eq(plan.differences.count, 0);
    cr_assert(dhr_str_is(plan.after, one_agency));
}

Test(change, paragraphs_may_be_typed)
{
    expect_change(one_agency, "action=One.\n\nTwo;  # three", NULL);
    expect_value(DHR_KEY_ADDRESSEE_ACTION, "One.\nTwo; # three");
}

Test(change, today_is_a_date)
{
    expect_change(one_agency, "implemented-on=today", "lead=today", NULL);
    expect_value(DHR_KEY_ADDRESSEE_IMPLEMENTED_ON, "2026-03-31");
    expect_value(DHR_KEY_ADDRESSEE_LEAD, "today");
}

/* Lists. */

Test(change, items_are_added)
{
    expect_change(one_agency, "theme+=housing", "theme+=health", NULL);
    expect_value(DHR_KEY_RECOMMENDATION_THEME, "firearms|training|housing|health");
    cr_assert_eq(plan.differences.count, 1);
}

Test(change, items_are_removed)
{
    expect_change(one_agency, "theme-=firearms", NULL);
    expect_value(DHR_KEY_RECOMMENDATION_THEME, "training");
    expect_change(one_agency, "theme-=firearms", "theme-=training", NULL);
    expect_value(DHR_KEY_RECOMMENDATION_THEME, "");
    expect_change(one_agency, "theme-= training ", "theme+=housing", NULL);
    expect_value(DHR_KEY_RECOMMENDATION_THEME, "firearms|housing");
}

Test(change, list_is_replaced)
{
    expect_change(one_agency, "theme=housing", NULL);
    expect_value(DHR_KEY_RECOMMENDATION_THEME, "housing");
    expect_change(one_agency, "theme=housing", "theme=health", NULL);
    expect_value(DHR_KEY_RECOMMENDATION_THEME, "housing|health");
    expect_change(one_agency, "theme=", NULL);
    expect_value(DHR_KEY_RECOMMENDATION_THEME, "");
}

Test(change, item_that_is_not_there)
{
    expect_refusal("x/1: theme has no item \"fire\"", one_agency, "theme-=fire", NULL);
    expect_refusal("x/1: milestone has no item \"x\"", one_agency, "milestone-=x", NULL);
}

Test(change, single_values_are_no_lists)
{
    expect_refusal("status: holds one value; write status=VALUE once", one_agency, "status+=open",
                   NULL);
    expect_refusal("lead: holds one value; write lead=VALUE once", one_agency, "lead-=Director",
                   NULL);
    expect_refusal("lead: holds one value; write lead=VALUE once", one_agency, "lead=a", "lead=b",
                   NULL);
}

/* Notes. */

Test(change, notes_get_todays_date)
{
    expect_change(one_agency, "note+=Letter sent.", NULL);
    expect_value(DHR_KEY_ADDRESSEE_NOTE, "2026-01-05 first|2026-03-31 Letter sent.");
}

Test(change, notes_keep_a_date_of_their_own)
{
    expect_change(one_agency, "note+=2026-02-01 Letter sent.", "milestone=2026-12 Draft", NULL);
    expect_value(DHR_KEY_ADDRESSEE_NOTE, "2026-01-05 first|2026-02-01 Letter sent.");
    expect_value(DHR_KEY_ADDRESSEE_MILESTONE, "2026-12 Draft");
}

Test(change, notes_that_only_look_dated)
{
    expect_change(one_agency, "note=31/03/2026 sent", "milestone=2026-02-30 x", NULL);
    expect_value(DHR_KEY_ADDRESSEE_NOTE, "2026-03-31 31/03/2026 sent");
    expect_value(DHR_KEY_ADDRESSEE_MILESTONE, "2026-03-31 2026-02-30 x");
}

Test(change, notes_are_removed_by_their_whole_text)
{
    expect_change(one_agency, "note-=2026-01-05 first", NULL);
    expect_value(DHR_KEY_ADDRESSEE_NOTE, "");
    expect_refusal("x/1: note has no item \"first\"", one_agency, "note-=first", NULL);
}

/* Moved targets. */

Test(change, first_target_needs_no_reason)
{
    expect_change(two_agencies, "page=1", NULL);
    options.agency = dhr_str_of("a");
    expect_change(two_agencies, "due=2027", NULL);
    expect_value(DHR_KEY_ADDRESSEE_DUE, "2027");
    expect_value(DHR_KEY_ADDRESSEE_DUE_ORIGINAL, "");
}

Test(change, moved_target_keeps_the_first)
{
    expect_change(one_agency, "due=2026-12", "due-reason=Staff changes.", NULL);
    expect_value(DHR_KEY_ADDRESSEE_DUE, "2026-12");
    expect_value(DHR_KEY_ADDRESSEE_DUE_ORIGINAL, "2026-06");
    expect_value(DHR_KEY_ADDRESSEE_DUE_REASON, "Staff changes.");
    cr_assert_eq(plan.differences.count, 3);
}

Test(change, target_moved_again_keeps_the_very_first)
{
    expect_change(one_agency, "due=2026-12", "due-reason=Staff changes.", NULL);
    char *text = dhr_str_dup(&arena, plan.after);
    expect_change(text, "due-reason=Still no staff.", "due=2027-03-31", NULL);
    expect_value(DHR_KEY_ADDRESSEE_DUE, "2027-03-31");
    expect_value(DHR_KEY_ADDRESSEE_DUE_ORIGINAL, "2026-06");
    expect_value(DHR_KEY_ADDRESSEE_DUE_REASON, "Still no staff.");
}

Test(change, moved_target_needs_a_reason)
{
    static const char sentence[] = "x/1: the target moves from 2026-06 to 2026-12; say why with "
                                   "due-reason=\"…\"";
    expect_refusal(sentence, one_agency, "due=2026-12", NULL);
    expect_refusal(sentence, one_agency, "due=2026-12", "due-reason=", NULL);
    expect_refusal(sentence, one_agency, "due=2026-12", "due-reason=  ", NULL);
    expect_refusal("x/1: the target moves from 2026-06 to none; say why with due-reason=\"…\"",
                   one_agency, "due=", NULL);
}

/* A reason from the last time does not explain this move. */
Test(change, an_old_reason_does_not_count)
{
    expect_change(one_agency, "due=2026-12", "due-reason=Staff changes.", NULL);
    char *text = dhr_str_dup(&arena, plan.after);
    expect_refusal("x/1: the target moves from 2026-12 to 2027; say why with due-reason=\"…\"",
                   text, "due=2027", NULL);
}

Test(change, target_that_does_not_move)
{
    expect_change(one_agency, "due=2026-06", "status=in-progress", NULL);
    cr_assert_eq(plan.differences.count, 1);
    expect_value(DHR_KEY_ADDRESSEE_DUE_ORIGINAL, "");
}

Test(change, target_taken_back)
{
    expect_change(one_agency, "due=", "due-reason=Waiting for the law.", NULL);
    expect_value(DHR_KEY_ADDRESSEE_DUE, "");
    expect_value(DHR_KEY_ADDRESSEE_DUE_ORIGINAL, "2026-06");
}

Test(change, original_target_given_in_the_same_change)
{
    expect_change(one_agency, "due=2026-12", "due-reason=x", "due-original=2025-12", NULL);
    expect_value(DHR_KEY_ADDRESSEE_DUE_ORIGINAL, "2025-12");
    char *text = dhr_str_dup(&arena, plan.after);
    expect_change(text, "due=2027", "due-reason=y", "due-original=", NULL);
    expect_value(DHR_KEY_ADDRESSEE_DUE_ORIGINAL, "2025-12");
}

Test(change, targets_of_actions_move_by_the_same_rule)
{
    options.agency = dhr_str_of("b");
    options.action = 1;
    expect_refusal("x/1: the target moves from 2026 to 2027; say why with due-reason=\"…\"",
                   two_agencies, "due=2027", NULL);
    expect_change(two_agencies, "due=2027", "due-reason=x", NULL);
    expect_value(DHR_KEY_ACTION_DUE, "2027");
    expect_value(DHR_KEY_ACTION_DUE_ORIGINAL, "2026");
    expect_value(DHR_KEY_ADDRESSEE_DUE_ORIGINAL, "");
    options.action = 0;
}

/* Which section, and what is refused. */

Test(change, several_agencies)
{
    expect_refusal("x/1: several agencies hold it; choose with --agency one of a, b", two_agencies,
                   "status=closed", NULL);
    cr_assert(plan.several_agencies);
    expect_change(two_agencies, "page=1", NULL);
    options.agency = dhr_str_of("b");
    expect_change(two_agencies, "status=closed", NULL);
    cr_assert(dhr_str_is(plan.differences.items[0].agency, "b"));
    cr_assert(dhr_str_is(dhr_section_value(dhr_record_addressee(r.record, dhr_str_of("a")),
                                           DHR_KEY_ADDRESSEE_STATUS),
                         "open"));
    options.agency = dhr_str_of("c");
    expect_refusal("x/1: no agency c holds it; these do: a, b", two_agencies, "status=closed",
                   NULL);
}

Test(change, actions)
{
    options.agency = dhr_str_of("b");
    options.action = 1;
    expect_change(two_agencies, "status=implemented", NULL);
    cr_assert_eq(plan.differences.items[0].key->id, DHR_KEY_ACTION_STATUS);
    cr_assert_eq(plan.differences.items[0].action, 1);
    expect_refusal("page: no such key in a recommendation; \"dhrledger schema\" lists them",
                   two_agencies, "page=1", NULL);
    options.action = 2;
    expect_refusal("x/1: b has no action 2", two_agencies, "status=open", NULL);
    options.agency = dhr_str_of("");
    expect_refusal("x/1: several agencies hold it; choose with --agency one of a, b", two_agencies,
                   "status=open", NULL);
}

Test(change, unknown_keys)
{
    expect_refusal("stauts: no such key in a recommendation; did you mean \"status\"?", one_agency,
                   "stauts=open", NULL);
    expect_refusal("colour: no such key in a recommendation; \"dhrledger schema\" lists them",
                   one_agency, "colour=red", NULL);
}

Test(change, evidence_is_never_changed)
{
    static const char *const words[] = {"number=2", "addressed-to=x", "order=3", "addressed-to+=x"};
    static const char *const keys[] = {"number", "addressed-to", "order", "addressed-to"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        struct dhr_buf sentence = {0};
        dhr_buf_addf(
            &sentence,
            "%s: this is evidence, as printed, and never changed; if it was misread, "
            "rename the record with \"dhrledger mv --no-commit\", correct it by hand, and commit "
            "both in one; personal data is "
            "taken out by hand without a new id",
            keys[i]);
        expect_refusal(dhr_buf_cstr(&sentence), one_agency, words[i], NULL);
        dhr_buf_release(&sentence);
    }
}

Test(change, a_text_is_corrected_with_a_reason_only)
{
    static const char sentence[] =
        "text: this is evidence, as printed; correct an error of transcription with a reason "
        "beside it: text=\"…\" text-corrected+=\"…\"";
    expect_refusal(sentence, one_agency, "text=x", NULL);
    expect_refusal(sentence, one_agency, "text=x", "text-corrected=", NULL);
}

Test(change, values_no_file_can_hold)
{
    expect_refusal("the value holds a control character; leave it out", one_agency, "lead=a\x1B[1m",
                   NULL);
    expect_refusal("the value is not UTF-8; give it as UTF-8 text", one_agency, "lead=caf\xE9",
                   NULL);
}

/* The file's faults are still there afterwards, and told. */
Test(change, findings_are_those_of_the_new_bytes)
{
    struct dhr_assignment assignment;
    cr_assert(dhr_assignment_parse(&assignment, "lead=x", &err) == 0);
    plan = (struct dhr_plan){
        .kind = DHR_RECORD_RECOMMENDATION,
        .path = "reviews/x/1.ini",
        .id = dhr_str_of("x/1"),
        .before = dhr_str_of("[recommendation]\n[agency a]\nstatus: open\nfoo = 1\n")};
    cr_assert(dhr_plan_change(&plan, &assignment, 1, &options, &arena, &findings, &err) == 0, "%s",
              err.text);
    cr_assert_eq(findings.count, 2);
}

Test(change, reviews_and_agencies)
{
    struct dhr_assignment assignment;
    cr_assert(dhr_assignment_parse(&assignment, "region=North East", &err) == 0);
    plan = (struct dhr_plan){.kind = DHR_RECORD_AGENCY,
                             .path = "agencies/a.ini",
                             .id = dhr_str_of("a"),
                             .before = dhr_str_of("[agency]\nname = A\n")};
    cr_assert(dhr_plan_change(&plan, &assignment, 1, &options, &arena, &findings, &err) == 0);
    cr_assert(dhr_str_is(plan.after, "[agency]\nname = A\n\nregion = North East\n"));
    dhr_plan_release(&plan);
    plan.kind = DHR_RECORD_REVIEW;
    plan.before = dhr_str_of("[review]\n");
    cr_assert(dhr_plan_change(&plan, &assignment, 1, &options, &arena, &findings, &err) < 0);
    cr_assert_str_eq(err.text, "region: no such key in a review; \"dhrledger schema\" lists them");
}
