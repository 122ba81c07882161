#include "record/stamp.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "json/pairs.h"

static const char stamp[] =
	"step=push\ntarget=baseline-1\ninput=sha256:aa\nimage=r/x:t\ndigest=sha256:bb\n";

static void
a_stamp_says_what_was_made(void **state)
{
	struct arena a = { 0 };
	struct pairs result = { 0 };
	struct str out = { 0 };
	(void)state;
	pairs_put(&result, "image", "r/x:t", &a);
	pairs_put(&result, "digest", "sha256:bb", &a);
	assert_int_equal(stamp_render(&out, STEP_PUSH, "baseline-1", "sha256:aa", &result, NULL), 0);
	assert_string_equal(str_text(&out), stamp);
	str_dispose(&out);
	pairs_dispose(&result);
	arena_dispose(&a);
}

static void
a_result_cannot_speak_for_step(void **state)
{
	static const char *const keys[] = { "step", "target", "input" };
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct arena a = { 0 };
		struct pairs result = { 0 };
		struct str out = { 0 };
		struct error err = { 0 };
		pairs_put(&result, keys[i], "x", &a);
		assert_int_equal(stamp_render(&out, STEP_PUSH, "t", "", &result, &err), -1);
		assert_non_null(strstr(err.text, keys[i]));
		assert_int_equal(out.len, 0);
		pairs_dispose(&result);
		arena_dispose(&a);
	}
}

#define REMEDY "; remove it, and ninja makes it again"

static const struct { const char *text, *want; } rows[] = {
	{ stamp, "" },
	{ "step=push\ntarget=baseline-1\ninput=\n", "" },
	{ "step=image\ntarget=baseline-1\ninput=\n", "f: step is \"image\", not \"push\"" REMEDY },
	{ "step=push\ntarget=b\ninput=\n", "f: target is \"b\", not \"baseline-1\"" REMEDY },
	{ "step=push\ntarget=baseline-1\n", "f: has no line input=" REMEDY },
	{ "", "f: step is \"\", not \"push\"" REMEDY },
	{ "what\n", "f:1: \"what\" is not key=value" REMEDY },
};

static void
stamps_of_others_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct arena a = { 0 };
		struct pairs s = { 0 };
		struct error err = { 0 };
		int got = stamp_parse(&s, rows[i].text, strlen(rows[i].text), STEP_PUSH, "baseline-1", "f", &a,
		                      &err);
		assert_string_equal(err.text, rows[i].want);
		assert_int_equal(got, *rows[i].want ? -1 : 0);
		pairs_dispose(&s);
		arena_dispose(&a);
	}
}

GROUP(test_stamp)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_stamp_says_what_was_made),
		cmocka_unit_test(a_result_cannot_speak_for_step),
		cmocka_unit_test(stamps_of_others_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
