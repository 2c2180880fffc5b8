#include "ini_conflict.h"

/* Seven of that character, alone or before a space. */
static bool is_mark(struct dhr_str line, char c)
{
    enum { SIGNS = 7 };
    size_t len = 0;
    while (len < line.len && line.ptr[len] == c)
        len++;
    return len == SIGNS && (len == line.len || line.ptr[len] == ' ' || line.ptr[len] == '\r');
}

/* The conflict whose first mark's line begins at `at`; false where its other marks are missing. */
static bool find_end(struct dhr_str bytes, size_t at, struct ini_conflict *conflict)
{
    struct dhr_str rest = dhr_str_span(bytes.ptr + at, bytes.len - at);
    struct dhr_str line;
    bool split = false; /* the ======= has been seen */
    *conflict = (struct ini_conflict){0};
    (void)dhr_str_line(&rest, &line);
    while (dhr_str_line(&rest, &line) && !is_mark(line, '<')) {
        conflict->lines++;
        split = split || is_mark(line, '=');
        if (!conflict->other && (split || is_mark(line, '|')))
            conflict->other = (size_t)(line.ptr - bytes.ptr);
        if (split && is_mark(line, '>')) {
            conflict->end = bytes.len - rest.len;
            return true;
        }
    }
    *conflict = (struct ini_conflict){0};
    return false;
}

static bool ends_first(const struct dhr_ini *ini, const struct ini_conflict *conflict)
{
    return conflict->end && ini->lines[ini->line_count - 1].start == conflict->other;
}

bool ini_take_mark(const struct dhr_ini *ini, struct dhr_str line, struct ini_conflict *conflict,
                   struct dhr_findings *findings)
{
    uint32_t number = (uint32_t)ini->line_count;
    if (ends_first(ini, conflict))
        return true;
    if (is_mark(line, '<') && find_end(ini->bytes, ini->lines[number - 1].start, conflict)) {
        dhr_findings_add(findings, DHR_RULE_CONFLICT_MARK, ini->path, number, 1,
                         "a merge left two versions here, down to line %u; keep the lines that are "
                         "true, and delete the others and the marks",
                         number + conflict->lines);
        return true;
    }
    if (!is_mark(line, '<') && !is_mark(line, '>') && !is_mark(line, '|'))
        return false;
    dhr_findings_add(findings, DHR_RULE_CONFLICT_MARK, ini->path, number, 1,
                     "a merge left this mark; see which lines around it are true, and delete it");
    return true;
}

size_t ini_pass_other(struct dhr_ini *ini, const struct ini_conflict *conflict, size_t next)
{
    if (!ends_first(ini, conflict))
        return next;
    struct dhr_str rest = dhr_str_span(ini->bytes.ptr + next, conflict->end - next);
    struct dhr_str line;
    while (dhr_str_line(&rest, &line)) {
        *DHR_PUSH(ini->lines, ini->line_count, ini->line_capacity) =
            (struct dhr_ini_line){.start = (uint32_t)(line.ptr - ini->bytes.ptr),
                                  .len = (uint32_t)line.len,
                                  .kind = DHR_LINE_BAD};
    }
    return conflict->end;
}
