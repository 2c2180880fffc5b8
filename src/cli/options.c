#include <stdlib.h>
#include <string.h>

#include "cli.h"

static void print_help(const struct cli *cli, const struct option_def *options)
{
    (void)printf("usage: dhrledger %s [OPTION…]%s%s\n\n%s\n", cli->verb->name,
                 cli->verb->arguments[0] ? " " : "", cli->verb->arguments, cli->verb->summary);
    if (options->name)
        (void)printf("\n");
    for (; options->name; options++) {
        char shown[64];
        (void)snprintf(shown, sizeof(shown), "%s%c%s--%s%s%s", options->letter ? "-" : " ",
                       options->letter ? options->letter : ' ', options->letter ? ", " : "  ",
                       options->name, options->argument ? " " : "",
                       options->argument ? options->argument : "");
        (void)printf("  %-30s %s\n", shown, options->help);
    }
}

static const struct option_def *find_long(const struct option_def *options, const char *name,
                                          size_t len)
{
    for (; options->name; options++) {
        if (strlen(options->name) == len && strncmp(options->name, name, len) == 0)
            return options;
    }
    return NULL;
}

static const struct option_def *find_letter(const struct option_def *options, char letter)
{
    for (; options->name; options++) {
        if (options->letter == letter)
            return options;
    }
    return NULL;
}

static int unknown(struct cli *cli, const char *shown)
{
    return dhr_fail(&cli->err, DHR_USAGE,
                    "unknown option \"%s\"; \"dhrledger %s --help\" lists them", shown,
                    cli->verb->name);
}

void cli_list_add(struct cli *cli, struct option_list *list, const char *value)
{
    const char **items = dhr_arena_alloc(&cli->arena, (list->count + 1) * sizeof(*items));
    for (size_t i = 0; i < list->count; i++)
        items[i] = list->items[i];
    items[list->count++] = value;
    list->items = items;
}

/* Give the option its value: the rest of its own word, or the next word. */
static int take_value(struct cli *cli, const struct option_def *option, const char *attached,
                      char ***next)
{
    const char *value = attached ? attached : **next;
    if (!value)
        return dhr_fail(&cli->err, DHR_USAGE, "--%s needs a value: --%s %s", option->name,
                        option->name, option->argument);
    if (!attached)
        (*next)++;
    if (option->kind == OPTION_LIST)
        cli_list_add(cli, option->target, value);
    else
        *(const char **)option->target = value;
    return 0;
}

static int parse_long(struct cli *cli, const struct option_def *options, const char *word,
                      char ***next)
{
    const char *name = word + 2;
    size_t len = strcspn(name, "=");
    const char *attached = name[len] ? name + len + 1 : NULL;
    const struct option_def *option = find_long(options, name, len);
    if (!option)
        return unknown(cli, word);
    if (option->kind != OPTION_FLAG)
        return take_value(cli, option, attached, next);
    if (attached)
        return dhr_fail(&cli->err, DHR_USAGE, "--%s takes no value", option->name);
    *(bool *)option->target = true;
    return 0;
}

static int parse_letters(struct cli *cli, const struct option_def *options, const char *word,
                         char ***next)
{
    for (const char *letter = word + 1; *letter; letter++) {
        const struct option_def *option = find_letter(options, *letter);
        if (!option)
            return unknown(cli, word);
        if (option->kind != OPTION_FLAG)
            return take_value(cli, option, letter[1] ? letter + 1 : NULL, next);
        *(bool *)option->target = true;
    }
    return 0;
}

/* "-status:closed", which is a query's negated term and no bundle of letters. */
static bool is_negated_term(const struct cli *cli, const char *word)
{
    size_t len = strcspn(word, ":");
    if (!word[len] || !strstr(cli->verb->arguments, "QUERY"))
        return false;
    for (size_t i = 0; dhr_query_field_name(i); i++) {
        if (dhr_str_is(dhr_str_span(word + 1, len - 1), dhr_query_field_name(i)))
            return true;
    }
    return false;
}

int cli_parse(struct cli *cli, const struct option_def *options, int *argc, char ***argv)
{
    char **kept = *argv;
    char **next = *argv;
    int count = 0;
    int rc = 0;
    while (rc == 0 && *next) {
        char *word = *next++;
        if (strcmp(word, "--") == 0) {
            while (*next)
                kept[count++] = *next++;
        } else if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
            print_help(cli, options);
            exit(cli_flush(DHR_OK));
        } else if (word[0] == '-' && word[1] == '-') {
            rc = parse_long(cli, options, word, &next);
        } else if (word[0] == '-' && word[1] && !is_negated_term(cli, word)) {
            rc = parse_letters(cli, options, word, &next);
        } else {
            kept[count++] = word;
        }
    }
    kept[count] = NULL;
    *argc = count;
    return rc;
}

int cli_no_arguments(struct cli *cli, int argc, char **argv)
{
    if (argc == 0)
        return 0;
    return dhr_fail(&cli->err, DHR_USAGE,
                    "\"%s\" is one argument too many; \"dhrledger %s --help\"", argv[0],
                    cli->verb->name);
}
