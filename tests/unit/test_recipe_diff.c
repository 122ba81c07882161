#include "plan/recipe_diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

#include "base/arena.h"
#include "json/members.h"

#define SAME "target=t\nbase=h/r@sha256:1\ndockerfile_digest=sha256:2\narg.X=a\n"

static void
what_changed_is_said_in_words(void **state)
{
	static const struct { const char *before, *after, *want; } rows[] = {
		{ SAME, SAME, NULL },
		{ SAME "input=sha256:1\nlabel.x=1\nnative=compile\nobjects=a\n", SAME "input=sha256:2\nlabel.x=2\n"
		  "native=share\n", NULL },
		{ "arg.X=a\n", "arg.X=b\n", "build argument X: \"a\", now \"b\"" },
		{ "", "arg.X=\n", "build argument X: new, \"\"" },
		{ "env.L=x\n", "", "environment L: gone" },
		{ "patch.01-x.patch=sha256:1\n", "patch.01-x.patch=sha256:2\n", "patch 01-x.patch: changed" },
		{ "", "patch.01-x.patch=sha256:2\n", "patch 01-x.patch: new" },
		{ "dockerfile_digest=sha256:1\n", "dockerfile_digest=sha256:2\n", "Dockerfile: changed" },
		{ "context_digest=sha256:1\n", "context_digest=sha256:2\n", "files of the context: changed" },
		{ "base=h/r@sha256:1\n", "base=h/r@sha256:2\n", "base image's digest: changed" },
		{ "base_name=h/r:a\n", "base_name=h/r:b\n", "base image: \"h/r:a\", now \"h/r:b\"" },
		{ "tree=1\n", "tree=2\n", "tree: \"1\", now \"2\"" },
	};
	struct arena a = { 0 };
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct texts lines;
		recipe_diff(&lines, rows[i].before, rows[i].after, &a);
		assert_int_equal(lines.n, rows[i].want != NULL);
		if (rows[i].want)
			assert_string_equal(lines.list[0], rows[i].want);
	}
	arena_dispose(&a);
}

static void
new_things_come_before_what_is_gone(void **state)
{
	struct arena a = { 0 };
	struct texts lines;
	(void)state;
	recipe_diff(&lines, "arg.A=1\narg.B=2\n", "arg.B=3\narg.C=4\n", &a);
	assert_int_equal(lines.n, 3);
	assert_string_equal(lines.list[0], "build argument B: \"2\", now \"3\"");
	assert_string_equal(lines.list[1], "build argument C: new, \"4\"");
	assert_string_equal(lines.list[2], "build argument A: gone");
	arena_dispose(&a);
}

GROUP(test_recipe_diff)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_changed_is_said_in_words),
		cmocka_unit_test(new_things_come_before_what_is_gone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
