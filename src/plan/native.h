/* native.h - decide how the compiled objects of each image come about.  Pure. */
#ifndef GEN_NATIVE_H
#define GEN_NATIVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/verdict.h"
#include "record/native_way.h"

struct arena;

/* One image that is to be built.  What was lost is not tried again in the same way. */
struct native_choice {
	const char *target;	/* "baseline-..." */
	const char *key;	/* of its patched tree */
	const char *base;	/* what its base was built from: "human 22dd9c27"; NULL: nobody knows */
	const char *base_key;
	const char *differs;	/* what is not as in the base: "csrc, setup.py"; "" nothing */
	const char *lost;	/* why an earlier build could not take the objects; else NULL */
	enum native lost_way;	/* ... in this way */
	const char *lost_from;	/* ... from there: base, image or URL */
	bool forced;		/* compile it, whatever there is */
	enum verdict wheel;	/* is there a wheel of its commit?  Unknown is no. */

	/* The answer. */
	enum native native;
	const struct native_choice *with;	/* shared: whose objects; else NULL */
	const char *reason;			/* one line */
};

/*
 * Decide, for all images that are to be built.  Of those with one key and no base
 * that holds it, one gets the objects and the others share them; it is the first
 * in this order, but one that reuses, or is forced to compile, goes before.
 *
 * Ownership: reasons live as long as a; with points into choices.
 */
void native_decide(struct native_choice *choices, size_t n, struct arena *a);

#endif
