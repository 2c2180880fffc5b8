/*
 * A page beside a review that the ledger has. Each row looks for its record: first
 * one that says the same, then one whose text was corrected, then one of the same
 * text, then one of the same number. What finds none is new, or gone.
 */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/utf8.h"
#include "page_internal.h"

enum { EXCERPT_COLUMNS = 60, EXCERPT_LEAD_BYTES = 16 };

enum pass { BY_ALL, BY_NUMBER_AND_TEXT, BY_CORRECTED_NUMBER, BY_TEXT, BY_NUMBER, PASSES };

/* A name that a record once had. */
struct former {
    struct dhr_str name;
    size_t record;
};

struct comparison {
    const struct importing *im;
    const struct known_review *review;
    size_t *partner; /* the record of each row, or NO_PLACE */
    bool *renamed;   /* a row whose record was merged into another, or split by hand */
    bool *taken;     /* records that a row has found, or that a renamed row became */
    struct former *formers;
    size_t former_count, former_capacity;
    struct dhr_arena arena;
};

static struct dhr_str own_value(const struct page_row *row, enum dhr_key_id key)
{
    if (!row->record)
        return (struct dhr_str){NULL, 0};
    return dhr_section_value(dhr_record_section(row->record, DHR_SECTION_RECOMMENDATION), key);
}

static bool is_corrected(const struct page_row *row)
{
    return own_value(row, DHR_KEY_RECOMMENDATION_TEXT_CORRECTED).len > 0;
}

/* What a row and its record have in common in this pass; nothing: the row doesn't take part. */
static struct dhr_str key_of(struct comparison *c, const struct page_row *row, enum pass pass)
{
    const char *key = "";
    switch (pass) {
    case BY_ALL:
        key = dhr_arena_printf(&c->arena, "%.*s\n%.*s\n%.*s", DHR_ARG(row->number),
                               DHR_ARG(row->addressees), DHR_ARG(row->text));
        break;
    case BY_NUMBER_AND_TEXT:
        key = dhr_arena_printf(&c->arena, "%.*s\n%.*s", DHR_ARG(row->number), DHR_ARG(row->text));
        break;
    case BY_TEXT:
        return row->text;
    case BY_CORRECTED_NUMBER:
    case BY_NUMBER:
    case PASSES:
        return row->number;
    }
    return dhr_str_of(key);
}

/* Let each row that has no record yet take one with the same key, the first come the first. */
static void pair(struct comparison *c, enum pass pass)
{
    const struct known_review *review = c->review;
    struct dhr_map heads = {0};
    size_t *next = dhr_arena_alloc(&c->arena, (review->row_count + 1) * sizeof(*next));
    for (size_t i = review->row_count; i-- > 0;) {
        const struct page_row *row = &review->rows[i];
        next[i] = NO_PLACE;
        if (c->taken[i] || (pass == BY_CORRECTED_NUMBER && !is_corrected(row)))
            continue;
        struct dhr_str key = key_of(c, row, pass);
        size_t *head = dhr_map_at(&heads, key);
        next[i] = head ? *head : NO_PLACE;
        if (head)
            *head = i;
        else if (key.len)
            (void)dhr_map_add(&heads, key, i);
    }
    for (size_t i = 0; i < c->im->page->row_count; i++) {
        if (c->partner[i] != NO_PLACE || c->renamed[i])
            continue;
        size_t *head = dhr_map_at(&heads, key_of(c, &c->im->rows[i], pass));
        if (!head || *head == NO_PLACE)
            continue;
        c->partner[i] = *head;
        c->taken[*head] = true;
        *head = next[*head];
    }
    dhr_map_release(&heads);
}

/* The name behind the review's, in small letters: "durham-2012/R1" was r1. */
static struct dhr_str name_in(struct comparison *c, struct dhr_str id)
{
    struct dhr_buf name = {0};
    const char *slash = id.len ? memchr(id.ptr, '/', id.len) : NULL;
    if (slash)
        id = dhr_str_span(slash + 1, id.len - (size_t)(slash + 1 - id.ptr));
    dhr_utf8_add_folded(&name, id);
    struct dhr_str copy = dhr_str_of(dhr_arena_dup(&c->arena, dhr_buf_cstr(&name), name.len));
    dhr_buf_release(&name);
    return copy;
}

