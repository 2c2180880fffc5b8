/* Importing a CSV: what the verb import leaves to import_csv.c; and the verb's options. */
#ifndef CLI_IMPORT_CSV_H
#define CLI_IMPORT_CSV_H

#include "cli.h"
#include "target.h"

struct import_options {
    bool dry;
    bool commit;
    bool partial;
    bool new_records;
    const char *why;
    const char *as;
    const char *review;
    const char *base;
    const char *map_file;
    const char *agencies; /* of a page */
    struct option_list maps;
};

/* Where the changes go; before anything is planned, since it remembers the branch's tip. */
int import_open_target(struct cli *cli, struct cli_target *target,
                       const struct import_options *options);

/* Whether the file is to be read as CSV: by its name, or by its first line. */
bool import_is_csv(const char *name, struct dhr_str bytes);

/* Plan it, and unless options->dry do it. Returns the exit status. */
int import_csv(struct cli *cli, const char *name, struct dhr_str bytes,
               const struct import_options *options);

#endif
