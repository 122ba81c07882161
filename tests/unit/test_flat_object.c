#include "json/flat_object.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/str.h"
#include "json/pairs.h"

static void
members_are_written_and_read_back(void **state)
{
	struct arena a = { 0 };
	struct pairs s = { 0 };
	struct str out = { 0 };
	(void)state;
	flat_object_start(&out);
	flat_object_text(&out, "a", "x \"y\"\n\xff\xc3\xa9");
	flat_object_text(&out, "none", NULL);
	flat_object_long(&out, "n", -12);
	flat_object_tenths(&out, "s", 3.25);
	flat_object_end(&out);
	assert_string_equal(str_text(&out),
		"{\"a\":\"x \\\"y\\\"\\u000a\xef\xbf\xbd\xc3\xa9\",\"n\":-12,\"s\":3.2}");
	assert_int_equal(flat_object_read(&s, out.data, out.len, &a), 0);
	assert_int_equal(s.n, 3);
	assert_string_equal(pairs_get(&s, "a"), "x \"y\"\n\xef\xbf\xbd\xc3\xa9");
	assert_string_equal(pairs_get(&s, "n"), "-12");
	assert_string_equal(pairs_get(&s, "s"), "3.2");
	str_dispose(&out);
	pairs_dispose(&s);
	arena_dispose(&a);
}

static const struct { const char *text; int want; size_t n; } rows[] = {
	{ "{}", 0, 0 },
	{ " { \"a\" : 1 , \"b\" : true } ", 0, 2 },
	{ "{\"a\":{\"b\":[1,2]},\"c\":[],\"d\":null}", 0, 1 },
	{ "{\"a\":1", -1, 1 },
	{ "{\"a\":\"x", -1, 0 },
	{ "{\"a\"", -1, 0 },
	{ "{\"a\":1}{", -1, 1 },
	{ "[]", -1, 0 },
	{ "", -1, 0 },
	{ "7", -1, 0 },
};

static void
torn_lines_are_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct arena a = { 0 };
		struct pairs s = { 0 };
		assert_int_equal(flat_object_read(&s, rows[i].text, strlen(rows[i].text), &a), rows[i].want);
		assert_int_equal(s.n, rows[i].n);
		pairs_dispose(&s);
		arena_dispose(&a);
	}
}

GROUP(test_flat_object)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_are_written_and_read_back),
		cmocka_unit_test(torn_lines_are_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
