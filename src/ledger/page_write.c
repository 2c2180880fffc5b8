#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "dhrledger/map.h"
#include "dhrledger/page_import.h"

/* Something that goes to its place in one step: an agency's file, or a review's folder. */
struct piece {
    const char *draft;
    const char *place;
    bool folder;
};

struct writing {
    const struct dhr_import *import;
    int root;
    const char *draft; /* a folder that no reader looks into, until all is complete */
    struct piece *pieces;
    size_t piece_count, piece_capacity;
    size_t moved; /* pieces that are at their place */
    struct dhr_arena arena;
};

/* "reviews/.import.4711~/durham-2012/3.ini", without the folder that says what it is. */
static const char *draft_of(struct writing *w, const char *path)
{
    return dhr_arena_printf(&w->arena, "%s/%s", w->draft, path);
}

/* Agencies go first, so that no review is there without them. */
static void find_pieces(struct writing *w)
{
    static const char reviews[] = "reviews/";
    struct dhr_map seen = {0};
    for (int folders = 0; folders < 2; folders++) {
        for (size_t i = 0; i < w->import->file_count; i++) {
            const char *path = w->import->files[i].path;
            bool folder = strncmp(path, reviews, strlen(reviews)) == 0;
            size_t len = folder ? (size_t)(strrchr(path, '/') - path) : strlen(path);
            const char *place = dhr_arena_dup(&w->arena, path, len);
            if (folder != (folders == 1) || !dhr_map_add(&seen, dhr_str_of(place), 0))
                continue;
            *DHR_PUSH(w->pieces, w->piece_count, w->piece_capacity) =
                (struct piece){draft_of(w, place), place, folder};
        }
    }
    dhr_map_release(&seen);
}

static int make_folders(struct writing *w, struct dhr_err *err)
{
    if (dhr_file_mkdir(w->root, "agencies", err) < 0 ||
        dhr_file_mkdir(w->root, "reviews", err) < 0 || dhr_file_mkdir(w->root, w->draft, err) < 0 ||
        dhr_file_mkdir(w->root, draft_of(w, "agencies"), err) < 0 ||
        dhr_file_mkdir(w->root, draft_of(w, "reviews"), err) < 0)
        return -1;
    for (size_t i = 0; i < w->piece_count; i++) {
        if (w->pieces[i].folder && dhr_file_mkdir(w->root, w->pieces[i].draft, err) < 0)
            return -1;
    }
    return 0;
}

/* Never over anything: also where a file came into being meanwhile. */
static int move(const struct writing *w, const struct piece *piece, struct dhr_err *err)
{
    struct stat st;
    int rc = renameat2(w->root, piece->draft, w->root, piece->place, RENAME_NOREPLACE);
    if (rc != 0 && (errno == EINVAL || errno == ENOSYS)) { /* not every file system can */
        errno = EEXIST;
        if (fstatat(w->root, piece->place, &st, AT_SYMLINK_NOFOLLOW) != 0)
            rc = renameat(w->root, piece->draft, w->root, piece->place);
    }
    if (rc == 0)
        return 0;
    if (errno == EEXIST || errno == ENOTEMPTY)
        return dhr_fail(err, DHR_CONFLICT,
                        "%s: is there already, and is never overwritten; nothing was written, so "
                        "move it out of the way and try again",
                        piece->place);
    return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be made; nothing was written", piece->place);
}

static int write_all(struct writing *w, struct dhr_err *err)
{
    struct dhr_err why = {0};
    find_pieces(w);
    if (make_folders(w, err) < 0)
        return -1;
    for (size_t i = 0; i < w->import->file_count; i++) {
        const struct dhr_import_file *file = &w->import->files[i];
        if (dhr_file_create(w->root, draft_of(w, file->path), file->bytes, 0666, NULL, &why) < 0)
            return dhr_fail(err, why.status, "%s; nothing was written",
                            why.text + strlen(w->draft) + 1); /* named by its own path */
    }
    /* All at once: each file by itself takes a hundred times as long. */
    if (dhr_file_sync_all(w->root, "reviews", &why) < 0)
        return dhr_fail(err, why.status, "%s; nothing was written", why.text);
    for (; w->moved < w->piece_count; w->moved++) {
        if (move(w, &w->pieces[w->moved], err) < 0)
            return -1;
    }
    return 0;
}

/* Take back what was moved, then remove the draft: all that this import has made, nothing else. */
static void remove_draft(struct writing *w)
{
    for (size_t i = w->moved; i-- > 0;)
        (void)renameat(w->root, w->pieces[i].place, w->root, w->pieces[i].draft);
    for (size_t i = 0; i < w->import->file_count; i++)
        (void)unlinkat(w->root, draft_of(w, w->import->files[i].path), 0);
    for (size_t i = 0; i < w->piece_count; i++) {
        if (w->pieces[i].folder)
            (void)unlinkat(w->root, w->pieces[i].draft, AT_REMOVEDIR);
    }
}

int dhr_import_write(const struct dhr_import *import, const char *root_path, struct dhr_err *err)
{
    struct writing w = {.import = import};
    sigset_t set;
    sigset_t before;
    w.root = open(root_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (w.root < 0)
        return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be opened", root_path);
    w.draft = dhr_arena_printf(&w.arena, "reviews/.import.%ld~", (long)getpid());
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &set, &before); /* an interrupt waits until all is written */
    int rc = write_all(&w, err);
    if (rc < 0)
        remove_draft(&w);
    (void)unlinkat(w.root, draft_of(&w, "agencies"), AT_REMOVEDIR);
    (void)unlinkat(w.root, draft_of(&w, "reviews"), AT_REMOVEDIR);
    (void)unlinkat(w.root, w.draft, AT_REMOVEDIR);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)close(w.root);
    free(w.pieces);
    dhr_arena_release(&w.arena);
    return rc;
}
