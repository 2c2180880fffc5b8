/*
 * The ledger's text files: reading, editing and writing the INI dialect of
 * dhrledger(5). inih splits keys from values; our own line reader feeds it, so
 * that every line has a position and none is lost: each is used or reported.
 * Lines as the formatter writes them need no splitting and aren't given to it.
 *
 *     struct dhr_ini ini = {0};
 *     dhr_ini_parse(&ini, DHR_RECORD_RECOMMENDATION, path, bytes, &findings);
 *     struct dhr_record *record = dhr_ini_record(&ini, &arena, &findings);
 *     dhr_ini_edit(&ini, &edit, &changed_bytes, &err);
 *     dhr_ini_release(&ini);
 *
 * The bytes are borrowed and must outlive the struct dhr_ini. The record keeps
 * copies of what it needs of them, and borrows only the path. A struct dhr_ini
 * may be parsed again without being released: its memory is used once more.
 * dhr_ini_init must have run once before any thread parses.
 */
#ifndef DHRLEDGER_INI_H
#define DHRLEDGER_INI_H

#include <stdbool.h>
#include <stdint.h>

#include "dhrledger/finding.h"
#include "dhrledger/record.h"
#include "dhrledger/reference.h"
#include "dhrledger/str.h"

enum {
    DHR_LINE_MAX_BYTES = 64 * 1024,
    DHR_WORD_MAX_BYTES = DHR_LINE_MAX_BYTES - 64,
    DHR_FOLD_COLUMNS = 78,
    DHR_FOLD_INDENT = 2 /* of its further lines */
};

enum dhr_line_kind {
    DHR_LINE_BLANK,
    DHR_LINE_COMMENT,
    DHR_LINE_SECTION,
    DHR_LINE_KEY,
    DHR_LINE_MORE, /* continues the value above */
    DHR_LINE_BAD   /* reported */
};

struct dhr_ini_line {
    uint32_t start; /* offset of the first byte */
    uint32_t len;   /* without CR and LF */
    uint32_t value; /* offset of the value's piece on a KEY or MORE line */
    uint32_t value_len;
    enum dhr_line_kind kind;
};

struct dhr_ini_entry {
    uint32_t section;    /* index into sections */
    uint32_t first_line; /* indexes into lines, both inclusive */
    uint32_t last_line;
    struct dhr_str name;
    const struct dhr_key *key; /* NULL where its section has none of that name */
};

struct dhr_ini_section {
    uint32_t line;
    const struct dhr_section_def *def; /* NULL for an unknown section */
    struct dhr_str agency;
    unsigned action;
};

struct dhr_ini {
    enum dhr_record_kind kind;
    const char *path; /* borrowed */
    struct dhr_str bytes;
    bool bom;
    bool crlf;
    bool wide;          /* some line may have a tab, or more than one space in a row within it */
    bool reported;      /* some line is DHR_LINE_BAD */
    size_t value_bytes; /* of all pieces of values, and one more for each */
    struct dhr_ini_line *lines;
    size_t line_count, line_capacity;
    struct dhr_ini_section *sections;
    size_t section_count, section_capacity;
    struct dhr_ini_entry *entries;
    size_t entry_count, entry_capacity;
};

/*
 * Set inih's run-time options (no inline comments, long lines) and prove that
 * they work: " ;" and a line of 4,000 bytes must survive. DHR_UNREADABLE where
 * the inih at hand would lose prose.
 */
int dhr_ini_init(struct dhr_err *err);

/* Find lines, sections and entries. Findings DL006 to DL016, DL020, DL026 and DL028 may be added,
 * and what comments accept. */
void dhr_ini_parse(struct dhr_ini *ini, enum dhr_record_kind kind, const char *path,
                   struct dhr_str bytes, struct dhr_findings *findings);

void dhr_ini_release(struct dhr_ini *ini);

/* The typed record; never NULL, lives in the arena. Findings DL021 to DL023 may be added. */
struct dhr_record *dhr_ini_record(const struct dhr_ini *ini, struct dhr_arena *arena,
                                  struct dhr_findings *findings);

/* An entry's value: joined, white space normalised, escapes undone. In the arena. */
struct dhr_str dhr_ini_value(const struct dhr_ini *ini, const struct dhr_ini_entry *entry,
                             struct dhr_arena *arena);

/* What a key of a section shall hold: no value unsets it, several make a list. */
struct dhr_edit {
    enum dhr_section_id section;
    struct dhr_str agency; /* for a section with a label */
    unsigned action;
    const struct dhr_key *key;
    const struct dhr_str *values; /* normalised, see dhr_ini_normal */
    size_t count;
};

/*
 * Write the file with that one change to `out`. Only the lines that must change
 * do; everything else stays byte for byte, and a value that is already there
 * changes nothing. A missing key goes behind the nearest one that stands before
 * it in canonical order. Fails (DHR_USAGE) where the section isn't there or a
 * value can't be written.
 */
int dhr_ini_edit(const struct dhr_ini *ini, const struct dhr_edit *edit, struct dhr_buf *out,
                 struct dhr_err *err);

/*
 * Write the file with every reference to a record changed to another id: labels of
 * sections, and values. Nothing else of their lines changes, nor any other line.
 * Where `from` is a review's, ids of its recommendations get the new review's part.
 * Returns how many places changed.
 */
size_t dhr_ini_rename(const struct dhr_ini *ini, struct dhr_ref from, struct dhr_str to,
                      struct dhr_buf *out);

/*
 * The canonical layout: keys in the schema's order with blank
 * lines between, prose folded, a form line for each key people fill in.
 * Comments stay with what they stand above. Nothing else changes. Fails
 * (DHR_FOUND) where a line could not be understood, because it might be lost.
 */
int dhr_ini_format(const struct dhr_ini *ini, struct dhr_buf *out, struct dhr_err *err);

/*
 * Add DL099 where dhr_ini_format would change the file, at the first such line; but not where
 * only a byte order mark or the ends of lines would change, which reading has reported. Quick
 * where the layout is canonical. The record is that of dhr_ini_record.
 */
void dhr_ini_check_layout(const struct dhr_ini *ini, const struct dhr_record *record,
                          struct dhr_findings *findings);

/* Text as a value holds it: white space runs single spaces, LF between paragraphs. In the arena. */
struct dhr_str dhr_ini_normal(struct dhr_arena *arena, struct dhr_str text);

/* Whether one paragraph is that already; true is certain, and false may be only of several. */
bool dhr_ini_is_normal(struct dhr_str text);

/* Whether a file can hold this (normalised) value; otherwise why not. */
int dhr_ini_check_value(struct dhr_str value, struct dhr_err *err);

/* The same for a value that is new, which has no characters that can't be seen, either. */
int dhr_ini_check_new_value(struct dhr_str value, struct dhr_err *err);

/* Append "key = value" and LF, folded where it is long; value is normalised. */
void dhr_ini_add_entry(struct dhr_buf *out, struct dhr_str name, struct dhr_str value);

/* A value for a new section; several with one key make a list. */
struct dhr_ini_pair {
    enum dhr_key_id key;
    struct dhr_str value; /* normalised */
};

/* Append a whole new section in canonical layout, with its form lines. */
void dhr_ini_add_section(struct dhr_buf *out, enum dhr_section_id section, struct dhr_str agency,
                         unsigned action, const struct dhr_ini_pair *pairs, size_t count);

#endif
