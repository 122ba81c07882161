#include "plan/questions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "registry/registry_answers.h"
#include "sample_fleet.h"
#include "temp_folder.h"

static struct arena arena;
static struct error err;
static struct questions q;

static int
teardown(void **state)
{
	(void)state;
	questions_dispose(&q);
	arena_dispose(&arena);
	return 0;
}

static struct image_name
name(const char *registry, const char *repository, const char *tag)
{
	/* Copies: a name is not known by where its texts are. */
	return (struct image_name){ arena_strdup(&arena, registry), arena_strdup(&arena, repository),
	                            arena_strdup(&arena, tag) };
}

static void
add(const char *registry, const char *repository, const char *tag)
{
	struct image_name n = name(registry, repository, tag);
	questions_add(&q, &n, false);
}

static enum verdict
verdict_of(const char *registry, const char *repository, const char *tag)
{
	struct image_name n = name(registry, repository, tag);
	return questions_answer(&q, &n)->verdict;
}

/* The last answers of x.example/a, y.example/a and x.example/b: tag 1 is there in each, 2 is not. */
static void
write_answers(void)
{
	static const char *const places[][2] = { { "x", "a" }, { "y", "a" }, { "x", "b" } };
	char file[64], text[256];

	for (size_t i = 0; i < 3; i++) {
		const char *registry = places[i][0], *repository = places[i][1];
		snprintf(file, sizeof(file), "%s.example+%s.json", registry, repository);
		snprintf(text, sizeof(text), "{\"version\":1,\"registry\":\"%s.example\",\"repository\":\"%s\","
		         "\"tags\":{\"1\":{\"verdict\":\"present\",\"digest\":null},\"2\":{\"verdict\":\"absent\"},"
		         "\"%s%s\":{\"verdict\":\"present\"}}}", registry, repository, registry, repository);
		FILE *f = fopen(file, "w");
		assert_non_null(f);
		assert_true(fputs(text, f) >= 0);
		assert_int_equal(fclose(f), 0);
	}
}

static void
ask(void)
{
	struct registry_answers answers = { .folder = "." };
	assert_int_equal(questions_ask(&q, &answers, &arena, &err), 0);
}

static void
answers_are_found_by_name_in_any_order(void **state)
{
	(void)state;
	write_answers();
	add("x.example", "a", "1");
	add("x.example", "a", "2");
	add("y.example", "a", "1");
	add("x.example", "b", "2");
	add("x.example", "a", "xa");
	add("x.example", "b", "xb");
	assert_int_equal(q.n, 3);
	assert_int_equal(q.queries[0].n_tags, 3);
	ask();
	static const struct { const char *registry, *repository, *tag; enum verdict want; } rows[] = {
		/* As they were asked, ... */
		{ "x.example", "a", "1", VERDICT_PRESENT },
		{ "x.example", "a", "2", VERDICT_ABSENT },
		{ "x.example", "a", "xa", VERDICT_PRESENT },
		/* ... and as they were not. */
		{ "x.example", "a", "1", VERDICT_PRESENT },
		{ "x.example", "b", "xb", VERDICT_PRESENT },
		{ "y.example", "a", "1", VERDICT_PRESENT },
		{ "x.example", "a", "2", VERDICT_ABSENT },
		{ "x.example", "a", "2", VERDICT_ABSENT },
		{ "x.example", "b", "2", VERDICT_ABSENT },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_int_equal(verdict_of(rows[i].registry, rows[i].repository, rows[i].tag), rows[i].want);

	struct image_name none[] = { name("x.example", "a", "3"), name("y.example", "a", "2"),
	                             name("y.example", "b", "1"), name("z.example", "a", "1") };
	for (size_t i = 0; i < sizeof(none) / sizeof(*none); i++)
		assert_null(questions_answer(&q, &none[i]));
	assert_int_equal(verdict_of("y.example", "a", "1"), VERDICT_PRESENT);
}

static void
nobody_is_asked_nothing(void **state)
{
	struct image_name any = name("x.example", "a", "1");
	(void)state;
	ask();
	assert_null(questions_answer(&q, &any));
}

/* A fleet with one repository for all, or two; one human commit is in both mappings. */
static void
a_plan_asks_for_each_image_once(void **state)
{
	struct fleet fleet;
	struct plan plan;
	(void)state;
	for (unsigned one = 0; one < 2; one++) {
		sample_fleet(&fleet, &arena);
		struct entry list[] = {
			sample_entry(&arena, "11", "aa", 0, 0), sample_entry(&arena, "11", "aa", 1, 0),
			sample_entry(&arena, "12", "bb", 0, 1),
		};
		struct entries e = { list, 3, 3 };
		struct commit_id fixed;
		memcpy(fixed.hex, list[2].human, sizeof(fixed.hex));
		fleet.fixed_humans = &fixed;
		fleet.n_fixed_humans = 1;
		if (one)
			fleet.human_repository = arena_strdup(&arena, fleet.baseline_repository);
		assert_int_equal(plan_merge(&plan, &fleet, &e, &arena, &err), 0);
		questions_of_plan(&q, &plan, "mirror.example");

		static const char *const want[2][4] = {
			{ "baseline-aa0000000000", "baseline-bb0000000000", "12" },
			{ "baseline-aa0000000000", "11", "baseline-bb0000000000", "12" },
		};
		assert_int_equal(q.n, one ? 1 : 2);
		assert_string_equal(q.queries[0].registry, "mirror.example");
		assert_string_equal(q.queries[0].collect_prefix, "baseline-");
		assert_int_equal(q.queries[0].n_tags, one ? 4 : 3);
		for (size_t i = 0; i < q.queries[0].n_tags; i++)
			assert_memory_equal(q.queries[0].tags[i].tag, want[one][i], strlen(want[one][i]));
		if (!one) {
			assert_int_equal(q.queries[1].n_tags, 2);
			assert_null(q.queries[1].collect_prefix);
		}
		questions_dispose(&q);
	}
}

static void
a_repaired_human_is_looked_for_beside_the_baselines_first(void **state)
{
	struct fleet fleet;
	struct image_name names[HUMAN_NAMES];
	struct commit_id fixed;
	(void)state;
	sample_fleet(&fleet, &arena);
	const char *human = sample_id(&arena, "11");
	assert_int_equal(human_names(names, human, &fleet, "reg.example"), 1);
	assert_string_equal(names[0].repository, "d/human");
	memcpy(fixed.hex, human, sizeof(fixed.hex));
	fleet.fixed_humans = &fixed;
	fleet.n_fixed_humans = 1;
	assert_int_equal(human_names(names, human, &fleet, "reg.example"), 2);
	assert_string_equal(names[0].repository, "d/base");
	assert_string_equal(names[1].repository, "d/human");
	fleet.human_repository = "d/base";
	assert_int_equal(human_names(names, human, &fleet, "reg.example"), 1);
	assert_string_equal(names[0].tag, human);
}

GROUP(test_questions)
{
#define TEST(name) cmocka_unit_test_teardown(name, teardown)
	const struct CMUnitTest tests[] = {
		TEST(answers_are_found_by_name_in_any_order),
		TEST(nobody_is_asked_nothing),
		TEST(a_plan_asks_for_each_image_once),
		TEST(a_repaired_human_is_looked_for_beside_the_baselines_first),
	};
	return cmocka_run_group_tests(tests, enter_folder, leave_folder);
}
