/*
 * A push: every reference that it sets, moves or deletes. Branches are states of the ledger, and
 * go first. Whatever other references bring that none has yet is judged like a branch; notes,
 * which hold no ledger, and the messages of tags are searched for personal data.
 */
#include "push.h"

#include <stdlib.h>
#include <string.h>

#include "check_base.h"
#include "dhrledger/pushed.h"
#include "guard.h"
#include "hook_report.h"
#include "main_branch.h"
#include "push_text.h"

/* One line of what git gives to pre-receive: "OLD NEW REF". */
struct update {
    char old_id[DHR_COMMIT_ID_SIZE]; /* empty where the reference is new */
    char new_id[DHR_COMMIT_ID_SIZE]; /* empty where it is deleted */
    const char *ref;
};

struct push {
    struct cli *cli;
    struct update *updates;
    size_t count, capacity;
    struct main_branch main; /* with the tip that this push gives it */
    char (*judged)[DHR_COMMIT_ID_SIZE];
    size_t judged_count, judged_capacity;
};

/* What is made of one of them. */
struct judging {
    struct push *push;
    const struct update *update;
    struct dhr_findings findings;
    struct dhr_findings accepted;
};

static bool starts(const char *ref, const char *with)
{
    return strncmp(ref, with, strlen(with)) == 0;
}

static bool is_branch(const struct update *update)
{
    return starts(update->ref, "refs/heads/");
}

static bool take_id(struct dhr_str word, char id[DHR_COMMIT_ID_SIZE])
{
    if (word.len != DHR_COMMIT_ID_SIZE - 1)
        return false;
    bool none = strspn(word.ptr, "0") >= word.len;
    memcpy(id, word.ptr, word.len);
    id[none ? 0 : word.len] = '\0';
    return true;
}

static int parse(struct cli *cli, struct dhr_str line, struct update *update)
{
    struct dhr_str rest = line;
    struct dhr_str word = {NULL, 0};
    if (!dhr_str_split(&rest, ' ', &word) || !take_id(word, update->old_id) ||
        !dhr_str_split(&rest, ' ', &word) || !take_id(word, update->new_id) || !rest.len)
        return dhr_fail(&cli->err, DHR_USAGE,
                        "\"%.*s\": not a line that git gives to this hook, OLD NEW REF; it is run "
                        "by git, see \"dhrledger hook install\"",
                        DHR_ARG(line));
    update->ref = dhr_str_dup(&cli->arena, rest);
    return 0;
}

static int read_updates(struct push *push)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t len = 0;
    int rc = 0;
    while (rc == 0 && (len = getline(&line, &capacity, stdin)) > 0) {
        struct dhr_str text = dhr_str_trim(dhr_str_span(line, (size_t)len));
        rc = parse(push->cli, text, DHR_PUSH(push->updates, push->count, push->capacity));
    }
    free(line);
    return rc;
}

/* The branches as they will be, and the main one among them. */
static int find_main(struct push *push)
{
    struct cli *cli = push->cli;
    struct dhr_branch *branches = NULL;
    size_t count = 0;
    size_t kept = 0;
    if (dhr_repo_branches(cli->repo, &cli->arena, &branches, &count, &cli->err) < 0)
        return -1;
    struct dhr_branch *all = dhr_arena_alloc(&cli->arena, (count + push->count + 1) * sizeof(*all));
    for (size_t i = 0; i < count; i++) {
        bool updated = false;
        for (size_t u = 0; u < push->count; u++)
            updated = updated || strcmp(push->updates[u].ref, branches[i].ref) == 0;
        if (!updated)
            all[kept++] = branches[i];
    }
    for (size_t u = 0; u < push->count; u++) {
        const struct update *update = &push->updates[u];
        if (!is_branch(update) || !update->new_id[0])
            continue;
        all[kept].ref = update->ref;
        memcpy(all[kept++].tip, update->new_id, sizeof(update->new_id));
    }
    main_branch_find(&push->main, cli, all, kept);
    return 0;
}

