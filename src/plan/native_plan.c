#include "plan/native_plan.h"

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "fleet/fleet.h"
#include "fleet/native_key.h"
#include "git/gitrepo.h"
#include "json/pairs.h"
#include "os/file.h"
#include "plan/ingredients.h"
#include "plan/native.h"
#include "plan/native_facts.h"
#include "plan/plan.h"
#include "registry/wheel.h"
#include "registry/wheels.h"

#define WHEEL_ANSWERS "out/wheels"
#define WHEEL_S 60	/* to ask for all of them */

/* What decides the objects of any commit with this tree, as it is. */
static int
tree_facts(struct native_facts *out, const struct tree_id *tree, const struct ingredients *in)
{
	struct name_value *args;
	size_t n;

	if (ingredients_tree_args(&args, &n, tree, in) < 0)
		return -1;
	return native_facts_gather(out, in->git, tree, &in->plan->fleet->native, args, n, in->arena,
	                           in->err);
}

/* What decides the objects in the base: the human commit's tree. */
static int
base_facts(struct native_facts *out, const struct image *image, const struct ingredients *in)
{
	struct commit_id human;
	struct commit_info info;

	if (commit_id_parse(&human, image->registry.base.tag, in->err) < 0 ||
	    gitrepo_commit_info(&info, in->git, &human, in->arena, in->err) < 0)
		return -1;
	return tree_facts(out, &info.tree, in);
}

/* ---- claims that were lost ---- */

/* Is what was lost what the plan would claim again?  The registry's name may be another one. */
static bool
is_same_source(const char *from, enum native way, const struct image *image)
{
	const char *digest = strchr(from, '@'), *base = image->registry.base.digest;

	return way != NATIVE_REUSE || (digest && base && strcmp(digest + 1, base) == 0);
}

/* What an earlier build found not to be so: out/native/TARGET (rules/native.sh). */
static int
read_lost(struct native_choice *c, const struct image *image, const struct ingredients *in)
{
	const char *path = arena_printf(in->arena, "out/native/%s", image->target);
	struct pairs s = { 0 };
	const char *text;
	size_t len;

	int there = file_read_if_there(&text, &len, path, 0, in->arena, in->err);
	if (there > 0)
		there = pairs_parse(&s, text, len, path, in->arena, in->err) < 0 ? -1 : 1;
	const char *lost = pairs_get(&s, "lost"), *from = pairs_get(&s, "from");
	enum native way = native_parse(pairs_get(&s, "native"));
	if (lost && from && way != NATIVE_UNKNOWN && is_same_source(from, way, image)) {
		c->lost = lost;
		c->lost_way = way;
		c->lost_from = from;
	}
	pairs_dispose(&s);
	return there < 0 ? -1 : 0;
}

/* ---- choices ---- */

static int
make_choice(struct native_choice *c, struct image *image, const struct native_plan *how)
{
	const struct ingredients *in = how->in;
	const struct native_rules *rules = &in->plan->fleet->native;
	struct native_facts own = { 0 }, base = { 0 };
	struct str differs = { 0 };
	struct tree_id tree;

	const char *patched = image->parts.patched_tree;
	memcpy(tree.hex, patched ? patched : image->git.tree, sizeof(tree.hex));
	if (native_facts_gather(&own, in->git, &tree, rules, image->parts.args, image->parts.n_args, in->arena,
	                        in->err) < 0 ||
	    base_facts(&base, image, in) < 0 || read_lost(c, image, in) < 0)
		return -1;
	native_facts_differ(&differs, &own, &base);
	c->target = image->target;
	c->key = image->native.key = native_key(&own, in->arena);
	c->base = arena_printf(in->arena, "human %.8s", image->registry.base.tag);
	c->base_key = native_key(&base, in->arena);
	c->differs = arena_strdup(in->arena, str_text(&differs));
	c->forced = how->compile_all || (image->setting && image->setting->compile);
	str_dispose(&differs);
	return 0;
}

/* ---- wheels ---- */

struct wanted {
	struct wheel *wheels;
	struct native_choice **choices;
	struct image **images;
	size_t n;
};

/* A wheel is of the commit as it is: no patch and no argument of its own may count. */
static int
is_plain(const struct native_choice *c, const struct image *image, const struct ingredients *in)
{
	struct native_facts plain = { 0 };
	struct tree_id tree;

	memcpy(tree.hex, image->git.tree, sizeof(tree.hex));
	if (tree_facts(&plain, &tree, in) < 0)
		return -1;
	return strcmp(native_key(&plain, in->arena), c->key) == 0;
}

