#include "plan/ingredients.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/str.h"
#include "fleet/fleet.h"
#include "fleet/preflight.h"
#include "git/apply.h"
#include "git/gitrepo.h"
#include "git/substitute.h"
#include "git/substitution.h"
#include "json/values.h"
#include "os/file.h"
#include "plan/plan.h"
#include "plan/preflight_tree.h"

#define PATCHES "patches"

static struct tree_id
tree_of(const char hex[COMMIT_ID_HEX + 1])
{
	struct tree_id tree;
	memcpy(tree.hex, hex, sizeof(tree.hex));
	return tree;
}

/* ---- build arguments that the tree says ---- */

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
tree_arg_value(const char **out, const struct tree_arg *arg, const struct tree_id *tree,
               const struct ingredients *in)
{
	*out = NULL;
	for (size_t i = 0; i < arg->n_files && !*out; i++) {
		const char *text;
		size_t len;
		int found = gitrepo_read_file(&text, &len, in->git, tree, arg->files[i], in->arena, in->err);
		if (found < 0)
			return -1;
		if (found)
			*out = word_after(text, arg->after, in->arena);
	}
	for (const unsigned char *p = (const unsigned char *)(*out ? *out : ""); *p; p++)
		if (*p < 0x20 || *p > 0x7e)
			return error_set(in->err, "tree %.12s: build argument %s: \"%s\": not plain text",
			                 tree->hex, arg->name, *out);
	return 0;
}

static int
set_tree_args(struct values *v, const struct tree_id *tree, const struct ingredients *in)
{
	const struct fleet *fleet = in->plan->fleet;
	const struct tree_arg *args = fleet->build.tree_args;
	const char **values = arena_array(in->arena, fleet->build.n_tree_args, sizeof(*values));

	for (size_t i = 0; i < fleet->build.n_tree_args; i++)
		if (args[i].fallback)
			values_set(v, args[i].name, args[i].fallback);
	for (size_t i = 0; i < fleet->build.n_tree_args; i++)
		if (tree_arg_value(&values[i], &args[i], tree, in) < 0)
			return -1;
	/* From the last to the first, so that the first value found stays. */
	for (size_t i = fleet->build.n_tree_args; i-- > 0;)
		if (values[i])
			values_set(v, args[i].name, values[i]);
	return 0;
}

/* What any commit of this tree is built with; more is room for that many names. */
static int
gather_args(struct values *v, const struct tree_id *tree, size_t more, const struct ingredients *in)
{
	const struct fleet *fleet = in->plan->fleet;

	v->n = 0;
	v->list = arena_array(in->arena, fleet->build.n_args + fleet->build.n_tree_args + more,
	                      sizeof(*v->list));
	values_set_all(v, fleet->build.args, fleet->build.n_args);
	return set_tree_args(v, tree, in);
}

int
ingredients_tree_args(struct name_value **args, size_t *n, const struct tree_id *tree,
                      const struct ingredients *in)
{
	struct values v;
	if (gather_args(&v, tree, 0, in) < 0)
		return -1;
	*args = v.list;
	*n = v.n;
	return 0;
}

/* ---- known faults ---- */

static size_t
room_for_cures(const struct fleet *fleet, const struct commit_setting *s)
{
	size_t n = s ? s->n_args + s->n_env : 0;
	for (size_t i = 0; i < fleet->n_preflight; i++)
		n += fleet->preflight[i].cure.n_args + fleet->preflight[i].cure.n_env;
	return n;
}

/* Memory that one compile job needs: the most that any rule says of the tree. */
static int
gather_memory(struct image *image, const struct tree_id *tree, const struct ingredients *in)
{
	const struct fleet *fleet = in->plan->fleet;

	image->parts.gb_per_job = fleet->build.gb_per_job;
	for (size_t i = 0; i < fleet->build.n_memory_rules; i++) {
		const struct memory_rule *rule = &fleet->build.memory_rules[i];
		const char *text;
		size_t len;
		int found = gitrepo_read_file(&text, &len, in->git, tree, rule->file, in->arena, in->err);
		if (found < 0)
			return -1;
		if (found && text_contains(text, len, rule->contains) &&
		    rule->gb_per_job > image->parts.gb_per_job)
			image->parts.gb_per_job = rule->gb_per_job;
	}
	return 0;
}

static const char *
value_of(const struct name_value *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i].name, name) == 0)
			return list[i].value;
	return NULL;
}

/* Put a cure's values; *changed if any is another, and no value of the commit's own hides it. */
static void
cure_values(struct values *v, const struct name_value *cure, size_t n, const struct name_value *own,
            size_t n_own, bool *changed)
{
	for (size_t i = 0; i < n; i++) {
		const char *before = value_of(v->list, v->n, cure[i].name);
		*changed |= (!before || strcmp(before, cure[i].value) != 0) &&
		            !value_of(own, n_own, cure[i].name);
		values_set(v, cure[i].name, cure[i].value);
	}
}

static struct cure_use *
cure_use(const struct preflight_rule *rule, const struct ingredients *in)
{
	return &in->cures[rule - in->plan->fleet->preflight];
}

