#include "step/attempt.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

#include "base/str.h"
#include "logs/classify.h"

static const struct {
	struct attempt_facts facts;
	enum failure_class text, want;
	bool by_fact;
	const char *cause;
} judgements[] = {
	{ { .status = 1, .disk_free_mb = -1 }, FAILURE_COMPILE_ERROR, FAILURE_COMPILE_ERROR, false,
	  "exit status 1" },
	{ { .deadline_hit = true, .deadline_s = 60, .disk_free_mb = -1 }, FAILURE_OOM, FAILURE_TIMEOUT,
	  true, "deadline of 60 s" },
	{ { .deadline_hit = true, .deadline_s = 60, .disk_free_mb = -1 }, FAILURE_TIMEOUT,
	  FAILURE_TIMEOUT, true, "deadline of 60 s" },
	{ { .status = 1, .oom_kills = 2, .disk_free_mb = -1 }, FAILURE_COMPILE_ERROR, FAILURE_OOM, true,
	  "the kernel killed 2 processes because memory ran out" },
	{ { .status = 1, .oom_kills = 1, .disk_free_mb = -1 }, FAILURE_OOM, FAILURE_OOM, false,
	  "the kernel killed 1 process because memory ran out" },
	{ { .status = 1, .oom_kills = 1, .disk_free_mb = -1 }, FAILURE_RATE_LIMIT, FAILURE_RATE_LIMIT,
	  false, "exit status 1" },
	{ { .status = 1, .engine_gone = true, .disk_free_mb = -1 }, FAILURE_UNKNOWN,
	  FAILURE_BUILDER_LOST, true, "the engine does not answer" },
	{ { .status = 1, .engine_gone = true, .oom_kills = 1, .disk_free_mb = -1 },
	  FAILURE_BUILDER_LOST, FAILURE_OOM, true, "the kernel killed 1 process because memory ran out" },
	{ { .status = 1, .disk_free_mb = 12 }, FAILURE_LINK_ERROR, FAILURE_DISK_FULL, true,
	  "12 MB of disk are free" },
	{ { .status = 1, .disk_free_mb = 100 }, FAILURE_LINK_ERROR, FAILURE_LINK_ERROR, false,
	  "exit status 1" },
	{ { .status = 137, .oom_kills = -1, .disk_free_mb = -1 }, FAILURE_UNKNOWN, FAILURE_OOM, true,
	  "exit status 137" },
	{ { .status = 137, .disk_free_mb = -1 }, FAILURE_UNKNOWN, FAILURE_BUILDER_LOST, true,
	  "exit status 137" },
	{ { .status = 137, .disk_free_mb = -1 }, FAILURE_OOM, FAILURE_OOM, false, "exit status 137" },
	{ { .status = 137, .disk_free_mb = -1 }, FAILURE_NETWORK, FAILURE_NETWORK, false,
	  "exit status 137" },
	{ { .signal = 9, .oom_kills = -1, .disk_free_mb = -1 }, FAILURE_UNKNOWN, FAILURE_OOM, true,
	  "ended by signal 9 (Killed)" },
	{ { .signal = 9, .disk_free_mb = -1 }, FAILURE_UNKNOWN, FAILURE_BUILDER_LOST, true,
	  "ended by signal 9 (Killed)" },
	{ { .status = 139, .disk_free_mb = -1 }, FAILURE_UNKNOWN, FAILURE_COMPILER_CRASH, true,
	  "exit status 139" },
	{ { .signal = 11, .disk_free_mb = -1 }, FAILURE_UNKNOWN, FAILURE_COMPILER_CRASH, true,
	  "ended by signal 11 (Segmentation fault)" },
	{ { .status = 255, .disk_free_mb = -1 }, FAILURE_UNKNOWN, FAILURE_UNKNOWN, false,
	  "exit status 255" },
	{ { .keeper_lost = true, .disk_free_mb = -1 }, FAILURE_UNKNOWN, FAILURE_UNKNOWN, false,
	  "its keeper process was killed" },
};

static void
facts_outrank_the_log(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(judgements) / sizeof(*judgements); i++) {
		struct finding f = { .class = judgements[i].text };
		struct judgement got;
		struct str cause = { 0 };
		attempt_judge(&got, &judgements[i].facts, &f);
		attempt_describe_fact(&cause, &judgements[i].facts, got.class);
		if (got.class != judgements[i].want || got.by_fact != judgements[i].by_fact)
			fail_msg("row %zu: got %s", i, failure_class_name(got.class));
		assert_string_equal(str_text(&cause), judgements[i].cause);
		str_dispose(&cause);
	}
}

static struct attempt_run
run_of(bool builds, long jobs)
{
	struct attempt_run run = {
		.uses_jobs = builds,
		.again_helps = !builds,
		.jobs = jobs,
		.waits_most = 3,
		.wait_s = 10,
		.wait_most_s = 30,
	};
	assert_int_equal(ladder_parse(&run.ladder, "56,48,32", NULL), 0);
	return run;
}

