#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhrledger/ini.h"
#include "dhrledger/message.h"
#include "dhrledger/new_ledger.h"
#include "target.h"

struct beginning {
    struct cli *cli;
    struct cli_target target;
    const char *name;
    const char *ci;
    struct dhr_new_ledger plan;
    bool made; /* the folder is new */
};

/* The folder itself, made where it isn't there: everything else is found from it. */
static int find_folder(struct beginning *b, const char *typed, char *folder)
{
    struct cli *cli = b->cli;
    if (cli->folder && chdir(cli->folder) != 0)
        return dhr_fail_errno(&cli->err, DHR_UNREADABLE, "%s: can't go there", cli->folder);
    struct stat st;
    bool there = stat(typed, &st) == 0;
    if (there && !S_ISDIR(st.st_mode))
        return dhr_fail(&cli->err, DHR_USAGE, "%s: is not a folder", typed);
    if (!there && b->target.dry)
        return dhr_fail(&cli->err, DHR_USAGE, "%s: is not there, and a dry run makes no folder",
                        typed);
    if (!there && mkdir(typed, 0777) != 0)
        return dhr_fail_errno(&cli->err, DHR_SYSTEM, "%s: can't be made a folder", typed);
    b->made = !there;
    if (!realpath(typed, folder))
        return dhr_fail_errno(&cli->err, DHR_UNREADABLE, "%s: can't go there", typed);
    return 0;
}

static int parse_forge(struct beginning *b)
{
    const char *word = b->ci;
    if (word && strcmp(word, "none") != 0 && strcmp(word, "github") != 0 &&
        strcmp(word, "gitlab") != 0)
        return dhr_fail(&b->cli->err, DHR_USAGE, "--ci %s: write github, gitlab or none", word);
    b->plan.forge = dhr_forge_of(word);
    return 0;
}

/* A forge looks for its file at the repository's root alone. */
static int choose_forge(struct beginning *b)
{
    struct cli *cli = b->cli;
    bool at_root = !*cli->prefix;
    if (!at_root && b->plan.forge != DHR_FORGE_NONE)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "--ci: the file belongs at the repository's root, and this ledger is in "
                        "%s; make one in an empty folder, and move its file there",
                        cli->prefix);
    if (at_root && !b->ci && cli->repo)
        b->plan.forge = dhr_forge_of(dhr_repo_setting(cli->repo, "remote.origin.url", &cli->arena));
    return 0;
}

/* A ledger may be a folder of a bigger repository, but not of another ledger. */
static int find_place(struct beginning *b, const char *folder)
{
    struct cli *cli = b->cli;
    bool git = !b->target.no_commit && !b->target.dry;
    int rc = dhr_repo_open(&cli->repo, folder, &cli->err);
    if (rc == 0 && !cli->repo && git)
        rc = dhr_repo_create(&cli->repo, folder, &cli->err);
    if (rc == 0)
        rc = cli_find_new(cli, folder);
    if (rc == 0)
        rc = choose_forge(b);
    if (rc < 0 && b->made)
        (void)rmdir(folder);
    return rc;
}

static int look(struct beginning *b)
{
    struct cli *cli = b->cli;
    struct dhr_new_ledger *plan = &b->plan;
    for (unsigned i = 0; i < DHR_NEW_FILES; i++) {
        const char *mark = dhr_new_ledger_mark(i);
        struct stat st;
        const char *path = dhr_arena_printf(&cli->arena, "%s/%s", cli->root, mark);
        plan->there[i] = lstat(path, &st) == 0;
        if (!plan->there[i] && errno != ENOENT)
            return dhr_fail_errno(&cli->err, DHR_UNREADABLE, "%s: can't be looked at", path);
    }
    if (!plan->there[DHR_NEW_ATTRIBUTES])
        return 0;
    return cli_target_read(&b->target, dhr_new_ledger_mark(DHR_NEW_ATTRIBUTES), &cli->arena,
                           &plan->attributes, &cli->err);
}

static int choose_name(struct beginning *b)
{
    struct cli *cli = b->cli;
    const char *slash = strrchr(cli->root, '/');
    struct dhr_str name = dhr_ini_normal(&cli->arena, dhr_str_of(b->name             ? b->name
                                                                 : slash && slash[1] ? slash + 1
                                                                                     : "Ledger"));
    struct dhr_err why = {0};
    if (!name.len || memchr(name.ptr, '\n', name.len))
        return dhr_fail(&cli->err, DHR_USAGE, "--name: write the ledger's name in one line");
    if (dhr_ini_check_value(name, &why) < 0)
        return dhr_fail(&cli->err, why.status, "the ledger's name: %s", why.text);
    b->plan.name = dhr_str_dup(&cli->arena, name);
    return 0;
}

static int write_plan(struct beginning *b)
{
    struct cli *cli = b->cli;
    struct dhr_buf message = {0};
    if (!b->plan.count) {
        cli_note("%s: is a ledger already; nothing to change", cli->root);
        return 0;
    }
    const char *subject = dhr_arena_printf(&cli->arena, "%s: new ledger", b->plan.name);
    dhr_message_begin(&message, subject, b->target.why);
    int rc = cli_target_write(&b->target, b->plan.changes, b->plan.count, dhr_buf_cstr(&message));
    dhr_buf_release(&message);
    return rc;
}

static int run(struct beginning *b, int argc, char **argv)
{
    struct cli *cli = b->cli;
    char folder[PATH_MAX];
    if (argc > 1)
        return dhr_fail(&cli->err, DHR_USAGE, "init takes one folder, or none for the current one");
    if (parse_forge(b) < 0)
        return -1;
    if (b->target.why && cli_check_reason(cli, b->target.why) < 0)
        return -1;
    if (find_folder(b, argc ? argv[0] : ".", folder) < 0 || find_place(b, folder) < 0 ||
        cli_target_open(&b->target) < 0 || choose_name(b) < 0 || choose_forge(b) < 0 || look(b) < 0)
        return -1;
    b->plan.arena = &cli->arena;
    b->plan.version = DHR_VERSION;
    dhr_new_ledger_plan(&b->plan);
    return write_plan(b);
}

int cli_verb_init(struct cli *cli, int argc, char **argv)
{
    struct beginning b = {.cli = cli, .target = {.cli = cli}};
    const struct option_def options[] = {
        {"name", 0, OPTION_VALUE, &b.name, "NAME", "The ledger's name, else the folder's."},
        {"ci", 0, OPTION_VALUE, &b.ci, "FORGE", "Also write the CI file for github or gitlab."},
        CLI_TARGET_OPTIONS(&b.target),
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    int rc = run(&b, argc, argv);
    cli_target_close(&b.target);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
