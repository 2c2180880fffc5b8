#include "dhrledger/page_split.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/agency_index.h"
#include "dhrledger/kinds.h"
#include "page_split_internal.h"

enum { ROW_MAX_BYTES = 16 * 1024 };

/* The rows that are being made, which replace the page's. */
struct splitting {
    struct dhr_page *page;
    struct dhr_arena *arena;
    struct flat flat;
    struct dhr_page_row *rows;
    size_t row_count, row_capacity;
    struct dhr_page_line *unplaced;
    size_t unplaced_count, unplaced_capacity;
};

static void add_known(struct splitting *s, const struct dhr_ledger *ledger,
                      const struct dhr_str *names, size_t name_count)
{
    size_t placeholder_count = 0;
    const char *const *placeholders = dhr_placeholder_names(&placeholder_count);
    struct dhr_agency_index index = {0};
    dhr_agency_index_add_ledger(&index, ledger);
    for (size_t i = 0; i < index.count; i++)
        names_add(&s->flat.names, index.items[i].name, 0, s->arena);
    dhr_agency_index_release(&index);
    for (size_t i = 0; i < name_count; i++)
        names_add(&s->flat.names, names[i], 0, s->arena);
    for (size_t i = 0; i < placeholder_count; i++)
        names_add(&s->flat.names, dhr_str_of(placeholders[i]), 0, s->arena);
}

static void add_addressees(struct splitting *s)
{
    const struct dhr_page *page = s->page;
    for (size_t i = 0; i < page->row_count; i++) {
        for (size_t a = 0; a < page->rows[i].addressee_count; a++)
            names_add(&s->flat.names, page->rows[i].addressees[a], page->rows[i].line, s->arena);
    }
    names_sort(&s->flat.names);
}

/* The text of some words of one line, as it stands. */
static struct dhr_str span_of(const struct dhr_str *items, size_t from, size_t end)
{
    if (from >= end)
        return (struct dhr_str){NULL, 0};
    const char *stop = items[end - 1].ptr + items[end - 1].len;
    return dhr_str_span(items[from].ptr, (size_t)(stop - items[from].ptr));
}

/* The names that a line could end with: what stands behind its last sentence, and behind each |. */
static void add_candidates(struct splitting *s, struct names *found, const struct flat_row *row)
{
    const struct dhr_str *items = s->flat.words.items;
    for (size_t at = row->first; at < row->end;) {
        size_t end = at;
        while (end < row->end && !word_is_mark(items[end]))
            end++;
        size_t from = at;
        if (at == row->first) {
            from = end;
            while (from > at && !word_ends_sentence(items[from - 1]))
                from--;
        }
        if ((from > at || at != row->first) && words_name(items + from, end - from))
            names_add(found, span_of(items, from, end), row->line->line, s->arena);
        at = end + 1;
    }
}

/* Whether any other name is the end of this one, word by word. */
static bool ends_with_another(const struct names *found, const struct names *known,
                              struct dhr_str folded)
{
    for (size_t i = 1; i < folded.len; i++) {
        struct dhr_str end = dhr_str_span(folded.ptr + i, folded.len - i);
        if (folded.ptr[i - 1] == ' ' && (names_have(found, end) || names_have(known, end)))
            return true;
    }
    return false;
}

/* Names that the page repeats count as known. Page_split.h says which those are. */
static void add_repeated(struct splitting *s)
{
    enum { ROWS_WITH_KIND = 2, ROWS_WITHOUT = 3 };
    struct names found = {0};
    struct names repeated = {0};
    const struct flat *flat = &s->flat;
    bool numbered = flat->lines[0].start.words;
    for (size_t i = 0; i < flat->count; i++) {
        bool row_may_end = i + 1 == flat->count || !numbered || flat->lines[i + 1].start.strong ||
                           flat->lines[i + 1].line->gap != DHR_FLAT_NEXT;
        if (row_may_end)
            add_candidates(s, &found, &flat->lines[i]);
    }
    names_sort(&found);
    for (size_t i = 0; i < found.count;) {
        struct dhr_str folded = found.items[i].folded;
        size_t lines = 0;
        unsigned last = 0;
        for (; i < found.count && dhr_str_eq(found.items[i].folded, folded); i++) {
            lines += found.items[i].line != last;
            last = found.items[i].line;
        }
        size_t least =
            strcmp(dhr_kind_of_name(folded), "unknown") == 0 ? ROWS_WITHOUT : ROWS_WITH_KIND;
        if (lines >= least && !ends_with_another(&found, &s->flat.names, folded))
            names_add(&repeated, folded, last, s->arena);
    }
    for (size_t i = 0; i < repeated.count; i++)
        names_add(&s->flat.names, repeated.items[i].folded, repeated.items[i].line, s->arena);
    names_release(&repeated);
    names_release(&found);
    names_sort(&s->flat.names);
}

