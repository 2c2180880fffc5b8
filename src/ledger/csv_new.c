/*
 * Rows that match nothing become new records. They are planned first as they are
 * printed, in a ledger beside the real one; from there on their rows are read as
 * those of any other record are.
 */
#include <stdlib.h>
#include <string.h>

#include "csv_internal.h"
#include "dhrledger/check.h"

struct making {
    struct csv_work *w;
    struct csv_drafts drafts;
    struct dhr_ledger *ledger; /* the one beside */
    size_t nameless;           /* reviews of which the file doesn't say the partnership */
};

static const struct dhr_record *parse(struct csv_work *w, enum dhr_record_kind kind,
                                      const char *path, struct dhr_str bytes)
{
    struct dhr_ini ini = {0};
    struct dhr_findings findings = {0};
    dhr_ini_parse(&ini, kind, path, bytes, &findings);
    const struct dhr_record *record = dhr_ini_record(&ini, w->arena, &findings);
    dhr_ini_release(&ini);
    dhr_findings_release(&findings);
    return record;
}

static struct dhr_str keep(struct csv_work *w, struct dhr_buf *bytes)
{
    struct dhr_str copy = {dhr_arena_dup(w->arena, dhr_buf_cstr(bytes), bytes->len), bytes->len};
    dhr_buf_release(bytes);
    return copy;
}

static void add_made(struct csv_work *w, const struct dhr_record *record, struct dhr_str bytes)
{
    struct dhr_csv_import *import = w->import;
    *DHR_PUSH(import->made, import->made_count, import->made_capacity) = (struct dhr_csv_made){
        .kind = record->kind, .id = record->id, .path = record->path, .bytes = bytes};
}

static bool has_fact(const struct csv_draft_review *review, enum dhr_key_id key)
{
    for (size_t i = 0; i < review->pair_count; i++) {
        if (review->pairs[i].key == key)
            return true;
    }
    return false;
}

