/* Comments that accept a finding: how they are read, and what each accepts. */
#include "dhrledger/allow.h"

#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>

#include "reading.h"

static struct reading r;

static void end(void)
{
    reading_end(&r);
}

TestSuite(allow, .fini = end);

/* "DL093 3-5 alias whole" for each comment that was read: its own line, the last one, and so on. */
static const char *comments(const char *text)
{
    struct dhr_buf shown = {0};
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_str_of(text));
    for (size_t i = 0; i < r.findings.allow_count; i++) {
        const struct dhr_allow *allow = &r.findings.allows[i];
        dhr_buf_addf(&shown, "%sDL%03d %u-%u%s%s%s", i ? ", " : "", (int)allow->rule, allow->line,
                     allow->last, *allow->above ? " " : "", allow->above,
                     allow->whole ? " whole" : "");
    }
    const char *kept = dhr_arena_dup(&r.arena, dhr_buf_cstr(&shown), shown.len);
    dhr_buf_release(&shown);
    return kept;
}

#define ALLOW "# dhrledger: allow DL093 because x y\n"

Test(allow, stands_above_a_key)
{
    cr_assert_str_eq(comments("[agency]\n" ALLOW "name = a\nkind = b\n"), "DL093 2-3 name");
    cr_assert_str_eq(r.findings.allows[0].reason, "x y");
    cr_assert_str_eq(r.findings.allows[0].path, "agencies/durham-constabulary.ini");
    reading_end(&r);
    cr_assert_str_eq(comments("[agency]\n" ALLOW "# note\n\nname =\n a\n# note\n b\n\nkind = b\n"),
                     "DL093 2-8 name");
    reading_end(&r);
    cr_assert_str_eq(comments("[agency]\nname =\n a\n" ALLOW " b\n c\n"), "DL093 4-6 name");
    reading_end(&r);
    cr_assert_str_eq(comments("[agency]\n" ALLOW ALLOW "name = a\n"),
                     "DL093 2-4 name, DL093 3-4 name");
}

Test(allow, stands_above_a_heading)
{
    cr_assert_str_eq(comments(ALLOW "[agency]\nname = a\n"), "DL093 1-2 agency whole");
    reading_end(&r);
    cr_assert_str_eq(comments("[agency]\nname = a\n\n" ALLOW "[agency]\nkind = b\n"),
                     "DL093 4-5 agency");
    reading_end(&r);
    cr_assert_str_eq(comments("[agency]\nname = a\n\n" ALLOW "\n[agency]\nkind = b\n"),
                     "DL093 4-5");
}

Test(allow, stands_above_the_file_or_nothing)
{
    cr_assert_str_eq(comments(ALLOW "\n# note\n[agency]\n"), "DL093 1-3 whole");
    reading_end(&r);
    cr_assert_str_eq(comments("[agency]\nname = a\n" ALLOW), "DL093 3-3");
    reading_end(&r);
    cr_assert_str_eq(comments(ALLOW), "DL093 1-1 whole");
    reading_end(&r);
    cr_assert_str_eq(comments("[agency]\n" ALLOW "what is this\n"), "DL093 2-3");
}

Test(allow, spellings)
{
    static const char *const good[] = {
        "#dhrledger:allow DL093 because x", ";\tdhrledger: \tallow  DL093\tbecause x",
        "  # dhrledger : allow DL093 because x  ", "# Dhrledger: Allow dl093 Because x",
        "# DHRLEDGER: ALLOW Dl093 BECAUSE x"};
    static const char *const other[] = {"# see dhrledger: allow DL093 because x", "# dhrledgers",
                                        "# dhrledger allows comments",
                                        "# Dhrledger Allows comments", "#"};
    for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
        cr_assert_str_eq(comments(good[i]), "DL093 1-1 whole", "%s", good[i]);
        cr_assert_str_eq(r.findings.allows[0].reason, "x", "%s", good[i]);
        cr_assert_str_eq(reading_findings(&r), "", "%s", good[i]);
        reading_end(&r);
    }
    for (size_t i = 0; i < sizeof(other) / sizeof(other[0]); i++) {
        cr_assert_str_eq(comments(other[i]), "", "%s", other[i]);
        cr_assert_str_eq(reading_findings(&r), "", "%s", other[i]);
        reading_end(&r);
    }
}

