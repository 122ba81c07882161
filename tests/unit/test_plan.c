#include "plan/plan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "unit.h"

#include "record/ledger.h"
#include "sample_fleet.h"

static struct arena arena;
static struct fleet fleet;
static struct plan plan;
static struct error err;

static int
setup(void **state)
{
	(void)state;
	err = (struct error){ 0 };
	sample_fleet(&fleet, &arena);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	arena_dispose(&arena);
	return 0;
}

static int
merge(struct entry *list, size_t n)
{
	struct entries e = { list, n, n };
	return plan_merge(&plan, &fleet, &e, &arena, &err);
}

static void
entries_with_one_parent_are_one_image(void **state)
{
	struct entry list[] = {
		sample_entry(&arena, "12", "bb", 0, 0),
		sample_entry(&arena, "11", "bb", 1, 0),
		sample_entry(&arena, "13", "aa", 0, 1),
		sample_entry(&arena, "13", "aa", 1, 1),	/* the same pair, twice */
	};
	(void)state;
	list[0].model = "late";
	assert_int_equal(merge(list, 4), 0);
	assert_int_equal(plan.n_images, 2);
	assert_string_equal(plan.images[0].target, "baseline-aa0000000000");
	assert_string_equal(image_id(&plan.images[1]), "bb0000000000");
	assert_int_equal(plan.images[1].n_entries, 2);
	assert_string_equal(plan.images[1].entries[0].human, sample_id(&arena, "11"));
	assert_string_equal(image_model(&plan.images[1]), "late");
	assert_null(image_model(&plan.images[0]));
	assert_int_equal(image_max_jobs(&plan.images[1], &fleet), 4);
	assert_int_equal(image_max_jobs(&plan.images[0], &fleet), 8);
}

static void
no_entries_are_no_images(void **state)
{
	(void)state;
	assert_int_equal(merge(NULL, 0), 0);
	assert_int_equal(plan.n_images, 0);
}

static void
one_human_with_two_parents_names_both_places(void **state)
{
	struct entry list[] = {
		sample_entry(&arena, "11", "aa", 0, 5),
		sample_entry(&arena, "22", "bb", 0, 6),
		sample_entry(&arena, "11", "cc", 1, 2),
	};
	(void)state;
	assert_int_equal(merge(list, 3), -1);
	assert_string_equal(err.text,
		"m2.json: /2: \"1100000000000000000000000000000000000000\": human commit has parent "
		"cc00000000000000000000000000000000000000 here and "
		"aa00000000000000000000000000000000000000 at m1.json: /5");
}

static void
parents_that_a_tag_cannot_tell_apart_are_refused(void **state)
{
	struct entry list[] = {
		sample_entry(&arena, "11", "abcdefabcdef1", 0, 0),
		sample_entry(&arena, "22", "abcdefabcdef2", 0, 1),
	};
	(void)state;
	assert_int_equal(merge(list, 2), -1);
	assert_string_equal(err.text,
		"m1.json: /1: \"abcdefabcdef2000000000000000000000000000\": begins with the same 12 "
		"digits as parent abcdefabcdef1000000000000000000000000000, and so would have its tag");
}

static void
short_names_are_unique_or_not(void **state)
{
	struct entry list[] = {
		sample_entry(&arena, "11", "aaaaaaaa1", 0, 0),
		sample_entry(&arena, "22", "aaaaaaaa2", 0, 1),
		sample_entry(&arena, "33", "aaaaaaab", 0, 2),
	};
	(void)state;
	assert_int_equal(merge(list, 3), 0);
	assert_false(plan.images[0].short_is_unique);
	assert_false(plan.images[1].short_is_unique);
	assert_true(plan.images[2].short_is_unique);
}

