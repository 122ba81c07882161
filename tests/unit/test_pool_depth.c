#include "plan/pool_depth.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

#include "base/str.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

static void
what_there_is_least_of_decides(void **state)
{
	(void)state;
	static const struct {
		struct room room;
		struct demand demand;
		long depth;
		const char *why;
	} rows[] = {
		{ { 128, 1008, 900 }, { 27, 56, 448, 50 }, 2, "cores allow 2 (128, 56 jobs each), "
		  "memory 2 (1008 GB, 448 GB each), disk 18 (50 GB each), and 27 to compile" },
		{ { 128, 500, 900 }, { 27, 32, 448, 50 }, 1, "cores allow 4 (128, 32 jobs each), "
		  "memory 1 (500 GB, 448 GB each), disk 18 (50 GB each), and 27 to compile" },
		{ { 128, 1008, 99 }, { 27, 8, 64, 50 }, 1, "cores allow 16 (128, 8 jobs each), "
		  "memory 15 (1008 GB, 64 GB each), disk 1 (50 GB each), and 27 to compile" },
		/* Not one has room: step sees to it that it starts with fewer jobs. */
		{ { 2, 8, 10 }, { 3, 56, 448, 50 }, 1, "cores allow 0 (2, 56 jobs each), "
		  "memory 0 (8 GB, 448 GB each), disk 0 (50 GB each), and 3 to compile" },
		/* No more than there is to do. */
		{ { 128, -1, -1 }, { 3, 8, 64, 50 }, 3, "cores allow 16 (128, 8 jobs each), and 3 to compile" },
		{ { -1, -1, 0 }, { 3, 8, 0, 0 }, 3, "3 to compile" },
		{ { 128, 1008, 900 }, { 0, 0, 0, 50 }, 1, "nothing is to be compiled" },
		{ { 100000, 1e30, -1 }, { 100000, 1, 1, 1 }, 4096, "cores allow 4096 (100000, 1 jobs each), "
		  "memory 4096 (1000000000000000019884624838656 GB, 1 GB each), and 100000 to compile" },
	};

	for (size_t i = 0; i < ROWS(rows); i++) {
		struct str why = { 0 };
		assert_int_equal(pool_depth(&why, &rows[i].room, &rows[i].demand), rows[i].depth);
		assert_string_equal(str_text(&why), rows[i].why);
		str_dispose(&why);
	}
}

GROUP(test_pool_depth)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(what_there_is_least_of_decides) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
