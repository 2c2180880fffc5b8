/* Commits that add, remove and rename files, beside those that git makes. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "dhrledger/commit.h"
#include "store/store_internal.h"
#include "support.h"

#define ONE "reviews/durham-2012/1.ini"
#define TWO "reviews/durham-2012/2.ini"
#define NEW "reviews/exampleshire-2019/1.ini"
#define COUNCIL "agencies/council.ini"

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;
static struct dhr_writer *writer;
static char id[DHR_COMMIT_ID_SIZE];

static void begin(void)
{
    support_begin(&t);
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
    /* So that two repositories can have the same commits. */
    (void)setenv("GIT_AUTHOR_DATE", "@1795514400 +0000", 1);
    (void)setenv("GIT_COMMITTER_DATE", "@1795514400 +0000", 1);
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
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_files, .init = begin, .fini = end);
TestSuite(store_files_refusal, .init = begin, .fini = end);
TestSuite(store_files_alone, .init = begin, .fini = end);

static void open_writer(const char *path)
{
    close_all();
    cr_assert(dhr_repo_open(&repo, support_path(&t, path), &err) == 0, "%s", err.text);
    cr_assert(dhr_writer_open(&writer, repo, &err) == 0, "%s", err.text);
}

static struct dhr_change add(const char *path, const char *text)
{
    return (struct dhr_change){path, dhr_str_of(text), DHR_CHANGE_ADD};
}

static struct dhr_change removal(const char *path)
{
    return (struct dhr_change){.path = path, .kind = DHR_CHANGE_REMOVE};
}

static struct dhr_change edit(const char *path, const char *text)
{
    return (struct dhr_change){path, dhr_str_of(text), DHR_CHANGE_EDIT};
}

static void commits(const struct dhr_change *changes, size_t count)
{
    cr_assert(dhr_writer_commit(writer, changes, count, "Say why", id, &err) == 0, "%s", err.text);
}

static void is_clean(const char *repository)
{
    cr_assert_str_eq(support_output(&t, "git -C %s diff-files --name-only", repository), "",
                     "an index entry lacks the file's particulars");
    cr_assert_str_eq(support_output(&t, "git -C %s status --porcelain", repository), "",
                     "the work tree or the index differs from the commit");
    support_run(&t, "git -C %s fsck --strict --no-dangling >../log 2>&1", repository);
    cr_assert_str_eq(support_output(&t, "find . -name '*.lock' -o -name '*~'"), "",
                     "something is left behind");
}

/* Repository b does the same with git's own commands; both end up with the same commit. */
static void is_as_git_does(const char *commands)
{
    support_run(&t, "cd b && %s && git commit -qm 'Say why'", commands);
    cr_assert_str_eq(support_output(&t, "git -C a rev-parse HEAD HEAD^{tree}"),
                     support_output(&t, "git -C b rev-parse HEAD HEAD^{tree}"));
    cr_assert_str_eq(support_output(&t, "git -C a ls-files -s"),
                     support_output(&t, "git -C b ls-files -s"));
    cr_assert_str_eq(support_output(&t, "cd a && find . -path ./.git -prune -o -print | sort"),
                     support_output(&t, "cd b && find . -path ./.git -prune -o -print | sort"));
    cr_assert_str_eq(support_output(&t, "git -C a log -g --format=%%gs -1"),
                     support_output(&t, "git -C b log -g --format=%%gs -1"));
    is_clean("a");
}

static void two_ledgers(void)
{
    support_ledger(&t, "a");
    support_run(&t, "cp -a a b");
    open_writer("a");
}

/* ---- As git does it ---- */

enum { MANY = 120 };

