#include "plan/planned_of.h"

#include <string.h>

#include "base/arena.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "fleet/preflight.h"
#include "plan/plan.h"
#include "plan/planned.h"
#include "plan/recipe.h"
#include "registry/wheel.h"

/* ---- the fleet ---- */

static void
list_tags(struct planned *out, const struct plan *plan, struct arena *a)
{
	out->n_tags = plan->n_unmapped_tags;
	out->tags = arena_array(a, out->n_tags, sizeof(*out->tags));
	for (size_t i = 0; i < out->n_tags; i++) {
		const struct entry *pair = plan_dataset_pair(plan, plan->unmapped_tags[i]);
		out->tags[i].tag = plan->unmapped_tags[i];
		out->tags[i].human = pair ? pair->human : NULL;
		out->tags[i].parent = pair ? pair->parent : NULL;
	}
}

void
planned_of_fleet(struct planned *out, const struct plan *plan, const struct surroundings *s,
                 struct arena *a)
{
	const struct fleet *fleet = plan->fleet;

	*out = (struct planned){
		.fleet = fleet->name,
		.totals = plan_totals(plan),
		.cuda_reason = plan->cuda_reason,
		.source = fleet->source_url,
		.registry = s->registry,
		.home = fleet->registry,
		.dockerfile = s->dockerfile,
		.dockerfile_digest = s->dockerfile_digest,
		.context_files = s->context_files,
		.context_digest = s->context_digest,
		.args = { fleet->build.args, fleet->build.n_args },
		.env = { fleet->build.env, fleet->build.n_env },
		.max_jobs = fleet->build.max_jobs,
		.gb_per_job = fleet->build.gb_per_job,
	};
	memcpy(out->pools, fleet->pool, sizeof(out->pools));
	out->pools[POOL_CUDA] = plan->cuda_depth;
	list_tags(out, plan, a);
}

/* ---- an image ---- */

/* Each once. */
static struct texts
humans_of(const struct image *image, struct arena *a)
{
	struct texts humans = { arena_array(a, image->n_entries, sizeof(*humans.list)), 0 };

	for (size_t i = 0; i < image->n_entries; i++)
		if (image_entry_is_first(image, i))
			humans.list[humans.n++] = image->entries[i].human;
	return humans;
}

static struct texts
mappings_of(const struct image *image, const struct fleet *fleet, struct arena *a)
{
	struct texts names = { arena_array(a, fleet->n_mappings + 1, sizeof(*names.list)), 0 };

	for (unsigned m = 0; m <= fleet->n_mappings; m++)
		for (size_t i = 0; i < image->n_entries; i++)
			if (image->entries[i].mapping == m) {
				names.list[names.n++] = fleet->mappings[m].name;
				break;
			}
	return names;
}

static void
take_patches(struct planned_image *out, const struct image *image, struct arena *a)
{
	size_t n = image->parts.n_patches;

	out->patches = (struct texts){ arena_array(a, n, sizeof(*out->patches.list)), n };
	out->patch_digests = (struct texts){ arena_array(a, n, sizeof(*out->patches.list)), n };
	for (size_t i = 0; i < n; i++) {
		out->patches.list[i] = image->parts.patches[i].name;
		out->patch_digests.list[i] = image->parts.patches[i].digest;
	}
}

static struct texts
faults_of(const struct image *image, struct arena *a)
{
	struct texts faults = { arena_array(a, image->parts.n_preflight, sizeof(*faults.list)), image->parts.n_preflight };

	for (size_t i = 0; i < faults.n; i++)
		faults.list[i] = image->parts.preflight[i].text;
	return faults;
}

/* An image's name in the registry. */
static const char *
name_of(const char *registry, const char *repository, const char *tag, struct arena *a)
{
	char *name = arena_alloc(a, strlen(registry) + strlen(repository) + strlen(tag) + 3);

	stpcpy(stpcpy(stpcpy(stpcpy(stpcpy(name, registry), "/"), repository), ":"), tag);
	return name;
}

/* How a build's native code comes about. */
static void
take_native(struct planned_image *out, const struct image *image)
{
	out->native_key = image->native.key;
	if (image->decided.decision != DECISION_BUILD)
		return;
	out->native = image->native.way;
	out->native_reason = image->native.reason;
	out->objects = image->native.objects;
	if (image->native.wheel) {
		out->wheel = image->native.wheel->url;
		out->wheel_digest = image->native.wheel->digest;
	}
}

/* What it is made of, and what only matters where it is made. */
static void
take_recipe(struct planned_image *out, const struct image *image)
{
	out->tree = *image->git.tree ? image->git.tree : NULL;
	out->args = (struct values){ image->parts.args, image->parts.n_args };
	out->env = (struct values){ image->parts.env, image->parts.n_env };
	/* What takes its objects from elsewhere runs no compilers: it must not wait for memory. */
	out->gb_per_job = image->native.way == NATIVE_COMPILE ? image->parts.gb_per_job : 0;
}

void
planned_of_image(struct planned_image *out, const struct image *image, const struct plan *plan,
                 const struct surroundings *s, struct arena *a)
{
	const struct base *base = &image->registry.base;

	*out = (struct planned_image){
		.target = image->target,
		.id = image_id(image),
		.parent = image->parent.hex,
		.humans = humans_of(image, a),
		.model = image_model(image),
		.mappings = mappings_of(image, plan->fleet, a),
		.image = name_of(s->registry, plan->fleet->baseline_repository, image->target, a),
		.verdict = image->registry.verdict,
		.digest = image->registry.digest,
		.decision = image->decided.decision,
		.reason = image->decided.reason,
		.hold = image->decided.hold,
		.hold_word = hold_name(image->decided.hold),
		.subject = image->git.subject,
		.time_s = (long)image->git.time_s,
		.preflight = faults_of(image, a),
		.max_jobs = image_max_jobs(image, plan->fleet),
		.input = image->parts.input,
	};
	if (base->repository) {
		out->base.image = name_of(s->registry, base->repository, base->tag, a);
		out->base.verdict = base->verdict;
		out->base.digest = base->digest;
	}
	take_patches(out, image, a);
	take_native(out, image);
	take_recipe(out, image);
}
