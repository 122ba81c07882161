#include "plan/native.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

static struct arena arena;

/* An image: its key and its base's; then what else holds for it. */
#define IMAGE(name, k, ...) \
	{ .target = (name), .key = (k), .base = "human aaaaaaaa", .differs = "csrc", __VA_ARGS__ }
#define WHEEL .wheel = VERDICT_PRESENT
#define LOST(way, why) .lost = (why), .lost_way = NATIVE_##way

struct expected {
	enum native native;
	const char *with, *reason;
};

/* A fleet in each row; it ends at the first without a target. */
static const struct {
	struct native_choice in[4];
	struct expected out[4];
} rows[] = {
	{ { IMAGE("a", "1", .base_key = "1") },
	  { { NATIVE_REUSE, NULL, "native inputs are those of human aaaaaaaa" } } },
	{ { IMAGE("a", "1", .base_key = "2") },
	  { { NATIVE_COMPILE, NULL, "csrc: not as in human aaaaaaaa" } } },
	{ { { .target = "a", .key = "1" } },
	  { { NATIVE_COMPILE, NULL, "what the base was built from is not known" } } },
	{ { IMAGE("a", "1", .base_key = "1", .forced = true) },
	  { { NATIVE_COMPILE, NULL, "asked for" } } },
	{ { IMAGE("a", "1", .base_key = "1", LOST(REUSE, "no vllm/_C.abi3.so in it")) },
	  { { NATIVE_COMPILE, NULL, "objects could not be reused: no vllm/_C.abi3.so in it" } } },

	/* A wheel, unless it is only perhaps there. */
	{ { IMAGE("a", "1", .base_key = "2", WHEEL), IMAGE("b", "3", .base_key = "2") },
	  { { NATIVE_WHEEL, NULL, "the project has a wheel of it; csrc: not as in human aaaaaaaa" },
	    { NATIVE_COMPILE, NULL, "csrc: not as in human aaaaaaaa" } } },
	{ { IMAGE("a", "1", .base_key = "1", WHEEL) },
	  { { NATIVE_REUSE, NULL, "native inputs are those of human aaaaaaaa" } } },
	{ { IMAGE("a", "1", .base_key = "2", WHEEL, .forced = true) },
	  { { NATIVE_COMPILE, NULL, "asked for" } } },

	/* One compiles, the others share. */
	{ { IMAGE("a", "1", .base_key = "2"), IMAGE("b", "1", .base_key = "3"), IMAGE("c", "1") },
	  { { NATIVE_COMPILE, NULL, "csrc: not as in human aaaaaaaa" },
	    { NATIVE_SHARE, "a", "native inputs are those of a" },
	    { NATIVE_SHARE, "a", "native inputs are those of a" } } },
	/* Rather with one that reuses, or compiles anyway, or has a wheel. */
	{ { IMAGE("a", "1", .base_key = "2"), IMAGE("b", "1", .base_key = "1") },
	  { { NATIVE_SHARE, "b", "native inputs are those of b" },
	    { NATIVE_REUSE, NULL, "native inputs are those of human aaaaaaaa" } } },
	{ { IMAGE("a", "1", .base_key = "2", WHEEL), IMAGE("b", "1", .base_key = "1", .forced = true) },
	  { { NATIVE_SHARE, "b", "native inputs are those of b" },
	    { NATIVE_COMPILE, NULL, "asked for" } } },
	{ { IMAGE("a", "1", .base_key = "2"), IMAGE("b", "1", .base_key = "2", WHEEL) },
	  { { NATIVE_SHARE, "b", "native inputs are those of b" },
	    { NATIVE_WHEEL, NULL, "the project has a wheel of it; csrc: not as in human aaaaaaaa" } } },
	{ { IMAGE("a", "1", .base_key = "1", .forced = true), IMAGE("b", "1", .base_key = "1"),
	    IMAGE("c", "1", .base_key = "2", .forced = true), IMAGE("d", "1", .base_key = "2") },
	  { { NATIVE_COMPILE, NULL, "asked for" },
	    { NATIVE_REUSE, NULL, "native inputs are those of human aaaaaaaa" },
	    { NATIVE_COMPILE, NULL, "asked for" },
	    { NATIVE_SHARE, "b", "native inputs are those of b" } } },
	/* What was lost is lost in that way only. */
	{ { IMAGE("a", "1", .base_key = "1", LOST(WHEEL, "x"), WHEEL) },
	  { { NATIVE_REUSE, NULL, "native inputs are those of human aaaaaaaa" } } },
	{ { IMAGE("a", "1", .base_key = "2", LOST(WHEEL, "no vllm/_C"), WHEEL) },
	  { { NATIVE_COMPILE, NULL, "the wheel's objects could not be used: no vllm/_C" } } },
	{ { IMAGE("a", "1", .base_key = "2", LOST(SHARE, "gone")), IMAGE("b", "1", .base_key = "1") },
	  { { NATIVE_COMPILE, NULL, "objects could not be shared: gone" },
	    { NATIVE_REUSE, NULL, "native inputs are those of human aaaaaaaa" } } },
	/* What was lost can still be shared. */
	{ { IMAGE("a", "1", .base_key = "1", LOST(REUSE, "x")), IMAGE("b", "1", .base_key = "1") },
	  { { NATIVE_SHARE, "b", "native inputs are those of b" },
	    { NATIVE_REUSE, NULL, "native inputs are those of human aaaaaaaa" } } },
};

