/* ingredients.h - what an image is made of: arguments, environment, patches.  */
#ifndef GEN_INGREDIENTS_H
#define GEN_INGREDIENTS_H

#include <stdbool.h>
#include <stddef.h>

struct apply;
struct arena;
struct error;
struct gitrepo;
struct name_value;
struct plan;
struct tree_id;

/* What came of a preflight rule's cure so far. */
struct cure_use {
	bool tried;		/* the rule matched where it is to be applied */
	bool changed;		/* and it made a difference */
};

struct ingredients {
	struct plan *plan;
	struct gitrepo *git;
	struct apply *apply;		/* for ingredients_patch */
	struct arena *arena;
	struct error *err;
	struct cure_use *cures;		/* of each rule; set by ingredients_gather */
};

/*
 * Gather every image's build arguments and environment, and the known faults that
 * the fleet's preflight rules find in it; cures that the rules apply are in both.
 * Rules that match nothing are said on stderr.
 */
int ingredients_gather(struct ingredients *in);

/*
 * Gather the patches of what may be built; image->parts.problem is set where one does
 * not apply or a substitution changes nothing.  Cures that changed nothing anywhere
 * are said on stderr.
 *
 * Errors:    -1 and err set if a file cannot be read.
 */
int ingredients_patch(struct ingredients *in);

/*
 * The build arguments of any commit with this tree: the fleet's, and what the tree says.
 *
 * Ownership: they live as long as in's arena.
 */
int ingredients_tree_args(struct name_value **args, size_t *n, const struct tree_id *tree,
                          const struct ingredients *in);

#endif
