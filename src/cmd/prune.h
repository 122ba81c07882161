/* prune.h - what can be removed because it can be had again.
 *
 * Exported sources and build contexts of images that are verified; logs of attempts that a
 * later one followed, but not those that a recorded failure names; local images that the
 * registry has by digest, if no image that is still to be built takes its objects from them.
 * Nothing of a target that a step is working on.
 */
#ifndef GEN_PRUNE_H
#define GEN_PRUNE_H

#include <stdbool.h>
#include <stddef.h>

#include <uthash.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/program.h"
#include "json/pairs.h"
#include "plan/planned.h"
#include "plan/questions.h"
#include "record/ledger.h"

struct options;

/* One image of the fleet, by its recipe and stamps. */
struct pruned_image {
	const char *target;
	const char *id;
	const char *local;	/* its name in the engine */
	const char *objects;	/* the local image to take objects from; NULL: none */
	bool verified;		/* what stands in the recipe was verified, or pushed */
	bool at_work;
	const char *pushed;	/* name in the registry, NULL: not pushed */
	const char *digest;	/* of what was pushed */
	const char *size;	/* in the engine, as it says it; NULL: not there */
	bool wanted;		/* some image is still to take objects from it */
	struct image_name asked;	/* that name, in parts; not set: the registry is not asked */
	UT_hash_handle hh;	/* by local */
};

struct prune {
	const struct options *options;
	struct arena arena;
	struct error err;
	struct planned planned;		/* without images, where there is no plan */
	struct pairs fleet;		/* out/settings/fleet */
	struct ledger ledger;
	struct pruned_image *images;
	size_t n;
	struct pruned_image *by_local;
	struct questions questions;	/* is what was pushed still there? */
	size_t failed;
	double bytes;
};

/* Say what went wrong, and go on: the exit status tells. */
static inline void
prune_complain(struct prune *p)
{
	program_say("%s", p->err.text);
	p->err.text[0] = '\0';
	p->failed++;
}

/*
 * Read recipes, stamps and failures; the rest of p is empty, but for the options.
 *
 * Errors:    -1 and p->err set.
 * Ownership: freed with prune_dispose, also after an error.
 */
int prune_read(struct prune *p);
void prune_dispose(struct prune *p);

/* Does a step work on the target now? */
bool prune_is_at_work(const char *target, struct prune *p);

/*
 * Remove local images that the registry has.
 *
 * Errors:    -1 and p->err set if the engine or the registry cannot be asked.
 */
int prune_images(struct prune *p);

#endif
