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
    int root_fd;        /* the source's */
    bool watches_modes; /* the source's */
    int folder_fd;
    DIR *listed;           /* owns folder_fd where the folder was listed */
    struct dhr_buf folder; /* with its slash */
    char *bytes;           /* of the file being read */
};

enum { SMALL_BYTES = 64 * 1024 };

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

static void close_folder(struct folder_reader *reader)
{
    if (reader->listed)
        (void)closedir(reader->listed);
    else if (reader->folder_fd >= 0)
        (void)close(reader->folder_fd);
    reader->listed = NULL;
    reader->folder_fd = -1;
}

/* Open a folder for listing, and keep it open for reading. */
static int open_folder(struct folder_reader *reader, const char *path, struct dhr_err *err)
{
    int parent_fd = -1;
    const char *name = NULL;
    close_folder(reader);
    if (dhr_store_open_parent(reader->root_fd, path, &parent_fd, &name, err) < 0)
        return -1;
    reader->folder_fd = openat(parent_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (reader->folder_fd >= 0)
        reader->listed = fdopendir(reader->folder_fd);
    int rc = reader->listed
                 ? 0
                 : dhr_fail_errno(err, DHR_UNREADABLE, "%s: the folder can't be opened", path);
    (void)close(parent_fd);
    dhr_buf_clear(&reader->folder);
    dhr_buf_adds(&reader->folder, path);
    dhr_buf_addc(&reader->folder, '/');
    return rc;
}

static int list(struct dhr_reader *base, const struct dhr_entry *folder,
                struct dhr_entry_list *entries, struct dhr_err *err)
{
    struct folder_reader *reader = (struct folder_reader *)base;
    if (open_folder(reader, folder->path, err) < 0)
        return -1;
    for (;;) {
        enum dhr_entry_kind kind = DHR_ENTRY_OTHER;
        errno = 0;
        /* Each folder is read by one thread, so readdir is sound. */
        /* cppcheck-suppress readdirCalled */
        const struct dirent *found = readdir(reader->listed);
        if (!found && errno != 0)
            return dhr_fail_errno(err, DHR_UNREADABLE, "%s: the folder can't be read",
                                  folder->path);
        if (!found)
            return 0;
        if (found->d_name[0] == '.')
            continue;
        if (entry_kind(reader->folder_fd, found, &kind) == 0)
            (void)dhr_store_add_entry(entries, folder, found->d_name, kind);
        else if (errno != ENOENT)
            return dhr_fail_errno(err, DHR_UNREADABLE, "%s/%s: can't be looked at", folder->path,
                                  found->d_name);
    }
}

static int find(struct dhr_reader *base, const char *name, struct dhr_entry_list *entries,
                struct dhr_err *err)
{
    const struct folder_reader *reader = (const struct folder_reader *)base;
    struct stat st;
    if (fstatat(reader->root_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0)
        (void)dhr_store_add_entry(entries, NULL, name, kind_of(st.st_mode));
    else if (errno != ENOENT)
        return dhr_fail_errno(err, DHR_UNREADABLE, "%s: can't be looked at", name);
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
        .watches_modes = source->watches_modes,
        .folder_fd = -1,
        .bytes = dhr_realloc(NULL, SMALL_BYTES),
    };
    *out = &reader->base;
    return 0;
}

/* Whether the bytes read so far are all of it, and who may run it; false where that isn't known. */
static bool look_at(struct folder_reader *reader, int fd, size_t len)
{
    struct stat st;
    if (!reader->watches_modes || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return false;
    reader->base.executable = st.st_mode & S_IXUSR;
    return (size_t)st.st_size == len;
}

/*
 * A file that fits into the buffer, in as few calls as can be: 21,000 of them take as
 * long as all the rest. Its end is where nothing more comes, or where its size says so. False
 * where anything is otherwise than usual: then the file is opened again and looked at with care.
 */
static bool read_small(struct folder_reader *reader, const char *name, size_t *len)
{
    int fd =
        openat(reader->folder_fd, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    ssize_t got = fd < 0 ? -1 : 1;
    *len = 0;
    while (got > 0 && *len < SMALL_BYTES) {
        got = read(fd, reader->bytes + *len, SMALL_BYTES - *len);
        *len += got > 0 ? (size_t)got : 0;
        if (got > 0 && *len < SMALL_BYTES && look_at(reader, fd, *len))
            got = 0;
    }
    if (fd >= 0)
        (void)close(fd);
    return got == 0 && *len > 0;
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
    size_t len = 0;
    if (read_small(reader, name, &len)) {
        *bytes = dhr_str_span(dhr_arena_dup(arena, reader->bytes, len), len);
        return 0;
    }
    if (dhr_file_read(reader->folder_fd, name, DHR_RECORD_MAX_BYTES, arena, bytes, err) == 0) {
        struct stat st;
        reader->base.executable = reader->watches_modes &&
                                  fstatat(reader->folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
                                  (st.st_mode & S_IXUSR);
        return 0;
    }
    dhr_store_name_path(err, entry->path);
    return -1;
}

static void free_reader(struct dhr_reader *base)
{
    struct folder_reader *reader = (struct folder_reader *)base;
    close_folder(reader);
    dhr_buf_release(&reader->folder);
    free(reader->bytes);
    free(reader);
}

static void free_source(struct dhr_source *source)
{
    struct folder_source *folder = (struct folder_source *)source;
    (void)close(folder->root_fd);
    free(folder);
}

static const struct dhr_source_kind folder_kind = {
    .has = has,
    .open_reader = open_reader,
    .find = find,
    .list = list,
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
