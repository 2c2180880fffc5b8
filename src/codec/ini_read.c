#include "dhrledger/ini.h"

#include <ini.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/utf8.h"
#include "ini_allow.h"
#include "ini_reading.h"
#include "ini_unseen.h"

static uint32_t line_number(const struct dhr_ini *ini)
{
    return (uint32_t)ini->line_count;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

/* The first "key" of "key = …", or an empty span where the text isn't of that shape. */
static struct dhr_str leading_key(struct dhr_str text)
{
    size_t len = 0;
    while (len < text.len &&
           ((text.ptr[len] >= 'a' && text.ptr[len] <= 'z') ||
            (text.ptr[len] >= 'A' && text.ptr[len] <= 'Z') ||
            (text.ptr[len] >= '0' && text.ptr[len] <= '9') || text.ptr[len] == '-'))
        len++;
    size_t equals = len;
    while (equals < text.len && is_space(text.ptr[equals]))
        equals++;
    bool shaped = len > 0 && equals < text.len && text.ptr[equals] == '=';
    return dhr_str_span(text.ptr, shaped ? len : 0);
}

/* The "word" that "[word]" and "[word label]" begin with, or an empty span. */
static struct dhr_str leading_heading(struct dhr_str text)
{
    size_t start = 1;
    while (start < text.len && is_space(text.ptr[start]))
        start++;
    size_t end = start;
    while (end < text.len && text.ptr[end] >= 'a' && text.ptr[end] <= 'z')
        end++;
    bool shaped = end < text.len && (is_space(text.ptr[end]) || text.ptr[end] == ']');
    return dhr_str_span(text.ptr + start, shaped ? end - start : 0);
}

bool ini_looks_hidden(const struct dhr_ini *ini, struct dhr_str text)
{
    if (text.ptr[0] == '[') {
        struct dhr_str word = leading_heading(text);
        return dhr_schema_find(ini->kind, word, true) || dhr_schema_find(ini->kind, word, false);
    }
    struct dhr_str key = leading_key(text);
    return key.len && dhr_schema_has_key(ini->kind, key);
}

/* Report the first byte of the line that can't be in a record; false where all are fine. */
static bool report_bytes(struct reading *r, struct dhr_str line)
{
    const char *path = r->ini->path;
    uint32_t number = line_number(r->ini);
    size_t valid = dhr_utf8_valid_len(line);
    for (size_t i = 0; i < valid; i++) {
        unsigned char c = (unsigned char)line.ptr[i];
        bool c1 = c == 0xC2 && i + 1 < valid && (unsigned char)line.ptr[i + 1] < 0xA0;
        if ((c >= 0x20 && c != 0x7F && !c1) || c == '\t')
            continue;
        unsigned code = c1 ? (unsigned char)line.ptr[i + 1] : c;
        const char *hint = code == 0      ? "delete it, or save the file as text in UTF-8"
                           : code == '\r' ? "end lines with LF alone"
                                          : "delete it";
        dhr_findings_add(r->findings, DHR_RULE_CONTROL, path, number, (uint32_t)i + 1,
                         "control character U+%04X in the line; %s", code, hint);
        return true;
    }
    if (valid == line.len)
        return false;
    dhr_findings_add(r->findings, DHR_RULE_NOT_UTF8, path, number, (uint32_t)valid + 1,
                     "byte 0x%02X is not UTF-8; save the file as UTF-8",
                     (unsigned char)line.ptr[valid]);
    return true;
}

static bool report_unusable(struct reading *r, struct dhr_str line)
{
    if (line.len > DHR_LINE_MAX_BYTES) {
        dhr_findings_add(r->findings, DHR_RULE_LONG_LINE, r->ini->path, line_number(r->ini), 1,
                         "the line has %zu bytes, more than %d; fold the value over several "
                         "indented lines",
                         line.len, DHR_LINE_MAX_BYTES);
        return true;
    }
    return r->suspect && report_bytes(r, line);
}

static void parse_label(struct reading *r, struct dhr_ini_section *section, struct dhr_str label)
{
    struct dhr_str rest = dhr_str_trim(label);
    struct dhr_str action = {NULL, 0};
    if (section->def->label == DHR_LABEL_NONE)
        return;
    size_t space = 0;
    while (space < rest.len && !is_space(rest.ptr[space]))
        space++;
    section->agency = dhr_str_span(rest.ptr, space);
    action = dhr_str_trim(dhr_str_span(rest.ptr + space, rest.len - space));
    bool ok =
        section->agency.len > 0 && (action.len > 0) == (section->def->label == DHR_LABEL_ACTION);
    for (size_t i = 0; ok && i < action.len; i++) {
        ok = action.ptr[i] >= '0' && action.ptr[i] <= '9' && i < 4;
        section->action = section->action * 10 + (unsigned)(action.ptr[i] - '0');
    }
    if (ok && (section->action > 0 || section->def->label == DHR_LABEL_AGENCY))
        return;
    section->action = 0;
    if (section->def->label == DHR_LABEL_AGENCY)
        section->agency.len = 0; /* "Durham" of "[agency Durham Constabulary]" is nobody's id */
    dhr_findings_add(r->findings, DHR_RULE_SECTION_LABEL, r->ini->path, line_number(r->ini), 1,
                     section->def->label == DHR_LABEL_AGENCY
                         ? "write the heading as [%s AGENCY-ID]"
                         : "write the heading as [%s AGENCY-ID NUMBER], numbered from 1",
                     section->def->heading);
}

static void unknown_section(struct reading *r, struct dhr_str word)
{
    const char *near = dhr_schema_suggest_section(r->ini->kind, word);
    struct dhr_buf shown = {0};
    dhr_utf8_add_safe(&shown, word, false);
    dhr_findings_add(r->findings, DHR_RULE_UNKNOWN_SECTION, r->ini->path, line_number(r->ini), 1,
                     "%s has no section [%s]%s%s%s",
                     r->ini->kind == DHR_RECORD_AGENCY     ? "an agency"
                     : r->ini->kind == DHR_RECORD_SETTINGS ? ".dhrledger.ini"
                     : r->ini->kind == DHR_RECORD_REVIEW   ? "a review"
                                                           : "a recommendation",
                     dhr_buf_cstr(&shown), near ? "; did you mean [" : "", near ? near : "",
                     near ? "]?" : "");
    dhr_buf_release(&shown);
}

/* A line that begins with '[': open its section, or report it. */
static enum dhr_line_kind start_section(struct reading *r, struct dhr_str text)
{
    struct dhr_ini *ini = r->ini;
    if (text.ptr[text.len - 1] != ']') {
        dhr_findings_add(r->findings, DHR_RULE_NOT_UNDERSTOOD, ini->path, line_number(ini), 1,
                         "a section heading ends with ']' and nothing after it");
        return DHR_LINE_BAD;
    }
    struct dhr_str inside = dhr_str_trim(dhr_str_span(text.ptr + 1, text.len - 2));
    size_t len = 0;
    while (len < inside.len && !is_space(inside.ptr[len]))
        len++;
    struct dhr_str word = dhr_str_span(inside.ptr, len);
    struct dhr_str label = dhr_str_span(inside.ptr + len, inside.len - len);
    struct dhr_ini_section *section =
        DHR_PUSH(ini->sections, ini->section_count, ini->section_capacity);
    *section = (struct dhr_ini_section){.line = line_number(ini) - 1};
    section->def = dhr_schema_find(ini->kind, word, label.len > 0);
    size_t key_count = 0;
    r->last = section->def ? dhr_section_keys(section->def, &key_count) : NULL;
    r->end = r->last + key_count;
    if (section->def) {
        parse_label(r, section, label);
        return DHR_LINE_SECTION;
    }
    const struct dhr_section_def *other = dhr_schema_find(ini->kind, word, label.len == 0);
    if (other) {
        dhr_findings_add(r->findings, DHR_RULE_SECTION_LABEL, ini->path, line_number(ini), 1,
                         other->label == DHR_LABEL_NONE ? "write the heading as [%s] alone"
                         : other->label == DHR_LABEL_AGENCY
                             ? "write the heading as [%s AGENCY-ID]"
                             : "write the heading as [%s AGENCY-ID NUMBER], numbered from 1",
                         other->heading);
    } else {
        unknown_section(r, word);
    }
    return DHR_LINE_SECTION;
}

/* An indented line: a continuation, or a mistake that would hide something. */
static enum dhr_line_kind classify_indented(struct reading *r, struct dhr_str text, uint32_t col)
{
    const struct dhr_ini *ini = r->ini;
    uint32_t number = line_number(ini);
    if (r->open == OPEN_REPORTED)
        return DHR_LINE_BAD;
    if (ini_looks_hidden(ini, text)) {
        dhr_findings_add(r->findings, DHR_RULE_HIDDEN_KEY, ini->path, number, col,
                         text.ptr[0] == '['
                             ? "an indented section heading would become text of the value above; "
                               "begin it at the left margin, or write \\[ if it is text"
                             : "an indented \"%.*s =\" would become text of the value above; begin "
                               "it at the left margin, or write \\%.*s if it is text",
                         DHR_ARG(leading_key(text)), DHR_ARG(leading_key(text)));
        return DHR_LINE_BAD;
    }
    if (r->open == OPEN_VALUE)
        return DHR_LINE_MORE;
    dhr_findings_add(
        r->findings, DHR_RULE_ORPHAN, ini->path, number, col,
        r->open == OPEN_BLANK
            ? "an indented line after a blank line continues nothing; write \" .\" for "
              "a paragraph break, or take the blank line out"
            : "an indented line with no key above it; begin it at the left margin");
    return DHR_LINE_BAD;
}

static enum dhr_line_kind classify(struct reading *r, struct dhr_str line)
{
    const struct dhr_ini *ini = r->ini;
    struct dhr_str text = dhr_str_trim(line);
    bool indented = line.len && is_space(line.ptr[0]);
    if (report_unusable(r, line)) {
        if (!indented)
            r->open = OPEN_REPORTED;
        return DHR_LINE_BAD;
    }
    if (!text.len) {
        r->open = r->open == OPEN_NONE ? OPEN_NONE : OPEN_BLANK;
        return DHR_LINE_BLANK;
    }
    if (text.ptr[0] == '#' || text.ptr[0] == ';') {
        r->comments = true;
        return DHR_LINE_COMMENT;
    }
    if (indented)
        return classify_indented(r, text, (uint32_t)(text.ptr - line.ptr) + 1);
    if (text.ptr[0] == '[') {
        enum dhr_line_kind kind = start_section(r, text);
        r->open = kind == DHR_LINE_BAD ? OPEN_REPORTED : OPEN_NONE;
        return kind;
    }
    if (strchr("<|=>", text.ptr[0]) && ini_take_mark(ini, line, &r->conflict, r->findings))
        return DHR_LINE_BAD;
    r->open = OPEN_REPORTED; /* until inih has claimed it as a key */
    return DHR_LINE_KEY;
}

/* Something on the last line was reported. */
static void spoil_line(struct dhr_ini *ini)
{
    ini->lines[ini->line_count - 1].kind = DHR_LINE_BAD;
    ini->reported = true;
}

/* Before the next line: did inih find a key in the one it was given? */
static void settle_key(struct reading *r)
{
    struct dhr_ini *ini = r->ini;
    if (r->asked) {
        spoil_line(ini);
        dhr_findings_add(r->findings, DHR_RULE_NOT_UNDERSTOOD, ini->path, line_number(ini), 1,
                         "neither \"key = value\", a [section], a comment nor an indented "
                         "continuation; indent it if it belongs to the value above");
    }
    r->asked = false;
}

/* Take the next line off the bytes and say what it is. */
static enum dhr_line_kind take_line(struct reading *r, struct dhr_str *line)
{
    struct dhr_ini *ini = r->ini;
    const char *start = ini->bytes.ptr + r->at;
    const char *lf = memchr(start, '\n', ini->bytes.len - r->at);
    size_t raw_len = lf ? (size_t)(lf - start) : ini->bytes.len - r->at;
    *line = dhr_str_span(start, raw_len);
    struct dhr_ini_line *added = DHR_PUSH(ini->lines, ini->line_count, ini->line_capacity);
    if (lf && raw_len && line->ptr[raw_len - 1] == '\r') {
        line->len--;
        if (!ini->crlf)
            dhr_findings_add(r->findings, DHR_RULE_CRLF, ini->path, line_number(ini),
                             (uint32_t)line->len + 1,
                             "lines end in CR LF; save the file with LF alone, or run "
                             "\"dhrledger fmt\" on it");
        ini->crlf = true;
    }
    *added = (struct dhr_ini_line){.start = (uint32_t)r->at, .len = (uint32_t)line->len};
    r->at += raw_len + (lf != NULL);
    enum dhr_line_kind kind = added->kind = classify(r, *line);
    if (kind == DHR_LINE_BAD) {
        ini->reported = true;
        r->at = ini_pass_other(ini, &r->conflict, r->at);
    }
    return kind;
}

/* A continuation has no key to split off: what inih would hand over is the trimmed line. */
static void take_more_line(struct reading *r, struct dhr_str line)
{
    struct dhr_ini *ini = r->ini;
    struct dhr_ini_line *own = &ini->lines[ini->line_count - 1];
    struct dhr_str text = dhr_str_trim(line);
    own->value = (uint32_t)(text.ptr - ini->bytes.ptr);
    own->value_len = (uint32_t)text.len;
    ini->value_bytes += text.len + 1;
    ini->entries[ini->entry_count - 1].last_line = line_number(ini) - 1;
}

/* inih asks for the next line, and gets the next one with a key that isn't plain to split off. */
static char *next_line(char *buffer, int size, void *user)
{
    struct reading *r = user;
    struct dhr_str line = {NULL, 0};
    enum dhr_line_kind kind = DHR_LINE_BLANK;
    settle_key(r);
    while (kind != DHR_LINE_KEY) {
        ini_take_plain_lines(r);
        if (r->at >= r->ini->bytes.len)
            return NULL;
        kind = take_line(r, &line);
        if (kind == DHR_LINE_MORE)
            take_more_line(r, line);
    }
    r->asked = true;
    /* Never more than dhr_ini_init asked inih for; a line that didn't fit would go unclaimed. */
    size_t len = line.len + 2 <= (size_t)size ? line.len : 0;
    memcpy(buffer, line.ptr, len);
    buffer[len] = '\n';
    buffer[len + 1] = '\0';
    r->buffer = buffer;
    return buffer;
}

/* inih claims a key line: open its entry, or report why it can't be one. */
static void claim_key(struct reading *r, const char *name)
{
    struct dhr_ini *ini = r->ini;
    struct dhr_ini_line *line = &ini->lines[ini->line_count - 1];
    const char *raw = ini->bytes.ptr + line->start;
    size_t name_at = (size_t)(name - r->buffer);
    size_t name_len = strlen(name);
    size_t at = name_at + name_len;
    while (raw[at] != '=' && raw[at] != ':')
        at++;
    if (raw[at] == ':') {
        dhr_findings_add(r->findings, DHR_RULE_NOT_UNDERSTOOD, ini->path, line_number(ini),
                         (uint32_t)at + 1, "write \"key = value\" with '=' instead of ':'");
    } else if (name_len == 0) {
        dhr_findings_add(r->findings, DHR_RULE_NOT_UNDERSTOOD, ini->path, line_number(ini), 1,
                         "nothing stands before the '='; write \"key = value\"");
    } else if (ini->section_count == 0) {
        dhr_findings_add(r->findings, DHR_RULE_KEY_BEFORE_SECTION, ini->path, line_number(ini), 1,
                         "a key before the first section; put [%s] above it",
                         ini->kind == DHR_RECORD_SETTINGS ? "ledger"
                                                          : dhr_record_kind_name(ini->kind));
    } else {
        const struct dhr_section_def *def = ini->sections[ini->section_count - 1].def;
        struct dhr_str key = dhr_str_span(raw + name_at, name_len);
        ini_open_entry(r, key, def ? dhr_section_find_key(def, key) : NULL);
        return;
    }
    spoil_line(ini);
}

/* inih's handler: one call for each key line. */
static int claim_line(void *user, const char *section, const char *name, const char *value)
{
    struct reading *r = user;
    struct dhr_ini_line *line = &r->ini->lines[r->ini->line_count - 1];
    (void)section; /* cut at 49 bytes; our own line reader knows it whole */
    claim_key(r, name);
    line->value = line->start + (uint32_t)(value - r->buffer);
    line->value_len = (uint32_t)strlen(value);
    r->ini->value_bytes += line->value_len + 1;
    r->asked = false;
    return 1;
}

/* What kinds of bytes a file has; not 0 where it has any of the kind. */
struct kinds {
    unsigned char suspect; /* a control character or tab, to be looked at with the line's others */
    unsigned char high;    /* 0x80: beyond ASCII */
    unsigned char wide;    /* two spaces, but not behind a line end */
};

/* [bytes, bytes + len), which stand between two others. */
static inline void look_at(const char *bytes, size_t len, struct kinds *kinds)
{
    struct kinds k = {0};
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)bytes[i];
        k.suspect |= (unsigned char)(((c < ' ') & (c != '\n')) | (c == 0x7F));
        k.high |= c;
        k.wide |= (unsigned char)((c == ' ') & (bytes[i + 1] == ' ') & (bytes[i - 1] != '\n'));
    }
    kinds->suspect |= k.suspect;
    kinds->high |= k.high & 0x80;
    kinds->wide |= k.wide;
}

