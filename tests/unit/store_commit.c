/* The commit writer, seen through git's own eyes. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <signal.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "dhrledger/commit.h"
#include "store/store_internal.h"
#include "support.h"

#define ONE "reviews/durham-2012/1.ini"
#define TWO "reviews/durham-2012/2.ini"
#define THREE "reviews/durham-2012/3.ini"

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;
static struct dhr_writer *writer;
static struct dhr_arena arena;
static char id[DHR_COMMIT_ID_SIZE];

static void begin(void)
{
    support_begin(&t);
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
}

static void close_all(void)
{
    dhr_writer_free(writer);
    dhr_repo_free(repo);
    writer = NULL;
    repo = NULL;
}

static void end(void)
{
    close_all();
    dhr_arena_release(&arena);
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_commit, .init = begin, .fini = end);
TestSuite(store_commit_refusal, .init = begin, .fini = end);
TestSuite(store_commit_identity, .init = begin, .fini = end);

static void open_repo(const char *path)
{
    close_all();
    cr_assert(dhr_repo_open(&repo, support_path(&t, path), &err) == 0, "%s", err.text);
    cr_assert(repo != NULL, "no repository");
}

static void open_writer(const char *path)
{
    open_repo(path);
    cr_assert(dhr_writer_open(&writer, repo, &err) == 0, "%s", err.text);
}

static const char *bytes_of(const char *path)
{
    struct dhr_str bytes = {NULL, 0};
    cr_assert(dhr_writer_read(writer, path, &arena, &bytes, &err) == 0, "%s", err.text);
    return bytes.ptr;
}

static int try_commit(const char *path, const char *text)
{
    struct dhr_change change = {.path = path, .bytes = dhr_str_of(text)};
    return dhr_writer_commit(writer, &change, 1, "Say why\n\nAt length.\n", id, &err);
}

static void commits(const char *path, const char *text)
{
    cr_assert(try_commit(path, text) == 0, "%s", err.text);
}

static void says(enum dhr_status status, const char *sentence)
{
    cr_assert(strstr(err.text, sentence) != NULL, "\"%s\" is not in: %s", sentence, err.text);
    cr_assert(err.status == status, "status %d: %s", (int)err.status, err.text);
}

static void refuses_writer(const char *path, enum dhr_status status, const char *sentence)
{
    open_repo(path);
    cr_assert(dhr_writer_open(&writer, repo, &err) == -1, "it opened");
    cr_assert(writer == NULL, "a writer came back");
    says(status, sentence);
}

static void refuses_read(const char *path, enum dhr_status status, const char *sentence)
{
    struct dhr_str bytes = {NULL, 0};
    cr_assert(dhr_writer_read(writer, path, &arena, &bytes, &err) == -1, "%s was read", path);
    says(status, sentence);
}

static void refuses_commit(const char *path, enum dhr_status status, const char *sentence)
{
    const char *before = support_output(&t, "git rev-parse HEAD");
    cr_assert(try_commit(path, "new\n") == -1, "it committed");
    says(status, sentence);
    cr_assert_str_eq(support_output(&t, "git rev-parse HEAD"), before, "the branch moved");
    cr_assert(!support_exists(&t, ".git/refs/heads/main.lock"), "a lock is left");
}

static void is_clean(const char *repository)
{
    /* First, for git status puts the particulars in. */
    cr_assert_str_eq(support_output(&t, "git -C %s diff-files --name-only", repository), "",
                     "the index entry lacks the file's particulars");
    cr_assert_str_eq(support_output(&t, "git -C %s status --porcelain", repository), "",
                     "the work tree or the index differs from the commit");
    support_run(&t, "git -C %s fsck --strict --no-dangling >../log 2>&1", repository);
    cr_assert_str_eq(support_output(&t, "find . -name '*.lock' -o -name '*~'"), "",
                     "something is left behind");
}

/* ---- A commit as git would have made it ---- */

Test(store_commit, is_on_the_branch_in_the_file_and_in_the_index)
{
    support_ledger(&t, ".");
    const char *parent = support_output(&t, "git rev-parse HEAD");
    open_writer(".");
    cr_assert_str_eq(bytes_of(ONE), "# " ONE "\nkey = value\n");
    commits(ONE, "key = new\n");
    cr_assert_str_eq(id, support_output(&t, "git rev-parse main"));
    cr_assert_str_eq(support_output(&t, "git rev-parse main^"), parent);
    cr_assert_str_eq(support_output(&t, "git log -1 --format=%%an:%%ae:%%cn:%%ce:%%B"),
                     "Ann Example:ann@example.org:Ann Example:ann@example.org:Say why\n\nAt "
                     "length.\n");
    cr_assert_str_eq(support_output(&t, "git show --format= --name-status HEAD"), "M\t" ONE);
    cr_assert_str_eq(support_read(&t, ONE), "key = new\n");
    is_clean(".");
}

Test(store_commit, has_the_bytes_of_git_commits_own_object)
{
    support_ledger(&t, "a");
    support_run(&t, "cp -a a b");
    (void)setenv("GIT_AUTHOR_DATE", "2026-11-24T10:00:00+0100", 1);
    (void)setenv("GIT_COMMITTER_DATE", "@1795514400 -0330", 1);
    (void)setenv("GIT_COMMITTER_NAME", "Cem O'Brien", 1);
    support_write(&t, "b/" ONE, "key = new\n");
    support_run(&t, "git -C b commit -qa -m '  Say why  ' -m 'At length.'");
    open_writer("a");
    struct dhr_change change = {.path = ONE, .bytes = dhr_str_of("key = new\n")};
    cr_assert(
        dhr_writer_commit(writer, &change, 1, "\n\n  Say why  \n\n\n\nAt length.", id, &err) == 0,
        "%s", err.text);
    cr_assert_str_eq(support_output(&t, "git -C a cat-file commit HEAD"),
                     support_output(&t, "git -C b cat-file commit HEAD"));
    cr_assert_str_eq(support_output(&t, "git -C a ls-files -s"),
                     support_output(&t, "git -C b ls-files -s"));
}

