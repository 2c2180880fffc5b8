#include "twin_names.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/agency_index.h"
#include "dhrledger/kinds.h"

enum { LEAST_LETTERS = 5 }; /* in a word that has a slip of the pen in it */

/* Words that one body's name has in one place and not in another. */
static bool is_small(struct dhr_str word)
{
    static const char *const small[] = {"the", "of", "and", "for", "ltd", "limited", "plc"};
    for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++) {
        if (dhr_str_is(word, small[i]))
            return true;
    }
    return false;
}

static struct dhr_str in_full(struct dhr_str word)
{
    static const char *const pairs[][2] = {{"co", "county"},        {"st", "saint"},
                                           {"dept", "department"},  {"govt", "government"},
                                           {"univ", "university"},  {"hosp", "hospital"},
                                           {"assoc", "association"}};
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        if (dhr_str_is(word, pairs[i][0]))
            return dhr_str_of(pairs[i][1]);
    }
    return word;
}

static bool is_apostrophe(char c)
{
    return c == '\'';
}

/* Dashes and quotes of any shape: U+2000 to U+203F. */
static bool is_punctuation(struct dhr_str text)
{
    return dhr_str_starts(text, "\xE2\x80");
}

/* Letters and digits; other bytes beyond ASCII are of letters. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (unsigned char)c >= 0x80;
}

static void add_word(struct twin_name *name, struct dhr_str word)
{
    word = in_full(word);
    if (is_small(word) || !word.len || name->count == TWIN_WORDS)
        return;
    name->words[name->count++] = word;
}

void twin_name_make(struct twin_name *name, struct dhr_str written, struct dhr_arena *arena)
{
    struct dhr_buf folded = {0};
    *name = (struct twin_name){.count = 0};
    dhr_name_add_folded(&folded, written);
    char *text = dhr_arena_dup(arena, dhr_buf_cstr(&folded), folded.len);
    size_t len = 0; /* of the text without apostrophes */
    size_t start = 0;
    for (size_t i = 0; i < folded.len; i++) {
        char c = text[i];
        bool mark = is_punctuation(dhr_str_span(text + i, folded.len - i));
        if (is_apostrophe(c))
            continue;
        i += mark ? 2 : 0;
        if (!mark && is_letter(c)) {
            text[len++] = c;
            continue;
        }
        add_word(name, dhr_str_span(text + start, len - start));
        text[len++] = ' ';
        start = len;
    }
    add_word(name, dhr_str_span(text + start, len - start));
    dhr_buf_release(&folded);
}

static int by_letters(const void *a, const void *b)
{
    return dhr_str_cmp(*(const struct dhr_str *)a, *(const struct dhr_str *)b);
}

static void add_sorted(struct dhr_buf *out, const struct twin_name *name)
{
    struct twin_name sorted = *name;
    if (sorted.count)
        qsort(sorted.words, sorted.count, sizeof(sorted.words[0]), by_letters);
    for (size_t i = 0; i < sorted.count; i++) {
        dhr_buf_addc(out, ' ');
        dhr_buf_add_str(out, sorted.words[i]);
    }
}

/* All letters without a space between; a partnership's board counts as the partnership. */
static void add_run(struct dhr_buf *out, const struct twin_name *name)
{
    size_t count = name->count;
    if (count > 1 && dhr_str_is(name->words[count - 1], "board") &&
        dhr_str_is(name->words[count - 2], "partnership"))
        count--;
    for (size_t i = 0; i < count; i++)
        dhr_buf_add_str(out, name->words[i]);
}

/* A word that tells a kind of body, and no place: a slip in it is no other name. */
static bool is_common(struct dhr_str word)
{
    static const char *const common[] = {"county",     "borough",      "district",      "service",
                                         "services",   "foundation",   "commissioning", "clinical",
                                         "integrated", "safeguarding", "metropolitan",  "community",
                                         "trust"};
    for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++) {
        if (dhr_str_is(word, common[i]))
            return true;
    }
    return strcmp(dhr_kind_of_name(word), "unknown") != 0;
}

static bool has_digit(struct dhr_str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if (word.ptr[i] >= '0' && word.ptr[i] <= '9')
            return true;
    }
    return false;
}

/*
 * A letter too many, or two that changed places. Another letter makes Boston of Bolton, Harlow of
 * Harrow and Hertfordshire of Herefordshire, so that it counts only in a word that is no place's.
 */
static bool is_slip(struct dhr_str a, struct dhr_str b)
{
    if (a.len < LEAST_LETTERS || b.len < LEAST_LETTERS || has_digit(a) || has_digit(b) ||
        dhr_str_distance(a, b, 1) != 1)
        return false;
    if (a.len != b.len)
        return true;
    size_t differ = 0;
    for (size_t i = 0; i < a.len; i++)
        differ += a.ptr[i] != b.ptr[i];
    return differ == 2 || is_common(a) != is_common(b);
}

static bool one_slip(const struct twin_name *a, const struct twin_name *b)
{
    size_t slips = 0;
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++) {
        if (dhr_str_eq(a->words[i], b->words[i]))
            continue;
        if (!is_slip(a->words[i], b->words[i]))
            return false;
        slips++;
    }
    return slips == 1;
}

static bool same(const struct twin_name *a, const struct twin_name *b,
                 void (*add)(struct dhr_buf *, const struct twin_name *))
{
    struct dhr_buf x = {0};
    struct dhr_buf y = {0};
    add(&x, a);
    add(&y, b);
    bool equal = x.len && dhr_str_eq(dhr_buf_str(&x), dhr_buf_str(&y));
    dhr_buf_release(&x);
    dhr_buf_release(&y);
    return equal;
}

bool twin_names_are(const struct twin_name *a, const struct twin_name *b)
{
    return one_slip(a, b) || same(a, b, add_run) || same(a, b, add_sorted);
}

/* A letter at a place. A text's hash is the sum of its letters' numbers. */
static uint64_t number_of(char letter, size_t place)
{
    uint64_t number = (place << 8 | (unsigned char)letter) * 0x9E3779B97F4A7C15U;
    return (number ^ number >> 29) * 0xBF58476D1CE4E5B9U;
}

static uint64_t hash_of(struct dhr_str text)
{
    uint64_t hash = 0;
    for (size_t i = 0; i < text.len; i++)
        hash += number_of(text.ptr[i], i);
    return hash;
}

/* One number for its words in any order, and one for its letters without each of them in turn. */
size_t twin_name_hashes(const struct twin_name *name, uint64_t hashes[TWIN_HASHES])
{
    struct dhr_buf buf = {0};
    size_t count = 0;
    add_sorted(&buf, name);
    hashes[count++] = hash_of(dhr_buf_str(&buf));
    dhr_buf_clear(&buf);
    add_run(&buf, name);
    struct dhr_str text = dhr_buf_str(&buf);
    uint64_t before = 0; /* the letters before the one that is left out */
    uint64_t behind = 0; /* those behind it, each a place further on */
    hashes[count++] = hash_of(text);
    if (text.len)
        behind = hash_of(dhr_str_span(text.ptr + 1, text.len - 1));
    for (size_t i = 0; i < text.len && count < TWIN_HASHES; i++) {
        if (i == 0 || text.ptr[i] != text.ptr[i - 1]) /* of two alike, either is the other */
            hashes[count++] = before + behind;
        before += number_of(text.ptr[i], i);
        if (i + 1 < text.len)
            behind -= number_of(text.ptr[i + 1], i);
    }
    dhr_buf_release(&buf);
    return count;
}
