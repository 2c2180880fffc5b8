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
    struct dhr_buf text; /* of the cells' lines */
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
/* Whether the cell takes one line, and of how many columns; a bar may, but that isn't said here. */
bool layout_cell_fits(const struct layout *l, size_t row, size_t i, size_t *width);
void layout_add_cell(const struct layout *l, size_t row, size_t i, struct dhr_buf *out);
/* What stands above a group of rows, with their number; false where this row begins none. */
bool layout_add_group(const struct layout *l, size_t row, struct dhr_buf *out);
void layout_release(struct layout *l);

#endif
