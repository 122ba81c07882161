#include "plan/recipe_book.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "json/pairs.h"

#define BOOK "[fleet]\nfleet=x\nz=[b]\n[b]\n[c]\na=[d]\n[d]\na=1\nb=2\n[dd]\na=3\n[f]\n"

static const struct { const char *book, *name, *want; } rows[] = {
	{ BOOK, "a", NULL },
	{ BOOK, "b", "" },
	{ BOOK, "bb", NULL },
	{ BOOK, "c", "a=[d]\n" },
	{ BOOK, "d", "a=1\nb=2\n" },
	{ BOOK, "dd", "a=3\n" },
	{ BOOK, "e", NULL },
	{ BOOK, "f", "" },
	{ BOOK, "g", NULL },
	{ BOOK, "fleet", NULL },	/* no image */
	{ "", "b", NULL },
	{ "[fleet]\n", "b", NULL },
	{ "[fleet]\n[b]", "b", "" },
	{ "no heading\n[fleet]\n[b]\nx", "b", "x" },
	{ "[", "b", NULL },
};

static void
a_section_is_found_by_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct recipe_section s;
		bool found = recipe_book_find(&s, rows[i].book, strlen(rows[i].book), rows[i].name);
		assert_int_equal(found, rows[i].want != NULL);
		if (found) {
			assert_int_equal(s.len, strlen(rows[i].want));
			assert_memory_equal(s.text, rows[i].want, s.len);
		}
	}
}

/* Of whatever length the others are, each of many is found. */
static void
each_of_many_is_found(void **state)
{
	struct str book = { 0 };
	char name[16];
	(void)state;

	str_adds(&book, "[fleet]\n");
	for (int i = 0; i < 500; i++)
		str_addf(&book, "[t%03d]\nlong=%*d\nn=%d\n", i, i % 7 * i, 0, i);
	for (int i = 0; i < 500; i++) {
		struct pairs pairs = { 0 };
		struct arena a = { 0 };
		snprintf(name, sizeof(name), "t%03d", i);
		assert_int_equal(recipe_book_read(&pairs, str_text(&book), book.len, name, "book", &a, NULL), 1);
		assert_int_equal(strtol(pairs_get(&pairs, "n"), NULL, 10), i);
		pairs_dispose(&pairs);
		arena_dispose(&a);
	}
	str_dispose(&book);
}

static void
sections_come_in_order(void **state)
{
	struct recipe_section s = { 0 };
	struct str names = { 0 };
	(void)state;

	while (recipe_book_next(&s, BOOK, strlen(BOOK))) {
		str_add_bytes(&names, s.name, s.name_len);
		str_add(&names, ' ');
	}
	assert_string_equal(str_text(&names), "fleet b c d dd f ");
	str_dispose(&names);
}

static void
what_is_no_pair_is_an_error(void **state)
{
	static const char book[] = "[fleet]\n[b]\nno pair\n";
	struct pairs pairs = { 0 };
	struct arena a = { 0 };
	struct error err = { 0 };
	(void)state;

	assert_int_equal(recipe_book_read(&pairs, book, strlen(book), "b", "book", &a, &err), -1);
	assert_string_equal(err.text, "book:1: \"no pair\" is not key=value");
	pairs_dispose(&pairs);
	arena_dispose(&a);
}

GROUP(test_recipe_book)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_section_is_found_by_its_name),
		cmocka_unit_test(each_of_many_is_found),
		cmocka_unit_test(sections_come_in_order),
		cmocka_unit_test(what_is_no_pair_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
