#include "dhrledger/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/agency_index.h"
#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/kinds.h"

/* One import at work. */
struct importing {
    struct dhr_import *import;
    const struct dhr_page *page;
    const struct dhr_ledger *ledger;
    struct dhr_arena *arena;
    struct dhr_agency_index index; /* known agencies, then the new ones */
    size_t known_names;            /* how many of them the ledger had */
    const char **names;            /* of the recommendations so far, by row */
    bool *restarts;                /* whether the row needs its place in the page */
};

static void note(struct importing *im, const char *text)
{
    *DHR_PUSH(im->import->notes, im->import->note_count, im->import->note_capacity) = text;
}

static void add_file(struct importing *im, const char *path, const struct dhr_buf *bytes)
{
    const char *copy = dhr_arena_dup(im->arena, dhr_buf_cstr(bytes), bytes->len);
    *DHR_PUSH(im->import->files, im->import->file_count, im->import->file_capacity) =
        (struct dhr_import_file){path, dhr_str_span(copy, bytes->len)};
}

static bool agency_id_taken(const struct importing *im, struct dhr_str id)
{
    if (dhr_ledger_agency(im->ledger, id))
        return true;
    for (size_t i = 0; i < im->index.count; i++) {
        if (dhr_str_eq(im->index.items[i].id, id))
            return true;
    }
    return false;
}

/* A slug that nobody has yet: durham, durham-2, durham-3. */
static struct dhr_str free_agency_id(const struct importing *im, struct dhr_str name)
{
    enum { SUFFIX_BYTES = 4 };
    const char *id = dhr_ident_slug(im->arena, name, DHR_ID_MAX_BYTES);
    if (dhr_ident_reserved(dhr_str_of(id)))
        id = dhr_arena_printf(im->arena, "%s-agency", id);
    const char *stem = dhr_ident_slug(im->arena, dhr_str_of(id), DHR_ID_MAX_BYTES - SUFFIX_BYTES);
    for (unsigned n = 2; agency_id_taken(im, dhr_str_of(id)); n++)
        id = dhr_arena_printf(im->arena, "%s-%u", stem, n);
    return dhr_str_of(id);
}

static struct dhr_str create_agency(struct importing *im, struct dhr_str name)
{
    struct dhr_buf bytes = {0};
    struct dhr_str id = free_agency_id(im, name);
    const char *kind = dhr_kind_of_name(name);
    const struct dhr_ini_pair pairs[] = {{DHR_KEY_AGENCY_NAME, name},
                                         {DHR_KEY_AGENCY_KIND, dhr_str_of(kind)}};
    dhr_ini_add_section(&bytes, DHR_SECTION_AGENCY, (struct dhr_str){NULL, 0}, 0, pairs, 2);
    add_file(im, dhr_arena_printf(im->arena, "agencies/%.*s.ini", DHR_ARG(id)), &bytes);
    dhr_buf_release(&bytes);
    dhr_agency_index_add(&im->index, name, id);
    im->import->new_agencies++;
    if (strcmp(kind, "unknown") == 0)
        note(im, dhr_arena_printf(im->arena,
                                  "warning: agencies/%.*s.ini: no word in \"%.*s\" tells its kind; "
                                  "set kind by hand (\"dhrledger schema\" lists them)",
                                  DHR_ARG(id), DHR_ARG(name)));
    return id;
}

static struct dhr_str agency_of(struct importing *im, struct dhr_str name)
{
    struct dhr_str id = dhr_agency_index_find(&im->index, name);
    return id.len ? id : create_agency(im, name);
}

static bool name_taken(const struct importing *im, size_t rows, const char *name)
{
    for (size_t i = 0; i < rows; i++) {
        if (strcasecmp(im->names[i], name) == 0)
            return true;
    }
    return false;
}

/* The file's name for a row: its number, with -2 for a repeat; u1 where it has none. */
static void name_row(struct importing *im, size_t row, unsigned *unnumbered)
{
    enum { SUFFIX_BYTES = 4 };
    const char *name = dhr_ident_number(im->arena, im->page->rows[row].number);
    im->restarts[row] = false;
    while (!name || dhr_ident_reserved(dhr_str_of(name))) {
        im->restarts[row] = true;
        name = dhr_arena_printf(im->arena, "u%u", ++*unnumbered);
        if (name_taken(im, row, name))
            name = NULL;
    }
    const char *stem = name;
    if (strlen(stem) > DHR_NUMBER_MAX_BYTES - SUFFIX_BYTES)
        stem = dhr_arena_dup(im->arena, stem, DHR_NUMBER_MAX_BYTES - SUFFIX_BYTES);
    for (unsigned n = 2; name_taken(im, row, name); n++) {
        name = dhr_arena_printf(im->arena, "%s-%u", stem, n);
        im->restarts[row] = true;
    }
    im->names[row] = name;
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
    const struct dhr_page_row *row = &im->page->rows[index];
    size_t pair_count = 0;
    struct dhr_ini_pair *pairs =
        dhr_arena_alloc(im->arena, (row->addressee_count + 3) * sizeof(*pairs));
    struct dhr_str *ids = dhr_arena_alloc(im->arena, (row->addressee_count + 1) * sizeof(*ids));
    size_t id_count = 0;
    pairs[pair_count++] = (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_NUMBER,
                                                dhr_ini_normal(im->arena, row->number)};
    if (im->restarts[index])
        pairs[pair_count++] =
            (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_ORDER,
                                  dhr_str_of(dhr_arena_printf(im->arena, "%zu", index + 1))};
    pairs[pair_count++] =
        (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_TEXT, dhr_ini_normal(im->arena, row->text)};
    for (size_t i = 0; i < row->addressee_count; i++) {
        struct dhr_str name = dhr_ini_normal(im->arena, row->addressees[i]);
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
    add_file(im,
             dhr_arena_printf(im->arena, "reviews/%.*s/%s.ini", DHR_ARG(im->import->review),
                              im->names[index]),
             &bytes);
    dhr_buf_release(&bytes);
    im->import->recommendations++;
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
             dhr_arena_printf(im->arena, "reviews/%.*s/review.ini", DHR_ARG(im->import->review)),
             &bytes);
    dhr_buf_release(&bytes);
}