static void read_lines(struct splitting *s)
{
    const struct dhr_page *page = s->page;
    struct flat *flat = &s->flat;
    flat->page = page;
    flat->count = page->flat_count;
    flat->lines = dhr_arena_zalloc(s->arena, (flat->count + 1) * sizeof(*flat->lines));
    for (size_t i = 0; i < flat->count; i++) {
        flat->lines[i].line = &page->flat[i];
        flat->lines[i].first = flat->words.count;
        words_add(&flat->words, page->flat[i].text);
        flat->lines[i].end = flat->words.count;
    }
    flat_read_starts(flat);
}

/* The lines of a row as one, a space where each broke. */
static struct dhr_str join(struct splitting *s, size_t first, size_t end)
{
    struct dhr_buf text = {0};
    if (end - first == 1)
        return s->flat.lines[first].line->text;
    for (size_t i = first; i < end; i++) {
        if (i > first)
            dhr_buf_addc(&text, ' ');
        dhr_buf_add_str(&text, s->flat.lines[i].line->text);
    }
    struct dhr_str joined =
        dhr_str_span(dhr_arena_dup(s->arena, dhr_buf_cstr(&text), text.len), text.len);
    dhr_buf_release(&text);
    return joined;
}

/* The addressees behind the first one, each behind a |. False if one doesn't look like a name. */
static bool read_further(struct splitting *s, const struct words *words, size_t mark,
                         struct dhr_page_row *row)
{
    const struct dhr_str *items = words->items;
    for (size_t at = mark; at < words->count;) {
        size_t from = ++at;
        while (at < words->count && !word_is_mark(items[at]))
            at++;
        if (at == from)
            continue;
        if (names_before(&s->flat.names, items, from, at) != at - from &&
            !words_name(items + from, at - from))
            return false;
        row->addressees[row->addressee_count++] = span_of(items, from, at);
    }
    return true;
}

/* Take a row apart. The reason if it can't be done, NULL if it could. */
static const char *read_row(struct splitting *s, const struct start *start,
                            const struct words *words, struct dhr_page_row *row)
{
    const struct dhr_str *items = words->items;
    const char *why = NULL;
    size_t mark = start->words;
    if (start->unclear || (start->words && !start->in_place))
        return "whether it begins with its number is not certain";
    while (mark < words->count && !word_is_mark(items[mark]))
        mark++;
    if (mark == start->words)
        return "no text";
    size_t name = names_addressee(&s->flat.names, items, start->words, mark, &why);
    if (name == start->words)
        return why;
    row->number = span_of(items, 0, start->words);
    row->text = span_of(items, start->words, name);
    row->addressees =
        dhr_arena_alloc(s->arena, (words->count - mark + 1) * sizeof(*row->addressees));
    row->addressees[row->addressee_count++] = span_of(items, name, mark);
    return read_further(s, words, mark, row) ? NULL : "what stands behind a | is no agency's name";
}

static void take_row(struct splitting *s, size_t first, size_t end, bool certain)
{
    struct words words = {0};
    const struct flat_row *line = &s->flat.lines[first];
    struct dhr_page_row row = {.line = line->line->line};
    struct dhr_str text = join(s, first, end);
    const char *why = NULL;
    if (!certain) {
        why = "where it begins and ends is not certain";
    } else if (text.len > ROW_MAX_BYTES) {
        why = "too long for one row";
    } else {
        words_add(&words, text);
        why = read_row(s, &line->start, &words, &row);
        free(words.items);
    }
    if (why)
        *DHR_PUSH(s->unplaced, s->unplaced_count, s->unplaced_capacity) =
            (struct dhr_page_line){row.line, text, why};
    else
        *DHR_PUSH(s->rows, s->row_count, s->row_capacity) = row;
}

