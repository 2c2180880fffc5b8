#include "dhrledger/page_import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "page_internal.h"

enum { YEAR_BYTES = 5, SUFFIX_BYTES = 5 };

void page_note(struct importing *im, const char *text)
{
    struct dhr_import_result *result = im->result;
    *DHR_PUSH(result->notes, result->note_count, result->note_capacity) = text;
}

void dhr_import_begin(struct dhr_import *import, const struct dhr_ledger *ledger,
                      struct dhr_arena *arena)
{
    struct import_work *work = dhr_realloc(NULL, sizeof(*work));
    *work = (struct import_work){0};
    *import = (struct dhr_import){.ledger = ledger, .arena = arena, .work = work};
    import_agencies_open(&work->agencies, ledger, arena);
    import_take_names(&work->review_ids, ledger, "reviews/", "/", arena);
    known_add_ledger(&work->known, ledger, arena);
}

const struct dhr_agency_index *dhr_import_agencies(const struct dhr_import *import)
{
    return &import->work->agencies.index;
}

/* What a record would keep of the row. */
static void read_row(struct importing *im, size_t index)
{
    const struct dhr_page_row *row = &im->page->rows[index];
    struct dhr_buf addressees = {0};
    for (size_t i = 0; i < row->addressee_count; i++) {
        if (i)
            dhr_buf_addc(&addressees, '\n');
        dhr_buf_add_str(&addressees, dhr_ini_normal(im->arena, row->addressees[i]));
    }
    const char *copy = dhr_arena_dup(im->arena, dhr_buf_cstr(&addressees), addressees.len);
    im->rows[index] = (struct page_row){.line = row->line,
                                        .number = dhr_ini_normal(im->arena, row->number),
                                        .text = dhr_ini_normal(im->arena, row->text),
                                        .addressees = dhr_str_span(copy, addressees.len)};
    dhr_buf_release(&addressees);
}

/* A value that a record can't hold would be lost later; say so now, with its row. */
static int read_rows(struct importing *im, struct dhr_err *err)
{
    if (!im->page->csp.len)
        return dhr_fail(err, DHR_FOUND, "the page names no partnership (a line \"CSP: …\")");
    if (!im->page->row_count)
        return dhr_fail(err, DHR_FOUND,
                        "no recommendations were found (rows such as \"| 1 | text | agency |\")");
    im->rows = dhr_arena_alloc(im->arena, im->page->row_count * sizeof(*im->rows));
    for (size_t i = 0; i < im->page->row_count; i++) {
        struct dhr_err why = {0};
        read_row(im, i);
        if (dhr_ini_check_value(im->rows[i].text, &why) < 0)
            return dhr_fail(err, DHR_FOUND, "line %u of the page: %s", im->rows[i].line, why.text);
    }
    page_name_rows(im);
    return 0;
}

/* A review that was begun by hand has no rows by which its page is known. */
static void note_empty(struct importing *im, struct dhr_str id)
{
    const struct known_reviews *known = &im->work->known;
    size_t place = NO_PLACE;
    if (dhr_map_find(&known->by_id, id, &place) && !known->items[place].row_count)
        page_note(im, dhr_arena_printf(im->arena,
                                       "reviews/%.*s is there, without recommendations; if the "
                                       "page is its own, remove it with \"dhrledger rm %.*s -m "
                                       "WHY\" and import the page again",
                                       DHR_ARG(id), DHR_ARG(id)));
}

/* An id that nobody has yet: durham-2012, durham-2012-2, durham-2012-3. */
static struct dhr_str free_review_id(struct importing *im)
{
    const struct dhr_page *page = im->page;
    const char *year = page->year_of_death.len
                           ? dhr_arena_printf(im->arena, "-%.*s", DHR_ARG(page->year_of_death))
                           : "";
    const char *slug = dhr_ident_slug(im->arena, page->csp, DHR_ID_MAX_BYTES - YEAR_BYTES);
    const char *id = dhr_arena_printf(im->arena, "%s%s", slug, year);
    note_empty(im, dhr_str_of(id));
    slug = dhr_ident_slug(im->arena, page->csp, DHR_ID_MAX_BYTES - YEAR_BYTES - SUFFIX_BYTES);
    for (unsigned n = 2; dhr_ident_reserved(dhr_str_of(id)) ||
                         dhr_map_find(&im->work->review_ids, dhr_str_of(id), NULL);
         n++)
        id = dhr_arena_printf(im->arena, "%s%s-%u", slug, year, n);
    if (!*year)
        page_note(im, "warning: the page gives no year of death, so the review's id has none");
    return dhr_str_of(id);
}

