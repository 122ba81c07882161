#include "logs/log_name.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

static const struct { const char *name; size_t len; long number; } rows[] = {
	{ "image.3.log", 5, 3 },
	{ "verify.10.log", 6, 10 },
	{ "image.log", 0, 0 },
	{ "image.3", 0, 0 },
	{ "image.3.log.gz", 0, 0 },
	{ "image.x.log", 0, 0 },
	{ ".3.log", 0, 0 },
	{ "image.1234567890.log", 0, 0 },
	{ "", 0, 0 },
};

static void
names_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		long number = 0;
		assert_int_equal(log_name_parse(&number, rows[i].name), rows[i].len);
		assert_int_equal(number, rows[i].number);
	}
}

static void
the_newest_of_a_step_is_not_old(void **state)
{
	static const char *const names[] = { "image.10.log", "image.9.log", "imag.11.log", "verify.1.log",
		"notes" };
	(void)state;
	assert_false(log_name_is_old("image.10.log", names, 5));
	assert_true(log_name_is_old("image.9.log", names, 5));
	assert_false(log_name_is_old("imag.11.log", names, 5));
	assert_false(log_name_is_old("verify.1.log", names, 5));
	assert_false(log_name_is_old("notes", names, 5));
}

GROUP(test_log_name)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_read),
		cmocka_unit_test(the_newest_of_a_step_is_not_old),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
