#include "ninja/build_file.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/sink.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "fleet/target.h"
#include "ninja/edge.h"
#include "ninja/ninja_text.h"
#include "plan/plan.h"
#include "plan/recipe.h"
#include "record/steps.h"

#define SHORT_HEX 8
#define PRESENT_LIST "out/present"	/* gen writes it: what present images stand on */
#define NAME_SIZE 64			/* for a target of 21 bytes and what stands around it */
#define STAMPS "out/stamps/"
#define GROUP_LEVELS 5
#define GROUP_MOST 100			/* ninja looks through all of a group for each one that ends */

struct writing {
	struct sink *sink;
	struct str *out;		/* the sink's */
	const struct plan *plan;
	const struct build_file_options *options;
	struct str scratch;
	struct arena *arena;
	struct error *err;
};

/* What the statements of one image name. */
struct names {
	char stamp[STEPS][NAME_SIZE];
	char local[NAME_SIZE], brief[NAME_SIZE];
};

static void
join(char out[NAME_SIZE], const char *before, const char *after)
{
	assert(strlen(before) + strlen(after) < NAME_SIZE);
	stpcpy(stpcpy(out, before), after);
}

static void
name_stamp(char out[NAME_SIZE], const char *target, enum step step)
{
	assert(strlen(STAMPS) + strlen(target) + 1 + strlen(step_name(step)) < NAME_SIZE);
	stpcpy(stpcpy(stpcpy(stpcpy(out, STAMPS), target), "."), step_name(step));
}

static void
name_all(struct names *n, const char *target)
{
	for (unsigned i = 0; i < STEPS; i++)
		name_stamp(n->stamp[i], target, (enum step)i);
	join(n->local, TARGET_LOCAL, target);
	join(n->brief, target, "");
	n->brief[strlen(TARGET_PREFIX) + SHORT_HEX] = '\0';
}

static int
write_variable(struct writing *w, const char *name, const char *value)
{
	str_addf(w->out, "%s = ", name);
	if (ninja_add_value(w->out, value, w->err) < 0)
		return error_prefix(w->err, "%s", name);
	str_add(w->out, '\n');
	return 0;
}

static void
write_pools(struct writing *w)
{
	for (unsigned p = 0; p < POOLS; p++) {
		long depth = p == POOL_CUDA ? w->plan->cuda_depth : w->plan->fleet->pool[p];
		str_addf(w->out, "pool %s\n  depth = %ld\n", pool_name((enum pool)p), depth ? depth : 1);
	}
}

static int
write_include(struct writing *w, const char *path)
{
	str_adds(w->out, "include ");
	if (ninja_add_path(w->out, path, w->err) < 0)
		return -1;
	str_add(w->out, '\n');
	return 0;
}

static int
write_head(struct writing *w)
{
	const struct fleet *fleet = w->plan->fleet;
	const struct build_file_options *o = w->options;
	const char *smoke = fleet->build.smoke_test;

	str_addf(w->out,
	         "# Written by gen for the fleet \"%s\": do not edit, change fleet.json or a\n"
	         "# mapping and run gen, or just ninja.\n"
	         "ninja_required_version = 1.8\n"
	         "builddir = out\n", fleet->name);
	if (write_variable(w, "rules", o->rules) < 0 || write_variable(w, "step", o->step) < 0 ||
	    write_variable(w, "gen", o->gen) < 0 ||
	    write_variable(w, "repository", recipe_repository(fleet, o->surroundings, w->arena)) < 0 ||
	    write_variable(w, "smoke", digest_of(smoke, strlen(smoke), w->arena)) < 0)
		return -1;
	str_add(w->out, '\n');
	write_pools(w);
	str_add(w->out, '\n');
	return write_include(w, arena_printf(w->arena, "%s/%s.ninja", o->rules,
	                                     engine_name(o->surroundings->engine)));
}

static int
write_edge(struct writing *w, const struct edge *edge)
{
	return edge_write(w->out, edge, w->err);
}

/* The edge that remakes the build file when something that it was made from changes. */
static int
write_generator(struct writing *w)
{
	struct edge edge = {
		.rule = "gen",
		.outputs = { "build.ninja" },
		.implicit = w->options->inputs,
		.n_implicit = w->options->n_inputs,
	};
	return write_edge(w, &edge);
}

/* name: phony over one input. */
static int
write_alias(struct writing *w, const char *name, const char *input)
{
	struct edge edge = { .rule = "phony", .outputs = { name }, .inputs = { input } };
	return write_edge(w, &edge);
}

static int
write_source(struct writing *w, const struct image *image, const struct names *names)
{
	struct edge edge = {
		.rule = step_name(STEP_SOURCE),
		.outputs = { names->stamp[STEP_SOURCE] },
		.variables = { { "target", image->target }, { "commit", image->parent.hex } },
	};
	return write_edge(w, &edge);
}

