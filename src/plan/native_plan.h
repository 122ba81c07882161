/* native_plan.h - decide how the compiled objects of each image come about.  */
#ifndef GEN_NATIVE_PLAN_H
#define GEN_NATIVE_PLAN_H

#include <stdbool.h>

struct ingredients;

struct native_plan {
	const struct ingredients *in;
	bool compile_all;	/* --native=compile */
	bool offline;		/* wheels: the last answers count */
	bool keep;		/* ... and are kept */
	long timeout_s;		/* for asking about wheels; 0: the default */
};

/*
 * Decide for each image that is to be built; all other decisions have been made.  Wheels are
 * asked for only where an image would be compiled.  One that is not known to be there counts
 * as missing, with a warning.
 *
 * Errors:    -1 and the err of in set.
 */
int native_plan(const struct native_plan *how);

#endif
