#include "cmd/commits.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"
#include "cmd/options.h"
#include "cmd/substitute.h"
#include "core/entry.h"
#include "core/fleet.h"
#include "core/plan.h"
#include "core/substitution.h"
#include "io/file.h"
#include "io/gitrepo.h"

#define PATCHES "patches"

int
commits_open(struct gitrepo **out, const struct fleet *fleet, const struct options *options,
             struct error *err)
{
	const char *path = options->repo ? options->repo : fleet->source_path;

	if (options->repo || file_exists(path))
		return gitrepo_open(out, path, err);
	if (!fleet->source_url)
		return error_set(err, "%s: /source/path: \"%s\": no clone there, and no url to make one from",
		                 options->fleet_file, path);
	if (options->offline)
		return error_set(err, "%s: no clone there, and --offline forbids to make one", path);
	fprintf(stderr, "gen: cloning %s\n", fleet->source_url);
	return gitrepo_clone(out, fleet->source_url, path, isatty(STDERR_FILENO), err);
}

static int
resolve(char hex[COMMIT_ID_HEX + 1], const struct entry *e, const struct fleet *fleet,
        struct gitrepo *g, struct error *err)
{
	struct commit_id id;

	if (strlen(hex) == COMMIT_ID_HEX)
		return 0;
	int found = gitrepo_resolve(&id, g, hex, err);
	if (found > 0) {
		memcpy(hex, id.hex, sizeof(id.hex));
		return 0;
	}
	if (found == 0)
		error_set(err, "\"%s\": no commit in the clone begins so", hex);
	struct str place = { 0 };
	entry_place(&place, &fleet->mappings[e->mapping], e);
	error_prefix(err, "%s", str_text(&place));
	str_dispose(&place);
	return -1;
}

int
commits_resolve(struct entries *e, const struct fleet *fleet, struct gitrepo *g, struct error *err)
{
	for (size_t i = 0; i < e->n; i++)
		if (resolve(e->list[i].human, &e->list[i], fleet, g, err) < 0 ||
		    resolve(e->list[i].parent, &e->list[i], fleet, g, err) < 0)
			return -1;
	return 0;
}

/* Returns 1 the clone has it, 0 it has not, -1 and err set. */
static int
has_commit(struct gitrepo *g, const char *hex, struct error *err)
{
	struct commit_id id;
	return gitrepo_resolve(&id, g, hex, err);
}

static int
has_all(const struct plan *plan, struct gitrepo *g, struct error *err)
{
	for (size_t i = 0; i < plan->n_images; i++) {
		const struct image *image = &plan->images[i];
		int found = has_commit(g, image->parent.hex, err);
		for (size_t j = 0; found > 0 && j < image->n_entries; j++)
			found = has_commit(g, image->entries[j].human, err);
		if (found <= 0)
			return found;
	}
	return 1;
}

/* Is human^1 the parent that the mapping says? */
static int
check_human(struct image *image, const struct entry *e, struct gitrepo *g, struct arena *a,
            struct error *err)
{
	struct commit_id human;
	struct commit_info info;

	int found = gitrepo_resolve(&human, g, e->human, err);
	if (found < 0)
		return -1;
	if (!found) {
		image->problem = arena_printf(a, "commit not found: human %s is not in the clone", e->human);
		return 0;
	}
	if (gitrepo_commit_info(&info, g, &human, a, err) < 0)
		return -1;
	if (!commit_id_equal(&info.first_parent, &image->parent))
		image->problem = arena_printf(a, "parent is wrong: git says that the parent of human %s is %s",
		                              e->human, *info.first_parent.hex ? info.first_parent.hex : "none");
	return 0;
}

static int
check_image(struct image *image, struct gitrepo *g, struct arena *a, struct error *err)
{
	struct commit_id id;
	struct commit_info info;

	int found = gitrepo_resolve(&id, g, image->parent.hex, err);
	if (found < 0)
		return -1;
	if (!found) {
		image->problem = "commit not found: the parent is not in the clone";
		return 0;
	}
	if (gitrepo_commit_info(&info, g, &id, a, err) < 0)
		return -1;
	memcpy(image->tree, info.tree.hex, sizeof(image->tree));
	image->time_s = info.time_s;
	image->subject = info.subject;
	for (size_t i = 0; i < image->n_entries && !image->problem; i++)
		if (check_human(image, &image->entries[i], g, a, err) < 0)
			return -1;
	return 0;
}