static bool is_decided(const struct flat *flat, size_t line)
{
    return line == flat->count || flat->lines[line].bound == BOUND_START;
}

/* Rows from one bound to the next; one with an undecided bound at either end is uncertain. */
static void take_rows(struct splitting *s)
{
    const struct flat *flat = &s->flat;
    for (size_t first = 0; first < flat->count;) {
        size_t end = first + 1;
        while (end < flat->count && flat->lines[end].bound == BOUND_MORE)
            end++;
        take_row(s, first, end, is_decided(flat, first) && is_decided(flat, end));
        first = end;
    }
}

static int compare_rows(const void *a, const void *b)
{
    const struct dhr_page_row *x = a;
    const struct dhr_page_row *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

static int compare_lines(const void *a, const void *b)
{
    const struct dhr_page_line *x = a;
    const struct dhr_page_line *y = b;
    return (x->line > y->line) - (x->line < y->line);
}

/* The page's own rows and the new ones, in the order of their lines. */
static void settle(struct splitting *s)
{
    struct dhr_page *page = s->page;
    for (size_t i = 0; i < page->row_count; i++)
        *DHR_PUSH(s->rows, s->row_count, s->row_capacity) = page->rows[i];
    for (size_t i = 0; i < page->unplaced_count; i++)
        *DHR_PUSH(s->unplaced, s->unplaced_count, s->unplaced_capacity) = page->unplaced[i];
    if (s->row_count) {
        qsort(s->rows, s->row_count, sizeof(*s->rows), compare_rows);
        page->rows = dhr_arena_alloc(s->arena, s->row_count * sizeof(*s->rows));
        memcpy(page->rows, s->rows, s->row_count * sizeof(*s->rows));
    }
    if (s->unplaced_count) {
        qsort(s->unplaced, s->unplaced_count, sizeof(*s->unplaced), compare_lines);
        page->unplaced = dhr_arena_alloc(s->arena, s->unplaced_count * sizeof(*s->unplaced));
        memcpy(page->unplaced, s->unplaced, s->unplaced_count * sizeof(*s->unplaced));
    }
    page->row_count = s->row_count;
    page->unplaced_count = s->unplaced_count;
    page->flat_count = 0;
    free(s->rows);
    free(s->unplaced);
}

/* Bodies glued together in one cell stay as printed, which is evidence; but they are shown. */
static void remark_glued(struct splitting *s)
{
    struct dhr_page *page = s->page;
    struct names *names = &s->flat.names;
    size_t capacity = 0;
    struct dhr_page_line *remarks = NULL;
    for (size_t r = 0; r < page->row_count; r++) {
        for (size_t a = 0; a < page->rows[r].addressee_count; a++) {
            struct dhr_str name = page->rows[r].addressees[a];
            struct dhr_buf folded = {0};
            struct words words = {0};
            dhr_name_add_folded(&folded, name);
            words_add(&words, name);
            if (!names_known(names, dhr_buf_str(&folded)) && names_glued_at(names, &words))
                *DHR_PUSH(remarks, page->remark_count, capacity) = (struct dhr_page_line){
                    page->rows[r].line, name, "two known agencies with nothing between"};
            dhr_buf_release(&folded);
            free(words.items);
        }
    }
    page->remarks = dhr_arena_alloc(s->arena, (page->remark_count + 1) * sizeof(*remarks));
    if (remarks)
        memcpy(page->remarks, remarks, page->remark_count * sizeof(*remarks));
    free(remarks);
}

void dhr_page_split(struct dhr_page *page, const struct dhr_ledger *ledger,
                    const struct dhr_str *names, size_t name_count, struct dhr_arena *arena)
{
    struct splitting s = {.page = page, .arena = arena};
    add_known(&s, ledger, names, name_count);
    add_addressees(&s);
    if (page->flat_count) {
        read_lines(&s);
        add_repeated(&s);
        flat_find_rows(&s.flat);
        take_rows(&s);
    }
    settle(&s);
    remark_glued(&s);
    names_release(&s.flat.names);
    free(s.flat.words.items);
}
