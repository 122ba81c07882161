#include "plan/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "record/ledger.h"

#define SHORT_ALIAS 8

static int
compare_places(const struct entry *a, const struct entry *b)
{
	if (a->mapping != b->mapping)
		return a->mapping < b->mapping ? -1 : 1;
	return a->place < b->place ? -1 : a->place > b->place;
}

static int
by_parent(const void *x, const void *y)
{
	const struct entry *a = x, *b = y;
	int order = memcmp(a->parent, b->parent, COMMIT_ID_HEX);
	if (!order)
		order = memcmp(a->human, b->human, COMMIT_ID_HEX);
	return order ? order : compare_places(a, b);
}

static int
by_human(const void *x, const void *y)
{
	const struct entry *a = *(const struct entry *const *)x;
	const struct entry *b = *(const struct entry *const *)y;
	int order = memcmp(a->human, b->human, COMMIT_ID_HEX);
	return order ? order : compare_places(a, b);
}

static int
contradiction(const struct fleet *fleet, const struct entry *a, const struct entry *b,
              struct error *err)
{
	struct str place_a = { 0 }, place_b = { 0 };

	entry_place(&place_a, &fleet->mappings[a->mapping], a);
	entry_place(&place_b, &fleet->mappings[b->mapping], b);
	error_set(err, "%s: \"%s\": human commit has parent %s here and %s at %s", str_text(&place_b),
	          b->human, b->parent, a->parent, str_text(&place_a));
	str_dispose(&place_a);
	str_dispose(&place_b);
	return -1;
}

/* One human commit must have one parent, wherever it stands. */
static int
check_humans(const struct plan *plan, struct error *err)
{
	const struct entry *const *list = plan->by_human;

	for (size_t i = 1; i < plan->n_entries; i++)
		if (strcmp(list[i - 1]->human, list[i]->human) == 0 &&
		    strcmp(list[i - 1]->parent, list[i]->parent) != 0)
			return contradiction(plan->fleet, list[i - 1], list[i], err);
	return 0;
}

/* Neighbours, in the order of their humans, tell which short names are taken twice. */
static void
mark_unique_humans(struct entry **list, size_t n)
{
	for (size_t i = 0, end; i < n; i = end) {
		end = i + 1;
		while (end < n && strncmp(list[i]->human, list[end]->human, SHORT_ALIAS) == 0)
			end++;
		bool unique = strcmp(list[i]->human, list[end - 1]->human) == 0;
		for (size_t j = i; j < end; j++)
			list[j]->human_is_unique = unique;
	}
}

static int
sort_entries(struct plan *plan, struct entries *e, struct arena *a, struct error *err)
{
	struct entry **list = arena_array(a, e->n, sizeof(struct entry *));

	qsort(e->list, e->n, sizeof(*e->list), by_parent);
	for (size_t i = 0; i < e->n; i++)
		list[i] = &e->list[i];
	qsort(list, e->n, sizeof(struct entry *), by_human);
	mark_unique_humans(list, e->n);
	plan->by_human = (const struct entry **)list;
	return check_humans(plan, err);
}

static struct image
image_of(const struct fleet *fleet, const struct entry *entries, size_t n)
{
	struct image image = {
		.entries = entries,
		.n_entries = (unsigned)n,
		.short_is_unique = true,
		.native.way = NATIVE_COMPILE,
	};

	memcpy(image.parent.hex, entries->parent, sizeof(image.parent.hex));
	memcpy(stpcpy(image.target, TARGET_PREFIX), entries->parent, COMMIT_ID_SHORT);
	image.setting = fleet_commit_setting(fleet, &image.parent);
	return image;
}

/* Neighbours, in the order of their ids, tell which short names are taken twice. */
static int
compare_neighbours(const struct plan *plan, struct image *before, struct image *image,
                   struct error *err)
{
	if (strncmp(before->parent.hex, image->parent.hex, SHORT_ALIAS) == 0)
		before->short_is_unique = image->short_is_unique = false;
	if (strcmp(before->target, image->target) != 0)
		return 0;

