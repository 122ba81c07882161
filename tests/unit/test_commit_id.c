#include "base/commit_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/error.h"

#define ID "0123456789abcdef0123456789ABCDEF01234567"
#define LOWER "0123456789abcdef0123456789abcdef01234567"

static void
an_id_is_40_hex_digits(void **state)
{
	static const char *const bad[] = { "", "0123", LOWER "0", "0123456789abcdef0123456789abcdef0123456g",
	                                   " " LOWER, "../../../../../../../../../../../../etc/x" };
	struct commit_id id = { "untouched" };
	struct error err = { 0 };
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_int_equal(commit_id_parse(&id, bad[i], NULL), -1);
	assert_string_equal(id.hex, "untouched");
	assert_int_equal(commit_id_parse(&id, ID, &err), 0);
	assert_string_equal(id.hex, LOWER);
	assert_int_equal(commit_id_parse(&id, "12", &err), -1);
	assert_string_equal(err.text, "\"12\" is not 40 hex digits");
}

static void
a_prefix_is_4_to_40_hex_digits(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "abc", NULL }, { "ABCD", "abcd" }, { "abcg", NULL }, { LOWER, LOWER }, { LOWER "0", NULL },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char out[COMMIT_ID_HEX + 1] = "";
		int ret = commit_id_parse_prefix(out, rows[i].text, NULL);
		assert_int_equal(ret, rows[i].want ? 0 : -1);
		assert_string_equal(out, rows[i].want ? rows[i].want : "");
	}
}

static void
ids_compare(void **state)
{
	struct commit_id a = { LOWER }, b = { LOWER };
	(void)state;
	assert_true(commit_id_equal(&a, &b));
	b.hex[39] = '0';
	assert_false(commit_id_equal(&a, &b));
	assert_true(commit_id_has_prefix(&a, "0123"));
	assert_false(commit_id_has_prefix(&a, "0124"));
}

GROUP(test_commit_id)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_id_is_40_hex_digits),
		cmocka_unit_test(a_prefix_is_4_to_40_hex_digits),
		cmocka_unit_test(ids_compare),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
