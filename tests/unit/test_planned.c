#include "plan/planned.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/sink.h"
#include "plan/planned_write.h"
#include "plan/recipe.h"
#include "sample_fleet.h"

static struct arena arena;
static struct error err;

static int
teardown(void **state)
{
	(void)state;
	arena_dispose(&arena);
	err = (struct error){ 0 };
	return 0;
}

/* What gen writes is read back as it was. */
static void
a_plan_survives(void **state)
{
	struct fleet fleet;
	struct plan plan;
	struct planned back;
	struct surroundings s = { .registry = "reg.example" };
	struct patch patches[] = {
		{ .name = "01-a.patch", .digest = "sha256:1" }, { .name = "02-b.patch", .digest = "sha256:2" },
	};
	struct entry pair = sample_entry(&arena, "77", "88", 0, 0);
	struct entries dataset = { &pair, 1, 1 };
	const char *tags[] = { "baseline-870000000000", "baseline-880000000000", "baseline-x" };
	struct entry list[] = {
		sample_entry(&arena, "11", "aa", 0, 0),
		sample_entry(&arena, "12", "aa", 1, 0),
		sample_entry(&arena, "13", "bb", 1, 1),
		sample_entry(&arena, "14", "dd", 0, 1),
	};
	struct entries e = { list, 4, 4 };
	struct sink text = { 0 };
	(void)state;

	sample_fleet(&fleet, &arena);
	list[1].model = "org/\"model\"";
	assert_int_equal(plan_merge(&plan, &fleet, &e, &arena, &err), 0);
	plan.images[0].registry.verdict = plan.images[2].registry.verdict = VERDICT_ABSENT;
	plan.images[1].registry.verdict = VERDICT_PRESENT;
	plan.images[0].registry.base = (struct base){ "d/human", "t", VERDICT_PRESENT, "sha256:b" };
	plan.images[0].parts.patches = patches;
	plan.images[0].parts.n_patches = 2;
	plan.images[0].parts.input = "sha256:i";
	plan.images[0].git.subject = "caf\xe9";
	plan.cuda_depth = 3;
	plan.images[0].git.time_s = 1700000000;
	plan_take_dataset(&plan, &dataset, &arena);
	plan.unmapped_tags = tags;
	plan.n_unmapped_tags = 3;
	plan_decide(&plan, &arena);
	assert_int_equal(planned_write(&text, true, &plan, &s, &err), 0);

	assert_int_equal(planned_read(&back, "plan.json", text.text.data, text.text.len, &arena, &err), 0);
	assert_int_equal(back.pools[POOL_CUDA], 3);
	sink_dispose(&text);
	assert_string_equal(back.fleet, "demo");
	assert_int_equal(back.n_images, 3);
	const struct planned_image *image = &back.images[0];
	assert_string_equal(image->target, "baseline-aa0000000000");
	assert_string_equal(image->id, "aa0000000000");
	assert_string_equal(image->parent, sample_id(&arena, "aa"));
	assert_int_equal(image->humans.n, 2);
	assert_string_equal(image->humans.list[1], sample_id(&arena, "12"));
	assert_string_equal(image->model, "org/\"model\"");
	assert_int_equal(image->mappings.n, 2);
	assert_string_equal(image->mappings.list[1], "v2");
	assert_string_equal(image->image, "reg.example/d/base:baseline-aa0000000000");
	assert_int_equal(image->verdict, VERDICT_ABSENT);
	assert_int_equal(image->decision, DECISION_BUILD);
	assert_string_equal(image->base.image, "reg.example/d/human:t");
	assert_int_equal(image->base.verdict, VERDICT_PRESENT);
	assert_string_equal(image->base.digest, "sha256:b");
	assert_int_equal(image->patches.n, 2);
	assert_string_equal(image->patches.list[1], "02-b.patch");
	assert_string_equal(image->patch_digests.list[1], "sha256:2");
	assert_string_equal(image->input, "sha256:i");
	assert_string_equal(image->subject, "caf\xef\xbf\xbd");
	assert_int_equal(image->time_s, 1700000000);
	assert_int_equal(image->max_jobs, 8);
	assert_int_equal(image->hold, HOLD_NONE);

	assert_int_equal(back.images[1].decision, DECISION_SKIP);
	assert_null(back.images[1].model);
	assert_null(back.images[1].base.image);
	assert_int_equal(back.images[2].decision, DECISION_HOLD);
	assert_int_equal(back.images[2].hold, HOLD_FAILED);
	assert_string_equal(back.images[2].reason, "failed for good: E: R");

	assert_int_equal(back.n_tags, 3);
	assert_null(back.tags[0].parent);
	assert_string_equal(back.tags[1].human, pair.human);
	assert_string_equal(back.tags[2].tag, "baseline-x");
}

