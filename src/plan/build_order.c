#include "plan/build_order.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/memory.h"
#include "plan/plan.h"

/* All that decides, so that sorting looks at nothing else. */
struct place {
	double takes_s;		/* below 0: it compiles nothing */
	int64_t time_s;
	size_t index;		/* in the plan: by parent */
};

static int
compare(const void *x, const void *y)
{
	const struct place *a = x, *b = y;

	if (a->takes_s != b->takes_s)
		return a->takes_s > b->takes_s ? -1 : 1;
	if (a->time_s != b->time_s)
		return a->time_s < b->time_s ? -1 : 1;
	return a->index < b->index ? -1 : 1;
}

static double
takes_s(const struct image *image, const struct plan *plan)
{
	if (image->decided.decision != DECISION_BUILD || image->native.way != NATIVE_COMPILE)
		return -1;
	return image->past.compiled_s > 0 ? image->past.compiled_s : plan->compile_s;
}

void
build_order(struct plan *plan, struct arena *a)
{
	struct place *places = memory_resize(NULL, plan->n_images * sizeof(*places));

	plan->order = arena_array(a, plan->n_images, sizeof(*plan->order));
	for (size_t i = 0; i < plan->n_images; i++)
		places[i] = (struct place){ takes_s(&plan->images[i], plan), plan->images[i].git.time_s, i };
	if (plan->n_images)
		qsort(places, plan->n_images, sizeof(*places), compare);
	for (size_t i = 0; i < plan->n_images; i++)
		plan->order[i] = &plan->images[places[i].index];
	free(places);
}