static void
apply_cure(struct values *args, struct values *env, const struct preflight_rule *rule,
           const struct commit_setting *s, const struct ingredients *in)
{
	static const struct commit_setting none = { 0 };
	struct cure_use *use = cure_use(rule, in);
	const struct preflight_cure *cure = &rule->cure;

	if (!s)
		s = &none;
	use->tried |= cure->n_args || cure->n_env;
	cure_values(args, cure->args, cure->n_args, s->args, s->n_args, &use->changed);
	cure_values(env, cure->env, cure->n_env, s->env, s->n_env, &use->changed);
}

/* The fleet's, what the tree says, cures, the commit's own: the later hides the earlier. */
static int
gather_image(struct image *image, struct preflight *preflight, const struct ingredients *in)
{
	const struct fleet *fleet = in->plan->fleet;
	const struct commit_setting *s = image->setting;
	struct tree_id tree = tree_of(image->git.tree);
	size_t more = room_for_cures(fleet, s);
	struct values args, env = { arena_array(in->arena, fleet->build.n_env + more,
	                                        sizeof(struct name_value)), 0 };
	struct preflight_match *matches = NULL;
	size_t n_matches = 0;

	if (gather_args(&args, &tree, more, in) < 0 || gather_memory(image, &tree, in) < 0 ||
	    preflight_ask(&matches, &n_matches, preflight, in->git, &image->parent, &tree,
	                  args.list, args.n, in->arena, in->err) < 0)
		return -1;
	image->parts.preflight = matches;
	image->parts.n_preflight = (unsigned)n_matches;
	values_set_all(&env, fleet->build.env, fleet->build.n_env);
	for (size_t i = 0; i < image->parts.n_preflight; i++)
		if (matches[i].rule->apply)
			apply_cure(&args, &env, matches[i].rule, s, in);
	if (s) {
		values_set_all(&args, s->args, s->n_args);
		values_set_all(&env, s->env, s->n_env);
	}
	values_sort(&args);
	values_sort(&env);
	image->parts.args = args.list;
	image->parts.n_args = (unsigned)args.n;
	image->parts.env = env.list;
	image->parts.n_env = (unsigned)env.n;
	return 0;
}

static void
warn_idle_rules(const struct preflight *p, const struct fleet *fleet)
{
	for (size_t i = 0; i < p->n; i++)
		if (!p->matches[i])
			fprintf(stderr, "gen: %s: /preflight/%zu: \"%s\" matches no commit of the fleet\n",
			        fleet->mappings[fleet->n_mappings].file, i, p->rules[i].name);
}

