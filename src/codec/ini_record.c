#include <stdlib.h>
#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/utf8.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

static inline unsigned char has_wide(const char *text, size_t len)
{
    unsigned char wide = 0;
    for (size_t i = 0; i < len; i++)
        wide |= (unsigned char)(text[i] == '\t') |
                ((unsigned char)(text[i] == ' ') & (unsigned char)(text[i + 1] == ' '));
    return wide;
}

/* Whether text is already as a value holds it: only single spaces, and none at its ends. */
static bool is_normal(struct dhr_str text)
{
    /* Lengths that the compiler knows, so that it takes all these bytes at once. */
    enum { STEP = 32 };
    size_t i = 0;
    if (is_space(text.ptr[0]) || is_space(text.ptr[text.len - 1]))
        return false;
    if (text.len <= STEP)
        return !has_wide(text.ptr, text.len - 1);
    for (; i + STEP < text.len; i += STEP) {
        if (has_wide(text.ptr + i, STEP))
            return false;
    }
    return !has_wide(text.ptr + text.len - 1 - STEP, STEP);
}

/* A value under construction. A gap is written only once something follows it. */
struct joining {
    char *text;
    size_t len;
    char gap; /* '\0', ' ' or '\n' */
};

static void join_char(struct joining *j, char c)
{
    if (is_space(c)) {
        j->gap = j->gap ? j->gap : ' ';
        return;
    }
    if (j->gap && j->len)
        j->text[j->len++] = j->gap;
    j->gap = '\0';
    j->text[j->len++] = c;
}

static void join_text(struct joining *j, struct dhr_str text, bool wide)
{
    bool whole = text.len && (wide ? is_normal(text) : !is_space(text.ptr[0]));
    for (size_t i = 0; i < (whole ? 1 : text.len); i++)
        join_char(j, text.ptr[i]);
    if (whole) {
        memcpy(j->text + j->len, text.ptr + 1, text.len - 1);
        j->len += text.len - 1;
    }
}

/* At least as many bytes as the value has, and a NUL. */
static size_t room_for(const struct dhr_ini *ini, const struct dhr_ini_entry *entry)
{
    const struct dhr_ini_line *first = &ini->lines[entry->first_line];
    const struct dhr_ini_line *last = &ini->lines[entry->last_line];
    return last->start + last->len - first->value + 1;
}

/* Write the value at `text`, which has room for it. */
static struct dhr_str join_value(const struct dhr_ini *ini, const struct dhr_ini_entry *entry,
                                 char *text)
{
    struct joining j = {text, 0, 0};
    for (uint32_t i = entry->first_line; i <= entry->last_line; i++) {
        const struct dhr_ini_line *line = &ini->lines[i];
        struct dhr_str piece = dhr_str_span(ini->bytes.ptr + line->value, line->value_len);
        if (i > entry->first_line) {
            if (line->kind != DHR_LINE_MORE)
                continue;
            if (dhr_str_is(piece, ".")) {
                j.gap = '\n';
                continue;
            }
            j.gap = j.gap ? j.gap : ' ';
            if (piece.ptr[0] == '\\')
                piece = dhr_str_span(piece.ptr + 1, piece.len - 1);
        }
        join_text(&j, piece, ini->wide);
    }
    j.text[j.len] = '\0';
    return dhr_str_span(j.text, j.len);
}

struct dhr_str dhr_ini_value(const struct dhr_ini *ini, const struct dhr_ini_entry *entry,
                             struct dhr_arena *arena)
{
    return join_value(ini, entry, dhr_arena_alloc(arena, room_for(ini, entry)));
}

bool dhr_ini_is_normal(struct dhr_str text)
{
    return !text.len || (is_normal(text) && !memchr(text.ptr, '\n', text.len));
}

struct dhr_str dhr_ini_normal(struct dhr_arena *arena, struct dhr_str text)
{
    struct joining j = {dhr_arena_alloc(arena, text.len + 1), 0, 0};
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\n')
            j.gap = '\n';
        else if (text.ptr[i] != '\r' || i + 1 == text.len || text.ptr[i + 1] != '\n')
            join_char(&j, text.ptr[i]);
    }
    j.text[j.len] = '\0';
    return dhr_str_span(j.text, j.len);
}

/* What dhr_ini_record carries along. */
struct building {
    const struct dhr_ini *ini;
    struct dhr_arena *arena;
    struct dhr_findings *findings;
    char *text;               /* where the next value goes: the record's own bytes */
    struct dhr_field *fields; /* where the next one goes */
};

