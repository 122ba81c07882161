#include "plan/plan_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/sink.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "fleet/preflight.h"
#include "json/doc.h"
#include "plan/plan.h"
#include "plan/recipe.h"
#include "registry/wheel.h"

#define HOUR_S 3600.0
#define SUMMARY_ROWS 40		/* more images than these are only counted */

/* ---- JSON ---- */

static void
totals_json(struct doc *d, const struct plan *plan)
{
	struct plan_totals t = plan_totals(plan);

	doc_open(d, "totals", '{');
	doc_long(d, "entries", (long)plan->n_entries);
	doc_long(d, "parents", (long)plan->n_images);
	doc_long(d, "present", (long)t.present);
	doc_long(d, "absent", (long)t.absent);
	doc_long(d, "unknown", (long)t.unknown);
	doc_long(d, "skip", (long)t.skip);
	doc_long(d, "build", (long)t.build);
	doc_long(d, "hold", (long)t.hold);
	doc_long(d, "unmapped_tags", (long)plan->n_unmapped_tags);
	for (enum native n = NATIVES; n-- > NATIVE_COMPILE;)
		doc_long(d, native_name(n), (long)t.native[n]);
	doc_long(d, "dataset", plan->dataset ? (long)plan->dataset->n : 0);
	doc_close(d, '}');
}

/* How much runs at a time. */
static void
pools_json(struct doc *d, const struct plan *plan)
{
	doc_open(d, "pools", '{');
	doc_long(d, pool_name(POOL_SOURCE), plan->fleet->pool[POOL_SOURCE]);
	doc_long(d, pool_name(POOL_CUDA), plan->cuda_depth);
	doc_string(d, "cuda_reason", plan->cuda_reason);
	doc_long(d, pool_name(POOL_LIGHT), plan->fleet->pool[POOL_LIGHT]);
	doc_long(d, pool_name(POOL_PUSH), plan->fleet->pool[POOL_PUSH]);
	doc_close(d, '}');
}

/* Entries are sorted by human: each name once. */
static void
humans_json(struct doc *d, const struct image *image)
{
	doc_open(d, "humans", '[');
	for (size_t i = 0; i < image->n_entries; i++)
		if (!i || strcmp(image->entries[i - 1].human, image->entries[i].human) != 0)
			doc_string(d, NULL, image->entries[i].human);
	doc_close(d, ']');
}

static void
mappings_json(struct doc *d, const struct image *image, const struct fleet *fleet)
{
	doc_open(d, "mapping", '[');
	for (unsigned m = 0; m <= fleet->n_mappings; m++)
		for (size_t i = 0; i < image->n_entries; i++)
			if (image->entries[i].mapping == m) {
				doc_string(d, NULL, fleet->mappings[m].name);
				break;
			}
	doc_close(d, ']');
}

/* An image's name in the registry.  Lives in scratch. */
static const char *
name_of(struct str *scratch, const char *registry, const char *repository, const char *tag)
{
	str_clear(scratch);
	str_adds(scratch, registry);
	str_add(scratch, '/');
	str_adds(scratch, repository);
	str_add(scratch, ':');
	str_adds(scratch, tag);
	return str_text(scratch);
}

static void
base_json(struct doc *d, const struct image *image, const struct surroundings *s,
          struct str *scratch)
{
	const struct base *b = &image->registry.base;

	if (!b->repository) {
		doc_string(d, "base", NULL);
		return;
	}
	doc_open(d, "base", '{');
	doc_string(d, "image", name_of(scratch, s->registry, b->repository, b->tag));
	doc_string(d, "verdict", verdict_name(b->verdict));
	doc_string(d, "digest", b->digest);
	doc_close(d, '}');
}

static void
patches_json(struct doc *d, const struct image *image)
{
	doc_open(d, "patches", '[');
	for (size_t i = 0; i < image->parts.n_patches; i++)
		doc_string(d, NULL, image->parts.patches[i].name);
	doc_close(d, ']');
}

/* How a build's native code comes about. */
static void
native_json(struct doc *d, const struct image *image)
{
	bool build = image->decided.decision == DECISION_BUILD;

	doc_string(d, "native", build ? native_name(image->native.way) : NULL);
	doc_string(d, "native_reason", build ? image->native.reason : NULL);
	doc_string(d, "native_key", image->native.key);
	doc_string(d, "objects", build ? image->native.objects : NULL);
	if (build && image->native.wheel) {
		doc_string(d, "wheel", image->native.wheel->url);
		doc_string(d, "wheel_digest", image->native.wheel->digest);
	}
}

static void
preflight_json(struct doc *d, const struct image *image)
{
	doc_open(d, "preflight", '[');
	for (size_t i = 0; i < image->parts.n_preflight; i++)
		doc_string(d, NULL, image->parts.preflight[i].text);
	doc_close(d, ']');
}