static int
write_patch(struct writing *w, const struct image *image, const struct names *names)
{
	const char **patches = arena_array(w->arena, image->parts.n_patches, sizeof(*patches));
	char context[DIGEST_SIZE];

	for (size_t i = 0; i < image->parts.n_patches; i++)
		patches[i] = arena_printf(w->arena, "out/patches/%s/%s", image_id(image),
		                          image->parts.patches[i].name);
	recipe_context(context, image, w->options->surroundings, &w->scratch);
	struct edge edge = {
		.rule = step_name(STEP_PATCH),
		.outputs = { names->stamp[STEP_PATCH] },
		.inputs = { names->stamp[STEP_SOURCE] },
		.order_only = patches,
		.n_order_only = image->parts.n_patches,
		.variables = { { "target", image->target }, { "digest", context } },
	};
	return write_edge(w, &edge);
}

static int
write_image(struct writing *w, const struct image *image, const struct names *names)
{
	/* The image that the objects come from must be there; what it is made of is no input. */
	const char *objects = image->native.objects
		? step_stamp_path(image->native.objects, STEP_IMAGE, w->arena) : NULL;
	struct edge edge = {
		.rule = step_name(STEP_IMAGE),
		.outputs = { names->stamp[STEP_IMAGE] },
		.inputs = { names->stamp[STEP_PATCH] },
		.order_only = &objects,
		.n_order_only = image->native.objects ? 1 : 0,
		.pool = pool_name(image->native.way == NATIVE_COMPILE ? POOL_CUDA : POOL_LIGHT),
		.variables = { { "target", image->target }, { "input", image->parts.input } },
	};
	return write_edge(w, &edge);
}

static int
write_verify(struct writing *w, const struct image *image, const struct names *names)
{
	struct edge edge = {
		.rule = step_name(STEP_VERIFY),
		.outputs = { names->stamp[STEP_VERIFY] },
		.inputs = { names->stamp[STEP_IMAGE] },
		.variables = { { "target", image->target } },
	};
	return write_edge(w, &edge);
}

static int
write_push(struct writing *w, const struct image *image, const struct names *names)
{
	struct edge edge = {
		.rule = step_name(STEP_PUSH),
		.outputs = { names->stamp[STEP_PUSH] },
		.inputs = { names->stamp[STEP_VERIFY] },
		.variables = { { "target", image->target }, { "input", image->parts.input } },
	};
	return write_edge(w, &edge);
}

/* The steps; *last is what the image's target stands for. */
static int
write_build(const char **last, struct writing *w, const struct image *image,
            const struct names *names)
{
	*last = w->options->push ? names->stamp[STEP_PUSH] : names->stamp[STEP_VERIFY];
	if (write_source(w, image, names) < 0 || write_patch(w, image, names) < 0 ||
	    write_image(w, image, names) < 0 || write_verify(w, image, names) < 0 ||
	    write_alias(w, names->local, names->stamp[STEP_VERIFY]) < 0)
		return -1;
	return w->options->push ? write_push(w, image, names) : 0;
}

static int
write_held(struct writing *w, const struct image *image)
{
	struct edge edge = {
		.rule = "held",
		.outputs = { image->target },
		.variables = { { "target", image->target } },
	};
	return write_edge(w, &edge);
}

/* ---- names ---- */

/*
 * The names of an image, in one statement if there is room, since statements cost: its target,
 * unless that has a statement of its own; its first 8 digits and human-<8 digits>, where no
 * other begins so.
 */
static int
write_names(struct writing *w, const struct image *image, const struct names *names,
            const char *input, bool with_target)
{
	char humans[EDGE_PATHS][NAME_SIZE];
	struct edge edge = { .rule = "phony", .inputs = { input } };
	unsigned n = 0;

	if (with_target)
		edge.outputs[n++] = image->target;
	if (image->short_is_unique)
		edge.outputs[n++] = names->brief;
	for (size_t i = 0; i < image->n_entries; i++) {
		if (!image_entry_is_first(image, i) || !image->entries[i].human_is_unique)
			continue;
		if (n == EDGE_PATHS) {
			if (write_edge(w, &edge) < 0)
				return -1;
			n = 0;
			memset(edge.outputs, 0, sizeof(edge.outputs));
		}
		join(humans[n], TARGET_HUMAN, image->entries[i].human);
		humans[n][strlen(TARGET_HUMAN) + SHORT_HEX] = '\0';
		edge.outputs[n] = humans[n];
		n++;
	}
	return n ? write_edge(w, &edge) : 0;
}

static int
write_target(struct writing *w, const struct image *image)
{
	struct names names;
	const char *last = PRESENT_LIST;
	bool held = image->decided.decision == DECISION_HOLD;

	name_all(&names, image->target);
	if (image->decided.decision == DECISION_BUILD && write_build(&last, w, image, &names) < 0)
		return -1;
	if (held && write_held(w, image) < 0)
		return -1;
	return write_names(w, image, &names, held ? image->target : last, !held);
}

/* "# baseline-...: build, parent of 0a631abb" */
static void
write_comment(struct writing *w, const struct image *image)
{
	str_adds(w->out, "\n# ");
	str_adds(w->out, image->target);
	str_adds(w->out, ": ");
	str_adds(w->out, decision_name(image->decided.decision));
	for (size_t i = 0; i < image->n_entries; i++) {
		if (!image_entry_is_first(image, i))
			continue;
		str_adds(w->out, i ? ", " : ", parent of ");
		str_add_bytes(w->out, image->entries[i].human, SHORT_HEX);
	}
	str_add(w->out, '\n');
}