Test(store_commit, is_in_both_reflogs)
{
    support_ledger(&t, ".");
    open_writer(".");
    commits(ONE, "key = new\n");
    cr_assert_str_eq(support_output(&t, "git reflog --format=%%H:%%gs -1"),
                     support_text(&t, "%s:commit: Say why", id));
    cr_assert_str_eq(support_output(&t, "git reflog --format=%%H:%%gs -1 main"),
                     support_text(&t, "%s:commit: Say why", id));
    cr_assert_str_eq(support_output(&t, "git rev-parse HEAD@{1} main@{1}"),
                     support_output(&t, "git rev-parse HEAD^ HEAD^"));
    cr_assert_str_eq(support_output(&t, "git reflog --format=%%ge -1"), "ann@example.org");
}

Test(store_commit, may_change_several_files)
{
    support_ledger(&t, ".");
    open_writer(".");
    struct dhr_change changes[] = {
        {.path = ONE, .bytes = dhr_str_of("one\n")},
        {.path = "agencies/council.ini", .bytes = dhr_str_of("council\n")},
        {.path = THREE, .bytes = dhr_str_of("")}};
    cr_assert(dhr_writer_commit(writer, changes, 3, "three", id, &err) == 0, "%s", err.text);
    cr_assert_str_eq(support_output(&t, "git show --format=%%s --name-status HEAD"),
                     "three\n\nM\tagencies/council.ini\nM\t" ONE "\nM\t" THREE);
    cr_assert_str_eq(support_read(&t, THREE), "");
    is_clean(".");
}

Test(store_commit, may_be_followed_by_another)
{
    support_ledger(&t, ".");
    open_writer(".");
    commits(ONE, "one\n");
    cr_assert_str_eq(bytes_of(ONE), "one\n");
    commits(ONE, "two\n");
    commits(TWO, "three\n");
    cr_assert_str_eq(support_output(&t, "git rev-list --count HEAD"), "4");
    is_clean(".");
}

Test(store_commit, leaves_other_work_alone)
{
    support_ledger(&t, ".");
    support_write(&t, TWO, "staged\n");
    support_run(&t, "git add " TWO);
    support_write(&t, TWO, "staged, then edited\n");
    support_write(&t, THREE, "edited\n");
    support_write(&t, "reviews/durham-2012/4.ini", "new, staged\n");
    support_run(&t, "git add reviews/durham-2012/4.ini && git rm -q --cached agencies/council.ini");
    support_write(&t, "reviews/durham-2012/5.ini", "untracked\n");
    support_write(&t, "reviews/durham-2012/6.ini", "intended\n");
    support_run(&t, "git add -N reviews/durham-2012/6.ini && "
                    "git update-index --assume-unchanged reviews/durham-2012/review.ini");
    const char *status = support_output(&t, "git status --porcelain");
    const char *staged = support_output(&t, "git ls-files -sv | grep -v " ONE);
    open_writer(".");
    commits(ONE, "new\n");
    cr_assert_str_eq(support_output(&t, "git status --porcelain"), status);
    cr_assert_str_eq(support_output(&t, "git ls-files -sv | grep -v " ONE), staged);
    cr_assert_str_eq(support_output(&t, "git show --format= --name-only HEAD"), ONE);
    cr_assert_str_eq(support_read(&t, TWO), "staged, then edited\n");
    cr_assert_str_eq(support_read(&t, THREE), "edited\n");
}

/*
 * An entry as young as the index can't be told from an edited one by its time, so
 * git looks into the file. A newer index must not make that entry look old.
 */
Test(store_commit, does_not_hide_a_young_edit_of_another_file)
{
    support_ledger(&t, ".");
    support_run(&t, "git config core.trustctime false && printf aaaa >" TWO " && "
                    "touch -d 2026-01-01 " TWO " && git add " TWO " && printf bbbb >" TWO " && "
                    "touch -d 2026-01-01 " TWO " .git/index");
    cr_assert_str_eq(support_output(&t, "git diff --name-only"), TWO, "git sees it before");
    support_run(&t, "touch -d 2026-01-01 .git/index");
    open_writer(".");
    commits(ONE, "new\n");
    cr_assert_str_eq(support_output(&t, "git diff --name-only"), TWO);
}

Test(store_commit, keeps_the_files_mode)
{
    support_ledger(&t, ".");
    support_run(&t, "chmod 755 " ONE " && chmod 640 " TWO " && git commit -qam mode");
    open_writer(".");
    commits(ONE, "one\n");
    commits(TWO, "two\n");
    cr_assert_str_eq(support_output(&t, "stat -c %%a " ONE " " TWO), "755\n640");
    cr_assert_str_eq(support_output(&t, "git ls-files -s " ONE " | cut -d' ' -f1"), "100755");
    is_clean(".");
}

