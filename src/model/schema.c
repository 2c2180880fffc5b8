#include "dhrledger/schema.h"

#include <stdint.h>
#include <string.h>

/* Flags as schema.def writes them. */
enum {
    R = DHR_KEY_REQUIRED,
    L = DHR_KEY_LIST,
    I = DHR_KEY_IMMUTABLE,
    F = DHR_KEY_FORM,
    P = DHR_KEY_PUBLISHED,
    H = DHR_KEY_HAPPENED
};

#define WORDS(name, ...) static const char *const words_##name[] = {__VA_ARGS__, NULL};
#define SECTION(...)
#define KEY(...)
#include "dhrledger/schema.def"
#undef WORDS
#undef SECTION
#undef KEY

static const struct dhr_key keys[] = {
#define WORDS(...)
#define SECTION(...)
#define KEY(section, name, key, type, words, flags, heading, json_name, doc)                       \
    {DHR_KEY_##section##_##name,                                                                   \
     DHR_SECTION_##section,                                                                        \
     key,                                                                                          \
     sizeof(key) - 1,                                                                              \
     DHR_TYPE_##type,                                                                              \
     words_##words,                                                                                \
     flags,                                                                                        \
     heading,                                                                                      \
     json_name,                                                                                    \
     doc},
#include "dhrledger/schema.def"
#undef WORDS
#undef SECTION
#undef KEY
};

static const struct dhr_section_def sections[] = {
#define WORDS(...)
#define KEY(...)
#define SECTION(name, record, heading, label, doc)                                                 \
    {DHR_SECTION_##name, DHR_RECORD_##record, heading, DHR_LABEL_##label, doc},
#include "dhrledger/schema.def"
#undef WORDS
#undef SECTION
#undef KEY
};

/* Where each section's keys begin, and where the last one's end. */
static const int first_keys[] = {
#define WORDS(...)
#define KEY(...)
#define SECTION(name, ...) DHR_FIRST_KEY_##name,
#include "dhrledger/schema.def"
#undef WORDS
#undef SECTION
#undef KEY
    DHR_KEYS};

const struct dhr_section_def *dhr_schema_section(enum dhr_section_id id)
{
    return &sections[id];
}

const struct dhr_key *dhr_schema_key(enum dhr_key_id id)
{
    return &keys[id];
}

const struct dhr_key *dhr_section_keys(const struct dhr_section_def *section, size_t *count)
{
    *count = (size_t)(first_keys[section->id + 1] - first_keys[section->id]);
    return &keys[first_keys[section->id]];
}

const struct dhr_section_def *dhr_schema_find(enum dhr_record_kind record, struct dhr_str heading,
                                              bool labelled)
{
    for (size_t i = 0; i < DHR_SECTIONS; i++) {
        const struct dhr_section_def *section = &sections[i];
        if (section->record == record && dhr_str_is(heading, section->heading) &&
            labelled == (section->label != DHR_LABEL_NONE))
            return section;
    }
    return NULL;
}

const struct dhr_key *dhr_section_find_key(const struct dhr_section_def *section,
                                           struct dhr_str name)
{
    size_t count = 0;
    const struct dhr_key *key = dhr_section_keys(section, &count);
    for (; count; key++, count--) {
        if (dhr_key_is_named(key, name) || key->name[0] == '*')
            return key;
    }
    return NULL;
}

bool dhr_schema_has_key(enum dhr_record_kind record, struct dhr_str name)
{
    for (size_t i = 0; i < DHR_KEYS; i++) {
        if (sections[keys[i].section].record == record && dhr_key_is_named(&keys[i], name))
            return true;
    }
    return false;
}

/* NOLINTNEXTLINE(readability-function-size): a comparison for each key, made by the compiler */
bool dhr_schema_has_dates(struct dhr_str name)
{
#define WORDS(...)
#define SECTION(...)
#define KEY(section, id, key, type, ...)                                                           \
    if ((DHR_TYPE_##type == DHR_TYPE_DATE || DHR_TYPE_##type == DHR_TYPE_DATED) &&                 \
        dhr_str_is(name, key))                                                                     \
        return true;
#include "dhrledger/schema.def"
#undef WORDS
#undef SECTION
#undef KEY
    return false;
}

/* Near means a third of the candidate's length. */
static void consider(struct dhr_nearest *nearest, const char *candidate, struct dhr_str typed)
{
    dhr_nearest_try(nearest, dhr_str_of(candidate), typed, strlen(candidate) / 3 + 1);
}

const char *dhr_section_suggest(const struct dhr_section_def *section, struct dhr_str name)
{
    struct dhr_nearest nearest = {0};
    size_t count = 0;
    const struct dhr_key *key = dhr_section_keys(section, &count);
    for (; count; key++, count--)
        consider(&nearest, key->name, name);
    return nearest.name.ptr;
}

const char *dhr_schema_suggest_section(enum dhr_record_kind record, struct dhr_str heading)
{
    struct dhr_nearest nearest = {0};
    for (size_t i = 0; i < DHR_SECTIONS; i++) {
        if (sections[i].record == record)
            consider(&nearest, sections[i].heading, heading);
    }
    return nearest.name.ptr;
}

const char *dhr_key_suggest_word(const struct dhr_key *key, struct dhr_str word)
{
    struct dhr_nearest nearest = {0};
    for (const char *const *known = key->words; *known; known++)
        consider(&nearest, *known, word);
    return nearest.name.ptr;
}

int dhr_key_word_index(const struct dhr_key *key, struct dhr_str word)
{
    for (int i = 0; word.len && key->words[i]; i++) {
        /* Nearly all of them differ in the first letter. */
        if (key->words[i][0] == word.ptr[0] && dhr_str_is(word, key->words[i]))
            return i;
    }
    return -1;
}

const char *dhr_type_name(enum dhr_type type)
{
    static const char *const names[] = {
        [DHR_TYPE_TEXT] = "text",     [DHR_TYPE_PROSE] = "prose",
        [DHR_TYPE_DATE] = "date",     [DHR_TYPE_YEAR] = "year",
        [DHR_TYPE_COUNT] = "count",   [DHR_TYPE_WORD] = "word",
        [DHR_TYPE_DATED] = "dated",   [DHR_TYPE_URL] = "url",
        [DHR_TYPE_LINK] = "link",     [DHR_TYPE_MAILBOX] = "mailbox",
        [DHR_TYPE_AGENCY] = "agency", [DHR_TYPE_REVIEW] = "review",
        [DHR_TYPE_FORMER] = "former", [DHR_TYPE_RECOMMENDATION] = "recommendation",
    };
    return names[type];
}

const char *dhr_record_kind_name(enum dhr_record_kind record)
{
    static const char *const names[] = {"review", "recommendation", "agency", "settings"};
    return names[record];
}
