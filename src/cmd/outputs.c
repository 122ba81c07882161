#include "cmd/outputs.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/commit_id.h"
#include "base/error.h"
#include "base/sink.h"
#include "base/str.h"
#include "cmd/layout.h"
#include "cmd/options.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "ninja/build_file.h"
#include "os/file.h"
#include "os/file_writer.h"
#include "os/tree.h"
#include "plan/plan.h"
#include "plan/plan_file.h"
#include "plan/plan_text.h"
#include "plan/planned_write.h"
#include "plan/recipe.h"

#define PATCHES "out/patches"
#define STAMPS "out/stamps"

struct writing {
	const struct plan *plan;
	const struct options *options;
	const struct layout *layout;
	const struct surroundings *surroundings;
	struct arena *arena;
	struct error *err;
	struct str text;	/* a buffer for short files */
};

/* Write the buffer to path, and empty it. */
static int
flush_to(struct writing *w, const char *path)
{
	int ret = file_replace(path, str_text(&w->text), w->text.len, w->err);
	str_clear(&w->text);
	return ret < 0 ? -1 : 0;
}

/* Long texts are never whole in memory. */
typedef int write_text(struct sink *out, struct writing *w);

static int
stream_to(struct writing *w, struct file_writer *file, write_text *text)
{
	struct sink out = { .take = file_writer_take, .to = file };
	int ret = text(&out, w);
	sink_dispose(&out);
	return ret;
}

static int
write_long(struct writing *w, const char *path, write_text *text)
{
	struct file_writer *file = file_writer_new(path);
	int ret = stream_to(w, file, text);

	if (ret == 0 && file_writer_end(file, w->err) < 0)
		ret = -1;
	file_writer_free(file);
	return ret;
}

/* ---- files of single images ---- */

static int
write_patches(struct writing *w, const struct image *image)
{
	for (size_t i = 0; i < image->parts.n_patches; i++) {
		const struct patch *p = &image->parts.patches[i];
		const char *path = arena_printf(w->arena, PATCHES "/%s/%s", image_id(image), p->name);
		if (file_replace(path, p->text, p->len, w->err) < 0)
			return -1;
	}
	return 0;
}

static int
by_id(const void *id, const void *image)
{
	return strcmp(id, image_id(image));
}

/* A patch that an earlier run left and that is none any more must not be applied. */
static int
remove_old_patches(struct writing *w, const struct image *image)
{
	const char *folder = arena_printf(w->arena, PATCHES "/%s", image_id(image));
	const char **names;
	size_t n;

	if (file_list(&names, &n, folder, w->arena, w->err) < 0)
		return -1;
	for (size_t i = 0, j; i < n; i++) {
		for (j = 0; j < image->parts.n_patches; j++)
			if (strcmp(image->parts.patches[j].name, names[i]) == 0)
				break;
		const char *path = arena_printf(w->arena, "%s/%s", folder, names[i]);
		if (j == image->parts.n_patches && unlink(path) < 0)
			return error_set(w->err, "%s: cannot remove it", path);
	}
	return 0;
}

