/* recipe.h - what an image is made of, and its digests.  Pure.
 *
 * plan/recipe_text.h has the texts that tell the steps.
 */
#ifndef GEN_RECIPE_H
#define GEN_RECIPE_H

#include <stdint.h>

#include "base/digest.h"
#include "os/engine_kind.h"

struct arena;
struct fleet;
struct image;
struct str;

/* Where things are on this machine, and what the shared files hold. */
struct surroundings {
	const char *registry;		/* host[:port] that stands in for the fleet's */
	enum engine engine;
	const char *dockerfile;		/* path, from the fleet's folder */
	const char *dockerfile_digest;
	const char *context_files;	/* folder, NULL: none */
	const char *context_digest;	/* of all that is in it; NULL: none */
	const char *git_objects;	/* absolute folder of the clone's objects */
	const char *gen;		/* absolute path of this program */
};

/* Digest of what all images of the fleet are made of. */
const char *recipe_shared_digest(const struct fleet *fleet, const struct surroundings *s,
                                 struct arena *a);

/*
 * The digest of all that decides an image's build context: tree, patches, environment.  Not
 * kept: it is wanted once.  scratch is for the text of which it is the digest.
 */
void recipe_context(char out[DIGEST_SIZE], const struct image *image, const struct surroundings *s,
                    struct str *scratch);

/*
 * Set the image's input, the digest of all that decides what it holds; shared is the digest of
 * the fleet's part.
 */
void recipe_digest(struct image *image, const char *shared, const struct surroundings *s,
                   struct str *scratch, struct arena *a);

/* The repository of the images, with its registry: an image there is called so, ':', its target. */
const char *recipe_repository(const struct fleet *fleet, const struct surroundings *s,
                              struct arena *a);

/* Settings of the whole fleet: docs/design.md describes settings/fleet. */
void recipe_fleet_settings(struct str *out, const struct fleet *fleet,
                           const struct surroundings *s);

/* RFC 3339, as OCI annotations want it. */
void recipe_add_time(struct str *out, int64_t time_s);

/* "export NAME='value'", quoted for a shell, and a newline. */
void recipe_add_export(struct str *out, const char *name, const char *value);

#endif
