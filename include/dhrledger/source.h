/*
 * Where a ledger's files are read from: a folder on disk, or the tree of a
 * revision. Code that walks a ledger takes a source, so that a work tree, any
 * revision and a bare repository read alike.
 *
 *     struct dhr_source *source = NULL;
 *     dhr_source_open_folder(&source, "/path/to/root", &err);
 *     dhr_source_open_revision(&source, repo, "HEAD~3", "", &err);
 *
 *     struct dhr_entry *entries;  size_t count;
 *     dhr_source_list(source, &arena, &entries, &count, &err);
 *
 *     struct dhr_reader *reader = NULL;            // one for each thread
 *     dhr_reader_open(&reader, source, &err);
 *     dhr_reader_read(reader, &entries[0], &arena, &bytes, &err);
 *
 *     // or folder by folder, on several threads:
 *     dhr_reader_list_top(reader, &arena, &top, &err);
 *     for (i = 0; i < top.count; i++)
 *         if (dhr_entry_holds_records(&top.items[i]))
 *             dhr_reader_list(reader, &top.items[i], &arena, &within[i], &err);
 *     dhr_entries_join(&top, within, &arena, &all);
 *
 *     dhr_reader_free(reader);
 *     dhr_source_free(source);
 *
 * Listing follows no symbolic link and never leaves the ledger's root.
 */
#ifndef DHRLEDGER_SOURCE_H
#define DHRLEDGER_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "dhrledger/err.h"
#include "dhrledger/mem.h"
#include "dhrledger/repo.h"
#include "dhrledger/str.h"

enum { DHR_RECORD_MAX_BYTES = 1024 * 1024 };

enum dhr_entry_kind {
    DHR_ENTRY_FILE,
    DHR_ENTRY_FOLDER,
    DHR_ENTRY_SYMLINK,
    DHR_ENTRY_OTHER /* a pipe, a socket, a device, a submodule */
};

struct dhr_entry {
    const char *path; /* from the ledger's root, with '/': "reviews/durham-2012/10.2.1.ini" */
    enum dhr_entry_kind kind;
    unsigned char object_id[20]; /* in a revision: the blob or tree; zero for a folder source */
    bool executable;             /* in a revision; for a folder see dhr_reader_executable */
};

struct dhr_entries {
    struct dhr_entry *items;
    size_t count;
};

struct dhr_source;
struct dhr_reader;

/* A folder on disk. `root` is copied. */
int dhr_source_open_folder(struct dhr_source **out, const char *root, struct dhr_err *err);

/*
 * The tree of a revision (any that git rev-parse takes). prefix is the ledger's
 * root inside the repository ("" or "sub/folder"). The repository must outlive
 * the source. Errors: DHR_UNREADABLE for a revision that isn't there; on an
 * unborn branch "HEAD" gives a source without entries, and so do no revision (NULL)
 * and one from before there was such a folder.
 */
int dhr_source_open_revision(struct dhr_source **out, struct dhr_repo *repo, const char *revision,
                             const char *prefix, struct dhr_err *err);

/* Let dhr_reader_executable tell of a folder's files; repo is the one that the folder is in. */
void dhr_source_watch_modes(struct dhr_source *source, struct dhr_repo *repo);

/*
 * What is staged: the index that git uses here, which inside of "git commit FILE" is another
 * than .git/index. Nothing is written. DHR_CONFLICT while it holds a merge that isn't resolved.
 */
int dhr_source_open_index(struct dhr_source **out, struct dhr_repo *repo, const char *prefix,
                          struct dhr_err *err);

/*
 * Everything that the ledger's folders hold, sorted by path in byte order:
 * ".dhrledger.ini", "agencies", the entries of agencies/, "reviews", the
 * entries of reviews/ and, below each of its folders, one level more. Files
 * and folders whose name begins with a dot are left out (git keeps its own
 * there, editors their swap files), except ".dhrledger.ini". The entries and
 * their paths live in the arena. A folder that is deeper than a ledger goes is
 * listed as DHR_ENTRY_FOLDER, and not entered. A folder that can't be opened is
 * an error.
 */
int dhr_source_list(struct dhr_source *source, struct dhr_arena *arena, struct dhr_entry **entries,
                    size_t *count, struct dhr_err *err);

/*
 * Whether dhr_source_list would have an entry at this path, no deeper than a ledger
 * goes, without the listing. True also where that can't be seen (a folder without
 * permission, or something else in its place), so that reading it says why.
 */
bool dhr_source_has(struct dhr_source *source, const char *path);

/*
 * The entry at a path of a revision or of the index, which borrows `path`; entry->path is NULL
 * where there is none. DHR_UNREADABLE where a folder on the way is damaged: nobody knows then.
 */
int dhr_source_entry(struct dhr_source *source, const char *path, struct dhr_entry *entry,
                     struct dhr_err *err);

/* A thread's own way to read files: it owns its handles. The source must outlive it. */
int dhr_reader_open(struct dhr_reader **out, struct dhr_source *source, struct dhr_err *err);

/*
 * The same listing in parts. The top is everything but what the folders of records
 * hold: agencies/ and each folder in reviews/. The contents of such a folder can be
 * read at once afterwards by the same reader, which keeps it open. All are sorted by
 * path in byte order.
 */
int dhr_reader_list_top(struct dhr_reader *reader, struct dhr_arena *arena, struct dhr_entries *top,
                        struct dhr_err *err);
bool dhr_entry_holds_records(const struct dhr_entry *top_entry);
int dhr_reader_list(struct dhr_reader *reader, const struct dhr_entry *folder,
                    struct dhr_arena *arena, struct dhr_entries *within, struct dhr_err *err);

/* The whole listing of its parts: within[i] is what top->items[i] holds. */
void dhr_entries_join(const struct dhr_entries *top, const struct dhr_entries *within,
                      struct dhr_arena *arena, struct dhr_entries *all);

/*
 * The bytes of a file (NUL-terminated in the arena), of at most
 * DHR_RECORD_MAX_BYTES. Errors are DHR_FOUND for a larger one, otherwise
 * DHR_UNREADABLE, with the path in the sentence.
 */
int dhr_reader_read(struct dhr_reader *reader, const struct dhr_entry *entry,
                    struct dhr_arena *arena, struct dhr_str *bytes, struct dhr_err *err);

/*
 * Whether the file that was read last may be run as a program. Never where that isn't known: a
 * folder that isn't watched, or in which git's core.fileMode says that such bits mean nothing.
 */
bool dhr_reader_executable(const struct dhr_reader *reader);

void dhr_reader_free(struct dhr_reader *reader);
void dhr_source_free(struct dhr_source *source);

#endif
