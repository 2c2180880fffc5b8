/* The end of an import: what was left out of its notes, and its commit message. */
#include <stdlib.h>
#include <string.h>

#include "dhrledger/message.h"
#include "page_internal.h"

enum { NAMED_RECORDS = 100 };

static void add_note(void *user, const char *sentence)
{
    struct dhr_import *import = user;
    import->notes[import->note_count++] = sentence;
}

void dhr_import_finish(struct dhr_import *import)
{
    const struct import_work *work = import->work;
    const char **reviews =
        dhr_arena_alloc(import->arena, (import->review_count + 1) * sizeof(*reviews));
    size_t first = work->known.count - import->review_count;
    for (size_t i = 0; i < import->review_count; i++)
        reviews[i] = dhr_str_dup(import->arena, work->known.items[first + i].id);
    import->reviews = reviews;
    import->note_count = 0;
    import_agencies_note_rest(&work->agencies, add_note, import);
}

/* "durham-2012: 46 recommendations, 9 agencies", "3 reviews: …" */
static const char *subject(const struct dhr_import *import)
{
    struct dhr_arena *arena = import->arena;
    const char *what = import->review_count == 1
                           ? import->reviews[0]
                           : dhr_arena_printf(arena, "%zu reviews", import->review_count);
    const char *agencies = import->new_agencies == 0
                               ? ""
                               : dhr_arena_printf(arena, ", %zu agenc%s", import->new_agencies,
                                                  import->new_agencies == 1 ? "y" : "ies");
    return dhr_arena_printf(arena, "import %s: %zu recommendation%s%s", what,
                            import->recommendations, import->recommendations == 1 ? "" : "s",
                            agencies);
}

/* "agencies/kmpt.ini" is kmpt. */
static struct dhr_str agency_of(const struct dhr_import_file *file)
{
    static const char folder[] = "agencies/";
    if (strncmp(file->path, folder, strlen(folder)) != 0)
        return (struct dhr_str){NULL, 0};
    const char *name = file->path + strlen(folder);
    return dhr_str_span(name, strcspn(name, "."));
}

void dhr_import_add_message(struct dhr_buf *out, const struct dhr_import *import, const char *why)
{
    size_t records = import->review_count + import->new_agencies;
    size_t named = 0;
    dhr_message_begin(out, subject(import), why);
    if (records > NAMED_RECORDS)
        dhr_buf_addf(out, "The first %d of %zu new reviews and agencies are named here.\n\n",
                     NAMED_RECORDS, records);
    for (size_t i = 0; i < import->review_count && named < NAMED_RECORDS; i++, named++)
        dhr_message_add_record(out, dhr_str_of(import->reviews[i]));
    for (size_t i = 0; i < import->file_count && named < NAMED_RECORDS; i++) {
        struct dhr_str id = agency_of(&import->files[i]);
        if (!id.len)
            continue;
        dhr_message_add_record(out, id);
        named++;
    }
}

void dhr_import_release(struct dhr_import *import)
{
    struct import_work *work = import->work;
    free(import->files);
    free(import->relied_on);
    if (work) {
        import_agencies_release(&work->agencies);
        dhr_map_release(&work->review_ids);
        dhr_map_release(&work->relied_on);
        known_release(&work->known);
    }
    free(work);
    *import = (struct dhr_import){0};
}
