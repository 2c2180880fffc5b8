/* Queries: how arguments become terms, what is refused and where, and what terms find. */
#include "dhrledger/query.h"

#include <criterion/criterion.h>
#include <string.h>

#include "dhrledger/ini.h"

static struct dhr_arena arena;
static struct dhr_ledger ledger;
static struct dhr_subject subject; /* the agency's section of the recommendation */
static struct dhr_subject action;  /* the action below it */

static const struct dhr_record *record(enum dhr_record_kind kind, const char *path,
                                       const char *text)
{
    struct dhr_ini *ini = dhr_arena_zalloc(&arena, sizeof(*ini));
    struct dhr_findings findings = {0};
    dhr_ini_parse(ini, kind, path, dhr_str_of(text), &findings);
    const struct dhr_record *read = dhr_ini_record(ini, &arena, &findings);
    cr_assert_eq(findings.count, 0, "%s: %s", path,
                 findings.count ? findings.items[0].text : "no finding");
    dhr_findings_release(&findings);
    dhr_ini_release(ini);
    return read;
}

static struct dhr_records one(const struct dhr_record *item)
{
    struct dhr_records all = {dhr_arena_alloc(&arena, sizeof(all.items[0])), 1};
    all.items[0] = item;
    return all;
}

static void make_subjects(void)
{
    const struct dhr_record *recommendation = ledger.recommendations.items[0];
    subject = (struct dhr_subject){.ledger = &ledger, .recommendation = recommendation};
    for (size_t i = 0; i < recommendation->section_count; i++) {
        const struct dhr_section *section = &recommendation->sections[i];
        if (section->def->id == DHR_SECTION_ADDRESSEE)
            subject.addressee = subject.section = section;
        if (section->def->id == DHR_SECTION_ACTION) {
            action = subject;
            action.section = section;
        }
    }
    subject.standing = (struct dhr_standing){.progress = DHR_IN_PROGRESS, .rag = DHR_RAG_RED};
    subject.overdue = true;
    action.standing = (struct dhr_standing){.progress = DHR_IMPLEMENTED, .rag = DHR_RAG_BLUE};
}

static void begin(void)
{
    struct dhr_err err = {0};
    cr_assert_eq(dhr_ini_init(&err), 0, "%s", err.text);
    ledger = (struct dhr_ledger){0};
    ledger.reviews = one(record(DHR_RECORD_REVIEW, "reviews/durham-2012/review.ini",
                                "[review]\ntitle = Durham\ncsp = Durham\ncsp = Darlington\n"
                                "published = 2023-04\nyear-of-death = 2012\nsource = Test\n"));
    ledger.agencies = one(record(DHR_RECORD_AGENCY, "agencies/durham-constabulary.ini",
                                 "[agency]\nname = Durham Constabulary\nalias = Police, Durham\n"
                                 "alias = DurPol\nkind = police\n"));
    ledger.recommendations =
        one(record(DHR_RECORD_RECOMMENDATION, "reviews/durham-2012/10.2.1.ini",
                   "[recommendation]\nnumber = 10.2.1\naddressed-to = Durham Constabulary\n"
                   "text =\n  Each risk assessment asks about firearms.\n  .\n"
                   "  The café’s staff, too: none is left out.\n"
                   "scope = local\ntheme = firearms\ntheme = risk, assessed\n"
                   "[agency durham-constabulary]\nresponse = partly-accepted\n"
                   "responded-on = 2026-05\nstatus = in-progress\nlead = Head of Licensing\n"
                   "action = Review all files.\ndue = 2027-03\noutcome = Half of them.\n"
                   "note = 2026-10-02 Trainer fell ill.\nnote = 2026-11-04 And is back.\n"
                   "[action durham-constabulary 1]\naction = Count the files.\ndue = 2026-10-31\n"
                   "status = implemented\nimplemented-on = 2026-10-30\n"));
    make_subjects();
}

static void end(void)
{
    dhr_arena_release(&arena);
}

TestSuite(query, .init = begin, .fini = end);

/* Whether the arguments, ended by NULL, find it. */
static bool finds_all(const struct dhr_subject *it, const char *const *arguments)
{
    struct dhr_query query = {0};
    struct dhr_err err = {0};
    for (; *arguments; arguments++)
        cr_assert_eq(dhr_query_add(&query, *arguments, &arena, &err), 0, "%s", err.text);
    return dhr_query_matches(&query, it);
}

static bool finds(const char *argument)
{
    const char *const arguments[] = {argument, NULL};
    return finds_all(&subject, arguments);
}

static void yes(const char *argument)
{
    cr_assert(finds(argument), "<%s> doesn't find it", argument);
}

static void no(const char *argument)
{
    cr_assert_not(finds(argument), "<%s> finds it", argument);
}

