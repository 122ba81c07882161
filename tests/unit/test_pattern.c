#include "logs/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

static const struct {
	const char *pattern, *line;
	bool want;
} rows[] = {
	{ "killed", "it was killed here", true },
	{ "*killed", "it was killed here", true },
	{ "^killed", "it was killed", false },
	{ "^killed", "killed it", true },
	{ "^killed$", "killed", true },
	{ "^killed$", "killed it", false },
	{ "*killed$", "killed and killed", true },
	{ "*killed$", "killed and gone", false },
	{ "^a*b*c", "a-b-c", true },
	{ "^a*b*c", "a-c-b", false },
	{ "^a*b$", "a b b", true },
	{ "^line #: x", "line 12: x", true },
	{ "^line #: x", "line : x", false },
	{ "*error #", "no error 5", true },
	{ "*error #$", "error 5a error 12", true },
	{ "*error #$", "error 5a", false },
	{ "^~ld: cannot", "/usr/bin/ld: cannot find", true },
	{ "^~ld: cannot", "ld: cannot find", true },
	{ "^~ld: cannot", "fix ld: cannot find", false },
	{ "^~:#:#: error: ", "a/b.c:3:14: error: no", true },
	{ "^~:#:#: error: ", "in a/b.c:3:14: error: no", false },
	{ "^error: ~: not found$", "error: host/x:1: not found", true },
	{ "^error: ~: not found$", "error: file /x: not found", false },
	{ "@no space", "no space", true },
	{ "@no space", "write: no space", true },
	{ "@no space", "[errno 28] no space", true },
	{ "@no space", "x (no space left)", true },
	{ "@no space", "msg=\"no space\"", true },
	{ "@no space", "there is no space", false },
	{ "@no space", "x:no space", false },
	{ "", "anything", true },
	{ "*", "", true },
	{ "x", "", false },
};

static void
patterns_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (pattern_matches(rows[i].pattern, rows[i].line, strlen(rows[i].line)) != rows[i].want)
			fail_msg("\"%s\" and \"%s\": want %d", rows[i].pattern, rows[i].line, rows[i].want);
}

static void
needles_are_the_longest_literal(void **state)
{
	static const struct { const char *pattern, *want; } needles[] = {
		{ "*ab*cdef*g", "cdef" },
		{ "^abc*de", "\nabc" },
		{ "^~ld: x", "ld: x" },
		{ "^[#/#] ", "\n[" },
		{ "@abcdefghijklmn", "abcdefghij" },
		{ "^abcdefghijklmn", "\nabcdefghi" },
		{ "*", "" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(needles) / sizeof(*needles); i++) {
		char got[11];
		got[pattern_needle(got, 10, needles[i].pattern)] = '\0';
		assert_string_equal(got, needles[i].want);
	}
}

GROUP(test_pattern)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(patterns_match),
		cmocka_unit_test(needles_are_the_longest_literal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
