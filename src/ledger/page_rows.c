/* Where the rows of a flattened page begin: at numbers, in their order, and by the declared count.
 */
#include <string.h>

#include "page_split_internal.h"

static struct dhr_str word_at(const struct flat *flat, const struct flat_row *row, size_t index)
{
    size_t at = row->first + index;
    return at < row->end ? flat->words.items[at] : (struct dhr_str){"", 0};
}

/* Step over up to three digits; false if there are none, or more: 2013 is a year. */
static bool take_digits(struct dhr_str s, size_t *at)
{
    enum { MOST_DIGITS = 3 };
    size_t start = *at;
    while (*at < s.len && dhr_is_digit(s.ptr[*at]))
        (*at)++;
    return *at > start && *at - start <= MOST_DIGITS;
}

/* "1", "10.2.1", "4a", "R1", "3(b)", "(1)", "1." */
static bool is_number(struct dhr_str s)
{
    size_t at = 0;
    size_t open = dhr_str_starts(s, "(");
    at = open;
    if (at < s.len && (s.ptr[at] == 'R' || s.ptr[at] == 'r'))
        at += dhr_str_starts(s, "Rec") || dhr_str_starts(s, "REC") ? 3 : 1;
    if (!take_digits(s, &at))
        return false;
    while (at + 1 < s.len && s.ptr[at] == '.' && dhr_is_digit(s.ptr[at + 1])) {
        at++;
        if (!take_digits(s, &at))
            return false;
    }
    if (at < s.len && dhr_is_letter(s.ptr[at]))
        at++;
    if (at + 2 < s.len && s.ptr[at] == '(' && dhr_is_letter(s.ptr[at + 1]) && s.ptr[at + 2] == ')')
        at += 3;
    if (open && (at >= s.len || s.ptr[at++] != ')'))
        return false;
    if (at < s.len && strchr(".):", s.ptr[at]))
        at++;
    return at == s.len;
}

/* What might be a number, and isn't of the shapes we are sure of: "–", "24/7", "S42", "iv)". */
static bool is_unclear(struct dhr_str word, struct dhr_str next)
{
    static const char *const labels[] = {"Recommendation", "Rec", "Rec.", "No", "No.", "R"};
    size_t letters = 0;
    size_t roman = 0;
    for (size_t i = 0; i < word.len; i++) {
        if (dhr_is_digit(word.ptr[i]))
            return true;
        roman += word.ptr[i] == 'i' || word.ptr[i] == 'v' || word.ptr[i] == 'x';
        letters += dhr_is_letter(word.ptr[i]) || (unsigned char)word.ptr[i] >= 0xC3;
    }
    if (!letters)
        return true;
    bool dash = (unsigned char)word.ptr[0] == 0xE2 && word.len == 3;
    if (dash || (letters <= 3 && strchr(").:", word.ptr[word.len - 1])))
        return true;
    if (roman == word.len)
        return true;
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        if (dhr_str_is(word, labels[i]) && next.len && dhr_is_digit(next.ptr[0]))
            return true;
    }
    return word.len == 1 && word.ptr[0] != 'A' && word.ptr[0] != 'I';
}

/* Whether another line has the same number with this letter behind it. */
static bool has_sibling(const struct flat *flat, struct dhr_str number, char letter)
{
    for (size_t i = 0; i < flat->count; i++) {
        struct dhr_str second = word_at(flat, &flat->lines[i], 1);
        if (dhr_str_eq(word_at(flat, &flat->lines[i], 0), number) && second.len == 1 &&
            second.ptr[0] == letter)
            return true;
    }
    return false;
}

/*
 * "9.1 a" has its letter apart. A lone "b" to "h" can be nothing else; an "a" is
 * the article unless there is a "b" too, and no text begins with a small one.
 */
static void read_letter(const struct flat *flat, const struct flat_row *row, struct start *start)
{
    struct dhr_str letter = word_at(flat, row, 1);
    if (letter.len == 3 && letter.ptr[0] == '(' && letter.ptr[2] == ')')
        start->unclear = true;
    if (letter.len != 1 || !dhr_is_letter(letter.ptr[0]))
        return;
    char c = letter.ptr[0];
    if ((c >= 'b' && c <= 'h') || (c == 'a' && has_sibling(flat, word_at(flat, row, 0), 'b')))
        start->words = 2;
    else if (c != 'A' || has_sibling(flat, word_at(flat, row, 0), 'B'))
        start->unclear = true;
}

