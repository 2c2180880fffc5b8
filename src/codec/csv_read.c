#include "dhrledger/csv_read.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/utf8.h"
#include "dhrledger/windows1252.h"

/* A file under way. libcsv is fed line by line, so that a row's line is known. */
struct reading {
    struct dhr_csv *csv;
    const char *name;
    struct dhr_arena *arena;
    struct dhr_err *err;
    struct dhr_str bytes;
    uint32_t line;     /* of the piece being fed */
    uint32_t row_line; /* where the row began */
    uint32_t row;      /* its number in a spreadsheet */
    size_t row_cells;  /* cells that libcsv gave for this row so far */
    size_t row_filled; /* up to the last one that isn't empty */
    bool row_begun;    /* and not ended with the piece before */
    bool row_ended;    /* by the piece just fed */
    bool too_many;     /* columns or cells */
    const char *quote; /* where the open cell's quote stands; NULL outside of one */
    uint32_t quote_line;
    const char *quote_line_start;
};

static int fail_at(struct reading *r, size_t offset, const char *what)
{
    uint32_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < offset; i++) {
        bool end = r->bytes.ptr[i] == '\n' ||
                   (r->bytes.ptr[i] == '\r' && i + 1 < r->bytes.len && r->bytes.ptr[i + 1] != '\n');
        if (end) {
            line++;
            start = i + 1;
        }
    }
    return dhr_fail(r->err, DHR_FOUND, "%s:%u:%zu: %s", r->name, line, offset - start + 1, what);
}

static bool has_multibyte(struct dhr_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if ((unsigned char)text.ptr[i] >= 0x80)
            return true;
    }
    return false;
}

/* Files that are called .csv, or taken for one, and are something else: by their first bytes. */
static const struct {
    const char *magic;
    size_t len;
    const char *what;
} others[] = {
    {"PK\3\4", 4, "a workbook (xlsx, ods) or another zip file"},
    {"\xD0\xCF\x11\xE0", 4, "an old workbook (xls)"},
    {"%PDF", 4, "a PDF"},
    {"\x1F\x8B", 2, "packed by gzip"},
    {"{\\rtf", 5, "a text with formats (rtf)"},
};

const char *dhr_csv_other(struct dhr_str bytes)
{
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        if (bytes.len >= others[i].len && memcmp(bytes.ptr, others[i].magic, others[i].len) == 0)
            return others[i].what;
    }
    return NULL;
}

/* Without a byte order mark, every second byte of English text in UTF-16 is NUL. */
static bool looks_utf16(struct dhr_str bytes)
{
    enum { LOOK_BYTES = 64 };
    size_t len = bytes.len < LOOK_BYTES ? bytes.len & ~(size_t)1 : LOOK_BYTES;
    size_t even = 0;
    size_t odd = 0;
    for (size_t i = 0; i < len; i += 2) {
        even += bytes.ptr[i] == '\0';
        odd += bytes.ptr[i + 1] == '\0';
    }
    return len >= 4 && (even + odd) * 4 >= len && (even == 0 || odd == 0);
}

/*
 * UTF-8, or else Windows-1252. Bytes of both kinds are no file that a program
 * wrote: read either way, words would come out wrong.
 */
static int decode(struct reading *r)
{
    static const char *const utf16 =
        "the file is UTF-16; save it as \"CSV UTF-8\" and import it again";
    struct dhr_str bytes = r->bytes;
    const char *other = dhr_csv_other(bytes);
    if (other)
        return dhr_fail(r->err, DHR_FOUND,
                        "%s: is %s and no CSV; open it and save the sheet as \"CSV UTF-8\", or a "
                        "page as text",
                        r->name, other);
    if (dhr_str_starts(bytes, "\xFF\xFE") || dhr_str_starts(bytes, "\xFE\xFF") ||
        looks_utf16(bytes))
        return fail_at(r, 0, utf16);
    const char *nul = bytes.len ? memchr(bytes.ptr, '\0', bytes.len) : NULL;
    if (nul)
        return fail_at(r, (size_t)(nul - bytes.ptr),
                       "a NUL byte, so this is no CSV; save it as \"CSV UTF-8\" again");
    r->bytes = bytes = dhr_utf8_without_mark(bytes);
    size_t valid = dhr_utf8_valid_len(bytes);
    if (valid == bytes.len)
        return 0;
    if (has_multibyte(dhr_str_span(bytes.ptr, valid)))
        return fail_at(r, valid,
                       "this byte is not UTF-8, and what stands before it is; save the file as "
                       "\"CSV UTF-8\" again");
    for (size_t i = valid; i < bytes.len; i++) {
        if (memchr("\x81\x8D\x8F\x90\x9D", bytes.ptr[i], 5))
            return fail_at(r, i,
                           "this byte is neither UTF-8 nor Windows-1252; save the file as \"CSV "
                           "UTF-8\" again");
    }
    struct dhr_buf text = {0};
    dhr_windows1252_decode(&text, bytes);
    r->bytes = dhr_str_span(dhr_arena_dup(r->arena, text.ptr, text.len), text.len);
    r->csv->windows_1252 = true;
    dhr_buf_release(&text);
    return 0;
}