/*
 * The state a branch is compared with. The main branch only goes on from where it was. Any other
 * is compared with where it left the main branch, so that what came from there by a merge is not
 * its own. Where there is no main branch yet, with what it was.
 */
static int find_base(const struct judging *j, const char *commit, char base[DHR_COMMIT_ID_SIZE])
{
    const struct main_branch *main = &j->push->main;
    struct cli *cli = j->push->cli;
    base[0] = '\0';
    if (is_branch(j->update))
        memcpy(base, j->update->old_id, sizeof(j->update->old_id));
    return strcmp(j->update->ref, main->ref) == 0 || !main->tip[0]
               ? 0
               : dhr_range_base(cli->repo, main->tip, commit, base, &cli->err);
}

/* Where the ledger is, if it isn't known; what was found once counts for all that follow. */
static int place(const struct judging *j, const char *commit)
{
    struct cli *cli = j->push->cli;
    if (!cli->root && !cli->placed && cli_place_bare(cli, j->push->main.tip) < 0)
        return -1;
    return !cli->root && !cli->placed ? cli_place_bare(cli, commit) : 0;
}

/* Nothing is let through in silence. */
static void note_no_ledger(const struct judging *j)
{
    struct cli *cli = j->push->cli;
    bool known = cli->root || cli->placed;
    cli_note_plain(cli,
                   "dhrledger: %s: no ledger was found in %s%s, so nothing but the messages of its "
                   "commits was checked; if it has one%s on the server with \"git config "
                   "dhrledger.folder FOLDER\"",
                   j->update->ref,
                   !known           ? "it"
                   : cli->prefix[0] ? "its folder "
                                    : "its top folder",
                   cli->prefix, known ? " elsewhere, name that folder" : ", name its folder");
}

/* A commit as a state of the ledger. */
static int judge_commit(struct judging *j, const char *commit)
{
    struct cli *cli = j->push->cli;
    struct check_base how = {.main = strcmp(j->update->ref, j->push->main.ref) == 0};
    char base[DHR_COMMIT_ID_SIZE];
    if (place(j, commit) < 0 || find_base(j, commit, base) < 0)
        return -1;
    if (!dhr_repo_has_ledger(cli->repo, commit, cli->prefix) &&
        !dhr_repo_has_ledger(cli->repo, base, cli->prefix))
        note_no_ledger(j);
    return check_between(cli, base, commit, &how, &j->findings, &j->accepted);
}

/* Whether the main branch has, or now gets, what a reference leads to. */
static int is_held(const struct judging *j, const char *id, bool *held)
{
    struct cli *cli = j->push->cli;
    struct dhr_pushed pushed;
    *held = false;
    if (!id[0])
        return 0;
    if (dhr_pushed_peel(cli->repo, id, &cli->arena, &pushed, &cli->err) < 0)
        return -1;
    return dhr_range_has(cli->repo, j->push->main.tip, pushed.commit, held, &cli->err);
}

/*
 * A tag ledger/… is what was agreed: it stays as it was set, and the main branch must go on from
 * it. So it has to be there already, and one that isn't may go.
 */
static int check_ledger_tag(struct judging *j)
{
    const struct update *update = j->update;
    const char *main = j->push->main.ref;
    bool was_held = false;
    bool held = false;
    if (is_held(j, update->old_id, &was_held) < 0 || is_held(j, update->new_id, &held) < 0)
        return -1;
    if (was_held && strcmp(update->old_id, update->new_id) != 0)
        dhr_findings_add(&j->findings, DHR_RULE_TAG_LOST, update->ref, 0, 0,
                         "the tag would be %s; it marks what was agreed, so set another one",
                         update->new_id[0] ? "moved" : "deleted");
    else if (update->new_id[0] && !held)
        dhr_findings_add(&j->findings, DHR_RULE_TAG_LOST, update->ref, 0, 0,
                         "the tag is on a commit that %s does not hold, and would block each later "
                         "push to it; push the two together, with \"git push origin %s %s\"",
                         main[0] ? main : "the main branch",
                         main[0] ? main + strlen("refs/heads/") : "BRANCH",
                         update->ref + strlen("refs/tags/"));
    return 0;
}

