/*
 * What the verbs share: options, the ledger they work on, and their output.
 *
 *     int dhr_verb_list(struct cli *cli, int argc, char **argv)
 *     {
 *         struct option_def options[] = {CLI_REPORT_OPTIONS(cli), OPTIONS_END};
 *         if (cli_parse(cli, options, &argc, &argv) < 0 || cli_load(cli) < 0)
 *             return cli_fail(cli);
 *         …
 *     }
 *
 * A verb returns an exit status. main opens and closes everything in struct cli.
 */
#ifndef DHRLEDGER_CLI_H
#define DHRLEDGER_CLI_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/types.h>

#include "dhrledger/catalog.h"
#include "dhrledger/check.h"
#include "dhrledger/date.h"
#include "dhrledger/err.h"
#include "dhrledger/findings_write.h"
#include "dhrledger/ledger.h"
#include "dhrledger/privacy.h"
#include "dhrledger/query.h"
#include "dhrledger/reports.h"
#include "dhrledger/repo.h"
#include "dhrledger/source.h"
#include "dhrledger/table.h"

#ifndef DHR_VERSION
#define DHR_VERSION "0.1.0"
#endif

enum option_kind { OPTION_FLAG, OPTION_VALUE, OPTION_LIST };

/* The values of an option that can be repeated; in the arena. */
struct option_list {
    const char **items;
    size_t count;
};

/* One option of a verb: where its value goes, and what --help says about it. */
struct option_def {
    const char *name; /* "today", without dashes; NULL ends the array */
    char letter;      /* 'O', or 0 */
    enum option_kind kind;
    void *target; /* bool * of a flag, const char ** of a value, struct option_list * of a list */
    const char *argument; /* "DATE" */
    const char *help;
};

/* clang-format off */
#define OPTIONS_END {NULL, 0, OPTION_FLAG, NULL, NULL, NULL}

#define CLI_FOLDER_OPTION(cli)                                                                     \
    {"directory", 'C', OPTION_VALUE, &(cli)->folder, "DIR", "Work on the ledger in DIR."}

#define CLI_OUTPUT_OPTIONS(cli)                                                                    \
    CLI_OUTPUT_OPTIONS_AS(cli, "Write text, csv, json, ndjson or md.")

#define CLI_OUTPUT_OPTIONS_AS(cli, help)                                                           \
    {"output-format", 'O', OPTION_VALUE, &(cli)->format_name, "FORMAT", help},                     \
    {"output", 'o', OPTION_VALUE, &(cli)->output, "FILE",                                          \
     "Write to FILE; its ending chooses the format."},                                             \
    {"color", 0, OPTION_VALUE, &(cli)->colour, "WHEN", "auto, always or never."}

#define CLI_REPORT_OPTIONS(cli)                                                                    \
    {"today", 0, OPTION_VALUE, &(cli)->today_text, "DATE", "Report as if today were DATE."},       \
    {"at", 0, OPTION_VALUE, &(cli)->at, "REV",                                                     \
     "Report on the ledger as it stood at a revision or on a date."},                              \
    {"exit-code", 0, OPTION_FLAG, &(cli)->exit_code, NULL,                                         \
     "Exit with status 1 if there is anything to report."},                                        \
    CLI_OUTPUT_OPTIONS(cli), CLI_FOLDER_OPTION(cli)

/* For verbs that take values. */
#define CLI_VALUES_OPTION(cli)                                                                     \
    {"today", 0, OPTION_VALUE, &(cli)->today_text, "DATE",                                         \
     "What \"today\" as a value means, and the date of a note without one."}

/* For reports whose lines are addressees and actions. */
#define CLI_LINES_OPTIONS(cli)                                                                     \
    {"columns", 0, OPTION_VALUE, &(cli)->columns, "NAMES", "Show these columns: id,agency,due."},  \
    {"sort", 0, OPTION_VALUE, &(cli)->sort, "NAMES", "Sort by columns: due,-status."},             \
    {"group-by", 0, OPTION_VALUE, &(cli)->group_by, "NAME", "Bring together what has NAME alike."},\
    CLI_REPORT_OPTIONS(cli)
/* clang-format on */