void flat_read_starts(struct flat *flat)
{
    for (size_t i = 0; i < flat->count; i++) {
        struct flat_row *row = &flat->lines[i];
        struct dhr_str word = word_at(flat, row, 0);
        struct start start = {0};
        if (is_number(word)) {
            start.words = 1;
            read_letter(flat, row, &start);
        } else {
            start.unclear = is_unclear(word, word_at(flat, row, 1));
        }
        start.strong = start.words && word_is_capital(word_at(flat, row, start.words));
        row->start = start;
    }
}

/* A number's digits and letters without the brackets and points around them. */
static struct dhr_str key_of(const struct flat *flat, const struct flat_row *row)
{
    struct dhr_str first = word_at(flat, row, 0);
    struct dhr_str last = word_at(flat, row, row->start.words - 1);
    struct dhr_str key = dhr_str_span(first.ptr, (size_t)(last.ptr + last.len - first.ptr));
    if (dhr_str_starts(key, "("))
        key = dhr_str_span(key.ptr + 1, key.len - 1);
    while (key.len && strchr(".):", key.ptr[key.len - 1]))
        key.len--;
    return key;
}

/* 1, 1.1, R1, 1a: numbering begins again. */
static bool is_first(struct dhr_str key)
{
    for (size_t i = 0; i < key.len; i++) {
        bool one = key.ptr[i] == '1' && (i + 1 == key.len || !dhr_is_digit(key.ptr[i + 1]));
        if (dhr_is_digit(key.ptr[i]) && !one)
            return false;
    }
    return true;
}

typedef int (*order)(struct dhr_str a, struct dhr_str b);

/* The order that most of the page's numbers are in: 2, 10 or, as text, 10, 2. */
static order order_of(const struct flat *flat)
{
    size_t natural = 0;
    size_t text = 0;
    const struct flat_row *last = NULL;
    for (size_t i = 0; i < flat->count; i++) {
        const struct flat_row *row = &flat->lines[i];
        if (!row->start.strong)
            continue;
        if (last) {
            natural += dhr_natural_cmp(key_of(flat, last), key_of(flat, row)) > 0;
            text += dhr_str_cmp(key_of(flat, last), key_of(flat, row)) > 0;
        }
        last = row;
    }
    return text < natural ? dhr_str_cmp : dhr_natural_cmp;
}

/* Whether the number fits between the row before and the next number. Either may be NULL. */
static bool fits(const struct flat *flat, order cmp, const struct flat_row *before,
                 const struct flat_row *row, const struct flat_row *after)
{
    struct dhr_str key = key_of(flat, row);
    bool up = before && cmp(key_of(flat, before), key) < 0;
    bool down = after && cmp(key, key_of(flat, after)) < 0;
    if (before && after && cmp(key_of(flat, before), key_of(flat, after)) <= 0)
        return up && down;
    if (before)
        return up || (is_first(key) && (down || !after));
    return down || !after || is_first(key_of(flat, after));
}

/* How often the page's numbers begin with each whole number. */
struct leading {
    size_t count[1000];
    size_t plain[1000]; /* the number is nothing else */
    unsigned least;
};

static unsigned leading_of(struct dhr_str number)
{
    enum { BEYOND = 1000 };
    unsigned value = 0;
    size_t at = 0;
    while (at < number.len && !dhr_is_digit(number.ptr[at]))
        at++;
    for (; at < number.len && dhr_is_digit(number.ptr[at]) && value < BEYOND; at++)
        value = value * 10 + (unsigned)(number.ptr[at] - '0');
    return value;
}

static bool is_plain(struct dhr_str number)
{
    for (size_t i = 0; i < number.len; i++) {
        if (!dhr_is_digit(number.ptr[i]))
            return false;
    }
    return true;
}

static void add_leading(struct leading *leading, struct dhr_str number)
{
    unsigned value = leading_of(number);
    if (value >= sizeof(leading->count) / sizeof(leading->count[0]))
        return;
    leading->count[value]++;
    leading->plain[value] += is_plain(number);
    if (value < leading->least)
        leading->least = value;
}

