/* timeline.h - which attempts ran when, side by side, pool by pool.  Pure. */
#ifndef GEN_TIMELINE_H
#define GEN_TIMELINE_H

#include <stdbool.h>
#include <stddef.h>

#include "fleet/pool.h"
#include "status/status.h"

struct arena;
struct journal_attempt;

/* The pool in which a step of an image runs, as rules/ and ninja/build_file.c say. */
enum pool pool_of_step(const struct status_row *row, enum step step);

/* How many may be in it at a time, by the fleet or, where that says "auto", by the plan. */
long pool_depth_of(const struct status *s, enum pool p);

/* One attempt on its lane; lanes are as many as ran at once. */
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
	double busy_s;			/* in which at least one attempt ran */
};

struct timeline {
	struct pool_line pools[POOLS];
	double start_s, end_s;		/* of all that is shown; both 0 if nothing is */
	size_t shown, left_out;		/* attempts; the oldest are left out */
};

#define TIMELINE_SPANS 2000

/* Ownership: spans live as long as a, and point into s. */
void timeline_make(struct timeline *out, const struct status *s, struct arena *a);

#endif