int
ingredients_gather(struct ingredients *in)
{
	const struct fleet *fleet = in->plan->fleet;
	struct preflight preflight;

	in->cures = arena_array(in->arena, fleet->n_preflight, sizeof(*in->cures));
	if (fleet->n_preflight)
		memset(in->cures, 0, fleet->n_preflight * sizeof(*in->cures));
	if (preflight_start(&preflight, in->git, fleet->preflight, fleet->n_preflight, in->arena,
	                    in->err) < 0)
		return -1;
	for (size_t i = 0; i < in->plan->n_images; i++) {
		struct image *image = &in->plan->images[i];
		/* Without rules, what nobody builds is not looked at. */
		if (*image->git.tree && (fleet->n_preflight || image_may_be_built(image)) &&
		    gather_image(image, &preflight, in) < 0)
			return -1;
	}
	warn_idle_rules(&preflight, fleet);
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

/* Apply one patch to *tree and remember it, or say in image->parts.problem why not. */
static void
add_patch(struct image *image, struct tree_id *tree, struct patch patch, const struct ingredients *in)
{
	struct error why = { 0 };
	int applied = apply_patch(tree, in->apply, tree, patch.name, patch.text, patch.len, &why);

	if (applied <= 0) {
		image->parts.problem = arena_printf(in->arena, "%s: %s", applied ? "patch cannot be checked"
		                                                  : "patch does not apply", why.text);
		return;
	}
	patch.digest = digest_of(patch.text, patch.len, in->arena);
	image->parts.patches[image->parts.n_patches++] = patch;
}

static int
add_written_patches(struct image *image, struct tree_id *tree, const char **names, size_t n,
                    const struct ingredients *in)
{
	struct arena *a = in->arena;

	for (size_t i = 0; i < n && !image->parts.problem; i++) {
		const char *path = arena_printf(a, PATCHES "/%s/%s", image_id(image), names[i]);
		struct patch patch = { .name = names[i] };
		if (!is_patch_name(names[i]))
			return error_set(in->err, "%s: not named like 01-what.patch", path);
		if (file_read(&patch.text, &patch.len, path, 0, a, in->err) < 0)
			return -1;
		add_patch(image, tree, patch, in);
	}
	return 0;
}

/* It changed the tree, or not: that counts for the rules whose cure it is. */
static void
note_substitution(const struct image *image, const struct substitution *s, bool changed,
                  const struct ingredients *in)
{
	for (size_t i = 0; i < image->parts.n_preflight; i++) {
		const struct preflight_rule *rule = image->parts.preflight[i].rule;
		if (!rule->apply || rule->cure.substitution != s)
			continue;
		cure_use(rule, in)->tried = true;
		cure_use(rule, in)->changed |= changed;
	}
}

static void
add_substitution(struct image *image, struct tree_id *tree, const struct substitution *s,
                 size_t number, const struct ingredients *in)
{
	struct arena *a = in->arena;
	struct str diff = { 0 };
	struct error why = { 0 };
	bool matched = false;

	if (gitrepo_substitute(&diff, &matched, in->git, tree, s, a, &why) < 0) {
		image->parts.problem = arena_strdup(a, why.text);
	} else if (matched) {
		struct patch patch = {
			.name = arena_printf(a, "sub-%02zu-%s.patch", number + 1, s->name),
			.text = arena_copy(a, str_text(&diff), diff.len),
			.len = diff.len,
		};
		add_patch(image, tree, patch, in);
	}
	note_substitution(image, s, matched && !image->parts.problem, in);
	str_dispose(&diff);
}

/* A cure's substitution is for those commits that its rule matches. */
static bool
is_wanted(const struct image *image, const struct substitution *s, const struct fleet *fleet)
{
	bool is_cure = false;

	for (size_t i = 0; i < fleet->n_preflight; i++)
		is_cure = is_cure || fleet->preflight[i].cure.substitution == s;
	for (size_t i = 0; i < image->parts.n_preflight; i++) {
		const struct preflight_rule *rule = image->parts.preflight[i].rule;
		if (rule->apply && rule->cure.substitution == s)
			return true;
	}
	return !is_cure;
}

static int
add_cure_patches(struct image *image, struct tree_id *tree, const struct ingredients *in)
{
	for (size_t i = 0; i < image->parts.n_preflight && !image->parts.problem; i++) {
		const struct preflight_rule *rule = image->parts.preflight[i].rule;
		struct patch patch = { 0 };
		if (!rule->apply || !rule->cure.patch)
			continue;
		cure_use(rule, in)->tried = cure_use(rule, in)->changed = true;
		patch.name = arena_printf(in->arena, "cure-%02zu.patch", i + 1);
		if (file_read(&patch.text, &patch.len, rule->cure.patch, 0, in->arena, in->err) < 0)
			return -1;
		add_patch(image, tree, patch, in);
	}
	return 0;
}

/* What is in patches/, sorted.  Listed once: few images have a folder there, to try each is dear. */
struct folders {
	const char **list;
	size_t n;
};

static int
by_text(const void *key, const void *name)
{
	return strcmp(key, *(const char *const *)name);
}

/* The names of an image's patches. */
static int
list_patches(const char ***names, size_t *n, const struct image *image, const struct folders *folders,
             const struct ingredients *in)
{
	*n = 0;
	if (!folders->n ||
	    !bsearch(image_id(image), folders->list, folders->n, sizeof(*folders->list), by_text))
		return 0;
	return file_list(names, n, arena_printf(in->arena, PATCHES "/%s", image_id(image)), in->arena,
	                 in->err);
}

/* Written patches, cures, substitutions: the order of their names too. */
static int
patch_image(struct image *image, const struct folders *folders, const struct ingredients *in)
{
	const struct fleet *fleet = in->plan->fleet;
	struct tree_id tree = tree_of(image->git.tree);
	const char **names = NULL;
	size_t n;

	if (list_patches(&names, &n, image, folders, in) < 0)
		return -1;
	image->parts.patches = arena_array(in->arena, n + image->parts.n_preflight + fleet->n_substitutions,
	                                   sizeof(*image->parts.patches));
	if (add_written_patches(image, &tree, names, n, in) < 0 ||
	    add_cure_patches(image, &tree, in) < 0)
		return -1;
	for (size_t i = 0; i < fleet->n_substitutions && !image->parts.problem; i++)
		if (is_wanted(image, &fleet->substitutions[i], fleet))
			add_substitution(image, &tree, &fleet->substitutions[i], i, in);
	if (image->parts.n_patches)
		image->parts.patched_tree = arena_copy(in->arena, tree.hex, COMMIT_ID_HEX);
	return 0;
}

static void
warn_idle_cures(const struct ingredients *in)
{
	const struct fleet *fleet = in->plan->fleet;

	for (size_t i = 0; i < fleet->n_preflight; i++)
		if (in->cures[i].tried && !in->cures[i].changed)
			fprintf(stderr, "gen: %s: /preflight/%zu: the cure of \"%s\" changes nothing\n",
			        fleet->mappings[fleet->n_mappings].file, i, fleet->preflight[i].name);
}

int
ingredients_patch(struct ingredients *in)
{
	struct folders folders;

	if (file_list(&folders.list, &folders.n, PATCHES, in->arena, in->err) < 0)
		return -1;
	for (size_t i = 0; i < in->plan->n_images; i++)
		if (image_may_be_built(&in->plan->images[i]) &&
		    patch_image(&in->plan->images[i], &folders, in) < 0)
			return -1;
	warn_idle_cures(in);
	return 0;
}
