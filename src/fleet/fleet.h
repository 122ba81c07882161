/* fleet.h - fleet.json: what to build, from what, how, where to.  Pure. */
#ifndef GEN_FLEET_H
#define GEN_FLEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/commit_id.h"
#include "fleet/entry.h"
#include "fleet/native_key.h"
#include "fleet/pool.h"
#include "json/fields.h"

struct arena;
struct error;
struct preflight_rule;
struct substitution;

/* Settings of one commit. */
struct commit_setting {
	const char *prefix;		/* 12 to 40 hex digits of the parent commit */
	long max_jobs;			/* 0: the fleet's */
	struct name_value *args;	/* build arguments, over the fleet's */
	size_t n_args;
	struct name_value *env;		/* build environment, over the fleet's */
	size_t n_env;
	const char *fix;		/* what was done about a failure, for reports; or NULL */
	const char *failed_error;	/* failed for good; NULL: not so */
	const char *failed_reason;
	const char *failed_input;	/* input digest it was seen with; NULL: holds for any */
	bool compile;			/* its native code, whatever is there already */
};

/*
 * A build argument whose value stands in the commit's own tree.  Of several with
 * one name the first that finds a value counts, else the last fallback.
 */
struct tree_arg {
	const char *name;
	const char **files;		/* the first that has the line counts */
	size_t n_files;
	const char *after;		/* the line starts so; the value is the next word */
	const char *fallback;		/* when no file has it; NULL: none */
};

/* Compile jobs of some commits need more memory: those whose tree holds a text. */
struct memory_rule {
	const char *file;
	const char *contains;
	long gb_per_job;
};

#define POOL_AUTO 0	/* as many as the machine has room for */

struct fleet {
	const char *file;		/* fleet.json, as messages name it */
	const char *name;

	const char *source_url;
	const char *source_path;	/* of the clone, relative to the fleet's folder */

	struct mapping *mappings;	/* and one behind them, for extra_commits */
	size_t n_mappings;
	const char *dataset;		/* file, NULL: none */
	struct entry *extra;		/* extra_commits: entries of mappings[n_mappings] */
	size_t n_extra;

	const char *registry;		/* host[:port] */
	bool insecure_registry;
	bool create;			/* baseline_repository may not be there yet */
	const char *baseline_repository;
	const char *human_repository;
	struct commit_id *fixed_humans;	/* sorted */
	size_t n_fixed_humans;

	struct {
		const char *dockerfile;
		const char *context_files;	/* folder copied into the context; NULL: none */
		long max_jobs;
		long nvcc_threads;
		long deadline_s;
		long grace_s;
		long disk_gb;
		long gb_per_job;
		struct memory_rule *memory_rules;
		size_t n_memory_rules;
		const char *ladder;		/* "56,48,...": jobs to go down to; NULL: the default */
		long attempts;			/* of a step that waits and tries again; 0: the default */
		bool remove_local;		/* an image that was pushed goes from the engine */
		struct name_value *args;
		size_t n_args;
		struct tree_arg *tree_args;
		size_t n_tree_args;
		struct name_value *env;
		size_t n_env;
		const char *network;		/* "default", "host" or "none" */
		const char *isolation;		/* buildah's; "": its own default */
		const char *smoke_test;		/* sh text */
	} build;

	long pool[POOLS];		/* depths; that of POOL_CUDA may be POOL_AUTO */

	struct commit_setting *commits;		/* sorted by prefix */
	size_t n_commits;
	struct substitution *substitutions;
	size_t n_substitutions;

	struct native_rules native;		/* no inputs: everything is compiled */
	const char *wheel;			/* URL of a commit's, with "{commit}" in it; NULL: none */
	long compile_minutes;			/* of one image, estimated; 0: no estimate */
	struct preflight_rule *preflight;
	size_t n_preflight;
};

/*
 * Read the text of a fleet file; file is its name in messages.  docs/fleet.md
 * describes the format, field by field.
 *
 * Errors:    -1 and err set, "file: pointer: value: reason"; an unknown key is
 *            one, with the nearest known key.
 * Ownership: all texts live as long as a.
 */
int fleet_parse(struct fleet *out, const char *file, const char *text, size_t len,
                struct arena *a, struct error *err);

/* The settings of a commit, NULL if it has none of its own. */
const struct commit_setting *fleet_commit_setting(const struct fleet *f,
                                                  const struct commit_id *parent);

/* Is there a repaired image of this human commit in the baseline repository? */
bool fleet_human_is_fixed(const struct fleet *f, const struct commit_id *human);

#endif
