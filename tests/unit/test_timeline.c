#include "status/timeline.h"

#include "status_group.h"

static struct timeline t;

#define FIRST_S 1795482000.0	/* 2026-11-24T01:00:00Z, when the journal starts */

static void
attempts_are_on_the_lines_of_their_pools(void **state)
{
	(void)state;
	timeline_make(&t, &f.status, &f.arena);
	assert_int_equal(t.shown, 6);
	assert_int_equal(t.left_out, 0);
	assert_int_equal((long)(t.start_s - FIRST_S), 0);
	assert_int_equal((long)t.end_s, FIXTURE_NOW_S - 3600);

	assert_int_equal(t.pools[POOL_SOURCE].n, 1);
	assert_int_equal(t.pools[POOL_LIGHT].n, 1);	/* a3 reuses */
	assert_string_equal(t.pools[POOL_LIGHT].spans[0].row->id, "a30000000000");
	assert_int_equal(t.pools[POOL_PUSH].n, 1);

	const struct pool_line *cuda = &t.pools[POOL_CUDA];
	assert_int_equal(cuda->n, 3);
	assert_int_equal(cuda->lanes, 1);
	assert_int_equal((long)cuda->busy_s, 3600 + 7200);
	assert_int_equal((long)(cuda->spans[1].end_s - FIRST_S), 10 + 3600 + 7200);
	/* Of a7 the journal knows attempt 1; at work is attempt 2. */
	assert_false(cuda->spans[2].running);
	assert_true(cuda->spans[2].end_s <= cuda->spans[2].start_s);
}

static struct status
status_of(struct journal *j, struct journal_attempts *all, struct running *running, const char *text)
{
	static struct status_row row;
	journal_read(j, text, strlen(text), &f.arena);
	journal_attempts(all, j, &f.arena);
	row = (struct status_row){ .running = running };
	row.attempts = journal_attempts_of(&row.n_attempts, all, "baseline-a10000000000");
	return (struct status){ .rows = &row, .n_rows = 1, .now_s = FIXTURE_NOW_S };
}

static void
what_runs_at_once_has_lanes_and_what_is_at_work_lasts_until_now(void **state)
{
	struct running running = { .step = STEP_IMAGE, .attempt = 4 };
	struct journal j;
	struct journal_attempts all;
	struct status s = status_of(&j, &all, &running,
		FIXTURE_START("1:00:00", "a1", "image", "1") FIXTURE_END("1:10:00", "a1", "image", "1", "oom", "600")
		FIXTURE_START("1:05:00", "a1", "image", "2") FIXTURE_END("1:15:00", "a1", "image", "2", "oom", "600")
		FIXTURE_START("1:12:00", "a1", "image", "3")	/* killed */
		FIXTURE_START("5:00:00", "a1", "image", "4")
		FIXTURE_START("5:30:00", "a1", "held", "1"));
	(void)state;
	timeline_make(&t, &s, &f.arena);
	const struct pool_line *cuda = &t.pools[POOL_CUDA];
	assert_int_equal(t.shown, 4);
	assert_int_equal(cuda->lanes, 2);
	assert_int_equal(cuda->spans[0].lane, 0);
	assert_int_equal(cuda->spans[1].lane, 1);
	assert_int_equal(cuda->spans[2].lane, 0);
	assert_true(cuda->spans[3].running);
	assert_int_equal((long)cuda->spans[3].end_s, FIXTURE_NOW_S);
	assert_int_equal((long)cuda->busy_s, 15 * 60 + 3600);
}

static void
without_a_journal_there_is_nothing(void **state)
{
	struct status s = { 0 };
	(void)state;
	timeline_make(&t, &s, &f.arena);
	assert_int_equal(t.shown, 0);
	assert_true(t.end_s <= 0);
}

static void
pools_have_the_names_of_the_build_file(void **state)
{
	(void)state;
	assert_string_equal(pool_name(POOL_CUDA), "cuda");
	assert_string_equal(pool_name(POOL_PUSH), "push");
}

GROUP(test_timeline)
{
	const struct CMUnitTest tests[] = {
		TEST(attempts_are_on_the_lines_of_their_pools),
		TEST(what_runs_at_once_has_lanes_and_what_is_at_work_lasts_until_now),
		TEST(without_a_journal_there_is_nothing),
		TEST(pools_have_the_names_of_the_build_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
