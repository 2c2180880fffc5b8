/* The table for people: cells side by side, as the layout has broken them into lines. */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/utf8.h"
#include "table_layout.h"

#define RESET "\033[0m"
#define BOLD "\033[1m"
enum { GAP = 2, MANY_BYTES = 1 << 16 };

/* What is left to print of a row's cell. */
struct piece {
    struct dhr_str rest; /* lines, joined by LF */
    size_t width;        /* of the only one, where it's known */
    bool known;
};

/* What is being printed: one row at a time. */
struct printing {
    const struct layout *l;
    FILE *file;
    struct dhr_buf out;   /* what the file gets next */
    size_t *widths;       /* what each column's lines need */
    struct dhr_buf text;  /* of the row's cells that the layout doesn't keep as they're printed */
    struct piece *pieces; /* of each column */
};

/* The cell's lines, behind those of the row's others. row: NULL for the headings. */
static struct dhr_str add_cell(struct printing *p, const size_t *row, size_t i)
{
    size_t at = p->text.len;
    if (row)
        layout_add_cell(p->l, *row, i, &p->text);
    else
        layout_add_heading(p->l, i, &p->text);
    return dhr_str_span(dhr_buf_cstr(&p->text) + at, p->text.len - at);
}

static size_t cell_width(struct printing *p, const size_t *row, size_t i)
{
    size_t widest = 0;
    struct dhr_str line;
    if (row && layout_cell_line(p->l, *row, i, &line, &widest))
        return widest;
    dhr_buf_clear(&p->text);
    struct dhr_str text = add_cell(p, row, i);
    while (dhr_str_line(&text, &line)) {
        size_t width = dhr_utf8_width(line);
        widest = width > widest ? width : widest;
    }
    return widest;
}

static void measure(struct printing *p, size_t i)
{
    p->widths[i] = cell_width(p, NULL, i);
    for (size_t row = 0; row < p->l->table->row_count; row++) {
        size_t width = cell_width(p, &row, i);
        p->widths[i] = width > p->widths[i] ? width : p->widths[i];
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
    struct dhr_buf *out;
    const struct dhr_style *style;
    const char *shown; /* the colour */
    size_t spaces;
};

static void add_spaces(struct dhr_buf *out, size_t count)
{
    static const char spaces[] = "                                                                ";
    for (; count >= sizeof(spaces); count -= sizeof(spaces) - 1)
        dhr_buf_add(out, spaces, sizeof(spaces) - 1);
    dhr_buf_add(out, spaces, count);
}

/* Text that begins with what is seen, in one colour. */
static void print_seen(struct pen *pen, struct dhr_str text, const char *colour)
{
    bool changes = pen->style->colour && strcmp(colour, pen->shown) != 0;
    if (changes && *pen->shown)
        dhr_buf_adds(pen->out, RESET);
    add_spaces(pen->out, pen->spaces);
    if (changes) {
        dhr_buf_adds(pen->out, colour);
        pen->shown = colour;
    }
    pen->spaces = 0;
    dhr_buf_add_str(pen->out, text);
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
static bool print_next(struct printing *p, const size_t *row)
{
    const struct layout *l = p->l;
    struct pen pen = {.out = &p->out, .style = l->style, .shown = ""};
    bool any = false;
    for (size_t i = 0; i < l->count; i++)
        any = any || p->pieces[i].rest.len;
    if (!any)
        return false;
    for (size_t i = 0; i < l->count; i++) {
        struct piece *piece = &p->pieces[i];
        struct dhr_str line = {"", 0};
        (void)dhr_str_line(&piece->rest, &line);
        if (row && layout_column(l, i)->type == DHR_CELL_BAR)
            print_bar(&pen, line);
        else
            print_line(&pen, line, row ? colour_of(layout_cell(l, *row, i)) : BOLD);
        size_t width = line.len && piece->known ? piece->width : dhr_utf8_width(line);
        pen.spaces += p->widths[i] - width + GAP;
    }
    dhr_buf_adds(&p->out, *pen.shown ? RESET "\n" : "\n");
    return true;
}

/* Find the lines of a row's cells. */
static void set_pieces(struct printing *p, const size_t *row)
{
    dhr_buf_clear(&p->text);
    for (size_t i = 0; i < p->l->count; i++) {
        struct piece *piece = &p->pieces[i];
        piece->known = row && layout_cell_line(p->l, *row, i, &piece->rest, &piece->width);
        if (!piece->known)
            piece->rest.len = add_cell(p, row, i).len;
    }
    const char *at = dhr_buf_cstr(&p->text); /* which has stopped growing */
    for (size_t i = 0; i < p->l->count; i++) {
        if (p->pieces[i].known)
            continue;
        p->pieces[i].rest.ptr = at;
        at += p->pieces[i].rest.len;
    }
}

static void flush(struct printing *p)
{
    (void)fwrite(dhr_buf_cstr(&p->out), 1, p->out.len, p->file);
    dhr_buf_clear(&p->out);
}

static void print_row(struct printing *p, const size_t *row)
{
    set_pieces(p, row);
    /* A row without a word is a line all the same; with groups alone there are no columns. */
    if (!print_next(p, row) && p->l->count)
        dhr_buf_addc(&p->out, '\n');
    while (print_next(p, row))
        ;
    if (p->out.len > MANY_BYTES)
        flush(p);
}

static void print_group(struct printing *p, size_t row)
{
    dhr_buf_clear(&p->text);
    if (layout_add_group(p->l, row, &p->text))
        dhr_buf_addf(&p->out, p->l->style->colour ? "\n" BOLD "%s" RESET "\n" : "\n%s\n",
                     dhr_buf_cstr(&p->text));
}

void table_write_text(const struct dhr_table *table, const struct dhr_style *style, FILE *file)
{
    struct layout l;
    layout_init(&l, table, style);
    struct printing p = {.l = &l, .file = file};
    p.widths = dhr_arena_zalloc(&l.arena, (l.count + 1) * sizeof(*p.widths));
    p.pieces = dhr_arena_alloc(&l.arena, (l.count + 1) * sizeof(*p.pieces));
    for (size_t i = 0; i < l.count; i++)
        measure(&p, i);
    print_row(&p, NULL);
    for (size_t row = 0; row < table->row_count; row++) {
        print_group(&p, row);
        print_row(&p, &row);
    }
    flush(&p);
    dhr_buf_release(&p.out);
    dhr_buf_release(&p.text);
    layout_release(&l);
}
