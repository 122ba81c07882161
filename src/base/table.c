#include "base/table.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"

/* FNV-1a, eight bytes a step; its low bits are mixed in at the end. */
static uint32_t
hash_of(const char *name, size_t len)
{
	uint64_t h = 14695981039346656037u, piece;

	for (; len >= sizeof(piece); name += sizeof(piece), len -= sizeof(piece)) {
		memcpy(&piece, name, sizeof(piece));
		h = (h ^ piece) * 1099511628211u;
	}
	piece = 0;
	if (len)
		memcpy(&piece, name, len);
	h = (h ^ piece) * 1099511628211u;
	h ^= h >> 32;
	return (uint32_t)(h * 2654435761u >> 16);
}

void
table_init(struct table *t, size_t n, struct arena *a)
{
	size_t size = 8;

	assert(n < UINT32_MAX);
	while (size < 2 * n)
		size *= 2;
	t->slots = arena_array(a, size, sizeof(*t->slots));
	t->mask = size - 1;
}

void
table_add(struct table *t, const char *name, size_t len, size_t number)
{
	uint32_t hash = hash_of(name, len);
	size_t i = hash & t->mask;

	while (t->slots[i].number)
		i = (i + 1) & t->mask;
	t->slots[i] = (struct table_slot){ hash, (uint32_t)number + 1 };
}

struct table_search
table_find(const struct table *t, const char *name, size_t len)
{
	uint32_t hash = hash_of(name, len);
	return (struct table_search){ t, hash & t->mask, hash };
}

bool
table_next(struct table_search *s, size_t *number)
{
	const struct table *t = s->table;

	while (t->slots[s->slot].number) {
		const struct table_slot *slot = &t->slots[s->slot];
		s->slot = (s->slot + 1) & t->mask;
		if (slot->hash == s->hash) {
			*number = slot->number - 1;
			return true;
		}
	}
	return false;
}
