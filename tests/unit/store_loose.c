/*
 * Damaged loose objects: every bit of a blob's, a tree's and a commit's first bytes turned over,
 * and each cut at every length. What is read is right, or refused by the object's name.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "dhrledger/source.h"
#include "support.h"

enum { FIRST_BYTES = 80, MOST_BYTES = 4096, SECONDS = 120 };

static struct support t;
static struct dhr_err err;

static void begin(void)
{
    support_begin(&t);
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
    support_run(&t, "mkdir -p reviews/a agencies && seq 1 200 >reviews/a/1.ini && "
                    "for i in 1 2 3 4 5 6 7 8; do echo $i >agencies/agency-$i.ini; done");
    support_run(&t, "git init -q . && git add . && git commit -qm 'The first of all'");
}

static void end(void)
{
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_loose, .init = begin, .fini = end, .timeout = SECONDS);

/* Everything in a revision, one after the other; NULL and `err` where it can't be read. */
static const char *read_all(const char *folder, const char *revision, struct dhr_arena *arena)
{
    struct dhr_repo *repo = NULL;
    struct dhr_source *source = NULL;
    struct dhr_reader *reader = NULL;
    struct dhr_entry *entries = NULL;
    struct dhr_buf all = {0};
    size_t count = 0;
    cr_assert(dhr_repo_open(&repo, support_path(&t, folder), &err) == 0, "%s", err.text);
    int rc = dhr_source_open_revision(&source, repo, revision, "", &err);
    if (rc == 0)
        rc = dhr_source_list(source, arena, &entries, &count, &err);
    if (rc == 0)
        rc = dhr_reader_open(&reader, source, &err);
    for (size_t i = 0; rc == 0 && i < count; i++) {
        struct dhr_str bytes = {NULL, 0};
        if (entries[i].kind == DHR_ENTRY_FILE)
            rc = dhr_reader_read(reader, &entries[i], arena, &bytes, &err);
        dhr_buf_addf(&all, "%s\n%.*s", entries[i].path, DHR_ARG(bytes));
    }
    dhr_reader_free(reader);
    dhr_source_free(source);
    dhr_repo_free(repo);
    const char *text = rc == 0 ? dhr_str_dup(arena, dhr_buf_str(&all)) : NULL;
    dhr_buf_release(&all);
    return text;
}

static void write_file(const char *path, const char *bytes, size_t len)
{
    int fd = open(path, O_WRONLY | O_TRUNC);
    cr_assert(fd >= 0 && write(fd, bytes, len) == (ssize_t)len && close(fd) == 0, "%s", path);
}

/* With the object's file like this, whether it was read. */
static bool check_read(const char *id, const char *revision, const char *sound, const char *what)
{
    struct dhr_arena arena = {0};
    const char *found = read_all(".", revision, &arena);
    if (found)
        cr_assert_str_eq(found, sound, "%s", what);
    else
        cr_assert(err.status == DHR_UNREADABLE && strstr(err.text, id), "%s: %s", what, err.text);
    dhr_arena_release(&arena);
    return found != NULL;
}

static void damage(const char *object)
{
    static char bytes[MOST_BYTES];
    struct dhr_arena arena = {0};
    const char *id = support_output(&t, "git rev-parse %s", object);
    const char *path = support_text(&t, "%s/.git/objects/%.2s/%s", t.dir, id, id + 2);
    /* By its id, since libgit2 1.5 never frees a reference whose commit can't be read. */
    const char *tip = support_output(&t, "git rev-parse HEAD");
    const char *sound = read_all(".", tip, &arena);
    cr_assert(sound != NULL, "%s", err.text);
    support_run(&t, "chmod u+w %s", path);
    int fd = open(path, O_RDONLY);
    ssize_t len = read(fd, bytes, sizeof(bytes));
    cr_assert(len > FIRST_BYTES && len < MOST_BYTES, "%s has %zd bytes", object, len);
    (void)close(fd);
    for (size_t bit = 0; bit < (size_t)FIRST_BYTES * 8; bit++) {
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
        write_file(path, bytes, (size_t)len);
        (void)check_read(id, tip, sound, support_text(&t, "%s, bit %zu", object, bit));
        bytes[bit / 8] = (char)(bytes[bit / 8] ^ 1 << bit % 8);
    }
    for (size_t cut = 0; cut < (size_t)len; cut++) {
        write_file(path, bytes, cut);
        cr_assert(!check_read(id, tip, sound, support_text(&t, "%s, %zu bytes", object, cut)),
                  "%s was read from %zu bytes", object, cut);
    }
    write_file(path, bytes, (size_t)len);
    cr_assert(check_read(id, tip, sound, object));
    dhr_arena_release(&arena);
}

