/* What a commit would make, against the commit itself; and what two states differ in, against git.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

#include "dhrledger/changes.h"
#include "dhrledger/commit.h"
#include "support.h"

enum { ROUNDS = 60, SEED = 20261124 };

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;
static uint64_t state = SEED;

static void begin(void)
{
    support_begin(&t);
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
}

static void end(void)
{
    dhr_repo_free(repo);
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_plan, .init = begin, .fini = end);

static size_t below(size_t limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(state >> 33) % limit;
}

/* In an order that isn't that of trees: "x-y/1.ini" stands before "x/1.ini", and "x.ini" between.
 */
static const char *const places[] = {
    "agencies/a.ini",  "agencies/a-b.ini",   "agencies/b.ini",      "reviews/x/1.ini",
    "reviews/x/2.ini", "reviews/x-y/1.ini",  "reviews/x.ini",       "reviews/z/review.ini",
    ".dhrledger.ini",  "elsewhere/note.txt", "reviews/x/deep/1.ini"};
enum { PLACES = sizeof(places) / sizeof(*places) };

static void open_repository(void)
{
    dhr_repo_free(repo);
    cr_assert(dhr_repo_open(&repo, t.dir, &err) == 0, "%s", err.text);
}

/* The paths, kinds and objects of a source. */
static const char *all_of(struct dhr_source *source)
{
    struct dhr_arena arena = {0};
    struct dhr_buf text = {0};
    struct dhr_entry *entries = NULL;
    size_t count = 0;
    cr_assert(dhr_source_list(source, &arena, &entries, &count, &err) == 0, "%s", err.text);
    for (size_t i = 0; i < count; i++) {
        dhr_buf_addf(&text, "%d%d %s ", (int)entries[i].kind, entries[i].executable,
                     entries[i].path);
        for (size_t b = 0; b < sizeof(entries[i].object_id); b++)
            dhr_buf_addf(&text, "%02x", entries[i].object_id[b]);
        dhr_buf_addc(&text, '\n');
    }
    const char *copy = dhr_str_dup(&t.arena, dhr_buf_str(&text));
    dhr_buf_release(&text);
    dhr_arena_release(&arena);
    return copy;
}

static const char *all_at(const char *revision)
{
    struct dhr_source *source = NULL;
    cr_assert(dhr_source_open_revision(&source, repo, revision, "", &err) == 0, "%s", err.text);
    const char *text = all_of(source);
    dhr_source_free(source);
    return text;
}

static const char *all_planned(const char *tip, const struct dhr_change *changes, size_t count)
{
    struct dhr_source *source = NULL;
    cr_assert(dhr_source_open_plan(&source, repo, tip, "", changes, count, &err) == 0, "%s",
              err.text);
    const char *text = all_of(source);
    dhr_source_free(source);
    return text;
}

/* Made-up changes that a commit takes: at most one for each place, to what is there. */
static size_t make_up(struct dhr_change *changes, bool *there)
{
    size_t count = 0;
    for (size_t i = 0; i < PLACES; i++) {
        if (below(3) > 0)
            continue;
        enum dhr_change_kind kind = !there[i]       ? DHR_CHANGE_ADD
                                    : below(3) == 0 ? DHR_CHANGE_REMOVE
                                                    : DHR_CHANGE_EDIT;
        const char *text = support_text(&t, "# %zu\n", below(1000000));
        changes[count++] = (struct dhr_change){places[i], dhr_str_of(text), kind};
        there[i] = kind != DHR_CHANGE_REMOVE;
    }
    return count;
}

Test(store_plan, is_what_the_commit_becomes)
{
    struct dhr_change changes[PLACES];
    bool there[PLACES] = {false};
    char id[DHR_COMMIT_ID_SIZE];
    support_run(&t, "git init -q . && echo x >x && git add . && git commit -qm begin");
    open_repository();
    for (size_t round = 0; round < ROUNDS; round++) {
        struct dhr_writer *writer = NULL;
        size_t count = make_up(changes, there);
        if (!count)
            continue;
        const char *tip = support_output(&t, "git rev-parse HEAD");
        const char *objects = support_output(&t, "git count-objects -v");
        const char *planned = all_planned(tip, changes, count);
        cr_assert_str_eq(support_output(&t, "git count-objects -v"), objects, "it was written");
        cr_assert(dhr_writer_open(&writer, repo, &err) == 0, "%s", err.text);
        cr_assert(dhr_writer_commit(writer, changes, count, "Say why", id, &err) == 0, "%s",
                  err.text);
        dhr_writer_free(writer);
        cr_assert_str_eq(planned, all_at("HEAD"), "round %zu", round);
    }
}

Test(store_plan, leaves_out_what_a_commit_refuses)
{
    support_ledger(&t, ".");
    open_repository();
    const char *tip = support_output(&t, "git rev-parse HEAD");
    const struct dhr_change refused[] = {
        {"agencies/council.ini", dhr_str_of("there already\n"), DHR_CHANGE_ADD},
        {"agencies/none.ini", dhr_str_of("not there\n"), DHR_CHANGE_EDIT},
        {"reviews/none/1.ini", {NULL, 0}, DHR_CHANGE_REMOVE},
        {"reviews/durham-2012", dhr_str_of("a folder\n"), DHR_CHANGE_EDIT},
    };
    cr_assert_str_eq(all_planned(tip, refused, 4), all_at("HEAD"));
    cr_assert_str_eq(all_planned(tip, NULL, 0), all_at("HEAD"));
}

