/*
 * What is read of two states for what differs between them, and where records went. The ledgers
 * are made by git: a review of three recommendations, another one, two agencies.
 */
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/ini.h"
#include "ledger/range_moves.h"
#include "ledger/range_part.h"
#include "support.h"

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;
static struct dhr_source *before;
static struct dhr_source *after;
static struct dhr_ledger was;
static struct dhr_ledger is;
static struct range_part part;
static struct dhr_touched *touched;
static size_t touched_count;

static void begin(void)
{
    support_begin(&t);
    cr_assert(dhr_store_init(&err) == 0 && dhr_ini_init(&err) == 0, "%s", err.text);
    support_run(&t, "git init -q");
    for (int i = 1; i <= 3; i++)
        support_write(&t, support_text(&t, "reviews/x-2019/%d.ini", i),
                      support_text(&t,
                                   "[recommendation]\nnumber = %d\naddressed-to = Police\n"
                                   "text = Do %d.\n[agency police]\nstatus = open\n",
                                   i, i));
    support_write(&t, "reviews/x-2019/review.ini", "[review]\ntitle = X\n");
    support_write(&t, "reviews/y-2020/review.ini", "[review]\ntitle = Y\n");
    support_write(&t, "reviews/y-2020/1.ini", "[recommendation]\nnumber = 1\n");
    support_write(&t, "agencies/police.ini", "[agency]\nname = Police\n");
    support_write(&t, "agencies/council.ini", "[agency]\nname = Council\n");
    support_run(&t, "git add . && git commit -qm Begin");
}