Test(store_commit, keeps_the_indexs_mode)
{
    support_ledger(&t, ".");
    support_run(&t, "chmod 660 .git/index");
    open_writer(".");
    commits(ONE, "new\n");
    cr_assert_str_eq(support_output(&t, "stat -c %%a .git/index"), "660");
}

Test(store_commit, writes_line_endings_as_git_does)
{
    support_ledger(&t, ".");
    support_write(&t, ".gitattributes", "*.ini text eol=crlf\n");
    support_run(&t, "git add --renormalize . && git add .gitattributes && git commit -qm crlf && "
                    "rm -r reviews agencies && git checkout -q .");
    cr_assert(strchr(support_read(&t, ONE), '\r') != NULL, "git checks out CRLF");
    open_writer(".");
    cr_assert_str_eq(bytes_of(ONE), "# " ONE "\nkey = value\n");
    commits(ONE, "a\nb\n");
    cr_assert_str_eq(support_read(&t, ONE), "a\r\nb\r\n");
    cr_assert_str_eq(support_output(&t, "git cat-file blob HEAD:" ONE), "a\nb");
    is_clean(".");
    commits(TWO, "a\r\nb\r\n");
    cr_assert_str_eq(support_output(&t, "git cat-file blob HEAD:" TWO), "a\nb");
    is_clean(".");
}

Test(store_commit, obeys_autocrlf)
{
    support_ledger(&t, ".");
    support_run(&t, "git rm -q --cached .gitattributes && rm .gitattributes && git commit -qm x && "
                    "git config core.autocrlf true && rm -r reviews && git checkout -q .");
    open_writer(".");
    commits(ONE, "a\nb\n");
    cr_assert_str_eq(support_read(&t, ONE), "a\r\nb\r\n");
    is_clean(".");
}

Test(store_commit, works_in_a_linked_work_tree)
{
    support_ledger(&t, "a");
    support_run(&t, "git -C a worktree add -q ../b -b other");
    open_writer("b");
    commits(ONE, "new\n");
    cr_assert_str_eq(support_output(&t, "git -C a rev-parse other"), id);
    cr_assert_str_eq(support_output(&t, "git -C b reflog --format=%%H:%%gs -1"),
                     support_text(&t, "%s:commit: Say why", id));
    cr_assert_str_eq(support_output(&t, "git -C a log -1 --format=%%s main"), "The first ledger");
    cr_assert_str_eq(support_read(&t, "b/" ONE), "new\n");
    is_clean("a");
    is_clean("b");
}

Test(store_commit, works_below_a_subfolder)
{
    support_ledger(&t, "t");
    support_run(&t, "rm -rf t/.git && git init -q . && git add . && git commit -qm sub");
    open_writer("t/reviews");
    commits("t/" ONE, "new\n");
    cr_assert_str_eq(support_output(&t, "git show --format= --name-only HEAD"), "t/" ONE);
    is_clean(".");
}

Test(store_commit, works_on_a_packed_branch_with_packed_objects)
{
    support_ledger(&t, ".");
    support_run(&t, "git switch -qc feature/deep && git pack-refs --all && git repack -qad");
    open_writer(".");
    commits(ONE, "new\n");
    cr_assert_str_eq(support_output(&t, "git rev-parse feature/deep"), id);
    is_clean(".");
}

Test(store_commit, works_in_a_shallow_clone_and_with_index_version_4)
{
    support_ledger(&t, "a");
    support_run(&t,
                "git -C a commit -q --allow-empty -m two && "
                "git clone -q --depth 1 file://%s/a b && git -C b update-index "
                "--index-version 4",
                t.dir);
    open_writer("b");
    commits(ONE, "new\n");
    is_clean("b");
    cr_assert_str_eq(support_output(&t, "head -c 8 b/.git/index | tail -c 1 | od -An -tu1"),
                     "   4");
}

Test(store_commit, goes_on_top_of_a_tip_that_moved_elsewhere)
{
    support_ledger(&t, ".");
    open_writer(".");
    (void)bytes_of(ONE);
    support_run(&t, "echo other >" TWO " && git commit -qam other");
    const char *moved = support_output(&t, "git rev-parse HEAD");
    commits(ONE, "new\n");
    cr_assert_str_eq(support_output(&t, "git rev-parse HEAD^"), moved);
    cr_assert_str_eq(support_output(&t, "git cat-file blob HEAD:" TWO), "other");
    is_clean(".");
}

Test(store_commit, waits_for_locks_that_are_let_go)
{
    support_ledger(&t, ".");
    open_writer(".");
    support_run(&t, "touch .git/index.lock .git/refs/heads/main.lock && "
                    "(sleep 0.4; rm .git/index.lock; sleep 0.3; rm .git/refs/heads/main.lock) "
                    ">../log 2>&1 &");
    commits(ONE, "new\n");
    is_clean(".");
}

Test(store_commit, removes_what_a_crash_left_beside_the_lock)
{
    support_ledger(&t, ".");
    support_write(&t, ".git/index.lock.lock", "half an index");
    open_writer(".");
    commits(ONE, "new\n");
    is_clean(".");
}

Test(store_commit, does_not_take_a_hook_that_git_would_not_run)
{
    support_ledger(&t, ".");
    support_write(&t, ".git/hooks/pre-commit", "#!/bin/sh\nexit 1\n");
    support_write(&t, ".git/hooks/post-merge", "#!/bin/sh\nexit 1\n");
    support_run(&t, "chmod 644 .git/hooks/pre-commit && chmod 755 .git/hooks/post-merge && "
                    "mkdir .git/hooks/commit-msg");
    open_writer(".");
    commits(ONE, "new\n");
    is_clean(".");
}

