/* The commits of a range and of one file, against git's own walk; and paths in settings. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/changes.h"
#include "support.h"

enum { COMMITS = 60, SEED = 20261124 };

#define ONE "reviews/x/1.ini"

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;
static struct dhr_arena arena;
static uint64_t state = SEED;

static void begin(void)
{
    support_begin(&t);
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
}

static void end(void)
{
    dhr_repo_free(repo);
    dhr_arena_release(&arena);
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_history, .init = begin, .fini = end);
TestSuite(store_setting, .init = begin, .fini = end);

static size_t below(size_t limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(state >> 33) % limit;
}

static void open_repository(const char *path)
{
    dhr_repo_free(repo);
    cr_assert(dhr_repo_open(&repo, support_path(&t, path), &err) == 0, "%s", err.text);
}

/* Three branches that change, remove and add two files, and are merged now and then. */
static void make_history(void)
{
    struct dhr_buf script = {0};
    support_run(&t, "git init -q . && mkdir -p reviews/x && echo 0 >" ONE " && git add . && "
                    "git commit -qm 0 && git branch b1 && git branch b2 && git branch b0");
    for (size_t i = 1; i < COMMITS; i++) {
        size_t branch = below(3);
        dhr_buf_addf(&script, "export GIT_COMMITTER_DATE='@%zu +0000'; git checkout -qf b%zu; ",
                     1700000000 + i * 60, branch);
        if (below(4) == 0) {
            /* With neither side, one of them, or something else. */
            dhr_buf_addf(&script, "git merge -q --no-commit -s %s b%zu 2>/dev/null; ",
                         below(2) ? "ours" : "resolve", (branch + 1 + below(2)) % 3);
            if (below(2))
                dhr_buf_addf(&script, "git checkout -qf HEAD -- . 2>/dev/null; ");
        }
        dhr_buf_adds(&script, "mkdir -p reviews/x; ");
        if (below(3) == 0)
            dhr_buf_addf(&script, "echo %zu >" ONE "; ", i);
        else if (below(4) == 0)
            dhr_buf_adds(&script, "rm -f " ONE "; ");
        else if (below(3) == 0)
            dhr_buf_addf(&script, "echo %zu >reviews/x/2.ini; ", i);
        dhr_buf_addf(&script, "git add -A && git commit -q --allow-empty -m %zu; ", i);
    }
    dhr_buf_adds(&script, "git checkout -qf b0; git merge -q --no-edit -s ours b1 b2");
    support_write_bytes(&t, "../script", dhr_buf_str(&script));
    support_run(&t, "sh ../script >../log 2>&1; test -z \"$(git status --porcelain)\"");
    dhr_buf_release(&script);
}

static const char *see(void *user, const struct dhr_range_commit *commit, const char *path,
                       struct dhr_str before, struct dhr_str after)
{
    dhr_buf_addf(user, "%s %.*s %.*s\n", commit->id,
                 (int)strcspn(before.ptr ? before.ptr : "", "\n"), before.ptr ? before.ptr : "",
                 (int)strcspn(after.ptr ? after.ptr : "", "\n"), after.ptr ? after.ptr : "");
    return path;
}

/* A commit counts where the file is in none of its parents as it is in the commit. */
Test(store_history, of_a_file_is_gits)
{
    struct dhr_buf seen = {0};
    make_history();
    open_repository(".");
    const char *head = support_output(&t, "git rev-parse HEAD");
    cr_assert(dhr_range_walk_file(repo, head, "", ONE, see, &seen, &err) == 0, "%s", err.text);
    support_write_bytes(&t, "../seen", dhr_buf_str(&seen));
    dhr_buf_release(&seen);
    const char *ours = support_output(&t, "sort ../seen");
    cr_assert_str_eq(ours, support_output(&t, "git rev-list HEAD | while read -r c; do "
                                              "if git diff-tree -c --root -r --name-only "
                                              "--no-commit-id $c -- " ONE " | grep -q .; then "
                                              "echo $c \"$(git show $c~1:" ONE " 2>/dev/null)\" "
                                              "\"$(git show $c:" ONE " 2>/dev/null)\"; fi; "
                                              "done | sort"));
    cr_assert(strlen(ours) > 500, "there is little to see: %s", ours);
}

/* Enough is enough; and another name is followed from there on. */
static const char *see_one(void *user, const struct dhr_range_commit *commit, const char *path,
                           struct dhr_str before, struct dhr_str after)
{
    (void)before;
    dhr_buf_addf(user, "%s: %s %.*s\n", commit->author, path, DHR_ARG(after));
    return strcmp(path, "reviews/x/new.ini") == 0 ? "reviews/x/old.ini" : NULL;
}

