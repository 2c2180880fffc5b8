#include "dhrledger/csv_write.h"

#include <csv.h>
#include <stdlib.h>
#include <string.h>

static bool needs_quotes(struct dhr_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (strchr("\",\r\n", text.ptr[i]))
            return true;
    }
    /* Readers such as libcsv trim the edges of an unquoted cell. */
    return text.len && (text.ptr[0] == ' ' || text.ptr[text.len - 1] == ' ');
}

void dhr_csv_add_cell(struct dhr_buf *out, struct dhr_str text, bool guard, bool first)
{
    struct dhr_buf guarded = {0};
    if (!first)
        dhr_buf_addc(out, ',');
    if (guard && text.len && memchr("=+-@\t\r", text.ptr[0], 6)) {
        dhr_buf_addc(&guarded, '\'');
        dhr_buf_add_str(&guarded, text);
        text = dhr_buf_str(&guarded);
    }
    if (needs_quotes(text)) {
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
