/*
 * UTF-8: validity, columns, safe printing, comparing without case and accents,
 * and folding text into lines. The Unicode tables are utf8proc's.
 */
#ifndef DHRLEDGER_UTF8_H
#define DHRLEDGER_UTF8_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/str.h"

/* The offset of the first byte that is not valid UTF-8, or s.len. */
size_t dhr_utf8_valid_len(struct dhr_str s);

/* How many bytes at its beginning are printable ASCII: they need no closer look. */
size_t dhr_utf8_plain_len(struct dhr_str s);

/* The length of s without a character that is cut off at its end. */
size_t dhr_utf8_whole_len(struct dhr_str s);

/* Terminal columns of valid UTF-8; control characters count as nothing. */
size_t dhr_utf8_width(struct dhr_str s);

/* UTF-16 code units, as JavaScript and SARIF count; a byte that is not UTF-8 counts as one. */
size_t dhr_utf16_len(struct dhr_str s);

/*
 * How many leading bytes fit in `columns`, and at least one character. Marks
 * without a column of their own stay with their character.
 */
size_t dhr_utf8_fit(struct dhr_str s, size_t columns);

/*
 * Append s so that a terminal can't be driven by it: control characters,
 * bidirectional controls and invalid bytes come out as <U+001B> or <0xFF>; a
 * line feed stays only where keep_lines is set.
 */
void dhr_utf8_add_safe(struct dhr_buf *buf, struct dhr_str s, bool keep_lines);

/* Where the ASCII that begins at `at` ends; eight bytes are looked at in one go. */
size_t dhr_utf8_skip_ascii(struct dhr_str s, size_t at);

/* Whether it has no other characters than ASCII's. */
bool dhr_utf8_is_ascii(struct dhr_str s);

/* What stands behind the byte order mark that a file may begin with. */
struct dhr_str dhr_utf8_without_mark(struct dhr_str s);

/* Append s folded for comparing: no case, no accents, runs of white space as one space. */
void dhr_utf8_add_folded(struct dhr_buf *buf, struct dhr_str s);

/* Room for one letter folded. */
enum { DHR_FOLD_MOST = 32 };

/*
 * One letter of a name folded, without memory: no case, no accent, also of letters that have
 * their stroke or ligature built in ("ł" is "l", "æ" is "ae"). Returns the letter's bytes in s,
 * and in `folded` and *len what it is, which is nothing for an accent by itself or
 * an invisible character. Returns 0 where no letter stands at s.ptr[at].
 */
size_t dhr_utf8_fold_letter(struct dhr_str s, size_t at, char folded[DHR_FOLD_MOST], size_t *len);

/*
 * Take the next line of at most `columns` off the front of *rest, broken at
 * spaces (and at LF, which ends a paragraph). A longer word stays whole, unless
 * split_words. False when nothing is left.
 */
bool dhr_wrap_next(struct dhr_str *rest, size_t columns, bool split_words, struct dhr_str *line);

#endif
