#include "fleet/pool.h"

static const char *const names[POOLS] = {
	[POOL_SOURCE] = "source",
	[POOL_CUDA] = "cuda",
	[POOL_LIGHT] = "light",
	[POOL_PUSH] = "push",
};

const char *
pool_name(enum pool p)
{
	return names[p];
}
