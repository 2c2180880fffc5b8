#include "cli.h"

static void print_verbs(void)
{
    (void)printf("usage: dhrledger [-C DIR] VERB [ARGUMENT…]\n\n"
                 "Keep track of the recommendations of domestic homicide reviews, in plain text\n"
                 "and git.\n\n");
    for (const struct verb *verb = cli_verbs; verb->name; verb++)
        (void)printf("  %-8s %s\n", verb->name, verb->summary);
    (void)printf(
        "\n\"dhrledger help VERB\" shows a verb's options; the manual is dhrledger(1), and\n"
        "the records' format dhrledger(5).\n");
}

int cli_verb_help(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    if (argc == 0) {
        print_verbs();
        return DHR_OK;
    }
    const struct verb *verb = cli_verb(cli, argv[0]);
    if (!verb || cli_no_arguments(cli, argc - 1, argv + 1) < 0)
        return cli_fail(cli);
    char help[] = "--help";
    char *arguments[] = {help, NULL};
    cli->verb = verb;
    return verb->run(cli, 1, arguments);
}

int cli_verb_version(struct cli *cli, int argc, char **argv)
{
    const struct option_def options[] = {OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0 || cli_no_arguments(cli, argc, argv) < 0)
        return cli_fail(cli);
    (void)printf("dhrledger %s\n", DHR_VERSION);
    return DHR_OK;
}
