/* Findings as text, for people and for editors. */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/findings_write.h"
#include "dhrledger/utf8.h"

/* So many of one kind still stand as lines of their own. */
enum { MOST_ALIKE = 3 };

static void add_place(struct dhr_buf *out, const struct dhr_finding *finding, const char *path)
{
    dhr_utf8_add_safe(out, dhr_str_of(path), false);
    if (finding->line)
        dhr_buf_addf(out, ":%u:%u", finding->line, finding->col);
}

void dhr_finding_add_line(struct dhr_buf *out, const struct dhr_finding *finding)
{
    char code[DHR_CODE_SIZE];
    dhr_rule_code(finding->rule, code);
    add_place(out, finding, finding->path);
    dhr_buf_addf(out, ": %s: ", dhr_severity_name(finding->severity));
    dhr_utf8_add_safe(out, dhr_str_of(finding->text), false);
    dhr_buf_addf(out, " [%s]\n", code);
}

/* The folder part of a path, with its slash. */
static struct dhr_str folder_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return dhr_str_span(path, slash ? (size_t)(slash - path) + 1 : 0);
}

/* A folder and the places in it, "reviews/durham-2012/ 2.ini:14:8 3.ini:14:8", folded. */
static void add_folded(struct dhr_buf *out, struct dhr_buf *places, size_t columns)
{
    struct dhr_str rest = dhr_buf_str(places);
    struct dhr_str line;
    const char *indent = "    ";
    size_t width = columns > 20 ? columns - 6 : columns ? 14 : places->len + 1;
    while (dhr_wrap_next(&rest, width, false, &line)) {
        dhr_buf_addf(out, "%s%.*s\n", indent, DHR_ARG(line));
        indent = "      ";
    }
    dhr_buf_clear(places);
}

static void add_others(struct dhr_buf *out, const struct dhr_findings *findings,
                       const struct dhr_repeat *repeats, size_t first, size_t columns)
{
    struct dhr_buf places = {0};
    struct dhr_str folder = {NULL, 0};
    size_t left = repeats[first].count - 1;
    dhr_buf_addf(out, "  and the same in %zu more places:\n", left);
    for (size_t i = first + 1; left > 0; i++) {
        const struct dhr_finding *finding = &findings->items[i];
        struct dhr_str own = folder_of(finding->path);
        if (repeats[i].first != first)
            continue;
        left--;
        if (places.len && !dhr_str_eq(folder, own))
            add_folded(out, &places, columns);
        folder = own;
        if (!places.len)
            dhr_utf8_add_safe(&places, folder, false);
        dhr_buf_addc(&places, ' ');
        add_place(&places, finding, finding->path + folder.len);
    }
    add_folded(out, &places, columns);
    dhr_buf_release(&places);
}

void dhr_findings_add_text(struct dhr_buf *out, const struct dhr_findings *findings, size_t columns)
{
    struct dhr_repeat *repeats = dhr_realloc(NULL, (findings->count + 1) * sizeof(*repeats));
    dhr_findings_repeats(findings, repeats);
    for (size_t i = 0; i < findings->count; i++) {
        bool many = repeats[i].count > MOST_ALIKE;
        if (many && repeats[i].nth > 0)
            continue;
        dhr_finding_add_line(out, &findings->items[i]);
        if (many)
            add_others(out, findings, repeats, i, columns);
    }
    free(repeats);
}
