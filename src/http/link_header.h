/* link_header.h - where the next page of a list is.  Pure. */
#ifndef GEN_LINK_HEADER_H
#define GEN_LINK_HEADER_H

#include <stddef.h>

struct arena;
struct error;

/*
 * The target of the link with rel="next" in the values of all Link headers, absolute or
 * relative as it is written there.
 *
 * Returns:   1 found, 0 there is none, -1 and err set: a value breaks the grammar,
 *            or there are two different ones.  That is not the end of a list.
 * Ownership: *target lives as long as a.
 * Source:    RFC 8288, 3.
 */
int link_header_next(const char **target, const char *const *values, size_t n, struct arena *a,
                     struct error *err);

#endif