/* One pack, and then loose objects as before, whichever writer comes next. */
Test(store_files, many_become_one_pack)
{
    struct dhr_change changes[MANY + 2];
    struct dhr_buf script = {0};
    support_ledger(&t, "a");
    support_run(&t, "cp -a a b && git -C a gc -q && git -C a count-objects >before");
    open_writer("a");
    for (size_t i = 0; i < MANY; i++) {
        const char *path = support_text(&t, "reviews/exampleshire-%zu/%zu.ini", 2000 + i / 10, i);
        changes[i] = add(path, support_text(&t, "text = %zu\n", i));
        dhr_buf_addf(&script, "mkdir -p reviews/exampleshire-%zu && echo text = %zu >%s && ",
                     2000 + i / 10, i, path);
    }
    dhr_buf_adds(&script, "echo text = edited >" ONE);
    changes[MANY] = edit(ONE, "text = edited\n");
    changes[MANY + 1] = removal(TWO);
    commits(changes, MANY + 2);
    cr_assert_str_eq(support_output(&t, "git -C a count-objects | diff before - && "
                                        "git -C a count-objects -v | grep ^packs:"),
                     "packs: 2", "the pack of git gc, and one more");
    support_write(&t, "script", dhr_buf_cstr(&script));
    dhr_buf_release(&script);
    is_as_git_does(". ../script && git rm -q " TWO " && git add .");
    changes[0] = edit(ONE, "text = edited again\n");
    commits(changes, 1);
    is_clean("a");
    cr_assert_str_eq(support_output(&t, "git -C a show HEAD:" ONE), "text = edited again");
    open_writer("a");
    changes[0] = edit(ONE, "text = and again\n");
    commits(changes, 1);
    is_clean("a");
    cr_assert_str_eq(support_output(&t, "git -C a count-objects | cut -d, -f1"), "5 objects");
}

Test(store_files, are_added)
{
    two_ledgers();
    const struct dhr_change changes[] = {add(NEW, "new\n"), add("agencies/a.ini", "a\n"),
                                         add("new", ""), add("x/y/z/deep", "deep\n")};
    commits(changes, 4);
    cr_assert_str_eq(support_read(&t, "a/" NEW), "new\n");
    is_as_git_does("mkdir -p reviews/exampleshire-2019 x/y/z && echo new >" NEW
                   " && echo a >agencies/a.ini && : >new && echo deep >x/y/z/deep && git add .");
}

Test(store_files, are_removed_with_the_folders_they_leave_empty)
{
    two_ledgers();
    const struct dhr_change changes[] = {removal(COUNCIL), removal(ONE)};
    commits(changes, 2);
    cr_assert(!support_exists(&t, "a/agencies"), "the folder is still there");
    is_as_git_does("git rm -q " COUNCIL " " ONE);
}

Test(store_files, are_removed_to_the_last)
{
    support_run(&t, "git init -q a && cd a && mkdir -p x/y && echo 1 >x/y/1 && git add . && "
                    "git commit -qm first && cd .. && cp -a a b");
    open_writer("a");
    const struct dhr_change change = removal("x/y/1");
    commits(&change, 1);
    is_as_git_does("git rm -q x/y/1");
}

Test(store_files, are_renamed_and_edited_in_one_commit)
{
    two_ledgers();
    const struct dhr_change changes[] = {
        removal(ONE), add(NEW, "# " ONE "\nkey = value\n"), edit(TWO, "two\n"),
        removal("reviews/durham-2012/review.ini"),
        add("reviews/exampleshire-2019/review.ini", "# reviews/durham-2012/review.ini\n"
                                                    "key = value\n")};
    commits(changes, 5);
    cr_assert_str_eq(support_output(&t, "git -C a show -M --format= --name-status HEAD | sort"),
                     "M\t" TWO "\nR100\t" ONE "\t" NEW
                     "\nR100\treviews/durham-2012/review.ini\treviews/exampleshire-2019/"
                     "review.ini");
    is_as_git_does("mkdir reviews/exampleshire-2019 && git mv " ONE " " NEW
                   " && git mv reviews/durham-2012/review.ini reviews/exampleshire-2019/ && "
                   "echo two >" TWO " && git add .");
}

/* Byte order puts "a-b" between "a" and "a/x", and a tree sorts folders in another way again. */
Test(store_files, come_into_trees_in_gits_order)
{
    two_ledgers();
    const struct dhr_change changes[] = {
        add("a/x", "1\n"),   add("a-b/x", "2\n"),   add("a.b", "3\n"),  add("a0/x", "4\n"),
        add("a/b/c", "5\n"), add("a/b-c/d", "6\n"), add("a/b.c", "7\n")};
    commits(changes, 7);
    is_as_git_does(
        "mkdir -p a/b a/b-c a-b a0 && echo 1 >a/x && echo 2 >a-b/x && echo 3 >a.b && "
        "echo 4 >a0/x && echo 5 >a/b/c && echo 6 >a/b-c/d && echo 7 >a/b.c && git add .");
}

