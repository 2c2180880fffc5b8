#include <string.h>
#include <strings.h>

#include "csv_internal.h"

/* "1." "2)" "(3)" "a)" "(b)": how long, or 0. One digit and a dot may begin a date, so a space. */
static size_t number_mark(struct dhr_str line)
{
    size_t at = line.len && line.ptr[0] == '(';
    size_t digits = 0;
    while (at + digits < line.len && dhr_is_digit(line.ptr[at + digits]))
        digits++;
    bool letter = !digits && at < line.len && dhr_is_letter(line.ptr[at]);
    size_t end = at + digits + letter;
    if ((!digits && !letter) || digits > 2 || end >= line.len)
        return 0;
    bool closed = line.ptr[end] == ')' || (line.ptr[end] == '.' && digits && !at);
    return closed && end + 1 < line.len && line.ptr[end + 1] == ' ' ? end + 1 : 0;
}

/* The mark of a list's item at the front of a line: how long, or 0. */
static size_t mark_len(struct dhr_str line)
{
    static const char *const bullets[] = {"•", "·", "▪", "●", "◦", "\xEF\x82\xB7"};
    static const char *const spaced[] = {"- ", "* ", "– ", "o "};
    for (size_t i = 0; i < sizeof(bullets) / sizeof(bullets[0]); i++) {
        if (dhr_str_starts(line, bullets[i]))
            return strlen(bullets[i]);
    }
    for (size_t i = 0; i < sizeof(spaced) / sizeof(spaced[0]); i++) {
        if (dhr_str_starts(line, spaced[i]))
            return strlen(spaced[i]);
    }
    return number_mark(line);
}

static size_t count_marks(struct dhr_str cell)
{
    size_t marks = 0;
    struct dhr_str line;
    while (dhr_str_line(&cell, &line))
        marks += mark_len(line) > 0;
    return marks;
}

static struct dhr_str append_line(struct csv_work *w, struct dhr_str item, struct dhr_str line)
{
    return dhr_str_of(dhr_arena_printf(w->arena, "%.*s\n%.*s", DHR_ARG(item), DHR_ARG(line)));
}

/* Where the mark that follows the one at the front stands in the same line; 0: nowhere. */
static size_t next_mark(struct dhr_str text, unsigned number, char style)
{
    for (size_t i = 1; i < text.len; i++) {
        struct dhr_str rest = dhr_str_after(text, i);
        bool space = text.ptr[i - 1] == ' ' || text.ptr[i - 1] == ';';
        size_t at = rest.ptr[0] == '(';
        if (!space || !number_mark(rest))
            continue;
        unsigned value = 0;
        char end = at ? '(' : rest.ptr[number_mark(rest) - 1];
        for (; at < rest.len && dhr_is_digit(rest.ptr[at]); at++)
            value = value * 10 + (unsigned)(rest.ptr[at] - '0');
        if (!value)
            value = (unsigned)(rest.ptr[at] | 0x20) - 'a' + 1;
        if (value == number && end == style)
            return i;
    }
    return 0;
}

/*
 * "1) Write it. 2) Print it." on lines of their own: marks of one kind that count from
 * 1 or a, the first one at the front. Bullets divide where the line begins with one.
 */
static struct dhr_str broken_into_lines(struct csv_work *w, struct dhr_str line)
{
    static const char bullet[] = "•";
    struct dhr_buf out = {0};
    size_t mark = number_mark(line);
    char style = mark && line.ptr[0] == '(' ? '(' : mark ? line.ptr[mark - 1] : 0;
    size_t first = style == '(';
    bool counts = mark && mark == first + 2 && strchr("1aA", line.ptr[first]);
    for (unsigned number = 2; line.len; number++) {
        size_t at = 0;
        if (counts)
            at = next_mark(line, number, style);
        else if (dhr_str_starts(line, bullet))
            for (size_t i = 3; i < line.len && !at; i++)
                at = dhr_str_starts(dhr_str_after(line, i), bullet) ? i : 0;
        struct dhr_str item = dhr_str_trim(at ? dhr_str_span(line.ptr, at) : line);
        if (at && item.len && item.ptr[item.len - 1] == ';')
            item.len--;
        dhr_buf_addf(&out, "%s%.*s", number > 2 ? "\n" : "", DHR_ARG(item));
        line = at ? dhr_str_after(line, at) : (struct dhr_str){NULL, 0};
    }
    struct dhr_str lines = dhr_str_span(dhr_str_dup(w->arena, dhr_buf_str(&out)), out.len);
    dhr_buf_release(&out);
    return lines;
}

