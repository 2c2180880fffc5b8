/*
 * Importing pages: what the verb import leaves to import_page.c, and what that shares
 * with import_page_print.c and import_page_write.c.
 */
#ifndef CLI_IMPORT_PAGE_H
#define CLI_IMPORT_PAGE_H

#include "dhrledger/map.h"
#include "dhrledger/page_import.h"
#include "import_csv.h"
#include "progress.h"
#include "target.h"

/* The bytes of a file, or with "-" of standard input. In verb_import.c. */
int import_read(struct cli *cli, const char *name, struct dhr_str *bytes, struct dhr_err *err);

/*
 * Plan all pages, and unless options->dry write them, all or none (--partial: those
 * that can be). `first` is the only page where it has been read already, or NULL.
 * Returns the exit status.
 */
int import_pages(struct cli *cli, char *const *names, size_t count, const struct dhr_str *first,
                 const struct import_options *options);

/* One file of the command line, and what came of it. */
struct page_file {
    const char *name;
    struct dhr_page page;
    struct dhr_import_result result;
    bool planned;       /* result says what it is */
    struct dhr_err err; /* a status where it can't be imported, or not all of it */
};

struct page_run {
    struct cli *cli;
    const struct import_options *options;
    struct page_file *files;
    size_t count;
    size_t left_out; /* files that can't be imported */
    struct dhr_import import;
    struct cli_target target;
    struct progress progress;
    struct dhr_map committed; /* paths at the branch's tip, with --commit */
};

/* "s" unless there is one. */
const char *import_plural(size_t count);

/* What came of each file, in order; data on standard output, all else on standard error. */
void import_print(struct page_run *run, bool written);

/* How to record what was written. */
void import_print_hint(const struct page_run *run);

/* With --commit: what the branch's tip has; fails where a new record would refer past it. */
int import_check_tip(struct page_run *run);

/* Whether the tip has the path. */
bool import_has_committed(const struct page_run *run, const char *path);

/* Write the planned files or commit them; with -n show the commit's message. */
int import_write(struct page_run *run);

#endif
