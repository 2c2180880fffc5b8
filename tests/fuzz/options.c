/*
 * The option parser, a line an argument: it does what getopt_long does with the same
 * options, but for abbreviations, which it doesn't take, and a query's negated terms.
 */
#include <getopt.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"
#include "fuzz.h"

enum { WORDS_MOST = 256, OPTIONS_MOST = 32 };

/* Where the options of a command line go; by one parser and the other. */
struct values {
    struct cli cli;
    bool dry;
    const char *why;
    struct option_list maps;
    char *kept[WORDS_MOST + 1];
    int kept_count;
    bool refused;
    bool helped;
};

static jmp_buf helped;

/* Of the program's, all that the parser calls. --help ends the process after it. */
int cli_flush(int status)
{
    (void)status;
    longjmp(helped, 1);
}

static size_t make_options(struct values *v, struct option_def options[OPTIONS_MOST])
{
    struct cli *cli = &v->cli;
    const struct option_def all[] = {CLI_LINES_OPTIONS(cli),
                                     {"dry-run", 'n', OPTION_FLAG, &v->dry, NULL, "Do nothing."},
                                     {"message", 'm', OPTION_VALUE, &v->why, "WHY", "The reason."},
                                     {"map-column", 0, OPTION_LIST, &v->maps, "MAP", "A column."},
                                     OPTIONS_END};
    memcpy(options, all, sizeof(all));
    return sizeof(all) / sizeof(all[0]) - 1;
}

static void parse(struct values *v, int argc, char **argv)
{
    struct option_def options[OPTIONS_MOST];
    (void)make_options(v, options);
    memcpy(v->kept, argv, ((size_t)argc + 1) * sizeof(*argv));
    char **kept = v->kept;
    if (setjmp(helped)) {
        v->helped = true;
        return;
    }
    v->kept_count = argc;
    v->refused = cli_parse(&v->cli, options, &v->kept_count, &kept) < 0;
    fuzz_check(v->refused || !kept[v->kept_count], "the arguments do not end with NULL");
    fuzz_check(!v->refused || (v->cli.err.status == DHR_USAGE && v->cli.err.text[0]),
               "refused without a sentence");
}

/* The help that is printed is of no interest here. */
static void parse_quietly(struct values *v, int argc, char **argv)
{
    static FILE *nowhere;
    FILE *standard = stdout;
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    fuzz_check(nowhere, "/dev/null can't be opened");
    stdout = nowhere;
    parse(v, argc, argv);
    stdout = standard;
}

/* As dhrledger-query(7) has it: "-" and a field's name up to a colon. */
static bool is_negated_term(const char *word)
{
    char field[64];
    const char *colon = strchr(word, ':');
    if (word[0] != '-' || !colon || (size_t)(colon - word) > sizeof(field))
        return false;
    (void)snprintf(field, sizeof(field), "%.*s", (int)(colon - word - 1), word + 1);
    for (size_t i = 0; dhr_query_field_name(i); i++) {
        if (strcmp(field, dhr_query_field_name(i)) == 0)
            return true;
    }
    return false;
}

static void take(struct values *v, const struct option_def *option, const char *value)
{
    if (option->kind == OPTION_FLAG)
        *(bool *)option->target = true;
    else if (option->kind == OPTION_LIST)
        cli_list_add(&v->cli, option->target, value);
    else
        *(const char **)option->target = value;
}

/* getopt's tables: options return their index plus 1000, or their letter. */
static void make_getopt(const struct option_def *options, size_t count,
                        struct option longs[OPTIONS_MOST], char letters[2 * OPTIONS_MOST + 3])
{
    size_t len = 0;
    letters[len++] = '-';
    letters[len++] = ':';
    for (size_t i = 0; i < count; i++) {
        bool valued = options[i].kind != OPTION_FLAG;
        longs[i] = (struct option){options[i].name, valued ? required_argument : no_argument, NULL,
                                   1000 + (int)i};
        if (options[i].letter) {
            letters[len++] = options[i].letter;
            if (valued)
                letters[len++] = ':';
        }
    }
    letters[len] = '\0';
}

static bool is_abbreviated(const char *word, const char *name)
{
    return strncmp(word, "--", 2) == 0 && strcspn(word + 2, "=") != strlen(name);
}

static void keep_rest(struct values *v, char **argv)
{
    while (argv[optind])
        v->kept[v->kept_count++] = argv[optind++];
}

