/* The two sources: what they list, what they read, and what they never follow. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>

#include "dhrledger/source.h"
#include "support.h"

static struct support t;
static struct dhr_err err;
static struct dhr_repo *repo;
static struct dhr_source *source;
static struct dhr_reader *reader;
static struct dhr_arena arena;
static struct dhr_entry *entries;
static size_t count;

static void begin(void)
{
    support_begin(&t);
    cr_assert(dhr_store_init(&err) == 0, "%s", err.text);
}

static void close_all(void)
{
    dhr_reader_free(reader);
    dhr_source_free(source);
    dhr_repo_free(repo);
    reader = NULL;
    source = NULL;
    repo = NULL;
}

static void end(void)
{
    close_all();
    dhr_arena_release(&arena);
    dhr_store_shutdown();
    support_end(&t);
}

TestSuite(store_source, .init = begin, .fini = end);

static void open_folder(const char *root)
{
    cr_assert(dhr_source_open_folder(&source, support_path(&t, root), &err) == 0, "%s", err.text);
    cr_assert(dhr_reader_open(&reader, source, &err) == 0, "%s", err.text);
}

static void open_revision(const char *revision, const char *prefix)
{
    cr_assert(dhr_repo_open(&repo, t.dir, &err) == 0, "%s", err.text);
    cr_assert(dhr_source_open_revision(&source, repo, revision, prefix, &err) == 0, "%s", err.text);
    cr_assert(dhr_reader_open(&reader, source, &err) == 0, "%s", err.text);
}

/* The listing as text: a letter for the kind, the path. */
static const char *listing(void)
{
    struct dhr_buf buf = {0};
    cr_assert(dhr_source_list(source, &arena, &entries, &count, &err) == 0, "%s", err.text);
    for (size_t i = 0; i < count; i++)
        dhr_buf_addf(&buf, "%c %s\n", "fdlo"[entries[i].kind], entries[i].path);
    const char *text = dhr_str_dup(&arena, dhr_buf_str(&buf));
    dhr_buf_release(&buf);
    return text;
}

static const struct dhr_entry *entry_of(const char *path)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(entries[i].path, path) == 0)
            return &entries[i];
    cr_assert(false, "%s is not listed", path);
    return NULL;
}

static const char *bytes_of(const char *path)
{
    struct dhr_str bytes = {NULL, 0};
    cr_assert(dhr_reader_read(reader, entry_of(path), &arena, &bytes, &err) == 0, "%s", err.text);
    cr_assert(bytes.ptr[bytes.len] == '\0', "%s: no NUL after the bytes", path);
    return bytes.ptr;
}

static void cannot_read(const char *path, const char *sentence)
{
    struct dhr_str bytes = {NULL, 0};
    cr_assert(dhr_reader_read(reader, entry_of(path), &arena, &bytes, &err) == -1, "%s was read",
              path);
    enum dhr_status status = strstr(sentence, "larger than") ? DHR_FOUND : DHR_UNREADABLE;
    cr_assert(err.status == status, "status %d: %s", (int)err.status, err.text);
    cr_assert(strncmp(err.text, path, strlen(path)) == 0 && err.text[strlen(path)] == ':',
              "the path is not in front: %s", err.text);
    cr_assert(strstr(err.text, sentence) != NULL, "\"%s\" is not in: %s", sentence, err.text);
}

/* Everything a listing has to sort, leave out or stop at. */
static void write_zoo(const char *root)
{
    static const char *const files[] = {".dhrledger.ini",
                                        ".git-blame-ignore-revs",
                                        "README.md",
                                        "agencies/a.ini",
                                        "agencies/.keep",
                                        "agencies/deep/never.ini",
                                        "other/x.ini",
                                        "reviews/a/1.ini",
                                        "reviews/a/10.ini",
                                        "reviews/a/2.ini",
                                        "reviews/a/.1.ini.swp",
                                        "reviews/a/deep/never.ini",
                                        "reviews/a-b/review.ini",
                                        "reviews/.hidden/1.ini",
                                        "reviews/loose.ini"};
    for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++)
        support_write(&t, support_text(&t, "%s/%s", root, files[i]), files[i]);
    support_run(&t, "cd %s && ln -s 1.ini reviews/a/link.ini && ln -s a reviews/linked", root);
}

