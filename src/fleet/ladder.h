/* ladder.h - numbers of jobs to go down to when memory runs out.  Pure.  */
#ifndef GEN_LADDER_H
#define GEN_LADDER_H

#include <stddef.h>

struct error;

#define LADDER_RUNGS 32
#define LADDER_DEFAULT "56,48,32,24,16,8,4"

struct ladder {
	long rungs[LADDER_RUNGS];	/* falling */
	size_t n;
};

/* Errors: -1 and err set unless text is numbers above 0, each below the one before. */
int ladder_parse(struct ladder *out, const char *text, struct error *err);

/* The next rung below jobs; 0 if there is none. */
long ladder_below(const struct ladder *l, long jobs);

#endif