/* ---- Refusals: the repository ---- */

Test(store_commit_refusal, of_a_bare_repository)
{
    support_ledger(&t, "a");
    support_run(&t, "git clone -q --bare a b.git");
    refuses_writer("b.git", DHR_UNREADABLE,
                   "b.git/: is a bare repository, which holds no files to "
                   "change; make the change in a clone and push it");
}

Test(store_commit_refusal, of_a_detached_head)
{
    support_ledger(&t, ".");
    support_run(&t, "git checkout -q --detach");
    refuses_writer(".", DHR_UNREADABLE, "HEAD is detached");
}

Test(store_commit_refusal, of_an_unborn_branch)
{
    static const char sentence[] = "nothing is committed yet on the branch main; make the "
                                   "first commit with \"git add .\" and \"git commit\"";
    support_run(&t, "git init -q .");
    support_write(&t, ONE, "old\n");
    open_writer(".");
    refuses_read(ONE, DHR_UNREADABLE, sentence);
    cr_assert(try_commit(ONE, "new\n") == -1, "it committed");
    says(DHR_UNREADABLE, sentence);
    cr_assert(!support_exists(&t, ".git/refs/heads/main"), "there is a branch");
    cr_assert(!support_exists(&t, ".git/index"), "there is an index");
}

Test(store_commit_refusal, of_a_branch_that_is_an_alias)
{
    support_ledger(&t, ".");
    support_run(&t, "git symbolic-ref refs/heads/alias refs/heads/main && "
                    "git symbolic-ref HEAD refs/heads/alias");
    refuses_writer(".", DHR_UNREADABLE,
                   "the branch alias is only another name for "
                   "refs/heads/main");
}

/* Two branches that changed the same line, so that whatever joins them stops half way. */
static void diverge(void)
{
    support_ledger(&t, ".");
    support_run(&t, "git switch -qc side && echo side >" ONE " && git commit -qam side && "
                    "git switch -q main && echo main >" ONE " && git commit -qam main");
}

Test(store_commit_refusal, in_the_middle_of_something)
{
    static const struct {
        const char *what, *begin, *end, *sentence;
    } cases[] = {
        {"merge", "git merge side", "git merge --abort",
         "in the middle of a merge here; end it "
         "with \"git merge --continue\""},
        {"cherry-pick", "git cherry-pick side", "git cherry-pick --abort",
         "\"git cherry-pick "
         "--abort\""},
        {"revert", "git revert HEAD~1", "git revert --abort", "\"git revert --abort\""},
        {"rebase", "git rebase side", "git rebase --abort", "\"git rebase --abort\""},
        {"rebase by patches", "git rebase --apply side", "git rebase --abort", "git rebase"},
        {"am", "git format-patch -q -1 side -o .git/p && git am .git/p/*", "git am --abort",
         "\"git am --abort\""},
        {"bisect", "git bisect start", "git bisect reset", "\"git bisect reset\""},
    };
    diverge();
    support_run(&t, "echo more >" ONE " && git commit -qam more");
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        (void)support_status(&t, "(%s) >../log 2>&1", cases[i].begin);
        refuses_writer(".", DHR_CONFLICT, "git is in the middle of ");
        says(DHR_CONFLICT, cases[i].sentence);
        support_run(&t, "%s >../log 2>&1", cases[i].end);
        open_writer(".");
    }
}

Test(store_commit_refusal, of_an_index_with_conflicts)
{
    diverge();
    (void)support_status(&t, "git merge side >../log 2>&1");
    support_run(&t, "rm .git/MERGE_HEAD .git/MERGE_MODE .git/MERGE_MSG");
    refuses_writer(".", DHR_CONFLICT, "git's index holds files with conflicts");
}

Test(store_commit_refusal, of_an_index_that_libgit2_cannot_read)
{
    support_ledger(&t, "a");
    support_run(&t, "git -C a update-index --split-index");
    refuses_writer("a", DHR_UNREADABLE, "git update-index --no-split-index");
    support_run(&t, "git -C a update-index --no-split-index");
    open_writer("a");
    support_ledger(&t, "b");
    support_run(&t, "git -C b sparse-checkout set --cone --sparse-index reviews");
    refuses_writer("b", DHR_UNREADABLE, "git sparse-checkout reapply --no-sparse-index");
}

Test(store_commit_refusal, of_a_user_who_signs)
{
    support_ledger(&t, ".");
    support_run(&t, "git config commit.gpgsign yes");
    refuses_writer(".", DHR_UNREADABLE, "commit.gpgsign is set, and dhrledger doesn't sign");
    support_run(&t, "git config commit.gpgsign perhaps");
    refuses_writer(".", DHR_UNREADABLE, "commit.gpgsign can't be read");
    support_run(&t, "git config --unset commit.gpgsign && "
                    "git config --global commit.gpgsign true");
    refuses_writer(".", DHR_UNREADABLE, "commit.gpgsign is set");
}

Test(store_commit_refusal, of_each_hook)
{
    static const char *const hooks[] = {"pre-commit", "prepare-commit-msg", "commit-msg",
                                        "post-commit", "reference-transaction"};
    support_ledger(&t, ".");
    support_run(&t, "git worktree add -q ../linked -b linked");
    for (size_t i = 0; i < sizeof(hooks) / sizeof(*hooks); i++) {
        const char *path = support_text(&t, ".git/hooks/%s", hooks[i]);
        support_write(&t, path, "#!/bin/sh\nexit 0\n");
        support_run(&t, "chmod 755 %s", path);
        refuses_writer(".", DHR_UNREADABLE, support_text(&t, "%s: dhrledger doesn't run", path));
        refuses_writer("../linked", DHR_UNREADABLE, support_text(&t, "%s: dhrledger", path));
        support_run(&t, "rm %s", path);
    }
    open_writer(".");
}

