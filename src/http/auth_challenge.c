#include "http/auth_challenge.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "http/http_text.h"

/* A parameter that comes twice makes its challenge ambiguous, hence unusable. */
struct candidate {
	struct auth_challenge challenge;
	bool twice;
};

static void
keep_param(struct candidate *c, const char *name, const char *value)
{
	struct { const char *name, **to; } rows[] = {
		{ "realm", &c->challenge.realm },
		{ "service", &c->challenge.service },
		{ "scope", &c->challenge.scope },
		{ "error", &c->challenge.error },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (strcasecmp(name, rows[i].name) != 0)
			continue;
		c->twice |= *rows[i].to != NULL;
		*rows[i].to = value;
	}
}

/* Blanks and commas: empty elements of a list are legal. */
static const char *
skip_separators(const char *p)
{
	return p + strspn(p, " \t,");
}

/*
 * The parameters of one challenge.  Returns where the next challenge starts, or
 * NULL if the grammar is broken here; what was read before it stays.
 */
static const char *
read_params(struct candidate *c, const char *p, struct arena *a)
{
	for (;;) {
		const char *start = skip_separators(p);
		if (!*start)
			return start;
		const char *name;
		p = http_text_token(&name, start, a);
		if (!p)
			return NULL;
		const char *equals = p + strspn(p, " \t");
		if (*equals != '=')
			return start;	/* a word alone is the next scheme */
		const char *value;
		p = http_text_value(&value, equals + 1 + strspn(equals + 1, " \t"), a);
		if (!p)
			return NULL;
		keep_param(c, name, value);
		p += strspn(p, " \t");
		if (*p && *p != ',')
			return NULL;
	}
}

/* The other form of credentials, one word: "Negotiate dG9rZW4=". */
static const char *
skip_token68(const char *p)
{
	static const char chars[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	                            "0123456789-._~+/";
	const char *start = p;
	p += strspn(p, chars);
	if (p == start)
		return start;
	p += strspn(p, "=");
	p += strspn(p, " \t");
	return !*p || *p == ',' ? p : start;
}

static enum auth_scheme
scheme_of(const char *name)
{
	if (strcasecmp(name, "bearer") == 0)
		return AUTH_BEARER;
	return strcasecmp(name, "basic") == 0 ? AUTH_BASIC : AUTH_NONE;
}

static void
choose(struct auth_challenge *out, const struct candidate *c)
{
	if (c->twice || (c->challenge.scheme == AUTH_BEARER && !c->challenge.realm))
		return;
	if (c->challenge.scheme > out->scheme)
		*out = c->challenge;
}

static void
read_value(struct auth_challenge *out, const char *p, struct arena *a)
{
	while (p && *(p = skip_separators(p))) {
		const char *name;
		struct candidate c = { 0 };
		p = http_text_token(&name, p, a);
		if (!p || (*p && !strchr(" \t,", *p)))
			return;
		c.challenge.scheme = scheme_of(name);
		p += strspn(p, " \t");
		if (*p != ',')
			p = read_params(&c, skip_token68(p), a);
		choose(out, &c);
	}
}

void
auth_challenge_parse(struct auth_challenge *out, const char *const *values, size_t n,
                     struct arena *a)
{
	*out = (struct auth_challenge){ 0 };
	for (size_t i = 0; i < n; i++)
		read_value(out, values[i], a);
}
