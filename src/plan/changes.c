#include "plan/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "json/pairs.h"
#include "os/file.h"
#include "plan/plan.h"
#include "plan/planned.h"
#include "plan/planned_of.h"
#include "plan/recipe_diff.h"
#include "plan/recipe_text.h"

#define BUILT "out/built"

static int
by_target(const void *target, const void *image)
{
	return strcmp(target, ((const struct image *)image)->target);
}

/* Images are sorted by parent, and so by target. */
static struct image *
find_image(const struct plan *plan, const char *target)
{
	if (!plan->n_images)
		return NULL;
	return bsearch(target, plan->images, plan->n_images, sizeof(*plan->images), by_target);
}

/* Does the recipe that was built say this of its input digest? */
static bool
says_input(const char *recipe, const char *input, struct arena *a)
{
	struct pairs pairs = { 0 };

	pairs_parse(&pairs, recipe, strlen(recipe), BUILT, a, NULL);
	const char *said = pairs_get(&pairs, "input");
	bool is = said && strcmp(said, input) == 0;
	pairs_dispose(&pairs);
	return is;
}

/* "base image's digest: changed, patch 01-x.patch: new"; NULL if nothing tells. */
static const char *
describe(const char *before, const struct image *image, const struct plan *plan,
         const struct surroundings *s, struct arena *a)
{
	struct planned fleet;
	struct planned_image planned;
	struct str after = { 0 }, text = { 0 };
	struct texts lines;

	planned_of_fleet(&fleet, plan, s, a);
	planned_of_image(&planned, image, plan, s, a);
	recipe_text(&after, &fleet, &planned, a);
	recipe_diff(&lines, before, str_text(&after), a);
	for (size_t i = 0; i < lines.n; i++)
		str_addf(&text, "%s%s", i ? ", " : "", lines.list[i]);
	const char *said = text.len ? arena_strdup(a, str_text(&text)) : NULL;
	str_dispose(&after);
	str_dispose(&text);
	return said;
}

int
changes_find(struct plan *plan, const struct surroundings *s, struct arena *a, struct error *err)
{
	const char **targets, *before;
	size_t n, len;

	if (file_list(&targets, &n, BUILT, a, err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		struct image *image = find_image(plan, targets[i]);
		if (!image || !image->parts.input)
			continue;
		int there = file_read_if_there(&before, &len, arena_printf(a, BUILT "/%s", targets[i]), 0,
		                               a, err);
		if (there < 0)
			return -1;
		/* What was built last need not be what was pushed. */
		const char *pushed = image->past.pushed_input;
		bool counts = there > 0 && !says_input(before, image->parts.input, a) &&
		              (image->registry.verdict != VERDICT_PRESENT ||
		               (pushed && says_input(before, pushed, a)));
		if (counts)
			image->past.changes = describe(before, image, plan, s, a);
	}
	return 0;
}