/* Of what is no branch only that counts which neither a reference nor this push has yet. */
static int judge_other(struct judging *j)
{
    struct push *push = j->push;
    struct cli *cli = push->cli;
    const struct dhr_tips known = {(const char(*)[DHR_COMMIT_ID_SIZE])push->judged,
                                   push->judged_count};
    struct dhr_pushed pushed;
    struct dhr_range_commit *commits = NULL;
    size_t count = 0;
    if (starts(j->update->ref, "refs/tags/ledger/") && check_ledger_tag(j) < 0)
        return -1;
    if (!j->update->new_id[0])
        return 0;
    struct push_text text = {.cli = cli,
                             .tip = push->main.tip,
                             .ref = j->update->ref,
                             .old_id = j->update->old_id,
                             .findings = &j->findings};
    if (place(j, push->main.tip) < 0 ||
        dhr_pushed_peel(cli->repo, j->update->new_id, &cli->arena, &pushed, &cli->err) < 0 ||
        push_text_tags(&text, &pushed) < 0)
        return -1;
    if (!pushed.commit[0])
        return push_text_object(&text, &pushed);
    if (dhr_range_new_commits(cli->repo, &known, pushed.commit, &cli->arena, &commits, &count,
                              &cli->err) < 0)
        return -1;
    memcpy(*DHR_PUSH(push->judged, push->judged_count, push->judged_capacity), pushed.commit,
           sizeof(pushed.commit));
    if (!count)
        return 0;
    return starts(j->update->ref, "refs/notes/") ? push_text_notes(&text, &pushed, commits, count)
                                                 : judge_commit(j, pushed.commit);
}

static int judge_branch(struct judging *j)
{
    struct push *push = j->push;
    const char *new_id = j->update->new_id;
    if (!new_id[0])
        return 0;
    memcpy(*DHR_PUSH(push->judged, push->judged_count, push->judged_capacity), new_id,
           DHR_COMMIT_ID_SIZE);
    return judge_commit(j, new_id);
}

/* 0 or a status, with a sentence on standard error. */
static int judge(struct push *push, const struct update *update)
{
    struct cli *cli = push->cli;
    struct judging j = {.push = push, .update = update};
    int status = DHR_OK;
    if ((is_branch(update) ? judge_branch(&j) : judge_other(&j)) < 0)
        status = cli_fail(cli);
    else
        status = hook_report(cli, &j.findings, &j.accepted,
                             dhr_arena_printf(&cli->arena, "%s was not taken", update->ref));
    dhr_findings_release(&j.findings);
    dhr_findings_release(&j.accepted);
    check_put_aside(cli);
    return status;
}

/* All are looked at, so that one push tells all; the first failure decides. */
static int judge_all(struct push *push)
{
    int status = DHR_OK;
    main_branch_note(&push->main, "on the server");
    for (size_t i = 0; i < 2 * push->count; i++) {
        const struct update *update = &push->updates[i % push->count];
        if (is_branch(update) != (i < push->count))
            continue;
        int one = judge(push, update);
        status = status == DHR_OK ? one : status;
    }
    return status;
}

int cli_push(struct cli *cli)
{
    struct push push = {.cli = cli};
    if (cli_find(cli) < 0)
        return cli_fail(cli);
    if (!cli->repo)
        return DHR_OK;
    int status = read_updates(&push) < 0 || find_main(&push) < 0 ? cli_fail(cli) : judge_all(&push);
    free(push.judged);
    free(push.updates);
    return status;
}