Test(store_commit_refusal, of_hooks_in_another_folder)
{
    support_ledger(&t, ".");
    support_write(&t, "hooks/pre-commit", "#!/bin/sh\nexit 0\n");
    support_write(&t, ".git/hooks/commit-msg", "#!/bin/sh\nexit 0\n");
    support_run(&t,
                "chmod 755 hooks/pre-commit .git/hooks/commit-msg && cp -a hooks ../home/hooks");
    static const char *const paths[] = {"hooks", "~/hooks", NULL};
    for (size_t i = 0; paths[i]; i++) {
        support_run(&t, "git config core.hooksPath '%s'", paths[i]);
        refuses_writer("reviews", DHR_UNREADABLE, "hooks/pre-commit: dhrledger doesn't run");
    }
    support_run(&t, "git config core.hooksPath %s/home/hooks", t.base);
    refuses_writer(".", DHR_UNREADABLE, "home/hooks/pre-commit: dhrledger doesn't run");
    support_run(&t, "git config core.hooksPath /dev/null");
    open_writer(".");
}

/* ---- Refusals: a file ---- */

Test(store_commit_refusal, of_a_file_that_is_not_committed)
{
    support_ledger(&t, ".");
    support_write(&t, "agencies/new.ini", "new\n");
    open_writer(".");
    refuses_read(
        "agencies/new.ini", DHR_CONFLICT,
        "agencies/new.ini: isn't committed yet; run \"git add agencies/new.ini\" and \"git "
        "commit -m WHY agencies/new.ini\"");
    refuses_commit("agencies/new.ini", DHR_CONFLICT, "isn't committed yet");
    refuses_read("agencies", DHR_CONFLICT, "isn't committed yet");
}

Test(store_commit_refusal, of_a_staged_change)
{
    support_ledger(&t, ".");
    support_run(&t, "echo x >>" ONE " && git add " ONE);
    open_writer(".");
    refuses_read(ONE, DHR_CONFLICT, ONE ": has a staged change that isn't committed");
    refuses_commit(ONE, DHR_CONFLICT, "has a staged change");
    support_run(&t, "git reset -q --hard && git update-index --chmod=+x " ONE);
    refuses_commit(ONE, DHR_CONFLICT, "has a staged change");
    support_run(&t, "git reset -q --hard && git rm -q --cached " ONE);
    refuses_read(ONE, DHR_CONFLICT, "has a staged change");
    refuses_commit(ONE, DHR_CONFLICT, "has a staged change");
}

Test(store_commit_refusal, of_an_edited_file)
{
    support_ledger(&t, ".");
    open_writer(".");
    support_write(&t, ONE, "edited\n");
    refuses_read(ONE, DHR_CONFLICT, ONE ": the file holds changes that aren't committed");
    refuses_commit(ONE, DHR_CONFLICT, "git restore " ONE);
    cr_assert_str_eq(support_read(&t, ONE), "edited\n");
    support_run(&t, "git restore " ONE " && chmod 755 " ONE);
    refuses_read(ONE, DHR_CONFLICT, "the file holds changes");
    support_run(&t, "git config core.filemode false");
    (void)bytes_of(ONE);
}

Test(store_commit_refusal, of_a_file_that_is_gone)
{
    support_ledger(&t, ".");
    open_writer(".");
    support_run(&t, "rm " ONE);
    refuses_read(ONE, DHR_CONFLICT, ONE ": the file is gone from the work tree");
    refuses_commit(ONE, DHR_CONFLICT, "the file is gone");
    support_run(&t, "rm -r reviews");
    refuses_commit(ONE, DHR_UNREADABLE, ONE ": its folder can't be opened");
}

Test(store_commit_refusal, of_links)
{
    support_ledger(&t, ".");
    support_run(&t, "ln -s council.ini agencies/link.ini && git add . && git commit -qm link");
    open_writer(".");
    refuses_read("agencies/link.ini", DHR_CONFLICT, "isn't committed yet");
    support_run(&t, "cp " ONE " ../copy && rm " ONE " && ln -s ../../../copy " ONE);
    refuses_read(ONE, DHR_UNREADABLE, ONE ": is a symbolic link");
    refuses_commit(ONE, DHR_UNREADABLE, "is a symbolic link");
    support_run(&t, "git restore . && mv reviews/durham-2012 ../moved && "
                    "ln -s ../../moved reviews/durham-2012");
    refuses_commit(ONE, DHR_UNREADABLE, "reviews/durham-2012 is not a folder or is a symbolic");
    cr_assert_str_eq(support_read(&t, "../moved/1.ini"), "# " ONE "\nkey = value\n");
}

Test(store_commit_refusal, of_entries_that_git_was_told_to_skip)
{
    support_ledger(&t, ".");
    support_run(&t, "git update-index --assume-unchanged " ONE " && "
                    "git update-index --skip-worktree " TWO);
    open_writer(".");
    refuses_read(ONE, DHR_CONFLICT, "git update-index --no-assume-unchanged " ONE);
    refuses_commit(ONE, DHR_CONFLICT, "git update-index --no-assume-unchanged");
    refuses_read(TWO, DHR_CONFLICT, TWO ": git keeps it out of this work tree");
    refuses_commit(TWO, DHR_CONFLICT, "git keeps it out");
}

