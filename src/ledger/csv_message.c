/* The message of a commit that a CSV makes. */
#include "dhrledger/csv_import.h"
#include "dhrledger/message.h"

/* Of more new recommendations than this, only their reviews are named. */
enum { MOST_NAMED = 200 };

static bool is_new_review(const struct dhr_csv_import *import, struct dhr_str id)
{
    for (size_t i = 0; i < import->made_count; i++) {
        if (import->made[i].kind == DHR_RECORD_REVIEW && dhr_str_eq(import->made[i].id, id))
            return true;
    }
    return false;
}

/* Of a new recommendation, its review's id; of others an empty span. */
static struct dhr_str review_of(const struct dhr_csv_made *made)
{
    struct dhr_str rest = made->id;
    struct dhr_str review = {NULL, 0};
    if (made->kind == DHR_RECORD_RECOMMENDATION)
        (void)dhr_str_split(&rest, '/', &review);
    return review;
}

/* Reviews that get new recommendations; *first is the first one's id. */
static size_t count_reviews(const struct dhr_csv_import *import, struct dhr_str *first)
{
    size_t count = 0;
    struct dhr_str last = {NULL, 0};
    for (size_t i = 0; i < import->made_count; i++) {
        struct dhr_str review = review_of(&import->made[i]);
        if (!review.len || dhr_str_eq(review, last))
            continue;
        if (!count++)
            *first = review;
        last = review;
    }
    return count;
}

static void add_subject(struct dhr_buf *out, const struct dhr_csv_import *import)
{
    struct dhr_str first = {NULL, 0};
    size_t reviews = count_reviews(import, &first);
    size_t count = import->new_recommendations;
    if (reviews == 1)
        dhr_buf_add_str(out, first);
    else
        dhr_buf_addf(out, "%zu reviews", reviews);
    dhr_buf_addf(out, ": %zu new recommendation%s", count, count == 1 ? "" : "s");
    if (import->plan_count)
        dhr_buf_addf(out, ", %zu changed", import->plan_count);
}

static void add_made(struct dhr_buf *out, const struct dhr_csv_import *import)
{
    for (size_t i = 0; i < import->made_count; i++) {
        const struct dhr_csv_made *made = &import->made[i];
        struct dhr_str review = review_of(made);
        if (review.len && import->new_recommendations > MOST_NAMED) {
            bool again = i > 0 && dhr_str_eq(review_of(made - 1), review);
            if (!again && !is_new_review(import, review))
                dhr_message_add_record(out, review);
            continue;
        }
        dhr_message_add_record(out, made->id);
        dhr_message_add_differences(out, &made->fields);
    }
}

void dhr_csv_import_add_message(struct dhr_buf *out, const struct dhr_csv_import *import,
                                const char *why)
{
    struct dhr_buf subject = {0};
    if (!import->new_recommendations) {
        dhr_plan_add_message(out, import->plans, import->plan_count, why);
        return;
    }
    add_subject(&subject, import);
    dhr_message_begin(out, dhr_buf_cstr(&subject), why);
    dhr_buf_release(&subject);
    add_made(out, import);
    for (size_t i = 0; i < import->plan_count; i++) {
        dhr_message_add_record(out, import->plans[i].id);
        dhr_message_add_differences(out, &import->plans[i].differences);
    }
}