struct verb;

struct cli {
    const struct verb *verb;
    struct dhr_err err;
    struct dhr_arena arena;

    const char *folder; /* -C */
    const char *today_text;
    const char *at;
    const char *format_name;
    const struct dhr_findings_format *more_formats; /* of this verb, besides those of tables */
    const char *output;
    const char *colour;
    const char *columns;
    const char *sort;
    const char *group_by;
    bool exit_code;

    dhr_day today;
    struct dhr_repo *repo; /* NULL outside any repository */
    const char *root; /* the ledger's folder, absolute, without a slash at the end; NULL if bare */
    const char *prefix;    /* the root inside the repository: "" or "sub/folder" */
    bool placed;           /* in a bare repository: the prefix is known */
    const char *at_commit; /* what --at stands for, as a revision */
    struct dhr_source *source;
    struct dhr_ledger ledger;
    bool loaded;
    struct dhr_guard *guard; /* guard.h; NULL until it is asked for */
    bool watches;            /* set before cli_load: look for personal data on the way */
    struct dhr_watch watch;
    struct dhr_query query;
    char **asked; /* the arguments that are the query; of main's */
    int asked_count;
    char revision[DHR_COMMIT_ID_SIZE]; /* that the ledger was read at; empty outside git */
};

/* What main opens before a verb runs. */
enum verb_need { NEEDS_NOTHING, NEEDS_GIT };

struct verb {
    const char *name;
    int (*run)(struct cli *cli, int argc, char **argv);
    enum verb_need need;
    const char *arguments; /* "[ID…]" for the usage line */
    const char *summary;
};

/* All verbs, ended by a NULL name. */
extern const struct verb cli_verbs[];

/* The verb of that name; NULL and a usage sentence, which may name a similar one. */
const struct verb *cli_verb(struct cli *cli, const char *name);

/*
 * Take the options off argv, wherever they stand ("--" ends them); what is left
 * are the arguments, and argv[argc] is NULL. --help prints the verb's help and
 * ends the process with status 0. -1 and a usage sentence for an unknown option.
 */
int cli_parse(struct cli *cli, const struct option_def *options, int *argc, char ***argv);

/* Add to the end of a list. */
void cli_list_add(struct cli *cli, struct option_list *list, const char *value);

/* Fail unless no arguments are left. */
int cli_no_arguments(struct cli *cli, int argc, char **argv);

/* Find the repository and the ledger's root in or above the folder. */
int cli_find(struct cli *cli);

/*
 * For a folder, absolute, that is to be a ledger's root: fails where it is inside
 * another. cli->repo is open already, or NULL.
 */
int cli_find_new(struct cli *cli, const char *folder);

/*
 * In a bare repository the ledger is where git config dhrledger.folder says, or else where this
 * commit has one; an empty id is none. cli_find takes HEAD.
 */
int cli_place_bare(struct cli *cli, const char *commit_id);

/* cli_find, then today, then read the ledger (--at, else the work tree, else HEAD of a bare one).
 */
int cli_load(struct cli *cli);

/* The day of --today, DHRLEDGER_TODAY or the clock. cli_load calls it. */
int cli_today(struct cli *cli);

/* After cli_find, where there is a work tree: the names of its records, without reading them. */
int cli_list(struct cli *cli, struct dhr_catalog *catalog);

/*
 * dhr_catalog_resolve, and before it: a path from the current folder to a record
 * of this ledger, as a shell completes it.
 */
int cli_resolve(struct cli *cli, const struct dhr_catalog *catalog, const char *typed,
                struct dhr_name *name);

/*
 * The path of a record from the ledger's root ("reviews/durham-2012/3.ini") for
 * an existing file typed as a path from the current folder; NULL if it is none.
 * In the arena.
 */
const char *cli_record_path(struct cli *cli, const char *typed, enum dhr_record_kind *kind);

/*
 * Print the sentence in cli->err to stderr and return its status. Where it is standard output
 * that failed, cli_flush says so.
 */
int cli_fail(const struct cli *cli);

/* Print a line to stderr, made safe for a terminal. */
void cli_note(const char *fmt, ...) DHR_PRINTF(1, 2);

