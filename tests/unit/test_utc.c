#include "base/utc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/str.h"

static void
moments_are_text(void **state)
{
	(void)state;
	static const struct { int64_t at_s; const char *text; } rows[] = {
		{ 0, "1970-01-01T00:00:00Z" },
		{ 1700000000, "2023-11-14T22:13:20Z" },
		{ 951782400, "2000-02-29T00:00:00Z" },
		{ INT64_C(253402300799), "9999-12-31T23:59:59Z" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[UTC_SIZE];
		int64_t at_s;
		utc_text(text, rows[i].at_s);
		assert_string_equal(text, rows[i].text);
		assert_true(utc_parse(&at_s, text));
		assert_int_equal(at_s, rows[i].at_s);
	}
	char text[UTC_SIZE];
	utc_text(text, INT64_MAX);
	assert_string_equal(text, "9999-12-31T23:59:59Z");
	utc_text(text, -1);
	assert_string_equal(text, "1970-01-01T00:00:00Z");
}

static void
other_forms_are_refused(void **state)
{
	(void)state;
	static const char *const rows[] = {
		"", "2023-11-14", "2023-11-14T22:13:20", "2023-11-14 22:13:20Z", "2023-11-14T22:13:20Z ",
		" 2023-11-14T22:13:20Z", "2023-1-4T22:13:20Z", "2023-02-31T00:00:00Z",
		"2023-11-14T24:00:00Z", "2023-11-14T22:13:60Z", "2023-11-14T22:13:20+00:00",
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t at_s = 7;
		assert_false(utc_parse(&at_s, rows[i]));
		assert_int_equal(at_s, 7);
	}
}

static void
an_age_has_one_unit(void **state)
{
	(void)state;
	static const struct { int64_t age_s; const char *text; } rows[] = {
		{ -5, "0 s" }, { 0, "0 s" }, { 119, "119 s" }, { 120, "2 min" }, { 7199, "119 min" },
		{ 7200, "2 h" }, { 172799, "47 h" }, { 172800, "2 days" }, { 8640000, "100 days" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = { 0 };
		utc_add_age(&out, rows[i].age_s);
		assert_string_equal(out.data, rows[i].text);
		str_dispose(&out);
	}
}

GROUP(test_utc)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(moments_are_text),
		cmocka_unit_test(other_forms_are_refused),
		cmocka_unit_test(an_age_has_one_unit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