static void
image_json(struct doc *d, const struct image *image, const struct plan *plan,
           const struct surroundings *s, struct str *scratch)
{
	doc_open(d, NULL, '{');
	doc_string(d, "target", image->target);
	doc_string(d, "parent", image->parent.hex);
	humans_json(d, image);
	doc_string(d, "model", image_model(image));
	mappings_json(d, image, plan->fleet);
	doc_string(d, "image", name_of(scratch, s->registry, plan->fleet->baseline_repository,
	                               image->target));
	doc_string(d, "verdict", verdict_name(image->registry.verdict));
	doc_string(d, "digest", image->registry.digest);
	doc_string(d, "decision", decision_name(image->decided.decision));
	doc_string(d, "reason", image->decided.reason);
	doc_string(d, "hold", hold_name(image->decided.hold));
	doc_string(d, "subject", image->git.subject);
	doc_long(d, "time", (long)image->git.time_s);
	base_json(d, image, s, scratch);
	native_json(d, image);
	patches_json(d, image);
	preflight_json(d, image);
	doc_long(d, "max_jobs", image_max_jobs(image, plan->fleet));
	doc_string(d, "input", image->parts.input);
	doc_close(d, '}');
}

static void
unmapped_json(struct doc *d, const struct plan *plan)
{
	doc_open(d, "unmapped_tags", '[');
	for (size_t i = 0; i < plan->n_unmapped_tags; i++)
		doc_string(d, NULL, plan->unmapped_tags[i]);
	doc_close(d, ']');

	doc_open(d, "unmapped_pairs", '[');
	for (size_t i = 0; i < plan->n_unmapped_tags; i++) {
		const struct entry *pair = plan_dataset_pair(plan, plan->unmapped_tags[i]);
		if (!pair)
			continue;
		doc_open(d, NULL, '{');
		doc_string(d, "tag", plan->unmapped_tags[i]);
		doc_string(d, "human", pair->human);
		doc_string(d, "parent", pair->parent);
		doc_close(d, '}');
	}
	doc_close(d, ']');
}

int
plan_json(struct sink *out, const struct plan *plan, const struct surroundings *s,
          struct error *err)
{
	struct doc d = { .out = &out->text };
	struct str scratch = { 0 };
	int ret = 0;

	doc_open(&d, NULL, '{');
	doc_long(&d, "version", PLAN_VERSION);
	doc_string(&d, "fleet", plan->fleet->name);
	totals_json(&d, plan);
	pools_json(&d, plan);
	doc_open(&d, "images", '[');
	for (size_t i = 0; i < plan->n_images && ret == 0; i++) {
		image_json(&d, &plan->images[i], plan, s, &scratch);
		ret = sink_flow(out, err);
	}
	doc_close(&d, ']');
	unmapped_json(&d, plan);
	doc_close(&d, '}');
	str_dispose(&scratch);
	return ret == 0 ? sink_end(out, err) : -1;
}

static void
build_json(struct doc *d, const struct image *image, const struct fleet *fleet)
{
	char human_short[9];

	memcpy(human_short, image->entries->human, 8);
	human_short[8] = '\0';
	doc_open(d, NULL, '{');
	doc_string(d, "parent_full", image->parent.hex);
	doc_string(d, "human_short", human_short);
	doc_string(d, "human_full", image->entries->human);
	doc_string(d, "model", image_model(image));
	doc_string(d, "source", fleet->mappings[image->entries->mapping].name);
	doc_close(d, '}');
}

int
plan_build_list(struct sink *out, const struct plan *plan, struct error *err)
{
	struct doc d = { .out = &out->text };

	doc_open(&d, NULL, '[');
	for (size_t i = 0; i < plan->n_images; i++) {
		if (plan->images[i].decided.decision != DECISION_BUILD)
			continue;
		build_json(&d, &plan->images[i], plan->fleet);
		if (sink_flow(out, err) < 0)
			return -1;
	}
	doc_close(&d, ']');
	return sink_end(out, err);
}

/* ---- a page for a person ---- */

/* Text from outside goes to a terminal: no control characters. */
static void
add_clean(struct str *out, const char *text)
{
	for (const unsigned char *p = (const unsigned char *)text; *p; p++)
		str_add(out, *p < 0x20 || *p == 0x7f ? '?' : (char)*p);
}

static void
summary_head(struct str *out, const struct plan *plan)
{
	const struct fleet *fleet = plan->fleet;
	size_t *counts = NULL;
	struct arena scratch = { 0 };

	counts = arena_array(&scratch, fleet->n_mappings + 1, sizeof(*counts));
	for (size_t i = 0; i < plan->n_images; i++)
		for (size_t j = 0; j < plan->images[i].n_entries; j++)
			counts[plan->images[i].entries[j].mapping]++;

	str_addf(out, "%s: %zu entries (", fleet->name, plan->n_entries);
	for (size_t m = 0; m <= fleet->n_mappings; m++)
		if (m < fleet->n_mappings || counts[m])
			str_addf(out, "%s%s %zu", m ? ", " : "", fleet->mappings[m].name, counts[m]);
	str_addf(out, "), %zu parents", plan->n_images);
	if (plan->dataset && plan->dataset->n)
		str_addf(out, "; %zu pairs in the data set", plan->dataset->n);
	str_add(out, '\n');
	arena_dispose(&scratch);
}

