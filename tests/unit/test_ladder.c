#include "fleet/ladder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

#include "base/error.h"

static void
one_goes_down_rung_by_rung(void **state)
{
	static const struct { long jobs, want; } rows[] = {
		{ 100, 56 }, { 57, 56 }, { 56, 48 }, { 50, 48 }, { 8, 4 }, { 5, 4 }, { 4, 0 }, { 1, 0 },
	};
	struct ladder l;
	(void)state;
	assert_int_equal(ladder_parse(&l, LADDER_DEFAULT, NULL), 0);
	assert_int_equal(l.n, 7);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(ladder_below(&l, rows[i].jobs), rows[i].want);
}

static void
what_is_no_ladder_is_refused(void **state)
{
	static const char *const texts[] = {
		"", ",", "1,", ",1", "8,8", "4,8", "8, 4", "8;4", "x", "0", "-1", "1000001",
		"40,39,38,37,36,35,34,33,32,31,30,29,28,27,26,25,24,23,22,21,20,19,18,17,16,15,14,13,12,11,"
		"10,9,8",
	};
	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct ladder l = { .n = 99 };
		struct error err = { 0 };
		assert_int_equal(ladder_parse(&l, texts[i], &err), -1);
		assert_int_equal(l.n, 99);
		assert_memory_equal(err.text, "ladder: ", 8);
	}
}

GROUP(test_ladder)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_goes_down_rung_by_rung),
		cmocka_unit_test(what_is_no_ladder_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