struct cell_values csv_items(struct csv_work *w, struct dhr_str cell, bool lines)
{
    struct cell_values items = {NULL, 0};
    if (cell.len && !memchr(cell.ptr, '\n', cell.len))
        cell = broken_into_lines(w, cell);
    size_t marks = count_marks(cell);
    size_t most = 1;
    for (size_t i = 0; i < cell.len; i++)
        most += cell.ptr[i] == '\n';
    items.items = dhr_arena_alloc(w->arena, most * sizeof(*items.items));
    /* One mark makes no list, but a bullet is no part of the words. */
    if (marks < 2 && !lines) {
        size_t len = mark_len(cell);
        bool bullet = len && !dhr_is_digit(cell.ptr[0]) && cell.ptr[0] != '(' &&
                      !(dhr_is_letter(cell.ptr[0]) && cell.ptr[0] != 'o');
        if (cell.len)
            items.items[items.count++] = bullet ? dhr_str_trim(dhr_str_after(cell, len)) : cell;
        return items;
    }
    struct dhr_str line;
    while (dhr_str_line(&cell, &line)) {
        size_t len = mark_len(line);
        if (len || !marks || !items.count)
            items.items[items.count++] = dhr_str_trim(dhr_str_after(line, len));
        else
            items.items[items.count - 1] = append_line(w, items.items[items.count - 1], line);
    }
    return items;
}

/* Words for progress, folded, and what they say in the ledger's. */
static const struct {
    const char *words;
    const char *status;
} progress[] = {
    {"open", "open"},
    {"not started", "open"},
    {"not yet started", "open"},
    {"outstanding", "open"},
    {"in progress", "in-progress"},
    {"in-progress", "in-progress"},
    {"ongoing", "in-progress"},
    {"on-going", "in-progress"},
    {"on going", "in-progress"},
    {"started", "in-progress"},
    {"underway", "in-progress"},
    {"under way", "in-progress"},
    {"progressing", "in-progress"},
    {"partly implemented", "partly-implemented"},
    {"partly-implemented", "partly-implemented"},
    {"partially implemented", "partly-implemented"},
    {"partially complete", "partly-implemented"},
    {"partially completed", "partly-implemented"},
    {"complete", "implemented"},
    {"completed", "implemented"},
    {"implemented", "implemented"},
    {"done", "implemented"},
    {"achieved", "implemented"},
    {"delivered", "implemented"},
    {"verified", "verified"},
    {"closed", "closed"},
};

/* The words at the front of a folded text that say how it stands: which, and how long; or -1. */
static int progress_at(struct dhr_str folded, size_t *len)
{
    int best = -1;
    *len = 0;
    for (size_t i = 0; i < sizeof(progress) / sizeof(progress[0]); i++) {
        size_t words = strlen(progress[i].words);
        bool here = dhr_str_starts(folded, progress[i].words) &&
                    (folded.len == words || !dhr_is_letter(folded.ptr[words]));
        if (here && words > *len) {
            *len = words;
            best = (int)i;
        }
    }
    return best;
}

/* Behind a word that says how something stands. */
static const char word_marks[] = "-:/,;(.";