/* Whether a page of these particulars may be of that review, and its rows tell. */
static bool is_candidate(const struct importing *im, const struct known_review *review,
                         size_t shared_texts)
{
    struct dhr_str year = im->page->year_of_death;
    size_t rows = im->page->row_count;
    size_t least = rows < review->row_count ? rows : review->row_count;
    bool same_year = !year.len || !review->year.len || dhr_str_eq(year, review->year);
    return same_year && shared_texts + review->loose > 0 &&
           2 * (shared_texts + review->loose) >= least;
}

/*
 * Another review of the same partnership and year shares a number of rows at most. One
 * that the library published at another time must be the same in nearly all of them.
 */
static bool is_same_page(const struct importing *im, const struct known_review *review,
                         const struct likeness *likeness)
{
    size_t rows = im->page->row_count;
    size_t least = rows < review->row_count ? rows : review->row_count;
    size_t most = rows < review->row_count ? review->row_count : rows;
    if (page_same_published(im->page, review))
        return likeness->alike > 0 && 2 * likeness->alike >= least;
    return 4 * likeness->equal >= 3 * most;
}

/* The review whose page it is, with the fewest changes; NO_PLACE if the ledger has none. */
static size_t find_review(const struct importing *im, const size_t *shared_texts,
                          struct likeness *best)
{
    const struct known_reviews *known = &im->work->known;
    size_t found = NO_PLACE;
    size_t posting = known_of_csp(known, im->page->csp);
    for (; posting != NO_PLACE; posting = known->postings[posting].next) {
        size_t place = known->postings[posting].review;
        const struct known_review *review = &known->items[place];
        if (!is_candidate(im, review, shared_texts[place]))
            continue;
        struct likeness likeness = page_compare(im, review);
        if (!is_same_page(im, review, &likeness) ||
            (found != NO_PLACE && likeness.changes > best->changes))
            continue;
        *best = likeness; /* the lists run backwards, so of equals the first review stays */
        found = place;
    }
    return found;
}

static void conclude_known(struct importing *im, const struct known_review *review,
                           const struct likeness *likeness)
{
    struct dhr_import_result *result = im->result;
    result->review = review->id;
    result->outcome = likeness->changes ? DHR_IMPORT_CHANGED : DHR_IMPORT_SAME;
    if (likeness->changes)
        page_list_changes(im, review);
    if (likeness->own)
        page_note(im, dhr_arena_printf(im->arena,
                                       "reviews/%.*s: %zu of its records %s not on the page, and "
                                       "%s left as %s",
                                       DHR_ARG(review->id), likeness->own,
                                       likeness->own == 1 ? "is" : "are",
                                       likeness->own == 1 ? "is" : "are",
                                       likeness->own == 1 ? "it is" : "they are"));
}

/* Half the texts in a review of another partnership, or with other addressees. */
static void note_same_as(struct importing *im, const size_t *shared_texts)
{
    const struct known_reviews *known = &im->work->known;
    size_t best = NO_PLACE;
    for (size_t i = 0; i < known->count; i++) {
        if (2 * shared_texts[i] >= im->page->row_count &&
            (best == NO_PLACE || shared_texts[i] > shared_texts[best]))
            best = i;
    }
    if (best == NO_PLACE)
        return;
    page_note(im, dhr_arena_printf(im->arena,
                                   "same-as: %.*s has %zu of the %zu texts, too; if it is the same "
                                   "review, record it with \"dhrledger set %.*s same-as+=%.*s -m "
                                   "WHY\"",
                                   DHR_ARG(known->items[best].id), shared_texts[best],
                                   im->page->row_count, DHR_ARG(im->result->review),
                                   DHR_ARG(known->items[best].id)));
}

