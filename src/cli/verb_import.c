#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "dhrledger/csv_read.h"
#include "dhrledger/file.h"
#include "dhrledger/import.h"
#include "dhrledger/utf8.h"
#include "import_csv.h"

enum { PAGE_MAX_BYTES = 16 * 1024 * 1024 };

/* A file that is far too large is refused before it is read. */
static int read_input(struct cli *cli, const char *name, struct dhr_str *bytes)
{
    bool standard_input = strcmp(name, "-") == 0;
    int fd = standard_input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    struct stat st;
    if (fd < 0)
        return dhr_fail_errno(&cli->err, DHR_UNREADABLE, "%s: can't be opened", name);
    int rc = 0;
    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > DHR_CSV_MAX_BYTES)
        rc = dhr_fail(&cli->err, DHR_FOUND,
                      "%s: larger than %d MiB, so it was not read; check that it is the right file",
                      name, DHR_CSV_MAX_BYTES / (1024 * 1024));
    else
        rc = dhr_file_read_fd(fd, name, DHR_CSV_MAX_BYTES, &cli->arena, bytes, &cli->err);
    if (!standard_input)
        (void)close(fd);
    return rc;
}

static int check_page(struct cli *cli, const char *name, struct dhr_str bytes)
{
    if (bytes.len > PAGE_MAX_BYTES)
        return dhr_fail(&cli->err, DHR_FOUND,
                        "%s: larger than %d bytes; a page holds far less, so check that it is the "
                        "right file",
                        name, PAGE_MAX_BYTES);
    size_t valid = dhr_utf8_valid_len(bytes);
    size_t bad = valid < bytes.len ? valid : bytes.len;
    const char *nul = bytes.len ? memchr(bytes.ptr, '\0', bytes.len) : NULL;
    if (nul && (size_t)(nul - bytes.ptr) < bad)
        bad = (size_t)(nul - bytes.ptr);
    if (bad == bytes.len)
        return 0;
    size_t line = 1;
    for (size_t i = 0; i < bad; i++)
        line += bytes.ptr[i] == '\n';
    return dhr_fail(
        &cli->err, DHR_FOUND,
        "%s:%zu: byte 0x%02X is not text in UTF-8; save the page as UTF-8 and import it "
        "again",
        name, line, (unsigned char)bytes.ptr[bad]);
}

static void note_lines(const char *name, const struct dhr_page_line *lines, size_t count,
                       const char *what)
{
    for (size_t i = 0; i < count; i++)
        cli_note("%s:%u: %s: %s: %.*s", name, lines[i].line, what, lines[i].why,
                 DHR_ARG(lines[i].text));
}

static void print_plan(const struct dhr_import *import, bool dry)
{
    (void)printf("reviews/%.*s: %zu recommendation%s%s\n", DHR_ARG(import->review),
                 import->recommendations, import->recommendations == 1 ? "" : "s",
                 dry ? " (nothing written)" : "");
    for (size_t i = 0; i < import->file_count; i++) {
        if (strncmp(import->files[i].path, "agencies/", 9) == 0)
            (void)printf("new %s\n", import->files[i].path);
    }
    for (size_t i = 0; i < import->note_count; i++)
        cli_note("%s", import->notes[i]);
}

static int import_page(struct cli *cli, const char *name, struct dhr_str bytes,
                       struct dhr_import *import, bool dry)
{
    struct dhr_page page;
    if (check_page(cli, name, bytes) < 0)
        return -1;
    dhr_page_parse(&page, bytes, &cli->arena);
    note_lines(name, page.leftover, page.leftover_count, "not recorded");
    note_lines(name, page.unplaced, page.unplaced_count, "can't be placed");
    if (page.unplaced_count)
        return dhr_fail(&cli->err, DHR_FOUND, "%s: %zu row%s can't be placed; nothing was written",
                        name, page.unplaced_count, page.unplaced_count == 1 ? "" : "s");
    struct dhr_err why = {0};
    if (dhr_import_page(import, &page, &cli->ledger, &cli->arena, &why) < 0)
        return dhr_fail(&cli->err, why.status, "%s: %s", name, why.text);
    if (!dry && dhr_import_write(import, cli->root, &cli->err) < 0)
        return -1;
    print_plan(import, dry);
    if (!dry)
        cli_note("Look it over, then record it:\n  git add reviews agencies\n  git commit -m "
                 "\"%.*s: import\"",
                 DHR_ARG(import->review));
    return 0;
}

/* Options that speak of columns and changes are for CSV alone. */
static bool has_csv_option(const struct import_options *o)
{
    return o->commit || o->partial || o->why || o->review || o->base || o->map_file ||
           o->maps.count;
}

static int run(struct cli *cli, const char *name, const struct import_options *options)
{
    struct dhr_str bytes = {NULL, 0};
    struct dhr_import import = {0};
    if (cli_load(cli) < 0)
        return cli_fail(cli);
    if (!cli->root) {
        (void)dhr_fail(&cli->err, DHR_UNREADABLE,
                       "a bare repository has no folder to import into; run this in a clone");
        return cli_fail(cli);
    }
    cli_warn_faults(cli);
    if (read_input(cli, name, &bytes) < 0)
        return cli_fail(cli);
    if (import_is_csv(name, bytes))
        return import_csv(cli, name, bytes, options);
    int rc = has_csv_option(options)
                 ? dhr_fail(&cli->err, DHR_USAGE,
                            "%s: not a CSV, so -n is the only option it can have; name the file "
                            "*.csv if it is one",
                            name)
                 : import_page(cli, name, bytes, &import, options->dry);
    dhr_import_release(&import);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}

int cli_verb_import(struct cli *cli, int argc, char **argv)
{
    struct import_options o = {0};
    const struct option_def options[] = {
        {"dry-run", 'n', OPTION_FLAG, &o.dry, NULL, "Show what would be done; write nothing."},
        {"commit", 0, OPTION_FLAG, &o.commit, NULL, "CSV: make one commit of the changes."},
        {"message", 'm', OPTION_VALUE, &o.why, "WHY", "CSV: the reason, for the commit's message."},
        {"partial", 0, OPTION_FLAG, &o.partial, NULL,
         "CSV: write what can be placed, though something can't."},
        {"review", 0, OPTION_VALUE, &o.review, "ID", "CSV: the review that an action plan is of."},
        {"map-column", 0, OPTION_LIST, &o.maps, "MAP",
         "CSV: HEADING=KEY, what a column is; can be repeated."},
        {"map", 0, OPTION_VALUE, &o.map_file, "FILE", "CSV: the same, a line for each column."},
        {"base", 0, OPTION_VALUE, &o.base, "REV",
         "CSV: the commit that rows were exported from, if they don't say."},
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    if (argc != 1) {
        (void)dhr_fail(&cli->err, DHR_USAGE,
                       "import takes one FILE, a page saved as text or a CSV, or - for standard "
                       "input");
        return cli_fail(cli);
    }
    return run(cli, argv[0], &o);
}
