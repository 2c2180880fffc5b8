#include <string.h>

#include "csv_internal.h"
#include "dhrledger/ini.h"
#include "dhrledger/utf8.h"
#include "dhrledger/windows1252.h"

/* A word as people write it: "In progress" is in-progress. */
static struct dhr_str word_of(struct csv_work *w, struct dhr_str cell)
{
    struct dhr_str folded = csv_folded(w, cell);
    char *word = dhr_str_dup(w->arena, folded);
    for (size_t i = 0; i < folded.len; i++) {
        if (word[i] == ' ' || word[i] == '_')
            word[i] = '-';
    }
    return dhr_str_span(word, folded.len);
}

static const char *not_a_word(struct csv_work *w, const struct dhr_key *key, struct dhr_str word)
{
    struct dhr_buf why = {0};
    const char *near = dhr_key_suggest_word(key, word);
    if (near)
        dhr_buf_addf(&why, "did you mean \"%s\"? It is one of ", near);
    else
        dhr_buf_adds(&why, "it must be one of ");
    for (size_t i = 0; key->words[i]; i++)
        dhr_buf_addf(&why, "%s%s", i ? ", " : "", key->words[i]);
    const char *text = dhr_str_dup(w->arena, dhr_buf_str(&why));
    dhr_buf_release(&why);
    return text;
}

static const char *not_a_date(struct csv_work *w, struct dhr_str cell)
{
    char iso[DHR_DAY_SIZE];
    if (csv_date_month_first(cell, iso))
        return dhr_arena_printf(
            w->arena, "day first, this is no date; if the month stands first, write %s", iso);
    if (csv_date_serial(cell, iso))
        return dhr_arena_printf(w->arena,
                                "not a date, unless it is a spreadsheet's number for %s; write "
                                "that",
                                iso);
    static const char *const none[] = {"ongoing",   "on-going",   "tbc",  "tba",
                                       "asap",      "n/a",        "none", "to be confirmed",
                                       "immediate", "immediately"};
    struct dhr_str folded = csv_folded(w, cell);
    for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
        if (dhr_str_is(folded, none[i]))
            return "no date; leave the cell empty until there is one, and say the rest in a note";
    }
    for (size_t i = 0; i + 1 < folded.len; i++) {
        if (folded.ptr[i] == 'q' && folded.ptr[i + 1] >= '1' && folded.ptr[i + 1] <= '4')
            return "a quarter of the calendar's year or of the financial one? Write its last "
                   "month, as in 2027-03";
    }
    return "not a date that can be read in one way only; write 2027-03-31, 31/03/2027, or "
           "2027-03 where no more is known";
}

/* Whether it begins with a date as the ledger writes it, which is taken off it. */
static bool skip_date(struct dhr_str *item)
{
    struct dhr_date date;
    struct dhr_str first;
    return dhr_str_split(item, ' ', &first) && dhr_date_parse(first, &date) && item->len;
}

/* One item as the record shall hold it. */
static const char *item_of(struct csv_work *w, const struct dhr_key *key, struct dhr_str item,
                           struct dhr_str *value)
{
    char iso[DHR_DAY_SIZE];
    struct dhr_err why = {0};
    *value = item;
    if (key->type == DHR_TYPE_DATE) {
        if (!csv_date(item, iso))
            return not_a_date(w, item);
        *value = dhr_str_of(dhr_arena_printf(w->arena, "%s", iso));
    } else if (key->type == DHR_TYPE_WORD) {
        *value = word_of(w, item);
        if (dhr_key_word_index(key, *value) < 0)
            return not_a_word(w, key, *value);
    } else if (key->type == DHR_TYPE_DATED && !skip_date(&item)) {
        (void)csv_dated(w->arena, *value, value);
    }
    if (dhr_ini_check_value(*value, &why) < 0)
        return dhr_arena_printf(w->arena, "%s", why.text);
    return NULL;
}

/* Prose keeps its paragraphs; elsewhere a line break is white space like any other. */
static struct dhr_str in_one_line(struct csv_work *w, struct dhr_str cell)
{
    char *line = dhr_str_dup(w->arena, cell);
    for (size_t i = 0; i < cell.len; i++) {
        if (line[i] == '\n')
            line[i] = ' ';
    }
    return dhr_str_span(line, cell.len);
}