int
commits_check(struct plan *plan, struct gitrepo *g, bool offline, struct arena *a,
              struct error *err)
{
	int all = has_all(plan, g, err);
	if (all < 0)
		return -1;
	if (!all && !offline && plan->fleet->source_url) {
		struct error why = { 0 };
		fprintf(stderr, "gen: fetching %s: a mapped commit is not in the clone\n",
		        plan->fleet->source_url);
		if (gitrepo_fetch(g, plan->fleet->source_url, isatty(STDERR_FILENO), &why) < 0)
			fprintf(stderr, "gen: fetch failed, going on without: %s\n", why.text);
	}
	for (size_t i = 0; i < plan->n_images; i++)
		if (check_image(&plan->images[i], g, a, err) < 0)
			return -1;
	return 0;
}

/* ---- patches ---- */

/* A patch's name sorts before those that substitutions make, and is a plain word. */
static bool
is_patch_name(const char *name)
{
	static const char plain[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-";
	size_t n = strlen(name);

	return n > 8 && strspn(name, "0123456789") >= 2 && !name[strspn(name, plain)] &&
	       strcmp(name + n - 6, ".patch") == 0;
}

/* Apply one patch to *tree and remember it, or say in image->problem why not. */
static int
add_patch(struct image *image, struct tree_id *tree, struct gitrepo *g, struct patch patch,
          struct arena *a)
{
	struct error why = { 0 };

	if (gitrepo_apply_patch(tree, g, tree, patch.name, patch.text, patch.len, &why) < 0) {
		image->problem = arena_printf(a, "patch does not apply: %s", why.text);
		return 0;
	}
	image->patches[image->n_patches++] = patch;
	return 0;
}

static int
add_written_patches(struct image *image, struct tree_id *tree, const char **names, size_t n,
                    struct gitrepo *g, struct arena *a, struct error *err)
{
	for (size_t i = 0; i < n && !image->problem; i++) {
		const char *path = arena_printf(a, PATCHES "/%s/%s", image->id, names[i]);
		struct patch patch = { .name = names[i] };
		if (!is_patch_name(names[i]))
			return error_set(err, "%s: not named like 01-what.patch", path);
		if (file_read(&patch.text, &patch.len, path, 0, a, err) < 0)
			return -1;
		add_patch(image, tree, g, patch, a);
	}
	return 0;
}

static int
add_substitution(struct image *image, struct tree_id *tree, const struct substitution *s,
                 size_t number, struct gitrepo *g, struct arena *a)
{
	struct str diff = { 0 };
	struct error why = { 0 };
	bool matched;

	if (gitrepo_substitute(&diff, &matched, g, tree, s, a, &why) < 0) {
		image->problem = arena_strdup(a, why.text);
	} else if (matched) {
		struct patch patch = {
			.name = arena_printf(a, "sub-%02zu-%s.patch", number + 1, s->name),
			.text = arena_copy(a, str_text(&diff), diff.len),
			.len = diff.len,
		};
		add_patch(image, tree, g, patch, a);
	}
	str_dispose(&diff);
	return 0;
}

static int
gather_patches(struct image *image, const struct fleet *fleet, struct gitrepo *g, struct arena *a,
               struct error *err)
{
	struct tree_id tree;
	const char **names;
	size_t n;

	memcpy(tree.hex, image->tree, sizeof(tree.hex));
	if (file_list(&names, &n, arena_printf(a, PATCHES "/%s", image->id), a, err) < 0)
		return -1;
	image->patches = arena_array(a, n + fleet->n_substitutions, sizeof(*image->patches));
	if (add_written_patches(image, &tree, names, n, g, a, err) < 0)
		return -1;
	for (size_t i = 0; i < fleet->n_substitutions && !image->problem; i++)
		add_substitution(image, &tree, &fleet->substitutions[i], i, g, a);
	return 0;
}

/* ---- build arguments ---- */

/* The word behind after, on the first line that starts so; NULL if there is none. */
static const char *
word_after(const char *text, const char *after, struct arena *a)
{
	size_t len = strlen(after);
	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, after, len) == 0)
			return arena_copy(a, line + len, strcspn(line + len, " \t\r\n\"'"));
	}
	return NULL;
}

static int
tree_arg_value(const char **out, const struct tree_arg *arg, const struct image *image,
               struct gitrepo *g, struct arena *a, struct error *err)
{
	struct tree_id tree;
	memcpy(tree.hex, image->tree, sizeof(tree.hex));

