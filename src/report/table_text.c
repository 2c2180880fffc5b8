/*
 * The table for people. libsmartcols aligns the columns; it breaks inside
 * words, so every cell is wrapped to its column's width before it gets there.
 */
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "table_layout.h"

#define RESET "\033[0m"
#define BOLD "\033[1m"
/* A colour that no terminal gets to see: printing puts the bar's own in its place. */
#define BAR "\033[20m"

static const char *colour_of(const struct dhr_column *column, const struct cell *cell)
{
    static const char *const colours[] = {
        [DHR_STATE_NONE] = NULL,        [DHR_STATE_RED] = "\033[31m",
        [DHR_STATE_AMBER] = "\033[33m", [DHR_STATE_GREEN] = "\033[32m",
        [DHR_STATE_BLUE] = "\033[34m",  [DHR_STATE_GREY] = "\033[90m"};
    return column->type == DHR_CELL_BAR ? BAR : colours[cell->state];
}

/* The colour of the part of a bar that the text begins with; NULL keeps the one before. */
static const char *bar_colour(const struct dhr_style *style, struct dhr_str text)
{
    static const char *const colours[LAYOUT_PARTS] = {"\033[34m", "\033[32m", "", "\033[90m"};
    for (size_t part = 0; part < LAYOUT_PARTS; part++) {
        if (dhr_str_starts(text, layout_glyph(style, part)))
            return colours[part];
    }
    return NULL;
}

static int set_cell(const struct layout *l, struct libscols_line *row, size_t i,
                    const struct dhr_buf *text, const char *colour)
{
    int rc = scols_line_set_data(row, i, dhr_buf_cstr(text));
    if (rc == 0 && l->style->colour && colour)
        rc = scols_cell_set_color(scols_line_get_cell(row, i), colour);
    return rc;
}

/* A row's cells; the headings are a row like the others, for libsmartcols prints the second
 * line of its own late. `height` is how many lines it takes. */
static int fill_row(const struct layout *l, struct libscols_table *out, const size_t *row,
                    size_t *height)
{
    struct libscols_line *line = scols_table_new_line(out, NULL);
    struct dhr_buf text = {0};
    int rc = line ? 0 : -1;
    *height = 1;
    for (size_t i = 0; rc == 0 && i < l->count; i++) {
        dhr_buf_clear(&text);
        size_t lines = row ? layout_add_cell(l, *row, i, &text) : layout_add_heading(l, i, &text);
        *height = lines > *height ? lines : *height;
        const char *colour = row ? colour_of(layout_column(l, i), layout_cell(l, *row, i)) : BOLD;
        rc = set_cell(l, line, i, &text, colour);
    }
    dhr_buf_release(&text);
    return rc;
}

static int add_columns(const struct layout *l, struct libscols_table *out)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < l->count; i++) {
        /* Without a name: one would set the least width, though no headings are asked for. */
        struct libscols_column *made = scols_table_new_column(out, "", 0, SCOLS_FL_WRAP);
        rc = made ? scols_column_set_wrapfunc(made, scols_wrapnl_chunksize, scols_wrapnl_nextchunk,
                                              NULL)
                  : -1;
        if (rc == 0)
            rc = scols_column_set_safechars(made, "\n");
    }
    return rc;
}

static int set_up(const struct layout *l, struct libscols_table *out)
{
    int rc = scols_table_set_column_separator(out, "  ");
    /* To a terminal, libsmartcols would widen columns as it likes. */
    if (rc == 0)
        rc = scols_table_set_termforce(out, SCOLS_TERMFORCE_NEVER);
    if (rc == 0)
        rc = scols_table_enable_noheadings(out, 1);
    if (rc == 0)
        rc = scols_table_enable_colors(out, l->style->colour);
    return rc == 0 ? add_columns(l, out) : rc;
}