	struct str place = { 0 };
	entry_place(&place, &plan->fleet->mappings[image->entries->mapping], image->entries);
	error_set(err, "%s: \"%s\": begins with the same 12 digits as parent %s, and so would have its tag",
	          str_text(&place), image->parent.hex, before->parent.hex);
	str_dispose(&place);
	return -1;
}

int
plan_merge(struct plan *out, const struct fleet *fleet, struct entries *e, struct arena *a,
           struct error *err)
{
	*out = (struct plan){ .fleet = fleet, .n_entries = e->n };
	if (!e->n)
		return 0;
	if (sort_entries(out, e, a, err) < 0)
		return -1;

	size_t n = 1;
	for (size_t i = 1; i < e->n; i++)
		n += strcmp(e->list[i - 1].parent, e->list[i].parent) != 0;
	out->images = arena_array(a, n, sizeof(*out->images));

	for (size_t i = 0; i < e->n;) {
		size_t end = i + 1;
		while (end < e->n && strcmp(e->list[i].parent, e->list[end].parent) == 0)
			end++;
		struct image *image = &out->images[out->n_images++];
		*image = image_of(fleet, &e->list[i], end - i);
		if (out->n_images > 1 && compare_neighbours(out, image - 1, image, err) < 0)
			return -1;
		i = end;
	}
	return 0;
}

/* What fleet.json says failed for good, with any input or with the one that it names. */
static bool
has_failed_for_good(const struct image *image)
{
	const struct commit_setting *s = image->setting;
	const char *input = image->parts.input;

	if (!s || !s->failed_error)
		return false;
	return !s->failed_input || (input && strcmp(s->failed_input, input) == 0);
}

/* A failure of an earlier run that another try would only repeat; NULL if there is none. */
static const struct failure *
standing_failure(const struct image *image, const struct fleet *fleet)
{
	const char *input = image->parts.input ? image->parts.input : "";

	for (size_t i = 0; i < image->past.n_failures; i++)
		if (failure_holds(&image->past.failures[i], input,
		                  fleet->build.deadline_s, image_max_jobs(image, fleet)))
			return &image->past.failures[i];
	return NULL;
}

bool
image_may_be_built(const struct image *image)
{
	if (image_problem(image))
		return false;
	if (image->registry.verdict == VERDICT_PRESENT)
		return image->past.pushed_input;
	return image->registry.verdict == VERDICT_ABSENT && !has_failed_for_good(image);
}

bool
image_can_be_built(const struct image *image)
{
	return image_may_be_built(image) && image->registry.base.verdict == VERDICT_PRESENT;
}

/* Hold an image that cannot or must not be built.  Returns false if it can be. */
static bool
hold(struct image *image, const struct fleet *fleet, struct arena *a)
{
	const struct commit_setting *s = image->setting;
	const struct base *base = &image->registry.base;
	const struct failure *failure;

	if (has_failed_for_good(image)) {
		image->decided.hold = HOLD_FAILED;
		image->decided.reason = arena_printf(a, "failed for good: %s%s%s", s->failed_error,
		                                     *s->failed_reason ? ": " : "", s->failed_reason);
	} else if (image_problem(image)) {
		image->decided.hold = HOLD_SOURCE;
		image->decided.reason = image_problem(image);
	} else if (base->verdict != VERDICT_PRESENT) {
		image->decided.hold = base->verdict == VERDICT_ABSENT ? HOLD_BASE_ABSENT : HOLD_BASE_UNKNOWN;
		image->decided.reason = arena_printf(a, "base image %s: %s:%s",
		                                     verdict_name(base->verdict), base->repository,
		                                     base->tag);
	} else if ((failure = standing_failure(image, fleet))) {
		struct str text = { 0 };
		failure_describe(&text, failure);
		image->decided.hold = HOLD_FAILURE;
		image->decided.reason = arena_printf(a, "%s; gen forget %s tries again",
		                                     str_text(&text), image->target);
		str_dispose(&text);
	}
	return image->decided.hold != HOLD_NONE;
}