struct dhr_str csv_skip_marks(struct dhr_str text, const char *marks)
{
    for (;;) {
        text = dhr_str_trim(text);
        if (dhr_str_starts(text, "–") || dhr_str_starts(text, "—"))
            text = dhr_str_after(text, strlen("–"));
        else if (text.len && memchr(marks, text.ptr[0], strlen(marks)))
            text = dhr_str_after(text, 1);
        else
            return text;
    }
}

struct dhr_str csv_status(struct csv_work *w, struct dhr_str cell, bool *colour)
{
    static const char *const colours[] = {"red",  "amber", "green",  "blue",
                                          "grey", "gray",  "yellow", "purple"};
    struct dhr_str folded = csv_folded(w, cell);
    size_t len = 0;
    *colour = folded.len == 1 && memchr("bragy", folded.ptr[0], 5); /* R, A, G */
    if (*colour)
        return (struct dhr_str){NULL, 0};
    for (size_t i = 0; i < sizeof(colours) / sizeof(colours[0]) && !*colour; i++) {
        size_t word = strlen(colours[i]);
        if (dhr_str_starts(folded, colours[i]) &&
            (folded.len == word || !dhr_is_letter(folded.ptr[word]))) {
            *colour = true;
            folded = csv_skip_marks(dhr_str_after(folded, word), word_marks);
        }
    }
    while (folded.len && memchr(").!", folded.ptr[folded.len - 1], 3))
        folded.len--;
    *colour = *colour && !folded.len;
    int which = progress_at(folded, &len);
    return which >= 0 && len == folded.len ? dhr_str_of(progress[which].status)
                                           : (struct dhr_str){NULL, 0};
}

bool csv_row_has_status(struct csv_work *w, size_t row)
{
    bool colour = false;
    for (size_t i = 0; i < w->column_count; i++) {
        const struct column *c = &w->columns[i];
        bool tells = c->role == COLUMN_RAG ||
                     (c->role == COLUMN_KEY && c->key->id == DHR_KEY_ADDRESSEE_STATUS);
        if (tells && csv_status(w, csv_text(w, row, i), &colour).len)
            return true;
    }
    return false;
}

struct completion csv_completion(struct csv_work *w, struct dhr_str cell)
{
    struct completion c = {{NULL, 0}, cell, {NULL, 0}};
    char iso[DHR_DAY_SIZE];
    size_t len = 0;
    struct dhr_str folded = csv_folded(w, cell);
    int which = progress_at(folded, &len);
    if (which >= 0)
        c.status = dhr_str_of(progress[which].status);
    /* The words for progress are ASCII, so that they are as long before folding. */
    struct dhr_str rest = which >= 0 ? csv_skip_marks(dhr_str_after(cell, len), word_marks) : cell;
    if (which >= 0 && (dhr_str_starts(rest, "on ") || dhr_str_starts(rest, "in ")))
        rest = dhr_str_trim(dhr_str_after(rest, 3));
    bool dated = csv_leading_date(&rest, iso);
    if (!dated && csv_date(rest, iso)) {
        dated = true;
        rest = (struct dhr_str){NULL, 0};
    }
    if (dated) {
        c.date = dhr_str_of(dhr_arena_printf(w->arena, "%s", iso));
        c.outcome = rest;
    } else if (which >= 0 && !rest.len) {
        c.outcome = rest;
    }
    if (dated && which < 0) {
        which = progress_at(csv_folded(w, rest), &len);
        c.status = which >= 0 ? dhr_str_of(progress[which].status) : c.status;
    }
    /* "Completed" and nothing else says nothing more than the status. */
    bool colour = false;
    if (c.outcome.len && csv_status(w, c.outcome, &colour).len)
        c.outcome = (struct dhr_str){NULL, 0};
    return c;
}

/* On each page of a printed plan the headings stand once more. */
static bool is_heading_row(struct csv_work *w, size_t row)
{
    for (size_t i = 0; i < w->column_count; i++) {
        if (!dhr_str_eq(csv_folded(w, csv_text(w, row, i)), csv_folded(w, w->columns[i].heading)))
            return false;
    }
    return true;
}

