#include "dhrledger/agency_index.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/utf8.h"

enum { LEAST_SHARED_WORDS = 3, LEAST_WORDS_IN_TEXT = 4, LEAST_TYPO_BYTES = 8 };

/* Apostrophes of any shape are one, and no-break spaces spaces. */
void dhr_name_add_folded(struct dhr_buf *out, struct dhr_str name)
{
    static const struct {
        const char *from;
        char to;
    } shapes[] = {{"\u2018", '\''}, {"\u2019", '\''}, {"\u02BC", '\''}, {"\u00A0", ' '}};
    struct dhr_buf plain = {0};
    if (dhr_utf8_is_ascii(name)) {
        dhr_utf8_add_folded(out, name);
        return;
    }
    for (size_t i = 0; i < name.len; i++) {
        struct dhr_str rest = dhr_str_span(name.ptr + i, name.len - i);
        char c = name.ptr[i];
        for (size_t s = 0; s < sizeof(shapes) / sizeof(shapes[0]); s++) {
            if (dhr_str_starts(rest, shapes[s].from)) {
                c = shapes[s].to;
                i += strlen(shapes[s].from) - 1;
                break;
            }
        }
        dhr_buf_addc(&plain, c);
    }
    dhr_utf8_add_folded(out, dhr_buf_str(&plain));
    dhr_buf_release(&plain);
}

void dhr_agency_index_add(struct dhr_agency_index *index, struct dhr_str name, struct dhr_str id)
{
    struct dhr_buf folded = {0};
    dhr_name_add_folded(&folded, name);
    char *copy = dhr_arena_dup(&index->arena, dhr_buf_cstr(&folded), folded.len);
    struct dhr_agency_name item = {name, dhr_str_span(copy, folded.len), id};
    size_t first = index->count;
    if (!dhr_map_add(&index->places, item.folded, first))
        (void)dhr_map_find(&index->places, item.folded, &first);
    (void)dhr_map_add(&index->written, name, first);
    *DHR_PUSH(index->items, index->count, index->capacity) = item;
    dhr_buf_release(&folded);
}

void dhr_agency_index_add_ledger(struct dhr_agency_index *index, const struct dhr_ledger *ledger)
{
    for (size_t i = 0; i < ledger->agencies.count; i++) {
        const struct dhr_record *agency = ledger->agencies.items[i];
        const struct dhr_section *section = dhr_record_section(agency, DHR_SECTION_AGENCY);
        for (size_t f = 0; section && f < section->field_count; f++) {
            enum dhr_key_id key = section->fields[f].key->id;
            if (key == DHR_KEY_AGENCY_NAME || key == DHR_KEY_AGENCY_ALIAS)
                dhr_agency_index_add(index, section->fields[f].value, agency->id);
        }
    }
}

struct dhr_str dhr_agency_index_find(const struct dhr_agency_index *index, struct dhr_str name)
{
    struct dhr_buf folded = {0};
    struct dhr_str id = {NULL, 0};
    size_t place = 0;
    if (dhr_map_find(&index->written, name, &place))
        return index->items[place].id;
    dhr_name_add_folded(&folded, name);
    if (dhr_map_find(&index->places, dhr_buf_str(&folded), &place))
        id = index->items[place].id;
    dhr_buf_release(&folded);
    return id;
}

static size_t split_words(struct dhr_str text, struct dhr_str words[DHR_NAME_WORDS])
{
    size_t count = 0;
    struct dhr_str word;
    while (count < DHR_NAME_WORDS && dhr_str_split(&text, ' ', &word)) {
        if (word.len)
            words[count++] = word;
    }
    return count;
}

/* How many words two names share at their beginnings and ends together, never one twice. */
static size_t shared_ends(const struct dhr_str *a, size_t a_count, const struct dhr_str *b,
                          size_t b_count)
{
    size_t least = a_count < b_count ? a_count : b_count;
    size_t front = 0;
    size_t back = 0;
    while (front < least && dhr_str_eq(a[front], b[front]))
        front++;
    while (back < least - front && dhr_str_eq(a[a_count - 1 - back], b[b_count - 1 - back]))
        back++;
    return front + back;
}