Test(store_commit_refusal, of_attributes_that_libgit2_does_not_apply)
{
    support_ledger(&t, ".");
    support_write(&t, ".gitattributes", "1.ini filter=lfs\n2.ini working-tree-encoding=UTF-16\n");
    open_writer(".");
    refuses_read(ONE, DHR_UNREADABLE, ONE ": .gitattributes gives it filter=lfs");
    refuses_commit(ONE, DHR_UNREADABLE, "filter=lfs");
    refuses_read(TWO, DHR_UNREADABLE, "working-tree-encoding=UTF-16");
    (void)bytes_of(THREE);
}

Test(store_commit_refusal, of_a_path_that_changed_on_the_branch)
{
    support_ledger(&t, ".");
    open_writer(".");
    (void)bytes_of(ONE);
    support_run(&t, "echo theirs >" ONE " && git commit -qam theirs");
    refuses_commit(ONE, DHR_CONFLICT, ONE ": somebody else's commit changed it meanwhile");
    cr_assert_str_eq(support_read(&t, ONE), "theirs\n");
    support_run(&t, "git rm -q " TWO " && git commit -qm gone");
    refuses_commit(TWO, DHR_CONFLICT, "somebody else's commit changed it meanwhile");
    is_clean(".");
}

Test(store_commit_refusal, after_a_switch_of_branches)
{
    support_ledger(&t, ".");
    open_writer(".");
    support_run(&t, "git switch -qc other");
    refuses_commit(ONE, DHR_CONFLICT,
                   "somebody switched from refs/heads/main to refs/heads/other meanwhile");
    support_run(&t, "git checkout -q --detach");
    refuses_commit(ONE, DHR_UNREADABLE, "HEAD is detached");
}

Test(store_commit_refusal, after_a_merge_began)
{
    diverge();
    open_writer(".");
    (void)support_status(&t, "git merge side >../log 2>&1");
    refuses_commit(TWO, DHR_CONFLICT, "in the middle of a merge");
}

Test(store_commit_refusal, of_nothing_at_all)
{
    support_ledger(&t, ".");
    open_writer(".");
    cr_assert(dhr_writer_commit(writer, NULL, 0, "why", id, &err) == -1, "it committed");
    says(DHR_USAGE, "there is nothing to commit");
    cr_assert(try_commit(ONE, "# " ONE "\nkey = value\n") == -1, "it committed");
    says(DHR_USAGE, "there is nothing to commit");
    struct dhr_change change = {.path = ONE, .bytes = dhr_str_of("new\n")};
    cr_assert(dhr_writer_commit(writer, &change, 1, " \n\n", id, &err) == -1, "it committed");
    says(DHR_USAGE, "the commit has no message");
    is_clean(".");
}

/* ---- Refusals: locks, permission, room ---- */

Test(store_commit_refusal, of_a_locked_index)
{
    support_ledger(&t, ".");
    support_write(&t, ".git/index.lock", "");
    open_writer(".");
    refuses_commit(ONE, DHR_CONFLICT,
                   support_text(&t,
                                "%s/.git/index.lock: another git command "
                                "holds this lock",
                                t.dir));
    cr_assert(support_exists(&t, ".git/index.lock"), "somebody else's lock was deleted");
    cr_assert_str_eq(support_read(&t, ONE), "# " ONE "\nkey = value\n");
}

Test(store_commit_refusal, of_a_locked_branch)
{
    support_ledger(&t, ".");
    support_run(&t, "git worktree add -q ../linked -b linked");
    support_write(&t, ".git/refs/heads/linked.lock", "");
    open_writer("../linked");
    cr_assert(try_commit(ONE, "new\n") == -1, "it committed");
    says(DHR_CONFLICT,
         support_text(&t, "%s/.git/refs/heads/linked.lock: another git command", t.dir));
    cr_assert(support_exists(&t, ".git/refs/heads/linked.lock"), "the lock was deleted");
    support_run(&t, "rm .git/refs/heads/linked.lock");
    is_clean("../linked");
}

static void become_nobody(void)
{
    if (geteuid() != 0)
        return;
    support_run(&t, "chown -R 65534:65534 %s && chmod 755 %s", t.base, t.base);
    cr_assert(seteuid(65534) == 0, "seteuid");
}

/* Changing the owner changes particulars that the index has noted, so it is refreshed. */
static void become_yourself(void)
{
    cr_assert(seteuid(getuid()) == 0, "seteuid");
    if (geteuid() == 0)
        support_run(&t, "chown -R 0:0 %s", t.base);
    support_run(&t, "chmod -R u+w .git reviews && git update-index -q --refresh; :");
}

Test(store_commit_refusal, without_permission_to_write_objects)
{
    support_ledger(&t, ".");
    support_run(&t, "chmod -R a-w .git/objects");
    become_nobody();
    open_writer(".");
    int rc = try_commit(ONE, "new\n");
    become_yourself();
    cr_assert(rc == -1, "it committed");
    says(DHR_SYSTEM, "/.git/objects: can't be written to");
    cr_assert_str_eq(support_output(&t, "git rev-list --count HEAD"), "1");
    is_clean(".");
}

Test(store_commit_refusal, without_permission_to_lock_the_index)
{
    support_ledger(&t, ".");
    support_run(&t, "chmod a-w .git");
    become_nobody();
    open_writer(".");
    int rc = try_commit(ONE, "new\n");
    become_yourself();
    cr_assert(rc == -1, "it committed");
    says(DHR_SYSTEM, ".git/index.lock: git's index can't be locked: Permission denied");
}

