/* eta.h - how long it still takes, from how long it took.  Pure. */
#ifndef GEN_ETA_H
#define GEN_ETA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct status;
struct status_row;

struct eta {
	size_t images;			/* that are at work or still to build */
	double left_s;			/* with what is usual; below 0: nothing is known */
	double least_s, most_s;		/* with the quick and the slow quarter of what was */
	size_t samples;			/* image steps that it is taken from; 0: the fleet's estimate */
	size_t unknown;			/* step runs that were counted as nothing: none has ended yet */
};

/*
 * Simulate the pools with the durations that the journal has for each step, image steps
 * that compile apart from those that don't.  Where no compile has ended yet, the fleet's
 * estimate counts.
 *
 * push: images are pushed, so that those verified are not done.
 */
void eta_make(struct eta *out, const struct status *s, bool push, struct arena *a);

/*
 * What is left of the step at work: by the count in its log, else by what is usual; below
 * 0: not known.
 */
double eta_of_running(const struct status *s, const struct status_row *row, struct arena *a);

#endif
