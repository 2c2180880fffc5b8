#include "push_text.h"

#include <string.h>

#include "guard.h"

/* A dhr_mend. */
static const char *mend_of(void *user, const char *path, struct dhr_str piece)
{
    (void)path;
    (void)piece;
    return ((const struct push_text *)user)->mend;
}

/* Read the settings and the agencies of a state, and no recommendation. */
static int read_state(struct push_text *text, struct dhr_source *source, struct dhr_ledger *ledger)
{
    struct cli *cli = text->cli;
    struct dhr_reader *reader = NULL;
    struct dhr_entries agencies = {NULL, 0};
    struct dhr_entry folder = {.path = NULL};
    struct dhr_entry settings = {.path = NULL};
    int rc = dhr_reader_open(&reader, source, &cli->err);
    if (rc == 0)
        rc = dhr_source_entry(source, ".dhrledger.ini", &settings, &cli->err);
    if (rc == 0)
        rc = dhr_source_entry(source, "agencies", &folder, &cli->err);
    if (rc == 0 && folder.path && folder.kind == DHR_ENTRY_FOLDER)
        rc = dhr_reader_list(reader, &folder, &cli->arena, &agencies, &cli->err);
    dhr_reader_free(reader);
    struct dhr_entry *entries =
        dhr_arena_alloc(&cli->arena, (agencies.count + 1) * sizeof(*entries));
    size_t count = agencies.count;
    if (count)
        memcpy(entries, agencies.items, count * sizeof(*entries));
    if (settings.path)
        entries[count++] = settings;
    return rc < 0 ? rc : dhr_ledger_load_part(ledger, source, entries, count, &cli->err);
}

/* The agencies' contacts may stand anywhere, and settings say what is an error. */
static int ask_tip(struct push_text *text)
{
    struct cli *cli = text->cli;
    struct dhr_source *source = NULL;
    struct dhr_ledger ledger = {.rest = NULL};
    text->asked = true;
    if (!text->tip[0])
        return 0;
    int rc = dhr_source_open_revision(&source, cli->repo, text->tip, cli->prefix, &cli->err);
    if (rc == 0)
        rc = read_state(text, source, &ledger);
    if (rc == 0) {
        dhr_guard_add_contacts(cli->guard, &ledger);
        text->settings = ledger.settings;
    }
    dhr_arena_take(&cli->arena, &ledger.arena); /* the guard borrows from it */
    dhr_ledger_release(&ledger);
    dhr_source_free(source);
    return rc;
}

static void look(struct push_text *text, const char *path, struct dhr_str bytes,
                 struct dhr_findings *found)
{
    const struct dhr_mend mend = {mend_of, text};
    dhr_check_text_made(path, bytes, DHR_TEXT_PROSE, (struct dhr_str){NULL, 0}, text->cli->guard,
                        &mend, found);
}

/* The tip is asked only where something is found. */
static void search(struct push_text *text, const char *path, struct dhr_str bytes)
{
    struct dhr_findings found = {0};
    if (text->rc == 0)
        text->rc = cli_guard(text->cli);
    if (text->rc == 0)
        look(text, path, bytes, &found);
    if (found.count && !text->asked) {
        text->rc = ask_tip(text);
        dhr_findings_release(&found);
        look(text, path, bytes, &found);
    }
    dhr_findings_regrade(&found, text->settings);
    dhr_findings_take(text->findings, &found);
}

int push_text_tags(struct push_text *text, const struct dhr_pushed *pushed)
{
    struct dhr_arena *arena = &text->cli->arena;
    for (size_t i = 0; i < pushed->tag_count; i++) {
        const char *name = pushed->tags[i].name;
        text->mend =
            dhr_arena_printf(arena, "and set the tag again with \"git tag -f -a %s\"", name);
        search(text, dhr_arena_printf(arena, "the message of the tag %s", name),
               dhr_str_of(pushed->tags[i].message));
    }
    return text->rc;
}

/* git spreads notes over folders by the first digits of what they are on. */
static const char *note_on(struct cli *cli, const char *path)
{
    char id[DHR_COMMIT_ID_SIZE] = "";
    size_t len = 0;
    for (; *path && len + 1 < sizeof(id); path++) {
        if (*path != '/')
            id[len++] = *path;
    }
    bool whole = !*path && len + 1 == sizeof(id) && strspn(id, "0123456789abcdef") == len;
    return whole ? dhr_arena_printf(&cli->arena, "the note on %.12s", id) : NULL;
}

/* A dhr_pushed_fn. */
static void search_file(void *user, const char *path, struct dhr_str bytes)
{
    struct push_text *text = user;
    struct cli *cli = text->cli;
    const char *shown = note_on(cli, path);
    if (!shown)
        shown = dhr_arena_printf(&cli->arena, "%s%s%s", text->ref, path[0] ? ":" : "", path);
    if (bytes.ptr)
        search(text, shown, bytes);
    else
        cli_note_plain(cli,
                       "dhrledger: %s is larger than %d bytes, so it was not searched for personal "
                       "data; look through it yourself",
                       shown, (int)DHR_RECORD_MAX_BYTES);
}

/* They are commits of their own: they are set back, and written anew. */
int push_text_notes(struct push_text *text, const struct dhr_pushed *pushed,
                    const struct dhr_range_commit *commits, size_t count)
{
    struct cli *cli = text->cli;
    const char *old = text->old_id;
    text->mend =
        dhr_arena_printf(&cli->arena, "and write it anew after \"git update-ref %s%s%s%.12s\"",
                         old[0] ? "" : "-d ", text->ref, old[0] ? " " : "", old);
    for (size_t i = 0; i < count; i++)
        search(text, dhr_arena_printf(&cli->arena, "the message of commit %.12s", commits[i].id),
               dhr_str_of(commits[i].message));
    int rc = dhr_pushed_walk(cli->repo, pushed, commits, count, search_file, text, &cli->err);
    return rc < 0 ? rc : text->rc;
}

int push_text_object(struct push_text *text, const struct dhr_pushed *pushed)
{
    struct cli *cli = text->cli;
    text->mend = "and set this again";
    int rc = dhr_pushed_walk(cli->repo, pushed, NULL, 0, search_file, text, &cli->err);
    return rc < 0 ? rc : text->rc;
}
