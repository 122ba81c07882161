/* verdicts.h - what the registry says of the images and of their bases.  */
#ifndef GEN_VERDICTS_H
#define GEN_VERDICTS_H

struct arena;
struct error;
struct options;
struct plan;
struct registry;

/* The registry that stands in for the fleet's, or the fleet's. */
const char *verdicts_registry(const struct plan *plan, const struct options *options);

/*
 * Ask which images are there, which human images, and which baseline tags no
 * mapping knows; fill in the plan.
 *
 * Errors:    -1 and err set.
 */
int verdicts_ask(struct plan *plan, const struct options *options, struct registry *r,
                 struct arena *a, struct error *err);

/* Ask for the digests of the bases of what can be built. */
int verdicts_ask_digests(struct plan *plan, const struct options *options, struct registry *r,
                         struct arena *a, struct error *err);

#endif
