#include "dhrledger/schema_text.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/kinds.h"
#include "dhrledger/schema.h"
#include "mdoc.h"

static const char *file_of(enum dhr_record_kind record)
{
    static const char *const files[] = {"reviews/REVIEW/review.ini", "reviews/REVIEW/NUMBER.ini",
                                        "agencies/AGENCY.ini", ".dhrledger.ini"};
    return files[record];
}

static const char *label_of(const struct dhr_section_def *section)
{
    static const char *const labels[] = {"", " ID", " ID N"};
    return labels[section->label];
}

/* "required, may repeat, never edited" */
static void add_flags(struct dhr_buf *out, const struct dhr_key *key)
{
    static const struct {
        unsigned flag;
        const char *text;
    } flags[] = {{DHR_KEY_REQUIRED, "required"},
                 {DHR_KEY_LIST, "may repeat"},
                 {DHR_KEY_IMMUTABLE, "never edited"}};
    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if (key->flags & flags[i].flag)
            dhr_buf_addf(out, ", %s", flags[i].text);
    }
}

static void add_words(struct dhr_buf *out, const struct dhr_key *key, const char *separator)
{
    for (size_t i = 0; key->words[i]; i++)
        dhr_buf_addf(out, "%s%s", i ? separator : "", key->words[i]);
}

void dhr_schema_add_text(struct dhr_buf *out)
{
    for (size_t s = 0; s < DHR_SECTIONS; s++) {
        const struct dhr_section_def *section = dhr_schema_section((enum dhr_section_id)s);
        size_t count = 0;
        const struct dhr_key *key = dhr_section_keys(section, &count);
        dhr_buf_addf(out, "%s[%s%s]  %s\n    %s\n", s ? "\n" : "", section->heading,
                     label_of(section), file_of(section->record), section->doc);
        for (; count; key++, count--) {
            dhr_buf_addf(out, "  %-20s  %s", key->name, dhr_type_name(key->type));
            add_flags(out, key);
            dhr_buf_addf(out, "\n      %s\n", key->doc);
            if (key->words[0]) {
                dhr_buf_adds(out, "      One of ");
                add_words(out, key, ", ");
                dhr_buf_adds(out, ".\n");
            }
        }
    }
    dhr_buf_adds(out, "\nKinds of agency, by words in a name (the first that fits)\n");
    size_t count = 0;
    const struct dhr_kind_word *word = dhr_kind_words(&count);
    for (; count; word++, count--)
        dhr_buf_addf(out, "  %-28s  %s\n", word->words, word->kind);
}

static json_t *json_key(const struct dhr_key *key)
{
    json_t *object = json_object();
    json_t *words = json_array();
    for (size_t i = 0; key->words[i]; i++)
        (void)json_array_append_new(words, json_string(key->words[i]));
    (void)json_object_set_new(object, "key", json_string(key->name));
    (void)json_object_set_new(object, "type", json_string(dhr_type_name(key->type)));
    if (key->words[0])
        (void)json_object_set_new(object, "words", json_incref(words));
    json_decref(words);
    (void)json_object_set_new(object, "required", json_boolean(key->flags & DHR_KEY_REQUIRED));
    (void)json_object_set_new(object, "list", json_boolean(key->flags & DHR_KEY_LIST));
    (void)json_object_set_new(object, "immutable", json_boolean(key->flags & DHR_KEY_IMMUTABLE));
    (void)json_object_set_new(object, "form", json_boolean(key->flags & DHR_KEY_FORM));
    (void)json_object_set_new(object, "published", json_boolean(key->flags & DHR_KEY_PUBLISHED));
    (void)json_object_set_new(object, "csv_heading", json_string(key->heading));
    (void)json_object_set_new(object, "json_name", json_string(key->json_name));
    (void)json_object_set_new(object, "doc", json_string(key->doc));
    return object;
}

