#include <limits.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "cli.h"
#include "dhrledger/check.h"
#include "dhrledger/ident.h"
#include "dhrledger/utf8.h"
#include "guard.h"

void cli_note_lines(const struct dhr_buf *text)
{
    (void)fflush(stdout); /* cli_flush tells of a failure */
    (void)fputs(dhr_buf_cstr(text), stderr);
}

static void print_safe(const char *text)
{
    struct dhr_buf safe = {0};
    dhr_utf8_add_safe(&safe, dhr_str_of(text), true);
    dhr_buf_addc(&safe, '\n');
    cli_note_lines(&safe);
    dhr_buf_release(&safe);
}

int cli_fail(const struct cli *cli)
{
    if (ferror(stdout))
        return (int)cli->err.status;
    struct dhr_buf text = {0};
    dhr_buf_addf(&text, "dhrledger: %s", cli->err.text);
    print_safe(dhr_buf_cstr(&text));
    dhr_buf_release(&text);
    return (int)cli->err.status;
}

void cli_note(const char *fmt, ...)
{
    char text[2048];
    va_list ap;
    va_start(ap, fmt);
    (void)vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    print_safe(text);
}

const char *cli_record_path(struct cli *cli, const char *typed, enum dhr_record_kind *kind)
{
    char real[PATH_MAX];
    struct dhr_str id = {NULL, 0};
    size_t root_len = cli->root ? strlen(cli->root) : 0;
    bool inside = cli->root && realpath(typed, real) && strncmp(real, cli->root, root_len) == 0 &&
                  real[root_len] == '/';
    const char *path = inside ? real + root_len + 1 : "";
    if (!dhr_ident_of_path(dhr_str_of(path), kind, &id))
        return NULL;
    return dhr_arena_dup(&cli->arena, path, strlen(path));
}

int cli_resolve(struct cli *cli, const struct dhr_catalog *catalog, const char *typed,
                struct dhr_name *name)
{
    enum dhr_record_kind kind = DHR_RECORD_SETTINGS;
    const char *path = cli_record_path(cli, typed, &kind);
    return dhr_catalog_resolve(catalog, path ? path : typed, name, &cli->err);
}

int cli_today(struct cli *cli)
{
    const char *text = cli->today_text;
    const char *from = "--today";
    if (!text) {
        text = getenv("DHRLEDGER_TODAY");
        from = "DHRLEDGER_TODAY";
    }
    if (!text || !*text) {
        cli->today = dhr_day_today();
        return 0;
    }
    if (!dhr_day_parse(dhr_str_of(text), &cli->today))
        return dhr_fail(&cli->err, DHR_USAGE, "%s %s: not a day; write it as YYYY-MM-DD", from,
                        text);
    return 0;
}

/* --at: a revision, or a day, which stands for the last commit on it and is also today. */
static int open_revision(struct cli *cli)
{
    const char *revision = cli->at ? cli->at : "HEAD";
    dhr_day day = 0;
    char id[DHR_COMMIT_ID_SIZE];
    if (!cli->repo)
        return dhr_fail(&cli->err, DHR_UNREADABLE,
                        "%s: not in a git repository, so there is no history for --at", cli->root);
    if (cli->at && dhr_day_parse(dhr_str_of(cli->at), &day)) {
        if (dhr_repo_revision_on(cli->repo, day, id, &cli->err) < 0)
            return -1;
        cli_note("at %s: commit %.12s", cli->at, id);
        revision = dhr_arena_dup(&cli->arena, id, strlen(id));
        if (!cli->today_text)
            cli->today = day;
    }
    cli->at_commit = revision;
    return dhr_source_open_revision(&cli->source, cli->repo, revision, cli->prefix, &cli->err);
}

