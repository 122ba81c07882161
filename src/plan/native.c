#include "plan/native.h"

#include <stdlib.h>
#include <string.h>

#include <uthash.h>

#include "base/arena.h"
#include "base/memory.h"

/* Who has, or will have, the objects of a key. */
struct source {
	const char *key;
	struct native_choice *best;
	UT_hash_handle hh;
};

static bool
was_lost(const struct native_choice *c, enum native way)
{
	return c->lost && c->lost_way == way;
}

static const char *
why_compiled(const struct native_choice *c, struct arena *a)
{
	if (c->forced)
		return "asked for";
	if (was_lost(c, NATIVE_REUSE))
		return arena_printf(a, "objects could not be reused: %s", c->lost);
	if (was_lost(c, NATIVE_WHEEL))
		return arena_printf(a, "the wheel's objects could not be used: %s", c->lost);
	if (c->lost)
		return arena_printf(a, "objects could not be shared: %s", c->lost);
	if (!c->base)
		return "nothing says what the base was built from";
	return arena_printf(a, "%s: not as in %s", c->differs, c->base);
}

/* What an image would do if it were alone. */
static void
decide_alone(struct native_choice *c, struct arena *a)
{
	c->with = NULL;
	if (!c->forced && !was_lost(c, NATIVE_REUSE) && c->base_key &&
	    strcmp(c->key, c->base_key) == 0) {
		c->native = NATIVE_REUSE;
		c->reason = arena_printf(a, "native inputs are those of %s", c->base);
	} else if (!c->forced && !was_lost(c, NATIVE_WHEEL) && c->wheel == VERDICT_PRESENT) {
		c->native = NATIVE_WHEEL;
		c->reason = arena_printf(a, "the project has a wheel of it; %s", why_compiled(c, a));
	} else {
		c->native = NATIVE_COMPILE;
		c->reason = why_compiled(c, a);
	}
}

/* From whom others best take their objects: who has them surest, and for the least. */
static int
rank(const struct native_choice *c)
{
	if (c->native == NATIVE_REUSE)
		return 3;
	return c->forced ? 2 : c->native == NATIVE_WHEEL;
}

static void
note_source(struct source **sources, struct native_choice *c)
{
	struct source *s;
	HASH_FIND_STR(*sources, c->key, s);
	if (s) {
		if (rank(c) > rank(s->best))
			s->best = c;
		return;
	}
	s = memory_resize(NULL, sizeof(*s));
	*s = (struct source){ .key = c->key, .best = c };
	HASH_ADD_KEYPTR(hh, *sources, s->key, strlen(s->key), s);
}

static void
share(struct native_choice *c, struct source *sources, struct arena *a)
{
	struct source *s;
	HASH_FIND_STR(sources, c->key, s);
	if (!s || s->best == c || c->forced || c->native == NATIVE_REUSE || was_lost(c, NATIVE_SHARE))
		return;
	c->native = NATIVE_SHARE;
	c->with = s->best;
	c->reason = arena_printf(a, "native inputs are those of %s", s->best->target);
}

void
native_decide(struct native_choice *choices, size_t n, struct arena *a)
{
	struct source *sources = NULL, *s, *next;

	for (size_t i = 0; i < n; i++) {
		decide_alone(&choices[i], a);
		note_source(&sources, &choices[i]);
	}
	for (size_t i = 0; i < n; i++)
		share(&choices[i], sources, a);
	HASH_ITER(hh, sources, s, next) {
		HASH_DEL(sources, s);
		free(s);
	}
}
