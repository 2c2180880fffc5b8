/* Properties of the finding about layout: it is there where the formatter would change something.
 */
#include <string.h>

#include "run.h"

/* The bytes with LF alone and without a mark: these have findings of their own. */
static void plain_bytes(const struct dhr_buf *bytes, struct dhr_buf *out)
{
    size_t from = dhr_str_starts(dhr_buf_str(bytes), "\xEF\xBB\xBF") ? 3 : 0;
    dhr_buf_clear(out);
    for (size_t i = from; i < bytes->len; i++) {
        if (bytes->ptr[i] != '\r' || i + 1 == bytes->len || bytes->ptr[i + 1] != '\n')
            dhr_buf_addc(out, bytes->ptr[i]);
    }
}

/* The first line of a, from 1, that b has not the same; its last one where b only goes on. */
static unsigned differs_at(const struct dhr_buf *a, const struct dhr_buf *b)
{
    unsigned line = 1;
    size_t i = 0;
    while (i < a->len && i < b->len && a->ptr[i] == b->ptr[i])
        line += a->ptr[i++] == '\n';
    if (i == a->len && i == b->len)
        return 0;
    bool behind = i == a->len && i > 0 && a->ptr[i - 1] == '\n';
    return behind ? line - 1 : line;
}

static bool layout_is_judged(struct run *r, const struct dhr_record *record)
{
    struct dhr_buf formatted = {0};
    struct dhr_buf plain = {0};
    struct dhr_err err = {0};
    unsigned expected = 0;
    plain_bytes(&r->bytes, &plain);
    if (dhr_ini_format(&r->ini, &formatted, &err) == 0)
        expected = differs_at(&plain, &formatted);
    dhr_findings_release(&r->findings);
    dhr_ini_check_layout(&r->ini, record, &r->findings);
    unsigned found = r->findings.count ? r->findings.items[0].line : 0;
    bool ok = r->findings.count == (expected > 0) && found == expected;
    if (!ok)
        dhr_buf_addf(&r->why, "DL099 at line %u, and fmt would change line %u to this:\n%s", found,
                     expected, dhr_buf_cstr(&formatted));
    dhr_buf_release(&plain);
    dhr_buf_release(&formatted);
    return ok;
}

static void put_in(struct dhr_buf *bytes, size_t at, const char *piece)
{
    struct dhr_buf result = {0};
    dhr_buf_add(&result, bytes->ptr, at);
    dhr_buf_adds(&result, piece);
    dhr_buf_add(&result, bytes->ptr + at, bytes->len - at);
    dhr_buf_release(bytes);
    *bytes = result;
}

static void take_out(struct dhr_buf *bytes, size_t at, size_t len)
{
    len = len < bytes->len - at ? len : bytes->len - at;
    memmove(bytes->ptr + at, bytes->ptr + at + len, bytes->len - at - len);
    bytes->len -= len;
    bytes->ptr[bytes->len] = '\0';
}

/* One small change, most often near the beginning or end of a line. */
static void nudge(struct rng *rng, struct dhr_buf *bytes)
{
    static const char *const pieces[] = {
        " ",     "  ", "\n",         "\n  ",     "\t", "\n\n", "\\",      ".",   "x", "=",
        "# x\n", "\r", "\n  .\n  x", "\xC2\xA0", "é",  "家",   "\n; y\n", "a b", "[", "\r\n"};
    size_t at = rng_below(rng, bytes->len + 1);
    if (!rng_one_in(rng, 4)) {
        while (at > 0 && bytes->ptr[at - 1] != '\n')
            at--;
        at += rng_below(rng, 4);
        at = at < bytes->len ? at : bytes->len;
    }
    if (at < bytes->len && rng_one_in(rng, 3))
        take_out(bytes, at, 1 + rng_below(rng, 3));
    else if (at > 0 && rng_one_in(rng, 3))
        take_out(bytes, at - 1, 1);
    else
        put_in(bytes, at, pieces[rng_below(rng, sizeof(pieces) / sizeof(pieces[0]))]);
}

bool layout_is_found_where_it_would_change(struct run *r, struct rng *rng)
{
    struct sample sample;
    sample_make(&sample, rng, &r->arena);
    switch (rng_below(rng, 8)) {
    case 0:
        sample_write(&sample, &r->bytes);
        break;
    case 1:
        sample_write_messy(&sample, rng, true, &r->bytes);
        break;
    case 2:
        sample_write(&sample, &r->bytes);
        mutate(rng, &r->bytes);
        break;
    default:
        sample_write(&sample, &r->bytes);
        nudge(rng, &r->bytes);
    }
    return layout_is_judged(r, read_bytes(r, &r->ini, sample.kind, &r->bytes));
}

bool edits_keep_the_layout(struct run *r, struct rng *rng)
{
    struct sample sample;
    struct dhr_edit edit;
    struct dhr_buf once = {0};
    struct dhr_buf out = {0};
    struct dhr_err err = {0};
    sample_make(&sample, rng, &r->arena);
    sample_write_messy(&sample, rng, false, &r->bytes);
    (void)read_bytes(r, &r->ini, sample.kind, &r->bytes);
    bool ok = format_bytes(r, &r->ini, &once);
    if (ok) {
        dhr_buf_clear(&r->bytes);
        dhr_buf_add_str(&r->bytes, dhr_buf_str(&once));
        (void)read_bytes(r, &r->ini, sample.kind, &r->bytes);
    }
    if (ok && make_edit(r, rng, &edit)) {
        struct dhr_ini again = {0};
        ok = dhr_ini_edit(&r->ini, &edit, &out, &err) == 0;
        if (ok) {
            (void)read_bytes(r, &again, sample.kind, &out);
            ok = format_bytes(r, &again, &once) &&
                 same_bytes(r, edit.key->name, dhr_buf_str(&once), dhr_buf_str(&out));
        }
        dhr_ini_release(&again);
    }
    dhr_buf_release(&once);
    dhr_buf_release(&out);
    return ok;
}