Test(store_commit_refusal, without_permission_to_move_the_branch)
{
    support_ledger(&t, ".");
    support_run(&t, "chmod a-w .git/refs/heads");
    become_nobody();
    open_writer(".");
    int rc = try_commit(ONE, "new\n");
    become_yourself();
    cr_assert(rc == -1, "it committed");
    says(DHR_SYSTEM, "refs/heads/main.lock: can't be made");
    is_clean(".");
}

Test(store_commit_refusal, to_write_the_file_leaves_a_commit_and_says_so)
{
    support_ledger(&t, ".");
    support_run(&t, "chmod a-w reviews/durham-2012");
    become_nobody();
    open_writer(".");
    int rc = try_commit(ONE, "new\n");
    become_yourself();
    cr_assert(rc == -1, "nothing was said");
    says(DHR_SYSTEM, ONE ": can't write beside it: Permission denied; commit ");
    says(DHR_SYSTEM, "stands, so run \"git restore " ONE "\"");
    cr_assert_str_eq(support_output(&t, "git rev-parse HEAD"), id);
    cr_assert_str_eq(support_output(&t, "git status --porcelain"), " M " ONE);
    support_run(&t, "git restore " ONE);
    cr_assert_str_eq(support_read(&t, ONE), "new\n");
    is_clean(".");
}

/* The moment between the branch's move and the file's replacement, which no test can hit from
 * outside. */
Test(store_commit_refusal, to_overwrite_an_edit_made_meanwhile)
{
    support_ledger(&t, ".");
    open_writer(".");
    struct dhr_commit_file file = {.path = ONE, .bytes = dhr_str_of("new\n")};
    struct dhr_index_lock lock;
    cr_assert(dhr_store_tip_entry(writer->tree, ONE, &file.tip), "the tip's entry");
    cr_assert(git_odb_write(&file.blob_id, writer->odb, "new\n", 4, GIT_OBJECT_BLOB) == 0, "blob");
    cr_assert(dhr_index_lock(&lock, repo->git, false, &err) == 0, "%s", err.text);
    support_write(&t, ONE, "edited\n");
    cr_assert(dhr_store_update_files(writer, &lock, &file, 1, &writer->tip, &err) == -1, "no word");
    dhr_index_unlock(&lock);
    says(DHR_CONFLICT, ONE ": was edited while commit ");
    says(DHR_CONFLICT, "the commit stands and the edit is left in the file");
    cr_assert_str_eq(support_read(&t, ONE), "edited\n");
    cr_assert_str_eq(support_output(&t, "git cat-file blob :" ONE), "new");
}

Test(store_commit_refusal, to_write_the_index_leaves_a_commit_and_says_so)
{
    support_ledger(&t, ".");
    open_writer(".");
    /* A folder where libgit2 makes its own lock, which unlike a file can't be cleared away. */
    support_run(&t, "mkdir .git/index.lock.lock");
    cr_assert(try_commit(ONE, "new\n") == -1, "nothing was said");
    says(DHR_CONFLICT, ".git/index: can't be written");
    says(DHR_CONFLICT, "stands, so run \"git reset -q -- " ONE "\"");
    support_run(&t, "rmdir .git/index.lock.lock");
    cr_assert_str_eq(support_output(&t, "git rev-parse HEAD"), id);
    cr_assert_str_eq(support_output(&t, "git status --porcelain"), "MM " ONE);
    support_run(&t, "git reset -q -- " ONE);
    is_clean(".");
}

Test(store_commit_refusal, when_no_file_can_grow)
{
    support_ledger(&t, ".");
    struct rlimit limit = {0};
    (void)signal(SIGXFSZ, SIG_IGN);
    open_writer(".");
    (void)getrlimit(RLIMIT_FSIZE, &limit);
    rlim_t before = limit.rlim_cur;
    const rlim_t sizes[] = {0, 20, 60, 100, 200};
    for (size_t i = 0; i < sizeof(sizes) / sizeof(*sizes); i++) {
        limit.rlim_cur = sizes[i];
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        int rc = try_commit(ONE, support_text(&t, "new %zu\n", i));
        limit.rlim_cur = before;
        (void)setrlimit(RLIMIT_FSIZE, &limit);
        cr_assert(rc == -1, "it committed with %ju bytes", (uintmax_t)sizes[i]);
        cr_assert(err.status == DHR_SYSTEM, "status %d: %s", (int)err.status, err.text);
        cr_assert_str_eq(support_output(&t, "git rev-list --count HEAD"), "1", "%s", err.text);
        is_clean(".");
    }
}

/* ---- Who it is by ---- */

static void author_is(const char *name, const char *email)
{
    struct dhr_identity author = {NULL, NULL};
    open_writer(".");
    cr_assert(dhr_writer_author(writer, &author, &err) == 0, "%s", err.text);
    cr_assert_str_eq(author.name, name);
    cr_assert_str_eq(author.email, email);
}

Test(store_commit_identity, comes_from_the_configuration)
{
    support_ledger(&t, ".");
    author_is("Ann Example", "ann@example.org");
    support_run(&t, "git config user.name 'Local Ann'");
    author_is("Local Ann", "ann@example.org");
    support_run(&t, "git config author.name Author && git config committer.email c@example.org");
    author_is("Author", "ann@example.org");
    commits(ONE, "new\n");
    cr_assert_str_eq(support_output(&t, "git log -1 --format=%%an:%%ae:%%cn:%%ce"),
                     "Author:ann@example.org:Local Ann:c@example.org");
}

