/* decision.h - what becomes of an image, and why it is held.  Pure. */
#ifndef GEN_DECISION_H
#define GEN_DECISION_H

#include <stdbool.h>

enum decision {
	DECISION_BUILD,
	DECISION_SKIP,		/* present: nothing to do */
	DECISION_HOLD,		/* cannot or must not be built */
};

#define DECISIONS (DECISION_HOLD + 1)	/* how many there are */

const char *decision_name(enum decision d);

/* Returns false, *out untouched, if no decision has that name.  name may be NULL. */
bool decision_parse(enum decision *out, const char *name);

/* For what kind of reason an image is held. */
enum hold {
	HOLD_NONE,		/* it is not held */
	HOLD_FAILED,		/* it failed for good, the fleet file says */
	HOLD_FAILURE,		/* a step failed here, and another try would repeat that */
	HOLD_SOURCE,		/* git does not have the commit, or a patch does not apply */
	HOLD_BASE_ABSENT,
	HOLD_BASE_UNKNOWN,
	HOLD_REGISTRY,		/* the registry did not say whether the image is there */
	HOLD_OTHER,		/* a kind that only a newer program knows */
	HOLDS			/* how many there are */
};

/* "failed", "failure", "source", "base-absent", ...; NULL for HOLD_NONE. */
const char *hold_name(enum hold h);

/* HOLD_OTHER if no kind has that name; HOLD_NONE if name is NULL. */
enum hold hold_parse(const char *name);

#endif