/* A line and what ends it: LF, CR LF or CR. */
static struct dhr_str take_line(struct dhr_str *rest)
{
    size_t len = 0;
    while (len < rest->len && rest->ptr[len] != '\n' && rest->ptr[len] != '\r')
        len++;
    if (len < rest->len && rest->ptr[len++] == '\r' && len < rest->len && rest->ptr[len] == '\n')
        len++;
    struct dhr_str line = dhr_str_span(rest->ptr, len);
    *rest = dhr_str_span(rest->ptr + len, rest->len - len);
    return line;
}

/* Excel's own way to name the delimiter: a first line "sep=;". */
static bool declares_delimiter(struct dhr_str line)
{
    line = dhr_str_trim(line);
    return line.len == 5 && memcmp(line.ptr, "sep=", 4) == 0 && strchr(",;\t", line.ptr[4]);
}

static char guess_delimiter(struct dhr_str bytes)
{
    static const char delimiters[] = {',', ';', '\t'};
    size_t counts[3] = {0};
    bool quoted = false;
    size_t most = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        char c = bytes.ptr[i];
        if (c == '"')
            quoted = !quoted;
        if (!quoted && (c == '\n' || c == '\r') && counts[most])
            break;
        for (size_t d = 0; d < 3 && !quoted; d++) {
            counts[d] += c == delimiters[d];
            most = counts[d] > counts[most] ? d : most;
        }
    }
    return delimiters[most];
}

static void take_cell(void *text, size_t len, void *user)
{
    struct reading *r = user;
    struct dhr_csv *csv = r->csv;
    if (++r->row_cells > DHR_CSV_MAX_COLUMNS || csv->cell_count >= DHR_CSV_MAX_CELLS) {
        r->too_many = true;
        return;
    }
    char *copy = dhr_arena_alloc(r->arena, len + 1);
    size_t used = 0;
    const char *bytes = text;
    for (size_t i = 0; i < len; i++) {
        if (bytes[i] == '\r' && i + 1 < len && bytes[i + 1] == '\n')
            continue;
        copy[used++] = bytes[i] == '\r' && i > 0 ? '\n' : bytes[i];
    }
    copy[used] = '\0';
    *DHR_PUSH(csv->cells, csv->cell_count, csv->cell_capacity) = dhr_str_span(copy, used);
    if (dhr_str_trim(dhr_str_span(copy, used)).len)
        r->row_filled = r->row_cells;
}

static void take_row(int end, void *user)
{
    struct reading *r = user;
    struct dhr_csv *csv = r->csv;
    (void)end;
    r->row_ended = true;
    if (r->too_many)
        return;
    size_t first = csv->cell_count - r->row_cells;
    csv->cell_count = first + r->row_filled;
    if (r->row_filled)
        *DHR_PUSH(csv->rows, csv->row_count, csv->row_capacity) = (struct dhr_csv_row){
            r->row_line, r->row, (uint32_t)r->row_filled, (uint32_t)r->row_cells, first};
    r->row_cells = r->row_filled = 0;
}

/* Follow the quotes of a line, so that one that is never closed can be named where it opens. */
static void follow_quotes(struct reading *r, struct dhr_str line)
{
    const char *end = line.ptr + line.len;
    for (const char *p = line.ptr; p < end; p++) {
        if (*p != '"')
            continue;
        if (!r->quote) {
            r->quote = p;
            r->quote_line = r->line;
            r->quote_line_start = line.ptr;
        } else if (p + 1 < end && p[1] == '"') {
            p++; /* a doubled quote stands for one */
        } else {
            r->quote = NULL;
        }
    }
}