/* Refused with that sentence, and a mark below the column (from 0, in terminal columns). */
static void refused(const char *argument, int column, const char *sentence)
{
    struct dhr_query query = {0};
    struct dhr_err err = {0};
    struct dhr_buf wanted = {0};
    cr_assert_lt(dhr_query_add(&query, argument, &arena, &err), 0, "<%s> is taken", argument);
    dhr_buf_addf(&wanted, "%s\n  %s\n  %*s^", sentence, argument, column, "");
    cr_assert_str_eq(err.text, dhr_buf_cstr(&wanted), "<%s> is refused with\n%s", argument,
                     err.text);
    cr_assert_eq(err.status, DHR_USAGE, "<%s> is refused with status %d", argument, err.status);
    dhr_buf_release(&wanted);
}

Test(query, nothing_finds_everything)
{
    yes("");
    yes("   ");
    yes(" \t\n");
}

Test(query, fields_are_told_from_words)
{
    yes("status:in-progress");
    no("status:open");
    yes("firearms");
    no("knives");
    yes("FIREARMS");
    yes("rearm");
    no("10:30"); /* no field begins with a digit, so this is a word */
    no(":firearms");
    yes("\"firearms\"");
    no("\"theme:firearms\"");
}

Test(query, unknown_fields)
{
    refused("statu:open", 0, "\"statu:\" is no field of a query; did you mean \"status:\"?");
    refused("Status:open", 0, "\"Status:\" is no field of a query; did you mean \"status:\"?");
    refused("theem:x", 0, "\"theem:\" is no field of a query; did you mean \"theme:\"?");
    refused("addressed_to:x", 0,
            "\"addressed_to:\" is no field of a query; did you mean \"addressed-to:\"?");
    refused("colour:red", 0, "\"colour:\" is no field of a query; dhrledger-query(7) lists them");
    refused("x:y", 0, "\"x:\" is no field of a query; dhrledger-query(7) lists them");
    refused("firearms x:y", 9, "\"x:\" is no field of a query; dhrledger-query(7) lists them");
    refused("-x:y", 1, "\"x:\" is no field of a query; dhrledger-query(7) lists them");
    refused("text:see http://example", 9,
            "\"http:\" is no field of a query; dhrledger-query(7) lists them");
}

Test(query, columns_are_those_of_the_terminal)
{
    refused("lead:Zo\u00eb x:y", 9, "\"x:\" is no field of a query; dhrledger-query(7) lists them");
    refused("\u8b66\u5bdf x:y", 5, "\"x:\" is no field of a query; dhrledger-query(7) lists them");
}

Test(query, control_characters_are_shown_as_such)
{
    struct dhr_query query = {0};
    struct dhr_err err = {0};
    cr_assert_lt(dhr_query_add(&query, "a\tx:y", &arena, &err), 0, "taken");
    cr_assert_str_eq(err.text,
                     "\"x:\" is no field of a query; dhrledger-query(7) lists them\n"
                     "  a<U+0009>x:y\n           ^",
                     "%s", err.text);
}

/* Nothing would be found by it, and without a word. */
Test(query, bytes_that_are_not_utf8)
{
    struct dhr_query query = {0};
    struct dhr_err err = {0};
    cr_assert_lt(dhr_query_add(&query, "text:caf\xC3 status:open", &arena, &err), 0, "taken");
    cr_assert_str_eq(err.text, "not UTF-8 here, so nothing could be found by it\n"
                               "  text:caf<0xC3> status:open\n"
                               "          ^");
    cr_assert_null(query.terms, "a term is there");
}

Test(query, missing_values)
{
    refused("status:", 7, "a value is missing here");
    refused("-", 1, "a value is missing here");
    refused("firearms -", 10, "a value is missing here");
    refused("text:a,", 7, "a value is missing here");
    refused("text:,a", 5, "a value is missing here");
    refused("text:a,,b", 7, "a value is missing here");
    refused(",", 0, "a value is missing here");
    refused("text:\"\"", 5, "a value is missing here");
    refused("text:\"  \"", 5, "a value is missing here");
    refused("text:a, text:b", 7, "a value is missing here");
}

Test(query, quotes)
{
    yes("text:\"risk assessment\"");
    yes("\"risk assessment\"");
    no("\"assessment risk\"");
    yes("theme:\"risk, assessed\"");
    yes("theme:\"nothing\",\"risk, assessed\"");
    no("theme:nothing,\"risk,assessed\"");
    yes("  theme:firearms   text:\"asks about\"  lead:licensing ");
    no("theme:firearms text:\"asks for\"");
}

Test(query, bad_quotes)
{
    refused("text:\"risk", 5, "this quote is never closed");
    refused("\"risk", 0, "this quote is never closed");
    refused("theme:a,\"b", 8, "this quote is never closed");
    refused("\"\"\"", 0, "a value is missing here");
    refused("text:\"a\"b", 8, "a space or comma belongs here");
    refused("\"a\"\"b\"", 3, "a space or comma belongs here");
    refused("text:\"a\"text:b", 8, "a space or comma belongs here");
}

