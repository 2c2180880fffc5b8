#include <string.h>

#include "csv_internal.h"
#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/utf8.h"
#include "dhrledger/windows1252.h"

enum { HEADING_ROWS = 30, LEAST_KNOWN = 2 };

/* What a column can be mapped to, besides a key. */
static const struct {
    const char *name;
    enum column_role role;
} roles[] = {
    {"id", COLUMN_ID},         {"number", COLUMN_NUMBER},         {"text", COLUMN_TEXT},
    {"agency", COLUMN_AGENCY}, {"agency-id", COLUMN_AGENCY_ID},   {"review", COLUMN_REVIEW},
    {"rag", COLUMN_RAG},       {"completion", COLUMN_COMPLETION}, {"ignore", COLUMN_IGNORED}};

/*
 * Headings by their folded words, without what stands in brackets: those of `list`,
 * of the Home Office's template, and what action plans call the same things.
 */
static const struct {
    const char *heading;
    const char *means; /* a role's name above, or a key */
} synonyms[] = {
    {"review", "review"},
    {"review id", "review"},
    {"dhr", "review"},
    {"csp", "csp"},
    {"community safety partnership", "csp"},
    {"partnership", "csp"},
    {"year of death", "year-of-death"},
    {"year", "year-of-death"},
    {"published", "published"},
    {"date published", "published"},
    {"publication date", "published"},
    {"title", "title"},
    {"review title", "title"},
    {"source", "source"},
    {"number", "number"},
    {"no", "number"},
    {"rec number", "number"},
    {"rec #", "number"},
    {"rec ref", "number"},
    {"recommendation ref", "number"},
    {"recommendation reference", "number"},
    {"#", "number"},
    {"ref", "number"},
    {"rec", "number"},
    {"rec no", "number"},
    {"reference", "number"},
    {"recommendation no", "number"},
    {"recommendation number", "number"},
    {"text", "text"},
    {"recommendation", "text"},
    {"recommendations", "text"},
    {"recommendation text", "text"},
    {"id", "id"},
    {"recommendation id", "id"},
    {"agency id", "agency-id"},
    {"agency", "agency"},
    {"lead agency", "agency"},
    {"lead agencies", "agency"},
    {"responsible agency", "agency"},
    {"organisation", "agency"},
    {"agency responsible", "agency"},
    {"responsible organisation", "agency"},
    {"lead organisation", "agency"},
    {"addressed to", "agency"},
    {"scope of recommendation", "scope"},
    {"scope of the recommendation", "scope"},
    {"local or regional", "scope"},
    {"action", "action"},
    {"actions", "action"},
    {"action required", "action"},
    {"actions to take", "action"},
    {"actions required", "action"},
    {"action to be taken", "action"},
    {"actions to be taken", "action"},
    {"lead officer", "lead"},
    {"lead person", "lead"},
    {"lead role", "lead"},
    {"responsible officer", "lead"},
    {"key milestone", "milestone"},
    {"milestone", "milestone"},
    {"milestones", "milestone"},
    {"milestones achieved", "milestone"},
    {"key milestones achieved", "milestone"},
    {"key milestones achieved in enacting recommendation", "milestone"},
    {"key milestones achieved in enacting the recommendation", "milestone"},
    {"key milestones achieved in enacting recommendations", "milestone"},
    {"target", "due"},
    {"target dates", "due"},
    {"target completion date", "due"},
    {"completion target", "due"},
    {"timescales", "due"},
    {"due date", "due"},
    {"deadline", "due"},
    {"by when", "due"},
    {"timescale", "due"},
    {"target date for completion", "due"},
    {"date of completion and outcome", "completion"},
    {"date of completion & outcome", "completion"},
    {"completion date and outcome", "completion"},
    {"date completed and outcome", "completion"},
    {"date of completion and outcomes", "completion"},
    {"completion and outcome", "completion"},
    {"completed", "completion"},
    {"completion", "completion"},
    {"completion date", "implemented-on"},
    {"date of completion", "implemented-on"},
    {"actual completion date", "implemented-on"},
    {"date completed", "implemented-on"},
    {"outcomes", "outcome"},
    {"agency response", "response"},
    {"rag", "rag"},
    {"rag rating", "rag"},
    {"rag status", "rag"},
    {"progress", "rag"},
    {"progress rag", "rag"},
    {"status rag", "rag"},
    {"brag", "rag"},
    {"brag rating", "rag"},
    {"current status", "rag"},
    {"comment", "note"},
    {"comments", "note"},
    {"update", "note"},
    {"updates", "note"},
    {"latest update", "note"},
    {"progress update", "note"},
    {"progress updates", "note"},
    {"progress notes", "note"},
    {"note", "note"},
    {"days late", "ignore"},
    {"days left", "ignore"},
    {"missing", "ignore"},
};