static const char zoo[] = "f .dhrledger.ini\n"
                          "d agencies\n"
                          "f agencies/a.ini\n"
                          "d agencies/deep\n"
                          "d reviews\n"
                          "d reviews/a\n"
                          "d reviews/a-b\n"
                          "f reviews/a-b/review.ini\n"
                          "f reviews/a/1.ini\n"
                          "f reviews/a/10.ini\n"
                          "f reviews/a/2.ini\n"
                          "d reviews/a/deep\n"
                          "l reviews/a/link.ini\n"
                          "l reviews/linked\n"
                          "f reviews/loose.ini\n";

Test(store_source, folder_lists_in_byte_order)
{
    write_zoo(".");
    open_folder(".");
    cr_assert_str_eq(listing(), zoo);
}

Test(store_source, folder_reads_what_it_lists)
{
    write_zoo(".");
    open_folder(".");
    (void)listing();
    for (size_t i = 0; i < count; i++)
        if (entries[i].kind == DHR_ENTRY_FILE)
            cr_assert_str_eq(bytes_of(entries[i].path), entries[i].path);
}

Test(store_source, folder_may_be_empty)
{
    open_folder(".");
    cr_assert_str_eq(listing(), "");
}

Test(store_source, folder_that_is_not_there_is_an_error)
{
    cr_assert(dhr_source_open_folder(&source, support_path(&t, "none"), &err) == -1, "it opened");
    cr_assert(strstr(err.text, "none: the folder can't be opened: No such file") != NULL, "%s",
              err.text);
}

Test(store_source, folder_never_enters_a_link)
{
    support_write(&t, "elsewhere/a/1.ini", "secret");
    support_run(&t, "ln -s elsewhere reviews && ln -s elsewhere agencies && "
                    "ln -s elsewhere/a/1.ini .dhrledger.ini");
    open_folder(".");
    cr_assert_str_eq(listing(), "l .dhrledger.ini\nl agencies\nl reviews\n");
}

Test(store_source, folder_lists_pipes_without_waiting_for_them)
{
    support_write(&t, "reviews/a/1.ini", "");
    support_run(&t, "mkfifo reviews/a/pipe.ini");
    open_folder(".");
    (void)listing();
    cr_assert(entry_of("reviews/a/pipe.ini")->kind == DHR_ENTRY_OTHER, "its kind");
    cannot_read("reviews/a/pipe.ini", "is not a regular file");
}

Test(store_source, folder_reads_no_link)
{
    write_zoo(".");
    open_folder(".");
    (void)listing();
    cannot_read("reviews/a/link.ini", "is a symbolic link; put the file itself in its place");
}

Test(store_source, folder_does_not_read_through_a_folder_that_became_a_link)
{
    support_write(&t, "reviews/a/1.ini", "mine");
    support_write(&t, "../outside/1.ini", "secret");
    open_folder(".");
    (void)listing();
    support_run(&t, "mv reviews/a reviews/b && ln -s ../../outside reviews/a");
    cannot_read("reviews/a/1.ini", "reviews/a is not a folder or is a symbolic link");
}

Test(store_source, folder_does_not_read_a_path_that_climbs)
{
    static const char *const paths[] = {"../secret", "reviews/../../secret", "reviews//../x",
                                        "/etc/passwd", "reviews/./1.ini"};
    support_write(&t, "../secret", "secret");
    support_write(&t, "reviews/1.ini", "");
    open_folder(".");
    for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
        struct dhr_entry entry = {.path = paths[i], .kind = DHR_ENTRY_FILE};
        struct dhr_str bytes = {NULL, 0};
        cr_assert(dhr_reader_read(reader, &entry, &arena, &bytes, &err) == -1, "%s was read",
                  paths[i]);
    }
}

Test(store_source, folder_reads_up_to_the_limit)
{
    support_run(&t, "mkdir -p reviews/a && head -c 1048576 /dev/zero >reviews/a/1.ini && "
                    "head -c 1048577 /dev/zero >reviews/a/2.ini");
    open_folder(".");
    (void)listing();
    struct dhr_str bytes = {NULL, 0};
    cr_assert(dhr_reader_read(reader, entry_of("reviews/a/1.ini"), &arena, &bytes, &err) == 0, "%s",
              err.text);
    cr_assert(bytes.len == DHR_RECORD_MAX_BYTES, "%zu bytes", bytes.len);
    cannot_read("reviews/a/2.ini", "larger than 1048576 bytes");
}

