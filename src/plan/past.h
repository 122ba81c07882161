/* past.h - what compiles took here, as the journal has it.  Pure. */
#ifndef GEN_PAST_H
#define GEN_PAST_H

struct arena;
struct journal;
struct plan;

/*
 * Put into the plan what its images' last good compiles took, what a compile usually takes
 * (their median, or else the fleet's estimate), and the largest process of any.
 */
void past_take(struct plan *plan, const struct journal *j, struct arena *a);

#endif
