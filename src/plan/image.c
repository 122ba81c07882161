/* Facts about one image of a plan.  They are in a file of their own because step needs them, too:
 * plan.c would link step to everything that reads fleets. */
#include "plan/plan.h"

#include "fleet/entry.h"
#include "fleet/fleet.h"

long
image_max_jobs(const struct image *image, const struct fleet *fleet)
{
	return image->setting && image->setting->max_jobs ? image->setting->max_jobs
	                                                   : fleet->build.max_jobs;
}

const char *
image_model(const struct image *image)
{
	for (size_t i = 0; i < image->n_entries; i++)
		if (image->entries[i].model)
			return image->entries[i].model;
	return NULL;
}