Test(store_source, folder_that_vanished_names_the_path)
{
    support_write(&t, "reviews/a/1.ini", "");
    open_folder(".");
    (void)listing();
    support_run(&t, "rm -r reviews/a");
    cannot_read("reviews/a/1.ini", "its folder can't be opened: No such file");
}

Test(store_source, folder_without_permission_is_an_error)
{
    support_write(&t, "reviews/a/1.ini", "");
    support_run(&t, "chmod 0 reviews/a && chmod 755 .. .");
    if (geteuid() == 0) {
        support_run(&t, "chown -R 65534 .");
        cr_assert(seteuid(65534) == 0, "seteuid");
    }
    open_folder(".");
    int rc = dhr_source_list(source, &arena, &entries, &count, &err);
    cr_assert(seteuid(getuid()) == 0, "seteuid");
    cr_assert(rc == -1, "it was listed");
    cr_assert_str_eq(err.text, "reviews/a: the folder can't be opened: Permission denied");
}

static void commit_zoo(const char *root)
{
    write_zoo(root);
    support_run(&t, "git init -q . && git add -f . && git commit -qm zoo");
}

Test(store_source, revision_lists_like_the_folder)
{
    commit_zoo(".");
    open_revision("HEAD", "");
    cr_assert_str_eq(listing(), zoo);
    cr_assert_str_eq(bytes_of("reviews/a/10.ini"), "reviews/a/10.ini");
}

/* Every listed path, and some that a listing leaves out or never had. */
static void has_what_it_lists(void)
{
    static const char *const never[] = {
        "",
        "reviews/b/1.ini",
        "reviews/a/3.ini",
        "reviews/a/.1.ini.swp",
        "agencies/.keep",
        "agencies/A",
        "reviews//a",
        "reviews/a/",
        "reviews/./a",
        "reviews/../reviews",
    };
    (void)listing();
    for (size_t i = 0; i < count; i++)
        cr_assert(dhr_source_has(source, entries[i].path), "%s", entries[i].path);
    for (size_t i = 0; i < sizeof(never) / sizeof(*never); i++)
        cr_assert(!dhr_source_has(source, never[i]), "\"%s\"", never[i]);
    char long_name[400];
    memset(long_name, 'x', sizeof(long_name) - 1);
    long_name[sizeof(long_name) - 1] = '\0';
    cr_assert(!dhr_source_has(source, support_text(&t, "agencies/%s", long_name)));
}

Test(store_source, both_kinds_have_what_they_list)
{
    commit_zoo(".");
    open_folder(".");
    has_what_it_lists();
    close_all();
    open_revision("HEAD", "");
    has_what_it_lists();
}

Test(store_source, folder_may_have_what_is_behind_a_link)
{
    write_zoo(".");
    open_folder(".");
    cr_assert(dhr_source_has(source, "reviews/linked/1.ini"), "reading it shall say why");
}

Test(store_source, revision_has_the_blobs_names)
{
    commit_zoo(".");
    open_revision("HEAD", "");
    (void)listing();
    const struct dhr_entry *entry = entry_of("reviews/a/2.ini");
    char hex[41];
    for (size_t i = 0; i < 20; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", entry->object_id[i]);
    cr_assert_str_eq(hex, support_output(&t, "git rev-parse HEAD:reviews/a/2.ini"));
}

Test(store_source, revision_takes_a_folder_inside_the_repository)
{
    commit_zoo("sub/ledger");
    open_revision("HEAD", "sub/ledger");
    cr_assert_str_eq(listing(), zoo);
    cr_assert_str_eq(bytes_of("reviews/a/1.ini"), "reviews/a/1.ini");
    close_all();
    open_revision("HEAD", "sub/ledger/");
    cr_assert_str_eq(listing(), zoo, "with a slash at the end");
}

Test(store_source, revision_before_the_ledger_is_empty)
{
    support_write(&t, "sub", "a file in the folder's place\n");
    support_run(&t, "git init -q . && git add sub && git commit -qm one && git rm -q sub");
    commit_zoo("sub");
    open_revision("HEAD~1", "sub");
    cr_assert_str_eq(listing(), "");
    close_all();
    open_revision("HEAD~1", "none/such");
    cr_assert_str_eq(listing(), "");
}

Test(store_source, revision_reads_the_past_and_not_the_work_tree)
{
    support_ledger(&t, ".");
    support_run(&t, "git tag v1 && echo two >reviews/durham-2012/1.ini && git commit -qam two && "
                    "echo three >reviews/durham-2012/1.ini");
    static const struct {
        const char *revision, *text;
    } cases[] = {{"HEAD", "two\n"},
                 {"main", "two\n"},
                 {"HEAD~1", "# reviews/durham-2012/1.ini\nkey = value\n"},
                 {"v1", "# reviews/durham-2012/1.ini\nkey = value\n"},
                 {"HEAD^{tree}", "two\n"}};
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        open_revision(cases[i].revision, "");
        (void)listing();
        cr_assert_str_eq(bytes_of("reviews/durham-2012/1.ini"), cases[i].text, "%s",
                         cases[i].revision);
        close_all();
    }
}