static void unknown_key(struct building *b, const struct dhr_section_def *def,
                        const struct dhr_ini_entry *entry)
{
    const char *near = dhr_section_suggest(def, entry->name);
    struct dhr_buf shown = {0};
    dhr_utf8_add_safe(&shown, entry->name, false);
    dhr_findings_add(b->findings, DHR_RULE_UNKNOWN_KEY, b->ini->path, entry->first_line + 1, 1,
                     "unknown key \"%s\" in [%s]%s%s%s", dhr_buf_cstr(&shown), def->heading,
                     near ? "; did you mean \"" : "; \"dhrledger schema\" lists its keys",
                     near ? near : "", near ? "\"?" : "");
    dhr_buf_release(&shown);
}

/* A form line that nothing continues has none, and most entries of a new record are such. */
static bool may_have_value(const struct dhr_ini *ini, const struct dhr_ini_entry *entry)
{
    return entry->last_line > entry->first_line || ini->lines[entry->first_line].value_len > 0;
}

/* A copy among the record's own bytes. */
static struct dhr_str keep(struct building *b, struct dhr_str text)
{
    struct dhr_str copy = dhr_str_span(b->text, text.len);
    if (text.len)
        memcpy(b->text, text.ptr, text.len);
    b->text += text.len;
    return copy;
}

/* Where a free key such as an author's address already stands in the section, or 0. */
static uint32_t line_of_name(const struct dhr_section *section, struct dhr_str name)
{
    for (size_t i = 0; i < section->field_count; i++) {
        if (dhr_str_eq(section->fields[i].name, name))
            return section->fields[i].line;
    }
    return 0;
}

/* The entry's field at the end of its section, or a finding. seen[]: line of each key so far. */
static void add_field(struct building *b, struct dhr_section *section, uint32_t *seen,
                      const struct dhr_ini_entry *entry)
{
    const struct dhr_key *key = entry->key;
    if (!key) {
        unknown_key(b, section->def, entry);
        return;
    }
    uint32_t line = entry->first_line + 1;
    bool any = key->name[0] == '*';
    if (any)
        seen[key->id] = line_of_name(section, entry->name);
    if (seen[key->id] && !(key->flags & DHR_KEY_LIST)) {
        dhr_findings_add(b->findings, DHR_RULE_DUPLICATE_KEY, b->ini->path, line, 1,
                         "\"%.*s\" already stands at line %u; keep one of them",
                         DHR_ARG(entry->name), seen[key->id]);
        return;
    }
    seen[key->id] = line;
    if (!may_have_value(b->ini, entry))
        return;
    struct dhr_str value = join_value(b->ini, entry, b->text);
    if (!value.len)
        return;
    b->text += value.len + 1;
    const struct dhr_ini_line *first = &b->ini->lines[entry->first_line];
    uint32_t col = first->value_len ? first->value - first->start + 1 : 1;
    struct dhr_str name = any ? keep(b, entry->name) : dhr_str_of(key->name);
    *b->fields++ = (struct dhr_field){key, name, value, line, col};
    section->field_count++;
}

/* Whether the heading has what tells the section from others; if not, that has been reported. */
static bool is_labelled(const struct dhr_section *section)
{
    return section->def->label == DHR_LABEL_ACTION   ? section->action > 0
           : section->def->label == DHR_LABEL_AGENCY ? section->agency.len > 0
                                                     : true;
}

static int by_label(const struct dhr_section *x, const struct dhr_section *y)
{
    int order = (x->def->id > y->def->id) - (x->def->id < y->def->id);
    order = order ? order : (x->action > y->action) - (x->action < y->action);
    return order ? order : dhr_str_cmp(x->agency, y->agency);
}

static int by_label_and_line(const void *a, const void *b)
{
    const struct dhr_section *const *x = a;
    const struct dhr_section *const *y = b;
    int order = by_label(*x, *y);
    return order ? order : ((*x)->line > (*y)->line) - ((*x)->line < (*y)->line);
}

/* There may be as many sections as a file has lines, so they are sorted; but most have few. */
static bool may_have_twins(const struct dhr_record *record)
{
    enum { FEW = 8 };
    for (size_t i = 1; i < record->section_count && record->section_count <= FEW; i++) {
        for (size_t k = 0; k < i; k++) {
            if (by_label(&record->sections[i], &record->sections[k]) == 0)
                return true;
        }
    }
    return record->section_count > FEW;
}

