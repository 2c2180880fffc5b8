/*
 * Loose objects, read in place of libgit2: where a header states too small a size libgit2 1.5
 * unpacks beyond its buffer, and at a file that ends too early it may wait for ever. This
 * backend stands behind the packs and before libgit2's own for loose objects; what is damaged
 * ends here with an error, and what isn't there is left to the others. A loose object is also
 * hashed, since one that was altered or misnamed looks sound; libgit2 would hash those in packs as
 * well, which is dearer than all the rest (repo.c).
 */
#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <git2/sys/odb_backend.h>
#include <zlib.h>

#include "dhrledger/file.h"
#include "store_internal.h"

enum {
    AS_PACKS = 2, /* libgit2's priority for packs; for loose objects it is 1 */
    HEADER_BYTES = 32,
    MOST_RATIO = 1032, /* deflate packs no tighter */
    DEEPEST = 5,       /* alternates of alternates, as for git */
    ALTERNATES_MAX_BYTES = 1024 * 1024
};

struct loose {
    git_odb_backend base;
    int folder; /* objects/ */
};

struct object {
    const git_oid *id;
    int fd;
    z_stream zip;
    bool ended;
    git_object_t type;
    size_t size;
    char first[HEADER_BYTES + 1]; /* what was unpacked for the header */
    size_t first_len, header_len;
    unsigned char input[8192];
};

static int refuse(const struct object *object, const char *why)
{
    char id[DHR_COMMIT_ID_SIZE];
    char text[DHR_COMMIT_ID_SIZE + 64];
    (void)git_oid_tostr(id, sizeof(id), object->id);
    (void)snprintf(text, sizeof(text), "loose object %s %s", id, why);
    git_error_set_str(GIT_ERROR_ODB, text);
    return -1;
}

/* As many bytes as there are, but no more than fit. */
static int unpack(struct object *object, char *out, size_t room, size_t *len)
{
    z_stream *zip = &object->zip;
    *len = 0;
    while (*len < room && !object->ended) {
        if (!zip->avail_in) {
            ssize_t got = read(object->fd, object->input, sizeof(object->input));
            if (got <= 0)
                return refuse(object, got < 0 ? "can't be read" : "ends too early");
            zip->next_in = object->input;
            zip->avail_in = (uInt)got;
        }
        zip->next_out = (Bytef *)out + *len;
        zip->avail_out = room - *len > UINT_MAX ? UINT_MAX : (uInt)(room - *len);
        int rc = inflate(zip, Z_NO_FLUSH);
        if (rc != Z_OK && rc != Z_STREAM_END)
            return refuse(object, "is damaged: it can't be unpacked");
        object->ended = rc == Z_STREAM_END;
        *len = (size_t)((char *)zip->next_out - out);
    }
    return 0;
}

/* "blob 1234\0"; no more is believed than the file can hold. */
static int read_header(struct object *object)
{
    struct stat st;
    if (fstat(object->fd, &st) != 0 ||
        unpack(object, object->first, HEADER_BYTES, &object->first_len) < 0)
        return -1;
    object->first[object->first_len] = '\0';
    size_t type_len = strcspn(object->first, " ");
    object->header_len = strlen(object->first) + 1;
    const char *digits = object->first + type_len + (object->first[type_len] == ' ');
    size_t digits_len = strspn(digits, "0123456789");
    object->size = strtoull(digits, NULL, 10);
    object->first[type_len] = '\0';
    object->type = git_object_string2type(object->first);
    if (object->header_len > object->first_len || !digits_len || digits[digits_len] ||
        !git_object_typeisloose(object->type) ||
        object->size / MOST_RATIO > (unsigned long long)st.st_size)
        return refuse(object, "is damaged: its header is none");
    return 0;
}

/* One byte more than there should be is asked for, so that nothing more or less goes unseen. */
static int read_rest(struct object *object, char *data)
{
    size_t have = object->first_len - object->header_len;
    size_t more = 0;
    if (have <= object->size) {
        memcpy(data, object->first + object->header_len, have);
        if (unpack(object, data + have, object->size - have + 1, &more) < 0)
            return -1;
    }
    if (have + more != object->size || object->zip.avail_in)
        return refuse(object, "is damaged: its header states another size");
    data[object->size] = '\0';
    return 0;
}

static int check_name(const struct object *object, const char *data)
{
    git_oid id;
    if (git_odb_hash(&id, data, object->size, object->type) == 0 && git_oid_equal(&id, object->id))
        return 0;
    return refuse(object, "is damaged: it holds another object");
}

