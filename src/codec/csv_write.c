#include "dhrledger/csv_write.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

static bool needs_quotes(struct dhr_str text)
{
    static const char special[] = "\",\r\n";
    if (!text.len)
        return false;
    for (const char *c = special; *c; c++) {
        if (memchr(text.ptr, *c, text.len))
            return true;
    }
    /* Readers such as libcsv trim the edges of an unquoted cell. */
    return strchr(" \t", text.ptr[0]) || strchr(" \t", text.ptr[text.len - 1]);
}

/* Reversible: a reader takes one apostrophe off where what follows would be given one. */
static bool needs_guard(struct dhr_str text)
{
    while (text.len && text.ptr[0] == '\'')
        text = dhr_str_span(text.ptr + 1, text.len - 1);
    return text.len && memchr("=+-@\t\r", text.ptr[0], 6);
}

void dhr_csv_add_cell(struct dhr_buf *out, struct dhr_str text, bool guard, bool first)
{
    struct dhr_buf guarded = {0};
    if (!first)
        dhr_buf_addc(out, ',');
    if (guard && needs_guard(text)) {
        dhr_buf_addc(&guarded, '\'');
        dhr_buf_add_str(&guarded, text);
        text = dhr_buf_str(&guarded);
    }
    if (first && !text.len) {
        /* Alone in its record it would be a blank line, which readers skip. */
        dhr_buf_adds(out, "\"\"");
    } else if (needs_quotes(text)) {
        size_t room = text.len * 2 + 2;
        char *quoted = dhr_realloc(NULL, room);
        size_t len = csv_write(quoted, room, text.ptr, text.len);
        dhr_buf_add(out, quoted, len);
        free(quoted);
    } else {
        dhr_buf_add_str(out, text);
    }
    dhr_buf_release(&guarded);
}

void dhr_csv_end_record(struct dhr_buf *out)
{
    dhr_buf_adds(out, "\r\n");
}
