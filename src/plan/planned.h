/* planned.h - the plan as a file has it: out/plan.json, and what gen --json prints.  Pure.
 *
 * All that the steps and the commands that look at the fleet know of an image comes from here:
 * they need neither the clone nor the registry.  out/plan.json is one JSON document.  Each image
 * has a line of its own, in the order of targets:
 *
 *   {"version":2,"fleet":"demo",...,"images":[
 *   {"target":"baseline-0006f175eb17","parent":"0006f175eb17...",...},
 *   {"target":"baseline-00a1c9e3ff02",...}
 *   ],"unmapped_tags":[...],"unmapped_pairs":[...]}
 *
 * So whoever wants one image finds its line by halving, and reads nothing else but the first
 * line: one file per image would take minutes to write for 100,000 images.  Members that are
 * null, empty or 0 are left out.  plan/planned_members.c names all members.
 */
#ifndef GEN_PLANNED_H
#define GEN_PLANNED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/verdict.h"
#include "fleet/pool.h"
#include "json/members.h"
#include "plan/plan.h"

struct arena;
struct error;

/* Texts are NULL where the plan does not say. */
struct planned_image {
	const char *target;
	const char *id;			/* the 12 hex digits of target */
	const char *parent;		/* 40 hex digits */
	struct texts humans;
	const char *model;
	struct texts mappings;		/* names */
	const char *image;		/* name in the registry */
	enum verdict verdict;
	const char *digest;
	enum decision decision;
	const char *reason;
	enum hold hold;
	const char *hold_word;		/* of hold, as the plan has it */
	const char *subject;
	long time_s;			/* of the commit; 0: not said */
	struct {
		const char *image;	/* NULL: no base */
		enum verdict verdict;
		const char *digest;
	} base;
	enum native native;
	const char *native_reason;
	const char *native_key;
	const char *objects;		/* shared: target of the image that has them */
	const char *wheel, *wheel_digest;
	struct texts patches;		/* names */
	struct texts preflight;
	long max_jobs;
	const char *input;

	/* Only in out/plan.json, and only with an input. */
	const char *tree;
	struct texts patch_digests;	/* in the order of patches */
	struct values args, env;	/* sorted; in the file, only those that the fleet does not have so */
	long gb_per_job;
};

/* A tag in no mapping; human and parent are NULL unless the data set has the pair. */
struct planned_tag {
	const char *tag;
	const char *human, *parent;
};

struct planned {
	long version;
	const char *fleet;
	struct plan_totals totals;
	long pools[POOLS];		/* depths */
	const char *cuda_reason;	/* why so deep */

	/* Only in out/plan.json: what all images are made from. */
	const char *source;		/* URL of the git repository */
	const char *registry, *home;	/* where images are; where their labels say that they are */
	const char *dockerfile, *dockerfile_digest;
	const char *context_files, *context_digest;	/* NULL: there are none */
	struct values args, env;	/* of each image that has no others */
	long max_jobs, gb_per_job;	/* of each image in settings/fleet */

	struct planned_image *images;	/* sorted by parent */
	size_t n_images;
	struct planned_tag *tags;
	size_t n_tags;
};

/*
 * Read text, the contents of file.  Members that are not known are left alone.
 *
 * Errors:    -1 and err set, "file: pointer: value: reason", for what gen does not write.
 * Ownership: all texts live as long as a.
 */
int planned_read(struct planned *out, const char *file, const char *text, size_t len,
                 struct arena *a, struct error *err);

/*
 * The same, of just one image, which is found by halving; fleet gets what the first line says.
 *
 * Returns:   1, 0 if there is no such image.
 */
int planned_read_one(struct planned *fleet, struct planned_image *image, const char *target,
                     const char *file, const char *text, size_t len, struct arena *a,
                     struct error *err);

/*
 * The image whose parent begins with digits, NULL if there is none.  *more is set if
 * another one begins so, too.
 */
const struct planned_image *planned_find(const struct planned *p, const char *digits, bool *more);

/* The image that has this target; NULL if there is none. */
const struct planned_image *planned_target(const struct planned *p, const char *target);

#endif