/* What is known of an image, and what becomes of it. */
static const struct {
	const char *parent;
	enum verdict verdict;
	const char *problem;
	enum verdict base;
	enum decision decision;
	const char *reason;
	enum hold hold;
} rows[] = {
	{ "aa", VERDICT_PRESENT, NULL, VERDICT_ABSENT, DECISION_SKIP, "present in the registry", HOLD_NONE },
	{ "dd", VERDICT_PRESENT, NULL, VERDICT_ABSENT, DECISION_SKIP, "present in the registry", HOLD_NONE },
	{ "aa", VERDICT_PRESENT, "p", VERDICT_ABSENT, DECISION_SKIP, "present in the registry", HOLD_NONE },
	{ "aa", VERDICT_ABSENT, NULL, VERDICT_PRESENT, DECISION_BUILD, "absent from the registry", HOLD_NONE },
	{ "aa", VERDICT_ABSENT, NULL, VERDICT_ABSENT, DECISION_HOLD, "base image absent: d/human:t",
	  HOLD_BASE_ABSENT },
	{ "aa", VERDICT_ABSENT, NULL, VERDICT_UNKNOWN, DECISION_HOLD, "base image unknown: d/human:t",
	  HOLD_BASE_UNKNOWN },
	{ "aa", VERDICT_ABSENT, "patch", VERDICT_PRESENT, DECISION_HOLD, "patch", HOLD_SOURCE },
	{ "dd", VERDICT_ABSENT, "patch", VERDICT_ABSENT, DECISION_HOLD, "failed for good: E: R",
	  HOLD_FAILED },
	{ "aa", VERDICT_UNKNOWN, NULL, VERDICT_PRESENT, DECISION_HOLD, "the registry was not asked",
	  HOLD_REGISTRY },
};

static void
every_image_has_a_decision_and_a_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct entry e = sample_entry(&arena, "11", rows[i].parent, 0, 0);
		assert_int_equal(merge(&e, 1), 0);
		struct image *image = &plan.images[0];
		image->registry.verdict = rows[i].verdict;
		image->git.problem = rows[i].problem;
		image->registry.base = (struct base){ "d/human", "t", rows[i].base, NULL };
		plan_decide(&plan, &arena);
		assert_int_equal(image->decided.decision, rows[i].decision);
		assert_string_equal(image->decided.reason, rows[i].reason);
		assert_int_equal(image->decided.hold, rows[i].hold);
	}
}

/* A present image that this folder made is built again when it would become another. */
static void
what_we_pushed_is_made_again_when_its_inputs_change(void **state)
{
	static const struct {
		const char *pushed, *input;
		enum verdict base;
		enum decision decision;
	} changes[] = {
		{ "sha256:1", "sha256:1", VERDICT_PRESENT, DECISION_SKIP },
		{ "sha256:1", "sha256:2", VERDICT_PRESENT, DECISION_BUILD },
		{ "", "sha256:2", VERDICT_PRESENT, DECISION_BUILD },	/* cut off */
		{ "sha256:1", NULL, VERDICT_ABSENT, DECISION_SKIP },
		{ NULL, "sha256:2", VERDICT_PRESENT, DECISION_SKIP },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct entry e = sample_entry(&arena, "11", "aa", 0, 0);
		assert_int_equal(merge(&e, 1), 0);
		struct image *image = &plan.images[0];
		image->registry.verdict = VERDICT_PRESENT;
		image->past.pushed_input = changes[i].pushed;
		image->parts.input = changes[i].input;
		image->registry.base = (struct base){ "d/human", "t", changes[i].base, NULL };
		assert_int_equal(image_may_be_built(image), changes[i].pushed != NULL);
		plan_decide(&plan, &arena);
		assert_int_equal(image->decided.decision, changes[i].decision);
	}
}

