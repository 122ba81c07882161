/* pool.h - the pools that ninja runs steps in, by name.  Pure. */
#ifndef GEN_POOL_H
#define GEN_POOL_H

enum pool {
	POOL_SOURCE,
	POOL_CUDA,		/* what compiles */
	POOL_LIGHT,		/* all else that needs an engine */
	POOL_PUSH,
	POOLS			/* how many there are */
};

/* "source", "cuda", "light", "push": in fleet.json, in the build file, in reports. */
const char *pool_name(enum pool p);

#endif
