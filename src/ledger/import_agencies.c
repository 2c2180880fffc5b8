#include "import_agencies.h"

#include <stdlib.h>
#include <string.h>

#include "dhrledger/ident.h"
#include "dhrledger/ini.h"
#include "dhrledger/kinds.h"

void import_agencies_open(struct import_agencies *agencies)
{
    dhr_agency_index_add_ledger(&agencies->index, agencies->ledger);
    agencies->known_names = agencies->index.count;
}

static bool id_taken(const struct import_agencies *agencies, struct dhr_str id)
{
    if (dhr_ledger_agency(agencies->ledger, id))
        return true;
    for (size_t i = 0; i < agencies->made_count; i++) {
        if (dhr_str_eq(agencies->made[i].id, id))
            return true;
    }
    return false;
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
    for (unsigned n = 2; id_taken(agencies, dhr_str_of(id)); n++)
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
    if (!id.len || id_taken(agencies, id))
        id = free_id(agencies, name);
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

/* New names beside every other name: alike enough to be one body under two spellings. */
static void note_twins(const struct import_agencies *agencies, import_say_fn say, void *user)
{
    const struct dhr_agency_index *index = &agencies->index;
    for (size_t i = agencies->known_names; i < index->count; i++) {
        const struct dhr_agency_name *new = &index->items[i];
        for (size_t j = 0; j < i; j++) {
            const struct dhr_agency_name *other = &index->items[j];
            if (!dhr_str_eq(new->id, other->id) && dhr_names_near(new->folded, other->folded))
                say(user,
                    dhr_arena_printf(agencies->arena,
                                     "near-twins: \"%.*s\" and \"%.*s\"; if they are one body, "
                                     "make one name an alias of the other",
                                     DHR_ARG(other->name), DHR_ARG(new->name)));
        }
    }
}

void import_agencies_note(const struct import_agencies *agencies, import_say_fn say, void *user)
{
    for (size_t i = 0; i < agencies->made_count; i++) {
        const struct import_agency *made = &agencies->made[i];
        if (made->kind_unknown)
            say(user,
                dhr_arena_printf(agencies->arena,
                                 "warning: %s: no word in \"%.*s\" tells its kind; set kind by "
                                 "hand (\"dhrledger schema\" lists them)",
                                 made->path, DHR_ARG(made->name)));
    }
    note_twins(agencies, say, user);
}

void import_agencies_release(struct import_agencies *agencies)
{
    free(agencies->made);
    dhr_agency_index_release(&agencies->index);
}
