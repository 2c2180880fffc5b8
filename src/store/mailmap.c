/*
 * .mailmap as git's mailmap.c reads it: names and addresses are compared without case, lines
 * about the same old address complete each other, and one that names the old name, too, goes
 * before. libgit2 does none of the three.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "dhrledger/map.h"
#include "store_internal.h"

enum { MAILMAP_MAX_BYTES = 4 * 1024 * 1024 };

/* What a line puts in place of the old name and address; NULL: it stays. */
struct person {
    const char *name;
    const char *email;
};

struct dhr_mailmap {
    struct dhr_map places; /* of an old address, or of one and a name */
    struct person *people;
    size_t count, capacity;
    struct dhr_arena arena;
};

/* In small letters; neither holds a line's end, so that two can't be taken for another two. */
static const char *key_of(struct dhr_arena *arena, struct dhr_str email, struct dhr_str name)
{
    char *key =
        dhr_arena_printf(arena, "%.*s%s%.*s", DHR_ARG(email), name.len ? "\n" : "", DHR_ARG(name));
    for (char *c = key; *c; c++)
        *c = dhr_is_upper(*c) ? (char)(*c - 'A' + 'a') : *c;
    return key;
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
    *email = dhr_str_span(open + 1, (size_t)(close - open - 1));
    *rest = dhr_str_span(close + 1, (size_t)(end - close - 1));
    return true;
}

static const char *keep(struct dhr_mailmap *mailmap, struct dhr_str text)
{
    return text.len ? dhr_str_dup(&mailmap->arena, text) : NULL;
}

static void add_line(struct dhr_mailmap *mailmap, struct dhr_str line)
{
    struct dhr_str name;
    struct dhr_str email;
    struct dhr_str old_name = {"", 0};
    struct dhr_str old_email;
    if (!line.len || line.ptr[0] == '#' || !take_person(&line, &name, &email) || !email.len)
        return;
    bool two = take_person(&line, &old_name, &old_email);
    struct person person = {keep(mailmap, name), two ? keep(mailmap, email) : NULL};
    struct dhr_str key = dhr_str_of(key_of(&mailmap->arena, two ? old_email : email, old_name));
    if (dhr_map_add(&mailmap->places, key, mailmap->count)) {
        *DHR_PUSH(mailmap->people, mailmap->count, mailmap->capacity) = person;
        return;
    }
    struct person *known = &mailmap->people[*dhr_map_at(&mailmap->places, key)];
    if (person.name || old_name.len)
        known->name = person.name;
    if (person.email || old_name.len)
        known->email = person.email;
}

static void add_text(struct dhr_mailmap *mailmap, struct dhr_str text)
{
    struct dhr_str line;
    while (dhr_str_line(&text, &line))
        add_line(mailmap, line);
}

static void add_blob(struct dhr_mailmap *mailmap, git_repository *git, const char *revision)
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
static void add_file(struct dhr_mailmap *mailmap, const char *path, int follow)
{
    struct dhr_str text = {NULL, 0};
    struct dhr_err ignored = {0};
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | follow);
    if (fd < 0)
        return;
    if (dhr_file_read_fd(fd, path, MAILMAP_MAX_BYTES, &mailmap->arena, &text, &ignored) == 0)
        add_text(mailmap, text);
    (void)close(fd);
}

/* Who edits the work tree could make .mailmap a link to anything; the settings are the user's. */
static void add_own_file(struct dhr_mailmap *mailmap, git_repository *git)
{
    struct dhr_buf path = {0};
    dhr_buf_addf(&path, "%s.mailmap", dhr_store_top(git));
    add_file(mailmap, path.ptr, O_NOFOLLOW);
    dhr_buf_release(&path);
}

/* In git's order: what comes later counts more. */
struct dhr_mailmap *dhr_store_mailmap(git_repository *git)
{
    struct dhr_mailmap *mailmap = dhr_realloc(NULL, sizeof(*mailmap));
    git_config *config = NULL;
    struct dhr_buf path = {0};
    const char *blob = NULL;
    bool bare = git_repository_is_bare(git);
    *mailmap = (struct dhr_mailmap){0};
    if (!bare)
        add_own_file(mailmap, git);
    if (git_repository_config_snapshot(&config, git) == 0) {
        if (git_config_get_string(&blob, config, "mailmap.blob") < 0)
            blob = bare ? "HEAD:.mailmap" : NULL;
        if (blob)
            add_blob(mailmap, git, blob);
        if (dhr_store_path_setting(git, config, "mailmap.file", &path) == 0 && path.len)
            add_file(mailmap, path.ptr, 0);
    }
    dhr_buf_release(&path);
    git_config_free(config);
    return mailmap;
}

void dhr_store_real_person(const struct dhr_mailmap *mailmap, const git_signature *person,
                           struct dhr_arena *arena, const char **name, const char **email)
{
    struct dhr_str old_email = dhr_str_of(person->email);
    struct dhr_str old_name = dhr_str_of(person->name);
    const char *own = key_of(arena, old_email, old_name);
    const char *address = key_of(arena, old_email, (struct dhr_str){"", 0});
    struct person real = {NULL, NULL};
    size_t place = 0;
    if (dhr_map_find(&mailmap->places, dhr_str_of(own), &place) ||
        dhr_map_find(&mailmap->places, dhr_str_of(address), &place))
        real = mailmap->people[place];
    *name = dhr_str_dup(arena, dhr_str_of(real.name ? real.name : person->name));
    *email = dhr_str_dup(arena, dhr_str_of(real.email ? real.email : person->email));
}

void dhr_store_mailmap_free(struct dhr_mailmap *mailmap)
{
    dhr_map_release(&mailmap->places);
    free(mailmap->people);
    dhr_arena_release(&mailmap->arena);
    free(mailmap);
}
