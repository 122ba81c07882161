/* What a credential helper prints; the first byte says how it ended. */
#include "fuzz.h"

#include "http/credential.h"

static void
check(const struct str *s)
{
	if (s->len)
		must_be_clean(s->data);
	MUST(!s->len || strlen(s->data) == s->len);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct credential c = { 0 };
	struct error err = { 0 };

	if (size == 0)
		return 0;
	int ret = credential_parse_helper(&c, (const char *)data + 1, size - 1, data[0] & 1, &err);
	MUST((ret < 0) == (*err.text != '\0'));
	MUST((ret == 1) == !credential_is_empty(&c));
	check(&c.user);
	check(&c.password);
	check(&c.identity_token);
	must_be_clean(err.text);
	credential_wipe(&c);

	struct arena a = { 0 };
	if (credential_parse_auth(&c, arena_copy(&a, (const char *)data, size), NULL) == 0)
		MUST(c.user.len && !memchr(c.user.data, ':', c.user.len));
	credential_wipe(&c);
	arena_dispose(&a);
	return 0;
}