static void
hold_or_build(struct image *image, const char *why_build, const struct fleet *fleet, struct arena *a)
{
	if (hold(image, fleet, a)) {
		image->decided.decision = DECISION_HOLD;
		return;
	}
	image->decided.decision = DECISION_BUILD;
	image->decided.reason = why_build;
}

static const char *
with_changes(const char *reason, const struct image *image, struct arena *a)
{
	return image->past.changes ? arena_printf(a, "%s: %s", reason, image->past.changes) : reason;
}

static void
decide(struct image *image, const struct fleet *fleet, struct arena *a)
{
	const char *pushed = image->past.pushed_input, *unknown = image->registry.reason;

	switch (image->registry.verdict) {
	case VERDICT_PRESENT:
		if (pushed && image->parts.input && strcmp(pushed, image->parts.input) != 0) {
			hold_or_build(image, *pushed
				? with_changes("present, but its inputs have changed since we pushed it",
				               image, a)
				: "present, but our last push was interrupted: it is not known what it was built from", fleet, a);
			return;
		}
		image->decided.decision = DECISION_SKIP;
		image->decided.reason = "present in the registry";
		return;
	case VERDICT_UNKNOWN:
		image->decided.decision = DECISION_HOLD;
		image->decided.hold = HOLD_REGISTRY;
		image->decided.reason = unknown ? unknown : "the registry was not asked";
		return;
	case VERDICT_ABSENT:
		hold_or_build(image, image->past.changes
			? with_changes("absent from the registry; its inputs have changed since it was built", image, a)
			: "absent from the registry", fleet, a);
		return;
	}
}

void
plan_decide(struct plan *plan, struct arena *a)
{
	for (size_t i = 0; i < plan->n_images; i++)
		decide(&plan->images[i], plan->fleet, a);
}

struct plan_totals
plan_totals(const struct plan *plan)
{
	struct plan_totals t = {
		.entries = (long)plan->n_entries,
		.parents = (long)plan->n_images,
		.unmapped_tags = (long)plan->n_unmapped_tags,
		.dataset = plan->dataset ? (long)plan->dataset->n : 0,
	};

	for (size_t i = 0; i < plan->n_images; i++) {
		const struct image *image = &plan->images[i];
		t.present += image->registry.verdict == VERDICT_PRESENT;
		t.absent += image->registry.verdict == VERDICT_ABSENT;
		t.unknown += image->registry.verdict == VERDICT_UNKNOWN;
		t.skip += image->decided.decision == DECISION_SKIP;
		t.build += image->decided.decision == DECISION_BUILD;
		t.hold += image->decided.decision == DECISION_HOLD;
		t.native[image->native.way] += image->decided.decision == DECISION_BUILD;
	}
	return t;
}

/* Of several pairs with one parent the first in the data set comes first. */
static int
by_parent_then_place(const void *x, const void *y)
{
	const struct entry *a = *(const struct entry *const *)x, *b = *(const struct entry *const *)y;
	int order = strcmp(a->parent, b->parent);

	return order ? order : (a > b) - (a < b);
}

void
plan_take_dataset(struct plan *plan, const struct entries *dataset, struct arena *a)
{
	plan->dataset = dataset;
	plan->dataset_by_parent = arena_array(a, dataset->n, sizeof(struct entry *));
	for (size_t i = 0; i < dataset->n; i++)
		plan->dataset_by_parent[i] = &dataset->list[i];
	if (dataset->n)
		qsort(plan->dataset_by_parent, dataset->n, sizeof(struct entry *), by_parent_then_place);
}

const struct entry *
plan_dataset_pair(const struct plan *plan, const char *tag)
{
	const char *id = target_digits(tag);
	size_t low = 0, high = plan->dataset ? plan->dataset->n : 0;

	if (!id || strlen(id) != COMMIT_ID_SHORT)
		return NULL;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (strncmp(plan->dataset_by_parent[middle]->parent, id, COMMIT_ID_SHORT) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	if (!plan->dataset || low == plan->dataset->n)
		return NULL;
	const struct entry *pair = plan->dataset_by_parent[low];
	return strncmp(pair->parent, id, COMMIT_ID_SHORT) == 0 ? pair : NULL;
}