struct dhr_str csv_folded(struct csv_work *w, struct dhr_str text)
{
    struct dhr_buf folded = {0};
    dhr_utf8_add_folded(&folded, text);
    struct dhr_str copy = {dhr_arena_dup(w->arena, dhr_buf_cstr(&folded), folded.len), folded.len};
    dhr_buf_release(&folded);
    return copy;
}

/* In a cell of several lines, a CR that stands alone ends one too. */
/* Most cells are as values are, and a file may have millions: these are not copied. */
static struct dhr_str normal(struct csv_work *w, struct dhr_str cell)
{
    return dhr_ini_is_normal(cell) ? cell : dhr_ini_normal(w->arena, cell);
}

struct dhr_str csv_raw(struct csv_work *w, size_t row, size_t column)
{
    return normal(w, dhr_csv_unguard(dhr_csv_cell(w->csv, row, column)));
}

struct dhr_str csv_text(struct csv_work *w, size_t row, size_t column)
{
    struct dhr_str cell = dhr_csv_unguard(dhr_csv_cell(w->csv, row, column));
    if (!cell.len)
        return cell;
    if (!w->own || w->misread)
        cell = dhr_windows1252_repair(w->arena, cell);
    return normal(w, cell);
}

/* A file that was misread has no cell that can't be mended, unless it is ASCII. */
static bool is_misread(struct csv_work *w)
{
    bool misread = false;
    for (size_t r = 0; r < w->csv->row_count; r++) {
        for (size_t c = 0; c < w->csv->rows[r].cell_count; c++) {
            struct dhr_str cell = dhr_csv_cell(w->csv, r, c);
            bool ascii = true;
            for (size_t i = 0; i < cell.len && ascii; i++)
                ascii = (unsigned char)cell.ptr[i] < 0x80;
            if (!ascii && dhr_str_eq(dhr_windows1252_repair(w->arena, cell), cell))
                return false;
            misread = misread || !ascii;
        }
    }
    return misread;
}

bool csv_is_missing(const struct csv_work *w, size_t row, size_t column)
{
    return column >= w->csv->rows[row].given_count;
}

bool csv_is_ragged(struct csv_work *w, size_t row)
{
    const struct dhr_csv_row *cells = &w->csv->rows[row];
    if (cells->cell_count <= w->column_count)
        return false;
    csv_problem(w, cells->line,
                "the row has %u cells and there are %zu headings (cell %zu is \"%s\"); is there a "
                "delimiter in a cell without quotes?",
                cells->cell_count, w->column_count, w->column_count + 1,
                csv_shown(w, csv_text(w, row, w->column_count)));
    return true;
}

size_t csv_column(const struct csv_work *w, enum column_role role)
{
    size_t i = 0;
    while (i < w->column_count && w->columns[i].role != role)
        i++;
    return i;
}

/* Without what stands in brackets, behind "i.e.", and at the end: "Scope (local, regional)". */
static struct dhr_str heading_words(struct csv_work *w, struct dhr_str heading)
{
    struct dhr_str folded = csv_folded(w, heading);
    for (size_t i = 1; i < folded.len; i++) {
        struct dhr_str rest = dhr_str_span(folded.ptr + i, folded.len - i);
        if (rest.ptr[0] == '(' || dhr_str_starts(rest, " i.e") || dhr_str_starts(rest, " ie ")) {
            folded.len = i;
            break;
        }
    }
    folded = dhr_str_trim(folded);
    while (folded.len && memchr(".:*,", folded.ptr[folded.len - 1], 4))
        folded.len--;
    return dhr_str_trim(folded);
}

