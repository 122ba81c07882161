#include "status/plan_diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include <jansson.h>

#include "base/arena.h"
#include "base/str.h"
#include "status/page_text.h"

static struct arena arena;
static struct str out;

static int
teardown(void **state)
{
	(void)state;
	arena_dispose(&arena);
	str_dispose(&out);
	return 0;
}

static struct planned_image
image(const char *parent, enum decision decision, const char *reason)
{
	return (struct planned_image){
		.parent = parent, .target = arena_printf(&arena, "baseline-%s", parent), .reason = reason,
		.decision = decision, .verdict = VERDICT_ABSENT, .max_jobs = 4, .image = "i",
	};
}

static const char *
text_of(const struct planned *before, const struct planned *after, struct plan_diff *d)
{
	struct look look = { 0 };
	plan_diff(d, before, after, &arena);
	str_clear(&out);
	plan_diff_text(&out, d, &look);
	return str_text(&out);
}

static void
what_comes_goes_and_changes_is_told(void **state)
{
	static const char *patches[] = { "01-a.patch", "02-b.patch" };
	struct planned_image x[] = {
		image("a", DECISION_BUILD, "absent"), image("b", DECISION_BUILD, "absent"),
		image("c", DECISION_SKIP, "present\x1b"), image("e", DECISION_BUILD, "absent"),
	};
	struct planned_image y[] = {
		image("b", DECISION_HOLD, "base image absent"), image("d", DECISION_BUILD, "absent"),
		image("e", DECISION_BUILD, "absent"), image("f", DECISION_BUILD, "absent"),
	};
	struct planned_tag x_tags[] = { { "baseline-1", NULL, NULL }, { "baseline-2", NULL, NULL } };
	struct planned_tag y_tags[] = { { "baseline-2", NULL, NULL }, { "baseline-3", NULL, NULL } };
	struct planned before = { .images = x, .n_images = 4, .tags = x_tags, .n_tags = 2 };
	struct planned after = { .images = y, .n_images = 4, .tags = y_tags, .n_tags = 2 };
	struct plan_diff d;
	(void)state;
	y[0].patches = (struct texts){ patches, 2 };
	y[0].max_jobs = 2;
	assert_string_equal(text_of(&before, &after, &d),
		"- baseline-a  build: absent\n"
		"~ baseline-b  hold\n"
		"    decision     build, now hold\n"
		"    reason       absent, now base image absent\n"
		"    patches      none, now 01-a.patch, 02-b.patch\n"
		"- baseline-c  skip: present?\n"
		"+ baseline-d  build: absent\n"
		"+ baseline-f  build: absent\n"
		"+ baseline-3  a tag in no mapping\n"
		"- baseline-1  a tag in no mapping\n"
		"2 new, 2 gone, 1 changed\n");
}

static void
the_same_plan_is_no_change(void **state)
{
	struct planned_image x[] = { image("a", DECISION_BUILD, "absent") };
	struct planned before = { .images = x, .n_images = 1 };
	struct plan_diff d;
	(void)state;
	assert_string_equal(text_of(&before, &before, &d), "the plan on disk is what gen would write now\n");
}

/* Each field that a plan has for an image, and that a person would want to know of. */
static void
every_field_counts(void **state)
{
	static const char *one[] = { "x" };
	struct planned_image x = image("a", DECISION_BUILD, "r"), y[16];
	const char *const names[16] = { "verdict", "digest", "image", "humans", "model", "mapping", "base",
	                                "base/verdict", "base/digest", "native", "patches", "preflight",
	                                "max_jobs", "input", "decision", "reason" };
	struct texts list = { one, 1 };
	(void)state;
	for (size_t i = 0; i < 16; i++)
		y[i] = x;
	y[0].verdict = VERDICT_PRESENT;
	y[1].digest = y[2].image = y[4].model = y[6].base.image = y[8].base.digest = "x";
	y[3].humans = y[5].mappings = y[10].patches = y[11].preflight = list;
	y[7].base.verdict = VERDICT_PRESENT;
	y[9].native = NATIVE_REUSE;
	y[13].input = y[15].reason = "x";
	y[12].max_jobs = 1;
	y[14].decision = DECISION_HOLD;
	for (size_t i = 0; i < 16; i++) {
		struct planned before = { .images = &x, .n_images = 1 }, after = { .images = &y[i], .n_images = 1 };
		struct plan_diff d;
		plan_diff(&d, &before, &after, &arena);
		assert_int_equal(d.n_other, 1);
		assert_int_equal(d.images[0].n_fields, 1);
		assert_string_equal(d.images[0].fields[0].name, names[i]);
	}
}

static void
the_document_holds_the_same(void **state)
{
	static const char *parts[] = { "Dockerfile: changed" };
	struct planned_image x[] = { image("a", DECISION_BUILD, "r"), image("b", DECISION_BUILD, "r") };
	struct planned_image y[] = { image("a", DECISION_BUILD, "r") };
	struct planned before = { .images = x, .n_images = 2 }, after = { .images = y, .n_images = 1 };
	struct plan_diff d;
	(void)state;
	y[0].input = "sha256:2";
	plan_diff(&d, &before, &after, &arena);
	d.images[0].parts = (struct texts){ parts, 1 };
	plan_diff_json(&out, &d);
	json_t *root = json_loadb(out.data, out.len, 0, NULL);
	assert_non_null(root);
	assert_int_equal(json_integer_value(json_object_get(root, "changed")), 1);
	assert_int_equal(json_integer_value(json_object_get(root, "gone")), 1);
	json_t *first = json_array_get(json_object_get(root, "images"), 0);
	assert_string_equal(json_string_value(json_object_get(first, "change")), "changed");
	json_t *field = json_array_get(json_object_get(first, "fields"), 0);
	assert_string_equal(json_string_value(json_object_get(field, "name")), "input");
	assert_true(json_is_null(json_object_get(field, "before")));
	assert_string_equal(json_string_value(json_array_get(json_object_get(first, "parts"), 0)), parts[0]);
	json_decref(root);
}

GROUP(test_plan_diff)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(what_comes_goes_and_changes_is_told),
		TEST(the_same_plan_is_no_change),
		TEST(every_field_counts),
		TEST(the_document_holds_the_same),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
