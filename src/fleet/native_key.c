#include "fleet/native_key.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/str.h"

void
native_facts_add(struct native_facts *f, const char *kind, const char *name,
                 const char *value, struct arena *a)
{
	if (f->n == f->cap) {
		f->cap = f->cap ? 2 * f->cap : 16;
		struct native_fact *list = arena_array(a, f->cap, sizeof(*list));
		if (f->n)
			memcpy(list, f->list, f->n * sizeof(*list));
		f->list = list;
	}
	f->list[f->n++] = (struct native_fact){
		arena_strdup(a, kind), arena_strdup(a, name), arena_strdup(a, value)
	};
}

static int
compare_names(const struct native_fact *x, const struct native_fact *y)
{
	int c = strcmp(x->kind, y->kind);
	return c ? c : strcmp(x->name, y->name);
}

static int
compare_facts(const void *x, const void *y)
{
	const struct native_fact *a = x, *b = y;
	int c = compare_names(a, b);
	return c ? c : strcmp(a->value, b->value);
}

static void
sort(struct native_facts *f)
{
	if (f->n)
		qsort(f->list, f->n, sizeof(*f->list), compare_facts);
}

/* With its length before it, no text can be taken for the end of another. */
static void
add_text(struct str *out, const char *text)
{
	str_addf(out, "%zu:%s", strlen(text), text);
}

const char *
native_key(struct native_facts *f, struct arena *a)
{
	struct str all = { 0 };
	sort(f);
	for (size_t i = 0; i < f->n; i++) {
		add_text(&all, f->list[i].kind);
		add_text(&all, f->list[i].name);
		add_text(&all, f->list[i].value);
	}
	const char *key = digest_of(str_text(&all), all.len, a);
	str_dispose(&all);
	return key;
}

static size_t
note(struct str *out, size_t n, const struct native_fact *fact)
{
	str_addf(out, "%s%s", n ? ", " : "", fact->name);
	return n + 1;
}

size_t
native_facts_differ(struct str *out, struct native_facts *x, struct native_facts *y)
{
	size_t i = 0, j = 0, n = 0;
	sort(x);
	sort(y);
	while (i < x->n || j < y->n) {
		int c = i == x->n ? 1 : j == y->n ? -1 : compare_names(&x->list[i], &y->list[j]);
		if (c < 0) {
			n = note(out, n, &x->list[i++]);
		} else if (c > 0) {
			n = note(out, n, &y->list[j++]);
		} else {
			if (strcmp(x->list[i].value, y->list[j].value) != 0)
				n = note(out, n, &x->list[i]);
			i++;
			j++;
		}
	}
	return n;
}

static bool
in_name(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
	       (c && strchr("_.-", c));
}

/* Past the extras, "[...]", and blanks that may stand behind a name. */
static const char *
skip_extras(const char *at, const char *end)
{
	while (at < end && (*at == ' ' || *at == '\t'))
		at++;
	if (at < end && *at == '[') {
		while (at < end && *at != ']' && *at != '\n')
			at++;
		at += at < end;
		while (at < end && (*at == ' ' || *at == '\t'))
			at++;
	}
	return at;
}

/* The version specifiers at a place, to the end of the quotes or of the line. */
static const char *
read_specifiers(const char *at, const char *end, char quote, struct arena *a)
{
	struct str out = { 0 };
	for (; at < end && !strchr("\n;#", *at) && *at != quote; at++)
		if (!strchr(" \t\r()", *at))
			str_add(&out, *at);
	const char *text = arena_copy(a, str_text(&out), out.len);
	str_dispose(&out);
	return text;
}

/* Is the place behind a '#' on its line? */
static bool
in_comment(const char *text, const char *at)
{
	while (at > text && at[-1] != '\n')
		if (*--at == '#')
			return true;
	return false;
}

const char *
native_pin(const char *text, size_t len, const char *package, struct arena *a)
{
	const char *end = text + len, *at = text;
	size_t n = strlen(package);

	for (; (at = memmem(at, (size_t)(end - at), package, n)); at += n) {
		char before = at > text ? at[-1] : '\n';
		if (in_name(before) || (at + n < end && in_name(at[n])) || in_comment(text, at))
			continue;
		const char *spec = skip_extras(at + n, end);
		if (spec < end && strchr("=<>!~(", *spec) && *spec)
			return read_specifiers(spec, end, before == '"' || before == '\'' ? before : '\n', a);
	}
	return NULL;
}
