#include "base/memory.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

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

void *
memory_grow(void *array, size_t *cap, size_t count, size_t element_size)
{
	if (count < *cap)
		return array;

	size_t wanted = *cap ? *cap * 2 : 16;
	if (wanted > SIZE_MAX / element_size)
		memory_exhausted();
	*cap = wanted;
	return memory_resize(array, wanted * element_size);
}