int cli_load(struct cli *cli)
{
    if (cli_today(cli) < 0 || cli_find(cli) < 0 || (cli->watches && cli_guard(cli) < 0))
        return -1;
    bool revision = cli->at || !cli->root;
    int rc =
        revision ? open_revision(cli) : dhr_source_open_folder(&cli->source, cli->root, &cli->err);
    if (rc < 0)
        return -1;
    if (!revision && cli->repo && cli->watches)
        dhr_source_watch_modes(cli->source, cli->repo);
    /* Before reading: a commit that lands meanwhile makes the id too old, never too new. */
    if (cli->repo &&
        dhr_repo_commit_of(cli->repo, cli->at_commit ? cli->at_commit : "HEAD", cli->revision,
                           &cli->err) < 0 &&
        revision)
        return -1;
    cli->loaded = true;
    dhr_watch_init(&cli->watch, cli->guard);
    rc = cli->watches ? dhr_ledger_load_watched(&cli->ledger, cli->source, dhr_watch_look,
                                                &cli->watch, &cli->err)
                      : dhr_ledger_load(&cli->ledger, cli->source, &cli->err);
    if (rc < 0)
        return -1;
    cli->ledger.today = cli->today;
    if (revision && !cli->at && cli->ledger.entry_count == 0)
        return dhr_fail(&cli->err, DHR_UNREADABLE,
                        "%s: no ledger here: the bare repository's HEAD holds no reviews/",
                        cli->folder ? cli->folder : ".");
    return 0;
}

int cli_list(struct cli *cli, struct dhr_catalog *catalog)
{
    struct dhr_entry *entries = NULL;
    size_t count = 0;
    if (dhr_source_open_folder(&cli->source, cli->root, &cli->err) < 0 ||
        dhr_source_list(cli->source, &cli->arena, &entries, &count, &cli->err) < 0)
        return -1;
    *catalog = (struct dhr_catalog){entries, count, &cli->arena, NULL};
    return 0;
}

void cli_warn_faults(const struct cli *cli)
{
    size_t errors = dhr_count_faults(&cli->ledger);
    if (errors)
        cli_note("dhrledger: %zu fault%s in the ledger's files may make this incomplete; run "
                 "\"dhrledger check\"",
                 errors, errors == 1 ? "" : "s");
}

void cli_explain_no_records(void)
{
    cli_note("The ledger has no recommendations yet. Bring in a review with\n"
             "  dhrledger import FILE");
}

/* The field that finds the record of that id, or NULL. */
static const char *field_of_id(const struct dhr_ledger *ledger, struct dhr_str id)
{
    if (dhr_ledger_review(ledger, id))
        return "review";
    if (dhr_ledger_recommendation(ledger, id))
        return "id";
    return dhr_ledger_agency(ledger, id) ? "agency" : NULL;
}

/* Whether a recommendation of some review has that number. */
static bool is_number(const struct dhr_ledger *ledger, const char *word)
{
    size_t len = strlen(word);
    for (size_t i = 0; i < ledger->recommendations.count; i++) {
        struct dhr_str id = ledger->recommendations.items[i]->id;
        if (dhr_str_ends(id, word) && id.len > len && id.ptr[id.len - len - 1] == '/')
            return true;
    }
    return false;
}

void cli_explain_no_match(const struct cli *cli)
{
    cli_note("Nothing in the ledger fits the query.");
    for (int i = 0; i < cli->asked_count; i++) {
        const char *field = field_of_id(&cli->ledger, dhr_str_of(cli->asked[i]));
        if (field)
            cli_note("A word by itself is looked for in the text; for the record write %s:%s.",
                     field, cli->asked[i]);
        else if (is_number(&cli->ledger, cli->asked[i]))
            cli_note("A word by itself is looked for in the text; for the record write "
                     "\"id:*/%s\".",
                     cli->asked[i]);
    }
}

int cli_check_reason(struct cli *cli, const char *why)
{
    struct dhr_str reason = dhr_str_of(why ? why : "");
    if (!dhr_str_trim(reason).len)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "say why with -m: the reason goes into the history beside the change");
    if (dhr_utf8_valid_len(reason) < reason.len)
        return dhr_fail(&cli->err, DHR_USAGE, "the reason is not UTF-8; give it as UTF-8 text");
    struct dhr_buf safe = {0};
    dhr_utf8_add_safe(&safe, reason, true);
    bool plain = dhr_str_eq(dhr_buf_str(&safe), reason);
    dhr_buf_release(&safe);
    if (!plain)
        return dhr_fail(&cli->err, DHR_USAGE, "the reason holds a control character; leave it out");
    return 0;
}
