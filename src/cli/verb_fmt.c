#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
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

/* A path as typed, from the ledger's root: "reviews/durham-2012/3.ini". NULL if it is no record. */
static const char *record_path(struct cli *cli, const char *typed, enum dhr_record_kind *kind)
{
    char real[PATH_MAX];
    struct dhr_str id = {NULL, 0};
    size_t root_len = strlen(cli->root);
    if (!realpath(typed, real)) {
        (void)dhr_fail_errno(&cli->err, DHR_UNREADABLE, "%s: can't be found", typed);
        return NULL;
    }
    bool inside = strncmp(real, cli->root, root_len) == 0 && real[root_len] == '/';
    const char *path = inside ? real + root_len + 1 : "";
    if (!dhr_ident_of_path(dhr_str_of(path), kind, &id)) {
        (void)dhr_fail(&cli->err, DHR_USAGE,
                       "%s: not a record of the ledger in %s; name files below reviews/ or "
                       "agencies/",
                       typed, cli->root);
        return NULL;
    }
    return dhr_arena_dup(&cli->arena, path, strlen(path));
}

static int format_named(struct formatting *f, int root, char **names)
{
    for (; *names; names++) {
        enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
        const char *path = record_path(f->cli, *names, &kind);
        if (!path || format_file(f, path, root, path, kind) < 0)
            return -1;
    }
    return 0;
}

static int format_all(struct formatting *f, int root)
{
    struct cli *cli = f->cli;
    struct dhr_entry *entries = NULL;
    size_t count = 0;
    if (dhr_source_open_folder(&cli->source, cli->root, &cli->err) < 0 ||
        dhr_source_list(cli->source, &cli->arena, &entries, &count, &cli->err) < 0)
        return -1;
    for (size_t i = 0; i < count; i++) {
        enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
        struct dhr_str id = {NULL, 0};
        const char *path = entries[i].path;
        if (entries[i].kind == DHR_ENTRY_FILE && dhr_ident_of_path(dhr_str_of(path), &kind, &id) &&
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
         "Change nothing: list the files that are not canonical, and exit with status 1."},
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
