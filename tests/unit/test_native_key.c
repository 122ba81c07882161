#include "fleet/native_key.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"
#include "base/str.h"

#define ROWS(rows) (sizeof(rows) / sizeof((rows)[0]))

static struct arena arena;

/* "file csrc 1 pin torch ==2.0" are two facts. */
static struct native_facts
facts_of(const char *text)
{
	struct native_facts f = { 0 };
	char *copy = arena_strdup(&arena, text), *at = copy;
	while (at && *at) {
		const char *kind = strsep(&at, " "), *name = strsep(&at, " ");
		native_facts_add(&f, kind, name, strsep(&at, " "), &arena);
	}
	return f;
}

static void
a_key_is_what_the_facts_are(void **state)
{
	(void)state;
	static const struct { const char *x, *y; int same; const char *differ; } rows[] = {
		{ "", "", 1, "" },
		{ "file csrc 1 file cmake 2", "file cmake 2 file csrc 1", 1, "" },
		{ "file csrc 1", "file csrc 2", 0, "csrc" },
		{ "file csrc 1", "", 0, "csrc" },
		{ "", "file csrc 1", 0, "csrc" },
		{ "file a 1 file c 1 pin torch 2", "file a 2 file b 1 pin torch 3", 0, "a, b, c, torch" },
		{ "file a b", "pin a b", 0, "a, a" },
		{ "file a bc", "file ab c", 0, "a, ab" },
		{ "file a 1 arg a 1", "arg a 1 file a 1", 1, "" },
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct native_facts x = facts_of(rows[i].x), y = facts_of(rows[i].y);
		struct str names = { 0 };
		const char *kx = native_key(&x, &arena), *ky = native_key(&y, &arena);
		assert_int_equal(strncmp(kx, "sha256:", 7), 0);
		assert_int_equal(strlen(kx), 71);
		assert_int_equal(strcmp(kx, ky) == 0, rows[i].same);
		assert_int_equal(native_facts_differ(&names, &x, &y) == 0, rows[i].same);
		assert_string_equal(str_text(&names), rows[i].differ);
		str_dispose(&names);
	}
}

/* The key is written into images: it must not change with the program. */
static void
a_key_is_for_ever(void **state)
{
	(void)state;
	struct native_facts f = facts_of("pin torch ==2.7.0 file csrc 0123 arg BUILD_CUDA 12.8.1");
	assert_string_equal(native_key(&f, &arena), "sha256:648a7fb29e36b7c62bd59a7adf1da8fc4d97ff0bec73a544e8d4ccdf8fc9deac");
}

static void
a_pin_is_found(void **state)
{
	(void)state;
	static const struct { const char *text, *package, *want; } rows[] = {
		{ "requires = [\n    \"cmake>=3.21\",\n    \"torch == 2.7.0\",\n]\n", "torch", "==2.7.0" },
		{ "requires = [\"ninja\", \"torch == 2.1.2\", \"wheel\"]\n", "torch", "==2.1.2" },
		{ "torch==2.3.0\n", "torch", "==2.3.0" },
		{ "numpy\ntorch == 2.5.1 # a reason\n", "torch", "==2.5.1" },
		{ "torch >= 2.0, < 2.2; platform_system != \"x\"\n", "torch", ">=2.0,<2.2" },
		{ "'torch>=2.0,<2.2'\n", "torch", ">=2.0,<2.2" },
		{ "ray[adag, x] >= 2.4\n", "ray", ">=2.4" },
		{ "torch (>=2.0)\n", "torch", ">=2.0" },
		{ "torch~=2.0", "torch", "~=2.0" },
		{ "torch", "torch", NULL },
		{ "torch\n", "torch", NULL },
		{ "torchaudio==2.7.0\n", "torch", NULL },
		{ "intel-torch==1\nmy_torch==2\ntorch.x==3\n", "torch", NULL },
		{ "torchvision==1\ntorch==2\n", "torch", "==2" },
		{ "# torch == 1.0 was too old\ntorch == 2.0\n", "torch", "==2.0" },
		{ "torch @ https://example.org/torch.whl\n", "torch", NULL },
		{ "torch==2.0\r\nx\r\n", "torch", "==2.0" },
		{ "ray[", "ray", NULL },
		{ "", "torch", NULL },
	};
	for (size_t i = 0; i < ROWS(rows); i++) {
		const char *got = native_pin(rows[i].text, strlen(rows[i].text), rows[i].package, &arena);
		if (rows[i].want && got)
			assert_string_equal(got, rows[i].want);
		else
			assert_true(got == rows[i].want);
	}
}

static int
tear_down(void **state)
{
	(void)state;
	arena_dispose(&arena);
	return 0;
}

GROUP(test_native_key)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_what_the_facts_are),
		cmocka_unit_test(a_key_is_for_ever),
		cmocka_unit_test(a_pin_is_found),
	};
	return cmocka_run_group_tests(tests, NULL, tear_down);
}