/* Those that would be compiled, if there is no wheel. */
static int
list_wanted(struct wanted *out, struct native_choice *choices, struct image **images, size_t n,
            const struct ingredients *in)
{
	const char *template = in->plan->fleet->wheel;

	*out = (struct wanted){
		.wheels = arena_array(in->arena, n, sizeof(*out->wheels)),
		.choices = arena_array(in->arena, n, sizeof(*out->choices)),
		.images = arena_array(in->arena, n, sizeof(*out->images)),
	};
	for (size_t i = 0; template && i < n; i++) {
		struct native_choice *c = &choices[i];
		if (c->native != NATIVE_COMPILE || c->forced)
			continue;
		const char *url = wheel_url(template, &images[i]->parent, in->arena);
		int plain = is_plain(c, images[i], in);
		if (plain < 0)
			return -1;
		if (!plain || (c->lost && c->lost_way == NATIVE_WHEEL && strcmp(c->lost_from, url) == 0))
			continue;
		out->wheels[out->n] = (struct wheel){ .url = url };
		out->choices[out->n] = c;
		out->images[out->n++] = images[i];
	}
	return 0;
}

static int
ask(struct wanted *w, const struct native_plan *how)
{
	const struct ingredients *in = how->in;
	const char *old = "";
	size_t len;

	if (file_read_if_there(&old, &len, WHEEL_ANSWERS, 0, in->arena, in->err) < 0)
		return -1;
	if (how->offline) {
		wheels_recall(w->wheels, w->n, old, in->arena);
		return 0;
	}
	double deadline_s = (double)(how->timeout_s ? how->timeout_s : WHEEL_S);
	if (wheels_ask(w->wheels, w->n, deadline_s, in->arena, in->err) < 0)
		return -1;
	if (!how->keep)
		return 0;
	struct str text = { 0 };
	wheels_render(&text, w->wheels, w->n, old, in->arena);
	int ret = file_replace(WHEEL_ANSWERS, str_text(&text), text.len, in->err);
	str_dispose(&text);
	return ret < 0 ? -1 : 0;
}

static void
warn_unknown(const struct wanted *w)
{
	const struct wheel *first = NULL;
	size_t unknown = 0;

	for (size_t i = 0; i < w->n; i++) {
		if (w->wheels[i].verdict != VERDICT_UNKNOWN)
			continue;
		unknown++;
		if (!first)
			first = &w->wheels[i];
	}
	if (unknown == 1)
		fprintf(stderr, "gen: %s: cannot tell whether it exists (%s); it counts as missing\n",
		        first->url, first->reason);
	else if (unknown)
		fprintf(stderr, "gen: cannot tell whether %zu wheels exist; they count as missing; one of them:\n"
		        "gen: %s: %s\n", unknown, first->url, first->reason);
}

/* Those that are there, in the choices. */
static int
find_wheels(struct native_choice *choices, struct image **images, size_t n,
            const struct native_plan *how)
{
	struct wanted w;

	if (list_wanted(&w, choices, images, n, how->in) < 0)
		return -1;
	if (!w.n)
		return 0;
	if (ask(&w, how) < 0)
		return -1;
	warn_unknown(&w);
	for (size_t i = 0; i < w.n; i++) {
		w.choices[i]->wheel = w.wheels[i].verdict;
		w.images[i]->native.wheel = &w.wheels[i];
	}
	native_decide(choices, n, how->in->arena);
	return 0;
}

int
native_plan(const struct native_plan *how)
{
	struct plan *plan = how->in->plan;
	struct native_choice *choices;
	struct image **images;
	size_t n = 0;

	if (!plan->fleet->native.n_inputs)
		return 0;
	choices = arena_array(how->in->arena, plan->n_images, sizeof(*choices));
	images = arena_array(how->in->arena, plan->n_images, sizeof(struct image *));
	for (size_t i = 0; i < plan->n_images; i++) {
		if (plan->images[i].decided.decision != DECISION_BUILD)
			continue;
		images[n] = &plan->images[i];
		if (make_choice(&choices[n++], &plan->images[i], how) < 0)
			return -1;
	}
	native_decide(choices, n, how->in->arena);
	if (find_wheels(choices, images, n, how) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		images[i]->native.way = choices[i].native;
		images[i]->native.reason = choices[i].reason;
		images[i]->native.objects = choices[i].with ? choices[i].with->target : NULL;
		if (choices[i].native != NATIVE_WHEEL)
			images[i]->native.wheel = NULL;
	}
	return 0;
}
