#include "record/ledger.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/str.h"

static const struct failure oom = {
	.time = "2026-11-24T05:00:00Z",
	.target = "baseline-b",
	.step = STEP_IMAGE,
	.class = FAILURE_OOM,
	.until = UNTIL_INPUT,
	.line = "Killed",
	.line_number = 7,
	.log = "out/logs/baseline-b/image.3.log",
	.attempts = 3,
	.jobs = 4,
	.input = "sha256:aa",
};

static const struct failure timeout = {
	.time = "2026-11-24T05:00:00Z",
	.target = "baseline-a",
	.step = STEP_IMAGE,
	.class = FAILURE_TIMEOUT,
	.until = UNTIL_DEADLINE,
	.log = "out/logs/baseline-a/image.1.log",
	.cause = "deadline of 60 s",
	.attempts = 1,
	.input = "sha256:bb",
	.deadline_s = 60,
};

static void
failures_are_written_and_read_back(void **state)
{
	struct arena a = { 0 };
	struct ledger l;
	struct str text = { 0 }, words = { 0 };
	size_t n;
	(void)state;
	ledger_add_failure(&text, &oom);
	ledger_add_failure(&text, &timeout);
	ledger_read(&l, text.data, text.len, &a);
	assert_int_equal(l.n, 2);
	assert_int_equal(l.skipped, 0);

	const struct failure *f = ledger_of(&n, &l, "baseline-b");
	assert_int_equal(n, 1);
	assert_int_equal(f->class, FAILURE_OOM);
	assert_int_equal(f->until, UNTIL_INPUT);
	assert_string_equal(f->time, oom.time);
	assert_string_equal(f->line, "Killed");
	assert_int_equal(f->line_number, 7);
	assert_int_equal(f->attempts, 3);
	assert_int_equal(f->jobs, 4);
	assert_string_equal(f->input, "sha256:aa");
	assert_null(f->cause);
	failure_describe(&words, f);
	assert_string_equal(str_text(&words),
	                    "image failed: oom: Killed (out/logs/baseline-b/image.3.log:7)");

	f = ledger_of(&n, &l, "baseline-a");
	assert_int_equal(n, 1);
	assert_int_equal(f->deadline_s, 60);
	assert_null(f->line);
	str_clear(&words);
	failure_describe(&words, f);
	assert_string_equal(str_text(&words),
	                    "image failed: timeout: deadline of 60 s (out/logs/baseline-a/image.1.log)");

	assert_null(ledger_of(&n, &l, "baseline-"));
	assert_int_equal(n, 0);
	str_dispose(&text);
	str_dispose(&words);
	arena_dispose(&a);
}

/* Each row: what is appended, and how many failures of baseline-b are then left. */
static void
the_last_word_counts(void **state)
{
	static const struct { const char *line; size_t left; } rows[] = {
		{ "{\"target\":\"baseline-b\",\"step\":\"image\",\"class\":\"oom\",\"until\":\"input\"}\n", 1 },
		{ "{\"target\":\"baseline-b\",\"step\":\"image\",\"class\":\"auth\",\"until\":\"world\"}\n", 1 },
		{ "{\"target\":\"baseline-b\",\"step\":\"verify\",\"class\":\"oom\",\"until\":\"input\"}\n", 2 },
		{ "{\"target\":\"baseline-c\",\"step\":\"*\",\"cleared\":\"forgotten\"}\n", 2 },
		{ "{\"target\":\"baseline-b\",\"step\":\"image\",\"cleared\":\"succeeded\"}\n", 1 },
		{ "{\"target\":\"baseline-b\",\"st\n", 1 },
		{ "{\"target\":\"baseline-b\",\"step\":\"image\",\"class\":\"new-class\",\"until\":\"input\"}\n", 1 },
		{ "{\"target\":\"baseline-b\",\"step\":\"squash\",\"class\":\"oom\",\"until\":\"input\"}\n", 1 },
		{ "\n", 1 },
		{ "{\"target\":\"baseline-b\",\"step\":\"push\",\"class\":\"auth\",\"until\":\"world\"}\n", 2 },
		{ "{\"target\":\"baseline-b\",\"step\":\"*\",\"cleared\":\"forgotten\"}\n", 0 },
		{ "{\"target\":\"baseline-b\",\"step\":\"image\",\"class\":\"oom\",\"until\":\"input\"}", 1 },
	};
	struct arena a = { 0 };
	struct str text = { 0 };
	struct ledger l;
	size_t n;
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		str_adds(&text, rows[i].line);
		ledger_read(&l, text.data, text.len, &a);
		ledger_of(&n, &l, "baseline-b");
		assert_int_equal(n, rows[i].left);
	}
	assert_int_equal(l.skipped, 3);
	str_dispose(&text);
	arena_dispose(&a);
}

static void
many_targets_are_sorted(void **state)
{
	struct arena a = { 0 };
	struct str text = { 0 };
	struct ledger l;
	(void)state;
	for (unsigned i = 0; i < 3000; i++) {
		struct failure f = oom;
		f.target = arena_printf(&a, "baseline-%04u", i * 7 % 1000);
		f.step = i / 1000 == 1 ? STEP_IMAGE : STEP_VERIFY;
		ledger_add_failure(&text, &f);
	}
	ledger_read(&l, text.data, text.len, &a);
	assert_int_equal(l.n, 2000);
	for (size_t i = 1; i < l.n; i++)
		assert_true(strcmp(l.failures[i - 1].target, l.failures[i].target) <= 0);
	for (unsigned i = 0; i < 1000; i++) {
		size_t n;
		assert_non_null(ledger_of(&n, &l, arena_printf(&a, "baseline-%04u", i)));
		assert_int_equal(n, 2);
	}
	str_dispose(&text);
	arena_dispose(&a);
}

static void
a_change_lets_go(void **state)
{
	struct failure world = oom, jobs = oom;
	(void)state;
	world.until = UNTIL_WORLD;
	jobs.until = UNTIL_JOBS;
	assert_true(failure_holds(&oom, "sha256:aa", 1000, 32));
	assert_false(failure_holds(&oom, "sha256:ab", 1000, 32));
	assert_true(failure_holds(&timeout, "sha256:bb", 60, 32));
	assert_true(failure_holds(&timeout, "sha256:bb", 30, 32));
	assert_false(failure_holds(&timeout, "sha256:bb", 61, 32));
	assert_false(failure_holds(&timeout, "sha256:bc", 60, 32));
	assert_false(failure_holds(&world, "sha256:aa", 1000, 32));
	assert_true(failure_holds(&jobs, "sha256:aa", 1000, 4));
	assert_true(failure_holds(&jobs, "sha256:aa", 1000, 56));
	assert_false(failure_holds(&jobs, "sha256:aa", 1000, 3));
	assert_false(failure_holds(&jobs, "sha256:ab", 1000, 32));
}

GROUP(test_ledger)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(failures_are_written_and_read_back),
		cmocka_unit_test(the_last_word_counts),
		cmocka_unit_test(many_targets_are_sorted),
		cmocka_unit_test(a_change_lets_go),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
