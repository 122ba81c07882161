/* step_run.h - one edge of the build file: its command, until it succeeds or must not go on.  */
#ifndef GEN_STEP_RUN_H
#define GEN_STEP_RUN_H

#include "record/steps.h"

struct step_request {
	enum step step;
	const char *target;
	const char *input;	/* input digest, "" if the edge has none */
	char *const *command;	/* NULL behind the last argument */
};

/*
 * Run the edge in the current folder, the fleet's.  Says on stderr what went wrong.
 *
 * Returns:   the exit status: 0 the stamp says what was made, 1 failed.  Does not
 *            return when a signal ended the step: then the program dies of it.
 */
int step_run(const struct step_request *request);

/* Print why target is held.  Returns the exit status: never 0. */
int step_held(const char *target);

#endif