static void
images_are_found_by_their_first_digits(void **state)
{
	struct planned_image images[] = {
		{ .parent = "1000000000000000000000000000000000000000" },
		{ .parent = "1230000000000000000000000000000000000000" },
		{ .parent = "1240000000000000000000000000000000000000" },
	};
	struct planned p = { .images = images, .n_images = 3 };
	static const struct { const char *digits; int found; bool more; } rows[] = {
		{ "0", -1, false }, { "10", 0, false }, { "12", 1, true }, { "124", 2, false },
		{ "1", 0, true }, { "125", -1, false }, { "f", -1, false },
		{ "1230000000000000000000000000000000000000", 1, false },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bool more = false;
		const struct planned_image *image = planned_find(&p, rows[i].digits, &more);
		assert_ptr_equal(image, rows[i].found < 0 ? NULL : &images[rows[i].found]);
		assert_int_equal(more, rows[i].more);
	}
}

#define ID "aa00000000000000000000000000000000000000"
#define HEAD "{\"version\":2,\"fleet\":\"f\""
#define IMAGE(rest) HEAD ",\"images\":[{\"target\":\"baseline-aa0000000000\"," \
	"\"parent\":\"" ID "\",\"image\":\"i\",\"reason\":\"r\"" rest "}]}"

static void
what_gen_does_not_write_is_refused(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "", "p: not the JSON that gen writes; run gen" },
		{ "[]", "p: not the JSON that gen writes; run gen" },
		{ HEAD "} x", "p: not the JSON that gen writes; run gen" },
		{ HEAD, "p: not the JSON that gen writes; run gen" },
		{ "{\"version\":2,\"x\":[{\"fleet\":\"f\"}]}", "p: /fleet: missing" },
		{ "{\"version\":1}", "p: /version: from another version of gen; run gen" },
		{ "{\"fleet\":\"f\",\"images\":[1]}", "p: /version: from another version of gen; run gen" },
		{ "{\"version\":\"1\"}", "p: /version: not a number" },
		{ "{\"fleet\":1}", "p: /fleet: not a string" },
		{ HEAD ",\"images\":{}}", "p: /images: not an array" },
		{ HEAD ",\"images\":[1]}", "p: not the JSON that gen writes; run gen" },
		{ HEAD ",\"images\":[{}]}", "p: /images/0/parent: not 40 hex digits" },
		{ HEAD ",\"images\":[{\"parent\":\"" ID "\",\"target\":\"baseline-ab0000000000\"}]}",
		  "p: /images/0/target: not the parent's" },
		{ HEAD ",\"images\":[{\"parent\":\"" ID "\",\"target\":\"baseline-aa0000000000\"}]}",
		  "p: /images/0/image: missing" },
		{ IMAGE(",\"verdict\":\"maybe\""),
		  "p: /images/0/verdict: neither unknown, present nor absent" },
		{ IMAGE(",\"decision\":null"), "p: /images/0/decision: neither build, skip nor hold" },
		{ IMAGE(",\"verdict\":\"absent\",\"decision\":\"skip\""),
		  "p: /images/0/decision: skip, and the image is not present" },
		{ IMAGE(",\"verdict\":\"unknown\",\"decision\":\"build\""),
		  "p: /images/0/decision: build, and it is unknown whether the image is there" },
		{ IMAGE(",\"base\":1"), "p: /images/0/base: not an object" },
		{ IMAGE(",\"base\":{\"verdict\":\"x\"}"),
		  "p: /images/0/base/verdict: neither unknown, present nor absent" },
		{ IMAGE(",\"humans\":[1]"), "p: /images/0/humans: not an array of strings" },
		{ IMAGE(",\"patches\":\"x\""), "p: /images/0/patches: not an array" },
		{ IMAGE(",\"max_jobs\":1e99"), "p: /images/0/max_jobs: not a number" },
		{ HEAD ",\"unmapped_tags\":[\"a\"],\"unmapped_pairs\":[{\"tag\":\"b\"}]}",
		  "p: /unmapped_pairs/0/tag: not one of unmapped_tags, or not in their order" },
		{ "{\"unmapped_pairs\":1}", "p: /unmapped_pairs: not an array" },
	};
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct planned p;
		err = (struct error){ 0 };
		assert_int_equal(planned_read(&p, "p", rows[i].text, strlen(rows[i].text), &arena, &err), -1);
		assert_string_equal(err.text, rows[i].want);
	}
}

static void
images_are_in_order_and_each_there_once(void **state)
{
	static const char text[] = HEAD ",\"images\":["
		"{\"target\":\"baseline-aa0000000000\",\"parent\":\"" ID "\",\"image\":\"i\",\"reason\":\"r\","
		"\"verdict\":\"absent\",\"decision\":\"build\"},"
		"{\"target\":\"baseline-aa0000000000\",\"parent\":\"" ID "\",\"image\":\"i\",\"reason\":\"r\","
		"\"verdict\":\"absent\",\"decision\":\"build\"}]}";
	struct planned p;
	(void)state;
	assert_int_equal(planned_read(&p, "p", text, strlen(text), &arena, &err), -1);
	assert_string_equal(err.text, "p: /images/1/parent: not after that of the previous image");
}