size_t csv_filled(struct csv_work *w, size_t row, size_t *last)
{
    size_t filled = 0;
    for (size_t i = 0; i < w->csv->rows[row].cell_count; i++) {
        if (!csv_text(w, row, i).len)
            continue;
        filled++;
        *last = i;
    }
    return filled;
}

bool csv_is_divider(struct csv_work *w, size_t row, bool tell)
{
    size_t at = 0;
    if (is_heading_row(w, row))
        return true;
    if (csv_filled(w, row, &at) != 1 || at >= w->column_count ||
        (w->columns[at].role != COLUMN_NUMBER && w->columns[at].role != COLUMN_ID))
        return false;
    /* "9.1 a" and "Recommendation 4" are numbers; "Recommendations for health services" is none. */
    struct dhr_str cell = csv_text(w, row, at);
    struct dhr_str number = csv_bare_number(cell);
    if (!number.len || dhr_is_digit(number.ptr[0]) || !memchr(number.ptr, ' ', number.len))
        return false;
    if (tell)
        csv_note(w, w->csv->rows[row].line, "alone in its row, taken for a heading: %s",
                 csv_shown(w, cell));
    return true;
}

static bool begins(struct dhr_str text, const char *word)
{
    size_t len = strlen(word);
    return text.len > len && strncasecmp(text.ptr, word, len) == 0;
}

struct dhr_str csv_bare_number(struct dhr_str number)
{
    static const char *const words[] = {"recommendation", "rec", "number", "no"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t len = strlen(words[i]);
        if (begins(number, words[i]) && memchr(" .:#", number.ptr[len], 4))
            number = dhr_str_after(number, len);
        while (number.len && memchr(" .:#", number.ptr[0], 4))
            number = dhr_str_after(number, 1);
    }
    /* A bracket ends "4a)", and belongs to "3(b)". */
    const char *ends = number.len && memchr(number.ptr, '(', number.len) ? " .:" : " .:)";
    while (number.len && strchr(ends, number.ptr[number.len - 1]))
        number.len--;
    return number;
}

/* "4." "(4)" "10.2.1" "R4:" with what ends them; 0 where the first word is a part of the text. */
static size_t number_len(struct dhr_str text, bool named)
{
    size_t at = 0;
    bool dot = false;
    while (at < text.len && dhr_is_letter(text.ptr[at]) && at < 1)
        at++;
    size_t first = at;
    while (at < text.len && (dhr_is_digit(text.ptr[at]) || text.ptr[at] == '.')) {
        dot = dot || (text.ptr[at] == '.' && at + 1 < text.len && dhr_is_digit(text.ptr[at + 1]));
        at++;
    }
    if (at == first || !dhr_is_digit(text.ptr[first]))
        return 0;
    bool ended = text.ptr[at - 1] == '.';
    if (!ended && at < text.len && dhr_is_letter(text.ptr[at]) &&
        (at + 1 == text.len || !dhr_is_letter(text.ptr[at + 1])))
        at++;
    if (at < text.len && memchr(".):", text.ptr[at], 3)) {
        ended = true;
        at++;
    }
    bool space = at == text.len || memchr(" \n", text.ptr[at], 2);
    bool capital = at + 1 < text.len && text.ptr[at + 1] >= 'A' && text.ptr[at + 1] <= 'Z';
    return space && (named || ended || (dot && capital)) ? at : 0;
}

struct dhr_str csv_take_number(struct dhr_str *text)
{
    struct dhr_str rest = *text;
    bool named = begins(rest, "recommendation ");
    if (named)
        rest = dhr_str_trim(dhr_str_after(rest, strlen("recommendation ")));
    size_t len = number_len(rest, named);
    struct dhr_str words = csv_skip_marks(dhr_str_after(rest, len), word_marks);
    if (!len || !words.len)
        return (struct dhr_str){NULL, 0};
    *text = words;
    return csv_bare_number(dhr_str_span(rest.ptr, len));
}
