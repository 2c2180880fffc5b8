#include "dhrledger/page.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/date.h"
#include "dhrledger/unseen.h"
#include "dhrledger/utf8.h"

/* Which part of the page the lines belong to. PART_FLAT: rows that lost their column marks. */
enum part { PART_FACTS, PART_SUMMARY, PART_ROWS, PART_FLAT };

struct parsing {
    struct dhr_page *page;
    struct dhr_arena *arena;
    enum part part;
    unsigned line;
    struct dhr_buf summary;
    size_t row_capacity;
    size_t unplaced_capacity;
    size_t leftover_capacity;
    size_t unseen_capacity;
    size_t flat_capacity;
    enum dhr_flat_gap gap; /* before the next flat line */
};

/* The bytes of the white space that s begins with, and that of one character. */
static size_t space_at(struct dhr_str s)
{
    if (dhr_str_starts(s, "\u00A0"))
        return 2;
    return s.len && (s.ptr[0] == ' ' || s.ptr[0] == '\t');
}

/* Pages come from browsers, which put no-break spaces where a cell or a label ends. */
static struct dhr_str trim(struct dhr_str s)
{
    for (;;) {
        size_t len = s.len;
        s = dhr_str_trim(s);
        while (dhr_str_starts(s, "\u00A0"))
            s = dhr_str_span(s.ptr + 2, s.len - 2);
        while (dhr_str_ends(s, "\u00A0"))
            s.len -= 2;
        if (s.len == len)
            return s;
    }
}

/* The length of these words at the beginning of s, whatever white space is between them, or 0. */
static size_t match(struct dhr_str s, const char *words)
{
    size_t at = 0;
    for (; *words; words++) {
        struct dhr_str rest = dhr_str_span(s.ptr + at, s.len - at);
        size_t space = space_at(rest);
        if (*words != ' ' && (!rest.len || rest.ptr[0] != *words))
            return 0;
        if (*words == ' ' && !space)
            return 0;
        at += *words == ' ' ? space : 1;
        while (*words == ' ' && (space = space_at(dhr_str_span(s.ptr + at, s.len - at))) > 0)
            at += space;
    }
    return at;
}

static bool says(struct dhr_str s, const char *words)
{
    return s.len && match(s, words) == s.len;
}

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

/*
 * The facts stand behind their labels. Each reader gives the value as a ledger
 * writes it, or an empty span where it isn't understood.
 */
static struct dhr_str read_text(struct parsing *p, struct dhr_str value)
{
    (void)p;
    return value;
}

static struct dhr_str read_year(struct parsing *p, struct dhr_str value)
{
    struct dhr_date date;
    (void)p;
    return value.len == 4 && dhr_date_parse(value, &date) ? value : (struct dhr_str){NULL, 0};
}

/* "April 2023" or "2023" */
static struct dhr_str read_month(struct parsing *p, struct dhr_str value)
{
    struct dhr_str rest = value;
    struct dhr_str month = {NULL, 0};
    (void)dhr_str_split(&rest, ' ', &month);
    struct dhr_str year = read_year(p, dhr_str_trim(rest));
    int number = dhr_month_of(month);
    if (number && year.len)
        return dhr_str_of(dhr_arena_printf(p->arena, "%.*s-%02d", DHR_ARG(year), number));
    return read_year(p, value);
}

/* "46 recs" */
static struct dhr_str read_count(struct parsing *p, struct dhr_str value)
{
    static const char *const words[] = {"", "rec", "recs", "recommendation", "recommendations"};
    struct dhr_str number = {NULL, 0};
    (void)p;
    (void)dhr_str_split(&value, ' ', &number);
    for (size_t i = 0; is_number(number) && i < sizeof(words) / sizeof(words[0]); i++) {
        if (dhr_str_is(dhr_str_trim(value), words[i]))
            return number;
    }
    return (struct dhr_str){NULL, 0};
}

static const struct fact {
    const char *label;
    struct dhr_str (*read)(struct parsing *p, struct dhr_str value);
    const char *why; /* a line can't be used */
    size_t member;   /* of struct dhr_page */
} facts[] = {
    {"CSP:", read_text, "", offsetof(struct dhr_page, csp)},
    {"Published:", read_month, "date not understood", offsetof(struct dhr_page, published)},
    {"Year of death:", read_year, "not a year", offsetof(struct dhr_page, year_of_death)},
    {"Extracted:", read_count, "not a count", offsetof(struct dhr_page, extracted)},
    {"Source:", read_text, "", offsetof(struct dhr_page, source)}};

