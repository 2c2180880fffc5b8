#include "range_moves.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/privacy.h"

static const char withheld[] = DHR_WITHHELD;

enum { WITHHELD_LEN = sizeof(withheld) - 1 };

/*
 * Whether a message means that id, though it may withhold pieces of it. What stands between two
 * of them is looked for as early as it can be, so that a made-up message takes no longer.
 */
static bool means(struct dhr_str written, struct dhr_str id)
{
    const char *gap = memmem(written.ptr, written.len, withheld, WITHHELD_LEN);
    if (!gap)
        return dhr_str_eq(written, id);
    struct dhr_str piece = dhr_str_span(written.ptr, (size_t)(gap - written.ptr));
    if (id.len < piece.len || memcmp(id.ptr, piece.ptr, piece.len) != 0)
        return false;
    id = dhr_str_after(id, piece.len);
    written = dhr_str_after(written, piece.len + WITHHELD_LEN);
    while (id.len && (gap = memmem(written.ptr, written.len, withheld, WITHHELD_LEN))) {
        piece = dhr_str_span(written.ptr, (size_t)(gap - written.ptr));
        const char *at = memmem(id.ptr + 1, id.len - 1, piece.ptr, piece.len);
        id = at ? dhr_str_after(id, (size_t)(at - id.ptr) + piece.len) : dhr_str_span(id.ptr, 0);
        written = dhr_str_after(written, piece.len + WITHHELD_LEN);
    }
    return id.len > written.len &&
           memcmp(id.ptr + id.len - written.len, written.ptr, written.len) == 0;
}

/* What stands behind the words in a line, or NULL; *before is what stands in front of them. */
static const char *behind(struct dhr_str line, const char *words, struct dhr_str *before)
{
    const char *at = memmem(line.ptr, line.len, words, strlen(words));
    *before = dhr_str_span(line.ptr, at ? (size_t)(at - line.ptr) : 0);
    return at ? at + strlen(words) : NULL;
}

/* "OLD: renamed to NEW"; squashed messages have a mark before it. */
static void read_line(struct range_moves *moves, struct dhr_str line)
{
    struct dhr_str from;
    const char *to = behind(line, ": renamed to ", &from);
    if (!to)
        to = behind(line, ": merged into ", &from);
    if (!to || !memmem(from.ptr, from.len, withheld, WITHHELD_LEN))
        return;
    for (size_t i = from.len; i > 0; i--) {
        if (from.ptr[i - 1] == ' ') {
            from = dhr_str_span(from.ptr + i, from.len - i);
            break;
        }
    }
    *DHR_PUSH(moves->renamings, moves->count, moves->capacity) = (struct range_renaming){
        from, dhr_str_trim(dhr_str_span(to, (size_t)(line.ptr + line.len - to)))};
}

void range_moves_read(struct range_moves *moves)
{
    for (size_t t = 0; t < moves->told_count; t++) {
        for (size_t i = 0; i < moves->told[t].count; i++) {
            struct dhr_str rest = dhr_str_of(moves->told[t].commits[i].message);
            struct dhr_str line;
            while (dhr_str_line(&rest, &line))
                read_line(moves, line);
        }
    }
}

static const struct {
    enum dhr_section_id section;
    enum dhr_key_id key;
} formerly[DHR_RECORD_SETTINGS] = {
    [DHR_RECORD_REVIEW] = {DHR_SECTION_REVIEW, DHR_KEY_REVIEW_FORMERLY},
    [DHR_RECORD_RECOMMENDATION] = {DHR_SECTION_RECOMMENDATION, DHR_KEY_RECOMMENDATION_FORMERLY},
    [DHR_RECORD_AGENCY] = {DHR_SECTION_AGENCY, DHR_KEY_AGENCY_FORMERLY}};

/* The next id that the record says it had, or NULL. */
static const struct dhr_field *next_former(const struct dhr_record *record,
                                           const struct dhr_field *last)
{
    const struct dhr_section *own = dhr_record_section(record, formerly[record->kind].section);
    return own ? dhr_section_next(own, formerly[record->kind].key, last) : NULL;
}

static bool was_called(const struct dhr_record *record, struct dhr_str id)
{
    const struct dhr_field *field = NULL;
    while ((field = next_former(record, field))) {
        if (dhr_str_eq(field->value, id))
            return true;
    }
    return false;
}

static const struct dhr_record *record_of(const struct dhr_ledger *ledger,
                                          enum dhr_record_kind kind, struct dhr_str id)
{
    return kind == DHR_RECORD_REVIEW           ? dhr_ledger_review(ledger, id)
           : kind == DHR_RECORD_RECOMMENDATION ? dhr_ledger_recommendation(ledger, id)
           : kind == DHR_RECORD_AGENCY         ? dhr_ledger_agency(ledger, id)
                                               : NULL;
}

static const struct dhr_record *own_successor(const struct range_moves *moves,
                                              enum dhr_record_kind kind, struct dhr_str id)
{
    const struct dhr_ledger *after = moves->after;
    const struct dhr_records *records = kind == DHR_RECORD_REVIEW ? &after->reviews
                                        : kind == DHR_RECORD_RECOMMENDATION
                                            ? &after->recommendations
                                            : &after->agencies;
    for (size_t i = 0; i < records->count; i++) {
        if (was_called(records->items[i], id))
            return records->items[i];
    }
    for (size_t i = 0; i < moves->count; i++) {
        const struct dhr_record *now = record_of(after, kind, moves->renamings[i].to);
        if (now && means(moves->renamings[i].from, id))
            return now;
    }
    return NULL;
}

static struct dhr_str number_of(struct dhr_str id, struct dhr_str *review)
{
    (void)dhr_str_split(&id, '/', review);
    return id;
}

