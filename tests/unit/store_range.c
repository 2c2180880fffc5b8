/* The commits of a range, and what each of them brought. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/changes.h"
#include "support.h"

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;
static struct dhr_buf told;

static void begin(void)
{
    support_begin(&t);
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
}

static void end(void)
{
    dhr_buf_release(&told);
    dhr_repo_free(repo);
    repo = NULL;
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_range, .init = begin, .fini = end);

static void opens(void)
{
    cr_assert(dhr_repo_open(&repo, t.dir, &err) == 0 && repo, "%s", err.text);
}

static const char *id_of(const char *revision)
{
    return support_output(&t, "git rev-parse %s^{commit}", revision);
}

/* The message without git's last line feed. */
static const char *words_of(const struct dhr_range_commit *commit)
{
    return support_text(&t, "%.*s", (int)strcspn(commit->message, "\n"), commit->message);
}

/* A dhr_added_fn. */
static int tell(void *user, const struct dhr_added *added)
{
    (void)user;
    dhr_buf_addf(&told, "%s: %s %zu\n", words_of(added->commit), added->entry.path,
                 added->before_count);
    return 0;
}

/* What the commits from base (or "") to head brought, as lines "MESSAGE: PATH PARENTS". */
static const char *added(const char *prefix, const char *base, const char *head)
{
    struct dhr_range_commit *commits = NULL;
    size_t count = 0;
    cr_assert(dhr_range_commits(repo, base[0] ? id_of(base) : "", id_of(head), &t.arena, &commits,
                                &count, &err) == 0,
              "%s", err.text);
    dhr_buf_clear(&told);
    cr_assert(dhr_range_walk_added(repo, prefix, commits, count, tell, NULL, &err) == 0, "%s",
              err.text);
    return dhr_buf_cstr(&told);
}

static void commit(const char *message)
{
    support_run(&t, "git add -A && git commit -qm '%s'", message);
}

Test(store_range, each_commit_tells_what_it_brought)
{
    support_ledger(&t, ".");
    opens();
    support_write(&t, "reviews/durham-2012/1.ini", "1\n");
    commit("Change");
    support_write(&t, "reviews/durham-2012/4.ini", "4\n");
    support_write(&t, "README", "no part of it\n");
    commit("Add");
    support_run(&t, "git rm -q reviews/durham-2012/4.ini");
    commit("Remove");
    cr_assert_str_eq(added("", "HEAD~3", "HEAD"), "Change: reviews/durham-2012/1.ini 1\n"
                                                  "Add: reviews/durham-2012/4.ini 0\n");
}

Test(store_range, the_first_commit_brings_all)
{
    support_write(&t, "agencies/a.ini", "a\n");
    support_write(&t, ".dhrledger.ini", "[ledger]\n");
    support_run(&t, "git init -q");
    commit("Begin");
    opens();
    cr_assert_str_eq(added("", "", "HEAD"), "Begin: .dhrledger.ini 0\nBegin: agencies/a.ini 0\n");
}

Test(store_range, a_merge_brings_what_no_parent_has)
{
    support_ledger(&t, ".");
    support_run(&t, "git switch -qc side");
    support_write(&t, "reviews/durham-2012/1.ini", "side\n");
    commit("Side");
    support_run(&t, "git switch -q main");
    support_write(&t, "reviews/durham-2012/2.ini", "main\n");
    commit("Main");
    support_run(&t, "git merge -q --no-ff --no-commit side 2>../said");
    support_write(&t, "reviews/durham-2012/3.ini", "merge\n");
    support_write(&t, "reviews/durham-2012/4.ini", "merge\n");
    commit("Merge");
    opens();
    cr_assert_str_eq(added("", "HEAD^1", "HEAD"), "Side: reviews/durham-2012/1.ini 1\n"
                                                  "Merge: reviews/durham-2012/3.ini 2\n"
                                                  "Merge: reviews/durham-2012/4.ini 0\n");
}

Test(store_range, of_a_ledger_in_a_folder_only_that_is_told)
{
    support_run(&t, "git init -q");
    support_write(&t, "reviews/x/1.ini", "other\n");
    commit("Before");
    support_write(&t, "office/ledger/reviews/x/1.ini", "1\n");
    commit("Begin");
    support_run(&t, "git rm -qr office");
    commit("Gone");
    support_write(&t, "office/ledger", "a file\n");
    commit("A file");
    opens();
    cr_assert_str_eq(added("office/ledger", "", "HEAD"), "Begin: reviews/x/1.ini 0\n");
}

