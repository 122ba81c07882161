/* memory.h - memory that is there, or the program ends.  */
#ifndef GEN_MEMORY_H
#define GEN_MEMORY_H

#include <stddef.h>

/* Say that memory ran out and exit with status 1. */
_Noreturn void memory_exhausted(void);

/* As realloc, never NULL.  Ownership: the caller frees with free(). */
void *memory_resize(void *old, size_t size);

/*
 * Make room in an array for one element more: when count has reached *cap,
 * *cap doubles.  Returns the array, moved perhaps.  A caller frees it.
 */
void *memory_grow(void *array, size_t *cap, size_t count, size_t element_size);

#endif
