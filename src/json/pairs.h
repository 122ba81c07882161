/* pairs.h - key=value text: out/settings, out/recipes, stamps.  Pure.
 *
 * One pair a line; the key is letters, digits, '_', '.' and '-', then '=', then the
 * value: all up to the newline, blanks too, perhaps nothing.  No quoting, no comments.
 * A key that comes again replaces the value from before.
 */
#ifndef GEN_PAIRS_H
#define GEN_PAIRS_H

#include <stddef.h>

struct arena;
struct error;

struct pair {
	const char *key;
	const char *value;
};

/* Start from = {0}.  items are in the order in which their keys first came. */
struct pairs {
	struct pair *items;
	size_t n;
	size_t cap;
};

/*
 * Put the pairs of text over those that s holds.
 *
 * Errors:    -1 and err set, naming place and line; s may hold the pairs before it.
 * Ownership: keys and values live as long as a; the array is freed by pairs_dispose.
 */
int pairs_parse(struct pairs *s, const char *text, size_t len, const char *place,
                   struct arena *a, struct error *err);

/* Put one pair over what s holds; key and value are copied into a. */
void pairs_put(struct pairs *s, const char *key, const char *value, struct arena *a);

/* NULL if there is no such key. */
const char *pairs_get(const struct pairs *s, const char *key);

/*
 * A whole number that is not negative; fallback if there is no such key.
 *
 * Errors:    -1 and err set, *out untouched.
 */
int pairs_number(long *out, const struct pairs *s, const char *key, long fallback,
                    struct error *err);

/* The same, with a fraction: "0.5". */
int pairs_decimal(double *out, const struct pairs *s, const char *key, double fallback,
                     struct error *err);

void pairs_dispose(struct pairs *s);

#endif