Test(store_files, make_the_first_commit)
{
    support_run(&t, "git init -q a && git init -q b");
    open_writer("a");
    dhr_writer_tip(writer, id);
    cr_assert_str_eq(id, "");
    const struct dhr_change changes[] = {add(COUNCIL, "council\n"), add(".gitattributes", "x\n")};
    commits(changes, 2);
    cr_assert_str_eq(support_output(&t, "git -C a reflog -1 --format=%%gs"),
                     "commit (initial): Say why");
    is_as_git_does("mkdir agencies && echo council >" COUNCIL " && echo x >.gitattributes && "
                   "git add .");
    struct dhr_change second = edit(COUNCIL, "second\n");
    commits(&second, 1);
    dhr_writer_tip(writer, id);
    cr_assert_str_eq(id, support_output(&t, "git -C a rev-parse HEAD"));
    is_clean("a");
}

Test(store_files, make_the_first_commit_beside_staged_work)
{
    support_run(&t, "git init -q a && echo mine >a/mine && git -C a add mine && echo x >a/other");
    open_writer("a");
    const struct dhr_change change = add(COUNCIL, "council\n");
    commits(&change, 1);
    cr_assert_str_eq(support_output(&t, "git -C a status --porcelain"), "A  mine\n?? other");
    cr_assert_str_eq(support_output(&t, "git -C a ls-tree -r --name-only HEAD"), COUNCIL);
}

Test(store_files, go_on_top_of_somebodys_first_commit)
{
    support_run(&t, "git init -q a");
    open_writer("a");
    support_run(&t, "cd a && echo theirs >theirs && git add . && git commit -qm theirs");
    const struct dhr_change change = add(COUNCIL, "council\n");
    commits(&change, 1);
    cr_assert_str_eq(support_output(&t, "git -C a log --format=%%s"), "Say why\ntheirs");
    is_clean("a");
}

Test(store_files, are_added_on_top_of_somebodys_commit)
{
    two_ledgers();
    support_run(&t,
                "cd a && echo theirs >agencies/theirs.ini && git add . && git commit -qm their");
    const struct dhr_change change = add("agencies/ours.ini", "ours\n");
    commits(&change, 1);
    cr_assert_str_eq(support_output(&t, "git -C a ls-tree --name-only HEAD agencies/"),
                     COUNCIL "\nagencies/ours.ini\nagencies/theirs.ini");
    is_clean("a");
}

Test(store_files, leave_other_work_alone)
{
    two_ledgers();
    support_run(&t, "cd a && echo staged >agencies/staged.ini && git add agencies/staged.ini && "
                    "echo edited >" TWO " && echo loose >agencies/loose.ini");
    const struct dhr_change changes[] = {removal(COUNCIL), removal(ONE), add(NEW, "new\n")};
    const char *before = support_output(&t, "git -C a status --porcelain");
    commits(changes, 3);
    cr_assert_str_eq(support_output(&t, "git -C a status --porcelain"), before);
    cr_assert_str_eq(support_output(&t, "git -C a show --format= --name-status --no-renames HEAD"),
                     "D\t" COUNCIL "\nD\t" ONE "\nA\t" NEW);
    cr_assert_str_eq(support_read(&t, "a/agencies/loose.ini"), "loose\n");
}

Test(store_files, leave_the_current_folder_there)
{
    two_ledgers();
    cr_assert(chdir(support_path(&t, "a/agencies")) == 0, "chdir");
    const struct dhr_change change = removal(COUNCIL);
    commits(&change, 1);
    cr_assert(support_exists(&t, "a/agencies"), "the folder is gone");
    cr_assert(!support_exists(&t, "a/" COUNCIL), "the file is there");
}

Test(store_files, follow_the_line_ends_that_attributes_ask_for)
{
    support_ledger(&t, "a");
    support_run(&t, "cd a && echo '*.ini text eol=crlf' >.gitattributes && git add . && "
                    "git commit -qm attributes && git rm -q --cached -r . && git reset -q --hard");
    open_writer("a");
    const struct dhr_change changes[] = {add(NEW, "one\ntwo\n"), removal(ONE)};
    commits(changes, 2);
    cr_assert_str_eq(support_read(&t, "a/" NEW), "one\r\ntwo\r\n");
    cr_assert_str_eq(support_output(&t, "git -C a cat-file blob HEAD:" NEW), "one\ntwo");
    is_clean("a");
}

