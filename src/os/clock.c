#include "os/clock.h"

#include <time.h>

double
clock_monotonic_s(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int64_t
clock_epoch_s(void)
{
	return time(NULL);
}
