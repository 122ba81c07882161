#include "fleet/python_constraint.h"

#include <string.h>

#include "base/arena.h"

#define PARTS_MOST 8

struct version {
	long part[PARTS_MOST];	/* 0 behind the last that was given */
	size_t n;
	bool any;	/* ends in ".*" */
};

/* The length of a version at text, 0 if it is none that is known here. */
static size_t
read_version(struct version *v, const char *text)
{
	const char *at = text;
	*v = (struct version){ .n = 0 };
	for (;;) {
		if (*at == '*' && v->n) {
			v->any = true;
			at++;
			break;
		}
		if (*at < '0' || *at > '9' || v->n == PARTS_MOST)
			return 0;
		long *part = &v->part[v->n++];
		while (*at >= '0' && *at <= '9' && *part < 100000000)
			*part = *part * 10 + (*at++ - '0');
		if (*at != '.')
			break;
		at++;
	}
	return (size_t)(at - text);
}

/* Compares the first n parts. */
static int
compare(const struct version *x, const struct version *y, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (x->part[i] != y->part[i])
			return x->part[i] < y->part[i] ? -1 : 1;
	return 0;
}

static bool
accepts(const char *op, const struct version *wanted, const struct version *have)
{
	int c = compare(have, wanted, wanted->any ? wanted->n : PARTS_MOST);
	if (strcmp(op, "==") == 0)
		return c == 0;
	if (strcmp(op, "!=") == 0)
		return c != 0;
	if (strcmp(op, "<=") == 0)
		return c <= 0;
	if (strcmp(op, ">=") == 0)
		return c >= 0;
	if (strcmp(op, "<") == 0)
		return c < 0;
	if (strcmp(op, ">") == 0)
		return c > 0;
	/* "~=3.9.1": at least that, and the same but for the last part. */
	return c >= 0 && wanted->n > 1 && compare(have, wanted, wanted->n - 1) == 0;
}

bool
python_constraint_accepts(const char *constraint, const char *version)
{
	static const char *operators[] = { "==", "!=", "<=", ">=", "~=", "<", ">" };
	struct version have, wanted;
	size_t len = read_version(&have, version);
	bool all = true;
	if (!len || version[len])
		return true;

	for (const char *at = constraint;;) {
		at += strspn(at, " \t,");
		if (!*at)
			return all;
		const char *op = NULL;
		for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]) && !op; i++)
			if (strncmp(at, operators[i], strlen(operators[i])) == 0)
				op = operators[i];
		if (!op)
			return true;
		at += strlen(op);
		at += strspn(at, " \t");
		len = read_version(&wanted, at);
		at += len;
		if (!len || (*at && !strchr(" \t,", *at)))
			return true;
		all = all && accepts(op, &wanted, &have);
	}
}

/* The text in quotes behind key and '=', NULL if there is none at this place. */
static const char *
quoted_value(const char *at, const char *end, struct arena *a)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == end || *at++ != '=')
		return NULL;
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at == end || (*at != '"' && *at != '\''))
		return NULL;
	const char *close = memchr(at + 1, *at, (size_t)(end - at - 1));
	if (!close || memchr(at, '\n', (size_t)(close - at)))
		return NULL;
	return arena_copy(a, at + 1, (size_t)(close - at - 1));
}

const char *
python_constraint(const char *text, size_t len, struct arena *a)
{
	static const char *keys[] = { "requires-python", "python_requires" };
	const char *end = text + len;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		size_t n = strlen(keys[i]);
		for (const char *at = text; (at = memmem(at, (size_t)(end - at), keys[i], n));) {
			at += n;
			const char *value = quoted_value(at, end, a);
			if (value)
				return value;
		}
	}
	return NULL;
}
