#include "fleet/preflight.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/str.h"
#include "git/substitution.h"
#include "json/fields.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))
#define TEXT(path, text) { (path), (text), sizeof(text) - 1 }

static const struct preflight_file files[] = {
	TEXT("a", "one two"),
	TEXT("pyproject.toml", "requires-python = \">=3.9,<=3.12\""),
	TEXT("setup.py", "python_requires=\">=3.13\""),
};

static void
a_condition_holds_for_what_was_found(void **state)
{
	(void)state;
	static const struct {
		struct preflight_condition c;
		struct preflight_facts facts;
		const char *why;	/* NULL: it does not hold */
	} rows[] = {
		{ { PREFLIGHT_CONTAINS, "*", NULL, "two" }, { files, 3, NULL, NULL }, "a has \"two\"" },
		{ { PREFLIGHT_CONTAINS, "*", NULL, "Two" }, { files, 3, NULL, NULL }, NULL },
		{ { PREFLIGHT_CONTAINS, "*", NULL, "two" }, { files + 1, 2, NULL, NULL }, NULL },
		{ { PREFLIGHT_CONTAINS, "*", NULL, "two" }, { NULL, 0, NULL, NULL }, NULL },
		{ { PREFLIGHT_LACKS, "*", NULL, "three" }, { files, 3, NULL, NULL }, "* lacks \"three\"" },
		{ { PREFLIGHT_LACKS, "x", NULL, "two" }, { NULL, 0, NULL, NULL }, "x lacks \"two\"" },
		{ { PREFLIGHT_LACKS, "*", NULL, "two" }, { files, 3, NULL, NULL }, NULL },
		{ { PREFLIGHT_REJECTS_PYTHON, "*", NULL, "3.12.9" }, { files, 3, NULL, NULL },
		  "pyproject.toml: Python 3.12.9 is not in \">=3.9,<=3.12\"" },
		{ { PREFLIGHT_REJECTS_PYTHON, "*", NULL, "3.12" }, { files, 3, NULL, NULL },
		  "setup.py: Python 3.12 is not in \">=3.13\"" },
		{ { PREFLIGHT_REJECTS_PYTHON, "*", NULL, "3.12" }, { files, 2, NULL, NULL }, NULL },
		{ { PREFLIGHT_ARG_BELOW, NULL, "CUDA", "12.3" }, { NULL, 0, "12.1.0", NULL },
		  "CUDA is 12.1.0, below 12.3" },
		{ { PREFLIGHT_ARG_BELOW, NULL, "CUDA", "12.3" }, { NULL, 0, "12.3", NULL }, NULL },
		{ { PREFLIGHT_ARG_BELOW, NULL, "CUDA", "12.3" }, { NULL, 0, "12.10", NULL }, NULL },
		{ { PREFLIGHT_ARG_BELOW, NULL, "CUDA", "12.3" }, { NULL, 0, NULL, NULL }, NULL },
		{ { PREFLIGHT_ARG_BELOW, NULL, "CUDA", "12.3" }, { NULL, 0, "", NULL }, NULL },
		{ { PREFLIGHT_ARG_BELOW, NULL, "CUDA", "12.3" }, { NULL, 0, "12.1.0-devel-ubuntu22.04", NULL },
		  "CUDA is 12.1.0-devel-ubuntu22.04, below 12.3" },
		{ { PREFLIGHT_ARG_BELOW, NULL, "CUDA", "12.3" }, { NULL, 0, "12.4.1-devel", NULL }, NULL },
		{ { PREFLIGHT_ARG_BELOW, NULL, "CUDA", "12.3" }, { NULL, 0, "latest", NULL }, NULL },
		{ { PREFLIGHT_NO_TAG, NULL, NULL, "v" }, { NULL, 0, NULL, NULL },
		  "no tag \"v*\" is on it or before it" },
		{ { PREFLIGHT_NO_TAG, NULL, NULL, "v" }, { NULL, 0, NULL, "v1" }, NULL },
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct arena a = { 0 };
		struct str why = { 0 };
		bool holds = preflight_holds(&why, &rows[i].c, &rows[i].facts, &a);
		assert_int_equal(holds, rows[i].why != NULL);
		assert_string_equal(str_text(&why), rows[i].why ? rows[i].why : "");
		str_dispose(&why);
		arena_dispose(&a);
	}
}

