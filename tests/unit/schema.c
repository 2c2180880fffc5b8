/* The schema table: its order, and finding keys, sections and words in it. */
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/kinds.h"
#include "dhrledger/schema.h"
#include "dhrledger/standing.h"

static struct dhr_str s(const char *text)
{
    return dhr_str_of(text);
}

Test(schema, rows_stand_at_their_ids)
{
    for (int id = 0; id < DHR_KEYS; id++)
        cr_assert_eq(dhr_schema_key((enum dhr_key_id)id)->id, id, "key %d", id);
    for (int id = 0; id < DHR_SECTIONS; id++)
        cr_assert_eq(dhr_schema_section((enum dhr_section_id)id)->id, id, "section %d", id);
}

/* Each key belongs to one section, in whose run of keys it stands. */
Test(schema, sections_share_out_the_keys)
{
    int next = 0;
    for (int id = 0; id < DHR_SECTIONS; id++) {
        size_t count = 99;
        const struct dhr_key *key =
            dhr_section_keys(dhr_schema_section((enum dhr_section_id)id), &count);
        for (size_t i = 0; i < count; i++) {
            cr_assert_eq(key[i].id, next++, "%s", key[i].name);
            cr_assert_eq(key[i].section, id, "%s", key[i].name);
        }
    }
    cr_assert_eq(next, DHR_KEYS);
}

Test(schema, names_are_as_the_dialect_wants_them)
{
    for (int id = 0; id < DHR_KEYS; id++) {
        const struct dhr_key *key = dhr_schema_key((enum dhr_key_id)id);
        cr_assert(strcmp(key->name, "*") == 0 ||
                      strspn(key->name, "abcdefghijklmnopqrstuvwxyz-") == strlen(key->name),
                  "%s", key->name);
        cr_assert(strspn(key->json_name, "abcdefghijklmnopqrstuvwxyz_") == strlen(key->json_name),
                  "%s", key->json_name);
        cr_assert(key->heading[0] && key->doc[0] && key->doc[strlen(key->doc) - 1] == '.', "%s",
                  key->name);
        cr_assert_eq(key->type == DHR_TYPE_WORD, key->words[0] != NULL, "%s", key->name);
    }
}

Test(schema, no_name_stands_twice_in_a_section)
{
    for (int a = 0; a < DHR_KEYS; a++) {
        for (int b = a + 1; b < DHR_KEYS; b++) {
            const struct dhr_key *x = dhr_schema_key((enum dhr_key_id)a);
            const struct dhr_key *y = dhr_schema_key((enum dhr_key_id)b);
            cr_assert(x->section != y->section || (strcmp(x->name, y->name) != 0 &&
                                                   strcmp(x->json_name, y->json_name) != 0),
                      "%s", x->name);
        }
    }
}

Test(schema, find_sections)
{
    cr_assert_eq(dhr_schema_find(DHR_RECORD_RECOMMENDATION, s("agency"), true)->id,
                 DHR_SECTION_ADDRESSEE);
    cr_assert_eq(dhr_schema_find(DHR_RECORD_AGENCY, s("agency"), false)->id, DHR_SECTION_AGENCY);
    cr_assert_eq(dhr_schema_find(DHR_RECORD_RECOMMENDATION, s("action"), true)->id,
                 DHR_SECTION_ACTION);
    cr_assert_null(dhr_schema_find(DHR_RECORD_RECOMMENDATION, s("agency"), false));
    cr_assert_null(dhr_schema_find(DHR_RECORD_AGENCY, s("agency"), true));
    cr_assert_null(dhr_schema_find(DHR_RECORD_REVIEW, s("recommendation"), false));
    cr_assert_null(dhr_schema_find(DHR_RECORD_REVIEW, s("Review"), false));
    cr_assert_null(dhr_schema_find(DHR_RECORD_REVIEW, s(""), false));
}

Test(schema, find_keys)
{
    const struct dhr_section_def *addressee = dhr_schema_section(DHR_SECTION_ADDRESSEE);
    cr_assert_eq(dhr_section_find_key(addressee, s("due"))->id, DHR_KEY_ADDRESSEE_DUE);
    cr_assert_eq(dhr_section_find_key(addressee, s("due-original"))->id,
                 DHR_KEY_ADDRESSEE_DUE_ORIGINAL);
    cr_assert_null(dhr_section_find_key(addressee, s("du")));
    cr_assert_null(dhr_section_find_key(addressee, s("text")));
    cr_assert_null(dhr_section_find_key(addressee, s("*")));
    cr_assert_null(dhr_section_find_key(dhr_schema_section(DHR_SECTION_PUBLISH), s("x")));
    cr_assert_eq(dhr_section_find_key(dhr_schema_section(DHR_SECTION_PEOPLE), s("a@b.example"))->id,
                 DHR_KEY_PEOPLE_AUTHOR);
}

