#include "base/arena.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "unit.h"

#include "base/memory.h"

static void
assert_zero(const unsigned char *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		assert_int_equal(p[i], 0);
}

/* Small pieces, pieces over a block, pieces over a large page, among each other. */
static void
memory_is_zeroed_aligned_and_its_own(void **state)
{
	(void)state;
	static const size_t sizes[] = { 1, 24, 70000, 3, LARGE_PAGE + 1, 5000, 65536, 0 };
	enum { N = 8, ROUNDS = 40 };
	struct arena a = { 0 };
	unsigned char *all[ROUNDS * N];

	for (size_t i = 0; i < ROUNDS * N; i++) {
		size_t size = sizes[i % N];
		if (size > LARGE_PAGE && i > N)
			size = 100;
		all[i] = arena_alloc(&a, size);
		assert_int_equal((uintptr_t)all[i] % sizeof(void *), 0);
		assert_zero(all[i], size);
		if (size)
			memset(all[i], (int)(i % 255) + 1, size);
	}
	for (size_t i = 0; i < ROUNDS * N; i++)
		if (sizes[i % N])
			assert_int_equal(all[i][0], i % 255 + 1);
	arena_dispose(&a);
	assert_null(a.blocks);
}

static void
an_array_grows_past_large_pages(void **state)
{
	(void)state;
	struct piece { uint32_t n[12]; } *list = NULL;
	size_t cap = 0, n = LARGE_PAGE / sizeof(struct piece) * 3;

	for (size_t i = 0; i < n; i++) {
		list = memory_grow(list, &cap, i, sizeof(*list));
		assert_true(cap > i);
		list[i].n[0] = list[i].n[11] = (uint32_t)i;
	}
	for (size_t i = 0; i < n; i++)
		assert_true(list[i].n[0] == i && list[i].n[11] == i);
	free(list);
}

GROUP(test_arena)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_aligned_and_its_own),
		cmocka_unit_test(an_array_grows_past_large_pages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
