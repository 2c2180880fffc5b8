/*
 * The same work on several threads, each taking the next few items.
 *
 *     struct dhr_items items = {.count = count};           // shared
 *     struct worker workers[DHR_MAX_THREADS] = {…};        // each thread's own
 *     size_t threads = dhr_thread_count(count / 200 + 1);
 *     dhr_run_workers(workers, threads, sizeof(*workers), run);
 *
 *     static void run(void *user)
 *     {
 *         size_t first, end;
 *         while (dhr_items_take(&items, 16, &first, &end))
 *             …
 *     }
 */
#ifndef DHRLEDGER_PARALLEL_H
#define DHRLEDGER_PARALLEL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { DHR_MAX_THREADS = 8 };

struct dhr_items {
    size_t count;
    atomic_size_t next;
};

/* Up to `most` items that nobody else takes; false when none are left. */
bool dhr_items_take(struct dhr_items *items, size_t most, size_t *first, size_t *end);

/* At least 1, at most one for each processor, and no more than are useful. */
size_t dhr_thread_count(size_t useful);

/*
 * Run run(&workers[i]) for each worker, and return when all have. This thread is
 * the first worker; one whose thread can't be started is run by this thread after
 * its own, which finds nothing left to take.
 */
void dhr_run_workers(void *workers, size_t count, size_t worker_bytes, void (*run)(void *worker));

#endif
