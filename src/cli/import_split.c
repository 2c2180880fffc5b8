#include "import_split.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/file.h"
#include "dhrledger/page_split.h"
#include "dhrledger/utf8.h"

/* The longest review known has 54 recommendations; a wrapped page has some lines for each. */
enum { NAMES_MAX_BYTES = 1024 * 1024, MOST_ROWS = 2000, MOST_LINES = 10000 };

/* One name a line; empty lines and lines that begin with # count for nothing. */
static int read_names(struct cli *cli, const char *file, struct dhr_str **names, size_t *count,
                      size_t *capacity, struct dhr_err *err)
{
    struct dhr_str rest = {NULL, 0};
    struct dhr_str line;
    if (dhr_file_read(AT_FDCWD, file, NAMES_MAX_BYTES, &cli->arena, &rest, err) < 0)
        return -1;
    rest = dhr_utf8_without_mark(rest);
    for (unsigned number = 1; dhr_str_line(&rest, &line); number++) {
        line = dhr_str_trim(line);
        if (dhr_utf8_valid_len(line) < line.len || (line.len && memchr(line.ptr, '\0', line.len)))
            return dhr_fail(err, DHR_FOUND, "%s:%u: is not text in UTF-8; save it as UTF-8", file,
                            number);
        if (line.len && memchr(line.ptr, '|', line.len))
            return dhr_fail(err, DHR_FOUND,
                            "%s:%u: a name holds no |; give each agency a line of its own", file,
                            number);
        if (line.len && line.ptr[0] != '#')
            *DHR_PUSH(*names, *count, *capacity) = line;
    }
    return 0;
}

static int check_size(const char *name, const struct dhr_page *page, struct dhr_err *err)
{
    if (page->second_line)
        return dhr_fail(err, DHR_FOUND,
                        "%s:%u: a second page begins here (\"CSP:\" once more); save each page in "
                        "a file of its own; nothing was written",
                        name, page->second_line);
    if (page->row_count + page->unplaced_count > MOST_ROWS || page->flat_count > MOST_LINES)
        return dhr_fail(err, DHR_FOUND,
                        "%s: more than %d rows, or %d lines of rows; a review has some dozens, so "
                        "check that it is the right file; nothing was written",
                        name, MOST_ROWS, MOST_LINES);
    return 0;
}

int import_split_page(struct cli *cli, const char *name, struct dhr_page *page,
                      const char *agencies, const struct dhr_agency_index *known,
                      struct dhr_err *err)
{
    struct dhr_str *names = NULL;
    size_t count = 0;
    size_t capacity = 0;
    int rc = check_size(name, page, err);
    if (rc == 0 && agencies)
        rc = read_names(cli, agencies, &names, &count, &capacity, err);
    for (size_t i = 0; i < known->count; i++) /* the ledger's, and those of earlier pages */
        *DHR_PUSH(names, count, capacity) = known->items[i].name;
    if (rc == 0)
        dhr_page_split(page, &cli->ledger, names, count, &cli->arena);
    free(names);
    return rc;
}