/* A dhr_added_fn. */
static int stop(void *user, const struct dhr_added *one)
{
    ++*(int *)user;
    return one->before_count ? dhr_fail(&err, DHR_FOUND, "enough") : 0;
}

Test(store_range, whoever_is_told_can_stop_it)
{
    int calls = 0;
    struct dhr_range_commit *commits = NULL;
    size_t count = 0;
    support_ledger(&t, ".");
    support_write(&t, "reviews/durham-2012/1.ini", "1\n");
    support_write(&t, "reviews/durham-2012/2.ini", "2\n");
    commit("Two");
    opens();
    cr_assert(dhr_range_commits(repo, "", id_of("HEAD"), &t.arena, &commits, &count, &err) == 0);
    cr_assert(dhr_range_walk_added(repo, "", commits, count, stop, &calls, &err) == -1);
    cr_assert(calls == 6 && err.status == DHR_FOUND, "%d calls: %s", calls, err.text);
}

Test(store_range, a_commit_that_is_not_there_is_told)
{
    struct dhr_range_commit missing = {.id = "0123456789012345678901234567890123456789"};
    support_ledger(&t, ".");
    opens();
    cr_assert(dhr_range_walk_added(repo, "", &missing, 1, tell, NULL, &err) == -1);
    cr_assert(err.status == DHR_UNREADABLE && strstr(err.text, "012345678901: the commit"), "%s",
              err.text);
}

/* The subjects of what neither a reference nor one of these has. */
static const char *new_commits(const char *head, const char *known)
{
    char ids[1][DHR_COMMIT_ID_SIZE] = {""};
    struct dhr_range_commit *commits = NULL;
    size_t count = 0;
    if (known)
        memcpy(ids[0], id_of(known), sizeof(ids[0]));
    const struct dhr_tips tips = {(const char(*)[DHR_COMMIT_ID_SIZE])ids, known ? 1 : 0};
    cr_assert(dhr_range_new_commits(repo, &tips, id_of(head), &t.arena, &commits, &count, &err) ==
                  0,
              "%s", err.text);
    dhr_buf_clear(&told);
    for (size_t i = 0; i < count; i++)
        dhr_buf_addf(&told, "%s\n", words_of(&commits[i]));
    return dhr_buf_cstr(&told);
}

Test(store_range, what_no_reference_has_is_new)
{
    support_ledger(&t, ".");
    opens();
    support_run(&t, "git switch -q --detach && git commit -q --allow-empty -m One && git "
                    "commit -q --allow-empty -m Two");
    cr_assert_str_eq(new_commits("HEAD", NULL), "Two\nOne\n");
    cr_assert_str_eq(new_commits("HEAD", "HEAD~1"), "Two\n");
    cr_assert_str_eq(new_commits("main", NULL), "");
    support_run(&t, "git tag -a -m Tag tag HEAD~1 && git tag tree HEAD:reviews");
    cr_assert_str_eq(new_commits("HEAD", NULL), "Two\n");
    support_run(&t, "git update-ref refs/deep/er/x HEAD");
    cr_assert_str_eq(new_commits("HEAD", NULL), "");
}

Test(store_range, a_commit_has_itself_and_what_is_before_it)
{
    bool has = false;
    support_ledger(&t, ".");
    opens();
    support_run(&t, "git commit -q --allow-empty -m Two");
    cr_assert(dhr_range_has(repo, id_of("HEAD"), id_of("HEAD"), &has, &err) == 0 && has);
    cr_assert(dhr_range_has(repo, id_of("HEAD"), id_of("HEAD~1"), &has, &err) == 0 && has);
    cr_assert(dhr_range_has(repo, id_of("HEAD~1"), id_of("HEAD"), &has, &err) == 0 && !has);
    cr_assert(dhr_range_has(repo, "", id_of("HEAD"), &has, &err) == 0 && !has);
    cr_assert(dhr_range_has(repo, id_of("HEAD"), "", &has, &err) == 0 && !has);
}

static const char *merged(void)
{
    char(*ids)[DHR_COMMIT_ID_SIZE] = NULL;
    size_t count = 0;
    dhr_repo_merged(repo, &t.arena, &ids, &count);
    dhr_buf_clear(&told);
    for (size_t i = 0; i < count; i++)
        dhr_buf_addf(&told, "%s\n", ids[i]);
    return dhr_buf_cstr(&told);
}

