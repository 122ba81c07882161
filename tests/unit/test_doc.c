#include "json/doc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include <jansson.h>

#include "base/str.h"

static void
a_document_is_indented_json(void **state)
{
	const char *list[] = { "a", "b" };
	struct str out = { 0 };
	struct doc d = { .out = &out };
	(void)state;
	doc_open(&d, NULL, '{');
	doc_long(&d, "n", -3);
	doc_string(&d, "s", "x");
	doc_string(&d, "none", NULL);
	doc_bool(&d, "yes", true);
	doc_open(&d, "empty", '[');
	doc_close(&d, ']');
	doc_open(&d, "rows", '[');
	doc_open(&d, NULL, '{');
	doc_strings(&d, "l", list, 2);
	doc_close(&d, '}');
	doc_string(&d, NULL, "y");
	doc_close(&d, ']');
	doc_close(&d, '}');
	assert_string_equal(str_text(&out),
		"{\n  \"n\": -3,\n  \"s\": \"x\",\n  \"none\": null,\n  \"yes\": true,\n  \"empty\": [],\n"
		"  \"rows\": [\n    {\n      \"l\": [\"a\", \"b\"]\n    },\n    \"y\"\n  ]\n}\n");
	str_dispose(&out);
}

/* What we write, jansson must read back as it was. */
static void
any_text_survives(void **state)
{
	char all[260];
	size_t n = 0;
	struct str out = { 0 };
	(void)state;
	for (int c = 1; c < 128; c++)
		all[n++] = (char)c;
	strcpy(all + n, "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\\\"");
	doc_quote(&out, all);
	json_t *value = json_loadb(out.data, out.len, JSON_DECODE_ANY, NULL);
	assert_non_null(value);
	assert_string_equal(json_string_value(value), all);
	json_decref(value);
	str_dispose(&out);
}

/* Wherever it stands: eight bytes are looked at together. */
static void
each_byte_is_escaped_where_it_must_be(void **state)
{
	(void)state;
	for (int c = 1; c < 128; c++)
		for (size_t at = 0; at < 17; at++) {
			char text[18] = "xxxxxxxxxxxxxxxxx";
			struct str out = { 0 };
			text[at] = (char)c;
			doc_quote(&out, text);
			bool escaped = out.len > strlen(text) + 2;
			if (escaped != (c < 0x20 || c == '"' || c == '\\'))
				fail_msg("byte %d at %zu: %s", c, at, str_text(&out));
			str_dispose(&out);
		}
}

static void
what_is_no_utf8_is_replaced(void **state)
{
	struct str out = { 0 };
	(void)state;
	doc_quote(&out, "a\xe9 b\xe2\x82");
	assert_string_equal(str_text(&out), "\"a\xef\xbf\xbd b\xef\xbf\xbd\xef\xbf\xbd\"");
	str_dispose(&out);
}

GROUP(test_doc)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_is_indented_json),
		cmocka_unit_test(any_text_survives),
		cmocka_unit_test(each_byte_is_escaped_where_it_must_be),
		cmocka_unit_test(what_is_no_utf8_is_replaced),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
