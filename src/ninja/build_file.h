/* build_file.h - the plan as a Ninja file.  Pure. */
#ifndef GEN_BUILD_FILE_H
#define GEN_BUILD_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct error;
struct plan;
struct sink;
struct surroundings;

/* All paths are as seen from the fleet's folder. */
struct build_file_options {
	const struct surroundings *surroundings;
	const char *rules;		/* folder of the rules */
	const char *step;		/* the step program */
	const char *gen;		/* how ninja calls this program again */
	bool push;			/* false: stop after verify */
	const char **inputs;		/* what a change of makes gen run again */
	size_t n_inputs;
};

/*
 * Write the build file.  Same plan and options, same bytes.
 *
 * Errors:    the sink's; -1 and err set for a path that has no spelling in a build file.
 */
int build_file_write(struct sink *out, const struct plan *plan,
                     const struct build_file_options *options, struct arena *a,
                     struct error *err);

#endif