const char *csv_values(struct csv_work *w, const struct dhr_key *key, struct dhr_str cell,
                       struct cell_values *values)
{
    *values = (struct cell_values){NULL, 0};
    if (!cell.len)
        return NULL;
    bool list = key->flags & DHR_KEY_LIST;
    size_t lines = 1;
    for (size_t i = 0; i < cell.len && list; i++)
        lines += cell.ptr[i] == '\n';
    values->items = dhr_arena_alloc(w->arena, lines * sizeof(*values->items));
    if (!list && key->type != DHR_TYPE_PROSE && memchr(cell.ptr, '\n', cell.len))
        cell = in_one_line(w, cell);
    struct dhr_str rest = cell;
    while (list ? dhr_str_line(&rest, &cell) : !values->count) {
        const char *why = item_of(w, key, cell, &values->items[values->count]);
        if (why)
            return why;
        values->count++;
    }
    return NULL;
}

struct cell_values csv_recorded(struct csv_work *w, const struct dhr_section *section,
                                const struct dhr_key *key)
{
    struct cell_values values = {NULL, 0};
    size_t count = section ? section->field_count : 0;
    values.items = dhr_arena_alloc(w->arena, (count + 1) * sizeof(*values.items));
    const struct dhr_field *field = NULL;
    while ((field = dhr_section_next(section, key->id, field)))
        values.items[values.count++] = field->value;
    return values;
}

/* A note without a date is the same as the one that got its date when it was recorded. */
static bool item_eq(const struct dhr_key *key, struct dhr_str a, struct dhr_str b)
{
    if (dhr_str_eq(a, b))
        return true;
    struct dhr_str longer = a.len > b.len ? a : b;
    struct dhr_str shorter = a.len > b.len ? b : a;
    return key->type == DHR_TYPE_DATED && skip_date(&longer) && dhr_str_eq(longer, shorter);
}

bool csv_values_eq(const struct dhr_key *key, struct cell_values a, struct cell_values b)
{
    bool same = a.count == b.count;
    for (size_t i = 0; same && i < a.count; i++)
        same = item_eq(key, a.items[i], b.items[i]);
    return same;
}

struct dhr_str csv_joined(struct csv_work *w, struct cell_values values)
{
    struct dhr_buf joined = {0};
    for (size_t i = 0; i < values.count; i++) {
        if (i)
            dhr_buf_addc(&joined, '\n');
        dhr_buf_add_str(&joined, values.items[i]);
    }
    struct dhr_str text = {dhr_arena_dup(w->arena, dhr_buf_cstr(&joined), joined.len), joined.len};
    dhr_buf_release(&joined);
    return text;
}

/* A month or a year that a spreadsheet took for its first day, and other readings of a day. */
static bool is_same_date(struct dhr_str cell, struct dhr_str exported)
{
    char iso[DHR_DAY_SIZE];
    struct dhr_date was;
    struct dhr_date is;
    if (!dhr_date_parse(exported, &was))
        return false;
    bool read = csv_date(cell, iso);
    if (!read)
        read = csv_date_month_first(cell, iso) || csv_date_serial(cell, iso);
    if (!read || !dhr_date_parse(dhr_str_of(iso), &is))
        return false;
    return is.first_day == was.first_day &&
           (is.last_day == was.last_day || is.last_day == is.first_day);
}

bool csv_is_unchanged(struct csv_work *w, const struct dhr_key *key, struct dhr_str cell,
                      struct cell_values exported)
{
    struct cell_values values;
    const char *why = csv_values(w, key, cell, &values);
    if (!why && csv_values_eq(key, values, exported))
        return true;
    if (key->type == DHR_TYPE_DATE && cell.len && exported.count == 1)
        return is_same_date(cell, exported.items[0]);
    struct dhr_str text = csv_joined(w, exported);
    return cell.len && text.len && dhr_windows1252_lossy_eq(cell, text);
}
