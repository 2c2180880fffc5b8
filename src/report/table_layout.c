#include "table_layout.h"

#include <stdint.h>
#include <wchar.h>

#include "dhrledger/utf8.h"

enum { LEAST_PROSE = 20, LEAST_ANY = 8, LEAST_BAR = 4, LEAST_CHARACTER = 2 };
enum { GAP = 2, WIDE = 100, BAR_WIDE = 20, BAR_NARROW = 10 };

struct layout_column {
    size_t index; /* in the table */
    size_t width;
    size_t whole;              /* the width that breaks no cell, at most its heading */
    size_t word;               /* the width that breaks no word */
    struct layout_line *lines; /* of each row's cell; NULL for bars, which depend on the width */
};

/* A cell in one line, without spaces at its ends. */
struct layout_line {
    const char *text;
    uint32_t len;
    uint32_t width;
};

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

const char *layout_glyph(const struct dhr_style *style, size_t part)
{
    static const char *const unicode[LAYOUT_PARTS] = {"█", "▓", "░", "·"};
    static const char *const ascii[LAYOUT_PARTS] = {"#", "=", "-", "."};
    return style->ascii ? ascii[part] : unicode[part];
}

const struct dhr_column *layout_column(const struct layout *l, size_t i)
{
    return &l->table->columns[l->columns[i].index];
}

const struct cell *layout_cell(const struct layout *l, size_t row, size_t i)
{
    return table_cell(l->table, row, l->columns[i].index);
}

/* The lengths of a bar's parts: in proportion, but what is there is seen. */
static void divide_bar(const size_t parts[LAYOUT_PARTS], size_t length,
                       size_t lengths[LAYOUT_PARTS])
{
    size_t total = parts[0] + parts[1] + parts[2] + parts[3];
    size_t used = 0;
    for (size_t i = 0; i < LAYOUT_PARTS; i++) {
        lengths[i] = total ? parts[i] * length / total : 0;
        if (parts[i] && !lengths[i])
            lengths[i] = 1;
        used += lengths[i];
    }
    while (total && used != length) {
        /* Give to, or take from, the part whose share is furthest off. */
        size_t best = 0;
        bool found = false;
        long furthest = 0;
        for (size_t i = 0; i < LAYOUT_PARTS; i++) {
            long off = (long)(parts[i] * length) - (long)(lengths[i] * total);
            off = used < length ? off : -off;
            bool may = used < length ? parts[i] > 0 : lengths[i] > 1;
            if (may && (!found || off > furthest)) {
                found = true;
                furthest = off;
                best = i;
            }
        }
        lengths[best] += used < length ? 1 : (size_t)-1;
        used += used < length ? 1 : (size_t)-1;
    }
}

static size_t longest_bar(const struct dhr_style *style)
{
    return style->width && style->width < WIDE ? BAR_NARROW : BAR_WIDE;
}

static void add_bar(struct dhr_buf *out, const struct layout *l, const struct cell *cell,
                    size_t most)
{
    size_t lengths[LAYOUT_PARTS];
    size_t length = smaller(most, longest_bar(l->style));
    if (!cell->parts)
        return;
    divide_bar(cell->parts, length, lengths);
    for (size_t part = 0; part < LAYOUT_PARTS; part++) {
        for (size_t n = 0; n < lengths[part]; n++)
            dhr_buf_adds(out, layout_glyph(l->style, part));
    }
}

/* The first character of valid UTF-8. */
static unsigned long code_of(struct dhr_str text, size_t *len)
{
    unsigned char first = (unsigned char)text.ptr[0];
    *len = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    unsigned long code = first & (*len == 1 ? 0x7FU : 0x7FU >> *len);
    for (size_t i = 1; i < *len; i++)
        code = code << 6 | ((unsigned char)text.ptr[i] & 0x3FU);
    return code;
}

