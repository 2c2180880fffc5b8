#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/utf8.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* Whether text is already as a value holds it: only single spaces. */
static bool is_normal(struct dhr_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\t' ||
            (text.ptr[i] == ' ' && i + 1 < text.len && is_space(text.ptr[i + 1])))
            return false;
    }
    return true;
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

static void join_text(struct joining *j, struct dhr_str text)
{
    for (size_t i = 0; i < text.len; i++)
        join_char(j, text.ptr[i]);
}

struct dhr_str dhr_ini_value(const struct dhr_ini *ini, const struct dhr_ini_entry *entry,
                             struct dhr_arena *arena)
{
    const struct dhr_ini_line *lines = ini->lines;
    const struct dhr_ini_line *first = &lines[entry->first_line];
    struct dhr_str piece = dhr_str_span(ini->bytes.ptr + first->value, first->value_len);
    if (entry->first_line == entry->last_line && is_normal(piece))
        return piece;
    const struct dhr_ini_line *last = &lines[entry->last_line];
    struct joining j = {dhr_arena_alloc(arena, last->start + last->len - first->start + 1), 0, 0};
    join_text(&j, piece);
    for (uint32_t i = entry->first_line + 1; i <= entry->last_line; i++) {
        if (lines[i].kind != DHR_LINE_MORE)
            continue;
        piece = dhr_str_span(ini->bytes.ptr + lines[i].value, lines[i].value_len);
        if (dhr_str_is(piece, ".")) {
            j.gap = '\n';
            continue;
        }
        j.gap = j.gap ? j.gap : ' ';
        if (piece.ptr[0] == '\\') {
            piece.ptr++;
            piece.len--;
        }
        join_text(&j, piece);
    }
    j.text[j.len] = '\0';
    return dhr_str_span(j.text, j.len);
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
    const struct dhr_key *last; /* of the entry before, in the same section */
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

/* The key of that name. In a canonical file it is the one behind the last one. */
static const struct dhr_key *next_key(const struct dhr_section_def *def, const struct dhr_key *last,
                                      struct dhr_str name)
{
    size_t count = 0;
    const struct dhr_key *keys = dhr_section_keys(def, &count);
    const struct dhr_key *next = last ? last + 1 : keys;
    if (next < keys + count && dhr_str_is(name, next->name))
        return next;
    return dhr_section_find_key(def, name);
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
    const struct dhr_key *key = next_key(section->def, b->last, entry->name);
    b->last = key;
    if (!key) {
        unknown_key(b, section->def, entry);
        return;
    }
    uint32_t line = entry->first_line + 1;
    bool any = strcmp(key->name, "*") == 0;
    if (any)
        seen[key->id] = line_of_name(section, entry->name);
    if (seen[key->id] && !(key->flags & DHR_KEY_LIST)) {
        dhr_findings_add(b->findings, DHR_RULE_DUPLICATE_KEY, b->ini->path, line, 1,
                         "\"%.*s\" already stands at line %u; keep one of them",
                         DHR_ARG(entry->name), seen[key->id]);
        return;
    }
    seen[key->id] = line;
    struct dhr_str value = dhr_ini_value(b->ini, entry, b->arena);
    if (!value.len)
        return;
    const struct dhr_ini_line *first = &b->ini->lines[entry->first_line];
    uint32_t col = first->value_len ? first->value - first->start + 1 : 1;
    section->fields[section->field_count++] =
        (struct dhr_field){key, entry->name, value, line, col};
}

static void report_twin(struct building *b, const struct dhr_record *record,
                        const struct dhr_section *section)
{
    bool unlabelled = section->def->label == DHR_LABEL_ACTION
                          ? !section->action
                          : section->def->label == DHR_LABEL_AGENCY && !section->agency.len;
    if (unlabelled)
        return; /* its heading has been reported */
    for (const struct dhr_section *other = record->sections; other < section; other++) {
        if (other->def != section->def || other->action != section->action ||
            !dhr_str_eq(other->agency, section->agency))
            continue;
        dhr_findings_add(b->findings, DHR_RULE_DUPLICATE_SECTION, b->ini->path, section->line, 1,
                         "this section already stands at line %u; put its keys there", other->line);
        return;
    }
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

struct dhr_record *dhr_ini_record(const struct dhr_ini *ini, struct dhr_arena *arena,
                                  struct dhr_findings *findings)
{
    struct building b = {ini, arena, findings, NULL};
    struct dhr_record *record = new_record(ini, arena);
    const struct dhr_ini_entry *entry = ini->entries;
    const struct dhr_ini_entry *end = entry + ini->entry_count;
    for (uint32_t i = 0; i < ini->section_count; i++) {
        const struct dhr_ini_section *from = &ini->sections[i];
        const struct dhr_ini_entry *stop = entry;
        while (stop < end && stop->section == i)
            stop++;
        if (!from->def) {
            entry = stop;
            continue;
        }
        struct dhr_section *section = &record->sections[record->section_count++];
        *section = (struct dhr_section){.def = from->def,
                                        .agency = from->agency,
                                        .action = from->action,
                                        .line = from->line + 1};
        section->fields =
            dhr_arena_alloc(arena, ((size_t)(stop - entry) + 1) * sizeof(*section->fields));
        uint32_t seen[DHR_KEYS] = {0};
        b.last = NULL;
        for (; entry < stop; entry++)
            add_field(&b, section, seen, entry);
        report_twin(&b, record, section);
    }
    return record;
}
