#include "logs/needles.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define NONE UINT16_MAX
#define HIT 0x8000u		/* in a table's entry: some needle ends in that state */
#define STATE 0x7fffu
#define CLASS_BITS 6
#define CLASSES (1u << CLASS_BITS)

/*
 * States are the beginnings of needles, 0 the empty one.  Bytes that no needle has
 * share class 0, which keeps the table small enough for the cache.
 */
struct needles {
	unsigned char class_of[256];
	unsigned classes;
	unsigned states;
	size_t longest;		/* needle */
	uint16_t *next;		/* [state << CLASS_BITS | class]: state, perhaps with HIT */
	uint16_t *match;	/* [state]: the first needle that ends here, or NONE */
	uint16_t *also;		/* [needle]: another one of the same text, or NONE */
	uint16_t *shorter;	/* [state]: the longest other ending of it with a match, or 0 */
};

static unsigned char
lower(char c)
{
	return (unsigned char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static void
classify_bytes(struct needles *s, const struct needle *list, size_t n)
{
	s->classes = 1;
	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < list[i].len; j++) {
			unsigned char c = lower(list[i].text[j]);
			if (!s->class_of[c])
				s->class_of[c] = (unsigned char)s->classes++;
		}
	}
	assert(s->classes <= CLASSES);
	for (unsigned c = 'A'; c <= 'Z'; c++)
		s->class_of[c] = s->class_of[lower((char)c)];
}

static uint16_t *
table(size_t n, uint16_t value)
{
	uint16_t *t = memory_resize(NULL, n * sizeof(*t));
	for (size_t i = 0; i < n; i++)
		t[i] = value;
	return t;
}

/* The tree of all needles; 0 in next means that there is no such branch yet. */
static void
add_needle(struct needles *s, const struct needle *needle, uint16_t number)
{
	unsigned state = 0;
	for (size_t j = 0; j < needle->len; j++) {
		unsigned char class = s->class_of[(unsigned char)needle->text[j]];
		uint16_t *next = &s->next[state << CLASS_BITS | class];
		if (!*next)
			*next = (uint16_t)s->states++;
		state = *next;
	}
	s->also[number] = s->match[state];
	s->match[state] = number;
}

/*
 * From near the root outwards: where a state has no branch, it goes where its longest
 * proper ending goes.
 */
static void
connect(struct needles *s)
{
	uint16_t *queue = table(s->states, 0), *ending = table(s->states, 0);
	unsigned head = 0, tail = 0;
	queue[tail++] = 0;
	while (head < tail) {
		unsigned state = queue[head++];
		uint16_t *row = &s->next[state << CLASS_BITS];
		const uint16_t *other = &s->next[(unsigned)ending[state] << CLASS_BITS];
		for (unsigned c = 0; c < s->classes; c++) {
			unsigned end = state ? other[c] : 0;
			if (!row[c]) {
				row[c] = (uint16_t)end;
				continue;
			}
			unsigned child = row[c];
			ending[child] = (uint16_t)end;
			s->shorter[child] = s->match[end] != NONE ? (uint16_t)end : s->shorter[end];
			queue[tail++] = (uint16_t)child;
		}
	}
	free(queue);
	free(ending);
}

static void
mark_hits(struct needles *s)
{
	for (size_t i = 0; i < (size_t)s->states << CLASS_BITS; i++) {
		unsigned to = s->next[i];
		if (s->match[to] != NONE || s->shorter[to])
			s->next[i] = (uint16_t)(to | HIT);
	}
}

struct needles *
needles_new(const struct needle *list, size_t n)
{
	struct needles *s = memory_resize(NULL, sizeof(*s));
	memset(s, 0, sizeof(*s));
	size_t most = 1;
	for (size_t i = 0; i < n; i++)
		most += list[i].len;
	for (size_t i = 0; i < n; i++)
		if (list[i].len > s->longest)
			s->longest = list[i].len;
	assert(most <= STATE && n < NONE);

	classify_bytes(s, list, n);
	s->next = table(most << CLASS_BITS, 0);
	s->match = table(most, NONE);
	s->shorter = table(most, 0);
	s->also = table(n + 1, NONE);
	s->states = 1;
	for (size_t i = 0; i < n; i++)
		add_needle(s, &list[i], (uint16_t)i);
	connect(s);
	mark_hits(s);
	return s;
}

void
needles_free(struct needles *s)
{
	if (!s)
		return;
	free(s->next);
	free(s->match);
	free(s->also);
	free(s->shorter);
	free(s);
}

static void
take_matches(const struct needles *s, unsigned state, uint64_t *found)
{
	for (; state; state = s->shorter[state])
		for (unsigned i = s->match[state]; i != NONE; i = s->also[i])
			found[i / 64] |= UINT64_C(1) << (i % 64);
}

static inline unsigned
step(const struct needles *s, unsigned state, char c, uint64_t *found, bool *any)
{
	unsigned to = s->next[(state & STATE) << CLASS_BITS | s->class_of[(unsigned char)c]];
	if (to & HIT) {
		take_matches(s, to & STATE, found);
		*any = true;
	}
	return to;
}

/*
 * The look-ups of one text wait for each other, those of two texts do not: the line's
 * halves are read side by side.  The second starts early enough to see what lies across.
 */
bool
needles_find(const struct needles *s, const char *line, size_t len, uint64_t *found)
{
	size_t half = len / 2, i = 0, j = half > s->longest ? half - s->longest : 0;
	unsigned first = step(s, 0, '\n', found, &(bool){ false }), second = 0;
	bool any = false;
	if (j) {
		for (; j < len; i++, j++) {
			first = step(s, first, line[i], found, &any);
			second = step(s, second, line[j], found, &any);
		}
		return any;
	}
	for (; i < len; i++)
		first = step(s, first, line[i], found, &any);
	return any;
}
