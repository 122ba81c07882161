#include "plan/plan_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/sink.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "json/doc.h"
#include "plan/plan.h"

#define HOUR_S 3600.0
#define SUMMARY_ROWS 40		/* more images than these are only counted */

/* ---- for build scripts ---- */

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
	long saved = t->build - t->native[NATIVE_COMPILE];
	const char *comma = ": ";

	if (!plan->fleet->native.n_inputs || !t->build)
		return;
	for (enum native n = NATIVES; n-- > NATIVE_COMPILE;) {
		if (!t->native[n])
			continue;
		str_addf(out, "%s%ld %s", comma, t->native[n], native_name(n));
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
	str_addf(out, "  %5ld present: nothing to do", t.skip);
	if (t.present > t.skip)
		str_addf(out, "; %ld more are built again", t.present - t.skip);
	str_add(out, '\n');
	str_addf(out, "  %5ld to build", t.build);
	summary_native(out, plan, &t);
	str_add(out, '\n');
	summary_pool(out, plan, &t);
	summary_rows(out, plan, DECISION_BUILD);
	str_addf(out, "  %5ld held\n", t.hold);
	summary_rows(out, plan, DECISION_HOLD);
	summary_unmapped(out, plan);
}