/* What stands for a character where the locale has ASCII alone, or NULL. */
static const char *ascii_of(unsigned long code)
{
    static const struct {
        unsigned long code;
        const char *ascii;
    } signs[] = {{0x00A0, " "},  {0x00B7, "*"}, {0x2010, "-"},  {0x2011, "-"}, {0x2012, "-"},
                 {0x2013, "-"},  {0x2014, "-"}, {0x2018, "'"},  {0x2019, "'"}, {0x201C, "\""},
                 {0x201D, "\""}, {0x2022, "*"}, {0x2026, "..."}};
    for (size_t i = 0; i < sizeof(signs) / sizeof(signs[0]); i++) {
        if (signs[i].code == code)
            return signs[i].ascii;
    }
    return NULL;
}

/* The printable ASCII that the text begins with; returns the rest. */
static struct dhr_str add_plain(struct dhr_buf *out, struct dhr_str text)
{
    size_t plain = dhr_utf8_plain_len(text);
    if (plain)
        dhr_buf_add(out, text.ptr, plain);
    return dhr_str_span(text.ptr + plain, text.len - plain);
}

/*
 * Text as it can stand in a column. A character whose width the locale doesn't
 * know, or sees otherwise than we do, is shown by its number: a terminal might give
 * it another width, and columns would no longer stand one below the other.
 */
static void add_printable(struct dhr_buf *out, const struct layout *l, struct dhr_str text)
{
    struct dhr_buf safe = {0};
    struct dhr_str rest = add_plain(out, text);
    dhr_utf8_add_safe(&safe, rest, false);
    rest = add_plain(out, dhr_buf_str(&safe));
    while (rest.len) {
        size_t len = 0;
        unsigned long code = code_of(rest, &len);
        struct dhr_str one = dhr_str_span(rest.ptr, len);
        const char *sign = l->style->ascii ? ascii_of(code) : NULL;
        if (!l->style->ascii && dhr_utf8_width(one) == (size_t)wcwidth((wchar_t)code))
            dhr_buf_add_str(out, one);
        else if (sign)
            dhr_buf_adds(out, sign);
        else
            dhr_buf_addf(out, "<U+%04lX>", code);
        rest = add_plain(out, dhr_str_span(rest.ptr + len, rest.len - len));
    }
    dhr_buf_release(&safe);
}

/* A cell in one line: items with commas, paragraphs with a space. */
static void add_line(struct dhr_buf *out, const struct layout *l, size_t row, size_t i)
{
    const struct cell *cell = layout_cell(l, row, i);
    enum dhr_cell_type type = layout_column(l, i)->type;
    struct dhr_str text = cell->text;
    struct dhr_str piece;
    const char *between = "";
    if (type == DHR_CELL_NUMBER && cell->set)
        dhr_buf_addf(out, "%ld", cell->number);
    else if (type == DHR_CELL_BAR)
        add_bar(out, l, cell, l->columns[i].width);
    while (text.len && dhr_str_split(&text, '\n', &piece)) {
        dhr_buf_adds(out, between);
        add_printable(out, l, piece);
        between = type == DHR_CELL_LIST ? ", " : " ";
    }
}

static size_t longest_word(struct dhr_str text)
{
    struct dhr_str word;
    size_t longest = 0;
    while (text.len && dhr_str_split(&text, ' ', &word))
        longest = larger(longest, dhr_utf8_width(word));
    return longest;
}

static struct dhr_str text_of(const struct layout_line *line)
{
    return dhr_str_span(line->text, line->len);
}

/* A cell in one line that isn't simply its text. */
static struct dhr_str other_line(struct layout *l, size_t row, size_t i)
{
    struct dhr_buf line = {0};
    add_line(&line, l, row, i);
    struct dhr_str kept = {dhr_str_dup(&l->arena, dhr_buf_str(&line)), line.len};
    dhr_buf_release(&line);
    return kept;
}

