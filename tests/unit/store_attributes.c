/* Attributes, wherever git looks for them; and new folders, which are written as a whole. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "dhrledger/commit.h"
#include "store/store_internal.h"
#include "support.h"

#define NEW "reviews/exampleshire-2019/1.ini"

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;
static struct dhr_writer *writer;
static char id[DHR_COMMIT_ID_SIZE];

static void close_all(void)
{
    dhr_writer_free(writer);
    dhr_repo_free(repo);
    writer = NULL;
    repo = NULL;
}

static void begin(void)
{
    support_begin(&t);
    support_ledger(&t, ".");
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
}

static void end(void)
{
    close_all();
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_attributes, .init = begin, .fini = end);
TestSuite(store_fresh, .init = begin, .fini = end);

static void open_writer(void)
{
    close_all();
    cr_assert(dhr_repo_open(&repo, support_path(&t, "."), &err) == 0, "%s", err.text);
    cr_assert(dhr_writer_open(&writer, repo, &err) == 0, "%s", err.text);
}

static struct dhr_change add(const char *path, const char *text)
{
    return (struct dhr_change){path, dhr_str_of(text), DHR_CHANGE_ADD};
}

static int commit_new(const char *path)
{
    const struct dhr_change changes[] = {add("agencies/first", "a\n"), add(path, "new\n")};
    open_writer();
    return dhr_writer_commit(writer, changes, 2, "Say why", id, &err);
}

static void refuses(const char *path)
{
    cr_assert(commit_new(path) == -1, "it committed");
    const char *wanted = support_text(&t, "%s: .gitattributes gives it filter=lfs", path);
    cr_assert(strstr(err.text, wanted) != NULL, "\"%s\" is not in: %s", wanted, err.text);
    cr_assert(err.status == DHR_UNREADABLE, "status %d", (int)err.status);
}

static void takes(const char *path)
{
    cr_assert(commit_new(path) == 0, "%s", err.text);
    cr_assert_str_eq(support_output(&t, "git status --porcelain -uno agencies reviews"), "");
}

/* ---- Where they stand ---- */

Test(store_attributes, in_the_root)
{
    support_write(&t, ".gitattributes", "*.ini text eol=lf\n1.ini filter=lfs\n");
    refuses(NEW);
    takes("reviews/exampleshire-2019/2.ini");
}

Test(store_attributes, in_a_folder_on_the_way)
{
    support_write(&t, "reviews/.gitattributes", "*.ini filter=lfs\n");
    refuses(NEW);
    takes("agencies/b.ini");
}

Test(store_attributes, in_the_folder_itself)
{
    support_write(&t, "reviews/durham-2012/.gitattributes", "*.ini filter=lfs\n");
    refuses("reviews/durham-2012/9.ini");
    takes(NEW);
}

Test(store_attributes, in_the_index_alone)
{
    support_write(&t, "reviews/.gitattributes", "*.ini filter=lfs\n");
    support_run(&t, "git add reviews/.gitattributes && rm reviews/.gitattributes");
    refuses(NEW);
}

Test(store_attributes, by_a_name_for_several)
{
    support_write(&t, ".gitattributes", "[attr]large filter=lfs\n*.ini large\n");
    refuses(NEW);
}

Test(store_attributes, in_the_repository_s_own_file)
{
    support_write(&t, ".git/info/attributes", "*.ini filter=lfs\n");
    refuses(NEW);
}

Test(store_attributes, in_the_file_that_a_setting_names)
{
    support_write(&t, "mine", "*.ini filter=lfs\n");
    support_run(&t, "git config core.attributesFile \"$PWD/mine\"");
    refuses(NEW);
}

Test(store_attributes, in_the_user_s_file)
{
    dhr_store_shutdown();
    (void)unsetenv("GIT_CONFIG_GLOBAL");
    (void)setenv("XDG_CONFIG_HOME", support_path(&t, "xdg"), 1);
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
    support_run(&t, "git config user.name a && git config user.email a@example.org");
    support_write(&t, "xdg/git/attributes", "*.ini filter=lfs\n");
    refuses(NEW);
}

Test(store_attributes, behind_a_symbolic_link)
{
    support_write(&t, "mine", "*.ini filter=lfs\n");
    support_run(&t, "ln -sf ../mine reviews/.gitattributes");
    refuses(NEW);
}

Test(store_attributes, are_looked_at_anew_for_each_commit)
{
    takes("reviews/exampleshire-2019/2.ini");
    const struct dhr_change change = add(NEW, "new\n");
    support_write(&t, ".gitattributes", "*.ini filter=lfs\n");
    cr_assert(dhr_writer_commit(writer, &change, 1, "Say why", id, &err) == -1, "it committed");
    cr_assert(strstr(err.text, NEW ": .gitattributes gives it") != NULL, "%s", err.text);
}

/* ---- New folders ---- */

static void commits_many(size_t count, const char *text)
{
    struct dhr_change *changes = calloc(count, sizeof(*changes));
    for (size_t i = 0; i < count; i++)
        changes[i] = add(support_text(&t, "reviews/exampleshire-%zu/%zu.ini", 1000 + i / 40, i),
                         text ? text : support_text(&t, "text = %zu\n", i));
    open_writer();
    cr_assert(dhr_writer_commit(writer, changes, count, "Say why", id, &err) == 0, "%s", err.text);
    free(changes);
}

