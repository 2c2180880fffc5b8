/*
 * What comments accept in a range: those that the change adds accept what it brings in, and are
 * told themselves; those of the base were agreed for what stood there then.
 */
#include <criterion/criterion.h>

#include "dhrledger/check_range.h"
#include "ledger/check_change.h"

static struct range_allows allows;
static struct dhr_findings findings;
static struct dhr_findings accepted;
static struct dhr_arena arena;

static void end(void)
{
    range_allows_release(&allows);
    dhr_findings_release(&findings);
    dhr_findings_release(&accepted);
    dhr_arena_release(&arena);
}

TestSuite(check_allowed, .fini = end);

static void add_allow(struct dhr_findings *to, enum dhr_rule rule, const char *path,
                      const char *above, uint32_t line)
{
    *DHR_PUSH(to->allows, to->allow_count, to->allow_capacity) = (struct dhr_allow){
        .rule = rule, .path = path, .reason = "why", .above = above, .line = line, .last = 20};
}

static void add_phone(uint32_t line)
{
    dhr_findings_add(&findings, DHR_RULE_PHONE, "a", line, 7, "text");
}

/* "10:7 DL094, …" */
static const char *list(struct dhr_findings *of)
{
    struct dhr_buf text = {0};
    dhr_findings_sort(of);
    for (size_t i = 0; i < of->count; i++)
        dhr_buf_addf(&text, "%s%u:%u DL%03d", i ? ", " : "", of->items[i].line, of->items[i].col,
                     (int)of->items[i].rule);
    const char *kept = dhr_arena_dup(&arena, dhr_buf_cstr(&text), text.len);
    dhr_buf_release(&text);
    return kept;
}

Test(check_allowed, an_added_comment_accepts)
{
    add_allow(&allows.added, DHR_RULE_PHONE, "a", "note", 5);
    add_phone(10);
    accept_new(&allows, &findings, &accepted);
    cr_assert_str_eq(list(&findings), "");
    cr_assert_str_eq(list(&accepted), "10:7 DL094");
}

Test(check_allowed, an_agreed_one_accepts_and_is_told)
{
    add_allow(&allows.agreed, DHR_RULE_PHONE, "a", "note", 5);
    add_phone(10);
    accept_new(&allows, &findings, &accepted);
    cr_assert_str_eq(list(&findings), "10:7 DL115");
    cr_assert_str_eq(list(&accepted), "10:7 DL094");
    cr_assert_str_eq(findings.items[0].text,
                     "this looks like a phone number and is new, and the comment in line 5 was "
                     "agreed for what stood here before; take it out, or ask in a request of its "
                     "own that somebody else agrees");
}

Test(check_allowed, added_ones_come_first_and_each_accepts_one)
{
    add_allow(&allows.agreed, DHR_RULE_PHONE, "a", "note", 6);
    add_allow(&allows.added, DHR_RULE_PHONE, "a", "note", 5);
    add_allow(&allows.agreed, DHR_RULE_POSTCODE, "a", "note", 7);
    add_phone(10);
    add_phone(11);
    add_phone(12);
    accept_new(&allows, &findings, &accepted);
    cr_assert_str_eq(list(&findings), "11:7 DL115, 12:7 DL094");
    cr_assert_str_eq(list(&accepted), "10:7 DL094, 11:7 DL094");
}

/* In a state on the way, a comment counts that was there before or is there at the end. */
Test(check_allowed, comments_on_the_way)
{
    struct dhr_findings read = {0};
    struct dhr_ledger before = {0};
    struct dhr_ledger after = {0};
    const struct range_moves moves = {.after = &after, .arena = &arena};
    const struct range_changes changes = {.before = &before, .after = &after, .moves = &moves};
    const char *path = "reviews/x-2019/1.ini";
    add_allow(&before.findings, DHR_RULE_PHONE, path, "note", 5);
    add_allow(&before.findings, DHR_RULE_PHONE, "agencies/y.ini", "contact", 5);
    add_allow(&after.findings, DHR_RULE_PHONE, path, "note", 5);
    add_allow(&after.findings, DHR_RULE_POSTCODE, path, "note", 6);
    add_allow(&read, DHR_RULE_PHONE, path, "note", 8);
    add_allow(&read, DHR_RULE_POSTCODE, path, "note", 9);
    add_allow(&read, DHR_RULE_PHONE, path, "lead", 10);
    add_allow(&read, DHR_RULE_PHONE, path, "contact", 11);
    sort_past_allows(&changes, path, &read, &allows);
    cr_assert_eq(allows.agreed.allow_count, 1);
    cr_assert_eq(allows.agreed.allows[0].line, 8);
    cr_assert_eq(allows.added.allow_count, 1);
    cr_assert_eq(allows.added.allows[0].line, 9);
    dhr_findings_release(&read);
    dhr_ledger_release(&before);
    dhr_ledger_release(&after);
}
