#include "record/journal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"

static struct arena arena;

static int
teardown(void **state)
{
	(void)state;
	arena_dispose(&arena);
	return 0;
}

static struct journal
read_text(const char *text)
{
	struct journal j;
	journal_read(&j, text, strlen(text), &arena);
	return j;
}

#define STARTED(time, target, step, attempt) "{\"time\":\"2026-11-24T05:" time "Z\",\"event\":\"started\"," \
	"\"target\":\"" target "\",\"step\":\"" step "\",\"attempt\":" attempt "}\n"
#define ENDED(time, target, step, attempt, rest) "{\"time\":\"2026-11-24T05:" time "Z\",\"event\":\"ended\"," \
	"\"target\":\"" target "\",\"step\":\"" step "\",\"attempt\":" attempt "," rest "}\n"

static void
a_line_says_all_of_an_event(void **state)
{
	struct journal j = read_text(
		"{\"time\":\"2026-11-24T05:00:00Z\",\"event\":\"started\",\"target\":\"t\",\"step\":\"image\","
		"\"attempt\":2,\"jobs\":56,\"input\":\"sha256:i\",\"log\":\"out/logs/t/image.2.log\"}\n"
		"{\"time\":\"2026-11-24T05:10:00Z\",\"event\":\"ended\",\"target\":\"t\",\"step\":\"image\","
		"\"attempt\":2,\"jobs\":56,\"class\":\"oom\",\"seconds\":599.5,\"peak_mb\":2048,\"status\":1,"
		"\"line\":\"Killed\",\"line_number\":471,\"cause\":\"1 OOM kill\",\"next\":\"again with 48 jobs\"}\n"
		"{\"time\":\"2026-11-24T05:11:00Z\",\"event\":\"waiting\",\"target\":\"t\",\"step\":\"image\","
		"\"reason\":\"12 GB free of 50\",\"seconds\":30,\"nested\":{\"class\":[1]}}\n");
	(void)state;
	assert_int_equal(j.n, 3);
	assert_int_equal(j.skipped, 0);
	const struct journal_event *e = j.events;
	assert_int_equal(e[0].event, EVENT_STARTED);
	assert_int_equal(e[0].time_s, 1795496400);
	assert_int_equal(e[0].attempt, 2);
	assert_int_equal(e[0].jobs, 56);
	assert_string_equal(e[0].input, "sha256:i");
	assert_string_equal(e[0].log, "out/logs/t/image.2.log");
	assert_true(e[0].seconds < 0);
	assert_int_equal(e[1].event, EVENT_ENDED);
	assert_int_equal(e[1].outcome, OUTCOME_FAILED);
	assert_int_equal(e[1].class, FAILURE_OOM);
	assert_true(e[1].seconds > 599 && e[1].seconds < 600);
	assert_int_equal(e[1].peak_mb, 2048);
	assert_string_equal(e[1].line, "Killed");
	assert_int_equal(e[1].line_number, 471);
	assert_string_equal(e[1].cause, "1 OOM kill");
	assert_string_equal(e[1].next, "again with 48 jobs");
	assert_int_equal(e[2].event, EVENT_WAITING);
	assert_string_equal(e[2].reason, "12 GB free of 50");
	assert_int_equal(e[2].outcome, OUTCOME_NONE);
}

static void
torn_and_foreign_lines_are_counted_and_skipped(void **state)
{
	static const char *const rows[] = {
		"{\"time\":\"2026-11-24T05:00:00Z\",\"event\":\"star\n",
		"[]\n",
		"x\n",
		"{}\n",
		STARTED("00:00", "t", "image", "1") "trailing",
		"{\"time\":\"yesterday\",\"event\":\"started\",\"target\":\"t\",\"step\":\"image\"}\n",
		"{\"time\":\"2026-11-24T05:00:00Z\",\"event\":\"sang\",\"target\":\"t\",\"step\":\"image\"}\n",
		"{\"time\":\"2026-11-24T05:00:00Z\",\"event\":\"started\",\"step\":\"image\"}\n",
		"{\"time\":\"2026-11-24T05:00:00Z\",\"event\":\"ended\",\"target\":\"t\",\"step\":\"image\"}\n",
		STARTED("00:00", "t", "squash", "1"),
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct journal j = read_text(rows[i]);
		assert_int_equal(j.skipped, 1);
		assert_int_equal(j.n, i == 4);
	}
	assert_int_equal(read_text("").n, 0);
	assert_int_equal(read_text("\n\n").skipped, 0);
}

