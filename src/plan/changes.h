/* changes.h - what is not as it was when images were built here.  */
#ifndef GEN_CHANGES_H
#define GEN_CHANGES_H

struct arena;
struct error;
struct plan;
struct surroundings;

/*
 * Set image->changes of the images that this folder built, as out/built has it, of other
 * inputs than they would be built of now.  Inputs must be digested.
 *
 * Errors:    -1 and err set.
 * Ownership: the texts live as long as a.
 */
int changes_find(struct plan *plan, const struct surroundings *s, struct arena *a,
                 struct error *err);

#endif
