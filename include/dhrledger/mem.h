/*
 * Memory. An arena for everything that lives as long as a ledger or a command,
 * a growable array for what is still being collected.
 *
 *     struct dhr_arena arena = {0};
 *     char *copy = dhr_arena_dup(&arena, text, len_bytes);
 *     dhr_arena_release(&arena);
 *
 * Nothing here returns NULL: when memory runs out the process prints a sentence
 * and ends with status 5. No write of ours is half done at such a moment,
 * because files are replaced by rename and commits by a locked reference.
 * An arena belongs to one thread.
 */
#ifndef DHRLEDGER_MEM_H
#define DHRLEDGER_MEM_H

#include <stddef.h>

struct dhr_arena_block;

struct dhr_arena {
    struct dhr_arena_block *head;
};

/* Uninitialised memory, aligned for any type; it lives until the arena is released. */
void *dhr_arena_alloc(struct dhr_arena *arena, size_t size_bytes);

/* The same, all zero. */
void *dhr_arena_zalloc(struct dhr_arena *arena, size_t size_bytes);

/* A copy of len_bytes bytes with a NUL after them. */
char *dhr_arena_dup(struct dhr_arena *arena, const char *text, size_t len_bytes);

/* Free every block and leave an empty arena behind, which may be used again. */
void dhr_arena_release(struct dhr_arena *arena);

/* Forget the contents but keep one block, for a scratch arena in a loop. */
void dhr_arena_clear(struct dhr_arena *arena);

/* Move everything that `from` holds into `to`; `from` is empty afterwards. */
void dhr_arena_take(struct dhr_arena *to, struct dhr_arena *from);

/*
 * Room for one more element in a heap array: array, its count, its capacity.
 * The result replaces the array; the caller frees it.
 */
void *dhr_grow(void *array, size_t count, size_t *capacity, size_t element_bytes);

#define DHR_PUSH(array, count, capacity)                                                           \
    ((array) = (count) < (capacity) ? (array)                                                      \
                                    : dhr_grow((array), (count), &(capacity), sizeof(*(array))),   \
     &(array)[(count)++])

/* How all of these fail, for whoever is told by a library that there is no memory. */
_Noreturn void dhr_out_of_memory(void);

/* realloc that does not fail; size_bytes is never 0. */
void *dhr_realloc(void *ptr, size_t size_bytes);

#endif
