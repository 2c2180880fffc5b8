#include <string.h>

#include "csv_internal.h"

/* A cell being split. */
struct splitting {
    csv_is_agency_fn is_agency;
    void *user;
    struct csv_agency_name *names;
    size_t count;
};

/* "Exampleshire Police: Licensing Manager" and "Police – the Chief": who leads stands behind. */
static bool read_name(const struct splitting *s, struct dhr_str text, struct csv_agency_name *name)
{
    static const char *const dividers[] = {": ", " - ", " – ", ":\n"};
    *name = (struct csv_agency_name){.name = text, .known = s->is_agency(s->user, text)};
    for (size_t d = 0; d < sizeof(dividers) / sizeof(dividers[0]) && !name->known; d++) {
        size_t len = strlen(dividers[d]);
        const char *at = memmem(text.ptr, text.len, dividers[d], len);
        struct dhr_str front = dhr_str_span(text.ptr, at ? (size_t)(at - text.ptr) : 0);
        if (!front.len || !s->is_agency(s->user, front))
            continue;
        name->known = true;
        name->name = front;
        name->lead = dhr_str_trim(dhr_str_span(at + len, text.len - front.len - len));
    }
    return name->known;
}

/* The next piece up to one of the marks; false at the end. */
static bool next_piece(struct dhr_str *rest, const char *marks, struct dhr_str *piece)
{
    while (rest->len) {
        size_t len = 0;
        while (len < rest->len && !strchr(marks, rest->ptr[len]))
            len++;
        *piece = dhr_str_trim(dhr_str_span(rest->ptr, len));
        size_t taken = len < rest->len ? len + 1 : len;
        *rest = dhr_str_span(rest->ptr + taken, rest->len - taken);
        if (piece->len)
            return true;
    }
    return false;
}

static void split_line(struct splitting *s, struct dhr_str line)
{
    size_t first = s->count;
    size_t known = 0;
    struct dhr_str rest = line;
    struct dhr_str piece;
    if (read_name(s, line, &s->names[s->count])) {
        s->count++;
        return;
    }
    while (next_piece(&rest, ",/", &piece))
        known += read_name(s, piece, &s->names[s->count++]);
    if (!known) {
        s->count = first;
        s->names[s->count++] = (struct csv_agency_name){.name = line};
        return;
    }
    for (size_t i = first; i < s->count; i++)
        s->names[i].beside_known = !s->names[i].known;
}

struct csv_agency_name *csv_split_agencies(struct csv_work *w, struct dhr_str cell,
                                           csv_is_agency_fn is_agency, void *user, size_t *count)
{
    struct splitting s = {.is_agency = is_agency, .user = user};
    struct dhr_str line;
    s.names = dhr_arena_alloc(w->arena, (cell.len + 1) * sizeof(*s.names));
    if (cell.len && read_name(&s, cell, &s.names[0]))
        s.count = 1;
    else
        while (next_piece(&cell, "\n;|", &line))
            split_line(&s, line);
    *count = s.count;
    return s.names;
}