/* Where printing stands in a line: spaces and colours wait until something is seen. */
struct pen {
    FILE *file;
    const struct dhr_style *style;
    struct dhr_str wanted; /* colour, as libsmartcols asks for it */
    struct dhr_str shown;
    size_t spaces;
};

/* A byte that is seen; `text` begins with it. */
static void print_byte(struct pen *pen, struct dhr_str text)
{
    struct dhr_str colour = pen->wanted;
    if (dhr_str_is(colour, BAR)) {
        const char *part = bar_colour(pen->style, text);
        colour = part ? dhr_str_of(part) : pen->shown;
    }
    bool changes = !dhr_str_eq(colour, pen->shown);
    if (changes && pen->shown.len)
        (void)fputs(RESET, pen->file);
    if (pen->spaces)
        (void)fprintf(pen->file, "%*s", (int)pen->spaces, "");
    if (changes)
        (void)fprintf(pen->file, "%.*s", DHR_ARG(colour));
    (void)putc(text.ptr[0], pen->file);
    pen->shown = colour;
    pen->spaces = 0;
}

/* The columns' padding leaves spaces at the ends of lines, coloured ones too; nobody needs them. */
static void print_line(const struct dhr_style *style, struct dhr_str line, FILE *file)
{
    struct pen pen = {.file = file, .style = style};
    while (line.len) {
        size_t len = 1;
        const char *end = line.ptr[0] == '\033' ? memchr(line.ptr, 'm', line.len) : NULL;
        if (end) {
            len = (size_t)(end - line.ptr) + 1;
            pen.wanted = dhr_str_span(line.ptr, len);
            if (dhr_str_is(pen.wanted, RESET))
                pen.wanted.len = 0;
        } else if (line.ptr[0] == ' ') {
            pen.spaces++;
        } else {
            print_byte(&pen, line);
        }
        line = dhr_str_span(line.ptr + len, line.len - len);
    }
    (void)fputs(pen.shown.len ? RESET "\n" : "\n", file);
}

static void print_lines(const struct layout *l, struct dhr_str *rest, size_t count, FILE *file)
{
    struct dhr_str line;
    for (; count && dhr_str_line(rest, &line); count--)
        print_line(l->style, line, file);
}

static void print_group(const struct layout *l, size_t row, FILE *file)
{
    struct dhr_buf text = {0};
    if (layout_add_group(l, row, &text))
        (void)fprintf(file, l->style->colour ? "\n" BOLD "%s" RESET "\n" : "\n%s\n",
                      dhr_buf_cstr(&text));
    dhr_buf_release(&text);
}

static int print(const struct layout *l, struct libscols_table *out, size_t *heights, FILE *file)
{
    char *text = NULL;
    size_t rows = l->table->row_count;
    int rc = set_up(l, out);
    if (rc == 0)
        rc = fill_row(l, out, NULL, &heights[rows]);
    for (size_t row = 0; rc == 0 && row < rows; row++)
        rc = fill_row(l, out, &row, &heights[row]);
    if (rc == 0 && l->count) /* with groups alone there are no columns */
        rc = scols_print_table_to_string(out, &text);
    struct dhr_str rest = dhr_str_of(rc == 0 ? text : NULL);
    print_lines(l, &rest, heights[rows], file);
    for (size_t row = 0; rc == 0 && row < rows; row++) {
        print_group(l, row, file);
        print_lines(l, &rest, heights[row], file);
    }
    free(text);
    return rc;
}

int table_write_text(const struct dhr_table *table, const struct dhr_style *style, FILE *file,
                     struct dhr_err *err)
{
    struct layout l;
    layout_init(&l, table, style);
    struct libscols_table *out = scols_new_table();
    size_t *heights = dhr_realloc(NULL, (table->row_count + 1) * sizeof(*heights));
    int rc = out ? print(&l, out, heights, file) : -1;
    free(heights);
    scols_unref_table(out);
    layout_release(&l);
    return rc == 0 ? 0 : dhr_fail(err, DHR_SYSTEM, "the table can't be laid out");
}