Test(store_commit_identity, comes_from_the_environment_first)
{
    support_ledger(&t, ".");
    support_run(&t, "git config author.name Author");
    (void)setenv("GIT_AUTHOR_NAME", "  Zo\xc3\xab <b>. ", 1);
    (void)setenv("GIT_AUTHOR_EMAIL", "<zoe@example.org>", 1);
    (void)setenv("GIT_COMMITTER_NAME", "Com Mitter", 1);
    (void)setenv("GIT_COMMITTER_EMAIL", "com@example.org", 1);
    author_is("Zo\xc3\xab b", "zoe@example.org");
    commits(ONE, "new\n");
    const char *format = "--format=%an:%ae:%cn:%ce";
    const char *ours = support_output(&t, "git log -1 '%s'", format);
    support_run(&t, "git commit -q --allow-empty -m theirs");
    cr_assert_str_eq(ours, support_output(&t, "git log -1 '%s'", format));
}

Test(store_commit_identity, falls_back_to_EMAIL)
{
    support_ledger(&t, ".");
    support_run(&t, "git config --global --unset user.email");
    (void)setenv("EMAIL", "fallback@example.org", 1);
    author_is("Ann Example", "fallback@example.org");
}

Test(store_commit_identity, is_never_guessed)
{
    static const char sentence[] =
        "git doesn't know who you are; run git config --global user.name \"Your Name\" and git "
        "config --global user.email you@example.org (or set GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL)";
    struct dhr_identity author = {NULL, NULL};
    support_ledger(&t, ".");
    support_run(&t, "git config --global --unset user.email");
    open_writer(".");
    cr_assert(dhr_writer_author(writer, &author, &err) == -1, "it was guessed");
    cr_assert_str_eq(err.text, sentence);
    refuses_commit(ONE, DHR_SYSTEM, sentence);
    support_run(&t, "git config --global user.email a@example.org");
    (void)setenv("GIT_AUTHOR_NAME", "", 1);
    open_writer(".");
    refuses_commit(ONE, DHR_SYSTEM, sentence);
    (void)unsetenv("GIT_AUTHOR_NAME");
    (void)setenv("GIT_COMMITTER_NAME", " ,. ", 1);
    open_writer(".");
    refuses_commit(ONE, DHR_SYSTEM, "(or set GIT_COMMITTER_NAME and GIT_COMMITTER_EMAIL)");
}

Test(store_commit_identity, takes_gits_dates)
{
    static const char *const dates[] = {"2026-11-24T10:00:00+0000",
                                        "2026-11-24T10:00:00Z",
                                        "2026-11-24 10:00:00 +0100",
                                        "2026-11-24 10:00:00 -03:30",
                                        "2026-07-24 10:00:00",
                                        "2026-11-24T10:00",
                                        "2026-07-24T10:00:00.75+0200",
                                        "@1795514400 +0000",
                                        "@86400 -0500",
                                        "1795514400 +1345",
                                        "1783000000",
                                        "Tue, 24 Nov 2026 10:00:00 +0000",
                                        "24 Nov 2026 23:59:59 -0800",
                                        "Tue, 3 Mar 2026 10:00:00 GMT"};
    static const char *const zones[] = {"UTC", "Europe/London", "America/St_Johns"};
    support_ledger(&t, ".");
    for (size_t z = 0; z < sizeof(zones) / sizeof(*zones); z++) {
        (void)setenv("TZ", zones[z], 1);
        for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
            (void)setenv("GIT_AUTHOR_DATE", dates[i], 1);
            (void)setenv("GIT_COMMITTER_DATE", dates[i], 1);
            open_writer(".");
            commits(ONE, support_text(&t, "%zu %zu\n", z, i));
            const char *ours = support_output(&t, "git log -1 --date=raw --format=%%ad:%%cd");
            support_run(&t, "git commit -q --allow-empty -m theirs");
            cr_assert_str_eq(ours, support_output(&t, "git log -1 --date=raw --format=%%ad:%%cd"),
                             "%s in %s", dates[i], zones[z]);
        }
    }
}

Test(store_commit_identity, refuses_what_is_not_a_date)
{
    static const char *const dates[] = {"yesterday",
                                        "2026-13-01T10:00:00Z",
                                        "2026-02-30T10:00:00Z",
                                        "2026-11-24T25:00:00Z",
                                        "2026-11-24T10:00:00+9900",
                                        "2026-11-24T10:00:00 nonsense",
                                        "@",
                                        "@12x",
                                        "12345 +0000",
                                        "@99999999999999 +0000",
                                        "Tue, 24 Nul 2026 10:00:00 +0000"};
    support_ledger(&t, ".");
    for (size_t i = 0; i < sizeof(dates) / sizeof(*dates); i++) {
        (void)setenv("GIT_AUTHOR_DATE", dates[i], 1);
        open_writer(".");
        refuses_commit(
            ONE, DHR_SYSTEM,
            support_text(&t, "GIT_AUTHOR_DATE: \"%s\" is not a date; write it like", dates[i]));
    }
    (void)unsetenv("GIT_AUTHOR_DATE");
    (void)setenv("GIT_COMMITTER_DATE", "soon", 1);
    open_writer(".");
    refuses_commit(ONE, DHR_SYSTEM, "GIT_COMMITTER_DATE: \"soon\" is not a date");
}