/* Whether b is a with one word for the other: as near as a slip of the pen, and another place. */
static bool is_swapped(struct dhr_str a, struct dhr_str b, const char *from, const char *to)
{
    size_t from_len = strlen(from);
    for (size_t i = 0; a.len == b.len && i + from_len <= a.len; i++) {
        if (memcmp(a.ptr + i, from, from_len) == 0 && memcmp(b.ptr + i, to, from_len) == 0)
            return memcmp(a.ptr, b.ptr, i) == 0 &&
                   memcmp(a.ptr + i + from_len, b.ptr + i + from_len, a.len - i - from_len) == 0;
    }
    return false;
}

static bool is_opposite(struct dhr_str a, struct dhr_str b)
{
    return is_swapped(a, b, "north", "south") || is_swapped(b, a, "north", "south") ||
           is_swapped(a, b, "east", "west") || is_swapped(b, a, "east", "west");
}

bool dhr_names_near(struct dhr_str folded_a, struct dhr_str folded_b)
{
    struct dhr_str a[DHR_NAME_WORDS];
    struct dhr_str b[DHR_NAME_WORDS];
    if (dhr_str_eq(folded_a, folded_b) || is_opposite(folded_a, folded_b))
        return false;
    bool long_enough = folded_a.len >= LEAST_TYPO_BYTES && folded_b.len >= LEAST_TYPO_BYTES;
    if (long_enough && dhr_str_distance(folded_a, folded_b, 2) <= 2)
        return true;
    size_t a_count = split_words(folded_a, a);
    size_t b_count = split_words(folded_b, b);
    size_t longest = a_count > b_count ? a_count : b_count;
    if (a_count == b_count && a_count && !dhr_str_eq(a[0], b[0]))
        return false; /* each place has its own "… NHS Foundation Trust" */
    size_t shared = shared_ends(a, a_count, b, b_count);
    return shared >= LEAST_SHARED_WORDS && longest - shared == 1;
}

/* A word of running text without the punctuation around it. */
static struct dhr_str bare_word(struct dhr_str word)
{
    while (word.len && strchr("(,.;:\"'", word.ptr[0])) {
        word.ptr++;
        word.len--;
    }
    while (word.len && strchr("),.;:\"'", word.ptr[word.len - 1]))
        word.len--;
    return word;
}

static bool same_word(struct dhr_str a, struct dhr_str b)
{
    if (dhr_utf8_is_ascii(a) &&
        dhr_utf8_is_ascii(b)) /* nearly always, and then folding is for nothing */
        return a.len == b.len && strncasecmp(a.ptr, b.ptr, a.len) == 0;
    struct dhr_buf x = {0};
    struct dhr_buf y = {0};
    dhr_name_add_folded(&x, a);
    dhr_name_add_folded(&y, b);
    bool same = dhr_str_eq(dhr_buf_str(&x), dhr_buf_str(&y));
    dhr_buf_release(&x);
    dhr_buf_release(&y);
    return same;
}

/* Whether the words differ from the name's in just one, neither the first nor a small one. */
static bool is_variant(const struct dhr_str *words, const struct dhr_str *name, size_t count)
{
    size_t others = 0;
    for (size_t i = 0; i < count; i++) {
        struct dhr_str word = bare_word(words[i]);
        if (same_word(word, name[i]))
            continue;
        bool capital = word.len > 2 && word.ptr[0] >= 'A' && word.ptr[0] <= 'Z';
        if (!capital || i == 0 || ++others > 1)
            return false;
    }
    return others == 1;
}

struct dhr_str dhr_name_variant_in(struct dhr_str text, struct dhr_str name)
{
    struct dhr_str name_words[DHR_NAME_WORDS];
    size_t count = split_words(name, name_words);
    struct dhr_str words[DHR_NAME_WORDS];
    size_t held = 0;
    struct dhr_str word;
    if (count < LEAST_WORDS_IN_TEXT || count >= DHR_NAME_WORDS)
        return (struct dhr_str){NULL, 0};
    while (dhr_str_split(&text, ' ', &word)) {
        if (held == count) {
            memmove(words, words + 1, (count - 1) * sizeof(words[0]));
            held--;
        }
        words[held++] = word;
        if (held == count && is_variant(words, name_words, count)) {
            struct dhr_str last = bare_word(word);
            const char *first = bare_word(words[0]).ptr;
            return dhr_str_span(first, (size_t)(last.ptr + last.len - first));
        }
    }
    return (struct dhr_str){NULL, 0};
}

void dhr_agency_index_release(struct dhr_agency_index *index)
{
    free(index->items);
    dhr_map_release(&index->places);
    dhr_map_release(&index->written);
    dhr_arena_release(&index->arena);
    *index = (struct dhr_agency_index){0};
}