static void
build_row(struct str *out, const struct image *image, const struct fleet *fleet)
{
	const char *model = image_model(image);

	str_addf(out, "    %s  human %.8s  %-7s  ", image->target, image->entries->human,
	         native_name(image->native.way));
	if (image->native.way == NATIVE_COMPILE)
		str_addf(out, "%2ld jobs  ", image_max_jobs(image, fleet));
	else
		str_adds(out, "         ");
	add_clean(out, model ? model : "-");
	for (size_t i = 0; i < image->parts.n_patches; i++)
		str_addf(out, "%s%s", i ? ", " : "  + ", image->parts.patches[i].name);
	str_add(out, '\n');
}

static void
hold_row(struct str *out, const struct image *image)
{
	str_addf(out, "    %s  ", image->target);
	add_clean(out, image->decided.reason);
	str_add(out, '\n');
}

static void
summary_rows(struct str *out, const struct plan *plan, enum decision wanted)
{
	size_t rows = 0;

	for (size_t i = 0; i < plan->n_images; i++) {
		const struct image *image = &plan->images[i];
		if (image->decided.decision != wanted || rows++ >= SUMMARY_ROWS)
			continue;
		if (wanted == DECISION_BUILD)
			build_row(out, image, plan->fleet);
		else
			hold_row(out, image);
	}
	if (rows > SUMMARY_ROWS)
		str_addf(out, "    ... and %zu more: out/plan.json has all\n", rows - SUMMARY_ROWS);
}

static void
summary_unmapped(struct str *out, const struct plan *plan)
{
	if (!plan->n_unmapped_tags)
		return;
	str_addf(out, "  %5zu tag%s in no mapping\n", plan->n_unmapped_tags,
	         plan->n_unmapped_tags == 1 ? "" : "s");
	for (size_t i = 0; i < plan->n_unmapped_tags && i < SUMMARY_ROWS; i++) {
		const struct entry *pair = plan_dataset_pair(plan, plan->unmapped_tags[i]);
		str_addf(out, "    %s", plan->unmapped_tags[i]);
		if (pair)
			str_addf(out, "  the data set knows it as the parent of %.12s", pair->human);
		str_add(out, '\n');
	}
	if (plan->n_unmapped_tags > SUMMARY_ROWS)
		str_addf(out, "    ... and %zu more: out/plan.json has all\n",
		         plan->n_unmapped_tags - SUMMARY_ROWS);
}

/* "24 reuse, 3 compile; saves about 30 compile hours" */
static void
summary_native(struct str *out, const struct plan *plan, const struct plan_totals *t)
{
	size_t saved = t->build - t->native[NATIVE_COMPILE];
	const char *comma = ": ";

	if (!plan->fleet->native.n_inputs || !t->build)
		return;
	for (enum native n = NATIVES; n-- > NATIVE_COMPILE;) {
		if (!t->native[n])
			continue;
		str_addf(out, "%s%zu %s", comma, t->native[n], native_name(n));
		comma = ", ";
	}
	double saves_s = (double)saved * plan->compile_s;
	if (saves_s >= HOUR_S)
		str_addf(out, "; saves about %.0f compile hours", saves_s / HOUR_S);
	else if (saves_s > 0)
		str_addf(out, "; saves about %.0f compile minutes", saves_s / 60);
}

static void
summary_pool(struct str *out, const struct plan *plan, const struct plan_totals *t)
{
	if (plan->cuda_reason && t->native[NATIVE_COMPILE])
		str_addf(out, "        compiled %ld at a time: %s\n", plan->cuda_depth, plan->cuda_reason);
}

void
plan_summary(struct str *out, const struct plan *plan)
{
	struct plan_totals t = plan_totals(plan);

	summary_head(out, plan);
	str_addf(out, "  %5zu present: nothing to do", t.skip);
	if (t.present > t.skip)
		str_addf(out, "; %zu more, to be made anew", t.present - t.skip);
	str_add(out, '\n');
	str_addf(out, "  %5zu to build", t.build);
	summary_native(out, plan, &t);
	str_add(out, '\n');
	summary_pool(out, plan, &t);
	summary_rows(out, plan, DECISION_BUILD);
	str_addf(out, "  %5zu held\n", t.hold);
	summary_rows(out, plan, DECISION_HOLD);
	summary_unmapped(out, plan);
}
