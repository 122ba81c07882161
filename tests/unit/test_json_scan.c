#include "core/json_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"

/* A letter for each piece; texts and numbers in full. */
static void
spell(struct str *out, const char *json, size_t len)
{
	struct json_scan s;
	static const char letters[] = "{}[]ks#tfn.!";

	json_scan_start(&s, json, len);
	for (;;) {
		enum json_piece piece = json_scan_next(&s);
		str_add(out, letters[piece]);
		if (piece == JSON_PIECE_KEY || piece == JSON_PIECE_STRING)
			str_addf(out, "(%s)", s.text);
		if (piece == JSON_PIECE_NUMBER)
			str_addf(out, "(%g)", json_scan_number(&s));
		if (piece == JSON_PIECE_BROKEN) {
			str_adds(out, s.cut ? "cut" : "");
			assert_int_equal(json_scan_next(&s), JSON_PIECE_BROKEN);
		}
		if (piece == JSON_PIECE_BROKEN || piece == JSON_PIECE_END)
			return;
	}
}

static void
json_comes_in_pieces(void **state)
{
	(void)state;
	static const struct { const char *json, *want; } rows[] = {
		{ "{}", "{}." },
		{ "[]", "[]." },
		{ " [ 1 , -2.5e1 , 0, 0.5, 1E+2 ] ", "[#(1)#(-25)#(0)#(0.5)#(100)]." },
		{ "{\"a\":{\"b\":[true,false,null]}}", "{k(a){k(b)[tfn]}}." },
		{ "\"x\"", "s(x)." },
		{ "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "s(\"\\/\b\f\n\r\t)." },
		{ "\"\\u00e4\\u20ac\\ud83d\\ude00\"", "s(\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80)." },
		{ "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"", "s(\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80)." },
		{ "", "!cut" },
		{ "[", "[!cut" },
		{ "[1", "[#(1)!cut" },
		{ "[tru", "[!cut" },
		{ "{\"a\"", "{!cut" },
		{ "{\"a\":", "{k(a)!cut" },
		{ "\"\\u12", "!cut" },
		{ "[1,]", "[#(1)!" },
		{ "[,1]", "[!" },
		{ "{,}", "{!" },
		{ "{\"a\":1,}", "{k(a)#(1)!" },
		{ "{1:2}", "{!" },
		{ "{\"a\" 1}", "{!" },
		{ "[1}", "[#(1)!" },
		{ "01", "#(0)!" },
		{ "-", "!cut" },
		{ "1.", "!cut" },
		{ ".5", "!" },
		{ "1e", "!cut" },
		{ "+1", "!" },
		{ "nul", "!cut" },
		{ "nulx", "!" },
		{ "\"\t\"", "!" },
		{ "\"\\x\"", "!" },
		{ "\"\\ud800\"", "!" },
		{ "\"\\ud800\\u0041\"", "!" },
		{ "\"\\udc00\"", "!" },
		{ "\"\\u0000\"", "!" },
		{ "\"\xc0\x80\"", "!" },	/* overlong */
		{ "\"\xed\xa0\x80\"", "!" },	/* a surrogate */
		{ "\"\xf4\x90\x80\x80\"", "!" },	/* over U+10FFFF */
		{ "\"\x80\"", "!" },
		{ "\"\xe2\x82\"", "!" },
		{ "[] []", "[]!" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct str got = { 0 };
		spell(&got, rows[i].json, strlen(rows[i].json));
		assert_string_equal(str_text(&got), rows[i].want);
		str_dispose(&got);
	}
}

static void
a_nul_ends_no_text(void **state)
{
	(void)state;
	struct str got = { 0 };
	spell(&got, "[1]\0", 4);
	assert_string_equal(str_text(&got), "[#(1)]!");
	str_dispose(&got);
}

static void
depth_is_bounded(void **state)
{
	(void)state;
	for (size_t depth = JSON_SCAN_DEPTH; depth <= JSON_SCAN_DEPTH + 1; depth++) {
		struct json_scan s;
		char json[2 * JSON_SCAN_DEPTH + 2];
		memset(json, '[', depth);
		memset(json + depth, ']', depth);
		json_scan_start(&s, json, 2 * depth);
		assert_int_equal(json_scan_next(&s), JSON_PIECE_ARRAY);
		assert_int_equal(json_scan_skip(&s), depth == JSON_SCAN_DEPTH);
	}
}

static void
a_long_string_is_cut_at_a_character(void **state)
{
	(void)state;
	struct json_scan s;
	struct str json = { 0 };

	str_add(&json, '"');
	for (int i = 0; i < JSON_SCAN_TEXT; i++)
		str_adds(&json, "\xc3\xa4");
	str_add(&json, '"');
	json_scan_start(&s, json.data, json.len);
	assert_int_equal(json_scan_next(&s), JSON_PIECE_STRING);
	assert_true(s.too_long);
	assert_int_equal(s.len, JSON_SCAN_TEXT);
	assert_int_equal(s.text[s.len], '\0');
	assert_int_equal(json_scan_next(&s), JSON_PIECE_END);
	str_dispose(&json);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_comes_in_pieces),
		cmocka_unit_test(a_nul_ends_no_text),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(a_long_string_is_cut_at_a_character),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
