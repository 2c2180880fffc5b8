#include "range_mend.h"

#include <stdlib.h>
#include <string.h>

enum { SUBJECT_MOST = 60 };

/* So many bytes of versions are looked at in all: a file may hold any number of pieces. */
enum { LOOKED_MOST = 256 * 1024 * 1024 };

void range_mend_init(struct range_mend *mend, const struct range_changes *c,
                     struct dhr_reader *reader)
{
    *mend = (struct range_mend){.c = c, .reader = reader};
    for (size_t i = 0; i < c->commit_count; i++)
        mend->merges = mend->merges || c->commits[i].parent_count > 1;
}

static int by_path(const void *path, const void *touched)
{
    return strcmp(path, ((const struct dhr_touched *)touched)->path);
}

static const struct dhr_touched *touched_at(const struct range_mend *mend, const char *path)
{
    const struct range_changes *c = mend->c;
    return bsearch(path, c->touched, c->touched_count, sizeof(*c->touched), by_path);
}

void range_mend_add(struct range_mend *mend, const struct dhr_added *added)
{
    const struct dhr_touched *touched = touched_at(mend, added->entry.path);
    if (!touched)
        return;
    struct range_version *version = DHR_PUSH(mend->versions, mend->count, mend->capacity);
    *version = (struct range_version){touched, added->commit, added->entry};
    version->entry.path = touched->path;
}

static void read_version(struct range_mend *mend, const struct range_version *version)
{
    struct dhr_err ignored = {0};
    dhr_arena_clear(&mend->arena);
    mend->read = version;
    mend->from = 0;
    if (version->entry.kind != DHR_ENTRY_FILE ||
        dhr_reader_read(mend->reader, &version->entry, &mend->arena, &mend->text, &ignored) < 0)
        mend->text = (struct dhr_str){"", 0};
    mend->looked += mend->text.len;
}

/* Pieces are asked for in their order, so the next one mostly stands behind the last. */
static bool holds(struct range_mend *mend, const struct range_version *version,
                  struct dhr_str piece)
{
    if (!piece.len)
        return true;
    if (mend->read != version)
        read_version(mend, version);
    struct dhr_str rest = dhr_str_after(mend->text, mend->from);
    const char *at = rest.len ? memmem(rest.ptr, rest.len, piece.ptr, piece.len) : NULL;
    mend->looked += at ? (size_t)(at - rest.ptr) : rest.len;
    if (!at && mend->from) {
        at = memmem(mend->text.ptr, mend->text.len, piece.ptr, piece.len);
        mend->looked += mend->text.len;
    }
    if (at)
        mend->from = (size_t)(at - mend->text.ptr);
    return at != NULL;
}

const char *range_mend_file(struct range_mend *mend, const char *path, struct dhr_str piece)
{
    const struct range_changes *c = mend->c;
    const struct dhr_touched *touched = touched_at(mend, path);
    if (c->range->staged || !c->commit_count)
        return NULL;
    if (c->commit_count == 1)
        return range_mend_commit(mend, &c->commits[0], false);
    for (size_t i = 0; i < mend->count && mend->looked < LOOKED_MOST; i++) {
        if (mend->versions[i].touched == touched && holds(mend, &mend->versions[i], piece))
            return range_mend_commit(mend, mend->versions[i].commit, false);
    }
    return "in the commit that brought it in, with \"git rebase -i\"";
}

/* "(Subject)", or nothing where that says what must not be repeated. */
static struct dhr_str subject_of(const struct range_mend *mend,
                                 const struct dhr_range_commit *commit)
{
    struct dhr_str rest = dhr_str_of(commit->message);
    struct dhr_str subject = {NULL, 0};
    struct dhr_private found;
    (void)dhr_str_line(&rest, &subject);
    subject = dhr_str_trim(subject);
    struct dhr_privacy_scan scan = {
        .text = subject, .kind = DHR_TEXT_PROSE, .guard = mend->c->range->guard};
    if (dhr_privacy_next(&scan, &found))
        subject.len = 0;
    return subject;
}

static void add_subject(struct dhr_buf *out, struct dhr_str subject)
{
    size_t len = subject.len < SUBJECT_MOST ? subject.len : SUBJECT_MOST;
    while (len < subject.len && len && (subject.ptr[len] & 0xC0) == 0x80)
        len--;
    if (len)
        dhr_buf_addf(out, " (%.*s%s)", (int)len, subject.ptr, len < subject.len ? "…" : "");
}

/* The newest commit is amended, an older one is reached by a rebase, which merges make harder. */
const char *range_mend_commit(const struct range_mend *mend, const struct dhr_range_commit *commit,
                              bool message)
{
    const struct range_changes *c = mend->c;
    struct dhr_buf text = {0};
    if (!commit->id[0])
        return NULL;
    dhr_buf_addf(&text, "in commit %.12s", commit->id);
    add_subject(&text, subject_of(mend, commit));
    if (commit == &c->commits[0])
        dhr_buf_addf(&text, ", with \"git commit %s--amend\"", message ? "" : "-a ");
    else if (commit->parent_count)
        dhr_buf_addf(&text, ", with \"git rebase -i %s%.12s~1\" and \"%s\" on its line",
                     mend->merges ? "-r " : "", commit->id, message ? "reword" : "edit");
    else
        dhr_buf_addf(&text, ", with \"git rebase -i %s--root\" and \"%s\" on its line",
                     mend->merges ? "-r " : "", message ? "reword" : "edit");
    const char *copy = dhr_arena_dup(c->arena, dhr_buf_cstr(&text), text.len);
    dhr_buf_release(&text);
    return copy;
}

void range_mend_release(struct range_mend *mend)
{
    free(mend->versions);
    dhr_arena_release(&mend->arena);
}