/* Fields that a later gen brings do not hurt, whatever they hold. */
static void
unknown_members_are_left_alone(void **state)
{
	static const char text[] = IMAGE(",\"verdict\":\"present\",\"decision\":\"skip\","
		"\"new\":{\"decision\":[1,{\"a\":2}]},\"a_very_long_name_of_a_member_that_is_not_ours\":[[]],"
		"\"native\":\"reuse\",\"preflight\":[\"libcuda-stub\"]");
	struct planned p;
	(void)state;
	assert_int_equal(planned_read(&p, "p", text, strlen(text), &arena, &err), 0);
	assert_int_equal(p.n_images, 1);
	assert_int_equal(p.images[0].native, NATIVE_REUSE);
	assert_string_equal(p.images[0].preflight.list[0], "libcuda-stub");
}

/* ---- one image, by halving ---- */

/* Whatever length the others have, each of many is found; what is not there is not. */
static void
each_of_many_is_found(void **state)
{
	struct str text = { 0 };
	struct planned fleet;
	struct planned_image image;
	char target[32];
	(void)state;

	str_adds(&text, HEAD ",\"args\":{\"Z\":\"1\",\"A\":\"2\"},\"images\":[");
	for (int i = 0; i < 500; i++)
		str_addf(&text, "%s\n{\"target\":\"baseline-%012d\",\"parent\":\"%012d%028d\",\"image\":\"i\","
		         "\"reason\":\"%*d\",\"verdict\":\"absent\",\"decision\":\"build\",\"input\":\"d\"}",
		         i ? "," : "", 2 * i, 2 * i, 0, i % 7 * i + 1, i);
	str_adds(&text, "\n],\"unmapped_tags\":[]}\n");
	for (int i = 0; i < 1001; i++) {
		snprintf(target, sizeof(target), "baseline-%012d", i);
		int found = planned_read_one(&fleet, &image, target, "p", text.data, text.len, &arena, &err);
		assert_int_equal(found, i % 2 == 0 && i < 1000);
		if (found)
			assert_int_equal(strtol(image.reason, NULL, 10), i / 2);
	}
	assert_string_equal(fleet.fleet, "f");
	str_dispose(&text);
}

/* An image has the values of its fleet, and its own over them. */
static void
own_values_stand_over_those_of_the_fleet(void **state)
{
	static const char text[] = HEAD ",\"args\":{\"Z\":\"1\",\"A\":\"2\"},\"images\":[\n"
		"{\"target\":\"baseline-aa0000000000\",\"parent\":\"" ID "\",\"image\":\"i\",\"reason\":\"r\","
		"\"verdict\":\"absent\",\"decision\":\"build\",\"input\":\"d\","
		"\"args\":{\"M\":\"3\",\"A\":\"4\"}}\n]}\n";
	static const char *const want[] = { "A", "4", "M", "3", "Z", "1" };
	struct planned fleet;
	struct planned_image image;
	(void)state;

	assert_int_equal(planned_read_one(&fleet, &image, "baseline-aa0000000000", "p", text, strlen(text),
	                                  &arena, &err), 1);
	assert_int_equal(image.args.n, 3);
	for (size_t i = 0; i < 3; i++) {
		assert_string_equal(image.args.list[i].name, want[2 * i]);
		assert_string_equal(image.args.list[i].value, want[2 * i + 1]);
	}
}

/* A file that was cut off: what is whole is found, and what is not is an error. */
static void
a_torn_line_is_an_error(void **state)
{
	static const char text[] = IMAGE(",\"verdict\":\"absent\",\"decision\":\"build\"");
	const char *line = strstr(text, "{\"target");
	struct planned fleet;
	struct planned_image image;
	struct str file = { 0 };
	(void)state;

	str_addf(&file, "%s\n%s", HEAD ",\"images\":[", line);
	size_t whole = file.len - strlen("]}");
	for (size_t len = 0; len <= whole; len++) {
		err = (struct error){ 0 };
		int found = planned_read_one(&fleet, &image, "baseline-aa0000000000", "p", file.data, len, &arena,
		                             &err);
		if (found < 0)
			assert_string_equal(err.text, "p: not the JSON that gen writes; run gen");
		assert_true(len == whole ? found == 1 : found <= 0);
	}
	str_dispose(&file);
}

GROUP(test_planned)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(a_plan_survives),
		TEST(images_are_found_by_their_first_digits),
		TEST(what_gen_does_not_write_is_refused),
		TEST(images_are_in_order_and_each_there_once),
		TEST(unknown_members_are_left_alone),
		TEST(each_of_many_is_found),
		TEST(own_values_stand_over_those_of_the_fleet),
		TEST(a_torn_line_is_an_error),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
