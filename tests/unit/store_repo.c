/* Finding and opening repositories, and the commit of a day. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "dhrledger/repo.h"
#include "support.h"

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;

static void begin(void)
{
    support_begin(&t);
    err = (struct dhr_err){0};
    repo = NULL;
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
}

static void end(void)
{
    dhr_repo_free(repo);
    repo = NULL;
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_repo, .init = begin, .fini = end);

/* Criterion doesn't tidy up after a test that is skipped. */
static void need_root(void)
{
    if (geteuid() == 0)
        return;
    end();
    cr_skip("needs root");
}

static void opens(const char *start)
{
    cr_assert(dhr_repo_open(&repo, support_path(&t, start), &err) == 0, "%s", err.text);
}

static void refuses(const char *start, const char *sentence)
{
    cr_assert(dhr_repo_open(&repo, support_path(&t, start), &err) == -1, "it opened");
    cr_assert(repo == NULL, "a repository came back");
    cr_assert(err.status == DHR_UNREADABLE, "status %d: %s", (int)err.status, err.text);
    cr_assert(strstr(err.text, sentence) != NULL, "\"%s\" is not in: %s", sentence, err.text);
}

Test(store_repo, is_found_from_a_folder_below)
{
    support_ledger(&t, ".");
    opens("reviews/durham-2012");
    cr_assert(repo != NULL, "not found");
    cr_assert_str_eq(dhr_repo_workdir(repo), support_text(&t, "%s/", t.dir), "the work tree");
    cr_assert_str_eq(dhr_repo_gitdir(repo), support_text(&t, "%s/.git/", t.dir), "the git folder");
}

Test(store_repo, is_not_there_in_an_ordinary_folder)
{
    support_write(&t, "plain/a", "");
    opens("plain");
    cr_assert(repo == NULL, "a repository came back");
}

Test(store_repo, is_not_there_in_a_folder_that_is_not_there)
{
    opens("nowhere");
    cr_assert(repo == NULL, "a repository came back");
}

Test(store_repo, may_be_bare)
{
    support_ledger(&t, "a");
    support_run(&t, "git clone -q --bare a b.git");
    opens("b.git");
    cr_assert(repo != NULL, "not found");
    cr_assert(dhr_repo_workdir(repo) == NULL, "a bare repository has no work tree");
    cr_assert_str_eq(dhr_repo_gitdir(repo), support_path(&t, "b.git/"), "the git folder");
}

Test(store_repo, may_be_a_linked_work_tree)
{
    support_ledger(&t, "a");
    support_run(&t, "git -C a worktree add -q ../b -b other");
    opens("b/reviews");
    cr_assert_str_eq(dhr_repo_workdir(repo), support_path(&t, "b/"), "the work tree");
    cr_assert_str_eq(dhr_repo_gitdir(repo), support_path(&t, "a/.git/worktrees/b/"),
                     "the git folder");
}

Test(store_repo, stops_at_a_ceiling_as_git_does)
{
    support_ledger(&t, ".");
    (void)setenv("GIT_CEILING_DIRECTORIES", t.dir, 1);
    opens("reviews");
    cr_assert(repo == NULL, "it was found beyond the ceiling");
}

Test(store_repo, of_another_user_names_safe_directory)
{
    need_root();
    support_ledger(&t, "a");
    support_run(&t, "chown -R 65534:65534 a");
    refuses("a/reviews",
            support_text(&t, "git config --global --add safe.directory %s/a\"", t.dir));
    support_run(&t, "git config --global --add safe.directory /somewhere/else");
    refuses("a/reviews",
            support_text(&t, "git config --global --add safe.directory %s/a\"", t.dir));
    cr_assert(support_status(&t, "git -C a log 2>../log") != 0, "git itself opens it");
}

Test(store_repo, of_another_user_opens_after_the_command)
{
    need_root();
    support_ledger(&t, "a");
    support_run(&t, "chown -R 65534:65534 a");
    support_run(&t, "git config --global --add safe.directory %s/a", t.dir);
    /* libgit2 looks for this setting in the usual place only. */
    (void)unsetenv("GIT_CONFIG_GLOBAL");
    dhr_store_shutdown();
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
    opens("a");
    cr_assert(repo != NULL, "not found");
}

Test(store_repo, of_another_user_may_be_bare)
{
    need_root();
    support_ledger(&t, "a");
    support_run(&t, "git clone -q --bare a b.git && chown -R 65534:65534 b.git");
    refuses("b.git", support_text(&t, "--add safe.directory %s/b.git\"", t.dir));
}

