/* memory.h - memory that is there, or the program ends.  */
#ifndef GEN_MEMORY_H
#define GEN_MEMORY_H

#include <stddef.h>

/* Say that memory ran out and exit with status 1. */
_Noreturn void memory_exhausted(void);

/* As realloc, never NULL.  Ownership: the caller frees with free(). */
void *memory_resize(void *old, size_t size);

/* A copy of a text.  Ownership: the caller frees with free(). */
char *memory_copy(const char *text);

/*
 * Make room in an array for one element more: when count has reached *cap,
 * *cap doubles.  Returns the array, moved perhaps.  A caller frees it.
 */
void *memory_grow(void *array, size_t *cap, size_t count, size_t element_size);

/*
 * Memory in large pages, if the kernel has some; size is a multiple of LARGE_PAGE.  Page
 * by small page, to get 100 MB costs more than most of what is done with it: 22 us for
 * each of 4 KiB were measured on a virtual machine, half a second in all.
 *
 * Ownership: the caller frees with free().
 */
#define LARGE_PAGE ((size_t)2 * 1024 * 1024)
void *memory_large(size_t size);

#endif
