#include "dhrledger/parallel.h"

#include <pthread.h>
#include <unistd.h>

bool dhr_items_take(struct dhr_items *items, size_t most, size_t *first, size_t *end)
{
    *first = atomic_fetch_add(&items->next, most);
    *end = *first + most < items->count ? *first + most : items->count;
    return *first < *end;
}

size_t dhr_thread_count(size_t useful)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = processors < 1 ? 1 : (size_t)processors;
    most = most > DHR_MAX_THREADS ? DHR_MAX_THREADS : most;
    return useful < 1 ? 1 : useful < most ? useful : most;
}

struct start {
    void (*run)(void *worker);
    void *worker;
    pthread_t thread;
    bool started;
};

static void *run_start(void *user)
{
    const struct start *start = user;
    start->run(start->worker);
    return NULL;
}

void dhr_run_workers(void *workers, size_t count, size_t worker_bytes, void (*run)(void *worker))
{
    struct start starts[DHR_MAX_THREADS];
    for (size_t i = 0; i < count; i++) {
        starts[i] = (struct start){.run = run, .worker = (char *)workers + i * worker_bytes};
        starts[i].started =
            i > 0 && pthread_create(&starts[i].thread, NULL, run_start, &starts[i]) == 0;
    }
    for (size_t i = 0; i < count; i++) {
        if (!starts[i].started)
            run(starts[i].worker);
    }
    for (size_t i = 0; i < count; i++) {
        if (starts[i].started)
            (void)pthread_join(starts[i].thread, NULL);
    }
}