Test(allow, misspelt_ones_are_told)
{
    static const char *const bad[] = {"# dhrledger:",
                                      "# dhrledger: allow",
                                      "# dhrledger: allow DL",
                                      "# dhrledger: allow DL093",
                                      "# dhrledger: allow DL093 because",
                                      "# dhrledger: allow DL093 because \t",
                                      "# dhrledger: allow DL093 for x",
                                      "# dhrledger: allow DL093 becausex",
                                      "# dhrledger: allow DL006 because x",
                                      "# dhrledger: allow DL115 because x",
                                      "# dhrledger: allow dl09 because x",
                                      "# dhrledger: allow DL0930 because x",
                                      "# dhrledger: deny DL093 because x",
                                      "# Dhrledger Allow DL093 because x",
                                      "# dhrledger allow DL093 because x"};
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        cr_assert_str_eq(comments(bad[i]), "", "%s", bad[i]);
        cr_assert_str_eq(reading_findings(&r), "1:1 DL028", "%s", bad[i]);
        reading_end(&r);
    }
}

/* Each line's comment is about what comes next, however many there are above, below and between. */
Test(allow, many_in_one_file)
{
    enum { RUNS = 200, EACH = 7 };
    struct dhr_buf text = {0};
    for (size_t run = 0; run < RUNS; run++) {
        if (run % 50 == 0)
            dhr_buf_adds(&text, "[agency]\n");
        for (size_t i = 0; i < EACH; i++)
            dhr_buf_adds(&text, i == 3 ? "\n" ALLOW : ALLOW);
        dhr_buf_adds(&text, "alias = a\n b\n");
    }
    reading_begin(&r, DHR_RECORD_AGENCY, dhr_buf_str(&text));
    cr_assert_eq(r.findings.allow_count, RUNS * EACH);
    for (size_t i = 0; i < RUNS * EACH; i++) {
        size_t run = i / EACH;
        size_t begin = run * (EACH + 3) + run / 50 + 1; /* the lines above, and the headings */
        const struct dhr_allow *allow = &r.findings.allows[i];
        cr_assert_eq(allow->line, begin + i % EACH + (i % EACH >= 3) + 1, "%zu", i);
        cr_assert_eq(allow->last, begin + EACH + 3, "%zu", i);
        cr_assert_str_eq(allow->above, "alias", "%zu", i);
    }
    dhr_buf_release(&text);
}

/* What a rule is about decides: lines that can't be read, comments, changes. */
Test(allow, rules_that_none_accepts)
{
    size_t count = 0;
    const struct dhr_rule_info *rules = dhr_rules(&count);
    for (size_t i = 0; i < count; i++) {
        int number = (int)rules[i].rule;
        bool never = number <= 15 || number == 28 || number == 29 || number >= 100;
        cr_assert_eq(dhr_rule_never_allowed(rules[i].rule) != NULL, never, "DL%03d", number);
    }
}

static void add_allow(struct dhr_findings *to, const char *path, uint32_t line, uint32_t last,
                      bool whole)
{
    *DHR_PUSH(to->allows, to->allow_count, to->allow_capacity) =
        (struct dhr_allow){.rule = DHR_RULE_POSTCODE,
                           .path = path,
                           .reason = "why",
                           .above = "",
                           .line = line,
                           .last = last,
                           .whole = whole};
}

static void add(struct dhr_findings *to, enum dhr_rule rule, const char *path, uint32_t line)
{
    dhr_findings_add(to, rule, path, line, line ? 1 : 0, "text");
}