Test(store_plan, is_of_the_ledgers_folder)
{
    struct dhr_source *source = NULL;
    const struct dhr_change change = {"team/agencies/a.ini", dhr_str_of("a\n"), DHR_CHANGE_ADD};
    support_run(
        &t, "git init -q . && mkdir -p team/reviews && echo x >team/reviews/x.ini && git add . && "
            "git commit -qm begin");
    open_repository();
    const char *tip = support_output(&t, "git rev-parse HEAD");
    cr_assert(dhr_source_open_plan(&source, repo, tip, "team", &change, 1, &err) == 0, "%s",
              err.text);
    cr_assert(dhr_source_has(source, "agencies/a.ini") && dhr_source_has(source, "reviews/x.ini"));
    dhr_source_free(source);
}

Test(store_plan, on_top_of_no_commit_is_an_error)
{
    struct dhr_source *source = NULL;
    support_ledger(&t, ".");
    open_repository();
    const char *const wrong[] = {"0123456789012345678901234567890123456789",
                                 support_output(&t, "git rev-parse HEAD^{tree}"), "HEAD"};
    for (size_t i = 0; i < 3; i++) {
        cr_assert(dhr_source_open_plan(&source, repo, wrong[i], "", NULL, 0, &err) == -1);
        cr_assert(err.status == DHR_UNREADABLE && strstr(err.text, "run \"git fsck\""), "%s",
                  err.text);
        cr_assert(source == NULL);
    }
}

/* ---- What differs ---- */

/* As "git diff-tree --raw" has it, of what a ledger lists. */
static const char *touched_between(const char *from, const char *to)
{
    struct dhr_arena arena = {0};
    struct dhr_buf text = {0};
    struct dhr_source *before = NULL;
    struct dhr_source *after = NULL;
    struct dhr_touched *touched = NULL;
    size_t count = 0;
    cr_assert(dhr_source_open_revision(&before, repo, from, "", &err) == 0, "%s", err.text);
    cr_assert(dhr_source_open_revision(&after, repo, to, "", &err) == 0, "%s", err.text);
    cr_assert(dhr_source_touched(before, after, &arena, &touched, &count, &err) == 0, "%s",
              err.text);
    for (size_t i = 0; i < count; i++) {
        const struct dhr_touched *one = &touched[i];
        dhr_buf_addf(&text, "%c%c %s\n", one->had ? "fdlo"[one->before.kind] : '-',
                     one->has ? "fdlo"[one->after.kind] : '-', one->path);
    }
    dhr_source_free(before);
    dhr_source_free(after);
    support_write_bytes(&t, "../touched", dhr_buf_str(&text));
    dhr_buf_release(&text);
    dhr_arena_release(&arena);
    /* A file that became a folder is two of the same path. */
    return support_output(&t, "LC_ALL=C sort -k2 ../touched; echo end");
}

/* git's own words for it, two levels deep as a ledger is, hidden names and others left out. */
static const char *gits_between(const char *from, const char *to)
{
    return support_output(
        &t,
        "git diff-tree -r -t --no-renames --raw %s %s | sed 's/^:\\([0-7]*\\) \\([0-7]*\\) "
        "[^\\t]*\\t/\\1 \\2 /' | "
        "grep -E '^[0-7]+ [0-7]+ (\\.dhrledger\\.ini|agencies|reviews)(/[^./][^/]*){0,2}$' | "
        "while read -r a b path; do "
        /* A folder on both sides is nothing in itself, unless it is deeper than is looked into. */
        "case $path in reviews/*/*) ;; *) [ $a = 040000 ] && a=000000; [ $b = 040000 ] && "
        "b=000000;; esac; "
        "[ $a$b = 000000000000 ] || echo $a $b $path; done | "
        "sed 's/000000/-/g; s/040000/d/g; s/120000/l/g; s/160000/o/g; s/100[0-7]*/f/g; s/^\\(.\\) "
        "\\(.\\) /\\1\\2 /' | "
        "LC_ALL=C sort -k2; echo end",
        from, to);
}

Test(store_plan, differences_are_gits)
{
    support_run(&t, "git init -q . && git commit -q --allow-empty -m begin");
    open_repository();
    for (size_t round = 0; round < ROUNDS; round++) {
        struct dhr_buf script = {0};
        for (size_t i = 0; i < PLACES; i++) {
            const char *place = places[i];
            switch (below(10)) {
            case 0:
                dhr_buf_addf(&script, "rm -rf %s; ", place);
                break;
            case 1: /* a folder where a file was, and the other way round */
                dhr_buf_addf(&script, "rm -rf %s; mkdir -p %s; echo %zu >%s/1.ini; ", place, place,
                             below(9), place);
                break;
            case 2:
                dhr_buf_addf(&script, "rm -rf %s; mkdir -p $(dirname %s); ln -s x%zu %s; ", place,
                             place, below(9), place);
                break;
            case 3:
                dhr_buf_addf(&script, "[ ! -f %s ] || chmod %s %s; ", place, below(2) ? "+x" : "-x",
                             place);
                break;
            case 4:
            case 5:
                dhr_buf_addf(&script,
                             "[ -d %s ] || { mkdir -p $(dirname %s); rm -f %s; echo %zu >%s; }; ",
                             place, place, place, below(99), place);
                break;
            default:
                break;
            }
        }
        support_run(&t, "(%s) 2>/dev/null; git add -A && git commit -q --allow-empty -m more",
                    script.ptr ? script.ptr : "true");
        dhr_buf_release(&script);
        const char *git = gits_between("HEAD~1", "HEAD");
        const char *ours = touched_between("HEAD~1", "HEAD");
        cr_assert_str_eq(ours, git, "round %zu:\n%s\nand git's\n%s", round, ours, git);
    }
}
