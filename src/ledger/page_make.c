/* A page as the files of a ledger. */
#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/utf8.h"
#include "page_internal.h"

enum { SUFFIX_BYTES = 8 }; /* "-1234567": more rows than a page has room for */

static void add_file(struct importing *im, const char *path, struct dhr_str bytes)
{
    struct dhr_import *run = im->run;
    *DHR_PUSH(run->files, run->file_count, run->file_capacity) =
        (struct dhr_import_file){path, bytes};
    im->result->file_count++;
}

static struct dhr_str keep(struct importing *im, struct dhr_buf *bytes)
{
    const char *copy = dhr_arena_dup(im->arena, dhr_buf_cstr(bytes), bytes->len);
    struct dhr_str kept = dhr_str_span(copy, bytes->len);
    dhr_buf_release(bytes);
    return kept;
}

static struct dhr_str agency_of(struct importing *im, struct dhr_str name)
{
    struct import_agencies *agencies = &im->work->agencies;
    size_t made = agencies->made_count;
    struct dhr_str id = import_agency_of(agencies, name);
    if (agencies->made_count > made) {
        add_file(im, agencies->made[made].path, agencies->made[made].bytes);
        im->run->new_agencies++;
    } else if (dhr_ledger_agency(im->run->ledger, id) && dhr_map_add(&im->work->relied_on, id, 0)) {
        *DHR_PUSH(im->run->relied_on, im->run->relied_count, im->run->relied_capacity) = id;
    }
    return id;
}

/* A name as it is compared in the review's folder, where small and capital letters are the same. */
static struct dhr_str fold_name(struct importing *im, const char *name)
{
    struct dhr_buf folded = {0};
    dhr_utf8_add_folded(&folded, dhr_str_of(name));
    const char *key = dhr_arena_dup(im->arena, dhr_buf_cstr(&folded), folded.len);
    dhr_buf_release(&folded);
    return dhr_str_of(key);
}

/*
 * The file's name for a row: its number, with -2 for a repeat; u1 where it has none. The names
 * that are taken have the last number that was put behind them.
 */
static void name_row(struct importing *im, size_t row, struct dhr_map *taken, unsigned *unnumbered)
{
    const char *name = dhr_ident_number(im->arena, im->page->rows[row].number);
    im->restarts[row] = false;
    im->names[row] = name;
    if (!name || dhr_ident_reserved(dhr_str_of(name))) {
        im->restarts[row] = true;
        do
            im->names[row] = dhr_arena_printf(im->arena, "u%u", ++*unnumbered);
        while (!dhr_map_add(taken, fold_name(im, im->names[row]), 1));
        return;
    }
    struct dhr_str key = fold_name(im, name);
    if (dhr_map_add(taken, key, 1))
        return;
    size_t stem = strlen(name);
    if (stem > DHR_NUMBER_MAX_BYTES - SUFFIX_BYTES)
        stem = DHR_NUMBER_MAX_BYTES - SUFFIX_BYTES;
    size_t n = *dhr_map_at(taken, key);
    im->restarts[row] = true;
    do
        im->names[row] = dhr_arena_printf(im->arena, "%.*s-%zu", (int)stem, name, ++n);
    while (!dhr_map_add(taken, fold_name(im, im->names[row]), 1));
    *dhr_map_at(taken, key) = n;
}

void page_name_rows(struct importing *im)
{
    struct dhr_map taken = {0};
    unsigned unnumbered = 0;
    im->names = dhr_arena_alloc(im->arena, im->page->row_count * sizeof(*im->names));
    im->restarts = dhr_arena_zalloc(im->arena, im->page->row_count * sizeof(*im->restarts));
    for (size_t i = 0; i < im->page->row_count; i++)
        name_row(im, i, &taken, &unnumbered);
    dhr_map_release(&taken);
}

static bool has_section(const struct dhr_str *ids, size_t count, struct dhr_str id)
{
    for (size_t i = 0; i < count; i++) {
        if (dhr_str_eq(ids[i], id))
            return true;
    }
    return false;
}

static void add_recommendation(struct importing *im, size_t index)
{
    struct page_row *row = &im->rows[index];
    size_t addressees = im->page->rows[index].addressee_count;
    struct dhr_ini_pair *pairs = dhr_arena_alloc(im->arena, (addressees + 3) * sizeof(*pairs));
    struct dhr_str *ids = dhr_arena_alloc(im->arena, (addressees + 1) * sizeof(*ids));
    size_t pair_count = 0;
    size_t id_count = 0;
    pairs[pair_count++] = (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_NUMBER, row->number};
    if (im->restarts[index])
        pairs[pair_count++] =
            (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_ORDER,
                                  dhr_str_of(dhr_arena_printf(im->arena, "%zu", index + 1))};
    pairs[pair_count++] = (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_TEXT, row->text};
    struct dhr_str rest = row->addressees;
    struct dhr_str name;
    while (dhr_str_line(&rest, &name)) {
        struct dhr_str id = agency_of(im, name);
        pairs[pair_count++] = (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_ADDRESSED_TO, name};
        if (!has_section(ids, id_count, id))
            ids[id_count++] = id;
    }
    struct dhr_buf bytes = {0};
    dhr_ini_add_section(&bytes, DHR_SECTION_RECOMMENDATION, (struct dhr_str){NULL, 0}, 0, pairs,
                        pair_count);
    const struct dhr_ini_pair open = {DHR_KEY_ADDRESSEE_STATUS, dhr_str_of("open")};
    for (size_t i = 0; i < id_count; i++)
        dhr_ini_add_section(&bytes, DHR_SECTION_ADDRESSEE, ids[i], 0, &open, 1);
    row->path = dhr_arena_printf(im->arena, "reviews/%.*s/%s.ini", DHR_ARG(im->result->review),
                                 im->names[index]);
    add_file(im, row->path, keep(im, &bytes));
    im->result->recommendations++;
}

static void add_review(struct importing *im)
{
    const struct dhr_page *page = im->page;
    const struct dhr_ini_pair pairs[] = {
        {DHR_KEY_REVIEW_TITLE,
         dhr_ini_normal(im->arena, page->title.len ? page->title : page->csp)},
        {DHR_KEY_REVIEW_TYPE, page->type},
        {DHR_KEY_REVIEW_CSP, dhr_ini_normal(im->arena, page->csp)},
        {DHR_KEY_REVIEW_PUBLISHED, page->published},
        {DHR_KEY_REVIEW_YEAR_OF_DEATH, page->year_of_death},
        {DHR_KEY_REVIEW_RECOMMENDATIONS, page->extracted},
        {DHR_KEY_REVIEW_SUMMARY, dhr_ini_normal(im->arena, page->summary)},
        {DHR_KEY_REVIEW_SOURCE, page->source.len
                                    ? dhr_ini_normal(im->arena, page->source)
                                    : dhr_str_of("A page of the Home Office DHR Library")},
        {DHR_KEY_REVIEW_STATUTORY_BASIS, dhr_ini_normal(im->arena, page->statutory_basis)}};
    struct dhr_buf bytes = {0};
    dhr_ini_add_section(&bytes, DHR_SECTION_REVIEW, (struct dhr_str){NULL, 0}, 0, pairs,
                        sizeof(pairs) / sizeof(pairs[0]));
    add_file(im,
             dhr_arena_printf(im->arena, "reviews/%.*s/review.ini", DHR_ARG(im->result->review)),
             keep(im, &bytes));
}

void page_make_records(struct importing *im)
{
    im->result->first_file = im->run->file_count;
    for (size_t i = 0; i < im->page->row_count; i++)
        add_recommendation(im, i);
    add_review(im);
}