static void note_count(struct importing *im)
{
    char counted[24];
    (void)snprintf(counted, sizeof(counted), "%zu", im->page->row_count);
    if (im->page->extracted.len && !dhr_str_is(im->page->extracted, counted))
        page_note(im, dhr_arena_printf(im->arena,
                                       "warning: the page says that it has %.*s recommendations; "
                                       "found: %s",
                                       DHR_ARG(im->page->extracted), counted));
}

static void say(void *user, const char *sentence)
{
    page_note(user, sentence);
}

static void note_agencies(struct importing *im)
{
    struct import_agencies *agencies = &im->work->agencies;
    import_agencies_note(agencies, say, im);
    for (size_t i = 0; i < im->page->row_count; i++)
        import_agencies_note_text(agencies, im->rows[i].number, im->rows[i].text, say, im);
}

static void make_review(struct importing *im, struct dhr_str id, const size_t *shared_texts)
{
    const struct dhr_page *page = im->page;
    struct dhr_import *run = im->run;
    im->result->outcome = DHR_IMPORT_NEW;
    im->result->review = id;
    note_count(im);
    note_same_as(im, shared_texts);
    page_make_records(im);
    note_agencies(im);
    const struct known_review review = {.id = id,
                                        .year = page->year_of_death,
                                        .published = page->published,
                                        .declared = page->extracted,
                                        .rows = im->rows,
                                        .row_count = page->row_count};
    struct dhr_str csp = dhr_ini_normal(im->arena, page->csp);
    known_add(&im->work->known, &review, &csp, 1, im->arena);
    (void)dhr_map_add(&im->work->review_ids, id, 0);
    run->review_count++;
    run->recommendations += im->result->recommendations;
}

/* The id that the user gives: of a review that is there, or a new one's. */
static int use_id(struct importing *im, const char *as, const size_t *shared_texts,
                  struct dhr_err *err)
{
    const struct known_reviews *known = &im->work->known;
    struct dhr_str id = dhr_str_of(dhr_arena_dup(im->arena, as, strlen(as)));
    struct likeness likeness = {0};
    size_t place = NO_PLACE;
    if (dhr_map_find(&known->by_id, id, &place)) {
        likeness = page_compare(im, &known->items[place]);
        if (!likeness.alike)
            return dhr_fail(err, DHR_FOUND,
                            "the page is not of reviews/%s: none of its texts is there; give it "
                            "an id that is free, or leave --as out",
                            as);
        conclude_known(im, &known->items[place], &likeness);
        return 0;
    }
    if (!dhr_ident_ok(id) || dhr_ident_reserved(id))
        return dhr_fail(err, DHR_USAGE,
                        "--as %s: can't be a review's id; small letters, digits and hyphens make "
                        "one, at most %d of them",
                        as, DHR_ID_MAX_BYTES);
    if (dhr_map_find(&im->work->review_ids, id, NULL))
        return dhr_fail(err, DHR_USAGE, "--as %s: reviews/%s is there, without a review.ini", as,
                        as);
    place = find_review(im, shared_texts, &likeness);
    if (place != NO_PLACE && !likeness.changes)
        return dhr_fail(err, DHR_FOUND,
                        "reviews/%.*s is made of this very page; to give it the id %s, use "
                        "\"dhrledger mv %.*s %s -m WHY\"",
                        DHR_ARG(known->items[place].id), as, DHR_ARG(known->items[place].id), as);
    make_review(im, id, shared_texts);
    return 0;
}

int dhr_import_page(struct dhr_import *import, const struct dhr_page *page, const char *as,
                    struct dhr_import_result *result, struct dhr_err *err)
{
    struct importing im = {.run = import,
                           .page = page,
                           .result = result,
                           .arena = import->arena,
                           .work = import->work};
    struct likeness likeness = {0};
    int rc = 0;
    if (read_rows(&im, err) < 0)
        return -1;
    size_t *shared = known_shared_texts(&im.work->known, im.rows, page->row_count);
    size_t place = as ? NO_PLACE : find_review(&im, shared, &likeness);
    if (as)
        rc = use_id(&im, as, shared, err);
    else if (place != NO_PLACE)
        conclude_known(&im, &im.work->known.items[place], &likeness);
    else
        make_review(&im, free_review_id(&im), shared);
    free(shared);
    return rc;
}

void dhr_import_result_release(struct dhr_import_result *result)
{
    free(result->changes);
    free(result->notes);
    *result = (struct dhr_import_result){0};
}
