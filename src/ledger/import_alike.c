/*
 * Names that may be one body under two spellings. Each new name is held against all
 * others by a few numbers first, and each text against those names alone that begin
 * with one of its words, so that a thousand pages take no longer a page than one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "import_agencies.h"

#define NO_LINK ((size_t)-1)

enum { LEAST_WORDS_IN_TEXT = 4, TYPO_BYTES = 2 };

/* What near names must have nearly alike, to be looked at closely. */
struct name_shape {
    uint64_t letters; /* a bit for each sort of byte that the name holds */
    size_t len;
    size_t words;
    uint32_t first_word, last_word; /* hashes */
};

static uint32_t hash_word(struct dhr_str word)
{
    uint32_t hash = 2166136261U;
    for (size_t i = 0; i < word.len; i++)
        hash = (hash ^ (unsigned char)word.ptr[i]) * 16777619U;
    return hash;
}

static struct name_shape shape_of(struct dhr_str folded)
{
    struct name_shape shape = {.len = folded.len};
    struct dhr_str rest = folded;
    struct dhr_str word;
    for (size_t i = 0; i < folded.len; i++)
        shape.letters |= (uint64_t)1 << ((unsigned char)folded.ptr[i] % 64);
    while (shape.words < DHR_NAME_WORDS && dhr_str_split(&rest, ' ', &word)) {
        if (!word.len)
            continue;
        shape.last_word = hash_word(word);
        if (shape.words++ == 0)
            shape.first_word = shape.last_word;
    }
    return shape;
}

static size_t apart(size_t a, size_t b)
{
    return a > b ? a - b : b - a;
}

static unsigned bits(uint64_t set)
{
    unsigned count = 0;
    for (; set; set &= set - 1)
        count++;
    return count;
}

/* False only where dhr_names_near would say no, too. */
static bool may_be_near(const struct name_shape *a, const struct name_shape *b)
{
    if (apart(a->words, b->words) <= 1 &&
        (a->first_word == b->first_word || a->last_word == b->last_word))
        return true;
    /* Each of two letters that differ is another letter on each side. */
    return apart(a->len, b->len) <= TYPO_BYTES && bits(a->letters ^ b->letters) <= 2 * TYPO_BYTES;
}

/* In the list of names that begin with this word, if a text can hold a variant of it. */
static void link_first_word(struct import_alike *alike, struct dhr_str folded, size_t place)
{
    struct dhr_str word = {NULL, 0};
    struct dhr_str rest = folded;
    while (!word.len && dhr_str_split(&rest, ' ', &word))
        continue;
    size_t *head = dhr_map_at(&alike->first_words, word);
    size_t next = head ? *head : NO_LINK;
    if (head)
        *head = alike->link_count;
    else
        (void)dhr_map_add(&alike->first_words, word, alike->link_count);
    *DHR_PUSH(alike->links, alike->link_count, alike->link_capacity) =
        (struct import_link){place, next};
}

void import_alike_learn(struct import_agencies *agencies)
{
    struct import_alike *alike = &agencies->alike;
    while (alike->count < agencies->index.count) {
        size_t place = alike->count;
        struct dhr_str folded = agencies->index.items[place].folded;
        struct name_shape shape = shape_of(folded);
        *DHR_PUSH(alike->shapes, alike->count, alike->capacity) = shape;
        if (shape.words >= LEAST_WORDS_IN_TEXT)
            link_first_word(alike, folded, place);
    }
}

/* A new name beside every other name. */
static void note_twins_of(struct import_agencies *agencies, size_t place, import_say_fn say,
                          void *user)
{
    const struct dhr_agency_name *names = agencies->index.items;
    const struct name_shape *shapes = agencies->alike.shapes;
    const struct dhr_agency_name *new = &names[place];
    for (size_t i = 0; i < place; i++) {
        const struct dhr_agency_name *other = &names[i];
        if (!may_be_near(&shapes[i], &shapes[place]) || dhr_str_eq(new->id, other->id) ||
            !dhr_names_near(new->folded, other->folded) || agencies->twins++ >= NOTES_SHOWN)
            continue;
        say(user, dhr_arena_printf(agencies->arena,
                                   "near-twins: \"%.*s\" and \"%.*s\"; if they are one body, "
                                   "make one name an alias of the other",
                                   DHR_ARG(other->name), DHR_ARG(new->name)));
    }
}

void import_alike_note_twins(struct import_agencies *agencies, import_say_fn say, void *user)
{
    size_t known = agencies->alike.count;
    import_alike_learn(agencies);
    for (size_t i = known; i < agencies->index.count; i++)
        note_twins_of(agencies, i, say, user);
}

/* Once in a run for each: what the text calls an agency, or an empty span. */
static struct dhr_str new_variant(struct import_agencies *agencies, struct dhr_str text,
                                  struct dhr_str name)
{
    struct dhr_str variant = dhr_name_variant_in(text, name);
    bool new = variant.len &&
               !dhr_agency_index_find(&agencies->index, variant)
                    .len &&dhr_map_add(&agencies->alike.told, variant, 0) &&
               agencies->variants++ < NOTES_SHOWN;
    return new ? variant : (struct dhr_str){NULL, 0};
}

/* The word folded, without what stands in front of it in running text. */
static void fold_word(struct dhr_buf *out, struct dhr_str word)
{
    while (word.len && strchr("(,.;:\"'", word.ptr[0]))
        word = dhr_str_span(word.ptr + 1, word.len - 1);
    dhr_buf_clear(out);
    for (size_t i = 0; i < word.len; i++) {
        if ((unsigned char)word.ptr[i] >= 0x80) {
            dhr_buf_clear(out);
            dhr_name_add_folded(out, word);
            return;
        }
        dhr_buf_addc(
            out, (char)(word.ptr[i] >= 'A' && word.ptr[i] <= 'Z' ? word.ptr[i] + 32 : word.ptr[i]));
    }
}

void import_agencies_note_text(struct import_agencies *agencies, struct dhr_str number,
                               struct dhr_str text, import_say_fn say, void *user)
{
    const struct import_alike *alike = &agencies->alike;
    struct dhr_map seen = {0}; /* first words that the text has had already */
    struct dhr_buf folded = {0};
    struct dhr_str rest = text;
    struct dhr_str word;
    while (dhr_str_split(&rest, ' ', &word)) {
        fold_word(&folded, word);
        const size_t *head = dhr_map_at(&alike->first_words, dhr_buf_str(&folded));
        if (!head || !dhr_map_add(&seen, word, 0))
            continue;
        for (size_t link = *head; link != NO_LINK; link = alike->links[link].next) {
            struct dhr_str name = agencies->index.items[alike->links[link].name].name;
            struct dhr_str variant = new_variant(agencies, text, name);
            if (variant.len)
                say(user,
                    dhr_arena_printf(agencies->arena,
                                     "near-twins: recommendation %.*s speaks of \"%.*s\", and the "
                                     "agency is \"%.*s\"; if they are one body, add an alias",
                                     DHR_ARG(number), DHR_ARG(variant), DHR_ARG(name)));
        }
    }
    dhr_buf_release(&folded);
    dhr_map_release(&seen);
}

void import_alike_release(struct import_alike *alike)
{
    free(alike->shapes);
    free(alike->links);
    dhr_map_release(&alike->first_words);
    dhr_map_release(&alike->told);
}
