/*
 * Conflicts that git wrote into a file (gitattributes(5), "conflict-marker-size"): two versions
 * of some lines between marks of seven characters, for a person to choose.
 *
 *     <<<<<<< HEAD          the first mark
 *     due = 2027-03-31
 *     ||||||| 1a2b3c4       only with merge.conflictStyle diff3 or zdiff3
 *     due = 2027-01-31
 *     =======
 *     due = 2027-06-30
 *     >>>>>>> board         the last mark
 *
 * Of a conflict the first version is read, so that one finding is all that is said of it. Its
 * other lines are DHR_LINE_BAD, and so no layout and no change is written over it.
 */
#ifndef CODEC_INI_CONFLICT_H
#define CODEC_INI_CONFLICT_H

#include "dhrledger/ini.h"

/* The conflict that was met last; zero where there was none. */
struct ini_conflict {
    size_t other;   /* offset of the mark that ends the first version */
    size_t end;     /* offset behind the last mark's line */
    uint32_t lines; /* how many lines the last mark stands below the first */
};

/*
 * Whether the last line of ini is a mark; if so, it is reported, or belongs to the conflict that
 * was. A "=======" by itself is none.
 */
bool ini_take_mark(const struct dhr_ini *ini, struct dhr_str line, struct ini_conflict *conflict,
                   struct dhr_findings *findings);

/*
 * Where the last line of ini ends the first version, add the lines of the others. Returns the
 * offset of the next line, which is `next` if there are none.
 */
size_t ini_pass_other(struct dhr_ini *ini, const struct ini_conflict *conflict, size_t next);

#endif
