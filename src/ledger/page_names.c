/* Known names, and the one that the words of a row certainly end with. */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/agency_index.h"
#include "page_split_internal.h"

enum { MOST_WORDS = 24 };

/* Most words are plain ASCII, which needs no table. */
static void add_folded_word(struct dhr_buf *out, struct dhr_str word)
{
    for (size_t i = 0; i < word.len; i++) {
        if ((unsigned char)word.ptr[i] >= 0x80) {
            dhr_name_add_folded(out, word);
            return;
        }
    }
    for (size_t i = 0; i < word.len; i++) {
        char c = word.ptr[i];
        dhr_buf_addc(out, c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c);
    }
}

static size_t count_words(struct dhr_str folded)
{
    size_t count = 1;
    for (size_t i = 0; i < folded.len; i++)
        count += folded.ptr[i] == ' ';
    return count;
}

void names_add(struct names *names, struct dhr_str name, unsigned line, struct dhr_arena *arena)
{
    dhr_buf_clear(&names->scratch);
    dhr_name_add_folded(&names->scratch, name);
    struct dhr_str folded = dhr_buf_str(&names->scratch);
    size_t count = count_words(folded);
    if (!folded.len || count > MOST_WORDS)
        return;
    if (count > names->most_words)
        names->most_words = count;
    folded.ptr = dhr_arena_dup(arena, folded.ptr, folded.len);
    *DHR_PUSH(names->items, names->count, names->capacity) = (struct name){folded, line};
}

static int compare_names(const void *a, const void *b)
{
    const struct name *x = a;
    const struct name *y = b;
    int order = dhr_str_cmp(x->folded, y->folded);
    return order ? order : (x->line > y->line) - (x->line < y->line);
}

void names_sort(struct names *names)
{
    if (names->count)
        qsort(names->items, names->count, sizeof(*names->items), compare_names);
}

void names_release(struct names *names)
{
    free(names->items);
    dhr_buf_release(&names->scratch);
    *names = (struct names){0};
}

/* The first name that isn't before `folded`. */
static size_t lower_bound(const struct names *names, struct dhr_str folded)
{
    size_t low = 0;
    size_t high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dhr_str_cmp(names->items[middle].folded, folded) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

bool names_have(const struct names *names, struct dhr_str folded)
{
    size_t at = lower_bound(names, folded);
    return at < names->count && dhr_str_eq(names->items[at].folded, folded);
}

bool names_known(const struct names *names, struct dhr_str folded)
{
    size_t at = lower_bound(names, folded);
    return at < names->count && dhr_str_eq(names->items[at].folded, folded) &&
           names->items[at].line == 0;
}

size_t names_before(struct names *names, const struct dhr_str *items, size_t from, size_t end)
{
    size_t offsets[MOST_WORDS];
    size_t most = names->most_words < end - from ? names->most_words : end - from;
    dhr_buf_clear(&names->scratch);
    for (size_t i = 0; i < most; i++) {
        if (i)
            dhr_buf_addc(&names->scratch, ' ');
        offsets[i] = names->scratch.len;
        add_folded_word(&names->scratch, items[end - most + i]);
    }
    struct dhr_str all = dhr_buf_str(&names->scratch);
    for (size_t i = 0; i < most; i++) {
        if (names_have(names, dhr_str_span(all.ptr + offsets[i], all.len - offsets[i])))
            return most - i;
    }
    return 0;
}

size_t names_after(struct names *names, const struct dhr_str *items, size_t from, size_t end)
{
    size_t longest = 0;
    dhr_buf_clear(&names->scratch);
    for (size_t i = 0; i < names->most_words && from + i < end; i++) {
        if (i)
            dhr_buf_addc(&names->scratch, ' ');
        add_folded_word(&names->scratch, items[from + i]);
        struct dhr_str folded = dhr_buf_str(&names->scratch);
        size_t at = lower_bound(names, folded);
        if (at == names->count ||
            !dhr_str_starts(names->items[at].folded, dhr_buf_cstr(&names->scratch)))
            break;
        if (dhr_str_eq(names->items[at].folded, folded))
            longest = i + 1;
    }
    return longest;
}

size_t names_glued_at(struct names *names, const struct words *words)
{
    for (size_t i = 1; i < words->count; i++) {
        if (names_after(names, words->items, 0, i) == i &&
            names_before(names, words->items, i, words->count) == words->count - i)
            return i;
    }
    return 0;
}

/* Whether a known name stands in the text after a sentence's end, and another row may follow it. */
static bool holds_another_row(struct names *names, const struct dhr_str *items, size_t from,
                              size_t end)
{
    for (size_t i = from + 1; i < end; i++) {
        if (!word_ends_sentence(items[i - 1]))
            continue;
        size_t count = names_after(names, items, i, end);
        if (count && i + count < end &&
            (word_is_capital(items[i + count]) ||
             (items[i + count].ptr[0] >= '0' && items[i + count].ptr[0] <= '9')))
            return true;
    }
    return false;
}

/* Whether the text's last sentence is nothing but a known name: an item of a list. */
static bool ends_with_item(struct names *names, const struct dhr_str *items, size_t from,
                           size_t end)
{
    struct dhr_str last[MOST_WORDS];
    size_t most = end - from < MOST_WORDS ? end - from : MOST_WORDS;
    memcpy(last, items + end - most, most * sizeof(last[0]));
    last[most - 1] = word_bare(last[most - 1]);
    size_t count = names_before(names, last, 0, most);
    return count && (count == end - from || word_ends_sentence(items[end - count - 1]));
}

size_t names_addressee(struct names *names, const struct dhr_str *items, size_t from, size_t end,
                       const char **why)
{
    size_t count = names_before(names, items, from, end);
    size_t start = end - count;
    if (!count)
        *why = "no known agency at its end";
    else if (start == from)
        *why = "no text before the agency";
    else if (word_is_lower(items[start]) || !word_ends_sentence(items[start - 1]))
        *why = "no sentence ends before the agency at its end";
    else if (ends_with_item(names, items, from, start))
        *why = "several agencies at its end, with no | between";
    else if (holds_another_row(names, items, from, start))
        *why = "several rows may have run together";
    else
        return start;
    return from;
}