static void report_twins(struct building *b, const struct dhr_record *record)
{
    if (!may_have_twins(record))
        return;
    struct dhr_section **sorted =
        dhr_realloc(NULL, record->section_count * sizeof(struct dhr_section *));
    size_t count = 0;
    for (size_t i = 0; i < record->section_count; i++) {
        if (is_labelled(&record->sections[i]))
            sorted[count++] = &record->sections[i];
    }
    qsort(sorted, count, sizeof(struct dhr_section *), by_label_and_line);
    for (size_t i = 1, first = 0; i < count; i++) {
        if (by_label(sorted[first], sorted[i]) != 0) {
            first = i;
            continue;
        }
        dhr_findings_add(b->findings, DHR_RULE_DUPLICATE_SECTION, b->ini->path, sorted[i]->line, 1,
                         "this section already stands at line %u; put its keys there",
                         sorted[first]->line);
        sorted[i]->incomplete = true;
    }
    free(sorted);
}

/* Room for everything that the record keeps of the file's bytes, and for its fields. */
static struct building new_building(const struct dhr_ini *ini, struct dhr_arena *arena,
                                    struct dhr_findings *findings)
{
    size_t room = ini->value_bytes + 1;
    size_t count = 1;
    for (size_t i = 0; i < ini->section_count; i++)
        room += ini->sections[i].agency.len;
    for (size_t i = 0; i < ini->entry_count; i++)
        count += may_have_value(ini, &ini->entries[i]);
    for (size_t i = 0; i < ini->entry_count && ini->kind == DHR_RECORD_SETTINGS; i++)
        room += ini->entries[i].name.len;
    return (struct building){ini, arena, findings, dhr_arena_alloc(arena, room),
                             dhr_arena_alloc(arena, count * sizeof(struct dhr_field))};
}

static struct dhr_record *new_record(const struct dhr_ini *ini, struct dhr_arena *arena)
{
    struct dhr_record *record = dhr_arena_zalloc(arena, sizeof(*record));
    enum dhr_record_kind kind = ini->kind;
    record->kind = ini->kind;
    record->path = ini->path;
    (void)dhr_ident_of_path(dhr_str_of(ini->path), &kind, &record->id);
    record->sections = dhr_arena_alloc(arena, (ini->section_count + 1) * sizeof(*record->sections));
    return record;
}

/* The record's next section, with the entries up to `stop`. */
static void add_section(struct building *b, struct dhr_record *record,
                        const struct dhr_ini_section *from, const struct dhr_ini_entry *entry,
                        const struct dhr_ini_entry *stop)
{
    struct dhr_section *section = &record->sections[record->section_count++];
    uint32_t seen[DHR_KEYS] = {0};
    *section = (struct dhr_section){.def = from->def,
                                    .agency = keep(b, from->agency),
                                    .action = from->action,
                                    .line = from->line + 1,
                                    .fields = b->fields};
    for (; entry < stop; entry++)
        add_field(b, section, seen, entry);
}

/* A section with a line that was reported may have lost the key on it. */
static void mark_incomplete(const struct dhr_ini *ini, struct dhr_record *record)
{
    size_t next = 0;
    for (size_t i = 0; i < ini->line_count; i++) {
        while (next < record->section_count && record->sections[next].line <= i + 1)
            next++;
        if (ini->lines[i].kind == DHR_LINE_BAD && next)
            record->sections[next - 1].incomplete = true;
    }
}

struct dhr_record *dhr_ini_record(const struct dhr_ini *ini, struct dhr_arena *arena,
                                  struct dhr_findings *findings)
{
    struct dhr_record *record = new_record(ini, arena);
    struct building b = new_building(ini, arena, findings);
    const struct dhr_ini_entry *entry = ini->entries;
    const struct dhr_ini_entry *end = entry + ini->entry_count;
    for (uint32_t i = 0; i < ini->section_count; i++) {
        const struct dhr_ini_entry *stop = entry;
        while (stop < end && stop->section == i)
            stop++;
        if (ini->sections[i].def)
            add_section(&b, record, &ini->sections[i], entry, stop);
        entry = stop;
    }
    report_twins(&b, record);
    if (ini->reported)
        mark_incomplete(ini, record);
    return record;
}