Test(store_loose, blob)
{
    damage("HEAD:reviews/a/1.ini");
}

Test(store_loose, tree)
{
    damage("HEAD:agencies");
}

Test(store_loose, commit)
{
    damage("HEAD");
}

/* Without its last 20 bytes, in the place of the object. */
static const char *cut(const char *folder, const char *object)
{
    const char *id = support_output(&t, "git rev-parse %s", object);
    const char *path = support_text(&t, "%s/%.2s/%s", folder, id, id + 2);
    support_run(&t, "chmod u+w %s && truncate -s -20 %s", path, path);
    return id;
}

Test(store_loose, by_the_beginning_of_its_name)
{
    struct dhr_arena arena = {0};
    const char *id = support_output(&t, "git rev-parse HEAD");
    const char *begin = support_text(&t, "%.7s", id);
    cr_assert(read_all(".", begin, &arena) != NULL, "%s", err.text);
    (void)cut(".git/objects", "HEAD");
    cr_assert(read_all(".", begin, &arena) == NULL && strstr(err.text, id), "%s", err.text);
    dhr_arena_release(&arena);
}

/* Of another repository, by a path that counts from this one's objects. */
Test(store_loose, in_an_alternate)
{
    struct dhr_arena arena = {0};
    support_run(&t, "git clone -q --shared . ../clone && "
                    "echo ../../../test/.git/objects >../clone/.git/objects/info/alternates");
    cr_assert(read_all("../clone", "HEAD", &arena) != NULL, "%s", err.text);
    const char *id = cut(".git/objects", "HEAD:reviews");
    cr_assert(read_all("../clone", "HEAD", &arena) == NULL && strstr(err.text, id), "%s", err.text);
    dhr_arena_release(&arena);
}

/* git reads such a path in each of them from that one's objects; packs are there, too. */
Test(store_loose, in_an_alternate_of_an_alternate)
{
    struct dhr_arena arena = {0};
    support_run(&t,
                "git init -q ../a && git init -q ../b && git rev-parse HEAD >../a/.git/HEAD && "
                "echo ../../../b/.git/objects >../a/.git/objects/info/alternates && "
                "mkdir ../b/.git/objects/more && echo more >../b/.git/objects/info/alternates && "
                "mkdir ../b/.git/objects/more/info && "
                "echo ../../../../test/.git/objects >../b/.git/objects/more/info/alternates");
    cr_assert(read_all("../a", "HEAD", &arena) != NULL, "%s", err.text);
    support_run(&t, "git repack -qad");
    cr_assert(read_all("../a", "HEAD", &arena) != NULL, "%s", err.text);
    dhr_arena_release(&arena);
}

/* As in a hook, before git takes what is pushed. */
Test(store_loose, in_quarantine)
{
    struct dhr_arena arena = {0};
    const char *id = support_output(&t, "git rev-parse HEAD");
    support_run(&t, "git init -q --bare ../bare.git && cp -R .git/objects ../bare.git/objects/in");
    (void)setenv("GIT_OBJECT_DIRECTORY", support_path(&t, "../bare.git/objects/in"), 1);
    (void)setenv("GIT_ALTERNATE_OBJECT_DIRECTORIES", support_path(&t, "../bare.git/objects"), 1);
    cr_assert(read_all("../bare.git", id, &arena) != NULL, "%s", err.text);
    const char *blob = cut("../bare.git/objects/in", "HEAD:reviews/a/1.ini");
    cr_assert(read_all("../bare.git", id, &arena) == NULL && strstr(err.text, blob), "%s",
              err.text);
    dhr_arena_release(&arena);
}
