/* WWW-Authenticate: each line a header. */
#include "fuzz.h"

#include "http/auth_challenge.h"

static void
check(const char *text)
{
	for (const char *p = text; p && *p; p++)
		MUST(*p != '\r' && *p != '\n' && *p != 0x7f);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a = { 0 };
	const char *values[8];
	struct auth_challenge c;

	size_t n = fuzz_lines(values, 8, data, size, &a);
	auth_challenge_parse(&c, values, n, &a);
	MUST(c.scheme != AUTH_BEARER || c.realm);
	MUST(c.scheme != AUTH_NONE || !c.realm);
	check(c.realm);
	check(c.service);
	check(c.scope);
	check(c.error);
	arena_dispose(&a);
	return 0;
}