/* Keep a value, unless the page has given another one already. */
static void keep(struct parsing *p, struct dhr_str *member, struct dhr_str value,
                 struct dhr_str line)
{
    if (!member->len) {
        *member = value;
    } else if (!dhr_str_eq(*member, value)) {
        p->page->extracted_twice |= member == &p->page->extracted;
        leave(p, line, "says otherwise than a line above");
    }
}

static void take_fact(struct parsing *p, const struct fact *fact, struct dhr_str text)
{
    size_t len = match(text, fact->label);
    struct dhr_str given = trim(dhr_str_span(text.ptr + len, text.len - len));
    struct dhr_str value = given.len ? fact->read(p, given) : given;
    if (value.len)
        keep(p, (struct dhr_str *)(void *)((char *)p->page + fact->member), value, text);
    else if (given.len)
        leave(p, text, fact->why);
}

static const struct fact *fact_at(struct dhr_str text)
{
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        if (match(text, facts[i].label))
            return &facts[i];
    }
    return NULL;
}

/* A line of one fact, or of several, as a page without its layout has them. */
static bool take_facts(struct parsing *p, struct dhr_str text)
{
    const struct fact *fact = fact_at(text);
    if (!fact)
        return false;
    while (fact) {
        const struct fact *next = NULL;
        size_t len = 1;
        for (; len < text.len; len++) {
            struct dhr_str rest = dhr_str_span(text.ptr + len, text.len - len);
            bool word =
                text.ptr[len - 1] == ' ' || dhr_str_ends(dhr_str_span(text.ptr, len), "\u00A0");
            if (word && (next = fact_at(rest)) != NULL)
                break;
        }
        take_fact(p, fact, trim(dhr_str_span(text.ptr, len)));
        text = dhr_str_span(text.ptr + len, text.len - len);
        fact = next;
    }
    return true;
}

/* The kind of review, where the line names one. */
static bool take_kind(struct parsing *p, struct dhr_str text)
{
    static const struct {
        const char *words;
        const char *type;
    } kinds[] = {{"domestic abuse related death review", "dardr"},
                 {"domestic homicide review", "dhr"}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t len = strlen(kinds[i].words);
        for (size_t at = 0; at + len <= text.len; at++) {
            if (strncasecmp(text.ptr + at, kinds[i].words, len) != 0)
                continue;
            if (!p->page->type.len)
                p->page->type = dhr_str_of(kinds[i].type);
            return true;
        }
    }
    return false;
}

/* "Statutory … review under section 9 of the … Act 2004. Source: …" */
static bool take_basis(struct parsing *p, struct dhr_str line)
{
    static const char under[] = " under ";
    static const char source[] = ". Source:";
    struct dhr_str text = line;
    if (dhr_str_ends(text, "."))
        text.len--;
    const char *start = memmem(text.ptr, text.len, under, sizeof(under) - 1);
    if (!dhr_str_starts(text, "Statutory ") || !start)
        return false;
    const char *end = text.ptr + text.len;
    start += sizeof(under) - 1;
    const char *stop = memmem(start, (size_t)(end - start), source, sizeof(source) - 1);
    if (stop)
        (void)take_facts(p, dhr_str_span(stop + 2, (size_t)(end - stop - 2)));
    keep(p, &p->page->statutory_basis, dhr_str_span(start, (size_t)((stop ? stop : end) - start)),
         line);
    (void)take_kind(p, text);
    return true;
}

/* The reader's own furniture: lines that say nothing about the review, but perhaps its kind. */
static bool take_furniture(struct parsing *p, struct dhr_str text)
{
    static const char *const links[] = {"View full report", "View full report ↗",
                                        "View full report (PDF)", "View full report (PDF) ↗"};
    for (size_t i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        if (says(text, links[i]))
            return true;
    }
    /* The table's footer, without its column marks */
    if (match(text, "Recommendations extracted from the published report."))
        return true;
    bool about = dhr_str_starts(text, "About this page.");
    bool kind = (about || dhr_str_starts(text, "Source ·")) && take_kind(p, text);
    return about || kind;
}