/* Keep a cell's line; returns the columns that it takes with the spaces at its ends. */
static size_t keep_line(struct layout *l, size_t row, size_t i)
{
    struct dhr_str text = layout_cell(l, row, i)->text;
    bool plain = text.len && dhr_utf8_plain_len(text) == text.len;
    struct dhr_str whole = plain ? text : other_line(l, row, i);
    struct dhr_str line = dhr_str_trim(whole);
    size_t width = plain ? line.len : dhr_utf8_width(line);
    l->columns[i].lines[row] = (struct layout_line){line.ptr, (uint32_t)line.len, (uint32_t)width};
    return width + whole.len - line.len; /* nothing but spaces is taken off */
}

/* The widths that need no wrapping at all, that break no cell, and that break no word. */
static void measure(struct layout *l, size_t i)
{
    struct layout_column *c = &l->columns[i];
    struct dhr_buf line = {0};
    add_printable(&line, l, dhr_str_of(layout_column(l, i)->heading));
    c->width = dhr_utf8_width(dhr_buf_str(&line));
    c->word = longest_word(dhr_buf_str(&line));
    if (layout_column(l, i)->type == DHR_CELL_BAR) {
        c->width =
            larger(c->width, l->style->width && l->style->width < WIDE ? BAR_NARROW : BAR_WIDE);
        c->whole = c->word = c->width;
    } else {
        c->whole = c->word;
        c->lines = dhr_arena_alloc(&l->arena, (l->table->row_count + 1) * sizeof(*c->lines));
        for (size_t row = 0; row < l->table->row_count; row++) {
            c->whole = larger(c->whole, keep_line(l, row, i));
            if (l->style->width) /* no word is broken in a table as wide as it needs */
                c->word = larger(c->word, longest_word(text_of(&c->lines[row])));
        }
        c->width = larger(c->width, c->whole);
    }
    dhr_buf_release(&line);
}

static size_t total_width(const struct layout *l)
{
    size_t total = l->count ? (l->count - 1) * GAP : 0;
    for (size_t i = 0; i < l->count; i++)
        total += l->columns[i].width;
    return total;
}

/* What gives way first, where the terminal is too narrow. */
enum step { WRAP_PROSE, WRAP_PROSE_MORE, WRAP_CELLS, SPLIT_WORDS, SPLIT_ANYTHING };

static size_t least_width(const struct layout *l, size_t i, enum step step)
{
    const struct layout_column *c = &l->columns[i];
    bool prose = layout_column(l, i)->flags & DHR_COLUMN_WRAP;
    if (layout_column(l, i)->type == DHR_CELL_BAR)
        return step == SPLIT_ANYTHING ? LEAST_BAR : c->whole;
    switch (step) {
    case WRAP_PROSE:
        return prose ? LEAST_PROSE : c->whole;
    case WRAP_PROSE_MORE:
        /* An address in prose is broken before everything else suffers for it. */
        return prose ? smaller(c->word, LEAST_PROSE) : c->whole;
    case WRAP_CELLS:
        return prose ? smaller(c->word, LEAST_PROSE) : c->word;
    case SPLIT_WORDS:
        return LEAST_ANY;
    default:
        return LEAST_CHARACTER;
    }
}

/* Take from the widest column that may give, a little at a time, until the table fits. */
static void narrow(struct layout *l, enum step step)
{
    for (size_t total = total_width(l); total > l->style->width; total--) {
        struct layout_column *widest = NULL;
        for (size_t i = 0; i < l->count; i++) {
            struct layout_column *c = &l->columns[i];
            if (c->width > least_width(l, i, step) && (!widest || c->width > widest->width))
                widest = c;
        }
        if (!widest)
            return;
        widest->width--;
    }
}

void layout_init(struct layout *l, const struct dhr_table *table, const struct dhr_style *style)
{
    *l = (struct layout){.table = table, .style = style};
    l->columns = dhr_arena_zalloc(&l->arena, (table->column_count + 1) * sizeof(*l->columns));
    for (size_t c = 0; c < table->column_count; c++) {
        if (table->columns[c].flags & (DHR_COLUMN_DATA_ONLY | DHR_COLUMN_GROUP))
            continue;
        l->columns[l->count].index = c;
        measure(l, l->count++);
    }
    for (size_t c = 0; c < table->column_count && !l->grouped; c++) {
        l->grouped = table->columns[c].flags & DHR_COLUMN_GROUP;
        l->columns[l->count] =
            (struct layout_column){.index = c, .width = style->width ? style->width : SIZE_MAX};
    }
    if (style->width == 0)
        return;
    for (size_t i = 0; i < l->count; i++)
        l->columns[i].width = smaller(l->columns[i].width, style->width);
    for (int step = WRAP_PROSE; step <= SPLIT_ANYTHING; step++)
        narrow(l, (enum step)step);
}