Test(store_repo, of_an_unknown_format_is_refused)
{
    static const char *const settings[] = {
        "extensions.objectformat sha256", "extensions.refstorage reftable",
        "extensions.partialclone origin", "extensions.somethingnew true"};
    for (size_t i = 0; i < sizeof(settings) / sizeof(*settings); i++) {
        const char *folder = support_text(&t, "r%zu", i);
        support_ledger(&t, folder);
        support_run(&t, "git -C %s config core.repositoryformatversion 1", folder);
        support_run(&t, "git -C %s config %s", folder, settings[i]);
        refuses(folder, "a format that dhrledger can't read");
    }
    support_ledger(&t, "r9");
    support_run(&t, "git -C r9 config core.repositoryformatversion 9");
    refuses("r9", "a format that dhrledger can't read");
}

Test(store_repo, with_a_broken_git_folder_is_refused_or_absent)
{
    support_ledger(&t, "a");
    support_write(&t, "a/.git/config", "[core\n");
    refuses("a", "can't be opened");
    support_write(&t, "b/.git", "gitdir: /nowhere/at/all\n");
    (void)dhr_repo_open(&repo, support_path(&t, "b"), &err);
    cr_assert(repo == NULL, "a repository came back");
}

Test(store_repo, has_a_commit_for_each_day)
{
    static const char *const dates[] = {"2026-03-01T09:00:00+0000", "2026-03-02T23:30:00+0000",
                                        "2026-03-05T00:00:00+0000"};
    support_write(&t, "a", "0");
    support_run(&t, "git init -q . && git add a");
    for (size_t i = 0; i < 3; i++)
        support_run(&t, "echo %zu >a && GIT_COMMITTER_DATE=%s git commit -qam 'commit %zu'", i,
                    dates[i], i);
    opens(".");
    struct {
        const char *day, *revision;
    } cases[] = {{"2026-03-01", "HEAD~2"},
                 {"2026-03-02", "HEAD~1"},
                 {"2026-03-04", "HEAD~1"},
                 {"2026-03-05", "HEAD"},
                 {"2030-01-01", "HEAD"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        char id[DHR_COMMIT_ID_SIZE];
        dhr_day day = 0;
        cr_assert(dhr_day_parse(dhr_str_of(cases[i].day), &day), "%s", cases[i].day);
        cr_assert(dhr_repo_revision_on(repo, day, id, &err) == 0, "%s", err.text);
        cr_assert_str_eq(id, support_output(&t, "git rev-parse %s", cases[i].revision), "%s",
                         cases[i].day);
    }
    char id[DHR_COMMIT_ID_SIZE];
    dhr_day day = 0;
    (void)dhr_day_parse(dhr_str_of("2026-02-28"), &day);
    cr_assert(dhr_repo_revision_on(repo, day, id, &err) == -1, "a commit was found");
    cr_assert_str_eq(err.text, "the branch has no commit as old as 2026-02-28; \"git log "
                               "--reverse\" shows its first one");
}

Test(store_repo, ends_a_day_in_local_time)
{
    support_write(&t, "a", "0");
    support_run(&t, "git init -q . && git add a && "
                    "GIT_COMMITTER_DATE=2026-07-01T23:30:00+0000 git commit -qm one");
    (void)setenv("TZ", "Europe/London", 1); /* where it is 00:30 on the second already */
    opens(".");
    char id[DHR_COMMIT_ID_SIZE];
    dhr_day day = 0;
    (void)dhr_day_parse(dhr_str_of("2026-07-01"), &day);
    cr_assert(dhr_repo_revision_on(repo, day, id, &err) == -1, "a commit was found");
    cr_assert(dhr_repo_revision_on(repo, day + 1, id, &err) == 0, "%s", err.text);
}

Test(store_repo, has_no_commit_for_a_day_while_the_branch_is_unborn)
{
    support_run(&t, "git init -q .");
    opens(".");
    char id[DHR_COMMIT_ID_SIZE];
    cr_assert(dhr_repo_revision_on(repo, 20000, id, &err) == -1, "a commit was found");
    cr_assert(strstr(err.text, "no commit as old as") != NULL, "%s", err.text);
}

Test(store_repo, takes_its_configuration_from_where_git_does)
{
    support_ledger(&t, ".");
    support_write(&t, "../home/other", "[user]\n\tname = Other\n");
    (void)setenv("GIT_CONFIG_GLOBAL", support_path(&t, "missing"), 1);
    opens(".");
    cr_assert(repo != NULL, "a missing file is no error");
}

/* The two names that every git knows by heart. */
Test(store_repo, hashes_as_git_does)
{
    char id[DHR_COMMIT_ID_SIZE];
    cr_assert(dhr_hash((struct dhr_str){NULL, 0}, id, &err) == 0, "%s", err.text);
    cr_assert_str_eq(id, "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391");
    cr_assert(dhr_hash(dhr_str_of("test content\n"), id, &err) == 0, "%s", err.text);
    cr_assert_str_eq(id, "d670460b4b4aece5915caf5c68d12f560a9fe3e4");
}
