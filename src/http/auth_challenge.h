/* auth_challenge.h - what a 401 asks for.  Pure. */
#ifndef GEN_AUTH_CHALLENGE_H
#define GEN_AUTH_CHALLENGE_H

#include <stddef.h>

struct arena;

enum auth_scheme {
	AUTH_NONE,	/* nothing that we know */
	AUTH_BASIC,
	AUTH_BEARER,
};

struct auth_challenge {
	enum auth_scheme scheme;
	const char *realm;	/* a Bearer's always; others' may be NULL */
	const char *service, *scope, *error;	/* NULL when not there */
};

/*
 * Choose from the values of all WWW-Authenticate headers: a usable Bearer first,
 * else Basic.  A value that breaks the grammar counts up to where it does.
 *
 * Ownership: texts live as long as a.
 * Source:    RFC 7235, 2.1 and 4.1; distribution, docs/spec/auth/token.md.
 */
void auth_challenge_parse(struct auth_challenge *out, const char *const *values, size_t n,
                          struct arena *a);

#endif
