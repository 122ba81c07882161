/* native_way.h - the ways in which the compiled objects of an image come about.  Pure. */
#ifndef GEN_NATIVE_WAY_H
#define GEN_NATIVE_WAY_H

#include <stdbool.h>

/* Zero is unknown: nothing says so, or in a word of another version. */
enum native {
	NATIVE_UNKNOWN,
	/* From the dearest to the cheapest. */
	NATIVE_COMPILE,
	NATIVE_WHEEL,		/* taken from a wheel that the project built */
	NATIVE_SHARE,		/* taken from another image of the fleet */
	NATIVE_REUSE,		/* taken from the base image */
	NATIVES			/* how many there are */
};

/* "compile", "wheel", "share", "reuse"; NULL for NATIVE_UNKNOWN. */
const char *native_name(enum native n);

/* NATIVE_UNKNOWN if no way has that name.  name may be NULL. */
enum native native_parse(const char *name);

/* Unless it is known that nothing is compiled. */
static inline bool
native_may_compile(enum native n)
{
	return n == NATIVE_UNKNOWN || n == NATIVE_COMPILE;
}

/*
 * A person's wish, "auto" or "compile": compile it, whatever there is?
 *
 * Returns false, *compile untouched, for any other word.
 */
bool native_wish_parse(bool *compile, const char *word);

#endif
