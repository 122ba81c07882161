#include "core/commit_facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sink.h"

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccc"
#define T "1111111111111111111111111111111111111111"
#define NONE "0000000000000000000000000000000000000000"

#define LINE_A A " " T " " NONE " 7 first\n"
#define LINE_B B " " T " " A " -5 \n"
#define LINE_C C " " T " " B " 1600000000 a b  c\n"

static void
assert_written(struct commit_facts *f, const char *want)
{
	struct sink out = { 0 };
	struct error err = { 0 };

	assert_int_equal(commit_facts_write(&out, f, &err), 0);
	assert_string_equal(str_text(&out.text), want);
	sink_dispose(&out);
}

static void
assert_fact(const struct commit_fact *fact, const char *parent, int64_t time, const char *subject)
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
	static const char text[] = "commits 1\n" LINE_A LINE_C;
	struct arena a = { 0 };
	struct commit_facts f;

	commit_facts_init(&f, text, strlen(text), 2, &a);
	assert_null(commit_facts_find(&f, B));
	struct commit_fact *added = commit_facts_add(&f, B, T, A, -5, "");
	assert_ptr_equal(commit_facts_find(&f, B), added);
	assert_fact(added, A, -5, "");
	assert_fact(commit_facts_find(&f, A), NONE, 7, "first");
	assert_fact(commit_facts_find(&f, C), B, 1600000000, "a b  c");
	commit_facts_find(&f, A)->asked = true;
	added->asked = true;
	assert_written(&f, "commits 1\n" LINE_A LINE_B);
	arena_dispose(&a);
}

static void
a_subject_stays_on_its_line(void **state)
{
	(void)state;
	struct arena a = { 0 };
	struct commit_facts f;

	commit_facts_init(&f, NULL, 0, 1, &a);
	commit_facts_add(&f, A, T, "", 7, "x\ny \xff z\x1b")->asked = true;
	assert_fact(commit_facts_find(&f, A), NONE, 7, "x?y \xef\xbf\xbd z?");
	assert_written(&f, "commits 1\n" A " " T " " NONE " 7 x?y \xef\xbf\xbd z?\n");
	arena_dispose(&a);
}

static void
what_is_not_as_it_should_be_counts_as_nothing(void **state)
{
	(void)state;
	static const char *const texts[] = {
		"", "commits 2\n" LINE_A, "commits 1\n" LINE_B LINE_A, "commits 1\n" LINE_A LINE_A,
		"commits 1\n" LINE_A "x\n", "commits 1\n" LINE_A B " " T " " A " 5 cut",
		"commits 1\n" A " " T " " NONE " seven first\n", "commits 1\n" A " " T " " NONE " 7first\n",
		"commits 1\n" A " " T " " NONE " 7\n", "commits 1\n" A " " T " " NONE " - x\n",
		"commits 1\n" A " " T " " NONE " 1234567890123456789 x\n",
		"commits 1\n" A "0 " T " " NONE " 7 first\n", "commits 1\nA" LINE_A,
	};
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		struct arena a = { 0 };
		struct commit_facts f;
		commit_facts_init(&f, texts[i], strlen(texts[i]), 1, &a);
		assert_int_equal(f.n, 0);
		assert_null(commit_facts_find(&f, A));
		commit_facts_add(&f, A, T, "", 7, "first")->asked = true;
		assert_written(&f, "commits 1\n" LINE_A);
		arena_dispose(&a);
	}

	/* Torn: blocks of zeros are what a crash leaves. */
	char torn[] = "commits 1\n" LINE_A LINE_B;
	memset(torn + sizeof(torn) - 8, '\0', 6);
	struct arena a = { 0 };
	struct commit_facts f;
	commit_facts_init(&f, torn, sizeof(torn) - 1, 0, &a);
	assert_int_equal(f.n, 0);
	arena_dispose(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_read_is_what_was_added),
		cmocka_unit_test(a_subject_stays_on_its_line),
		cmocka_unit_test(what_is_not_as_it_should_be_counts_as_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
