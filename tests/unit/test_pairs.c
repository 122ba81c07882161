#include "json/pairs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"

static int
parse(struct pairs *s, const char *text, size_t len, struct arena *a, struct error *err)
{
	return pairs_parse(s, text, len, "out/settings/x", a, err);
}

static void
later_texts_go_over_earlier_ones(void **state)
{
	struct arena a = { 0 };
	struct pairs s = { 0 };
	(void)state;
	assert_int_equal(parse(&s, "a=1\nb.C-d= two words \n\nempty=\n", 30, &a, NULL), 0);
	assert_int_equal(parse(&s, "a=3", 3, &a, NULL), 0);
	pairs_put(&s, "x", "y=z", &a);
	assert_int_equal(s.n, 4);
	assert_string_equal(s.items[0].key, "a");
	assert_string_equal(pairs_get(&s, "a"), "3");
	assert_string_equal(pairs_get(&s, "b.C-d"), " two words ");
	assert_string_equal(pairs_get(&s, "empty"), "");
	assert_string_equal(pairs_get(&s, "x"), "y=z");
	assert_null(pairs_get(&s, "b"));
	assert_null(pairs_get(&s, "b.C-d "));
	pairs_dispose(&s);
	arena_dispose(&a);
}

static const struct { const char *text; size_t len; const char *want; } broken[] = {
	{ "a=1\nb\n", 6, "out/settings/x:2: \"b\" is not key=value" },
	{ "=1\n", 3, "out/settings/x:1: \"=1\" is not key=value" },
	{ "a b=1\n", 6, "out/settings/x:1: \"a b=1\" is not key=value" },
	{ "a=1\0002\n", 6, "out/settings/x:1: a NUL byte in the value" },
};

static void
what_is_no_pair_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++) {
		struct arena a = { 0 };
		struct pairs s = { 0 };
		struct error err = { 0 };
		assert_int_equal(parse(&s, broken[i].text, broken[i].len, &a, &err), -1);
		assert_string_equal(err.text, broken[i].want);
		pairs_dispose(&s);
		arena_dispose(&a);
	}
}

static const struct { const char *value; long number; double decimal; } numbers[] = {
	{ "0", 0, 0 }, { "56", 56, 56 }, { "007", 7, 7 }, { "0.5", -1, 0.5 }, { "1.", -1, 1 },
	{ "", -1, -1 }, { "-1", -1, -1 }, { "1e3", -1, -1 }, { " 1", -1, -1 }, { "1 ", -1, -1 },
	{ "0x10", -1, -1 }, { "nan", -1, -1 }, { "inf", -1, -1 }, { "1234567890123456", -1, -1 },
	{ ".", -1, -1 },
};

static void
numbers_are_read_strictly(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(*numbers); i++) {
		struct arena a = { 0 };
		struct pairs s = { 0 };
		struct error err = { 0 };
		long number = -1;
		double decimal = -1;
		pairs_put(&s, "k", numbers[i].value, &a);
		int got = pairs_number(&number, &s, "k", 9, &err);
		assert_int_equal(got, numbers[i].number < 0 ? -1 : 0);
		assert_int_equal(number, numbers[i].number);
		assert_int_equal(*err.text != 0, numbers[i].number < 0);
		got = pairs_decimal(&decimal, &s, "k", 9, NULL);
		assert_int_equal(got, numbers[i].decimal < 0 ? -1 : 0);
		assert_true(decimal >= numbers[i].decimal && decimal <= numbers[i].decimal);
		assert_int_equal(pairs_number(&number, &s, "none", 9, NULL), 0);
		assert_int_equal(number, 9);
		pairs_dispose(&s);
		arena_dispose(&a);
	}
}

GROUP(test_pairs)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(later_texts_go_over_earlier_ones),
		cmocka_unit_test(what_is_no_pair_is_named),
		cmocka_unit_test(numbers_are_read_strictly),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
