#include "import_csv.h"

#include <fcntl.h>
#include <string.h>
#include <strings.h>

#include "dhrledger/csv_import.h"
#include "dhrledger/file.h"
#include "dhrledger/utf8.h"
#include "guard.h"
#include "target.h"

enum { MAP_MAX_BYTES = 1024 * 1024 };

struct csv_run {
    struct cli *cli;
    const char *name;
    const struct import_options *options;
    struct cli_target target;
    struct dhr_csv csv;
    struct dhr_csv_import import;
};

/* A page's first line is words or a pipe table; a CSV's names its columns. Tabs are folded away. */
bool import_is_csv(const char *name, struct dhr_str bytes)
{
    const char *dot = strrchr(name, '.');
    if (dot && (strcasecmp(dot, ".csv") == 0 || strcasecmp(dot, ".tsv") == 0))
        return true;
    if (dhr_csv_other(bytes))
        return true;
    struct dhr_str line = dhr_str_of("");
    struct dhr_buf folded = {0};
    while (!dhr_str_trim(line).len && dhr_str_line(&bytes, &line))
        continue;
    dhr_utf8_add_folded(&folded, dhr_str_span(line.ptr, dhr_utf8_valid_len(line)));
    const char *words = dhr_buf_cstr(&folded);
    bool csv = (strstr(words, "recommendation") || strstr(words, "agency")) &&
               strpbrk(words, ",;") && !strchr(words, '|');
    dhr_buf_release(&folded);
    return csv;
}

/* Lines "Heading = key" of the map's file, behind those of the command line. */
static int read_maps(struct csv_run *run, struct option_list *maps)
{
    struct cli *cli = run->cli;
    struct dhr_str rest = {NULL, 0};
    struct dhr_str line;
    *maps = run->options->maps;
    if (!run->options->map_file)
        return 0;
    if (dhr_file_read(AT_FDCWD, run->options->map_file, MAP_MAX_BYTES, &cli->arena, &rest,
                      &cli->err) < 0)
        return -1;
    if (dhr_utf8_valid_len(rest) < rest.len)
        return dhr_fail(&cli->err, DHR_FOUND, "%s: is not UTF-8; save it as UTF-8",
                        run->options->map_file);
    for (unsigned number = 1; dhr_str_line(&rest, &line); number++) {
        line = dhr_str_trim(line);
        if (!line.len || line.ptr[0] == '#' || line.ptr[0] == ';')
            continue;
        if (!memchr(line.ptr, '=', line.len))
            return dhr_fail(&cli->err, DHR_FOUND, "%s:%u: not of the form HEADING = KEY",
                            run->options->map_file, number);
        cli_list_add(cli, maps, dhr_str_dup(&cli->arena, line));
    }
    return 0;
}

static void print_notes(const struct csv_run *run, const struct dhr_csv_note *notes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (notes[i].row)
            cli_note_plain(run->cli, "%s:%u: row %u: %s", run->name, notes[i].line, notes[i].row,
                           notes[i].text);
        else if (notes[i].line)
            cli_note_plain(run->cli, "%s:%u: %s", run->name, notes[i].line, notes[i].text);
        else
            cli_note_plain(run->cli, "%s: %s", run->name, notes[i].text);
    }
}

/* "Import of answers.csv" */
static const char *reason(struct csv_run *run)
{
    const char *slash = strrchr(run->name, '/');
    const char *file = strcmp(run->name, "-") == 0 ? "a CSV" : slash ? slash + 1 : run->name;
    if (run->options->why)
        return run->options->why;
    return dhr_arena_printf(&run->cli->arena, "Import of %s", file);
}

/* What the cells would bring in. */
static int check_private(struct csv_run *run)
{
    struct dhr_findings findings = {0};
    const struct dhr_csv_import *import = &run->import;
    int rc = cli_check_plans(run->cli, import->plans, import->plan_count, &findings);
    for (size_t i = 0; rc == 0 && i < import->made_count; i++) {
        const struct dhr_plan made = {.path = import->made[i].path, .after = import->made[i].bytes};
        rc = cli_check_plans(run->cli, &made, 1, &findings);
    }
    if (rc == 0)
        rc = cli_target_check(&run->target, &findings, run->cli->ledger.settings,
                              dhr_str_of(run->name));
    dhr_findings_release(&findings);
    return rc;
}

/* What a value was before stands in the message, too. */
static void print_plain(struct cli *cli, const char *message)
{
    struct dhr_buf plain = {0};
    cli_withhold(cli, message, &plain);
    (void)printf("%s", dhr_buf_cstr(&plain));
    dhr_buf_release(&plain);
}

