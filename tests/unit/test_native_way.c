#include "record/native_way.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

static void
a_name_is_read_as_its_way(void **state)
{
	(void)state;
	for (enum native n = NATIVE_COMPILE; n < NATIVES; n++)
		assert_int_equal(native_parse(native_name(n)), n);
	assert_int_equal(native_parse("a way of a newer program"), NATIVE_UNKNOWN);
	assert_int_equal(native_parse(NULL), NATIVE_UNKNOWN);
	assert_null(native_name(NATIVE_UNKNOWN));
}

static void
what_is_not_known_may_compile(void **state)
{
	(void)state;
	assert_true(native_may_compile(NATIVE_UNKNOWN));
	assert_true(native_may_compile(NATIVE_COMPILE));
	assert_false(native_may_compile(NATIVE_SHARE));
}

static void
a_wish_is_auto_or_compile(void **state)
{
	bool compile = false;
	(void)state;
	assert_true(native_wish_parse(&compile, "compile"));
	assert_true(compile);
	assert_false(native_wish_parse(&compile, "reuse"));
	assert_true(compile);
	assert_true(native_wish_parse(&compile, "auto"));
	assert_false(compile);
}

GROUP(test_native_way)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_read_as_its_way),
		cmocka_unit_test(what_is_not_known_may_compile),
		cmocka_unit_test(a_wish_is_auto_or_compile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
