/* timeline.h - when each attempt ran, pool by pool.  Pure. */
#ifndef GEN_TIMELINE_H
#define GEN_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "fleet/pool.h"
#include "status/status.h"

struct arena;
struct journal_attempt;

/* The pool that a step of an image runs in, as rules/ and ninja/build_file.c say. */
enum pool pool_of_step(const struct status_row *row, enum step step);

/* How many steps may be in it at once: as the fleet says or, if that says "auto", the plan. */
long pool_depth_of(const struct status *s, enum pool p);

/* For a person: "ok", "interrupted", "lost", the class of a failure, or why there is no end. */
const char *attempt_result(const struct status_row *row, const struct journal_attempt *t);

/* One attempt; attempts that ran at the same time are on different lanes. */
struct span {
	const struct status_row *row;
	const struct journal_attempt *attempt;
	double start_s, end_s;
	bool running;
	unsigned lane;
};

struct pool_line {
	struct span *spans;		/* by start */
	size_t n;
	unsigned lanes;
	double busy_s;			/* how long at least one attempt ran */
};

struct timeline {
	struct pool_line pools[POOLS];
	double start_s, end_s;		/* of all attempts shown; both 0 if there are none */
	size_t shown, left_out;		/* attempts; the oldest ones are left out */
};

#define TIMELINE_SPANS 2000	/* attempts shown at most */

/* Ownership: spans live as long as a, and point into s. */
void timeline_make(struct timeline *out, const struct status *s, struct arena *a);

#endif
