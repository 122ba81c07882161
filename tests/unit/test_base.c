#include "base/str.h"

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"

static void
a_string_grows_by_pieces_of_any_size(void **state)
{
	struct str s = { 0 };
	char big[5000];
	(void)state;
	assert_string_equal(str_text(&s), "");
	memset(big, 'x', sizeof(big));
	for (int i = 0; i < 1000; i++)
		str_add(&s, 'a');
	str_add_bytes(&s, big, sizeof(big));
	str_add_bytes(&s, NULL, 0);
	str_addf(&s, "%.*s|%d", 4999, big, 7);
	assert_int_equal(s.len, 1000 + 5000 + 4999 + 2);
	assert_int_equal(strlen(s.data), s.len);
	assert_string_equal(s.data + s.len - 3, "x|7");
	str_clear(&s);
	assert_string_equal(str_text(&s), "");
	str_dispose(&s);
	assert_null(s.data);
}

static void
a_number_is_added_in_digits(void **state)
{
	static const struct { long long number; const char *want; } rows[] = {
		{ 0, "0" }, { 7, "7" }, { -10, "-10" }, { LLONG_MAX, "9223372036854775807" },
		{ LLONG_MIN, "-9223372036854775808" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str s = { 0 };
		str_add_number(&s, rows[i].number);
		assert_string_equal(str_text(&s), rows[i].want);
		str_dispose(&s);
	}
}

static void
an_arena_gives_zeroed_aligned_memory(void **state)
{
	struct arena a = { 0 };
	(void)state;
	for (size_t size = 1; size < 300000; size = size * 3 + 1) {
		unsigned char *p = arena_alloc(&a, size);
		assert_int_equal((uintptr_t)p % _Alignof(max_align_t), 0);
		for (size_t i = 0; i < size; i++)
			assert_int_equal(p[i], 0);
		memset(p, 0xff, size);
	}
	assert_string_equal(arena_copy(&a, "abcdef", 3), "abc");
	assert_string_equal(arena_printf(&a, "%s-%d", "x", 12), "x-12");
	int *numbers = NULL;
	for (int i = 0; i < 100; i++) {
		numbers = arena_grow(&a, numbers, (size_t)i, sizeof(*numbers));
		assert_int_equal(numbers[i], 0);
		numbers[i] = i;
	}
	for (int i = 0; i < 100; i++)
		assert_int_equal(numbers[i], i);
	arena_reuse(&a);
	const char *again = arena_alloc(&a, 64);
	for (size_t i = 0; i < 64; i++)
		assert_int_equal(again[i], 0);
	arena_dispose(&a);
	assert_null(a.blocks);
}

static void
the_first_error_wins_and_stays_one_line(void **state)
{
	struct error err = { 0 };
	char big[3000];
	(void)state;
	assert_int_equal(error_set(&err, "bad \"%s\"", "a\nb\x1b[31m"), -1);
	error_set(&err, "later");
	assert_string_equal(err.text, "bad \"a?b?[31m\"");
	error_prefix(&err, "file: %d", 3);
	assert_string_equal(err.text, "file: 3: bad \"a?b?[31m\"");
	assert_int_equal(error_remedy(&err, "write it better"), -1);
	assert_string_equal(err.text, "file: 3: bad \"a?b?[31m\"; write it better");

	memset(big, 'y', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	err.text[0] = '\0';
	error_set(&err, "%s", big);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_string_equal(err.text + sizeof(err.text) - 5, "y...");
	error_prefix(&err, "p");
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	assert_string_equal(err.text + sizeof(err.text) - 5, "y...");
	assert_memory_equal(err.text, "p: yy", 5);
	assert_int_equal(error_set(NULL, "dropped"), -1);
}

GROUP(test_base)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_string_grows_by_pieces_of_any_size),
		cmocka_unit_test(a_number_is_added_in_digits),
		cmocka_unit_test(an_arena_gives_zeroed_aligned_memory),
		cmocka_unit_test(the_first_error_wins_and_stays_one_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
