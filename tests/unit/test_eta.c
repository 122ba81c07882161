#include "status/eta.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "unit.h"

#include "status_fixture.h"

static struct arena arena;
static struct fleet fleet;
static struct journal journal;
static struct journal_attempts attempts;
static struct status_row rows[4];
static struct status s;

static int
setup(void **state)
{
	(void)state;
	sample_fleet(&fleet, &arena);	/* pools: source 3, cuda 1, light 2, push 2 */
	memset(rows, 0, sizeof(rows));
	s = (struct status){ .fleet = &fleet, .rows = rows, .now_s = FIXTURE_NOW_S };
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_dispose(&arena);
	return 0;
}

static void
add_row(const char *parent, enum state state, enum native native)
{
	struct status_row *row = &rows[s.n_rows++];
	row->target = arena_printf(&arena, "baseline-%s0000000000", parent);
	row->state = state;
	row->native = native;
	row->attempts = journal_attempts_of(&row->n_attempts, &attempts, row->target);
}

static void
read_text(const char *text)
{
	journal_read(&journal, text, strlen(text), &arena);
	journal_attempts(&attempts, &journal, &arena);
}

#define DONE(target, step, seconds) FIXTURE_END("1:00:00", target, step, "1", "ok", seconds)
#define ALL_DONE(target, image) DONE(target, "source", "10") DONE(target, "patch", "10") \
	DONE(target, "image", image) DONE(target, "verify", "20") DONE(target, "push", "60")

static long
left(bool push)
{
	struct eta e;
	eta_make(&e, &s, push, &arena);
	return (long)e.left_s;
}

static void
compiles_queue_for_their_pool(void **state)
{
	(void)state;
	read_text(ALL_DONE("a1", "1000"));
	add_row("a1", STATE_BUILT, NATIVE_COMPILE);
	add_row("a2", STATE_TO_BUILD, NATIVE_COMPILE);
	assert_int_equal(left(true), 10 + 10 + 1000 + 20 + 60);
	add_row("a3", STATE_TO_BUILD, NATIVE_COMPILE);
	assert_int_equal(left(true), 10 + 10 + 1000 + 1000 + 20 + 60);
	assert_int_equal(left(false), 10 + 10 + 1000 + 1000 + 20);
	fleet.pool[POOL_CUDA] = 2;
	assert_int_equal(left(true), 10 + 10 + 1000 + 20 + 60);
}

static void
what_needs_no_compile_is_counted_apart(void **state)
{
	struct eta e;
	(void)state;
	read_text(ALL_DONE("a1", "1000") ALL_DONE("a4", "100"));
	add_row("a1", STATE_BUILT, NATIVE_COMPILE);
	add_row("a4", STATE_BUILT, NATIVE_REUSE);
	add_row("a2", STATE_TO_BUILD, NATIVE_REUSE);
	eta_make(&e, &s, true, &arena);
	assert_int_equal((long)e.left_s, 10 + 10 + 100 + 20 + 60);
	assert_int_equal(e.images, 1);
	assert_int_equal(e.samples, 2);
	assert_int_equal(e.unknown, 0);
}

static void
done_steps_are_not_counted_again(void **state)
{
	struct made made = { .steps = 1u << STEP_SOURCE | 1u << STEP_PATCH };
	(void)state;
	read_text(ALL_DONE("a1", "1000"));
	add_row("a1", STATE_BUILT, NATIVE_COMPILE);
	add_row("a2", STATE_TO_BUILD, NATIVE_COMPILE);
	rows[1].made = &made;
	assert_int_equal(left(true), 1000 + 20 + 60);
	made.steps |= 1u << STEP_IMAGE;
	assert_int_equal(left(true), 20 + 60);
	rows[1].stale = true;	/* all of it is made anew */
	assert_int_equal(left(true), 10 + 10 + 1000 + 20 + 60);
	rows[1].state = STATE_VERIFIED;
	assert_int_equal(left(true), 60);
	assert_int_equal(left(false), 0);
	rows[1].state = STATE_HELD;
	assert_int_equal(left(true), 0);
}

static void
a_running_step_has_done_a_part(void **state)
{
	struct running running = { .step = STEP_IMAGE, .since_s = FIXTURE_NOW_S - 300 };
	static const struct { long done, total, want; const char *waiting; } cases[] = {
		{ 0, 0, 700, NULL },		/* 1000 is usual */
		{ 1, 4, 900, NULL },		/* a quarter took 300 */
		{ 1, 100, 700, NULL },		/* the first units say little */
		{ 0, 0, 1000, "disk" },		/* it has not begun */
	};
	(void)state;
	read_text(ALL_DONE("a1", "1000"));
	add_row("a1", STATE_BUILT, NATIVE_COMPILE);
	add_row("a2", STATE_RUNNING, NATIVE_COMPILE);
	rows[1].running = &running;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		running.done = cases[i].done;
		running.total = cases[i].total;
		running.waiting = cases[i].waiting;
		assert_int_equal((long)eta_of_running(&s, &rows[1], &arena), cases[i].want);
		assert_int_equal(left(true), cases[i].want + 20 + 60);
	}
	running = (struct running){ .step = STEP_IMAGE, .since_s = FIXTURE_NOW_S - 2000 };
	assert_int_equal((long)eta_of_running(&s, &rows[1], &arena), 200);	/* overdue */
}

static void
how_sure_it_is_comes_from_the_spread(void **state)
{
	struct eta e;
	(void)state;
	read_text(DONE("a1", "image", "100") FIXTURE_END("1:00:00", "a1", "image", "2", "ok", "200")
	          FIXTURE_END("1:00:00", "a1", "image", "3", "ok", "300")
	          FIXTURE_END("1:00:00", "a1", "image", "4", "ok", "400")
	          FIXTURE_END("1:00:00", "a1", "image", "5", "ok", "900")
	          FIXTURE_END("1:00:00", "a1", "image", "6", "oom", "5"));
	add_row("a1", STATE_BUILT, NATIVE_COMPILE);
	add_row("a2", STATE_TO_BUILD, NATIVE_COMPILE);
	eta_make(&e, &s, false, &arena);
	assert_int_equal((long)e.least_s, 200);
	assert_int_equal((long)e.left_s, 300);
	assert_int_equal((long)e.most_s, 400);
	assert_int_equal(e.samples, 5);
	assert_int_equal(e.unknown, 3);	/* source, patch, verify: none has ended yet */
}

static void
without_a_journal_the_fleets_estimate_counts(void **state)
{
	struct eta e;
	(void)state;
	read_text("");
	add_row("a2", STATE_TO_BUILD, NATIVE_COMPILE);
	eta_make(&e, &s, true, &arena);
	assert_true(e.left_s < 0);
	assert_int_equal(e.images, 1);
	fleet.compile_minutes = 90;
	eta_make(&e, &s, true, &arena);
	assert_int_equal((long)e.left_s, 5400);
	assert_int_equal(e.samples, 0);
	assert_int_equal(e.unknown, 4);
	s.n_rows = 0;
	eta_make(&e, &s, true, &arena);
	assert_int_equal(e.images, 0);
}

GROUP(test_eta)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(compiles_queue_for_their_pool),
		TEST(what_needs_no_compile_is_counted_apart),
		TEST(done_steps_are_not_counted_again),
		TEST(a_running_step_has_done_a_part),
		TEST(how_sure_it_is_comes_from_the_spread),
		TEST(without_a_journal_the_fleets_estimate_counts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
