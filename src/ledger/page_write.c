#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/file.h"
#include "dhrledger/map.h"
#include "dhrledger/page_import.h"
#include "dhrledger/staging.h"

/* Something that goes to its place in one step: an agency's file, or a review's folder. */
struct piece {
    const char *place;
    bool folder;
};

struct writing {
    const struct dhr_import *import;
    int root;
    struct dhr_staging staging; /* where each has its path, until all is complete */
    struct piece *pieces;
    size_t piece_count, piece_capacity;
    size_t moved; /* pieces that are at their place */
    struct dhr_arena arena;
};

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
            *DHR_PUSH(w->pieces, w->piece_count, w->piece_capacity) = (struct piece){place, folder};
        }
    }
    dhr_map_release(&seen);
}

static int make_folders(int at, struct dhr_err *err)
{
    if (dhr_file_mkdir(at, "agencies", err) < 0)
        return -1;
    return dhr_file_mkdir(at, "reviews", err);
}

static int make_review_folders(const struct writing *w, struct dhr_err *err)
{
    for (size_t i = 0; i < w->piece_count; i++) {
        if (w->pieces[i].folder && dhr_file_mkdir(w->staging.fd, w->pieces[i].place, err) < 0)
            return -1;
    }
    return 0;
}

static int move(const struct writing *w, const struct piece *piece, struct dhr_err *err)
{
    if (dhr_staging_move(&w->staging, piece->place, w->root, piece->place) == 0)
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
    if (make_folders(w->staging.fd, err) < 0 || make_review_folders(w, err) < 0)
        return -1;
    for (size_t i = 0; i < w->import->file_count; i++) {
        const struct dhr_import_file *file = &w->import->files[i];
        if (dhr_file_create(w->staging.fd, file->path, file->bytes, 0666, NULL, &why) < 0)
            return dhr_fail(err, why.status, "%s; nothing was written", why.text);
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

/* Back to where the end of the staging removes it: what this import has made, nothing else. */
static void take_back(const struct writing *w)
{
    for (size_t i = w->moved; i-- > 0;)
        (void)renameat(w->root, w->pieces[i].place, w->staging.fd, w->pieces[i].place);
}

/* In reviews/, since the root may be closed to who may write there. */
static int stage(struct writing *w, struct dhr_err *err)
{
    if (make_folders(w->root, err) < 0)
        return -1;
    int reviews = openat(w->root, "reviews", O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (reviews < 0)
        return dhr_fail_errno(err, DHR_SYSTEM, "reviews: can't be opened");
    int rc = dhr_staging_begin(&w->staging, reviews, err);
    if (rc == 0) {
        rc = write_all(w, err);
        if (rc < 0)
            take_back(w);
        dhr_staging_end(&w->staging);
    }
    (void)close(reviews);
    return rc;
}

int dhr_import_write(const struct dhr_import *import, const char *root_path, struct dhr_err *err)
{
    struct writing w = {.import = import};
    sigset_t set;
    sigset_t before;
    w.root = open(root_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (w.root < 0)
        return dhr_fail_errno(err, DHR_SYSTEM, "%s: can't be opened", root_path);
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGINT);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGHUP);
    (void)pthread_sigmask(SIG_BLOCK, &set, &before); /* an interrupt waits until all is written */
    int rc = stage(&w, err);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)close(w.root);
    free(w.pieces);
    dhr_arena_release(&w.arena);
    return rc;
}
