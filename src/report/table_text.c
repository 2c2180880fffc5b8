/* The table for people: cells side by side, as the layout has broken them into lines. */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/utf8.h"
#include "table_layout.h"

#define RESET "\033[0m"
#define BOLD "\033[1m"
enum { GAP = 2 };

/* A cell as it is printed: lines, joined by LF, in the text of all of them. */
struct block {
    size_t at;
    size_t len;
};

/* All cells, the headings first, row by row. */
struct blocks {
    struct dhr_buf text;
    struct block *items;
    size_t count;
    size_t capacity;
    size_t *widths; /* what each column's lines need */
};

static void measure(struct blocks *blocks, size_t i, struct dhr_str text)
{
    struct dhr_str line;
    while (dhr_str_line(&text, &line)) {
        size_t width = dhr_utf8_width(line);
        blocks->widths[i] = width > blocks->widths[i] ? width : blocks->widths[i];
    }
}

static void add_row(struct blocks *blocks, const struct layout *l, const size_t *row)
{
    for (size_t i = 0; i < l->count; i++) {
        size_t at = blocks->text.len;
        if (row)
            layout_add_cell(l, *row, i, &blocks->text);
        else
            layout_add_heading(l, i, &blocks->text);
        struct block block = {at, blocks->text.len - at};
        *DHR_PUSH(blocks->items, blocks->count, blocks->capacity) = block;
        measure(blocks, i, dhr_str_span(dhr_buf_cstr(&blocks->text) + at, block.len));
    }
}

static const char *colour_of(const struct cell *cell)
{
    static const char *const colours[] = {
        [DHR_STATE_NONE] = "",          [DHR_STATE_RED] = "\033[31m",
        [DHR_STATE_AMBER] = "\033[33m", [DHR_STATE_GREEN] = "\033[32m",
        [DHR_STATE_BLUE] = "\033[34m",  [DHR_STATE_GREY] = "\033[90m"};
    return colours[cell->state];
}

/* The part of a bar that the text begins with, and its length; in another colour each. */
static const char *bar_colour(const struct dhr_style *style, struct dhr_str text, size_t *len)
{
    static const char *const colours[LAYOUT_PARTS] = {"\033[34m", "\033[32m", "", "\033[90m"};
    for (size_t part = 0; part < LAYOUT_PARTS; part++) {
        const char *glyph = layout_glyph(style, part);
        *len = strlen(glyph);
        if (dhr_str_starts(text, glyph))
            return colours[part];
    }
    *len = 1;
    return "";
}

/* Where printing stands in a line: spaces and colours wait until something is seen. */
struct pen {
    FILE *file;
    const struct dhr_style *style;
    const char *shown; /* the colour */
    size_t spaces;
};

static void print_spaces(FILE *file, size_t count)
{
    static const char spaces[] = "                                                                ";
    for (; count >= sizeof(spaces); count -= sizeof(spaces) - 1)
        (void)fwrite(spaces, 1, sizeof(spaces) - 1, file);
    (void)fwrite(spaces, 1, count, file);
}

/* Text that begins with what is seen, in one colour. */
static void print_seen(struct pen *pen, struct dhr_str text, const char *colour)
{
    bool changes = pen->style->colour && strcmp(colour, pen->shown) != 0;
    if (changes && *pen->shown)
        (void)fputs(RESET, pen->file);
    print_spaces(pen->file, pen->spaces);
    if (changes) {
        (void)fputs(colour, pen->file);
        pen->shown = colour;
    }
    pen->spaces = 0;
    (void)fwrite(text.ptr, 1, text.len, pen->file);
}

/* One line of a cell; its spaces at the ends are left to what comes behind them. */
static void print_line(struct pen *pen, struct dhr_str line, const char *colour)
{
    struct dhr_str seen = dhr_str_trim(line);
    if (!seen.len) {
        pen->spaces += line.len;
        return;
    }
    pen->spaces += (size_t)(seen.ptr - line.ptr);
    print_seen(pen, seen, colour);
    pen->spaces += line.len - seen.len - (size_t)(seen.ptr - line.ptr);
}

static void print_bar(struct pen *pen, struct dhr_str bar)
{
    while (bar.len) {
        size_t len = 0;
        const char *colour = bar_colour(pen->style, bar, &len);
        print_seen(pen, dhr_str_span(bar.ptr, len), colour);
        bar = dhr_str_span(bar.ptr + len, bar.len - len);
    }
}

/* The next line of each cell that has one left; false, and nothing printed, where none has. */
static bool print_next(const struct layout *l, const struct blocks *blocks, struct dhr_str *rest,
                       const size_t *row, FILE *file)
{
    struct pen pen = {.file = file, .style = l->style, .shown = ""};
    bool any = false;
    for (size_t i = 0; i < l->count; i++)
        any = any || rest[i].len;
    if (!any)
        return false;
    for (size_t i = 0; i < l->count; i++) {
        struct dhr_str line = {"", 0};
        (void)dhr_str_line(&rest[i], &line);
        if (row && layout_column(l, i)->type == DHR_CELL_BAR)
            print_bar(&pen, line);
        else
            print_line(&pen, line, row ? colour_of(layout_cell(l, *row, i)) : BOLD);
        pen.spaces += blocks->widths[i] - dhr_utf8_width(line) + GAP;
    }
    (void)fputs(*pen.shown ? RESET "\n" : "\n", file);
    return true;
}

static void print_row(const struct layout *l, const struct blocks *blocks, size_t first,
                      const size_t *row, struct dhr_str *rest, FILE *file)
{
    for (size_t i = 0; i < l->count; i++) {
        const struct block *block = &blocks->items[first + i];
        rest[i] = dhr_str_span(dhr_buf_cstr(&blocks->text) + block->at, block->len);
    }
    /* A row without a word is a line all the same; with groups alone there are no columns. */
    if (!print_next(l, blocks, rest, row, file) && l->count)
        (void)fputc('\n', file);
    while (print_next(l, blocks, rest, row, file))
        ;
}

static void print_group(const struct layout *l, size_t row, FILE *file)
{
    struct dhr_buf text = {0};
    if (layout_add_group(l, row, &text))
        (void)fprintf(file, l->style->colour ? "\n" BOLD "%s" RESET "\n" : "\n%s\n",
                      dhr_buf_cstr(&text));
    dhr_buf_release(&text);
}

void table_write_text(const struct dhr_table *table, const struct dhr_style *style, FILE *file)
{
    struct layout l;
    struct blocks blocks = {0};
    layout_init(&l, table, style);
    blocks.widths = dhr_arena_zalloc(&l.arena, (l.count + 1) * sizeof(*blocks.widths));
    struct dhr_str *rest = dhr_arena_alloc(&l.arena, (l.count + 1) * sizeof(*rest));
    add_row(&blocks, &l, NULL);
    for (size_t row = 0; row < table->row_count; row++)
        add_row(&blocks, &l, &row);
    print_row(&l, &blocks, 0, NULL, rest, file);
    for (size_t row = 0; row < table->row_count; row++) {
        print_group(&l, row, file);
        print_row(&l, &blocks, (row + 1) * l.count, &row, rest, file);
    }
    dhr_buf_release(&blocks.text);
    free(blocks.items);
    layout_release(&l);
}
