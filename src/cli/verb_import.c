#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "dhrledger/csv_read.h"
#include "dhrledger/file.h"
#include "import_page.h"

static int open_input(const char *name, struct dhr_err *err)
{
    struct stat st;
    int fd = strcmp(name, "-") == 0 ? dup(STDIN_FILENO) : open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be opened", name);
    int rc = fstat(fd, &st);
    if (rc == 0 && S_ISDIR(st.st_mode))
        rc = dhr_fail(err, DHR_UNREADABLE, "%s: is a folder; name the files in it (%s%s*.txt)",
                      name, name, name[strlen(name) - 1] == '/' ? "" : "/");
    /* A file that is far too large is refused before it is read. */
    else if (rc == 0 && S_ISREG(st.st_mode) && st.st_size > DHR_CSV_MAX_BYTES)
        rc = dhr_fail(err, DHR_FOUND,
                      "%s: larger than %d MiB, so it was not read; check that it is the right file",
                      name, DHR_CSV_MAX_BYTES / (1024 * 1024));
    if (rc == 0)
        return fd;
    (void)close(fd);
    return -1;
}

int import_read(struct cli *cli, const char *name, struct dhr_str *bytes, struct dhr_err *err)
{
    int fd = open_input(name, err);
    if (fd < 0)
        return -1;
    int rc = dhr_file_read_fd(fd, name, DHR_CSV_MAX_BYTES, &cli->arena, bytes, err);
    (void)close(fd);
    return rc;
}

int import_open_target(struct cli *cli, struct cli_target *target,
                       const struct import_options *options)
{
    *target = (struct cli_target){.cli = cli, .no_commit = !options->commit};
    if (options->commit && !cli->repo)
        return dhr_fail(&cli->err, DHR_UNREADABLE,
                        "%s: not in a git repository, so there is no history to commit to; leave "
                        "--commit out, or run \"git init\" there first",
                        cli->root);
    return cli_target_open(target);
}

static bool for_csv(const struct import_options *o)
{
    return o->new_records || o->review || o->base || o->map_file || o->maps.count;
}

/* What can be told of the command line alone. */
static int check_arguments(struct cli *cli, int argc, char **argv, const struct import_options *o)
{
    int inputs = 0;
    if (argc == 0)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "import takes one FILE or more, pages saved as text, or a CSV, or - for "
                        "standard input");
    for (int i = 0; i < argc; i++)
        inputs += strcmp(argv[i], "-") == 0;
    if (inputs > 1)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "-: standard input can be read once; name it only once");
    if (argc > 1 && o->as)
        return dhr_fail(&cli->err, DHR_USAGE, "--as gives an id to one review; name one FILE");
    if (argc > 1 && for_csv(o))
        return dhr_fail(&cli->err, DHR_USAGE,
                        "--new, --review, --base, --map and --map-column are for a CSV, and each "
                        "CSV is imported by itself; name one FILE");
    return 0;
}

/* Options that don't go with what the file is. */
static int check_options(struct cli *cli, const char *name, bool csv,
                         const struct import_options *o)
{
    if (csv && o->as)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "%s: is a CSV, and --as is for pages; --review says which review a plan "
                        "is of",
                        name);
    if (csv && o->agencies)
        return dhr_fail(&cli->err, DHR_USAGE, "%s: a CSV, and --agencies is for pages alone", name);
    if (!csv && for_csv(o))
        return dhr_fail(
            &cli->err, DHR_USAGE,
            "%s: not a CSV, so --new, --review, --base, --map and --map-column say nothing "
            "about it; name the file *.csv if it is one",
            name);
    if (!csv && o->why && !o->commit)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "-m is for a commit's message; give --commit, too, or leave it out");
    return 0;
}

static int run_one(struct cli *cli, char **argv, const struct import_options *options)
{
    struct dhr_str bytes = {NULL, 0};
    if (import_read(cli, argv[0], &bytes, &cli->err) < 0)
        return cli_fail(cli);
    bool csv = import_is_csv(argv[0], bytes);
    if (check_options(cli, argv[0], csv, options) < 0)
        return cli_fail(cli);
    if (csv)
        return import_csv(cli, argv[0], bytes, options);
    return import_pages(cli, argv, 1, &bytes, options);
}

static int run(struct cli *cli, int argc, char **argv, const struct import_options *options)
{
    if (cli_load(cli) < 0)
        return cli_fail(cli);
    if (!cli->root) {
        (void)dhr_fail(&cli->err, DHR_UNREADABLE,
                       "a bare repository has no folder to import into; run this in a clone");
        return cli_fail(cli);
    }
    cli_warn_faults(cli);
    if (argc == 1)
        return run_one(cli, argv, options);
    if (check_options(cli, argv[0], false, options) < 0)
        return cli_fail(cli);
    return import_pages(cli, argv, (size_t)argc, NULL, options);
}

int cli_verb_import(struct cli *cli, int argc, char **argv)
{
    struct import_options o = {0};
    const struct option_def options[] = {
        {"dry-run", 'n', OPTION_FLAG, &o.dry, NULL, "Show what would be done; write nothing."},
        {"commit", 0, OPTION_FLAG, &o.commit, NULL, "Make one commit of it all."},
        {"message", 'm', OPTION_VALUE, &o.why, "WHY", "The reason, for the commit's message."},
        {"partial", 0, OPTION_FLAG, &o.partial, NULL,
         "Write what can be placed, though something can't."},
        {"agencies", 0, OPTION_VALUE, &o.agencies, "FILE",
         "Page: names of agencies, one a line, that rows without column marks end with."},
        {"as", 0, OPTION_VALUE, &o.as, "ID",
         "Page: the id of the new review, or of the one that the page is of."},
        {"new", 0, OPTION_FLAG, &o.new_records, NULL,
         "CSV: rows that match no recommendation become new ones."},
        {"review", 0, OPTION_VALUE, &o.review, "ID", "CSV: the review that an action plan is of."},
        {"map-column", 0, OPTION_LIST, &o.maps, "MAP",
         "CSV: HEADING=KEY, what a column is; can be repeated."},
        {"map", 0, OPTION_VALUE, &o.map_file, "FILE", "CSV: the same, a line for each column."},
        {"base", 0, OPTION_VALUE, &o.base, "REV",
         "CSV: the commit that rows were exported from, if they don't say."},
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0 || check_arguments(cli, argc, argv, &o) < 0)
        return cli_fail(cli);
    return run(cli, argc, argv, &o);
}
