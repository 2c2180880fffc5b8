/*
 * A file being read: what the reader of all lines (ini_read.c) shares with the one of plain lines
 * (ini_plain.c).
 */
#ifndef CODEC_INI_READING_H
#define CODEC_INI_READING_H

#include "dhrledger/ini.h"
#include "ini_conflict.h"

/* What a continuation line would continue. */
enum open_entry {
    OPEN_NONE,    /* nothing yet in this section */
    OPEN_BLANK,   /* a blank line stands between */
    OPEN_VALUE,   /* the entry above */
    OPEN_REPORTED /* an entry that was reported: its continuation is reported with it */
};

/* Handed through inih to our two callbacks. */
struct reading {
    struct dhr_ini *ini;
    struct dhr_findings *findings;
    size_t at;    /* offset of the next line */
    bool suspect; /* some byte needs a closer look */
    bool comments;
    enum open_entry open;
    const struct dhr_key *last; /* the last entry's in this section, or the section's first */
    const struct dhr_key *end;  /* of the section's keys */
    bool asked;   /* inih has been given the last line, and hasn't called the handler for it yet */
    char *buffer; /* inih's line, as we last filled it */
    struct ini_conflict conflict;
};

/* Add an entry whose first line is the last one added. key: NULL for an unknown one. */
static inline void ini_open_entry(struct reading *r, struct dhr_str name, const struct dhr_key *key)
{
    struct dhr_ini *ini = r->ini;
    uint32_t line = (uint32_t)ini->line_count - 1;
    *DHR_PUSH(ini->entries, ini->entry_count, ini->entry_capacity) =
        (struct dhr_ini_entry){.section = (uint32_t)ini->section_count - 1,
                               .first_line = line,
                               .last_line = line,
                               .name = name,
                               .key = key};
    r->last = key ? key : r->last;
    r->open = OPEN_VALUE;
}

/* Whether an indented text is a section heading or key that slipped to the right. */
bool ini_looks_hidden(const struct dhr_ini *ini, struct dhr_str text);

/*
 * Take the next lines as long as they are plain: as the formatter writes them, with nothing to find
 * fault with. inih would split them at the same places (a test holds the two against each other),
 * and nearly all lines are of this kind.
 */
void ini_take_plain_lines(struct reading *r);

#endif
