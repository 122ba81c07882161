#include "git/commit_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/str.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccc"
#define D "dddddddddddddddddddddddddddddddddddddddd"
#define T "1111111111111111111111111111111111111111"
#define NONE "0000000000000000000000000000000000000000"

#define LINE_A A " " T " " NONE " 7 first\n"
#define LINE_B B " " T " " A " -5 \n"
#define LINE_C C " " T " " B " 1600000000 a b  c\n"

static void
assert_fact(const char *fact, const char *parent, int64_t time, const char *subject)
{
	size_t len;

	assert_non_null(fact);
	assert_memory_equal(commit_fact_tree(fact), T, 40);
	assert_memory_equal(commit_fact_first_parent(fact), parent, 40);
	assert_int_equal(commit_fact_is_root(fact), strcmp(parent, NONE) == 0);
	assert_int_equal(commit_fact_time(fact), time);
	const char *got = commit_fact_subject(fact, &len);
	assert_int_equal(len, strlen(subject));
	assert_memory_equal(got, subject, len);
}

static void
what_is_read_is_what_was_added(void **state)
{
	(void)state;
	struct str text = { 0 };
	struct commit_facts f;

	str_adds(&text, COMMIT_FACTS_HEAD);
	commit_fact_add(&text, A, T, "", 7, "first");
	commit_fact_add(&text, C, T, B, 1600000000, "a b  c");
	assert_string_equal(str_text(&text), "commits 1\n" LINE_A LINE_C);
	commit_facts_start(&f, text.data, text.len);
	assert_null(commit_facts_next(&f, NONE));
	assert_fact(commit_facts_next(&f, A), NONE, 7, "first");
	assert_null(commit_facts_next(&f, B));
	const char *last = commit_facts_next(&f, C);
	assert_fact(last, B, 1600000000, "a b  c");
	assert_int_equal(commit_fact_len(last), strlen(LINE_C));
	assert_null(commit_facts_next(&f, D));

	commit_facts_start(&f, text.data, text.len);
	assert_fact(commit_facts_next(&f, C), B, 1600000000, "a b  c");
	str_dispose(&text);
}

static void
a_subject_stays_on_its_line(void **state)
{
	(void)state;
	struct str line = { 0 };

	commit_fact_add(&line, A, T, "", 7, "x\ny \xff z\x1b");
	assert_string_equal(str_text(&line), A " " T " " NONE " 7 x?y \xef\xbf\xbd z?\n");
	assert_fact(line.data, NONE, 7, "x?y \xef\xbf\xbd z?");
	str_dispose(&line);
}

static void
from_a_line_on_that_is_not_as_it_should_be_nothing_counts(void **state)
{
	(void)state;
	static const struct { const char *text; bool a, b; } rows[] = {
		{ "", false, false },
		{ "commits 2\n" LINE_A LINE_B, false, false },
		{ "commits 1\n" LINE_B LINE_A, false, true },
		{ "commits 1\n" LINE_A LINE_A LINE_B, true, true },
		{ "commits 1\n" LINE_A "x\n" LINE_B, true, false },
		{ "commits 1\n" LINE_A B " " T " " A " 5 cut", true, false },
		{ "commits 1\n" A " " T " " NONE " seven first\n" LINE_B, false, false },
		{ "commits 1\n" A " " T " " NONE " 7first\n" LINE_B, false, false },
		{ "commits 1\n" A " " T " " NONE " 7\n" LINE_B, false, false },
		{ "commits 1\n" A " " T " " NONE " - x\n" LINE_B, false, false },
		{ "commits 1\n" A " " T " " NONE " 1234567890123456789 x\n" LINE_B, false, false },
		{ "commits 1\n" A "0 " T " " NONE " 7 first\n" LINE_B, false, false },
		{ "commits 1\nA" LINE_A LINE_B, false, false },
	};
	struct commit_facts f;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		commit_facts_start(&f, rows[i].text, strlen(rows[i].text));
		bool a = commit_facts_next(&f, A), b = commit_facts_next(&f, B);
		if (a != rows[i].a || b != rows[i].b)
			fail_msg("row %zu: %d %d", i, a, b);
	}
	commit_facts_start(&f, NULL, 0);
	assert_null(commit_facts_next(&f, A));

	/* Torn: blocks of zeros are what a crash leaves. */
	char torn[] = "commits 1\n" LINE_A LINE_B;
	memset(torn + sizeof(torn) - 8, '\0', 6);
	commit_facts_start(&f, torn, sizeof(torn) - 1);
	assert_non_null(commit_facts_next(&f, A));
	assert_null(commit_facts_next(&f, B));
}

GROUP(test_commit_facts)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_what_was_added),
		cmocka_unit_test(a_subject_stays_on_its_line),
		cmocka_unit_test(from_a_line_on_that_is_not_as_it_should_be_nothing_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