Test(store_source, revision_reads_a_bare_repository_and_packed_objects)
{
    support_ledger(&t, "a");
    support_run(&t, "git clone -q --bare a b.git && git -C b.git repack -qad");
    cr_assert(dhr_repo_open(&repo, support_path(&t, "b.git"), &err) == 0, "%s", err.text);
    cr_assert(dhr_source_open_revision(&source, repo, "HEAD", "", &err) == 0, "%s", err.text);
    cr_assert(dhr_reader_open(&reader, source, &err) == 0, "%s", err.text);
    (void)listing();
    cr_assert(count == 8, "%zu entries", count);
    cr_assert_str_eq(bytes_of("agencies/council.ini"), "# agencies/council.ini\nkey = value\n");
}

Test(store_source, revision_reads_a_linked_work_tree_and_borrowed_objects)
{
    support_ledger(&t, "a");
    support_run(&t, "git clone -q --shared a b && git -C b worktree add -q %s/c -b c", t.dir);
    cr_assert(dhr_repo_open(&repo, support_path(&t, "c"), &err) == 0, "%s", err.text);
    cr_assert(dhr_source_open_revision(&source, repo, "HEAD", "", &err) == 0, "%s", err.text);
    cr_assert(dhr_reader_open(&reader, source, &err) == 0, "%s", err.text);
    (void)listing();
    cr_assert_str_eq(bytes_of("agencies/council.ini"), "# agencies/council.ini\nkey = value\n");
}

Test(store_source, revision_lists_a_submodule_without_entering_it)
{
    support_ledger(&t, "inner");
    support_ledger(&t, "outer");
    support_run(&t,
                "git -C outer -c protocol.file.allow=always submodule add -q %s/inner "
                "reviews/sub 2>/dev/null && git -C outer commit -qm sub",
                t.dir);
    cr_assert(dhr_repo_open(&repo, support_path(&t, "outer"), &err) == 0, "%s", err.text);
    cr_assert(dhr_source_open_revision(&source, repo, "HEAD", "", &err) == 0, "%s", err.text);
    (void)listing();
    cr_assert(entry_of("reviews/sub")->kind == DHR_ENTRY_OTHER, "its kind");
}

Test(store_source, revision_head_of_an_unborn_branch_is_empty)
{
    support_run(&t, "git init -q .");
    open_revision("HEAD", "");
    cr_assert_str_eq(listing(), "");
    close_all();
    open_revision("@", "sub");
    cr_assert_str_eq(listing(), "");
}

static void no_revision(const char *revision, const char *sentence)
{
    cr_assert(dhr_repo_open(&repo, t.dir, &err) == 0, "%s", err.text);
    cr_assert(dhr_source_open_revision(&source, repo, revision, "", &err) == -1, "%s: it opened",
              revision);
    cr_assert(source == NULL, "a source came back");
    cr_assert(err.status == DHR_UNREADABLE, "status %d", (int)err.status);
    cr_assert(strstr(err.text, sentence) != NULL, "\"%s\" is not in: %s", sentence, err.text);
    close_all();
}

Test(store_source, revision_that_is_not_there_is_an_error)
{
    support_ledger(&t, ".");
    no_revision("nowhere", "nowhere: there is no such revision");
    no_revision("HEAD~99", "HEAD~99: there is no such revision");
    no_revision("main@{bad", "there is no such revision");
    no_revision("", "there is no such revision");
    no_revision("HEAD:agencies/council.ini", "there is no such revision");
    support_run(&t, "git init -q ../unborn");
    no_revision("0123456789012345678901234567890123456789", "there is no such revision");
}