/* What records were once called. */
static void collect_formers(struct comparison *c)
{
    for (size_t i = 0; c->review->loose && i < c->review->row_count; i++) {
        const struct dhr_record *record = c->review->rows[i].record;
        const struct dhr_section *own =
            record ? dhr_record_section(record, DHR_SECTION_RECOMMENDATION) : NULL;
        const struct dhr_field *field = NULL;
        while ((field = dhr_section_next(own, DHR_KEY_RECOMMENDATION_FORMERLY, field)))
            *DHR_PUSH(c->formers, c->former_count, c->former_capacity) =
                (struct former){name_in(c, field->value), i};
    }
}

/*
 * A row that found no record of its text may have been merged into another record, or
 * split by hand. One record with its number was only renamed, and is compared later.
 */
static void find_renamed(struct comparison *c, size_t row)
{
    struct dhr_str name = name_in(c, dhr_str_of(c->im->names[row]));
    size_t count = 0;
    size_t last = 0;
    for (size_t i = 0; i < c->former_count; i++) {
        if (dhr_str_eq(c->formers[i].name, name)) {
            last = c->formers[i].record;
            count++;
        }
    }
    bool same_number = dhr_str_eq(c->review->rows[last].number, c->im->rows[row].number);
    c->renamed[row] = count > 1 || (count == 1 && (c->taken[last] || !same_number));
    for (size_t i = 0; c->renamed[row] && i < c->former_count; i++) {
        if (dhr_str_eq(c->formers[i].name, name))
            c->taken[c->formers[i].record] = true;
    }
}

static void end(struct comparison *c)
{
    free(c->formers);
    dhr_arena_release(&c->arena);
}

static void begin(struct comparison *c, const struct importing *im,
                  const struct known_review *review)
{
    size_t rows = im->page->row_count;
    *c = (struct comparison){.im = im, .review = review};
    c->partner = dhr_arena_alloc(&c->arena, (rows + 1) * sizeof(*c->partner));
    c->renamed = dhr_arena_zalloc(&c->arena, rows + 1);
    c->taken = dhr_arena_zalloc(&c->arena, review->row_count + 1);
    for (size_t i = 0; i < rows; i++)
        c->partner[i] = NO_PLACE;
    for (enum pass pass = BY_ALL; pass < BY_NUMBER; pass++)
        pair(c, pass);
    collect_formers(c);
    for (size_t i = 0; c->former_count && i < rows; i++) {
        if (c->partner[i] == NO_PLACE)
            find_renamed(c, i);
    }
    pair(c, BY_NUMBER);
}

/* What of a row differs from its record. */
struct differing {
    bool number, text, addressees;
};

static struct differing differing(const struct page_row *row, const struct page_row *record)
{
    return (struct differing){
        !dhr_str_eq(row->number, record->number),
        !dhr_str_eq(row->text, record->text) && !is_corrected(record),
        !dhr_str_eq(row->addressees, record->addressees),
    };
}

static bool is_count(struct dhr_str text, size_t count)
{
    unsigned long number = 0;
    return dhr_str_number(text, &number) && number == count;
}

/*
 * Whether a record without a row was added by hand, rather than its row taken off the
 * page: all rows have records, and there are as many as the page says, and as it said
 * when it was imported. A row that can't be placed is there, and may be the record's.
 */
static bool keeps_own(const struct comparison *c)
{
    size_t rows = c->im->page->row_count + c->im->page->unplaced_count;
    for (size_t i = 0; i < c->im->page->row_count; i++) {
        if (c->partner[i] == NO_PLACE && !c->renamed[i])
            return false;
    }
    return is_count(c->im->page->extracted, rows) && is_count(c->review->declared, rows);
}

bool page_same_published(const struct dhr_page *page, const struct known_review *review)
{
    struct dhr_str a = page->published;
    struct dhr_str b = review->published;
    size_t least = a.len < b.len ? a.len : b.len;
    const struct dhr_str longer = a.len < b.len ? b : a;
    if (least == 0)
        return true; /* one of them doesn't say */
    return memcmp(a.ptr, b.ptr, least) == 0 && (longer.len == least || longer.ptr[least] == '-');
}

struct likeness page_compare(const struct importing *im, const struct known_review *review)
{
    struct comparison c;
    struct likeness likeness = {.changes = page_same_published(im->page, review) ? 0 : 1};
    begin(&c, im, review);
    for (size_t i = 0; i < im->page->row_count; i++) {
        if (c.partner[i] == NO_PLACE) {
            likeness.alike += c.renamed[i];
            likeness.equal += c.renamed[i];
            likeness.changes += !c.renamed[i];
            continue;
        }
        struct differing d = differing(&im->rows[i], &review->rows[c.partner[i]]);
        size_t count = (size_t)d.number + (size_t)d.text + (size_t)d.addressees;
        likeness.alike += !d.text;
        likeness.equal += count == 0;
        likeness.changes += count;
    }
    for (size_t i = 0; i < review->row_count; i++)
        likeness.own += !c.taken[i];
    if (!keeps_own(&c)) {
        likeness.changes += likeness.own;
        likeness.own = 0;
    }
    end(&c);
    return likeness;
}

