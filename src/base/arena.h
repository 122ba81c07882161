/* arena.h - memory that lives as long as one command, freed at once.  */
#ifndef GEN_ARENA_H
#define GEN_ARENA_H

#include <stddef.h>

#include "base/error.h"

struct arena_block;

/* Start from = {0}. */
struct arena {
	struct arena_block *blocks;
};

/*
 * Zeroed memory, aligned for anything, that lives as long as a.
 *
 * Errors:    running out of memory exits.
 */
void *arena_alloc(struct arena *a, size_t size);

/* The same for count elements; exits if the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t element_size);

/*
 * Make room for one element more in an array of n that began as NULL and grew so: whenever n
 * is a power of two, a longer copy.
 */
void *arena_grow(struct arena *a, void *array, size_t n, size_t element_size);

/* Copies that live as long as a, NUL behind them; one right behind the other, for there are many. */
char *arena_copy(struct arena *a, const char *text, size_t len);
char *arena_strdup(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Forget what is in a, and keep some of its memory for what comes next. */
void arena_reuse(struct arena *a);

void arena_dispose(struct arena *a);

#endif
