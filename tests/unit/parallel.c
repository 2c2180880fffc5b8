#include "dhrledger/parallel.h"

#include <criterion/criterion.h>

enum { ITEMS = 1000 };

struct worker {
    struct dhr_items *items;
    atomic_int *taken; /* how often each item was */
    size_t chunk;
    bool ran;
};

static void take_all(void *user)
{
    struct worker *w = user;
    size_t first = 0;
    size_t end = 0;
    w->ran = true;
    while (dhr_items_take(w->items, w->chunk, &first, &end)) {
        cr_assert(end - first <= w->chunk, "%zu items at once", end - first);
        for (; first < end; first++)
            atomic_fetch_add(&w->taken[first], 1);
    }
}

static void share_out(size_t threads, size_t chunk)
{
    atomic_int taken[ITEMS + 1] = {0};
    struct dhr_items items = {.count = ITEMS};
    struct worker workers[DHR_MAX_THREADS] = {0};
    for (size_t i = 0; i < threads; i++)
        workers[i] = (struct worker){.items = &items, .taken = taken, .chunk = chunk};
    dhr_run_workers(workers, threads, sizeof(*workers), take_all);
    for (size_t i = 0; i < threads; i++)
        cr_assert(workers[i].ran, "worker %zu of %zu didn't run", i, threads);
    for (size_t i = 0; i < ITEMS; i++)
        cr_assert_eq(atomic_load(&taken[i]), 1, "item %zu", i);
    cr_assert_eq(atomic_load(&taken[ITEMS]), 0, "one behind the last");
}

Test(parallel, each_item_is_taken_once)
{
    share_out(1, 1);
    share_out(DHR_MAX_THREADS, 1);
    share_out(DHR_MAX_THREADS, 7);
    share_out(2, ITEMS + 5);
}

Test(parallel, nothing_to_take)
{
    struct dhr_items items = {0};
    size_t first = 0;
    size_t end = 0;
    cr_assert(!dhr_items_take(&items, 4, &first, &end));
}

Test(parallel, threads_are_few)
{
    cr_assert_eq(dhr_thread_count(0), 1);
    cr_assert_eq(dhr_thread_count(1), 1);
    cr_assert(dhr_thread_count(1000000) >= 1 && dhr_thread_count(1000000) <= DHR_MAX_THREADS);
}
