/* The table for programs: CSV and JSON, one row a line. */
#include <stdlib.h>

#include "dhrledger/csv_write.h"
#include "dhrledger/json_write.h"
#include "table_internal.h"

static bool is_data(const struct dhr_column *column)
{
    return column->type != DHR_CELL_BAR && !(column->flags & DHR_COLUMN_TEXT_ONLY);
}

static void flush(struct dhr_buf *buf, FILE *file)
{
    (void)fwrite(dhr_buf_cstr(buf), 1, buf->len, file);
    dhr_buf_clear(buf);
}

void table_write_csv(const struct dhr_table *table, FILE *file)
{
    struct dhr_buf line = {0};
    bool first = true;
    for (size_t c = 0; c < table->column_count; c++) {
        if (!is_data(&table->columns[c]))
            continue;
        dhr_csv_add_cell(&line, dhr_str_of(table->columns[c].heading), true, first);
        first = false;
    }
    dhr_csv_end_record(&line);
    for (size_t r = 0; r < table->row_count; r++) {
        first = true;
        for (size_t c = 0; c < table->column_count; c++) {
            const struct cell *cell = table_cell(table, r, c);
            bool number = table->columns[c].type == DHR_CELL_NUMBER;
            char digits[32];
            if (!is_data(&table->columns[c]))
                continue;
            (void)snprintf(digits, sizeof(digits), "%ld", cell->number);
            dhr_csv_add_cell(&line, number && cell->set ? dhr_str_of(digits) : cell->text, !number,
                             first);
            first = false;
        }
        dhr_csv_end_record(&line);
        flush(&line, file);
    }
    flush(&line, file);
    dhr_buf_release(&line);
}

static void add_list(struct dhr_buf *line, struct dhr_str items)
{
    const char *comma = "";
    struct dhr_str item;
    dhr_buf_addc(line, '[');
    while (items.len && dhr_str_split(&items, '\n', &item)) {
        dhr_buf_adds(line, comma);
        dhr_json_add_string(line, item);
        comma = ",";
    }
    dhr_buf_addc(line, ']');
}

static void add_value(struct dhr_buf *line, const struct dhr_column *column,
                      const struct cell *cell)
{
    if (column->type == DHR_CELL_LIST)
        add_list(line, cell->text);
    else if (!cell->set)
        dhr_buf_adds(line, "null");
    else if (column->type == DHR_CELL_NUMBER)
        dhr_buf_addf(line, "%ld", cell->number);
    else
        dhr_json_add_string(line, cell->text);
}

static void add_row(struct dhr_buf *line, const struct dhr_table *table, size_t row)
{
    const char *comma = "";
    for (size_t c = 0; c < table->column_count; c++) {
        if (!is_data(&table->columns[c]))
            continue;
        dhr_buf_addf(line, "%s\"%s\":", comma, table->columns[c].name);
        add_value(line, &table->columns[c], table_cell(table, row, c));
        comma = ",";
    }
}

void table_write_json(const struct dhr_table *table, FILE *file)
{
    struct dhr_buf line = {0};
    dhr_buf_addf(&line, "{\"format\":\"dhrledger.%s\",\"version\":1", table->name);
    for (size_t i = 0; i < table->fact_count; i++) {
        dhr_buf_addf(&line, ",\"%s\":", table->facts[i].name);
        dhr_json_add_string(&line, dhr_str_of(table->facts[i].value));
    }
    dhr_buf_adds(&line, ",\"rows\":[");
    for (size_t r = 0; r < table->row_count; r++) {
        dhr_buf_adds(&line, r ? ",\n{" : "\n{");
        add_row(&line, table, r);
        dhr_buf_addc(&line, '}');
        flush(&line, file);
    }
    dhr_buf_adds(&line, table->row_count ? "\n]}\n" : "]}\n");
    flush(&line, file);
    dhr_buf_release(&line);
}
