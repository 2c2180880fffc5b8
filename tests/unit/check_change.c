/*
 * What a record's change must bring along, move by move. The expectations are the rules' own
 * sentences: forward moves are free; back, reopened or closed needs a new note or reason; a target
 * that moves needs a new reason and keeps the first one; evidence changes only with its trace.
 */
#include <criterion/criterion.h>

#include "ledger/check_change.h"
#include "reading.h"

static struct reading before;
static struct reading after;
static struct dhr_findings findings;
static struct dhr_arena arena;

static void end(void)
{
    dhr_findings_release(&findings);
    dhr_arena_release(&arena);
    reading_end(&before);
    reading_end(&after);
}

TestSuite(check_change, .fini = end);

/* The codes found, in order, with a space between two. */
static void expect(const char *old, const char *new, const char *codes)
{
    struct dhr_buf text = {0};
    reading_begin(&before, DHR_RECORD_RECOMMENDATION, dhr_str_of(old));
    reading_begin(&after, DHR_RECORD_RECOMMENDATION, dhr_str_of(new));
    const struct change_pair pair = {before.record, after.record, NULL, &arena, &findings};
    check_change(&pair);
    dhr_findings_sort(&findings);
    for (size_t i = 0; i < findings.count; i++) {
        char code[DHR_CODE_SIZE];
        dhr_rule_code(findings.items[i].rule, code);
        dhr_buf_addf(&text, "%s%s", i ? " " : "", code);
    }
    cr_expect_str_eq(dhr_buf_cstr(&text), codes, "from\n%s\nto\n%s\nit was %s", old, new,
                     dhr_buf_cstr(&text));
    dhr_buf_release(&text);
    end();
}

enum { STATUSES = 6 };
static const char *const statuses[STATUSES] = {"open",        "in-progress", "partly-implemented",
                                               "implemented", "verified",    "closed"};

/* From each status, by line, to each. */
static const char *const moves[STATUSES][STATUSES] = {
    {"", "", "", "", "", "DL107"},
    {"DL105", "", "", "", "", "DL107"},
    {"DL105", "DL105", "", "", "", "DL107"},
    {"DL105", "DL105", "DL105", "", "", "DL107"},
    {"DL105", "DL105", "DL105", "DL105", "", "DL107"},
    {"DL106", "DL106", "DL106", "DL106", "DL106", ""},
};

static void expect_move(size_t from, size_t to, const char *old, const char *new, const char *codes)
{
    struct dhr_buf a = {0};
    struct dhr_buf b = {0};
    dhr_buf_addf(&a, "[recommendation]\n[agency a]\nstatus = %s\n%s", statuses[from], old);
    dhr_buf_addf(&b, "[recommendation]\n[agency a]\nstatus = %s\n%s", statuses[to], new);
    expect(dhr_buf_cstr(&a), dhr_buf_cstr(&b), codes);
    dhr_buf_release(&a);
    dhr_buf_release(&b);
}

Test(check_change, every_move_of_a_status)
{
    static const char note[] = "note = 2026-01-02 why\n";
    static const char other[] = "note = 2026-01-02 why\nnote = 2026-02-03 why\n";
    for (size_t from = 0; from < STATUSES; from++) {
        for (size_t to = 0; to < STATUSES; to++) {
            expect_move(from, to, "", "", moves[from][to]);
            expect_move(from, to, note, note, moves[from][to]); /* an old one says nothing */
            expect_move(from, to, "", note, "");
            expect_move(from, to, note, other, "");
        }
    }
}

Test(check_change, closing_needs_a_reason_that_is_new)
{
    static const char reason[] = "closed-reason = abandoned\n";
    for (size_t from = 0; from + 1 < STATUSES; from++) {
        expect_move(from, 5, "", reason, "");
        expect_move(from, 5, reason, reason, "DL107");
        expect_move(from, 5, "closed-reason = superseded\n", reason, "");
    }
    /* It is no reason for a step back, or for opening again. */
    expect_move(3, 1, "", reason, "DL105");
    expect_move(5, 0, "", reason, "DL106");
}

Test(check_change, another_agency_s_note_is_none_for_this_one)
{
    expect("[agency a]\nstatus = implemented\n[agency b]\nstatus = open\n",
           "[agency a]\nstatus = open\n[agency b]\nstatus = open\nnote = 2026-01-02 x\n", "DL105");
}

Test(check_change, an_action_s_step_back_is_told_by_its_agency)
{
    static const char was[] = "[agency a]\nstatus = open\n[action a 1]\nstatus = implemented\n";
    expect(was, "[agency a]\nstatus = open\n[action a 1]\nstatus = open\n", "DL105");
    expect(was, "[agency a]\nstatus = open\nnote = 2026-01-02 x\n[action a 1]\nstatus = open\n",
           "");
}

