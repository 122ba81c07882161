#include "plan/past.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "fleet/fleet.h"
#include "plan/plan.h"
#include "record/journal.h"

#define MB_OF_GB 1024.0

static int
by_size(const void *x, const void *y)
{
	double a = *(const double *)x, b = *(const double *)y;
	return a < b ? -1 : a > b;
}

static int
compare_target(const void *target, const void *image)
{
	return strcmp(target, ((const struct image *)image)->target);
}

static bool
is_good_compile(const struct journal_event *e)
{
	return e->event == EVENT_ENDED && e->native == NATIVE_COMPILE &&
	       e->step == STEP_IMAGE && e->outcome == OUTCOME_OK && e->seconds > 0;
}

void
past_take(struct plan *plan, const struct journal *j, struct arena *a)
{
	double *all = arena_array(a, j->n, sizeof(*all));
	size_t n = 0;

	plan->compile_s = 60.0 * (double)plan->fleet->compile_minutes;
	for (size_t i = 0; i < j->n; i++) {
		const struct journal_event *e = &j->events[i];
		if (!is_good_compile(e))
			continue;
		all[n++] = e->seconds;
		if ((double)e->peak_mb / MB_OF_GB > plan->peak_gb)
			plan->peak_gb = (double)e->peak_mb / MB_OF_GB;
		struct image *image = bsearch(e->target, plan->images, plan->n_images,
		                              sizeof(*image), compare_target);
		if (image)
			image->past.compiled_s = e->seconds;
	}
	if (n) {
		qsort(all, n, sizeof(*all), by_size);
		plan->compile_s = all[n / 2];
	}
}