/* The plan, and what would be said of a commit of it; only with --commit it fails for that. */
static int show_plan(struct csv_run *run, const struct dhr_change *changes, size_t count,
                     const char *message)
{
    struct cli *cli = run->cli;
    print_plain(cli, message);
    int rc = cli->repo ? cli_target_judge(&run->target, changes, count, message) : 0;
    if (rc == 0 || run->options->commit || cli->err.status != DHR_FOUND)
        return rc;
    cli_note("%s: a commit of this would be refused; mend what is named above", run->name);
    return 0;
}

/* With -n the commit's message is the plan, also where the commit is left to the user. */
static int carry_out(struct csv_run *run)
{
    struct dhr_buf message = {0};
    const struct dhr_csv_import *import = &run->import;
    size_t count = 0;
    struct dhr_change *changes = dhr_arena_alloc(
        &run->cli->arena, (import->plan_count + import->made_count + 1) * sizeof(*changes));
    for (size_t i = 0; i < import->made_count; i++)
        changes[count++] =
            (struct dhr_change){import->made[i].path, import->made[i].bytes, DHR_CHANGE_ADD};
    for (size_t i = 0; i < import->plan_count; i++)
        changes[count++] =
            (struct dhr_change){.path = import->plans[i].path, .bytes = import->plans[i].after};
    run->target.why = reason(run);
    dhr_csv_import_add_message(&message, import, run->target.why);
    int rc = 0;
    if (run->options->dry)
        rc = show_plan(run, changes, count, dhr_buf_cstr(&message));
    else
        rc = cli_target_write(&run->target, changes, count, dhr_buf_cstr(&message));
    dhr_buf_release(&message);
    return rc;
}

/* "answers.csv: 6 cells change in 4 records" */
static void print_count(const struct csv_run *run, bool written)
{
    const struct dhr_csv_import *import = &run->import;
    size_t count = import->new_recommendations;
    if (count)
        cli_note("%s: %zu recommendation%s %s new", run->name, count, count == 1 ? "" : "s",
                 !written     ? "would be"
                 : count == 1 ? "is"
                              : "are");
    const char *verb = !written ? "would change" : import->cells == 1 ? "changes" : "change";
    if (!import->plan_count && !count)
        cli_note("%s: nothing to change", run->name);
    else if (import->plan_count)
        cli_note("%s: %zu cell%s %s in %zu record%s", run->name, import->cells,
                 import->cells == 1 ? "" : "s", verb, import->plan_count,
                 import->plan_count == 1 ? "" : "s");
}

static int conclude(struct csv_run *run)
{
    struct cli *cli = run->cli;
    const struct dhr_csv_import *import = &run->import;
    size_t problems = import->problem_count;
    bool held = problems && !run->options->partial;
    print_notes(run, import->notes, import->note_count);
    print_notes(run, import->problems, problems);
    if ((import->plan_count || import->made_count) && (!held || run->options->dry) &&
        (check_private(run) < 0 || carry_out(run) < 0))
        return -1;
    print_count(run, !held && !run->options->dry);
    if (!problems)
        return 0;
    return dhr_fail(&cli->err, DHR_FOUND, "%s: %zu thing%s can't be placed%s", run->name, problems,
                    problems == 1 ? "" : "s",
                    held ? "; nothing was written, and --partial writes the others" : "");
}

static int run_import(struct csv_run *run, struct dhr_str bytes)
{
    struct cli *cli = run->cli;
    const struct import_options *o = run->options;
    struct option_list maps;
    if (o->why && cli_check_reason(cli, o->why) < 0)
        return -1;
    if (o->review && !dhr_ledger_review(&cli->ledger, dhr_str_of(o->review)))
        return dhr_fail(&cli->err, DHR_USAGE, "%s: no such review; \"dhrledger status\" lists them",
                        o->review);
    if (cli_guard(cli) < 0 || read_maps(run, &maps) < 0 ||
        import_open_target(cli, &run->target, o) < 0 ||
        dhr_csv_read(&run->csv, run->name, bytes, &cli->arena, &cli->err) < 0)
        return -1;
    const struct dhr_csv_options options = {.name = run->name,
                                            .ledger = &cli->ledger,
                                            .repo = cli->repo,
                                            .prefix = cli->prefix,
                                            .base = o->base,
                                            .review = dhr_str_of(o->review ? o->review : ""),
                                            .maps = maps.items,
                                            .map_count = maps.count,
                                            .new_records = o->new_records,
                                            .today = cli->today,
                                            .read = cli_target_read,
                                            .user = &run->target};
    if (dhr_import_csv(&run->import, &run->csv, &options, &cli->arena, &cli->err) < 0) {
        print_notes(run, run->import.problems, run->import.problem_count);
        return -1;
    }
    return conclude(run);
}

int import_csv(struct cli *cli, const char *name, struct dhr_str bytes,
               const struct import_options *options)
{
    struct csv_run run = {.cli = cli, .name = name, .options = options};
    int rc = run_import(&run, bytes);
    dhr_csv_import_release(&run.import);
    dhr_csv_release(&run.csv);
    cli_target_close(&run.target);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