/* One quick pass. */
static struct kinds look_through(struct dhr_str bytes)
{
    /* A length that the compiler knows, so that it takes all these bytes at once. */
    enum { STEP = 64 };
    struct kinds kinds = {0};
    if (bytes.len < STEP + 2)
        return (struct kinds){1, 0x80, 1};
    for (size_t at = 1; at + STEP < bytes.len; at += STEP)
        look_at(bytes.ptr + at, STEP, &kinds);
    look_at(bytes.ptr + bytes.len - STEP - 1, STEP, &kinds);
    const char ends[] = {'\n', bytes.ptr[0], bytes.ptr[bytes.len - 1], '\n'};
    look_at(ends + 1, 2, &kinds);
    return kinds;
}

void dhr_ini_parse(struct dhr_ini *ini, enum dhr_record_kind kind, const char *path,
                   struct dhr_str bytes, struct dhr_findings *findings)
{
    ini->kind = kind;
    ini->path = path;
    ini->bytes = bytes;
    ini->bom = dhr_str_starts(bytes, "\xEF\xBB\xBF");
    ini->crlf = ini->reported = false;
    ini->value_bytes = ini->line_count = ini->section_count = ini->entry_count = 0;
    struct kinds kinds = look_through(bytes);
    ini->wide = kinds.wide || kinds.suspect;
    struct reading reading = {.ini = ini, .findings = findings, .at = ini->bom ? 3 : 0};
    reading.suspect = kinds.suspect ||
                      (kinds.high && (dhr_utf8_valid_len(bytes) < bytes.len || ini_has_c1(bytes)));
    if (kinds.high)
        ini_report_unseen(ini, findings);
    if (ini->bom)
        dhr_findings_add(findings, DHR_RULE_BOM, path, 1, 1,
                         "the file begins with a byte order mark; save it as UTF-8 without one, "
                         "or run \"dhrledger fmt\" on it");
    (void)ini_parse_stream(next_line, &reading, claim_line, &reading);
    if (reading.comments)
        ini_read_allows(ini, findings);
}

void dhr_ini_release(struct dhr_ini *ini)
{
    free(ini->lines);
    free(ini->sections);
    free(ini->entries);
    *ini = (struct dhr_ini){0};
}
