#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "cli.h"
#include "dhrledger/file.h"
#include "dhrledger/utf8.h"

static const struct {
    const char *name;
    enum dhr_format format;
} formats[] = {{"text", DHR_FORMAT_TEXT},
               {"csv", DHR_FORMAT_CSV},
               {"json", DHR_FORMAT_JSON},
               {"ndjson", DHR_FORMAT_NDJSON},
               {"md", DHR_FORMAT_MARKDOWN}};

enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };

/* "text, csv and json" */
static const char *list_formats(struct cli *cli, const char *last)
{
    const struct dhr_findings_format *more = cli->more_formats;
    const char *list = formats[0].name;
    for (size_t i = 1; i < FORMATS; i++)
        list = dhr_arena_printf(&cli->arena, "%s%s%s", list, i + 1 < FORMATS || more ? ", " : last,
                                formats[i].name);
    for (; more && more->name; more++)
        list =
            dhr_arena_printf(&cli->arena, "%s%s%s", list, more[1].name ? ", " : last, more->name);
    return list;
}

const char *cli_format_help(struct cli *cli)
{
    return dhr_arena_printf(&cli->arena, "Write %s.", list_formats(cli, " or "));
}

const char *cli_format_name(struct cli *cli)
{
    if (cli->output && strcmp(cli->output, "-") == 0)
        cli->output = NULL;
    if (cli->format_name || !cli->output)
        return cli->format_name ? cli->format_name : "text";
    const char *dot = strrchr(cli->output, '.');
    return dot && !strchr(dot, '/') && strcmp(dot, ".txt") != 0 ? dot + 1 : "text";
}

int cli_format(struct cli *cli, enum dhr_format *format)
{
    const char *name = cli_format_name(cli);
    for (size_t i = 0; i < FORMATS; i++) {
        if (strcmp(name, formats[i].name) == 0) {
            *format = formats[i].format;
            return 0;
        }
    }
    if (!cli->format_name)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "%s: no format has the ending .%s; end it in .txt, .csv, .json, "
                        ".ndjson or .md, or choose with -O",
                        cli->output, name);
    return dhr_fail(&cli->err, DHR_USAGE, "-O %s: the formats are %s", name,
                    list_formats(cli, " and "));
}

/* The terminal's width; COLUMNS where it doesn't say; 0, unlimited, for a pipe or file. */
static size_t width_of(bool terminal)
{
    struct winsize size = {0};
    if (terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
        return size.ws_col;
    const char *columns = getenv("COLUMNS");
    char *end = NULL;
    unsigned long value = columns ? strtoul(columns, &end, 10) : 0;
    if (columns && end != columns && *end == '\0' && value > 0 && value < 10000)
        return value;
    return terminal ? 80 : 0;
}

int cli_style(struct cli *cli, struct dhr_style *style)
{
    bool terminal = !cli->output && isatty(STDOUT_FILENO);
    const char *no_colour = getenv("NO_COLOR");
    const char *when = cli->colour ? cli->colour : "auto";
    *style = (struct dhr_style){.width = cli->output ? 0 : width_of(terminal),
                                .ascii = strcmp(nl_langinfo(CODESET), "UTF-8") != 0};
    if (strcmp(when, "auto") == 0)
        style->colour = terminal && (!no_colour || !*no_colour);
    else if (strcmp(when, "always") == 0)
        style->colour = true;
    else if (strcmp(when, "never") != 0)
        return dhr_fail(&cli->err, DHR_USAGE, "--color %s: write auto, always or never", when);
    return 0;
}

int cli_query(struct cli *cli, int argc, char **argv)
{
    cli->asked = argv;
    cli->asked_count = argc;
    for (int i = 0; i < argc; i++) {
        if (dhr_query_add(&cli->query, argv[i], &cli->arena, &cli->err) < 0)
            return -1;
    }
    return 0;
}

struct dhr_view cli_view(struct cli *cli)
{
    enum { WIDE_COLUMNS = 140 };
    struct dhr_style style = {0};
    enum dhr_format format = DHR_FORMAT_CSV;
    (void)cli_style(cli, &style);
    (void)cli_format(cli, &format);
    return (struct dhr_view){.ledger = &cli->ledger,
                             .today = cli->today,
                             .query = cli->query.terms ? &cli->query : NULL,
                             .for_people =
                                 format == DHR_FORMAT_TEXT || format == DHR_FORMAT_MARKDOWN,
                             .wide = style.width == 0 || style.width >= WIDE_COLUMNS,
                             .columns = cli->columns,
                             .sort = cli->sort,
                             .group_by = cli->group_by,
                             .revision = cli->revision};
}

int cli_open_output(struct cli *cli, struct cli_output *output)
{
    *output = (struct cli_output){.file = stdout};
    if (!cli->output) {
        FILE *pager = cli_open_pager(cli, &output->pager);
        output->file = pager ? pager : stdout;
        return 0;
    }
    output->file = open_memstream(&output->memory, &output->len);
    if (!output->file)
        return dhr_fail_errno(&cli->err, DHR_SYSTEM, "%s: can't be prepared", cli->output);
    return 0;
}

int cli_close_output(struct cli *cli, struct cli_output *output, int rc)
{
    bool pager_ended = rc < 0 && output->pager && errno == EPIPE;
    if (output->pager)
        cli_close_pager(output->file, output->pager);
    else if (cli->output && fclose(output->file) != 0 && rc == 0)
        rc = dhr_fail_errno(&cli->err, DHR_SYSTEM, "%s: can't be written", cli->output);
    if (cli->output && rc == 0)
        rc = dhr_file_replace(AT_FDCWD, cli->output, dhr_str_span(output->memory, output->len),
                              0666, &cli->err);
    free(output->memory);
    return pager_ended ? 0 : rc;
}

int cli_write_text(struct cli *cli, const struct dhr_buf *text)
{
    struct cli_output output;
    if (cli_open_output(cli, &output) < 0)
        return -1;
    (void)fputs(text->ptr ? text->ptr : "", output.file);
    return cli_close_output(cli, &output, 0);
}

int cli_write_table(struct cli *cli, struct dhr_table *table)
{
    struct dhr_style style;
    enum dhr_format format = DHR_FORMAT_TEXT;
    struct cli_output output;
    int rc = -1;
    size_t rows = dhr_table_rows(table);
    if (cli_format(cli, &format) == 0 && cli_style(cli, &style) == 0 &&
        cli_open_output(cli, &output) == 0) {
        if (format != DHR_FORMAT_TEXT || rows > 0)
            rc = dhr_table_write(table, format, &style, output.file, &cli->err);
        else
            rc = 0;
        rc = cli_close_output(cli, &output, rc);
    }
    dhr_table_free(table);
    if (rc < 0)
        return cli_fail(cli);
    return cli->exit_code && rows ? DHR_FOUND : DHR_OK;
}

int cli_flush(int status)
{
    bool lost = ferror(stdout);
    errno = 0;
    if (fflush(stdout) == 0 && !lost)
        return status;
    /* Where it failed before now, the reason is gone: a byte more brings it back. */
    if (errno == 0)
        (void)!write(STDOUT_FILENO, "\n", 1);
    int reason = errno;
    if (reason != EPIPE)
        cli_note("dhrledger: standard output can't be written: %s",
                 reason ? strerror(reason) : "an earlier part of it failed");
    return status == DHR_OK || status == DHR_FOUND ? DHR_SYSTEM : status;
}