Test(schema, keys_of_a_kind_of_record)
{
    cr_assert(dhr_schema_has_key(DHR_RECORD_RECOMMENDATION, s("text")));
    cr_assert(dhr_schema_has_key(DHR_RECORD_RECOMMENDATION, s("due")));
    cr_assert_not(dhr_schema_has_key(DHR_RECORD_RECOMMENDATION, s("title")));
    cr_assert_not(dhr_schema_has_key(DHR_RECORD_AGENCY, s("due")));
    cr_assert_not(dhr_schema_has_key(DHR_RECORD_AGENCY, s("")));
}

Test(schema, suggestions)
{
    const struct dhr_section_def *addressee = dhr_schema_section(DHR_SECTION_ADDRESSEE);
    cr_assert_str_eq(dhr_section_suggest(addressee, s("stauts")), "status");
    cr_assert_str_eq(dhr_section_suggest(addressee, s("Lead")), "lead");
    cr_assert_str_eq(dhr_section_suggest(addressee, s("implemented_on")), "implemented-on");
    cr_assert_str_eq(dhr_section_suggest(addressee, s("due-orignal")), "due-original");
    /* Near is a third of the name's length, and one more. */
    cr_assert_str_eq(dhr_section_suggest(addressee, s("lxxd")), "lead");
    cr_assert_null(dhr_section_suggest(addressee, s("xxxd")));
    cr_assert_null(dhr_section_suggest(addressee, s("favourite-colour")));
    cr_assert_null(dhr_section_suggest(dhr_schema_section(DHR_SECTION_PUBLISH), s("name")));
    cr_assert_str_eq(dhr_schema_suggest_section(DHR_RECORD_RECOMMENDATION, s("recomendation")),
                     "recommendation");
    cr_assert_null(dhr_schema_suggest_section(DHR_RECORD_REVIEW, s("zzz")));
    const struct dhr_key *status = dhr_schema_key(DHR_KEY_ADDRESSEE_STATUS);
    cr_assert_str_eq(dhr_key_suggest_word(status, s("inprogress")), "in-progress");
    cr_assert_str_eq(dhr_key_suggest_word(status, s("Closed")), "closed");
    cr_assert_null(dhr_key_suggest_word(status, s("finished")));
    cr_assert_null(dhr_key_suggest_word(dhr_schema_key(DHR_KEY_ADDRESSEE_LEAD), s("x")));
}

Test(schema, words)
{
    const struct dhr_key *status = dhr_schema_key(DHR_KEY_ADDRESSEE_STATUS);
    cr_assert_eq(dhr_key_word_index(status, s("open")), 0);
    cr_assert_eq(dhr_key_word_index(status, s("closed")), 5);
    cr_assert_eq(dhr_key_word_index(status, s("Open")), -1);
    cr_assert_eq(dhr_key_word_index(status, s("")), -1);
}

/* enum dhr_progress and the schema's words must name the same things in the same order. */
Test(schema, progress_is_in_the_order_of_its_words)
{
    static const char *const names[DHR_PROGRESS_COUNT] = {[DHR_OPEN] = "open",
                                                          [DHR_IN_PROGRESS] = "in-progress",
                                                          [DHR_PARTLY_IMPLEMENTED] =
                                                              "partly-implemented",
                                                          [DHR_IMPLEMENTED] = "implemented",
                                                          [DHR_VERIFIED] = "verified",
                                                          [DHR_CLOSED] = "closed"};
    const char *const *words = dhr_schema_key(DHR_KEY_ADDRESSEE_STATUS)->words;
    for (int i = 0; i < DHR_PROGRESS_COUNT; i++) {
        cr_assert_str_eq(words[i], names[i]);
        cr_assert_str_eq(dhr_progress_name((enum dhr_progress)i), names[i]);
    }
    cr_assert_null(words[DHR_PROGRESS_COUNT]);
}

/* An action's statuses are three of an agency's. */
Test(schema, actions_have_three_statuses)
{
    const char *const *words = dhr_schema_key(DHR_KEY_ACTION_STATUS)->words;
    cr_assert_str_eq(words[0], "open");
    cr_assert_str_eq(words[1], "in-progress");
    cr_assert_str_eq(words[2], "implemented");
    cr_assert_null(words[3]);
}

Test(schema, kinds_of_agencies_are_words)
{
    size_t count = 0;
    const struct dhr_kind_word *row = dhr_kind_words(&count);
    const struct dhr_key *kind = dhr_schema_key(DHR_KEY_AGENCY_KIND);
    for (; count; row++, count--)
        cr_assert_geq(dhr_key_word_index(kind, s(row->kind)), 0, "%s", row->kind);
    cr_assert_geq(dhr_key_word_index(kind, s("unknown")), 0);
}

Test(schema, names_of_types_and_kinds)
{
    for (int type = DHR_TYPE_TEXT; type <= DHR_TYPE_FORMER; type++)
        cr_assert_not_null(dhr_type_name((enum dhr_type)type), "type %d", type);
    cr_assert_str_eq(dhr_type_name(DHR_TYPE_DATED), "dated");
    cr_assert_str_eq(dhr_record_kind_name(DHR_RECORD_SETTINGS), "settings");
    cr_assert_str_eq(dhr_record_kind_name(DHR_RECORD_RECOMMENDATION), "recommendation");
}
