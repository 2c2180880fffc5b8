#include "mdoc.h"

#include <string.h>

#include "dhrledger/utf8.h"

enum { COLUMNS = 78 };

/* A request of mdoc, or what programs take for a conflict in the page's own source. */
static bool needs_guard(struct dhr_str line)
{
    return dhr_str_starts(line, ".") || dhr_str_starts(line, "'") ||
           dhr_str_starts(line, "<<<<<<<") || dhr_str_starts(line, ">>>>>>>");
}

void mdoc_add_line(struct dhr_buf *out, struct dhr_str line)
{
    if (needs_guard(line))
        dhr_buf_adds(out, "\\&");
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] == '\\')
            dhr_buf_adds(out, "\\e");
        else
            dhr_buf_addc(out, line.ptr[i]);
    }
    dhr_buf_addc(out, '\n');
}

void mdoc_add_text(struct dhr_buf *out, const char *text)
{
    while (*text) {
        const char *end = strstr(text, ". ");
        size_t len = end ? (size_t)(end - text) + 1 : strlen(text);
        struct dhr_str sentence = dhr_str_span(text, len);
        struct dhr_str line;
        while (dhr_wrap_next(&sentence, COLUMNS, false, &line))
            mdoc_add_line(out, line);
        text += end ? len + 1 : len;
    }
}

void mdoc_add_literal(struct dhr_buf *out, const char *lines)
{
    struct dhr_str rest = dhr_str_of(lines);
    struct dhr_str line;
    dhr_buf_adds(out, ".Bd -literal -offset indent\n");
    while (dhr_str_line(&rest, &line))
        mdoc_add_line(out, line);
    dhr_buf_adds(out, ".Ed\n");
}
