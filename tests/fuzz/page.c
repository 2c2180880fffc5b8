/*
 * The page importer, from the page's bytes to the records it would write: each
 * line is in a row, unplaced or left over, what is made is sound and has the page's
 * words, and a ledger that has those records finds nothing new in the page.
 */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/page_import.h"
#include "dhrledger/page_split.h"
#include "fuzz.h"

static void check_lines(const struct dhr_page *page, struct dhr_str bytes)
{
    uint32_t lines = fuzz_lines(bytes);
    for (size_t i = 0; i < page->row_count; i++) {
        fuzz_check(page->rows[i].line >= 1 && page->rows[i].line <= lines, "a row on line %u of %u",
                   page->rows[i].line, lines);
        fuzz_check(page->rows[i].text.len && page->rows[i].addressee_count,
                   "the row on line %u has no text or no addressee", page->rows[i].line);
    }
    for (size_t i = 0; i < page->unplaced_count; i++)
        fuzz_check(page->unplaced[i].line >= 1 && page->unplaced[i].line <= lines &&
                       page->unplaced[i].why,
                   "unplaced on line %u of %u", page->unplaced[i].line, lines);
    for (size_t i = 0; i < page->leftover_count; i++)
        fuzz_check(page->leftover[i].line >= 1 && page->leftover[i].line <= lines &&
                       page->leftover[i].why,
                   "left over on line %u of %u", page->leftover[i].line, lines);
}

struct piece {
    unsigned line;
    size_t order;
    struct dhr_str text;
};

struct pieces {
    struct piece *items;
    size_t count, capacity;
};

static void add_piece(struct pieces *pieces, unsigned line, struct dhr_str text)
{
    size_t order = pieces->count;
    *DHR_PUSH(pieces->items, pieces->count, pieces->capacity) = (struct piece){line, order, text};
}

static int by_place(const void *a, const void *b)
{
    const struct piece *x = a;
    const struct piece *y = b;
    int order = (x->line > y->line) - (x->line < y->line);
    return order ? order : (x->order > y->order) - (x->order < y->order);
}

/* What can be seen of all rows and unplaced lines, in the page's order. */
static void add_placed(struct dhr_buf *out, const struct dhr_page *page)
{
    struct pieces pieces = {0};
    for (size_t i = 0; i < page->row_count; i++) {
        const struct dhr_page_row *row = &page->rows[i];
        add_piece(&pieces, row->line, row->number);
        add_piece(&pieces, row->line, row->text);
        for (size_t a = 0; a < row->addressee_count; a++)
            add_piece(&pieces, row->line, row->addressees[a]);
    }
    for (size_t i = 0; i < page->unplaced_count; i++)
        add_piece(&pieces, page->unplaced[i].line, page->unplaced[i].text);
    if (pieces.count)
        qsort(pieces.items, pieces.count, sizeof(*pieces.items), by_place);
    for (size_t i = 0; i < pieces.count; i++)
        fuzz_add_visible(out, pieces.items[i].text, '|');
    free(pieces.items);
}

/* Splitting flat lines keeps every character of them. */
static void split(struct dhr_page *page, struct dhr_arena *arena)
{
    static const struct dhr_str names[] = {{"Kent Police", 11}, {"Home Office", 11}};
    struct dhr_buf before = {0};
    struct dhr_buf after = {0};
    bool flat_alone = page->row_count == 0 && page->unplaced_count == 0;
    for (size_t i = 0; i < page->flat_count; i++)
        fuzz_add_visible(&before, page->flat[i].text, '|');
    dhr_page_split(page, fuzz_ledger(), names, sizeof(names) / sizeof(names[0]), arena);
    add_placed(&after, page);
    if (flat_alone)
        fuzz_check(dhr_str_eq(dhr_buf_str(&before), dhr_buf_str(&after)),
                   "the flat lines\n%s\nbecame\n%s", dhr_buf_cstr(&before), dhr_buf_cstr(&after));
    dhr_buf_release(&before);
    dhr_buf_release(&after);
}

static void add_record(struct dhr_records *to, const struct dhr_record *record, size_t most,
                       struct dhr_arena *arena)
{
    if (!to->items)
        to->items = dhr_arena_alloc(arena, most * sizeof(*to->items));
    to->items[to->count++] = record;
}

static int by_id(const void *a, const void *b)
{
    const struct dhr_record *const *x = a;
    const struct dhr_record *const *y = b;
    return dhr_id_cmp((*x)->id, (*y)->id);
}

static void sort(struct dhr_records *records)
{
    if (records->count)
        qsort(records->items, records->count, sizeof(*records->items), by_id);
}

