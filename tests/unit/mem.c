#include "dhrledger/mem.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>

/* Pieces of all sizes keep what was put into them, so none overlap. */
static void fill_and_check(struct dhr_arena *arena)
{
    enum { PIECES = 2000 };
    static unsigned char *pieces[PIECES];
    for (size_t i = 0; i < PIECES; i++) {
        pieces[i] = dhr_arena_alloc(arena, i * 37 % 900);
        cr_assert((uintptr_t)pieces[i] % alignof(max_align_t) == 0, "piece %zu isn't aligned", i);
        memset(pieces[i], (int)(i % 251), i * 37 % 900);
    }
    for (size_t i = 0; i < PIECES; i++) {
        for (size_t at = 0; at < i * 37 % 900; at++)
            cr_assert_eq(pieces[i][at], i % 251, "piece %zu was overwritten at %zu", i, at);
    }
}

Test(mem, pieces_do_not_overlap)
{
    struct dhr_arena arena = {0};
    fill_and_check(&arena);
    dhr_arena_release(&arena);
    cr_assert(arena.head == NULL, "a released arena isn't empty");
    fill_and_check(&arena);
    dhr_arena_release(&arena);
}

Test(mem, a_large_piece_leaves_the_block_in_use_in_use)
{
    enum { LARGE = 1024 * 1024 };
    struct dhr_arena arena = {0};
    char *first = dhr_arena_dup(&arena, "before", 6);
    struct dhr_arena_block *head = arena.head;
    char *large = dhr_arena_alloc(&arena, LARGE);
    memset(large, 'x', LARGE);
    cr_assert(arena.head == head, "the block that was filling up was given up");
    char *second = dhr_arena_dup(&arena, "after", 5);
    cr_assert_str_eq(first, "before");
    cr_assert_str_eq(second, "after");
    dhr_arena_release(&arena);
}

Test(mem, a_large_piece_may_come_first)
{
    struct dhr_arena arena = {0};
    char *large = dhr_arena_alloc(&arena, 200000);
    memset(large, 'x', 200000);
    cr_assert_str_eq(dhr_arena_dup(&arena, "small", 5), "small");
    dhr_arena_clear(&arena);
    memset(dhr_arena_alloc(&arena, 300000), 'y', 300000);
    dhr_arena_release(&arena);
}

Test(mem, zalloc_is_zero_in_used_memory)
{
    struct dhr_arena arena = {0};
    memset(dhr_arena_alloc(&arena, 1000), 0xFF, 1000);
    dhr_arena_clear(&arena);
    const unsigned char *zero = dhr_arena_zalloc(&arena, 1000);
    for (size_t i = 0; i < 1000; i++)
        cr_assert_eq(zero[i], 0, "byte %zu is %u", i, zero[i]);
    dhr_arena_release(&arena);
}

Test(mem, dup_takes_bytes_and_ends_them)
{
    struct dhr_arena arena = {0};
    const char *copy = dhr_arena_dup(&arena, "a\0b", 3);
    cr_assert(memcmp(copy, "a\0b\0", 4) == 0, "the copy differs");
    cr_assert_str_eq(dhr_arena_dup(&arena, NULL, 0), "");
    dhr_arena_release(&arena);
}

Test(mem, clear_keeps_one_block)
{
    struct dhr_arena arena = {0};
    dhr_arena_clear(&arena);
    cr_assert(arena.head == NULL, "an empty arena got a block");
    fill_and_check(&arena);
    struct dhr_arena_block *head = arena.head;
    dhr_arena_clear(&arena);
    cr_assert(arena.head == head, "the block isn't kept");
    fill_and_check(&arena);
    dhr_arena_release(&arena);
}

Test(mem, take_moves_every_block)
{
    struct dhr_arena to = {0};
    struct dhr_arena from = {0};
    const char *kept = dhr_arena_dup(&to, "to", 2);
    const char *moved = dhr_arena_dup(&from, "from", 4);
    memset(dhr_arena_alloc(&from, 100000), 'x', 100000);
    dhr_arena_take(&to, &from);
    cr_assert(from.head == NULL, "the giver isn't empty");
    dhr_arena_release(&from);
    cr_assert_str_eq(kept, "to");
    cr_assert_str_eq(moved, "from");
    dhr_arena_take(&from, &to);
    cr_assert(to.head == NULL, "the giver isn't empty");
    cr_assert_str_eq(moved, "from");
    dhr_arena_release(&from);
}

Test(mem, push_grows_and_keeps)
{
    size_t *numbers = NULL;
    size_t count = 0;
    size_t capacity = 0;
    for (size_t i = 0; i < 10000; i++)
        *DHR_PUSH(numbers, count, capacity) = i * i;
    cr_assert_eq(count, 10000, "%zu elements", count);
    cr_assert(capacity >= count, "room for %zu", capacity);
    for (size_t i = 0; i < count; i++)
        cr_assert_eq(numbers[i], i * i, "element %zu is %zu", i, numbers[i]);
    free(numbers);
}

Test(mem, too_much_ends_the_process_with_status_5, .exit_code = 5)
{
    struct dhr_arena arena = {0};
    (void)dhr_arena_alloc(&arena, SIZE_MAX - 8);
}