Test(store_range, a_merge_under_way_names_its_other_parents)
{
    support_ledger(&t, ".");
    support_run(&t, "git branch one && git branch two && for b in one two; do git switch -q $b && "
                    "git commit -q --allow-empty -m $b; done && git switch -q main");
    opens();
    cr_assert_str_eq(merged(), "");
    const char *one = id_of("one");
    const char *two = id_of("two");
    /* As git merge tells its hooks, before it writes MERGE_HEAD; what looks like it is none. */
    setenv(support_text(&t, "GITHEAD_%s", two), "two", 1);
    setenv("GITHEAD_0123", "short", 1);
    setenv(support_text(&t, "GITHEAD_%.39sx", one), "no id", 1);
    cr_assert_str_eq(merged(), support_text(&t, "%s\n", two));
    support_run(&t, "git rev-parse one two >.git/MERGE_HEAD");
    cr_assert_str_eq(merged(), support_text(&t, "%s\n%s\n", one, two), "each once");
}

static const char *found(void)
{
    const char *folder = NULL;
    if (dhr_repo_find_ledger(repo, id_of("HEAD"), &t.arena, &folder, &err) < 0)
        return err.text;
    return folder ? support_text(&t, "\"%s\"", folder) : "none";
}

/* Only these folders, each with a file. */
static void holds(const char *folders)
{
    support_run(&t,
                "rm -rf * .dhrledger.ini && for f in %s; do mkdir -p $(dirname $f) && echo x "
                ">$f; done && git add -A && git commit -q --allow-empty -m x",
                folders);
}

Test(store_range, a_ledger_is_found_in_its_folder)
{
    support_run(&t, "git init -q");
    opens();
    holds("a");
    cr_assert_str_eq(found(), "none");
    holds("reviews/x docs/x");
    cr_assert_str_eq(found(), "\"\"", "at the top, reviews alone will do");
    holds(".dhrledger.ini");
    cr_assert_str_eq(found(), "\"\"");
    holds("docs/reviews/x");
    cr_assert_str_eq(found(), "none", "further down it may be anything");
    holds("docs/reviews agencies/x reviews");
    cr_assert_str_eq(found(), "none", "a file is no folder");
    holds("a/b/reviews/x a/b/agencies/x docs/x");
    cr_assert_str_eq(found(), "\"a/b\"");
    holds("1/2/3/4/.dhrledger.ini");
    cr_assert_str_eq(found(), "\"1/2/3/4\"");
    holds("1/2/3/4/5/.dhrledger.ini");
    cr_assert_str_eq(found(), "none", "too deep");
    holds("reviews/x old/reviews/x old/agencies/x");
    cr_assert_str_eq(found(), "\"\"", "a ledger holds no other");
    holds("a/.dhrledger.ini b/.dhrledger.ini");
    cr_assert_str_eq(found(), "the repository has a ledger in a and one in b; say which one with "
                              "\"git config dhrledger.folder FOLDER\"");
}

Test(store_range, a_folder_is_asked_for_a_ledger)
{
    support_run(&t, "git init -q");
    opens();
    holds("a/b/reviews/x c/.dhrledger.ini reviews");
    const char *head = id_of("HEAD");
    cr_assert(dhr_repo_has_ledger(repo, head, "a/b"));
    cr_assert(dhr_repo_has_ledger(repo, head, "c"));
    cr_assert(!dhr_repo_has_ledger(repo, head, ""), "a file is no folder");
    cr_assert(!dhr_repo_has_ledger(repo, head, "a"));
    cr_assert(!dhr_repo_has_ledger(repo, head, "c/.dhrledger.ini"));
    cr_assert(!dhr_repo_has_ledger(repo, head, "nowhere"));
    cr_assert(!dhr_repo_has_ledger(repo, "", "a/b"));
}

Test(store_range, branches_come_by_name)
{
    struct dhr_branch *branches = NULL;
    size_t count = 0;
    support_ledger(&t, ".");
    support_run(&t, "git branch z/y && git branch a && git tag no && git pack-refs --all && git "
                    "branch b && git symbolic-ref refs/heads/none refs/heads/nowhere");
    opens();
    cr_assert(dhr_repo_branches(repo, &t.arena, &branches, &count, &err) == 0, "%s", err.text);
    for (size_t i = 0; i < count; i++) {
        dhr_buf_addf(&told, "%s\n", branches[i].ref);
        cr_assert_str_eq(branches[i].tip, id_of("main"));
    }
    cr_assert_str_eq(dhr_buf_cstr(&told),
                     "refs/heads/a\nrefs/heads/b\nrefs/heads/main\nrefs/heads/z/y\n");
}
