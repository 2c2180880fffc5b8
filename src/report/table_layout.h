/*
 * A table being laid out for a terminal: which columns are shown, how wide each
 * may be, and the lines that a cell is broken into.
 *
 *     struct layout l;
 *     layout_init(&l, table, &style);
 *     layout_add_cell(&l, row, i, &buf);
 *     layout_release(&l);
 *
 * i counts the columns that are shown. Lines are joined by LF, hold no control
 * characters, and are never wider than the column.
 */
#ifndef DHRLEDGER_TABLE_LAYOUT_H
#define DHRLEDGER_TABLE_LAYOUT_H

#include "table_internal.h"

struct layout {
    const struct dhr_table *table;
    const struct dhr_style *style;
    struct layout_column *columns;
    size_t count;
    bool grouped; /* columns[count] is then the one that groups rows, as wide as the terminal */
    struct dhr_arena arena;
};

/* The parts of a bar, in their order. */
enum { LAYOUT_PARTS = 4 };
const char *layout_glyph(const struct dhr_style *style, size_t part);

void layout_init(struct layout *l, const struct dhr_table *table, const struct dhr_style *style);
const struct dhr_column *layout_column(const struct layout *l, size_t i);
const struct cell *layout_cell(const struct layout *l, size_t row, size_t i);
void layout_add_heading(const struct layout *l, size_t i, struct dhr_buf *out);
/*
 * The cell's line and its width, where it has one that stands at its column's left, as nearly all
 * have; it lives as long as the layout and the table. A bar may have one, but that isn't said here.
 */
bool layout_cell_line(const struct layout *l, size_t row, size_t i, struct dhr_str *line,
                      size_t *width);
void layout_add_cell(const struct layout *l, size_t row, size_t i, struct dhr_buf *out);
/* What stands above a group of rows, with their number; false where this row begins none. */
bool layout_add_group(const struct layout *l, size_t row, struct dhr_buf *out);
void layout_release(struct layout *l);

#endif
