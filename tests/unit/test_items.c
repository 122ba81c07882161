#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "unit.h"

#include "json/items.h"

#include <string.h>

#include "base/error.h"
#include "base/str.h"

/* Write each item down as "index:line:key=value;", with its members if it has some. */
static int
note(void *context, const struct item *item, struct error *err)
{
	(void)err;
	str_addf(context, "%zu:%zu:%s=", item->index, item->line, item->key ? item->key : "");
	if (!item->is_object)
		str_add_bytes(context, item->raw, item->raw_len);
	for (size_t i = 0; i < item->n_members; i++) {
		const struct member *m = &item->members[i];
		str_addf(context, "%s(%.*s)%s,", m->name, (int)m->raw_len, m->raw, m->text ? m->text : "");
	}
	str_add(context, ';');
	return 0;
}

static const struct {
	const char *text, *pointer;
	const char *want;	/* what was noted, or the error */
} rows[] = {
	{ "[]", "", "" },
	{ " [1, {\"a\": 2},\n \"x\"] \n", "", "0:0:=1;1:0:=a(2),;2:0:=\"x\";" },
	{ "{\"0abc\": {\"m\": 1}, \"1def\": {}}", "", "0:0:0abc=m(1),;1:0:1def=;" },
	{ "{\"a\": 1}\n\n{\"a\": 2}\n", "", "0:1:=a(1),;1:3:=a(2),;" },
	{ "{\"a\": 1}", "", "0:1:=a(1),;" },
	{ "[{\"a\": \"x\\u00e9\\n\" ,\"b\" :[{}], \"c\": null}]", "",
	  "0:0:=a(\"x\\u00e9\\n\")x\xc3\xa9\n,b([{}]),c(null),;" },
	{ "[{}, []]", "", "0:0:=;1:0:=[];" },

	/* a pointer */
	{ "{\"x\": 1, \"d\": [5, [6, 7]], \"y\": {}}", "/d/1", "0:0:=6;1:0:=7;" },
	{ "{\"a/b\": {\"m~n\": [1]}}", "/a~1b/m~0n", "0:0:=1;" },
	{ "{\"d\": {\"k\": 1}}", "/d", "0:0:k=1;" },
	{ "{\"d\": []}", "/e", "f: /e: no such member" },
	{ "{}", "/e", "f: /e: no such member" },
	{ "[[1]]", "/1", "f: /1: no such element" },
	{ "[]", "/0", "f: /0: no such element" },
	{ "{\"d\": 3}", "/d", "f:1:7: expected an array or an object" },
	{ "{\"d\": [1]} x", "/d", "f:1:12: more text follows the end of the value" },
	{ "{\"d\": [1], \"d\": [2]}", "/d", "f:1:12: duplicate object key" },

	/* broken texts */
	{ "", "", "f:1:1: the file is empty" },
	{ " \n ", "", "f:2:2: the file is empty" },
	{ "3", "", "f:1:1: expected an array or an object" },
	{ "[1", "", "f:1:3: the text ends too early" },
	{ "[1,", "", "f:1:4: the text ends too early" },
	{ "[1 2]", "", "f:1:4: ',' expected" },
	{ "[1] [2]", "", "f:1:5: more text follows the end of the value" },
	{ "{\"0abc\": {}, \"0abc\": {}}", "", "f:1:14: duplicate object key" },
	{ "{\"0abc\": {}, 5}", "", "f:1:14: expected a string as key" },
	{ "{\"0abc\": {} \"1abc\": {}}", "", "f:1:13: ',' expected" },
	{ "{\"a\": 1} {\"a\": 2}", "", "f:1:10: expected the end of the line" },
};

static void
items_come_in_order_or_the_place_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct str got = { 0 };
		struct error err = { 0 };
		int ret = items_each("f", rows[i].text, strlen(rows[i].text), rows[i].pointer, note,
		                     &got, &err);
		assert_string_equal(ret < 0 ? err.text : str_text(&got), rows[i].want);
		str_dispose(&got);
	}
}

/* jansson's own words follow the place. */
static void
what_jansson_refuses_has_a_place(void **state)
{
	static const struct { const char *text, *place; } bad[] = {
		{ "[{\"a\": 1, \"a\": 2}]", "f:1:" },
		{ "[\n \"\xff\"]", "f:2:" },
		{ "[\n {\"a\"  1}]", "f:2:" },
		{ "[\"\\u0000\"]", "f:1:" },
		{ "\xef\xbb\xbf[]", "f:1:1: " },
		{ "[{\"a\": tru}]", "f:1:" },
		{ "[{\"a\": \"\\x\"}]", "f:1:" },
		{ "[{\"a\": {\"b\": [}}]", "f:1:" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct str got = { 0 };
		struct error err = { 0 };
		assert_int_equal(items_each("f", bad[i].text, strlen(bad[i].text), "", note, &got, &err), -1);
		assert_memory_equal(err.text, bad[i].place, strlen(bad[i].place));
		str_dispose(&got);
	}
}

/* Few members are compared each with each, many are sorted first. */
static void
an_object_has_each_name_once(void **state)
{
	(void)state;
	for (unsigned n = 2; n < 40; n++) {
		struct str text = { 0 }, got = { 0 };
		struct error err = { 0 };

		str_adds(&text, "[{");
		for (unsigned i = 0; i < n; i++)
			str_addf(&text, "%s\"%u\": 1", i ? ", " : "", i * 7 % n);
		str_adds(&text, "}]");
		bool once = n % 7 != 0;
		int ret = items_each("f", str_text(&text), text.len, "", note, &got, &err);
		assert_int_equal(ret, once ? 0 : -1);
		if (!once)
			assert_non_null(strstr(err.text, "duplicate object key"));
		str_dispose(&text);
		str_dispose(&got);
	}
}

static void
what_is_nested_too_deep_is_refused(void **state)
{
	(void)state;
	struct str text = { 0 }, got = { 0 };
	struct error err = { 0 };

	for (unsigned i = 0; i < 70; i++)
		str_add(&text, '[');
	for (unsigned i = 0; i < 70; i++)
		str_add(&text, ']');
	assert_int_equal(items_each("f", str_text(&text), text.len, "", note, &got, &err), -1);
	assert_string_equal(err.text, "f:1:2: nested deeper than 64 levels");
	str_dispose(&text);
	str_dispose(&got);
}

static int
stop(void *context, const struct item *item, struct error *err)
{
	(void)context;
	return item->index == 1 ? error_set(err, "enough") : 0;
}

static void
a_visitor_can_stop(void **state)
{
	static const char *const texts[] = { "[1,2,3]", "{\"0abc\":{},\"0abd\":{},\"0abe\":{}}", "{}\n{}\n{}" };
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct error err = { 0 };
		assert_int_equal(items_each("f", texts[i], strlen(texts[i]), "", stop, NULL, &err), -1);
		assert_string_equal(err.text, "enough");
	}
}

GROUP(test_items)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(items_come_in_order_or_the_place_is_named),
		cmocka_unit_test(what_jansson_refuses_has_a_place),
		cmocka_unit_test(an_object_has_each_name_once),
		cmocka_unit_test(what_is_nested_too_deep_is_refused),
		cmocka_unit_test(a_visitor_can_stop),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
