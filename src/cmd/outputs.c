#include "cmd/outputs.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/sink.h"
#include "base/str.h"
#include "cmd/layout.h"
#include "cmd/options.h"
#include "cmd/recipes.h"
#include "core/build_file.h"
#include "core/commit_id.h"
#include "core/entry.h"
#include "core/fleet.h"
#include "core/plan.h"
#include "core/plan_text.h"
#include "core/recipe.h"
#include "core/recipe_book.h"
#include "io/file.h"
#include "io/file_writer.h"

/* What is written, and one buffer for all of it. */
struct writing {
	const struct plan *plan;
	const struct options *options;
	const struct layout *layout;
	const struct surroundings *surroundings;
	struct arena *arena;
	struct error *err;
	struct str text;
};

/* Write the buffer to path, and empty it. */
static int
flush_to(struct writing *w, const char *path)
{
	int ret = file_replace(path, str_text(&w->text), w->text.len, w->err);
	str_clear(&w->text);
	return ret < 0 ? -1 : 0;
}

static int
write_patches(struct writing *w, const struct image *image)
{
	for (size_t i = 0; i < image->n_patches; i++) {
		const struct patch *p = &image->patches[i];
		const char *path = arena_printf(w->arena, "out/patches/%s/%s", image->id, p->name);
		if (file_replace(path, p->text, p->len, w->err) < 0)
			return -1;
	}
	return 0;
}

/* A patch that an earlier run left and that is none any more must not be applied. */
static int
remove_old_patches(struct writing *w, const struct image *image)
{
	const char *folder = arena_printf(w->arena, "out/patches/%s", image->id);
	const char **names;
	size_t n;

	if (file_list(&names, &n, folder, w->arena, w->err) < 0)
		return -1;
	for (size_t i = 0, j; i < n; i++) {
		for (j = 0; j < image->n_patches; j++)
			if (strcmp(image->patches[j].name, names[i]) == 0)
				break;
		const char *path = arena_printf(w->arena, "%s/%s", folder, names[i]);
		if (j == image->n_patches && unlink(path) < 0)
			return error_set(w->err, "%s: cannot remove it", path);
	}
	return 0;
}

/*
 * The registry has just said that the tag is not there: a stamp of an earlier push would
 * keep ninja from pushing it again.  The last answers may be older than the push.
 */
static int
forget_push(struct writing *w, const struct image *image)
{
	if (image->verdict != VERDICT_ABSENT || w->options->offline)
		return 0;
	const char *path = arena_printf(w->arena, "out/stamps/%s.push", image->target);
	if (unlink(path) < 0 && errno != ENOENT)
		return error_set(w->err, "%s: cannot remove it: %s", path, strerror(errno));
	return 0;
}

/* All files of single images. */
static int
write_images(struct writing *w)
{
	for (size_t i = 0; i < w->plan->n_images; i++) {
		const struct image *image = &w->plan->images[i];
		if (forget_push(w, image) < 0)
			return -1;
		if (image->decision == DECISION_BUILD &&
		    (remove_old_patches(w, image) < 0 || write_patches(w, image) < 0))
			return -1;
	}
	return 0;
}

static int
write_recipes(struct writing *w)
{
	struct file_writer *file = file_writer_new(RECIPE_BOOK);
	struct sink out = { .take = file_writer_take, .to = file };

	int ret = recipe_book_write(&out, w->plan, w->surroundings, w->err);
	if (ret == 0 && file_writer_end(file, w->err) < 0)
		ret = -1;
	sink_dispose(&out);
	file_writer_free(file);
	return ret;
}

static int
write_present(struct writing *w)
{
	for (size_t i = 0; i < w->plan->n_images; i++)
		if (w->plan->images[i].decision == DECISION_SKIP)
			str_addf(&w->text, "%s\n", w->plan->images[i].target);
	return flush_to(w, "out/present");
}

static int
write_shared(struct writing *w)
{
	const struct fleet *fleet = w->plan->fleet;

	str_adds(&w->text, fleet->build.smoke_test);
	if (flush_to(w, "out/smoke/fleet") < 0)
		return -1;
	recipe_fleet_settings(&w->text, fleet, w->surroundings);
	if (flush_to(w, "out/settings/fleet") < 0)
		return -1;
	plan_build_list(&w->text, w->plan);
	if (flush_to(w, "out/baseline_build_list.json") < 0)
		return -1;
	plan_json(&w->text, w->plan, w->surroundings, w->arena);
	if (flush_to(w, "out/plan.json") < 0)
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

/* The text of build.ninja, which speaks of files that are yet to be written. */
static int
render_build_file(struct str *out, struct writing *w)
{
	struct inputs in = { 0 };

	if (list_inputs(&in, w) < 0)
		return -1;
	struct build_file_options o = {
		.surroundings = w->surroundings,
		.rules = w->layout->rules,
		.step = w->layout->step,
		.gen = w->layout->gen,
		.push = w->options->push,
		.inputs = in.list,
		.n_inputs = in.n,
	};
	return build_file_render(out, w->plan, &o, w->arena, w->err);
}

int
outputs_write(const struct plan *plan, const struct options *options,
              const struct layout *layout, const struct surroundings *s, struct arena *a,
              struct error *err)
{
	struct writing w = { plan, options, layout, s, a, err, { 0 } };
	struct str build_file = { 0 };
	int ret = -1;

	/* Rendered first, so that nothing is written if it has no spelling; written last. */
	if (render_build_file(&build_file, &w) == 0 && file_make_folders("patches", err) == 0 &&
	    write_images(&w) == 0 && write_recipes(&w) == 0 && write_present(&w) == 0 && write_shared(&w) == 0 &&
	    file_replace("build.ninja", str_text(&build_file), build_file.len, err) >= 0)
		ret = 0;
	str_dispose(&build_file);
	str_dispose(&w.text);
	return ret;
}