static void is_clean(void)
{
    cr_assert_str_eq(support_output(&t, "git diff-files --name-only"), "",
                     "an index entry lacks the file's particulars");
    cr_assert_str_eq(support_output(&t, "git status --porcelain"), "");
    cr_assert_str_eq(support_output(&t, "git fsck --strict --no-dangling 2>&1"), "");
    cr_assert_str_eq(support_output(&t, "find . -name '*~' -o -name '*.lock'"), "");
}

Test(store_fresh, files_have_the_line_ends_that_attributes_ask_for)
{
    support_run(&t, "echo '*.ini text eol=crlf' >.gitattributes && git add . && "
                    "git commit -qm attributes && git rm -q --cached -r . && git reset -q --hard");
    commits_many(120, "one\ntwo\n");
    cr_assert_str_eq(support_read(&t, "reviews/exampleshire-1002/100.ini"), "one\r\ntwo\r\n");
    is_clean();
}

/* Somebody else's file where folders would be staged: each file is written by itself. */
Test(store_fresh, folders_can_be_made_in_place)
{
    const char *taken = support_text(&t, ".dhrledger-new.%ld~", (long)getpid());
    support_write(&t, taken, "theirs\n");
    commits_many(120, NULL);
    cr_assert_str_eq(support_read(&t, taken), "theirs\n");
    support_run(&t, "rm %s", taken);
    cr_assert_str_eq(support_output(&t, "ls reviews/exampleshire-1001 | wc -l"), "40");
    is_clean();
}

Test(store_fresh, folders_are_whole_or_not_there)
{
    const struct dhr_commit_file file = {.path = NEW,
                                         .kind = DHR_CHANGE_ADD,
                                         .tip = {.mode = GIT_FILEMODE_BLOB},
                                         .bytes = dhr_str_of("new\n")};
    const struct dhr_commit_file twice[] = {file, file};
    struct stat stats[2];
    size_t done = 0;
    open_writer();
    cr_assert(dhr_store_write_fresh(writer, twice, 2, stats, &done, &err) == 0 && done == 0,
              "without a staging");
    cr_assert(dhr_staging_begin(&writer->staging, writer->root_fd, &err) == 0, "%s", err.text);
    cr_assert(dhr_store_write_fresh(writer, twice, 2, stats, &done, &err) == -1,
              "a name given twice");
    cr_assert_eq(done, 2);
    cr_assert_str_eq(err.text, NEW ": can't be made: File exists");
    dhr_staging_end(&writer->staging);
    cr_assert_str_eq(support_output(&t, "ls -A reviews"), "durham-2012");
}

/* One that fails isn't tried again by other means: why it failed is what is said. */
Test(store_fresh, folders_that_fail_say_why)
{
    const char *folder = "reviews/exampleshire-2019";
    struct dhr_commit_file files[120];
    struct dhr_index_lock lock;
    open_writer();
    cr_assert(dhr_store_begin_objects(writer, 120) == 0);
    for (size_t i = 0; i < 120; i++) {
        files[i] = (struct dhr_commit_file){
            .kind = DHR_CHANGE_ADD,
            .tip = {.mode = GIT_FILEMODE_BLOB},
            .bytes = dhr_str_of("new\n"),
            .path = support_text(&t, "%s/%0*zu.ini", folder, i == 70 ? 300 : 3, i)};
        cr_assert(dhr_store_write_object(writer, &files[i].blob_id, files[i].bytes,
                                         GIT_OBJECT_BLOB) == 0);
    }
    cr_assert(dhr_index_lock(&lock, repo->git, false, &err) == 0, "%s", err.text);
    cr_assert(dhr_store_update_files(writer, &lock, files, 120, &writer->tip, &err) == -1);
    dhr_index_unlock(&lock);
    cr_assert_str_eq(err.text,
                     support_text(&t,
                                  "%s: can't be made: File name too long; commit %s stands, so run "
                                  "\"git restore %s\"",
                                  files[70].path,
                                  support_output(&t, "git rev-parse --short=12 HEAD"), folder));
    cr_assert_eq(err.status, DHR_SYSTEM);
    cr_assert_str_eq(support_output(&t, "ls -A reviews"), "durham-2012");
    cr_assert_str_eq(support_output(&t, "git ls-files %s | wc -l", folder), "120");
}

/* A sentence names a few of many. */
Test(store_fresh, an_index_that_cannot_be_written_is_told_in_few_words)
{
    struct dhr_change changes[5];
    for (size_t i = 0; i < 5; i++)
        changes[i] = add(support_text(&t, "reviews/exampleshire-2019/%zu.ini", i), "new\n");
    support_run(&t, "mkdir .git/index.lock.lock");
    open_writer();
    cr_assert(dhr_writer_commit(writer, changes, 5, "Say why", id, &err) == -1);
    const char *said = support_text(
        &t,
        "commit %.12s stands, so run \"git reset -q -- reviews/exampleshire-2019/0.ini "
        "reviews/exampleshire-2019/1.ini reviews/exampleshire-2019/2.ini\", and the "
        "same for 2 more that \"git show --stat %.12s\" lists",
        support_output(&t, "git rev-parse HEAD"), support_output(&t, "git rev-parse HEAD"));
    cr_assert(strstr(err.text, said) != NULL, "%s", err.text);
    support_run(&t, "rmdir .git/index.lock.lock");
}

Test(store_fresh, thousands_are_as_git_sees_them)
{
    commits_many(2400, NULL);
    is_clean();
    cr_assert_str_eq(support_output(&t, "git ls-tree -r --name-only HEAD reviews | "
                                        "grep -c exampleshire"),
                     "2400");
    cr_assert_str_eq(support_output(&t, "git show HEAD:reviews/exampleshire-1059/2399.ini"),
                     "text = 2399");
}
