/* Splitting the rows of a flattened page: what the verb import leaves to import_split.c. */
#ifndef CLI_IMPORT_SPLIT_H
#define CLI_IMPORT_SPLIT_H

#include "cli.h"
#include "dhrledger/agency_index.h"
#include "dhrledger/page.h"

/*
 * Take the page's flat rows apart by the agencies known so far and those of the file
 * `agencies` (NULL: none). Fails where the file can't be read, where the page
 * holds a second one, or far too many lines for one review.
 */
int import_split_page(struct cli *cli, const char *name, struct dhr_page *page,
                      const char *agencies, const struct dhr_agency_index *known,
                      struct dhr_err *err);

#endif