/* A failure holds while what the image is made of stays the same. */
static void
a_failure_holds_until_its_inputs_change(void **state)
{
	static const struct {
		const char *input;
		enum until until;
		enum decision decision;
	} cases[] = {
		{ "sha256:1", UNTIL_INPUT, DECISION_HOLD },
		{ "sha256:2", UNTIL_INPUT, DECISION_BUILD },
		{ "sha256:1", UNTIL_WORLD, DECISION_BUILD },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct failure failure = {
			.time = "t", .target = "baseline-aa0000000000", .step = STEP_IMAGE,
			.class = FAILURE_COMPILE_ERROR, .until = cases[i].until, .line = "x.c:1:1: error: y",
			.line_number = 7, .log = "l.log", .attempts = 1, .input = "sha256:1",
		};
		struct entry e = sample_entry(&arena, "11", "aa", 0, 0);
		assert_int_equal(merge(&e, 1), 0);
		struct image *image = &plan.images[0];
		image->registry.verdict = VERDICT_ABSENT;
		image->registry.base = (struct base){ "d/human", "t", VERDICT_PRESENT, NULL };
		image->parts.input = cases[i].input;
		image->past.failures = &failure;
		image->past.n_failures = 1;
		plan_decide(&plan, &arena);
		assert_int_equal(image->decided.decision, cases[i].decision);
		if (image->decided.decision == DECISION_HOLD) {
			assert_non_null(strstr(image->decided.reason, "compile-error"));
			assert_non_null(strstr(image->decided.reason, "gen forget baseline-aa0000000000"));
		}
	}
}

static void
totals_are_sums_of_rows(void **state)
{
	struct entry list[5];
	(void)state;
	for (size_t i = 0; i < 5; i++)
		list[i] = sample_entry(&arena, (const char *[]){ "1", "2", "3", "4", "5" }[i],
		                       (const char *[]){ "a", "b", "c", "dd", "e" }[i], 0, i);
	assert_int_equal(merge(list, 5), 0);
	for (size_t i = 0; i < 5; i++) {
		plan.images[i].registry.verdict = i == 4 ? VERDICT_UNKNOWN : i < 2 ? VERDICT_PRESENT : VERDICT_ABSENT;
		plan.images[i].registry.base = (struct base){ "d/human", "t", VERDICT_PRESENT, NULL };
	}
	plan_decide(&plan, &arena);
	struct plan_totals t = plan_totals(&plan);
	assert_int_equal(t.present, 2);
	assert_int_equal(t.absent, 2);
	assert_int_equal(t.unknown, 1);
	assert_int_equal(t.skip, 2);
	assert_int_equal(t.build, 1);
	assert_int_equal(t.hold, 2);
}

static void
a_tag_in_no_mapping_may_be_known_to_the_data_set(void **state)
{
	struct entry pairs[] = {
		sample_entry(&arena, "76", "99", 0, 0),
		sample_entry(&arena, "77", "88", 0, 1),
		sample_entry(&arena, "78", "88", 0, 2),
		sample_entry(&arena, "79", "11", 0, 3),
	};
	struct entries dataset = { pairs, 4, 4 };
	(void)state;
	assert_int_equal(merge(NULL, 0), 0);
	assert_null(plan_dataset_pair(&plan, "baseline-880000000000"));
	plan_take_dataset(&plan, &dataset, &arena);
	assert_ptr_equal(plan_dataset_pair(&plan, "baseline-880000000000"), &pairs[1]);
	assert_ptr_equal(plan_dataset_pair(&plan, "baseline-110000000000"), &pairs[3]);
	assert_ptr_equal(plan_dataset_pair(&plan, "baseline-990000000000"), &pairs[0]);
	assert_null(plan_dataset_pair(&plan, "baseline-aa0000000000"));
	assert_null(plan_dataset_pair(&plan, "baseline-890000000000"));
	assert_null(plan_dataset_pair(&plan, "baseline-88"));
	assert_null(plan_dataset_pair(&plan, "x"));
}

GROUP(test_plan)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(entries_with_one_parent_are_one_image),
		TEST(no_entries_are_no_images),
		TEST(one_human_with_two_parents_names_both_places),
		TEST(parents_that_a_tag_cannot_tell_apart_are_refused),
		TEST(short_names_are_unique_or_not),
		TEST(every_image_has_a_decision_and_a_reason),
		TEST(what_we_pushed_is_made_again_when_its_inputs_change),
		TEST(a_failure_holds_until_its_inputs_change),
		TEST(totals_are_sums_of_rows),
		TEST(a_tag_in_no_mapping_may_be_known_to_the_data_set),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
