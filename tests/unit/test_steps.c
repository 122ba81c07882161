#include "record/steps.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include "unit.h"

#include "base/arena.h"

static void
a_name_is_read_as_its_step(void **state)
{
	static const char *const none[] = { "held", "", "Image", "images", NULL };
	enum step step = STEP_VERIFY;
	(void)state;
	for (unsigned i = 0; i < STEPS; i++) {
		assert_true(step_parse(&step, step_name((enum step)i)));
		assert_int_equal(step, i);
	}
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++) {
		assert_false(step_parse(&step, none[i]));
		assert_int_equal(step, STEP_PUSH);
	}
}

static void
files_carry_the_name(void **state)
{
	struct arena a = { 0 };
	(void)state;
	assert_string_equal(step_stamp_path("baseline-1", STEP_IMAGE, &a), "out/stamps/baseline-1.image");
	assert_string_equal(step_lock_path("baseline-1", STEP_PUSH, &a), "out/run/baseline-1.push");
	arena_dispose(&a);
}

GROUP(test_steps)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_read_as_its_step),
		cmocka_unit_test(files_carry_the_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
