#include "plan/recipe_diff.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "json/members.h"
#include "json/pairs.h"

/* Keys that say where, or how, or follow from others. */
static bool
is_left_out(const char *key)
{
	static const char *const keys[] = {
		"target", "id", "source", "local", "image", "input", "dockerfile", "context_files",
		"native", "native_reason", "objects", "wheel", "wheel_digest",
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return strncmp(key, "label.", 6) == 0;
}

/* "patch.01-x.patch" for a person: "patch 01-x.patch". */
static const char *
title_of(const char *key, struct arena *a)
{
	static const struct { const char *prefix, *title; } titles[] = {
		{ "patch.", "patch " }, { "arg.", "build argument " }, { "env.", "environment " },
		{ "dockerfile_digest", "Dockerfile" }, { "context_digest", "files of the context" },
		{ "base_name", "base image" }, { "base", "base image's digest" }, { "time", "commit's time" },
	};
	for (size_t i = 0; i < sizeof(titles) / sizeof(*titles); i++) {
		size_t n = strlen(titles[i].prefix);
		if (strncmp(key, titles[i].prefix, n) == 0 && (titles[i].prefix[n - 1] == '.' || !key[n]))
			return arena_printf(a, "%s%s", titles[i].title, key + n);
	}
	return key;
}

/* Digests are no help to a person: that it is another says all. */
static bool
is_digest(const char *value)
{
	return strstr(value, "sha256:");
}

static const char *
describe(const char *key, const char *before, const char *after, struct arena *a)
{
	const char *title = title_of(key, a);

	if (!before)
		return is_digest(after) ? arena_printf(a, "%s: new", title)
		                        : arena_printf(a, "%s: new, \"%s\"", title, after);
	if (!after)
		return arena_printf(a, "%s: gone", title);
	return is_digest(after) ? arena_printf(a, "%s: changed", title)
	                        : arena_printf(a, "%s: \"%s\", now \"%s\"", title, before, after);
}

static void
add_line(struct texts *out, const char *key, const char *before, const char *after, struct arena *a)
{
	if (is_left_out(key) || (before && after && strcmp(before, after) == 0))
		return;
	out->list[out->n++] = describe(key, before, after, a);
}

void
recipe_diff(struct texts *out, const char *before, const char *after, struct arena *a)
{
	struct pairs old = { 0 }, new = { 0 };

	/* What is broken shows up to where it breaks; both are written by gen. */
	pairs_parse(&old, before, strlen(before), "recipe", a, NULL);
	pairs_parse(&new, after, strlen(after), "recipe", a, NULL);
	*out = (struct texts){ arena_array(a, old.n + new.n, sizeof(*out->list)), 0 };
	for (size_t i = 0; i < new.n; i++)
		add_line(out, new.items[i].key, pairs_get(&old, new.items[i].key), new.items[i].value, a);
	for (size_t i = 0; i < old.n; i++)
		if (!pairs_get(&new, old.items[i].key))
			add_line(out, old.items[i].key, old.items[i].value, NULL, a);
	pairs_dispose(&old);
	pairs_dispose(&new);
}