/* The shell takes quotes away; what it leaves of one quoted value is one term. */
Test(query, one_term_arguments)
{
    yes("text:risk assessment");
    no("text:assessment risk");
    yes("-text:assessment risk");
    no("-text:risk assessment");
    yes("lead:head of licensing");
    yes("agency:Durham Constabulary");
    no("agency:Durham");
    yes("theme:nothing, firearms"); /* a comma is one all the same */
    yes("text:about firearms  ");
    refused(
        "status:open firearms", 7,
        "status is one of open, in-progress, partly-implemented, implemented, verified, closed");
}

Test(query, arguments_of_several_terms)
{
    yes("text:assessment theme:firearms");
    no("text:assessment theme:knives");
    yes("text:assessment -knives");
    no("text:assessment -firearms");
    yes("risk assessment");
    yes("assessment risk"); /* two words, for no field begins it */
    yes("text:assessment \"risk\"");
    yes("assessment\ttheme:firearms\nrisk");
}

Test(query, commas_are_or)
{
    yes("status:open,in-progress");
    yes("status:in-progress,open");
    no("status:open,closed");
    yes("knives,firearms");
    no("knives,swords");
    yes("due:2025,2027-03,2029");
}

Test(query, terms_are_and)
{
    const char *const both[] = {"theme:firearms", "theme:assessed", "risk", NULL};
    const char *const one_fails[] = {"theme:firearms", "theme:knives", "risk", NULL};
    cr_assert(finds_all(&subject, both), "all hold");
    cr_assert_not(finds_all(&subject, one_fails), "one doesn't hold");
}

Test(query, negation)
{
    no("-status:in-progress");
    yes("-status:open,closed");
    no("-status:open,in-progress");
    no("-firearms");
    yes("-knives");
    no("-\"risk assessment\"");
    yes("-text:\"assessment risk\"");
    yes("-lead:none");
    yes("--firearms-"); /* the word -firearms- is nowhere */
}

Test(query, words_a_field_can_be)
{
    refused(
        "status:opne", 7,
        "status is one of open, in-progress, partly-implemented, implemented, verified, closed");
    refused(
        "status:open,opne", 12,
        "status is one of open, in-progress, partly-implemented, implemented, verified, closed");
    refused("-overdue:maybe", 9, "overdue is one of yes, no");
    refused("rag:orange", 4, "rag is one of red, amber, green, blue, grey");
    refused("missing:due", 8, "missing is one of response, lead, target");
    refused("scope:Local", 6, "scope is one of local, regional, national");
    refused("kind:police", 5, "kind is one of single-agency, multi-agency, process");
    refused("priority:high", 9, "priority is one of yes, no");
    refused("extraction:human", 11, "extraction is one of machine, checked");
    refused("response:no", 9,
            "response is one of none, accepted, accepted-in-principle, partly-accepted, "
            "not-accepted");
    refused("agency-kind:fire", 12,
            "agency-kind is one of police, nhs-provider, nhs-commissioner, council, probation, "
            "voluntary, housing, education, partnership, government, other, unknown");
    refused("closed-reason:done", 14,
            "closed-reason is one of already-in-place, alternative-action, not-accepted, "
            "superseded, not-applicable, abandoned");
}

Test(query, states_are_never_none)
{
    refused(
        "status:none", 7,
        "status is one of open, in-progress, partly-implemented, implemented, verified, closed");
    refused("overdue:none", 8, "overdue is one of yes, no");
    refused("rag:none", 4, "rag is one of red, amber, green, blue, grey");
}

Test(query, none)
{
    yes("verified-on:none");
    no("due:none");
    yes("due:none,2027");
    yes("-due:none");
    yes("priority:none");
    no("priority:yes,no");
    no("theme:none");
    no("response:none");
    no("agency:none");
    yes("none"); /* "none is left out" */
    yes("text:\"none\"");
    no("text:none");
    yes("closed-reason:none");
}

Test(query, bad_dates)
{
    static const char *const bad =
        "not a date or range; write 2027, 2027-03, 2027-03-31, ..2027-03 or 2026-01..2026-06";
    static const char *const values[] = {"soon",
                                         "27",
                                         "2027-13",
                                         "2027-02-29",
                                         "2027-3",
                                         "..",
                                         "2027..2026",
                                         "2026..2027..",
                                         "*",
                                         "2027*",
                                         "1899",
                                         "2200",
                                         "2027-03-31..x",
                                         "x..2027-03-31",
                                         "2026...2027",
                                         "2027-03-32",
                                         "31.3.2027",
                                         "2027-04..2027-03"};
    for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
        struct dhr_buf argument = {0};
        dhr_buf_addf(&argument, "due:2026,%s", values[i]);
        refused(dhr_buf_cstr(&argument), 9, bad);
        dhr_buf_release(&argument);
    }
    refused("year:two", 5, bad);
    refused("published:none,never", 15, bad);
}

