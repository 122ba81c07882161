#include "os/engine_kind.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

static void
a_name_is_read_as_its_engine(void **state)
{
	(void)state;
	for (unsigned e = ENGINE_DOCKER; e < ENGINES; e++)
		assert_int_equal(engine_parse(engine_name((enum engine)e)), e);
	assert_int_equal(engine_parse("podman"), ENGINE_NONE);
	assert_int_equal(engine_parse(""), ENGINE_NONE);
	assert_int_equal(engine_parse(NULL), ENGINE_NONE);
	assert_string_equal(engine_name(ENGINE_NONE), "");
}

GROUP(test_engine_kind)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_is_read_as_its_engine),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