static void
what_was_met_is_gathered(void **state)
{
	(void)state;
	static const struct preflight_condition one = { PREFLIGHT_CONTAINS, "*", NULL, "one" };
	static const struct preflight_condition two = { PREFLIGHT_CONTAINS, "*", NULL, "two" };
	static const struct preflight_condition none = { PREFLIGHT_CONTAINS, "*", NULL, "none" };
	static const struct preflight_facts facts = { files, 3, NULL, NULL };
	struct arena a = { 0 };
	struct str why = { 0 };
	preflight_holds(&why, &one, &facts, &a);
	preflight_holds(&why, &none, &facts, &a);
	preflight_holds(&why, &two, &facts, &a);
	assert_string_equal(str_text(&why), "a has \"one\", a has \"two\"");
	str_dispose(&why);
	arena_dispose(&a);
}

static void
a_range_has_two_ends(void **state)
{
	(void)state;
	static const struct {
		const char *introduced, *fixed;
		bool has_introduced, has_fixed, want;
	} rows[] = {
		{ NULL, NULL, false, false, true },
		{ "a", NULL, false, false, false },
		{ "a", NULL, true, false, true },
		{ "a", "b", true, false, true },
		{ "a", "b", true, true, false },
		{ "a", "b", false, false, false },
		{ "a", "b", false, true, false },
		{ NULL, "b", false, false, true },
		{ NULL, "b", false, true, false },
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct preflight_rule r = { .introduced_by = rows[i].introduced,
			                    .fixed_by = rows[i].fixed };
		assert_int_equal(preflight_in_range(&r, rows[i].has_introduced, rows[i].has_fixed),
		                 rows[i].want);
	}
}

static void
a_match_is_told_in_one_line(void **state)
{
	(void)state;
	static struct name_value env[] = { { "LIBRARY_PATH", "/x" }, { "CPATH", "/y" } };
	static struct name_value args[] = { { "BUILD_CUDA", "12.4.1" } };
	static const struct substitution s = { .name = "pin" };
	static const struct { struct preflight_rule rule; const char *why, *want; } rows[] = {
		{ { .name = "r", .predicts = "link-error" }, "a has \"b\"",
		  "r: a has \"b\"; expect link-error" },
		{ { .name = "r", .predicts = "link-error", .says = "links what is not there" }, "",
		  "r: in its range of commits: links what is not there; expect link-error" },
		{ { .name = "r", .predicts = "oom", .apply = true, .cure = { env, 2, args, 1, NULL, NULL } }, "x",
		  "r: x; expect oom; cured by environment LIBRARY_PATH, environment CPATH, argument BUILD_CUDA" },
		{ { .name = "r", .predicts = "oom", .cure = { .substitution = &s, .patch = "cures/x.patch" } }, "x",
		  "r: x; expect oom; not applied: substitution pin, patch cures/x.patch" },
		{ { .name = "r", .predicts = "oom", .apply = true }, "x", "r: x; expect oom" },
	};
	struct arena a = { 0 };
	for (size_t i = 0; i < ROWS(rows); i++) {
		assert_string_equal(preflight_text(&rows[i].rule, rows[i].why, &a), rows[i].want);
		assert_int_equal(preflight_has_cure(&rows[i].rule), i == 2 || i == 3);
	}
	arena_dispose(&a);
}

GROUP(test_preflight)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_condition_holds_for_what_was_found),
		cmocka_unit_test(what_was_met_is_gathered),
		cmocka_unit_test(a_range_has_two_ends),
		cmocka_unit_test(a_match_is_told_in_one_line),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
