/* auth_challenge.h - what a 401 asks for.  Pure. */
#ifndef GEN_AUTH_CHALLENGE_H
#define GEN_AUTH_CHALLENGE_H

#include <stddef.h>

struct arena;

enum auth_scheme {
	AUTH_NONE,	/* none that we know */
	AUTH_BASIC,
	AUTH_BEARER,
};

struct auth_challenge {
	enum auth_scheme scheme;
	const char *realm;	/* NULL only for Basic */
	const char *service, *scope, *error;	/* NULL: not given */
};

/*
 * Choose from the values of all WWW-Authenticate headers: a usable Bearer first,
 * else Basic.  Of a value that breaks the grammar, only the part before the break
 * counts.
 *
 * Ownership: texts live as long as a.
 * Source:    RFC 7235, 2.1 and 4.1; distribution, docs/spec/auth/token.md.
 */
void auth_challenge_parse(struct auth_challenge *out, const char *const *values, size_t n,
                          struct arena *a);

#endif
