#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "dhrledger/change.h"
#include "dhrledger/check.h"
#include "dhrledger/commit.h"
#include "dhrledger/ident.h"
#include "dhrledger/utf8.h"

/* The command: which records, what to assign, and why. */
struct setting {
    struct cli *cli;
    const char *why;
    const char *agency;
    const char *action;
    bool dry;
    struct dhr_plan_options options;
    struct dhr_assignment *assignments;
    size_t assignment_count;
    struct dhr_plan *plans; /* one for each ID */
    size_t plan_count;
    struct dhr_writer *writer;
    struct dhr_entry *entries; /* of the work tree, sorted by path */
    size_t entry_count;
};

static bool has_path(const struct setting *s, const char *path)
{
    size_t low = 0;
    size_t high = s->entry_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(s->entries[middle].path, path);
        if (order == 0)
            return true;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

static const char *path_of(struct dhr_arena *arena, enum dhr_record_kind kind, struct dhr_str id)
{
    return kind == DHR_RECORD_REVIEW
               ? dhr_arena_printf(arena, "reviews/%.*s/review.ini", DHR_ARG(id))
           : kind == DHR_RECORD_AGENCY ? dhr_arena_printf(arena, "agencies/%.*s.ini", DHR_ARG(id))
                                       : dhr_arena_printf(arena, "reviews/%.*s.ini", DHR_ARG(id));
}

/* Whether the ledger has the record, by its file's name alone: no file needs to be read. */
static bool lookup(const void *user, enum dhr_record_kind kind, struct dhr_str id)
{
    const struct setting *s = user;
    return has_path(s, path_of(&s->cli->arena, kind, id));
}

/* A bare number stands for the only recommendation that has it. */
static int resolve_number(struct setting *s, struct dhr_str typed, const char **path)
{
    const char *suffix = dhr_arena_printf(&s->cli->arena, "/%.*s.ini", DHR_ARG(typed));
    *path = NULL;
    for (size_t i = 0; i < s->entry_count; i++) {
        const char *candidate = s->entries[i].path;
        if (strncmp(candidate, "reviews/", 8) != 0 || !dhr_str_ends(dhr_str_of(candidate), suffix))
            continue;
        if (*path)
            return dhr_fail(&s->cli->err, DHR_USAGE,
                            "%.*s: %s and %s both have it; write REVIEW/NUMBER", DHR_ARG(typed),
                            *path, candidate);
        *path = candidate;
    }
    if (!*path)
        return dhr_fail(&s->cli->err, DHR_USAGE,
                        "%.*s: no such record; \"dhrledger list\" shows the recommendations",
                        DHR_ARG(typed));
    return 0;
}

/* The record a user means: an id, a path from the ledger's root, or a bare number. */
static int resolve(struct setting *s, const char *typed, struct dhr_plan *plan)
{
    struct dhr_arena *arena = &s->cli->arena;
    struct dhr_str id = dhr_str_of(typed);
    const char *path = NULL;
    while (dhr_str_starts(id, "./"))
        id = dhr_str_span(id.ptr + 2, id.len - 2);
    if (dhr_ident_of_path(id, &plan->kind, &plan->id))
        path = dhr_str_dup(arena, id);
    else if (memchr(typed, '/', strlen(typed)))
        path = path_of(arena, DHR_RECORD_RECOMMENDATION, id);
    else if (lookup(s, DHR_RECORD_REVIEW, id))
        path = path_of(arena, DHR_RECORD_REVIEW, id);
    else if (lookup(s, DHR_RECORD_AGENCY, id))
        path = path_of(arena, DHR_RECORD_AGENCY, id);
    else if (resolve_number(s, id, &path) < 0)
        return -1;
    bool record = path && dhr_ident_of_path(dhr_str_of(path), &plan->kind, &plan->id);
    if (!record || plan->kind == DHR_RECORD_SETTINGS || !has_path(s, path))
        return dhr_fail(&s->cli->err, DHR_USAGE,
                        "%s: no such record; \"dhrledger list\" shows the recommendations", typed);
    plan->path = path;
    return 0;
}

/* Words with a '=' assign; the others name records. An id never holds one. */
static int parse_words(struct setting *s, int argc, char **argv)
{
    struct cli *cli = s->cli;
    s->assignments = dhr_arena_zalloc(&cli->arena, ((size_t)argc + 1) * sizeof(*s->assignments));
    s->plans = dhr_arena_zalloc(&cli->arena, ((size_t)argc + 1) * sizeof(*s->plans));
    for (int i = 0; i < argc; i++) {
        if (strchr(argv[i], '=')) {
            if (dhr_assignment_parse(&s->assignments[s->assignment_count++], argv[i], &cli->err) <
                0)
                return -1;
            continue;
        }
        struct dhr_plan *plan = &s->plans[s->plan_count];
        if (resolve(s, argv[i], plan) < 0)
            return -1;
        for (size_t j = 0; j < s->plan_count; j++) {
            if (strcmp(s->plans[j].path, plan->path) == 0)
                return dhr_fail(&cli->err, DHR_USAGE, "%s: named twice", argv[i]);
        }
        s->plan_count++;
    }
    if (!s->plan_count || !s->assignment_count)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "name a record and what to set: dhrledger set durham-2012/10.2.1 "
                        "status=in-progress -m \"why\"");
    return 0;
}

