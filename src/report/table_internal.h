/* What the table's own files share. */
#ifndef DHRLEDGER_TABLE_INTERNAL_H
#define DHRLEDGER_TABLE_INTERNAL_H

#include "dhrledger/mem.h"
#include "dhrledger/table.h"

struct cell {
    bool set;
    enum dhr_state state;
    long number;
    struct dhr_str text; /* items of a list are joined by LF */
    const size_t *parts; /* of a bar: four */
};

struct fact {
    const char *name;
    const char *value; /* NULL: the count */
    size_t count;
};

struct dhr_table {
    const char *name;
    struct dhr_column *columns;
    size_t column_count;
    struct cell *cells; /* row by row */
    size_t row_count;
    size_t row_capacity;
    struct fact *facts;
    size_t fact_count;
    size_t fact_capacity;
    struct dhr_arena arena;
};

const struct cell *table_cell(const struct dhr_table *table, size_t row, size_t column);

void table_write_text(const struct dhr_table *table, const struct dhr_style *style, FILE *file);
void table_write_csv(const struct dhr_table *table, FILE *file);
void table_write_json(const struct dhr_table *table, FILE *file);
void table_write_ndjson(const struct dhr_table *table, FILE *file);
void table_write_markdown(const struct dhr_table *table, FILE *file);

#endif
