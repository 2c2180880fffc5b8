/*
 * What follows a commit: the work tree's files and the index. Nothing is taken
 * back from here on, since the commit is on the branch; each sentence says so.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "store_internal.h"

enum { MOST_NAMED = 3 };

/*
 * The file as the index shall remember it. It is looked at first and read after,
 * so that an edit in between can't pass for what was committed.
 */
static bool stat_written(int fd, const char *name, struct dhr_str bytes, struct stat *st)
{
    struct dhr_arena scratch = {0};
    struct dhr_err ignored = {0};
    struct dhr_str found = {NULL, 0};
    bool known = fstatat(fd, name, st, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(st->st_mode) &&
                 dhr_file_read(fd, name, bytes.len, &scratch, &found, &ignored) == 0 &&
                 dhr_str_eq(found, bytes);
    dhr_arena_release(&scratch);
    return known;
}

static int replace(struct dhr_writer *writer, const struct dhr_commit_file *file, struct stat *st,
                   bool *known, struct dhr_err *err)
{
    struct dhr_arena scratch = {0};
    struct dhr_str bytes = {NULL, 0};
    const char *name = NULL;
    mode_t mode = file->tip.mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0777 : 0666;
    int fd = -1;
    int rc = dhr_store_filter(writer->repo->git, file->path, GIT_FILTER_TO_WORKTREE,
                              file->wants_crlf, file->bytes, &scratch, &bytes, err);
    if (rc == 0)
        rc = dhr_store_make_parent(writer->root_fd, file->path, &fd, &name, err);
    if (rc == 0) {
        rc = writer->memory ? dhr_file_replace_unsynced(fd, name, bytes, mode, err)
                            : dhr_file_replace(fd, name, bytes, mode, err);
        if (rc < 0)
            dhr_store_name_path(err, file->path);
    }
    if (rc == 0)
        *known = stat_written(fd, name, bytes, st);
    if (fd >= 0)
        (void)close(fd);
    dhr_arena_release(&scratch);
    return rc;
}

static int delete_file(struct dhr_writer *writer, const char *path, struct dhr_err *err)
{
    const char *name = NULL;
    int fd = -1;
    if (dhr_store_open_parent(writer->root_fd, path, &fd, &name, err) < 0)
        return -1;
    int rc = 0;
    if (unlinkat(fd, name, 0) != 0)
        rc = dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be deleted", path);
    (void)close(fd);
    if (rc == 0)
        dhr_store_prune(writer->root_fd, path);
    return rc;
}

/* The same for a removed file, with the folders that it leaves empty. */
static int take_away(struct dhr_writer *writer, struct dhr_index_lock *index,
                     const struct dhr_commit_file *file, const char *id, struct dhr_err *err)
{
    struct dhr_err reason = {0};
    int rc = 0;
    if (dhr_store_compare_file(writer, file->path, &file->tip, &reason) < 0)
        rc = dhr_fail(err, DHR_CONFLICT,
                      "%s: was edited while commit %.12s removed it; the commit stands and the "
                      "file is left there, so add it again or delete it",
                      file->path, id);
    else if (delete_file(writer, file->path, &reason) < 0)
        rc = dhr_fail(err, DHR_SYSTEM, "%s; commit %.12s stands, so delete the file", reason.text,
                      id);
    if (dhr_index_drop(index, file->path) == 0)
        return rc;
    return dhr_fail(err, DHR_SYSTEM,
                    "%s: its index entry can't be removed (%s); commit %.12s stands, so run \"git "
                    "reset -q -- %s\"",
                    file->path, dhr_store_git_error(), id, file->path);
}

/* What was found before the commit must still hold, since nobody can lock a file. */
static int compare_again(struct dhr_writer *writer, const struct dhr_commit_file *file,
                         struct dhr_err *err)
{
    if (file->kind == DHR_CHANGE_ADD)
        return dhr_store_check_free(writer->root_fd, file->path, err);
    return dhr_store_compare_file(writer, file->path, &file->tip, err);
}

/* Without the file's particulars git looks into the file again. */
static int remember(struct dhr_index_lock *index, const struct dhr_commit_file *file,
                    const struct stat *st, const char *id, struct dhr_err *err)
{
    if (dhr_index_set(index, file->path, &file->blob_id, file->tip.mode, st) == 0)
        return 0;
    return dhr_fail(err, DHR_SYSTEM,
                    "%s: its index entry can't be changed (%s); commit %.12s stands, so run \"git "
                    "reset -q -- %s\"",
                    file->path, dhr_store_git_error(), id, file->path);
}

/* The work tree's file, unless somebody edited it since it was compared; then its index entry. */
static int update(struct dhr_writer *writer, struct dhr_index_lock *index,
                  const struct dhr_commit_file *file, const char *id, struct dhr_err *err)
{
    struct dhr_err reason = {0};
    struct stat st;
    bool known = false;
    if (file->kind == DHR_CHANGE_REMOVE)
        return take_away(writer, index, file, id, err);
    int rc = compare_again(writer, file, &reason);
    if (rc < 0) {
        (void)dhr_fail(err, DHR_CONFLICT,
                       "%s: was edited while commit %.12s was made; the commit stands and the edit "
                       "is left in the file, so bring the two together by hand (\"git diff %s\")",
                       file->path, id, file->path);
    } else {
        rc = replace(writer, file, &st, &known, &reason);
        if (rc < 0)
            (void)dhr_fail(err, DHR_SYSTEM, "%s; commit %.12s stands, so run \"git restore %s\"",
                           reason.text, id, file->path);
    }
    return remember(index, file, known ? &st : NULL, id, err) < 0 ? -1 : rc;
}

/* The first files, which make a folder of their own; *done is 0 where they don't. */
static int update_folder(struct dhr_writer *writer, struct dhr_index_lock *index,
                         const struct dhr_commit_file *files, size_t count, struct stat *stats,
                         size_t *done, const char *id, struct dhr_err *err)
{
    struct dhr_err reason = {0};
    bool known = dhr_store_write_fresh(writer, files, count, stats, done, &reason) == 0;
    int rc = 0;
    if (*done && !known)
        rc = dhr_fail(err, DHR_SYSTEM, "%s; commit %.12s stands, so run \"git restore %.*s\"",
                      reason.text, id, (int)(strrchr(files[0].path, '/') - files[0].path),
                      files[0].path);
    for (size_t i = 0; i < *done; i++) {
        if (remember(index, &files[i], known ? &stats[i] : NULL, id, err) < 0)
            rc = -1;
    }
    return rc;
}

/* The first files that belong together, or the first one; *done: how many they were. */
static int update_next(struct dhr_writer *writer, struct dhr_index_lock *index,
                       const struct dhr_commit_file *files, size_t count, struct stat *stats,
                       size_t *done, const char *id, struct dhr_err *err)
{
    int rc = update_folder(writer, index, files, count, stats, done, id, err);
    if (*done)
        return rc;
    *done = 1;
    return update(writer, index, files, id, err);
}

/* The commands by which the index comes to know the commit: a few paths are what a sentence holds.
 */
static void add_reset(struct dhr_buf *out, const struct dhr_commit_file *files, size_t count,
                      const char *id)
{
    dhr_buf_adds(out, "\"git reset -q --");
    for (size_t i = 0; i < count && i < MOST_NAMED; i++)
        dhr_buf_addf(out, " %s", files[i].path);
    dhr_buf_adds(out, "\"");
    if (count > MOST_NAMED)
        dhr_buf_addf(out, ", and the same for %zu more that \"git show --stat %.12s\" lists",
                     count - MOST_NAMED, id);
}

int dhr_store_update_files(struct dhr_writer *writer, struct dhr_index_lock *index,
                           const struct dhr_commit_file *files, size_t count,
                           const git_oid *commit_id, struct dhr_err *err)
{
    char id[DHR_COMMIT_ID_SIZE];
    struct dhr_err reason = {0};
    struct stat *stats = dhr_realloc(NULL, (count + 1) * sizeof(*stats));
    size_t done = 0;
    int rc = 0;
    (void)git_oid_tostr(id, sizeof(id), commit_id);
    /* Without one each file is written by itself, which takes longer. */
    bool staged =
        writer->memory && dhr_staging_begin(&writer->staging, writer->root_fd, &reason) == 0;
    for (size_t i = 0; i < count; i += done) {
        if (update_next(writer, index, files + i, count - i, stats, &done, id, &reason) < 0 &&
            rc == 0) {
            *err = reason;
            rc = -1;
        }
    }
    if (staged)
        dhr_staging_end(&writer->staging);
    free(stats);
    /* The commit is safe by now, and git restore would bring back what a power cut emptied. */
    if (writer->memory && dhr_file_sync_all(writer->root_fd, "the work tree", &reason) < 0 &&
        rc == 0)
        rc = dhr_fail(err, DHR_SYSTEM, "%s; commit %.12s stands, so look with \"git status\"",
                      reason.text, id);
    if (dhr_index_write(index, &reason) == 0)
        return rc;
    struct dhr_buf reset = {0};
    add_reset(&reset, files, count, id);
    (void)dhr_fail(err, DHR_CONFLICT, "%s; commit %.12s stands, so run %s", reason.text, id,
                   reset.ptr);
    dhr_buf_release(&reset);
    return -1;
}