/*
 * Print safe lines to stderr, below what went to stdout so far: where both go to one file, as in
 * a CI log, a sentence must not stand inside a line of output.
 */
void cli_note_lines(const struct dhr_buf *text);

/* -O, or -o's ending, or "text"; whether there is such a format is not asked. */
const char *cli_format_name(struct cli *cli);

/* What -O can be, for the verb's help. In the arena. */
const char *cli_format_help(struct cli *cli);

/* cli_format_name as a format of tables. */
int cli_format(struct cli *cli, enum dhr_format *format);

/* How text is to look on standard output, or in FILE with -o. */
int cli_style(struct cli *cli, struct dhr_style *style);

/*
 * A stream to the user's pager; NULL where standard output is no terminal, or none is wanted.
 * Closing waits for it. How it ended is between the user and the pager.
 */
FILE *cli_open_pager(struct cli *cli, pid_t *process);
void cli_close_pager(FILE *file, pid_t process);

/*
 * Where the output goes: to standard output, there through a pager on a terminal. With -o it is
 * kept in memory and replaces the file in cli_close_output, so that FILE is never half written.
 */
struct cli_output {
    FILE *file;
    pid_t pager; /* 0: none */
    char *memory;
    size_t len;
};
int cli_open_output(struct cli *cli, struct cli_output *output);

/*
 * `rc` is how the writing went; returned, or -1 where the end of it failed. With a failure FILE
 * stays as it was. A pager that has seen enough is none.
 */
int cli_close_output(struct cli *cli, struct cli_output *output, int rc);

/* All of it, where the output goes. */
int cli_write_text(struct cli *cli, const struct dhr_buf *text);

/*
 * The last thing before the process ends with the status: a report that did not reach its
 * reader is a failure, named on stderr unless the reader went away.
 */
int cli_flush(int status);

/* Take the arguments as a query. Before cli_load, so that a slip costs nothing. */
int cli_query(struct cli *cli, int argc, char **argv);

/* What the options and the query ask of a report, after cli_load. */
struct dhr_view cli_view(struct cli *cli);

/* Write a table as the options ask; its rows decide the status with --exit-code. Frees the table.
 */
int cli_write_table(struct cli *cli, struct dhr_table *table);

/* Say on stderr that the ledger has faults which may make a report incomplete. */
void cli_warn_faults(const struct cli *cli);

/* Fail unless -m gives a reason that can go into a commit's message. */
int cli_check_reason(struct cli *cli, const char *why);

/* Say on stderr that there are no recommendations yet, and how to get some. */
void cli_explain_no_records(void);

/* Why a query found nothing: an id by itself is a word of the text. */
void cli_explain_no_match(const struct cli *cli);

int cli_verb_agencies(struct cli *cli, int argc, char **argv);
int cli_verb_check(struct cli *cli, int argc, char **argv);
int cli_verb_due(struct cli *cli, int argc, char **argv);
int cli_verb_explain(struct cli *cli, int argc, char **argv);
int cli_verb_export(struct cli *cli, int argc, char **argv);
int cli_verb_fmt(struct cli *cli, int argc, char **argv);
int cli_verb_gaps(struct cli *cli, int argc, char **argv);
int cli_verb_help(struct cli *cli, int argc, char **argv);
int cli_verb_hook(struct cli *cli, int argc, char **argv);
int cli_verb_import(struct cli *cli, int argc, char **argv);
int cli_verb_init(struct cli *cli, int argc, char **argv);
int cli_verb_list(struct cli *cli, int argc, char **argv);
int cli_verb_mv(struct cli *cli, int argc, char **argv);
int cli_verb_new(struct cli *cli, int argc, char **argv);
int cli_verb_overdue(struct cli *cli, int argc, char **argv);
int cli_verb_rm(struct cli *cli, int argc, char **argv);
int cli_verb_schema(struct cli *cli, int argc, char **argv);
int cli_verb_set(struct cli *cli, int argc, char **argv);
int cli_verb_show(struct cli *cli, int argc, char **argv);
int cli_verb_status(struct cli *cli, int argc, char **argv);
int cli_verb_version(struct cli *cli, int argc, char **argv);

#endif
