#include "dhrledger/mem.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dhrledger/err.h"

/* The first block of an arena, how much larger the next one is, and the size of a huge page. */
enum { FIRST_BYTES = 64 * 1024, GROWTH = 4, HUGE_BYTES = 2 * 1024 * 1024 };

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

/* The kernel hands memory out by 4 KB; where that takes long, it is asked for a huge page. */
static struct dhr_arena_block *new_block(size_t bytes)
{
    struct dhr_arena_block *block = NULL;
    if (bytes == HUGE_BYTES)
        block = aligned_alloc(HUGE_BYTES, HUGE_BYTES);
    else
        block = malloc(bytes);
    if (!block)
        dhr_out_of_memory();
    if (bytes == HUGE_BYTES)
        (void)madvise(block, HUGE_BYTES, MADV_HUGEPAGE);
    block->used = 0;
    block->size = bytes - sizeof(*block);
    return block;
}

/*
 * A block with room for `need`. Each is larger than the last, up to a huge page; a large piece gets
 * one of its own, behind the one still filling up.
 */
static struct dhr_arena_block *add_block(struct dhr_arena *arena, size_t need)
{
    struct dhr_arena_block *last = arena->head;
    size_t next = last ? (last->size + sizeof(*last)) * GROWTH : FIRST_BYTES;
    next = next > HUGE_BYTES ? HUGE_BYTES : next;
    bool own = need + sizeof(*last) > next / GROWTH;
    struct dhr_arena_block *block = new_block(own ? need + sizeof(*last) : next);
    struct dhr_arena_block **at = own && last ? &last->next : &arena->head;
    block->next = *at;
    *at = block;
    return block;
}

void *dhr_arena_alloc(struct dhr_arena *arena, size_t size_bytes)
{
    const size_t align = alignof(max_align_t);
    if (size_bytes > SIZE_MAX / 2)
        dhr_out_of_memory();
    size_t need = (size_bytes + align - 1) / align * align;
    struct dhr_arena_block *block = arena->head;
    if (!block || block->size - block->used < need)
        block = add_block(arena, need);
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