/* Few images have patches: what there is of them is listed once, to ask for each is dear. */
static int
write_all_patches(struct writing *w)
{
	const struct plan *plan = w->plan;
	const char **ids;
	size_t n;

	if (file_list(&ids, &n, PATCHES, w->arena, w->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const struct image *image = bsearch(ids[i], plan->images, plan->n_images,
		                                    sizeof(*plan->images), by_id);
		if (image && image->decided.decision == DECISION_BUILD &&
		    remove_old_patches(w, image) < 0)
			return -1;
	}
	for (size_t i = 0; i < plan->n_images; i++)
		if (plan->images[i].decided.decision == DECISION_BUILD &&
		    write_patches(w, &plan->images[i]) < 0)
			return -1;
	return 0;
}

static int
by_target(const void *target, const void *image)
{
	return strcmp(target, ((const struct image *)image)->target);
}

/*
 * The registry has just said that these tags are not there: a stamp of an earlier push would
 * keep ninja from pushing it again.  The last answers may be older than the push.
 */
static int
forget_pushes(struct writing *w)
{
	const struct plan *plan = w->plan;
	const char **names;
	size_t n;

	if (w->options->offline)
		return 0;
	if (file_list(&names, &n, STAMPS, w->arena, w->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const char *dot = strrchr(names[i], '.');
		if (!dot || strcmp(dot, ".push") != 0)
			continue;
		const char *target = arena_copy(w->arena, names[i], (size_t)(dot - names[i]));
		const struct image *image = bsearch(target, plan->images, plan->n_images,
		                                    sizeof(*plan->images), by_target);
		const char *path = arena_printf(w->arena, STAMPS "/%s", names[i]);
		if (image && image->registry.verdict == VERDICT_ABSENT && unlink(path) < 0)
			return error_set(w->err, "%s: cannot remove it: %s", path, strerror(errno));
	}
	return 0;
}

/* ---- files of all images ---- */

static int
build_list_to(struct sink *out, struct writing *w)
{
	return plan_build_list(out, w->plan, w->err);
}

static int
plan_to(struct sink *out, struct writing *w)
{
	return planned_write(out, true, w->plan, w->surroundings, w->err);
}

static int
present_to(struct sink *out, struct writing *w)
{
	for (size_t i = 0; i < w->plan->n_images; i++) {
		if (w->plan->images[i].decided.decision != DECISION_SKIP)
			continue;
		str_adds(&out->text, w->plan->images[i].target);
		str_add(&out->text, '\n');
		if (sink_flow(out, w->err) < 0)
			return -1;
	}
	return sink_end(out, w->err);
}

static int
write_shared(struct writing *w)
{
	const struct fleet *fleet = w->plan->fleet;

	str_adds(&w->text, fleet->build.smoke_test);
	if (flush_to(w, "out/smoke/fleet") < 0)
		return -1;
	recipe_fleet_settings(&w->text, fleet, w->surroundings);
	if (flush_to(w, "out/settings/fleet") < 0 ||
	    write_long(w, "out/present", present_to) < 0 ||
	    write_long(w, "out/baseline_build_list.json", build_list_to) < 0 ||
	    write_long(w, PLAN_FILE, plan_to) < 0)
		return -1;
	return options_save(w->options, w->surroundings->engine, w->err);
}

/* ---- what makes gen run again ---- */

struct inputs {
	const char **list;
	size_t n;
};

static void
add_input(struct inputs *in, const char *path)
{
	in->list[in->n++] = path;
}

/* The folder too: its time tells of a patch that comes or goes. */
static int
add_folder(struct inputs *in, struct writing *w, const char *folder)
{
	const char **names;
	size_t n;

	if (file_list(&names, &n, folder, w->arena, w->err) < 0)
		return -1;
	const char **longer = arena_array(w->arena, in->n + n + 1, sizeof(*longer));
	if (in->n)
		memcpy(longer, in->list, in->n * sizeof(*longer));
	in->list = longer;
	add_input(in, folder);
	for (size_t i = 0; i < n; i++)
		add_input(in, arena_printf(w->arena, "%s/%s", folder, names[i]));
	return 0;
}

/* Whatever else lies in patches/, a README say, is not read. */
static bool
is_patch_folder(const char *name, const char *path)
{
	char hex[COMMIT_ID_HEX + 1];
	return strlen(name) == COMMIT_ID_SHORT && commit_id_parse_prefix(hex, name, NULL) == 0 &&
	       file_is_folder(path);
}

static int
list_inputs(struct inputs *in, struct writing *w)
{
	const struct fleet *fleet = w->plan->fleet;
	const struct surroundings *s = w->surroundings;
	const char **names;
	size_t n;

	in->list = arena_array(w->arena, fleet->n_mappings + 4, sizeof(*in->list));
	add_input(in, w->options->fleet_file);
	for (size_t i = 0; i < fleet->n_mappings; i++)
		add_input(in, fleet->mappings[i].file);
	if (fleet->dataset)
		add_input(in, fleet->dataset);
	add_input(in, s->dockerfile);
	if (s->context_files && add_folder(in, w, s->context_files) < 0)
		return -1;

	if (file_list(&names, &n, "patches", w->arena, w->err) < 0)
		return -1;
	for (size_t i = 0; i < n; i++) {
		const char *folder = arena_printf(w->arena, "patches/%s", names[i]);
		if (is_patch_folder(names[i], folder) && add_folder(in, w, folder) < 0)
			return -1;
	}
	const char **longer = arena_array(w->arena, in->n + 1, sizeof(*longer));
	memcpy(longer, in->list, in->n * sizeof(*longer));
	in->list = longer;
	add_input(in, "patches");
	return 0;
}

static int
build_file_to(struct sink *out, struct writing *w)
{
	struct inputs in = { 0 };

	if (list_inputs(&in, w) < 0)
		return -1;
	struct build_file_options o = {
		.surroundings = w->surroundings,
		.rules = w->layout->rules,
		.step = w->layout->step,
		.gen = w->layout->gen,
		.push = !w->options->no_push,
		.inputs = in.list,
		.n_inputs = in.n,
	};
	return build_file_write(out, w->plan, &o, w->arena, w->err);
}

int
outputs_write(const struct plan *plan, const struct options *options,
              const struct layout *layout, const struct surroundings *s, struct arena *a,
              struct error *err)
{
	struct writing w = { plan, options, layout, s, a, err, { 0 } };
	struct file_writer *build_file = file_writer_new("build.ninja");
	int ret = -1;

	/* An input of build.ninja: were the folder newer, ninja would plan again for nothing. */
	bool had_patches = file_exists("patches");
	if (tree_make("patches", err) < 0)
		goto out;
	/* First of all, so that nothing is written if it has no spelling; it takes its place last. */
	if (stream_to(&w, build_file, build_file_to) < 0) {
		if (!had_patches)
			rmdir("patches");
		goto out;
	}
	if (write_all_patches(&w) == 0 && forget_pushes(&w) == 0 && write_shared(&w) == 0 &&
	    file_writer_end(build_file, err) >= 0)
		ret = 0;
out:
	file_writer_free(build_file);
	str_dispose(&w.text);
	return ret;
}