static bool is_editable(const struct dhr_key *key)
{
    bool section =
        key->section == DHR_SECTION_ADDRESSEE || key->section == DHR_SECTION_RECOMMENDATION;
    return section && !(key->flags & DHR_KEY_IMMUTABLE);
}

/* An addressee's key, or else a recommendation's, by name, JSON name or (with words) heading. */
static const struct dhr_key *find_key(struct csv_work *w, struct dhr_str name, bool heading)
{
    static const enum dhr_section_id sections[] = {DHR_SECTION_ADDRESSEE,
                                                   DHR_SECTION_RECOMMENDATION};
    for (size_t s = 0; s < 2; s++) {
        size_t count = 0;
        const struct dhr_key *key = dhr_section_keys(dhr_schema_section(sections[s]), &count);
        for (; count; key++, count--) {
            if (!is_editable(key))
                continue;
            if (dhr_str_is(name, key->name) || dhr_str_is(name, key->json_name) ||
                (heading && dhr_str_eq(name, csv_folded(w, dhr_str_of(key->heading)))))
                return key;
        }
    }
    return NULL;
}

/* What a sheet of many reviews says about each; a review that is there isn't changed by it. */
static const struct dhr_key *find_fact(struct dhr_str name)
{
    static const enum dhr_key_id facts[] = {DHR_KEY_REVIEW_TITLE, DHR_KEY_REVIEW_CSP,
                                            DHR_KEY_REVIEW_PUBLISHED, DHR_KEY_REVIEW_YEAR_OF_DEATH,
                                            DHR_KEY_REVIEW_SOURCE};
    for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
        if (dhr_str_is(name, dhr_schema_key(facts[i])->name))
            return dhr_schema_key(facts[i]);
    }
    return NULL;
}

/* A role's name or a key; false where it is neither. */
static bool set_meaning(struct csv_work *w, struct column *column, struct dhr_str meaning,
                        bool heading)
{
    for (size_t i = 0; i < sizeof(roles) / sizeof(roles[0]); i++) {
        if (!heading && dhr_str_is(meaning, roles[i].name)) {
            column->role = roles[i].role;
            return true;
        }
    }
    column->key = find_key(w, meaning, heading);
    if (column->key) {
        column->role = COLUMN_KEY;
        return true;
    }
    column->key = heading ? NULL : find_fact(meaning);
    if (column->key)
        column->role = COLUMN_FIXED;
    return column->key;
}

/* The column that a map gives, by its heading alone. */
static bool map_column(struct csv_work *w, struct column *column)
{
    struct dhr_str folded = csv_folded(w, column->heading);
    for (size_t i = 0; i < w->options->map_count; i++) {
        const char *map = w->options->maps[i];
        const char *equals = strrchr(map, '=');
        struct dhr_str heading = dhr_str_trim(dhr_str_span(map, (size_t)(equals - map)));
        if (dhr_str_eq(csv_folded(w, heading), folded))
            return set_meaning(w, column, dhr_str_trim(dhr_str_of(equals + 1)), false);
    }
    return false;
}

static struct column column_of(struct csv_work *w, struct dhr_str heading)
{
    struct column column = {.heading = heading};
    struct dhr_str words = heading_words(w, heading);
    if (!heading.len || map_column(w, &column))
        return column;
    if (dhr_str_is(words, "ledger revision")) {
        column.role = COLUMN_REVISION;
        return column;
    }
    if (dhr_str_is(words, "action number")) {
        column.role = COLUMN_ACTION_NUMBER;
        return column;
    }
    for (size_t i = 0; i < sizeof(synonyms) / sizeof(synonyms[0]); i++) {
        if (dhr_str_is(words, synonyms[i].heading)) {
            (void)set_meaning(w, &column, dhr_str_of(synonyms[i].means), false);
            return column;
        }
    }
    (void)set_meaning(w, &column, words, true);
    return column;
}

