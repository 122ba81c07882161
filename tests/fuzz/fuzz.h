/* fuzz.h - what the fuzz targets share.  */
#ifndef GEN_FUZZ_H
#define GEN_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What must hold whatever comes. */
#define MUST(condition) \
	do { \
		if (!(condition)) { \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
			abort(); \
		} \
	} while (0)

/* Text for a person is one line, and nothing a terminal acts on. */
static inline void
must_be_clean(const char *text)
{
	for (; *text; text++)
		MUST((unsigned char)*text >= 0x20 && *text != 0x7f);
}

/* Lines of the input as texts, up to most; returns how many. */
static inline size_t
fuzz_lines(const char **out, size_t most, const uint8_t *data, size_t size, struct arena *a)
{
	const char *p = (const char *)data, *end = p + size;
	size_t n = 0;

	while (p < end && n < most) {
		const char *eol = memchr(p, '\n', (size_t)(end - p));
		size_t len = eol ? (size_t)(eol - p) : (size_t)(end - p);
		out[n++] = arena_copy(a, p, len);
		p += len + 1;
	}
	return n;
}

#endif
