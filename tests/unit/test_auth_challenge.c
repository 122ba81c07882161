#include "http/auth_challenge.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "unit.h"

#include "base/arena.h"

static size_t
split(const char **values, char *text)
{
	size_t n = 0;
	for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n"))
		values[n++] = line;
	return n;
}

static void
check(const char *got, const char *want)
{
	assert_int_equal(!got, !want);
	if (want)
		assert_string_equal(got, want);
}

static void
the_best_challenge_is_chosen(void **state)
{
	(void)state;
	static const struct {
		const char *headers;
		enum auth_scheme scheme;
		const char *realm, *service, *scope, *error;
	} rows[] = {
		{ "", AUTH_NONE, NULL, NULL, NULL, NULL },
		{ "Bearer realm=\"https://a/t\",service=\"s\",scope=\"repository:a/b:pull,push\"",
		  AUTH_BEARER, "https://a/t", "s", "repository:a/b:pull,push", NULL },
		{ "bearer REALM = \"https://a/t\" , Service=s", AUTH_BEARER, "https://a/t", "s", NULL, NULL },
		{ "Bearer realm=\"a\",error=\"insufficient_scope\"", AUTH_BEARER, "a", NULL, NULL,
		  "insufficient_scope" },
		{ "Bearer realm=\"a\\\"b, c\"", AUTH_BEARER, "a\"b, c", NULL, NULL, NULL },
		{ "Basic realm=\"x\"", AUTH_BASIC, "x", NULL, NULL, NULL },
		{ "Basic", AUTH_BASIC, NULL, NULL, NULL, NULL },
		{ "Basic realm=x, Bearer realm=y", AUTH_BEARER, "y", NULL, NULL, NULL },
		{ "Bearer realm=y, Basic realm=x", AUTH_BEARER, "y", NULL, NULL, NULL },
		{ "Basic realm=x\nBearer realm=y,service=z", AUTH_BEARER, "y", "z", NULL, NULL },
		{ "Negotiate, Basic realm=x", AUTH_BASIC, "x", NULL, NULL, NULL },
		{ "Negotiate YWJj==, Basic realm=x", AUTH_BASIC, "x", NULL, NULL, NULL },
		{ "Digest realm=\"d\", qop=\"auth, auth-int\", nonce=n, Bearer realm=y", AUTH_BEARER, "y",
		  NULL, NULL, NULL },
		{ "Bearer", AUTH_NONE, NULL, NULL, NULL, NULL },
		{ "Bearer service=s", AUTH_NONE, NULL, NULL, NULL, NULL },
		{ "Bearer realm=a,realm=b", AUTH_NONE, NULL, NULL, NULL, NULL },
		{ "Bearer realm=a,realm=b, Basic realm=x", AUTH_BASIC, "x", NULL, NULL, NULL },
		{ "Bearer realm=a,unknown=1,x=\"y\"", AUTH_BEARER, "a", NULL, NULL, NULL },
		{ ",,Bearer realm=a,,", AUTH_BEARER, "a", NULL, NULL, NULL },
		{ "Bearer realm=\"a", AUTH_NONE, NULL, NULL, NULL, NULL },
		{ "=", AUTH_NONE, NULL, NULL, NULL, NULL },
		{ "Bear/er realm=a", AUTH_NONE, NULL, NULL, NULL, NULL },
		{ "Unknown realm=a", AUTH_NONE, NULL, NULL, NULL, NULL },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct arena a = { 0 };
		const char *values[8];
		struct auth_challenge c;
		size_t n = split(values, arena_strdup(&a, rows[i].headers));

		auth_challenge_parse(&c, values, n, &a);
		assert_int_equal(c.scheme, rows[i].scheme);
		check(c.realm, rows[i].realm);
		check(c.service, rows[i].service);
		check(c.scope, rows[i].scope);
		check(c.error, rows[i].error);
		arena_dispose(&a);
	}
}

GROUP(test_auth_challenge)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_best_challenge_is_chosen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
