/*
 * .mailmap as git reads it: names and addresses are compared without case, which libgit2 does
 * not do. So what is compared is made small letters on both sides; what is shown never.
 */
#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "dhrledger/file.h"
#include "store_internal.h"

enum { MAILMAP_MAX_BYTES = 4 * 1024 * 1024 };

static const char *small_letters(struct dhr_arena *arena, struct dhr_str text)
{
    char *copy = dhr_arena_dup(arena, text.ptr, text.len);
    for (char *c = copy; *c; c++)
        *c = (char)tolower((unsigned char)*c);
    return copy;
}

/* "Name <address>"; false where there is none. */
static bool take_person(struct dhr_str *rest, struct dhr_str *name, struct dhr_str *email)
{
    const char *open = rest->len ? memchr(rest->ptr, '<', rest->len) : NULL;
    const char *end = rest->ptr + rest->len;
    const char *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
    if (!close)
        return false;
    *name = dhr_str_trim(dhr_str_span(rest->ptr, (size_t)(open - rest->ptr)));
    *email = dhr_str_trim(dhr_str_span(open + 1, (size_t)(close - open - 1)));
    *rest = dhr_str_span(close + 1, (size_t)(end - close - 1));
    return true;
}

static void add_line(git_mailmap *mailmap, struct dhr_str line, struct dhr_arena *arena)
{
    struct dhr_str name;
    struct dhr_str email;
    struct dhr_str other_name = {"", 0};
    struct dhr_str other_email;
    if (!line.len || line.ptr[0] == '#' || !take_person(&line, &name, &email))
        return;
    bool two = take_person(&line, &other_name, &other_email);
    if (!two)
        other_email = email;
    (void)git_mailmap_add_entry(mailmap, name.len ? dhr_str_dup(arena, name) : NULL,
                                two ? dhr_str_dup(arena, email) : NULL,
                                other_name.len ? small_letters(arena, other_name) : NULL,
                                small_letters(arena, other_email));
}

static void add_text(git_mailmap *mailmap, struct dhr_str text)
{
    struct dhr_arena arena = {0};
    struct dhr_str line;
    while (dhr_str_line(&text, &line))
        add_line(mailmap, line, &arena);
    dhr_arena_release(&arena);
}

static void add_blob(git_mailmap *mailmap, git_repository *git, const char *revision)
{
    git_object *object = NULL;
    if (git_revparse_single(&object, git, revision) == 0 &&
        git_object_type(object) == GIT_OBJECT_BLOB) {
        const git_blob *blob = (const git_blob *)object;
        add_text(mailmap, dhr_str_span(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)));
    }
    git_object_free(object);
}

/* One that can't be read counts as none, as for git. */
static void add_file(git_mailmap *mailmap, const char *folder, const char *path)
{
    struct dhr_arena arena = {0};
    struct dhr_buf whole = {0};
    struct dhr_str text = {NULL, 0};
    struct dhr_err ignored = {0};
    dhr_buf_addf(&whole, "%s%s", folder, path);
    if (dhr_file_read(AT_FDCWD, dhr_buf_cstr(&whole), MAILMAP_MAX_BYTES, &arena, &text, &ignored) ==
        0)
        add_text(mailmap, text);
    dhr_buf_release(&whole);
    dhr_arena_release(&arena);
}

/* In git's order: what comes later counts more. */
git_mailmap *dhr_store_mailmap(git_repository *git)
{
    git_mailmap *mailmap = NULL;
    git_config *config = NULL;
    git_buf path = GIT_BUF_INIT;
    const char *blob = NULL;
    bool bare = git_repository_is_bare(git);
    if (git_mailmap_new(&mailmap) < 0)
        return NULL;
    if (!bare)
        add_file(mailmap, git_repository_workdir(git), ".mailmap");
    if (git_repository_config_snapshot(&config, git) == 0) {
        if (git_config_get_string(&blob, config, "mailmap.blob") < 0)
            blob = bare ? "HEAD:.mailmap" : NULL;
        if (blob)
            add_blob(mailmap, git, blob);
        if (git_config_get_path(&path, config, "mailmap.file") == 0)
            add_file(mailmap, "", path.ptr);
    }
    git_buf_dispose(&path);
    git_config_free(config);
    return mailmap;
}

void dhr_store_real_person(const git_mailmap *mailmap, const git_signature *person,
                           struct dhr_arena *arena, const char **name, const char **email)
{
    const char *small_name = small_letters(arena, dhr_str_of(person->name));
    const char *small_email = small_letters(arena, dhr_str_of(person->email));
    const char *real_name = NULL;
    const char *real_email = NULL;
    *name = dhr_arena_dup(arena, person->name, strlen(person->name));
    *email = dhr_arena_dup(arena, person->email, strlen(person->email));
    if (!mailmap ||
        git_mailmap_resolve(&real_name, &real_email, mailmap, small_name, small_email) < 0)
        return;
    if (real_name != small_name)
        *name = dhr_arena_dup(arena, real_name, strlen(real_name));
    if (real_email != small_email)
        *email = dhr_arena_dup(arena, real_email, strlen(real_email));
}
