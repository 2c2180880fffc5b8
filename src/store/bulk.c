/*
 * The objects of a large commit as one pack. As loose objects each is a file that is
 * synced, and its folder too: minutes for twenty thousand. So from a hundred files on,
 * as with git's fetch.unpackLimit, they wait in memory, and a pack of them (of thousands,
 * two at a time) is written and synced before the branch moves.
 */
#include <stdlib.h>
#include <string.h>

#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>

#include "dhrledger/parallel.h"
#include "store_internal.h"

enum { BEFORE_OTHERS = 1000, PIECE_BYTES = 1024 * 1024, MANY_OBJECTS = 2000, MOST_PACKS = 2 };

int dhr_store_begin_objects(struct dhr_writer *writer, size_t files)
{
    git_odb_backend *memory = NULL;
    if (writer->memory || files < DHR_MANY_FILES)
        return 0;
    int rc = git_mempack_new(&memory);
    if (rc == 0)
        rc = git_odb_add_backend(writer->odb, memory, BEFORE_OTHERS);
    if (rc == 0)
        writer->memory = memory; /* the database owns it now */
    else if (memory)
        memory->free(memory);
    return rc;
}

static int look_for(struct dhr_writer *writer, const struct dhr_object *object)
{
    git_object_t type = GIT_OBJECT_INVALID;
    size_t len = 0;
    int rc = git_odb_read_header(&len, &type, writer->odb, &object->id);
    return rc == 0 && type == object->type ? 0 : -1;
}

int dhr_store_check_object(struct dhr_writer *writer, const git_oid *id, git_object_t wanted)
{
    const struct dhr_object object = {*id, wanted};
    *DHR_PUSH(writer->objects, writer->object_count, writer->object_capacity) = object;
    return look_for(writer, &object);
}

/* git_odb_write would look for each on disk first, and read the packs' folder anew each time. */
int dhr_store_write_object(struct dhr_writer *writer, git_oid *id, struct dhr_str bytes,
                           git_object_t type)
{
    git_odb_backend *memory = writer->memory;
    const char *data = bytes.len ? bytes.ptr : "";
    int rc = memory ? git_odb_hash(id, data, bytes.len, type)
                    : git_odb_write(id, writer->odb, data, bytes.len, type);
    if (rc == 0 && memory)
        rc = memory->write(memory, id, data, bytes.len, type);
    return rc == 0 ? dhr_store_check_object(writer, id, type) : rc;
}

/*
 * Some of the objects as a pack, written by a thread of its own. git_packbuilder_write would
 * hand them to the indexer in pieces of a few hundred bytes, and it maps the pack for each.
 */
struct pack {
    git_repository *git;
    const struct dhr_object *objects;
    size_t count;
    git_indexer *indexer;
    git_indexer_progress progress;
    struct dhr_buf pending;
    int rc;
    char *why; /* libgit2 keeps the last error of each thread apart */
};

static int flush(struct pack *pack)
{
    int rc =
        git_indexer_append(pack->indexer, pack->pending.ptr, pack->pending.len, &pack->progress);
    pack->pending.len = 0;
    return rc;
}

static int add_piece(void *bytes, size_t len, void *user)
{
    struct pack *pack = user;
    dhr_buf_add(&pack->pending, bytes, len);
    return pack->pending.len < PIECE_BYTES ? 0 : flush(pack);
}

static int open_indexer(struct pack *pack)
{
    git_buf objects = GIT_BUF_INIT;
    struct dhr_buf folder = {0};
    int rc = git_repository_item_path(&objects, pack->git, GIT_REPOSITORY_ITEM_OBJECTS);
    if (rc == 0) {
        dhr_buf_addf(&folder, "%s/pack", objects.ptr);
        rc = git_indexer_new(&pack->indexer, folder.ptr, 0, NULL, NULL);
    }
    git_buf_dispose(&objects);
    dhr_buf_release(&folder);
    return rc;
}

static void write_pack(void *user)
{
    struct pack *pack = user;
    git_packbuilder *builder = NULL;
    int rc = git_packbuilder_new(&builder, pack->git);
    for (size_t i = 0; rc == 0 && i < pack->count; i++)
        rc = git_packbuilder_insert(builder, &pack->objects[i].id, NULL);
    if (rc == 0)
        rc = open_indexer(pack);
    if (rc == 0)
        rc = git_packbuilder_foreach(builder, add_piece, pack);
    if (rc == 0)
        rc = flush(pack);
    if (rc == 0)
        rc = git_indexer_commit(pack->indexer, &pack->progress);
    if (rc < 0)
        pack->why = strdup(dhr_store_git_error());
    pack->rc = rc;
    git_indexer_free(pack->indexer);
    git_packbuilder_free(builder);
    dhr_buf_release(&pack->pending);
}

/* Two where there is enough to do: more of them would make reading slower, until "git gc". */
static int write_packs(const struct dhr_writer *writer)
{
    struct pack packs[MOST_PACKS] = {0};
    bool many = writer->object_count >= MANY_OBJECTS;
    size_t count = dhr_thread_count(many ? MOST_PACKS : 1);
    size_t share = (writer->object_count + count - 1) / count;
    int rc = 0;
    for (size_t i = 0; i < count; i++) {
        size_t first = i * share;
        size_t left = writer->object_count - first;
        packs[i] = (struct pack){.git = writer->repo->git,
                                 .objects = writer->objects + first,
                                 .count = left < share ? left : share};
    }
    dhr_run_workers(packs, count, sizeof(*packs), write_pack);
    for (size_t i = 0; i < count; i++) {
        if (packs[i].rc < 0) {
            git_error_set_str(GIT_ERROR_ODB, packs[i].why ? packs[i].why : "no memory");
            rc = packs[i].rc;
        }
        free(packs[i].why);
    }
    return rc;
}

static int end_pack(struct dhr_writer *writer)
{
    int rc = dhr_store_add_pack_settings(writer->repo->git);
    if (rc == 0)
        rc = write_packs(writer);
    /* From here on only what is on disk counts. */
    if (rc == 0)
        rc = git_mempack_reset(writer->memory);
    if (rc == 0)
        rc = git_odb_refresh(writer->odb);
    for (size_t i = 0; rc == 0 && i < writer->object_count; i++)
        rc = look_for(writer, &writer->objects[i]);
    return rc;
}

int dhr_store_end_objects(struct dhr_writer *writer)
{
    int rc = writer->memory ? end_pack(writer) : 0;
    for (size_t i = 0; !writer->memory && i < writer->object_count; i++)
        dhr_store_share_object(&writer->sharing, &writer->objects[i].id);
    writer->object_count = 0;
    return rc;
}
