#include <stdlib.h>
#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/ledger.h"
#include "dhrledger/parallel.h"

enum {
    CHUNK = 4,
    FOLDERS_WORTH_A_THREAD = 10,
    DEFAULT_DUE_SOON_DAYS = 30,
    DEFAULT_STALE_DAYS = 90
};

/* One entry of the ledger's top: a folder and the records in it, or a file. */
struct place {
    struct dhr_entry *entry;
    struct dhr_record **records; /* in the order of kinds, then of ids */
    size_t record_count;
};

/* What the threads share. */
struct work {
    struct dhr_source *source;
    struct dhr_entries top;
    struct dhr_entries *within; /* what each entry of the top holds */
    struct place *places;       /* one for each of them */
    struct dhr_items items;
    bool layout;      /* is judged, too */
    dhr_look_fn look; /* may be NULL */
    void *user;
};

/* What a thread has of its own. */
struct worker {
    struct work *work;
    struct dhr_reader *reader;
    struct dhr_ini ini;
    struct dhr_arena arena;
    struct dhr_arena scratch; /* a file's bytes */
    struct dhr_findings findings;
    struct dhr_err err;
    int rc;
};

static void look_at(const struct work *work, const struct dhr_entry *entry, struct dhr_str bytes)
{
    if (work->look)
        work->look(work->user, entry->path, bytes);
}

static struct dhr_record *read_record(struct worker *w, const struct dhr_entry *entry)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    struct dhr_str id = {NULL, 0};
    const struct work *work = w->work;
    bool is_record = dhr_ident_of_path(dhr_str_of(entry->path), &kind, &id);
    struct dhr_err err = {0};
    struct dhr_str bytes = {NULL, 0};
    if (entry->kind != DHR_ENTRY_FILE || !(is_record || work->look)) {
        look_at(work, entry, bytes);
        return NULL;
    }
    dhr_arena_clear(&w->scratch);
    if (dhr_reader_read(w->reader, entry, &w->scratch, &bytes, &err) < 0) {
        look_at(work, entry, (struct dhr_str){NULL, 0});
        if (!is_record)
            return NULL; /* a stray, which is reported as such */
        size_t path_len = strlen(entry->path);
        bool named = strncmp(err.text, entry->path, path_len) == 0 && err.text[path_len] == ':';
        dhr_findings_add(&w->findings,
                         err.status == DHR_FOUND ? DHR_RULE_TOO_LARGE : DHR_RULE_UNREADABLE,
                         entry->path, 0, 0, "%s", named ? err.text + path_len + 2 : err.text);
        return NULL;
    }
    look_at(work, entry, bytes);
    if (!is_record)
        return NULL;
    if (dhr_reader_executable(w->reader))
        dhr_findings_add(&w->findings, DHR_RULE_EXECUTABLE, entry->path, 0, 0,
                         "may be run as a program; take that away with \"chmod -x\", or with \"git "
                         "update-index --chmod=-x\" where the system has no such bit");
    dhr_ini_parse(&w->ini, kind, entry->path, bytes, &w->findings);
    struct dhr_record *record = dhr_ini_record(&w->ini, &w->arena, &w->findings);
    if (work->layout)
        dhr_ini_check_layout(&w->ini, record, &w->findings);
    return record;
}

static int by_kind_and_id(const void *a, const void *b)
{
    const struct dhr_record *x = *(const struct dhr_record *const *)a;
    const struct dhr_record *y = *(const struct dhr_record *const *)b;
    return x->kind != y->kind ? (x->kind > y->kind) - (x->kind < y->kind)
                              : dhr_id_cmp(x->id, y->id);
}

static void read_place(struct worker *w, struct place *place, struct dhr_entries *within)
{
    struct dhr_entries files = {place->entry, 1};
    if (dhr_entry_holds_records(place->entry)) {
        look_at(w->work, place->entry, (struct dhr_str){NULL, 0});
        w->rc = dhr_reader_list(w->reader, place->entry, &w->arena, within, &w->err);
        if (w->rc < 0)
            return;
        files = *within;
    }
    place->records = dhr_arena_alloc(&w->arena, (files.count + 1) * sizeof(struct dhr_record *));
    for (size_t i = 0; i < files.count; i++) {
        struct dhr_record *record = read_record(w, &files.items[i]);
        if (record)
            place->records[place->record_count++] = record;
    }
    if (place->record_count)
        qsort(place->records, place->record_count, sizeof(struct dhr_record *), by_kind_and_id);
}