/* Without `data` only the header. */
static int load(git_odb_backend *base, const git_oid *id, void **data, size_t *size,
                git_object_t *type)
{
    char path[GIT_OID_HEXSZ + 2] = "";
    char *bytes = NULL;
    (void)git_oid_pathfmt(path, id);
    int fd = openat(((struct loose *)base)->folder, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return GIT_ENOTFOUND; /* also where it may not be read, which libgit2 then says */
    struct object object = {.id = id, .fd = fd};
    int rc = inflateInit(&object.zip) == Z_OK ? read_header(&object)
                                              : refuse(&object, "finds no memory");
    if (rc == 0 && data) {
        bytes = git_odb_backend_data_alloc(base, object.size + 1);
        rc = bytes && read_rest(&object, bytes) == 0 ? check_name(&object, bytes) : -1;
    }
    (void)inflateEnd(&object.zip);
    (void)close(fd);
    if (rc < 0) {
        git_odb_backend_data_free(base, bytes);
        return rc;
    }
    if (data)
        *data = bytes;
    *size = object.size;
    *type = object.type;
    return 0;
}

static int read_object(void **data, size_t *size, git_object_t *type, git_odb_backend *base,
                       const git_oid *id)
{
    return load(base, id, data, size, type);
}

static int read_size(size_t *size, git_object_t *type, git_odb_backend *base, const git_oid *id)
{
    return load(base, id, NULL, size, type);
}

/* The objects whose names begin so are whole; then libgit2 may read them and choose. */
static int check_prefix(git_oid *id, void **data, size_t *size, git_object_t *type,
                        git_odb_backend *base, const git_oid *prefix, size_t len)
{
    char text[DHR_COMMIT_ID_SIZE];
    (void)git_oid_tostr(text, sizeof(text), prefix);
    const char folder[] = {text[0], text[1], '\0'};
    int fd = openat(((struct loose *)base)->folder, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    const struct dirent *entry = NULL;
    int rc = 0;
    /* cppcheck-suppress readdirCalled */
    while (rc == 0 && dir && (entry = readdir(dir)) != NULL) {
        if (strlen(entry->d_name) != GIT_OID_HEXSZ - 2)
            continue;
        memcpy(text + 2, entry->d_name, GIT_OID_HEXSZ - 1);
        if (git_oid_fromstr(id, text) == 0 && git_oid_ncmp(id, prefix, len) == 0 &&
            (rc = load(base, id, data, size, type)) == 0)
            git_odb_backend_data_free(base, *data);
    }
    if (dir)
        (void)closedir(dir);
    return rc == 0 ? GIT_PASSTHROUGH : rc;
}

static void free_backend(git_odb_backend *base)
{
    (void)close(((struct loose *)base)->folder);
    free(base);
}

/* NOLINTNEXTLINE(misc-no-recursion) */
static int guard(git_odb *odb, const char *objects, unsigned depth)
{
    struct loose *loose = dhr_realloc(NULL, sizeof(*loose));
    struct dhr_arena arena = {0};
    struct dhr_str text = {NULL, 0};
    struct dhr_str line;
    struct dhr_err none = {0};
    *loose = (struct loose){.base = {.version = GIT_ODB_BACKEND_VERSION,
                                     .read = read_object,
                                     .read_prefix = check_prefix,
                                     .read_header = read_size,
                                     .free = free_backend},
                            .folder = open(objects, O_PATH | O_DIRECTORY | O_CLOEXEC)};
    int rc = git_odb_add_backend(odb, &loose->base, AS_PACKS);
    if (rc < 0)
        free_backend(&loose->base);
    const char *list = dhr_arena_printf(&arena, "%s/info/alternates", objects);
    if (depth < DEEPEST)
        (void)dhr_file_read(AT_FDCWD, list, ALTERNATES_MAX_BYTES, &arena, &text, &none);
    while (rc == 0 && dhr_str_line(&text, &line)) {
        const char *other = dhr_arena_printf(&arena, "%s/%.*s", objects, DHR_ARG(line));
        if (!line.len || line.ptr[0] == '#')
            continue;
        if (line.ptr[0] == '/')
            other = dhr_str_dup(&arena, line);
        else if (depth || line.ptr[0] != '.') /* libgit2 would begin at the current folder */
            rc = git_odb_add_disk_alternate(odb, other);
        rc = rc == 0 ? guard(odb, other, depth + 1) : rc;
    }
    dhr_arena_release(&arena);
    return rc;
}

int dhr_store_guard_odb(git_odb *odb, const char *objects)
{
    return guard(odb, objects, 0);
}

int dhr_store_open_odb(git_odb **odb, const char *objects)
{
    int rc = git_odb_open(odb, objects);
    return rc < 0 ? rc : dhr_store_guard_odb(*odb, objects);
}
