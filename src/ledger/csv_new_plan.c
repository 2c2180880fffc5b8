/* New records from somebody's plan or list: numbers, words and names of agencies. */
#include <string.h>

#include "csv_internal.h"
#include "dhrledger/ident.h"

struct plan_reading {
    struct csv_drafts *drafts;
    struct csv_matcher *matcher;
    struct csv_draft *draft; /* of the row above, where that is a new one */
    struct dhr_str id;       /* its id */
    size_t agency;           /* column */
};

static bool is_agency(void *user, struct dhr_str name)
{
    const struct csv_drafts *drafts = user;
    return dhr_agency_index_find(&drafts->agencies.index, name).len > 0 ||
           dhr_ledger_agency(drafts->w->options->ledger, name);
}

static void refuse(struct plan_reading *p, size_t row, const char *why)
{
    struct csv_work *w = p->drafts->w;
    csv_problem(w, w->csv->rows[row].line, "%s", why);
    w->fresh_rows[row].refused = true;
}

/* Known agencies are fitted and others made, unless it isn't plain where a name ends. */
static bool take_agencies(struct plan_reading *p, struct csv_draft *draft, size_t row)
{
    struct csv_drafts *drafts = p->drafts;
    struct csv_work *w = drafts->w;
    size_t count = 0;
    const struct csv_agency_name *names =
        csv_split_agencies(w, csv_text(w, row, p->agency), is_agency, drafts, &count);
    for (size_t i = 0; i < count; i++) {
        if (!names[i].beside_known)
            continue;
        refuse(p, row,
               dhr_arena_printf(w->arena,
                                "no agency is called \"%s\", which stands beside others that are "
                                "known; give each a line of its own in the cell",
                                csv_shown(w, names[i].name)));
        return false;
    }
    for (size_t i = 0; i < count; i++) {
        struct dhr_str name = names[i].name;
        struct dhr_str id = dhr_ledger_agency(w->options->ledger, name)
                                ? name
                                : import_agency_of(&drafts->agencies, name);
        csv_draft_address(w, draft, name);
        csv_draft_hold(w, draft, id);
    }
    return true;
}

static bool is_recorded(struct csv_work *w, struct dhr_str review, const char *name)
{
    const char *id = dhr_arena_printf(w->arena, "%.*s/%s", DHR_ARG(review), name);
    return dhr_ledger_recommendation(w->options->ledger, dhr_str_of(id));
}

/* A name that nobody has yet in the review: "4", "4-2" for a repeat, u1 without a number. */
static struct dhr_str free_name(struct plan_reading *p, struct csv_draft_review *review,
                                struct dhr_str number, bool *moved)
{
    enum { SUFFIX_BYTES = 8 };
    struct csv_work *w = p->drafts->w;
    const char *name = dhr_ident_number(w->arena, number);
    bool unnumbered = !name || dhr_ident_reserved(dhr_str_of(name));
    struct csv_draft *first = unnumbered ? NULL : csv_draft_named(review, dhr_str_of(name));
    unsigned none = 0;
    unsigned *last = unnumbered ? &review->unnumbered : first ? &first->repeats : &none;
    *moved = unnumbered || first || is_recorded(w, review->id, name);
    if (!*moved)
        return dhr_str_of(name);
    const char *stem = unnumbered ? "u" : name;
    if (strlen(stem) > DHR_NUMBER_MAX_BYTES - SUFFIX_BYTES)
        stem = dhr_arena_dup(w->arena, stem, DHR_NUMBER_MAX_BYTES - SUFFIX_BYTES);
    do {
        ++*last;
        name = dhr_arena_printf(w->arena, unnumbered ? "%s%u" : "%s-%u", stem,
                                unnumbered ? *last : *last + 1);
    } while (csv_draft_named(review, dhr_str_of(name)) || is_recorded(w, review->id, name));
    return dhr_str_of(name);
}

/* A draft that an earlier row began: the same words, or the same number where one has none. */
static struct csv_draft *same_draft(struct csv_work *w, const struct csv_draft_review *review,
                                    const struct csv_named *named)
{
    struct dhr_str folded = csv_folded(w, named->text);
    for (size_t i = review->draft_count; i > 0; i--) {
        struct csv_draft *draft = &review->drafts[i - 1];
        bool words = dhr_str_eq(draft->folded, folded);
        bool number = dhr_str_eq(draft->number, named->number);
        if ((number || !named->number.len) && (words || (number && !folded.len)) &&
            (folded.len || named->number.len))
            return draft;
    }
    return NULL;
}

