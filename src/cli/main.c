#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli.h"
#include "dhrledger/ini.h"

const struct verb cli_verbs[] = {
    {"agencies", cli_verb_agencies, NEEDS_GIT, "[QUERY…]",
     "Show what each body owes, with what it took over from others."},
    {"check", cli_verb_check, NEEDS_GIT, "", "Report every fault in the ledger's records."},
    {"due", cli_verb_due, NEEDS_GIT, "[QUERY…]",
     "Show what falls due within some days, the soonest first."},
    {"explain", cli_verb_explain, NEEDS_NOTHING, "[CODE…]",
     "Say what a finding means, and what to do about it."},
    {"export", cli_verb_export, NEEDS_GIT, "[QUERY…]",
     "Write the action plan in the Home Office's columns."},
    {"fmt", cli_verb_fmt, NEEDS_GIT, "[FILE…]", "Put records into the canonical layout."},
    {"gaps", cli_verb_gaps, NEEDS_GIT, "[QUERY…]",
     "Show what has no response, no lead or no target date."},
    {"help", cli_verb_help, NEEDS_NOTHING, "[VERB]", "Show the verbs, or a verb's options."},
    {"hook", cli_verb_hook, NEEDS_GIT,
     "install|pre-commit|pre-merge-commit|commit-msg FILE|pre-receive",
     "Check what is committed or pushed, as git's hook."},
    {"import", cli_verb_import, NEEDS_GIT, "FILE…", "Take in pages of the DHR Library, or a CSV."},
    {"init", cli_verb_init, NEEDS_GIT, "[DIR]",
     "Begin a ledger: its folders, settings and a README."},
    {"list", cli_verb_list, NEEDS_GIT, "[QUERY…]",
     "List every recommendation for each agency it is addressed to."},
    {"mv", cli_verb_mv, NEEDS_GIT, "ID NEW -m WHY",
     "Give a record another id, or merge two agencies."},
    {"new", cli_verb_new, NEEDS_GIT, "review|recommendation|agency NAME… KEY=VALUE… -m WHY",
     "Add a record."},
    {"overdue", cli_verb_overdue, NEEDS_GIT, "[QUERY…]",
     "Show what is past its target date, the latest first."},
    {"rm", cli_verb_rm, NEEDS_GIT, "ID… -m WHY", "Remove records that nothing refers to."},
    {"schema", cli_verb_schema, NEEDS_NOTHING, "",
     "Print the sections and keys that records may have."},
    {"set", cli_verb_set, NEEDS_GIT, "ID… KEY=VALUE… -m WHY",
     "Change fields and commit the change."},
    {"show", cli_verb_show, NEEDS_GIT, "ID", "Show one review, recommendation or agency."},
    {"status", cli_verb_status, NEEDS_GIT, "[QUERY…]",
     "Count where the ledger, its reviews and agencies stand."},
    {"version", cli_verb_version, NEEDS_NOTHING, "", "Print the version."},
    {NULL, NULL, NEEDS_NOTHING, NULL, NULL},
};

/* Text is printed as UTF-8 also where a bare system has only the C locale. */
static void set_locale(void)
{
    (void)setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
        (void)setlocale(LC_CTYPE, "C.UTF-8");
}

static const struct verb *find_verb(const char *name)
{
    for (const struct verb *verb = cli_verbs; verb->name; verb++) {
        if (strcmp(verb->name, name) == 0)
            return verb;
    }
    return NULL;
}

static const char *nearest_verb(const char *name)
{
    struct dhr_nearest nearest = {0};
    for (const struct verb *verb = cli_verbs; verb->name; verb++)
        dhr_nearest_try(&nearest, dhr_str_of(verb->name), dhr_str_of(name), 2);
    return nearest.name.ptr;
}

const struct verb *cli_verb(struct cli *cli, const char *name)
{
    const struct verb *verb = find_verb(name);
    const char *near = verb ? NULL : nearest_verb(name);
    if (!verb)
        (void)dhr_fail(&cli->err, DHR_USAGE, "\"%s\" is no verb%s%s%s", name,
                       near ? "; did you mean \"" : "; \"dhrledger help\" lists them",
                       near ? near : "", near ? "\"?" : "");
    return verb;
}

/* Options before the verb: -C DIR, and the verbs' other names. NULL with a sentence in cli->err. */
static const struct verb *choose_verb(struct cli *cli, int *argc, char ***argv)
{
    if (*argc == 1 && strcmp((*argv)[0], "-C") == 0) {
        (void)dhr_fail(&cli->err, DHR_USAGE, "-C needs a folder: dhrledger -C DIR VERB");
        return NULL;
    }
    while (*argc > 1 && strcmp((*argv)[0], "-C") == 0) {
        cli->folder = (*argv)[1];
        *argv += 2;
        *argc -= 2;
    }
    const char *name = *argc > 0 ? (*argv)[0] : "--help";
    if (strcmp(name, "--version") == 0)
        return find_verb("version");
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
        return find_verb("help");
    return cli_verb(cli, name);
}

static int run(struct cli *cli, int argc, char **argv)
{
    cli->verb = dhr_ini_init(&cli->err) < 0 ? NULL : choose_verb(cli, &argc, &argv);
    if (!cli->verb || (cli->verb->need == NEEDS_GIT && dhr_store_init(&cli->err) < 0))
        return cli_fail(cli);
    if (argc > 0) {
        argc--;
        argv++;
    }
    return cli->verb->run(cli, argc, argv);
}

/*
 * The next file opened takes a standard descriptor that is closed, and a message would end up
 * in it. Held by a descriptor that can't be written to, it is an error instead.
 */
static void hold_standard_descriptors(void)
{
    int fd = -1;
    do
        fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    while (fd >= 0 && fd <= STDERR_FILENO);
    if (fd >= 0)
        (void)close(fd);
}

int main(int argc, char **argv)
{
    struct cli cli = {0};
    hold_standard_descriptors();
    set_locale();
    int status = run(&cli, argc - 1, argv + 1);
    if (cli.loaded) {
        dhr_ledger_release(&cli.ledger);
        dhr_watch_release(&cli.watch);
    }
    dhr_guard_free(cli.guard);
    dhr_source_free(cli.source);
    dhr_repo_free(cli.repo);
    dhr_store_shutdown();
    dhr_arena_release(&cli.arena);
    return cli_flush(status);
}