/* ---- Refusals ---- */

static void refuses(const struct dhr_change *changes, size_t count, enum dhr_status status,
                    const char *sentence)
{
    const char *before = support_output(&t, "git -C a rev-parse HEAD; git -C a status --porcelain; "
                                            "git -C a ls-files -s; cd a && find . -type f | "
                                            "grep -v '^./.git/' | sort | xargs cat");
    cr_assert(dhr_writer_commit(writer, changes, count, "Say why", id, &err) == -1, "it committed");
    cr_assert(strstr(err.text, sentence) != NULL, "\"%s\" is not in: %s", sentence, err.text);
    cr_assert(err.status == status, "status %d: %s", (int)err.status, err.text);
    cr_assert_str_eq(support_output(&t, "git -C a rev-parse HEAD; git -C a status --porcelain; "
                                        "git -C a ls-files -s; cd a && find . -type f | "
                                        "grep -v '^./.git/' | sort | xargs cat"),
                     before, "something changed");
    cr_assert_str_eq(support_output(&t, "find . -name '*.lock'"), "", "a lock is left");
}

static void refuses_one(struct dhr_change change, enum dhr_status status, const char *sentence)
{
    refuses(&change, 1, status, sentence);
}

Test(store_files_refusal, to_add_what_is_there)
{
    two_ledgers();
    support_run(&t, "cd a && echo staged >staged && git add staged && rm staged && "
                    "echo intended >intended && git add -N intended && rm intended && "
                    "mkdir folder && echo loose >loose && ln -s nowhere link");
    refuses_one(add(ONE, "new\n"), DHR_CONFLICT, ONE ": is in the last commit already");
    refuses_one(add("staged", "new\n"), DHR_CONFLICT, "staged: is staged already");
    refuses_one(add("intended", "new\n"), DHR_CONFLICT, "intended: is staged already");
    refuses_one(add("loose", "loose\n"), DHR_CONFLICT, "loose: is there already");
    refuses_one(add("folder", "new\n"), DHR_CONFLICT, "folder: is there already");
    refuses_one(add("link", "new\n"), DHR_CONFLICT, "link: is there already");
    const struct dhr_change both[] = {add("fine", "fine\n"), add("loose", "new\n")};
    refuses(both, 2, DHR_CONFLICT, "loose: is there already");
}

Test(store_files_refusal, to_add_a_file_for_a_folder_or_below_a_file)
{
    two_ledgers();
    support_run(&t, "cd a && echo x >loose && mkdir out && ln -s out way && mkdir staged && "
                    "echo s >staged/s && git add staged && rm -r staged");
    refuses_one(add("agencies", "new\n"), DHR_CONFLICT, "agencies: is in the last commit already");
    refuses_one(add(COUNCIL "/x", "new\n"), DHR_CONFLICT,
                COUNCIL ": is in the last commit already, so " COUNCIL "/x can't be added");
    refuses_one(add("staged", "new\n"), DHR_CONFLICT, "staged: is staged already");
    refuses_one(add("staged/s/t", "new\n"), DHR_CONFLICT, "staged/s: is staged already");
    refuses_one(add("loose/x", "new\n"), DHR_UNREADABLE, "loose is not a folder");
    refuses_one(add("way/x", "new\n"), DHR_UNREADABLE, "way is not a folder or is a symbolic link");
    refuses_one(add("../x", "new\n"), DHR_UNREADABLE, "../x");
    cr_assert(!support_exists(&t, "x"), "it went out of the repository");
}

Test(store_files_refusal, to_add_what_somebody_else_added)
{
    two_ledgers();
    support_run(&t, "cd a && mkdir reviews/exampleshire-2019 && echo theirs >" NEW
                    " && git add . && git commit -qm theirs");
    refuses_one(add(NEW, "ours\n"), DHR_CONFLICT, NEW ": is in the last commit already");
}

Test(store_files_refusal, to_remove_what_is_not_committed)
{
    two_ledgers();
    support_run(&t, "cd a && echo edited >" ONE " && echo staged >" TWO " && git add " TWO
                    " && rm " COUNCIL " && echo loose >loose");
    refuses_one(removal(ONE), DHR_CONFLICT, ONE ": the file holds changes that aren't committed");
    refuses_one(removal(TWO), DHR_CONFLICT, TWO ": has a staged change that isn't committed");
    refuses_one(removal(COUNCIL), DHR_CONFLICT, COUNCIL ": the file is gone from the work tree");
    refuses_one(removal("loose"), DHR_CONFLICT, "loose: isn't committed yet");
    refuses_one(removal("none"), DHR_CONFLICT, "none: isn't committed yet");
}

