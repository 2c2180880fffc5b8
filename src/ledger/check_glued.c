/* Addressees that look like two bodies with nothing between. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check_internal.h"
#include "dhrledger/kinds.h"
#include "page_split_internal.h"

enum { LEAST_INITIALS = 3 };

/* How names of bodies end, so that nothing but another body can follow up to another such end. */
static const char *const ends[] = {
    "police",    "constabulary",          "council", "foundation trust",
    "nhs trust", "primary care trust",    "pct",     "clinical commissioning group",
    "ccg",       "integrated care board", "icb",     "nhs england"};

/* Whether it is the phrase's last word, in any case. */
static bool ends_phrase(struct dhr_str phrase, struct dhr_str word)
{
    size_t before = phrase.len - word.len;
    return phrase.len >= word.len && (before == 0 || phrase.ptr[before - 1] == ' ') &&
           strncasecmp(phrase.ptr + before, word.ptr, word.len) == 0;
}

/* The kind that words ending at items[end - 1] have if they end as bodies do, or NULL. */
static const char *kind_at(const struct dhr_str *items, size_t end)
{
    struct dhr_str last = word_bare(items[end - 1]);
    for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        struct dhr_str phrase = dhr_str_of(ends[i]);
        struct dhr_str word;
        size_t count = 1;
        if (!ends_phrase(phrase, last))
            continue;
        for (size_t c = 0; c < phrase.len; c++)
            count += phrase.ptr[c] == ' ';
        size_t at = end - count;
        bool all = count <= end;
        while (all && dhr_str_split(&phrase, ' ', &word)) {
            struct dhr_str own = word_bare(items[at++]);
            all = own.len == word.len && strncasecmp(own.ptr, word.ptr, word.len) == 0;
        }
        if (all)
            return dhr_kind_of_name(dhr_str_of(ends[i]));
    }
    return NULL;
}

/* "National Police Chiefs' Council" is one, whose name goes on with what belongs to the police. */
static bool is_possessive(struct dhr_str word)
{
    return dhr_str_ends(word, "'") || dhr_str_ends(word, "’") || dhr_str_ends(word, "'s") ||
           dhr_str_ends(word, "’s");
}

/* The place where a second body begins by how the names end; two of one kind need a place each. */
static size_t glued_by_kind(const struct words *words)
{
    const char *last = words->count ? kind_at(words->items, words->count) : NULL;
    for (size_t i = 1; last && i < words->count; i++) {
        const char *first = kind_at(words->items, i);
        if (!first || (i == 1 && strcmp(first, last) != 0) || is_possessive(words->items[i]))
            continue;
        if (strcmp(first, last) != 0)
            return i;
        /* "NHS Foundation Trust" has a shorter end within; "County Council" alone has no place. */
        if (words->count - i > 2 && !kind_at(words->items, i + 1))
            return i;
    }
    return 0;
}

/* One word may be a part of any name, unless it is initials: "the Board", but "KMPT". */
static bool may_be_body(const struct dhr_str *items, size_t count)
{
    if (count > 1)
        return true;
    for (size_t i = 0; i < items[0].len; i++) {
        if (items[0].ptr[i] < 'A' || items[0].ptr[i] > 'Z')
            return false;
    }
    return items[0].len >= LEAST_INITIALS;
}

/* What belongs to the first name, or to neither. */
static size_t behind_links(const struct words *words, size_t at)
{
    static const char *const links[] = {"and", "&", "/", "service"};
    for (size_t i = 0; at && at + 1 < words->count && i < sizeof(links) / sizeof(links[0]); i++) {
        struct dhr_str word = words->items[at];
        if (word.len == strlen(links[i]) && strncasecmp(word.ptr, links[i], word.len) == 0)
            return at + 1;
    }
    return at;
}

static size_t glued_at(struct names *names, const struct words *words)
{
    size_t at = names_glued_at(names, words);
    if (at && may_be_body(words->items, at) && may_be_body(words->items + at, words->count - at))
        return at;
    return behind_links(words, glued_by_kind(words));
}

static void report(const struct dhr_record *record, const struct dhr_field *field,
                   const struct words *words, size_t at, struct dhr_findings *findings)
{
    const char *first = words->items[0].ptr;
    const char *second = words->items[at].ptr;
    const char *end = field->value.ptr + field->value.len;
    dhr_findings_add(findings, DHR_RULE_GLUED, record->path, field->line, field->col,
                     "addressed-to = %.*s: that looks like two bodies, the second being \"%.*s\"; "
                     "write a section for each, and leave the printed words",
                     (int)(end - first), first, (int)(end - second), second);
}

/* What has been found out about each addressee's words: most stand in many recommendations. */
struct gluing {
    struct names names;
    struct dhr_map seen; /* where the second body begins, by the words; 0 where there is none */
    struct words words;
};

static void look_at(struct gluing *g, const struct dhr_record *record,
                    const struct dhr_field *field, struct dhr_findings *findings)
{
    size_t at = 0;
    bool known = dhr_map_find(&g->seen, field->value, &at);
    if (known && !at)
        return;
    g->words.count = 0;
    words_add(&g->words, field->value);
    if (!known) {
        at = glued_at(&g->names, &g->words);
        (void)dhr_map_add(&g->seen, field->value, at);
    }
    if (at)
        report(record, field, &g->words, at, findings);
}

/* Where there are more sections than addressees, somebody has seen to it. */
static void look_at_record(struct gluing *g, const struct dhr_record *record,
                           struct dhr_findings *findings)
{
    const struct dhr_section *own = dhr_record_section(record, DHR_SECTION_RECOMMENDATION);
    const struct dhr_field *field = NULL;
    size_t bodies = 0;
    size_t printed = 0;
    for (size_t i = 0; i < record->section_count; i++)
        bodies += record->sections[i].def->id == DHR_SECTION_ADDRESSEE;
    while (own && (field = dhr_section_next(own, DHR_KEY_RECOMMENDATION_ADDRESSED_TO, field)))
        printed++;
    while (own && bodies <= printed &&
           (field = dhr_section_next(own, DHR_KEY_RECOMMENDATION_ADDRESSED_TO, field)))
        look_at(g, record, field, findings);
}

static void add_names(struct names *names, const struct dhr_record *agency, struct dhr_arena *arena)
{
    const struct dhr_section *section = dhr_record_section(agency, DHR_SECTION_AGENCY);
    for (size_t i = 0; section && i < section->field_count; i++) {
        enum dhr_key_id key = section->fields[i].key->id;
        if (key == DHR_KEY_AGENCY_NAME || key == DHR_KEY_AGENCY_ALIAS)
            names_add(names, section->fields[i].value, 0, arena);
    }
}

void check_glued(const struct dhr_ledger *ledger, size_t index, struct dhr_findings *findings)
{
    struct gluing g = {0};
    struct dhr_arena arena = {0};
    (void)index;
    for (size_t i = 0; i < ledger->agencies.count; i++)
        add_names(&g.names, ledger->agencies.items[i], &arena);
    names_sort(&g.names);
    for (size_t i = 0; i < ledger->recommendations.count; i++)
        look_at_record(&g, ledger->recommendations.items[i], findings);
    free(g.words.items);
    names_release(&g.names);
    dhr_map_release(&g.seen);
    dhr_arena_release(&arena);
}
