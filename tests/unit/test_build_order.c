#include "plan/build_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/str.h"
#include "fleet/fleet.h"
#include "plan/past.h"
#include "plan/plan.h"
#include "record/journal.h"

static struct arena arena;
static struct fleet fleet = { .compile_minutes = 75 };

#define IMAGE(name, time, how, ...) \
	{ .target = (name), .git.time_s = (time), .decided.decision = DECISION_BUILD, \
	  .native.way = NATIVE_##how, __VA_ARGS__ }

/* Sorted by target, as a plan is. */
static struct image images[] = {
	IMAGE("baseline-1", 50, COMPILE),
	IMAGE("baseline-2", 10, REUSE),
	IMAGE("baseline-3", 40, COMPILE),
	IMAGE("baseline-4", 20, COMPILE),
	IMAGE("baseline-5", 30, COMPILE),
	{ .target = "baseline-6", .git.time_s = 5, .decided.decision = DECISION_SKIP },
};

static const char *
order_of(struct plan *plan)
{
	struct str text = { 0 };

	build_order(plan, &arena);
	for (size_t i = 0; i < plan->n_images; i++)
		str_addf(&text, "%s ", plan->order[i]->target + strlen("baseline-"));
	const char *copy = arena_strdup(&arena, str_text(&text));
	str_dispose(&text);
	return copy;
}

static void
compiles_come_first_as_in_history(void **state)
{
	struct plan plan = { .fleet = &fleet, .images = images, .n_images = 6 };
	struct journal none = { 0 };
	(void)state;

	past_take(&plan, &none, &arena);
	assert_true(plan.compile_s > 4499 && plan.compile_s < 4501);
	assert_string_equal(order_of(&plan), "4 5 3 1 6 2 ");
}

static void
what_took_long_goes_before(void **state)
{
	static const char text[] =
		"{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"ended\",\"target\":\"baseline-1\",\"step\":\"image\","
		"\"class\":\"ok\",\"seconds\":9000.0,\"peak_mb\":5120,\"native\":\"compile\"}\n"
		"{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"ended\",\"target\":\"baseline-4\",\"step\":\"image\","
		"\"class\":\"ok\",\"seconds\":60.0,\"peak_mb\":100,\"native\":\"compile\"}\n"
		"{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"ended\",\"target\":\"baseline-gone\",\"step\":\"image\","
		"\"class\":\"ok\",\"seconds\":600.0,\"native\":\"compile\"}\n"
		/* None of these is a compile that ended well. */
		"{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"ended\",\"target\":\"baseline-3\",\"step\":\"image\","
		"\"class\":\"oom\",\"seconds\":99999.0,\"peak_mb\":99999,\"native\":\"compile\"}\n"
		"{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"ended\",\"target\":\"baseline-5\",\"step\":\"image\","
		"\"class\":\"ok\",\"seconds\":1.0,\"native\":\"reuse\"}\n"
		"{\"time\":\"2026-01-01T00:00:00Z\",\"event\":\"ended\",\"target\":\"baseline-5\",\"step\":\"push\","
		"\"class\":\"ok\",\"seconds\":1.0}\n";
	struct plan plan = { .fleet = &fleet, .images = images, .n_images = 6 };
	struct journal journal;
	(void)state;

	journal_read(&journal, text, strlen(text), &arena);
	past_take(&plan, &journal, &arena);
	assert_true(plan.compile_s > 599 && plan.compile_s < 601);
	assert_true(plan.peak_gb > 4.9 && plan.peak_gb < 5.1);
	assert_string_equal(order_of(&plan), "1 5 3 4 6 2 ");
}

static int
tear_down(void **state)
{
	(void)state;
	arena_dispose(&arena);
	return 0;
}

GROUP(test_build_order)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(compiles_come_first_as_in_history),
		cmocka_unit_test(what_took_long_goes_before),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
