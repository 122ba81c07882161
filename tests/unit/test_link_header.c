#include "http/link_header.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/error.h"

/* Lines of a row are headers of their own. */
static size_t
split(const char **values, char *text)
{
	size_t n = 0;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		values[n++] = line;
	return n;
}

static void
the_next_page_is_found(void **state)
{
	(void)state;
	static const struct { const char *headers, *target, *error; } rows[] = {
		{ "", NULL, NULL },
		{ "</a?n=1>; rel=\"next\"", "/a?n=1", NULL },
		{ "</a>;rel=next", "/a", NULL },
		{ "</a> ; REL = \"Next\"", "/a", NULL },
		{ "<a,b;c>; rel=\"next\"", "a,b;c", NULL },
		{ "</p>; rel=\"prev\", </n>; rel=\"next\"", "/n", NULL },
		{ "</p>; rel=\"prev\"\n</n>; rel=\"next\"", "/n", NULL },
		{ "</n>; title=\"a, b; rel=prev\"; rel=\"last next\"", "/n", NULL },
		{ "</n>; rel=\"next\"; rel=\"prev\"", "/n", NULL },	/* the first counts */
		{ "</n>; rel=\"prev\"; rel=\"next\"", NULL, NULL },
		{ "</n>; rel=\"nextish\"", NULL, NULL },
		{ "</n>; rel", NULL, NULL },
		{ "</n>", NULL, NULL },
		{ ", ,</n>; rel=next,,", "/n", NULL },
		{ "</n>;; rel=next;", "/n", NULL },
		{ "</n>; rel=next, </n>; rel=next", "/n", NULL },
		{ "<>; rel=next", "", NULL },
		{ "<http://h:1/x>; rel=next", "http://h:1/x", NULL },
		{ "</n>; rel=next, </m>; rel=next", NULL, "it names two next pages: \"/n\" and \"/m\"" },
		{ "next", NULL, "Link \"next\" cannot be read" },
		{ "</n; rel=next", NULL, "Link \"</n; rel=next\" cannot be read" },
		{ "</n> rel=next", NULL, "Link \"</n> rel=next\" cannot be read" },
		{ "</n>; rel=\"next", NULL, "Link \"</n>; rel=\"next\" cannot be read" },
		{ "</n>; rel=next x", NULL, "Link \"</n>; rel=next x\" cannot be read" },
		{ "</n>; rel=next; anchor=\"#x\"", NULL, "Link \"/n\" is about another page" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		struct error err = { 0 };
		const char *values[8], *target;
		size_t n = split(values, arena_strdup(&a, rows[i].headers));

		int found = link_header_next(&target, values, n, &a, &err);
		assert_int_equal(found, rows[i].error ? -1 : rows[i].target ? 1 : 0);
		if (rows[i].error)
			assert_string_equal(err.text, rows[i].error);
		else if (rows[i].target)
			assert_string_equal(target, rows[i].target);
		else
			assert_null(target);
		arena_dispose(&a);
	}
}

GROUP(test_link_header)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_next_page_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
