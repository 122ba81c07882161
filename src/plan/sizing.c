#include "plan/sizing.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "fleet/fleet.h"
#include "os/engine.h"
#include "os/file.h"
#include "os/machine.h"
#include "plan/build_order.h"
#include "plan/past.h"
#include "plan/plan.h"
#include "plan/pool_depth.h"
#include "record/journal.h"

#define JOURNAL "out/journal.jsonl"

static int
read_past(struct plan *plan, struct arena *a, struct error *err)
{
	struct arena scratch = { 0 };	/* of a long history */
	struct journal journal = { 0 };
	const char *text;
	size_t len;

	int there = file_read_if_there(&text, &len, JOURNAL, 0, &scratch, err);
	if (there > 0)
		journal_read(&journal, text, len, &scratch);
	past_take(plan, &journal, a);
	arena_dispose(&scratch);
	return there < 0 ? -1 : 0;
}

static double
larger(double a, double b)
{
	return a > b ? a : b;
}

/* docker's compilers are the daemon's, so that the journal does not know their size. */
static struct demand
demand_of(const struct plan *plan, bool is_measured)
{
	struct demand d = { .disk_gb = (double)plan->fleet->build.disk_gb };

	for (size_t i = 0; i < plan->n_images; i++) {
		const struct image *image = &plan->images[i];
		if (image->decided.decision != DECISION_BUILD || image->native.way != NATIVE_COMPILE)
			continue;
		long jobs = image_max_jobs(image, plan->fleet);
		double gb = larger((double)image->parts.gb_per_job, is_measured ? plan->peak_gb : 0);
		d.compiles++;
		d.jobs = jobs > d.jobs ? jobs : d.jobs;
		d.memory_gb = larger(d.memory_gb, gb * (double)jobs);
	}
	return d;
}

/* Where out/ is and where the engine keeps images: the fuller of the two. */
static double
disk_free_gb(enum engine engine, struct arena *a)
{
	const char *store = engine_store(engine, a);
	double out_gb = machine_disk_free_gb("out");
	double store_gb = store ? machine_disk_free_gb(store) : -1;

	return store_gb >= 0 && store_gb < out_gb ? store_gb : out_gb;
}

static void
size_pool(struct plan *plan, enum engine engine, struct arena *a)
{
	bool is_docker = engine == ENGINE_DOCKER;
	struct machine_memory memory;
	struct str why = { 0 };

	machine_memory(&memory, !is_docker);
	struct demand demand = demand_of(plan, !is_docker);
	struct room room = { machine_cores(), memory.total_gb, disk_free_gb(engine, a) };
	plan->cuda_depth = pool_depth(&why, &room, &demand);
	plan->cuda_reason = arena_strdup(a, str_text(&why));
	str_dispose(&why);
}

int
sizing_make(struct plan *plan, enum engine engine, struct arena *a, struct error *err)
{
	if (read_past(plan, a, err) < 0)
		return -1;
	plan->cuda_depth = plan->fleet->pool[POOL_CUDA];
	if (plan->cuda_depth == POOL_AUTO)
		size_pool(plan, engine, a);
	build_order(plan, a);
	return 0;
}
