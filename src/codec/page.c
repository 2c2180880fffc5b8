#include "dhrledger/page.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/date.h"

/* Which part of the page the lines belong to. */
enum part { PART_FACTS, PART_SUMMARY, PART_ROWS };

struct parsing {
    struct dhr_page *page;
    struct dhr_arena *arena;
    enum part part;
    unsigned line;
    struct dhr_buf summary;
    size_t row_capacity;
    size_t unplaced_capacity;
    size_t leftover_capacity;
};

static void leave(struct parsing *p, struct dhr_str text, const char *why)
{
    struct dhr_page *page = p->page;
    *DHR_PUSH(page->leftover, page->leftover_count, p->leftover_capacity) =
        (struct dhr_page_line){p->line, text, why};
}

static void unplaced(struct parsing *p, struct dhr_str text, const char *why)
{
    struct dhr_page *page = p->page;
    *DHR_PUSH(page->unplaced, page->unplaced_count, p->unplaced_capacity) =
        (struct dhr_page_line){p->line, text, why};
}

static bool is_number(struct dhr_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return false;
    }
    return text.len > 0;
}

/* "April 2023" or "2023", as a ledger writes it; an empty span for anything else. */
static struct dhr_str parse_month(struct dhr_arena *arena, struct dhr_str text)
{
    struct dhr_str year = text;
    struct dhr_str month = {NULL, 0};
    if (is_number(text) && text.len == 4)
        return text;
    (void)dhr_str_split(&year, ' ', &month);
    year = dhr_str_trim(year);
    int number = dhr_month_of(month);
    if (!number || year.len != 4 || !is_number(year))
        return (struct dhr_str){NULL, 0};
    return dhr_str_of(dhr_arena_printf(arena, "%.*s-%02d", DHR_ARG(year), number));
}

/* The facts, each on a line of its own behind its label. They return why a line can't be used. */
static const char *take_csp(struct parsing *p, struct dhr_str value)
{
    p->page->csp = value;
    return NULL;
}

static const char *take_published(struct parsing *p, struct dhr_str value)
{
    p->page->published = parse_month(p->arena, value);
    return p->page->published.len ? NULL : "date not understood";
}

static const char *take_year(struct parsing *p, struct dhr_str value)
{
    bool year = value.len == 4 && is_number(value);
    if (year)
        p->page->year_of_death = value;
    return year ? NULL : "not a year";
}

static const char *take_count(struct parsing *p, struct dhr_str value)
{
    struct dhr_str number = {NULL, 0};
    (void)dhr_str_split(&value, ' ', &number);
    if (is_number(number))
        p->page->extracted = number;
    return is_number(number) ? NULL : "not a count";
}

static const char *take_source(struct parsing *p, struct dhr_str value)
{
    p->page->source = value;
    return NULL;
}

static const struct {
    const char *label;
    const char *(*take)(struct parsing *p, struct dhr_str value);
} facts[] = {{"CSP:", take_csp},
             {"Published:", take_published},
             {"Year of death:", take_year},
             {"Extracted:", take_count},
             {"Source:", take_source}};

/* The reader's own furniture: lines that say nothing about the review. */
static bool is_furniture(struct dhr_str text)
{
    static const char *const beginnings[] = {"About this page.", "View full report"};
    for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
        if (dhr_str_starts(text, beginnings[i]))
            return true;
    }
    return false;
}

/* "Source · Domestic Homicide Review": the line above the title says what kind of page it is. */
static bool take_kind(struct parsing *p, struct dhr_str text)
{
    static const struct {
        const char *words;
        const char *type;
    } kinds[] = {{"Domestic Homicide Review", "dhr"},
                 {"Domestic Abuse Related Death Review", "dardr"}};
    if (!dhr_str_starts(text, "Source ·"))
        return false;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (dhr_str_ends(text, kinds[i].words))
            p->page->type = dhr_str_of(kinds[i].type);
    }
    return p->page->type.len > 0;
}

/* "Statutory … review under section 9 of the … Act 2004. Source: …" */
static bool take_basis(struct parsing *p, struct dhr_str text)
{
    static const char under[] = " under ";
    if (!dhr_str_starts(text, "Statutory "))
        return false;
    const char *start = memmem(text.ptr, text.len, under, sizeof(under) - 1);
    if (!start)
        return false;
    start += sizeof(under) - 1;
    struct dhr_str basis = dhr_str_span(start, (size_t)(text.ptr + text.len - start));
    const char *stop = memmem(basis.ptr, basis.len, ". Source:", 9);
    if (stop)
        basis.len = (size_t)(stop - basis.ptr);
    if (dhr_str_ends(basis, "."))
        basis.len--;
    p->page->statutory_basis = basis;
    return true;
}

