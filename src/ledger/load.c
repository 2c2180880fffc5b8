#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/ledger.h"

enum { MAX_THREADS = 8, CHUNK = 16, ENTRIES_WORTH_A_THREAD = 200, DEFAULT_DUE_SOON_DAYS = 30 };

/* What the threads share: the entries, the next one to take, and a slot for each record. */
struct work {
    struct dhr_source *source;
    const struct dhr_entry *entries;
    size_t count;
    atomic_size_t next;
    struct dhr_record **records; /* by entry; NULL where there is no record */
};

/* What a thread has of its own. */
struct worker {
    struct work *work;
    pthread_t thread;
    struct dhr_arena arena;
    struct dhr_findings findings;
    struct dhr_err err;
    int rc;
};

static struct dhr_record *read_record(struct worker *w, struct dhr_reader *reader,
                                      struct dhr_ini *ini, const struct dhr_entry *entry)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    if (entry->kind != DHR_ENTRY_FILE || !dhr_ident_of_path(dhr_str_of(entry->path), &kind, &id))
        return NULL;
    struct dhr_err err = {0};
    struct dhr_str bytes = {NULL, 0};
    if (dhr_reader_read(reader, entry, &w->arena, &bytes, &err) < 0) {
        size_t path_len = strlen(entry->path);
        bool named = strncmp(err.text, entry->path, path_len) == 0 && err.text[path_len] == ':';
        dhr_findings_add(&w->findings,
                         err.status == DHR_FOUND ? DHR_RULE_TOO_LARGE : DHR_RULE_UNREADABLE,
                         entry->path, 0, 0, "%s", named ? err.text + path_len + 2 : err.text);
        return NULL;
    }
    dhr_ini_parse(ini, kind, entry->path, bytes, &w->findings);
    return dhr_ini_record(ini, &w->arena, &w->findings);
}

static void *run_worker(void *user)
{
    struct worker *w = user;
    struct work *work = w->work;
    struct dhr_reader *reader = NULL;
    struct dhr_ini ini = {0};
    w->rc = dhr_reader_open(&reader, work->source, &w->err);
    while (w->rc == 0) {
        size_t first = atomic_fetch_add(&work->next, CHUNK);
        size_t last = first + CHUNK < work->count ? first + CHUNK : work->count;
        if (first >= last)
            break;
        for (size_t i = first; i < last; i++)
            work->records[i] = read_record(w, reader, &ini, &work->entries[i]);
    }
    dhr_ini_release(&ini);
    dhr_reader_free(reader);
    return NULL;
}

static size_t thread_count(size_t entries)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    size_t most = processors < 1 ? 1 : (size_t)processors;
    most = most > MAX_THREADS ? MAX_THREADS : most;
    size_t useful = entries / ENTRIES_WORTH_A_THREAD + 1;
    return useful < most ? useful : most;
}

/* Read every entry; this thread works along, so a thread that can't start costs only time. */
static int read_all(struct dhr_ledger *ledger, struct work *work, struct dhr_err *err)
{
    struct worker workers[MAX_THREADS] = {0};
    size_t wanted = thread_count(work->count);
    size_t started = 1;
    workers[0].work = work;
    while (started < wanted) {
        workers[started].work = work;
        if (pthread_create(&workers[started].thread, NULL, run_worker, &workers[started]) != 0)
            break;
        started++;
    }
    (void)run_worker(&workers[0]);
    int rc = 0;
    for (size_t i = 0; i < started; i++) {
        if (i > 0)
            (void)pthread_join(workers[i].thread, NULL);
        if (workers[i].rc < 0) {
            rc = -1;
            *err = workers[i].err;
        }
        dhr_arena_take(&ledger->arena, &workers[i].arena);
        dhr_findings_take(&ledger->findings, &workers[i].findings);
    }
    return rc;
}

static int by_id(const void *a, const void *b)
{
    const struct dhr_record *const *x = a;
    const struct dhr_record *const *y = b;
    return dhr_id_cmp((*x)->id, (*y)->id);
}

static void collect(struct dhr_ledger *ledger, const struct work *work, enum dhr_record_kind kind,
                    struct dhr_records *list)
{
    list->items = dhr_arena_alloc(&ledger->arena, (work->count + 1) * sizeof(struct dhr_record *));
    for (size_t i = 0; i < work->count; i++) {
        if (work->records[i] && work->records[i]->kind == kind)
            list->items[list->count++] = work->records[i];
    }
    if (list->count)
        qsort(list->items, list->count, sizeof(struct dhr_record *), by_id);
}

static void apply_settings(struct dhr_ledger *ledger, const struct work *work)
{
    ledger->due_soon_days = DEFAULT_DUE_SOON_DAYS;
    for (size_t i = 0; i < work->count; i++) {
        if (work->records[i] && work->records[i]->kind == DHR_RECORD_SETTINGS)
            ledger->settings = work->records[i];
    }
    if (!ledger->settings)
        return;
    struct dhr_str days = dhr_section_value(
        dhr_record_section(ledger->settings, DHR_SECTION_LEDGER), DHR_KEY_LEDGER_DUE_SOON_DAYS);
    unsigned long value = 0;
    if (dhr_str_number(days, &value))
        ledger->due_soon_days = (unsigned)value;
}

const struct dhr_record *dhr_settings_read(struct dhr_source *source,
                                           const struct dhr_entry *entries, size_t count,
                                           struct dhr_arena *arena)
{
    const struct dhr_record *settings = NULL;
    struct dhr_reader *reader = NULL;
    struct dhr_ini ini = {0};
    struct dhr_findings findings = {0};
    struct dhr_err err = {0};
    struct dhr_str bytes = {NULL, 0};
    for (size_t i = 0; i < count && !settings; i++) {
        if (strcmp(entries[i].path, ".dhrledger.ini") != 0 || entries[i].kind != DHR_ENTRY_FILE)
            continue;
        if (dhr_reader_open(&reader, source, &err) < 0 ||
            dhr_reader_read(reader, &entries[i], arena, &bytes, &err) < 0)
            break;
        dhr_ini_parse(&ini, DHR_RECORD_SETTINGS, entries[i].path, bytes, &findings);
        settings = dhr_ini_record(&ini, arena, &findings);
    }
    dhr_findings_release(&findings);
    dhr_ini_release(&ini);
    dhr_reader_free(reader);
    return settings;
}

int dhr_ledger_load(struct dhr_ledger *ledger, struct dhr_source *source, struct dhr_err *err)
{
    *ledger = (struct dhr_ledger){0};
    if (dhr_source_list(source, &ledger->arena, &ledger->entries, &ledger->entry_count, err) < 0)
        return -1;
    struct work work = {.source = source, .entries = ledger->entries, .count = ledger->entry_count};
    work.records = dhr_realloc(NULL, (work.count + 1) * sizeof(struct dhr_record *));
    memset(work.records, 0, (work.count + 1) * sizeof(struct dhr_record *));
    int rc = read_all(ledger, &work, err);
    if (rc == 0) {
        collect(ledger, &work, DHR_RECORD_REVIEW, &ledger->reviews);
        collect(ledger, &work, DHR_RECORD_RECOMMENDATION, &ledger->recommendations);
        collect(ledger, &work, DHR_RECORD_AGENCY, &ledger->agencies);
        apply_settings(ledger, &work);
    }
    free(work.records);
    return rc;
}

void dhr_ledger_release(struct dhr_ledger *ledger)
{
    dhr_findings_release(&ledger->findings);
    dhr_arena_release(&ledger->arena);
    *ledger = (struct dhr_ledger){0};
}