static void find_leading(const struct flat *flat, struct leading *leading)
{
    leading->least = (unsigned)(sizeof(leading->count) / sizeof(leading->count[0]));
    for (size_t i = 0; i < flat->count; i++) {
        if (flat->lines[i].start.strong)
            add_leading(leading, key_of(flat, &flat->lines[i]));
    }
    for (size_t i = 0; i < flat->page->row_count; i++)
        add_leading(leading, flat->page->rows[i].number);
}

/*
 * Numbering has gaps, but small ones, and it begins with 1 or with several that
 * are near: "24 Hour cover" is no number 24 where the page ends at 12.
 */
static bool is_near(const struct flat *flat, const struct leading *leading,
                    const struct flat_row *row)
{
    enum { MOST_GAP = 5, HIGHEST = 999 };
    struct dhr_str key = key_of(flat, row);
    unsigned value = leading_of(key);
    size_t below = 0;
    for (unsigned gap = 1; gap <= MOST_GAP && gap <= value; gap++)
        below += leading->count[value - gap];
    bool lowest = value == leading->least && value < HIGHEST && leading->count[value + 1];
    size_t beside =
        is_plain(key) ? leading->count[value] - leading->plain[value] : leading->count[value] - 1;
    return value <= 1 || below || lowest || (leading->count[value] && beside);
}

static const struct flat_row *next_strong(const struct flat *flat, size_t index)
{
    for (size_t i = index + 1; i < flat->count; i++) {
        if (flat->lines[i].start.strong)
            return &flat->lines[i];
    }
    return NULL;
}

/*
 * The number that comes next, but for one that has been torn off a sentence: it
 * is lower than what stands before it and what follows it.
 */
static const struct flat_row *next_number(const struct flat *flat, order cmp,
                                          const struct flat_row *before, size_t index)
{
    const struct flat_row *row = &flat->lines[index];
    const struct flat_row *next = next_strong(flat, index);
    const struct flat_row *second = next ? next_strong(flat, (size_t)(next - flat->lines)) : NULL;
    if (second && cmp(key_of(flat, next), key_of(flat, before ? before : row)) < 0 &&
        cmp(key_of(flat, next), key_of(flat, second)) < 0 &&
        cmp(key_of(flat, row), key_of(flat, second)) <= 0)
        return second;
    return next;
}

/* How a row so far ends. */
enum ending {
    ENDS_OPEN,  /* it goes on, or its addressee isn't known */
    ENDS_NAMED, /* behind a | with what looks like a name, and may go on */
    ENDS_CLOSED /* with a known name */
};

static enum ending ending_of(struct flat *flat, size_t from, size_t end)
{
    enum { MOST_WORDS = 4096 }; /* in a row; what is longer isn't one */
    const char *why = NULL;
    const struct dhr_str *items = flat->words.items;
    size_t mark = from;
    size_t last = end;
    if (end - from > MOST_WORDS)
        return ENDS_OPEN;
    while (mark < end && !word_is_mark(items[mark]))
        mark++;
    if (mark == from || names_addressee(&flat->names, items, from, mark, &why) == from)
        return ENDS_OPEN;
    while (last > mark && !word_is_mark(items[last - 1]))
        last--;
    if (mark == end || (last < end && names_before(&flat->names, items, last, end) == end - last))
        return ENDS_CLOSED;
    return words_name(items + last, end - last) ? ENDS_NAMED : ENDS_OPEN;
}

/* A line without a number. */
static enum bound judge_words(struct dhr_str word, struct dhr_str above, enum ending ending)
{
    bool capital = word_is_capital(word);
    if (ending == ENDS_CLOSED)
        return capital ? BOUND_UNNUMBERED : BOUND_INNER;
    if (word_goes_on(above) || dhr_str_ends(above, ","))
        return BOUND_MORE;
    return capital ? BOUND_EITHER : BOUND_INNER;
}

static enum bound judge(const struct flat *flat, const struct flat_row *row, enum ending ending)
{
    const struct start *start = &row->start;
    struct dhr_str above = flat->words.items[row->first - 1];
    struct dhr_str word = word_at(flat, row, 0);
    bool closed = ending != ENDS_OPEN;
    bool sure = closed && start->strong && start->in_place && !start->unclear;
    if (row->line->gap == DHR_FLAT_AFTER_ROW)
        return BOUND_START;
    if (row->line->gap == DHR_FLAT_AFTER_OTHER)
        return sure ? BOUND_START : BOUND_APART;
    if (word_is_mark(word) || word_is_mark(above))
        return start->words ? BOUND_APART : BOUND_MORE;
    if (!start->words)
        return judge_words(word, above, ending);
    /* A row that ended above ended with a name, so with a capital. */
    if (start->in_place && start->strong && !closed && word_is_lower(above))
        return BOUND_APART;
    if (start->in_place && (closed || start->strong))
        return sure ? BOUND_START : BOUND_NUMBERED;
    bool inner = !closed && !start->strong && word_goes_on(above);
    return inner ? BOUND_MORE : BOUND_INNER;
}

