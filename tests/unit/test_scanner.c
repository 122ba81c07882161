#include "json/scanner.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/str.h"

/* A letter for each piece; texts and numbers in full. */
static void
spell(struct str *out, const char *json, size_t len)
{
	struct scanner s;
	static const char letters[] = "{}[]ks#tfn.!";

	scanner_start(&s, json, len);
	for (;;) {
		enum piece piece = scanner_next(&s);
		str_add(out, letters[piece]);
		if (piece == PIECE_KEY || piece == PIECE_STRING)
			str_addf(out, "(%s)", s.text);
		if (piece == PIECE_NUMBER)
			str_addf(out, "(%g)", scanner_number(&s));
		if (piece == PIECE_BROKEN) {
			str_adds(out, s.cut ? "cut" : "");
			assert_int_equal(scanner_next(&s), PIECE_BROKEN);
		}
		if (piece == PIECE_BROKEN || piece == PIECE_END)
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
	for (size_t depth = SCANNER_DEPTH; depth <= SCANNER_DEPTH + 1; depth++) {
		struct scanner s;
		char json[2 * SCANNER_DEPTH + 2];
		memset(json, '[', depth);
		memset(json + depth, ']', depth);
		scanner_start(&s, json, 2 * depth);
		assert_int_equal(scanner_next(&s), PIECE_ARRAY);
		assert_int_equal(scanner_skip(&s), depth == SCANNER_DEPTH);
	}
}

static void
a_long_string_is_cut_at_a_character(void **state)
{
	(void)state;
	struct scanner s;
	struct str json = { 0 };

	str_add(&json, '"');
	for (int i = 0; i < SCANNER_TEXT; i++)
		str_adds(&json, "\xc3\xa4");
	str_add(&json, '"');
	scanner_start(&s, json.data, json.len);
	assert_int_equal(scanner_next(&s), PIECE_STRING);
	assert_true(s.too_long);
	assert_int_equal(s.len, SCANNER_TEXT);
	assert_int_equal(s.text[s.len], '\0');
	assert_int_equal(scanner_next(&s), PIECE_END);
	str_dispose(&json);
}

GROUP(test_scanner)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_comes_in_pieces),
		cmocka_unit_test(a_nul_ends_no_text),
		cmocka_unit_test(depth_is_bounded),
		cmocka_unit_test(a_long_string_is_cut_at_a_character),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
