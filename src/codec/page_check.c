#include <string.h>
#include <strings.h>

#include "dhrledger/ini.h"
#include "dhrledger/page.h"
#include "dhrledger/utf8.h"

/* The control character at `at`, or 0: not NUL, which no text has, nor what ends a line. */
static unsigned control_at(struct dhr_str bytes, size_t at)
{
    unsigned char c = (unsigned char)bytes.ptr[at];
    if (c == '\r')
        return at + 1 == bytes.len || memchr("\r\n", bytes.ptr[at + 1], 2) ? 0 : c;
    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7F)
        return c;
    if (c != 0xC2 || at + 1 == bytes.len)
        return 0;
    unsigned char next = (unsigned char)bytes.ptr[at + 1];
    return next < 0xA0 ? next : 0;
}

static size_t line_of(struct dhr_str bytes, size_t at)
{
    size_t line = 1;
    for (size_t i = 0; i < at; i++)
        line += bytes.ptr[i] == '\n';
    return line;
}

/* A page is text; what a browser saves besides is not looked into. */
static bool is_html(struct dhr_str bytes)
{
    struct dhr_str text = dhr_str_trim(dhr_utf8_without_mark(bytes));
    return (text.len > 9 && strncasecmp(text.ptr, "<!doctype", 9) == 0) ||
           (text.len > 5 && strncasecmp(text.ptr, "<html", 5) == 0);
}

int dhr_page_check(const char *name, struct dhr_str bytes, struct dhr_err *err)
{
    if (bytes.len > DHR_PAGE_MAX_BYTES)
        return dhr_fail(err, DHR_FOUND,
                        "%s: larger than %d bytes; a page holds far less, so check that it is the "
                        "right file",
                        name, DHR_PAGE_MAX_BYTES);
    if (is_html(bytes))
        return dhr_fail(err, DHR_FOUND,
                        "%s: is HTML; open it in a browser, and save the page as text", name);
    size_t valid = dhr_utf8_valid_len(bytes);
    size_t word = 0;
    for (size_t i = 0; i < bytes.len; i++) {
        if (i == valid || !bytes.ptr[i])
            return dhr_fail(err, DHR_FOUND,
                            "%s:%zu: byte 0x%02X is not text in UTF-8; save the page as UTF-8 and "
                            "import it again",
                            name, line_of(bytes, i), (unsigned char)bytes.ptr[i]);
        unsigned control = control_at(bytes, i);
        if (control)
            return dhr_fail(err, DHR_FOUND,
                            "%s:%zu: control character U+%04X; delete it and import the page again",
                            name, line_of(bytes, i), control);
        word = memchr(" \t\r\n", bytes.ptr[i], 4) ? 0 : word + 1;
        if (word > DHR_WORD_MAX_BYTES)
            return dhr_fail(err, DHR_FOUND,
                            "%s:%zu: a word longer than %d bytes; a page has none, so check that "
                            "it is the right file",
                            name, line_of(bytes, i), DHR_WORD_MAX_BYTES);
    }
    return 0;
}