/* "a:5 DL093, …" */
static const char *places(const struct dhr_findings *findings)
{
    static char text[200];
    size_t len = 0;
    text[0] = '\0';
    for (size_t i = 0; i < findings->count; i++)
        len += (size_t)snprintf(text + len, sizeof(text) - len, "%s%s:%u DL%03d", i ? ", " : "",
                                findings->items[i].path, findings->items[i].line,
                                (int)findings->items[i].rule);
    return text;
}

Test(allow, accepts_one_each)
{
    struct dhr_findings findings = {0};
    struct dhr_findings accepted = {0};
    add_allow(&findings, "b", 4, 6, false);
    add_allow(&findings, "a", 9, 12, false);
    add_allow(&findings, "b", 3, 6, false);
    add_allow(&findings, "b", 1, 2, true);
    /* Out of order, as threads find them. */
    add(&findings, DHR_RULE_POSTCODE, "b", 6);
    add(&findings, DHR_RULE_POSTCODE, "b", 5);
    add(&findings, DHR_RULE_POSTCODE, "b", 6);
    add(&findings, DHR_RULE_PHONE, "b", 5);
    add(&findings, DHR_RULE_POSTCODE, "b", 7);
    add(&findings, DHR_RULE_POSTCODE, "b", 3);
    add(&findings, DHR_RULE_POSTCODE, "b", 0);
    add(&findings, DHR_RULE_POSTCODE, "c", 5);
    dhr_findings_accept(&findings, &findings, &accepted);
    cr_assert_str_eq(places(&accepted), "b:0 DL093, b:5 DL093, b:6 DL093");
    cr_assert_str_eq(places(&findings), "b:3 DL093, b:5 DL094, b:6 DL093, b:7 DL093, c:5 DL093");
    cr_assert_str_eq(accepted.items[1].reason, "why");
    cr_assert_eq(accepted.items[0].allowed_at, 1);
    cr_assert_eq(accepted.items[1].allowed_at, 4, "the nearest");
    cr_assert_eq(accepted.items[2].allowed_at, 3);
    findings.count = 0;
    dhr_findings_add_unused(&findings, &findings, &accepted);
    cr_assert_str_eq(places(&findings), "a:9 DL029");
    dhr_findings_release(&findings);
    dhr_findings_release(&accepted);
}

/* Comments of two codes mixed, each spent from below, until none is left. */
Test(allow, many_accept_many)
{
    enum { MANY = 500 };
    struct dhr_findings findings = {0};
    struct dhr_findings accepted = {0};
    for (uint32_t i = 0; i < MANY; i++) {
        add_allow(&findings, "a", i + 1, MANY * 3, i == 0);
        if (i % 2)
            findings.allows[i].rule = DHR_RULE_PHONE;
        add(&findings, DHR_RULE_PHONE, "a", MANY + i + 1);
    }
    add(&findings, DHR_RULE_POSTCODE, "a", 0);
    dhr_findings_accept(&findings, &findings, &accepted);
    cr_assert_eq(accepted.count, MANY / 2 + 1);
    cr_assert_eq(findings.count, MANY / 2);
    cr_assert_eq(findings.items[0].line, MANY + MANY / 2 + 1, "the first ones are accepted");
    cr_assert_eq(accepted.items[0].allowed_at, 1, "about the file");
    for (uint32_t i = 1; i <= MANY / 2; i++)
        cr_assert_eq(accepted.items[i].allowed_at, MANY - 2 * (i - 1));
    dhr_findings_release(&findings);
    dhr_findings_release(&accepted);
}

Test(allow, nobody_may_ask_for_what_is_accepted)
{
    struct dhr_findings findings = {0};
    struct dhr_findings from = {0};
    add_allow(&from, "a", 1, 2, false);
    add(&findings, DHR_RULE_POSTCODE, "a", 2);
    dhr_findings_accept(&findings, &from, NULL);
    cr_assert_eq(findings.count, 0);
    dhr_findings_take(&findings, &from);
    cr_assert_eq(findings.allow_count, 1, "comments go along with findings");
    dhr_findings_release(&findings);
    cr_assert_eq(findings.allow_count, 0);
}