/* The fixture's ledger and the records that were made. */
static void extend_ledger(struct dhr_ledger *all, const struct dhr_import *import,
                          struct dhr_arena *arena)
{
    const struct dhr_ledger *ledger = fuzz_ledger();
    size_t most = import->file_count + ledger->recommendations.count + ledger->agencies.count;
    for (size_t i = 0; i < ledger->reviews.count; i++)
        add_record(&all->reviews, ledger->reviews.items[i], most, arena);
    for (size_t i = 0; i < ledger->agencies.count; i++)
        add_record(&all->agencies, ledger->agencies.items[i], most, arena);
    for (size_t i = 0; i < ledger->recommendations.count; i++)
        add_record(&all->recommendations, ledger->recommendations.items[i], most, arena);
    for (size_t i = 0; i < import->file_count; i++) {
        const struct dhr_record *record =
            fuzz_read_made(arena, import->files[i].path, import->files[i].bytes);
        add_record(record->kind == DHR_RECORD_REVIEW   ? &all->reviews
                   : record->kind == DHR_RECORD_AGENCY ? &all->agencies
                                                       : &all->recommendations,
                   record, most, arena);
    }
    sort(&all->reviews);
    sort(&all->agencies);
    sort(&all->recommendations);
    for (size_t i = 1; i < all->recommendations.count; i++)
        fuzz_check(
            !dhr_str_eq(all->recommendations.items[i - 1]->id, all->recommendations.items[i]->id),
            "%s is made twice", all->recommendations.items[i]->path);
    dhr_ledger_note_places(all);
}

/* As many records as rows; their texts are as long, and as many are addressed. */
static void check_rows(const struct dhr_page *page, const struct dhr_import_result *result,
                       const struct dhr_ledger *all, struct dhr_arena *arena)
{
    enum { ADDRESSEE = 1000003 }; /* more than all the bytes of the texts */
    struct dhr_records made = dhr_ledger_of_review(all, result->review);
    fuzz_check(result->recommendations == page->row_count && made.count == page->row_count,
               "%zu rows, %zu records", page->row_count, made.count);
    size_t row_sum = 0;
    size_t made_sum = 0;
    for (size_t i = 0; i < page->row_count; i++) {
        struct dhr_str text = dhr_ini_normal(arena, page->rows[i].text);
        row_sum += text.len + page->rows[i].addressee_count * ADDRESSEE;
    }
    for (size_t i = 0; i < made.count; i++) {
        const struct dhr_section *own =
            dhr_record_section(made.items[i], DHR_SECTION_RECOMMENDATION);
        const struct dhr_field *f = NULL;
        made_sum += dhr_section_value(own, DHR_KEY_RECOMMENDATION_TEXT).len;
        while ((f = dhr_section_next(own, DHR_KEY_RECOMMENDATION_ADDRESSED_TO, f)))
            made_sum += ADDRESSEE;
    }
    fuzz_check(row_sum == made_sum, "texts or addressees differ from the page's");
}

static void check_again(const struct dhr_page *page, const struct dhr_ledger *all,
                        struct dhr_str review, struct dhr_arena *arena)
{
    struct dhr_import import = {0};
    struct dhr_import_result result = {0};
    struct dhr_err err = {0};
    dhr_import_begin(&import, all, arena);
    fuzz_check(dhr_import_page(&import, page, NULL, &result, &err) == 0, "again: %s", err.text);
    fuzz_check(result.outcome == DHR_IMPORT_SAME && dhr_str_eq(result.review, review) &&
                   import.file_count == 0,
               "again, the page of %.*s is %s of %.*s: %s", DHR_ARG(review),
               result.outcome == DHR_IMPORT_NEW ? "new" : "a change", DHR_ARG(result.review),
               result.change_count ? result.changes[0].text : "");
    dhr_import_result_release(&result);
    dhr_import_release(&import);
}

static void plan(const struct dhr_page *page, struct dhr_arena *arena)
{
    struct dhr_import import = {0};
    struct dhr_import_result result = {0};
    struct dhr_err err = {0};
    struct dhr_ledger all = {0};
    struct dhr_buf message = {0};
    dhr_import_begin(&import, fuzz_ledger(), arena);
    int rc = dhr_import_page(&import, page, NULL, &result, &err);
    dhr_import_finish(&import);
    if (rc < 0) {
        fuzz_check(err.status == DHR_FOUND && !import.file_count, "refused, but %zu files",
                   import.file_count);
        fuzz_check_utf8(dhr_str_of(err.text), "the sentence");
    } else if (result.outcome == DHR_IMPORT_NEW) {
        dhr_import_add_message(&message, &import, NULL);
        fuzz_check_utf8(dhr_buf_str(&message), "the message");
        extend_ledger(&all, &import, arena);
        check_rows(page, &result, &all, arena);
        check_again(page, &all, result.review, arena);
    }
    for (size_t i = 0; i < result.note_count; i++)
        fuzz_check_utf8(dhr_str_of(result.notes[i]), "a note");
    dhr_ledger_forget_places(&all);
    dhr_buf_release(&message);
    dhr_import_result_release(&result);
    dhr_import_release(&import);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dhr_arena arena = {0};
    struct dhr_page page;
    struct dhr_err err = {0};
    struct dhr_str bytes = fuzz_text(&arena, data, size);
    (void)fuzz_ledger();
    if (dhr_page_check("page.txt", bytes, &err) == 0) {
        dhr_page_parse(&page, bytes, &arena);
        split(&page, &arena);
        check_lines(&page, bytes);
        plan(&page, &arena);
    }
    dhr_arena_release(&arena);
    return 0;
}
