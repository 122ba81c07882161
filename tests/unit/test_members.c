#include "json/members.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "json/doc.h"

struct thing {
	const char *name, *inner_name, *extra;
	struct texts texts;
	struct values values;
	long number, inner_number;
	unsigned colour, way;
};

static const char *
colour_word(unsigned colour)
{
	static const char *const words[] = { "red", "green", "blue" };
	return words[colour];
}

static const char *
way_word(unsigned way)
{
	static const char *const words[] = { NULL, "by land" };
	return words[way];
}

#define ROW(name, type, ...) MEMBERS_ROW(name, type, struct thing, __VA_ARGS__)

static const struct members_row inner[] = {
	ROW("name", TEXT, inner_name),
	ROW("number", LONG, inner_number),
	{ .key = NULL }
};

static const struct members_row table[] = {
	ROW("name", TEXT, name),
	ROW("texts", TEXTS, texts),
	ROW("number", LONG, number),
	ROW("colour", WORD, colour, .word = colour_word, .n_words = 3),
	ROW("way", WORD, way, .word = way_word, .n_words = 2),
	ROW("inner", OBJECT, inner_name, .members = inner),
	ROW("extra", TEXT, extra, .with = offsetof(struct thing, inner_name)),
	ROW("values", VALUES, values, .is_ours = true),
	{ .key = NULL }
};

static struct arena arena;
static struct error err;

static int
teardown(void **state)
{
	(void)state;
	arena_dispose(&arena);
	err = (struct error){ 0 };
	return 0;
}

static const char *
written(const struct thing *thing, bool dense)
{
	struct str out = { 0 };
	struct doc d = { .out = &out, .dense = dense };

	doc_open(&d, NULL, '{');
	members_write(&d, table, thing);
	doc_close(&d, '}');
	const char *text = arena_strdup(&arena, str_text(&out));
	str_dispose(&out);
	return text;
}

static int
read_text(struct thing *out, const char *text, members_other *other)
{
	struct members_reader r = { .file = "f", .arena = &arena, .err = &err };

	*out = (struct thing){ 0 };
	scanner_start(&r.scan, text, strlen(text));
	assert_int_equal(scanner_next(&r.scan), PIECE_OBJECT);
	return members_read(&r, table, other, out);
}

static const char *list[] = { "a", "b\n\"" };
static struct name_value pairs[] = { { "X", "1" }, { "Y", "" } };
static const struct thing full = {
	.name = "n", .inner_name = "i", .extra = "e", .texts = { list, 2 }, .values = { pairs, 2 },
	.number = -7, .inner_number = 8, .colour = 2, .way = 1,
};

static void
what_is_dense_is_read_back(void **state)
{
	struct thing back;
	(void)state;
	const char *text = written(&full, true);
	assert_string_equal(text, "{\"name\":\"n\",\"texts\":[\"a\",\"b\\u000a\\\"\"],\"number\":-7,"
	                    "\"colour\":\"blue\",\"way\":\"by land\",\"inner\":{\"name\":\"i\",\"number\":8},"
	                    "\"extra\":\"e\",\"values\":{\"X\":\"1\",\"Y\":\"\"}}");
	assert_int_equal(read_text(&back, text, NULL), 0);
	assert_string_equal(written(&back, true), text);
}

/* The scanner keeps no more than the start of a long string. */
static void
texts_may_be_long(void **state)
{
	char *longs = arena_alloc(&arena, 3 * SCANNER_TEXT);
	const char *several[] = { "a", longs, "b", longs };
	struct name_value value = { "X", longs };
	struct thing thing = { .name = longs, .texts = { several, 4 }, .values = { &value, 1 } }, back;
	(void)state;
	memset(longs, '\\', 2 * SCANNER_TEXT);
	const char *text = written(&thing, true);
	assert_int_equal(read_text(&back, text, NULL), 0);
	assert_string_equal(back.name, longs);
	assert_string_equal(back.values.list[0].value, longs);
	assert_string_equal(written(&back, true), text);
}

