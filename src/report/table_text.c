/*
 * The table for people. libsmartcols aligns the columns; it breaks inside
 * words, so every cell is wrapped to its column's width before it gets there.
 */
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/utf8.h"
#include "table_internal.h"

enum { GAP = 2, LEAST_PROSE = 20, LEAST_ANY = 8, WIDE = 100, BAR_WIDE = 20, BAR_NARROW = 10 };

/* A table being laid out: the columns that text shows, and how wide each may be. */
struct layout {
    const struct dhr_table *table;
    const struct dhr_style *style;
    size_t *shown; /* indexes of columns */
    size_t *width;
    size_t *unbroken; /* the width that breaks no word, and no cell but prose */
    size_t count;
    size_t bar;
    struct dhr_arena arena;
};

/* The lengths of a bar's parts: in proportion, but what is there is seen. */
static void divide_bar(const size_t parts[4], size_t length, size_t lengths[4])
{
    size_t total = parts[0] + parts[1] + parts[2] + parts[3];
    size_t used = 0;
    for (size_t i = 0; i < 4; i++) {
        lengths[i] = total ? parts[i] * length / total : 0;
        if (parts[i] && !lengths[i])
            lengths[i] = 1;
        used += lengths[i];
    }
    while (total && used != length) {
        /* Give to, or take from, the part whose share is furthest off. */
        size_t best = 0;
        long furthest = -1;
        for (size_t i = 0; i < 4; i++) {
            long off = (long)(parts[i] * length) - (long)(lengths[i] * total);
            off = used < length ? off : -off;
            bool may = used < length ? parts[i] > 0 : lengths[i] > 1;
            if (may && (furthest < 0 || off > furthest)) {
                furthest = off < 0 ? 0 : off;
                best = i;
            }
        }
        lengths[best] += used < length ? 1 : (size_t)-1;
        used += used < length ? 1 : (size_t)-1;
    }
}

static void add_bar(struct dhr_buf *out, const struct layout *l, const struct cell *cell)
{
    static const char *const unicode[4] = {"█", "▓", "░", "·"};
    static const char *const ascii[4] = {"#", "=", "-", "."};
    size_t lengths[4];
    divide_bar(cell->parts, l->bar, lengths);
    for (size_t i = 0; i < 4; i++) {
        for (size_t n = 0; n < lengths[i]; n++)
            dhr_buf_adds(out, l->style->ascii ? ascii[i] : unicode[i]);
    }
}

/* A cell in one line, safe to print: items with commas, paragraphs with a space. */
static void add_line(struct dhr_buf *out, const struct layout *l, size_t row, size_t column)
{
    const struct cell *cell = table_cell(l->table, row, column);
    enum dhr_cell_type type = l->table->columns[column].type;
    struct dhr_str text = cell->text;
    struct dhr_str piece;
    const char *between = "";
    if (type == DHR_CELL_NUMBER && cell->set) {
        dhr_buf_addf(out, "%ld", cell->number);
        return;
    }
    if (type == DHR_CELL_BAR) {
        add_bar(out, l, cell);
        return;
    }
    while (text.len && dhr_str_split(&text, '\n', &piece)) {
        dhr_buf_adds(out, between);
        dhr_utf8_add_safe(out, piece, false);
        between = type == DHR_CELL_LIST ? ", " : " ";
    }
}

static bool same_as_above(const struct layout *l, size_t row, size_t column)
{
    return (l->table->columns[column].flags & DHR_COLUMN_GROUP) && row > 0 &&
           dhr_str_eq(table_cell(l->table, row - 1, column)->text,
                      table_cell(l->table, row, column)->text);
}

static size_t longest_word(struct dhr_str text)
{
    struct dhr_str word;
    size_t longest = 0;
    while (text.len && dhr_str_split(&text, ' ', &word)) {
        size_t width = dhr_utf8_width(word);
        longest = width > longest ? width : longest;
    }
    return longest;
}

static size_t most(size_t a, size_t b)
{
    return a > b ? a : b;
}

