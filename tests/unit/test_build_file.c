#include "ninja/build_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "unit.h"

#include "base/sink.h"
#include "json/pairs.h"
#include "plan/plan_text.h"
#include "plan/planned.h"
#include "plan/planned_of.h"
#include "plan/planned_write.h"
#include "plan/recipe.h"
#include "plan/recipe_text.h"
#include "sample_fleet.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static struct arena arena;
static struct fleet fleet;
static struct plan plan;

static const struct surroundings here = {
	.registry = "mirror.example:5000", .engine = ENGINE_BUILDAH, .dockerfile = "Dockerfile",
	.dockerfile_digest = DIGEST, .git_objects = "/clone/objects", .gen = "/bin/gen",
};

static const char *
digest(struct image *image, const struct surroundings *s)
{
	struct str scratch = { 0 };

	recipe_digest(image, recipe_shared_digest(&fleet, s, &arena), s, &scratch, &arena);
	str_dispose(&scratch);
	return image->parts.input;
}

/* aa: to build, with a patch; bb: to build; cc: present; dd: failed for good. */
static void
make_plan(struct entry *list, size_t n)
{
	static struct patch patch = { "01-x.patch", "text", 4, "sha256:55" };
	static struct name_value arg = { "ARCH", "9.0" };
	static struct name_value env[] = { { "CC", "gcc" }, { "L", "it's $HOME" } };
	struct entries e = { list, n, n };

	assert_int_equal(plan_merge(&plan, &fleet, &e, &arena, NULL), 0);
	for (size_t i = 0; i < plan.n_images; i++) {
		struct image *image = &plan.images[i];
		image->registry.verdict = image_id(image)[0] == 'c' ? VERDICT_PRESENT : VERDICT_ABSENT;
		image->registry.base = (struct base){ "d/human", image->entries->human, VERDICT_PRESENT, DIGEST };
		image->git.time_s = 86400;
		image->parts.args = &arg;
		image->parts.n_args = 1;
		image->parts.env = env;
		image->parts.n_env = 2;
		memcpy(image->git.tree, sample_id(&arena, "7"), sizeof(image->git.tree));
		if (image_id(image)[0] == 'a') {
			image->parts.patches = &patch;
			image->parts.n_patches = 1;
		}
	}
	plan_decide(&plan, &arena);
	for (size_t i = 0; i < plan.n_images; i++)
		if (plan.images[i].decided.decision == DECISION_BUILD)
			digest(&plan.images[i], &here);
}

static const char *
render(bool push)
{
	const char *inputs[] = { "fleet.json", "m 1.json" };
	struct build_file_options o = { &here, "../rules", "../step", "../gen", push, inputs, 2 };
	struct sink out = { 0 };
	struct error err = { 0 };

	assert_int_equal(build_file_write(&out, &plan, &o, &arena, &err), 0);
	const char *text = arena_strdup(&arena, str_text(&out.text));
	sink_dispose(&out);
	return text;
}

