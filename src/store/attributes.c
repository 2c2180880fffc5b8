/*
 * What .gitattributes asks for a path. libgit2 looks at every file that may say so anew for each
 * path, some twenty system calls. So those files are looked at here, once for each folder,
 * and where none of them has one of the words, libgit2 isn't asked.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "store_internal.h"

enum { MOST_BYTES = 1024 * 1024 };

/* "crlf" is eol's value, and an old attribute of its own. Names can't be quoted or escaped. */
static bool has_words(struct dhr_str bytes)
{
    static const char *const words[] = {"filter", "working-tree-encoding", "crlf"};
    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
        if (memmem(bytes.ptr, bytes.len, words[i], strlen(words[i])))
            return true;
    }
    return false;
}

/* Whether one of the folders of git's configuration, set apart by colons, has that file. */
static bool in_search_path(git_config_level_t level, const char *file)
{
    git_buf list = GIT_BUF_INIT;
    struct dhr_str rest = {NULL, 0};
    struct dhr_str folder;
    bool there = git_libgit2_opts(GIT_OPT_GET_SEARCH_PATH, (int)level, &list) < 0;
    if (!there)
        rest = dhr_str_span(list.ptr, list.size);
    while (!there && dhr_str_split(&rest, GIT_PATH_LIST_SEPARATOR, &folder)) {
        struct dhr_buf path = {0};
        dhr_buf_addf(&path, "%.*s/%s", DHR_ARG(folder), file);
        there = access(path.ptr, F_OK) == 0;
        dhr_buf_release(&path);
    }
    git_buf_dispose(&list);
    return there;
}

/* The files outside the work tree, which few have: that one is there is enough to ask libgit2. */
static bool any_outside(git_repository *git)
{
    git_config *config = NULL;
    git_buf info = GIT_BUF_INIT;
    git_config_entry *entry = NULL;
    struct dhr_buf path = {0};
    bool any = git_repository_item_path(&info, git, GIT_REPOSITORY_ITEM_INFO) < 0 ||
               git_repository_config_snapshot(&config, git) < 0 ||
               git_config_get_entry(&entry, config, "core.attributesfile") == 0 ||
               in_search_path(GIT_CONFIG_LEVEL_XDG, "attributes") ||
               in_search_path(GIT_CONFIG_LEVEL_SYSTEM, "gitattributes");
    if (!any) {
        dhr_buf_addf(&path, "%s/attributes", info.ptr);
        any = access(path.ptr, F_OK) == 0;
    }
    git_config_entry_free(entry);
    git_config_free(config);
    git_buf_dispose(&info);
    dhr_buf_release(&path);
    return any;
}

static bool staged_has_words(struct dhr_writer *writer, git_index *index, const char *path)
{
    git_odb_object *object = NULL;
    const git_index_entry *entry = git_index_get_bypath(index, path, 0);
    if (!entry)
        return false;
    bool has = git_odb_read(&object, writer->odb, &entry->id) < 0 ||
               has_words(dhr_str_span(git_odb_object_data(object), git_odb_object_size(object)));
    git_odb_object_free(object);
    return has;
}

static bool file_has_words(struct dhr_writer *writer, const char *path)
{
    struct dhr_arena scratch = {0};
    struct dhr_err ignored = {0};
    struct dhr_str bytes = {NULL, 0};
    struct stat st;
    if (fstatat(writer->root_fd, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return errno != ENOENT;
    bool has = dhr_file_read(writer->root_fd, path, MOST_BYTES, &scratch, &bytes, &ignored) < 0 ||
               has_words(bytes);
    dhr_arena_release(&scratch);
    return has;
}

/* The folders of the path, from the root on. */
static bool any_inside(struct dhr_writer *writer, git_index *index, const char *path)
{
    struct dhr_buf file = {0};
    const char *rest = path;
    bool any = false;
    do {
        file.len = 0;
        dhr_buf_add(&file, path, (size_t)(rest - path));
        dhr_buf_adds(&file, ".gitattributes");
        any = file_has_words(writer, file.ptr) || staged_has_words(writer, index, file.ptr);
        rest = strchr(rest, '/');
    } while (!any && rest++);
    dhr_buf_release(&file);
    return any;
}

/* Paths come in order, so that the last folder's answer is mostly the next one's. */
static bool may_have_any(struct dhr_writer *writer, git_index *index, const char *path)
{
    struct dhr_attributes *known = &writer->attributes;
    const char *slash = strrchr(path, '/');
    size_t len = slash ? (size_t)(slash - path) : 0;
    if (!known->asked)
        known->outside = any_outside(writer->repo->git);
    if (known->outside)
        return true;
    if (!known->asked || len != strlen(known->folder) || strncmp(path, known->folder, len) != 0) {
        known->folder = dhr_arena_dup(&writer->arena, path, len);
        known->inside = any_inside(writer, index, path);
    }
    known->asked = true;
    return known->inside;
}

/*
 * git would run a program on the way in and out (LFS does so), which libgit2 doesn't.
 * *wants_crlf: the lines may have to end in CR LF in the work tree.
 */
int dhr_store_check_attributes(struct dhr_writer *writer, git_index *index, const char *path,
                               bool *wants_crlf, struct dhr_err *err)
{
    enum { UNSUPPORTED = 2, EOL = UNSUPPORTED, ATTRIBUTES };
    static const char *names[ATTRIBUTES] = {"filter", "working-tree-encoding", "eol"};
    const char *values[ATTRIBUTES] = {NULL};
    *wants_crlf = writer->wants_crlf;
    if (!may_have_any(writer, index, path))
        return 0;
    if (git_attr_get_many(values, writer->repo->git, GIT_ATTR_CHECK_FILE_THEN_INDEX, path,
                          ATTRIBUTES, names) < 0)
        return dhr_fail(err, DHR_UNREADABLE, "%s: .gitattributes can't be read (%s)", path,
                        dhr_store_git_error());
    for (size_t i = 0; i < UNSUPPORTED; i++) {
        if (git_attr_value(values[i]) == GIT_ATTR_VALUE_STRING)
            return dhr_fail(err, DHR_UNREADABLE,
                            "%s: .gitattributes gives it %s=%s, which dhrledger can't apply; take "
                            "the attribute away, or use --no-commit and \"git commit\"",
                            path, names[i], values[i]);
    }
    if (git_attr_value(values[EOL]) == GIT_ATTR_VALUE_STRING && strcmp(values[EOL], "crlf") == 0)
        *wants_crlf = true;
    return 0;
}
