/* What must hold before a commit of ours: git would act otherwise in these places. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "store_internal.h"

/* What git is in the middle of, and how that is ended. */
static const struct state {
    int state;
    const char *what;
    const char *ending;
} states[] = {
    {GIT_REPOSITORY_STATE_MERGE, "a merge", "\"git merge --continue\" or \"git merge --abort\""},
    {GIT_REPOSITORY_STATE_REVERT, "a revert",
     "\"git revert --continue\" or \"git revert --abort\""},
    {GIT_REPOSITORY_STATE_REVERT_SEQUENCE, "a revert",
     "\"git revert --continue\" or \"git revert --abort\""},
    {GIT_REPOSITORY_STATE_CHERRYPICK, "a cherry-pick",
     "\"git cherry-pick --continue\" or \"git cherry-pick --abort\""},
    {GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE, "a cherry-pick",
     "\"git cherry-pick --continue\" or \"git cherry-pick --abort\""},
    {GIT_REPOSITORY_STATE_BISECT, "a bisect", "\"git bisect reset\""},
    {GIT_REPOSITORY_STATE_REBASE, "a rebase",
     "\"git rebase --continue\" or \"git rebase --abort\""},
    {GIT_REPOSITORY_STATE_REBASE_INTERACTIVE, "a rebase",
     "\"git rebase --continue\" or \"git rebase --abort\""},
    {GIT_REPOSITORY_STATE_REBASE_MERGE, "a rebase",
     "\"git rebase --continue\" or \"git rebase --abort\""},
    {GIT_REPOSITORY_STATE_APPLY_MAILBOX, "applying patches",
     "\"git am --continue\" or \"git am --abort\""},
    {GIT_REPOSITORY_STATE_APPLY_MAILBOX_OR_REBASE, "a rebase or applying patches",
     "what \"git status\" names"},
};

static int check_state(git_repository *git, struct dhr_err *err)
{
    int state = git_repository_state(git);
    if (state == GIT_REPOSITORY_STATE_NONE)
        return 0;
    const char *what = "something";
    const char *ending = "what \"git status\" names";
    for (size_t i = 0; i < sizeof(states) / sizeof(*states); i++) {
        if (states[i].state == state) {
            what = states[i].what;
            ending = states[i].ending;
        }
    }
    return dhr_fail(err, DHR_CONFLICT,
                    "git is in the middle of %s here; end it with %s, then try again", what,
                    ending);
}

int dhr_store_no_commit(const char *branch, struct dhr_err *err)
{
    return dhr_fail(err, DHR_UNREADABLE,
                    "nothing is committed yet on the branch %s; make the first commit with \"git "
                    "add .\" and \"git commit\"",
                    branch + strlen("refs/heads/"));
}

/* The branch must be a branch itself; where it isn't born yet its tip is zero. */
static int check_branch(git_repository *git, const char *target, git_oid *tip, struct dhr_err *err)
{
    const char *name = target + strlen("refs/heads/");
    git_reference *ref = NULL;
    int rc = git_reference_lookup(&ref, git, target);
    *tip = (git_oid){{0}};
    if (rc == GIT_ENOTFOUND)
        rc = 0;
    else if (rc < 0)
        rc = dhr_fail(err, DHR_UNREADABLE, "the branch %s can't be read (%s); run \"git fsck\"",
                      name, dhr_store_git_error());
    else if (git_reference_type(ref) != GIT_REFERENCE_DIRECT)
        /* Locking it would replace the alias by a branch of its own. */
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "the branch %s is only another name for %s; run \"git symbolic-ref HEAD %s\" "
                      "first",
                      name, git_reference_symbolic_target(ref), git_reference_symbolic_target(ref));
    else
        git_oid_cpy(tip, git_reference_target(ref));
    git_reference_free(ref);
    return rc;
}