	*out = NULL;
	for (size_t i = 0; i < arg->n_files && !*out; i++) {
		const char *text;
		size_t len;
		int found = gitrepo_read_file(&text, &len, g, &tree, arg->files[i], a, err);
		if (found < 0)
			return -1;
		if (found)
			*out = word_after(text, arg->after, a);
	}
	for (const unsigned char *p = (const unsigned char *)(*out ? *out : ""); *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			return error_set(err, "build argument %s of %s: \"%s\": not plain text", arg->name,
			                 image->id, *out);
	return 0;
}

static void
set_arg(struct image *image, const char *name, const char *value)
{
	size_t i = 0;
	while (i < image->n_args && strcmp(image->args[i].name, name) != 0)
		i++;
	image->args[i] = (struct name_value){ name, value };
	image->n_args += i == image->n_args;
}

static int
add_tree_args(struct image *image, const struct fleet *fleet, struct gitrepo *g, struct arena *a,
              struct error *err)
{
	const struct tree_arg *args = fleet->build.tree_args;
	const char **values = arena_array(a, fleet->build.n_tree_args, sizeof(*values));

	for (size_t i = 0; i < fleet->build.n_tree_args; i++)
		if (args[i].fallback)
			set_arg(image, args[i].name, args[i].fallback);
	for (size_t i = 0; i < fleet->build.n_tree_args; i++)
		if (tree_arg_value(&values[i], &args[i], image, g, a, err) < 0)
			return -1;
	/* From the last to the first, so that the first value found stays. */
	for (size_t i = fleet->build.n_tree_args; i-- > 0;)
		if (values[i])
			set_arg(image, args[i].name, values[i]);
	return 0;
}

static int
by_name(const void *x, const void *y)
{
	return strcmp(((const struct name_value *)x)->name, ((const struct name_value *)y)->name);
}

/* The fleet's, what the tree says, the commit's own: the later hides the earlier. */
static int
gather_args(struct image *image, const struct fleet *fleet, struct gitrepo *g, struct arena *a,
            struct error *err)
{
	const struct commit_setting *s = image->setting;
	size_t most = fleet->build.n_args + fleet->build.n_tree_args + (s ? s->n_args : 0);

	image->args = arena_array(a, most, sizeof(*image->args));
	for (size_t i = 0; i < fleet->build.n_args; i++)
		set_arg(image, fleet->build.args[i].name, fleet->build.args[i].value);
	if (add_tree_args(image, fleet, g, a, err) < 0)
		return -1;
	for (size_t i = 0; s && i < s->n_args; i++)
		set_arg(image, s->args[i].name, s->args[i].value);
	if (image->n_args)
		qsort(image->args, image->n_args, sizeof(*image->args), by_name);
	return 0;
}

int
commits_prepare(struct image *image, const struct fleet *fleet, struct gitrepo *g, struct arena *a,
                struct error *err)
{
	if (gather_patches(image, fleet, g, a, err) < 0 || gather_args(image, fleet, g, a, err) < 0)
		return -1;
	return 0;
}

/* ---- what belongs to nothing ---- */

static int
compare_image_id(const void *key, const void *image)
{
	return strncmp(key, ((const struct image *)image)->id, COMMIT_ID_SHORT);
}

static bool
has_image(const struct plan *plan, const char *prefix)
{
	return plan->n_images && strlen(prefix) >= COMMIT_ID_SHORT &&
	       bsearch(prefix, plan->images, plan->n_images, sizeof(*plan->images), compare_image_id);
}

int
commits_warn_unused(const struct plan *plan, struct error *err)
{
	struct arena scratch = { 0 };
	const char **names;
	size_t n;

	int ret = file_list(&names, &n, PATCHES, &scratch, err);
	for (size_t i = 0; ret == 0 && i < n; i++)
		if (strlen(names[i]) != COMMIT_ID_SHORT || !has_image(plan, names[i]))
			fprintf(stderr, "gen: " PATCHES "/%s: no mapped parent has these first 12 digits; not used\n",
			        names[i]);
	const struct fleet *fleet = plan->fleet;
	for (size_t i = 0; i < fleet->n_commits; i++)
		if (!has_image(plan, fleet->commits[i].prefix))
			fprintf(stderr, "gen: %s: /commits/%s: no mapped parent begins so; not used\n",
			        fleet->mappings[fleet->n_mappings].file, fleet->commits[i].prefix);
	arena_dispose(&scratch);
	return ret;
}