Test(store_history, follows_where_it_is_told_to)
{
    struct dhr_buf seen = {0};
    support_run(&t, "git init -q . && mkdir -p sub/reviews/x && cd sub/reviews/x && "
                    "echo a >old.ini && git add . && git commit -qm 1 && "
                    "echo b >old.ini && git commit -qam 2 && "
                    "git mv old.ini new.ini && git commit -qm 3");
    open_repository(".");
    const char *head = support_output(&t, "git rev-parse HEAD");
    cr_assert(dhr_range_walk_file(repo, head, "sub", "reviews/x/new.ini", see_one, &seen, &err) ==
              0);
    cr_assert_str_eq(dhr_buf_cstr(&seen), "Ann Example <ann@example.org>: reviews/x/new.ini b\n\n"
                                          "Ann Example <ann@example.org>: reviews/x/old.ini b\n\n");
    dhr_buf_release(&seen);
}

Test(store_history, of_a_range_is_gits)
{
    make_history();
    open_repository(".");
    static const char *const ranges[][2] = {
        {"b1", "b0"}, {"b0", "b1"}, {"b2~3", "b1"}, {"", "b2"}, {"b0", "b0"}};
    for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++) {
        struct dhr_range_commit *commits = NULL;
        struct dhr_buf ids = {0};
        size_t count = 0;
        const char *base =
            ranges[i][0][0] ? support_output(&t, "git rev-parse %s", ranges[i][0]) : "";
        const char *head = support_output(&t, "git rev-parse %s", ranges[i][1]);
        cr_assert(dhr_range_commits(repo, base, head, &arena, &commits, &count, &err) == 0, "%s",
                  err.text);
        for (size_t c = 0; c < count; c++)
            dhr_buf_addf(&ids, "%s\n", commits[c].id);
        support_write_bytes(&t, "../ids", dhr_buf_str(&ids));
        dhr_buf_release(&ids);
        cr_assert_str_eq(
            support_output(&t, "sort ../ids"),
            support_output(&t, "git rev-list %s %s%s | sort", head, *base ? "^" : "", base));
    }
}

Test(store_history, that_is_damaged_is_an_error)
{
    struct dhr_range_commit *commits = NULL;
    struct dhr_buf seen = {0};
    size_t count = 0;
    support_ledger(&t, ".");
    support_run(&t, "git commit -q --allow-empty -m 2 && git commit -q --allow-empty -m 3");
    const char *lost = support_output(&t, "git rev-parse HEAD~1");
    const char *head = support_output(&t, "git rev-parse HEAD");
    support_run(&t, "rm -f .git/objects/%.2s/%s", lost, lost + 2);
    open_repository(".");
    cr_assert(dhr_range_commits(repo, "", head, &arena, &commits, &count, &err) == -1);
    cr_assert(err.status == DHR_UNREADABLE && strstr(err.text, lost), "%s", err.text);
    cr_assert(dhr_range_walk_file(repo, head, "", "agencies/council.ini", see, &seen, &err) == -1);
    cr_assert(err.status == DHR_UNREADABLE && strstr(err.text, lost), "%s", err.text);
    dhr_buf_release(&seen);
}

/* ---- Settings ---- */

Test(store_setting, is_a_path_as_git_expands_it)
{
    support_run(&t, "git init -q . && git init -q --bare ../bare.git");
    static const char *const cases[][2] = {{"names", "/names"}, {"/abs/names", NULL}, {"", NULL}};
    open_repository(".");
    for (size_t i = 0; i < 3; i++) {
        support_run(&t, "git config dhrledger.denylist '%s'", cases[i][0]);
        const char *path = dhr_repo_path_setting(repo, "dhrledger.denylist", &arena);
        const char *wanted = cases[i][1]      ? support_text(&t, "%s%s", t.dir, cases[i][1])
                             : cases[i][0][0] ? cases[i][0]
                                              : NULL;
        cr_assert(wanted ? path && strcmp(path, wanted) == 0 : !path, "%s: %s", cases[i][0], path);
    }
    support_run(&t, "git config dhrledger.denylist '~/names'");
    cr_assert_str_eq(dhr_repo_path_setting(repo, "dhrledger.denylist", &arena),
                     support_text(&t, "%s/home/names", t.base));
    support_run(&t, "git -C ../bare.git config dhrledger.denylist names");
    open_repository("../bare.git");
    cr_assert_str_eq(dhr_repo_path_setting(repo, "dhrledger.denylist", &arena),
                     support_text(&t, "%s/bare.git/names", t.base));
    cr_assert(!dhr_repo_path_setting(repo, "dhrledger.other", &arena));
}
