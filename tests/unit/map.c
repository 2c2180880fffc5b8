/* The hash map: what was put in is found, first come first kept, also when it grows. */
#include <stdio.h>

#include <criterion/criterion.h>

#include "dhrledger/map.h"

static struct dhr_map map;

static void end(void)
{
    dhr_map_release(&map);
}

TestSuite(map, .fini = end);

Test(map, empty)
{
    cr_assert_not(dhr_map_find(&map, dhr_str_of("a"), NULL));
    cr_assert_null(dhr_map_at(&map, dhr_str_of("")));
}

Test(map, the_first_value_stays)
{
    size_t value = 0;
    cr_assert(dhr_map_add(&map, dhr_str_of("a"), 1));
    cr_assert_not(dhr_map_add(&map, dhr_str_of("a"), 2));
    cr_assert(dhr_map_add(&map, dhr_str_of(""), 3));
    cr_assert(dhr_map_find(&map, dhr_str_of("a"), &value));
    cr_assert_eq(value, 1);
    cr_assert(dhr_map_find(&map, dhr_str_span(NULL, 0), &value));
    cr_assert_eq(value, 3);
    *dhr_map_at(&map, dhr_str_of("a")) = 5;
    cr_assert(dhr_map_find(&map, dhr_str_of("a"), &value));
    cr_assert_eq(value, 5);
    cr_assert_not(dhr_map_find(&map, dhr_str_of("A"), NULL));
}

Test(map, many)
{
    enum { MANY = 20000 };
    static char names[MANY][8];
    for (size_t i = 0; i < MANY; i++) {
        (void)snprintf(names[i], sizeof(names[i]), "%zu", i);
        cr_assert(dhr_map_add(&map, dhr_str_of(names[i]), i));
    }
    cr_assert_eq(map.count, MANY);
    for (size_t i = 0; i < MANY; i++) {
        size_t value = MANY;
        cr_assert(dhr_map_find(&map, dhr_str_of(names[i]), &value));
        cr_assert_eq(value, i);
    }
    cr_assert_not(dhr_map_find(&map, dhr_str_of("20000"), NULL));
}