/* Follow one class to the end. */
static void
expect(struct attempt_run run, enum failure_class class, bool again, const long *jobs, size_t n,
       size_t waits)
{
	struct next_attempt next;
	for (size_t i = 0; i < n; i++) {
		attempt_decide(&next, &run, class, again, 0, 0.5);
		assert_int_equal(next.sequel, SEQUEL_FEWER_JOBS);
		assert_int_equal(next.jobs, jobs[i]);
		run.jobs = next.jobs;
	}
	double last = 0;
	for (size_t i = 0; i < waits; i++) {
		attempt_decide(&next, &run, class, again, 0, 0.5);
		assert_int_equal(next.sequel, SEQUEL_WAIT);
		assert_int_equal(next.jobs, run.jobs);
		assert_true(next.wait_s > last);
		last = next.wait_s;
	}
	attempt_decide(&next, &run, class, again, 0, 0.5);
	assert_int_equal(next.sequel, SEQUEL_STOP);
}

static void
the_class_decides(void **state)
{
	static const long all[] = { 48, 32 };
	(void)state;
	expect(run_of(true, 56), FAILURE_OOM, false, all, 2, 0);
	expect(run_of(true, 56), FAILURE_UNKNOWN, false, all, 1, 0);
	expect(run_of(true, 56), FAILURE_COMPILER_CRASH, false, all, 1, 0);
	expect(run_of(true, 56), FAILURE_NETWORK, false, NULL, 0, 3);
	expect(run_of(true, 56), FAILURE_RATE_LIMIT, false, NULL, 0, 3);
	expect(run_of(true, 56), FAILURE_BUILDER_LOST, false, NULL, 0, 3);
	expect(run_of(true, 56), FAILURE_TIMEOUT, false, NULL, 0, 0);
	expect(run_of(true, 56), FAILURE_DISK_FULL, false, NULL, 0, 0);
	expect(run_of(true, 56), FAILURE_AUTH, false, NULL, 0, 0);
	expect(run_of(true, 56), FAILURE_COMPILE_ERROR, false, NULL, 0, 0);
	expect(run_of(true, 56), FAILURE_COMPILE_ERROR, true, NULL, 0, 3);
	expect(run_of(true, 32), FAILURE_OOM, false, NULL, 0, 0);
	/* a push that failed for no known reason; and where there are no jobs to have fewer of */
	expect(run_of(false, 0), FAILURE_UNKNOWN, false, NULL, 0, 1);
	expect(run_of(false, 0), FAILURE_OOM, false, NULL, 0, 3);
}

/* An unknown failure on the way down is no second unknown one. */
static void
each_class_has_its_one_chance(void **state)
{
	struct attempt_run run = run_of(true, 56);
	struct next_attempt next;
	(void)state;
	attempt_decide(&next, &run, FAILURE_OOM, false, 0, 0);
	run.jobs = next.jobs;
	attempt_decide(&next, &run, FAILURE_UNKNOWN, false, 0, 0);
	assert_int_equal(next.sequel, SEQUEL_FEWER_JOBS);
	assert_int_equal(next.jobs, 32);
}

static void
waits_grow_spread_and_end(void **state)
{
	struct attempt_run run = run_of(true, 56);
	struct next_attempt least, most;
	(void)state;
	run.waits_most = 100;
	for (unsigned i = 0; i < 8; i++) {
		struct attempt_run same = run;
		double middle = i == 0 ? 10 : i == 1 ? 20 : 30;
		attempt_decide(&least, &same, FAILURE_NETWORK, false, 0, 0);
		attempt_decide(&most, &run, FAILURE_NETWORK, false, 0, 1);
		assert_true(least.wait_s > middle * 0.7 && least.wait_s < middle);
		assert_true(most.wait_s < middle * 1.3 && most.wait_s > middle);
	}
}

static void
the_servers_wish_is_kept(void **state)
{
	struct attempt_run run = run_of(true, 56);
	struct next_attempt next;
	(void)state;
	attempt_decide(&next, &run, FAILURE_RATE_LIMIT, false, 600, 0.5);
	assert_true(next.wait_s >= 600 && next.wait_s <= 610);
	attempt_decide(&next, &run, FAILURE_RATE_LIMIT, false, 1, 0.5);
	assert_true(next.wait_s >= 15 && next.wait_s <= 25);
}

GROUP(test_attempt)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(facts_outrank_the_log),
		cmocka_unit_test(the_class_decides),
		cmocka_unit_test(each_class_has_its_one_chance),
		cmocka_unit_test(waits_grow_spread_and_end),
		cmocka_unit_test(the_servers_wish_is_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
