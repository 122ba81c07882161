#include "git/hunk_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#define NOWHERE 999

static void
a_hunk_finds_its_place(void **state)
{
	(void)state;
	static const struct {
		const char *file, *want;	/* a letter stands for a line */
		size_t expected, least;
		bool at_start, at_end;
		size_t line;
	} rows[] = {
		{ "abcdef", "cd", 2, 0, false, false, 2 },
		{ "abcdef", "cd", 0, 0, false, false, 2 },
		{ "abcdef", "cd", 5, 0, false, false, 2 },
		{ "abcdef", "cd", 99, 0, false, false, 2 },
		{ "abcdef", "ce", 2, 0, false, false, NOWHERE },
		{ "xaxxxax", "a", 3, 0, false, false, 1 },	/* both two lines away: upwards first */
		{ "xaxxxax", "a", 4, 0, false, false, 5 },
		{ "xaxxxax", "a", 1, 2, false, false, 5 },	/* what was changed is not searched */
		{ "abab", "ab", 0, 0, true, false, 0 },
		{ "xab", "ab", 0, 0, true, false, NOWHERE },
		{ "xab", "ab", 0, 0, false, true, 1 },
		{ "abx", "ab", 0, 0, false, true, NOWHERE },
		{ "abab", "ab", 0, 0, false, true, 2 },
		{ "ab", "ab", 0, 0, true, true, 0 },
		{ "abc", "ab", 0, 0, true, true, NOWHERE },
		{ "", "", 0, 0, true, true, 0 },
		{ "", "a", 0, 0, false, false, NOWHERE },
		{ "abc", "", 1, 0, false, false, 1 },
		{ "abc", "abcd", 0, 0, false, false, NOWHERE },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text_lines file = { 0 }, want = { 0 };
		for (const char *c = rows[i].file; *c; c++)
			text_lines_add(&file, c, 1);
		for (const char *c = rows[i].want; *c; c++)
			text_lines_add(&want, c, 1);
		struct hunk_fit fit = { &want, rows[i].expected, rows[i].least, rows[i].at_start,
			                rows[i].at_end };
		size_t line = 0;
		bool found = hunk_place(&line, &file, &fit);
		assert_int_equal(found ? line : NOWHERE, rows[i].line);
		text_lines_dispose(&file);
		text_lines_dispose(&want);
	}
}

static void
a_text_has_lines(void **state)
{
	(void)state;
	static const struct { const char *text; size_t n, last; } rows[] = {
		{ "", 0, 0 },
		{ "a", 1, 1 },
		{ "a\n", 1, 2 },
		{ "\n", 1, 1 },
		{ "a\r\nbc", 2, 2 },
		{ "a\n\nb\n", 3, 2 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct text_lines lines = { 0 };
		text_lines_split(&lines, rows[i].text, strlen(rows[i].text));
		assert_int_equal(lines.n, rows[i].n);
		if (lines.n)
			assert_int_equal(lines.line[lines.n - 1].len, rows[i].last);
		text_lines_dispose(&lines);
	}
}

/* The end of a line belongs to it: "a" is not "a" with a newline. */
static void
lines_are_equal_with_their_ends(void **state)
{
	(void)state;
	struct text_lines file = { 0 }, want = { 0 };
	struct hunk_fit fit = { .want = &want };
	size_t line;
	text_lines_split(&file, "a\r\nb", 4);
	text_lines_split(&want, "a\n", 2);
	assert_false(hunk_place(&line, &file, &fit));
	text_lines_dispose(&want);
	text_lines_split(&want, "b\n", 2);
	assert_false(hunk_place(&line, &file, &fit));
	text_lines_dispose(&want);
	text_lines_split(&want, "b", 1);
	assert_true(hunk_place(&line, &file, &fit));
	text_lines_dispose(&want);
	text_lines_dispose(&file);
}

GROUP(test_hunk_place)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_hunk_finds_its_place),
		cmocka_unit_test(a_text_has_lines),
		cmocka_unit_test(lines_are_equal_with_their_ends),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
