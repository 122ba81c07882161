#include "plan/recipe.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/digest.h"
#include "base/str.h"
#include "fleet/entry.h"
#include "fleet/fleet.h"
#include "plan/plan.h"

/* Raise it when the steps make something else from the same recipe. */
#define RECIPE_VERSION 2

void
recipe_add_time(struct str *out, int64_t time_s)
{
	time_t t = (time_t)time_s;
	char text[32];
	struct tm tm;

	if (!gmtime_r(&t, &tm) || !strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm))
		strcpy(text, "1970-01-01T00:00:00Z");
	str_adds(out, text);
}

void
recipe_add_export(struct str *out, const char *name, const char *value)
{
	str_addf(out, "export %s='", name);
	for (const char *p = value; *p; p++) {
		if (*p == '\'')
			str_adds(out, "'\\''");
		else
			str_add(out, *p);
	}
	str_adds(out, "'\n");
}

/* "before value\n" */
static void
add_line(struct str *out, const char *before, const char *value)
{
	str_adds(out, before);
	str_adds(out, value);
	str_add(out, '\n');
}

/* All that the patch step's result hangs on.  Short: 100,000 of these are hashed. */
static void
add_context(struct str *out, const struct image *image, const struct surroundings *s)
{
	str_adds(out, image->git.tree);
	str_add(out, ' ');
	str_add_number(out, image->git.time_s);
	str_add(out, '\n');
	for (size_t i = 0; i < image->parts.n_patches; i++)
		str_addf(out, "patch=%s %s\n", image->parts.patches[i].name,
		         image->parts.patches[i].digest);
	if (s->context_files)
		add_line(out, "context_files=", s->context_digest);
	for (size_t i = 0; i < image->parts.n_env; i++)
		recipe_add_export(out, image->parts.env[i].name, image->parts.env[i].value);
}

/* Build arguments, and what labels say of this image, but the input digest itself. */
static void
add_contents(struct str *out, const struct image *image)
{
	for (size_t i = 0; i < image->parts.n_args; i++) {
		str_adds(out, "arg.");
		str_adds(out, image->parts.args[i].name);
		add_line(out, "=", image->parts.args[i].value);
	}
	add_line(out, "", image->parent.hex);
	add_line(out, "", image->registry.base.repository);
	add_line(out, "", image->registry.base.tag);
	add_line(out, "", image->registry.base.digest);
}

const char *
recipe_shared_digest(const struct fleet *fleet, const struct surroundings *s, struct arena *a)
{
	struct str text = { 0 };

	str_addf(&text, "recipe=%d\n", RECIPE_VERSION);
	add_line(&text, "dockerfile=", s->dockerfile_digest);
	add_line(&text, "source=", fleet->source_url ? fleet->source_url : "");
	add_line(&text, "registry=", fleet->registry);
	add_line(&text, "fleet=", fleet->name);
	const char *digest = digest_of(text.data, text.len, a);
	str_dispose(&text);
	return digest;
}

void
recipe_context(char out[DIGEST_SIZE], const struct image *image, const struct surroundings *s,
               struct str *scratch)
{
	str_clear(scratch);
	add_context(scratch, image, s);
	digest_write(out, scratch->data, scratch->len);
}

void
recipe_digest(struct image *image, const char *shared, const struct surroundings *s,
              struct str *scratch, struct arena *a)
{
	str_clear(scratch);
	add_context(scratch, image, s);
	add_line(scratch, "", shared);
	add_contents(scratch, image);
	image->parts.input = digest_of(scratch->data, scratch->len, a);
}

const char *
recipe_repository(const struct fleet *fleet, const struct surroundings *s, struct arena *a)
{
	return arena_printf(a, "%s/%s", s->registry, fleet->baseline_repository);
}

void
recipe_fleet_settings(struct str *out, const struct fleet *fleet, const struct surroundings *s)
{
	str_addf(out, "deadline_s=%ld\ngrace_s=%ld\n", fleet->build.deadline_s, fleet->build.grace_s);
	str_addf(out, "jobs=%ld\nnvcc_threads=%ld\n", fleet->build.max_jobs, fleet->build.nvcc_threads);
	str_addf(out, "disk_gb=%ld\ngb_per_job=%ld\n", fleet->build.disk_gb, fleet->build.gb_per_job);
	if (fleet->build.ladder)
		str_addf(out, "ladder=%s\n", fleet->build.ladder);
	if (fleet->build.attempts)
		str_addf(out, "attempts=%ld\n", fleet->build.attempts);
	if (fleet->build.remove_local)
		str_adds(out, "keep_local=0\n");
	str_addf(out, "engine=%s\nisolation=%s\nnetwork=%s\n", engine_name(s->engine),
	         fleet->build.isolation, fleet->build.network);
	str_addf(out, "insecure=%d\n", fleet->insecure_registry);
	str_addf(out, "git_objects=%s\ngen=%s\n", s->git_objects, s->gen);
}
