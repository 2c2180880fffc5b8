/*
 * Names that may be one body under two spellings. Each new name is held against all
 * others by a few numbers first, and each text against those names alone that begin
 * with one of its words, so that a thousand pages take no longer a page than one.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "page_import.h"

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
static void link_first_word(struct alike *alike, struct dhr_str folded, size_t place)
{
    struct dhr_str word = {NULL, 0};
    struct dhr_str rest = folded;
    while (!word.len && dhr_str_split(&rest, ' ', &word))
        continue;
    size_t *head = dhr_map_at(&alike->first_words, word);
    size_t next = head ? *head : NO_PLACE;
    if (head)
        *head = alike->link_count;
    else
        (void)dhr_map_add(&alike->first_words, word, alike->link_count);
    *DHR_PUSH(alike->links, alike->link_count, alike->link_capacity) =
        (struct posting){place, next};
}

static void add_shape(struct import_work *work)
{
    struct alike *alike = &work->alike;
    size_t place = alike->count;
    struct dhr_str folded = work->agencies.items[place].folded;
    struct name_shape shape = shape_of(folded);
    *DHR_PUSH(alike->shapes, alike->count, alike->capacity) = shape;
    if (shape.words >= LEAST_WORDS_IN_TEXT)
        link_first_word(alike, folded, place);
}

void alike_add_known(struct import_work *work)
{
    while (work->alike.count < work->agencies.count)
        add_shape(work);
}

static void note_twins(struct importing *im, size_t place)
{
    const struct dhr_agency_index *index = &im->work->agencies;
    const struct alike *alike = &im->work->alike;
    const struct dhr_agency_name *new = &index->items[place];
    for (size_t i = 0; i < place; i++) {
        const struct dhr_agency_name *other = &index->items[i];
        if (!may_be_near(&alike->shapes[i], &alike->shapes[place]) ||
            dhr_str_eq(new->id, other->id) || !dhr_names_near(new->folded, other->folded) ||
            im->work->twins++ >= NOTES_SHOWN)
            continue;
        page_note(im, dhr_arena_printf(im->arena,
                                       "near-twins: \"%.*s\" and \"%.*s\"; if they are one body, "
                                       "make one name an alias of the other",
                                       DHR_ARG(other->name), DHR_ARG(new->name)));
    }
}

/* A name that the row's text gives a little differently; once in a run for each. */
static void note_variant(struct importing *im, const struct page_row *row, size_t place)
{
    const struct dhr_agency_index *index = &im->work->agencies;
    const struct dhr_agency_name *agency = &index->items[place];
    struct dhr_str variant = dhr_name_variant_in(row->text, agency->name);
    if (!variant.len || dhr_agency_index_find(index, variant).len ||
        !dhr_map_add(&im->work->alike.told, variant, 0) || im->work->variants++ >= NOTES_SHOWN)
        return;
    page_note(im,
              dhr_arena_printf(im->arena,
                               "near-twins: recommendation %.*s speaks of \"%.*s\", and the agency "
                               "is \"%.*s\"; if they are one body, add an alias",
                               DHR_ARG(row->number), DHR_ARG(variant), DHR_ARG(agency->name)));
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

static void note_variants(struct importing *im, const struct page_row *row)
{
    const struct alike *alike = &im->work->alike;
    struct dhr_map seen = {0}; /* first words that the text has had already */
    struct dhr_buf folded = {0};
    struct dhr_str rest = row->text;
    struct dhr_str word;
    while (dhr_str_split(&rest, ' ', &word)) {
        size_t link = NO_PLACE;
        fold_word(&folded, word);
        const size_t *head = dhr_map_at(&alike->first_words, dhr_buf_str(&folded));
        if (!head || !dhr_map_add(&seen, word, 0))
            continue;
        for (link = *head; link != NO_PLACE; link = alike->links[link].next)
            note_variant(im, row, alike->links[link].review);
    }
    dhr_buf_release(&folded);
    dhr_map_release(&seen);
}

void alike_note(struct importing *im)
{
    size_t known = im->work->alike.count;
    alike_add_known(im->work);
    for (size_t i = known; i < im->work->agencies.count; i++)
        note_twins(im, i);
    for (size_t i = 0; i < im->page->row_count; i++)
        note_variants(im, &im->rows[i]);
}

void alike_release(struct alike *alike)
{
    free(alike->shapes);
    free(alike->links);
    dhr_map_release(&alike->first_words);
    dhr_map_release(&alike->told);
}