/* Take the next cell off the front of a row; "\|" is a pipe inside a cell. */
static bool next_cell(struct dhr_str *rest, struct dhr_str *cell)
{
    size_t len = 0;
    if (!rest->ptr)
        return false;
    while (len < rest->len && (rest->ptr[len] != '|' || (len && rest->ptr[len - 1] == '\\')))
        len++;
    *cell = dhr_str_trim(dhr_str_span(rest->ptr, len));
    if (len == rest->len) {
        *rest = (struct dhr_str){NULL, 0};
    } else {
        rest->ptr += len + 1;
        rest->len -= len + 1;
    }
    return true;
}

/* "|---|---|---|", the line below the heading */
static bool is_rule(struct dhr_str row)
{
    for (size_t i = 0; i < row.len; i++) {
        if (!strchr("|-: ", row.ptr[i]))
            return false;
    }
    return true;
}

static void take_row(struct parsing *p, struct dhr_str line)
{
    struct dhr_page *page = p->page;
    struct dhr_str rest = dhr_str_span(line.ptr + 1, line.len - 1);
    struct dhr_str cell;
    struct dhr_page_row row = {.line = p->line};
    size_t cells = 0;
    row.addressees = dhr_arena_alloc(p->arena, (line.len / 2 + 1) * sizeof(*row.addressees));
    while (next_cell(&rest, &cell)) {
        if (cells == 0)
            row.number = cell;
        else if (cells == 1)
            row.text = cell;
        else if (cell.len)
            row.addressees[row.addressee_count++] = cell;
        cells++;
    }
    if (dhr_str_is(row.number, "#") || is_rule(line))
        return;
    if (dhr_str_starts(row.number, "Recommendations extracted") && !row.addressee_count)
        return; /* the footer is shaped like data */
    if (!row.text.len)
        unplaced(p, line, "no text");
    else if (!row.addressee_count)
        unplaced(p, line, "no addressee");
    else
        *DHR_PUSH(page->rows, page->row_count, p->row_capacity) = row;
}

static bool take_fact(struct parsing *p, struct dhr_str text)
{
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        if (!dhr_str_starts(text, facts[i].label))
            continue;
        size_t len = strlen(facts[i].label);
        const char *why =
            facts[i].take(p, dhr_str_trim(dhr_str_span(text.ptr + len, text.len - len)));
        if (why)
            leave(p, text, why);
        return true;
    }
    return false;
}

static void take_line(struct parsing *p, struct dhr_str text)
{
    struct dhr_page *page = p->page;
    if (dhr_str_is(text, "Summary")) {
        p->part = PART_SUMMARY;
    } else if (dhr_str_is(text, "Extracted recommendations")) {
        p->part = PART_ROWS;
    } else if (text.ptr[0] == '|') {
        p->part = PART_ROWS;
        take_row(p, text);
    } else if (p->part == PART_SUMMARY) {
        if (p->summary.len)
            dhr_buf_addc(&p->summary, '\n');
        dhr_buf_add_str(&p->summary, text);
    } else if (take_kind(p, text) || take_fact(p, text) || take_basis(p, text) ||
               is_furniture(text)) {
        return;
    } else if (p->part == PART_FACTS && !page->title.len) {
        page->title = text;
    } else {
        leave(p, text, "not understood");
    }
}

/* The lists grow on the heap; the page keeps them in the arena. */
static void *settle(struct dhr_arena *arena, void *items, size_t size_bytes)
{
    void *kept = dhr_arena_alloc(arena, size_bytes + 1);
    if (size_bytes)
        memcpy(kept, items, size_bytes);
    free(items);
    return kept;
}

void dhr_page_parse(struct dhr_page *page, struct dhr_str bytes, struct dhr_arena *arena)
{
    struct parsing p = {.page = page, .arena = arena};
    struct dhr_str line;
    *page = (struct dhr_page){0};
    if (dhr_str_starts(bytes, "\xEF\xBB\xBF"))
        bytes = dhr_str_span(bytes.ptr + 3, bytes.len - 3);
    while (dhr_str_line(&bytes, &line)) {
        struct dhr_str text = dhr_str_trim(line);
        p.line++;
        if (text.len)
            take_line(&p, text);
    }
    page->summary =
        dhr_str_span(dhr_arena_dup(arena, dhr_buf_cstr(&p.summary), p.summary.len), p.summary.len);
    dhr_buf_release(&p.summary);
    page->rows = settle(arena, page->rows, page->row_count * sizeof(*page->rows));
    page->unplaced = settle(arena, page->unplaced, page->unplaced_count * sizeof(*page->unplaced));
    page->leftover = settle(arena, page->leftover, page->leftover_count * sizeof(*page->leftover));
}