/* Where two texts part: the beginning of the word that differs. */
static size_t parting(struct dhr_str a, struct dhr_str b)
{
    size_t at = 0;
    while (at < a.len && at < b.len && a.ptr[at] == b.ptr[at])
        at++;
    size_t start = at > EXCERPT_LEAD_BYTES ? at - EXCERPT_LEAD_BYTES : 0;
    while (start > 0 && a.ptr[start - 1] != ' ' && a.ptr[start - 1] != '\n')
        start--;
    return start;
}

/* In one line, quoted and cut: "…the words from there on…" */
static const char *excerpt(struct dhr_arena *arena, struct dhr_str text, size_t from)
{
    struct dhr_buf line = {0};
    for (size_t i = from; i < text.len; i++)
        dhr_buf_addc(&line, text.ptr[i] == '\n' ? ' ' : text.ptr[i]);
    size_t len = dhr_utf8_fit(dhr_buf_str(&line), EXCERPT_COLUMNS);
    const char *result = dhr_arena_printf(arena, "\"%s%.*s%s\"", from ? "…" : "", (int)len,
                                          dhr_buf_cstr(&line), len < line.len ? "…" : "");
    dhr_buf_release(&line);
    return result;
}

static void add_change(struct importing *im, unsigned line, const char *text)
{
    struct dhr_import_result *result = im->result;
    *DHR_PUSH(result->changes, result->change_count, result->change_capacity) =
        (struct dhr_import_line){line, text};
}

static void tell(struct importing *im, const char *what, const struct page_row *record,
                 struct dhr_str there, const struct page_row *row, struct dhr_str here)
{
    size_t from = parting(there, here);
    add_change(im, row->line,
               dhr_arena_printf(im->arena, "%s from %s: %s there, %s on the page", what,
                                record->path, excerpt(im->arena, there, from),
                                excerpt(im->arena, here, from)));
}

/* Addressees as they would stand in a cell. */
static struct dhr_str in_one_line(struct dhr_arena *arena, struct dhr_str lines)
{
    struct dhr_buf out = {0};
    for (size_t i = 0; i < lines.len; i++) {
        if (lines.ptr[i] == '\n')
            dhr_buf_adds(&out, " | ");
        else
            dhr_buf_addc(&out, lines.ptr[i]);
    }
    struct dhr_str copy = dhr_str_of(dhr_arena_dup(arena, dhr_buf_cstr(&out), out.len));
    dhr_buf_release(&out);
    return copy;
}

static void list_row(struct importing *im, const struct known_review *review,
                     const struct page_row *row, size_t partner)
{
    if (partner == NO_PLACE) {
        add_change(im, row->line,
                   dhr_arena_printf(im->arena, "reviews/%.*s has no record of row %.*s: %s",
                                    DHR_ARG(review->id), DHR_ARG(row->number),
                                    excerpt(im->arena, row->text, 0)));
        return;
    }
    const struct page_row *record = &review->rows[partner];
    struct differing d = differing(row, record);
    if (d.number)
        tell(im, "the number differs", record, record->number, row, row->number);
    if (d.text)
        tell(im, "the text differs", record, record->text, row, row->text);
    if (d.addressees)
        tell(im, "the addressee differs", record, in_one_line(im->arena, record->addressees), row,
             in_one_line(im->arena, row->addressees));
}

void page_list_changes(struct importing *im, const struct known_review *review)
{
    struct comparison c;
    begin(&c, im, review);
    if (!page_same_published(im->page, review))
        add_change(im, 0,
                   dhr_arena_printf(im->arena,
                                    "published differs from reviews/%.*s: %.*s there, %.*s on the "
                                    "page",
                                    DHR_ARG(review->id), DHR_ARG(review->published),
                                    DHR_ARG(im->page->published)));
    for (size_t i = 0; i < im->page->row_count; i++) {
        if (!c.renamed[i])
            list_row(im, review, &im->rows[i], c.partner[i]);
    }
    bool own = keeps_own(&c);
    for (size_t i = 0; i < review->row_count; i++) {
        if (!c.taken[i] && !own)
            add_change(im, 0,
                       dhr_arena_printf(im->arena, "the page has no row for %s: %s",
                                        review->rows[i].path,
                                        excerpt(im->arena, review->rows[i].text, 0)));
    }
    end(&c);
}