static void end(void)
{
    range_part_release(&part);
    dhr_ledger_release(&was);
    dhr_ledger_release(&is);
    dhr_source_free(before);
    dhr_source_free(after);
    dhr_repo_free(repo);
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(range_part, .init = begin, .fini = end);

static void load(void)
{
    dhr_ledger_release(&was);
    dhr_ledger_release(&is);
    cr_assert(dhr_ledger_load_part(&was, before, part.before, part.before_count, &err) == 0);
    cr_assert(dhr_ledger_load_part(&is, after, part.after, part.after_count, &err) == 0);
}

/* Commit what there is, and compare that with the commit before. */
static void commit(void)
{
    bool wider = false;
    support_run(&t, "git add -A . && git commit -qm Change");
    cr_assert(dhr_repo_open(&repo, t.dir, &err) == 0, "%s", err.text);
    cr_assert(dhr_source_open_revision(&before, repo, "HEAD~1", "", &err) == 0, "%s", err.text);
    cr_assert(dhr_source_open_revision(&after, repo, "HEAD", "", &err) == 0, "%s", err.text);
    cr_assert(dhr_source_touched(before, after, &t.arena, &touched, &touched_count, &err) == 0);
    const struct range_states states = {before, after, touched, touched_count, &t.arena};
    cr_assert(range_part_of(&part, &states, &err) == 0, "%s", err.text);
    load();
    cr_assert(range_part_widen(&part, &was, &is, &wider, &err) == 0, "%s", err.text);
    if (wider)
        load();
}

/* The records read of the newer state, with what they refer to. */
static const char *records(void)
{
    struct dhr_buf text = {0};
    for (size_t i = 0; i < is.entry_count; i++) {
        if (is.entries[i].kind == DHR_ENTRY_FILE)
            dhr_buf_addf(&text, "%s%s", text.len ? " " : "", is.entries[i].path);
    }
    const char *kept = dhr_arena_dup(&t.arena, dhr_buf_cstr(&text), text.len);
    dhr_buf_release(&text);
    return kept;
}

#define X_ALL                                                                                      \
    "reviews/x-2019/1.ini reviews/x-2019/2.ini reviews/x-2019/3.ini reviews/x-2019/review.ini"
#define AGENCIES "agencies/council.ini agencies/police.ini"

Test(range_part, a_status_needs_its_record_alone)
{
    support_run(&t, "sed -i s/open/closed/ reviews/x-2019/1.ini");
    commit();
    cr_assert_str_eq(records(),
                     "agencies/police.ini reviews/x-2019/1.ini reviews/x-2019/review.ini");
    cr_assert(range_part_concerns(&part, "reviews/x-2019/1.ini"));
    cr_assert_not(range_part_concerns(&part, "reviews/x-2019/review.ini"));
    cr_assert_not(range_part_concerns(&part, "agencies/police.ini"));
}

Test(range_part, a_text_needs_those_beside_it)
{
    support_run(&t, "sed -i 's/Do 1/Do 2/' reviews/x-2019/1.ini");
    commit();
    cr_assert_str_eq(records(), "agencies/police.ini " X_ALL);
    cr_assert(range_part_concerns(&part, "reviews/x-2019/2.ini"));
}

Test(range_part, other_addressees_need_all_agencies)
{
    support_run(&t, "sed -i 's/to = Police/to = Police Council/' reviews/x-2019/1.ini");
    commit();
    cr_assert_str_eq(records(), AGENCIES " reviews/x-2019/1.ini reviews/x-2019/review.ini");
}

Test(range_part, one_addressee_more_counts)
{
    support_run(&t, "sed -i 's/^addressed.*/&\\naddressed-to = Council/' reviews/x-2019/1.ini");
    commit();
    cr_assert_str_eq(records(), AGENCIES " reviews/x-2019/1.ini reviews/x-2019/review.ini");
}

Test(range_part, a_new_record_needs_its_review)
{
    support_run(&t, "cp reviews/x-2019/3.ini reviews/x-2019/4.ini");
    commit();
    cr_assert_str_eq(records(),
                     "agencies/police.ini reviews/x-2019/1.ini reviews/x-2019/2.ini "
                     "reviews/x-2019/3.ini reviews/x-2019/4.ini reviews/x-2019/review.ini");
}

Test(range_part, a_new_record_needs_all_agencies_where_it_addresses_none_of_its_own)
{
    support_run(&t, "sed 's/to = Police/to = Police Council/' reviews/x-2019/3.ini "
                    ">reviews/x-2019/4.ini");
    commit();
    cr_assert_str_eq(records(),
                     AGENCIES " reviews/x-2019/1.ini reviews/x-2019/2.ini reviews/x-2019/3.ini "
                              "reviews/x-2019/4.ini reviews/x-2019/review.ini");
}

Test(range_part, one_that_goes_needs_its_review)
{
    support_run(&t, "git rm -q reviews/x-2019/3.ini");
    commit();
    cr_assert_str_eq(records(), "agencies/police.ini reviews/x-2019/1.ini reviews/x-2019/2.ini "
                                "reviews/x-2019/review.ini");
}

Test(range_part, an_agency_needs_all)
{
    support_run(&t, "echo kind = council >>agencies/council.ini");
    commit();
    cr_assert_str_eq(records(), AGENCIES);
    cr_assert(range_part_concerns(&part, "agencies/police.ini"));
}

static const struct range_moves *moves(const char *message)
{
    static struct dhr_range_commit one;
    static const struct range_told told = {&one, 1};
    static struct range_moves all;
    range_moves_release(&all);
    one.message = message;
    all = (struct range_moves){.before = before,
                               .after = &is,
                               .touched = touched,
                               .touched_count = touched_count,
                               .told = &told,
                               .told_count = 1,
                               .arena = &t.arena};
    range_moves_read(&all);
    return &all;
}

static const char *successor(const struct range_moves *m, enum dhr_record_kind kind, const char *id)
{
    const struct dhr_record *now = range_successor(m, kind, dhr_str_of(id));
    return now ? now->path : "none";
}

static void expect_origin(const struct range_moves *m, const char *path, const char *origin)
{
    const char *found = range_origin(m, path);
    cr_expect_str_eq(found ? found : "none", origin, "%s was %s", path, found ? found : "none");
}

Test(range_part, records_are_followed_by_formerly)
{
    support_write(&t, "reviews/x-2019/notes.txt", "text\n");
    support_run(&t, "git add . && git commit -qm Notes");
    support_run(&t, "git mv reviews/x-2019 reviews/x-2018 && git mv reviews/x-2018/1.ini "
                    "reviews/x-2018/1a.ini && git mv agencies/police.ini agencies/force.ini");
    support_run(&t, "echo formerly = x-2019 >>reviews/x-2018/review.ini && "
                    "echo formerly = police >>agencies/force.ini && "
                    "sed -i 's|^number.*|&\\nformerly = x-2019/1|' reviews/x-2018/1a.ini");
    commit();
    const struct range_moves *m = moves("Renamed");
    cr_expect_str_eq(successor(m, DHR_RECORD_REVIEW, "x-2019"), "reviews/x-2018/review.ini");
    cr_expect_str_eq(successor(m, DHR_RECORD_RECOMMENDATION, "x-2019/2"), "reviews/x-2018/2.ini");
    cr_expect_str_eq(successor(m, DHR_RECORD_RECOMMENDATION, "x-2019/1"), "reviews/x-2018/1a.ini");
    cr_expect_str_eq(successor(m, DHR_RECORD_RECOMMENDATION, "x-2019/9"), "none");
    cr_expect_str_eq(successor(m, DHR_RECORD_AGENCY, "police"), "agencies/force.ini");
    expect_origin(m, "reviews/x-2018/review.ini", "reviews/x-2019/review.ini");
    expect_origin(m, "reviews/x-2018/2.ini", "reviews/x-2019/2.ini");
    expect_origin(m, "reviews/x-2018/1a.ini", "reviews/x-2019/1.ini");
    expect_origin(m, "reviews/x-2018/notes.txt", "reviews/x-2019/notes.txt");
    expect_origin(m, "reviews/x-2018/new.txt", "none");
    expect_origin(m, "agencies/force.ini", "agencies/police.ini");
    expect_origin(m, "agencies/other.ini", "none");
    expect_origin(m, ".dhrledger.ini", "none");
}

/* The withheld piece may be anything but nothing, and the record it became must be there. */
Test(range_part, records_are_followed_by_what_a_message_withholds)
{
    support_run(&t, "git mv reviews/x-2019 reviews/x-2018 && git mv agencies/police.ini "
                    "agencies/force.ini");
    commit();
    const struct range_moves *m = moves("* x-(withheld)9: renamed to x-2018\n\n"
                                        "  pol(withheld): merged into force\n");
    cr_expect_str_eq(successor(m, DHR_RECORD_REVIEW, "x-2019"), "reviews/x-2018/review.ini");
    cr_expect_str_eq(successor(m, DHR_RECORD_REVIEW, "x-9"), "none");
    cr_expect_str_eq(successor(m, DHR_RECORD_REVIEW, "y-2019"), "none");
    cr_expect_str_eq(successor(m, DHR_RECORD_RECOMMENDATION, "x-2019/2"), "reviews/x-2018/2.ini");
    cr_expect_str_eq(successor(m, DHR_RECORD_AGENCY, "police"), "agencies/force.ini");
    expect_origin(m, "reviews/x-2018/review.ini", "reviews/x-2019/review.ini");
    expect_origin(m, "reviews/x-2018/2.ini", "reviews/x-2019/2.ini");
    expect_origin(m, "agencies/force.ini", "agencies/police.ini");
    m = moves("police: renamed to force\n(withheld): renamed to nothing-there\n");
    cr_expect_str_eq(successor(m, DHR_RECORD_AGENCY, "police"), "none");
}

Test(range_part, removals_are_told_by_a_message)
{
    support_run(&t, "git rm -q agencies/police.ini");
    commit();
    const struct dhr_str id = dhr_str_of("police");
    cr_expect(range_removed(moves("police: removed\n\nLedger-Record: police\n"), id));
    cr_expect(
        range_removed(moves("* po(withheld): removed\n\n  Ledger-Record: po(withheld)\n"), id));
    cr_expect_not(range_removed(moves("police: removed\n"), id));
    cr_expect_not(range_removed(moves("Tidy\n\nLedger-Record: police\n"), id));
    cr_expect_not(range_removed(moves("x: removed\n\nLedger-Record: council(withheld)\n"), id));
}