/* A target of 2027-03 counts as 31 March 2027. */
Test(query, ranges)
{
    yes("due:2027");
    yes("due:2027-03");
    yes("due:2027-03-31");
    no("due:2027-03-30");
    no("due:2026");
    yes("due:..2027-03-31");
    no("due:..2027-03-30");
    yes("due:..2027-03");
    yes("due:2027-03-31..");
    no("due:2027-04..");
    yes("due:2027-03..2027-03");
    yes("due:2026..2028-01-01");
    no("due:2026..2027-02");
    yes("due:\"2026..2027-03\"");
    yes("year:..2012");
    yes("published:2023-04-30");
    yes("responded-on:2026-05..2026-06");
}

Test(query, globs)
{
    yes("number:10.2.*");
    no("number:10.3.*");
    no("number:10.2");
    yes("number:*");
    yes("number:1*2*1");
    no("number:1*3*1");
    yes("id:*/10.2.1");
    yes("review:durham-*");
    no("review:*-201");
    yes("agency:*constab*");
    yes("status:*progress");
    no("status:*implemented");
    yes("lead:*");
    no("verified-on:none -lead:*");
    yes("theme:fire*");
    no("theme:arms*");
    no("fire*");
    yes("*fire*");
    yes("\"*risk*firearms*\"");
    no("\"*firearms*risk*\"");
    yes("theme:**firearms**");
}

Test(query, case_accents_and_white_space)
{
    yes("lead:LICENSING");
    yes("agency:DURHAM-constabulary");
    yes("CAFE");
    yes("caf\u00e9");
    yes("cafe\u0301");
    yes("\"risk   assessment\"");
    yes("text:\" firearms. \"");
    yes("number:\" 10.2.1 \"");
    yes("text:firearms. the"); /* a new paragraph is white space too */
}

Test(query, agencies)
{
    yes("agency:durham-constabulary");
    yes("agency:durpol");
    yes("agency:kmpt,durpol");
    yes("agency:\"Police, Durham\"");
    no("agency:police");
    yes("agency-kind:police");
    no("agency-kind:council,none");
}

Test(query, states)
{
    yes("overdue:yes");
    no("overdue:no");
    yes("rag:red");
    no("rag:amber,green,blue,grey");
    yes("missing:none");
    no("missing:response,lead,target");
    no("missing:*");
}

Test(query, reviews)
{
    yes("csp:darlington");
    yes("csp:durham");
    yes("csp:darlington csp:durham");
    no("csp:kent");
    yes("review:durham-2012");
    no("review:durham");
    yes("year:2012");
}

/* An action's own fields, and its agency's for what it has none of. */
Test(query, actions)
{
    static const struct {
        const char *argument;
        bool found;
    } cases[] = {{"status:implemented", true},
                 {"status:in-progress", false},
                 {"overdue:no", true},
                 {"rag:blue", true},
                 {"due:2026-10-31", true},
                 {"due:2027", false},
                 {"action:count", true},
                 {"action:review", false},
                 {"implemented-on:2026-10", true},
                 {"outcome:none", true},
                 {"outcome:half", false},
                 {"lead:licensing", true},
                 {"response:partly-accepted", true},
                 {"note:ill", true},
                 {"firearms", true},
                 {"agency:durpol", true}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *const arguments[] = {cases[i].argument, NULL};
        cr_assert_eq(finds_all(&action, arguments), cases[i].found, "%s", cases[i].argument);
    }
}

Test(query, unknown_agency_and_review)
{
    ledger.agencies.count = 0;
    ledger.reviews.count = 0;
    yes("agency:durham-constabulary");
    no("agency:durpol");
    yes("agency-kind:none");
    yes("csp:none");
    yes("year:none review:durham-2012");
}

Test(query, a_refused_argument_adds_nothing)
{
    struct dhr_query query = {0};
    struct dhr_err err = {0};
    cr_assert_lt(dhr_query_add(&query, "knives:", &arena, &err), 0, "taken");
    cr_assert_null(query.terms, "a term is there");
    cr_assert(dhr_query_matches(&query, &subject), "an empty query finds all");
}

Test(query, fields_are_listed)
{
    size_t count = 0;
    for (; dhr_query_field_name(count); count++) {
        cr_assert(dhr_query_field_doc(count)[0], "%s says what it is", dhr_query_field_name(count));
        for (size_t i = 0; i < count; i++)
            cr_assert_str_neq(dhr_query_field_name(i), dhr_query_field_name(count), "twice");
    }
    cr_assert_geq(count, 30, "only %zu", count);
}
