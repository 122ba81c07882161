#include "registry/manifest.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"

#define ID "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
the_id_is_the_configurations_digest(void **state)
{
	static const struct { const char *text, *want; } rows[] = {
		{ "{\"schemaVersion\":2,\"config\":{\"size\":1,\"digest\":\"" ID "\"},\"layers\":[]}", ID },
		{ "{\"annotations\":{\"digest\":\"x\",\"a\":[{}]},\"layers\":[{\"digest\":\"y\"}],"
		  "\"config\":{\"urls\":[\"digest\"],\"digest\":\"" ID "\"}}", ID },
		{ "{\"manifests\":[{\"digest\":\"" ID "\"}]}", NULL },	/* a list */
		{ "{\"config\":{\"digest\":\"sha256:12\"}}", NULL },
		{ "{\"config\":{\"digest\":7}}", NULL },
		{ "{\"config\":\"" ID "\"}", NULL },
		{ "{\"layers\":[", NULL },
		{ "[]", NULL },
		{ "", NULL },
	};
	struct arena a = { 0 };
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *got = manifest_image_id(rows[i].text, strlen(rows[i].text), &a);
		if (rows[i].want)
			assert_string_equal(got, rows[i].want);
		else
			assert_null(got);
	}
	arena_dispose(&a);
}

GROUP(test_manifest)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_id_is_the_configurations_digest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