static json_t *json_section(const struct dhr_section_def *section)
{
    static const char *const labels[] = {"none", "agency", "action"};
    json_t *object = json_object();
    json_t *keys = json_array();
    size_t count = 0;
    const struct dhr_key *key = dhr_section_keys(section, &count);
    for (; count; key++, count--)
        (void)json_array_append_new(keys, json_key(key));
    (void)json_object_set_new(object, "section", json_string(section->heading));
    (void)json_object_set_new(object, "label", json_string(labels[section->label]));
    (void)json_object_set_new(object, "record", json_string(dhr_record_kind_name(section->record)));
    (void)json_object_set_new(object, "file", json_string(file_of(section->record)));
    (void)json_object_set_new(object, "doc", json_string(section->doc));
    (void)json_object_set_new(object, "keys", keys);
    return object;
}

void dhr_schema_add_json(struct dhr_buf *out)
{
    json_t *root = json_object();
    json_t *sections = json_array();
    (void)json_object_set_new(root, "format", json_string("dhrledger.schema"));
    (void)json_object_set_new(root, "version", json_integer(1));
    for (size_t s = 0; s < DHR_SECTIONS; s++)
        (void)json_array_append_new(sections,
                                    json_section(dhr_schema_section((enum dhr_section_id)s)));
    (void)json_object_set_new(root, "sections", sections);
    char *text = json_dumps(root, JSON_INDENT(2));
    dhr_buf_adds(out, text ? text : "");
    dhr_buf_addc(out, '\n');
    free(text);
    json_decref(root);
}

/* "One of dhr, dardr or other.", each word a macro's line. */
static void add_mdoc_words(struct dhr_buf *out, const struct dhr_key *key)
{
    size_t count = 0;
    while (key->words[count])
        count++;
    if (!count)
        return;
    dhr_buf_adds(out, "One of\n");
    for (size_t i = 0; i < count; i++) {
        const char *after = i + 1 == count ? " ." : i + 2 == count ? "" : " ,";
        dhr_buf_addf(out, "%s.Cm %s%s\n", i > 0 && i + 1 == count ? "or\n" : "", key->words[i],
                     after);
    }
}

static void add_mdoc_key(struct dhr_buf *out, const struct dhr_key *key)
{
    bool any = strcmp(key->name, "*") == 0;
    dhr_buf_addf(out, ".It %s%s Pq %s", any ? "Em any " : "Cm ", any ? "key" : key->name,
                 dhr_type_name(key->type));
    add_flags(out, key);
    dhr_buf_addc(out, '\n');
    mdoc_add_text(out, key->doc);
    add_mdoc_words(out, key);
}

static void add_mdoc_section(struct dhr_buf *out, const struct dhr_section_def *section)
{
    static const char *const homes[] = {"a review", "a recommendation", "an agency",
                                        "the settings"};
    size_t count = 0;
    const struct dhr_key *key = dhr_section_keys(section, &count);
    dhr_buf_addf(out, ".Ss [%s%s] in %s\n", section->heading, label_of(section),
                 homes[section->record]);
    mdoc_add_text(out, section->doc);
    if (!count) {
        dhr_buf_adds(out, "It has no keys.\n");
        return;
    }
    dhr_buf_adds(out, ".Bl -tag -width Ds\n");
    for (; count; key++, count--)
        add_mdoc_key(out, key);
    dhr_buf_adds(out, ".El\n");
}

static void add_mdoc_kinds(struct dhr_buf *out)
{
    size_t count = 0;
    const struct dhr_kind_word *word = dhr_kind_words(&count);
    dhr_buf_adds(out, ".Ss Kinds of agency\n");
    mdoc_add_text(out, "An agency that an import makes is of the kind of the first row whose words "
                       "stand in its name, as whole words and in any case. Where no row fits, "
                       "its kind is unknown.");
    dhr_buf_adds(out, ".Bl -column \"clinical commissioning group\" \"nhs-commissioner\" -offset "
                      "indent\n.It Em words Ta Em kind\n");
    for (; count; word++, count--)
        dhr_buf_addf(out, ".It %s Ta Cm %s\n", word->words, word->kind);
    dhr_buf_adds(out, ".El\n");
}

void dhr_schema_add_mdoc(struct dhr_buf *out)
{
    for (size_t s = 0; s < DHR_SECTIONS; s++)
        add_mdoc_section(out, dhr_schema_section((enum dhr_section_id)s));
    add_mdoc_kinds(out);
}