const struct dhr_record *range_successor(const struct range_moves *moves, enum dhr_record_kind kind,
                                         struct dhr_str id)
{
    const struct dhr_record *now = own_successor(moves, kind, id);
    if (now || kind != DHR_RECORD_RECOMMENDATION)
        return now;
    struct dhr_str old = {NULL, 0};
    struct dhr_str number = number_of(id, &old);
    const struct dhr_record *review = own_successor(moves, DHR_RECORD_REVIEW, old);
    if (!review)
        return NULL;
    return dhr_ledger_recommendation(
        moves->after, dhr_str_of(dhr_arena_printf(moves->arena, "%.*s/%.*s", DHR_ARG(review->id),
                                                  DHR_ARG(number))));
}

static const char *if_before(const struct range_moves *moves, const char *path)
{
    struct dhr_entry entry;
    struct dhr_err ignored = {0};
    return dhr_source_entry(moves->before, path, &entry, &ignored) == 0 && entry.path ? path : NULL;
}

/* A file of a review's folder before the range, or NULL; the folder may have had another name. */
static const char *file_before(const struct range_moves *moves, struct dhr_str review,
                               struct dhr_str name)
{
    const struct dhr_record *now = dhr_ledger_review(moves->after, review);
    const struct dhr_field *field = NULL;
    const char *path = NULL;
    do {
        struct dhr_str id = field ? field->value : review;
        path = if_before(
            moves, dhr_arena_printf(moves->arena, "reviews/%.*s/%.*s", DHR_ARG(id), DHR_ARG(name)));
    } while (!path && now && (field = next_former(now, field)));
    return path;
}

/* The path before the range of a record that had that id on its way, or NULL. */
static const char *path_before(const struct range_moves *moves, enum dhr_record_kind kind,
                               struct dhr_str id)
{
    struct dhr_str review = {NULL, 0};
    if (kind == DHR_RECORD_AGENCY)
        return if_before(moves, dhr_arena_printf(moves->arena, "agencies/%.*s.ini", DHR_ARG(id)));
    if (kind == DHR_RECORD_REVIEW)
        return file_before(moves, id, dhr_str_of("review.ini"));
    struct dhr_str number = number_of(id, &review);
    return file_before(moves, review,
                       dhr_str_of(dhr_arena_printf(moves->arena, "%.*s.ini", DHR_ARG(number))));
}

/* By the messages: which of the records that are gone is meant. */
static const char *withheld_origin(const struct range_moves *moves, const struct dhr_record *now)
{
    for (size_t i = 0; i < moves->touched_count; i++) {
        const struct dhr_touched *t = &moves->touched[i];
        enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
        struct dhr_str id = {NULL, 0};
        if (t->had && !t->has && dhr_ident_of_path(dhr_str_of(t->path), &kind, &id) &&
            kind == now->kind && range_successor(moves, kind, id) == now)
            return t->path;
    }
    return NULL;
}

/* What is no record goes along with its review's folder. */
static const char *stray_origin(const struct range_moves *moves, const char *path)
{
    struct dhr_str rest = dhr_str_of(path);
    struct dhr_str top;
    struct dhr_str review;
    bool within = dhr_str_split(&rest, '/', &top) && dhr_str_is(top, "reviews") &&
                  dhr_str_split(&rest, '/', &review) && rest.len;
    return within ? file_before(moves, review, rest) : NULL;
}

const char *range_origin(const struct range_moves *moves, const char *path)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    if (!dhr_ident_of_path(dhr_str_of(path), &kind, &id))
        return stray_origin(moves, path);
    if (kind == DHR_RECORD_SETTINGS)
        return NULL;
    const struct dhr_record *now = record_of(moves->after, kind, id);
    if (!now)
        now = range_successor(moves, kind, id); /* on its way further */
    if (!now)
        return NULL;
    const struct dhr_field *field = NULL;
    const char *origin = path_before(moves, kind, now->id);
    while (!origin && (field = next_former(now, field)))
        origin = path_before(moves, kind, field->value);
    return origin || !moves->count ? origin : withheld_origin(moves, now);
}

/* "Ledger-Record: ID", as rm's trailers have it; squashed messages are indented or quoted. */
static bool names_record(struct dhr_str line, struct dhr_str id)
{
    static const char trailer[] = "Ledger-Record: ";
    const size_t len = sizeof(trailer) - 1;
    return dhr_str_starts(line, trailer) && means(dhr_str_span(line.ptr + len, line.len - len), id);
}

/* "ID: removed", "ID: removed, with 3 recommendations": what rm's subject says. */
static bool says_removed(struct dhr_str line)
{
    static const char word[] = ": removed";
    const size_t len = sizeof(word) - 1;
    for (size_t at = 0; at + len <= line.len; at++) {
        struct dhr_str from = dhr_str_span(line.ptr + at, line.len - at);
        if (dhr_str_is(from, word) || dhr_str_starts(from, ": removed, with "))
            return true;
    }
    return false;
}

static bool is_removal(const char *message, struct dhr_str id)
{
    struct dhr_str rest = dhr_str_of(message);
    struct dhr_str line;
    bool removes = false;
    while (dhr_str_line(&rest, &line)) {
        line = dhr_str_trim(line);
        removes = removes || says_removed(line);
        if (removes && names_record(line, id))
            return true;
    }
    return false;
}

bool range_removed(const struct range_moves *moves, struct dhr_str id)
{
    for (size_t t = 0; t < moves->told_count; t++) {
        for (size_t i = 0; i < moves->told[t].count; i++) {
            if (is_removal(moves->told[t].commits[i].message, id))
                return true;
        }
    }
    return false;
}

void range_moves_release(struct range_moves *moves)
{
    free(moves->renamings);
}
