#include "git/substitution.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/str.h"

static void
every_occurrence_is_replaced(void **state)
{
	(void)state;
	static const struct {
		const char *text, *from, *to, *want;
		size_t n;
	} rows[] = {
		{ "requires = <=3.12,>=3.9", "<=3.12", "<3.13", "requires = <3.13,>=3.9", 1 },
		{ "a a a", "a", "b", "b b b", 3 },
		{ "aaaa", "aa", "a", "aa", 2 },		/* what was put in is not searched */
		{ "aaa", "aa", "b", "ba", 1 },
		{ "abab", "ab", "", "", 2 },
		{ "abc", "x", "y", "abc", 0 },
		{ "", "x", "y", "", 0 },
		{ "x", "x", "xx", "xx", 1 },
		{ "a.c abc", "a.c", "-", "- abc", 1 },	/* no pattern: a dot is a dot */
		{ "a\\1", "\\1", "&", "a&", 1 },
		{ "one\r\ntwo\r\n", "\r\n", "\n", "one\ntwo\n", 2 },
		{ "caf\xc3\xa9", "\xc3\xa9", "e", "cafe", 1 },
		{ "no newline", "newline", "end", "no end", 1 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = { 0 };
		str_adds(&out, "kept ");
		assert_int_equal(substitution_apply(&out, rows[i].text, strlen(rows[i].text),
		                                    rows[i].from, rows[i].to),
		                 rows[i].n);
		assert_memory_equal(str_text(&out), "kept ", 5);
		assert_string_equal(str_text(&out) + 5, rows[i].want);
		assert_int_equal(out.len, 5 + strlen(rows[i].want));
		str_dispose(&out);
	}
}

static void
a_nul_byte_ends_nothing(void **state)
{
	(void)state;
	static const char text[] = "a\0b\0b";
	struct str out = { 0 };
	assert_int_equal(substitution_apply(&out, text, 5, "b", "cc"), 2);
	assert_int_equal(out.len, 7);
	assert_memory_equal(out.data, "a\0cc\0cc", 7);
	str_dispose(&out);

	assert_true(text_contains(text, 5, "b"));
	assert_false(text_contains(text, 2, "b"));
}

static void
a_text_contains_its_parts(void **state)
{
	(void)state;
	static const struct {
		const char *text, *needle;
		bool want;
	} rows[] = {
		{ "python <=3.12", "<=3.12", true },
		{ "python <=3.12", "<=3.13", false },
		{ "abc", "abc", true },
		{ "ab", "abc", false },
		{ "", "a", false },
		{ "a", "", true },
		{ "", "", true },
		{ "ABC", "abc", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_int_equal(text_contains(rows[i].text, strlen(rows[i].text), rows[i].needle),
		                 rows[i].want);
}

GROUP(test_substitution)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_occurrence_is_replaced),
		cmocka_unit_test(a_nul_byte_ends_nothing),
		cmocka_unit_test(a_text_contains_its_parts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
