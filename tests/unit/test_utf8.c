#include "base/utf8.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

#include "base/str.h"

static void
only_well_formed_characters_have_a_length(void **state)
{
	static const struct { const char *text; size_t len; } rows[] = {
		{ "", 0 }, { "a", 1 }, { "\x7f", 1 },
		{ "\x80", 0 }, { "\xc1\xbf", 0 }, { "\xc2\x80", 2 }, { "\xdf\xbf", 2 }, { "\xdf", 0 },
		{ "\xe0\x9f\xbf", 0 }, { "\xe0\xa0\x80", 3 }, { "\xed\x9f\xbf", 3 },
		{ "\xed\xa0\x80", 0 },	/* a surrogate */
		{ "\xef\xbf\xbf", 3 }, { "\xe2\x82", 0 }, { "\xe2\x28\xa1", 0 }, { "\xe2\x82\x28", 0 },
		{ "\xf0\x8f\xbf\xbf", 0 }, { "\xf0\x90\x80\x80", 4 }, { "\xf4\x8f\xbf\xbf", 4 },
		{ "\xf4\x90\x80\x80", 0 }, { "\xf5\x80\x80\x80", 0 }, { "\xff", 0 },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(utf8_len(rows[i].text), rows[i].len);
}

static void
what_would_move_or_hide_text_is_taken_out(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "plain \xc3\xa9 \xf0\x9f\x98\x80", "plain \xc3\xa9 \xf0\x9f\x98\x80" },
		{ "\x1b[31mred\r\n\t", "?[31mred???" },
		{ "csi \xc2\x9b" "1m", "csi ?1m" },
		{ "no-break \xc2\xa0.", "no-break \xc2\xa0." },
		{ "zero width \xe2\x80\x8b turned \xe2\x80\xae", "zero width ? turned ?" },
		{ "line \xe2\x80\xa8 isolate \xe2\x81\xa7 mark \xef\xbb\xbf", "line ? isolate ? mark ?" },
		{ "dash \xe2\x80\x94 quote \xe2\x80\x9c", "dash \xe2\x80\x94 quote \xe2\x80\x9c" },
		{ "latin \xe9t\xe9", "latin \xef\xbf\xbdt\xef\xbf\xbd" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str out = { 0 };
		utf8_add_clean(&out, rows[i].text);
		assert_string_equal(str_text(&out), rows[i].want);
		str_dispose(&out);
	}
}

static void
a_column_is_as_wide_as_it_says(void **state)
{
	static const struct { const char *text; size_t columns; const char *want; } rows[] = {
		{ "", 2, "  " },
		{ "ab", 4, "ab  " },
		{ "\xc3\xa9\xc3\xa9", 3, "\xc3\xa9\xc3\xa9 " },
		{ "abcd", 4, "abcd" },
		{ "abcde", 4, "abc\xe2\x80\xa6" },
		{ "abcde", 1, "\xe2\x80\xa6" },
		{ "a\nc\xff", 4, "a?c\xef\xbf\xbd" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str out = { 0 };
		utf8_add_column(&out, rows[i].text, rows[i].columns);
		assert_string_equal(str_text(&out), rows[i].want);
		assert_int_equal(utf8_columns(str_text(&out)), rows[i].columns);
		str_dispose(&out);
	}
}

GROUP(test_utf8)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_well_formed_characters_have_a_length),
		cmocka_unit_test(what_would_move_or_hide_text_is_taken_out),
		cmocka_unit_test(a_column_is_as_wide_as_it_says),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
