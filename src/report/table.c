#include "dhrledger/table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "table_internal.h"

struct dhr_table *dhr_table_new(const char *name, const struct dhr_column *columns, size_t count)
{
    struct dhr_table *table = dhr_realloc(NULL, sizeof(*table));
    *table = (struct dhr_table){.name = name, .column_count = count};
    table->columns = dhr_arena_alloc(&table->arena, count * sizeof(*columns));
    memcpy(table->columns, columns, count * sizeof(*columns));
    return table;
}

void dhr_table_row(struct dhr_table *table)
{
    size_t width = table->column_count;
    table->cells = dhr_grow(table->cells, table->row_count, &table->row_capacity,
                            width * sizeof(*table->cells));
    memset(table->cells + table->row_count * width, 0, width * sizeof(*table->cells));
    table->row_count++;
}

const struct cell *table_cell(const struct dhr_table *table, size_t row, size_t column)
{
    return &table->cells[row * table->column_count + column];
}

/* The cell of the last row, which is the one being filled. */
static struct cell *current(struct dhr_table *table, size_t column)
{
    struct cell *cell = &table->cells[(table->row_count - 1) * table->column_count + column];
    cell->set = true;
    return cell;
}

static struct dhr_str copy(struct dhr_table *table, struct dhr_str text)
{
    return dhr_str_span(dhr_arena_dup(&table->arena, text.ptr, text.len), text.len);
}

void dhr_table_text(struct dhr_table *table, size_t column, struct dhr_str text)
{
    if (text.len)
        current(table, column)->text = copy(table, text);
}

void dhr_table_lend(struct dhr_table *table, size_t column, struct dhr_str text)
{
    if (text.len)
        current(table, column)->text = text;
}

struct dhr_arena *dhr_table_arena(struct dhr_table *table)
{
    return &table->arena;
}

void dhr_table_number(struct dhr_table *table, size_t column, long value)
{
    current(table, column)->number = value;
}

void dhr_table_add_item(struct dhr_table *table, size_t column, struct dhr_str item)
{
    struct cell *cell = current(table, column);
    const char *joined = cell->text.len ? dhr_arena_printf(&table->arena, "%.*s\n%.*s",
                                                           DHR_ARG(cell->text), DHR_ARG(item))
                                        : dhr_str_dup(&table->arena, item);
    cell->text = dhr_str_of(joined);
}

void dhr_table_state(struct dhr_table *table, size_t column, struct dhr_str text,
                     enum dhr_state state)
{
    struct cell *cell = current(table, column);
    cell->text = copy(table, text);
    cell->state = state;
}

void dhr_table_bar(struct dhr_table *table, size_t column, const size_t parts[4])
{
    size_t *copied = dhr_arena_alloc(&table->arena, 4 * sizeof(*parts));
    memcpy(copied, parts, 4 * sizeof(*parts));
    current(table, column)->parts = copied;
}

size_t dhr_table_rows(const struct dhr_table *table)
{
    return table->row_count;
}

void dhr_table_fact(struct dhr_table *table, const char *name, const char *value)
{
    *DHR_PUSH(table->facts, table->fact_count, table->fact_capacity) =
        (struct fact){name, dhr_arena_dup(&table->arena, value, strlen(value)), 0};
}

void dhr_table_count(struct dhr_table *table, const char *name, size_t count)
{
    *DHR_PUSH(table->facts, table->fact_count, table->fact_capacity) =
        (struct fact){name, NULL, count};
}

int dhr_table_write(const struct dhr_table *table, enum dhr_format format,
                    const struct dhr_style *style, FILE *file, struct dhr_err *err)
{
    if (format == DHR_FORMAT_CSV)
        table_write_csv(table, file);
    else if (format == DHR_FORMAT_JSON)
        table_write_json(table, file);
    else if (format == DHR_FORMAT_NDJSON)
        table_write_ndjson(table, file);
    else if (format == DHR_FORMAT_MARKDOWN)
        table_write_markdown(table, file);
    else
        table_write_text(table, style, file);
    /* What stdio still holds fails only now; a disk that is full shouldn't go unnoticed. */
    bool failed = ferror(file) != 0;
    int reason = errno;
    if (fflush(file) != 0) {
        failed = true;
        reason = errno;
    }
    if (!failed)
        return 0;
    errno = reason;
    (void)dhr_fail_errno(err, DHR_SYSTEM, "the report can't be written");
    errno = reason;
    return -1;
}

void dhr_table_free(struct dhr_table *table)
{
    if (!table)
        return;
    free(table->cells);
    free(table->facts);
    dhr_arena_release(&table->arena);
    free(table);
}