/* A map that names no key is a mistake in the command, whatever the file holds. */
static int check_maps(struct csv_work *w)
{
    for (size_t i = 0; i < w->options->map_count; i++) {
        const char *map = w->options->maps[i];
        const char *equals = strrchr(map, '=');
        struct column column = {.role = COLUMN_UNKNOWN};
        if (!equals || equals == map || !equals[1])
            return dhr_fail(w->err, DHR_USAGE, "\"%s\" is not of the form HEADING=KEY", map);
        struct dhr_str meaning = dhr_str_trim(dhr_str_of(equals + 1));
        if (set_meaning(w, &column, meaning, false))
            continue;
        const char *near = dhr_section_suggest(dhr_schema_section(DHR_SECTION_ADDRESSEE), meaning);
        return dhr_fail(w->err, DHR_USAGE,
                        "\"%s\": %.*s is no key of an agency's section or a recommendation, nor "
                        "id, number, text, agency, rag, completion or ignore%s%s%s",
                        map, DHR_ARG(meaning), near ? "; did you mean \"" : "", near ? near : "",
                        near ? "\"?" : "");
    }
    return 0;
}

/* A plan's list may come in several columns, everything else in one. */
static bool may_repeat(const struct csv_work *w, const struct column *column)
{
    if (column->role == COLUMN_KEY)
        return !w->own && (column->key->flags & DHR_KEY_LIST);
    return column->role == COLUMN_UNKNOWN || column->role == COLUMN_IGNORED;
}

static int check_repeats(struct csv_work *w)
{
    uint32_t line = w->csv->rows[w->heading_row].line;
    for (size_t i = 0; i < w->column_count; i++) {
        const struct column *a = &w->columns[i];
        for (size_t j = i + 1; j < w->column_count && a->heading.len; j++) {
            const struct column *b = &w->columns[j];
            bool same = dhr_str_eq(csv_folded(w, a->heading), csv_folded(w, b->heading));
            if (same && a->role != COLUMN_IGNORED)
                return dhr_fail(w->err, DHR_FOUND,
                                "%s:%u: the heading \"%.*s\" stands twice, in columns %zu and %zu; "
                                "rename or remove one",
                                w->options->name, line, DHR_ARG(b->heading), i + 1, j + 1);
            if (!may_repeat(w, a) && a->role == b->role && a->key == b->key)
                return dhr_fail(w->err, DHR_FOUND,
                                "%s:%u: columns %zu (\"%.*s\") and %zu (\"%.*s\") mean the same; "
                                "leave one out with --map-column \"%.*s\"=ignore",
                                w->options->name, line, i + 1, DHR_ARG(a->heading), j + 1,
                                DHR_ARG(b->heading), DHR_ARG(b->heading));
        }
    }
    return 0;
}

/* The row with the headings is the first that has at least two that are known. */
static bool try_row(struct csv_work *w, size_t row)
{
    size_t known = 0;
    w->heading_row = row;
    w->column_count = w->csv->rows[row].cell_count;
    w->columns = dhr_arena_zalloc(w->arena, w->column_count * sizeof(*w->columns));
    for (size_t i = 0; i < w->column_count; i++) {
        struct dhr_str heading = csv_text(w, row, i);
        w->columns[i] = heading.len < 200 ? column_of(w, heading) : (struct column){0};
        w->columns[i].heading = heading;
        known += w->columns[i].role != COLUMN_UNKNOWN;
    }
    return known >= LEAST_KNOWN;
}

