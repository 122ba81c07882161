/* plan.h - which images there are, and what becomes of each.  Pure. */
#ifndef GEN_PLAN_H
#define GEN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/commit_id.h"
#include "base/verdict.h"
#include "fleet/entry.h"
#include "fleet/target.h"
#include "plan/decision.h"
#include "record/native_way.h"

struct arena;
struct commit_setting;
struct error;
struct failure;
struct fleet;
struct preflight_match;
struct wheel;

/* A patch to apply: a file of the fleet, or what a substitution comes to. */
struct patch {
	const char *name;	/* NN-what.patch */
	const char *text;
	size_t len;
	const char *digest;
};

/* The image that a baseline image is built from. */
struct base {
	const char *repository;	/* NULL: no human has one */
	const char *tag;
	enum verdict verdict;
	const char *digest;	/* NULL: not asked */
};

/*
 * One baseline image: all entries with one parent commit.  There may be a million.
 *
 * One phase sets each part, and all others only read it.
 */
struct image {
	/* Who it is.  plan_merge, from the mappings. */
	char target[TARGET_SIZE];	/* TARGET_PREFIX and 12 hex digits */
	struct commit_id parent;
	bool short_is_unique;		/* no other parent has the same 8 first digits */
	unsigned n_entries;
	const struct entry *entries;	/* sorted by human, then place */
	const struct commit_setting *setting;	/* of its own, or NULL */

	/* What git says.  commits_check. */
	struct {
		char tree[COMMIT_ID_HEX + 1];
		int64_t time_s;
		const char *subject;
		const char *problem;	/* what is wrong with its commits; NULL: nothing */
	} git;

	/* What the registry says.  verdicts_ask; of the base's digest, verdicts_ask_digests. */
	struct {
		enum verdict verdict;
		const char *reason;	/* why unknown */
		const char *digest;
		struct base base;
	} registry;

	/*
	 * What was done in this folder before.  pushed_read, once the registry has answered;
	 * changes_find and the ledger, once it is known what the image is made of; past_take.
	 */
	struct {
		const char *pushed_input;	/* input digest of what was pushed; "": a push was
						 * cut off before it could say so; NULL: nothing */
		const char *changes;	/* what was otherwise when it was built; NULL: nothing,
					 * or nothing tells */
		const struct failure *failures;	/* of its steps */
		unsigned n_failures;
		double compiled_s;	/* what its last good compile took; 0: not known */
	} past;

	/*
	 * What it is made of.  ingredients_gather, then ingredients_patch of what may be built;
	 * input at last, by recipe_digest.
	 */
	struct {
		struct name_value *args;	/* all build arguments, sorted */
		struct name_value *env;		/* the build environment, sorted */
		const struct preflight_match *preflight;	/* known faults that it has */
		struct patch *patches;
		unsigned n_args, n_env, n_preflight, n_patches;
		long gb_per_job;	/* memory that one compile job needs */
		const char *patched_tree;	/* as git.tree; NULL: no patches */
		const char *problem;	/* why it cannot be patched; NULL: it can */
		const char *input;	/* digest of all that, "sha256:..."; NULL: not known */
	} parts;

	/* What becomes of it.  plan_decide. */
	struct {
		enum decision decision;
		enum hold hold;		/* what kind of reason holds it; else HOLD_NONE */
		const char *reason;
	} decided;

	/* How the compiled objects of a build come about.  native_plan. */
	struct {
		enum native way;	/* NATIVE_COMPILE if nobody decides it */
		const char *reason;
		const char *key;	/* NULL: the fleet does not say what decides it */
		const char *objects;	/* shared: target of the image that has them; else NULL */
		const struct wheel *wheel;	/* that has them; else NULL */
	} native;
};

/* The 12 hex digits. */
static inline const char *
image_id(const struct image *image)
{
	return image->target + sizeof(TARGET_PREFIX) - 1;
}

/* Entries are sorted by human commit: is this the first with its own? */
static inline bool
image_entry_is_first(const struct image *image, size_t i)
{
	return !i || strcmp(image->entries[i].human, image->entries[i - 1].human) != 0;
}

/* What is wrong with its commits or its patches, in words; NULL: nothing. */
static inline const char *
image_problem(const struct image *image)
{
	return image->git.problem ? image->git.problem : image->parts.problem;
}

struct plan {
	const struct fleet *fleet;
	struct image *images;		/* sorted by parent */
	size_t n_images;
	size_t n_entries;
	const struct entry **by_human;	/* all entries, sorted by human, then place */
	const struct entries *dataset;	/* plan_take_dataset sets both; n is 0 without one */
	const struct entry **dataset_by_parent;
	const char **unmapped_tags;	/* sorted */
	size_t n_unmapped_tags;

	/* By when they should be built; NULL: as they are. */
	const struct image **order;
	long cuda_depth;		/* compiles at a time */
	const char *cuda_reason;	/* why so many; NULL: the fleet says so */
	double compile_s;		/* what one usually takes; 0: nobody knows */
	double peak_gb;			/* largest compiler process so far; 0: not known */
};

struct plan_totals {
	long entries, parents;
	long present, absent, unknown;
	long skip, build, hold;
	long native[NATIVES];	/* of those to build, by how */
	long unmapped_tags, dataset;
};

/*
 * Merge entries, whose hashes are all whole, into images.  Sorts e, which the
 * images then point into.
 *
 * Errors:    -1 and err set, naming both places: one human with two parents, or
 *            two parents that a tag cannot tell apart (12 hex digits).
 * Ownership: images live as long as a; e must outlive them.
 */
int plan_merge(struct plan *out, const struct fleet *fleet, struct entries *e, struct arena *a,
               struct error *err);

/*
 * May it come to a build?  If it is absent and has not failed for good; or if it is
 * present and this folder made it: what it is made of may have changed since.
 */
bool image_may_be_built(const struct image *image);

/* Can it be built: does nothing stand in the way of it that git or the registry knows? */
bool image_can_be_built(const struct image *image);

/* Decide, from what git and the registry said.  Every image then has a reason. */
void plan_decide(struct plan *plan, struct arena *a);

struct plan_totals plan_totals(const struct plan *plan);

/* Jobs to start an image's build with. */
long image_max_jobs(const struct image *image, const struct fleet *fleet);

/* The model of the first entry that names one, NULL if none does. */
const char *image_model(const struct image *image);

/* Set the data set; it must outlive the plan. */
void plan_take_dataset(struct plan *plan, const struct entries *dataset, struct arena *a);

/*
 * A pair of the data set whose parent has this tag ("baseline-..."), NULL if none.
 */
const struct entry *plan_dataset_pair(const struct plan *plan, const char *tag);

#endif