/* New names beside every other name: alike enough to be one body under two spellings. */
static void note_twins(struct importing *im)
{
    for (size_t i = im->known_names; i < im->index.count; i++) {
        const struct dhr_agency_name *new = &im->index.items[i];
        for (size_t j = 0; j < i; j++) {
            const struct dhr_agency_name *other = &im->index.items[j];
            if (!dhr_str_eq(new->id, other->id) && dhr_names_near(new->folded, other->folded))
                note(im,
                     dhr_arena_printf(im->arena,
                                      "near-twins: \"%.*s\" and \"%.*s\"; if they are one body, "
                                      "make one name an alias of the other",
                                      DHR_ARG(other->name), DHR_ARG(new->name)));
        }
    }
}

/* Names that the texts give a little differently from an agency's. */
static void note_variants(struct importing *im)
{
    for (size_t r = 0; r < im->page->row_count; r++) {
        const struct dhr_page_row *row = &im->page->rows[r];
        for (size_t i = 0; i < im->index.count; i++) {
            const struct dhr_agency_name *agency = &im->index.items[i];
            struct dhr_str variant = dhr_name_variant_in(row->text, agency->name);
            if (variant.len && !dhr_agency_index_find(&im->index, variant).len)
                note(im, dhr_arena_printf(
                             im->arena,
                             "near-twins: recommendation %.*s speaks of \"%.*s\", and "
                             "the agency is \"%.*s\"; if they are one body, add an alias",
                             DHR_ARG(row->number), DHR_ARG(variant), DHR_ARG(agency->name)));
        }
    }
}

static void note_count(struct importing *im)
{
    char counted[24];
    (void)snprintf(counted, sizeof(counted), "%zu", im->page->row_count);
    if (im->page->extracted.len && !dhr_str_is(im->page->extracted, counted))
        note(im,
             dhr_arena_printf(im->arena,
                              "warning: the page says that it has %.*s recommendations; found: %s",
                              DHR_ARG(im->page->extracted), counted));
}

static int choose_review(struct importing *im, struct dhr_err *err)
{
    enum { YEAR_BYTES = 5 };
    const struct dhr_page *page = im->page;
    if (!page->csp.len)
        return dhr_fail(err, DHR_FOUND,
                        "the page names no partnership (a line \"CSP: …\"); nothing was written");
    if (!page->row_count)
        return dhr_fail(err, DHR_FOUND,
                        "no recommendations were found (rows such as \"| 1 | text | agency |\"); "
                        "nothing was written");
    const char *slug = dhr_ident_slug(im->arena, page->csp, DHR_ID_MAX_BYTES - YEAR_BYTES);
    if (page->year_of_death.len)
        slug = dhr_arena_printf(im->arena, "%s-%.*s", slug, DHR_ARG(page->year_of_death));
    else
        note(im, "warning: the page gives no year of death, so the review's id has none");
    im->import->review = dhr_str_of(slug);
    if (dhr_ledger_review(im->ledger, im->import->review) ||
        dhr_ledger_of_review(im->ledger, im->import->review).count)
        return dhr_fail(err, DHR_FOUND,
                        "reviews/%s is there already; nothing was written, and what it holds is "
                        "left as it is",
                        slug);
    return 0;
}

/* A value that a record can't hold would be lost later; say so now, with its row. */
static int check_values(const struct importing *im, struct dhr_err *err)
{
    for (size_t i = 0; i < im->page->row_count; i++) {
        struct dhr_err why = {0};
        struct dhr_str text = dhr_ini_normal(im->arena, im->page->rows[i].text);
        if (dhr_ini_check_value(text, &why) < 0)
            return dhr_fail(err, DHR_FOUND, "line %u of the page: %s; nothing was written",
                            im->page->rows[i].line, why.text);
    }
    return 0;
}

int dhr_import_page(struct dhr_import *import, const struct dhr_page *page,
                    const struct dhr_ledger *ledger, struct dhr_arena *arena, struct dhr_err *err)
{
    struct importing im = {.import = import, .page = page, .ledger = ledger, .arena = arena};
    if (choose_review(&im, err) < 0 || check_values(&im, err) < 0)
        return -1;
    im.names = dhr_arena_alloc(arena, page->row_count * sizeof(*im.names));
    im.restarts = dhr_arena_zalloc(arena, page->row_count * sizeof(*im.restarts));
    dhr_agency_index_add_ledger(&im.index, ledger);
    im.known_names = im.index.count;
    note_count(&im);
    unsigned unnumbered = 0;
    for (size_t i = 0; i < page->row_count; i++)
        name_row(&im, i, &unnumbered);
    for (size_t i = 0; i < page->row_count; i++)
        add_recommendation(&im, i);
    add_review(&im);
    note_twins(&im);
    note_variants(&im);
    dhr_agency_index_release(&im.index);
    return 0;
}

void dhr_import_release(struct dhr_import *import)
{
    free(import->files);
    free(import->notes);
    *import = (struct dhr_import){0};
}
