#include "fleet/python_constraint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

static void
a_constraint_accepts_versions(void **state)
{
	(void)state;
	static const struct { const char *constraint, *version; bool want; } rows[] = {
		{ ">=3.9,<=3.12", "3.12.9", false },	/* 3.12.9 is more than 3.12 */
		{ ">=3.9,<=3.12", "3.12", true },
		{ ">=3.9,<=3.12", "3.12.0", true },
		{ ">=3.9,<=3.12", "3.11.99", true },
		{ ">=3.9,<3.13", "3.12.9", true },
		{ ">=3.9,<3.13", "3.13", false },
		{ ">=3.9,<3.13", "3.8.20", false },
		{ ">=3.9", "3.10", true },		/* numbers, not texts */
		{ " >= 3.8 , < 4 ", "3.12.9", true },
		{ ">3.8", "3.8", false },
		{ ">3.8", "3.8.1", true },
		{ "==3.12.*", "3.12.9", true },
		{ "==3.12.*", "3.13", false },
		{ "==3.*", "3.12", true },
		{ "!=3.12.*", "3.12.9", false },
		{ "!=3.12.*,>=3", "3.11", true },
		{ "==3.12", "3.12.0", true },
		{ "==3.12", "3.12.9", false },
		{ "~=3.9", "3.12.9", true },
		{ "~=3.9", "4.0", false },
		{ "~=3.9.1", "3.10", false },
		{ "~=3.9.1", "3.9.0", false },
		{ "~=3.9.1", "3.9.7", true },
		{ "", "3.12.9", true },

		/* Not read: accepted. */
		{ "<3", "3.12rc1", true },
		{ "<3", "", true },
		{ "<3", "3.", true },
		{ "3.12", "3.11", true },
		{ "<=3.12rc1", "3.13", true },
		{ "===3.12", "3.13", true },
		{ "^3.9", "2.7", true },
		{ ">=", "3.9", true },
		{ "<1.2.3.4.5.6.7.8.9", "3.9", true },
		{ "<99999999999999999999", "3.9", true },
		{ ">=99999999999999999999", "3.9", true },
	};
	for (size_t i = 0; i < ROWS(rows); i++)
		if (python_constraint_accepts(rows[i].constraint, rows[i].version) != rows[i].want)
			fail_msg("\"%s\" and %s", rows[i].constraint, rows[i].version);
}

static void
a_constraint_is_found(void **state)
{
	(void)state;
	static const struct { const char *text, *want; } rows[] = {
		{ "[project]\nrequires-python = \">=3.9,<=3.12\"\n", ">=3.9,<=3.12" },
		{ "requires-python=\">=3.9\"", ">=3.9" },
		{ "requires-python = '>=3.9'", ">=3.9" },
		{ "setup(\n    python_requires=\">=3.8\",\n)", ">=3.8" },
		{ "# requires-python is set below\nrequires-python = \">=3.8\"\n", ">=3.8" },
		{ "requires-python = VARIABLE\n", NULL },
		{ "requires-python = \">=3.8\n\"\n", NULL },
		{ "requires-python = \"", NULL },
		{ "requires-python =", NULL },
		{ "requires-python", NULL },
		{ "python = \">=3.8\"", NULL },
		{ "", NULL },
	};
	struct arena a = { 0 };
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *got = python_constraint(rows[i].text, strlen(rows[i].text), &a);
		if (rows[i].want && got)
			assert_string_equal(got, rows[i].want);
		else
			assert_true(got == rows[i].want);
	}
	arena_dispose(&a);
}

GROUP(test_python_constraint)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_constraint_accepts_versions),
		cmocka_unit_test(a_constraint_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