/* The widths that need no wrapping at all, and those that break no word. */
static void measure(struct layout *l)
{
    struct dhr_buf line = {0};
    for (size_t i = 0; i < l->count; i++) {
        const struct dhr_column *column = &l->table->columns[l->shown[i]];
        struct dhr_str heading = dhr_str_of(column->heading);
        bool prose = column->flags & DHR_COLUMN_WRAP;
        l->width[i] = dhr_utf8_width(heading);
        l->unbroken[i] = longest_word(heading);
        for (size_t r = 0; r < l->table->row_count; r++) {
            dhr_buf_clear(&line);
            add_line(&line, l, r, l->shown[i]);
            struct dhr_str text = dhr_buf_str(&line);
            size_t width = dhr_utf8_width(text);
            l->width[i] = most(l->width[i], width);
            l->unbroken[i] = most(l->unbroken[i], prose ? longest_word(text) : width);
        }
    }
    dhr_buf_release(&line);
}

static size_t total_width(const struct layout *l)
{
    size_t total = l->count ? (l->count - 1) * GAP : 0;
    for (size_t i = 0; i < l->count; i++)
        total += l->width[i];
    return total;
}

/* How narrow a column may get at each step of narrow(). */
enum step { KEEP_PROSE_READABLE, KEEP_WORDS_WHOLE, KEEP_A_LITTLE, KEEP_A_CHARACTER };

static size_t least_width(const struct layout *l, size_t i, enum step step)
{
    const struct dhr_column *column = &l->table->columns[l->shown[i]];
    if (column->type == DHR_CELL_BAR)
        return l->width[i];
    switch (step) {
    case KEEP_PROSE_READABLE:
        return column->flags & DHR_COLUMN_WRAP ? most(LEAST_PROSE, l->unbroken[i]) : l->unbroken[i];
    case KEEP_WORDS_WHOLE:
        return l->unbroken[i];
    case KEEP_A_LITTLE:
        return LEAST_ANY;
    default:
        return 1;
    }
}

/* Take columns from the widest that may give, one at a time, until the table fits. */
static void narrow(struct layout *l, enum step step)
{
    size_t total = total_width(l);
    while (total > l->style->width) {
        size_t widest = l->count;
        for (size_t i = 0; i < l->count; i++) {
            if (l->width[i] > least_width(l, i, step) &&
                (widest == l->count || l->width[i] > l->width[widest]))
                widest = i;
        }
        if (widest == l->count)
            return;
        l->width[widest]--;
        total--;
    }
}

static void fit(struct layout *l)
{
    measure(l);
    if (l->style->width == 0)
        return;
    for (int step = KEEP_PROSE_READABLE; step <= KEEP_A_CHARACTER; step++)
        narrow(l, (enum step)step);
}

/* The text broken into lines of at most the column's width, each moved right where that is asked.
 */
static void add_wrapped(struct dhr_buf *out, const struct layout *l, size_t i, struct dhr_str text)
{
    struct dhr_str line = text;
    const char *between = "";
    bool right = l->table->columns[l->shown[i]].flags & DHR_COLUMN_RIGHT;
    bool wrap = l->style->width > 0;
    while (wrap ? dhr_wrap_next(&text, l->width[i], true, &line) : text.len > 0) {
        dhr_buf_adds(out, between);
        size_t width = dhr_utf8_width(line);
        if (right && width < l->width[i])
            dhr_buf_addf(out, "%*s", (int)(l->width[i] - width), "");
        dhr_buf_add_str(out, line);
        between = "\n";
        if (!wrap)
            break;
    }
}

static const char *colour_of(enum dhr_state state)
{
    static const char *const colours[] = {NULL, "red", "yellow", "green", "blue", "darkgray"};
    return colours[state];
}

/* Wrap a text into a row's cell and colour it. */
static int set_cell(struct layout *l, struct libscols_line *row, size_t i, struct dhr_str text,
                    const char *colour)
{
    struct dhr_buf wrapped = {0};
    add_wrapped(&wrapped, l, i, text);
    int rc = scols_line_set_data(row, i, dhr_buf_cstr(&wrapped));
    dhr_buf_release(&wrapped);
    if (rc == 0 && l->style->colour && colour)
        rc = scols_cell_set_color(scols_line_get_cell(row, i), colour);
    return rc;
}

/* The headings are a row like the others: libsmartcols prints its own headings' second line late.
 */
