/* table.h - find numbers by name: a name's place in some array of the caller.
 *
 * uthash would keep a copy of each handle, 56 bytes and an allocation for every name; of
 * 100,000 names that is more than all else that is known of them.
 */
#ifndef GEN_TABLE_H
#define GEN_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct table_slot {
	uint32_t hash;
	uint32_t number;	/* + 1; 0: free */
};

struct table {
	struct table_slot *slots;
	size_t mask;
};

/* Where a search stands. */
struct table_search {
	const struct table *table;
	size_t slot;
	uint32_t hash;
};

/* An empty table, with room for n names.  Ownership: it lives as long as a. */
void table_init(struct table *t, size_t n, struct arena *a);

/* Add a name's number; a name may have several.  The name itself is not kept. */
void table_add(struct table *t, const char *name, size_t len, size_t number);

/*
 * Start a search.  table_next then gives the numbers that may be the name's, in the order
 * in which they were added, and false at the end: names that differ can have one hash, so
 * the caller compares.
 */
struct table_search table_find(const struct table *t, const char *name, size_t len);
bool table_next(struct table_search *s, size_t *number);

#endif
