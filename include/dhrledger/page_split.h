/*
 * Rows of a flattened library page. It has lost its column marks, so that the
 * addressee is glued to the end of the text, and a row may go over several lines:
 *
 *     4a The Central Referral Unit defines what its role is. Central Referral Unit
 *
 * Call it between reading the page and making records:
 *
 *     dhr_page_parse(&page, bytes, &arena);
 *     dhr_page_split(&page, &ledger, names, name_count, &arena);
 *     … page.rows, page.unplaced, page.remarks …
 *
 * Never a wrong split; better none. The first addressee of a row is taken off
 * only where all of this holds, and the row is unplaced otherwise:
 *
 * - The row, or the part of it before its first |, ends with a known name: one
 *   the ledger has as a name or alias, one of the list given, a placeholder
 *   ("All Agencies", …), one that a row with column marks is addressed to, or
 *   one that the page repeats. The longest name counts.
 * - A sentence ends right before it: with . ! or ?, which closing quotes or
 *   brackets may follow, and a footnote mark such as ¹ or [1]. An abbreviation, an
 *   initial or the number of a list's item ends no sentence, nor does a bracket
 *   or a semicolon alone: names go on behind a bracket ("Conference (MARAC)
 *   Steering Group"), lists behind a semicolon, and a text that ends without a
 *   full stop may end with a name that is its own ("training for Kent Police").
 * - The text isn't itself a list of such names, and no known name stands in it
 *   after a sentence's end with a number or a capital behind it, as where two
 *   rows have run together.
 * - What stands between further | looks like a name.
 *
 * A name is one that the page repeats if it follows a sentence's end at the end
 * of a row, or a |, in two rows, or in three where its words don't tell a kind
 * (kinds.h); it begins and ends with a capital, and no other name that is known
 * or could be one is its end.
 *
 * A row begins with a number that fits between those around it, if the row
 * before has ended with its addressee. Where that can't be told from a sentence
 * that goes on ("within / 10 days"), the count that the page declares decides, if
 * it comes out when all doubtful lines are taken alike, and their shape agrees:
 * either the page is wrapped at its longest lines and only numbers begin rows, or
 * it isn't and every line is a row. Otherwise the rows on both sides are unplaced.
 * A count that is wrong by just as many rows as lines are doubtful can't be seen.
 */
#ifndef DHRLEDGER_PAGE_SPLIT_H
#define DHRLEDGER_PAGE_SPLIT_H

#include "dhrledger/ledger.h"
#include "dhrledger/page.h"

/*
 * Turn page->flat into rows, or unplaced lines with the whole row as their text;
 * page->flat is empty afterwards. The order is that of the page's lines. Remarks
 * name addressees that are two known names with nothing between. The ledger and
 * the names are read only; what is new lives in the arena.
 */
void dhr_page_split(struct dhr_page *page, const struct dhr_ledger *ledger,
                    const struct dhr_str *names, size_t name_count, struct dhr_arena *arena);

#endif
