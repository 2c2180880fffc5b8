#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "dhrledger/file.h"
#include "dhrledger/ident.h"
#include "dhrledger/ini.h"

/* What fmt counts over all files. */
struct formatting {
    struct cli *cli;
    bool check;
    size_t changed;
    size_t refused;
};

static int format_file(struct formatting *f, const char *shown, int dirfd, const char *name,
                       enum dhr_record_kind kind)
{
    struct cli *cli = f->cli;
    struct dhr_str bytes = {NULL, 0};
    struct dhr_ini ini = {0};
    struct dhr_findings findings = {0};
    struct dhr_buf out = {0};
    if (dhr_file_read(dirfd, name, DHR_RECORD_MAX_BYTES, &cli->arena, &bytes, &cli->err) < 0)
        return -1;
    dhr_ini_parse(&ini, kind, shown, bytes, &findings);
    int rc = 0;
    if (dhr_ini_format(&ini, &out, &cli->err) < 0) {
        cli_note("dhrledger: %s", cli->err.text);
        f->refused++;
    } else if (!dhr_str_eq(dhr_buf_str(&out), bytes)) {
        f->changed++;
        if (f->check)
            (void)printf("%s\n", shown);
        else
            rc = dhr_file_replace(dirfd, name, dhr_buf_str(&out), 0666, &cli->err);
    }
    dhr_buf_release(&out);
    dhr_findings_release(&findings);
    dhr_ini_release(&ini);
    return rc;
}

static int format_named(struct formatting *f, int root, char **names)
{
    for (; *names; names++) {
        enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
        const char *path = cli_record_path(f->cli, *names, &kind);
        if (!path && access(*names, F_OK) != 0)
            return dhr_fail_errno(&f->cli->err, DHR_UNREADABLE, "%s: can't be found", *names);
        if (!path)
            return dhr_fail(&f->cli->err, DHR_USAGE,
                            "%s: not a record of the ledger in %s; name files below reviews/ or "
                            "agencies/",
                            *names, f->cli->root);
        if (format_file(f, path, root, path, kind) < 0)
            return -1;
    }
    return 0;
}

static int format_all(struct formatting *f, int root)
{
    struct cli *cli = f->cli;
    struct dhr_catalog catalog;
    if (cli_list(cli, &catalog) < 0)
        return -1;
    for (size_t i = 0; i < catalog.count; i++) {
        enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
        struct dhr_str id = {NULL, 0};
        const char *path = catalog.entries[i].path;
        if (catalog.entries[i].kind == DHR_ENTRY_FILE &&
            dhr_ident_of_path(dhr_str_of(path), &kind, &id) &&
            format_file(f, path, root, path, kind) < 0)
            return -1;
    }
    return 0;
}

int cli_verb_fmt(struct cli *cli, int argc, char **argv)
{
    struct formatting f = {.cli = cli};
    const struct option_def options[] = {
        {"check", 0, OPTION_FLAG, &f.check, NULL,
         "Only list the files that would change; status 1 if there are any."},
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0 || cli_find(cli) < 0)
        return cli_fail(cli);
    if (!cli->root) {
        (void)dhr_fail(&cli->err, DHR_UNREADABLE,
                       "a bare repository has no files to format; run this in a clone");
        return cli_fail(cli);
    }
    int root = open(cli->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root < 0) {
        (void)dhr_fail_errno(&cli->err, DHR_UNREADABLE, "%s: can't be opened", cli->root);
        return cli_fail(cli);
    }
    int rc = argc ? format_named(&f, root, argv) : format_all(&f, root);
    (void)close(root);
    if (rc < 0)
        return cli_fail(cli);
    if (f.check)
        return f.changed || f.refused ? DHR_FOUND : DHR_OK;
    cli_note("%zu file%s changed", f.changed, f.changed == 1 ? "" : "s");
    return f.refused ? DHR_FOUND : DHR_OK;
}