static bool is_right(const struct layout *l, size_t i)
{
    const struct dhr_column *column = layout_column(l, i);
    return column->type == DHR_CELL_NUMBER || (column->flags & DHR_COLUMN_RIGHT);
}

static void add_aligned(struct dhr_buf *out, const struct layout *l, size_t i, struct dhr_str line,
                        size_t width)
{
    size_t columns = l->columns[i].width;
    if (is_right(l, i) && width < columns)
        dhr_buf_addf(out, "%*s", (int)(columns - width), "");
    dhr_buf_add_str(out, line);
}

/* The text broken into lines, each moved to the right where that is asked. */
static void add_wrapped(struct dhr_buf *out, const struct layout *l, size_t i, struct dhr_str text)
{
    const char *between = "";
    struct dhr_str line;
    while (dhr_wrap_next(&text, l->columns[i].width, l->style->width > 0, &line)) {
        dhr_buf_adds(out, between);
        add_aligned(out, l, i, line, dhr_utf8_width(line));
        between = "\n";
    }
}

/* Most texts fit as they are. */
static void add_text(struct dhr_buf *out, const struct layout *l, size_t i, struct dhr_str text,
                     size_t width)
{
    if (width > l->columns[i].width)
        add_wrapped(out, l, i, text);
    else if (text.len)
        add_aligned(out, l, i, text, width);
}

void layout_add_heading(const struct layout *l, size_t i, struct dhr_buf *out)
{
    struct dhr_buf line = {0};
    add_printable(&line, l, dhr_str_of(layout_column(l, i)->heading));
    add_text(out, l, i, dhr_buf_str(&line), dhr_utf8_width(dhr_buf_str(&line)));
    dhr_buf_release(&line);
}

bool layout_cell_line(const struct layout *l, size_t row, size_t i, struct dhr_str *line,
                      size_t *width)
{
    const struct layout_column *c = &l->columns[i];
    if (!c->lines || c->lines[row].width > c->width || (is_right(l, i) && c->lines[row].len))
        return false;
    *line = text_of(&c->lines[row]);
    *width = c->lines[row].width;
    return true;
}

void layout_add_cell(const struct layout *l, size_t row, size_t i, struct dhr_buf *out)
{
    const struct layout_column *c = &l->columns[i];
    if (c->lines)
        add_text(out, l, i, text_of(&c->lines[row]), c->lines[row].width);
    else
        add_line(out, l, row, i);
}

static bool same_group(const struct layout *l, size_t row, size_t other)
{
    const struct cell *a = layout_cell(l, row, l->count);
    const struct cell *b = layout_cell(l, other, l->count);
    return a->number == b->number && dhr_str_eq(a->text, b->text);
}

bool layout_add_group(const struct layout *l, size_t row, struct dhr_buf *out)
{
    if (!l->grouped || (row > 0 && same_group(l, row, row - 1)))
        return false;
    struct dhr_buf line = {0};
    size_t end = row + 1;
    while (end < l->table->row_count && same_group(l, row, end))
        end++;
    add_line(&line, l, row, l->count);
    if (!line.len)
        dhr_buf_adds(&line, "(not recorded)");
    dhr_buf_addf(&line, " (%zu)", end - row);
    add_text(out, l, l->count, dhr_buf_str(&line), dhr_utf8_width(dhr_buf_str(&line)));
    dhr_buf_release(&line);
    return true;
}

void layout_release(struct layout *l)
{
    dhr_arena_release(&l->arena);
}
