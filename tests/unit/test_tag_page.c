#include "registry/tag_page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/error.h"
#include "base/str.h"

#define T128 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
add(void *user, const char *tag)
{
	str_addf(user, "%s ", tag);
}

static void
a_page_has_tags(void **state)
{
	(void)state;
	static const struct { const char *body, *tags; size_t n; } rows[] = {
		{ "{\"name\":\"a/b\",\"tags\":[\"x\",\"y\"]}", "x y ", 2 },
		{ " {\n\"tags\" : [ ] }\t", "", 0 },
		{ "{\"tags\":null,\"name\":\"a\"}", "", 0 },
		{ "{\"tags\":[\"x\",\"x\"]}", "x x ", 2 },
		{ "{\"tags\":[null,1,-2.5e3,true,{},[[]],{\"tags\":[\"no\"]},\"y\"]}", "y ", 8 },
		{ "{\"tags\":[\"\",\"-a\",\".a\",\"a b\",\"a/b\",\"\\u001b[31m\",\"\\u00e4\",\"ok\"]}", "ok ", 8 },
		{ "{\"tags\":[\"" T128 "\",\"" T128 "a\"]}", T128 " ", 2 },
		{ "{\"t\\u0061gs\":[\"\\u0078\"]}", "x ", 1 },
		{ "{\"other\":{\"tags\":[\"no\"]},\"tags\":[\"x\"]}", "x ", 1 },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tag_page page;
		struct str tags = { 0 };
		struct error err = { 0 };
		assert_int_equal(tag_page_parse(&page, rows[i].body, strlen(rows[i].body), add, &tags,
		                                &err), 0);
		assert_string_equal(str_text(&tags), rows[i].tags);
		assert_int_equal(page.n_items, rows[i].n);
		str_dispose(&tags);
	}
}

static void
what_is_no_page_tells_no_tag(void **state)
{
	(void)state;
	static const struct { const char *body, *error; bool cut; } rows[] = {
		{ "", "is JSON that ends too early", true },
		{ "{\"tags\":[\"x\",\"y\"", "is JSON that ends too early", true },
		{ "{\"tags\":[\"x\",\"y", "is JSON that ends too early", true },
		{ "{\"tags\":[\"x\"]", "is JSON that ends too early", true },
		{ "{\"tags\":[\"x\"]}x", "is not JSON", false },
		{ "{\"tags\":[\"x\",]}", "is not JSON", false },
		{ "{\"tags\":[\"x\"],}", "is not JSON", false },
		{ "{\"tags\":[\"x\" \"y\"]}", "is not JSON", false },
		{ "{\"tags\":[\"\xff\"]}", "is not JSON", false },
		{ "{\"tags\":[\"\\ud800\"]}", "is not JSON", false },
		{ "{\"tags\":[\"\\u0000\"]}", "is not JSON", false },
		{ "\xef\xbb\xbf{\"tags\":[]}", "is not JSON", false },
		{ "<html>", "is not JSON", false },
		{ "[\"x\"]", "is not a JSON object", false },
		{ "null", "is not a JSON object", false },
		{ "{}", "has no \"tags\"", false },
		{ "{\"errors\":[{\"code\":\"DENIED\"}]}", "has no \"tags\"", false },
		{ "{\"tags\":\"x\"}", "has \"tags\" that is not an array", false },
		{ "{\"tags\":{\"x\":1}}", "has \"tags\" that is not an array", false },
		{ "{\"tags\":[\"x\"],\"tags\":[\"y\"]}", "has \"tags\" twice", false },
		{ "{\"tags\":null,\"t\\u0061gs\":[\"y\"]}", "has \"tags\" twice", false },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct tag_page page;
		struct str tags = { 0 };
		struct error err = { 0 };
		assert_int_equal(tag_page_parse(&page, rows[i].body, strlen(rows[i].body), add, &tags,
		                                &err), -1);
		assert_string_equal(err.text, rows[i].error);
		assert_int_equal(page.cut, rows[i].cut);
		assert_string_equal(str_text(&tags), "");
		str_dispose(&tags);
	}
}

static void
nesting_has_an_end(void **state)
{
	(void)state;
	struct tag_page page;
	struct str body = { 0 };
	struct error err = { 0 };

	str_adds(&body, "{\"tags\":");
	for (int i = 0; i < 1000000; i++)
		str_add(&body, '[');
	assert_int_equal(tag_page_parse(&page, body.data, body.len, add, NULL, &err), -1);
	assert_string_equal(err.text, "is not JSON");
	str_dispose(&body);
}

GROUP(test_tag_page)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_has_tags),
		cmocka_unit_test(what_is_no_page_tells_no_tag),
		cmocka_unit_test(nesting_has_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
