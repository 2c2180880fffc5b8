#include "import_agencies.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/kinds.h"
#include "dhrledger/utf8.h"

void import_take_names(struct dhr_map *names, const struct dhr_ledger *ledger, const char *folder,
                       const char *end, struct dhr_arena *arena)
{
    size_t len = strlen(folder);
    struct dhr_buf folded = {0};
    for (size_t i = 0; i < ledger->entry_count; i++) {
        const char *path = ledger->entries[i].path;
        if (strncmp(path, folder, len) != 0)
            continue;
        dhr_buf_clear(&folded);
        dhr_utf8_add_folded(&folded, dhr_str_span(path + len, strcspn(path + len, end)));
        const char *key = dhr_arena_dup(arena, dhr_buf_cstr(&folded), folded.len);
        (void)dhr_map_add(names, dhr_str_of(key), 0);
    }
    dhr_buf_release(&folded);
}

void import_agencies_open(struct import_agencies *agencies, const struct dhr_ledger *ledger,
                          struct dhr_arena *arena)
{
    *agencies = (struct import_agencies){.ledger = ledger, .arena = arena};
    dhr_agency_index_add_ledger(&agencies->index, ledger);
    import_take_names(&agencies->ids, ledger, "agencies/", ".", arena);
    import_alike_learn(agencies);
}

/* A slug that nobody has yet: durham, durham-2, durham-3. */
static struct dhr_str free_id(const struct import_agencies *agencies, struct dhr_str name)
{
    enum { SUFFIX_BYTES = 4 };
    struct dhr_arena *arena = agencies->arena;
    const char *id = dhr_ident_slug(arena, name, DHR_ID_MAX_BYTES);
    if (dhr_ident_reserved(dhr_str_of(id)))
        id = dhr_arena_printf(arena, "%s-agency", id);
    const char *stem = dhr_ident_slug(arena, dhr_str_of(id), DHR_ID_MAX_BYTES - SUFFIX_BYTES);
    for (unsigned n = 2; dhr_map_find(&agencies->ids, dhr_str_of(id), NULL); n++)
        id = dhr_arena_printf(arena, "%s-%u", stem, n);
    return dhr_str_of(id);
}

struct dhr_str import_agency_make(struct import_agencies *agencies, struct dhr_str name,
                                  struct dhr_str id)
{
    struct dhr_buf bytes = {0};
    const char *kind = dhr_kind_of_name(name);
    const struct dhr_ini_pair pairs[] = {{DHR_KEY_AGENCY_NAME, name},
                                         {DHR_KEY_AGENCY_KIND, dhr_str_of(kind)}};
    if (!id.len || dhr_map_find(&agencies->ids, id, NULL))
        id = free_id(agencies, name);
    (void)dhr_map_add(&agencies->ids, id, 0);
    (void)dhr_map_add(&agencies->made_ids, id, 0);
    dhr_ini_add_section(&bytes, DHR_SECTION_AGENCY, (struct dhr_str){NULL, 0}, 0, pairs, 2);
    const char *copy = dhr_arena_dup(agencies->arena, dhr_buf_cstr(&bytes), bytes.len);
    *DHR_PUSH(agencies->made, agencies->made_count, agencies->made_capacity) =
        (struct import_agency){
            .id = id,
            .name = name,
            .path = dhr_arena_printf(agencies->arena, "agencies/%.*s.ini", DHR_ARG(id)),
            .bytes = dhr_str_span(copy, bytes.len),
            .kind_unknown = strcmp(kind, "unknown") == 0};
    dhr_buf_release(&bytes);
    dhr_agency_index_add(&agencies->index, name, id);
    return id;
}

struct dhr_str import_agency_of(struct import_agencies *agencies, struct dhr_str name)
{
    struct dhr_str id = dhr_agency_index_find(&agencies->index, name);
    return id.len ? id : import_agency_make(agencies, name, id);
}

bool import_agency_has(const struct import_agencies *agencies, struct dhr_str id)
{
    return dhr_ledger_agency(agencies->ledger, id) || dhr_map_find(&agencies->made_ids, id, NULL);
}

void import_agencies_note(struct import_agencies *agencies, import_say_fn say, void *user)
{
    for (; agencies->noted < agencies->made_count; agencies->noted++) {
        const struct import_agency *made = &agencies->made[agencies->noted];
        if (made->kind_unknown && agencies->kinds++ < NOTES_SHOWN)
            say(user,
                dhr_arena_printf(agencies->arena,
                                 "warning: %s: no word in \"%.*s\" tells its kind; set kind by "
                                 "hand (\"dhrledger schema\" lists them)",
                                 made->path, DHR_ARG(made->name)));
    }
    import_alike_note_twins(agencies, say, user);
}

static void note_rest(struct dhr_arena *arena, size_t notes, const char *what, import_say_fn say,
                      void *user)
{
    if (notes > NOTES_SHOWN)
        say(user, dhr_arena_printf(arena, "%zu more %s", notes - NOTES_SHOWN, what));
}

void import_agencies_note_rest(const struct import_agencies *agencies, import_say_fn say,
                               void *user)
{
    note_rest(agencies->arena, agencies->kinds,
              "new agencies are of unknown kind; \"grep -l 'kind = unknown' agencies/*\" names "
              "them all",
              say, user);
    note_rest(agencies->arena, agencies->twins,
              "pairs of names are near-twins; \"dhrledger agencies\" lists all names", say, user);
    note_rest(agencies->arena, agencies->variants,
              "names in the texts differ by a word from an agency's, and are not shown", say, user);
}

void import_agencies_release(struct import_agencies *agencies)
{
    free(agencies->made);
    dhr_agency_index_release(&agencies->index);
    dhr_map_release(&agencies->ids);
    dhr_map_release(&agencies->made_ids);
    import_alike_release(&agencies->alike);
}
