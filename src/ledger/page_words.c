/* Words of a page's flat lines, and what their shape tells. */
#include <string.h>
#include <strings.h>

#include "page_split_internal.h"

static const char *const openers[] = {"(", "[", "\"", "'", "“", "‘", "«"};
static const char *const closers[] = {")", "]", "\"", "'", "”", "’", "»"};
static const char *const footnotes[] = {"¹", "²", "³", "⁴", "⁵", "⁶", "⁷",
                                        "⁸", "⁹", "⁰", "*", "†", "‡"};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static bool in_list(struct dhr_str word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (word.len == strlen(list[i]) && strncasecmp(word.ptr, list[i], word.len) == 0)
            return true;
    }
    return false;
}

/* Take one of the list off the end of the word; false if there is none. */
static bool drop_end(struct dhr_str *word, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (dhr_str_ends(*word, list[i])) {
            word->len -= strlen(list[i]);
            return true;
        }
    }
    return false;
}

static struct dhr_str without_openers(struct dhr_str word)
{
    for (size_t i = 0; i < COUNT(openers); i++) {
        if (dhr_str_starts(word, openers[i])) {
            word.ptr += strlen(openers[i]);
            word.len -= strlen(openers[i]);
            i = (size_t)-1;
        }
    }
    return word;
}

static size_t space_len(struct dhr_str text, size_t at)
{
    if (text.ptr[at] == ' ' || text.ptr[at] == '\t' || text.ptr[at] == '\r')
        return 1;
    return dhr_str_starts(dhr_str_span(text.ptr + at, text.len - at), "\u00A0") ? 2 : 0;
}

void words_add(struct words *words, struct dhr_str text)
{
    size_t at = 0;
    while (at < text.len) {
        size_t space = space_len(text, at);
        size_t start = at;
        if (space) {
            at += space;
            continue;
        }
        while (at < text.len && text.ptr[at] != '|' && !space_len(text, at))
            at += text.ptr[at] == '\\' && at + 1 < text.len ? 2 : 1;
        if (at == start)
            at++;
        *DHR_PUSH(words->items, words->count, words->capacity) =
            dhr_str_span(text.ptr + start, at - start);
    }
}

bool word_is_mark(struct dhr_str word)
{
    return dhr_str_is(word, "|");
}

bool word_is_capital(struct dhr_str word)
{
    word = without_openers(word);
    return word.len && (dhr_is_upper(word.ptr[0]) || (unsigned char)word.ptr[0] == 0xC3);
}

bool word_is_lower(struct dhr_str word)
{
    word = without_openers(word);
    return word.len && dhr_is_lower(word.ptr[0]);
}

struct dhr_str word_bare(struct dhr_str word)
{
    static const char *const points[] = {".", ",", ";", ":", "!", "?"};
    if (word.len && dhr_is_letter(word.ptr[word.len - 1]))
        return word; /* nearly always */
    while (drop_end(&word, points, COUNT(points)) || drop_end(&word, closers, COUNT(closers)))
        continue;
    return word;
}

/* "[12]" or "¹²", glued to the end of a sentence. */
static struct dhr_str without_footnote(struct dhr_str word)
{
    if (dhr_str_ends(word, "]")) {
        size_t at = word.len - 1;
        while (at && dhr_is_digit(word.ptr[at - 1]))
            at--;
        if (at > 1 && at < word.len - 1 && word.ptr[at - 1] == '[')
            word.len = at - 1;
    }
    while (drop_end(&word, footnotes, COUNT(footnotes)))
        continue;
    return word;
}

static bool is_roman(struct dhr_str core)
{
    size_t len = 0;
    while (len < core.len && strchr("ivxIVX", core.ptr[len]))
        len++;
    return len == core.len && len <= 4;
}

/* What a full stop may follow without ending a sentence: "e.g", "St", "a", "3", "10.2", "iv". */
static bool is_short(struct dhr_str core)
{
    enum { YEAR_DIGITS = 4, LEAST_BYTES = 2 };
    static const char *const abbreviations[] = {
        "eg",   "ie",    "dr",   "mr",  "mrs",  "ms",   "st",   "ste",  "no",   "nos",
        "vs",   "cf",    "viz",  "co",  "ltd",  "plc",  "inc",  "dept", "gov",  "govt",
        "para", "paras", "sect", "sec", "art",  "fig",  "vol",  "ref",  "refs", "approx",
        "incl", "prof",  "rev",  "sgt", "insp", "supt", "det",  "cllr", "hon",  "jr",
        "sr",   "ext",   "tel",  "pp",  "nr",   "rec",  "recs", "ch",   "app",  "appx",
        "bros", "assoc", "assn", "est", "min",  "max",  "rd",   "ave",  "sch",  "hosp"};
    size_t digits = 0;
    for (size_t i = 0; i < core.len; i++) {
        digits += dhr_is_digit(core.ptr[i]);
        if (core.ptr[i] == '.')
            return true;
    }
    return core.len < LEAST_BYTES || (digits == core.len && digits != YEAR_DIGITS) ||
           is_roman(core) || in_list(core, abbreviations, COUNT(abbreviations));
}

bool word_ends_sentence(struct dhr_str word)
{
    static const char *const stops[] = {".", "!", "?"};
    struct dhr_str core = without_footnote(without_openers(word));
    while (drop_end(&core, closers, COUNT(closers)))
        continue;
    bool full_stop = dhr_str_ends(core, ".");
    if (!drop_end(&core, stops, COUNT(stops)) || drop_end(&core, stops, COUNT(stops)))
        return false;
    while (drop_end(&core, closers, COUNT(closers)))
        continue;
    return core.len && !(full_stop && is_short(core)) && !dhr_str_ends(core, "…");
}

bool word_goes_on(struct dhr_str word)
{
    static const char *const small[] = {
        "a",     "an",   "the",    "of",     "and",  "or",    "to",    "in",   "on",     "at",
        "by",    "for",  "from",   "with",   "as",   "that",  "which", "who",  "is",     "are",
        "be",    "was",  "were",   "has",    "have", "their", "its",   "this", "these",  "those",
        "into",  "than", "within", "should", "must", "will",  "would", "can",  "could",  "may",
        "where", "when", "if",     "not",    "all",  "any",   "each",  "such", "between"};
    /* In capitals it may be the end of a name. */
    return in_list(word, small, COUNT(small)) && word_is_lower(word);
}

bool words_name(const struct dhr_str *items, size_t count)
{
    enum { MOST_WORDS = 14 };
    static const char *const links[] = {"of", "and",  "for",  "the", "in",
                                        "on", "upon", "with", "to",  "&"};
    if (!count || count > MOST_WORDS)
        return false;
    for (size_t i = 0; i < count; i++) {
        bool inner = i > 0 && i + 1 < count;
        bool link = inner && in_list(items[i], links, COUNT(links));
        bool plain = word_bare(items[i]).len == items[i].len || dhr_str_ends(items[i], ")") ||
                     (inner && dhr_str_ends(items[i], ","));
        if (!link && !(word_is_capital(items[i]) && plain))
            return false;
    }
    return true;
}
