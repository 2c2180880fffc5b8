/* .mailmap against git check-mailmap: made-up maps, and each place that one is read from. */
#include <stdint.h>
#include <stdlib.h>

#include <criterion/criterion.h>

#include "store/store_internal.h"
#include "support.h"

enum { MAPS = 400, MOST_LINES = 8, SEED = 20261124 };

static const char *const names[] = {"", "Ann", "ann", "Ann Example", "ANN EXAMPLE", "Bo", " Bo\t"};
static const char *const emails[] = {"a@x.org", "A@X.org", "a@x.or", "b@x.org", "b@x.org ", ""};

#define COUNT(array) (sizeof(array) / sizeof(*(array)))

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

TestSuite(store_mailmap, .init = begin, .fini = end);

static size_t below(size_t limit)
{
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (size_t)(state >> 33) % limit;
}

static void add_person(struct dhr_buf *out)
{
    dhr_buf_addf(out, "%s <%s>", names[below(COUNT(names))], emails[below(COUNT(emails))]);
}

static void add_line(struct dhr_buf *out)
{
    static const char *const odd[] = {
        "",      "# Ann <a@x.org> <b@x.org>", " # Ann <a@x.org>", "Ann a@x.org", "Ann <a@x.org",
        "Bo <>", "<b@x.org> <a@x.org>"};
    if (below(8) == 0) {
        dhr_buf_adds(out, odd[below(COUNT(odd))]);
    } else {
        add_person(out);
        if (below(3) > 0)
            add_person(out);
        dhr_buf_adds(out, below(5) == 0 ? " # somebody" : below(5) == 0 ? "\r" : "");
    }
    dhr_buf_addc(out, '\n');
}

/* Everybody, as the two programs have them. Without a name git prints no space before '<'. */
static void check_people(const char *folder, const char *map)
{
    struct dhr_buf said = {0};
    struct dhr_buf asked = {0};
    struct dhr_mailmap *mailmap = dhr_store_mailmap(repo->git);
    for (size_t i = 0; i < COUNT(names) - 1; i++) {
        for (size_t j = 0; j < COUNT(emails) - 2; j++) {
            git_signature person = {.name = dhr_arena_printf(&arena, "%s", names[i]),
                                    .email = dhr_arena_printf(&arena, "%s", emails[j])};
            const char *name = NULL;
            const char *email = NULL;
            dhr_buf_addf(&asked, "%s <%s>\n", person.name, person.email);
            dhr_store_real_person(mailmap, &person, &arena, &name, &email);
            dhr_buf_addf(&said, "%s%s<%s>\n", name, *name ? " " : "", email);
        }
    }
    said.ptr[--said.len] = '\0';
    support_write_bytes(&t, "../people", dhr_buf_str(&asked));
    cr_assert_str_eq(dhr_buf_cstr(&said),
                     support_output(&t, "git -C %s check-mailmap --stdin <../people", folder), "%s",
                     map);
    dhr_store_mailmap_free(mailmap);
    dhr_buf_release(&asked);
    dhr_buf_release(&said);
}

static void open_repository(const char *path)
{
    dhr_repo_free(repo);
    cr_assert(dhr_repo_open(&repo, support_path(&t, path), &err) == 0, "%s", err.text);
}

Test(store_mailmap, is_gits)
{
    support_run(&t, "git init -q .");
    open_repository(".");
    for (size_t i = 0; i < MAPS; i++) {
        struct dhr_buf map = {0};
        for (size_t line = below(MOST_LINES) + 1; line > 0; line--)
            add_line(&map);
        support_write_bytes(&t, ".mailmap", dhr_buf_str(&map));
        check_people(".", dhr_buf_cstr(&map));
        dhr_buf_release(&map);
    }
}

static void check_says(const char *folder, const char *wanted)
{
    struct dhr_mailmap *mailmap = NULL;
    char ann[] = "Ann";
    char address[] = "a@x.org";
    const git_signature person = {.name = ann, .email = address};
    const char *name = NULL;
    const char *email = NULL;
    open_repository(folder);
    check_people(folder, wanted);
    mailmap = dhr_store_mailmap(repo->git);
    dhr_store_real_person(mailmap, &person, &arena, &name, &email);
    cr_assert_str_eq(dhr_arena_printf(&arena, "%s <%s>", name, email), wanted);
    dhr_store_mailmap_free(mailmap);
}

/* One line gives the name and another the address. */
Test(store_mailmap, lines_complete_each_other)
{
    support_run(&t, "git init -q .");
    support_write(&t, ".mailmap", "Ann Example <a@x.org>\n<ann@x.org> <a@x.org>\n");
    check_says(".", "Ann Example <ann@x.org>");
    support_write(&t, ".mailmap", "Bo <bo@x.org> Bo <a@x.org>\nAnn Example <a@x.org>\n");
    check_says(".", "Ann Example <a@x.org>");
    support_write(&t, ".mailmap", "Cy <cy@x.org> Ann <a@x.org>\n<ann@x.org> ann <a@x.org>\n");
    check_says(".", "Ann <ann@x.org>");
}

/* mailmap.file is looked for from the work tree's top, and may be a link; .mailmap may not. */
Test(store_mailmap, file)
{
    support_run(&t, "git init -q . && mkdir sub && git config mailmap.file sub/people");
    support_write(&t, "sub/real", "One <one@x.org> <a@x.org>\n");
    support_run(&t, "ln -s real sub/people && ln -s sub/real .mailmap");
    check_says(".", "One <one@x.org>");
    check_says("sub", "One <one@x.org>");
    support_run(&t, "git config --unset mailmap.file");
    check_says(".", "Ann <a@x.org>");
    support_run(&t, "mv sub/real ../home/real && git config mailmap.file '~/real'");
    check_says(".", "One <one@x.org>");
    support_run(&t, "git config mailmap.file missing");
    check_says(".", "Ann <a@x.org>");
}

/* What is read later counts more: the work tree's, the blob, the file. */
Test(store_mailmap, blob)
{
    support_run(&t, "git init -q .");
    support_write(&t, ".mailmap", "Committed <c@x.org> <a@x.org>\n");
    support_run(&t, "git add . && git commit -qm one && git clone -q --bare . ../bare.git");
    support_write(&t, ".mailmap", "Edited <e@x.org> <a@x.org>\n");
    check_says(".", "Edited <e@x.org>");
    support_run(&t, "git config mailmap.blob HEAD:.mailmap");
    check_says(".", "Committed <c@x.org>");
    support_write(&t, "later", "Last <l@x.org> <a@x.org>\n");
    support_run(&t, "git config mailmap.file later");
    check_says(".", "Last <l@x.org>");
    support_run(&t, "git config --unset mailmap.file && git config mailmap.blob HEAD:nothing");
    check_says(".", "Edited <e@x.org>");
    check_says("../bare.git", "Committed <c@x.org>");
    support_write(&t, "../bare.git/people", "Bare <bare@x.org> <a@x.org>\n");
    support_run(&t, "git -C ../bare.git config mailmap.file people");
    check_says("../bare.git", "Bare <bare@x.org>");
}
