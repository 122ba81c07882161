/* recipe_diff.h - what changed between two recipes of one image.  Pure. */
#ifndef GEN_RECIPE_DIFF_H
#define GEN_RECIPE_DIFF_H

#include <stddef.h>

struct arena;
struct texts;

/*
 * Compare two texts of key=value lines (docs/design.md, "What gen leaves for the steps").
 * One line for a person for each key whose value is another: "arg.X: a, now b", "patch
 * 01-x.patch: new".  What follows from something else (the input digest, labels), and how
 * objects come about, which makes no other image, is left out.
 *
 * Ownership: the lines live as long as a.
 */
void recipe_diff(struct texts *out, const char *before, const char *after, struct arena *a);

#endif