static void
what_is_empty_is_left_out(void **state)
{
	struct thing nothing = { 0 }, back;
	(void)state;
	assert_string_equal(written(&nothing, true), "{\"colour\":\"red\"}");
	assert_int_equal(read_text(&back, "{}", NULL), 0);
	assert_memory_equal(&back, &nothing, sizeof(back));
}

/* For others, each member is there, but for those that are ours. */
static void
a_document_says_what_is_not_there(void **state)
{
	struct thing nothing = { 0 };
	(void)state;
	assert_string_equal(written(&nothing, false), "{\n  \"name\": null,\n  \"texts\": [],\n  \"number\": 0,\n"
	                    "  \"colour\": \"red\",\n  \"way\": null,\n  \"inner\": null\n}\n");
	assert_non_null(strstr(written(&full, false), "\"extra\": \"e\"\n"));
	assert_null(strstr(written(&full, false), "values"));
}

static void
members_come_in_any_order(void **state)
{
	struct thing back;
	(void)state;
	assert_int_equal(read_text(&back, "{\"number\":1,\"unknown\":[{\"name\":1}],\"name\":\"x\",\"number\":2,"
	                           "\"a_very_long_name_of_a_member_that_is_not_ours\":{},\"way\":\"by air\"}",
	                           NULL), 0);
	assert_string_equal(back.name, "x");
	assert_int_equal(back.number, 2);
	assert_int_equal(back.way, 0);	/* its 0 has no name: any other word is that */
}

static void
what_is_wrong_is_said_with_its_place(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "{\"name\":1}", "f: /name: not a string" },
		{ "{\"name\":\"x", "f: not the JSON that gen writes; run gen" },
		{ "{\"name\":\"x\"", "f: not the JSON that gen writes; run gen" },
		{ "{\"texts\":{}}", "f: /texts: not an array" },
		{ "{\"texts\":[\"a\",1]}", "f: /texts: not an array of strings" },
		{ "{\"values\":[]}", "f: /values: not an object" },
		{ "{\"values\":{\"X\":null}}", "f: /values: not an object of strings" },
		{ "{\"number\":\"1\"}", "f: /number: not a number" },
		{ "{\"number\":1e99}", "f: /number: not a number" },
		{ "{\"colour\":\"pink\"}", "f: /colour: neither red, green nor blue" },
		{ "{\"colour\":null}", "f: /colour: neither red, green nor blue" },
		{ "{\"way\":1}", "f: /way: neither null nor by land" },
		{ "{\"inner\":[]}", "f: /inner: not an object" },
		{ "{\"inner\":{\"number\":true}}", "f: /inner/number: not a number" },
		{ "{\"unknown\":[}", "f: not the JSON that gen writes; run gen" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct thing back;
		err = (struct error){ 0 };
		assert_int_equal(read_text(&back, rows[i].text, NULL), -1);
		assert_string_equal(err.text, rows[i].want);
	}
}

/* Of other keys, one is read, one is left out, and one ends it. */
static int
take_other(struct members_reader *r, const char *key, void *object)
{
	struct thing *thing = object;

	if (strcmp(key, "stop") == 0)
		return MEMBERS_STOP;
	if (strcmp(key, "twice") != 0)
		return 0;
	assert_int_equal(scanner_next(&r->scan), PIECE_NUMBER);
	thing->number = 2 * (long)scanner_number(&r->scan);
	return 1;
}

static void
other_members_are_the_callers(void **state)
{
	struct thing back;
	(void)state;
	assert_int_equal(read_text(&back, "{\"twice\":4,\"other\":[1],\"name\":\"x\",\"stop\":\"", take_other),
	                 MEMBERS_STOP);
	assert_int_equal(back.number, 8);
	assert_string_equal(back.name, "x");
}

GROUP(test_members)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_is_dense_is_read_back),
		TEST(texts_may_be_long),
		TEST(what_is_empty_is_left_out),
		TEST(a_document_says_what_is_not_there),
		TEST(members_come_in_any_order),
		TEST(what_is_wrong_is_said_with_its_place),
		TEST(other_members_are_the_callers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