static int parse_options(struct setting *s)
{
    struct cli *cli = s->cli;
    if (!s->why || !dhr_str_trim(dhr_str_of(s->why)).len)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "say why with -m: the reason goes into the history beside the change");
    if (dhr_utf8_valid_len(dhr_str_of(s->why)) < strlen(s->why))
        return dhr_fail(&cli->err, DHR_USAGE, "the reason is not UTF-8; give it as UTF-8 text");
    s->options.agency = dhr_str_of(s->agency ? s->agency : "");
    s->options.today = cli->today;
    if (s->action) {
        char *end = NULL;
        unsigned long number = strtoul(s->action, &end, 10);
        if (*end || end == s->action || number < 1 || number > 9999)
            return dhr_fail(&cli->err, DHR_USAGE, "--action %s: write the action's number",
                            s->action);
        s->options.action = (unsigned)number;
    }
    return 0;
}

static const char *repository_path(const struct setting *s, const char *path)
{
    const char *prefix = s->cli->prefix;
    return *prefix ? dhr_arena_printf(&s->cli->arena, "%s/%s", prefix, path) : path;
}

/* Refuse a change after which the record would be unsound. */
static int check_plan(struct setting *s, const struct dhr_plan *plan, struct dhr_findings *findings)
{
    dhr_check_record(plan->record, lookup, s, findings);
    dhr_findings_sort(findings);
    if (!dhr_findings_of(findings, DHR_SEVERITY_ERROR))
        return 0;
    for (size_t i = 0; i < findings->count; i++)
        cli_note("%s:%u:%u: %s: %s [DL%03d]", findings->items[i].path, findings->items[i].line,
                 findings->items[i].col, dhr_severity_name(findings->items[i].severity),
                 findings->items[i].text, (int)findings->items[i].rule);
    return dhr_fail(&s->cli->err, DHR_FOUND,
                    "%.*s: with this change the record would not be sound; nothing was changed",
                    DHR_ARG(plan->id));
}

static int make_plans(struct setting *s)
{
    struct cli *cli = s->cli;
    for (size_t i = 0; i < s->plan_count; i++) {
        struct dhr_plan *plan = &s->plans[i];
        struct dhr_findings findings = {0};
        int rc = dhr_writer_read(s->writer, repository_path(s, plan->path), &cli->arena,
                                 &plan->before, &cli->err);
        if (rc == 0)
            rc = dhr_plan_change(plan, s->assignments, s->assignment_count, &s->options,
                                 &cli->arena, &findings, &cli->err);
        if (rc == 0)
            rc = check_plan(s, plan, &findings);
        dhr_findings_release(&findings);
        if (rc < 0)
            return -1;
    }
    return 0;
}

