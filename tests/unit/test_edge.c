#include "ninja/edge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/error.h"
#include "base/str.h"
#include "ninja/ninja_text.h"

static const struct { const char *path, *want, *error; } paths[] = {
	{ "sha256:ab", "sha256$:ab", NULL },
	{ "a b", "a$ b", NULL },
	{ "a$b", "a$$b", NULL },
	{ "a#b\xc3\xa9", "a#b\xc3\xa9", NULL },
	{ "a|b", NULL, "path \"a...\": byte 0x7c cannot be written in a build file" },
	{ "a\nb", NULL, "path \"a...\": byte 0x0a cannot be written in a build file" },
	{ "\r", NULL, "path \"...\": byte 0x0d cannot be written in a build file" },
	{ "", NULL, "empty path" },
};

static void
a_path_is_spelled_for_ninja_or_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(*paths); i++) {
		struct str out = { 0 };
		struct error err = { 0 };
		str_adds(&out, "x");
		int ret = ninja_add_path(&out, paths[i].path, &err);
		if (paths[i].want) {
			assert_int_equal(ret, 0);
			assert_string_equal(str_text(&out) + 1, paths[i].want);
		} else {
			assert_int_equal(ret, -1);
			assert_string_equal(str_text(&out), "x");
			assert_string_equal(err.text, paths[i].error);
		}
		str_dispose(&out);
	}
}

static void
a_value_keeps_its_blanks_and_dollars(void **state)
{
	static const struct { const char *value, *want; } values[] = {
		{ "a: b|c $d ", "a: b|c $$d " },
		{ " a", "$ a" },
		{ "", "" },
		{ "a\nb", NULL },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		struct str out = { 0 };
		int ret = ninja_add_value(&out, values[i].value, NULL);
		assert_int_equal(ret, values[i].want ? 0 : -1);
		assert_string_equal(str_text(&out), values[i].want ? values[i].want : "");
		str_dispose(&out);
	}
}

static void
an_edge_has_all_its_parts(void **state)
{
	const char *more[] = { "i3" }, *implicit[] = { "m1", "m2" }, *order[] = { "o 1" };
	struct edge edge = {
		.rule = "r", .outputs = { "a:b", "c" }, .inputs = { "i1", "i2" },
		.more_inputs = more, .n_more_inputs = 1, .implicit = implicit, .n_implicit = 2,
		.order_only = order, .n_order_only = 1, .pool = "p",
		.variables = { { "x", "1" }, { "y", "a $ b" } },
	};
	struct edge least = { .rule = "phony", .outputs = { "all" } };
	struct str out = { 0 };
	(void)state;
	assert_int_equal(edge_write(&out, &edge, NULL), 0);
	assert_int_equal(edge_write(&out, &least, NULL), 0);
	assert_string_equal(str_text(&out),
		"build a$:b c: r i1 i2 i3 | m1 m2 || o$ 1\n  pool = p\n  x = 1\n  y = a $$ b\n"
		"build all: phony\n");
	str_dispose(&out);
}

static void
an_edge_that_has_no_spelling_is_refused(void **state)
{
	struct edge path = { .rule = "r", .outputs = { "a" }, .inputs = { "x|y" } };
	struct edge value = { .rule = "r", .outputs = { "a" }, .variables = { { "v", "\n" } } };
	struct str out = { 0 };
	struct error err = { 0 };
	(void)state;
	assert_int_equal(edge_write(&out, &path, NULL), -1);
	assert_int_equal(edge_write(&out, &value, &err), -1);
	assert_string_equal(err.text, "v: value \"...\": a line end cannot be written in a build file");
	str_dispose(&out);
}

GROUP(test_edge)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_path_is_spelled_for_ninja_or_refused),
		cmocka_unit_test(a_value_keeps_its_blanks_and_dollars),
		cmocka_unit_test(an_edge_has_all_its_parts),
		cmocka_unit_test(an_edge_that_has_no_spelling_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