/*
 * Take the next cell and its | off the front of a row; "\|" is a pipe inside a
 * cell, and kept as it stands. False where no | follows.
 */
static bool next_cell(struct dhr_str *rest, struct dhr_str *cell)
{
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != '|')
        len += rest->ptr[len] == '\\' && len + 1 < rest->len ? 2 : 1;
    if (len >= rest->len)
        return false;
    *cell = trim(dhr_str_span(rest->ptr, len));
    *rest = dhr_str_span(rest->ptr + len + 1, rest->len - len - 1);
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

/* The heading, the line below it, and the footer, which is shaped like data. */
static bool is_frame(struct dhr_str line, const struct dhr_page_row *row)
{
    bool heading = dhr_str_is(row->number, "#") && dhr_str_starts(row->text, "Recommendation");
    bool footer = dhr_str_starts(row->number, "Recommendations extracted") && !row->text.len &&
                  !row->addressee_count;
    return heading || footer || is_rule(line);
}

/* The row's cells; what stands behind its last | is left in *rest. */
static struct dhr_page_row read_row(struct parsing *p, struct dhr_str line, struct dhr_str *rest)
{
    struct dhr_str cell;
    struct dhr_page_row row = {.line = p->line};
    *rest = dhr_str_span(line.ptr + 1, line.len - 1);
    row.addressees = dhr_arena_alloc(p->arena, (line.len / 2 + 1) * sizeof(*row.addressees));
    for (size_t cells = 0; next_cell(rest, &cell); cells++) {
        if (cells == 0)
            row.number = cell;
        else if (cells == 1)
            row.text = cell;
        else if (cell.len)
            row.addressees[row.addressee_count++] = cell;
    }
    return row;
}

static void take_row(struct parsing *p, struct dhr_str line)
{
    struct dhr_page *page = p->page;
    struct dhr_str rest;
    struct dhr_page_row row = read_row(p, line, &rest);
    p->gap = DHR_FLAT_AFTER_ROW;
    if (is_frame(line, &row))
        return;
    /* What follows the last | belongs to a row that was broken in two. */
    if (rest.len)
        unplaced(p, line, "no | at its end");
    else if (!row.text.len)
        unplaced(p, line, "no text");
    else if (!row.addressee_count)
        unplaced(p, line, "no addressee");
    else
        *DHR_PUSH(page->rows, page->row_count, p->row_capacity) = row;
}

/* The headings, each of which begins a part of the page. */
static bool take_heading(struct parsing *p, struct dhr_str text)
{
    static const char pulled[] = " pulled from the report";
    static const struct {
        const char *heading;
        enum part part;
    } parts[] = {{"Summary", PART_SUMMARY},
                 {"Extracted recommendations", PART_ROWS},
                 {"# Recommendation Addressed to", PART_FLAT}};
    /* Once there are rows, the word alone may be the end of a sentence that was wrapped. */
    size_t first = p->page->row_count || p->page->flat_count;
    for (size_t i = first; i < sizeof(parts) / sizeof(parts[0]); i++) {
        if (says(text, parts[i].heading)) {
            p->part = parts[i].part;
            p->gap = parts[i].part == PART_FLAT && !p->page->flat_count ? DHR_FLAT_AFTER_ROW
                                                                        : DHR_FLAT_AFTER_OTHER;
            return true;
        }
    }
    /* "46 recommendations pulled from the report" */
    if (!dhr_str_ends(text, pulled))
        return false;
    struct dhr_str count = read_count(p, dhr_str_span(text.ptr, text.len - sizeof(pulled) + 1));
    if (!count.len)
        return false;
    keep(p, &p->page->extracted, count, text);
    p->part = PART_ROWS;
    return true;
}

static void add_paragraph(struct dhr_buf *summary, struct dhr_str text)
{
    if (summary->len)
        dhr_buf_addc(summary, '\n');
    dhr_buf_add_str(summary, text);
}

static void take_flat(struct parsing *p, struct dhr_str text)
{
    struct dhr_page *page = p->page;
    *DHR_PUSH(page->flat, page->flat_count, p->flat_capacity) =
        (struct dhr_flat_line){p->line, text, p->gap};
    p->gap = DHR_FLAT_NEXT;
}