Test(store_files_refusal, to_remove_anything_after_somebodys_commit)
{
    two_ledgers();
    support_run(&t, "cd a && echo theirs >" TWO " && git commit -qam theirs");
    refuses_one(removal(COUNCIL), DHR_CONFLICT,
                "somebody else committed meanwhile (the branch is now at ");
}

Test(store_files_refusal, to_overwrite_what_appeared_after_the_commit)
{
    two_ledgers();
    struct dhr_commit_file files[] = {{.path = "agencies/new.ini",
                                       .kind = DHR_CHANGE_ADD,
                                       .tip = {.mode = GIT_FILEMODE_BLOB},
                                       .bytes = dhr_str_of("new\n")},
                                      {.path = COUNCIL, .kind = DHR_CHANGE_REMOVE}};
    struct dhr_index_lock lock;
    cr_assert(dhr_store_tip_entry(writer->tree, COUNCIL, &files[1].tip), "the tip's entry");
    cr_assert(git_odb_write(&files[0].blob_id, writer->odb, "new\n", 4, GIT_OBJECT_BLOB) == 0,
              "blob");
    cr_assert(dhr_index_lock(&lock, repo->git, false, &err) == 0, "%s", err.text);
    support_write(&t, "a/agencies/new.ini", "theirs\n");
    support_write(&t, "a/" COUNCIL, "edited\n");
    cr_assert(dhr_store_update_files(writer, &lock, files, 2, &writer->tip, &err) == -1, "no word");
    dhr_index_unlock(&lock);
    cr_assert(strstr(err.text, "agencies/new.ini: was edited while commit") != NULL, "%s",
              err.text);
    cr_assert_str_eq(support_read(&t, "a/agencies/new.ini"), "theirs\n");
    cr_assert_str_eq(support_read(&t, "a/" COUNCIL), "edited\n");
    cr_assert_str_eq(support_output(&t, "git -C a cat-file blob :agencies/new.ini"), "new");
    cr_assert_str_eq(support_output(&t, "git -C a ls-files " COUNCIL), "");
}

Test(store_files_refusal, of_attributes_that_libgit2_does_not_apply)
{
    two_ledgers();
    support_write(&t, "a/.gitattributes", "new.ini filter=lfs\n");
    refuses_one(add("new.ini", "new\n"), DHR_UNREADABLE, "new.ini: .gitattributes gives it");
}

/* ---- Without git ---- */

Test(store_files_alone, are_added_edited_and_removed)
{
    support_write(&t, "a/old/file", "old\n");
    support_write(&t, "a/kept", "kept\n");
    const struct dhr_change changes[] = {add("new/x/file", "new\n"), removal("old/file"),
                                         edit("kept", "edited\n")};
    cr_assert(dhr_changes_write(support_path(&t, "a"), changes, 3, &err) == 0, "%s", err.text);
    cr_assert_str_eq(support_output(&t, "cd a && find . | sort | xargs"),
                     ". ./kept ./new ./new/x ./new/x/file");
    cr_assert_str_eq(support_read(&t, "a/kept"), "edited\n");
}

Test(store_files_alone, are_all_looked_at_first)
{
    static const char *const sentences[] = {"kept: is there already", "gone: is not there",
                                            "gone: is not there", "folder: is not there"};
    support_write(&t, "a/kept", "kept\n");
    support_run(&t, "mkdir a/folder");
    const struct dhr_change bad[] = {add("kept", "x\n"), edit("gone", "x\n"), removal("gone"),
                                     removal("folder")};
    for (size_t i = 0; i < 4; i++) {
        const struct dhr_change changes[] = {add("new", "new\n"), bad[i]};
        cr_assert(dhr_changes_write(support_path(&t, "a"), changes, 2, &err) == -1, "written");
        cr_assert(strstr(err.text, sentences[i]) != NULL, "%s", err.text);
        cr_assert(!support_exists(&t, "a/new"), "the first was written");
    }
}