static void
each_image_gets_its_objects_the_cheapest_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct native_choice c[4];
		size_t n = 0;
		memcpy(c, rows[i].in, sizeof(c));
		while (n < 4 && c[n].target)
			n++;
		/* Again, from its own answers: they change nothing. */
		for (int again = 0; again < 2; again++) {
			native_decide(c, n, &arena);
			for (size_t k = 0; k < n; k++) {
				const struct expected *want = &rows[i].out[k];
				assert_int_equal(c[k].native, want->native);
				assert_string_equal(c[k].reason, want->reason);
				assert_int_equal(!c[k].with, !want->with);
				if (want->with)
					assert_string_equal(c[k].with->target, want->with);
			}
		}
	}
	native_decide(NULL, 0, &arena);
}

/* Nobody shares with one that shares: so nobody waits for himself. */
static void
sources_have_objects_of_their_own(void **state)
{
	(void)state;
	static struct native_choice c[1000];
	static char names[1000][16], keys[1000][16];
	for (size_t i = 0; i < ROWS(c); i++) {
		snprintf(names[i], sizeof(names[i]), "t%zu", i);
		snprintf(keys[i], sizeof(keys[i]), "%zu", i * 7919 % 37);
		c[i] = (struct native_choice){
			.target = names[i], .key = keys[i], .base = "b", .differs = "d",
			.base_key = i % 11 ? "none" : keys[i], .forced = i % 13 == 0,
			.wheel = i % 5 ? VERDICT_UNKNOWN : VERDICT_PRESENT,
		};
	}
	native_decide(c, ROWS(c), &arena);
	size_t shared = 0;
	for (size_t i = 0; i < ROWS(c); i++) {
		assert_int_equal(c[i].native == NATIVE_SHARE, c[i].with != NULL);
		if (!c[i].with)
			continue;
		shared++;
		assert_string_equal(c[i].with->key, c[i].key);
		assert_null(c[i].with->with);
	}
	assert_true(shared > 500);
}

static void
ways_have_names(void **state)
{
	(void)state;
	assert_string_equal(native_name(NATIVE_REUSE), "reuse");
	assert_string_equal(native_name(NATIVE_SHARE), "share");
	assert_string_equal(native_name(NATIVE_WHEEL), "wheel");
	assert_string_equal(native_name(NATIVE_COMPILE), "compile");
}

static int
tear_down(void **state)
{
	(void)state;
	arena_dispose(&arena);
	return 0;
}

GROUP(test_native)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_image_gets_its_objects_the_cheapest_way),
		cmocka_unit_test(sources_have_objects_of_their_own),
		cmocka_unit_test(ways_have_names),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
