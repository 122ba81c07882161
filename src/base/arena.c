#include "base/arena.h"

#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

#define BLOCK_SIZE ((size_t)64 * 1024)
#define BLOCKS_SMALL 32u	/* what outgrows so many gets large pages */

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	unsigned number;	/* of blocks before it */
	alignas(max_align_t) unsigned char bytes[];
};

/* A block with room for size bytes, behind number others. */
static struct arena_block *
block_new(size_t size, unsigned number)
{
	size_t header = sizeof(struct arena_block);
	struct arena_block *b;

	if (size > SIZE_MAX - header - LARGE_PAGE)
		memory_exhausted();
	if (number < BLOCKS_SMALL && size < LARGE_PAGE) {
		size = header + (size > BLOCK_SIZE ? size : BLOCK_SIZE);
		b = memory_resize(NULL, size);
	} else {
		size = (header + size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
		b = memory_large(size);
	}
	b->next = NULL;
	b->used = 0;
	b->size = size - header;
	b->number = number;
	return b;
}

/* Memory as it comes; align is a power of two. */
static void *
take(struct arena *a, size_t size, size_t align)
{
	struct arena_block *b = a->blocks;
	size_t gap = b ? -b->used & (align - 1) : 0;

	if (!b || b->size - b->used < gap || b->size - b->used - gap < size) {
		struct arena_block *fresh = block_new(size, b ? b->number + 1 : 0);
		if (b && fresh->size - size < b->size - b->used) {
			/* Nearly full at once: it goes behind, the block in front has more room left. */
			fresh->next = b->next;
			b->next = fresh;
		} else {
			fresh->next = b;
			a->blocks = fresh;
		}
		b = fresh;
		gap = 0;
	}
	void *p = b->bytes + b->used + gap;
	b->used += gap + size;
	return p;
}

void *
arena_alloc(struct arena *a, size_t size)
{
	return memset(take(a, size, alignof(max_align_t)), 0, size);
}

void *
arena_array(struct arena *a, size_t count, size_t element_size)
{
	if (element_size && count > SIZE_MAX / element_size)
		memory_exhausted();
	return arena_alloc(a, count * element_size);
}

void *
arena_grow(struct arena *a, void *array, size_t n, size_t element_size)
{
	if (n & (n - 1))
		return array;
	void *longer = arena_array(a, n ? 2 * n : 1, element_size);
	if (n)
		memcpy(longer, array, n * element_size);
	return longer;
}

char *
arena_copy(struct arena *a, const char *text, size_t len)
{
	if (len == SIZE_MAX)
		memory_exhausted();
	char *copy = take(a, len + 1, 1);
	if (len)
		memcpy(copy, text, len);
	copy[len] = '\0';
	return copy;
}

char *
arena_strdup(struct arena *a, const char *text)
{
	return arena_copy(a, text, strlen(text));
}

char *
arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list ap, again;
	va_start(ap, fmt);
	va_copy(again, ap);
	int n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	char *text = take(a, (size_t)(n < 0 ? 0 : n) + 1, 1);
	text[0] = '\0';
	if (n > 0)
		vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

void
arena_reuse(struct arena *a)
{
	while (a->blocks && a->blocks->next) {
		struct arena_block *next = a->blocks->next;
		free(a->blocks);
		a->blocks = next;
	}
	if (a->blocks)
		a->blocks->used = 0;
}

void
arena_dispose(struct arena *a)
{
	arena_reuse(a);
	free(a->blocks);
	a->blocks = NULL;
}