static int
write_images(struct writing *w)
{
	for (size_t i = 0; i < w->plan->n_images; i++) {
		const struct image *image = w->plan->order ? w->plan->order[i] : &w->plan->images[i];
		write_comment(w, image);
		if (write_target(w, image) < 0 || sink_flow(w->sink, w->err) < 0)
			return -1;
	}
	return 0;
}

/* ---- groups ---- */

/*
 * A group that is written while its members come.  Level 0 has members; each level above, the
 * groups of GROUP_MOST that the one below came to.  So a group of many is a tree.
 */
struct group {
	const char *name;
	char members[GROUP_MOST][NAME_SIZE];
	struct {
		const char *list[GROUP_MOST];
		size_t n;
		size_t passed_up;
	} levels[GROUP_LEVELS];
};

static int
write_members(struct writing *w, const char *name, struct group *g, unsigned level)
{
	struct edge edge = {
		.rule = "phony",
		.outputs = { name },
		.more_inputs = g->levels[level].list,
		.n_more_inputs = g->levels[level].n,
	};
	g->levels[level].n = 0;
	return write_edge(w, &edge);
}

static int group_add(struct writing *w, struct group *g, unsigned level, const char *name);

/* What is in a level becomes a group, which is a member of the level above. */
static int
pass_up(struct writing *w, struct group *g, unsigned level)
{
	const char *name = arena_printf(w->arena, "out/groups/%s.%u.%zu", g->name, level,
	                                g->levels[level].passed_up++);

	return write_members(w, name, g, level) < 0 ? -1 : group_add(w, g, level + 1, name);
}

static int
group_add(struct writing *w, struct group *g, unsigned level, const char *name)
{
	assert(level < GROUP_LEVELS);
	if (g->levels[level].n == GROUP_MOST && pass_up(w, g, level) < 0)
		return -1;
	g->levels[level].list[g->levels[level].n++] = name;
	return 0;
}

/* Passed up until one level has all. */
static int
group_end(struct writing *w, struct group *g)
{
	unsigned level = 0;

	for (; g->levels[level].passed_up; level++)
		if (pass_up(w, g, level) < 0)
			return -1;
	return write_members(w, g->name, g, level);
}

static bool
is_in_mapping(const struct image *image, unsigned mapping)
{
	for (size_t i = 0; i < image->n_entries; i++)
		if (image->entries[i].mapping == mapping)
			return true;
	return false;
}

/* Which images a group holds: all that are built, or those of one mapping. */
#define ANY_MAPPING ((unsigned)-1)

static int
write_group(struct writing *w, const char *name, const char *prefix, unsigned mapping)
{
	struct group g = { .name = name };

	for (size_t i = 0; i < w->plan->n_images; i++) {
		const struct image *image = &w->plan->images[i];
		if (image->decided.decision != DECISION_BUILD ||
		    (mapping != ANY_MAPPING && !is_in_mapping(image, mapping)))
			continue;
		if (g.levels[0].n == GROUP_MOST && pass_up(w, &g, 0) < 0)
			return -1;
		char *member = g.members[g.levels[0].n];
		join(member, prefix, image->target);
		if (group_add(w, &g, 0, member) < 0 || sink_flow(w->sink, w->err) < 0)
			return -1;
	}
	return group_end(w, &g);
}

/* Each mapping's images, and all: each image is in some mapping. */
static int
write_groups(struct writing *w)
{
	const struct fleet *fleet = w->plan->fleet;
	/* The one behind the last is that of the extra commits. */
	unsigned n = (unsigned)(fleet->n_mappings + (fleet->n_extra > 0));
	const char **names = arena_array(w->arena, n, sizeof(*names));

	str_adds(w->out, "\n# groups\n");
	for (unsigned m = 0; m < n; m++) {
		names[m] = fleet->mappings[m].name;
		if (write_group(w, names[m], "", m) < 0)
			return -1;
	}
	struct edge all = {
		.rule = "phony",
		.outputs = { "all" },
		.more_inputs = names,
		.n_more_inputs = n,
	};
	if (write_group(w, "local", TARGET_LOCAL, ANY_MAPPING) < 0 || write_edge(w, &all) < 0)
		return -1;
	str_adds(w->out, "default all\n");
	return 0;
}

int
build_file_write(struct sink *out, const struct plan *plan,
                 const struct build_file_options *options, struct arena *a, struct error *err)
{
	struct writing w = { .sink = out, .out = &out->text, .plan = plan, .options = options,
	                     .arena = a, .err = err };

	int ret = write_head(&w);
	if (ret == 0)
		ret = write_generator(&w);
	if (ret == 0)
		ret = write_images(&w);
	if (ret == 0)
		ret = write_groups(&w);
	if (ret == 0)
		ret = sink_end(out, err);
	str_dispose(&w.scratch);
	return ret < 0 ? error_prefix(err, "build.ninja") : 0;
}
