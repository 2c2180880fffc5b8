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
#include "push_read.h"
#include "push_text.h"

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
    if (j->update->branch)
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
    if ((update->branch ? judge_branch(&j) : judge_other(&j)) < 0)
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
static int judge_those(struct push *push, bool branches)
{
    int status = DHR_OK;
    for (size_t i = 0; i < push->count; i++) {
        if (push->updates[i].branch != branches)
            continue;
        int one = judge(push, &push->updates[i]);
        status = status == DHR_OK ? one : status;
    }
    return status;
}

static int judge_all(struct push *push)
{
    main_branch_note(&push->main, "on the server");
    int branches = judge_those(push, true);
    int others = judge_those(push, false);
    return branches == DHR_OK ? others : branches;
}

int cli_push(struct cli *cli)
{
    struct push push = {.cli = cli};
    if (cli_find(cli) < 0)
        return cli_fail(cli);
    if (!cli->repo)
        return DHR_OK;
    int status = push_read(&push) < 0 ? cli_fail(cli) : judge_all(&push);
    free(push.judged);
    free(push.updates);
    return status;
}