int dhr_store_branch(git_repository *git, struct dhr_arena *arena, const char **branch,
                     git_oid *tip, struct dhr_err *err)
{
    git_reference *head = NULL;
    if (git_reference_lookup(&head, git, "HEAD") < 0)
        return dhr_fail(err, DHR_UNREADABLE, "%sHEAD can't be read (%s); run \"git fsck\"",
                        git_repository_path(git), dhr_store_git_error());
    const char *target = git_reference_symbolic_target(head);
    int rc = 0;
    if (!target || strncmp(target, "refs/heads/", strlen("refs/heads/")) != 0)
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "HEAD is detached, so a commit would belong to no branch; run \"git switch "
                      "BRANCH\" (or \"git switch -c NEW\") first");
    else if ((rc = check_branch(git, target, tip, err)) == 0)
        *branch = dhr_arena_dup(arena, target, strlen(target));
    git_reference_free(head);
    return rc;
}

static int check_hooks(git_repository *git, git_config *config, struct dhr_err *err)
{
    static const char *const hooks[] = {"pre-commit", "prepare-commit-msg", "commit-msg",
                                        "post-commit", "reference-transaction"};
    struct dhr_buf path = {0};
    int rc = dhr_store_hooks(git, config, &path);
    if (rc < 0) {
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "core.hooksPath can't be read (%s); correct it with \"git config\"",
                      dhr_store_git_error());
    }
    size_t folder_len = path.len;
    for (size_t i = 0; rc == 0 && folder_len && i < sizeof(hooks) / sizeof(*hooks); i++) {
        path.len = folder_len;
        dhr_buf_adds(&path, hooks[i]);
        struct stat st;
        if (stat(path.ptr, &st) == 0 && S_ISREG(st.st_mode) && access(path.ptr, X_OK) == 0 &&
            !dhr_store_is_own_hook(path.ptr, hooks[i]))
            rc = dhr_fail(err, DHR_UNREADABLE,
                          "%s: dhrledger doesn't run git's hooks, and this one wants to see every "
                          "commit; change the files with --no-commit and run \"git commit\"",
                          path.ptr);
    }
    dhr_buf_release(&path);
    return rc;
}

static int check_signing(git_config *config, struct dhr_err *err)
{
    int wanted = 0;
    int rc = git_config_get_bool(&wanted, config, "commit.gpgsign");
    if (rc == GIT_ENOTFOUND || (rc == 0 && !wanted))
        return 0;
    if (rc < 0)
        return dhr_fail(err, DHR_UNREADABLE,
                        "commit.gpgsign can't be read (%s); correct it with \"git config\"",
                        dhr_store_git_error());
    return dhr_fail(err, DHR_UNREADABLE,
                    "commit.gpgsign is set, and dhrledger doesn't sign commits; change the files "
                    "with --no-commit and run \"git commit\"");
}

int dhr_store_bad_index(struct dhr_err *err)
{
    return dhr_fail(err, DHR_UNREADABLE,
                    "git's index can't be read (%s); if it is split or sparse, run \"git "
                    "update-index --no-split-index\" or \"git sparse-checkout reapply "
                    "--no-sparse-index\", else \"git fsck\"",
                    dhr_store_git_error());
}

static int check_index(git_repository *git, struct dhr_err *err)
{
    git_index *index = NULL;
    int rc = git_repository_index(&index, git);
    if (rc == 0)
        rc = git_index_read(index, 0);
    if (rc < 0)
        rc = dhr_store_bad_index(err);
    else if (git_index_has_conflicts(index))
        rc = dhr_fail(err, DHR_CONFLICT,
                      "git's index holds files with conflicts; settle them with \"git add\" and "
                      "\"git commit\" first (\"git status\" names them)");
    git_index_free(index);
    return rc;
}

int dhr_store_preflight(git_repository *git, struct dhr_err *err)
{
    git_config *config = NULL;
    if (git_repository_is_bare(git))
        return dhr_fail(err, DHR_UNREADABLE,
                        "%s: is a bare repository, which holds no files to change; make the change "
                        "in a clone and push it",
                        git_repository_path(git));
    int rc = check_state(git, err);
    if (rc == 0 && git_repository_config_snapshot(&config, git) < 0)
        rc = dhr_fail(err, DHR_UNREADABLE,
                      "git's configuration can't be read (%s); \"git config --list\" may say more",
                      dhr_store_git_error());
    if (rc == 0)
        rc = check_signing(config, err);
    if (rc == 0)
        rc = check_hooks(git, config, err);
    if (rc == 0)
        rc = check_index(git, err);
    git_config_free(config);
    return rc;
}