static size_t longest_line(const struct flat *flat)
{
    size_t longest = 0;
    for (size_t i = 0; i < flat->count; i++) {
        if (flat->lines[i].line->text.len > longest)
            longest = flat->lines[i].line->text.len;
    }
    return longest;
}

/*
 * Whether every line that may go on is as long as wrapped lines are: the next
 * word had hardly room on it. What was copied from print is wrapped less exactly.
 * A number can't be torn off where the line above seems to end with a name,
 * or ends a sentence.
 */
static bool looks_wrapped(const struct flat *flat)
{
    enum { PERCENT = 85 };
    size_t longest = longest_line(flat);
    for (size_t i = 1; i < flat->count; i++) {
        const struct flat_row *row = &flat->lines[i];
        struct dhr_str above = flat->words.items[row->first - 1];
        bool may_go_on = row->bound == BOUND_EITHER || row->bound == BOUND_INNER;
        size_t used = flat->lines[i - 1].line->text.len + 1 + word_at(flat, row, 0).len;
        bool torn = row->start.words && (!word_is_lower(above) || word_ends_sentence(above));
        if (may_go_on && (torn || used * 100 < longest * PERCENT))
            return false;
    }
    return true;
}

/*
 * The declared count decides, if all doubtful lines taken alike make it come
 * out, and their shape agrees: either the page is wrapped, most lines that go on
 * begin with a small letter, and only numbers begin rows; or it isn't, and every line is a row.
 * That a count is wrong just where a line is doubtful must not be enough.
 */
static void decide(struct flat *flat)
{
    size_t found[BOUND_APART + 1] = {0};
    unsigned long declared = 0;
    const struct dhr_page *page = flat->page;
    for (size_t i = 0; i < flat->count; i++)
        found[flat->lines[i].bound]++;
    if (found[BOUND_APART] || page->extracted_twice || !dhr_str_number(page->extracted, &declared))
        return;
    size_t rows = page->row_count + page->unplaced_count + found[BOUND_START] +
                  found[BOUND_NUMBERED] + found[BOUND_UNNUMBERED];
    /* Beside numbered rows, one without a number is as likely one that goes on, and a row is lost.
     */
    bool mixed = found[BOUND_UNNUMBERED] && next_strong(flat, (size_t)-1);
    size_t going_on = found[BOUND_INNER] + found[BOUND_EITHER];
    bool wrapped = !found[BOUND_UNNUMBERED] && looks_wrapped(flat) &&
                   found[BOUND_MORE] + found[BOUND_INNER] >= found[BOUND_EITHER];
    bool whole_lines = !going_on && !found[BOUND_MORE] && !mixed;
    if (rows != declared || !(wrapped || whole_lines))
        return;
    for (size_t i = 0; i < flat->count; i++) {
        enum bound *bound = &flat->lines[i].bound;
        bool more = *bound == BOUND_INNER || *bound == BOUND_MORE || *bound == BOUND_EITHER;
        *bound = more ? BOUND_MORE : BOUND_START;
    }
}

void flat_find_rows(struct flat *flat)
{
    order cmp = order_of(flat);
    struct leading leading = {0};
    const struct flat_row *before = NULL;
    size_t from = 0;
    find_leading(flat, &leading);
    for (size_t i = 0; i < flat->count; i++) {
        struct flat_row *row = &flat->lines[i];
        row->start.in_place = row->start.words && is_near(flat, &leading, row) &&
                              fits(flat, cmp, before, row, next_number(flat, cmp, before, i));
        row->bound = BOUND_START;
        if (i)
            row->bound = judge(flat, row, ending_of(flat, from, row->first));
        if (row->bound != BOUND_MORE && row->bound != BOUND_INNER)
            from = row->first + row->start.words;
        if (row->start.in_place && (row->bound == BOUND_START || row->bound == BOUND_NUMBERED))
            before = row;
    }
    decide(flat);
}
