/* The table for other programs: CSV, JSON, NDJSON and Markdown, one row a line. */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/csv_write.h"
#include "dhrledger/json_write.h"
#include "dhrledger/utf8.h"
#include "table_internal.h"

static bool is_data(const struct dhr_column *column)
{
    return column->type != DHR_CELL_BAR && !(column->flags & DHR_COLUMN_TEXT_ONLY);
}

/* What a table for people shows, without the bars. */
static bool is_shown(const struct dhr_column *column)
{
    return column->type != DHR_CELL_BAR && !(column->flags & DHR_COLUMN_DATA_ONLY);
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
            struct dhr_str text = cell->text;
            bool number = table->columns[c].type == DHR_CELL_NUMBER;
            char digits[32];
            if (!is_data(&table->columns[c]))
                continue;
            if (number && cell->set) {
                (void)snprintf(digits, sizeof(digits), "%ld", cell->number);
                text = dhr_str_of(digits);
            }
            dhr_csv_add_cell(&line, text, !number, first);
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

/* What the report is, before its rows; open for more members. */
static void add_envelope(struct dhr_buf *line, const struct dhr_table *table)
{
    dhr_buf_addf(line, "{\"format\":\"dhrledger.%s\",\"version\":1", table->name);
    for (size_t i = 0; i < table->fact_count; i++) {
        dhr_buf_addf(line, ",\"%s\":", table->facts[i].name);
        if (table->facts[i].value)
            dhr_json_add_string(line, dhr_str_of(table->facts[i].value));
        else
            dhr_buf_addf(line, "%zu", table->facts[i].count);
    }
}

void table_write_json(const struct dhr_table *table, FILE *file)
{
    struct dhr_buf line = {0};
    add_envelope(&line, table);
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

void table_write_ndjson(const struct dhr_table *table, FILE *file)
{
    struct dhr_buf line = {0};
    add_envelope(&line, table);
    dhr_buf_adds(&line, "}\n");
    for (size_t r = 0; r < table->row_count; r++) {
        dhr_buf_addc(&line, '{');
        add_row(&line, table, r);
        dhr_buf_adds(&line, "}\n");
        flush(&line, file);
    }
    flush(&line, file);
    dhr_buf_release(&line);
}

/* Text in a Markdown table's cell: one line, nothing in it read as markup. */
static void add_markdown(struct dhr_buf *line, struct dhr_str text)
{
    struct dhr_buf safe = {0};
    dhr_utf8_add_safe(&safe, text, true);
    for (size_t i = 0; i < safe.len; i++) {
        char c = safe.ptr[i];
        if (c == '\n') {
            dhr_buf_adds(line, "<br>");
            continue;
        }
        if (strchr("\\`*_{}[]<>#|~&", c))
            dhr_buf_addc(line, '\\');
        dhr_buf_addc(line, c);
    }
    dhr_buf_release(&safe);
}

/* What people are shown, as a table that forges and mail programs render. */
void table_write_markdown(const struct dhr_table *table, FILE *file)
{
    struct dhr_buf line = {0};
    struct dhr_buf rule = {0};
    for (size_t c = 0; c < table->column_count; c++) {
        const struct dhr_column *column = &table->columns[c];
        if (!is_shown(column))
            continue;
        dhr_buf_adds(&line, "| ");
        add_markdown(&line, dhr_str_of(column->heading));
        dhr_buf_addc(&line, ' ');
        dhr_buf_adds(&rule, column->type == DHR_CELL_NUMBER ? "|--:" : "|---");
    }
    dhr_buf_addf(&line, "|\n%s|\n", dhr_buf_cstr(&rule));
    for (size_t r = 0; r < table->row_count; r++) {
        for (size_t c = 0; c < table->column_count; c++) {
            const struct cell *cell = table_cell(table, r, c);
            if (!is_shown(&table->columns[c]))
                continue;
            dhr_buf_adds(&line, "| ");
            if (table->columns[c].type == DHR_CELL_NUMBER && cell->set)
                dhr_buf_addf(&line, "%ld", cell->number);
            else
                add_markdown(&line, cell->text);
            dhr_buf_addc(&line, ' ');
        }
        dhr_buf_adds(&line, "|\n");
        flush(&line, file);
    }
    flush(&line, file);
    dhr_buf_release(&line);
    dhr_buf_release(&rule);
}