static int
setup(void **state)
{
	(void)state;
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

static void
usual(struct entry list[5])
{
	list[0] = sample_entry(&arena, "11", "aa", 0, 0);
	list[1] = sample_entry(&arena, "22", "bb", 0, 1);
	list[2] = sample_entry(&arena, "33", "cc", 1, 0);
	list[3] = sample_entry(&arena, "44", "dd", 1, 1);
	list[4] = sample_entry(&arena, "55", "bb", 1, 2);
}

static void
has(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("no \"%s\" in:\n%s", part, text);
}

static void
every_decision_has_its_edges(void **state)
{
	struct entry list[5];
	(void)state;
	usual(list);
	make_plan(list, 5);
	const char *text = render(true);

	has(text, "pool cuda\n  depth = 1\n");
	has(text, "include ../rules/buildah.ninja\n");
	has(text, "build build.ninja: gen | fleet.json m$ 1.json\n");
	has(text, "build out/stamps/baseline-aa0000000000.source: source\n"
	          "  target = baseline-aa0000000000\n  commit = aa");
	has(text, "build out/stamps/baseline-aa0000000000.patch: patch "
	          "out/stamps/baseline-aa0000000000.source || out/patches/aa0000000000/01-x.patch\n");
	has(text, "build out/stamps/baseline-bb0000000000.image: image "
	          "out/stamps/baseline-bb0000000000.patch\n"
	          "  pool = cuda\n");
	has(text, "build local-baseline-bb0000000000: phony out/stamps/baseline-bb0000000000.verify\n");
	has(text, "repository = mirror.example:5000/d/base\n");
	has(text, "build baseline-bb0000000000 baseline-bb000000 human-22000000: "
	          "phony out/stamps/baseline-bb0000000000.push\n"
	          "build human-55000000: phony out/stamps/baseline-bb0000000000.push\n");
	has(text, "# baseline-bb0000000000: build, parent of 22000000, 55000000\n");
	has(text, "build baseline-cc0000000000 baseline-cc000000 human-33000000: phony out/present\n");
	has(text, "build baseline-dd0000000000: held\n  target = baseline-dd0000000000\n"
	          "build baseline-dd000000 human-44000000: phony baseline-dd0000000000\n");
	has(text, "build v1: phony baseline-aa0000000000 baseline-bb0000000000\n"
	          "build v2: phony baseline-bb0000000000\n"
	          "build local: phony local-baseline-aa0000000000 local-baseline-bb0000000000\n"
	          "build all: phony v1 v2\ndefault all\n");
}

static void
without_push_an_image_ends_at_verify(void **state)
{
	struct entry list[5];
	(void)state;
	usual(list);
	make_plan(list, 5);
	const char *text = render(false);
	assert_null(strstr(text, ": push "));
	has(text, "build baseline-aa0000000000 baseline-aa000000 human-11000000: "
	          "phony out/stamps/baseline-aa0000000000.verify\n");
}

static void
shuffled_input_gives_the_same_bytes(void **state)
{
	static const size_t orders[][5] = { { 4, 3, 2, 1, 0 }, { 2, 0, 4, 1, 3 }, { 1, 4, 0, 3, 2 } };
	struct entry list[5], shuffled[5];
	(void)state;
	usual(list);
	struct entry first[5];
	memcpy(first, list, sizeof(first));
	make_plan(first, 5);
	const char *want = render(true);

	for (size_t o = 0; o < 3; o++) {
		for (size_t i = 0; i < 5; i++)
			shuffled[i] = list[orders[o][i]];
		for (size_t i = 0; i < 5; i++)
			shuffled[i].place = (unsigned)i;
		make_plan(shuffled, 5);
		assert_string_equal(render(true), want);
	}
}

static void
names_that_two_share_are_no_targets(void **state)
{
	struct entry list[] = {
		sample_entry(&arena, "aaaaaaaa1", "bbbbbbbb1", 0, 0),
		sample_entry(&arena, "aaaaaaaa2", "bbbbbbbb2", 0, 1),
	};
	(void)state;
	make_plan(list, 2);
	const char *text = render(true);
	assert_null(strstr(text, "human-aaaaaaaa"));
	assert_null(strstr(text, "baseline-bbbbbbbb:"));
	assert_null(strstr(text, "baseline-bbbbbbbb "));
	has(text, "build baseline-bbbbbbbb1000:");
}

static void
a_path_without_spelling_is_an_error(void **state)
{
	struct entry list[5];
	const char *inputs[] = { "a|b" };
	struct build_file_options o = { &here, "rules", "step", "gen", true, inputs, 1 };
	struct sink out = { 0 };
	struct error err = { 0 };
	(void)state;
	usual(list);
	make_plan(list, 5);
	assert_int_equal(build_file_write(&out, &plan, &o, &arena, &err), -1);
	assert_string_equal(err.text, "build.ninja: path \"a...\": byte 0x7c cannot be written in a build file");
	sink_dispose(&out);
}

/* Ninja looks through all of a group for each member that is done. */
static void
a_group_of_many_is_a_tree(void **state)
{
	static struct entry list[101 * 100];
	size_t n = sizeof(list) / sizeof(*list);
	char human[16], parent[16];
	(void)state;
	for (size_t i = 0; i < n; i++) {
		snprintf(parent, sizeof(parent), "%04zx", i);
		snprintf(human, sizeof(human), "a%04zx", i);
		list[i] = sample_entry(&arena, human, parent, 0, i);
	}
	make_plan(list, n);
	const char *text = render(true);
	has(text, "\nbuild out/groups/v1.0.0: phony baseline-000000000000 baseline-000100000000 ");
	has(text, " baseline-006300000000\nbuild out/groups/v1.0.1: phony baseline-006400000000 ");
	has(text, "\nbuild out/groups/v1.1.0: phony out/groups/v1.0.0 ");
	has(text, " out/groups/v1.0.99\nbuild out/groups/v1.1.1: phony out/groups/v1.0.100\n"
	          "build v1: phony out/groups/v1.1.0 out/groups/v1.1.1\n");
}

/* ---- recipes ---- */

/* The recipe of an image, as a step would have it. */
static const char *
recipe_of(const struct image *image)
{
	struct planned all;
	struct planned_image planned;
	struct str out = { 0 };

	planned_of_fleet(&all, &plan, &here, &arena);
	planned_of_image(&planned, image, &plan, &here, &arena);
	recipe_text(&out, &all, &planned, &arena);
	const char *text = arena_strdup(&arena, str_text(&out));
	str_dispose(&out);
	return text;
}

/* Its settings over the fleet's. */
static const char *
settings_of(const struct image *image)
{
	struct planned all;
	struct planned_image planned;
	struct pairs own = { 0 };
	struct str out = { 0 };

	planned_of_fleet(&all, &plan, &here, &arena);
	planned_of_image(&planned, image, &plan, &here, &arena);
	recipe_settings(&own, &all, &planned, &arena);
	for (size_t i = 0; i < own.n; i++)
		str_addf(&out, "%s=%s\n", own.items[i].key, own.items[i].value);
	const char *text = arena_strdup(&arena, str_text(&out));
	pairs_dispose(&own);
	str_dispose(&out);
	return text;
}

static const char *
input_of(const struct surroundings *s)
{
	return digest(&plan.images[1], s);
}

static void
the_input_digest_is_what_an_image_is_made_of(void **state)
{
	struct entry list[5];
	struct surroundings s = here;
	(void)state;
	usual(list);
	make_plan(list, 5);
	struct image *bb = &plan.images[1];
	const char *before = bb->parts.input;
	assert_string_equal(input_of(&s), before);

	/* where it comes from and how it is made: the same */
	s.registry = "other.example";
	s.gen = "/elsewhere/gen";
	s.git_objects = "/x";
	s.engine = ENGINE_DOCKER;
	fleet.build.max_jobs = 1;
	fleet.build.deadline_s = 1;
	assert_string_equal(input_of(&s), before);

	bb->native.way = NATIVE_REUSE;	/* another way to the same objects */
	bb->native.reason = "r";
	assert_string_equal(input_of(&s), before);

	/* what it is made of: another */
	s.dockerfile_digest = "sha256:1";
	assert_string_not_equal(input_of(&s), before);
	s = here;
	bb->registry.base.digest = "sha256:2";
	assert_string_not_equal(input_of(&s), before);
	bb->registry.base.digest = DIGEST;
	bb->git.time_s++;
	assert_string_not_equal(input_of(&s), before);
	bb->git.time_s--;
	bb->parts.env[0].value = "clang";
	assert_string_not_equal(input_of(&s), before);
	bb->parts.env[0].value = "gcc";
	bb->parts.n_args = 0;
	assert_string_not_equal(input_of(&s), before);
	bb->parts.n_args = 1;
	s.context_files = "c";
	s.context_digest = "sha256:3";
	assert_string_not_equal(input_of(&s), before);
	s = here;
	struct patch patch = { "01-x.patch", "t", 1, "sha256:56" };
	bb->parts.patches = &patch;
	bb->parts.n_patches = 1;
	assert_string_not_equal(input_of(&s), before);
	bb->parts.n_patches = 0;
	assert_string_equal(input_of(&s), before);
}

static void
native_code_decides_pool_and_order(void **state)
{
	struct entry list[5];
	(void)state;
	usual(list);
	make_plan(list, 5);
	plan.images[0].native.way = NATIVE_REUSE;
	plan.images[1].native.way = NATIVE_SHARE;
	plan.images[1].native.reason = "like aa";
	plan.images[1].native.objects = plan.images[0].target;
	const char *text = render(true);
	has(text, "baseline-aa0000000000.patch\n  pool = light\n");
	has(text, "|| out/stamps/baseline-aa0000000000.image\n  pool = light\n");
	has(recipe_of(&plan.images[1]),
	    "\nnative=share\nnative_reason=like aa\nobjects=stampmill-demo:baseline-aa0000000000\n");
}

static void
the_environment_is_quoted_for_a_shell(void **state)
{
	struct entry list[5];
	struct planned_image planned;
	struct str out = { 0 };
	(void)state;
	usual(list);
	make_plan(list, 5);
	planned_of_image(&planned, &plan.images[1], &plan, &here, &arena);
	recipe_environment_text(&out, &planned);
	assert_string_equal(str_text(&out), "export CC='gcc'\nexport L='it'\\''s $HOME'\n");
	str_dispose(&out);
}

static void
a_recipe_and_settings_tell_the_steps(void **state)
{
	struct entry list[5];
	struct str out = { 0 };
	(void)state;
	usual(list);
	make_plan(list, 5);
	const char *recipe = recipe_of(&plan.images[1]);
	has(recipe, "target=baseline-bb0000000000\nid=bb0000000000\n");
	has(recipe, "\nbase=mirror.example:5000/d/human@" DIGEST "\n");
	has(recipe, "\nlocal=stampmill-demo:baseline-bb0000000000\n");
	has(recipe, "\nimage=mirror.example:5000/d/base:baseline-bb0000000000\n");
	has(recipe, "\narg.ARCH=9.0\n");
	has(recipe, "\nlabel.org.opencontainers.image.created=1970-01-02T00:00:00Z\n");
	has(recipe, "\nlabel.org.opencontainers.image.base.name=reg.example/d/human:22");
	assert_string_equal(settings_of(&plan.images[0]), "");
	assert_string_equal(settings_of(&plan.images[1]), "jobs=4\n");
	plan.images[0].parts.gb_per_job = 18;
	assert_string_equal(settings_of(&plan.images[0]), "gb_per_job=18\n");
	plan.images[0].native.way = NATIVE_REUSE;	/* compiles nothing */
	assert_string_equal(settings_of(&plan.images[0]), "");
	recipe_fleet_settings(&out, &fleet, &here);
	has(str_text(&out), "jobs=8\nnvcc_threads=2\n");
	has(str_text(&out), "engine=buildah\n");
	str_dispose(&out);
}

/* An image, as a step finds it in the file. */
static int
find(struct planned *all, struct planned_image *image, const char *target)
{
	struct sink out = { 0 };
	const char *text;

	assert_int_equal(planned_write(&out, true, &plan, &here, NULL), 0);
	text = str_text(&out.text);
	int found = planned_read_one(all, image, target, "plan", text, out.text.len, &arena, NULL);
	sink_dispose(&out);
	return found;
}

static void
what_the_file_says_is_the_recipe(void **state)
{
	struct name_value env[] = { { "CC", "clang" }, { "L", "" } };
	struct entry list[5];
	(void)state;
	usual(list);
	fleet.build.env = env;	/* one is otherwise in the image, both have values there */
	fleet.build.n_env = 2;
	make_plan(list, 5);
	for (size_t i = 0; i < 2; i++) {
		struct planned all;
		struct planned_image image;
		struct str out = { 0 };
		assert_int_equal(find(&all, &image, plan.images[i].target), 1);
		recipe_text(&out, &all, &image, &arena);
		assert_string_equal(str_text(&out), recipe_of(&plan.images[i]));
		has(str_text(&out), "\nenv.CC=gcc\nenv.L=it's $HOME\n");
		str_dispose(&out);
	}
	fleet.build.n_env = 0;
}

static void
the_file_says_why_an_image_is_held(void **state)
{
	struct planned all;
	struct planned_image image;
	struct entry list[5];
	(void)state;
	usual(list);
	make_plan(list, 5);
	assert_int_equal(find(&all, &image, "baseline-dd0000000000"), 1);
	assert_int_equal(image.decision, DECISION_HOLD);
	assert_string_equal(image.reason, plan.images[3].decided.reason);
	assert_null(image.tree);
	assert_int_equal(find(&all, &image, "baseline-cc0000000000"), 1);
	assert_int_equal(image.decision, DECISION_SKIP);
	assert_int_equal(find(&all, &image, "baseline-ee0000000000"), 0);
}

static void
a_build_list_holds_what_is_to_be_built(void **state)
{
	struct entry list[5];
	struct sink out = { 0 };
	(void)state;
	usual(list);
	list[0].model = "a \"model\"";
	make_plan(list, 5);
	assert_int_equal(plan_build_list(&out, &plan, NULL), 0);
	json_t *root = json_loadb(out.text.data, out.text.len, 0, NULL);
	assert_int_equal(json_array_size(root), 2);
	json_t *first = json_array_get(root, 0);
	assert_string_equal(json_string_value(json_object_get(first, "parent_full")), sample_id(&arena, "aa"));
	assert_string_equal(json_string_value(json_object_get(first, "human_short")), "11000000");
	assert_string_equal(json_string_value(json_object_get(first, "model")), "a \"model\"");
	assert_string_equal(json_string_value(json_object_get(first, "source")), "v1");
	json_decref(root);
	sink_dispose(&out);
}

static void
the_plan_as_json_adds_up(void **state)
{
	struct entry list[5];
	struct sink out = { 0 };
	(void)state;
	usual(list);
	make_plan(list, 5);
	assert_int_equal(planned_write(&out, false, &plan, &here, NULL), 0);
	json_t *root = json_loadb(out.text.data, out.text.len, 0, NULL), *totals = json_object_get(root, "totals");
	assert_int_equal(json_integer_value(json_object_get(totals, "entries")), 5);
	assert_int_equal(json_integer_value(json_object_get(totals, "parents")), 4);
	assert_int_equal(json_integer_value(json_object_get(totals, "build")), 2);
	assert_int_equal(json_integer_value(json_object_get(totals, "skip")), 1);
	assert_int_equal(json_integer_value(json_object_get(totals, "hold")), 1);
	json_t *bb = json_array_get(json_object_get(root, "images"), 1);
	assert_int_equal(json_array_size(json_object_get(bb, "humans")), 2);
	assert_int_equal(json_array_size(json_object_get(bb, "mapping")), 2);
	assert_int_equal(json_integer_value(json_object_get(bb, "max_jobs")), 4);
	json_decref(root);
	sink_dispose(&out);
}

static void
a_hostile_model_does_nothing_to_a_terminal(void **state)
{
	struct entry list[5];
	struct str out = { 0 };
	(void)state;
	usual(list);
	list[0].model = "x\x1b[2J\ny";
	make_plan(list, 5);
	plan_summary(&out, &plan);
	has(str_text(&out), "x?[2J?y");
	has(str_text(&out), "demo: 5 entries (v1 2, v2 3), 4 parents\n");
	has(str_text(&out), "baseline-dd0000000000  failed for good: E: R\n");
	str_dispose(&out);
}

GROUP(test_build_file)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(every_decision_has_its_edges),
		TEST(without_push_an_image_ends_at_verify),
		TEST(shuffled_input_gives_the_same_bytes),
		TEST(names_that_two_share_are_no_targets),
		TEST(a_path_without_spelling_is_an_error),
		TEST(a_group_of_many_is_a_tree),
		TEST(the_input_digest_is_what_an_image_is_made_of),
		TEST(native_code_decides_pool_and_order),
		TEST(the_environment_is_quoted_for_a_shell),
		TEST(a_recipe_and_settings_tell_the_steps),
		TEST(what_the_file_says_is_the_recipe),
		TEST(the_file_says_why_an_image_is_held),
		TEST(a_build_list_holds_what_is_to_be_built),
		TEST(the_plan_as_json_adds_up),
		TEST(a_hostile_model_does_nothing_to_a_terminal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
