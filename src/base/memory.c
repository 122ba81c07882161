#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

void
memory_exhausted(void)
{
	fputs("out of memory\n", stderr);
	exit(1);
}

void *
memory_resize(void *old, size_t size)
{
	void *p = realloc(old, size ? size : 1);
	if (!p)
		memory_exhausted();
	return p;
}

char *
memory_copy(const char *text)
{
	size_t size = strlen(text) + 1;
	return memcpy(memory_resize(NULL, size), text, size);
}

void *
memory_large(size_t size)
{
	void *p = aligned_alloc(LARGE_PAGE, size);
	if (!p)
		memory_exhausted();
	madvise(p, size, MADV_HUGEPAGE);	/* no matter if there are none */
	return p;
}

/* Not with realloc: what it moves stays in small pages, and it cannot move large ones. */
static void *
move_to_large(void *array, size_t used, size_t size)
{
	void *p = memory_large(size);

	memcpy(p, array, used);
	free(array);
	return p;
}

void *
memory_grow(void *array, size_t *cap, size_t count, size_t element_size)
{
	if (count < *cap)
		return array;

	size_t wanted = *cap ? *cap * 2 : 16;
	if (wanted > (SIZE_MAX - LARGE_PAGE) / element_size)
		memory_exhausted();
	size_t size = wanted * element_size;
	if (size < LARGE_PAGE) {
		*cap = wanted;
		return memory_resize(array, size);
	}
	size = (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
	*cap = size / element_size;
	return move_to_large(array, count * element_size, size);
}
