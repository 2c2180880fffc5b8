/* Addressees that look like two bodies with nothing between. */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "check_internal.h"
#include "dhrledger/kinds.h"
#include "page_split_internal.h"

enum { LEAST_INITIALS = 3 };

static bool is_word(struct dhr_str word, const char *wanted)
{
    return word.len == strlen(wanted) && strncasecmp(word.ptr, wanted, word.len) == 0;
}

static bool is_one_of(struct dhr_str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_word(word, list[i]))
            return true;
    }
    return false;
}

#define IS_ONE_OF(word, list) is_one_of(word, list, sizeof(list) / sizeof((list)[0]))

/* How names of bodies end, so that nothing but another body can follow up to another such end. */
static const char *const ends[] = {"police",
                                   "constabulary",
                                   "police and crime commissioner",
                                   "council",
                                   "foundation trust",
                                   "nhs trust",
                                   "primary care trust",
                                   "pct",
                                   "clinical commissioning group",
                                   "ccg",
                                   "integrated care board",
                                   "icb",
                                   "nhs england"};

/* The end of a body's name: its kind, or NULL where there is none, and how many words it takes. */
struct ending {
    const char *kind;
    size_t words;
};

/* Whether it is the phrase's last word, in any case. */
static bool ends_phrase(struct dhr_str phrase, struct dhr_str word)
{
    size_t before = phrase.len - word.len;
    return phrase.len >= word.len && (before == 0 || phrase.ptr[before - 1] == ' ') &&
           strncasecmp(phrase.ptr + before, word.ptr, word.len) == 0;
}

/* How words end at items[end - 1]. */
static struct ending ending_at(const struct dhr_str *items, size_t end)
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
            return (struct ending){dhr_kind_of_name(dhr_str_of(ends[i])), count};
    }
    return (struct ending){NULL, 0};
}

/* "National Police Chiefs' Council" is one, whose name goes on with what belongs to the police. */
static bool is_possessive(struct dhr_str word)
{
    return dhr_str_ends(word, "'") || dhr_str_ends(word, "’") || dhr_str_ends(word, "'s") ||
           dhr_str_ends(word, "’s");
}

/* "Police and Crime Panel"; "Police via the Council": what follows says more of the first body. */
static bool goes_on(const struct words *words, size_t at)
{
    static const char *const more[] = {"via", "through", "for", "of",  "by",    "to",
                                       "on",  "in",      "at",  "c/o", "under", "from"};
    struct dhr_str next = words->items[at];
    bool crime = at + 1 < words->count && (is_word(next, "and") || is_word(next, "&")) &&
                 is_word(word_bare(words->items[at + 1]), "crime");
    return crime || is_possessive(next) || IS_ONE_OF(next, more);
}

/* Whether one of the words may be a place; a region of "NHS England South East" is none of a body.
 */
static bool has_place(const struct dhr_str *items, size_t count)
{
    static const char *const others[] = {"north",        "south",    "east", "west",   "central",
                                         "mid",          "greater",  "and",  "&",      "/",
                                         "of",           "the",      "with", "county", "borough",
                                         "metropolitan", "district", "city", "nhs"};
    for (size_t i = 0; i < count; i++) {
        if (!IS_ONE_OF(word_bare(items[i]), others))
            return true;
    }
    return false;
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

/* The place where a second body begins by how the names end; two of one kind need a place each. */
static size_t glued_by_kind(const struct words *words)
{
    size_t count = words->count;
    struct ending last = count ? ending_at(words->items, count) : (struct ending){NULL, 0};
    for (size_t i = 1; last.kind && i + last.words <= count; i++) {
        const char *first = ending_at(words->items, i).kind;
        if (!first || goes_on(words, i))
            continue;
        bool other = strcmp(first, last.kind) != 0;
        /* "Council" alone has no place, and "NHS Foundation Trust" a shorter end within. */
        if (other ? i > 1 && may_be_body(words->items + i, count - i)
                  : has_place(words->items + i, count - last.words - i) &&
                        !ending_at(words->items, i + 1).kind)
            return i;
    }
    return 0;
}

/* What belongs to the first name, or to neither. */
static size_t behind_links(const struct words *words, size_t at)
{
    static const char *const links[] = {"and", "&", "/", "with", "service"};
    bool link = at && at + 1 < words->count && IS_ONE_OF(words->items[at], links);
    return link ? at + 1 : at;
}

/* Those that stand in no brackets, where a name says what is meant, or through whom. */
static void add_plain(struct words *plain, const struct words *words)
{
    bool within = false;
    plain->count = 0;
    for (size_t i = 0; i < words->count; i++) {
        struct dhr_str word = words->items[i];
        within = within || dhr_str_starts(word, "(") || dhr_str_starts(word, "[");
        if (!within)
            *DHR_PUSH(plain->items, plain->count, plain->capacity) = word;
        within = within && !memchr(word.ptr, ')', word.len) && !memchr(word.ptr, ']', word.len);
    }
}

/* What has been found out about each addressee's words: most stand in many recommendations. */
struct gluing {
    struct names names;
    struct dhr_map seen; /* where in them the second body begins; 0 where there is none */
    struct words words;
    struct words plain; /* those in no brackets */
};

/* The byte of the addressee at which a second body begins, or 0. */
static size_t glued_at(struct gluing *g, struct dhr_str addressee)
{
    const struct dhr_str *second = NULL;
    g->words.count = 0;
    words_add(&g->words, addressee);
    size_t at = names_glued_at(&g->names, &g->words);
    if (at && may_be_body(g->words.items, at) &&
        may_be_body(g->words.items + at, g->words.count - at)) {
        second = &g->words.items[at];
    } else {
        add_plain(&g->plain, &g->words);
        at = behind_links(&g->plain, glued_by_kind(&g->plain));
        second = at ? &g->plain.items[at] : NULL;
    }
    return second ? (size_t)(second->ptr - addressee.ptr) : 0;
}

static void look_at(struct gluing *g, const struct dhr_record *record,
                    const struct dhr_field *field, struct dhr_findings *findings)
{
    struct dhr_str all = field->value;
    size_t at = 0;
    if (!dhr_map_find(&g->seen, all, &at)) {
        at = glued_at(g, all);
        (void)dhr_map_add(&g->seen, all, at);
    }
    if (at)
        dhr_findings_add(findings, DHR_RULE_GLUED, record->path, field->line, field->col,
                         "addressed-to = %.*s: that looks like two bodies, the second being "
                         "\"%.*s\"; write a section for each, and leave the printed words",
                         DHR_ARG(all), (int)(all.len - at), all.ptr + at);
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
    free(g.plain.items);
    names_release(&g.names);
    dhr_map_release(&g.seen);
    dhr_arena_release(&arena);
}
