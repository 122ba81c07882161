#include "logs/compile_progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

static void
the_last_count_at_a_lines_start_counts(void **state)
{
	static const struct { const char *text; long done, total; } rows[] = {
		{ "[1/314] x\n[123/314] Building CUDA object a.cu.o\nptxas info : x\n", 123, 314 },
		{ "[1/3] a", 1, 3 },
		{ "#15 1724.6 [99/100] Linking\n", 99, 100 },
		{ "[2/9] a\r[3/9] b\r", 3, 9 },
		{ "[ 42%] Building CXX object b.o\n", 42, 100 },
		{ "[100%] Built target c\n", 100, 100 },
		{ "[5/6] a\nsee [6/6] in a.c\n", 5, 6 },
		{ "[0/7] a\n", 0, 7 },
		{ "", 0, 0 },
		{ "\n\n", 0, 0 },
		{ "x [1/2]\n", 0, 0 },
		{ "[7/6] more than all\n", 0, 0 },
		{ "[1/0] of nothing\n", 0, 0 },
		{ "[/6] a\n[1/] b\n[1/2\n[] c\n[", 0, 0 },
		{ "[99999999999999999999/99999999999999999999] a\n", 0, 0 },
		{ "[101%] a\n", 0, 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		long done = 0, total = 0;
		bool got = compile_progress_parse(&done, &total, rows[i].text, strlen(rows[i].text));
		assert_int_equal(got, rows[i].total != 0);
		assert_int_equal(done, rows[i].done);
		assert_int_equal(total, rows[i].total);
	}
}

GROUP(test_compile_progress)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_last_count_at_a_lines_start_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
