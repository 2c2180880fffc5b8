#include "ini_unseen.h"

#include <string.h>

#include "dhrledger/unseen.h"

/* Overrides and isolates do harm by what they do to the text beside them. */
static const char *harm_of(uint32_t code)
{
    return (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069)
               ? "makes the line read otherwise than it is"
               : "can't be seen, and hides the word beside it from every search";
}

static void report(const struct dhr_ini *ini, uint32_t line, size_t start,
                   const struct dhr_unseen *found, size_t more, struct dhr_findings *findings)
{
    struct dhr_buf others = {0};
    if (more)
        dhr_buf_addf(&others, ", and %zu more in this line", more);
    dhr_findings_add(findings, DHR_RULE_UNSEEN, ini->path, line, (uint32_t)(found->at - start) + 1,
                     "U+%04X (%s) %s; delete it%s", (unsigned)found->code, found->name,
                     harm_of(found->code), dhr_buf_cstr(&others));
    dhr_buf_release(&others);
}

void ini_report_unseen(const struct dhr_ini *ini, struct dhr_findings *findings)
{
    struct dhr_str bytes = ini->bytes;
    struct dhr_unseen found;
    struct dhr_unseen next;
    size_t at = ini->bom ? 3 : 0;
    size_t start = 0; /* of the line */
    uint32_t line = 1;
    bool any = dhr_unseen_next(bytes, &at, &found);
    while (any) {
        const char *lf = NULL;
        size_t more = 0;
        while ((lf = memchr(bytes.ptr + start, '\n', found.at - start))) {
            start = (size_t)(lf - bytes.ptr) + 1;
            line++;
        }
        for (size_t from = found.at; (any = dhr_unseen_next(bytes, &at, &next)) &&
                                     !memchr(bytes.ptr + from, '\n', next.at - from);
             from = next.at)
            more++;
        report(ini, line, start, &found, more, findings);
        found = next;
    }
}

bool ini_has_c1(struct dhr_str bytes)
{
    for (size_t at = 0; at < bytes.len; at++) {
        const char *c1 = memchr(bytes.ptr + at, 0xC2, bytes.len - at);
        if (!c1 || (unsigned char)c1[1] < 0xA0)
            return c1 != NULL;
        at = (size_t)(c1 - bytes.ptr);
    }
    return false;
}
