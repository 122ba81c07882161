#include "cmd/cmd_generate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/error.h"
#include "base/memory.h"
#include "base/program.h"
#include "base/sink.h"
#include "cmd/commands.h"
#include "cmd/engine_choice.h"
#include "cmd/layout.h"
#include "cmd/options.h"
#include "cmd/outputs.h"
#include "cmd/print.h"
#include "fleet/load.h"
#include "git/apply.h"
#include "git/gitrepo.h"
#include "json/pairs.h"
#include "os/claim.h"
#include "os/file.h"
#include "os/lock.h"
#include "plan/changes.h"
#include "plan/commits.h"
#include "plan/ingredients.h"
#include "plan/native_plan.h"
#include "plan/plan.h"
#include "plan/plan_text.h"
#include "plan/planned_write.h"
#include "plan/pushed.h"
#include "plan/recipe.h"
#include "plan/sizing.h"
#include "plan/verdicts.h"
#include "record/ledger.h"
#include "record/stamp.h"
#include "registry/registry.h"
#include "registry/registry_answers.h"

#define APPLY_FOLDER "out/patched"
#define LEDGER "out/failures.jsonl"

/* What one run of gen holds. */
struct run {
	struct options *options;
	struct layout layout;
	struct lock lock;
	struct loaded loaded;
	struct gitrepo *git;
	struct registry *registry;
	struct apply *apply;
	struct plan plan;
	struct surroundings surroundings;
	struct arena arena;
	struct error err;
};

/* A file of the fleet, or else one that comes with the rules. */
static int
find_shared(const char **out, struct run *r, const char *key, const char *name)
{
	*out = file_exists(name) ? name : arena_printf(&r->arena, "%s/%s", r->layout.rules, name);
	if (file_exists(*out))
		return 0;
	return error_set(&r->err, "%s: /build/%s: \"%s\": neither in the fleet's folder nor in %s",
	                 r->options->fleet_file, key, name, r->layout.rules);
}

static int
digest_file(const char **out, struct run *r, const char *path)
{
	const char *text;
	size_t len;

	if (file_read(&text, &len, path, 0, &r->arena, &r->err) < 0)
		return -1;
	*out = digest_of(text, len, &r->arena);
	return 0;
}

/* Names and contents of all files of a folder, and which may be run. */
static int
digest_folder(const char **out, struct run *r, const char *folder)
{
	const char **names;
	size_t n;
	struct str text = { 0 };
	int ret = file_list(&names, &n, folder, &r->arena, &r->err);

	for (size_t i = 0; ret == 0 && i < n; i++) {
		const char *digest, *path = arena_printf(&r->arena, "%s/%s", folder, names[i]);
		ret = digest_file(&digest, r, path);
		if (ret == 0)
			str_addf(&text, "%s %s%s\n", names[i], digest, access(path, X_OK) == 0 ? " x" : "");
	}
	if (ret == 0 && !n)
		ret = error_set(&r->err, "%s: /build/context_files: \"%s\": a folder without files",
		                r->options->fleet_file, folder);
	*out = digest_of(str_text(&text), text.len, &r->arena);
	str_dispose(&text);
	return ret;
}

static int
look_around(struct run *r)
{
	struct surroundings *s = &r->surroundings;
	const struct fleet *fleet = &r->loaded.fleet;

	s->registry = options_registry(r->options, fleet);
	s->engine = engine_choose(engine_parse(r->options->engine));
	s->git_objects = gitrepo_objects_path(r->git);
	s->gen = r->layout.program;
	if (find_shared(&s->dockerfile, r, "dockerfile", fleet->build.dockerfile) < 0 ||
	    digest_file(&s->dockerfile_digest, r, s->dockerfile) < 0)
		return -1;
	if (!fleet->build.context_files)
		return 0;
	if (find_shared(&s->context_files, r, "context_files", fleet->build.context_files) < 0)
		return -1;
	return digest_folder(&s->context_digest, r, s->context_files);
}

/* Mappings and git: which images there are, and whether they are right. */
static int
read_inputs(struct run *r)
{
	if (layout_find(&r->layout, &r->arena, &r->err) < 0 ||
	    loaded_read(&r->loaded, r->options->fleet_file, &r->arena, &r->err) < 0 ||
	    (!r->options->dry_run && claim_gen(&r->lock, &r->arena, &r->err) < 0) ||
	    commits_open(&r->git, &r->loaded.fleet, r->options->repo, r->options->offline, &r->err) < 0 ||
	    commits_resolve(&r->loaded.entries, &r->loaded.fleet, r->git, r->options->offline,
	                    &r->err) < 0 ||
	    plan_merge(&r->plan, &r->loaded.fleet, &r->loaded.entries, &r->arena, &r->err) < 0 ||
	    commits_check(&r->plan, r->git, !r->options->dry_run, &r->arena, &r->err) < 0 ||
	    commits_warn_unused(&r->plan, &r->err) < 0)
		return -1;
	plan_take_dataset(&r->plan, &r->loaded.dataset, &r->arena);
	return 0;
}

/* What this folder pushed earlier stands on its base, too. */
static int
read_pushed(struct run *r)
{
	for (size_t i = 0; i < r->plan.n_images; i++)
		if (pushed_read(&r->plan.images[i], &r->arena, &r->err) < 0)
			return -1;
	return 0;
}

/* What failed in this folder, and was not cleared since. */
static int
read_failures(struct run *r)
{
	struct ledger ledger;
	const char *text;
	size_t len;

	int there = file_read_if_there(&text, &len, LEDGER, 0, &r->arena, &r->err);
	if (there <= 0)
		return there;
	ledger_read(&ledger, text, len, &r->arena);
	print_skipped(LEDGER, ledger.skipped);
	for (size_t i = 0; i < r->plan.n_images; i++) {
		struct image *image = &r->plan.images[i];
		size_t n;
		image->past.failures = ledger_of(&n, &ledger, image->target);
		image->past.n_failures = (unsigned)n;
	}
	return 0;
}

