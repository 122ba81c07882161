#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"

#define N 5000u

static void
name_of(char out[16], unsigned i)
{
	snprintf(out, 16, "n%x", i * 2654435761u);
}

static void
every_name_finds_its_numbers_in_order(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct table t;
	char name[16];

	table_init(&t, N + 2, &a);
	for (unsigned i = 0; i < N; i++) {
		name_of(name, i);
		table_add(&t, name, strlen(name), i);
	}
	table_add(&t, "twice", 5, 7);
	table_add(&t, "twice", 5, 3);

	for (unsigned i = 0; i < N; i++) {
		size_t number, found = 0;
		name_of(name, i);
		struct table_search s = table_find(&t, name, strlen(name));
		while (table_next(&s, &number))
			found += number == i;
		assert_int_equal(found, 1);
	}
	size_t number;
	struct table_search s = table_find(&t, "twice", 5);
	assert_true(table_next(&s, &number));
	assert_int_equal(number, 7);
	assert_true(table_next(&s, &number));
	assert_int_equal(number, 3);
	assert_false(table_next(&s, &number));
	arena_dispose(&a);
}

static void
an_empty_table_finds_nothing(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct table t;
	size_t number;

	table_init(&t, 0, &a);
	struct table_search s = table_find(&t, "", 0);
	assert_false(table_next(&s, &number));
	arena_dispose(&a);
}

GROUP(test_table)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_name_finds_its_numbers_in_order),
		cmocka_unit_test(an_empty_table_finds_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
