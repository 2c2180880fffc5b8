#include <stdlib.h>

#include "dhrledger/reports.h"

/* How many recommendations or addressee sections stand where. */
struct tally {
    size_t total;
    size_t by_progress[DHR_PROGRESS_COUNT];
    size_t overdue;
    size_t without_target;
};

/* Recommendations count for the ledger and a review, addressee sections for an agency. */
enum column {
    SCOPE,
    ID,
    NAME,
    TOTAL,
    BAR,
    STANDING,
    PROGRESS,
    OVERDUE = PROGRESS + DHR_PROGRESS_COUNT,
    WITHOUT_TARGET,
    COLUMNS
};

static const struct dhr_column columns[COLUMNS] = {
    [SCOPE] = {"scope", "Scope", DHR_CELL_TEXT, DHR_COLUMN_DATA_ONLY},
    [ID] = {"id", "Id", DHR_CELL_TEXT, DHR_COLUMN_DATA_ONLY},
    [NAME] = {"name", "Name", DHR_CELL_TEXT, DHR_COLUMN_WRAP},
    [TOTAL] = {"total", "Total", DHR_CELL_NUMBER, DHR_COLUMN_RIGHT},
    [BAR] = {"progress", "Progress", DHR_CELL_BAR, DHR_COLUMN_TEXT_ONLY},
    [STANDING] = {"standing", "Standing", DHR_CELL_TEXT, DHR_COLUMN_TEXT_ONLY | DHR_COLUMN_WRAP},
    [PROGRESS + DHR_OPEN] = {"open", "Open", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS +
        DHR_IN_PROGRESS] = {"in_progress", "In progress", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS + DHR_PARTLY_IMPLEMENTED] = {"partly_implemented", "Partly implemented",
                                           DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS +
        DHR_IMPLEMENTED] = {"implemented", "Implemented", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS + DHR_VERIFIED] = {"verified", "Verified", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [PROGRESS + DHR_CLOSED] = {"closed", "Closed", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [OVERDUE] = {"overdue", "Overdue", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
    [WITHOUT_TARGET] = {"without_target", "Without target", DHR_CELL_NUMBER, DHR_COLUMN_DATA_ONLY},
};

/* "2 overdue; 12 open, 3 in-progress, 1 implemented" */
static void add_standing(struct dhr_table *table, const struct tally *tally)
{
    struct dhr_buf text = {0};
    if (tally->overdue)
        dhr_buf_addf(&text, "%zu overdue; ", tally->overdue);
    const char *separator = "";
    for (int i = 0; i < DHR_PROGRESS_COUNT; i++) {
        if (!tally->by_progress[i])
            continue;
        dhr_buf_addf(&text, "%s%zu %s", separator, tally->by_progress[i],
                     dhr_progress_name((enum dhr_progress)i));
        separator = ", ";
    }
    dhr_table_text(table, STANDING, dhr_buf_str(&text));
    dhr_buf_release(&text);
}

static void add_row(struct dhr_table *table, const char *scope, struct dhr_str id,
                    struct dhr_str name, const struct tally *tally)
{
    const size_t *by = tally->by_progress;
    const size_t parts[4] = {by[DHR_IMPLEMENTED] + by[DHR_VERIFIED],
                             by[DHR_IN_PROGRESS] + by[DHR_PARTLY_IMPLEMENTED], by[DHR_OPEN],
                             by[DHR_CLOSED]};
    dhr_table_row(table);
    dhr_table_text(table, SCOPE, dhr_str_of(scope));
    dhr_table_text(table, ID, id);
    dhr_table_text(table, NAME, name);
    dhr_table_number(table, TOTAL, (long)tally->total);
    dhr_table_bar(table, BAR, parts);
    add_standing(table, tally);
    for (int i = 0; i < DHR_PROGRESS_COUNT; i++)
        dhr_table_number(table, (size_t)PROGRESS + (size_t)i, (long)by[i]);
    dhr_table_number(table, OVERDUE, (long)tally->overdue);
    dhr_table_number(table, WITHOUT_TARGET, (long)tally->without_target);
}

static void count_recommendation(struct tally *tally, const struct dhr_record *record,
                                 dhr_day today)
{
    bool overdue = false;
    bool target = false;
    for (size_t i = 0; i < record->section_count; i++) {
        const struct dhr_section *section = &record->sections[i];
        if (section->def->id != DHR_SECTION_ADDRESSEE)
            continue;
        overdue = overdue || dhr_addressee_overdue(record, section, today);
        target = target || dhr_standing_of(section, today, 0).has_due;
    }
    tally->total++;
    tally->by_progress[dhr_recommendation_progress(record)]++;
    tally->overdue += overdue;
    tally->without_target += !target;
}

static struct tally tally_records(struct dhr_records records, dhr_day today)
{
    struct tally tally = {0};
    for (size_t i = 0; i < records.count; i++)
        count_recommendation(&tally, records.items[i], today);
    return tally;
}

static void add_reviews(struct dhr_table *table, const struct dhr_ledger *ledger, dhr_day today)
{
    for (size_t i = 0; i < ledger->reviews.count; i++) {
        const struct dhr_record *review = ledger->reviews.items[i];
        struct dhr_str title =
            dhr_section_value(dhr_record_section(review, DHR_SECTION_REVIEW), DHR_KEY_REVIEW_TITLE);
        struct dhr_buf name = {0};
        dhr_buf_add_str(&name, review->id);
        if (title.len)
            dhr_buf_addf(&name, " (%.*s)", DHR_ARG(title));
        struct tally tally = tally_records(dhr_ledger_of_review(ledger, review->id), today);
        add_row(table, "review", review->id, dhr_buf_str(&name), &tally);
        dhr_buf_release(&name);
    }
}

/* A tally for each agency, found by id: the order of ledger->agencies, and one more for others. */
struct agency_tally {
    struct dhr_str id;
    struct tally tally;
};

static int by_agency(const void *a, const void *b)
{
    const struct agency_tally *x = a;
    const struct agency_tally *y = b;
    return dhr_id_cmp(x->id, y->id);
}

/* Every addressee section as a tally of one, which sorting then brings together. */
static struct agency_tally *tally_sections(const struct dhr_ledger *ledger, dhr_day today,
                                           size_t *count)
{
    struct agency_tally *tallies = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < ledger->recommendations.count; i++) {
        const struct dhr_record *record = ledger->recommendations.items[i];
        for (size_t s = 0; s < record->section_count; s++) {
            const struct dhr_section *section = &record->sections[s];
            if (section->def->id != DHR_SECTION_ADDRESSEE)
                continue;
            struct dhr_standing standing = dhr_standing_of(section, today, 0);
            struct agency_tally one = {.id = section->agency, .tally = {.total = 1}};
            one.tally.by_progress[standing.progress] = 1;
            one.tally.overdue = dhr_addressee_overdue(record, section, today);
            one.tally.without_target = !standing.has_due;
            *DHR_PUSH(tallies, *count, capacity) = one;
        }
    }
    if (*count)
        qsort(tallies, *count, sizeof(*tallies), by_agency);
    return tallies;
}

static void add_agencies(struct dhr_table *table, const struct dhr_ledger *ledger, dhr_day today)
{
    size_t count = 0;
    struct agency_tally *tallies = tally_sections(ledger, today, &count);
    for (size_t i = 0; i < count;) {
        struct tally sum = {0};
        struct dhr_str id = tallies[i].id;
        for (; i < count && dhr_str_eq(tallies[i].id, id); i++) {
            sum.total++;
            sum.overdue += tallies[i].tally.overdue;
            sum.without_target += tallies[i].tally.without_target;
            for (int p = 0; p < DHR_PROGRESS_COUNT; p++)
                sum.by_progress[p] += tallies[i].tally.by_progress[p];
        }
        add_row(table, "agency", id, dhr_ledger_agency_name(ledger, id), &sum);
    }
    free(tallies);
}

struct dhr_table *dhr_report_status(const struct dhr_ledger *ledger, dhr_day today, unsigned scopes)
{
    struct dhr_table *table = dhr_table_new("status", columns, COLUMNS);
    char day[DHR_DAY_SIZE];
    dhr_day_format(today, day);
    dhr_table_fact(table, "today", day);
    if (scopes & DHR_SCOPE_LEDGER) {
        struct tally tally = tally_records(ledger->recommendations, today);
        add_row(table, "ledger", (struct dhr_str){"", 0}, dhr_str_of("The whole ledger"), &tally);
    }
    if (scopes & DHR_SCOPE_REVIEWS)
        add_reviews(table, ledger, today);
    if (scopes & DHR_SCOPE_AGENCIES)
        add_agencies(table, ledger, today);
    return table;
}