static bool is_blank(const struct reading *r, struct dhr_str line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (!memchr(" \t\r\n", line.ptr[i], 4) || line.ptr[i] == r->csv->delimiter)
            return false;
    }
    return true;
}

static int feed(struct reading *r, struct csv_parser *parser, struct dhr_str line)
{
    if (!r->row_begun) {
        r->row_begun = !is_blank(r, line);
        r->row_line = r->line;
        r->row++;
    }
    r->row_ended = false;
    follow_quotes(r, line);
    size_t fed = csv_parse(parser, line.ptr, line.len, take_cell, take_row, r);
    if (fed < line.len)
        return dhr_fail(r->err, DHR_FOUND,
                        "%s:%u:%zu: a quote inside a cell of the row that begins on line %u; "
                        "double it, and put quotes around the cell",
                        r->name, r->line, fed + 1, r->row_line);
    if (r->row_ended)
        r->row_begun = false;
    if (!r->too_many)
        return 0;
    if (r->row_cells > DHR_CSV_MAX_COLUMNS)
        return dhr_fail(r->err, DHR_FOUND,
                        "%s:%u: more than %d columns; take out those that hold nothing", r->name,
                        r->row_line, DHR_CSV_MAX_COLUMNS);
    return dhr_fail(r->err, DHR_FOUND, "%s:%u: more than %d cells; split the file", r->name,
                    r->row_line, DHR_CSV_MAX_CELLS);
}

static int finish(struct reading *r, struct csv_parser *parser)
{
    if (r->quote)
        return dhr_fail(
            r->err, DHR_FOUND,
            "%s:%u:%zu: this quote is never closed; put another one where its cell ends", r->name,
            r->quote_line, (size_t)(r->quote - r->quote_line_start) + 1);
    if (csv_fini(parser, take_cell, take_row, r) != 0)
        return dhr_fail(r->err, DHR_FOUND, "%s:%u: the last row ends inside a quoted cell", r->name,
                        r->row_line);
    return 0;
}

static int parse(struct reading *r)
{
    struct csv_parser parser;
    struct dhr_str rest = r->bytes;
    struct dhr_str first = rest;
    if (csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI) != 0)
        return dhr_fail(r->err, DHR_SYSTEM, "libcsv can't be started");
    first = take_line(&first);
    if (declares_delimiter(first)) {
        r->csv->delimiter = dhr_str_trim(first).ptr[4];
        (void)take_line(&rest);
        r->line++;
    } else {
        r->csv->delimiter = guess_delimiter(rest);
    }
    csv_set_delim(&parser, (unsigned char)r->csv->delimiter);
    int rc = 0;
    while (rc == 0 && rest.len) {
        r->line++;
        rc = feed(r, &parser, take_line(&rest));
    }
    if (rc == 0)
        rc = finish(r, &parser);
    csv_free(&parser);
    return rc;
}

int dhr_csv_read(struct dhr_csv *csv, const char *name, struct dhr_str bytes,
                 struct dhr_arena *arena, struct dhr_err *err)
{
    struct reading r = {.csv = csv, .name = name, .arena = arena, .err = err, .bytes = bytes};
    *csv = (struct dhr_csv){.delimiter = ','};
    if (decode(&r) < 0)
        return -1;
    return parse(&r);
}

struct dhr_str dhr_csv_cell(const struct dhr_csv *csv, size_t row, size_t column)
{
    const struct dhr_csv_row *r = &csv->rows[row];
    return column < r->cell_count ? csv->cells[r->first_cell + column] : (struct dhr_str){NULL, 0};
}

struct dhr_str dhr_csv_unguard(struct dhr_str cell)
{
    size_t marks = 0;
    while (marks < cell.len && cell.ptr[marks] == '\'')
        marks++;
    bool guarded = marks > 0 && marks < cell.len && memchr("=+-@\t\r", cell.ptr[marks], 6);
    return guarded ? dhr_str_span(cell.ptr + 1, cell.len - 1) : cell;
}

void dhr_csv_release(struct dhr_csv *csv)
{
    free(csv->rows);
    free(csv->cells);
    *csv = (struct dhr_csv){0};
}
