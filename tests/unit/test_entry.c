#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "unit.h"

#include "fleet/entry.h"

#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

#define H "0123456789abcdef0123456789abcdef01234567"
#define P "89abcdef0123456789abcdef0123456789abcdef"

#define K80 "kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk"

static const struct mapping usual = { .name = "m", .file = "m.json", .items = "" };
static const struct mapping other = {
	.name = "o", .file = "o.json", .items = "/data",
	.field = { .human = "after", .parent = "before", .model = "llm" },
};

static const struct {
	const struct mapping *mapping;
	const char *text;
	const char *want;	/* "human parent model place" of each, or the error */
} rows[] = {
	/* the shapes in use */
	{ &usual, "[{\"human_commit_short\":\"01234567\",\"human_commit_full\":\"" H "\","
	          "\"parent_commit\":\"" P "\",\"model\":\"a/b\",\"docker_throughput\":null}]",
	  H " " P " a/b m.json: /0\n" },
	{ &usual, "[{\"human_commit_full\":\"" H "\",\"parent_commit_short\":\"89abcdef\","
	          "\"parent_commit_full\":\"" P "\",\"hardware\":\"H100\"}]",
	  H " " P " - m.json: /0\n" },
	{ &usual, "{\"human_commit\":\"" H "\",\"parent_commit\":\"" P "\",\"source\":\"existing\"}\n",
	  H " " P " - m.json: line 1\n" },
	{ &usual, "{\"01234567\":{\"commit_full\":\"" H "\",\"parent_commit\":\"" P "\",\"model\":\"x\"}}",
	  H " " P " x m.json: /01234567\n" },
	{ &usual, "{\"01234567\":{\"parent_commit\":\"" P "\"}}", "01234567 " P " - m.json: /01234567\n" },
	{ &other, "{\"data\":[{\"after\":\"" H "\",\"before\":\"" P "\",\"llm\":\"y\",\"model\":3}]}",
	  H " " P " y o.json: /data/0\n" },

	/* short hashes and upper case */
	{ &usual, "[{\"human_commit\":\"ABCDEF12\",\"parent_commit_short\":\"89AB\"}]",
	  "abcdef12 89ab - m.json: /0\n" },
	{ &usual, "[{\"human_commit\":\"" H "\",\"parent_commit\":\"" P "\",\"model\":null}]",
	  H " " P " - m.json: /0\n" },

	/* what is wrong is named */
	{ &usual, "[{\"human_commit\":\"" H "\"}]", "m.json: /0/parent_commit: missing: the parent commit" },
	{ &usual, "[{\"parent_commit\":\"" P "\"}]", "m.json: /0/human_commit_full: missing: the human commit" },
	{ &usual, "[{\"human_commit\":\"" H "\",\"parent_commit\":\"xyz\"}]",
	  "m.json: /0/parent_commit: \"xyz\": not 4 to 40 hex digits" },
	{ &usual, "[{\"human_commit\":\"" H "0\",\"parent_commit\":\"" P "\"}]",
	  "m.json: /0/human_commit: \"" H "0\": not 4 to 40 hex digits" },
	{ &usual, "[{\"human_commit\":7,\"parent_commit\":\"" P "\"}]",
	  "m.json: /0/human_commit: 7: not a string" },
	{ &usual, "[{\"human_commit\":\"" H "\",\"parent_commit\":\"" P "\",\"model\":[]}]",
	  "m.json: /0/model: []: not a string" },
	{ &usual, "[{\"human_commit\":\"" H "\",\"parent_commit\":\"" P "\",\"parent_commit_short\":\"abcdef01\"}]",
	  "m.json: /0/parent_commit_short: \"abcdef01\": is not the start of \"" P "\" in /parent_commit" },
	{ &usual, "{\"aaaaaaaa\":{\"commit_full\":\"" H "\",\"parent_commit\":\"" P "\"}}",
	  "m.json: /aaaaaaaa: the key is not the start of the entry's human commit" },
	{ &usual, "[[]]", "m.json: /0: []: not an object" },
	{ &other, "{\"data\":{\"" K80 "\":1}}", "o.json: /data/" K80 ": 1: not an object" },
	{ &other, "{\"data\":{\"" K80 "x\":1}}", "o.json: /data/" K80 "...: 1: not an object" },
	{ &usual, "{\"human_commit\":\"" H "\"}\n", "m.json: line 1: /parent_commit: missing: the parent commit" },
	{ &other, "{\"data\":[{\"human_commit\":\"" H "\",\"before\":\"" P "\"}]}",
	  "o.json: /data/0/after: missing: the human commit" },
	{ &usual, "[1", "m.json: /0: 1: not an object" },
	{ &usual, "[", "m.json:1:2: the text ends too early" },
};

static void
entries_are_read_or_the_place_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct entries e = { 0 };
		struct arena a = { 0 };
		struct error err = { 0 };
		struct str got = { 0 };
		if (entries_read(&e, rows[i].mapping, 3, rows[i].text, strlen(rows[i].text), &a, &err) < 0)
			str_adds(&got, err.text);
		for (size_t j = 0; !*err.text && j < e.n; j++) {
			const struct entry *x = &e.list[j];
			assert_int_equal(x->mapping, 3);
			str_addf(&got, "%s %s %s ", x->human, x->parent, x->model ? x->model : "-");
			entry_place(&got, rows[i].mapping, x);
			str_add(&got, '\n');
		}
		assert_string_equal(str_text(&got), rows[i].want);
		str_dispose(&got);
		entries_dispose(&e);
		arena_dispose(&a);
	}
}

GROUP(test_entry)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(entries_are_read_or_the_place_is_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
