/* eta.h - how long the fleet will still take, judged by how long steps have taken.  Pure. */
#ifndef GEN_ETA_H
#define GEN_ETA_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct status;
struct status_row;

struct eta {
	size_t images;			/* at work, or still to build */
	double left_s;			/* if each step takes the usual time; below 0: not known */
	double least_s, most_s;		/* if each step is as quick or slow as one in four */
	size_t samples;			/* how many image steps this rests on; 0: on the fleet's estimate */
	size_t unknown;			/* steps left that count as 0 s: none of their kind has ended yet */
};

/*
 * Simulate the pools with the durations in the journal.  Image steps that compile are taken
 * apart from those that do not; the fleet's estimate counts until the first compile has ended.
 *
 * push: images are pushed, so that a verified image is not done.
 */
void eta_make(struct eta *out, const struct status *s, bool push, struct arena *a);

/*
 * How long the step at work still takes: by the count in its log, else by the usual time.
 *
 * Units:     seconds; below 0: not known.
 */
double eta_of_running(const struct status *s, const struct status_row *row, struct arena *a);

#endif