static const struct {
    const char *old, *new, *codes;
} targets[] = {
    {"", "due = 2027-01\n", ""},
    {"due = 2027-01\n", "due = 2027-01\n", ""},
    {"due = 2027-01\n", "due = 2027-02\n", "DL109 DL110"},
    {"due = 2027-01\n", "due = 2027-02\ndue-original = 2027-01\n", "DL109"},
    {"due = 2027-01\n", "due = 2027-02\ndue-reason = x\n", "DL110"},
    {"due = 2027-01\n", "due = 2027-02\ndue-original = 2027-01\ndue-reason = x\n", ""},
    {"due = 2027-01\n", "due = 2027-02\ndue-original = 2027-02\ndue-reason = x\n", "DL110"},
    {"due = 2027-01\n", "due-original = 2027-01\ndue-reason = x\n", ""},
    {"due = 2027-01\n", "", "DL109 DL110"},
    /* The second time: another reason, and the first target stays. */
    {"due = 2027-02\ndue-original = 2027-01\ndue-reason = x\n",
     "due = 2027-03\ndue-original = 2027-01\ndue-reason = x\n", "DL109"},
    {"due = 2027-02\ndue-original = 2027-01\ndue-reason = x\n",
     "due = 2027-03\ndue-original = 2027-01\ndue-reason = y\n", ""},
    {"due = 2027-02\ndue-original = 2027-01\ndue-reason = x\n",
     "due = 2027-03\ndue-original = 2027-02\ndue-reason = y\n", "DL110"},
    {"due = 2027-02\ndue-original = 2027-01\ndue-reason = x\n", "due = 2027-02\ndue-reason = x\n",
     "DL110"},
    {"due = 2027-02\ndue-original = 2027-01\ndue-reason = x\n",
     "due = 2027-02\ndue-original = 2026-12\ndue-reason = x\n", "DL110"},
    /* A reason that is put better moves nothing. */
    {"due = 2027-02\ndue-original = 2027-01\ndue-reason = x\n",
     "due = 2027-02\ndue-original = 2027-01\ndue-reason = y\n", ""},
};

Test(check_change, a_target_leaves_its_trace)
{
    static const char *const sections[] = {"[agency a]\nstatus = open\n",
                                           "[action a 1]\nstatus = open\n"};
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
            struct dhr_buf a = {0};
            struct dhr_buf b = {0};
            dhr_buf_addf(&a, "%s%s", sections[s], targets[i].old);
            dhr_buf_addf(&b, "%s%s", sections[s], targets[i].new);
            expect(dhr_buf_cstr(&a), dhr_buf_cstr(&b), targets[i].codes);
            dhr_buf_release(&a);
            dhr_buf_release(&b);
        }
    }
}

static const struct {
    const char *old, *new, *codes;
} evidence[] = {
    {"text = a\n", "text =\n  a\n", ""}, /* layout is no change */
    {"text = a\n", "text = b\n", "DL104"},
    {"text = a\n", "text = b\ntext-corrected = 2026-01-02 x\n", ""},
    {"text = a\ntext-corrected = 2026-01-02 x\n", "text = b\ntext-corrected = 2026-01-02 x\n",
     "DL104"},
    {"text = a\ntext-corrected = 2026-01-02 x\n",
     "text = b\ntext-corrected = 2026-01-02 x\ntext-corrected = 2026-02-03 x\n", ""},
    {"number = 1\n", "number = 2\n", "DL102"},
    {"number = 1\n", "number = 2\nformerly = x/1\n", ""},
    {"number = 1\nformerly = x/0\n", "number = 2\nformerly = x/0\n", "DL102"},
    {"number = 1\n", "number =\n", "DL102"},
    {"addressed-to = a\n", "addressed-to = b\n", "DL103"},
    {"addressed-to = a\n", "addressed-to = a\naddressed-to = b\n", "DL103"},
    {"addressed-to = a\n", "addressed-to = b\nformerly = x/1\n", ""},
    {"number = 1\naddressed-to = a\ntext = a\n", "number = 2\naddressed-to = b\ntext = b\n",
     "DL102 DL103 DL104"},
    /* Personal data goes without a trace of itself, and a text with its reason. */
    {"number = AB123456C\n", "number = 1\n", ""},
    {"number = AB123456C\n", "number =\n", ""},
    {"number = 1\n", "number = AB123456C\n", "DL102"},
    {"addressed-to = a, 01632 960123\n", "addressed-to = a\n", ""},
    {"addressed-to = a, 01632 960123\n", "addressed-to = b, 01632 960123\n", "DL103"},
    {"addressed-to = a\naddressed-to = 01632 960123\n", "addressed-to = a\n", ""},
    {"text = a on 01632 960123\n", "text = a\n", "DL104"},
    {"theme = a\npage = 3\n", "theme = b\npage = 4\nscope = local\n", ""},
};

Test(check_change, evidence_changes_with_its_trace_only)
{
    for (size_t i = 0; i < sizeof(evidence) / sizeof(*evidence); i++) {
        struct dhr_buf a = {0};
        struct dhr_buf b = {0};
        dhr_buf_addf(&a, "[recommendation]\n%s", evidence[i].old);
        dhr_buf_addf(&b, "[recommendation]\n%s", evidence[i].new);
        expect(dhr_buf_cstr(&a), dhr_buf_cstr(&b), evidence[i].codes);
        dhr_buf_release(&a);
        dhr_buf_release(&b);
    }
}

Test(check_change, a_section_goes_with_a_note_in_another)
{
    static const char both[] = "[agency a]\nstatus = open\n[agency b]\nstatus = open\n";
    expect(both, "[agency b]\nstatus = open\n", "DL108");
    expect(both, "[agency b]\nstatus = open\nnote = 2026-01-02 x\n", "");
    expect("[agency a]\nstatus = open\n", "[agency b]\nstatus = open\nnote = 2026-01-02 x\n", "");
    expect("[agency a]\nstatus = open\n[action a 1]\nstatus = open\n",
           "[agency a]\nstatus = open\n", "DL108");
    /* A new one is nobody's move. */
    expect("[agency a]\nstatus = open\n", both, "");
    expect("[agency a]\nstatus = open\n",
           "[agency a]\nstatus = open\n[agency b]\nstatus = closed\n", "");
}
