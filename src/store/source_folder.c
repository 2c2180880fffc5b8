/* A source that reads a folder on disk, from one descriptor downwards. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "store_internal.h"

struct folder_source {
    struct dhr_source base;
    int root_fd;
};

/* The last folder stays open, since entries come folder by folder. */
struct folder_reader {
    struct dhr_reader base;
    int root_fd; /* the source's */
    int folder_fd;
    struct dhr_buf folder; /* with its slash */
};

static enum dhr_entry_kind kind_of(mode_t mode)
{
    if (S_ISREG(mode))
        return DHR_ENTRY_FILE;
    if (S_ISDIR(mode))
        return DHR_ENTRY_FOLDER;
    return S_ISLNK(mode) ? DHR_ENTRY_SYMLINK : DHR_ENTRY_OTHER;
}

/* Most file systems tell the kind along with the name, which saves a call for each file. */
static int entry_kind(int folder_fd, const struct dirent *found, enum dhr_entry_kind *kind)
{
    struct stat st;
    if (found->d_type != DT_UNKNOWN) {
        *kind = kind_of((mode_t)DTTOIF((mode_t)found->d_type));
        return 0;
    }
    if (fstatat(folder_fd, found->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0)
        return -1;
    *kind = kind_of(st.st_mode);
    return 0;
}

static int list_folder(struct dhr_entry_list *list, int parent_fd, const char *name,
                       const char *path, int levels, struct dhr_err *err)
{
    int fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *folder = fd < 0 ? NULL : fdopendir(fd);
    if (!folder) {
        int rc = dhr_fail_errno(err, DHR_UNREADABLE, "%s: the folder can't be opened", path);
        if (fd >= 0)
            (void)close(fd);
        return rc;
    }
    int rc = 0;
    while (rc == 0) {
        enum dhr_entry_kind kind = DHR_ENTRY_OTHER;
        errno = 0;
        /* Each folder is read by one thread, so readdir is sound. */
        /* cppcheck-suppress readdirCalled */
        const struct dirent *found = readdir(folder);
        if (!found) {
            if (errno != 0)
                rc = dhr_fail_errno(err, DHR_UNREADABLE, "%s: the folder can't be read", path);
            break;
        }
        if (found->d_name[0] == '.')
            continue;
        const char *below = dhr_arena_printf(list->arena, "%s/%s", path, found->d_name);
        if (entry_kind(fd, found, &kind) != 0) {
            if (errno != ENOENT)
                rc = dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be looked at", below);
            continue;
        }
        (void)dhr_store_add_entry(list, below, kind);
        if (kind == DHR_ENTRY_FOLDER && levels > 1)
            rc = list_folder(list, fd, found->d_name, below, levels - 1, err);
    }
    (void)closedir(folder);
    return rc;
}

/* A name in the root; no entry where it isn't there. */
static int list_top(struct dhr_entry_list *list, int root_fd, const char *name, int levels,
                    struct dhr_err *err)
{
    struct stat st;
    if (fstatat(root_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0) {
        if (errno == ENOENT)
            return 0;
        return dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be looked at", name);
    }
    enum dhr_entry_kind kind = kind_of(st.st_mode);
    (void)dhr_store_add_entry(list, dhr_arena_dup(list->arena, name, strlen(name)), kind);
    if (kind != DHR_ENTRY_FOLDER || levels == 0)
        return 0;
    return list_folder(list, root_fd, name, name, levels, err);
}

static int list(struct dhr_source *source, struct dhr_entry_list *entries, struct dhr_err *err)
{
    const struct folder_source *folder = (const struct folder_source *)source;
    if (list_top(entries, folder->root_fd, DHR_SETTINGS_FILE, 0, err) < 0)
        return -1;
    for (size_t i = 0; i < DHR_LEDGER_FOLDERS; i++)
        if (list_top(entries, folder->root_fd, dhr_ledger_folders[i].name,
                     dhr_ledger_folders[i].levels, err) < 0)
            return -1;
    return 0;
}

static bool has(struct dhr_source *source, const char *path)
{
    struct dhr_err taken = {0};
    return dhr_store_check_free(((const struct folder_source *)source)->root_fd, path, &taken) < 0;
}

static int open_reader(struct dhr_reader **out, struct dhr_source *source, struct dhr_err *err)
{
    (void)err;
    struct folder_reader *reader = dhr_realloc(NULL, sizeof(*reader));
    *reader = (struct folder_reader){
        .base = {.kind = source->kind},
        .root_fd = ((const struct folder_source *)source)->root_fd,
        .folder_fd = -1,
    };
    *out = &reader->base;
    return 0;
}

static void close_folder(struct folder_reader *reader)
{
    if (reader->folder_fd >= 0)
        (void)close(reader->folder_fd);
    reader->folder_fd = -1;
}

static int read_file(struct dhr_reader *base, const struct dhr_entry *entry,
                     struct dhr_arena *arena, struct dhr_str *bytes, struct dhr_err *err)
{
    struct folder_reader *reader = (struct folder_reader *)base;
    const char *slash = strrchr(entry->path, '/');
    const char *name = slash ? slash + 1 : entry->path;
    struct dhr_str folder = dhr_str_span(entry->path, (size_t)(name - entry->path));
    if (reader->folder_fd < 0 || !dhr_str_eq(folder, dhr_buf_str(&reader->folder))) {
        close_folder(reader);
        if (dhr_store_open_parent(reader->root_fd, entry->path, &reader->folder_fd, &name, err) < 0)
            return -1;
        dhr_buf_clear(&reader->folder);
        dhr_buf_add_str(&reader->folder, folder);
    }
    if (dhr_file_read(reader->folder_fd, name, DHR_RECORD_MAX_BYTES, arena, bytes, err) == 0)
        return 0;
    dhr_store_name_path(err, entry->path);
    return -1;
}

static void free_reader(struct dhr_reader *base)
{
    struct folder_reader *reader = (struct folder_reader *)base;
    close_folder(reader);
    dhr_buf_release(&reader->folder);
    free(reader);
}

static void free_source(struct dhr_source *source)
{
    struct folder_source *folder = (struct folder_source *)source;
    (void)close(folder->root_fd);
    free(folder);
}

static const struct dhr_source_kind folder_kind = {
    .list = list,
    .has = has,
    .open_reader = open_reader,
    .read = read_file,
    .free_reader = free_reader,
    .free_source = free_source,
};

int dhr_source_open_folder(struct dhr_source **out, const char *root, struct dhr_err *err)
{
    *out = NULL;
    int root_fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (root_fd < 0)
        return dhr_fail_errno(err, DHR_UNREADABLE, "%s: the folder can't be opened", root);
    struct folder_source *source = dhr_realloc(NULL, sizeof(*source));
    *source = (struct folder_source){.base = {.kind = &folder_kind}, .root_fd = root_fd};
    *out = &source->base;
    return 0;
}