static void
digest_inputs(struct run *r)
{
	const struct surroundings *s = &r->surroundings;
	const char *shared = recipe_shared_digest(&r->loaded.fleet, s, &r->arena);
	struct str scratch = { 0 };

	for (size_t i = 0; i < r->plan.n_images; i++)
		if (image_can_be_built(&r->plan.images[i]))
			recipe_digest(&r->plan.images[i], shared, s, &scratch, &r->arena);
	str_dispose(&scratch);
}

static int
ask_and_decide(struct run *r)
{
	struct registry_options how = {
		.insecure = r->loaded.fleet.insecure_registry,
		.timeout_s = r->options->registry_timeout_s,
		.progress = true,
	};

	struct registry_answers answers = { .folder = REGISTRY_ANSWERS_FOLDER,
	                                    .keep = !r->options->dry_run };

	if (!r->options->offline) {
		r->registry = registry_new(&how, &r->err);
		if (!r->registry)
			return -1;
		answers.registry = r->registry;
	}
	r->apply = apply_open(r->git, APPLY_FOLDER, r->options->dry_run);
	struct ingredients in = { .plan = &r->plan, .git = r->git, .arena = &r->arena, .err = &r->err,
	                          .apply = r->apply };
	struct native_plan native = {
		.in = &in,
		.compile_all = options_compile_all(r->options),
		.offline = r->options->offline,
		.keep = !r->options->dry_run,
		.timeout_s = r->options->registry_timeout_s,
	};

	if (verdicts_ask(&r->plan, r->surroundings.registry, &answers, &r->arena, &r->err) < 0 ||
	    read_pushed(r) < 0 || ingredients_gather(&in) < 0 || ingredients_patch(&in) < 0 ||
	    apply_keep(r->apply, &r->err) < 0 ||
	    verdicts_ask_digests(&r->plan, r->surroundings.registry, &answers, &r->arena, &r->err) < 0)
		return -1;
	digest_inputs(r);
	if (changes_find(&r->plan, &r->surroundings, &r->arena, &r->err) < 0 || read_failures(r) < 0)
		return -1;
	plan_decide(&r->plan, &r->arena);
	if (native_plan(&native) < 0)
		return -1;
	return sizing_make(&r->plan, r->surroundings.engine, &r->arena, &r->err);
}

/* A dry run starts nothing, not even an upload that is cancelled. */
static int
check_push(struct run *r)
{
	if (r->options->no_push || r->options->dry_run || !r->registry ||
	    !plan_totals(&r->plan).build)
		return 0;
	return verdicts_check_push(&r->plan, r->surroundings.registry, r->registry, &r->arena, &r->err);
}

/* The plan, and how many pulls of bases the registries still allow, if they say. */
static void
add_summary(struct str *out, struct run *r)
{
	plan_summary(out, &r->plan);
	if (r->registry)
		str_adds(out, registry_limits(r->registry, &r->arena));
}

static int
print_plan(struct run *r)
{
	struct sink out = { .take = print_piece };
	int ret = 0;

	if (r->options->json)
		ret = planned_write(&out, false, &r->plan, &r->surroundings, &r->err);
	else
		add_summary(&out.text, r);
	if (ret == 0)
		ret = sink_end(&out, &r->err);
	if (ret == 0)
		ret = print_end(&r->err);
	sink_dispose(&out);
	return ret;
}

/* What a person does now; ninja, which calls us too, needs no advice. */
static void
say_next(const struct run *r)
{
	long n = plan_totals(&r->plan).build;
	bool here = strcmp(r->options->folder, ".") == 0;

	if (r->options->dry_run || r->options->regenerate || r->options->json)
		return;
	program_say("build.ninja is written: %ld image%s to build%s%s%s", n, n == 1 ? "" : "s",
	            n ? "; next: ninja" : "", n && !here ? " -C " : "", n && !here ? r->options->folder : "");
}

static int
plan_fleet(struct run *r)
{
	return read_inputs(r) < 0 || look_around(r) < 0 || ask_and_decide(r) < 0 ? -1 : 0;
}

static int
generate(struct run *r)
{
	if (r->options->regenerate && options_load(r->options, &r->arena, &r->err) < 0)
		return -1;
	if (plan_fleet(r) < 0 || check_push(r) < 0)
		return -1;
	if (!r->options->dry_run &&
	    outputs_write(&r->plan, r->options, &r->layout, &r->surroundings, &r->arena, &r->err) < 0)
		return -1;
	if (print_plan(r) < 0)
		return -1;
	say_next(r);
	return 0;
}

static void
run_dispose(struct run *r)
{
	registry_free(r->registry);
	apply_close(r->apply);
	gitrepo_free(r->git);
	loaded_dispose(&r->loaded);
	lock_release(&r->lock);
	arena_dispose(&r->arena);
}

int
cmd_generate(struct options *options, struct error *err)
{
	struct run r = { .options = options, .lock = { .fd = -1 } };

	int ret = generate(&r);
	if (ret < 0)
		*err = r.err;
	run_dispose(&r);
	return ret;
}

int
generate_plan(struct options *options, generate_visit *visit, void *context, struct error *err)
{
	struct run r = { .options = options, .lock = { .fd = -1 } };

	options->dry_run = true;
	int ret = plan_fleet(&r);
	if (ret < 0)
		*err = r.err;
	else
		ret = visit(context, &r.plan, &r.surroundings, err);
	run_dispose(&r);
	return ret;
}