static int fill_headings(struct layout *l, struct libscols_table *out)
{
    struct libscols_line *row = scols_table_new_line(out, NULL);
    int rc = row ? 0 : -1;
    for (size_t i = 0; rc == 0 && i < l->count; i++)
        rc = set_cell(l, row, i, dhr_str_of(l->table->columns[l->shown[i]].heading), "bold");
    return rc;
}

static int fill(struct layout *l, struct libscols_table *out)
{
    struct dhr_buf line = {0};
    int rc = fill_headings(l, out);
    for (size_t r = 0; rc == 0 && r < l->table->row_count; r++) {
        struct libscols_line *row = scols_table_new_line(out, NULL);
        rc = row ? 0 : -1;
        for (size_t i = 0; rc == 0 && i < l->count; i++) {
            dhr_buf_clear(&line);
            if (!same_as_above(l, r, l->shown[i]))
                add_line(&line, l, r, l->shown[i]);
            rc = set_cell(l, row, i, dhr_buf_str(&line),
                          colour_of(table_cell(l->table, r, l->shown[i])->state));
        }
    }
    dhr_buf_release(&line);
    return rc;
}

static int add_columns(struct layout *l, struct libscols_table *out)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < l->count; i++) {
        /* Without a name: libsmartcols makes a column as wide as its name, printed or not. */
        struct libscols_column *made =
            scols_table_new_column(out, "", (double)l->width[i], SCOLS_FL_WRAP);
        rc = made ? scols_column_set_wrapfunc(made, scols_wrapnl_chunksize, scols_wrapnl_nextchunk,
                                              NULL)
                  : -1;
        if (rc == 0)
            rc = scols_column_set_safechars(made, "\n");
    }
    return rc;
}

/* The columns' padding leaves spaces at the ends of lines; nobody needs them. */
static void print_trimmed(const char *text, FILE *file)
{
    struct dhr_str rest = dhr_str_of(text);
    struct dhr_str line;
    while (dhr_str_line(&rest, &line)) {
        while (line.len && line.ptr[line.len - 1] == ' ')
            line.len--;
        (void)fprintf(file, "%.*s\n", DHR_ARG(line));
    }
}

static int print(struct layout *l, struct libscols_table *out, FILE *file)
{
    char *text = NULL;
    size_t room = total_width(l) + GAP;
    int rc = scols_table_set_column_separator(out, "  ");
    if (rc == 0)
        rc = scols_table_set_termwidth(out, room);
    if (rc == 0)
        rc = scols_table_set_termforce(out, SCOLS_TERMFORCE_ALWAYS);
    if (rc == 0)
        rc = scols_table_enable_noheadings(out, 1);
    if (rc == 0)
        rc = scols_table_enable_colors(out, l->style->colour);
    if (rc == 0)
        rc = add_columns(l, out);
    if (rc == 0)
        rc = fill(l, out);
    if (rc == 0)
        rc = scols_print_table_to_string(out, &text);
    if (rc == 0 && text)
        print_trimmed(text, file);
    free(text);
    return rc;
}

int table_write_text(const struct dhr_table *table, const struct dhr_style *style, FILE *file,
                     struct dhr_err *err)
{
    struct layout l = {.table = table, .style = style};
    l.bar = style->width && style->width < WIDE ? BAR_NARROW : BAR_WIDE;
    l.shown = dhr_arena_alloc(&l.arena, table->column_count * sizeof(*l.shown));
    l.width = dhr_arena_alloc(&l.arena, table->column_count * sizeof(*l.width));
    l.unbroken = dhr_arena_alloc(&l.arena, table->column_count * sizeof(*l.unbroken));
    for (size_t c = 0; c < table->column_count; c++) {
        if (!(table->columns[c].flags & DHR_COLUMN_DATA_ONLY))
            l.shown[l.count++] = c;
    }
    fit(&l);
    struct libscols_table *out = scols_new_table();
    int rc = out ? print(&l, out, file) : -1;
    scols_unref_table(out);
    dhr_arena_release(&l.arena);
    return rc == 0 ? 0 : dhr_fail(err, DHR_SYSTEM, "the table can't be laid out");
}
