#include "http/link_header.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/error.h"
#include "http/http_text.h"

struct link {
	const char *target, *rel;
	bool anchored;		/* it is about another page than the one it came with */
};

static int
broken(struct error *err, const char *value)
{
	return error_set(err, "Link \"%.200s\" cannot be read", value);
}

static bool
has_word(const char *words, const char *wanted)
{
	size_t len = strlen(wanted);
	while (*(words += strspn(words, " \t"))) {
		size_t n = strcspn(words, " \t");
		if (n == len && strncasecmp(words, wanted, n) == 0)
			return true;
		words += n;
	}
	return false;
}

/* One ";name" or ";name=value".  Returns what is behind it, NULL if broken. */
static const char *
read_param(struct link *l, const char *p, struct arena *a)
{
	const char *name, *value = "";

	p += strspn(p, " \t");
	if (*p == ';' || *p == ',' || !*p)
		return p;	/* an empty one is legal */
	p = http_text_token(&name, p, a);
	if (!p)
		return NULL;
	p += strspn(p, " \t");
	if (*p == '=') {
		p++;
		p = http_text_value(&value, p + strspn(p, " \t"), a);
		if (!p)
			return NULL;
	}
	if (strcasecmp(name, "rel") == 0 && !l->rel)
		l->rel = value;	/* the RFC says that later ones do not count */
	l->anchored |= strcasecmp(name, "anchor") == 0;
	return p + strspn(p, " \t");
}

static const char *
read_link(struct link *l, const char *p, struct arena *a)
{
	if (*p++ != '<')
		return NULL;
	size_t n = strcspn(p, ">");
	if (p[n] != '>')
		return NULL;
	l->target = arena_copy(a, p, n);
	p += n + 1;
	p += strspn(p, " \t");
	while (p && *p == ';')
		p = read_param(l, p + 1, a);
	return p && (!*p || *p == ',') ? p : NULL;
}

static int
keep_next(const char **target, const struct link *l, struct error *err)
{
	if (!l->rel || !has_word(l->rel, "next"))
		return 0;
	if (l->anchored)
		return error_set(err, "Link \"%.200s\" is about another page", l->target);
	if (*target && strcmp(*target, l->target) != 0)
		return error_set(err, "it names two next pages: \"%.200s\" and \"%.200s\"", *target,
		                 l->target);
	*target = l->target;
	return 0;
}

static int
read_value(const char **target, const char *value, struct arena *a, struct error *err)
{
	const char *p = value;
	while (*(p += strspn(p, " \t,"))) {
		struct link l = { 0 };
		p = read_link(&l, p, a);
		if (!p)
			return broken(err, value);
		if (keep_next(target, &l, err) < 0)
			return -1;
	}
	return 0;
}

int
link_header_next(const char **target, const char *const *values, size_t n, struct arena *a,
                 struct error *err)
{
	*target = NULL;
	for (size_t i = 0; i < n; i++)
		if (read_value(target, values[i], a, err) < 0)
			return -1;
	return *target ? 1 : 0;
}