/* Records that already hold what was asked for drop out. */
static void drop_unchanged(struct setting *s)
{
    size_t kept = 0;
    for (size_t i = 0; i < s->plan_count; i++) {
        struct dhr_plan plan = s->plans[i];
        s->plans[i] = (struct dhr_plan){0};
        if (plan.differences.count)
            s->plans[kept++] = plan;
        else
            cli_note("%.*s: nothing to change", DHR_ARG(plan.id));
    }
    s->plan_count = kept;
}

static int commit(struct setting *s)
{
    struct cli *cli = s->cli;
    struct dhr_buf message = {0};
    char id[DHR_COMMIT_ID_SIZE];
    struct dhr_change *changes = dhr_arena_alloc(&cli->arena, s->plan_count * sizeof(*changes));
    for (size_t i = 0; i < s->plan_count; i++)
        changes[i] = (struct dhr_change){repository_path(s, s->plans[i].path), s->plans[i].after};
    dhr_plan_add_message(&message, s->plans, s->plan_count, s->why);
    int rc = 0;
    if (!s->dry)
        rc = dhr_writer_commit(s->writer, changes, s->plan_count, dhr_buf_cstr(&message), id,
                               &cli->err);
    if (rc == 0 && s->dry)
        (void)printf("%s", dhr_buf_cstr(&message));
    else if (rc == 0)
        (void)printf("%.7s %.*s\n", id, (int)strcspn(message.ptr, "\n"), message.ptr);
    dhr_buf_release(&message);
    return rc;
}

static int run(struct setting *s, int argc, char **argv)
{
    struct cli *cli = s->cli;
    if (cli_today(cli) < 0 || cli_find(cli) < 0)
        return -1;
    if (!cli->repo)
        return dhr_fail(&cli->err, DHR_UNREADABLE,
                        "%s: not in a git repository, so there is no history to commit to; run "
                        "\"git init\" there first",
                        cli->root);
    if (dhr_writer_open(&s->writer, cli->repo, &cli->err) < 0 ||
        dhr_source_open_folder(&cli->source, cli->root, &cli->err) < 0 ||
        dhr_source_list(cli->source, &cli->arena, &s->entries, &s->entry_count, &cli->err) < 0 ||
        parse_words(s, argc, argv) < 0 || parse_options(s) < 0 || make_plans(s) < 0)
        return -1;
    drop_unchanged(s);
    return s->plan_count ? commit(s) : 0;
}

int cli_verb_set(struct cli *cli, int argc, char **argv)
{
    struct setting s = {.cli = cli};
    const struct option_def options[] = {
        {"message", 'm', OPTION_VALUE, &s.why, "WHY", "The reason, for the commit's message."},
        {"agency", 0, OPTION_VALUE, &s.agency, "ID",
         "Whose section, where several agencies hold it."},
        {"action", 0, OPTION_VALUE, &s.action, "N", "The agency's action number N."},
        {"dry-run", 'n', OPTION_FLAG, &s.dry, NULL, "Print the commit's message; change nothing."},
        {"today", 0, OPTION_VALUE, &cli->today_text, "DATE",
         "What \"today\" as a value means, and the date of a note without one."},
        CLI_FOLDER_OPTION(cli),
        OPTIONS_END};
    if (cli_parse(cli, options, &argc, &argv) < 0)
        return cli_fail(cli);
    int rc = run(&s, argc, argv);
    for (size_t i = 0; s.plans && i < (size_t)argc; i++)
        dhr_plan_release(&s.plans[i]);
    dhr_writer_free(s.writer);
    return rc < 0 ? cli_fail(cli) : DHR_OK;
}