/* What keeps a row from becoming a new recommendation; NULL: nothing. */
static const char *objection(struct plan_reading *p, size_t row, const struct csv_named *named)
{
    struct csv_work *w = p->drafts->w;
    if (named->id.len && (!dhr_ident_recommendation_ok(named->id) ||
                          dhr_ident_reserved(named->review) || dhr_ident_reserved(named->number)))
        return dhr_arena_printf(w->arena, "\"%s\" is no id that a recommendation can have",
                                csv_shown(w, named->id));
    if (!named->review.len || dhr_ident_reserved(named->review))
        return "the row doesn't say of which review it is: an id, or a partnership and a year of "
               "death as YYYY";
    if (!named->text.len)
        return dhr_arena_printf(w->arena, "\"%s\": a new recommendation needs its words",
                                csv_shown(w, named->number));
    const struct dhr_record *same = named->worded;
    if (same)
        return dhr_arena_printf(
            w->arena,
            "\"%s\": not in the ledger, and its words are those of %.*s (%s); correct the number, "
            "or make it with \"dhrledger new recommendation\" if it is another one",
            csv_shown(w, named->number), DHR_ARG(same->id), same->path);
    size_t last = 0;
    if (!csv_text(w, row, p->agency).len && csv_filled(w, row, &last) == 1)
        return dhr_arena_printf(
            w->arena,
            "\"%s\": alone in its row; if it is a heading, remove the row, and "
            "if a recommendation, name its agency in the column \"Lead agency\"",
            csv_shown(w, named->text));
    if (!csv_text(w, row, p->agency).len)
        return dhr_arena_printf(w->arena,
                                "\"%s\": a new recommendation needs an agency that it is addressed "
                                "to; name it in the column \"Lead agency\"",
                                csv_shown(w, named->number.len ? named->number : named->text));
    return NULL;
}

static struct csv_draft *begin(struct plan_reading *p, struct csv_draft_review *review, size_t row,
                               const struct csv_named *named)
{
    struct csv_work *w = p->drafts->w;
    uint32_t line = w->csv->rows[row].line;
    bool moved = false;
    struct dhr_str name = free_name(p, review, named->number, &moved);
    const struct csv_draft *other =
        named->number.len && moved ? csv_draft_named(review, named->number) : NULL;
    if (other)
        csv_note(w, line,
                 "the number \"%s\" stands on line %u too, with other words; it becomes %.*s",
                 csv_shown(w, named->number), other->line, DHR_ARG(name));
    struct csv_draft *draft = csv_draft_add(review, name, line);
    draft->number = named->number;
    draft->text = named->text;
    draft->folded = csv_folded(w, named->text);
    if (moved)
        draft->order = dhr_str_of(dhr_arena_printf(
            w->arena, "%zu",
            dhr_ledger_of_review(w->options->ledger, review->id).count + review->draft_count));
    return draft;
}

static void take_new(struct plan_reading *p, size_t row, struct csv_named *named)
{
    struct csv_work *w = p->drafts->w;
    struct dhr_str number = named->id;
    struct dhr_str folder;
    p->draft = NULL;
    if (!named->number.len && dhr_str_split(&number, '/', &folder) && number.ptr)
        named->number = number;
    if (!named->number.len)
        named->number = csv_take_number(&named->text);
    struct csv_draft_review *review =
        named->review.len ? csv_draft_review(p->drafts, named->review, w->csv->rows[row].line)
                          : NULL;
    struct csv_draft *draft = review ? same_draft(w, review, named) : NULL;
    const char *why = csv_row_fault(w, row);
    if (!why && !draft)
        why = objection(p, row, named);
    if (why)
        refuse(p, row, why);
    if (why || !review)
        return;
    if (!draft)
        draft = begin(p, review, row, named);
    csv_draft_facts(p->drafts, review, row);
    if (!take_agencies(p, draft, row))
        return;
    p->draft = draft;
    p->id = dhr_str_of(
        dhr_arena_printf(w->arena, "%.*s/%.*s", DHR_ARG(review->id), DHR_ARG(draft->name)));
    w->fresh_rows[row].id = p->id;
}

static void take_row(struct plan_reading *p, size_t row)
{
    struct csv_named named;
    struct csv_work *w = p->drafts->w;
    if (csv_continues(p->matcher, row)) {
        const char *why = p->draft ? csv_row_fault(w, row) : NULL;
        if (why)
            refuse(p, row, why);
        else if (p->draft && csv_text(w, row, p->agency).len)
            (void)take_agencies(p, p->draft, row);
        return;
    }
    csv_name_row(p->matcher, row, &named);
    bool known = named.numbered || (named.worded && !named.number.len);
    if (!known)
        take_new(p, row, &named);
    else
        p->draft = NULL;
}

int csv_draft_plan(struct csv_drafts *drafts)
{
    struct csv_work *w = drafts->w;
    struct plan_reading p = {.drafts = drafts, .agency = csv_column(w, COLUMN_AGENCY)};
    int rc = csv_matcher_open(w, &p.matcher);
    if (p.agency == w->column_count)
        p.agency = csv_column(w, COLUMN_AGENCY_ID);
    for (size_t r = w->heading_row + 1; rc == 0 && r < w->csv->row_count; r++) {
        if (w->csv->rows[r].cell_count <= w->column_count && !csv_is_divider(w, r, false))
            take_row(&p, r);
    }
    csv_matcher_free(p.matcher);
    return rc;
}