/* The ledger's own CSV has agencies' ids, and recommendations' ids below "Recommendation". */
static void recognise_own(struct csv_work *w)
{
    size_t id = csv_column(w, COLUMN_ID);
    size_t text = csv_column(w, COLUMN_TEXT);
    bool agency = csv_column(w, COLUMN_AGENCY_ID) < w->column_count;
    for (size_t i = 0; i < w->column_count && id == w->column_count; i++) {
        struct column *column = &w->columns[i];
        bool plain = dhr_str_is(heading_words(w, column->heading), "recommendation");
        bool ids = w->heading_row + 1 < w->csv->row_count &&
                   dhr_ident_recommendation_ok(csv_text(w, w->heading_row + 1, i));
        if (plain && (ids || (agency && text != i))) {
            column->role = COLUMN_ID;
            id = i;
        }
    }
    w->own = agency && id < w->column_count;
}

/* A key by its heading, of the recommendation or its review, that import doesn't change. */
static const struct dhr_key *find_fixed(struct csv_work *w, struct dhr_str words)
{
    static const enum dhr_section_id sections[] = {DHR_SECTION_RECOMMENDATION, DHR_SECTION_REVIEW};
    for (size_t s = 0; s < 2; s++) {
        size_t count = 0;
        const struct dhr_key *key = dhr_section_keys(dhr_schema_section(sections[s]), &count);
        for (; count; key++, count--) {
            if (dhr_str_eq(words, csv_folded(w, dhr_str_of(key->heading))))
                return key;
        }
    }
    return NULL;
}

/* What else the ledger's own lists can show beside what is filled in. */
static void find_fixed_columns(struct csv_work *w)
{
    for (size_t i = 0; i < w->column_count && w->own; i++) {
        struct column *column = &w->columns[i];
        struct dhr_str words = heading_words(w, column->heading);
        bool printed = (column->role == COLUMN_AGENCY && dhr_str_is(words, "addressed to")) ||
                       (column->role == COLUMN_TEXT && dhr_str_is(words, "recommendations"));
        if (column->role != COLUMN_UNKNOWN && !printed)
            continue;
        column->key = find_fixed(w, words);
        column->role = column->key ? COLUMN_FIXED : COLUMN_UNKNOWN;
    }
}

/* Columns without a meaning; those that hold nothing don't matter. */
static void report_unknown(struct csv_work *w)
{
    for (size_t i = 0; i < w->column_count; i++) {
        const struct column *column = &w->columns[i];
        size_t filled = 0;
        if (column->role != COLUMN_UNKNOWN)
            continue;
        for (size_t r = w->heading_row + 1; r < w->csv->row_count; r++)
            filled += csv_text(w, r, i).len > 0;
        if (!filled)
            continue;
        uint32_t line = w->csv->rows[w->heading_row].line;
        const char *s = filled == 1 ? "" : "s";
        if (!column->heading.len)
            csv_problem(w, line, "column %zu has no heading, and %zu cell%s below it", i + 1,
                        filled, s);
        else
            csv_problem(w, line,
                        "the column \"%s\" (%zu cell%s) is not known; say what it is with "
                        "--map-column \"%s\"=KEY, or =ignore",
                        csv_shown(w, column->heading), filled, s, csv_shown(w, column->heading));
    }
}

int csv_find_columns(struct csv_work *w)
{
    size_t row = 0;
    if (check_maps(w) < 0)
        return -1;
    if (!w->csv->row_count)
        return dhr_fail(w->err, DHR_FOUND, "%s: is empty; was it saved?", w->options->name);
    while (row < w->csv->row_count && row < HEADING_ROWS && !try_row(w, row))
        row++;
    if (row == w->csv->row_count || row == HEADING_ROWS)
        return dhr_fail(w->err, DHR_FOUND,
                        "%s: no row of headings was found (such as Recommendation, Lead agency, "
                        "Target date); name them with --map-column HEADING=KEY",
                        w->options->name);
    for (size_t r = 0; r < row; r++)
        csv_note(w, w->csv->rows[r].line, "above the headings, not recorded: %s",
                 csv_shown(w, csv_text(w, r, 0)));
    /* "Recommendation" is the text in a plan, and the id in the ledger's own CSV beside "Text". */
    recognise_own(w);
    w->misread = w->own && is_misread(w);
    find_fixed_columns(w);
    if (check_repeats(w) < 0)
        return -1;
    report_unknown(w);
    return 0;
}