/* One step at `word`, where getopt has got to; true while there is more. */
static bool step(struct values *v, const struct option_def *options, size_t count,
                 const struct option *longs, const char *letters, int argc, char **argv,
                 const char *word)
{
    int index = -1;
    int got = getopt_long(argc, argv, letters, longs, &index);
    size_t at = 0;
    if (got == 1) {
        v->kept[v->kept_count++] = optarg;
        return true;
    }
    if (got == -1)
        return false;
    while (at < count && got != 1000 + (int)at && got != options[at].letter)
        at++;
    v->refused = got == '?' || got == ':' || at == count ||
                 (index >= 0 && is_abbreviated(word, longs[index].name));
    if (!v->refused)
        take(v, &options[at], optarg);
    return !v->refused;
}

/* Have getopt forget what it was at; argv[0] is the program. */
static void begin_getopt(const char *letters, const struct option *longs)
{
    char name[] = "";
    char *const nothing[] = {name, NULL};
    optind = 0;
    opterr = 0;
    (void)getopt_long(1, nothing, letters, longs, NULL);
    optind = 1;
}

static void parse_with_getopt(struct values *v, int argc, char **argv)
{
    struct option_def options[OPTIONS_MOST];
    struct option longs[OPTIONS_MOST] = {{0}};
    char letters[2 * OPTIONS_MOST + 3];
    size_t count = make_options(v, options);
    int begun = -1; /* the word whose letters getopt is in the middle of */
    make_getopt(options, count, longs, letters);
    begin_getopt(letters, longs);
    for (bool more = true; more;) {
        int at = optind;
        char *word = at < argc ? argv[at] : NULL;
        bool fresh = word && at != begun;
        if (fresh && (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0)) {
            v->helped = true;
            return;
        }
        if (fresh && is_negated_term(word)) {
            v->kept[v->kept_count++] = word;
            optind = at + 1;
            continue;
        }
        more = step(v, options, count, longs, letters, argc, argv, word ? word : "");
        begun = optind == at ? at : -1;
    }
    if (!v->refused)
        keep_rest(v, argv);
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static void check_same(const struct values *a, const struct values *b)
{
    fuzz_check(a->helped == b->helped, "help, by one of them");
    fuzz_check(a->refused == b->refused, "refused by one of them: %s", a->cli.err.text);
    if (a->helped || a->refused)
        return;
    fuzz_check(a->kept_count == b->kept_count, "%d arguments, not %d", a->kept_count,
               b->kept_count);
    for (int i = 0; i < a->kept_count; i++)
        fuzz_check(a->kept[i] == b->kept[i], "argument %d is <%s>, not <%s>", i, a->kept[i],
                   b->kept[i]);
    fuzz_check(
        same_text(a->cli.columns, b->cli.columns) && same_text(a->cli.sort, b->cli.sort) &&
            same_text(a->cli.group_by, b->cli.group_by) &&
            same_text(a->cli.today_text, b->cli.today_text) && same_text(a->cli.at, b->cli.at) &&
            same_text(a->cli.format_name, b->cli.format_name) &&
            same_text(a->cli.output, b->cli.output) && same_text(a->cli.colour, b->cli.colour) &&
            same_text(a->cli.folder, b->cli.folder) && same_text(a->why, b->why),
        "a value differs");
    fuzz_check(a->dry == b->dry && a->cli.exit_code == b->cli.exit_code, "a flag differs");
    fuzz_check(a->maps.count == b->maps.count, "%zu items, not %zu", a->maps.count, b->maps.count);
    for (size_t i = 0; i < a->maps.count; i++)
        fuzz_check(a->maps.items[i] == b->maps.items[i], "item %zu differs", i);
}

/* The lines, behind a program's name; NUL ends one, too, as it ends an argument. */
static int make_words(struct dhr_arena *arena, struct dhr_str bytes, char *words[WORDS_MOST + 2])
{
    int count = 0;
    struct dhr_str line;
    words[count++] = dhr_arena_dup(arena, "dhrledger", 9);
    while (count < WORDS_MOST && dhr_str_line(&bytes, &line))
        words[count++] = dhr_str_dup(arena, line);
    words[count] = NULL;
    return count;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct verb verb = {"list", NULL, NEEDS_NOTHING, "[QUERY…]", "List."};
    static struct values ours;
    static struct values getopts;
    struct dhr_arena arena = {0};
    char *words[WORDS_MOST + 2];
    char *copy[WORDS_MOST + 2];
    int count = make_words(&arena, fuzz_copy(&arena, data, size), words);
    memcpy(copy, words, sizeof(words));
    ours = (struct values){.cli.verb = &verb};
    getopts = (struct values){.cli.verb = &verb};
    parse_quietly(&ours, count - 1, words + 1);
    parse_with_getopt(&getopts, count, copy);
    check_same(&ours, &getopts);
    dhr_arena_release(&ours.cli.arena);
    dhr_arena_release(&getopts.cli.arena);
    dhr_arena_release(&arena);
    return 0;
}
