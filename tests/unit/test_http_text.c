#include "http/http_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/str.h"

#define NOW 1700000000	/* Tue, 14 Nov 2023 22:13:20 GMT */

static void
retry_after_is_seconds_or_a_date(void **state)
{
	(void)state;
	static const struct { const char *value; bool ok; int64_t wait_s; } rows[] = {
		{ "0", true, 0 },
		{ "120", true, 120 },
		{ "000120", true, 120 },
		{ "Tue, 14 Nov 2023 22:13:50 GMT", true, 30 },
		{ "Tuesday, 14-Nov-23 22:13:50 GMT", true, 30 },
		{ "Tue Nov 14 22:13:50 2023", true, 30 },
		{ "Tue, 14 Nov 2023 22:13:10 GMT", true, 0 },	/* past */
		{ "Thu, 01 Jan 1970 00:00:00 GMT", true, 0 },
		{ "99999999999999999999999999", true, 315360000 },
		{ "Fri, 31 Dec 9999 23:59:59 GMT", true, 315360000 },
		{ "", false, 0 },
		{ "-1", false, 0 },
		{ "+1", false, 0 },
		{ "1.5", false, 0 },
		{ "1 s", false, 0 },
		{ "soon", false, 0 },
		{ "Tue, 14 Nov 2023 22:13:50", false, 0 },
		{ "Tue, 14 Nov 2023 22:13:50 GMT and then", false, 0 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t wait_s = 0;
		assert_int_equal(http_text_retry_after(&wait_s, rows[i].value, NOW), rows[i].ok);
		assert_int_equal(wait_s, rows[i].wait_s);
	}
}

static void
a_value_is_a_token_or_quoted(void **state)
{
	(void)state;
	static const struct { const char *text, *value, *rest; } rows[] = {
		{ "abc def", "abc", " def" },
		{ "\"a b\";", "a b", ";" },
		{ "\"a\\\"b\\\\c\"", "a\"b\\c", "" },
		{ "\"\"", "", "" },
		{ "\"tab\tin\"", "tab\tin", "" },
		{ "\"open", NULL, NULL },
		{ "\"open\\", NULL, NULL },
		{ "\"bell\a\"", NULL, NULL },
		{ "", NULL, NULL },
		{ ",", NULL, NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		const char *value = NULL;
		const char *rest = http_text_value(&value, rows[i].text, &a);
		if (rows[i].rest) {
			assert_string_equal(value, rows[i].value);
			assert_string_equal(rest, rows[i].rest);
		} else {
			assert_null(rest);
		}
		arena_dispose(&a);
	}
}

static void
base64_stands_for_bytes(void **state)
{
	(void)state;
	static const struct { const char *text, *bytes; } rows[] = {
		{ "", "" }, { "Zg==", "f" }, { "Zm8=", "fo" }, { "Zm9v", "foo" }, { "Zm9vYg==", "foob" },
		{ "//79", "\xff\xfe\xfd" }, { "dXNlcjpwYXNz", "user:pass" },
		{ "Zm8", "fo" }, { "Zg", "f" },		/* padding left out */
		{ "Z", NULL }, { "Zm9vA", NULL }, { "Zg=", NULL }, { "Zg===", NULL }, { "=", NULL },
		{ "Zm9v=", NULL }, { "Zm 9v", NULL }, { "Zm9v\n", NULL }, { "Zm-_", NULL },
		{ "Zg==Zg==", NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str out = { 0 };
		assert_int_equal(http_text_base64(&out, rows[i].text), rows[i].bytes != NULL);
		if (rows[i].bytes)
			assert_string_equal(str_text(&out), rows[i].bytes);
		str_dispose(&out);
	}
}

GROUP(test_http_text)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(retry_after_is_seconds_or_a_date),
		cmocka_unit_test(a_value_is_a_token_or_quoted),
		cmocka_unit_test(base64_stands_for_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
