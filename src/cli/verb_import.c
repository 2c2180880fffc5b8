#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "dhrledger/file.h"
#include "dhrledger/import.h"
#include "dhrledger/utf8.h"

enum { PAGE_MAX_BYTES = 16 * 1024 * 1024 };

static int read_page(struct cli *cli, const char *name, struct dhr_str *bytes)
{
    bool standard_input = strcmp(name, "-") == 0;
    int fd = standard_input ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return dhr_fail_errno(&cli->err, DHR_UNREADABLE, "%s: can't be opened", name);
    int rc = dhr_file_read_fd(fd, name, PAGE_MAX_BYTES, &cli->arena, bytes, &cli->err);
    if (!standard_input)
        (void)close(fd);
    if (rc < 0)
        return -1;
    size_t valid = dhr_utf8_valid_len(*bytes);
    size_t bad = valid < bytes->len ? valid : bytes->len;
    const char *nul = bytes->len ? memchr(bytes->ptr, '\0', bytes->len) : NULL;
    if (nul && (size_t)(nul - bytes->ptr) < bad)
        bad = (size_t)(nul - bytes->ptr);
    if (bad == bytes->len)
        return 0;
    size_t line = 1;
    for (size_t i = 0; i < bad; i++)
        line += bytes->ptr[i] == '\n';
    return dhr_fail(
        &cli->err, DHR_FOUND,
        "%s:%zu: byte 0x%02X is not text in UTF-8; save the page as UTF-8 and import it "
        "again",
        name, line, (unsigned char)bytes->ptr[bad]);
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

static int import_page(struct cli *cli, const char *name, struct dhr_import *import, bool dry)
{
    struct dhr_str bytes = {NULL, 0};
    struct dhr_page page;
    if (read_page(cli, name, &bytes) < 0)
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
    return 0;
}

int cli_verb_import(struct cli *cli, int argc, char **argv)
{
    bool dry = false;
    const struct option_def options[] = {
        {"dry-run", 'n', OPTION_FLAG, &dry, NULL, "Show what would be made; write nothing."},
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    if (argc != 1) {
        (void)dhr_fail(&cli->err, DHR_USAGE,
                       "import takes one FILE, a page saved as text, or - for standard input");
        return cli_fail(cli);
    }
    if (cli_load(cli) < 0)
        return cli_fail(cli);
    if (!cli->root) {
        (void)dhr_fail(&cli->err, DHR_UNREADABLE,
                       "a bare repository has no folder to import into; run this in a clone");
        return cli_fail(cli);
    }
    cli_warn_faults(cli);
    struct dhr_import import = {0};
    int rc = import_page(cli, argv[0], &import, dry);
    if (rc == 0 && !dry)
        cli_note("Look it over, then record it:\n  git add reviews agencies\n  git commit -m "
                 "\"%.*s: import\"",
                 DHR_ARG(import.review));
    dhr_import_release(&import);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