static void run_worker(void *user)
{
    struct worker *w = user;
    struct work *work = w->work;
    size_t first = 0;
    size_t end = 0;
    w->rc = dhr_reader_open(&w->reader, work->source, &w->err);
    while (w->rc == 0 && dhr_items_take(&work->items, CHUNK, &first, &end)) {
        for (; w->rc == 0 && first < end; first++)
            read_place(w, &work->places[first], &work->within[first]);
    }
    dhr_ini_release(&w->ini);
    dhr_arena_release(&w->scratch);
    dhr_reader_free(w->reader);
}

static int list_top(struct dhr_ledger *ledger, struct work *work, struct dhr_err *err)
{
    struct dhr_reader *reader = NULL;
    int rc = dhr_reader_open(&reader, work->source, err);
    if (rc == 0)
        rc = dhr_reader_list_top(reader, &ledger->arena, &work->top, err);
    dhr_reader_free(reader);
    if (rc < 0)
        return -1;
    size_t count = work->top.count;
    work->items.count = count;
    work->within = dhr_arena_zalloc(&ledger->arena, (count + 1) * sizeof(*work->within));
    work->places = dhr_arena_zalloc(&ledger->arena, (count + 1) * sizeof(*work->places));
    for (size_t i = 0; i < count; i++)
        work->places[i].entry = &work->top.items[i];
    return 0;
}

static int read_all(struct dhr_ledger *ledger, struct work *work, struct dhr_err *err)
{
    struct worker workers[DHR_MAX_THREADS] = {0};
    size_t count = dhr_thread_count(work->top.count / FOLDERS_WORTH_A_THREAD + 1);
    int rc = 0;
    for (size_t i = 0; i < count; i++)
        workers[i].work = work;
    dhr_run_workers(workers, count, sizeof(*workers), run_worker);
    for (size_t i = 0; i < count; i++) {
        if (workers[i].rc < 0) {
            rc = -1;
            *err = workers[i].err;
        }
        dhr_arena_take(&ledger->arena, &workers[i].arena);
        dhr_findings_take(&ledger->findings, &workers[i].findings);
    }
    return rc;
}

/* Folders of reviews have one part only, so this is the order of their records' ids. */
static int by_path_as_id(const void *a, const void *b)
{
    const struct place *x = a;
    const struct place *y = b;
    return dhr_id_cmp(dhr_str_of(x->entry->path), dhr_str_of(y->entry->path));
}

static void collect(struct dhr_ledger *ledger, const struct work *work, enum dhr_record_kind kind,
                    struct dhr_records *list)
{
    size_t most = 0;
    for (size_t i = 0; i < work->top.count; i++)
        most += work->places[i].record_count;
    list->items = dhr_arena_alloc(&ledger->arena, (most + 1) * sizeof(struct dhr_record *));
    for (size_t i = 0; i < work->top.count; i++) {
        const struct place *place = &work->places[i];
        for (size_t r = 0; r < place->record_count; r++) {
            if (place->records[r]->kind == kind)
                list->items[list->count++] = place->records[r];
        }
    }
}