/* A line that is none of those we know. Among rows, what is shaped like one must not get lost. */
static void take_other(struct parsing *p, struct dhr_str text)
{
    struct dhr_page *page = p->page;
    bool digit = text.ptr[0] >= '0' && text.ptr[0] <= '9';
    if (p->part == PART_FLAT)
        take_flat(p, text);
    else if (p->part == PART_ROWS && (digit || memchr(text.ptr, '|', text.len)))
        unplaced(p, text, "no | before it");
    else if (p->part == PART_FACTS && !page->title.len && dhr_str_ends(text, " review"))
        page->title = text;
    else
        leave(p, text, "not understood");
}

/* A row with all its column marks among flat ones; "| Kent Police" alone goes on with a flat one.
 */
static bool is_whole_row(struct parsing *p, struct dhr_str text)
{
    struct dhr_str rest;
    struct dhr_page_row row = read_row(p, text, &rest);
    return (row.number.len && is_frame(text, &row)) ||
           (!rest.len && row.text.len && row.addressee_count);
}

static void take_line(struct parsing *p, struct dhr_str text)
{
    bool flat = p->part == PART_FLAT;
    enum dhr_flat_gap gap = p->gap;
    if (p->part != PART_FACTS && p->page->csp.len && match(text, "CSP:") && !p->page->second_line)
        p->page->second_line = p->line;
    if (text.ptr[0] == '|' && (!flat || is_whole_row(p, text))) {
        p->part = flat ? PART_FLAT : PART_ROWS;
        take_row(p, text);
        return;
    }
    p->gap = DHR_FLAT_AFTER_OTHER;
    if (take_heading(p, text))
        return;
    if (p->part == PART_SUMMARY) {
        add_paragraph(&p->summary, text);
    } else if (!take_furniture(p, text) && !take_facts(p, text) &&
               ((flat && !match(text, "Statutory domestic ")) || !take_basis(p, text))) {
        p->gap = gap;
        take_other(p, text);
    }
}

/*
 * The line without characters that can't be seen. Web pages are full of them, a record mustn't
 * have any (DL016), and nobody can see them to take them out.
 */
static struct dhr_str without_unseen(struct parsing *p, struct dhr_str line)
{
    struct dhr_buf kept = {0};
    struct dhr_unseen found;
    size_t done = 0;
    for (size_t at = 0; dhr_unseen_next(line, &at, &found); done = found.at + found.len) {
        dhr_buf_add(&kept, line.ptr + done, found.at - done);
        if (done)
            continue;
        const char *name =
            dhr_arena_printf(p->arena, "U+%04X (%s)", (unsigned)found.code, found.name);
        *DHR_PUSH(p->page->unseen, p->page->unseen_count, p->unseen_capacity) =
            (struct dhr_page_line){p->line, dhr_str_of(name), "can't be seen"};
    }
    if (done) {
        dhr_buf_add(&kept, line.ptr + done, line.len - done);
        line = dhr_str_span(dhr_arena_dup(p->arena, dhr_buf_cstr(&kept), kept.len), kept.len);
    }
    dhr_buf_release(&kept);
    return line;
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
    bytes = dhr_utf8_without_mark(bytes);
    while (dhr_str_line(&bytes, &line)) {
        p.line++;
        struct dhr_str text = trim(dhr_utf8_is_ascii(line) ? line : without_unseen(&p, line));
        if (text.len)
            take_line(&p, text);
    }
    page->summary =
        dhr_str_span(dhr_arena_dup(arena, dhr_buf_cstr(&p.summary), p.summary.len), p.summary.len);
    dhr_buf_release(&p.summary);
    page->flat = settle(arena, page->flat, page->flat_count * sizeof(*page->flat));
    page->rows = settle(arena, page->rows, page->row_count * sizeof(*page->rows));
    page->unplaced = settle(arena, page->unplaced, page->unplaced_count * sizeof(*page->unplaced));
    page->leftover = settle(arena, page->leftover, page->leftover_count * sizeof(*page->leftover));
    page->unseen = settle(arena, page->unseen, page->unseen_count * sizeof(*page->unseen));
}
