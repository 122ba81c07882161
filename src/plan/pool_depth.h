/* pool_depth.h - how many compiles a machine has room for.  Pure. */
#ifndef GEN_POOL_DEPTH_H
#define GEN_POOL_DEPTH_H

#include <stddef.h>

struct str;

/* What the machine has; below 0: not known. */
struct room {
	long cores;
	double memory_gb;
	double disk_gb;
};

/* What is to be compiled, and the most that any one compile needs; 0: not said. */
struct demand {
	size_t compiles;
	long jobs;
	double memory_gb;
	double disk_gb;
};

/*
 * The number of compiles at a time that cores, memory and disk all have room for, 1 at
 * least; why says how it comes to that.
 */
long pool_depth(struct str *why, const struct room *room, const struct demand *demand);

#endif