static void
an_end_has_an_outcome(void **state)
{
	static const struct {
		const char *class;
		enum outcome outcome;
		enum failure_class failure;
	} rows[] = {
		{ "ok", OUTCOME_OK, FAILURE_UNKNOWN },
		{ "interrupted", OUTCOME_INTERRUPTED, FAILURE_UNKNOWN },
		{ "lost", OUTCOME_LOST, FAILURE_UNKNOWN },
		{ "not-started", OUTCOME_NOT_STARTED, FAILURE_UNKNOWN },
		{ "disk-full", OUTCOME_FAILED, FAILURE_DISK_FULL },
		{ "a class of a newer program", OUTCOME_FAILED, FAILURE_UNKNOWN },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char line[256];
		snprintf(line, sizeof(line), "{\"time\":\"2026-11-24T05:00:00Z\",\"event\":\"ended\","
		         "\"target\":\"t\",\"step\":\"push\",\"class\":\"%s\",\"next\":\"stop\"}\n", rows[i].class);
		struct journal j = read_text(line);
		assert_int_equal(j.n, 1);
		assert_int_equal(j.events->outcome, rows[i].outcome);
		assert_int_equal(j.events->class, rows[i].failure);
		assert_null(j.events->next);
		if (i + 1 < sizeof(rows) / sizeof(*rows))
			assert_string_equal(outcome_name(rows[i].outcome, rows[i].failure), rows[i].class);
	}
}

/* How attempts come out of lines: "step number seconds class", one each. */
static void
a_start_and_its_end_are_one_attempt(void **state)
{
	struct journal j = read_text(
		ENDED("00:30", "b", "push", "1", "\"class\":\"ok\",\"seconds\":10")	/* its start was torn */
		STARTED("00:00", "a", "image", "1")
		STARTED("00:05", "b", "image", "1")
		ENDED("00:10", "a", "image", "1", "\"class\":\"oom\",\"seconds\":9.5")
		STARTED("00:11", "a", "image", "2")
		ENDED("00:41", "a", "image", "2", "\"class\":\"ok\"")
		STARTED("01:00", "a", "image", "2")	/* logs were removed: numbers start again */
		STARTED("02:00", "c", "source", "1")
		STARTED("01:59", "c", "verify", "1"));
	static const struct {
		const char *target;
		enum step step;
		long number;
		bool has_start, ok;
		double start_s, seconds;
	} want[] = {
		{ "a", STEP_IMAGE, 1, true, false, 0, 9.5 },
		{ "a", STEP_IMAGE, 2, true, true, 11, 30 },
		{ "a", STEP_IMAGE, 2, true, false, 60, -1 },
		{ "b", STEP_IMAGE, 1, true, false, 5, -1 },
		{ "b", STEP_PUSH, 1, false, true, 20, 10 },
		{ "c", STEP_VERIFY, 1, true, false, 119, -1 },
		{ "c", STEP_SOURCE, 1, true, false, 120, -1 },
	};
	struct journal_attempts all;
	(void)state;
	journal_attempts(&all, &j, &arena);
	assert_int_equal(all.n, sizeof(want) / sizeof(*want));
	for (size_t i = 0; i < all.n; i++) {
		const struct journal_attempt *t = &all.list[i];
		assert_string_equal(t->target, want[i].target);
		assert_int_equal(t->step, want[i].step);
		assert_int_equal(t->number, want[i].number);
		assert_int_equal(t->start != NULL, want[i].has_start);
		assert_int_equal(journal_attempt_is_ok(t), want[i].ok);
		assert_int_equal((long)(10 * (t->start_s - 1795496400)), (long)(10 * want[i].start_s));
		assert_int_equal((long)(10 * t->seconds), (long)(10 * want[i].seconds));
	}

	size_t n;
	assert_ptr_equal(journal_attempts_of(&n, &all, "b"), &all.list[3]);
	assert_int_equal(n, 2);
	assert_null(journal_attempts_of(&n, &all, "bb"));
	assert_int_equal(n, 0);
}

GROUP(test_journal)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_line_says_all_of_an_event),
		TEST(torn_and_foreign_lines_are_counted_and_skipped),
		TEST(an_end_has_an_outcome),
		TEST(a_start_and_its_end_are_one_attempt),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
