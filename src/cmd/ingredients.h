/* ingredients.h - what an image is made of: arguments, environment, patches, native code.  */
#ifndef GEN_INGREDIENTS_H
#define GEN_INGREDIENTS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct gitrepo;
struct plan;

struct ingredients {
	struct plan *plan;
	struct gitrepo *git;
	bool compile_all;		/* --native=compile */
	struct arena *arena;
	struct error *err;
};

/*
 * Gather every image's build arguments and environment, and the known faults that
 * the fleet's preflight rules find in it; cures that the rules apply are in both.
 * Rules that match nothing are said on stderr.
 */
int ingredients_gather(struct ingredients *in);

/*
 * Gather the patches of what may be built; image->problem is set where one does
 * not apply or a substitution changes nothing.
 *
 * Errors:    -1 and err set if a file cannot be read.
 */
int ingredients_patch(struct ingredients *in);

/* Decide how the native code of each build comes about; decisions have been made. */
int ingredients_native(struct ingredients *in);

#endif
