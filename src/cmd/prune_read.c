#include "cmd/prune.h"

#include <string.h>

#include "os/file.h"
#include "os/lock.h"
#include "plan/plan_file.h"
#include "plan/recipe_text.h"
#include "record/steps.h"

static int
read_pairs(struct pairs *out, const char *path, struct prune *p)
{
	const char *text;
	size_t len;
	int got = file_read_if_there(&text, &len, path, 0, &p->arena, &p->err);
	if (got > 0 && pairs_parse(out, text, len, path, &p->arena, &p->err) < 0)
		return -1;
	return got;
}

/* The stamp of a step, empty if it is not there; *current: made from the recipe's input. */
static int
read_stamp(struct pairs *out, bool *current, const char *target, enum step step,
           const char *input, struct prune *p)
{
	const char *path = step_stamp_path(target, step, &p->arena);
	int got = read_pairs(out, path, p);
	const char *made_from = got > 0 ? pairs_get(out, "input") : NULL;
	*current = made_from && input && strcmp(made_from, input) == 0;
	return got;
}

static int
read_recipe(struct pairs *out, const char *target, struct prune *p)
{
	const char *text;
	int got = plan_file_recipe(&text, &p->planned, planned_target(&p->planned, target), target,
	                           &p->arena, &p->err);
	if (got > 0 && pairs_parse(out, text, strlen(text), target, &p->arena, &p->err) < 0)
		return -1;
	return got;
}

bool
prune_is_at_work(const char *target, struct prune *p)
{
	const char *text;
	for (unsigned i = 0; i < STEPS; i++)
		if (lock_is_held(step_lock_path(target, (enum step)i, &p->arena), &text, &p->arena))
			return true;
	return false;
}

static int
read_image(struct pruned_image *image, const char *target, struct prune *p)
{
	struct pairs recipe = { 0 }, verify = { 0 }, push = { 0 };
	bool verified = false, pushed = false;
	int ret = -1;
	if (read_recipe(&recipe, target, p) < 0)
		goto out;
	const char *input = pairs_get(&recipe, "input");
	if (read_stamp(&verify, &verified, target, STEP_VERIFY, input, p) < 0 ||
	    read_stamp(&push, &pushed, target, STEP_PUSH, input, p) < 0)
		goto out;
	*image = (struct pruned_image){
		.target = target,
		.id = pairs_get(&recipe, "id"),
		.local = pairs_get(&recipe, "local"),
		.objects = pairs_get(&recipe, "objects"),
		.verified = verified || pushed,
		.at_work = prune_is_at_work(target, p),
		.pushed = pushed ? pairs_get(&push, "image") : NULL,
		.digest = pairs_get(&push, "digest"),
	};
	ret = 0;
out:
	pairs_dispose(&recipe);
	pairs_dispose(&verify);
	pairs_dispose(&push);
	return ret;
}

/* An image that is not built yet is to take its objects from the local image of this name. */
static void
want(struct prune *p, const char *target, const char *local)
{
	struct pruned_image *found;

	if (file_exists(step_stamp_path(target, STEP_IMAGE, &p->arena)))
		return;
	HASH_FIND_STR(p->by_local, local, found);
	if (found)
		found->wanted = true;
}

/* Who takes objects from whom; a name that two recipes have is the first one's. */
static void
index_images(struct prune *p)
{
	struct pruned_image *found;

	for (size_t i = 0; i < p->n; i++) {
		struct pruned_image *image = &p->images[i];
		if (!image->local)
			continue;
		HASH_FIND_STR(p->by_local, image->local, found);
		if (!found)
			HASH_ADD_KEYPTR(hh, p->by_local, image->local, strlen(image->local), image);
	}
	for (size_t i = 0; i < p->n; i++)
		if (p->images[i].objects)
			want(p, p->images[i].target, p->images[i].objects);
	/* Only the plan knows of images that no step has worked on yet. */
	for (size_t i = 0; i < p->planned.n_images; i++) {
		const struct planned_image *image = &p->planned.images[i];
		if (image->objects)
			want(p, image->target, recipe_local(&p->planned, image->objects, &p->arena));
	}
}

static int
read_images(struct prune *p)
{
	const char **names;
	size_t n;
	if (plan_file_read(&p->planned, &p->arena, &p->err) < 0 ||
	    file_list(&names, &n, "out/recipes", &p->arena, &p->err) < 0)
		return -1;
	p->images = arena_array(&p->arena, n, sizeof(*p->images));
	for (size_t i = 0; i < n; i++)
		if (read_image(&p->images[p->n++], names[i], p) < 0)
			return -1;
	index_images(p);
	return 0;
}

static int
read_ledger(struct prune *p)
{
	const char *text;
	size_t len;
	int got = file_read_if_there(&text, &len, "out/failures.jsonl", 0, &p->arena, &p->err);
	if (got > 0)
		ledger_read(&p->ledger, text, len, &p->arena);
	return got;
}

int
prune_read(struct prune *p)
{
	return read_pairs(&p->fleet, "out/settings/fleet", p) < 0 || read_ledger(p) < 0 ||
	       read_images(p) < 0 ? -1 : 0;
}

void
prune_dispose(struct prune *p)
{
	HASH_CLEAR(hh, p->by_local);
	questions_dispose(&p->questions);
	pairs_dispose(&p->fleet);
	arena_dispose(&p->arena);
}