Test(store_source, revision_with_a_lost_blob_names_the_file)
{
    support_ledger(&t, ".");
    const char *id = support_output(&t, "git rev-parse HEAD:reviews/durham-2012/2.ini");
    support_run(&t, "rm -f .git/objects/%.2s/%s", id, id + 2);
    open_revision("HEAD", "");
    (void)listing();
    cannot_read("reviews/durham-2012/2.ini", "run \"git fsck\"");
    cr_assert_str_eq(bytes_of("agencies/council.ini"), "# agencies/council.ini\nkey = value\n");
}

Test(store_source, revision_with_a_lost_tree_names_the_folder)
{
    support_ledger(&t, ".");
    const char *id = support_output(&t, "git rev-parse HEAD:reviews/durham-2012");
    support_run(&t, "rm -f .git/objects/%.2s/%s", id, id + 2);
    open_revision("HEAD", "");
    cr_assert(dhr_source_list(source, &arena, &entries, &count, &err) == -1, "it was listed");
    const char *said = support_text(&t, "reviews/durham-2012: git's object %s can't be read", id);
    cr_assert(strncmp(err.text, said, strlen(said)) == 0, "%s", err.text);
}

/* Nobody knows what was in a folder that is lost, and something that isn't there is no failure. */
Test(store_source, revision_tells_a_lost_folder_from_none)
{
    struct dhr_entry entry;
    support_ledger(&t, ".");
    const char *id = support_output(&t, "git rev-parse HEAD:reviews/durham-2012");
    support_run(&t, "rm -f .git/objects/%.2s/%s", id, id + 2);
    open_revision("HEAD", "");
    for (int again = 0; again < 2; again++) {
        cr_assert(dhr_source_entry(source, "reviews/durham-2012/1.ini", &entry, &err) == -1);
        cr_assert(err.status == DHR_UNREADABLE && strstr(err.text, id), "%s", err.text);
        cr_assert(dhr_source_has(source, "reviews/durham-2012/1.ini"), "reading it shall say why");
    }
    cr_assert(dhr_source_entry(source, "reviews/durham-2012", &entry, &err) == 0);
    cr_assert(entry.path && entry.kind == DHR_ENTRY_FOLDER);
    cr_assert(dhr_source_entry(source, "reviews/other/1.ini", &entry, &err) == 0 && !entry.path);
    cr_assert(dhr_source_entry(source, "agencies/council.ini/x", &entry, &err) == 0 && !entry.path);
    cr_assert(dhr_source_entry(source, "agencies/council.ini", &entry, &err) == 0 && entry.path);
}

Test(store_source, revision_with_an_altered_blob_is_not_believed)
{
    support_ledger(&t, ".");
    const char *id = support_output(&t, "git rev-parse HEAD:reviews/durham-2012/2.ini");
    const char *other = support_output(&t, "git rev-parse HEAD:reviews/durham-2012/3.ini");
    support_run(&t, "cp -f .git/objects/%.2s/%s .git/objects/%.2s/%s", other, other + 2, id,
                id + 2);
    open_revision("HEAD", "");
    (void)listing();
    cannot_read("reviews/durham-2012/2.ini", support_text(&t, "git's object %s can't be read", id));
}

Test(store_source, revision_reads_up_to_the_limit)
{
    support_run(&t, "mkdir -p reviews/a && head -c 1048576 /dev/zero >reviews/a/1.ini && "
                    "head -c 1048577 /dev/zero >reviews/a/2.ini && git init -q . && git add . && "
                    "git commit -qm big");
    open_revision("HEAD", "");
    (void)listing();
    struct dhr_str bytes = {NULL, 0};
    cr_assert(dhr_reader_read(reader, entry_of("reviews/a/1.ini"), &arena, &bytes, &err) == 0, "%s",
              err.text);
    cr_assert(bytes.len == DHR_RECORD_MAX_BYTES, "%zu bytes", bytes.len);
    cannot_read("reviews/a/2.ini", "larger than 1048576 bytes");
}

Test(store_source, empty_files_are_empty)
{
    support_write(&t, "reviews/a/1.ini", "");
    support_run(&t, "git init -q . && git add . && git commit -qm empty");
    open_folder(".");
    (void)listing();
    cr_assert_str_eq(bytes_of("reviews/a/1.ini"), "");
    close_all();
    open_revision("HEAD", "");
    (void)listing();
    cr_assert_str_eq(bytes_of("reviews/a/1.ini"), "");
}
