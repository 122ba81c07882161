#include "core/build_file.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/str.h"
#include "core/digest.h"
#include "core/edge.h"
#include "core/entry.h"
#include "core/fleet.h"
#include "core/ninja_text.h"
#include "core/plan.h"
#include "core/recipe.h"

#define SHORT_HEX 8
#define PRESENT_LIST "out/present"	/* gen writes it: what present images stand on */

struct writing {
	struct str *out;
	const struct plan *plan;
	const struct build_file_options *options;
	struct arena *arena;
	struct error *err;
};

static const char *
stamp_path(const struct writing *w, const struct image *image, const char *step)
{
	return arena_printf(w->arena, "out/stamps/%s.%s", image->target, step);
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
write_pool(struct writing *w, const char *name, long depth)
{
	str_addf(w->out, "pool %s\n  depth = %ld\n", name, depth);
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

	str_addf(w->out,
	         "# Written by gen for the fleet \"%s\": do not edit, change fleet.json or a\n"
	         "# mapping and run gen, or just ninja.\n"
	         "ninja_required_version = 1.8\n"
	         "builddir = out\n", fleet->name);
	if (write_variable(w, "rules", o->rules) < 0 || write_variable(w, "step", o->step) < 0 ||
	    write_variable(w, "gen", o->gen) < 0)
		return -1;
	str_add(w->out, '\n');
	write_pool(w, "source", fleet->pool.source);
	write_pool(w, "cuda", fleet->pool.cuda);
	write_pool(w, "light", fleet->pool.light);
	write_pool(w, "push", fleet->pool.push);
	str_add(w->out, '\n');
	return write_include(w, arena_printf(w->arena, "%s/%s.ninja", o->rules,
	                                     o->surroundings->engine));
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
write_source(struct writing *w, const struct image *image)
{
	struct edge edge = {
		.rule = "source",
		.outputs = { stamp_path(w, image, "source") },
		.variables = { { "target", image->target }, { "commit", image->parent.hex } },
	};
	return write_edge(w, &edge);
}

static int
write_patch(struct writing *w, const struct image *image)
{
	const char **patches = arena_array(w->arena, image->n_patches, sizeof(*patches));

	for (size_t i = 0; i < image->n_patches; i++)
		patches[i] = arena_printf(w->arena, "out/patches/%s/%s", image->id,
		                          image->patches[i].name);
	struct edge edge = {
		.rule = "patch",
		.outputs = { stamp_path(w, image, "patch") },
		.inputs = { stamp_path(w, image, "source") },
		.order_only = patches,
		.n_order_only = image->n_patches,
		.variables = {
			{ "target", image->target },
			{ "commit", image->parent.hex },
			{ "digest", recipe_context_digest(image, w->options->surroundings, w->arena) },
		},
	};
	return write_edge(w, &edge);
}

static int
write_image(struct writing *w, const struct image *image)
{
	/* The image that the objects come from must be there; what it is made of is no input. */
	const char *objects = image->objects
		? arena_printf(w->arena, "out/stamps/%s.image", image->objects) : NULL;
	struct edge edge = {
		.rule = "image",
		.outputs = { stamp_path(w, image, "image") },
		.inputs = { stamp_path(w, image, "patch") },
		.order_only = &objects,
		.n_order_only = image->objects ? 1 : 0,
		.pool = image->native == NATIVE_COMPILE ? "cuda" : "light",
		.variables = { { "target", image->target }, { "input", image->input } },
	};
	return write_edge(w, &edge);
}

static int
write_verify(struct writing *w, const struct image *image)
{
	const char *smoke_test = w->plan->fleet->build.smoke_test;
	struct edge edge = {
		.rule = "verify",
		.outputs = { stamp_path(w, image, "verify") },
		.inputs = { stamp_path(w, image, "image") },
		.variables = {
			{ "target", image->target },
			{ "input", digest_of(smoke_test, strlen(smoke_test), w->arena) },
		},
	};
	return write_edge(w, &edge);
}

static int
write_push(struct writing *w, const struct image *image)
{
	struct edge edge = {
		.rule = "push",
		.outputs = { stamp_path(w, image, "push") },
		.inputs = { stamp_path(w, image, "verify") },
		.variables = {
			{ "target", image->target },
			{ "input", image->input },
			{ "image", recipe_image_name(image, w->plan->fleet,
			                             w->options->surroundings, w->arena) },
		},
	};
	return write_edge(w, &edge);
}

static int
write_build(struct writing *w, const struct image *image)
{
	const char *local = arena_printf(w->arena, "local-%s", image->target);
	const char *last = w->options->push ? stamp_path(w, image, "push") : local;

	if (write_source(w, image) < 0 || write_patch(w, image) < 0 || write_image(w, image) < 0 ||
	    write_verify(w, image) < 0 ||
	    write_alias(w, local, stamp_path(w, image, "verify")) < 0)
		return -1;
	if (w->options->push && write_push(w, image) < 0)
		return -1;
	return write_alias(w, image->target, last);
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

static int
write_target(struct writing *w, const struct image *image)
{
	switch (image->decision) {
	case DECISION_BUILD:
		return write_build(w, image);
	case DECISION_HOLD:
		return write_held(w, image);
	case DECISION_SKIP:
		break;
	}
	return write_alias(w, image->target, PRESENT_LIST);
}

static int
write_images(struct writing *w)
{
	for (size_t i = 0; i < w->plan->n_images; i++) {
		const struct image *image = &w->plan->images[i];
		str_addf(w->out, "\n# %s: %s", image->target, decision_name(image->decision));
		for (size_t j = 0; j < image->n_entries; j++)
			if (!j || strcmp(image->entries[j].human, image->entries[j - 1].human) != 0)
				str_addf(w->out, "%s%.8s", j ? ", " : ", parent of ", image->entries[j].human);
		str_add(w->out, '\n');
		if (write_target(w, image) < 0)
			return -1;
		if (image->short_is_unique &&
		    write_alias(w, arena_printf(w->arena, "baseline-%.*s", SHORT_HEX, image->id),
		                image->target) < 0)
			return -1;
	}
	return 0;
}

/* A human commit and the image of its parent. */
struct human {
	const char *hex;
	const char *target;
};

static int
by_hex(const void *x, const void *y)
{
	const struct human *a = x, *b = y;
	return strcmp(a->hex, b->hex);
}

static struct human *
list_humans(const struct plan *plan, size_t *n)
{
	struct human *humans = memory_resize(NULL, plan->n_entries * sizeof(*humans));

	*n = 0;
	for (size_t i = 0; i < plan->n_images; i++)
		for (size_t j = 0; j < plan->images[i].n_entries; j++)
			humans[(*n)++] = (struct human){ plan->images[i].entries[j].human,
			                                 plan->images[i].target };
	if (*n)
		qsort(humans, *n, sizeof(*humans), by_hex);
	return humans;
}

/* human-<8 digits>, where only one human commit begins so. */
static int
write_humans(struct writing *w)
{
	size_t n;
	struct human *humans = list_humans(w->plan, &n);
	int ret = 0;

	str_adds(w->out, "\n# the same images by their human commits\n");
	for (size_t i = 0, end; i < n && ret == 0; i = end) {
		bool unique = true;
		for (end = i + 1; end < n && strncmp(humans[i].hex, humans[end].hex, SHORT_HEX) == 0; end++)
			unique = unique && strcmp(humans[i].hex, humans[end].hex) == 0;
		if (unique)
			ret = write_alias(w, arena_printf(w->arena, "human-%.*s", SHORT_HEX, humans[i].hex),
			                  humans[i].target);
	}
	free(humans);
	return ret;
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
	const struct plan *plan = w->plan;
	const char **members = arena_array(w->arena, plan->n_images, sizeof(*members));
	size_t n = 0;

	for (size_t i = 0; i < plan->n_images; i++) {
		const struct image *image = &plan->images[i];
		if (image->decision == DECISION_BUILD &&
		    (mapping == ANY_MAPPING || is_in_mapping(image, mapping)))
			members[n++] = arena_printf(w->arena, "%s%s", prefix, image->target);
	}
	struct edge edge = {
		.rule = "phony",
		.outputs = { name },
		.more_inputs = members,
		.n_more_inputs = n,
	};
	return write_edge(w, &edge);
}

static int
write_groups(struct writing *w)
{
	str_adds(w->out, "\n# groups\n");
	/* The one behind the last is that of the extra commits. */
	unsigned n = (unsigned)(w->plan->fleet->n_mappings + (w->plan->fleet->n_extra > 0));
	for (unsigned m = 0; m < n; m++)
		if (write_group(w, w->plan->fleet->mappings[m].name, "", m) < 0)
			return -1;
	if (write_group(w, "local", "local-", ANY_MAPPING) < 0 ||
	    write_group(w, "all", "", ANY_MAPPING) < 0)
		return -1;
	str_adds(w->out, "default all\n");
	return 0;
}

int
build_file_render(struct str *out, const struct plan *plan,
                  const struct build_file_options *options, struct arena *a, struct error *err)
{
	struct writing w = { out, plan, options, a, err };

	if (write_head(&w) < 0 || write_generator(&w) < 0 || write_images(&w) < 0 ||
	    write_humans(&w) < 0 || write_groups(&w) < 0)
		return error_prefix(err, "build.ninja");
	return 0;
}
