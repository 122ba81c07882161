#include "plan/pool_depth.h"

#include "base/str.h"

#define DEPTH_MOST 4096

/* How many times need goes into what is there; none: whatever is needed. */
static long
times(double there, double need)
{
	double n = there / need;
	return n > DEPTH_MOST ? DEPTH_MOST : (long)n;
}

static void
take(long *depth, struct str *why, long n, const char *what)
{
	if (n < *depth)
		*depth = n;
	str_addf(why, "%s%s %ld", why->len ? ", " : "", what, n);
}

long
pool_depth(struct str *why, const struct room *room, const struct demand *d)
{
	long depth = d->compiles < DEPTH_MOST ? (long)d->compiles : DEPTH_MOST;

	if (!d->compiles) {
		str_adds(why, "nothing to compile");
		return 1;
	}
	if (room->cores > 0 && d->jobs > 0) {
		take(&depth, why, times((double)room->cores, (double)d->jobs), "cores allow");
		str_addf(why, " (%ld, %ld jobs each)", room->cores, d->jobs);
	}
	if (room->memory_gb > 0 && d->memory_gb > 0) {
		take(&depth, why, times(room->memory_gb, d->memory_gb), "memory");
		str_addf(why, " (%.0f GB, %.0f GB each)", room->memory_gb, d->memory_gb);
	}
	if (room->disk_gb >= 0 && d->disk_gb > 0) {
		take(&depth, why, times(room->disk_gb, d->disk_gb), "disk");
		str_addf(why, " (%.0f GB each)", d->disk_gb);
	}
	str_addf(why, "%s%zu to compile", why->len ? ", and " : "", d->compiles);
	return depth > 0 ? depth : 1;
}
