#include "dhrledger/mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "dhrledger/err.h"

enum { BLOCK_BYTES = 64 * 1024 };

struct dhr_arena_block {
    struct dhr_arena_block *next;
    size_t used;
    size_t size;
    alignas(max_align_t) char data[];
};

void dhr_out_of_memory(void)
{
    static const char text[] = "dhrledger: out of memory; nothing was changed\n";
    ssize_t ignored = write(STDERR_FILENO, text, sizeof(text) - 1);
    (void)ignored;
    _exit(DHR_SYSTEM);
}

void *dhr_realloc(void *ptr, size_t size_bytes)
{
    void *grown = realloc(ptr, size_bytes);
    if (!grown)
        dhr_out_of_memory();
    return grown;
}

void *dhr_arena_alloc(struct dhr_arena *arena, size_t size_bytes)
{
    const size_t align = alignof(max_align_t);
    if (size_bytes > SIZE_MAX / 2)
        dhr_out_of_memory();
    size_t need = (size_bytes + align - 1) / align * align;
    struct dhr_arena_block *block = arena->head;
    if (!block || block->size - block->used < need) {
        size_t size = need > BLOCK_BYTES / 4 ? need : BLOCK_BYTES;
        block = dhr_realloc(NULL, sizeof(*block) + size);
        block->used = 0;
        block->size = size;
        /* A large piece gets a block of its own, behind the one still filling up. */
        if (size == need && arena->head) {
            block->next = arena->head->next;
            arena->head->next = block;
        } else {
            block->next = arena->head;
            arena->head = block;
        }
    }
    void *piece = block->data + block->used;
    block->used += need;
    return piece;
}

void *dhr_arena_zalloc(struct dhr_arena *arena, size_t size_bytes)
{
    return memset(dhr_arena_alloc(arena, size_bytes), 0, size_bytes);
}

char *dhr_arena_dup(struct dhr_arena *arena, const char *text, size_t len_bytes)
{
    char *copy = dhr_arena_alloc(arena, len_bytes + 1);
    if (len_bytes)
        memcpy(copy, text, len_bytes);
    copy[len_bytes] = '\0';
    return copy;
}

void dhr_arena_release(struct dhr_arena *arena)
{
    struct dhr_arena_block *block = arena->head;
    while (block) {
        struct dhr_arena_block *next = block->next;
        free(block);
        block = next;
    }
    arena->head = NULL;
}

void dhr_arena_clear(struct dhr_arena *arena)
{
    if (!arena->head)
        return;
    struct dhr_arena rest = {arena->head->next};
    dhr_arena_release(&rest);
    arena->head->next = NULL;
    arena->head->used = 0;
}

void dhr_arena_take(struct dhr_arena *to, struct dhr_arena *from)
{
    struct dhr_arena_block **tail = &to->head;
    while (*tail)
        tail = &(*tail)->next;
    *tail = from->head;
    from->head = NULL;
}

void *dhr_grow(void *array, size_t count, size_t *capacity, size_t element_bytes)
{
    if (count < *capacity)
        return array;
    size_t grown = *capacity ? *capacity * 2 : 8;
    if (grown > SIZE_MAX / 2 / element_bytes)
        dhr_out_of_memory();
    *capacity = grown;
    return dhr_realloc(array, grown * element_bytes);
}
