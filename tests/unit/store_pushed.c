/* What a reference leads to that is no state of a ledger. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/pushed.h"
#include "support.h"

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;
static struct dhr_pushed pushed;
static struct dhr_buf told;

static void begin(void)
{
    support_begin(&t);
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
    support_run(&t, "git init -q && git commit -q --allow-empty -m Begin");
    cr_assert(dhr_repo_open(&repo, t.dir, &err) == 0 && repo, "%s", err.text);
}

static void end(void)
{
    dhr_buf_release(&told);
    dhr_repo_free(repo);
    repo = NULL;
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_pushed, .init = begin, .fini = end);

static const char *id_of(const char *revision)
{
    return support_output(&t, "git rev-parse %s", revision);
}

static void peels(const char *revision)
{
    cr_assert(dhr_pushed_peel(repo, id_of(revision), &t.arena, &pushed, &err) == 0, "%s", err.text);
}

Test(store_pushed, tags_are_peeled_from_outside)
{
    support_run(&t, "git tag -a -m First one && git tag -a -m Second two one 2>../said");
    peels("refs/tags/two");
    cr_assert(pushed.tag_count == 2);
    cr_assert_str_eq(pushed.tags[0].name, "two");
    cr_assert_str_eq(pushed.tags[0].message, "Second\n");
    cr_assert_str_eq(pushed.tags[1].name, "one");
    cr_assert_str_eq(pushed.commit, id_of("HEAD"));
    cr_assert_str_eq(pushed.object, id_of("HEAD"));
    peels("HEAD");
    cr_assert(pushed.tag_count == 0);
    cr_assert_str_eq(pushed.commit, id_of("HEAD"));
}

Test(store_pushed, a_tag_may_be_on_anything)
{
    support_run(&t, "git tag -a -m Tree tree HEAD^{tree}");
    peels("refs/tags/tree");
    cr_assert_str_eq(pushed.commit, "");
    cr_assert_str_eq(pushed.object, id_of("HEAD^{tree}"));
}

Test(store_pushed, what_is_not_there_is_told)
{
    cr_assert(dhr_pushed_peel(repo, "0123456789012345678901234567890123456789", &t.arena, &pushed,
                              &err) == -1);
    cr_assert(err.status == DHR_UNREADABLE && strstr(err.text, "git fsck"), "%s", err.text);
}

/* A dhr_pushed_fn. */
static void tell(void *user, const char *path, struct dhr_str text)
{
    (void)user;
    if (text.ptr)
        dhr_buf_addf(&told, "%s: %.*s", path, DHR_ARG(text));
    else
        dhr_buf_addf(&told, "%s is too large\n", path);
}

/* What is new in head beside base, as lines "PATH: TEXT". */
static const char *walked(const char *base, const char *head)
{
    struct dhr_range_commit *commits = NULL;
    size_t count = 0;
    peels(head);
    if (base)
        cr_assert(dhr_range_commits(repo, id_of(base), pushed.commit, &t.arena, &commits, &count,
                                    &err) == 0,
                  "%s", err.text);
    dhr_buf_clear(&told);
    cr_assert(dhr_pushed_walk(repo, &pushed, commits, count, tell, NULL, &err) == 0, "%s",
              err.text);
    return dhr_buf_cstr(&told);
}

Test(store_pushed, each_new_text_is_told_once)
{
    support_write(&t, "a/old", "old\n");
    support_run(&t, "git add -A && git commit -qm Old");
    support_write(&t, "a/b/new", "new\n");
    support_write(&t, "copy", "old\n");
    support_run(&t, "git add -A && git commit -qm New && git rm -qr a && git commit -qm Gone");
    support_write(&t, "again", "new\n");
    support_write(&t, "last", "last\n");
    support_run(&t, "git add -A && git commit -qm Again");
    cr_assert_str_eq(walked("HEAD~3", "HEAD"), "a/b/new: new\nlast: last\n");
    cr_assert_str_eq(walked("HEAD~1", "HEAD"), "again: new\nlast: last\n");
}

Test(store_pushed, a_side_branch_brings_what_neither_has)
{
    support_run(&t, "git switch -qc side");
    support_write(&t, "side", "side\n");
    support_run(&t, "git add -A && git commit -qm Side && git switch -q -");
    support_write(&t, "main", "main\n");
    support_run(&t, "git add -A && git commit -qm Main && git merge -q --no-ff -m Merge side");
    cr_assert_str_eq(walked("HEAD^1", "HEAD"), "side: side\n");
}

Test(store_pushed, files_that_are_no_text)
{
    support_run(&t, "printf 'a\\0b' >nul && printf '\\351' >latin && mkdir sub && cd sub && git "
                    "init -q && git commit -q --allow-empty -m x");
    support_run(&t, "head -c 1048577 /dev/zero | tr '\\0' x >large && ln -s large link && git add "
                    "-A 2>../said && git commit -qm Files");
    cr_assert_str_eq(walked("HEAD~1", "HEAD"), "large is too large\nlatin: \351link: large");
}

Test(store_pushed, an_object_by_itself)
{
    support_write(&t, "a/b", "text\n");
    support_run(&t, "git add -A && git commit -qm x && git tag -a -m x tree HEAD:a && git tag -a "
                    "-m x blob HEAD:a/b");
    cr_assert_str_eq(walked(NULL, "refs/tags/tree"), "b: text\n");
    cr_assert_str_eq(walked(NULL, "refs/tags/blob"), ": text\n");
}

Test(store_pushed, folders_without_end)
{
    support_run(&t, "blob=$(echo x | git hash-object -w --stdin) && tree=$(printf '100644 blob "
                    "%%s\\tx\\n' $blob | git mktree) && for i in $(seq 70); do tree=$(printf "
                    "'040000 tree %%s\\td\\n' $tree | git mktree); done && git tag deep $tree");
    peels("refs/tags/deep");
    cr_assert(dhr_pushed_walk(repo, &pushed, NULL, 0, tell, NULL, &err) == -1);
    cr_assert(strstr(err.text, "its folders are too deep"), "%s", err.text);
}