static void apply_settings(struct dhr_ledger *ledger, const struct dhr_record *settings)
{
    unsigned long value = 0;
    ledger->due_soon_days = DEFAULT_DUE_SOON_DAYS;
    ledger->stale_days = DEFAULT_STALE_DAYS;
    ledger->settings = settings;
    if (!settings)
        return;
    const struct dhr_section *section = dhr_record_section(settings, DHR_SECTION_LEDGER);
    if (dhr_str_number(dhr_section_value(section, DHR_KEY_LEDGER_DUE_SOON_DAYS), &value))
        ledger->due_soon_days = (unsigned)value;
    if (dhr_str_number(dhr_section_value(section, DHR_KEY_LEDGER_STALE_DAYS), &value))
        ledger->stale_days = (unsigned)value;
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

static int load(struct dhr_ledger *ledger, struct work *work, struct dhr_err *err)
{
    struct dhr_entries all = {NULL, 0};
    struct dhr_records settings = {NULL, 0};
    *ledger = (struct dhr_ledger){0};
    if (list_top(ledger, work, err) < 0 || read_all(ledger, work, err) < 0)
        return -1;
    dhr_entries_join(&work->top, work->within, &ledger->arena, &all);
    ledger->entries = all.items;
    ledger->entry_count = all.count;
    if (work->top.count)
        qsort(work->places, work->top.count, sizeof(*work->places), by_path_as_id);
    collect(ledger, work, DHR_RECORD_REVIEW, &ledger->reviews);
    collect(ledger, work, DHR_RECORD_RECOMMENDATION, &ledger->recommendations);
    collect(ledger, work, DHR_RECORD_AGENCY, &ledger->agencies);
    dhr_ledger_note_places(ledger);
    collect(ledger, work, DHR_RECORD_SETTINGS, &settings);
    apply_settings(ledger, settings.count ? settings.items[0] : NULL);
    return 0;
}

int dhr_ledger_load(struct dhr_ledger *ledger, struct dhr_source *source, struct dhr_err *err)
{
    struct work work = {.source = source};
    return load(ledger, &work, err);
}

int dhr_ledger_load_watched(struct dhr_ledger *ledger, struct dhr_source *source, dhr_look_fn look,
                            void *user, struct dhr_err *err)
{
    struct work work = {.source = source, .layout = true, .look = look, .user = user};
    return load(ledger, &work, err);
}

/* One entry of a part, and what was read of it. */
struct wanted {
    struct dhr_entry entry;
    const struct dhr_record *record; /* NULL where it holds none */
};

/* What is read of a ledger in part; it grows while it is read. */
struct part {
    struct worker *worker;
    struct wanted *entries;
    size_t count, capacity;
    struct dhr_map known; /* the entries' paths */
};

/* The path is copied: records keep it. */
static void want(struct part *part, const struct dhr_entry *entry)
{
    if (dhr_map_find(&part->known, dhr_str_of(entry->path), NULL))
        return;
    struct dhr_entry own = *entry;
    own.path = dhr_arena_dup(&part->worker->arena, entry->path, strlen(entry->path));
    (void)dhr_map_add(&part->known, dhr_str_of(own.path), part->count);
    *DHR_PUSH(part->entries, part->count, part->capacity) = (struct wanted){own, NULL};
}

static int want_path(struct part *part, const char *path, struct dhr_err *err)
{
    struct dhr_entry entry;
    if (dhr_map_find(&part->known, dhr_str_of(path), NULL))
        return 0;
    if (dhr_source_entry(part->worker->work->source, path, &entry, err) < 0)
        return -1;
    if (entry.path)
        want(part, &entry);
    return 0;
}

/* A recommendation is judged beside its review and the agencies that owe something. */
static int want_references(struct part *part, const struct dhr_record *record, struct dhr_err *err)
{
    struct dhr_arena *arena = &part->worker->arena;
    if (record->kind != DHR_RECORD_RECOMMENDATION)
        return 0;
    int rc = want_path(
        part, dhr_arena_printf(arena, "reviews/%.*s/review.ini", DHR_ARG(dhr_review_of(record))),
        err);
    struct dhr_str other = dhr_section_value(dhr_record_section(record, DHR_SECTION_RECOMMENDATION),
                                             DHR_KEY_RECOMMENDATION_SUPERSEDED_BY);
    if (rc == 0 && other.len)
        rc = want_path(part, dhr_arena_printf(arena, "reviews/%.*s.ini", DHR_ARG(other)), err);
    for (size_t i = 0; rc == 0 && i < record->section_count; i++) {
        struct dhr_str agency = record->sections[i].agency;
        if (agency.len)
            rc =
                want_path(part, dhr_arena_printf(arena, "agencies/%.*s.ini", DHR_ARG(agency)), err);
    }
    return rc;
}

/* Entries first, and whatever they make wanted behind them. */
static int read_part(struct part *part, struct dhr_records *records, struct dhr_err *err)
{
    int rc = 0;
    for (size_t i = 0; rc == 0 && i < part->count; i++) {
        const struct dhr_entry entry = part->entries[i].entry;
        const struct dhr_record *record = read_record(part->worker, &entry);
        part->entries[i].record = record;
        if (record)
            rc = want_references(part, record, err);
    }
    records->items =
        dhr_arena_alloc(&part->worker->arena, (part->count + 1) * sizeof(struct dhr_record *));
    for (size_t i = 0; i < part->count; i++) {
        if (part->entries[i].record)
            records->items[records->count++] = part->entries[i].record;
    }
    if (records->count)
        qsort(records->items, records->count, sizeof(struct dhr_record *), by_kind_and_id);
    return rc;
}

static int by_entry_path(const void *a, const void *b)
{
    return strcmp(((const struct dhr_entry *)a)->path, ((const struct dhr_entry *)b)->path);
}

static void keep_entries(struct dhr_ledger *ledger, const struct part *part)
{
    ledger->entry_count = part->count;
    ledger->entries = dhr_arena_alloc(&ledger->arena, (part->count + 1) * sizeof(*ledger->entries));
    for (size_t i = 0; i < part->count; i++)
        ledger->entries[i] = part->entries[i].entry;
    if (part->count)
        qsort(ledger->entries, part->count, sizeof(*ledger->entries), by_entry_path);
}

static void collect_part(struct dhr_ledger *ledger, const struct dhr_records *records)
{
    struct dhr_records *const lists[DHR_RECORD_KINDS] = {[DHR_RECORD_REVIEW] = &ledger->reviews,
                                                         [DHR_RECORD_RECOMMENDATION] =
                                                             &ledger->recommendations,
                                                         [DHR_RECORD_AGENCY] = &ledger->agencies};
    apply_settings(ledger, NULL);
    for (size_t kind = 0; kind < DHR_RECORD_SETTINGS; kind++)
        lists[kind]->items =
            dhr_arena_alloc(&ledger->arena, (records->count + 1) * sizeof(struct dhr_record *));
    for (size_t i = 0; i < records->count; i++) {
        const struct dhr_record *record = records->items[i];
        if (record->kind == DHR_RECORD_SETTINGS)
            apply_settings(ledger, record);
        else
            lists[record->kind]->items[lists[record->kind]->count++] = record;
    }
}

int dhr_ledger_load_part(struct dhr_ledger *ledger, struct dhr_source *source,
                         const struct dhr_entry *entries, size_t count, struct dhr_err *err)
{
    struct work work = {.source = source, .layout = true};
    struct worker worker = {.work = &work};
    struct part part = {.worker = &worker};
    struct dhr_records records = {NULL, 0};
    *ledger = (struct dhr_ledger){.rest = source};
    int rc = dhr_reader_open(&worker.reader, source, err);
    for (size_t i = 0; rc == 0 && i < count; i++)
        want(&part, &entries[i]);
    if (rc == 0)
        rc = read_part(&part, &records, err);
    collect_part(ledger, &records);
    keep_entries(ledger, &part);
    dhr_ledger_note_places(ledger);
    dhr_map_release(&part.known);
    dhr_arena_take(&ledger->arena, &worker.arena);
    dhr_findings_take(&ledger->findings, &worker.findings);
    free(part.entries);
    dhr_ini_release(&worker.ini);
    dhr_arena_release(&worker.scratch);
    dhr_reader_free(worker.reader);
    return rc;
}

void dhr_ledger_release(struct dhr_ledger *ledger)
{
    dhr_findings_release(&ledger->findings);
    dhr_ledger_forget_places(ledger);
    dhr_arena_release(&ledger->arena);
    *ledger = (struct dhr_ledger){0};
}
