/* needles.h - find many short texts in a line at once.  Pure.
 *
 * Aho and Corasick's automaton (Communications of the ACM 18(6), 1975), made into a
 * table: one look-up a byte, however many needles there are.
 *
 * A newline in a needle stands for the start of the line.
 */
#ifndef GEN_NEEDLES_H
#define GEN_NEEDLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct needles;

struct needle {
	const char *text;
	size_t len;		/* above 0 */
};

/* Case does not count.  Ownership: the caller frees it. */
struct needles *needles_new(const struct needle *list, size_t n);
void needles_free(struct needles *s);

/*
 * Which needles are in the line: for the needle at place i of the list, bit i % 64 of
 * found[i / 64] is set.  Bits that were set before stay.
 *
 * Returns:   whether there is any.
 */
bool needles_find(const struct needles *s, const char *line, size_t len, uint64_t *found);

#endif
