/* verdicts.h - what the registry says of the images and of their bases.  */
#ifndef GEN_VERDICTS_H
#define GEN_VERDICTS_H

struct arena;
struct error;
struct plan;
struct registry;
struct registry_answers;

/*
 * Ask which images are there, which human images, and which baseline tags no
 * mapping knows; fill in the plan.  registry is where: the fleet's, or what stands in for it.
 *
 * Errors:    -1 and err set.
 */
int verdicts_ask(struct plan *plan, const char *registry,
                 const struct registry_answers *answers, struct arena *a, struct error *err);

/* Ask for the digests of the bases of what can be built. */
int verdicts_ask_digests(struct plan *plan, const char *registry,
                         const struct registry_answers *answers, struct arena *a,
                         struct error *err);

/*
 * Make sure that images may be pushed, before an hour is spent on one.
 *
 * Errors:    -1 and err set if they may not, or the registry does not say.
 */
int verdicts_check_push(const struct plan *plan, const char *registry, struct registry *r,
                        struct arena *a, struct error *err);

#endif