static void add_fact(struct csv_draft_review *review, enum dhr_key_id key, struct dhr_str value)
{
    if (!has_fact(review, key))
        *DHR_PUSH(review->pairs, review->pair_count, review->pair_capacity) =
            (struct dhr_ini_pair){key, value};
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* What a review must have and the file doesn't say: its id stands for that, and is told. */
static const struct dhr_record *make_review(struct making *m, struct csv_draft_review *review)
{
    struct csv_work *w = m->w;
    struct dhr_buf bytes = {0};
    struct dhr_str name = review->id;
    m->nameless += !has_fact(review, DHR_KEY_REVIEW_CSP);
    for (size_t i = 0; i < review->pair_count; i++) {
        if (review->pairs[i].key == DHR_KEY_REVIEW_CSP)
            name = review->pairs[i].value;
    }
    add_fact(review, DHR_KEY_REVIEW_TITLE, name);
    add_fact(review, DHR_KEY_REVIEW_CSP, name);
    add_fact(review, DHR_KEY_REVIEW_SOURCE, dhr_str_of(base_name(w->options->name)));
    dhr_ini_add_section(&bytes, DHR_SECTION_REVIEW, (struct dhr_str){NULL, 0}, 0, review->pairs,
                        review->pair_count);
    const char *path = dhr_arena_printf(w->arena, "reviews/%.*s/review.ini", DHR_ARG(review->id));
    struct dhr_str kept = keep(w, &bytes);
    const struct dhr_record *record = parse(w, DHR_RECORD_REVIEW, path, kept);
    add_made(w, record, kept);
    w->import->new_reviews++;
    return record;
}

static void add_recommendation(struct csv_work *w, struct dhr_buf *bytes,
                               const struct csv_draft *draft)
{
    size_t count = 0;
    struct dhr_ini_pair *pairs =
        dhr_arena_alloc(w->arena, (draft->addressees.count + 3) * sizeof(*pairs));
    pairs[count++] = (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_NUMBER, draft->number};
    pairs[count++] = (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_ORDER, draft->order};
    pairs[count++] = (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_TEXT, draft->text};
    for (size_t i = 0; i < draft->addressees.count; i++)
        pairs[count++] =
            (struct dhr_ini_pair){DHR_KEY_RECOMMENDATION_ADDRESSED_TO, draft->addressees.items[i]};
    dhr_ini_add_section(bytes, DHR_SECTION_RECOMMENDATION, (struct dhr_str){NULL, 0}, 0, pairs,
                        count);
}

static void add_sections(struct dhr_buf *bytes, const struct csv_draft *draft)
{
    const struct dhr_ini_pair open = {DHR_KEY_ADDRESSEE_STATUS, dhr_str_of("open")};
    for (size_t i = 0; i < draft->holders.count; i++)
        dhr_ini_add_section(bytes, DHR_SECTION_ADDRESSEE, draft->holders.items[i], 0, &open, 1);
    for (size_t i = 0; i < draft->action_count; i++) {
        const struct csv_draft_action *action = &draft->actions[i];
        const struct dhr_ini_pair pairs[] = {{DHR_KEY_ACTION_ACTION, action->text},
                                             {DHR_KEY_ACTION_STATUS, dhr_str_of("open")}};
        dhr_ini_add_section(bytes, DHR_SECTION_ACTION, action->holder, action->number, pairs, 2);
    }
}

static void make_recommendation(struct making *m, const struct csv_draft_review *review,
                                const struct csv_draft *draft)
{
    struct csv_work *w = m->w;
    struct dhr_buf bytes = {0};
    add_recommendation(w, &bytes, draft);
    add_sections(&bytes, draft);
    struct csv_fresh *fresh = &w->fresh[w->fresh_count++];
    *fresh = (struct csv_fresh){.line = draft->line, .bytes = keep(w, &bytes)};
    fresh->record = parse(w, DHR_RECORD_RECOMMENDATION,
                          dhr_arena_printf(w->arena, "reviews/%.*s/%.*s.ini", DHR_ARG(review->id),
                                           DHR_ARG(draft->name)),
                          fresh->bytes);
}

static int by_id(const void *a, const void *b)
{
    const struct dhr_record *const *x = a;
    const struct dhr_record *const *y = b;
    return dhr_id_cmp((*x)->id, (*y)->id);
}

/* A list with more records in it, in the order that a ledger keeps. */
static struct dhr_records extended(struct csv_work *w, struct dhr_records list, size_t more)
{
    struct dhr_records longer = {
        dhr_arena_alloc(w->arena, (list.count + more + 1) * sizeof(struct dhr_record *)),
        list.count};
    if (list.count)
        memcpy(longer.items, list.items, list.count * sizeof(struct dhr_record *));
    return longer;
}

static void sort(struct dhr_records list)
{
    if (list.count)
        qsort(list.items, list.count, sizeof(struct dhr_record *), by_id);
}

static void make_agencies(struct making *m)
{
    struct csv_work *w = m->w;
    const struct import_agencies *agencies = &m->drafts.agencies;
    m->ledger->agencies = extended(w, m->ledger->agencies, agencies->made_count);
    for (size_t i = 0; i < agencies->made_count; i++) {
        const struct import_agency *made = &agencies->made[i];
        const struct dhr_record *record = parse(w, DHR_RECORD_AGENCY, made->path, made->bytes);
        add_made(w, record, made->bytes);
        m->ledger->agencies.items[m->ledger->agencies.count++] = record;
    }
    sort(m->ledger->agencies);
}

/* A draft whose rows were all refused has no words. */
static bool is_whole(const struct csv_draft *draft)
{
    return draft->text.len && draft->holders.count;
}

static size_t count_whole(const struct csv_draft_review *review)
{
    size_t count = 0;
    for (size_t i = 0; i < review->draft_count; i++)
        count += is_whole(&review->drafts[i]);
    return count;
}

static int by_fresh_id(const void *a, const void *b)
{
    const struct csv_fresh *x = a;
    const struct csv_fresh *y = b;
    return dhr_id_cmp(x->record->id, y->record->id);
}

static void make_reviews(struct making *m)
{
    struct csv_work *w = m->w;
    struct csv_drafts *drafts = &m->drafts;
    size_t count = 0;
    for (size_t i = 0; i < drafts->review_count; i++)
        count += count_whole(&drafts->reviews[i]);
    w->fresh = dhr_arena_alloc(w->arena, (count + 1) * sizeof(*w->fresh));
    m->ledger->reviews = extended(w, m->ledger->reviews, drafts->review_count);
    for (size_t i = 0; i < drafts->review_count; i++) {
        struct csv_draft_review *review = &drafts->reviews[i];
        if (!review->known && count_whole(review))
            m->ledger->reviews.items[m->ledger->reviews.count++] = make_review(m, review);
        for (size_t j = 0; j < review->draft_count; j++) {
            if (is_whole(&review->drafts[j]))
                make_recommendation(m, review, &review->drafts[j]);
        }
    }
    sort(m->ledger->reviews);
    if (count)
        qsort(w->fresh, count, sizeof(*w->fresh), by_fresh_id);
    m->ledger->recommendations = extended(w, m->ledger->recommendations, count);
    for (size_t i = 0; i < count; i++)
        m->ledger->recommendations.items[m->ledger->recommendations.count++] = w->fresh[i].record;
    sort(m->ledger->recommendations);
    w->import->new_recommendations = count;
}

struct csv_fresh *csv_find_fresh(const struct csv_work *w, struct dhr_str id)
{
    size_t low = 0;
    size_t high = w->fresh_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (dhr_id_cmp(w->fresh[middle].record->id, id) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < w->fresh_count && dhr_str_eq(w->fresh[low].record->id, id);
    return found ? &w->fresh[low] : NULL;
}

/* Rows of one recommendation mostly stand together. */
static void note_rows(struct csv_work *w)
{
    const struct csv_fresh *fresh = NULL;
    for (size_t r = 0; r < w->csv->row_count; r++) {
        struct csv_fresh_row *row = &w->fresh_rows[r];
        if (row->id.len && !(fresh && dhr_str_eq(fresh->record->id, row->id)))
            fresh = csv_find_fresh(w, row->id);
        row->record = row->id.len && fresh ? fresh->record : NULL;
    }
}

static void say(void *user, const char *sentence)
{
    struct csv_work *w = user;
    csv_note(w, 0, "%s", sentence);
}

static void note_reviews(const struct making *m)
{
    struct csv_work *w = m->w;
    size_t count = w->import->new_reviews;
    if (m->nameless)
        csv_note(w, 0,
                 "the file doesn't name the partnership of %zu new review%s, so the id stands in "
                 "its place; set it by hand (dhrledger set REVIEW csp=\"…\" title=\"…\" -m WHY)",
                 m->nameless, m->nameless == 1 ? "" : "s");
    if (count)
        csv_note(w, 0, "the source of %zu new review%s is the file's name", count,
                 count == 1 ? "" : "s");
}

static void release(struct making *m)
{
    for (size_t i = 0; i < m->drafts.review_count; i++) {
        struct csv_draft_review *review = &m->drafts.reviews[i];
        for (size_t j = 0; j < review->draft_count; j++)
            free(review->drafts[j].actions);
        free(review->drafts);
        free(review->pairs);
    }
    free(m->drafts.reviews);
    import_agencies_release(&m->drafts.agencies);
}

int csv_make_new(struct csv_work *w)
{
    struct making m = {.w = w, .drafts = {.w = w}};
    struct dhr_csv_options *options = dhr_arena_alloc(w->arena, sizeof(*options));
    m.ledger = dhr_arena_alloc(w->arena, sizeof(*m.ledger));
    *m.ledger = *w->options->ledger;
    m.ledger->review_places = m.ledger->agency_places = m.ledger->first_places =
        (struct dhr_map){0};
    w->beside = m.ledger;
    import_agencies_open(&m.drafts.agencies, w->options->ledger, w->arena);
    w->fresh_rows = dhr_arena_zalloc(w->arena, (w->csv->row_count + 1) * sizeof(*w->fresh_rows));
    int rc = w->own ? csv_draft_own(&m.drafts) : csv_draft_plan(&m.drafts);
    if (rc == 0) {
        make_agencies(&m);
        make_reviews(&m);
        dhr_ledger_note_places(m.ledger);
        *options = *w->options;
        options->ledger = m.ledger;
        w->options = options;
        note_rows(w);
        import_agencies_note(&m.drafts.agencies, say, w);
        import_agencies_note_rest(&m.drafts.agencies, say, w);
        note_reviews(&m);
    }
    release(&m);
    return rc;
}
